"""Kullback-Leibler divergence of known distributions, summed so that the order of outcomes changes no bit."""

import math

import numpy as np
from numpy.typing import NDArray

_NEAR = 1 / 16  # Relative differences below are summed by a series,
_LAST = 16  # up to this power.


def relative_entropy(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    """``sum p ln(p / q)`` for vectors that add up to 1, infinite where `q` lacks what `p` has.

    As ``sum q g(d)`` with ``d = (p - q) / q`` and ``g(d) = (1 + d) ln(1 + d) - d``: no two terms cancel.
    """
    if np.any((p > 0) & (q == 0)):
        return math.inf
    p, q = p[q > 0], q[q > 0]
    with np.errstate(over="ignore"):
        d = (p - q) / q
    near = np.abs(d) < _NEAR
    far, some = ~near, ~near & (p > 0)
    series = np.zeros(np.count_nonzero(near))
    for power in range(_LAST, 1, -1):
        series = 1 / (power * (power - 1)) - series * d[near]
    logs = p[some] * log_ratio(p[some], q[some])
    return math.fsum(np.concatenate([q[near] * d[near] ** 2 * series, logs, q[far], -p[far]]))


def log_ratio(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    """``ln(p / q)`` for positive `p`: infinite where `q` is 0."""
    with np.errstate(divide="ignore", over="ignore"):
        ratio = p / q
        return np.where(np.isfinite(ratio), np.log(ratio), np.log(p) - np.log(q))
