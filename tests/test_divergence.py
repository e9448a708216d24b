"""Divergences of samples and of known distributions: closed forms, formulas, identities, what is refused."""

import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mutua import (
    KSG,
    ContingencyTable,
    Gaussian,
    KozachenkoLeonenko,
    Mixture,
    PlugIn,
    Ross,
    entropy,
    jensen_shannon_divergence,
    kl_divergence,
    mutual_information,
)
from mutua.reference import kullback_leibler

SAME = 1e-12  # nats: the same numbers, added in another order
SPREAD = 2.5  # nats: standard error times sqrt(n), at most, for the laws below
ERRORS = 3  # standard errors that a fixed seed may be off
N, M = 4000, 6000
LN2 = math.log(2)


def within(truth, bias=0.0):
    return pytest.approx(truth, rel=0, abs=ERRORS * SPREAD / math.sqrt(N) + bias)


def rng_of(*seed):
    return np.random.default_rng(seed)


# ----------------------------------------------------------------------------------------------------------
# Continuous samples


def gaussians(mean, deviation):
    def draw(rng):
        return rng.normal(size=N), rng.normal(mean, deviation, M)

    return draw, math.log(deviation) + (1 + mean**2) / (2 * deviation**2) - 0.5


def vectors(mean, covariance):
    """Standard Gaussian vectors, and others."""
    d = len(mean)

    def draw(rng):
        return rng.normal(size=(N, d)), rng.multivariate_normal(mean, covariance, M)

    inverse = np.linalg.inv(covariance)
    truth = np.trace(inverse) + mean @ inverse @ mean - d + np.linalg.slogdet(covariance)[1]
    return draw, truth / 2


def exponentials(scale):
    def draw(rng):
        return rng.exponential(size=N), rng.exponential(scale, M)

    return draw, math.log(scale) + 1 / scale - 1


def uniforms(width, d):
    """The unit cube inside a wider one."""

    def draw(rng):
        return rng.random((N, d)), rng.uniform(-width / 2, width / 2, (M, d)) + 0.5

    return draw, d * math.log(width)


def laplaces(shift):
    def draw(rng):
        return rng.laplace(size=N), rng.laplace(shift, 1, M)

    return draw, shift + math.exp(-shift) - 1


