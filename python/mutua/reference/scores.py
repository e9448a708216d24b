"""Scores of two labelings, and of columns against a target: the package's functions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua.reference.distances import Floats, Integers
from mutua.reference.information import by_ties, ksg, ross
from mutua.reference.tables import CountTable


def mutual_information(x: NDArray[Any], y: NDArray[Any]) -> Any:
    """The plug-in of labels, `by_ties` of floats: what the measure is without options."""
    if x.dtype.kind == y.dtype.kind == "f":
        return by_ties(x, y, 3)
    return CountTable(x, y).mutual_information()


def mutual_information_columns(
    columns: Sequence[NDArray[Any]],
    target: NDArray[Any],
    n_neighbors: int,
    n_threads: int = 1,
    single_precision_target: bool = False,
) -> Floats:
    """Mutual information of each column with the target: floats are continuous, integers are labels.

    Two continuous samples: `ksg`. One: `ross` with expanded distances. None: the plug-in. Not cut off at 0.
    """
    scores = [_pair(column, target, n_neighbors, single_precision_target) for column in columns]
    return np.array(scores, dtype=np.float64)


def _pair(column: NDArray[Any], target: NDArray[Any], k: int, single_precision_target: bool) -> Any:
    continuous = column.dtype.kind == "f", target.dtype.kind == "f"
    if continuous == (True, True):
        return ksg(column, target, k)
    if continuous == (True, False):
        return ross(column, target, k=k, expanded=True)
    if continuous == (False, True):
        return ross(target, column, k=k, expanded=True, single_precision=single_precision_target)
    return CountTable(column, target).mutual_information()


def pairwise_mutual_information(
    x: Integers, y: Integers | None, out: Floats, unit: float = 1.0, n_threads: int = 1
) -> Floats:
    """Mutual information of each column of `x` with each of `y`, or of `x` itself: then the entropies are in
    the diagonal, for a column tells all about itself.
    """
    for i, column in enumerate(x.T):
        for j, other in enumerate((x if y is None else y).T):
            table = CountTable(column.astype(np.int64), other.astype(np.int64))
            out[i, j] = table.mutual_information() / unit
    return out


def mutual_info_score(x: Integers, y: Integers) -> float:
    """`CountTable.mutual_information`."""
    return CountTable(x, y).mutual_information()


def normalized_mutual_info_score(x: Integers, y: Integers, average_method: str = "arithmetic") -> float:
    """`CountTable.normalized_mutual_information`."""
    return CountTable(x, y).normalized_mutual_information(average_method)


def adjusted_mutual_info_score(x: Integers, y: Integers, average_method: str = "arithmetic") -> float:
    """`CountTable.adjusted_mutual_information`."""
    return CountTable(x, y).adjusted_mutual_information(average_method)


def homogeneity_completeness_v_measure(
    x: Integers, y: Integers, beta: float = 1.0
) -> tuple[float, float, float]:
    """`CountTable.homogeneity_and_completeness`, and their weighted harmonic mean."""
    h, c = CountTable(x, y).homogeneity_and_completeness()
    return h, c, (1 + beta) * h * c / (beta * h + c) if h * c > 0 else 0.0


def homogeneity_score(x: Integers, y: Integers) -> float:
    """The first of `homogeneity_completeness_v_measure`."""
    return homogeneity_completeness_v_measure(x, y)[0]


def completeness_score(x: Integers, y: Integers) -> float:
    """The second of `homogeneity_completeness_v_measure`."""
    return homogeneity_completeness_v_measure(x, y)[1]


def v_measure_score(x: Integers, y: Integers, beta: float = 1.0) -> float:
    """The third of `homogeneity_completeness_v_measure`."""
    return homogeneity_completeness_v_measure(x, y, beta)[2]


def rand_score(x: Integers, y: Integers) -> float:
    """The first of `CountTable.pair_indices`."""
    return CountTable(x, y).pair_indices()[0]


def adjusted_rand_score(x: Integers, y: Integers) -> float:
    """The second of `CountTable.pair_indices`."""
    return CountTable(x, y).pair_indices()[1]


def fowlkes_mallows_score(x: Integers, y: Integers) -> float:
    """The third of `CountTable.pair_indices`."""
    return CountTable(x, y).pair_indices()[2]
