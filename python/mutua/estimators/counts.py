"""Estimators from the counts of labels."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._observations import Observations
from mutua._quantity import ENTROPY, MUTUAL_INFORMATION, Quantity
from mutua._relative_entropy import log_ratio, relative_entropy
from mutua._variables import Variable
from mutua.estimators.base import Estimator

__all__ = ["PlugIn"]


@dataclass(frozen=True, slots=True)
class PlugIn(Estimator):
    r"""Mutual information and entropy of labels: those of the observed frequencies.

    .. math:: \sum_{ij} p_{ij} \ln \frac{p_{ij}}{p_i p_j}, \qquad -\sum_i p_i \ln p_i

    For R and C labels that occur, mutual information is too high by about ``(R - 1)(C - 1) / 2n`` and
    entropy too low by ``(R - 1) / 2n``. Linear time where labels are few, that of a sort where they are
    many.

    References
    ----------
    Shannon, "A mathematical theory of communication", Bell System Technical Journal 27 (1948).
    Miller, "Note on the bias of information estimates", Information Theory in Psychology (1955).

    Examples
    --------
    >>> from mutua import PlugIn, mutual_information
    >>> mutual_information([0, 0, 1, 1], [0, 0, 0, 1], estimator=PlugIn())
    0.21576155433883568
    """

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        if quantity not in (ENTROPY, MUTUAL_INFORMATION):
            raise self._refused(quantity)
        self._require_discrete(data)
        labels = [variable.labels() for variable in data.variables]
        if quantity == MUTUAL_INFORMATION:
            if not pointwise:
                return _core.CountTable(*labels).mutual_information()
            pairs = np.unique(labels, axis=1, return_inverse=True)[1]
            return _log_frequencies(pairs) - _log_frequencies(labels[0]) - _log_frequencies(labels[1])
        if not pointwise:
            return _core.CountTable(labels[0], labels[0]).entropies()[0]
        return -_log_frequencies(labels[0])

    def _divergence(self, both: Variable, n: int, pointwise: bool, n_threads: int) -> Any:
        self._require_discrete(Observations((both,)))
        labels, origin = both.labels(), np.repeat(np.array([0, 1], np.uint8), [n, len(both) - n])
        table, values, _ = _core.CountTable.labelled(labels, origin)
        rows, columns, counts = table.cells()
        frequencies = np.zeros(table.shape)
        frequencies[rows, columns] = counts
        p, q = (frequencies / table.column_sums).T
        if not pointwise:
            return relative_entropy(p, q)
        codes = np.searchsorted(values, labels[:n])
        return log_ratio(p[codes], q[codes])


def _log_frequencies(labels: NDArray[np.int64]) -> NDArray[np.float64]:
    _, codes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return np.asarray(np.log(counts / len(labels))[codes])
