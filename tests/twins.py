"""For every estimator another one that shares no line with it: from `mutua.reference`, or word by word."""

import math

import numpy as np
from scipy import stats

from mutua import Estimator, _core, estimators, reference
from mutua._observations import Observations
from mutua._student_t import StudentTFit
from mutua._variables import Variable

RULES = {
    estimators.KSG: "kraskov",
    estimators.KozachenkoLeonenko: "ross",
    estimators.Ross: "ross",
    estimators.Mixture: "mixture",
    estimators.AtomSplit: "atom split",
}


class Twin(Estimator):
    """Takes the place of an estimator with default parameters, in any measure."""

    def __init__(self, estimator):
        self.estimator = estimator
        self._makes_symbols = estimator._makes_symbols

    def _estimate(self, quantity, data, pointwise, n_threads):
        arrays = [part.labels() if part.is_discrete else part.samples() for part in data.variables]
        return twin(self.estimator, quantity, arrays, data.clock)


def twin(estimator, quantity, arrays, clock=None):
    """The quantity of floats, which are continuous, and integers."""
    kind = type(estimator)
    if kind in RULES:
        return reference.common_ball(arrays, quantity.terms, k=3, rule=RULES[kind])
    if kind is estimators.LNC:
        return strongly_dependent(quantity, arrays)
    if kind is estimators.Gaussian:
        return gaussian(quantity, arrays, corrected=True)
    if kind is estimators.GaussianCopula:
        return gaussian(quantity, [scores(array) for array in arrays], corrected=True)
    if kind is estimators.StudentTCopula:
        return student_t(quantity, [scores(array) for array in arrays])
    if kind is estimators.KSGExtrapolated:
        return extrapolated(
            quantity, [each_column(array, lambda one: _core.normal_scores(one.copy())) for array in arrays]
        )
    if kind is estimators.Auto:
        return by_the_reference(estimator, quantity, arrays)
    if kind is estimators.Binned:
        return counted(quantity, [bins(array) for array in arrays], "plug_in")
    if kind is estimators.Ordinal:
        clock = np.arange(len(arrays[0])) if clock is None else clock
        in_turn = clock[2:] - clock[:-2] == 2
        return counted(quantity, [patterns(array)[in_turn] for array in arrays], "plug_in")
    return counted(quantity, arrays, *estimator._named())


def student_t(quantity, arrays):
    """At the degrees of freedom that are found, a fit of the covariance of weighted samples."""
    joint = np.hstack(arrays)
    dof, (n, d) = StudentTFit.of(joint).dof, joint.shape
    samples = stats.t.ppf(stats.norm.cdf(joint), dof)
    dispersion = np.eye(d)
    for _ in range(1000):
        squares = np.sum(samples @ np.linalg.inv(dispersion) * samples, axis=1)
        products = (samples / (dof + squares)[:, None]).T @ samples
        dispersion = products / np.sqrt(np.outer(np.diag(products), np.diag(products)))
    total, ends = 0.0, np.cumsum([array.shape[1] for array in arrays])
    columns = np.split(np.arange(d), ends[:-1])
    for coefficient, mask in quantity.terms:
        part = np.concatenate([chosen for i, chosen in enumerate(columns) if mask >> i & 1])
        shape = dispersion[np.ix_(part, part)]
        bias = wishart_bias(n * (dof + d) / (dof + d + 2), len(part)) / 2
        nats = stats.multivariate_t(shape=shape, df=dof).entropy() - len(part) / 2 * math.log(dof * math.pi)
        total += coefficient * (nats - bias)
    return total


def extrapolated(quantity, arrays):
    ks = np.array([1, 2, 3, 4, 5, 7, 10, 15, 20])
    curve = reference.common_ball(arrays, quantity.terms, k=ks, rule="kraskov", norm="euclidean")
    d = sum(array.shape[1] for array in arrays)
    return np.polynomial.Polynomial.fit(ks ** (2 / d), curve, 1, w=np.sqrt(ks))(0)


