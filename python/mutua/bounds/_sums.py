"""What the bounds sum over all pairs that do not belong together, in one pass."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua.bounds._sources import Block, Source

Floats = NDArray[np.float64]
Change = Callable[[int, Block], Block]  # other scores for a block, given its first row

_LARGEST = 2.0**30


class LogSums(NamedTuple):
    """Logarithms of the sums of ``exp(scores)``, the diagonal left out, less the scores on the diagonal."""

    diagonal: Floats
    rows: Floats
    columns: Floats

    @property
    def n(self) -> int:
        return len(self.diagonal)

    def log_mean(self) -> float:
        """The logarithm of the mean of all exponentials."""
        return float(np.logaddexp.reduce(self.rows + self.diagonal) - np.log(self.n * (self.n - 1)))

    def shares(self) -> Floats:
        """What the row and the column of each pair have of that mean: 2 on average."""
        both = np.logaddexp(self.rows, self.columns) + self.diagonal
        shares: Floats = np.exp(both - self.log_mean() - np.log(self.n - 1))
        return shares


def log_sums(source: Source, n_threads: int, change: Change | None = None) -> LogSums:
    sums = _core.LogSums(source.n)
    diagonal, rows = [], []
    for row, scores in source.blocks():
        block = scores if change is None else change(row, scores)
        diagonal.append(np.diagonal(block, row).astype(np.float64))
        rows.append(sums.add(block, n_threads))
    return LogSums(np.concatenate(diagonal), np.concatenate(rows), sums.columns())


class Means(NamedTuple):
    """Of some function of the scores, the diagonal left out; and the diagonal itself."""

    diagonal: Floats
    rows: Floats
    columns: Floats


def means(source: Source, sums: Callable[[Block, int], tuple[Floats, Floats]]) -> Means:
    """From the sums of each block, given its first row."""
    diagonal, rows, columns = [], [], np.zeros(source.n)
    for row, block in source.blocks():
        in_rows, in_columns = sums(block, row)
        diagonal.append(np.diagonal(block, row).astype(np.float64))
        rows.append(in_rows)
        columns += in_columns
    others = source.n - 1
    return Means(np.concatenate(diagonal), np.concatenate(rows) / others, columns / others)


def check(row: int, scores: Block) -> None:
    """Refuses what the core refuses."""
    accepted = (np.abs(scores) <= _LARGEST) | np.isneginf(scores)
    if not accepted.all():
        i, j = np.argwhere(~accepted)[0]
        raise ValueError(
            "scores must lie between -2^30 and 2^30 or be minus infinity, "
            f"got another in row {row + i}, column {j}"
        )


def standard_error(terms: Floats) -> float:
    """That of the mean of terms, one for each pair."""
    if not np.isfinite(terms).all():
        return float("nan")
    return float(np.std(terms, ddof=1) / np.sqrt(len(terms)))
