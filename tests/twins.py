"""For every estimator another one that shares no line with it: from `mutua.reference`, or word by word."""

import math

import numpy as np

from mutua import Estimator, estimators, reference

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
    if kind is estimators.Binned:
        return counted(quantity, [bins(array) for array in arrays], "plug_in")
    if kind is estimators.Ordinal:
        clock = np.arange(len(arrays[0])) if clock is None else clock
        in_turn = clock[2:] - clock[:-2] == 2
        return counted(quantity, [patterns(array)[in_turn] for array in arrays], "plug_in")
    return counted(quantity, arrays, *estimator._named())


def strongly_dependent(quantity, arrays):
    """The entropy of several variables is the sum of theirs, less their total correlation."""
    total = 0.0
    for coefficient, mask in quantity.terms:
        joint = np.column_stack([array for i, array in enumerate(arrays) if mask >> i & 1])
        if joint.shape[1] > 1:
            alpha = {2: 0.329, 3: 0.132}[joint.shape[1]]
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
