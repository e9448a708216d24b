"""Maps of each column by itself."""

from dataclasses import dataclass

import numpy as np

from mutua._student_t import normal_distribution
from mutua.distributions.base import Floats
from mutua.distributions.transforms import Map

__all__ = ["Asinh", "Bimodal", "Exponential", "HalfCube", "NormalCDF", "Wiggly"]


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