def by_the_reference(estimator, quantity, arrays):
    """The same steps with the reference for the core, but for normal scores: ties hang on their digits."""
    names = {name for name in vars(reference) if hasattr(_core, name)} - {"normal_scores"}
    kept = {name: getattr(_core, name) for name in names}
    data = Observations(
        tuple(
            Variable(name, array, array.dtype.kind != "f")
            for name, array in zip("xyzuvw", arrays, strict=False)
        )
    )
    try:
        for name in names:
            setattr(_core, name, getattr(reference, name))
        return estimator._estimate(quantity, data, False, 1)
    finally:
        for name, function in kept.items():
            setattr(_core, name, function)


def strongly_dependent(quantity, arrays):
    """The entropy of several variables is the sum of theirs, less their total correlation."""
    total = 0.0
    for coefficient, mask in quantity.terms:
        joint = np.column_stack([array for i, array in enumerate(arrays) if mask >> i & 1])
        if joint.shape[1] > 1:
            alpha = {2: 0.329, 3: 0.132, 4: 0.0294}[joint.shape[1]]
            total -= coefficient * reference.local_non_uniformity(joint, k=5, alpha=alpha)
    return total


def counted(quantity, labels, name, parameter=math.nan):
    return reference.sum_of_entropies(labels, quantity.terms, name, parameter)


def gaussian(quantity, arrays, weights=None, corrected=False):
    """The sum of entropies word by word: one variable after the other, one label after the other."""
    n = len(arrays[0])
    weights = np.ones(n) if weights is None else weights
    total = 0.0
    for coefficient, mask in quantity.terms:
        chosen = [array for i, array in enumerate(arrays) if mask >> i & 1]
        labels = [array for array in chosen if array.dtype.kind != "f"]
        numbers = [array.reshape(n, -1) for array in chosen if array.dtype.kind == "f"]
        joint = np.zeros(n, dtype=int)
        if labels:
            joint = np.unique(np.stack(labels), axis=1, return_inverse=True)[1].ravel()
        for label in set(joint.tolist()):
            here = joint == label
            share = weights[here].sum() / weights.sum()
            total -= coefficient * share * math.log(share)
            if numbers:
                x, w = np.hstack(numbers)[here], weights[here]
                d = x.shape[1]
                covariance = np.atleast_2d(np.cov(x.T, aweights=w, bias=True))
                nats = (d * math.log(2 * math.pi * math.e) + np.linalg.slogdet(covariance)[1]) / 2
                if corrected:
                    size = w.sum() ** 2 / (w**2).sum()
                    nats -= (wishart_bias(size, d) + d * math.log((size - 1) / size)) / 2
                total += coefficient * share * nats
    return total


def wishart_bias(n, d):
    """How far the logarithm of the determinant of a sample covariance is off, on average."""
    return sum(psi((n - 1 - i) / 2) for i in range(d)) + d * math.log(2 / (n - 1))


def psi(x):
    """Digamma by its recurrence and asymptotic series."""
    shift = 0.0
    while x < 30:
        shift, x = shift - 1 / x, x + 1
    return shift + math.log(x) - 1 / (2 * x) - 1 / (12 * x**2) + 1 / (120 * x**4) - 1 / (252 * x**6)


def each_column(array, function):
    """Of continuous variables; labels stay as they are, on as many of the last samples."""
    if array.dtype.kind != "f":
        return array
    return np.stack([function(column) for column in array.reshape(len(array), -1).T], axis=1)


def scores(array):
    return each_column(array, reference.normal_scores)


def bins(array):
    def cut(column):
        return np.digitize(column, np.histogram_bin_edges(column, "fd")[1:-1])

    return as_labels(each_column(array, cut))


def patterns(array):
    def order(column):
        windows = np.stack([column[i : len(column) - 2 + i] for i in range(3)], axis=1)
        return np.argsort(windows, axis=1, kind="stable") @ [9, 3, 1]

    return as_labels(each_column(array, order))[-(len(array) - 2) :]


def as_labels(columns):
    return columns if columns.ndim == 1 else np.unique(columns, axis=0, return_inverse=True)[1].ravel()
