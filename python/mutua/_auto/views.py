"""Views of two variables: fewer columns in which neighbours are near, and most of what is shared is left.

A view of other samples of the same shape is made in the same way, so that views of samples of a known law
tell what making it has cost or brought.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._auto.copula import Copula, edge
from mutua._quantity import MUTUAL_INFORMATION
from mutua.features import canonical_variates, independent_components, log_radius

Floats = NDArray[np.float64]
Parts = tuple[Floats, ...]

COMPONENTS = "independent components"
MOST_COLUMNS = 10  # in which neighbours are sought
_MOST_VARIATES = 4
_MOST_BENT = 3
_SAMPLES_PER_COLUMN = 25  # for squares and products
_MOST_PAIRS = 144
_PAIR_NEIGHBORS = 5
_STANDS_OUT = 3.4  # over the root of the number of samples, in nats: four deviations of a pair's estimate


@dataclass(frozen=True, slots=True)
class View:
    """What it is called, and how it is made of the normal scores of the variables."""

    name: str
    of: Callable[[Parts], Parts]


def views(parts: Parts, copula: Copula) -> Iterator[View]:
    """Those worth looking at, for two variables."""
    (n, dx), dy = parts[0].shape, parts[1].shape[1]
    if dx + dy <= MOST_COLUMNS:
        yield View("all columns", lambda parts: parts)
    if dx + dy == 2:
        return
    for rank in _ranks(canonical_variates(*parts).correlations, edge(dx / n, dy / n), n):
        if rank or min(dx, dy) > 1:
            name = f"{rank} canonical variates and the radius" if rank else "the radius"
            yield View(name, lambda parts, rank=rank: _variates(parts, rank))  # type: ignore[misc]
    p, q = dx * (dx + 3) / 2, dy * (dy + 3) / 2
    if p + q <= n / _SAMPLES_PER_COLUMN:
        correlations = canonical_variates(*map(_products, parts)).correlations
        rank = min(max(_number_above(correlations, edge(p / n, q / n), n), 1), _MOST_BENT)
        yield View(f"{rank} canonical variates of squares and products", lambda parts: _bent(parts, rank))
    if dx * dy > _MOST_PAIRS:
        return
    pairs = np.empty((dx, dy))
    for i, j in np.ndindex(dx, dy):
        pairs[i, j] = copula.at([i, dx + j]).information(MUTUAL_INFORMATION, [1, 1])
    yield from _standing_out("columns", lambda parts: parts, parts, pairs)
    apart = _components(parts)
    correlations = np.atleast_2d(np.corrcoef(np.hstack(apart).T))[:dx, dx:]
    yield from _standing_out(COMPONENTS, _components, apart, -np.log1p(-(correlations**2)) / 2)


def _ranks(correlations: Floats, noise: float, n: int) -> list[int]:
    """How many canonical variates: those that stand out, and one more; also none if none does."""
    found = _number_above(correlations, noise, n)
    ranks = {min(max(found, 1), _MOST_VARIATES), min(max(found, 1) + 1, _MOST_VARIATES)}
    return sorted(rank for rank in ranks | ({0} if found == 0 else set()) if rank <= len(correlations))


def _number_above(correlations: Floats, noise: float, n: int) -> int:
    return int(np.sum(correlations**2 > 1.15 * noise + 8 / n))


def _variates(parts: Parts, rank: int) -> Parts:
    """The first canonical variates, and the radius where there are several columns."""
    x, y, _ = canonical_variates(*parts)
    first = [variates[:, :rank] for variates in (x, y)]
    return tuple(
        np.column_stack([variates, log_radius(part)]) if part.shape[1] > 1 else variates
        for variates, part in zip(first, parts, strict=True)
    )


def _products(part: Floats) -> Floats:
    """The columns, and the products of any two."""
    i, j = np.triu_indices(part.shape[1])
    return np.hstack([part, part[:, i] * part[:, j]])


def _bent(parts: Parts, rank: int) -> Parts:
    x, y, _ = canonical_variates(*map(_products, parts))
    return tuple(_core.normal_scores(np.ascontiguousarray(variates[:, :rank])) for variates in (x, y))


def _components(parts: Parts) -> Parts:
    """Normal scores of columns that are as independent within each variable as a rotation makes them."""
    return tuple(
        _core.normal_scores(independent_components(part)) if part.shape[1] > 1 else part for part in parts
    )


def _standing_out(name: str, of: Callable[[Parts], Parts], made: Parts, expected: Floats) -> Iterator[View]:
    """The columns of pairs that share another amount than expected, unless these are all."""
    x, y = made
    excess = np.empty_like(expected)
    for i, j in np.ndindex(expected.shape):
        pair = np.ascontiguousarray(x[:, i]), np.ascontiguousarray(y[:, j])
        excess[i, j] = _core.kraskov(*pair, k=_PAIR_NEIGHBORS) - expected[i, j]
    stands_out = np.abs(excess) > _STANDS_OUT / np.sqrt(len(x))
    of_x, of_y = np.flatnonzero(stands_out.any(axis=1)), np.flatnonzero(stands_out.any(axis=0))
    if 0 < len(of_x) + len(of_y) < min(sum(expected.shape), MOST_COLUMNS + 1):
        kept = (of_x, of_y)
        yield View(
            f"{name} {of_x.tolist()} and {of_y.tolist()}",
            lambda parts: tuple(made[:, some] for made, some in zip(of(parts), kept, strict=True)),
        )
