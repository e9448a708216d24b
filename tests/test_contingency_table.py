"""The table as a value: what it is made from, how it adds up, and that every measure is what it says."""

import copy
import itertools
import math
import pickle
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import sparse, stats

import mutua
from mutua import ContingencyTable, _core
from mutua.metrics import cluster

LAST_DIGITS = Decimal("1.2e-16")  # relative: rounded once
RELATIVE = Decimal("2e-15")  # a few units in the last place
NEXT_TO_NOTHING = Decimal("1e-12")  # nats: information that comes from terms which do not cancel
FLOOR = Decimal("1e-60")  # nats: the truth in 80 digits
CONCENTRATED = Decimal("1e-32")  # nats: where one cell has nearly everything, logarithms of 110 bits cancel
TAIL = Decimal("3e-15")  # relative, of p-values
SCIPY = 1e-10  # relative: what SciPy itself loses far out
AVERAGES = ["arithmetic", "geometric", "min", "max"]


def rng_of(*seed):
    return np.random.default_rng(seed)


def same(*tables):
    """Equal in every respect that can be seen."""
    first, *others = tables
    return all(
        first == other
        and first.kind == other.kind
        and first.total == other.total
        and first.to_array().tobytes() == other.to_array().tobytes()
        and [*first.row_labels] == [*other.row_labels]
        and [*first.column_labels] == [*other.column_labels]
        for other in others
    )


def measures(table):
    """Every number that any table has."""
    both = [table.homogeneity(), table.completeness(), table.v_measure(), table.v_measure(0.5)]
    normalized = [table.normalized_mutual_information(average) for average in AVERAGES]
    information = [
        table.mutual_information(),
        *map(table.entropy, (None, 0, 1)),
        *map(table.conditional_entropy, (0, 1)),
    ]
    return np.array([*information, *both, *normalized])


def random_table(kind, rng):
    """A matrix with empty cells, rows and columns, and how to make a table of it."""
    shape = rng.integers(1, 8, 2)
    weights = {
        "small counts": lambda: rng.integers(0, 9, shape),
        "large counts": lambda: rng.integers(0, 10**12, shape),
        "weights": lambda: rng.random(shape) * 10.0 ** rng.integers(-6, 6, shape),
        "all scales": lambda: 10.0 ** rng.uniform(-30, 10, shape),
        "probabilities": lambda: rng.random(shape) ** 4,
        "nearly independent": lambda: np.outer(*(rng.random(n) for n in shape)) + 1e-9 * rng.random(shape),
    }[kind]()
    weights[rng.random(shape) < 0.2] = 0
    weights[0, 0] += not weights.any()
    if kind in ("probabilities", "nearly independent"):
        weights /= weights.sum()
        return weights, ContingencyTable.from_probabilities(weights)
    return weights, ContingencyTable.from_counts(weights)


KINDS = ["small counts", "large counts", "weights", "all scales", "probabilities", "nearly independent"]


# ----------------------------------------------------------------------------------------------------------
# Identities, and the truth


def exact_measures(matrix):
    """Information, the three entropies and both conditional ones, with 80 digits."""
    with localcontext(prec=80):
        cells = [[Decimal(value) for value in row] for row in matrix.tolist()]
        rows, columns = [sum(row) for row in cells], [sum(column) for column in zip(*cells, strict=True)]
        total = sum(rows)

        def mean_log(terms):
            return sum(n * (over / under).ln() for n, over, under in terms if n) / total

        each = [
            (n, a, b) for row, a in zip(cells, rows, strict=True) for n, b in zip(row, columns, strict=True)
        ]
        return [
            mean_log((n, n * total, a * b) for n, a, b in each if n),
            mean_log((n, total, n) for n, _, _ in each),
            mean_log((n, total, n) for n in rows),
            mean_log((n, total, n) for n in columns),
            mean_log((n, b, n) for n, _, b in each),
            mean_log((n, a, n) for n, a, _ in each),
        ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(15))
