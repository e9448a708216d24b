"""What a contingency table is asked: entropies, information, clustering scores, a test of independence."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._cells import Cells
from mutua._table_contents import TableContents
from mutua.measures import _in_base
from mutua.metrics._v_measure import check_beta, weighted_mean


class GTest(NamedTuple):
    """A likelihood-ratio test of independence."""

    statistic: float
    pvalue: float
    dof: int


class TableMeasures(TableContents):
    """The measures of a table of counts, weights or probabilities. An empty table has none: ValueError."""

    __slots__ = ()

    def _measured(self) -> Cells:
        if self._cells.total == 0:
            raise ValueError("the table must hold at least one sample, got an empty one")
        return self._cells

    def _counts(self, what: str) -> _core.CountTable:
        cells = self._measured()
        if not isinstance(cells, _core.CountTable):
            raise ValueError(f"the {what} needs a table of counts, got one of {self._kind}")
        return cells

    def entropy(self, axis: int | None = None, *, base: float | None = None) -> float:
        """Return the joint entropy, that of the rows for `axis` 0, or that of the columns for `axis` 1.

        In nats, or in the unit of `base`: 2 for bits. The plug-in estimate, where the table holds counts.
        """
        cells = self._measured()
        if axis is None:
            return float(_in_base(cells.joint_entropy(), base))
        return float(_in_base(cells.entropies()[_side(axis)], base))

    def conditional_entropy(self, axis: int, *, base: float | None = None) -> float:
        """Return the entropy of the rows given the columns for `axis` 0, the other way round for 1."""
        return float(_in_base(self._measured().conditional_entropies()[_side(axis)], base))

    def mutual_information(self, *, base: float | None = None) -> float:
        """Return the mutual information of rows and columns, in nats or in the unit of `base`: at least 0.

        The same bits for any order of rows and columns; a few units in the last place off for any table, also
        near independence.
        """
        return float(_in_base(self._measured().mutual_information(), base))

    def expected_mutual_information(self, *, base: float | None = None) -> float:
        """Return the mean of the mutual information over labelings of the same cluster sizes. Counts only."""
        expected = self._counts("expected mutual information").expected_mutual_information()
        return float(_in_base(expected, base))

    def normalized_mutual_information(self, average_method: str = "arithmetic") -> float:
        """Return the mutual information relative to a mean of the entropies.

        The mean is "arithmetic", "geometric", "min" or "max". It is `normalized_mutual_info_score`.
        """
        return self._measured().normalized_mutual_information(_mean(average_method))

    def adjusted_mutual_information(self, average_method: str = "arithmetic") -> float:
        """Return the mutual information adjusted for chance: `adjusted_mutual_info_score`. Counts only."""
        counts = self._counts("adjusted mutual information")
        return counts.adjusted_mutual_information(_mean(average_method))

    def homogeneity(self) -> float:
        """Return the mutual information relative to the entropy of the rows, which are the classes."""
        return self._measured().homogeneity_and_completeness()[0]

    def completeness(self) -> float:
        """Return the mutual information relative to the entropy of the columns, which are the clusters."""
        return self._measured().homogeneity_and_completeness()[1]

    def v_measure(self, beta: float = 1.0) -> float:
        """Return the harmonic mean of homogeneity and completeness, the latter with weight `beta`."""
        check_beta("v_measure", beta)
        homogeneity, completeness = self._measured().homogeneity_and_completeness()
        if beta == 0 and completeness == 0:
            return homogeneity  # All the weight there is.
        return weighted_mean(homogeneity, completeness, beta)

    def pair_confusion_matrix(self) -> NDArray[np.int64]:
        """Count the pairs of samples together or apart, as the function in `metrics`. Counts only."""
        apart, columns, rows, together = self._counts("pair confusion matrix").pair_confusion()
        return np.array([[apart, columns], [rows, together]], dtype=np.int64)

    def rand_index(self) -> float:
        """Return the share of pairs on which rows and columns agree: `rand_score`. Counts only."""
        return self._counts("Rand index").pair_indices()[0]

    def adjusted_rand_index(self) -> float:
        """Return that share adjusted for chance: `adjusted_rand_score`. Counts only."""
        return self._counts("adjusted Rand index").pair_indices()[1]

    def fowlkes_mallows_index(self) -> float:
        """Return the mean of pairwise precision and recall: `fowlkes_mallows_score`. Counts only."""
        return self._counts("Fowlkes-Mallows index").pair_indices()[2]

    def g_test(self) -> GTest:
        """Test whether rows and columns are independent (Wilks 1938). Counts only.

        Returns
        -------
        statistic : float
            Twice the number of samples times the mutual information in nats.
        pvalue : float
            The probability of a larger one by chance, from its limit for many samples, the chi-square
            distribution: to 3e-15 of its value, also where it is 1e-300.
        dof : int
            Degrees of freedom: rows less one times columns less one, of those that are not empty.

        References
        ----------
        S. S. Wilks, "The large-sample distribution of the likelihood ratio for testing composite hypotheses",
        Annals of Mathematical Statistics 9, 60-62, 1938.

        Examples
        --------
        >>> from mutua import ContingencyTable
        >>> test = ContingencyTable.from_counts([[30, 10], [15, 25]]).g_test()
        >>> round(test.statistic, 4), round(test.pvalue, 6), test.dof
        (11.7384, 0.000612, 1)
        """
        counts = self._counts("G-test")
        rows, columns = (np.count_nonzero(sums) - 1 for sums in (counts.row_sums, counts.column_sums))
        statistic, dof = 2 * counts.total * counts.mutual_information(), int(rows) * int(columns)
        return GTest(statistic, _core.chi_square_survival(dof, statistic), dof)


def _side(axis: Any) -> int:
    if isinstance(axis, bool) or axis not in (0, 1):
        raise ValueError(f"axis must be 0 for the rows or 1 for the columns, got {axis!r}")
    return int(axis)


def _mean(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"average_method must be a name, got {name!r}")
    return name
