"""Race the scores of labels against scikit-learn, NumPy and pandas: the tables of docs/benchmarks.md.

As `benches/neighbors.py` does: all sides in turn in one process on one thread, conversions included, and
the values must agree first.

    python benches/labels.py               # all of it: about ten minutes
    python benches/labels.py --quick       # small sizes, to see that it works
    python benches/labels.py --only int64  # some rows: those whose name begins so; or: growth
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import argparse
import math
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd
import sklearn.metrics
from sklearn.feature_selection import mutual_info_regression
from sklearn.metrics import mutual_info_score
from sklearn.metrics.cluster import contingency_matrix

import mutua
import mutua.metrics
from benches.contests import NOISE, SAME, Contest, Rival, pair
from benches.neighbors import race, rounds, versions
from benches.table import show

# A share of the read bandwidth that is to be reached, as what ours may take in units of reading.
BANDWIDTH = 1 / 0.6


def labels(n: int, n_labels: int, skewed: bool = False) -> list[np.ndarray]:
    """Two labelings that depend a little on each other; skewed, nine of ten samples have the first label."""
    rng = np.random.default_rng(n_labels)
    x, y = rng.integers(0, n_labels, (2, n))
    y = np.where(rng.random(n) < 0.2, x, y)
    return [np.where(rng.random(n) < 0.9, 0, side) for side in (x, y)] if skewed else [x, y]


def bincount(x: np.ndarray, y: np.ndarray, n_labels: int) -> float:
    """Mutual information by one pass that joins the labels and one that counts, all sizes known before."""
    counts = np.bincount(x * np.int64(n_labels) + y, minlength=n_labels**2).reshape(n_labels, n_labels)
    expected = counts.sum(1)[:, None] * (counts.sum(0) / len(x))
    there = counts > 0
    return counts[there] @ np.log(counts[there] / expected[there]) / len(x)


def table(
    work: str,
    sides: list[np.ndarray],
    n_labels: int,
    at_least: float,
    counting: float | None = None,
    read: bool = False,
) -> Contest:
    """`mutual_info_score` of labels below `n_labels`."""
    x, y = sides
    rivals = [
        Rival("scikit-learn", partial(mutual_info_score, x, y), SAME, at_least),
        Rival("`np.bincount`", partial(bincount, x, y, n_labels), SAME, counting),
    ]
    if read:
        rivals.append(
            Rival("reading: `x.max()`, `y.max()`", lambda: (x.max(), y.max()), None, at_most=BANDWIDTH)
        )
    return Contest(f"{work}, n = {len(x):,}", partial(mutua.metrics.mutual_info_score, x, y), rivals)


def words(n: int, n_labels: int, kind: type) -> list[np.ndarray]:
    """The same labels as texts."""
    names = np.array([f"label{i}" for i in range(n_labels)])
    return [names[side].astype(kind) for side in labels(n, n_labels)]


def texts(n: int, n_labels: int, kind: type) -> Contest:
    """`mutual_info_score` of texts; the last rival only numbers them, as pandas does best."""
    x, y = words(n, n_labels, kind)
    return Contest(
        f"{'objects' if kind is object else 'fixed width'}: {n_labels:,} texts, n = {n:,}",
        partial(mutua.metrics.mutual_info_score, x, y),
        [
            Rival("scikit-learn", partial(mutual_info_score, x, y), SAME, 5),
            Rival("`pandas.factorize` of both", lambda: (pd.factorize(x), pd.factorize(y)), None, at_most=1),
        ],
    )


def tables(work: str, sides: list[np.ndarray], at_least: float) -> Contest:
    """`ContingencyTable.from_labels`, which keeps the labels, and the information in it."""
    x, y = sides

    def theirs() -> float:
        return mutual_info_score(None, None, contingency=contingency_matrix(x, y, sparse=True))

    return Contest(
        f"`ContingencyTable.from_labels`, {work}, n = {len(x):,}",
        lambda: mutua.ContingencyTable.from_labels(x, y).mutual_information(),
        [
            Rival("scikit-learn, `contingency_matrix`", theirs, SAME, at_least),
            Rival(
                "ours, `mutual_info_score`", partial(mutua.metrics.mutual_info_score, x, y), 0, at_most=1.5
            ),
        ],
    )


def categories(n: int, n_labels: int) -> Contest:
    names = np.array([f"label{i}" for i in range(n_labels)])
    x, y = (pd.Series(pd.Categorical.from_codes(side, names)) for side in labels(n, n_labels))
    codes = [side.cat.codes.to_numpy() for side in (x, y)]
    return Contest(
        f"pandas categories: {n_labels} x {n_labels}, n = {n:,}",
        partial(mutua.metrics.mutual_info_score, x, y),
        [
            Rival("scikit-learn, of the codes", partial(mutual_info_score, *codes), SAME, 30),
            Rival("`np.bincount`, of the codes", partial(bincount, *codes, n_labels), SAME, 5),
        ],
    )


def small(name: str) -> Contest:
    """A score of fifty samples: next to nothing but the way in and out."""
    x, y = labels(50, 4)
    return Contest(
        f"`{name}`, n = 50",
        partial(getattr(mutua.metrics, name), x, y),
        [
            Rival("scikit-learn", partial(getattr(sklearn.metrics, name), x, y), SAME, 300),
            Rival("`math.hypot(1.0, 2.0)`", partial(math.hypot, 1.0, 2.0), None, at_most=8),
        ],
    )


def own(n: int) -> Contest:
    x, y = labels(n, 4)
    return Contest(
        f"`mutua.mutual_information` of labels, n = {n}",
        partial(mutua.mutual_information, x, y),
        [
            Rival("scikit-learn", partial(mutual_info_score, x, y), SAME, 300),
            Rival("`math.hypot(1.0, 2.0)`", partial(math.hypot, 1.0, 2.0), None, at_most=8),
        ],
    )


def neighbors(n: int) -> Contest:
    x, y = pair(n)
    theirs = partial(mutual_info_regression, x[:, None], y, n_neighbors=3, random_state=0)
    return Contest(
        f"KSG, k = 3, n = {n}",
        partial(mutua.mutual_information, x, y, estimator=mutua.KSG(k=3)),
        [Rival("scikit-learn", lambda: theirs()[0], NOISE, 200)],
    )


def awkward(n: int) -> dict[str, list[np.ndarray]]:
    """Labels that break careless tables and hashes."""
    rng = np.random.default_rng(n)
    distinct = rng.permutation(n)
    return {
        "2^63 apart": [np.where(side, np.int64(2**63 - 1), -(2**63)) for side in labels(n, 2)],
        "all distinct": [distinct, distinct[::-1].copy()],
        "all distinct, spread over 64 bits": list(rng.integers(-(2**63), 2**63, (2, n))),
        "all equal": [np.full(n, 7)] * 2,
        "multiples of 2^40": [side << 40 for side in labels(n, 100_000)],
        "one at 2^62, the last": [np.append(side[1:], 2**62) for side in labels(n, 100)],
        "10,000 x 10,000": labels(n, 10_000),
        "i % 8000, i % 7000": [np.arange(n) % 8000, np.arange(n) % 7000],
    }


def race_growth(n: int, quick: bool) -> None:
    """Four times the samples must not take six times as long."""
    print(f"\n| labels | n = {n:,} | n = {4 * n:,} | ratio | floor |\n|---|---|---|---|---|")
    for (name, less), more in zip(awkward(n).items(), awkward(4 * n).values(), strict=True):
        calls = [partial(mutua.metrics.mutual_info_score, *sides) for sides in (less, more)]
        times = rounds(calls, time.perf_counter, quick)
        ratio = np.median(times[:, 1] / times[:, 0])
        took = " | ".join(show(np.median(column)) for column in times.T)
        print(
            f"| {name} | {took} | {ratio:.2f} | {'≤ 6' if ratio <= 6 or quick else '≤ 6, missed'} |",
            flush=True,
        )


def contests(quick: bool) -> dict[str, Callable[[], Contest]]:
    """By the names that `--only` takes; data are made when a contest begins."""
    large, million, many = (20_000, 10_000, 500) if quick else (10_000_000, 1_000_000, 100_000)
    found: dict[str, Callable[[], Contest]] = {}
    for k in (10, 64, 256):
        found[f"int64-{k}"] = lambda k=k: table(f"int64, {k} x {k}", labels(large, k), k, 30, 2, True)
        found[f"int64-{k}-skewed"] = lambda k=k: table(
            f"int64, skewed, {k} x {k}", labels(large, k, skewed=True), k, 30, 2, True
        )
        found[f"uint8-{k}"] = lambda k=k: table(
            f"uint8, {k} x {k}", [side.astype(np.uint8) for side in labels(large, k)], k, 30, 5
        )
    found["categories"] = lambda: categories(large, 10)
    found["int64-1000"] = lambda: table("int64, 1000 x 1000", labels(large, 1000), 1000, 10)
    found["sparse"] = lambda: table("int64, 8000 x 8000", labels(million, 8000), 8000, 5)
    found["text-fixed"] = lambda: texts(million, many, np.str_)
    found["text-objects"] = lambda: texts(million, many, object)
    found["table-int64"] = lambda: tables("int64, 10 x 10", labels(large, 10), 30)
    found["table-text"] = lambda: tables("10 x 10 texts", words(million, 10, np.str_), 5)
    for name in (
        "mutual_info_score",
        "normalized_mutual_info_score",
        "v_measure_score",
        "adjusted_rand_score",
    ):
        found[f"small-{name}"] = partial(small, name)
    found["small-own"] = lambda: own(50)
    found["small-ksg"] = lambda: neighbors(200)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, one round, floors not judged")
    parser.add_argument("--only", action="append", help="the beginning of a name; may be repeated")
    arguments = parser.parse_args()
    quick = arguments.quick
    chosen = tuple(arguments.only or [""])
    print(versions() + "\n\n| work | ours | rival | its time | ratio | floor |\n|---|---|---|---|---|---|")
    for name, contest in contests(quick).items():
        if name.startswith(chosen):
            race(contest(), time.perf_counter, quick)
    if "growth".startswith(chosen):
        for n in (2_000,) if quick else (100_000, 1_000_000):
            race_growth(n, quick)


if __name__ == "__main__":
    main()
