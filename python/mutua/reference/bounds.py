"""What contrastive bounds sum over the scores of all pairs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua.reference.distances import Floats

Scores = NDArray[Any]


class LogSums:
    r"""Logarithms of sums of exponentials along rows and columns, the diagonal left out and subtracted.

    .. math:: \ln \sum_{j \ne i} e^{s_{ij} - s_{ii}}, \qquad \ln \sum_{i \ne j} e^{s_{ij} - s_{jj}}

    Of an n x n matrix that comes in blocks of rows.
    """

    def __init__(self, n: int) -> None:
        self._scores = np.empty((0, n))

    def add(self, scores: NDArray[Any], n_threads: int | None = None) -> Floats:
        """Those of the next rows."""
        first = len(self._scores)
        self._scores = np.concatenate([self._scores, scores.astype(np.float64)])
        return np.array([self._of(self._scores[i], i) for i in range(first, len(self._scores))])

    def columns(self) -> Floats:
        """Those of all columns, once all rows are there."""
        return np.array([self._of(self._scores[:, j], j) for j in range(len(self._scores))])

    @staticmethod
    def _of(scores: Floats, own: int) -> float:
        others = np.delete(scores, own)
        if np.isneginf(others).all():
            return -np.inf
        if np.isneginf(scores[own]):
            return np.inf
        top = others.max()
        return float(top - scores[own] + np.log(np.exp(others - top).sum()))


def score_gradient(
    scores: Scores, rows: Floats, columns: Floats, out: Scores | None = None, n_threads: int | None = None
) -> Scores:
    r"""The gradient of a bound that divides exponentials by a number for each row and for each column.

    .. math:: -e^{s_{ij} - r_i} - e^{s_{ij} - c_j}
    """
    wide = scores.astype(np.float64)
    if wide.shape != (len(rows), len(columns)):
        raise ValueError("rows and columns must fit the scores")
    with np.errstate(over="ignore"):
        return _into(out, -np.exp(wide - rows[:, None]) - np.exp(wide - columns), scores)


def soft_plus_sums(scores: Scores, first_row: int = 0, n_threads: int | None = None) -> tuple[Floats, Floats]:
    r"""Sums of :math:`\ln(1 + e^{s_{ij}})` along rows and columns, the diagonal left out."""
    return _sums(np.logaddexp(0, _checked(scores)), first_row)


def logistic_gradient(
    scores: Scores, factor: float, out: Scores | None = None, n_threads: int | None = None
) -> Scores:
    r"""The slopes of :math:`\ln(1 + e^{s_{ij}})`, times a factor: :math:`f / (1 + e^{-s_{ij}})`."""
    with np.errstate(over="ignore"):
        return _into(out, factor / (1 + np.exp(-scores.astype(np.float64))), scores)


def score_sums(
    scores: Scores, level: float, first_row: int = 0, n_threads: int | None = None
) -> tuple[Floats, Floats]:
    """Sums of scores less a level along rows and columns, the diagonal left out."""
    return _sums(_checked(scores) - scores.dtype.type(level), first_row)


Columns = tuple[Floats, Floats, Floats]
_MOST_SHARE = 0.75


def left_out_sums(
    scores: Scores, columns: Columns, first_row: int = 0, n_threads: int | None = None
) -> tuple[Floats, Floats, Floats]:
    r"""What columns have without one score after the other.

    .. math:: w_{kj} = e^{s_{kj} - s_{jj} - t_j}, \qquad q_{kj} = 1 - \rho_j w_{kj}

    For each column, the diagonal left out: 1 + the row in which w is above 3/4, or 0; over the other rows the
    sums of ``ln q`` and of ``1 / q - 1``.
    """
    shares = _shares(_checked(scores), columns)
    here = np.arange(len(scores))
    shares[here, first_row + here] = 0
    rules = shares > _MOST_SHARE
    places = (rules * (1 + first_row + here[:, None])).sum(axis=0).astype(np.float64)
    part = columns[2] * np.where(rules, 0, shares)
    return places, np.log1p(-part).sum(axis=0), (part / (1 - part)).sum(axis=0)


def left_out_gradient(
    scores: Scores,
    columns: Columns,
    divisors: tuple[Floats, Floats],
    inverses: Floats,
    out: Scores | None = None,
    n_threads: int | None = None,
) -> Scores:
    r"""The slopes of the bound that leaves out one score after the other.

    .. math:: -e^{s_{ij} - s_{jj} - a_j} \left(1 - \frac{c_j}{q_{ij}}\right) - e^{s_{ij} - s_{jj} - b_j}

    0 where the share is above 3/4.
    """
    shares = _shares(scores.astype(np.float64), columns)
    rules = shares > _MOST_SHARE
    inverse = inverses / (1 - columns[2] * np.where(rules, 0, shares))
    over = scores.astype(np.float64) - columns[0]
    with np.errstate(over="ignore"):
        left, own = (np.exp(over - divisor) for divisor in divisors)
    return _into(out, np.where(rules, 0, -left * (1 - inverse) - own), scores)


def _shares(scores: Floats, columns: Columns) -> Floats:
    diagonal, totals, _ = columns
    return np.exp(scores - diagonal - totals)


def _checked(scores: Scores) -> Floats:
    wide = scores.astype(np.float64)
    if not ((np.abs(wide) <= 2.0**30) | np.isneginf(wide)).all():
        raise ValueError("scores must lie between -2^30 and 2^30 or be minus infinity")
    return wide


def _sums(values: Floats, first_row: int) -> tuple[Floats, Floats]:
    if first_row + len(values) > values.shape[1]:
        raise ValueError("more rows than columns")
    here = np.arange(len(values))
    values[here, first_row + here] = 0
    return values.sum(axis=1), values.sum(axis=0)


def _into(out: Scores | None, gradient: Floats, scores: Scores) -> Scores:
    out = np.empty_like(scores) if out is None else out
    out[:] = gradient
    return out
