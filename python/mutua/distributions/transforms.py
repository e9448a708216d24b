"""Maps that lose nothing, and so leave mutual information as it is: of columns, and of points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mutua._parameters import integer
from mutua._student_t import normal_distribution
from mutua.distributions.base import Floats, Law, Samples, positive

__all__ = [
    "Asinh",
    "Bimodal",
    "Exponential",
    "HalfCube",
    "Map",
    "NormalCDF",
    "Rotation",
    "Shear",
    "Spiral",
    "SwissRoll",
    "Transformed",
    "Wiggly",
]


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
class NormalCDF(Map):
    """The normal distribution function: normal columns become uniform on [0, 1].

    Examples
    --------
    >>> from mutua.distributions import NormalCDF
    >>> NormalCDF()([[0.0]])
    array([[0.5]])
    """

    def _map(self, rows: Floats) -> Floats:
        return normal_distribution(rows)


@dataclass(frozen=True, slots=True)
class HalfCube(Map):
    """``x sqrt(|x|)``: longer tails.

    Examples
    --------
    >>> from mutua.distributions import HalfCube
    >>> HalfCube()([[-4.0]])
    array([[-8.]])
    """

    def _map(self, rows: Floats) -> Floats:
        return np.asarray(rows * np.sqrt(np.abs(rows)))


@dataclass(frozen=True, slots=True)
class Asinh(Map):
    """The inverse hyperbolic sine: shorter tails.

    Examples
    --------
    >>> from mutua.distributions import Asinh
    >>> Asinh()([[0.0]])
    array([[0.]])
    """

    def _map(self, rows: Floats) -> Floats:
        return np.asarray(np.arcsinh(rows))


@dataclass(frozen=True, slots=True)
class Exponential(Map):
    """``exp(x)``: skewed.

    Examples
    --------
    >>> from mutua.distributions import Exponential
    >>> Exponential()([[0.0]])
    array([[1.]])
    """

    def _map(self, rows: Floats) -> Floats:
        return np.asarray(np.exp(rows))


@dataclass(frozen=True, slots=True)
class Bimodal(Map):
    """``x + 2 tanh(3 x)``: a gap around 0.

    Examples
    --------
    >>> from mutua.distributions import Bimodal
    >>> Bimodal()([[0.0]])
    array([[0.]])
    """

    def _map(self, rows: Floats) -> Floats:
        return np.asarray(rows + 2 * np.tanh(3 * rows))


@dataclass(frozen=True, slots=True)
class Wiggly(Map):
    """``x + 0.4 sin(1.5 x) + 0.1 sin(3.5 x + 1)``: density that rises and falls.

    Examples
    --------
    >>> from mutua.distributions import Wiggly
    >>> Wiggly()([[0.0]]).round(3)
    array([[0.084]])
    """

    def _map(self, rows: Floats) -> Floats:
        return np.asarray(rows + 0.4 * np.sin(1.5 * rows) + 0.1 * np.sin(3.5 * rows + 1))


@dataclass(frozen=True, slots=True)
class SwissRoll(Map):
    """A column between 0 and 1 rolled up in the plane: ``(t cos t, t sin t) / 21``, ``t = 1.5 pi (1 + 2 x)``.

    Examples
    --------
    >>> from mutua.distributions import SwissRoll
    >>> SwissRoll()([[0.0], [1.0]]).shape
    (2, 2)
    """

    def _map(self, rows: Floats) -> Floats:
        if rows.shape[1] != 1:
            raise ValueError(f"SwissRoll is for one column, got {rows.shape[1]}")
        t = 1.5 * np.pi * (1 + 2 * rows)
        return np.hstack([t * np.cos(t), t * np.sin(t)]) / 21


@dataclass(frozen=True, slots=True)
class Spiral(Map):
    """Two columns turned by an angle that grows with the distance from 0: ``speed |x|^2``.

    Parameters
    ----------
    first, second : int
        The two.
    speed : float

    Examples
    --------
    >>> from mutua.distributions import Spiral
    >>> Spiral(0, 1, speed=1.0)([[2.0, 0.0]]).round(3)
    array([[-1.307, -1.514]])
    """

    first: int
    second: int
    speed: float

    def __post_init__(self) -> None:
        if min(integer("first", self.first), integer("second", self.second)) < 0 or self.first == self.second:
            raise ValueError(f"first and second must be two columns, got {self.first} and {self.second}")
        positive("speed", self.speed)

    def _map(self, rows: Floats) -> Floats:
        angle = self.speed * np.sum(rows**2, axis=1)
        a, b = rows[:, self.first], rows[:, self.second]
        turned = rows.copy()
        turned[:, self.first] = np.cos(angle) * a - np.sin(angle) * b
        turned[:, self.second] = np.sin(angle) * a + np.cos(angle) * b
        return turned


@dataclass(frozen=True, slots=True)
class Shear(Map):
    """A wave of the first column added to each other one: ``height sin(frequency x_0)``.

    Examples
    --------
    >>> from mutua.distributions import Shear
    >>> import numpy as np
    >>> Shear(height=1.0, frequency=np.pi / 2)([[1.0, 5.0]])
    array([[1., 6.]])
    """

    height: float
    frequency: float

    def __post_init__(self) -> None:
        positive("height", self.height)
        positive("frequency", self.frequency)

    def _map(self, rows: Floats) -> Floats:
        wave = self.height * np.sin(self.frequency * rows[:, :1])
        return np.hstack([rows[:, :1], rows[:, 1:] + wave])


@dataclass(frozen=True, slots=True)
class Rotation(Map):
    """All columns mixed by a random orthogonal matrix.

    Parameters
    ----------
    seed : int
        The same matrix for the same number.

    Examples
    --------
    >>> from mutua.distributions import Rotation
    >>> import numpy as np
    >>> turned = Rotation(seed=0)([[3.0, 4.0]])
    >>> round(float(np.hypot(*turned[0])), 6)
    5.0
    """

    seed: int

    def _map(self, rows: Floats) -> Floats:
        rng = np.random.default_rng(self.seed)
        matrix, triangle = np.linalg.qr(rng.standard_normal((rows.shape[1], rows.shape[1])))
        return np.asarray(rows @ (matrix * np.sign(np.diag(triangle))).T)


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