PLANE, SPACE = (
    np.array([[1.5, 0.6], [0.6, 1.0]]),
    np.array([[1.0, 0.4, 0.0], [0.4, 1.0, 0.4], [0.0, 0.4, 1.0]]),
)
LAWS = {
    "the same": gaussians(0, 1),
    "shifted": gaussians(1, 1),
    "wider": gaussians(0, 2),
    "narrower": gaussians(0.3, 0.8),
    "in the plane": vectors(np.array([0.5, -0.5]), PLANE),
    "in space": vectors(np.array([0.0, 0.3, 0.3]), SPACE),
    "exponential": exponentials(3),
    "exponential, narrower": exponentials(0.7),
    "uniform": uniforms(4, 1),
    "uniform in the plane": uniforms(2, 2),
    "Laplace": laplaces(1),
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("estimator", [None, KozachenkoLeonenko(k=10), KozachenkoLeonenko(norm="euclidean")])
def test_closed_forms(law, estimator):
    draw, truth = LAWS[law]
    x, y = draw(rng_of(1, len(law)))
    bias = 0.03 if x.ndim == 1 else 0.08
    assert kl_divergence(x, y, estimator=estimator) == within(truth, bias=bias)


def test_it_is_not_symmetric():
    rng = rng_of(2)
    x, y = rng.normal(size=N), rng.normal(0, 1.5, M)
    assert kl_divergence(x, y) == within(math.log(1.5) + 1 / 4.5 - 0.5)
    assert kl_divergence(y, x) == within(1.5**2 / 2 - 0.5 - math.log(1.5), bias=0.05)


def test_what_the_unit_is_changes_nothing():
    rng = rng_of(3)
    x, y = rng.normal(size=(300, 2)), rng.normal(size=(200, 2)) + 0.5
    assert kl_divergence(x * 8 + 3, y * 8 + 3) == pytest.approx(kl_divergence(x, y), abs=1e-9)


def test_it_is_cross_entropy_less_entropy():
    """Of Kozachenko and Leonenko, whose ``psi(n) - psi(k)`` is ``ln(n - 1) - psi(k)`` here."""
    rng = rng_of(4)
    x, y = rng.normal(size=500), rng.normal(1, 2, 400)
    nearest = np.sort(np.abs(x[:, None] - y), axis=1)[:, 2]
    cross = math.log(2 * len(y)) + np.mean(np.log(nearest)) - (3 / 2 - np.euler_gamma)
    harmonic = np.sum(1 / np.arange(1, len(x))) - np.euler_gamma
    own = entropy(x) - harmonic + math.log(len(x) - 1)
    assert kl_divergence(x, y) == pytest.approx(cross - own, abs=SAME)


@pytest.mark.parametrize("shape", [(), (1,), (3,)])
@pytest.mark.parametrize("norm", ["max", "euclidean"])
def test_it_is_the_formula(shape, norm):
    rng = rng_of(5)
    x, y = rng.normal(size=(90, *shape)), rng.normal(size=(120, *shape)) * 1.5
    found = kl_divergence(x, y, estimator=KozachenkoLeonenko(k=[1, 4, 9], norm=norm))
    np.testing.assert_allclose(found, kullback_leibler(x, y, k=[1, 4, 9], norm=norm), rtol=0, atol=SAME)


def test_order_and_threads_change_nothing():
    rng = rng_of(6)
    for d in (1, 3):
        x, y = rng.normal(size=(5000, d)), rng.normal(size=(4000, d))
        estimate, each = kl_divergence(x, y), kl_divergence(x, y, pointwise=True)
        order, other = rng.permutation(5000), rng.permutation(4000)
        for n_jobs in (1, 2, -1):
            assert kl_divergence(x[order], y[other], n_jobs=n_jobs) == estimate
        np.testing.assert_array_equal(kl_divergence(x[order], y[other], pointwise=True), each[order])


# ----------------------------------------------------------------------------------------------------------
# Repeated values


def test_an_atom_that_the_other_law_has_not():
    x, y = np.append(np.full(4, 0.5), rng_of(7).random(50)), rng_of(8).random(60)
    assert kl_divergence(x, y) == math.inf
    assert math.isfinite(kl_divergence(y, x))
    assert math.isfinite(kl_divergence(x, y, estimator=KozachenkoLeonenko(k=4)))
    each = kl_divergence(x, y, pointwise=True)
    assert np.array_equal(np.isinf(each), np.arange(54) < 4)


def test_an_atom_of_both_laws():
    rng = rng_of(9)
    x, y = np.round(rng.normal(size=(2, 200)), 1)
    for options in ({}, {"pointwise": True}, {"estimator": KozachenkoLeonenko(k=[1, 40])}):
        with pytest.raises(ValueError, match="samples must come from densities"):
            kl_divergence(x, y, **options)
    codes = [np.round(10 * side).astype(int) for side in (x, y)]
    assert kl_divergence(codes[0] // 9, codes[1] // 9) > 0


# ----------------------------------------------------------------------------------------------------------
# Labels


def frequencies(*samples):
    labels = np.unique(np.concatenate(samples))
    return [[np.mean(sample == label) for label in labels] for sample in samples]


@pytest.mark.parametrize("kind", [int, np.uint8, bool, str, object])
def test_labels(kind):
    x, y = (np.array(labels, dtype=int).astype(kind) for labels in ([1, 1, 0, 1], [0, 1, 0, 0, 1, 0, 0, 0]))
    p, q = 3 / 4, 1 / 4
    assert kl_divergence(x, y) == pytest.approx(p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q)))
    assert kl_divergence(x, y, base=2) == kl_divergence(x, y) / LN2
    assert kl_divergence(x, x[::-1]) == 0
    expected = mutual_information(np.concatenate([x, y]), [0] * 4 + [1] * 8)
    assert jensen_shannon_divergence(x, y) == expected
    np.testing.assert_allclose(kl_divergence(x, y, pointwise=True), np.log([3, 3, 1 / 3, 3]))