def test_measures_are_exact(kind, seed):
    matrix, table = random_table(kind, rng_of(seed, 1))
    within = RELATIVE if "counts" in kind else LAST_DIGITS
    for found, exact in zip(measures(table)[:6], exact_measures(matrix), strict=True):
        relative = RELATIVE if exact < NEXT_TO_NOTHING else within
        floor = CONCENTRATED if kind == "all scales" else FLOOR
        assert abs(Decimal(found) - exact) <= relative * exact + floor


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(25))
def test_identities_hold_to_the_last_bits(kind, seed):
    _, table = random_table(kind, rng_of(seed, 2))
    information, joint, h_x, h_y, x_given_y, y_given_x = measures(table)[:6]
    last_bits = (3 if "counts" in kind else 2) * np.spacing(joint)  # sums of counts are cut, not rounded
    assert information >= 0
    assert abs(information - (h_x + h_y - joint)) <= last_bits
    assert abs(information - (h_x - x_given_y)) <= last_bits
    assert abs(information - (h_y - y_given_x)) <= last_bits
    assert abs(joint - (h_y + x_given_y)) <= last_bits


@pytest.mark.parametrize("seed", range(20))
def test_independence_is_exactly_0(seed):
    rng = rng_of(seed, 3)
    counts = np.outer(rng.integers(0, 1000, 5), rng.integers(0, 1000, 7))
    counts[0, 0] += not counts.any()
    powers = np.outer(0.5 ** rng.integers(0, 40, 4), 0.5 ** rng.integers(0, 40, 3))
    for table in map(ContingencyTable.from_counts, (counts, counts * 1.0, powers)):
        assert table.mutual_information() == 0
    assert ContingencyTable.from_counts(counts).g_test()[:2] == (0, 1)


@pytest.mark.parametrize("epsilon", [1e-3, 1e-6, 1e-9, 1e-12, 1e-15])
def test_near_independence_keeps_its_digits(epsilon):
    """``(1 + e) / 4`` and ``(1 - e) / 4``: information of ``e^2 / 2``, where ``p log p`` keeps no digit."""
    e = Fraction(float(1 + epsilon)) - 1
    matrix = np.array([[1 + float(e), 1 - float(e)], [1 - float(e), 1 + float(e)]]) / 4
    e = Decimal(e.numerator) / e.denominator
    with localcontext(prec=60):
        exact = ((1 + e) * (1 + e).ln() + (1 - e) * (1 - e).ln()) / 2
    found = ContingencyTable.from_probabilities(matrix).mutual_information()
    assert abs(Decimal(found) - exact) <= Decimal("1e-15") * exact


def test_units():
    table = ContingencyTable.from_counts([[1, 0], [0, 1]])
    for base, expected in [(None, math.log(2)), (2, 1.0), (4, 0.5)]:
        assert table.mutual_information(base=base) == table.entropy(base=base) == expected
        assert table.entropy(0, base=base) == table.entropy(1, base=base) == expected
        assert table.conditional_entropy(0, base=base) == 0
    assert table.expected_mutual_information(base=2) == 1


def test_a_measure_of_one_variable_is_that_of_its_margin():
    rng = rng_of(4)
    table = ContingencyTable.from_counts(rng.integers(0, 50, (4, 6)))
    for axis, sums in enumerate(table.margins):
        assert table.entropy(axis) == _core.entropy(sums)
        assert table.entropy(axis) == ContingencyTable.from_counts(sums[:, None]).entropy()


# ----------------------------------------------------------------------------------------------------------
# The scores of `metrics`


