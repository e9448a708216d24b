"""Columns that keep all that two variables share, or most of it in fewer dimensions."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua import _core
from mutua._threads import count_threads
from mutua._variables import Variable, check_lengths, finite_matrix

__all__ = [
    "CanonicalVariates",
    "canonical_variates",
    "independent_components",
    "log_radius",
    "normal_scores",
]

Floats = NDArray[np.float64]

_STEPS = 20
_NOTHING = 1e-10  # of the largest variance of a direction: no direction at all


def normal_scores(x: ArrayLike, *, n_jobs: int | None = None) -> Floats:
    """Each column on the scale of the normal law, by its ranks `r` from 1 to n: ``Phi^-1(r / (n + 1))``.

    Monotone, so that mutual information stays as it is where no value repeats; equal values share the mean of
    their ranks. Estimates from neighbours are the better for it where columns are skewed, heavy-tailed or of
    different units. The time is that of a sort of each column.

    Parameters
    ----------
    x : array-like of shape (n_samples,) or (n_samples, n_columns)
        Finite numbers.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors.

    Returns
    -------
    ndarray of the shape of `x`

    Raises
    ------
    ValueError, TypeError
        If `x` is no vector or matrix of finite numbers.

    Examples
    --------
    >>> from mutua import normal_scores
    >>> normal_scores([0.5, -7.0, 0.5, 100.0]).round(3)
    array([ 0.   , -0.842,  0.   ,  0.842])
    """
    variable = _numbers("x", x)
    return np.asarray(_core.normal_scores(finite_matrix(variable), count_threads(n_jobs))).reshape(
        variable.array.shape
    )


class CanonicalVariates(NamedTuple):
    """Two matrices whose columns are paired, the most correlated first, and these correlations."""

    x: Floats
    y: Floats
    correlations: Floats


def canonical_variates(x: ArrayLike, y: ArrayLike) -> CanonicalVariates:
    """Columns mixed such that each of `x` is correlated with one of `y` alone, as strongly as may be.

    All columns have variance 1 and are uncorrelated within a variable. Directions in which a variable does
    not vary are left out. The first few keep most of a linear dependence. ``n d^2`` operations.

    Parameters
    ----------
    x, y : array-like of shape (n_samples,) or (n_samples, n_columns)
        Finite numbers.

    Returns
    -------
    CanonicalVariates
        `x` and `y`, a row for each sample and as many columns as directions; `correlations`, the largest
        first, as many as the fewer of these.

    Raises
    ------
    ValueError
        If a variable does not vary, or samples are not finite.

    References
    ----------
    Hotelling, "Relations between two sets of variates", Biometrika 28 (1936).

    Examples
    --------
    >>> from mutua.distributions import Normal
    >>> from mutua.features import canonical_variates
    >>> x, y = Normal.pairs(3, 2, 0.8).sample(2000, seed=0)
    >>> canonical_variates(x, y).correlations.round(2)
    array([0.8 , 0.05])
    """
    parts = [_numbers("x", x), _numbers("y", y)]
    check_lengths(*parts)
    white = [_whitened(part) for part in parts]
    left, correlations, right = np.linalg.svd(white[0].T @ white[1] / len(white[0]))
    return CanonicalVariates(white[0] @ left, white[1] @ right.T, np.clip(correlations, 0, 1))


def independent_components(x: ArrayLike) -> Floats:
    """Columns turned until they are as far from normal, and so as independent, as may be.

    A hidden cause that is not normal becomes a column of its own; in which order is not told, and of normal
    columns there is nothing to tell. From the eigenvectors of fourth moments by steps of a fixed point, each
    of ``n d^2`` operations.

    Parameters
    ----------
    x : array-like of shape (n_samples,) or (n_samples, n_columns)
        Finite numbers.

    Returns
    -------
    ndarray of shape (n_samples, n_directions)
        Uncorrelated columns of variance 1.

    Raises
    ------
    ValueError
        If `x` does not vary, or is not finite.

    References
    ----------
    Cardoso, "Source separation using higher order moments", ICASSP (1989).
    Hyvärinen, "Fast and robust fixed-point algorithms for independent component analysis", IEEE Trans. Neural
    Networks 10 (1999).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.features import independent_components
    >>> hidden = np.random.default_rng(0).uniform(size=(2000, 2))
    >>> found = independent_components(hidden @ [[1.0, 0.7], [-0.4, 0.9]])
    >>> abs(np.corrcoef(hidden.T, found.T)[:2, 2:]).round(1)
    array([[1., 0.],
           [0., 1.]])
    """
    white = _whitened(_numbers("x", x))
    n = len(white)
    turned = np.linalg.eigh((white * np.sum(white**2, axis=1)[:, None]).T @ white / n)[1]
    for _ in range(_STEPS):
        bent = np.tanh(white @ turned)
        turned = white.T @ bent / n - turned * np.mean(1 - bent**2, axis=0)
        left, _, right = np.linalg.svd(turned)
        turned = left @ right
    return np.asarray(white @ turned)


def log_radius(x: ArrayLike) -> Floats:
    """The normal scores of the distance from the mean, in units of the covariance.

    A common scale of several columns shows in it: what `StudentTCopula` sees and correlations do not.

    Parameters
    ----------
    x : array-like of shape (n_samples,) or (n_samples, n_columns)
        Finite numbers.

    Returns
    -------
    ndarray of shape (n_samples,)

    Raises
    ------
    ValueError
        If `x` does not vary, or is not finite.

    Examples
    --------
    >>> from mutua.features import log_radius
    >>> log_radius([[0.0, 0.0], [1.0, 1.0], [-1.0, 1.0], [0.0, -9.0]]).round(2)
    array([-0.84,  0.  ,  0.  ,  0.84])
    """
    radius = np.sum(_whitened(_numbers("x", x)) ** 2, axis=1)
    return np.asarray(_core.normal_scores(radius))


def _numbers(name: str, values: Any) -> Variable:
    return Variable.read(name, values, discrete=False)


def _whitened(variable: Variable) -> Floats:
    """Uncorrelated columns of variance 1, near to the old ones; fewer where some determine others."""
    rows = finite_matrix(variable)
    rows = rows - rows.mean(axis=0)
    scale = np.sqrt(np.mean(rows**2, axis=0))
    rows = rows[:, scale > 0] / scale[scale > 0]
    if not rows.size:
        raise ValueError(f"{variable.name} must vary, got one value in each column")
    variances, axes = np.linalg.eigh(rows.T @ rows / len(rows))
    kept = variances > _NOTHING * variances[-1]
    white = rows @ (axes[:, kept] / np.sqrt(variances[kept]))
    return np.asarray(white @ axes.T if kept.all() else white)
