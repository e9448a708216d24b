"""The distribution of a statistic where there is nothing to share, and the p-values that follow from it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION
from mutua._variables import Variable
from mutua.estimators import Gaussian, GaussianCopula

Floats = NDArray[np.float64]
Alternative = Literal["greater", "less", "two-sided"]

_SAME = 1e-13  # nats: rounding makes no difference
_SAMPLES = 1 << 21  # in the orders of a batch
_AT_ONCE = 16  # surrogates at least, where it may be over soon


@dataclass(frozen=True, slots=True)
class Null:
    """What surrogates have, in turn, and how many of them were asked for."""

    values: Floats
    pvalue: Any

    @classmethod
    def drawn(
        cls,
        statistic: float,
        values: Callable[[int, int], Floats],
        n: int,
        alternative: Alternative,
        stop: int | None,
        n_samples: int,
    ) -> "Null":
        """Of up to `n` surrogates; no more once `stop` of them are as extreme (Besag and Clifford 1991)."""
        batch = max(1, _SAMPLES // n_samples)
        if stop is not None:
            batch = min(batch, max(_AT_ONCE, 2 * stop))
        found: list[Floats] = []
        n_extreme = 0
        for first in range(0, n, batch):
            found.append(values(first, min(batch, n - first)))
            if stop is None:
                continue
            reached = n_extreme + np.cumsum(_as_extreme(statistic, found[-1], alternative))
            if reached[-1] >= stop:
                last = int(np.argmax(reached >= stop))
                found[-1] = found[-1][: last + 1]
                return cls(np.concatenate(found), stop / (first + last + 1))
            n_extreme = int(reached[-1])
        null = np.concatenate(found)
        return cls(null, pvalue(statistic, null, alternative))


def pvalue(statistic: Any, null: Floats, alternative: Alternative) -> Any:
    """One plus the surrogates as extreme, of one plus all: never 0 (Phipson and Smyth 2010)."""
    if alternative == "two-sided":
        greater, less = pvalue(statistic, null, "greater"), pvalue(statistic, null, "less")
        return np.minimum(1.0, 2 * np.minimum(greater, less))
    return (1 + np.sum(_as_extreme(statistic, null, alternative), axis=0)) / (1 + len(null))


def _as_extreme(statistic: Any, null: Floats, alternative: Alternative) -> NDArray[np.bool_]:
    if alternative == "less":
        return np.asarray(null <= statistic + _SAME)
    return np.asarray(null >= statistic - _SAME)


def chi_square(data: Observations) -> tuple[float, float]:
    """The plug-in information of labels, and its p-value in the limit of many samples (Wilks 1938)."""
    x, y, *given = (variable.labels() for variable in data.variables)
    strata = [slice(None)] if not given else [given[0] == label for label in np.unique(given[0])]
    tables = [_core.CountTable(x[stratum], y[stratum]) for stratum in strata]
    information = [table.total * table.mutual_information() for table in tables]
    dof = sum((rows - 1) * (columns - 1) for rows, columns in (table.shape for table in tables))
    ratio = math.fsum(2 * one / _williams(table) for one, table in zip(information, tables, strict=True))
    return math.fsum(information) / len(data), _core.chi_square_survival(dof, ratio)


def _williams(table: _core.CountTable) -> float:
    """By how much the likelihood ratio of few samples is too large on average (Williams 1976)."""
    n, (rows, columns) = table.total, table.shape
    if rows == 1 or columns == 1:
        return 1.0
    of_rows, of_columns = (n * float(np.sum(1 / sums)) - 1 for sums in (table.row_sums, table.column_sums))
    return 1 + of_rows * of_columns / (6 * n * (rows - 1) * (columns - 1))


def normal(data: Observations, estimator: Gaussian | GaussianCopula, n_threads: int) -> tuple[float, float]:
    """The information of normal variables, and the p-value of their likelihood ratio (Bartlett 1938)."""
    n, ranks = len(data), [_rank(variable) for variable in data.variables]
    dx, dy, dz = ranks if len(ranks) == 3 else [*ranks, 0]
    factor = n - 1 - dz - (dx + dy + 1) / 2
    if factor <= 0:
        raise ValueError(
            f"x must have more samples for its columns, got {n} for {dx}, {dy} and {dz} in x, y and given"
        )
    quantity = MUTUAL_INFORMATION.given_others(len(data.variables))
    uncorrected = type(estimator)(bias_correction=False)._estimate(quantity, data, False, n_threads)
    information = estimator._estimate(quantity, data, False, n_threads)
    return information, _core.chi_square_survival(dx * dy, 2 * factor * uncorrected)


def _rank(variable: Variable) -> int:
    """How many columns no others determine."""
    rows = variable.samples().reshape(len(variable), -1)
    rows = rows - rows.mean(axis=0)
    scale = np.max(np.abs(rows), axis=0)
    return int(np.linalg.matrix_rank(rows[:, scale > 0] / scale[scale > 0])) if scale.any() else 0
