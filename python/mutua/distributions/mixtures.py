"""Mixtures of normal laws of two scalars: clusters, crosses, rings."""

import math
from dataclasses import dataclass

import numpy as np

from mutua.distributions.base import Floats, Law, Samples, positive
from mutua.distributions.quadrature import legendre

__all__ = ["NormalMixture"]

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class NormalMixture(Law):
    """Two scalars of one of several normal laws, each as probable: information by quadrature, to about 1e-8.

    Parameters
    ----------
    means : sequence of pairs
        A pair for each law.
    deviations : sequence of pairs
        Likewise, above 0.
    correlations : sequence of float
        One for each law.

    Examples
    --------
    >>> from mutua.distributions import NormalMixture
    >>> cross = NormalMixture([(0, 0), (0, 0)], [(1, 1), (1, 1)], [0.9, -0.9])
    >>> round(cross.mutual_information, 4)
    0.4084
    """

    means: tuple[Pair, ...]
    deviations: tuple[Pair, ...]
    correlations: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.means) == len(self.deviations) == len(self.correlations) > 0:
            raise ValueError(
                "means, deviations and correlations must be of the same number of laws, got "
                f"{len(self.means)}, {len(self.deviations)} and {len(self.correlations)}"
            )
        for pair in self.deviations:
            positive("deviations", min(pair))
        if not all(-1 < correlation < 1 for correlation in self.correlations):
            raise ValueError(f"correlations must be between -1 and 1, got {self.correlations}")
        for name in ("means", "deviations"):
            object.__setattr__(self, name, tuple((float(a), float(b)) for a, b in getattr(self, name)))
        object.__setattr__(self, "correlations", tuple(map(float, self.correlations)))

    @classmethod
    def ring(cls, n_laws: int, deviation: float) -> "NormalMixture":
        """Round clusters on a circle of radius 1."""
        angles = 2 * np.pi * np.arange(n_laws) / n_laws
        means = [(math.cos(angle), math.sin(angle)) for angle in angles]
        return cls(tuple(means), ((deviation, deviation),) * n_laws, (0.0,) * n_laws)

    @property
    def mutual_information(self) -> float:
        axes = [self._axis(side) for side in (0, 1)]
        (x, weight_x), (y, weight_y) = axes
        joint = np.zeros((len(x), len(y)))
        laws = list(zip(self.means, self.deviations, self.correlations, strict=True))
        margins = [np.zeros(len(x)), np.zeros(len(y))]
        for mean, deviation, correlation in laws:
            a, b = (x - mean[0]) / deviation[0], (y - mean[1]) / deviation[1]
            rest = 1 - correlation**2
            square = (a * a)[:, None] + b * b - 2 * correlation * np.multiply.outer(a, b)
            joint += np.exp(-square / (2 * rest)) / (2 * np.pi * math.prod(deviation) * math.sqrt(rest))
            for margin, z, scale in zip(margins, (a, b), deviation, strict=True):
                margin += np.exp(-z * z / 2) / (scale * math.sqrt(2 * np.pi))
        joint, (left, right) = joint / len(laws), [margin / len(laws) for margin in margins]
        inside = joint > 1e-290
        ratio = np.divide(joint, np.multiply.outer(left, right), out=np.ones_like(joint), where=inside)
        return float(weight_x @ (joint * np.log(ratio)) @ weight_y)

    def _axis(self, side: int) -> tuple[Floats, Floats]:
        """Nodes that reach nine deviations beyond each mean."""
        low = min(m[side] - 9 * s[side] for m, s in zip(self.means, self.deviations, strict=True))
        high = max(m[side] + 9 * s[side] for m, s in zip(self.means, self.deviations, strict=True))
        laws = zip(self.deviations, self.correlations, strict=True)
        finest = min(s[side] * math.sqrt(1 - r * r) for s, r in laws)
        return legendre(low, high, min(100, math.ceil((high - low) / (3 * finest))))

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        which = rng.integers(len(self.means), size=n)
        means, deviations = np.array(self.means)[which], np.array(self.deviations)[which]
        correlation = np.array(self.correlations)[which]
        a, b = rng.standard_normal((2, n))
        b = correlation * a + np.sqrt(1 - correlation**2) * b
        return means[:, :1] + deviations[:, :1] * a[:, None], means[:, 1:] + deviations[:, 1:] * b[:, None]
