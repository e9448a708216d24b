"""Laws with known information: the truth by another way, samples, parameters that are refused."""

import math

import numpy as np
import pytest

from mutua import KSG, mutual_information, normal_scores
from mutua.distributions import (
    AdditiveExponential,
    AdditiveUniform,
    Asinh,
    Bimodal,
    Exponential,
    Frank,
    GammaExponential,
    HalfCube,
    NoisyCurve,
    Normal,
    NormalCDF,
    NormalMixture,
    Pareto,
    Product,
    Rotation,
    Shear,
    Spiral,
    StudentT,
    SwissRoll,
    Transformed,
    Wiggly,
    benchmark,
    drawn,
    held_out,
    tuning,
)

CLOSE = 0.03  # nats: an estimate from 20,000 samples of scalars

SCALARS = [
    Normal.dense(1, 1, -0.6),
    StudentT(Normal.pairs(1, 1, 0.5), 2),
    Pareto(1, 1, 0.4),
    Frank(6),
    Frank(-3.0),
    NormalMixture.ring(6, 0.2),
    NormalMixture(((0, 0), (0, 1)), ((1, 1), (0.2, 3)), (0.9, -0.5)),
    AdditiveUniform(0.1),
    AdditiveUniform(0.8),
    AdditiveExponential(1.2),
    AdditiveExponential(7.0),
    GammaExponential(0.7),
    GammaExponential(5.0),
    NoisyCurve("line", 0.2),
    NoisyCurve("parabola", 0.1),
    NoisyCurve("cubic", 0.5),
    NoisyCurve("wave", 0.3, frequency=2.5),
    NoisyCurve("step", 0.4),
]


@pytest.mark.parametrize("law", SCALARS, ids=repr)
def test_neighbors_find_what_a_law_says(law):
    x, y = law.sample(20_000, seed=1)
    assert x.shape == y.shape == (20_000, 1)
    found = mutual_information(normal_scores(x), normal_scores(y), estimator=KSG(k=5))
    assert found == pytest.approx(law.mutual_information, abs=CLOSE)


@pytest.mark.parametrize("law", [Pareto(2, 1, 1.0), StudentT(Normal.pairs(2, 1, 0.6), 2)], ids=repr)
def test_of_several_columns(law):
    x, y = law.sample(20_000, seed=1)
    found = mutual_information(x, y, estimator=KSG(norm="euclidean"))
    assert found == pytest.approx(law.mutual_information, abs=2 * CLOSE)


def test_closed_forms():
    assert Normal.pairs(5, 5, 0.8, 0.8).mutual_information == pytest.approx(-math.log(1 - 0.64))
    assert Pareto(1, 1, 2.0).mutual_information == pytest.approx(math.log(1.5) - 1 / 3)
    assert StudentT(Normal.pairs(2, 2), 1e7).mutual_information == pytest.approx(0, abs=1e-5)
    assert Frank(1e-3).mutual_information == pytest.approx(0, abs=1e-7)
    one = NormalMixture(((3, 4),), ((2, 5),), (0.6,))
    assert one.mutual_information == pytest.approx(-math.log(1 - 0.36) / 2, abs=1e-9)
    apart = NormalMixture(((0, 0), (90, 90)), ((1, 1), (1, 1)), (0, 0))
    assert apart.mutual_information == pytest.approx(math.log(2), abs=1e-6)
    noisy = NoisyCurve("line", 20.0)  # nearly normal: of variance 1/3 in 400
    assert noisy.mutual_information == pytest.approx(math.log1p(1 / 1200) / 2, rel=1e-3)


def test_the_benchmark():
    """As published."""
    tasks = benchmark()
    assert len(tasks) == 40
    truths = {
        "uniform 0.1": 1.70944,
        "uniform 0.75": 0.33333,
        "student 1 x 1 dof 1": 0.22417,
        "dense 2 x 2": 0.29389,
        "dense 5 x 5": 0.59281,
        "dense 25 x 25": 1.29218,
        "dense 50 x 50": 1.62427,
        "student 2 x 2 dof 1": 0.43195,
        "student 2 x 2 dof 2": 0.19315,
        "student 3 x 3 dof 3": 0.17871,
        "student 5 x 5 dof 2": 0.44815,
        "student 5 x 5 dof 3": 0.29854,
        "spiral of uniform 25 x 25": 1.02165,
        "swiss roll 2 x 1": 0.41334,
    }
    for name, truth in truths.items():
        assert tasks[name].mutual_information == pytest.approx(truth, abs=1e-5), name