@pytest.mark.parametrize("n", [1, 2, 30, 5000])
@pytest.mark.parametrize("n_labels", [1, 3, 60])
def test_scores_are_those_of_metrics_to_the_bit(n, n_labels):
    rng = rng_of(n, n_labels)
    x, y = rng.integers(0, n_labels, (2, n))
    table = ContingencyTable.from_labels(x, y)
    assert table.mutual_information() == cluster.mutual_info_score(x, y)
    for average in AVERAGES:
        options = {"average_method": average}
        assert table.normalized_mutual_information(average) == cluster.normalized_mutual_info_score(
            x, y, **options
        )
        assert table.adjusted_mutual_information(average) == cluster.adjusted_mutual_info_score(
            x, y, **options
        )
    for beta in (1.0, 0.5, 2):
        three = table.homogeneity(), table.completeness(), table.v_measure(beta)
        assert three == cluster.homogeneity_completeness_v_measure(x, y, beta=beta)
    assert table.rand_index() == cluster.rand_score(x, y)
    assert table.adjusted_rand_index() == cluster.adjusted_rand_score(x, y)
    assert table.fowlkes_mallows_index() == cluster.fowlkes_mallows_score(x, y)
    assert np.array_equal(table.pair_confusion_matrix(), cluster.pair_confusion_matrix(x, y))
    assert np.array_equal(table.to_array(), cluster.contingency_matrix(x, y))
    expected = cluster.expected_mutual_information(table.to_array(), n)
    assert table.expected_mutual_information() == expected
    assert cluster.mutual_info_score(None, None, contingency=table) == table.mutual_information()


def test_empty_rows_and_columns_change_no_score():
    rng = rng_of(5)
    for counts in (rng.integers(0, 5, (3, 4)), np.eye(3, dtype=int), np.ones((1, 3), int), np.array([[4]])):
        padded = np.zeros((counts.shape[0] + 3, counts.shape[1] + 2), counts.dtype)
        padded[1 : 1 + counts.shape[0], 2:] = counts
        dense, sparse_ = ContingencyTable.from_counts(counts), ContingencyTable.from_counts(padded)
        assert measures(dense).tobytes() == measures(sparse_).tobytes()
        assert dense.g_test() == sparse_.g_test()
        for average in AVERAGES:
            options = dense, sparse_
            one, other = (table.adjusted_mutual_information(average) for table in options)
            assert one == other


@pytest.mark.parametrize("seed", range(10))
def test_v_measure_without_weight_is_that_of_scikit_learn(seed):
    theirs = pytest.importorskip("sklearn.metrics").v_measure_score
    x, y = rng_of(seed, 12).integers(0, 1 + seed // 2, (2, 30))
    table = ContingencyTable.from_labels(x, y)
    for beta in (0, 0.0):
        expected = theirs(x, y, beta=beta)
        assert table.v_measure(beta) == pytest.approx(expected, rel=1e-12)
        assert cluster.v_measure_score(x, y, beta=beta) == pytest.approx(expected, rel=1e-12)


def test_v_measure_at_the_end_of_its_weights():
    """Nothing said of the columns, and no weight on them: what is left is homogeneity."""
    table = ContingencyTable.from_labels([0, 0, 0, 0], [0, 1, 0, 1])
    assert (table.v_measure(0), table.v_measure(1e-300), table.v_measure()) == (1, 0, 0)


def test_what_needs_counts_says_so():
    for table in (
        ContingencyTable.from_counts([[0.5, 1.0]]),
        ContingencyTable.from_probabilities([[0.5, 0.5]]),
    ):
        for name in [
            "expected_mutual_information",
            "adjusted_mutual_information",
            "pair_confusion_matrix",
            "rand_index",
            "adjusted_rand_index",
            "fowlkes_mallows_index",
            "g_test",
        ]:
            with pytest.raises(ValueError, match=f"needs a table of counts, got one of {table.kind}"):
                getattr(table, name)()


# ----------------------------------------------------------------------------------------------------------
# The G-test


@pytest.mark.parametrize("seed", range(10))
def test_g_test_is_that_of_scipy(seed):
    rng = rng_of(seed, 6)
    counts = rng.integers(1, 400, rng.integers(2, 7, 2))
    theirs = stats.chi2_contingency(counts, correction=False, lambda_="log-likelihood")
    ours = ContingencyTable.from_counts(counts).g_test()
    assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-10)
    assert ours.pvalue == pytest.approx(theirs.pvalue, rel=1e-9)
    assert ours.dof == theirs.dof


def test_g_test_of_a_constant():
    assert ContingencyTable.from_labels([1, 1, 1], [1, 2, 3]).g_test() == (0, 1, 0)


