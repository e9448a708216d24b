"""Estimators of continuous variables by copulas and curves, and the one that chooses."""

import dataclasses
import math

import numpy as np
import pytest
from scipy import special, stats

from mutua import (
    KSG,
    Auto,
    ChaoWangJost,
    GaussianCopula,
    KSGExtrapolated,
    PlugIn,
    Ross,
    StudentTCopula,
    _core,
    mutual_information,
    normal_scores,
    total_correlation,
)
from mutua._auto.copula import Copula, edge
from mutua._gamma import digamma
from mutua._quantity import MUTUAL_INFORMATION
from mutua._student_t import StudentTFit, normal_distribution, quantiles
from mutua.distributions import Normal, Pareto, Rotation, Spiral, StudentT, Transformed, benchmark
from mutua.features import canonical_variates, independent_components, log_radius

N = 1000


# ----------------------------------------------------------------------------------------------------------
# Student's t


@pytest.mark.parametrize("dof", [0.5, 1, 2.5, 8, 60, 200])
def test_quantiles(dof):
    p = np.concatenate([np.arange(1, 1000) / 1000, [1e-6, 1e-4, 0.5]])
    np.testing.assert_allclose(quantiles(p, dof), stats.t.ppf(p, dof), rtol=1e-9, atol=1e-12)


def test_digamma_and_the_normal_distribution():
    for x in (0.1, 0.5, 3, 11.9, 12, 1e6):
        assert digamma(x) == pytest.approx(float(special.digamma(x)), rel=1e-12)
    z = np.linspace(-6, 6, 25)
    np.testing.assert_allclose(normal_distribution(z), stats.norm.cdf(z), rtol=0, atol=1e-15)


@pytest.mark.parametrize("dof", [1.5, 4.0])
def test_student_t_copula_of_its_law(dof):
    law = StudentT(Normal.pairs(2, 3, 0.6), dof)
    x, y = law.sample(4000, seed=2)
    fit = StudentTFit.of(_core.normal_scores(np.hstack([x, y])))
    assert fit.dof == pytest.approx(dof, rel=0.12)
    assert fit.gain > 100
    found = mutual_information(np.exp(x / 10), y**3, estimator=StudentTCopula())
    assert found == pytest.approx(law.mutual_information, abs=0.04)
    pointwise = mutual_information(x, y, estimator=StudentTCopula(dof), pointwise=True)
    assert pointwise.mean() == pytest.approx(
        mutual_information(x, y, estimator=StudentTCopula(dof)), abs=1e-12
    )


def test_many_degrees_of_freedom_are_the_normal_copula():
    x, y = Normal.dense(2, 2, 0.4).sample(N, seed=3)
    student = mutual_information(x, y, estimator=StudentTCopula(1000))
    assert student == pytest.approx(mutual_information(x, y, estimator=GaussianCopula()), abs=2e-3)


def test_columns_that_determine_others():
    x = np.random.default_rng(0).normal(size=(N, 1))
    double = np.hstack([x, x])
    assert mutual_information(double, x, estimator=StudentTCopula()) == math.inf
    y = x + np.random.default_rng(1).normal(size=(N, 1))
    assert mutual_information(double, y, estimator=Auto()) == mutual_information(x, y, estimator=Auto())


# ----------------------------------------------------------------------------------------------------------
# The curve


def test_extrapolated_is_less_biased():
    law = Normal.pairs(5, 5, 0.8, 0.8)
    x, y = law.sample(N, seed=4)
    errors = [
        abs(mutual_information(x, y, estimator=estimator) - law.mutual_information)
        for estimator in (KSGExtrapolated(), KSG(norm="euclidean"))
    ]
    assert errors[0] < errors[1] / 2


def test_extrapolated_is_the_line_through_two():
    x, y = Normal.pairs(2, 1, 0.8).sample(200, seed=4)
    estimator = KSGExtrapolated(k=[2, 6], norm="max", transform=None)
    low, high = mutual_information(x, y, estimator=KSG(k=[2, 6]))
    slope = (high - low) / (6 ** (2 / 3) - 2 ** (2 / 3))
    assert mutual_information(x, y, estimator=estimator) == pytest.approx(low - slope * 2 ** (2 / 3))
    pointwise = mutual_information(x, y, estimator=estimator, pointwise=True)
    assert pointwise.mean() == pytest.approx(mutual_information(x, y, estimator=estimator))


@pytest.mark.parametrize("k", [3, [3], [3, 3]])
def test_a_curve_has_two_points(k):
    with pytest.raises(ValueError, match="two or more different"):
        KSGExtrapolated(k=k)


# ----------------------------------------------------------------------------------------------------------
# Features


def test_canonical_variates():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(N, 4)) @ rng.normal(size=(4, 4))
    y = np.column_stack([x[:, :2] + rng.normal(size=(N, 2)), x[:, 0]])
    found = canonical_variates(x, y)
    np.testing.assert_allclose(found.x.T @ found.x / N, np.eye(4), atol=1e-9)
    cross = found.x.T @ found.y / N
    np.testing.assert_allclose(cross[:3], np.diag(found.correlations), atol=1e-9)
    assert found.correlations[0] == pytest.approx(1)
    assert np.all(np.diff(found.correlations) <= 0)


def test_the_radius_does_not_depend_on_axes():
    x = np.random.default_rng(6).normal(size=(N, 3))
    np.testing.assert_allclose(log_radius(x), log_radius(Rotation(1)(x) * 5 + 2), atol=1e-9)


def test_components_are_found_again():
    hidden = np.random.default_rng(7).uniform(size=(N, 3))
    found = independent_components(Rotation(2)(hidden))
    nearest = np.abs(np.corrcoef(hidden.T, found.T)[:3, 3:]).max(axis=1)
    assert np.all(nearest > 0.98)


