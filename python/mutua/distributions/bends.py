"""Maps of several columns together, or to several."""

from dataclasses import dataclass

import numpy as np

from mutua._parameters import integer
from mutua.distributions.base import Floats, positive
from mutua.distributions.transforms import Map

__all__ = ["Rotation", "Shear", "Spiral", "SwissRoll"]


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
