"""Which columns are discrete and which continuous: decided here, once, and said in the report."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from mutua._correlation import Floats
from mutua._table import Column, InputError, Table

# Whole numbers are discrete with at most so many different values, each of them in so many rows on average.
FEW_VALUES = 20
ROWS_PER_VALUE = 10


@dataclass(frozen=True)
class Variable:
    """A column with its kind decided; `data` are class numbers if discrete, values if not, NaN if missing."""

    column: Column
    discrete: bool
    data: Floats
    distinct: int | None  # counted for discrete variables and for whole numbers

    @property
    def kind(self) -> str:
        return "discrete" if self.discrete else "continuous"

    @property
    def nominal(self) -> bool:
        """Whether the values have no order: text with more than two of them."""
        return self.column.labels is not None and len(self.column.labels) > 2


def check_names(
    table: Table, names: Collection[str], discrete: Collection[str], continuous: Collection[str]
) -> None:
    """Refuses what is no column of the table, and a column of two kinds."""
    known = [column.name for column in table.columns]
    for name in (*names, *discrete, *continuous):
        if name not in known:
            raise InputError(f"no column {name!r} in {table.source}; {_nearest(name, known)}")
    for name in sorted(set(discrete) & set(continuous)):
        raise InputError(f"column {name!r} is declared both discrete and continuous")


def _nearest(name: str, names: list[str]) -> str:
    by_folded = {candidate.casefold(): candidate for candidate in names}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=3)
    if close:
        return "did you mean " + " or ".join(repr(by_folded[folded]) for folded in close) + "?"
    return "it has " + ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")


def decide(column: Column, discrete: bool, continuous: bool, source: str) -> Variable:
    """Decide the kind: text is discrete, numbers with a fraction are continuous, whole numbers by how few."""
    if column.labels is not None:
        _refuse_strays(column, discrete, continuous, source)
        return Variable(column, True, column.values, len(column.labels))
    known = column.values[~np.isnan(column.values)]
    whole = bool(np.all(known == np.floor(known)))
    if continuous or not (discrete or whole):
        return Variable(column, False, column.values, None)
    different, positions = np.unique(known, return_inverse=True)
    few = len(different) <= max(2, min(FEW_VALUES, len(known) // ROWS_PER_VALUE))
    if not (discrete or few):
        return Variable(column, False, column.values, len(different))
    data = column.values.copy()
    data[~np.isnan(data)] = positions
    return Variable(column, True, data, len(different))


def _refuse_strays(column: Column, discrete: bool, continuous: bool, source: str) -> None:
    """Text where numbers were declared, or stray text where nearly all cells are numbers."""
    stray = column.stray
    known = int(np.count_nonzero(~np.isnan(column.values)))
    if stray is None:
        if continuous:
            raise InputError(f"{source}: column {column.name!r} is text and cannot be continuous")
        return
    where = f"{source}, {stray.place}: {stray.cell!r} in column {column.name!r} is not a number"
    if continuous:
        raise InputError(where)
    if not discrete and stray.count <= max(1, known // 10) and 2 * stray.count < known:
        others = known - stray.count
        raise InputError(
            f"{where}, but {others} of {known} are (--discrete {column.name} to take it as text)"
        )
