"""`LNC`: strong dependence, its table of thresholds, what it is for."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest

import mutua.estimators.local
from mutua import KSG, LNC, mutual_information
from mutua._observations import Observations
from mutua._quantity import total_correlation
from mutua._variables import Variable

N = 500
EXACT = 1e-12  # nats: the same numbers, added in another order
RUNS = 20
LOW = 0.2  # nats: the bias for two scalars on a line
TABLE = Path(__file__).parents[1] / "benches" / "local_thresholds.py"


def noisy(width, seed=0):
    x, noise = np.random.default_rng(seed).random((2, N))
    return x, x + width * noise


def total(estimator, *columns, pointwise=False, n_threads=1):
    data = Observations.of(*(Variable.read(f"x{i}", column) for i, column in enumerate(columns)))
    return estimator._estimate(total_correlation(len(columns)), data, pointwise, n_threads)


@pytest.mark.parametrize(
    ("width", "low"), [(0.1, 0.14), (1e-2, 0.57), (1e-3, 0.33), (1e-5, 0.2), (1e-7, 0.2)]
)
def test_strong_dependence(width, low):
    """Of ``x + width u`` the information is ``width / 2 - ln(width)``."""
    truth = width / 2 - math.log(width)
    for estimator in (LNC(), LNC(alpha=0.25)):
        estimates = [mutual_information(*noisy(width, seed), estimator=estimator) for seed in range(RUNS)]
        assert np.mean(estimates) == pytest.approx(truth - low, abs=0.1)
    assert mutual_information(*noisy(width), estimator=KSG()) < 5


def test_normal_variables():
    for rho, low in ((0.0, 0.1), (0.9, 0.1), (0.999, 0.2)):
        truth = -0.5 * math.log1p(-(rho**2))
        estimates = []
        for seed in range(RUNS):
            x, noise = np.random.default_rng(seed).standard_normal((2, N))
            y = rho * x + math.sqrt(1 - rho**2) * noise
            estimates.append(mutual_information(x, y, estimator=LNC()))
        assert np.mean(estimates) == pytest.approx(truth, abs=low)


def test_nothing_is_corrected_below_a_ratio_of_0():
    x, y = noisy(1e-3)
    for pointwise in (False, True):
        plain = mutual_information(x, y, estimator=KSG(k=5, kind=2), pointwise=pointwise)
        corrected = mutual_information(x, y, estimator=LNC(alpha=0), pointwise=pointwise)
        np.testing.assert_allclose(corrected, plain, rtol=0, atol=EXACT)


def test_samples_on_a_line_tell_all():
    x, _ = noisy(1)
    assert mutual_information(x, 2 * x, estimator=LNC()) == math.inf
    assert mutual_information(x, np.sign(x), estimator=LNC()) < 1  # no box has a volume: nothing is corrected
    assert mutual_information(np.zeros(N), np.zeros(N), estimator=LNC()) < 0.01


def test_total_correlation():
    x, y = noisy(1e-4)
    z = y + 1e-4 * np.random.default_rng(1).random(N)
    assert total(LNC(), x, y) == mutual_information(x, y, estimator=LNC())
    truth = 3e-4 / 2 - 2 * math.log(1e-4)
    assert total(LNC(), x, y, z) == pytest.approx(truth, abs=2 * LOW)
    # A vector counts column by column: what is within it is not asked for.
    parts = [total(LNC(k=6), *columns) for columns in ((x, y, z), (y, z))]
    vector = mutual_information(x, np.column_stack([y, z]), estimator=LNC(k=6))
    assert vector == pytest.approx(parts[0] - parts[1], abs=EXACT)


def test_several_numbers_of_neighbors_sample_by_sample():
    x, y = noisy(1e-3)
    means = mutual_information(x, y, estimator=LNC(k=[2, 5, 20]))
    assert means.tolist() == [mutual_information(x, y, estimator=LNC(k=k)) for k in (2, 5, 20)]
    rows = mutual_information(x, y, estimator=LNC(k=[2, 5, 20]), pointwise=True)
    np.testing.assert_allclose(rows.mean(axis=1), means, rtol=0, atol=EXACT)


def test_any_number_of_threads_any_order_any_unit():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((4, 3000))
    x[1:] = x[0] + 1e-3 * x[1:]
    expected = total(LNC(), *x)
    assert total(LNC(), *x, n_threads=2) == expected
    assert total(LNC(), *x[:, rng.permutation(3000)]) == expected
    assert total(LNC(), *(x * 2.0**-1000)) == expected
    assert total(LNC(), *(x * 2.0**1000)) == expected


@pytest.mark.parametrize(("k", "n_columns"), [(2, 2), (5, 2), (20, 2), (5, 3), (10, 5), (12, 7)])
def test_the_table_of_thresholds(k, n_columns):
    """Other draws fall below a threshold once in 200."""
    spec = importlib.util.spec_from_file_location("local_thresholds", TABLE)
    table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(table)
    threshold = mutua.estimators.local._threshold(k, n_columns)
    share = np.mean(table.ratios(k, n_columns, 10_000, np.random.default_rng(3)) < threshold)
    assert share == pytest.approx(table.PROBABILITY, rel=0.5)  # 50 draws: 7 are one standard error


def test_independent_samples_are_hardly_ever_corrected():
    x, y = np.random.default_rng(4).random((2, 4000))
    corrected = mutual_information(x, y, estimator=LNC(), pointwise=True)
    plain = mutual_information(x, y, estimator=KSG(k=5, kind=2), pointwise=True)
    assert 0.002 < np.mean(corrected > plain + EXACT) < 0.012


def test_strong_dependence_given_another():
    """``x - z`` and `y` are nearly the same: `KSG` stops at 2 nats. Of a cause of both nothing is left."""
    for width, truth in ((1e-2, 4.605), (1e-5, 11.513)):
        estimates = []
        for seed in range(10):
            z, common, noise = np.random.default_rng(seed).standard_normal((3, N))
            x, y = z + common, common + width * noise
            estimates.append(mutual_information(x, y, given=z, estimator=LNC()))
        assert np.mean(estimates) == pytest.approx(truth, abs=0.4)
        assert mutual_information(x, y, given=z, estimator=KSG()) < 2.5
    z, e, f = np.random.default_rng(5).random((3, N))
    left = mutual_information(z + 0.1 * e, z + 0.1 * f, given=z, estimator=LNC())
    assert left == pytest.approx(0, abs=0.2)


def test_what_is_refused():
    x, y = noisy(0.1)
    for quantity in ({"given": x > 0}, {"discrete": (True, False)}):
        with pytest.raises(ValueError, match=r"^LNC "):
            mutual_information(x, y, estimator=LNC(), **quantity)
    with pytest.raises(ValueError, match=r"^LNC does not estimate entropy"):
        mutua.entropy(x, estimator=LNC())
    with pytest.raises(ValueError, match=r"^k must be at least the number of columns, got 2 for 3"):
        mutual_information(x, np.column_stack([x, y]), estimator=LNC(k=2))
    with pytest.raises(ValueError, match=r"^alpha must be given for more than 20 neighbors or"):
        mutual_information(x, y, estimator=LNC(k=21))
    for k in (0, -1):
        with pytest.raises(ValueError, match=r"^k must be"):
            LNC(k=k)
    for alpha in (-0.1, 1.5, math.nan):
        with pytest.raises(ValueError, match=r"^alpha must be between 0 and 1"):
            LNC(alpha=alpha)
    for alpha in ("0.1", True, [0.1]):
        with pytest.raises(TypeError, match=r"^alpha must be a number"):
            LNC(alpha=alpha)
