"""Estimators that take samples for normal: closed forms, correction, labels, weights, degenerate samples."""

import math

import numpy as np
import pytest

from mutua import Gaussian, GaussianCopula, _core, entropy, mutual_information
from mutua._observations import Observations
from mutua._quantity import (
    CONDITIONAL_MUTUAL_INFORMATION,
    ENTROPY,
    MUTUAL_INFORMATION,
    VARIATION_OF_INFORMATION,
    dual_total_correlation,
    interaction_information,
    o_information,
    total_correlation,
)
from mutua._variables import Variable
from twins import gaussian, wishart_bias

EXACT = 1e-11  # nats: the same numbers in another order, where nothing is nearly singular
ERRORS = 3  # standard errors that a fixed seed may be off

PLAIN = Gaussian(bias_correction=False)
BOTH = [Gaussian, GaussianCopula]


def with_covariance(rng, n, covariance):
    """Samples of this sample covariance, that of largest likelihood."""
    draws = rng.standard_normal((n, len(covariance)))
    draws -= draws.mean(axis=0)
    white = np.linalg.solve(np.linalg.cholesky(draws.T @ draws / n), draws.T)
    return (np.linalg.cholesky(np.array(covariance, dtype=float)) @ white).T


def estimate(estimator, quantity, *arrays, weights=None, pointwise=False):
    variables = (Variable.read(name, array) for name, array in zip("xyzuvw", arrays, strict=False))
    return estimator._estimate(quantity, Observations(tuple(variables), weights), pointwise, 1)


# ----------------------------------------------------------------------------------------------------------
# Closed forms


def with_independent(rho, dims):
    covariance = np.eye(2 + dims)
    covariance[0, 1] = covariance[1, 0] = rho
    return covariance


GIVEN = {  # a covariance, the truth for the first and the second column given the others
    "three": ([[1, 1, 1], [1, 4, 1], [1, 1, 9]], 0.129756),
    "two given": ([[1, 0, 2, 1], [0, 6, 1, 2], [2, 1, 5, 2], [1, 2, 2, 2]], 0.649641),
    **{f"independent {dims}": (with_independent(0.8, dims), 0.510826) for dims in (1, 2, 5)},
    "precision": (np.linalg.inv([[1, 0, 0.5], [0, 1, 0.5], [0.5, 0.5, 1]]), 0.0),
}


@pytest.mark.parametrize("law", GIVEN)
def test_information_given_others(law):
    covariance, truth = GIVEN[law]
    x = with_covariance(np.random.default_rng(0), 50, covariance)
    exact = mutual_information(x[:, 0], x[:, 1], given=x[:, 2:], estimator=PLAIN)
    assert exact == pytest.approx(truth, abs=5e-7)
    x = np.random.default_rng(1).multivariate_normal(np.zeros(len(covariance)), covariance, 20_000)
    for estimator in BOTH:
        found = mutual_information(x[:, 0], x[:, 1], given=x[:, 2:], estimator=estimator())
        assert found == pytest.approx(truth, abs=ERRORS / math.sqrt(20_000))


@pytest.mark.parametrize("dims", [1, 2, 5])
@pytest.mark.parametrize("rho", [-0.9, 0.0, 0.3])
def test_information(rho, dims):
    covariance = np.kron([[1, rho], [rho, 1]], np.eye(dims))
    x = with_covariance(np.random.default_rng(2), 30, covariance)
    found = mutual_information(x[:, :dims], x[:, dims:], estimator=PLAIN)
    assert found == pytest.approx(-dims / 2 * math.log(1 - rho**2), abs=EXACT)


def test_entropy_is_differential():
    x = with_covariance(np.random.default_rng(3), 40, [[2, 1], [1, 5]])
    truth = (2 * math.log(2 * math.pi * math.e) + math.log(9)) / 2
    assert entropy(x, estimator=PLAIN) == pytest.approx(truth, abs=EXACT)
    assert entropy(x * 2.0**40, estimator=PLAIN) - 80 * math.log(2) == pytest.approx(truth, abs=EXACT)


def variables(rng, kinds, n=80):
    """A matrix for each number of columns, labels for each 0: all of them dependent."""
    common = rng.standard_normal((n, 1))
    return [
        rng.standard_normal((n, kind)) * 10.0**kind + common
        if kind
        else (common[:, 0] + rng.random(n) > 0.5) + 0
        for kind in kinds
    ]


