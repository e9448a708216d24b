"""Matrices of information: against the score of each pair, and everything a caller can ask of them."""

import threading

import numpy as np
import pandas as pd
import pytest

import mutua
from mutua import _core, pairwise_mutual_information
from mutua.metrics import mutual_info_score
from mutua.metrics.cluster import entropy

RNG = np.random.RandomState(0)
MIXED = np.stack([RNG.randint(0, levels, 1001) for levels in [*range(1, 41), 300, 10**6]], axis=1)
MANY = RNG.randint(0, 3, (500, 700))


def one_by_one(x, y=None):
    """Also where a column meets itself: it tells all about itself."""
    others = x if y is None else y
    return np.array([[mutual_info_score(a, b) for b in others.T] for a in x.T])


@pytest.mark.parametrize("n", [1, 2, 63, 64, 65, 1001])
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_number_of_levels(n, order):
    x = np.asarray(MIXED[:n], order=order)
    assert np.array_equal(pairwise_mutual_information(x), one_by_one(x))


@pytest.mark.parametrize(
    "dtype", [bool, np.int8, np.uint8, ">i2", np.uint32, np.int64, np.uint64, str, object]
)
def test_types_of_labels(dtype):
    x = (MIXED[:, 1:8] % 7).astype(dtype)
    assert np.array_equal(pairwise_mutual_information(x), one_by_one(x))


def test_views():
    x = MIXED[::-2, 3:30:3]
    assert np.array_equal(pairwise_mutual_information(x), one_by_one(x))
    wide = MIXED.astype(np.uint64) + 2**63
    assert np.array_equal(pairwise_mutual_information(wide), pairwise_mutual_information(MIXED))


@pytest.mark.parametrize("n_columns", [1, 63, 64, 65, 130])
def test_blocks_of_columns(n_columns):
    x = MANY[:100, :n_columns]
    assert np.array_equal(pairwise_mutual_information(x), one_by_one(x))


def test_a_rectangle():
    x, y = MIXED[:, :30], MIXED[:, 25:]
    found = pairwise_mutual_information(x, y)
    assert found.shape == (30, 17)
    assert np.array_equal(found, one_by_one(x, y))


def test_more_samples_than_the_table_has_values():
    x = RNG.randint(0, [2, 3, 20, 5000], (2**16 + 3, 4))
    assert np.array_equal(pairwise_mutual_information(x), one_by_one(x))


