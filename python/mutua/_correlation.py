"""Correlations: what mutual information is compared with."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def pearson(x: Floats, y: Floats) -> float | None:
    """Pearson's correlation; None where one of the two is constant."""
    x, y = _centred(x), _centred(y)
    scale = math.sqrt(float(x @ x)) * math.sqrt(float(y @ y))
    return max(-1.0, min(1.0, float(x @ y) / scale)) if scale else None


def one_versus_rest(classes: Floats, y: Floats) -> float | None:
    """The correlation with the indicator of one class that is largest in absolute value, signed."""
    positions = classes.astype(np.intp)
    y = _centred(y)
    sizes = np.bincount(positions)
    sums = np.bincount(positions, weights=y)
    scale = np.sqrt(sizes * (1 - sizes / len(y)) * float(y @ y))
    r = sums[scale > 0] / scale[scale > 0]
    return max(-1.0, min(1.0, float(r[np.argmax(np.abs(r).round(12))]))) if r.size else None


def _centred(x: Floats) -> Floats:
    x = unit(x)
    return x - np.mean(x, dtype=np.float64)


def unit(x: Floats) -> Floats:
    """`x` times a power of two that brings it to magnitude 1: no square overflows, and no digit changes."""
    scaled: Floats = np.ldexp(x, -np.frexp(np.max(np.abs(x)))[1])
    return scaled


def ranks(x: Floats) -> Floats:
    """Ranks from 1; equal values share their average rank."""
    _, position, count = np.unique(x, return_inverse=True, return_counts=True)
    average: Floats = np.cumsum(count) - (count - 1) / 2
    return average[position]
