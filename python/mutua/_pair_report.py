"""What the command line prints of two columns. Computes nothing."""

import json
import math

from mutua._kinds import Variable
from mutua._pair import Shared
from mutua._report import printable, probability


def pair_as_text(shared: Shared, unit: str) -> str:
    """The columns, the estimate with its error, and what to beware of."""
    found = shared.estimate
    low, high = found.interval()
    names = [("x", shared.x), ("y", shared.y), *(("given", variable) for variable in shared.given)]
    lines = [
        f"{printable(shared.source)}: {shared.rows:,} rows, {found.n_samples:,} with all values",
        *(f"{role} {printable(variable.column.name)}: {_kind(variable)}" for role, variable in names),
        "",
        f"MI              {found.value:z.4f} {unit}",
        f"standard error  {found.standard_error:.4f}",
        f"90 % interval   {low:z.4f} to {high:z.4f}",
        f"p               {probability(found.pvalue)}",
        f"estimator       {found.estimator!r}",
        *(f"because         {printable(reason)}" for reason in found.reasons),
        *(f"beware          {printable(warning)}" for warning in found.warnings),
    ]
    return "\n".join(lines) + "\n"


def _kind(variable: Variable) -> str:
    return f"{variable.kind}, {variable.distinct} values" if variable.discrete else variable.kind


def pair_as_json(shared: Shared, unit: str) -> str:
    """One object with stable keys; null where there is no value."""
    found = shared.estimate.to_dict()
    if math.isnan(found["pvalue"]):
        found["pvalue"] = None
    columns = [
        {"column": variable.column.name, "kind": variable.kind, "distinct": variable.distinct}
        for variable in (shared.x, shared.y, *shared.given)
    ]
    document = {
        "source": shared.source,
        "rows": shared.rows,
        "x": columns[0],
        "y": columns[1],
        "given": columns[2:],
        **found,
        "unit": unit,
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"