SUMS = [
    (ENTROPY, [(1,), (3,)]),
    (MUTUAL_INFORMATION, [(1, 1), (2, 3), (2, 0), (0, 1)]),
    (ENTROPY.given(1), [(1, 2), (2, 0), (0, 2)]),
    (CONDITIONAL_MUTUAL_INFORMATION, [(1, 2, 2), (1, 1, 0), (0, 1, 2), (1, 0, 0), (0, 0, 1)]),
    (VARIATION_OF_INFORMATION, [(1, 2), (0, 1)]),
    (total_correlation(3), [(1, 2, 1), (1, 0, 1)]),
    (dual_total_correlation(4), [(1, 1, 1, 1), (1, 0, 1, 2)]),
    (o_information(3), [(1, 2, 1), (0, 2, 1)]),
    (interaction_information(3), [(1, 2, 1), (0, 2, 1)]),
]


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("quantity", "kinds"),
    [(quantity, kinds) for quantity, every in SUMS for kinds in every],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_quantity_is_the_sum_of_its_entropies(quantity, kinds, weighted, corrected):
    rng = np.random.default_rng(4)
    arrays = variables(rng, kinds)
    weights = rng.random(80) + 0.1 if weighted else None
    expected = pytest.approx(gaussian(quantity, arrays, weights, corrected), abs=EXACT)
    estimator = Gaussian(bias_correction=corrected)
    assert estimate(estimator, quantity, *arrays, weights=weights) == expected
    values = estimate(estimator, quantity, *arrays, weights=weights, pointwise=True)
    assert np.average(values, weights=weights) == expected
    units = [n for n, kind in zip(quantity.n_dimensions, kinds, strict=True) if kind]
    if not weighted and not any(units):
        scores = [_core.normal_scores(array) if array.dtype.kind == "f" else array for array in arrays]
        found = estimate(GaussianCopula(bias_correction=corrected), quantity, *arrays)
        assert found == pytest.approx(gaussian(quantity, scores, None, corrected), abs=EXACT)


def test_pointwise_values_are_logarithms_of_densities():
    rng = np.random.default_rng(5)
    x = rng.multivariate_normal([1, 2], [[2, 1], [1, 3]], 50)
    covariance, deviation = np.cov(x.T, bias=True), x - x.mean(axis=0)
    squares = np.sum(deviation @ np.linalg.inv(covariance) * deviation, axis=1)
    surprise = math.log(2 * math.pi) + np.log(np.linalg.det(covariance)) / 2 + squares / 2
    np.testing.assert_allclose(entropy(x, estimator=PLAIN, pointwise=True), surprise, rtol=0, atol=EXACT)


# ----------------------------------------------------------------------------------------------------------
# The correction


@pytest.mark.parametrize(("d_x", "d_y", "n"), [(1, 1, 4), (2, 3, 20), (5, 5, 1000)])
def test_correction_is_that_of_a_wishart_determinant(d_x, d_y, n):
    x, y = np.split(np.random.default_rng(6).standard_normal((n, d_x + d_y)), [d_x], axis=1)
    bias = (wishart_bias(n, d_x) + wishart_bias(n, d_y) - wishart_bias(n, d_x + d_y)) / 2
    plain = mutual_information(x, y, estimator=PLAIN)
    assert mutual_information(x, y, estimator=Gaussian()) == pytest.approx(plain - bias, abs=EXACT)


def test_correction_removes_the_bias():
    rng = np.random.default_rng(7)
    samples = rng.standard_normal((400, 12, 4))
    for arrays, truth, bias in [
        (lambda x: (x[:, :2], x[:, 2:]), 0.0, 0.2),
        (lambda x: (x,), 2 * math.log(2 * math.pi * math.e), 0.3),
    ]:
        measure = mutual_information if bias == 0.2 else entropy
        corrected, plain = (
            np.array([measure(*arrays(x), estimator=estimator) for x in samples])
            for estimator in (Gaussian(), PLAIN)
        )
        error = ERRORS * corrected.std() / math.sqrt(len(samples))
        assert corrected.mean() == pytest.approx(truth, abs=error)
        assert abs(plain.mean() - truth) > bias


def test_correction_within_labels():
    """Where classes are small and the same, information with the label is 0 on average."""
    rng = np.random.default_rng(8)
    label = np.repeat([0, 1, 2], 8)
    found = [
        mutual_information(rng.standard_normal((24, 2)), label, estimator=Gaussian()) for _ in range(400)
    ]
    assert np.mean(found) == pytest.approx(0, abs=ERRORS * np.std(found) / 20)