def test_a_label_that_the_other_sample_has_not():
    assert kl_divergence([1, 2, 3], [1, 2, 2]) == math.inf
    assert kl_divergence([1, 2, 2], [1, 2, 3]) == pytest.approx(2 / 3 * LN2)
    np.testing.assert_array_equal(kl_divergence([1, 2], [1, 1], pointwise=True), [math.log(0.5), math.inf])
    assert jensen_shannon_divergence([1, 2], [3, 4], base=2) == 1
    assert jensen_shannon_divergence([1], [2, 2, 2], base=2) == entropy([1, 2, 2, 2], base=2)


def test_samples_of_labels_are_their_frequencies():
    rng = rng_of(10)
    x, y = rng.integers(0, 9, 3000), rng.binomial(8, 0.5, 2000)
    p, q = frequencies(x, y)
    assert kl_divergence(y, x) == pytest.approx(kl_divergence(q, p, probabilities=True), rel=1e-14)
    found = jensen_shannon_divergence(p, q, probabilities=True, weights=[0.6, 0.4])
    assert jensen_shannon_divergence(x, y) == pytest.approx(found, rel=1e-13)
    p, q = np.full(9, 1 / 9), np.array([math.comb(8, k) / 256 for k in range(9)])
    assert kl_divergence(y, x) == pytest.approx(np.sum(q * np.log(q / p)), abs=0.05)


def test_several_columns_are_one_label():
    rng = rng_of(11)
    x, y = rng.integers(0, 3, (400, 2)), rng.integers(0, 3, (300, 2))
    joint = [10 * side[:, 0] + side[:, 1] for side in (x, y)]
    assert kl_divergence(x, y) == kl_divergence(*joint)
    assert jensen_shannon_divergence(x, y) == jensen_shannon_divergence(*joint)
    assert kl_divergence(x[:, :1], y[:, 0]) == kl_divergence(x[:, 0], y[:, 0])


@pytest.mark.parametrize(
    "container",
    [
        lambda labels: pd.Series(labels, dtype="category"),
        lambda labels: pd.Categorical(labels, categories=sorted(set(labels), reverse=True)),
        lambda labels: pd.Series(labels, dtype="string"),
        lambda labels: pl.Series(labels),
        lambda labels: pl.Series(labels, dtype=pl.Categorical),
        lambda labels: pa.array(labels),
        tuple,
    ],
)
def test_categories_are_what_they_stand_for(container):
    x, y = ["b", "b", "c", "a"], ["c", "b", "a", "c", "a"]
    assert kl_divergence(container(x), container(y)) == kl_divergence(x, y)
    assert jensen_shannon_divergence(container(x), container(y)) == jensen_shannon_divergence(x, y)


def test_types_that_meet():
    assert kl_divergence(np.array([1, 2], np.int8), np.array([2**63, 1, 2], np.uint64)) == pytest.approx(
        math.log(1.5)
    )
    assert kl_divergence([True, False], [1, 0, 0, 1]) == 0
    assert kl_divergence(["a"], np.array(["a", "b"], dtype=object)) == pytest.approx(LN2)


# ----------------------------------------------------------------------------------------------------------
# Known distributions


def random_distributions(rng, shape):
    p, q = rng.dirichlet(np.full(math.prod(shape), 0.7), 2).reshape(2, *shape)
    return p, q


@pytest.mark.parametrize("shape", [(1,), (2,), (50,), (4, 5), (2, 3, 4)])
def test_known_distributions(shape):
    for seed in range(20):
        p, q = random_distributions(rng_of(12, seed), shape)
        expected = math.fsum((p * np.log(p / q)).ravel())
        assert kl_divergence(p, q, probabilities=True) == pytest.approx(expected, rel=1e-12, abs=1e-15)
        assert (
            kl_divergence(p, q, probabilities=True, base=2) == kl_divergence(p, q, probabilities=True) / LN2
        )
        for w in (0.5, 0.25, 0.9):
            m = w * p + (1 - w) * q
            both = w * kl_divergence(p, m, probabilities=True)
            both += (1 - w) * kl_divergence(q, m, probabilities=True)
            found = jensen_shannon_divergence(p, q, probabilities=True, weights=(w, 1 - w))
            assert found == pytest.approx(both, rel=1e-11, abs=1e-15)
        assert kl_divergence(p, p, probabilities=True) == 0
        assert jensen_shannon_divergence(p, p, probabilities=True) == 0


