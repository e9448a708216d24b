"""A variable and itself with noise: laws of scalars."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mutua._gamma import digamma
from mutua._parameters import one_of
from mutua.distributions.base import Floats, Law, Samples, positive
from mutua.distributions.quadrature import legendre

__all__ = ["AdditiveExponential", "AdditiveUniform", "GammaExponential", "NoisyCurve"]


@dataclass(frozen=True, slots=True)
class AdditiveUniform(Law):
    """``Y = X + U``, X uniform on [0, 1] and U on [-width, width].

    ``I = width - ln(2 width)`` up to 1/2, ``1/(4 width)`` beyond.

    Examples
    --------
    >>> from mutua.distributions import AdditiveUniform
    >>> round(AdditiveUniform(0.1).mutual_information, 5)
    1.70944
    """

    width: float

    def __post_init__(self) -> None:
        positive("width", self.width)

    @property
    def mutual_information(self) -> float:
        return self.width - math.log(2 * self.width) if self.width <= 0.5 else 1 / (4 * self.width)

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        x = rng.random((n, 1))
        return x, x + rng.uniform(-self.width, self.width, (n, 1))


@dataclass(frozen=True, slots=True)
class AdditiveExponential(Law):
    """``Y = X + E``, X exponential of rate 1 and E of rate `rate`, above 1.

    ``I = gamma + ln(rate - 1) + psi(rate / (rate - 1))``.

    Examples
    --------
    >>> from mutua.distributions import AdditiveExponential
    >>> round(AdditiveExponential(4.0).mutual_information, 4)
    1.5438
    """

    rate: float

    def __post_init__(self) -> None:
        if positive("rate", self.rate) <= 1:
            raise ValueError(f"rate must be above 1, got {self.rate}")

    @property
    def mutual_information(self) -> float:
        return math.log(self.rate - 1) + float(np.euler_gamma) + digamma(self.rate / (self.rate - 1))

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        x = rng.exponential(size=(n, 1))
        return x, x + rng.exponential(1 / self.rate, (n, 1))


@dataclass(frozen=True, slots=True)
class GammaExponential(Law):
    """X of a gamma law, Y exponential of rate X: ``I = psi(shape) - ln(shape) + 1/shape``.

    Examples
    --------
    >>> from mutua.distributions import GammaExponential
    >>> round(GammaExponential(1.0).mutual_information, 5)
    0.42278
    """

    shape: float

    def __post_init__(self) -> None:
        positive("shape", self.shape)

    @property
    def mutual_information(self) -> float:
        return digamma(self.shape) - math.log(self.shape) + 1 / self.shape

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        x = rng.gamma(self.shape, size=(n, 1))
        return x, rng.exponential(size=(n, 1)) / x


@dataclass(frozen=True, slots=True)
class NoisyCurve(Law):
    """``Y = f(X) + N``, X uniform on [-1, 1], N normal: information by quadrature, to about 1e-10.

    Parameters
    ----------
    curve : {"line", "parabola", "cubic", "wave", "step"}
        ``x``, ``2 x^2 - 1``, ``4 x^3 - 3 x``, ``sin(pi frequency x)``, ``tanh(10 x)``.
    deviation : float
        Of the noise.
    frequency : float, default=1
        Of the wave.

    Examples
    --------
    >>> from mutua.distributions import NoisyCurve
    >>> round(NoisyCurve("parabola", 0.3).mutual_information, 4)
    0.7399
    """

    curve: Literal["line", "parabola", "cubic", "wave", "step"]
    deviation: float
    frequency: float = 1.0

    def __post_init__(self) -> None:
        one_of("curve", self.curve, ("line", "parabola", "cubic", "wave", "step"))
        positive("deviation", self.deviation)
        positive("frequency", self.frequency)

    @property
    def mutual_information(self) -> float:
        """``h(Y) - h(N)``."""
        pieces = 8 * math.ceil(self.frequency + 1 / self.deviation)
        x, weight = legendre(-1, 1, pieces)
        reach = 1 + 9 * self.deviation
        y, height = legendre(-reach, reach, 2 * math.ceil(reach / self.deviation))
        z = (y[:, None] - self._of(x)) / self.deviation
        density = np.exp(-z * z / 2) @ (weight / 2) / (self.deviation * math.sqrt(2 * math.pi))
        entropy = -np.sum(height * density * np.log(np.maximum(density, 1e-300)))
        return float(entropy) - math.log(self.deviation) - math.log(2 * math.pi * math.e) / 2

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        x = rng.uniform(-1, 1, (n, 1))
        return x, self._of(x) + self.deviation * rng.standard_normal((n, 1))

    def _of(self, x: Floats) -> Floats:
        curves: dict[str, Callable[[Floats], Floats]] = {
            "line": lambda x: x,
            "parabola": lambda x: 2 * x**2 - 1,
            "cubic": lambda x: 4 * x**3 - 3 * x,
            "wave": lambda x: np.sin(np.pi * self.frequency * x),
            "step": lambda x: np.tanh(10 * x),
        }
        return np.asarray(curves[self.curve](x))