def test_many_columns():
    """Fifty and fifty, all correlated by 1/2: what is known as the dense normal task."""
    rng = np.random.default_rng(10)
    x = math.sqrt(0.5) * (rng.standard_normal((5000, 100)) + rng.standard_normal((5000, 1)))
    truth = 1.62427
    for estimator in BOTH:
        found, plain = (
            mutual_information(x[:, :50], x[:, 50:], estimator=estimator(bias_correction=corrected))
            for corrected in (True, False)
        )
        assert found == pytest.approx(truth, abs=0.03)
        assert plain == pytest.approx(1.864, abs=0.05)


# ----------------------------------------------------------------------------------------------------------
# The copula


def test_copula_does_not_see_the_margins():
    rng = np.random.default_rng(10)
    x, noise = rng.standard_normal((2, 3000, 2))
    y = x + noise
    found = mutual_information(x, y, estimator=GaussianCopula())
    assert found == pytest.approx(math.log(2), abs=ERRORS / math.sqrt(3000))
    assert mutual_information(np.exp(9 * x), -np.cbrt(y), estimator=GaussianCopula()) == found
    assert abs(mutual_information(np.exp(9 * x), y, estimator=Gaussian()) - math.log(2)) > 0.3


def test_copula_of_ties():
    x = np.array([3.0, 1.0, 2.0, 2.0])
    np.testing.assert_allclose(
        _core.normal_scores(x), [0.8416212335729143, -0.8416212335729143, 0, 0], rtol=1e-15
    )


@pytest.mark.parametrize("n", [2, 3, 10, 999, 100_000])
def test_normal_scores(n):
    """To a few units in the last place, near the median too; and odd."""
    ranks = np.random.default_rng(n).permutation(n)
    scores = _core.normal_scores(ranks.astype(float))[np.argsort(ranks)]
    np.testing.assert_array_equal(scores, -scores[::-1])
    some = np.unique(np.geomspace(1, n, 500).astype(int))
    for rank, z in zip(some.tolist(), scores[some - 1].tolist(), strict=True):
        if abs(z) < 1:
            assert math.erf(z / math.sqrt(2)) == pytest.approx((2 * rank - n - 1) / (n + 1), rel=2e-15, abs=0)
        else:
            tail = min(rank, n + 1 - rank) / (n + 1)
            assert math.erfc(abs(z) / math.sqrt(2)) / 2 == pytest.approx(tail, rel=2e-15 * (1 + z * z))


def test_threads_do_not_matter():
    x = np.random.default_rng(11).standard_cauchy((5000, 4))
    for estimator in BOTH:
        one, four = (mutual_information(x[:, :2], x[:, 2:], estimator=estimator(), n_jobs=n) for n in (1, 4))
        assert one == four


# ----------------------------------------------------------------------------------------------------------
# Weights


@pytest.mark.parametrize("kinds", [(1, 1), (2, 0), (1, 2)])
def test_weights_are_repetitions(kinds):
    rng = np.random.default_rng(12)
    x, y = variables(rng, kinds)
    weights = rng.integers(0, 4, len(x))
    repeated = estimate(PLAIN, MUTUAL_INFORMATION, x.repeat(weights, axis=0), y.repeat(weights, axis=0))
    weighted = estimate(PLAIN, MUTUAL_INFORMATION, x, y, weights=weights * 0.25)
    assert weighted == pytest.approx(repeated, abs=EXACT)
    values = estimate(PLAIN, MUTUAL_INFORMATION, x, y, weights=weights * 0.25, pointwise=True)
    np.testing.assert_array_equal(np.isnan(values), weights == 0)
    assert np.nansum(values * weights) / weights.sum() == pytest.approx(repeated, abs=EXACT)


def test_equal_weights_are_none():
    x, y = variables(np.random.default_rng(13), (2, 3))
    expected = estimate(Gaussian(), MUTUAL_INFORMATION, x, y)
    weighted = estimate(Gaussian(), MUTUAL_INFORMATION, x, y, weights=np.full(len(x), 0.3))
    assert weighted == pytest.approx(expected, abs=EXACT)


# ----------------------------------------------------------------------------------------------------------
# Degenerate samples

X, Y, Z = np.random.default_rng(14).standard_normal((3, 60))


@pytest.mark.parametrize("estimator", [*(each() for each in BOTH), PLAIN], ids=repr)
@pytest.mark.parametrize("y", [3 * X + 1, -X / 3, X - 1e6], ids=["3 x + 1", "-x / 3", "x - 1e6"])
def test_what_another_variable_determines(y, estimator):
    assert mutual_information(X, y, estimator=estimator) == math.inf
    assert mutual_information(np.column_stack([X, Z]), y, estimator=estimator) == math.inf
    assert mutual_information(X, y, given=Z, estimator=estimator) == math.inf
    assert np.all(mutual_information(X, y, estimator=estimator, pointwise=True) == math.inf)
    assert mutual_information(X, Y, given=y, estimator=estimator) < 1
    assert mutual_information(X, Y, given=np.column_stack([X, y]), estimator=estimator) == pytest.approx(0)


