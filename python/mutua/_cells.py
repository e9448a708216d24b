"""The cells of a table: checked, from what holds them, for the core; and to the last bit back."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua import _core
from mutua._labels import coded
from mutua._validation.parameters import is_sparse

Cells = _core.CountTable | _core.WeightedTable

_MOST = 2.0**63  # Sums stay below.
_ENOUGH = 1e-9  # Probabilities add up to 1 within this.


def counted(name: str, table: Any) -> tuple[Cells, str]:
    """A matrix of counts, or of weights."""
    rows, columns, values, shape = _entries(name, table)
    if values.dtype.kind == "f":
        return _core.WeightedTable.from_cells(rows, columns, _plain(values, np.float64), shape), "weights"
    return _core.CountTable.from_cells(rows, columns, _plain(values, np.int64), shape), "counts"


def probable(name: str, table: Any) -> Cells:
    """A matrix of probabilities."""
    rows, columns, values, shape = _entries(name, table)
    cells = _core.WeightedTable.from_cells(rows, columns, _plain(values, np.float64), shape)
    check_total(name, cells.total)
    return cells


def check_total(name: str, total: float) -> None:
    """Probabilities add up to 1."""
    if not abs(total - 1) <= _ENOUGH:
        raise ValueError(f"{name} must add up to 1 within {_ENOUGH}, got {total!r}")


def pairs(x: ArrayLike, y: ArrayLike, weights: Any) -> tuple[Cells, str, tuple[Any, Any]]:
    """The cells of two vectors of labels, what is in them, and the labels as they come."""
    of_x, of_y = coded("x", x), coded("y", y)
    n = len(of_x.integers)
    if n != len(of_y.integers):
        raise ValueError(f"x and y must have the same length, got {n} and {len(of_y.integers)}")
    kind, found = "counts", None
    if weights is not None:
        found = checked("weights", weights)
        if found.shape != (n,):
            raise ValueError(f"weights must be a vector of {n} numbers, got shape {found.shape}")
        kind = "weights" if found.dtype.kind == "f" else "counts"
    counted: Any
    if kind == "counts":
        plain = None if found is None else _plain(found, np.int64)
        counted = _core.CountTable.labelled(of_x.integers, of_y.integers, plain)
    else:
        counted = _core.WeightedTable.labelled(of_x.integers, of_y.integers, _plain(found, np.float64))
    cells, rows, columns = counted
    return cells, kind, (of_x.decode(rows), of_y.decode(columns))


def _entries(name: str, table: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], tuple[int, int]]:
    """Row, column and value of what is not 0 in a matrix, and its shape."""
    if is_sparse(table):
        if table.ndim != 2:
            raise ValueError(f"{name} must be a matrix, got shape {table.shape}")
        entries = table.tocoo()
        values = checked(name, entries.data)
        rows, columns = (np.ascontiguousarray(side, dtype=np.int64) for side in (entries.row, entries.col))
        return rows, columns, values, table.shape
    matrix = checked(name, table)
    if matrix.ndim != 2:
        raise ValueError(f"{name} must be a matrix, got shape {matrix.shape}")
    rows, columns = np.nonzero(matrix)
    return np.ascontiguousarray(rows), np.ascontiguousarray(columns), matrix[rows, columns], matrix.shape


def checked(name: str, values: Any) -> NDArray[Any]:
    """An array of numbers that are finite, not negative and below 2^63."""
    if is_sparse(values) or (isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values)):
        raise TypeError(f"{name} must be a dense array without a mask, got {type(values).__name__}")
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold numbers, got {array.dtype}")
    if array.size and not (array.min() >= 0 and array.max() < _MOST):
        wrong = array[~((array >= 0) & (array < _MOST))].flat[0]
        raise ValueError(f"{name} must be at least 0 and below 2^63, got {wrong}")
    return array


def _plain(values: Any, dtype: Any) -> NDArray[Any]:
    return np.ascontiguousarray(values, dtype=dtype)


def weighed(cells: Cells) -> _core.WeightedTable:
    """The same as weights."""
    return _core.WeightedTable.from_counts(cells) if isinstance(cells, _core.CountTable) else cells


def permuted(cells: Cells, rows: NDArray[Any], columns: NDArray[Any]) -> Cells:
    """The same cells in other rows and columns."""
    old_rows, old_columns, values, shape = exact(cells)
    build: Any = _core.CountTable.from_cells if values.ndim == 1 else _core.WeightedTable.from_words
    moved: Cells = build(rows[old_rows], columns[old_columns], values, tuple(shape.tolist()))
    return moved


def exact(cells: Cells) -> tuple[NDArray[Any], ...]:
    """Row, column and content of each cell, to the last bit, and the shape."""
    rows, columns, values = cells.cells()
    return (
        rows,
        columns,
        values if isinstance(cells, _core.CountTable) else cells.words(),
        np.array(cells.shape),
    )


def restored(table: Any, kind: str, parts: tuple[NDArray[Any], ...], labels: tuple[Any, Any]) -> Any:
    """The table that `exact` has taken apart."""
    rows, columns, values, shape = parts
    build: Any = _core.CountTable.from_cells if values.ndim == 1 else _core.WeightedTable.from_words
    return table._of(build(rows, columns, values, tuple(shape.tolist())), kind, labels)
