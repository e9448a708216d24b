"""Race the adjusted mutual information, and print the table of docs/benchmarks.md.

As in `benches/neighbors.py`: all sides in turn in one process on one thread, medians of the ratios within a
round.

    python benches/scores.py             # a few minutes
    python benches/scores.py --quick     # small sizes, to see that it works
    python benches/scores.py --only few  # one row

Needs SciPy and scikit-learn.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import sklearn.metrics

import mutua.metrics
from benches.contests import Contest, Rival
from benches.neighbors import main

# scikit-learn's expectation is off by 1e-9 at a million samples.
FACTORIALS = 1e-7


def random_labels(n: int, n_labels: int) -> np.ndarray:
    return np.random.default_rng(n_labels).integers(0, n_labels, (2, n))


def information(labels: np.ndarray, at_most: float | None) -> Rival:
    """Ours of the same labels, before it is adjusted."""
    return Rival(
        "our `mutual_info_score`", partial(mutua.metrics.mutual_info_score, *labels), None, at_most=at_most
    )


def adjusted(work: str, labels: np.ndarray, rivals: list[Rival]) -> Contest:
    return Contest(work, partial(mutua.metrics.adjusted_mutual_info_score, *labels), rivals)


def few(n: int) -> Contest:
    labels = random_labels(n, 5)
    call = partial(sklearn.metrics.adjusted_mutual_info_score, *labels)
    rivals = [Rival("scikit-learn", call, FACTORIALS, 50), information(labels, 1.3)]
    return adjusted(f"AMI, 5 and 5 labels, n = {n:,}", labels, rivals)


def many(n: int, n_labels: int, times: int) -> Contest:
    """scikit-learn takes as long for each pair of clusters of the same sizes: fewer pairs, multiplied."""
    labels, fewer = random_labels(n, n_labels), random_labels(n // times, n_labels // times)
    ours, theirs = (
        metrics.adjusted_mutual_info_score(*fewer) for metrics in (mutua.metrics, sklearn.metrics)
    )
    if abs(ours - theirs) > FACTORIALS:
        sys.exit(f"ours is {ours}, scikit-learn has {theirs}")
    extrapolated = Rival(
        f"scikit-learn, from a {times}th of the labels and samples",
        partial(sklearn.metrics.adjusted_mutual_info_score, *fewer),
        None,
        3_000,
        calls=times**2,
        is_part=True,
    )
    work = f"AMI, {n_labels:,} and {n_labels:,} labels, n = {n:,}"
    return adjusted(work, labels, [extrapolated, information(labels, None)])


def equal_sizes(n: int) -> Contest:
    labels = np.stack([np.arange(n) % 8_000, np.arange(n) % 7_000])
    return adjusted(f"AMI, labels i % 8000 and i % 7000, n = {n:,}", labels, [information(labels, 1.5)])


def expectation(n_sizes: int) -> Contest:
    """Every cluster of another size: the most that there is to do."""
    sizes = np.arange(1, n_sizes + 1)
    n = int(sizes.sum())
    labels = [np.repeat(sizes, sizes), np.random.default_rng(0).permutation(np.repeat(sizes, sizes))]
    work = f"AMI, {n_sizes:,} and {n_sizes:,} labels, no two clusters of one size, n = {n:,}"
    return adjusted(work, np.stack(labels), [information(np.stack(labels), None)])


def contests(quick: bool) -> dict[str, Callable[[], Contest]]:
    million = 20_000 if quick else 1_000_000
    return {
        "few": lambda: few(million),
        "many": lambda: many(million, million // 100, 10),
        "equal-sizes": lambda: equal_sizes(million),
        "distinct-sizes": lambda: expectation(100 if quick else 1_000),
    }


if __name__ == "__main__":
    main(contests, __doc__)