def test_columns_that_others_of_their_variable_determine():
    twice = np.column_stack([X, 2 * X + 1, Z, X - Z])
    expected = mutual_information(np.column_stack([X, Z]), Y + X, estimator=Gaussian())
    assert mutual_information(twice, Y + X, estimator=Gaussian()) == pytest.approx(expected, abs=EXACT)
    values = mutual_information(twice, Y + X, estimator=Gaussian(), pointwise=True)
    assert np.mean(values) == pytest.approx(expected, abs=EXACT)
    assert entropy(twice, estimator=Gaussian()) == -math.inf


def test_a_label_that_determines():
    """One value within a label: a density without bound."""
    label = X > 0
    assert mutual_information(np.where(label, X, -1.0), label, estimator=Gaussian()) == math.inf


@pytest.mark.parametrize("scale", [2.0**-1060, 1e-300, 1e-9, 7.0, 2.0**900, 1e300])
def test_units_do_not_matter(scale):
    y = X + Y
    for estimator in BOTH:
        expected = mutual_information(X, y, estimator=estimator())
        found = mutual_information(X * scale, y, estimator=estimator())
        if scale > 1e-307:  # below, digits are lost
            assert found == pytest.approx(expected, abs=1e-12)
        if math.frexp(scale)[0] == 0.5 and scale > 1e-307:
            assert found == expected
        assert found == pytest.approx(expected, abs=1e-3)


def test_origins_do_not_matter():
    expected = mutual_information(X, X + Y, estimator=Gaussian())
    assert mutual_information(X + 1e8, X + Y, estimator=Gaussian()) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("noise", [1e-2, 1e-5, 1e-7, 1e-10])
def test_strong_dependence(noise):
    """Squares alone would lose it below 1e-8."""
    x, y = with_covariance(np.random.default_rng(15), 500, np.eye(2)).T
    truth = math.log((1 + noise**2) / noise**2) / 2
    found = mutual_information(x, x + noise * y, estimator=PLAIN)
    assert found == pytest.approx(truth, abs=1e-15 / noise + 1e-11)


REFUSED = [
    (lambda: mutual_information(X, np.full(60, 0.1), estimator=Gaussian()), "y must vary, got one value"),
    (
        lambda: mutual_information(np.column_stack([X, np.ones(60)]), Y, estimator=GaussianCopula()),
        "x must vary, got one value in column 1",
    ),
    (
        lambda: mutual_information(X[:3], np.column_stack([Y, Z])[:3], estimator=Gaussian()),
        "x and y must have more samples than columns, got 3 for 3",
    ),
    (
        lambda: mutual_information(X[:9], np.arange(9) // 2, estimator=PLAIN),
        "x must have more samples than columns for each label of y, got 1 for 1",
    ),
    (
        lambda: estimate(Gaussian(), MUTUAL_INFORMATION, X[:4], Y[:4], weights=np.array([97.0, 1, 1, 1])),
        "x and y must have more samples than columns, got 1.06247 for 2",
    ),
    (
        lambda: mutual_information(np.append(X[:9], np.nan), Y[:10], estimator=Gaussian()),
        "x must be finite, got NaN in row 9",
    ),
    (
        lambda: mutual_information([[1.0, np.inf], [2, 3]], Y[:2], estimator=GaussianCopula()),
        "x must be finite, got inf in row 0, column 1",
    ),
    (
        lambda: mutual_information(X > 0, Y > 0, estimator=Gaussian()),
        "Gaussian needs a continuous variable, got discrete ones alone",
    ),
    (
        lambda: entropy(X, estimator=GaussianCopula()),
        "GaussianCopula does not estimate entropy; Gaussian does",
    ),
    (
        lambda: estimate(GaussianCopula(), MUTUAL_INFORMATION, X, Y, weights=np.ones(60)),
        "GaussianCopula takes no weights, Gaussian does",
    ),
]


@pytest.mark.parametrize(
    ("call", "message"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        call()
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize("estimator", BOTH)
def test_parameters(estimator):
    with pytest.raises(TypeError, match="bias_correction must be True or False, got 1"):
        estimator(bias_correction=1)