def test_independent_columns_share_nothing():
    n = 10_000
    x = np.stack([np.arange(n) % 10, np.arange(n) // 10 % 10, np.arange(n) // 100 % 2], axis=1)
    found = pairwise_mutual_information(x)
    assert np.array_equal(found == 0, ~np.eye(3, dtype=bool))
    nearly = pairwise_mutual_information(np.concatenate([x, x[:1]]))
    assert np.all(nearly > 0)
    assert np.array_equal(nearly, one_by_one(np.concatenate([x, x[:1]])))


def test_the_diagonal_holds_entropies():
    with pytest.warns(FutureWarning):
        expected = [entropy(column) for column in MIXED.T]
    assert np.array_equal(np.diag(pairwise_mutual_information(MIXED)), expected)


def test_units():
    bits = pairwise_mutual_information(MIXED, base=2)
    assert np.array_equal(bits, pairwise_mutual_information(MIXED) / np.log(2))
    assert bits[3, 4] == mutua.mutual_information(MIXED[:, 3], MIXED[:, 4], base=2)


@pytest.mark.parametrize("n_jobs", [2, 3, -1])
def test_any_number_of_threads(n_jobs):
    for x in (MIXED, MANY):
        assert np.array_equal(pairwise_mutual_information(x, n_jobs=n_jobs), pairwise_mutual_information(x))


def test_order_of_samples_and_names_of_labels():
    order = RNG.permutation(len(MIXED))
    expected = pairwise_mutual_information(MIXED)
    assert np.array_equal(pairwise_mutual_information(MIXED[order] * -7), expected)
    assert np.array_equal(expected, expected.T)


def test_frames():
    frame = pd.DataFrame({"a": [1, 2, 1, 2], "b": ["x", "y", "x", "x"], "c": [True, False, True, False]})
    frame["d"] = frame.b.astype("category")
    labels = np.array([[0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 1, 0]])
    assert np.array_equal(pairwise_mutual_information(frame), pairwise_mutual_information(labels))
    integers = frame[["a"]].assign(e=[3, 3, 4, 4])
    assert np.array_equal(pairwise_mutual_information(integers), pairwise_mutual_information(integers.values))
    with pytest.raises(ValueError, match=r"X\['x'\] must hold labels .* got float64"):
        pairwise_mutual_information(frame.assign(x=0.5))


def test_out(tmp_path):
    expected = pairwise_mutual_information(MIXED)
    out = np.full_like(expected, np.nan)
    assert pairwise_mutual_information(MIXED, out=out) is out
    assert np.array_equal(out, expected)
    mapped = np.memmap(tmp_path / "matrix", np.float64, "w+", shape=expected.shape)
    assert pairwise_mutual_information(MIXED, out=mapped) is mapped
    mapped.flush()
    assert np.array_equal(np.fromfile(tmp_path / "matrix"), expected.ravel())
    square = np.ascontiguousarray(MIXED[: MIXED.shape[1]])
    expected = pairwise_mutual_information(square)
    assert np.array_equal(pairwise_mutual_information(square, out=square.view(np.float64)), expected)


def test_progress():
    x, heard = RNG.randint(0, 2, (20_000, 1500)).astype(np.int8), []

    def progress(done, total):
        heard.append((threading.get_ident(), done, total))

    expected = pairwise_mutual_information(x)
    assert np.array_equal(pairwise_mutual_information(x, n_jobs=2, progress=progress), expected)
    threads, done, totals = zip(*heard, strict=True)
    assert set(threads) == {threading.get_ident()}
    assert set(totals) == {1500 * 1501 // 2}
    assert list(done) == sorted(done)
    assert done[-1] == totals[-1]


class Enough(Exception):
    pass


def test_what_progress_raises_ends_the_computation():
    def progress(done, total):
        raise Enough

    with pytest.raises(Enough):
        pairwise_mutual_information(RNG.randint(0, 200, (20_000, 300)), n_jobs=2, progress=progress)
    with pytest.raises(Enough):
        pairwise_mutual_information([[0, 1]], progress=progress)


def test_two_calls_may_write_to_one_matrix():
    """What they leave is not defined for different columns; for the same it is."""
    out = np.empty((MANY.shape[1],) * 2)
    calls = [
        threading.Thread(target=pairwise_mutual_information, args=(MANY,), kwargs={"out": out})
        for _ in range(3)
    ]
    for call in calls:
        call.start()
    assert isinstance(_core.kraskov(out[0], out[0], 3), float)
    for call in calls:
        call.join()
    assert np.array_equal(out, pairwise_mutual_information(MANY))


REFUSED = [
    (([1, 2],), {}, "X must be a matrix with a row for each sample, got shape"),
    (([[0.5, 1.0]],), {}, "X, column 0 must hold labels .* got float64: floats are continuous"),
    ((np.zeros((0, 3), dtype=int),), {}, "X must have at least one sample"),
    ((np.zeros((3, 0), dtype=int),), {}, "X must be a vector, or a matrix with at least one column"),
    (([[1], [2]], [[1]]), {}, "X and Y must have the same length, got 2 and 1"),
    (([[1], [2]],), {"out": np.empty((2, 2))}, r"out must have shape \(1, 1\) .* got shape \(2, 2\)"),
    (([[1, 2]],), {"out": np.empty((2, 2), order="F")}, "out must .* C-contiguous"),
    (([[1]],), {"out": np.broadcast_to(np.zeros(1), (1, 1))}, "writeable"),
    (([[1]],), {"base": 1}, "base must be"),
    (([[1]],), {"n_jobs": 0}, "n_jobs"),
]


@pytest.mark.parametrize(("args", "options", "message"), REFUSED)
def test_refused_values(args, options, message):
    with pytest.raises(ValueError, match=message):
        pairwise_mutual_information(*args, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"out": [[0.0]]}, "out must be an array of float64, got list"),
        ({"out": np.zeros((1, 1), np.float32)}, "out must be an array of float64, got float32"),
        ({"progress": True}, "progress must be callable, got bool"),
    ],
)
def test_refused_types(options, message):
    with pytest.raises(TypeError, match=message):
        pairwise_mutual_information([[1]], **options)
