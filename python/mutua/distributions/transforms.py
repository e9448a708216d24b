"""Laws seen through maps that lose nothing, and so leave mutual information as it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mutua.distributions.base import Floats, Law, Samples

__all__ = ["Map", "Transformed"]


class Map:
    """A map that can be inverted: called with a matrix, a row for each sample.

    Examples
    --------
    >>> from mutua.distributions import HalfCube
    >>> HalfCube()([[4.0], [-1.0]])
    array([[ 8.],
           [-1.]])
    """

    __slots__ = ()

    def __call__(self, samples: NDArray[np.float64]) -> Floats:
        rows = np.asarray(samples, dtype=np.float64)
        return np.asarray(self._map(rows if rows.ndim == 2 else rows[:, None]), dtype=np.float64)

    def _map(self, rows: Floats) -> Floats:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Transformed(Law):
    """A law whose variables are mapped, each by itself.

    Parameters
    ----------
    law : Law
    x, y : Map or tuple of Map
        One after the other; none leaves the variable as it is.

    Examples
    --------
    >>> from mutua.distributions import Normal, NormalCDF, SwissRoll, Transformed
    >>> normal = Normal.pairs(1, 1, 0.75)
    >>> rolled = Transformed(normal, x=(NormalCDF(), SwissRoll()), y=NormalCDF())
    >>> rolled.mutual_information == normal.mutual_information
    True
    >>> [part.shape for part in rolled.sample(100, seed=0)]
    [(100, 2), (100, 1)]
    """

    law: Law
    x: Map | tuple[Map, ...] = ()
    y: Map | tuple[Map, ...] = ()

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            maps = getattr(self, name)
            maps = maps if isinstance(maps, tuple) else (maps,)
            if not all(isinstance(one, Map) for one in maps):
                raise TypeError(f"{name} must be a map like HalfCube(), or a tuple of maps, got {maps!r}")
            object.__setattr__(self, name, maps)

    @property
    def mutual_information(self) -> float:
        return self.law.mutual_information

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        x, y = self.law.sample(n, rng)
        for one in self.x:  # type: ignore[union-attr]
            x = one(x)
        for one in self.y:  # type: ignore[union-attr]
            y = one(y)
        return x, y
