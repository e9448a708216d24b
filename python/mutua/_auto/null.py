"""How probable as much is where nothing is shared."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._auto.calibrated import Calibrated
from mutua._auto.choice import Choice
from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION, Quantity
from mutua.estimators.counts import PlugIn

_N_PERMUTATIONS = 99


def pvalue(
    quantity: Quantity, data: Observations, choice: Choice, size: float, seed: int, n_threads: int
) -> float:
    """Of independence; NaN where there is no null law for it.

    For labels the chi-square law, for a copula that of its likelihood ratio, with what neighbours find beyond
    it; for others permutations, of series shifts. `size` is how many independent samples tell as much.
    """
    if all(variable.is_discrete for variable in data.variables):
        return _of_table(quantity, data, size, n_threads)
    if choice.calibrated is not None:
        return _of_copula(quantity, choice.calibrated, size / len(data))
    if quantity != MUTUAL_INFORMATION:
        return math.nan
    return _of_permutations(quantity, data, choice, size < len(data), seed, n_threads)


def _of_table(quantity: Quantity, data: Observations, size: float, n_threads: int) -> float:
    """``2 n I`` has ``(r - 1)(c - 1)`` degrees of freedom, for each label of what is given."""
    x, y, *given = [variable.labels() for variable in data.variables]
    z = given[0] if given else np.zeros_like(x)
    sizes = [_labels_for_each(labels, z) for labels in (x, y)]
    freedom = int(np.sum((sizes[0] - 1) * (sizes[1] - 1)))
    statistic = 2 * size * max(float(PlugIn()._estimate(quantity, data, False, n_threads)), 0.0)
    return float(_core.chi_square_survival(freedom, statistic)) if freedom > 0 else 1.0


def _labels_for_each(labels: NDArray[np.int64], given: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many labels occur with each that is given."""
    pairs = np.unique(np.column_stack([given, labels]), axis=0)
    return np.unique(pairs[:, 0], return_counts=True)[1]


def _of_copula(quantity: Quantity, found: Calibrated, share: float) -> float:
    """The less probable of two, twice: correlations as large, and as much beyond the copula in any view."""
    n, widths = len(found.parts[0]), [part.shape[1] for part in found.parts]
    correlations = np.atleast_2d(np.corrcoef(np.hstack(found.parts).T))
    ends = np.cumsum(widths)
    columns = np.split(np.arange(ends[-1]), ends[:-1])
    logarithms = 0.0
    for coefficient, mask in quantity.terms:
        part = np.concatenate([part for i, part in enumerate(columns) if mask >> i & 1])
        logarithms += coefficient * float(np.linalg.slogdet(correlations[np.ix_(part, part)])[1])
    freedom = widths[0] * widths[1]
    others = sum(widths[2:])
    ratio = (n - others - (widths[0] + widths[1] + 3) / 2) * logarithms  # Bartlett (1938)
    if not found.copula.is_normal:
        freedom, ratio = freedom + 1, ratio + 2 * found.copula.gain
    normal = float(_core.chi_square_survival(freedom, max(share * ratio, 0.0)))
    beyond = max((view.deviations for view in found.seen), default=0.0)
    neighbors = len(found.seen) * (1 - NormalDist().cdf(beyond * math.sqrt(share)))
    return min(2 * min(normal, neighbors), 1.0) if found.seen else min(normal, 1.0)


def _of_permutations(
    quantity: Quantity, data: Observations, choice: Choice, is_series: bool, seed: int, n_threads: int
) -> float:
    rng = np.random.default_rng([seed, 1])
    x, y = data.variables
    found = float(choice.estimator._estimate(quantity, data, False, n_threads))
    as_large = 0
    for _ in range(_N_PERMUTATIONS):
        n = len(data)
        order = np.roll(np.arange(n), rng.integers(n)) if is_series else rng.permutation(n)
        shuffled = replace(y, array=y.array[order])
        null = choice.estimator._estimate(quantity, Observations((x, shuffled)), False, n_threads)
        as_large += float(null) >= found
    return (as_large + 1) / (_N_PERMUTATIONS + 1)
