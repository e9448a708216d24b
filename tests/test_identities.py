"""What must hold for any data: identities between scores, invariances to the last bit, exact arithmetic."""

import contextlib
import itertools
import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutua import _core
from mutua.metrics import cluster

ROUNDING = 1e-14  # nats: a few additions of numbers up to ln n
RELATIVE = 1e-13  # a sum without cancellation, each term good to a few units in the last place
LAST_DIGITS = 5e-16  # relative: a rounding or two
FLOOR = 1e-32  # nats, absolute: a sum of n terms is rounded to multiples of 2^-114 n
CANCELLING = 1e-9  # adjusted scores divide differences, which for up to 60 samples lose at most six digits

DIGITS = 40

AVERAGES = ["min", "geometric", "arithmetic", "max"]

labels = st.integers(0, 5)
pairs = st.lists(st.tuples(labels, labels), min_size=1, max_size=60)
reals = st.floats(-1e6, 1e6)
tied = st.integers(-5, 5).map(lambda i: i / 10)


@st.composite
def samples(draw):
    """A plane of points with or without ties, a label for each, and an order to put them in."""
    values = draw(st.sampled_from([reals, tied]))
    rows = draw(st.lists(st.tuples(values, values, st.integers(0, 3)), min_size=6, max_size=40))
    order = draw(st.permutations(range(len(rows))))
    x, y, z = zip(*rows, strict=True)
    return np.array(x), np.array(y), np.array([*z[:-2], 0, 0]), np.array(order)


tables = st.integers(2, 5).flatmap(
    lambda n_columns: st.lists(
        st.lists(st.integers(0, 10**9), min_size=n_columns, max_size=n_columns), min_size=2, max_size=5
    ).filter(lambda rows: any(map(any, rows)))
)


def split(rows):
    x, y = np.array(rows, dtype=np.int64).T
    return x.copy(), y.copy()


def table_of(counts):
    counts = np.asarray(counts, dtype=np.int64)
    rows, columns = np.indices(counts.shape).reshape(2, -1)
    return _core.CountTable.from_cells(rows.copy(), columns.copy(), counts.ravel().copy(), counts.shape)


def bits(*values):
    return np.array(values, dtype=np.float64).tobytes()


def scores(x, y):
    """Every number read off the table of two labelings, one after the other."""
    table = _core.CountTable(x, y)
    plain = [table.mutual_information(), *table.entropies(), table.expected_mutual_information()]
    adjusted = [cluster.adjusted_mutual_info_score(x, y, average_method=average) for average in AVERAGES]
    normalized = [cluster.normalized_mutual_info_score(x, y, average_method=average) for average in AVERAGES]
    counted = [
        cluster.rand_score(x, y),
        cluster.adjusted_rand_score(x, y),
        cluster.fowlkes_mallows_score(x, y),
    ]
    return [*plain, *adjusted, *normalized, *counted, *cluster.homogeneity_completeness_v_measure(x, y)]


def estimate(column, target, k=3):
    return float(_core.mutual_information_columns([column], target, k)[0])


def close(value, exact, relative):
    return abs(Decimal(value) - exact) <= Decimal(relative) * abs(exact)


# ----------------------------------------------------------------------------------------------------------
# Labels


@given(pairs)
def test_information_is_what_the_entropies_share(rows):
    x, y = split(rows)
    table = _core.CountTable(x, y)
    h_x, h_y = table.entropies()
    information = table.mutual_information()
    joint = _core.entropy(table.cells()[2])
    assert information == pytest.approx(h_x + h_y - joint, rel=0, abs=ROUNDING)
    assert 0 <= information <= min(h_x, h_y) + ROUNDING
    assert information == cluster.mutual_info_score(x, y)


@given(pairs)
def test_scores_are_symmetric_to_the_bit(rows):
    x, y = split(rows)
    forward, backward = scores(x, y), scores(y, x)
    for swapped in (1, -3):  # entropies, and homogeneity with completeness
        backward[swapped], backward[swapped + 1] = backward[swapped + 1], backward[swapped]
    assert bits(*forward) == bits(*backward)


@given(
    pairs, st.permutations(range(6)), st.permutations([-(2**63), -7, 0, 3, 10**9, 2**63 - 1]), st.randoms()
)
def test_scores_ignore_names_and_order(rows, names_x, names_y, random):
    x, y = split(rows)
    order = random.sample(range(len(x)), len(x))
    renamed = np.array(names_x)[x], np.array(names_y)[y]
    assert bits(*scores(x, y)) == bits(*scores(renamed[0][order], renamed[1][order]))


