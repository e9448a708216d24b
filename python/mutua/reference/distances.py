"""Distances between all pairs of samples, and digamma: what the estimators from neighbours are made of."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def digamma(m: Integers) -> Floats:
    """Digamma at positive integers: ``psi(m) = 1 + 1/2 + ... + 1/(m - 1) - gamma``."""
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, np.max(m)))])
    return np.asarray(harmonic[m - 1] - np.euler_gamma)


def _estimator(contributions: Callable[..., Floats]) -> Callable[..., Any]:
    """The mean of what samples contribute, NaN left out, unless `pointwise`; for several `k` a row each."""

    @functools.wraps(contributions)
    def estimate(*samples: Any, k: Any, pointwise: bool = False, n_threads: int = 1, **options: Any) -> Any:
        if np.ndim(k) == 1:
            return np.array(
                [estimate(*samples, k=one, pointwise=pointwise, **options) for one in k], dtype=np.float64
            )
        values = contributions(*samples, k=k, **options)
        return values if pointwise else float(np.nanmean(values))

    return estimate


def ranks(points: Floats) -> Floats:
    """Rank of each value in its column: points below, plus points not above, less 1; ties share the mean."""
    _check_points(points)
    below = np.sum(points[:, None] > points, axis=1) + np.sum(points[:, None] >= points, axis=1)
    return np.asarray(below - 1, dtype=np.float64)


def _matrix(values: Floats) -> Floats:
    return values[:, None] if values.ndim == 1 else values


def _on_circles(samples: Any) -> tuple[Floats, Floats]:
    """Values as a matrix, and the periods of its columns: infinite where a column does not go round.

    A pair holds samples and periods; values are taken modulo these, from 0 up to below the period.
    """
    values, periods = samples if isinstance(samples, tuple) else (samples, None)
    values = _matrix(values)
    if periods is None:
        return values, np.full(values.shape[1], np.inf)
    if periods.shape != values.shape[1:] or not np.all(periods > 0):
        raise ValueError("there must be a period above 0 for each column")
    with np.errstate(invalid="ignore"):
        rest = np.fmod(values, periods)
        rest = np.where(rest < 0, rest + periods, rest)
        rest = np.where(rest >= periods, 0, rest)
    return np.where(np.isfinite(periods), rest, values), periods


def _distances(norm: str, ranked: bool, *samples: Any) -> list[Floats]:
    """Between all pairs of points, infinite from each to itself; squared for the Euclidean norm.

    On a circle of period `p`, ``min(|d|, p - |d|)`` in place of the difference `d`.
    """
    if norm not in ("max", "euclidean"):
        raise ValueError("there are two norms, max and euclidean")
    parts = [_on_circles(part) for part in samples]
    found = []
    for values, periods in parts:
        _check_points(values)
        _check_lengths(values, parts[0][0])
        if ranked and np.any(np.isfinite(periods)):
            raise ValueError("there are no ranks on a circle")
        values = ranks(values) if ranked else values
        with np.errstate(over="ignore"):
            differences = np.abs(values[:, None] - values)
            if not np.all(np.isfinite(differences)):
                raise ValueError("samples must span less than the range of float64")
            differences = np.minimum(differences, periods - differences)
            if norm == "max" or all(len(periods) == 1 for _, periods in parts):
                distances = np.max(differences, axis=2, initial=0)
            else:
                distances = sum(np.moveaxis(differences**2, 2, 0), np.zeros(differences.shape[:2]))
        if not np.all(np.isfinite(distances)):
            raise ValueError("squared distances must be finite")
        np.fill_diagonal(distances, np.inf)
        found.append(distances)
    return found


def _kth_smallest(distances: Floats, k: int) -> Floats:
    """As a column."""
    _check_neighbors(k, len(distances))
    return np.sort(distances, axis=1)[:, k - 1 : k]


def _distances_to_others(points: Floats, i: int) -> Floats:
    return np.delete(np.max(np.abs(points - points[i]), axis=1), i)


def _expanded_kth_distances(x: Floats, k: int, single_precision: bool) -> Floats:
    a, b = x[:, None], x[None, :]
    squares = np.maximum(0, (a * a - 2 * (a * b)) + b * b)
    np.fill_diagonal(squares, np.inf)
    nearest = np.sort(squares, axis=1)[:, k - 1]
    return np.sqrt(nearest.astype(np.float32)).astype(np.float64) if single_precision else np.sqrt(nearest)


def _check_points(points: Floats) -> None:
    if points.ndim != 2 or points.shape[1] == 0:
        raise ValueError("points must be a matrix with a column for each coordinate")
    if not np.all(np.isfinite(points)):
        raise ValueError("coordinates must be finite")


def _check_neighbors(k: int, n: int) -> None:
    if not 1 <= k < n:
        raise ValueError("the number of neighbors must be at least 1 and below the number of samples")


def _check_lengths(left: NDArray[Any], right: NDArray[Any]) -> None:
    if len(left) != len(right):
        raise ValueError("inputs must have the same length")
