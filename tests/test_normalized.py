"""Shares of entropy, and the distance of partitions: scikit-learn, formulas, what is refused."""

import math

import numpy as np
import pytest

from mutua import (
    NSB,
    Binned,
    ContingencyTable,
    MillerMadow,
    entropy,
    normalized_mutual_information,
    variation_of_information,
)
from mutua.metrics import normalized_mutual_info_score

SAME = 1e-12
RNG = np.random.default_rng(4)
X, Y, Z = RNG.integers(0, 5, (3, 400))
Y[::2] = X[::2]
MEANS = ["arithmetic", "geometric", "min", "max"]


@pytest.mark.parametrize("norm", MEANS)
def test_shares_are_those_of_scikit_learn(norm):
    expected = normalized_mutual_info_score(X, Y, average_method=norm)
    assert normalized_mutual_information(X, Y, norm=norm) == pytest.approx(expected, rel=0, abs=SAME)
    assert normalized_mutual_information(X, X + 7, norm=norm) == pytest.approx(1, rel=0, abs=SAME)
    assert normalized_mutual_information(X, np.zeros(400, int), norm=norm) == 0


def test_the_joint_entropy_as_norm():
    table = ContingencyTable.from_labels(X, Y)
    expected = table.mutual_information() / table.entropy()
    assert normalized_mutual_information(X, Y, norm="joint") == pytest.approx(expected, rel=0, abs=SAME)


@pytest.mark.parametrize("norm", [*MEANS, "joint"])
@pytest.mark.parametrize("estimator", [None, MillerMadow()], ids=str)
def test_given_a_constant_nothing_changes(norm, estimator):
    options = {"norm": norm, "estimator": estimator}
    expected = normalized_mutual_information(X, Y, **options)
    given = normalized_mutual_information(X, Y, given=np.zeros(400, int), **options)
    assert given == pytest.approx(expected, rel=0, abs=SAME)
    assert normalized_mutual_information(X, Y, given=Z, **options) != expected


def test_variation_is_a_metric():
    for x, y, z in [(X, Y, Z), (Y, Z, X), (Z, X, Y)]:
        direct = variation_of_information(x, z)
        assert direct <= variation_of_information(x, y) + variation_of_information(y, z) + SAME
        assert direct == pytest.approx(variation_of_information(z, x), rel=0, abs=SAME)
        assert variation_of_information(x, 5 - x) == pytest.approx(0, abs=SAME)
        given = entropy(x, given=z) + entropy(z, given=x)
        assert direct == pytest.approx(given, rel=0, abs=SAME)
    values = variation_of_information(X, Y, pointwise=True, base=2)
    assert np.mean(values) == pytest.approx(variation_of_information(X, Y) / math.log(2), rel=0, abs=SAME)


def test_bins_are_labels():
    numbers = RNG.normal(size=400)
    cut = np.digitize(numbers, [-1, 0, 1])
    estimator = Binned(bins=[-np.inf, -1, 0, 1, np.inf])
    for measure in (normalized_mutual_information, variation_of_information):
        expected = measure(cut, X)
        assert measure(numbers, X, estimator=estimator) == pytest.approx(expected, rel=0, abs=SAME)


def test_what_is_refused():
    for measure in (normalized_mutual_information, variation_of_information):
        with pytest.raises(
            ValueError, match=r"x must be discrete for .* got float64: the entropy of a contin"
        ):
            measure(X * 1.0, Y)
        with pytest.raises(ValueError, match="x and y must have the same length"):
            measure(X, Y[1:])
    with pytest.raises(ValueError, match=r"norm must be one of 'arithmetic', .* 'joint', got 'mean'"):
        normalized_mutual_information(X, Y, norm="mean")


def test_all_entropies_are_of_the_same_samples():
    x = [0, 0, 1, 1, 1, 1]
    y = ["a", "a", "b", "b", None, None]
    assert normalized_mutual_information(x, y, nan_policy="omit") == pytest.approx(1, rel=0, abs=SAME)
    share = normalized_mutual_information(X, Y % 3, estimator=NSB(n_categories=[5, 4]))
    assert 0 < share < 1