@given(pairs)
def test_scores_stay_in_their_range(rows):
    x, y = split(rows)
    for average in AVERAGES:
        assert 0 <= cluster.normalized_mutual_info_score(x, y, average_method=average) <= 1 + ROUNDING
        assert cluster.adjusted_mutual_info_score(x, y, average_method=average) <= 1 + CANCELLING
    for score in [*cluster.homogeneity_completeness_v_measure(x, y), cluster.rand_score(x, y)]:
        assert 0 <= score <= 1 + ROUNDING


@given(st.lists(labels, min_size=1, max_size=60))
def test_a_constant_tells_nothing(x):
    x, constant = np.array(x), np.zeros(len(x), dtype=np.int64)
    assert cluster.mutual_info_score(x, constant) == 0
    assert _core.CountTable(x, constant).expected_mutual_information() == 0


@given(st.lists(st.integers(0, 40), min_size=1, max_size=80), st.permutations(range(41)))
def test_identical_labelings_score_exactly_one(x, names):
    x = np.array(x)
    y = np.array(names)[x]
    for average in AVERAGES:
        assert cluster.adjusted_mutual_info_score(x, y, average_method=average) == 1
        assert cluster.normalized_mutual_info_score(x, y, average_method=average) == 1
    assert cluster.homogeneity_completeness_v_measure(x, y) == (1, 1, 1)
    assert cluster.adjusted_rand_score(x, y) == 1
    assert cluster.rand_score(x, y) == 1


@given(pairs)
def test_pairs_are_counted_as_by_hand(rows):
    x, y = split(rows)
    together = [(x[i] == x[j], y[i] == y[j]) for i, j in itertools.permutations(range(len(x)), 2)]
    by_hand = [[together.count((a, b)) for b in (False, True)] for a in (False, True)]
    (tn, fp), (fn, tp) = by_hand
    assert cluster.pair_confusion_matrix(x, y).tolist() == by_hand
    assert np.sum(cluster.pair_confusion_matrix(x, y)) == len(x) ** 2 - len(x)
    assert cluster.rand_score(x, y) == ((tp + tn) / len(together) if together else 1)
    chance = (tp + fn) * (fn + tn) + (tp + fp) * (fp + tn)
    adjusted = Fraction(2 * (tp * tn - fn * fp), chance) if fn or fp else 1
    assert cluster.adjusted_rand_score(x, y) == pytest.approx(float(adjusted), rel=RELATIVE, abs=ROUNDING)
    fowlkes_mallows = tp / Decimal((tp + fp) * (tp + fn)).sqrt() if tp else Decimal(0)
    assert close(cluster.fowlkes_mallows_score(x, y), fowlkes_mallows, RELATIVE)


# ----------------------------------------------------------------------------------------------------------
# Tables against exact arithmetic


def exact_information(counts):
    """Mutual information and both entropies."""
    rows, columns = margins_of(counts)
    n = sum(rows)
    with localcontext(prec=DIGITS):

        def entropy(sums):
            return sum(m * (Decimal(n) / m).ln() for m in sums if m) / n

        information = sum(
            count * (Decimal(count * n) / (a * b)).ln()
            for row, a in zip(counts, rows, strict=True)
            for count, b in zip(row, columns, strict=True)
            if count
        )
        return information / n, entropy(rows), entropy(columns)


def margins_of(counts):
    return [sum(row) for row in counts], [sum(column) for column in zip(*counts, strict=True)]


def assert_information(table, exact):
    assert abs(Decimal(table.mutual_information()) - exact) <= Decimal(RELATIVE) * exact + Decimal(FLOOR)


@given(tables)
def test_large_counts_are_exact(counts):
    table = table_of(counts)
    information, *entropies = exact_information(counts)
    assert_information(table, information)
    assert all(map(close, table.entropies(), entropies, [RELATIVE] * 2))
    assert table.expected_mutual_information() <= float(min(entropies)) + ROUNDING
    rows, columns = margins_of(counts)
    n = sum(rows)
    both, in_rows, in_columns = (
        sum(m * m for m in sums) - n for sums in (itertools.chain(*counts), rows, columns)
    )
    apart = n * n - n - in_rows - in_columns + both
    assert table.pair_confusion() == (apart, in_columns - both, in_rows - both, both)