def test_normal_scores_of_columns():
    x = np.random.default_rng(8).exponential(size=(100, 2))
    np.testing.assert_array_equal(normal_scores(x)[:, 1], normal_scores(x[:, 1]))
    np.testing.assert_array_equal(normal_scores(x), normal_scores(np.log(x), n_jobs=2))


# ----------------------------------------------------------------------------------------------------------
# The copula whose samples the data are compared with


def test_canonical_correlations_without_bias():
    law = Normal.pairs(20, 20, 0.8, 0.5)
    scores = _core.normal_scores(np.hstack(law.sample(N, seed=9)))
    copula = Copula.of(scores, math.inf)
    information = copula.information(MUTUAL_INFORMATION, [20, 20])
    unbiased = copula.unbiased(20, information)
    eigenvalues = np.linalg.eigvalsh(unbiased.dispersion)
    assert eigenvalues[0] > 0
    shared = -np.linalg.slogdet(unbiased.dispersion)[1]
    within = [np.linalg.slogdet(unbiased.dispersion[part, part])[1] for part in (slice(20), slice(20, 40))]
    assert (shared + sum(within)) / 2 == pytest.approx(max(information, law.mutual_information), abs=0.05)
    assert edge(0.02, 0.02) == pytest.approx(4 * 0.02 * 0.98)


# ----------------------------------------------------------------------------------------------------------
# The one that chooses


@pytest.mark.parametrize(
    ("law", "close"),
    [
        (Normal.pairs(10, 10, 0.8, 0.8), 0.05),
        (StudentT(Normal.pairs(2, 2), 2), 0.05),
        (Pareto(1, 1, 0.5), 0.06),
        (Transformed(Normal.pairs(3, 3, 0.8, 0.8), Spiral(0, 1, 1 / 3), Spiral(1, 2, 1 / 3)), 0.15),
        (benchmark()["swiss roll 2 x 1"], 0.06),
        (benchmark()["dense 25 x 25"], 0.08),
        (benchmark()["uniform 0.1"], 0.13),
        (Normal.pairs(4, 2), 0.03),
    ],
    ids=["sparse", "student", "pareto", "spiral", "swiss", "dense", "uniform", "independent"],
)
def test_near_the_truth(law, close):
    x, y = law.sample(N, seed=10)
    assert mutual_information(x, y, estimator=Auto()) == pytest.approx(law.mutual_information, abs=close)


def test_the_same_for_any_number_of_threads_and_any_monotone_map():
    x, y = Normal.pairs(3, 2, 0.7).sample(300, seed=11)
    found = mutual_information(x, y, estimator=Auto())
    assert mutual_information(np.exp(x), y**3, estimator=Auto(), n_jobs=2) == found
    assert mutual_information(x, y, estimator=Auto(seed=1)) == pytest.approx(found, abs=0.05)
    pointwise = mutual_information(x, y, estimator=Auto(), pointwise=True)
    assert pointwise.mean() == pytest.approx(found, abs=1e-12)


def test_given_others():
    rng = np.random.default_rng(12)
    z = rng.normal(size=N)
    x, y = z + rng.normal(size=N), z + rng.normal(size=N)
    assert mutual_information(x, y, given=z, estimator=Auto()) == pytest.approx(0, abs=0.02)
    assert total_correlation(x, y, z, estimator=Auto()) > 0.3


def test_columns_of_many():
    """A parabola between two of sixteen columns."""
    rng = np.random.default_rng(13)
    x, y = rng.normal(size=(2, N, 8))
    y[:, 5] = x[:, 2] ** 2 + 0.2 * rng.normal(size=N)
    alone = mutual_information(x[:, 2], y[:, 5], estimator=KSG())
    assert mutual_information(x, y, estimator=Auto()) == pytest.approx(alone, abs=0.15)


def test_labels():
    rng = np.random.default_rng(14)
    x = rng.integers(0, 30, 2000)
    independent = rng.integers(0, 30, 2000)
    assert abs(mutual_information(x, independent, estimator=Auto())) < 0.03
    assert mutual_information(x, independent) > 0.15
    y = np.where(rng.random(2000) < 0.5, x, independent)
    found = mutual_information(x, y, estimator=Auto())
    assert found == mutual_information(x, y, estimator=ChaoWangJost())
    assert found < mutual_information(x, y, estimator=PlugIn())


def test_numbers_and_labels():
    rng = np.random.default_rng(15)
    label = rng.integers(0, 2, N)
    x = rng.normal(size=N) + 2 * label
    scored = mutual_information(normal_scores(x), label, estimator=Ross())
    assert mutual_information(np.exp(x), label, estimator=Auto()) == scored


def test_scalars_on_a_line():
    x, noise = np.random.default_rng(16).random((2, 500))
    found = mutual_information(x, x + 1e-5 * noise, estimator=Auto())  # the truth is 11.5
    assert 11 < found < 11.6


def test_few_samples():
    x, y = Normal.pairs(1, 1, 0.8).sample(20, seed=17)
    assert mutual_information(x, y, estimator=Auto()) == mutual_information(x, y, estimator=GaussianCopula())
    assert math.isfinite(mutual_information(x, x, estimator=Auto()))


@pytest.mark.parametrize(("name", "value"), [("seed", -1), ("n_surrogates", 1), ("n_surrogates", 1001)])
def test_parameters(name, value):
    with pytest.raises(ValueError, match=name):
        Auto(**{name: value})
    with pytest.raises(TypeError, match=name):
        dataclasses.replace(Auto(), **{name: 1.5})
