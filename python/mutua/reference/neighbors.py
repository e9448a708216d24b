"""Neighbours and ranks: who is near, and how many."""

from statistics import NormalDist

import numpy as np

from mutua.reference.distances import (
    Floats,
    Integers,
    _check_lengths,
    _check_neighbors,
    _check_points,
    _distances_to_others,
    _matrix,
    ranks,
)


def kth_distances(points: Floats, k: int) -> Floats:
    """Distance from each point to its k-th nearest other point.

    ``eps_i`` is the k-th smallest of ``max_c |x_ic - x_jc|`` over ``j != i``: by index, so that
    duplicates are neighbours at distance 0.
    """
    _check_points(points)
    _check_neighbors(k, len(points))
    return np.array([np.sort(_distances_to_others(points, i))[k - 1] for i in range(len(points))])


def kth_distances_to(points: Floats, others: Floats, k: int) -> Floats:
    """Distance from each point to the k-th nearest of others.

    The k-th smallest of ``max_c |x_ic - y_jc|`` over `j`.
    """
    _check_points(points)
    _check_points(others)
    _check_neighbors(k, len(others) + 1)
    if points.shape[1] != others.shape[1]:
        raise ValueError("points and others must have as many coordinates")
    return np.array([np.sort(np.max(np.abs(others - point), axis=1))[k - 1] for point in points])


def counts_within(points: Floats, radii: Floats, closed: bool) -> Integers:
    """Number of other points in the ball around each point.

    ``#{j != i : max_c |x_ic - x_jc| < r_i}``, or ``<= r_i`` for a closed ball. Rounded differences are
    compared, never ``x_i + r_i``, which may round onto a neighbour.
    """
    _check_points(points)
    _check_lengths(points, radii)
    if not np.all((radii >= 0) & np.isfinite(radii)):
        raise ValueError("radii must be finite and at least 0")
    inside = np.less_equal if closed else np.less
    counts = [np.count_nonzero(inside(_distances_to_others(points, i), radii[i])) for i in range(len(points))]
    return np.array(counts, dtype=np.int64)


def normal_scores(samples: Floats, n_threads: int = 1) -> Floats:
    """``Phi^-1(r / (n + 1))`` of the ranks `r`, from 1, of a vector or of each column of a matrix."""
    ranked = ranks(_matrix(samples)) / 2 + 1
    quantiles = np.vectorize(NormalDist().inv_cdf, otypes=[np.float64])
    return np.asarray(quantiles(ranked / (len(samples) + 1))).reshape(samples.shape)