def fifty_drawn():
    return drawn(50, seed=1)


@pytest.mark.parametrize("family", [benchmark, tuning, held_out, fifty_drawn])
def test_tasks_have_samples(family):
    for name, law in family().items():
        x, y = law.sample(20, seed=3)
        again = law.sample(20, seed=3)
        np.testing.assert_array_equal(np.hstack([x, y]), np.hstack(again), err_msg=name)
        assert np.isfinite(x).all(), name
        assert np.isfinite(y).all(), name
        assert x.shape[1] + y.shape[1] <= 100
        assert law.mutual_information >= 0
        assert law == family()[name]


def test_drawn_laws_do_not_depend_on_their_number():
    some, more = drawn(3, seed=7), drawn(5, seed=7)
    assert list(some.items()) == list(more.items())[:3]
    assert some.keys() != drawn(3, seed=8).keys()
    assert all(law.mutual_information <= 2 for law in more.values())


def test_drawn_laws_are_some():
    with pytest.raises(ValueError, match="n_laws must be"):
        drawn(0, seed=0)
    with pytest.raises(ValueError, match="seed must be"):
        drawn(1, seed=-1)


def test_halves_have_nothing_in_common():
    assert not tuning().keys() & held_out().keys()
    assert not set(tuning().values()) & set(held_out().values())


# ----------------------------------------------------------------------------------------------------------
# Maps


@pytest.mark.parametrize(
    "one", [NormalCDF(), HalfCube(), Asinh(), Exponential(), Bimodal(), Wiggly()], ids=repr
)
def test_monotone(one):
    column = np.linspace(-5, 5, 2001)[:, None]
    assert np.all(np.diff(one(column), axis=0) > 0)


@pytest.mark.parametrize("one", [Spiral(0, 2, 0.7), Rotation(5)], ids=repr)
def test_distances_from_0_stay(one):
    rows = np.random.default_rng(0).normal(size=(50, 3))
    np.testing.assert_allclose(np.linalg.norm(one(rows), axis=1), np.linalg.norm(rows, axis=1))
    assert not np.allclose(one(rows), rows)


def test_inverses():
    rows = np.random.default_rng(0).normal(size=(50, 3))
    sheared = Shear(0.5, 3.0)(rows)
    np.testing.assert_allclose(sheared[:, 1:] - 0.5 * np.sin(3 * sheared[:, :1]), rows[:, 1:])
    u = np.random.default_rng(0).random((50, 1))
    t = 21 * np.linalg.norm(SwissRoll()(u), axis=1)
    np.testing.assert_allclose(t, 1.5 * np.pi * (1 + 2 * u[:, 0]))


# ----------------------------------------------------------------------------------------------------------
# What is refused


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Normal([[1, 2], [2, 1]], 1), ValueError, "positive definite"),
        (lambda: Normal([[1, 0.5], [0, 1]], 1), ValueError, "symmetric"),
        (lambda: Normal([[1, 0], [0, 1]], 2), ValueError, "dx must"),
        (lambda: Normal.pairs(1, 1, 0.5, 0.5), ValueError, "correlations must be at most 1"),
        (lambda: StudentT(Normal.pairs(1, 1), 0), ValueError, "dof must"),
        (lambda: Pareto(0, 1, 1.0), ValueError, "dx must"),
        (lambda: Frank(0), ValueError, "theta must"),
        (lambda: AdditiveExponential(1.0), ValueError, "rate must"),
        (lambda: NoisyCurve("circle", 0.1), ValueError, "curve must"),
        (lambda: NormalMixture(((0, 0),), ((1, 1),), (1.0,)), ValueError, "correlations must"),
        (lambda: NormalMixture((), (), ()), ValueError, "same number of laws"),
        (lambda: Spiral(1, 1, 1.0), ValueError, "two columns"),
        (lambda: Transformed(Normal.pairs(1, 1), np.exp), TypeError, "x must be a map"),
        (lambda: Product(), TypeError, "laws must"),
        (lambda: SwissRoll()(np.zeros((3, 2))), ValueError, "one column"),
        (lambda: Normal.pairs(1, 1).sample(0, 1), ValueError, "n must be at least 1"),
        (lambda: Normal.pairs(1, 1).sample(10, None), TypeError, "seed must"),
    ],
)
def test_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
