"""How far off the score of a column may be, and whether it is more than chance."""

import math
from dataclasses import replace

import numpy as np

from mutua._auto import error
from mutua._column_and_target import Pair
from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION
from mutua._variables import Variable
from mutua.estimators import KSG, AtomSplit, Mixture, Ross
from mutua.independence import independence_test
from mutua.measures import route

# The p-value: see `pvalue`.
PERMUTATIONS = 999
ENOUGH = 20
CLEAR = 1e-3  # no permutations are needed to say so
FEW_CLASSES = 20
# The mark: see `is_hidden`.
NEAR_ZERO = 0.1
HIGH = 0.05
SHUFFLES = 99
MANY_VALUES = 10
# Of both, so that they take no longer for large tables.
SHUFFLED_ROWS = 1000


def standard_error(pair: Pair, k: int) -> float:
    """In nats: of the mean of what rows contribute to the estimator that the own API has for such data."""
    x, y = pair.samples()
    data = Observations.of(Variable.read("x", x), Variable.read("y", y))
    estimator = route(MUTUAL_INFORMATION, data)
    if isinstance(estimator, KSG | Ross | Mixture | AtomSplit):
        estimator = type(estimator)(k=min(k, len(data) - 1))
    contributions = estimator._estimate(MUTUAL_INFORMATION, data, True, 1)
    return error.sampling_error(contributions, len(data), error.freedom(data))


def pvalue(pair: Pair, seed: int) -> float | None:
    """Of independence, of this column by itself; None where rows are too few.

    Of two discrete columns by the chi-square law, unless there are few rows per cell. Otherwise by 999
    permutations of at most 1000 rows, fewer where 20 of them share as much. Beside a continuous column and
    another, or few classes, twice the smaller of this and that of their correlations, of normal scores of all
    rows: these see what is weak but monotone, and save the permutations where they are clear.
    """
    x, y = pair.samples()
    try:
        if pair.x.discrete and pair.y.discrete and not pair.is_sparse():
            return float(independence_test(x, y, method="chi-square").pvalue)
        of_scores = _of_scores(pair)
        if 2 * of_scores < CLEAR:
            return 2 * of_scores
        rows = np.random.default_rng(seed).permutation(len(x))[:SHUFFLED_ROWS]
        found = independence_test(
            x[rows], y[rows], n_permutations=PERMUTATIONS, stop=ENOUGH, seed=seed
        ).pvalue
    except ValueError:
        return None
    return float(min(2 * found, 2 * of_scores, 1.0)) if math.isfinite(of_scores) else float(found)


def _of_scores(pair: Pair) -> float:
    """The p-value of the correlations, of classes by their indicators; infinite if it is not sought."""
    sizes = pair.class_sizes()
    if len(sizes) == 2 or any(len(size) > FEW_CLASSES for size in sizes):
        return math.inf
    columns = [
        (data[:, np.newaxis] == np.unique(data)[1:]).astype(np.float64) if side.discrete else data
        for side, data in zip((pair.x, pair.y), pair.samples(), strict=True)
    ]
    return float(independence_test(*columns, method="gaussian").pvalue)


def is_hidden(
    pair: Pair, value: float, pearson: float | None, spearman: float | None, k: int, seed: int
) -> bool:
    """Whether the dependence is plain and the correlations miss it.

    Both correlations are within 0.1 of zero (within 2 / sqrt(rows) where that is more), and the mutual
    information is at least 0.05 nats and more than twice the largest among 99 shuffles of the target. The
    shuffles use at most 1000 rows, which only makes the test stricter. Text with more than 10 values is never
    marked: one of many against the rest correlates little with anything.
    """
    if pearson is None or spearman is None or value < HIGH:
        return False
    if any(side.nominal and (side.distinct or 0) > MANY_VALUES for side in (pair.x, pair.y)):
        return False
    if max(abs(pearson), abs(spearman)) > max(NEAR_ZERO, 2 / math.sqrt(len(pair.a))):
        return False
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(pair.a))[:SHUFFLED_ROWS]
    for _ in range(SHUFFLES):
        shuffled = replace(pair, a=pair.a[rows], b=pair.b[rng.permutation(rows)])
        if shuffled.obstacle(k) or 2 * shuffled.mutual_information(k, seed) >= value:
            return False
    return True