def test_p_values_are_those_of_scipy():
    rng = rng_of(7)
    for dof in [*range(1, 70), 100, 999, 2047, 2048, 2049, 10**4, 10**6]:
        for deviations in rng.uniform(-6, 36, 20):
            statistic = max(dof + deviations * math.sqrt(2 * dof), rng.random() * dof)
            theirs = stats.chi2.sf(statistic, dof)
            if theirs > 1e-300:
                assert _core.chi_square_survival(dof, statistic) == pytest.approx(theirs, rel=SCIPY, abs=0)


def test_p_values_are_exact():
    """For an even number of degrees of freedom it is a sum: with half as many terms, in 400 digits."""
    rng = rng_of(8)
    for dof in [2, 4, 16, 30, 32, 34, 60, 200, 500]:
        for statistic in [*(dof * rng.uniform(0.3, 3, 5)), *rng.uniform(1, 1300, 5)]:
            with localcontext(prec=400):
                x = Decimal(float(statistic)) / 2
                term = total = Decimal(1)
                for j in range(1, dof // 2):
                    term = term * x / j
                    total += term
                exact = total * (-x).exp()
            if exact > Decimal("3e-308"):
                found = Decimal(_core.chi_square_survival(dof, float(statistic)))
                assert abs(found - exact) <= TAIL * exact


# ----------------------------------------------------------------------------------------------------------
# Streams


def batches(kind, rng):
    """Labels in parts of any size, some of them empty, new labels coming up late."""
    n = 300
    x = np.sort(rng.integers(-5, 20, n)) if rng.integers(2) else rng.integers(-5, 20, n)
    y = rng.choice(["a", "b", "long one"], n)
    weights = {
        "counts": None,
        "repeats": rng.integers(0, 4, n),
        "weights": rng.random(n) * 10.0 ** rng.integers(-20, 10, n),
    }[kind]
    cuts = np.sort(rng.integers(0, n, 7))
    return [
        (x[part], y[part], None if weights is None else weights[part])
        for part in np.split(np.arange(n), cuts)
    ]


@pytest.mark.parametrize("kind", ["counts", "repeats", "weights"])
@pytest.mark.parametrize("seed", range(8))
def test_batches_in_any_order_are_the_whole(kind, seed):
    rng = rng_of(seed, 9)
    parts = batches(kind, rng)
    x, y, weights = (
        None if parts[0][column] is None else np.concatenate([part[column] for part in parts])
        for column in range(3)
    )
    whole = ContingencyTable.from_labels(x, y, weights)
    order = rng.permutation(len(x))
    shuffled = ContingencyTable.from_labels(x[order], y[order], None if weights is None else weights[order])
    stream = ContingencyTable()
    for index in rng.permutation(len(parts)):
        assert stream.update(*parts[index]) is stream
    tables = [ContingencyTable.from_labels(*part) for part in parts]
    a, b, c, *others = tables
    folded = sum(others, (a + b) + c)
    mirrored = sum(others[::-1], c + (b + a))
    nested = a + (b + sum(others, c))
    assert same(whole, shuffled, stream, folded, mirrored, nested, ContingencyTable() + whole)
    assert len({measures(table).tobytes() for table in (whole, shuffled, stream, folded, mirrored)}) == 1
    assert whole.kind == ("weights" if kind == "weights" else "counts")
    if kind != "weights":
        repeats = np.ones(len(x), int) if weights is None else weights
        assert np.array_equal(
            whole.to_array(), pd.crosstab(x, y, repeats, aggfunc="sum").fillna(0).astype(int)
        )


def test_integer_weights_repeat_samples():
    x, y, times = np.array([3, 1, 3]), np.array([0, 0, 1]), np.array([2, 3, 1])
    expected = ContingencyTable.from_labels(np.repeat(x, times), np.repeat(y, times))
    assert same(ContingencyTable.from_labels(x, y, times), expected)


def test_sums_of_weights_are_exact():
    rng = rng_of(10)
    weights = rng.random(1000) * 10.0 ** rng.integers(-20, 15, 1000)
    table = ContingencyTable()
    for part in np.split(weights, 10):
        table.update(np.zeros(len(part)), np.zeros(len(part)), part)
    assert table.total == table.to_array()[0, 0] == math.fsum(weights)
    assert [sums.tolist() for sums in table.margins] == [[math.fsum(weights)]] * 2


def test_counts_and_weights_make_weights():
    counts, weights = ContingencyTable.from_counts([[2, 1]]), ContingencyTable.from_counts([[0.5, 0.25]])
    assert same(counts + weights, weights + counts, ContingencyTable.from_counts([[2.5, 1.25]]))
    assert counts != ContingencyTable.from_counts([[2.0, 1.0]])


def test_probabilities_do_not_add_up():
    table = ContingencyTable.from_probabilities([[0.5, 0.5]])
    for refused in (
        lambda: table + table,
        lambda: table.update([0], [0]),
        lambda: ContingencyTable() + table,
    ):
        with pytest.raises(ValueError, match="got probabilities"):
            refused()
    with pytest.raises(TypeError):
        table + 1
    with pytest.raises(TypeError, match="other must be a ContingencyTable, got list"):
        ContingencyTable().merge([])


def test_a_refused_update_changes_nothing():
    table = ContingencyTable.from_labels(["a", "b"], [1, 2])
    before = copy.copy(table)
    for x, y, weights in [
        ([1], [1], None),
        (["a"], [1, 2], None),
        (["a"], [1], [-1]),
        (["a"], [1], [np.nan]),
    ]:
        with pytest.raises((TypeError, ValueError)):
            table.update(x, y, weights)
        assert same(table, before)


def test_a_copy_goes_its_own_way():
    table = ContingencyTable.from_labels([1, 2], [1, 2], [0.1, 1e-40])
    for twin in (copy.copy(table), copy.deepcopy(table), pickle.loads(pickle.dumps(table))):
        assert same(table, twin)
        assert measures(table).tobytes() == measures(twin).tobytes()
        twin.update([1], [1], [0.3])
        assert table != twin
        assert table.total == pytest.approx(0.1)
    counts = ContingencyTable.from_labels(["a", "b"], [1.5, 2])
    assert same(counts, pickle.loads(pickle.dumps(counts)))
    for labels in (table.row_labels, table.column_labels, *table.margins, table.to_array().ravel()):
        labels[:] = 9
    assert same(table, pickle.loads(pickle.dumps(table)))
    assert table.row_labels.tolist() == [1, 2]


def test_a_table_has_no_hash():
    with pytest.raises(TypeError):
        hash(ContingencyTable())


# ----------------------------------------------------------------------------------------------------------
# Labels of every type


LABELS = {
    **{f"integers {dtype}": np.array([3, 1, 3, 2], dtype) for dtype in [*"bhiqBHIQ"]},
    "signed": np.array([-(2**63), 2**63 - 1, 0, -1]),
    "unsigned": np.array([2**64 - 1, 0, 2**63, 1], dtype=np.uint64),
    "bytes of eight bits": np.array([-128, 127, 0, -1], dtype=np.int8),
    "swapped": np.array([3, 1, 3, 2], dtype=">i4"),
    "bools": np.array([True, False, True, True]),
    "whole floats": np.array([3.0, -1.0, 3.0, 0.0]),
    "fractions": np.array([0.5, -0.25, 0.5, 1e300]),
    "half": np.array([0.5, 2, 3, 2], dtype=np.float16),
    "text": np.array(["b", "a", "longer", "b"]),
    "text objects": np.array(["b", "a", "longer", "b"], dtype=object),
    "bytes": np.array([b"b", b"a", b"longer", b"b"]),
    "dates": np.array(["2020-01-02", "1999-01-01", "2020-01-02", "2021-01-01"], dtype="M8[D]"),
    "durations": np.array([3, -1, 3, 0], dtype="m8[s]"),
    "large integers": np.array([2**70, 1, 2**70, 3], dtype=object),
    "categories": pd.Series(["b", "a", "longer", "b"], dtype="category"),
    "categories of integers": pd.Categorical([3, 1, 3, 2], categories=[3, 2, 1, 7]),
    "pandas text": pd.Series(["b", "a", "longer", "b"], dtype="string"),
    "pandas, other index": pd.Series([3, 1, 3, 2], index=[9, 8, 7, 6]),
    "polars text": pl.Series(["b", "a", "longer", "b"]),
    "polars categories": pl.Series(["b", "a", "longer", "b"], dtype=pl.Categorical),
    "arrow dictionary": pa.array(["b", "a", "longer", "b"]).dictionary_encode(),
    "list": ["b", "a", "longer", "b"],
    "tuple": (3, 1, 3, 2),
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS.keys())
def test_labels_come_back_in_their_order(labels):
    plain = labels.to_pylist() if isinstance(labels, pa.Array) else list(labels)
    table = ContingencyTable.from_labels(labels, [0, 0, 1, 1])
    assert (
        table.row_labels.tolist()
        == np.array(sorted(set(plain)), getattr(table.row_labels, "dtype", None)).tolist()
    )
    expected = [
        [
            sum(a == label and b == column for a, b in zip(plain, [0, 0, 1, 1], strict=True))
            for column in (0, 1)
        ]
        for label in sorted(set(plain))
    ]
    assert table.to_array().tolist() == expected
    assert same(table, ContingencyTable().update(labels[:2], [0, 0]).update(labels[2:], [1, 1]))
    weighted = ContingencyTable.from_labels([0, 0, 1, 1], labels, [1.0] * 4)
    assert weighted.column_labels.tolist() == table.row_labels.tolist()
    assert weighted.to_array().T.tolist() == expected


@pytest.mark.parametrize("n", [10, 5000, 100_000])
def test_labels_of_every_way_to_count(n):
    """Few, many, thinly spread and wide labels are counted differently, and all come back."""
    rng = rng_of(n)
    for x in (
        rng.integers(-4, 4, n),
        rng.integers(0, n, n),
        np.where(np.arange(n) > n - 3, 10**15, rng.integers(0, 5, n)),
        rng.integers(0, 9, n) * 10**17 - 2**60,
        rng.integers(-(2**62), 2**62, n),
        rng.integers(0, 3, n).astype(str),
    ):
        y = rng.integers(0, 3, n).astype(np.uint8)
        table = ContingencyTable.from_labels(x, y)
        labels, counts = np.unique(x, return_counts=True)
        assert np.array_equal(table.row_labels, labels)
        assert np.array_equal(table.margins[0], counts)
        weighted = ContingencyTable.from_labels(x, y, np.ones(n, int))
        assert same(table, weighted)


def test_types_that_meet():
    table = ContingencyTable.from_labels(np.array([1, 2], np.int8), ["a", "b"])
    table.update(np.array([2**40]), np.array(["longer"]))
    table.update(np.array([2**64 - 1], np.uint64), np.array(["b"], dtype=object))
    table.update([True, 1.5], ["a", "a"])
    assert table.row_labels.tolist() == [1, 1.5, 2, 2**40, 2**64 - 1]
    assert table.column_labels.tolist() == ["a", "b", "longer"]
    assert table.margins[0].tolist() == [2, 1, 1, 1, 1]
    for other in (["a"], [b"a"], np.array([1], "M8[s]"), np.array([1], "m8[s]")):
        with pytest.raises(TypeError, match="x must be labels that can be ordered"):
            table.update(other, ["a"])


def test_very_many_labels():
    n = 100_000
    table = ContingencyTable.from_labels(np.arange(n), np.arange(n)[::-1])
    table += ContingencyTable.from_labels(np.arange(n, n + 10), np.zeros(10, int))
    assert table.shape == (n + 10, n)
    assert table.to_sparse().sum() == table.total == n + 10
    assert table.conditional_entropy(1) == 0


# ----------------------------------------------------------------------------------------------------------
# Tables handed in


@pytest.mark.parametrize(
    "container", [np.asarray, np.asfortranarray, list, sparse.csr_array, sparse.coo_matrix, pd.DataFrame]
)
@pytest.mark.parametrize("dtype", [np.int64, np.uint8, bool, np.float64, np.float32])
def test_tables_come_back(container, dtype):
    matrix = rng_of(11).integers(0, 3, (4, 7)).astype(dtype)
    matrix[2], matrix[:, 3] = 0, 0
    table = ContingencyTable.from_counts(container(matrix))
    floats = np.dtype(dtype).kind == "f"
    assert table.kind == ("weights" if floats else "counts")
    assert np.array_equal(table.to_array(), matrix)
    assert table.to_array().dtype == (np.float64 if floats else np.int64)
    assert np.array_equal(table.to_sparse().toarray(), matrix)
    assert table.shape == matrix.shape
    assert table.total == matrix.sum()
    assert all(map(np.array_equal, table.margins, (matrix.sum(axis=1), matrix.sum(axis=0))))
    assert same(table, ContingencyTable.from_counts(table.to_sparse()))


def test_cells_named_twice_add_up():
    entries = sparse.coo_array(([0.1, 0.2, 0.7], ([0, 0, 1], [1, 1, 0])), shape=(2, 2))
    table = ContingencyTable.from_probabilities(entries)
    assert table.to_array().tolist() == [[0, math.fsum([0.1, 0.2])], [0.7, 0]]


def test_named_rows_and_columns():
    table = ContingencyTable.from_counts([[1, 2], [3, 4]], row_labels=["b", "a"], column_labels=[9.5, 1])
    assert table.row_labels.tolist() == ["a", "b"]
    assert table.column_labels.tolist() == [1, 9.5]
    assert table.to_array().tolist() == [[4, 3], [2, 1]]
    assert table.update(["c"], [1]).to_array().tolist() == [[4, 3], [2, 1], [1, 0]]
    weights = ContingencyTable.from_probabilities([[0.1, 0.9]], column_labels=["z", "y"])
    assert weights.to_array().tolist() == [[0.9, 0.1]]


def test_probabilities_need_not_be_exact():
    matrix = np.full((3, 7), 1 / 21)
    table = ContingencyTable.from_probabilities(matrix)
    assert np.array_equal(table.to_array(), matrix)
    assert table.mutual_information() == 0
    assert table.entropy() == math.log(21)
    assert ContingencyTable.from_probabilities(matrix * (1 + 5e-10)).entropy() == pytest.approx(
        math.log(21), rel=1e-15
    )


REFUSED = [
    ([[1, -1]], ValueError, "counts must be at least 0 and below 2.63, got -1"),
    ([[1.0, np.nan]], ValueError, "counts must be at least 0 and below 2.63, got nan"),
    ([[1.0, np.inf]], ValueError, "counts must be .*, got inf"),
    ([[1e19]], ValueError, "counts must be .*, got 1e.19"),
    (np.full((2, 2), 2**62), ValueError, "add up to less than 2.63"),
    (np.full((2, 2), 2.0**62), ValueError, "add up to less than 2.63"),
    ([1, 2], ValueError, r"counts must be a matrix, got shape \(2,\)"),
    (np.ones((1, 1, 1)), ValueError, "counts must be a matrix"),
    ([["a"]], TypeError, "counts must hold numbers, got <U1"),
    ([[None]], TypeError, "counts must hold numbers, got object"),
    ([[1j]], TypeError, "counts must hold numbers, got complex128"),
    (sparse.csr_array(np.array([[1, -2]])), ValueError, "counts must be .*, got -2"),
    (np.ma.masked_array([[1, 2]], [[True, False]]), TypeError, "without a mask"),
]


@pytest.mark.parametrize(("counts", "error", "text"), REFUSED)
def test_no_table(counts, error, text):
    with pytest.raises(error, match=text):
        ContingencyTable.from_counts(counts)
    with pytest.raises(error, match=text.replace("counts must", "probabilities must")):
        ContingencyTable.from_probabilities(counts)


@pytest.mark.parametrize("table", [[[0.5, 0.4]], [[1.0, 1e-8]], [[0.0]], np.zeros((0, 0)), [[2, 0]]])
def test_no_probabilities(table):
    with pytest.raises(ValueError, match="probabilities must add up to 1 within 1e-09, got "):
        ContingencyTable.from_probabilities(table)


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (([0, 1], [0]), ValueError, "x and y must have the same length, got 2 and 1"),
        (([0.0, np.nan], [0, 1]), ValueError, "x must not have missing values"),
        (([0, 1], [0.0, np.inf]), ValueError, "y must be finite"),
        (([[0, 1]], [0, 1]), ValueError, r"x must be a vector of labels, got shape \(1, 2\)"),
        ((np.array(["NaT"], "M8[D]"), [0]), ValueError, "x must not have missing values"),
        (([1j], [0]), TypeError, "x must hold numbers or labels"),
        ((np.array([1, "a"], object), [0, 1]), TypeError, "not supported"),
        (([0, 1], [0, 1], [1, -2]), ValueError, "weights must be at least 0 and below 2.63, got -2"),
        (([0, 1], [0, 1], [1, np.nan]), ValueError, "weights must be .*, got nan"),
        (([0, 1], [0, 1], [1]), ValueError, r"weights must be a vector of 2 numbers, got shape \(1,\)"),
        (([0, 1], [0, 1], ["a", "b"]), TypeError, "weights must hold numbers"),
        (([0, 1], [0, 1], [2**62, 2**62]), ValueError, "add up to less than 2.63"),
    ],
)
def test_no_labels(arguments, error, text):
    with pytest.raises(error, match=text):
        ContingencyTable.from_labels(*arguments)