def test_the_order_of_outcomes_changes_nothing():
    rng = rng_of(13)
    p, q = random_distributions(rng, (300,))
    order = rng.permutation(300)
    for divergence in (kl_divergence, jensen_shannon_divergence):
        found = divergence(p[order], q[order], probabilities=True)
        assert found == divergence(p, q, probabilities=True)
        assert found == divergence(np.append(p, [0, 0]), np.append(q, [0, 0]), probabilities=True)


@pytest.mark.parametrize("epsilon", [1e-2, 1e-5, 1e-8, 1e-12])
def test_distributions_that_are_nearly_the_same_keep_their_digits(epsilon):
    """``(1 + e) / 2`` and ``(1 - e) / 2`` against 1/2: ``e^2 / 2 + e^4 / 12 + ...``."""
    e = (0.5 + epsilon / 2) * 2 - 1
    truth = e**2 / 2 + e**4 / 12 + e**6 / 30 + e**8 / 56
    p, q = [0.5 + e / 2, 0.5 - e / 2], [0.5, 0.5]
    assert kl_divergence(p, q, probabilities=True) == pytest.approx(truth, rel=1e-13, abs=0)
    truth = sum((e**j / 2 - (e / 2) ** j) / (j * (j - 1)) for j in (2, 4, 6, 8))
    assert jensen_shannon_divergence(p, q, probabilities=True) == pytest.approx(truth, rel=1e-13, abs=0)


def test_bounds():
    assert kl_divergence([1, 0], [0, 1], probabilities=True) == math.inf
    assert kl_divergence([0.5, 0.5, 0], [0.5, 0.25, 0.25], probabilities=True) == pytest.approx(LN2 / 2)
    assert kl_divergence([1, 0], [5e-324, 1], probabilities=True) == pytest.approx(1074 * LN2)
    for weights in ((0.5, 0.5), (0.1, 0.9), (0, 1)):
        found = jensen_shannon_divergence([1, 0], [0, 1], probabilities=True, weights=weights)
        assert found == ContingencyTable.from_probabilities([weights]).entropy()
    for seed in range(200):
        p, q = random_distributions(rng_of(14, seed), (6,))
        q = np.where(rng_of(seed).random(6) < 0.3, 0, q)
        if q.sum() > 0:
            q /= q.sum()
            assert 0 <= jensen_shannon_divergence(p, q, probabilities=True, base=2) <= 1
            assert kl_divergence(p, q, probabilities=True) >= 0


def test_the_root_is_a_metric():
    rng = rng_of(15)
    for _ in range(100):
        p, q = random_distributions(rng, (5,))
        r, _ = random_distributions(rng, (5,))
        sides = [
            jensen_shannon_divergence(*pair, probabilities=True) ** 0.5 for pair in ((p, q), (q, r), (p, r))
        ]
        assert sides[0] + sides[1] >= sides[2]


def test_a_channel():
    """``I(X; Y) = KL(P_xy || P_x P_y)``."""
    joint = np.array([[0.3, 0.1, 0.05], [0.05, 0.2, 0.3]])
    independent = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    information = ContingencyTable.from_probabilities(joint).mutual_information()
    assert kl_divergence(joint, independent, probabilities=True) == pytest.approx(information, rel=1e-13)


# ----------------------------------------------------------------------------------------------------------
# Jensen-Shannon divergence of continuous samples


def test_jensen_shannon_divergence_of_gaussians():
    rng = rng_of(16)
    grid = np.linspace(-12, 14, 100_001)
    p = np.exp(-(grid**2) / 2) / math.sqrt(2 * math.pi)
    for mean, deviation in [(0, 1), (1, 1), (0, 2), (9, 1)]:
        q = np.exp(-(((grid - mean) / deviation) ** 2) / 2) / deviation / math.sqrt(2 * math.pi)
        for n, m in [(4000, 4000), (2000, 6000)]:
            w = n / (n + m)
            mixture = w * p + (1 - w) * q
            with np.errstate(divide="ignore", invalid="ignore"):
                terms = w * p * np.log(p / mixture), (1 - w) * q * np.log(q / mixture)
            truth = sum(np.nansum(term) for term in terms) * (grid[1] - grid[0])
            x, y = rng.normal(size=n), rng.normal(mean, deviation, m)
            for estimator in (None, Ross(k=8), Mixture()):
                assert jensen_shannon_divergence(x, y, estimator=estimator) == pytest.approx(truth, abs=0.03)


