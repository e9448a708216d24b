"""Differential entropy, and divergence, from nearest neighbours."""

import math

import numpy as np

from mutua.reference.distances import (
    Floats,
    _check_neighbors,
    _distances,
    _estimator,
    _kth_smallest,
    _matrix,
    _on_circles,
    digamma,
)


@_estimator
def kozachenko_leonenko(x: Floats, k: int, norm: str = "max") -> Floats:
    r"""Differential entropy of a continuous sample.

    .. math:: \psi(n) - \psi(k) + \ln V + d \langle \ln \epsilon_i \rangle

    ``eps_i`` is the distance to the k-th neighbour, `V` the volume of the ball of radius 1. No ball is wider
    than the period of a column: there ``2 eps_i`` is at most that.

    References
    ----------
    Kozachenko and Leonenko, "Sample estimate of the entropy of a random vector", Problems of Information
    Transmission 23 (1987).
    """
    (distances,) = _distances(norm, False, x)
    n, periods = len(distances), _on_circles(x)[1]
    squared = norm == "euclidean" and len(periods) > 1
    radius = _kth_smallest(distances, k)[:, 0]
    psi_n, psi_k = digamma(np.array([n, k]))
    return np.asarray(psi_n - psi_k + _log_volumes(radius, periods, squared))


def _log_volumes(radius: Floats, periods: Floats, squared: bool) -> Floats:
    """Of balls, given the squares of their radii if `squared`; none is wider than the period of a column."""
    d = len(periods)
    if squared:
        if np.any(np.isfinite(periods)):
            raise ValueError("there is no volume of Euclidean balls where columns are periodic")
        return np.asarray(d / 2 * (math.log(math.pi) + _log(radius)) - math.lgamma(d / 2 + 1))
    return np.asarray(d * math.log(2) + np.sum(_log(np.minimum(radius[:, None], periods / 2)), axis=1))


def _log(values: Floats) -> Floats:
    return np.asarray(np.log(values, where=values > 0, out=np.full(values.shape, -np.inf)))


@_estimator
def kullback_leibler(x: Floats, y: Floats, k: int, norm: str = "max") -> Floats:
    r"""Divergence of the law of one continuous sample from that of another.

    .. math:: d \langle \ln \frac{\nu_i}{\rho_i} \rangle + \ln \frac{m}{n - 1}

    ``rho_i`` is the distance of sample `i` of `x` to its k-th neighbour there, ``nu_i`` to its k-th in `y`.

    References
    ----------
    Wang, Kulkarni and Verdú, "Divergence estimation for multidimensional densities via k-nearest-neighbor
    distances", IEEE Trans. Inf. Theory 55 (2009).
    """
    if isinstance(x, tuple) or isinstance(y, tuple):
        raise ValueError("two samples are not compared on circles")
    _check_neighbors(k, len(x))
    _check_neighbors(k, len(y) + 1)
    n, d = len(x), _matrix(x).shape[1]
    (distances,) = _distances(norm, False, np.concatenate([_matrix(x), _matrix(y)]))
    rho, nu = (np.sort(part, axis=1)[:, k - 1] for part in (distances[:n, :n], distances[:n, n:]))
    if np.any(nu == 0):
        raise ValueError("no k samples of y may equal one of x")
    power = d / 2 if norm == "euclidean" and d > 1 else d  # squared distances
    log_rho = np.log(rho, where=rho > 0, out=np.full(n, -np.inf))
    return np.asarray(power * (np.log(nu) - log_rho) + math.log(len(y) / (n - 1)))