def test_labels_that_do_not_fit():
    for labels, text in [
        (["a"], "row_labels must be 2 labels, got 1"),
        (["a", "a"], "row_labels must all be different"),
    ]:
        with pytest.raises(ValueError, match=text):
            ContingencyTable.from_counts([[1], [2]], row_labels=labels)


@pytest.mark.parametrize(
    "table", [ContingencyTable(), ContingencyTable.from_counts(np.zeros((2, 3)))], ids=repr
)
def test_nothing_counted_nothing_measured(table):
    assert table.total == 0
    assert table.to_array().shape == table.shape
    names = [name for name in dir(table) if not name.startswith(("_", "from_", "to_"))]
    properties = {"kind", "total", "shape", "margins", "row_labels", "column_labels"}
    for name in {*names} - properties - {"update", "merge"}:
        method = getattr(table, name)
        with pytest.raises(ValueError, match=r"at least one sample|counts"):
            method(0) if name == "conditional_entropy" else method()
    with pytest.raises(ValueError, match="at least one sample"):
        cluster.mutual_info_score(None, None, contingency=table)


def test_options_are_checked():
    table = ContingencyTable.from_counts([[1, 2], [3, 4]])
    for axis in (2, -1, "x", True, None):
        with pytest.raises(ValueError, match="axis must be 0"):
            table.conditional_entropy(axis)
    for base in (1, 0, -2, np.nan, "e"):
        with pytest.raises(ValueError, match="base must be"):
            table.mutual_information(base=base)
    with pytest.raises(ValueError, match="average_method must be"):
        table.normalized_mutual_information("mean")
    with pytest.raises(TypeError, match="average_method must be"):
        table.adjusted_mutual_information(2)
    with pytest.raises(ValueError, match="beta"):
        table.v_measure(-1)


def test_every_pair_of_tables_compares():
    tables = [
        ContingencyTable(),
        ContingencyTable.from_counts([[1, 2]]),
        ContingencyTable.from_counts([[1], [2]]),
        ContingencyTable.from_counts([[1, 3]]),
        ContingencyTable.from_counts([[1, 2]], column_labels=["a", "b"]),
        ContingencyTable.from_counts([[1.0, 2.0]]),
        ContingencyTable.from_probabilities([[0.25, 0.75]]),
        ContingencyTable.from_counts([[0.25, 0.75]]),
    ]
    for one, other in itertools.product(tables, repeat=2):
        assert (one == other) is (one is other)
    assert tables[0] != 3
    assert repr(tables[6]) == "ContingencyTable of probabilities: 1 x 2, total 1"
    assert mutua.ContingencyTable is ContingencyTable