def test_it_is_information_about_the_origin():
    rng = rng_of(17)
    x, y = rng.normal(size=(300, 2)), rng.normal(size=(200, 2)) + 1
    both, origin = np.concatenate([x, y]), np.repeat([0, 1], [300, 200])
    for estimator in (Ross(), Ross(k=[2, 5], norm="euclidean"), Mixture(k=4)):
        for options in ({}, {"base": 2}, {"pointwise": True}, {"n_jobs": 2}):
            found = jensen_shannon_divergence(x, y, estimator=estimator, **options)
            np.testing.assert_array_equal(
                found, mutual_information(both, origin, estimator=estimator, **options)
            )
    assert jensen_shannon_divergence(x, y) == mutual_information(both, origin)
    symmetric = jensen_shannon_divergence(y, x)
    assert jensen_shannon_divergence(x, y) == pytest.approx(symmetric, abs=SAME)


# ----------------------------------------------------------------------------------------------------------
# Options, and what is refused

X, Y, CODES = rng_of(18).normal(size=30), rng_of(19).normal(size=20), rng_of(20).integers(0, 3, 25)


def test_contributions_have_the_estimate_as_mean():
    for x, y in [(X, Y), (CODES, np.arange(9) % 3), (X[:, None] ** [1, 2], Y[:, None] ** [1, 2])]:
        for divergence in (kl_divergence, jensen_shannon_divergence):
            each = divergence(x, y, pointwise=True)
            assert each.shape == (len(x) + (len(y) if divergence is jensen_shannon_divergence else 0),)
            assert np.mean(each) == pytest.approx(divergence(x, y), abs=SAME)
            np.testing.assert_array_equal(divergence(x, y, pointwise=True, base=2), each / LN2)
    several = kl_divergence(X, Y, estimator=KozachenkoLeonenko(k=[1, 5]), pointwise=True)
    assert several.shape == (2, 30)


def test_floats_of_less_precision():
    x, y = X.astype(np.float32), Y.astype(np.float16)
    assert kl_divergence(x, y) == kl_divergence(x.astype(float), y.astype(float))
    assert kl_divergence(list(X), tuple(Y)) == kl_divergence(X, Y)


REFUSED = [
    (X, CODES, {}, ValueError, "both be continuous or both discrete, got float64 and int64"),
    (X, np.stack([Y, Y], axis=1), {}, ValueError, "same number of columns, got 1 and 2"),
    (X, [], {}, ValueError, "y must have at least one sample"),
    (np.zeros((0, 2)), Y, {}, ValueError, "x must have at least one sample"),
    (X, np.append(Y, np.nan), {}, ValueError, "must be finite"),
    (["a"], [1], {}, TypeError, "x and y must be labels that can be ordered, got <U1 and int64"),
    (["a"], [b"a"], {}, TypeError, "can be ordered"),
    (CODES, [None], {}, TypeError, "NoneType"),
    (X, Y, {"base": 1}, ValueError, "base"),
    (X, Y, {"estimator": "KSG"}, TypeError, "estimator must be an estimator"),
    (X, Y, {"estimator": PlugIn()}, ValueError, "PlugIn"),
    (X, Y, {"estimator": PlugIn(), "probabilities": True}, ValueError, "no estimator"),
    (X, Y, {"pointwise": True, "probabilities": True}, ValueError, "pointwise"),
    ([0.5, 0.5], [0.5, 0.25, 0.25], {"probabilities": True}, ValueError, "same shape, got"),
    ([0.5, 0.6], [0.5, 0.5], {"probabilities": True}, ValueError, "x must add up to 1 within 1e-09, got 1.1"),
    ([0.5, 0.5], [1.5, -0.5], {"probabilities": True}, ValueError, "y must be at least 0"),
    ([0.5, 0.5], [0.5, np.nan], {"probabilities": True}, ValueError, "y must be at least 0"),
    ([], [], {"probabilities": True}, ValueError, "add up to 1"),
    (["a"], ["b"], {"probabilities": True}, TypeError, "x must hold numbers"),
]


