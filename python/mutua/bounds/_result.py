"""From terms, one for each pair, to a `Bound`."""

import math
from typing import Any

import numpy as np

from mutua.bounds._bound import Bound, Kind
from mutua.bounds._sources import Block, Pull, Source
from mutua.bounds._sums import Floats, standard_error
from mutua.measures import _nats

_NEAR = math.log(10)


def bound(
    value: float,
    terms: Floats,
    source: Source,
    *,
    kind: Kind = "lower bound",
    ceiling: float = math.inf,
    near: float = _NEAR,
    base: float | None,
    pull: Pull | None,
) -> Bound:
    """In the unit of `base`: `terms` vary as the bound does if other pairs are drawn."""
    unit = _nats(base)
    gradient: Any = None
    if pull is not None:
        if not source.can_repeat:
            raise ValueError(
                "scores must be read twice for a gradient, got an iterator; a list of blocks is accepted, "
                "or an object whose __iter__ begins anew"
            )
        gradient = source.gradient(pull if unit == 1 else _divided(pull, unit))
    return Bound(
        value=float(value) / unit,
        standard_error=standard_error(terms) / unit,
        kind=kind,
        ceiling=ceiling / unit,
        saturated=bool(value > ceiling - near),
        n_pairs=source.n,
        gradient=gradient,
    )


def _divided(pull: Pull, unit: float) -> Pull:
    def divided(row: int, block: Block, out: Block) -> Block:
        slopes = pull(row, block, out)
        slopes /= slopes.dtype.type(unit)
        return slopes

    return divided


def set_diagonal(block: Block, row: int, slopes: Floats | float) -> Block:
    here = np.arange(len(block))
    block[here, row + here] = slopes
    return block