@pytest.mark.parametrize(
    "counts",
    [
        [[10**8, 10**8], [10**8, 10**8 + 1]],
        [[10**9, 10**9], [10**9, 10**9 + 1]],
        [[2 * 10**8, 3 * 10**8 + 7], [4 * 10**8, 6 * 10**8]],
        [[10**6 + (i * j) % 7 for j in range(16)] for i in range(16)],
        [[10**9 + (i == j) for j in range(5)] for i in range(5)],
        [[10**6 + 1000 * ((i * j) % 7) for j in range(16)] for i in range(16)],
        [[4 * 10**6 + 1000 * (i == j) for j in range(16)] for i in range(16)],
    ],
)
def test_near_independence_keeps_its_digits(counts):
    information, *_ = exact_information(counts)
    assert_information(table_of(counts), information)


@pytest.mark.parametrize("n", [1000, 60_000, 10**6, 10**7, 10**9, 10**12])
@pytest.mark.parametrize("noise", [1, 0.1])
def test_sixteen_by_sixteen_near_independence(n, noise):
    """As independent samples, or nearer: at a billion of these I is 1e-7, and `p log p` loses ten digits."""
    rng = np.random.default_rng(n)
    expected = np.outer(*rng.dirichlet(np.full(16, 5.0), 2)) * n
    counts = np.rint(expected + noise * np.sqrt(expected) * rng.normal(size=(16, 16)))
    counts = np.maximum(counts, 0).astype(int).tolist()
    information, *_ = exact_information(counts)
    assert close(table_of(counts).mutual_information(), information, LAST_DIGITS)


@pytest.mark.parametrize("n", [5000, 70_000, 10**6])
def test_many_small_cells(n):
    rng = np.random.default_rng(n)
    table = _core.CountTable(*rng.integers(0, 600, (2, n)))
    with localcontext(prec=DIGITS):

        def sum_of_logs(counts):
            distinct, times = np.unique(counts, return_counts=True)
            return sum(int(t * m) * Decimal(int(m)).ln() for m, t in zip(distinct, times, strict=True))

        margins = sum_of_logs(table.row_sums) + sum_of_logs(table.column_sums)
        exact = (sum_of_logs(table.cells()[2]) + sum_of_logs([n]) - margins) / n
    assert close(table.mutual_information(), exact, LAST_DIGITS)


@pytest.mark.parametrize("top", [2**31, 2**53 + 1, 2**61])
def test_counts_of_any_size(top):
    counts = [[top, 1], [1, top]]
    information, *entropies = exact_information(counts)
    table = table_of(counts)
    assert close(table.mutual_information(), information, RELATIVE)
    assert all(map(close, table.entropies(), entropies, [RELATIVE] * 2))


def test_entropy_of_counts_whose_sum_needs_more_than_64_bits():
    counts = np.full(8, 2**62)
    with contextlib.suppress(ValueError):  # Refused is fine; a wrong number is not.
        assert _core.entropy(counts) == pytest.approx(math.log(8), rel=RELATIVE)


@given(pairs)
def test_expected_information_is_at_most_either_entropy(rows):
    table = _core.CountTable(*split(rows))
    assert -ROUNDING <= table.expected_mutual_information() <= min(table.entropies()) + ROUNDING


# ----------------------------------------------------------------------------------------------------------
# Neighbours


@given(samples())
def test_neighbor_estimates_ignore_the_order_of_samples(data):
    x, y, z, order = data
    for column, target in [(x, y), (x, z), (z, x)]:
        assert bits(estimate(column, target)) == bits(estimate(column[order], target[order]))


@given(samples())
def test_neighbor_estimates_are_symmetric(data):
    x, y, z, _ = data
    assert estimate(x, y) == pytest.approx(estimate(y, x), rel=0, abs=ROUNDING)
    assert bits(estimate(x, z)) == bits(estimate(z, x))


@given(samples(), st.sampled_from([-1.0, 2.0**10, -(2.0**-10)]))
def test_neighbor_estimates_ignore_an_exact_scale(data, scale):
    x, y, z, _ = data
    assert bits(estimate(x, y)) == bits(estimate(scale * x, abs(scale) * y))
    assert bits(estimate(x, z)) == bits(estimate(scale * x, 5 - 3 * z))


@given(samples())
def test_columns_together_equal_columns_alone(data):
    x, y, z, _ = data
    for target in (y, z):
        together = _core.mutual_information_columns([x, z, y], target, 2, 2)
        assert together.tobytes() == bits(*(estimate(column, target, 2) for column in (x, z, y)))
