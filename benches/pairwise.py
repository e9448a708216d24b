"""Race matrices of information between label columns, and print the table of docs/benchmarks.md.

As in `benches/neighbors.py`: all sides in turn in one process on one thread, conversions included, medians
of the ratios within a round. A rival that takes too long is timed on some of the columns, and its time
multiplied by how many times more pairs there are.

    python benches/pairwise.py                # a few minutes
    python benches/pairwise.py --quick        # small sizes, to see that it works
    python benches/pairwise.py --only binary  # one row

Needs SciPy and scikit-learn; numba is left out where it is not installed.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from sklearn.metrics import mutual_info_score as sklearn_score

from benches.contests import SAME, Contest, Rival
from benches.matrix_rivals import compiled_products, compiled_tables, one_hot_product, one_level_product
from benches.neighbors import main
from mutua import pairwise_mutual_information
from mutua.metrics import mutual_info_score


def one_by_one(score: Callable[..., float], labels: np.ndarray) -> np.ndarray:
    """A loop over a function of two columns."""
    columns = np.ascontiguousarray(labels.T)
    out = np.empty((len(columns),) * 2)
    for i, column in enumerate(columns):
        for j in range(i, len(columns)):
            out[i, j] = out[j, i] = score(column, columns[j])
    return out


def some(
    name: str, call: Callable[..., Any], labels: np.ndarray, few: int, at_least: float | None = None
) -> Rival:
    """A rival on the first few columns, in units of all pairs."""

    def pairs(n_columns: int) -> int:
        return n_columns * (n_columns + 1) // 2

    n_columns = labels.shape[1]
    few = min(few, n_columns)
    part = np.ascontiguousarray(labels[:, :few])
    run = partial(call, part)
    try:
        difference = np.abs(run() - pairwise_mutual_information(part)).max()
    except ImportError:
        difference = 0.0
    if difference > SAME:
        sys.exit(f"{name} differs by {difference}")
    name = name if few == n_columns else f"{name}, from {few} columns"
    return Rival(name, run, None, at_least, calls=pairs(n_columns) / pairs(few), is_part=True)


def binary(n: int, n_columns: int) -> Contest:
    rng = np.random.default_rng(n)
    labels = (rng.random((n, n_columns)) < rng.random(n_columns)).astype(np.uint8)
    return Contest(
        f"{n_columns:,} binary columns, n = {n:,}",
        partial(pairwise_mutual_information, labels),
        [
            some("numba, a table for each pair", partial(compiled_tables, n_levels=2), labels, 200, 100),
            some("numba, sums of products", compiled_products, labels, 200),
            Rival("NumPy, one-hot `sgemm`", partial(one_hot_product, labels), SAME, 10),
            Rival("NumPy, `sgemm` of one level", partial(one_level_product, labels), SAME, 10),
        ],
    )


def levels(n: int, n_columns: int, n_levels: int, sklearn: float | None, ours: float | None) -> Contest:
    labels = np.random.default_rng(n).integers(0, n_levels, (n, n_columns))
    return Contest(
        f"{n_columns:,} columns of {n_levels} levels, n = {n:,}",
        partial(pairwise_mutual_information, labels),
        [
            some("scikit-learn, pair by pair", partial(one_by_one, sklearn_score), labels, 20, sklearn),
            some("ours, pair by pair", partial(one_by_one, mutual_info_score), labels, 40, ours),
            some("numba, a table for each pair", partial(compiled_tables, n_levels=n_levels), labels, 40),
        ],
    )


def threads(n: int, n_columns: int) -> Contest:
    labels = np.random.default_rng(n).integers(0, 2, (n, n_columns)).astype(np.uint8)
    alone = Rival("ours, one thread", partial(pairwise_mutual_information, labels), 0)
    two = partial(pairwise_mutual_information, labels, n_jobs=2)
    return Contest(f"{n_columns:,} binary columns, two threads, n = {n:,}", two, [alone])


def contests(quick: bool) -> dict[str, Callable[[], Contest]]:
    n, columns = (1_000, 70) if quick else (10_000, 2_000)
    return {
        "binary": lambda: binary(n, columns),
        "ten": lambda: levels(1_000, columns // 2, 10, 1_000, 4),
        "fifty": lambda: levels(n, columns // 10, 50, None, None),
        "many": lambda: levels(n, columns // 20, 1_000, None, None),
        "threads": lambda: threads(n, columns),
    }


if __name__ == "__main__":
    main(contests, __doc__)
