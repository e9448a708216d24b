"""What a contingency table holds, to be looked at: cells, labels, sums."""

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._cells import Cells, exact
from mutua._labels import Labels


class TableContents:
    """The data of a table of counts, weights or probabilities; what is handed out is a copy."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    _cells: Cells
    _kind: str
    _labels: tuple[Labels, Labels]

    def __eq__(self, other: object) -> bool:
        """Whether kind, labels and all cells are the same."""
        if not isinstance(other, TableContents):
            return NotImplemented
        if self._kind != other._kind or self.shape != other.shape:
            return False
        same_labels = all(map(np.array_equal, self._labels, other._labels))
        return same_labels and all(map(np.array_equal, exact(self._cells), exact(other._cells)))

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"ContingencyTable of {self._kind}: {rows} x {columns}, total {self.total:.15g}"

    @property
    def kind(self) -> str:
        """What is in the cells: "counts", "weights" or "probabilities"."""
        return self._kind

    @property
    def total(self) -> Any:
        """The sum of the cells."""
        return self._cells.total

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return self._cells.shape

    @property
    def row_labels(self) -> Labels:
        """The labels of the rows."""
        return self._labels[0].copy()

    @property
    def column_labels(self) -> Labels:
        """The labels of the columns."""
        return self._labels[1].copy()

    @property
    def margins(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The sums of the rows, and of the columns."""
        return self._cells.row_sums, self._cells.column_sums

    def to_array(self) -> NDArray[Any]:
        """Return all cells as an array of int64, or of float64 for weights and probabilities."""
        rows, columns, values = self._cells.cells()
        array = np.zeros(self.shape, values.dtype)
        array[rows, columns] = values
        return array

    def to_sparse(self) -> Any:
        """Return the cells as a CSR array of SciPy, which has to be installed."""
        try:
            scipy_sparse = import_module("scipy.sparse")
        except ImportError as error:
            raise ImportError("ContingencyTable.to_sparse needs SciPy: pip install scipy") from error
        rows, columns, values = self._cells.cells()
        return scipy_sparse.csr_array((values, (rows, columns)), shape=self.shape)
