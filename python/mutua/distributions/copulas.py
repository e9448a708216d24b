"""Dependence that is stronger in one corner, or even everywhere, than that of a normal law."""

import math
from dataclasses import dataclass

import numpy as np

from mutua._gamma import digamma
from mutua._parameters import positive_integers
from mutua.distributions.base import Law, Samples, positive
from mutua.distributions.quadrature import legendre

__all__ = ["Frank", "Pareto"]


@dataclass(frozen=True, slots=True)
class Pareto(Law):
    """Exponential variables over one gamma variable: Clayton's copula, of ``theta = 1/shape``.

    ``I = h(dx) + h(dy) - h(dx + dy)`` with
    ``h(k) = (shape + k) [psi(shape + k) - psi(shape)] - ln Gamma(shape + k) + ln Gamma(shape)``.

    Parameters
    ----------
    dx, dy : int
        Columns.
    shape : float
        Of the gamma variable: the smaller, the more dependent, and mostly where values are large.

    Examples
    --------
    >>> from mutua.distributions import Pareto
    >>> round(Pareto(1, 1, 0.5).mutual_information, 4)  # ln(3) - 2/3
    0.4319
    """

    dx: int
    dy: int
    shape: float

    def __post_init__(self) -> None:
        positive_integers("dx", self.dx)
        positive_integers("dy", self.dy)
        positive("shape", self.shape)

    @property
    def mutual_information(self) -> float:
        def entropy(k: int) -> float:
            last = self.shape + k
            rising = math.lgamma(last) - math.lgamma(self.shape)
            return last * (digamma(last) - digamma(self.shape)) - rising

        return entropy(self.dx) + entropy(self.dy) - entropy(self.dx + self.dy)

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        scale = rng.gamma(self.shape, size=(n, 1))
        return rng.exponential(size=(n, self.dx)) / scale, rng.exponential(size=(n, self.dy)) / scale


@dataclass(frozen=True, slots=True)
class Frank(Law):
    """Uniform variables joined by Frank's copula, weak in the corners. Information by quadrature.

    Parameters
    ----------
    theta : float
        Above 0 the variables rise together, below 0 one falls; from -50 to 50.

    Examples
    --------
    >>> from mutua.distributions import Frank
    >>> round(Frank(5.0).mutual_information, 4)
    0.258
    """

    theta: float

    def __post_init__(self) -> None:
        if not 0 < abs(self.theta) <= 50:
            raise ValueError(f"theta must be from -50 to 50 and not 0, got {self.theta}")

    @property
    def mutual_information(self) -> float:
        theta = self.theta
        u, weight = legendre(0, 1, 30)
        small = np.expm1(-theta * u)
        below = math.expm1(-theta) + np.multiply.outer(small, small)
        density = -theta * math.expm1(-theta) * np.exp(-theta * np.add.outer(u, u)) / below**2
        return float(weight @ (density * np.log(density)) @ weight)

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        u, p = rng.random((2, n, 1))
        tilt = np.exp(-self.theta * u)
        v = -np.log1p(p * math.expm1(-self.theta) / (tilt - p * (tilt - 1))) / self.theta
        return u, v