@pytest.mark.parametrize(("x", "y", "options", "error", "text"), REFUSED)
@pytest.mark.parametrize("divergence", [kl_divergence, jensen_shannon_divergence])
def test_refused(divergence, x, y, options, error, text):
    with pytest.raises(error, match=text):
        divergence(x, y, **options)


def test_normal_laws_without_bias():
    """Of 12 and 15 samples of three columns, and as the formula has it without correction."""
    rng, errors = rng_of(40), []
    p, q = rng.normal(size=(2, 3, 3)) + 2 * np.eye(3)
    mean = np.array([0.5, -0.2, 0.1])

    def formula(mean, s, t):
        log_ratio = np.linalg.slogdet(t)[1] - np.linalg.slogdet(s)[1]
        return (np.trace(np.linalg.solve(t, s)) + mean @ np.linalg.solve(t, mean) - 3 + log_ratio) / 2

    for _ in range(1000):
        x, y = rng.normal(size=(12, 3)) @ p + mean, rng.normal(size=(15, 3)) @ q
        errors.append(kl_divergence(x, y, estimator=Gaussian()) - formula(mean, p.T @ p, q.T @ q))
    assert abs(np.mean(errors)) < 3 * np.std(errors) / math.sqrt(1000)
    for corrected in (True, False):
        estimator = Gaussian(bias_correction=corrected)
        found = kl_divergence(x, y, estimator=estimator)
        values = kl_divergence(x, y, estimator=estimator, pointwise=True)
        assert values.shape == (12,)
        assert np.mean(values) == pytest.approx(found, abs=SAME)
        moved = kl_divergence(3 * (x @ p) + 1e3, 3 * (y @ p) + 1e3, estimator=estimator)
        assert moved == pytest.approx(found, abs=1e-9)
        assert kl_divergence(x * 2.0**900, y * 2.0**900, estimator=estimator) == found
    plain = formula(x.mean(0) - y.mean(0), np.cov(x.T, bias=True), np.cov(y.T, bias=True))
    assert found == pytest.approx(plain, abs=SAME)


def test_refused_for_normal_laws():
    x, y = rng_of(41).normal(size=(2, 9, 3))
    for ours, theirs, text in (
        (x[:3], y, "x must have more than 3 samples of 3 columns, got 3"),
        (x, y[:5], "y must have more than 5 samples of 3 columns, got 5"),
        (x[:, [0, 0]], y[:, [0, 1]], "x must have no column that is constant or that others determine"),
        (x[:, [0, 1]], y[:, [0, 0]], "y must have no column that is constant or that others determine"),
        (x * 0, y * 0, "x and y must vary"),
    ):
        with pytest.raises(ValueError, match=text):
            kl_divergence(ours, theirs, estimator=Gaussian())
    with pytest.raises(ValueError, match="Gaussian needs continuous variables"):
        kl_divergence(CODES, CODES, estimator=Gaussian())


def test_refused_by_one_of_them():
    for estimator in (KSG(), Ross(), Mixture()):
        with pytest.raises(ValueError, match=f"{type(estimator).__name__} does not estimate KL divergence"):
            kl_divergence(X, Y, estimator=estimator)
    with pytest.raises(ValueError, match="needs continuous variables"):
        kl_divergence(CODES, CODES, estimator=KozachenkoLeonenko())
    with pytest.raises(ValueError, match="k must be at least 1 and below the number of samples, got 30"):
        kl_divergence(X, Y, estimator=KozachenkoLeonenko(k=30))
    with pytest.raises(ValueError, match="k must be at most the number of samples of y, got 21 with 20"):
        kl_divergence(X, Y, estimator=KozachenkoLeonenko(k=21))
    with pytest.raises(ValueError, match="must span less than"):
        kl_divergence(X - 1e308, Y + 1e308)
    with pytest.raises(ValueError, match="weights are for probabilities"):
        jensen_shannon_divergence(X, Y, weights=(0.5, 0.5))
    for weights in ([1], [0.5, 0.6], [1.5, -0.5], [np.nan, 1], [[0.5], [0.5]]):
        with pytest.raises(ValueError, match="weights"):
            jensen_shannon_divergence([1], [1], probabilities=True, weights=weights)
