"""Two columns of a table: the information that they share, with its error."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from mutua._kinds import Variable, check_names, decide
from mutua._table import InputError, Table
from mutua.estimation import estimate
from mutua.result import Estimate


@dataclass(frozen=True)
class Shared:
    """What two columns share, given others or not."""

    source: str
    rows: int
    x: Variable
    y: Variable
    given: list[Variable]
    estimate: Estimate


def share(
    table: Table,
    x: str,
    y: str,
    *,
    given: Collection[str] = (),
    discrete: Collection[str] = (),
    continuous: Collection[str] = (),
    is_series: bool = False,
    seed: int = 0,
    base: float = math.e,
    n_jobs: int = 1,
) -> Shared:
    """Estimate what `x` and `y` share beyond `given`, on the rows where all of these are present."""
    check_names(table, (x, y, *given), discrete, continuous)
    columns = {column.name: column for column in table.columns}
    variables = [
        decide(columns[name], name in discrete, name in continuous, table.source) for name in (x, y, *given)
    ]
    for variable in variables:
        if variable.column.unusable:
            raise InputError(f"column {variable.column.name!r}: {variable.column.unusable}")
    present = ~np.any([np.isnan(variable.data) for variable in variables], axis=0)
    if np.count_nonzero(present) < 2:
        raise InputError(f"{np.count_nonzero(present)} rows of {table.source} have all values, 2 are needed")
    data = [
        np.where(present, variable.data, 0).astype(np.int64 if variable.discrete else np.float64)
        for variable in variables
    ]
    options: Any = {"mask": present, "series": is_series, "seed": seed, "base": base, "n_jobs": n_jobs}
    found = estimate(data[0], data[1], given=tuple(data[2:]) or None, **options)
    return Shared(table.source, table.rows, variables[0], variables[1], variables[2:], found)
