"""What contrastive bounds sum over the scores of all pairs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua.reference.distances import Floats


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
    scores: NDArray[Any], rows: Floats, columns: Floats, n_threads: int | None = None
) -> NDArray[Any]:
    r"""The gradient of a bound that divides exponentials by a number for each row and for each column.

    .. math:: -e^{s_{ij} - r_i} - e^{s_{ij} - c_j}
    """
    wide = scores.astype(np.float64)
    if wide.shape != (len(rows), len(columns)):
        raise ValueError("rows and columns must fit the scores")
    with np.errstate(over="ignore"):
        return (-np.exp(wide - rows[:, None]) - np.exp(wide - columns)).astype(scores.dtype)
