"""Student's t law: quantiles for ranks, and the dispersion and the degrees of freedom that fit ranks best."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mutua._gamma import digamma
from mutua._gaussian import bias

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

_PIECES = 512  # of the half line on which the distribution function is tabulated
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_BEYOND = 40.0  # what is left out is smaller than the least probability by this, as a logarithm
_MOST_ROUNDS = 200  # of expectation and maximization
_ROUGHLY, _CONVERGED = 1e-3, 1e-9  # change of a correlation: on the way, and in the end
_FEWEST, _MOST = 0.5, 200.0  # degrees of freedom
_CLOSE = 0.05  # to the best logarithm of these


def quantiles(probabilities: Floats, dof: float) -> Floats:
    """Those of probabilities between 0 and 1, to about 1e-10 of their size.

    With ``t = sqrt(dof) sinh(w)`` the density is ``cosh(w)^-dof``: integrals of it by Gauss and Legendre, and
    three steps by Newton from a table.
    """
    tail = np.minimum(probabilities, 1 - probabilities)
    log_scale = math.lgamma((dof + 1) / 2) - math.lgamma(dof / 2) - math.log(math.pi) / 2
    least = math.log(float(tail.min(initial=0.5))) - _BEYOND
    edges = (math.log(2) + (log_scale - math.log(dof) - least) / dof) * np.linspace(0, 1, _PIECES + 1) ** 2
    pieces = _integral(edges[:-1], edges[1:], dof)
    above = np.append(np.cumsum(pieces[::-1])[::-1], 0) * (0.5 / pieces.sum()) + math.exp(least)
    w = np.interp(-np.log(tail), -np.log(above), edges)
    for _ in range(3):
        near = np.clip(np.searchsorted(edges, w) - 1, 0, _PIECES - 1)
        excess = above[near] - math.exp(log_scale) * _integral(edges[near], w, dof) - tail
        w = np.maximum(w + excess * np.exp(dof * _log_cosh(w) - log_scale), 0)
    return np.copysign(math.sqrt(dof) * np.sinh(w), probabilities - 0.5)


def _log_cosh(w: Floats) -> Floats:
    return np.asarray(w + np.log1p(np.exp(-2 * w)) - math.log(2))


def _integral(start: Floats, stop: Floats, dof: float) -> Floats:
    """Of ``cosh(w)^-dof``."""
    half = (stop - start) / 2
    w = ((start + stop) / 2)[:, None] + half[:, None] * _NODES
    return np.asarray(half * (np.exp(-dof * _log_cosh(np.abs(w))) @ _WEIGHTS))


@dataclass(frozen=True, slots=True)
class StudentTFit:
    """The t copula that fits ranks best.

    Attributes
    ----------
    dof : float
        Degrees of freedom.
    samples : ndarray of shape (n_samples, n_columns)
        On the scale of the t law.
    dispersion : ndarray of shape (n_columns, n_columns)
        With ones on the diagonal.
    gain : float
        How much larger the logarithm of the pseudo-likelihood is than that of the normal copula, in nats.
    """

    dof: float
    samples: Floats
    dispersion: Floats
    gain: float

    @classmethod
    def of(cls, scores: Floats, dof: float | None = None) -> Self:
        """From normal scores whose correlations are not singular; `dof` are the best ones if None."""
        search = _Search(scores)
        if dof is None:
            dof = math.exp(_minimum(search.loss, math.log(_FEWEST), math.log(_MOST), _CLOSE))
        loss = search.loss(math.log(dof), _CONVERGED)
        return cls(dof, search.samples, search.dispersion, search.normal_loss - loss)

    @property
    def size(self) -> float:
        """How many normal samples tell as much of the dispersion."""
        n, d = self.samples.shape
        return float(n * (self.dof + d) / (self.dof + d + 2))

    def entropy(self, columns: Integers, corrected: bool) -> float:
        """Of some columns in nats, but for ``k/2 ln(dof pi)``."""
        k = len(columns)
        nats = float(np.linalg.slogdet(self.dispersion[np.ix_(columns, columns)])[1]) / 2
        return nats + student_t_entropy(k, self.dof) - (bias(self.size, k) if corrected else 0.0)

    def deviations(self, columns: Integers) -> Floats:
        """What samples contribute to that, less the mean."""
        part = self.samples[:, columns]
        squares = _squares(part, self.dispersion[np.ix_(columns, columns)])
        values = (self.dof + len(columns)) / 2 * np.log1p(squares / self.dof)
        return np.asarray(values - values.mean())


class _Search:
    """The pseudo-likelihood over the degrees of freedom, each step from the dispersion of the last."""

    def __init__(self, scores: Floats) -> None:
        self.scores = scores
        self.levels, places = np.unique(scores, return_inverse=True)
        self.places = places.reshape(scores.shape)
        self.probabilities = normal_distribution(self.levels)
        self.samples = scores
        self.dispersion = _unit(scores.T @ scores)
        self.normal_loss = self._normal_loss()

    def loss(self, log_dof: float, close: float = _ROUGHLY) -> float:
        """Of all samples, in nats."""
        dof, d = math.exp(log_dof), self.scores.shape[1]
        samples = quantiles(self.probabilities, dof)[self.places]
        dispersion = self.dispersion
        for _ in range(_MOST_ROUNDS):
            squares = _squares(samples, dispersion)
            weighted = samples * ((dof + d) / (dof + squares))[:, None]
            before, dispersion = dispersion, _unit(weighted.T @ samples)
            if np.abs(dispersion - before).max() < close:
                break
        self.samples, self.dispersion = samples, dispersion
        root = np.linalg.cholesky(dispersion)
        squares = _squares(samples, dispersion)
        joint = _log_scale(d, dof) - np.log(np.diag(root)).sum() - (dof + d) / 2 * np.log1p(squares / dof)
        single = d * _log_scale(1, dof) - (dof + 1) / 2 * np.log1p(samples**2 / dof).sum(axis=1)
        return float(np.sum(single - joint))

    def _normal_loss(self) -> float:
        n = len(self.scores)
        root = np.linalg.cholesky(self.dispersion)
        squares = _squares(self.scores, self.dispersion).sum() - np.sum(self.scores**2)
        return float(n * np.log(np.diag(root)).sum() + squares / 2)


def student_t_entropy(k: int, dof: float) -> float:
    """Of `k` columns whose dispersion is the identity, in nats, but for ``k/2 ln(dof pi)``."""
    a = (dof + k) / 2
    return a * (digamma(a) - digamma(dof / 2)) - math.lgamma(a) + math.lgamma(dof / 2)


def normal_distribution(scores: Floats) -> Floats:
    erf = np.frompyfunc(math.erf, 1, 1)
    return np.asarray(0.5 + np.asarray(erf(scores / math.sqrt(2)), dtype=np.float64) / 2)


def _log_scale(k: int, dof: float) -> float:
    return math.lgamma((dof + k) / 2) - math.lgamma(dof / 2) - k / 2 * math.log(dof * math.pi)


def _squares(samples: Floats, dispersion: Floats) -> Floats:
    """The squared distances from 0 in units of the dispersion."""
    return np.asarray(np.einsum("ij,ij->i", samples @ np.linalg.inv(dispersion), samples))


def _unit(products: Floats) -> Floats:
    scale = np.sqrt(np.diag(products))
    return np.asarray(products / np.outer(scale, scale))


def _minimum(loss: Callable[[float], float], low: float, high: float, close: float) -> float:
    """By golden section."""
    ratio = (math.sqrt(5) - 1) / 2
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    at_a, at_b = loss(a), loss(b)
    while high - low > close:
        if at_a < at_b:
            high, b, at_b = b, a, at_a
            a = high - ratio * (high - low)
            at_a = loss(a)
        else:
            low, a, at_a = a, b, at_b
            b = low + ratio * (high - low)
            at_b = loss(b)
    return (low + high) / 2
