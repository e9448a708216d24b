"""A joint law of X and Y from whatever holds it, reduced to what the bottleneck depends on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua._cells import checked
from mutua.contingency import ContingencyTable

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Joint:
    """p(x, y) without what has no probability; rows with the same p(y|x) are one, which loses nothing."""

    table: Floats
    rows: Integers  # Of each row of what was given: its row here, or -1.
    columns: Integers  # Those that are here.
    n_columns: int
    n_samples: int | None  # Of counts.

    @classmethod
    def read(cls, name: str, pxy: Any, y: ArrayLike | None = None) -> "Joint":
        """A table of numbers, a `ContingencyTable`, or two vectors of labels."""
        if y is not None:
            pxy = ContingencyTable.from_labels(pxy, y)
        if isinstance(pxy, ContingencyTable):
            counts, is_counted = pxy.to_array(), pxy.kind == "counts"
        else:
            counts = checked(name, pxy)
            is_counted = counts.dtype.kind in "biu"
        if counts.ndim != 2:
            raise ValueError(f"{name} must be a table with rows and columns, got shape {counts.shape}")
        weights = counts.astype(np.float64)
        total = float(weights.sum())
        if not 0 < total < np.inf:
            raise ValueError(f"{name} must have a positive, finite sum, got {total}")
        columns = np.flatnonzero(weights.any(axis=0))
        rows, kept = _distinct(weights)
        merged = np.zeros((len(kept), weights.shape[1]))
        np.add.at(merged, rows[rows >= 0], weights[rows >= 0])
        table = np.ascontiguousarray(merged[:, columns] / total)
        n_samples = int(counts.sum(dtype=np.int64)) if is_counted else None
        return cls(table, rows, columns, weights.shape[1], n_samples)

    @property
    def weights(self) -> Floats:
        """p(x)."""
        weights: Floats = self.table.sum(axis=1)
        return weights

    @property
    def given(self) -> Floats:
        """p(y|x)."""
        given: Floats = self.table / self.table.sum(axis=1, keepdims=True)
        return given

    def of_rows(self, values: NDArray[Any], missing: Any) -> NDArray[Any]:
        """What belongs to the rows here, for those of what was given."""
        found = values[self.rows]
        found[self.rows < 0] = missing
        return found

    def of_columns(self, values: Floats) -> Floats:
        """The same for columns, 0 elsewhere."""
        found = np.zeros((len(values), self.n_columns))
        found[:, self.columns] = values
        return found


def _distinct(weights: Floats) -> tuple[Integers, list[int]]:
    """For each row the number of its p(y|x), in the order of appearance, or -1; and where each appeared."""
    sums = weights.sum(axis=1, keepdims=True)
    numbers: dict[bytes, int] = {}
    rows = np.full(len(weights), -1)
    kept: list[int] = []
    for place in np.flatnonzero(sums > 0):
        law = (weights[place] / sums[place]).tobytes()
        if law not in numbers:
            numbers[law] = len(kept)
            kept.append(int(place))
        rows[place] = numbers[law]
    return rows, kept
