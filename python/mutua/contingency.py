"""Counts, weights or probabilities of pairs of labels as a value, which grows with a stream."""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mutua import _core
from mutua._cells import Cells, counted, exact, pairs, permuted, probable, restored, weighed
from mutua._labels import Labels, ascending, named, union
from mutua._table_measures import GTest, TableMeasures

__all__ = ["ContingencyTable", "GTest"]

_NONE = np.zeros(0, dtype=np.int64)


class ContingencyTable(TableMeasures):
    """How often each label of one variable meets each label of another.

    ``ContingencyTable()`` is empty, and `update` counts labels into it when there are more. `from_labels`,
    `from_counts` and `from_probabilities` start from what there is. Tables of parts of the data, counted
    anywhere, add up with ``+``. Nothing depends on the order: the same data give the same table, and the same
    bits of every measure, whether they come in one batch or in many.

    Rows stand for the labels of `x`, columns for those of `y`, both in ascending order. Only cells that are
    not empty are stored.

    Attributes
    ----------
    kind : {"counts", "weights", "probabilities"}
        What is in the cells. Scores that count pairs of samples, or need their number, are for counts only.
    total : int or float
        The sum of the cells: of counts the number of samples.
    shape : tuple of int
        The number of rows and of columns.
    row_labels, column_labels : ndarray
        The labels in ascending order.
    margins : tuple of ndarray
        The sums of the rows, and of the columns.

    See Also
    --------
    mutual_information : From samples at once.
    mutua.metrics : The same scores from two vectors of labels.

    Notes
    -----
    Counts are 64-bit integers, weights integers of 256 bits in units of 2^-192; both are added exactly, up to
    2^63. Counting a batch takes as long as `mutual_info_score`, with weights some ten times that; merging is
    linear in the number of cells, and O(n log n) in that of labels if they differ. One table is not to be
    updated by several threads at once: let each have its own, and add them.

    References
    ----------
    K. Pearson, "On the theory of contingency and its relation to association and normal correlation",
    Drapers' Company Research Memoirs, Biometric Series I, 1904.

    Examples
    --------
    >>> from mutua import ContingencyTable
    >>> table = ContingencyTable()
    >>> table.update(["a", "a", "b"], [1, 1, 2]).update(["b", "c"], [2, 2])
    ContingencyTable of counts: 3 x 2, total 5
    >>> table.to_array()
    array([[2, 0],
           [0, 2],
           [0, 1]])
    >>> round(table.mutual_information(base=2), 4)
    0.971
    >>> ContingencyTable.from_probabilities([[0.5, 0], [0.25, 0.25]]).entropy(axis=0, base=2)
    1.0
    """

    __slots__ = ("_cells", "_kind", "_labels")

    def __init__(self) -> None:
        cells = _core.CountTable.from_cells(_NONE, _NONE, _NONE, (0, 0))
        self._cells, self._kind, self._labels = cells, "counts", (_NONE, _NONE)

    @classmethod
    def _of(cls, cells: Cells, kind: str, labels: tuple[Labels, Labels]) -> Self:
        table = cls.__new__(cls)
        table._cells, table._kind, table._labels = cells, kind, labels
        return table

    @classmethod
    def from_labels(cls, x: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Count two vectors of labels: an empty table, updated once. See `update`."""
        return cls().update(x, y, weights)

    @classmethod
    def from_counts(
        cls, counts: Any, *, row_labels: ArrayLike | None = None, column_labels: ArrayLike | None = None
    ) -> Self:
        """Take a table of counts, or of weights, as it is.

        Parameters
        ----------
        counts : array-like or sparse matrix of shape (n_rows, n_columns)
            At least 0. Integers and bools are counts, floats weights, whole ones too.
        row_labels, column_labels : array-like, optional
            Different labels, in any order. If None: 0, 1, 2 and so on.

        Returns
        -------
        ContingencyTable
            Rows and columns that are empty stay; no measure depends on them.

        Raises
        ------
        ValueError
            If an entry is negative or not finite, there are not two dimensions, labels repeat or do not fit,
            or the sum is 2^63 or more.
        TypeError
            If `counts` does not hold numbers.

        Examples
        --------
        >>> from mutua import ContingencyTable
        >>> ContingencyTable.from_counts([[8, 2], [1, 9]]).g_test().dof
        1
        """
        cells, kind = counted("counts", counts)
        return cls._labelled(cells, kind, named(cells.shape, row_labels, column_labels))

    @classmethod
    def from_probabilities(
        cls,
        probabilities: Any,
        *,
        row_labels: ArrayLike | None = None,
        column_labels: ArrayLike | None = None,
    ) -> Self:
        """Take a joint probability mass function P(x, y).

        Parameters
        ----------
        probabilities : array-like or sparse matrix of shape (n_rows, n_columns)
            At least 0, adding up to 1 within 1e-9. They are kept as given, and measures divide by their exact
            sum: what rounding takes from 1 changes nothing.
        row_labels, column_labels : array-like, optional
            Different labels, in any order. If None: 0, 1, 2 and so on.

        Returns
        -------
        ContingencyTable
            It cannot be updated or merged, for nobody knows how many samples it stands for.

        Raises
        ------
        ValueError
            If an entry is negative or not finite, the sum is not 1, there are not two dimensions, or labels
            repeat or do not fit.
        TypeError
            If `probabilities` does not hold numbers.

        Examples
        --------
        >>> from mutua import ContingencyTable
        >>> ContingencyTable.from_probabilities([[0.5, 0], [0, 0.5]]).mutual_information(base=2)
        1.0
        """
        cells = probable("probabilities", probabilities)
        return cls._labelled(cells, "probabilities", named(cells.shape, row_labels, column_labels))

    @classmethod
    def _labelled(cls, cells: Cells, kind: str, labels: tuple[Labels, Labels]) -> Self:
        """A table whose rows and columns have different labels, in their order."""
        (rows, of_rows), (columns, of_columns) = map(ascending, labels)
        if not (rows is labels[0] and columns is labels[1]):
            cells = permuted(cells, of_rows, of_columns)
        return cls._of(cells, kind, (rows, columns))

    def update(self, x: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Count more pairs of labels into this table.

        Parameters
        ----------
        x, y : array-like of shape (n_samples,)
            Labels that can be ordered: integers, bools, floats, text, times, objects, categories of pandas,
            Polars and Arrow. New ones may appear at any time.
        weights : array-like of shape (n_samples,), optional
            What each sample counts for, at least 0: integers make counts, floats weights. If None, 1.

        Returns
        -------
        ContingencyTable
            The table itself.

        Raises
        ------
        ValueError
            If lengths differ, labels are missing or not finite, weights are negative or not finite, the sum
            is 2^63 or more, or the table holds probabilities. The table is then as before.
        TypeError
            If labels cannot be ordered, also among those that are there, or weights are no numbers.

        Examples
        --------
        >>> from mutua import ContingencyTable
        >>> table = ContingencyTable()
        >>> for batch in ([0, 1], [0, 0]), ([1, 2], [0, 1]):
        ...     table = table.update(*batch)
        >>> table.margins
        (array([1, 2, 1]), array([3, 1]))
        """
        cells, kind, labels = pairs(x, y, weights)
        merged = self.merge(self._labelled(cells, kind, labels))
        self._cells, self._kind, self._labels = merged._cells, merged._kind, merged._labels
        return self

    def merge(self, other: "ContingencyTable") -> Self:
        """Return ``self + other``, the table of the data of both; counts and weights make weights."""
        if not isinstance(other, ContingencyTable):
            raise TypeError(f"other must be a ContingencyTable, got {type(other).__name__}")
        if "probabilities" in (self._kind, other._kind):
            raise ValueError("tables must hold counts or weights to be merged or updated, got probabilities")
        (rows, ours_r, theirs_r), (columns, ours_c, theirs_c) = map(
            union, ("x", "y"), self._labels, other._labels
        )
        kind = "counts" if self._kind == other._kind == "counts" else "weights"
        ours, theirs = (
            table._cells if table._kind == kind else weighed(table._cells) for table in (self, other)
        )
        shape = len(rows), len(columns)
        cells: Cells = ours.merged(ours_r, ours_c, theirs, theirs_r, theirs_c, shape)  # type: ignore[arg-type]
        return self._of(cells, kind, (rows, columns))

    def __add__(self, other: object) -> Self:
        return self.merge(other) if isinstance(other, ContingencyTable) else NotImplemented

    def __reduce__(self) -> tuple[Any, ...]:
        return restored, (type(self), self._kind, exact(self._cells), self._labels)

    def __copy__(self) -> Self:
        return self._of(self._cells, self._kind, self._labels)  # The parts never change.

    def __deepcopy__(self, memo: object) -> Self:
        return self.__copy__()
