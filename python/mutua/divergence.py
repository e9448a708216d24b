"""Divergences: how far the law of one sample, or a known distribution, is from that of another."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua import _core
from mutua._cells import check_total, checked
from mutua._labels import together
from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION
from mutua._relative_entropy import relative_entropy
from mutua._threads import count_threads
from mutua._variables import Variable
from mutua.estimators import Estimator, KozachenkoLeonenko, PlugIn
from mutua.measures import _checked, _in_base, measured

__all__ = ["jensen_shannon_divergence", "kl_divergence"]


def kl_divergence(
    x: ArrayLike,
    y: ArrayLike,
    *,
    estimator: Estimator | None = None,
    base: float | None = None,
    pointwise: bool = False,
    probabilities: bool = False,
    n_jobs: int | None = None,
) -> Any:
    r"""Kullback-Leibler divergence of the law P of `x` from the law Q of `y`.

    .. math:: \int p \ln \frac{p}{q}, \qquad \sum_i p_i \ln \frac{p_i}{q_i}

    How much more surprising samples of P are to who believes Q. Not symmetric. At least 0, and 0 only if the
    laws are the same; infinite where P can be and Q cannot.

    Parameters
    ----------
    x, y : array-like of shape (n_samples,) or (n_samples, n_columns)
        Independent samples of P and of Q, not necessarily as many; several columns are one variable. Both
        floats, which are continuous, or both integers, bools or text, which are discrete. With
        `probabilities`, two arrays of the same shape: the probabilities of the same outcomes.
    estimator : Estimator, optional
        How to estimate. If None: `PlugIn` for labels, `KozachenkoLeonenko` for floats.
    base : float, optional
        Base of the logarithm: 2 for bits. If None, e, for nats.
    pointwise : bool, default=False
        Whether to return what each sample of `x` contributes instead of the mean.
    probabilities : bool, default=False
        Whether `x` and `y` are probabilities: at least 0, adding up to 1 within 1e-9.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors. Results do not depend on it.

    Returns
    -------
    float or ndarray
        The estimate as it comes: that of floats may be below 0 where the laws are alike. Where the estimator
        has several `k`, an array with a value, or with `pointwise` a row, for each.

    Raises
    ------
    ValueError
        If samples are not finite or too few for `k`, columns or shapes differ, one of `x` and `y` is
        continuous and the other discrete, the estimator does not estimate this, probabilities do not add up
        to 1, or `k` samples of `y` equal one of `x` that are floats.
    TypeError
        If an argument is of a type that does not fit.

    See Also
    --------
    jensen_shannon_divergence : Symmetric and bounded.

    Notes
    -----
    With ``rho_i`` the distance of sample `i` of `x` to its k-th neighbour in `x`, ``nu_i`` to its k-th in
    `y`, `d` columns, `n` and `m` samples, `KozachenkoLeonenko` gives

    .. math:: d \langle \ln \frac{\nu_i}{\rho_i} \rangle + \ln \frac{m}{n - 1}

    which is the cross-entropy less the entropy, each with the same `k`, `norm` and most of its bias. What is
    left grows with the columns, and where samples of `y` are rare among those of `x` it pulls the estimate
    towards 0. Infinite where `k` other samples of `x` equal one, an atom that `y` has not. The time is that
    of two searches for neighbours.

    `Gaussian` takes both laws for normal: with means `m` and covariances `S` of `d` columns

    .. math:: \tfrac12 \big[ \operatorname{tr}(S_Q^{-1} S_P) + (m_P - m_Q)^T S_Q^{-1} (m_P - m_Q) - d
              + \ln |S_Q| / |S_P| \big]

    each term without its bias, which is exact for normal samples: `y` needs more than ``d + 2``.

    `PlugIn` compares observed frequencies: infinite where a label of `x` does not occur in `y`, which of
    rare labels is no more than chance; else too high by about ``(R - 1)(1 / n + 1 / m) / 2`` for R labels
    where the laws are alike.

    References
    ----------
    Kullback and Leibler, "On information and sufficiency", Annals of Mathematical Statistics 22 (1951).
    Wang, Kulkarni and Verdú, "Divergence estimation for multidimensional densities via k-nearest-neighbor
    distances", IEEE Transactions on Information Theory 55 (2009).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import kl_divergence
    >>> rng = np.random.default_rng(0)
    >>> x, y = rng.normal(size=2000), rng.normal(1, 2, size=3000)
    >>> round(kl_divergence(x, y), 3)  # the truth is ln(2) - 1/4, 0.443
    0.382
    >>> kl_divergence(["a", "a", "b", "c"], ["a", "b", "b", "c"], base=2)
    0.25
    >>> kl_divergence([0.5, 0.5, 0], [0.25, 0.25, 0.5], probabilities=True, base=2)
    1.0
    """
    if probabilities:
        p, q = _distributions(x, y, estimator, pointwise)
        return _in_base(relative_entropy(p, q), base)
    both, n = _joined(x, y)
    if estimator is None:
        estimator = PlugIn() if both.is_discrete else KozachenkoLeonenko()
    return _in_base(_checked(estimator)._divergence(both, n, pointwise, count_threads(n_jobs)), base)


def jensen_shannon_divergence(
    x: ArrayLike,
    y: ArrayLike,
    *,
    estimator: Estimator | None = None,
    base: float | None = None,
    pointwise: bool = False,
    probabilities: bool = False,
    weights: ArrayLike | None = None,
    n_jobs: int | None = None,
) -> Any:
    r"""Jensen-Shannon divergence of the laws P of `x` and Q of `y`: what a value tells about its origin.

    .. math:: w_P D(P \| M) + w_Q D(Q \| M), \qquad M = w_P P + w_Q Q

    It is the mutual information of a value and which of the two it comes from, and is estimated as that. At
    least 0, and at most the entropy of the weights: ln 2, or 1 bit. Finite for any laws.

    Parameters
    ----------
    x, y : array-like of shape (n_samples,) or (n_samples, n_columns)
        Independent samples of P and of Q; several columns are one variable. Both floats, which are
        continuous, or both integers, bools or text, which are discrete. With `probabilities`, two arrays of
        the same shape: the probabilities of the same outcomes.
    estimator : Estimator, optional
        How to estimate: any estimator of mutual information for such samples and labels. If None, as for
        `mutual_information`: `PlugIn` for labels, `Ross` for floats that do not repeat.
    base : float, optional
        Base of the logarithm: 2 for bits. If None, e, for nats.
    pointwise : bool, default=False
        Whether to return what each sample contributes instead of the mean: first those of `x`, then of `y`.
    probabilities : bool, default=False
        Whether `x` and `y` are probabilities: at least 0, adding up to 1 within 1e-9.
    weights : pair of float, optional
        The weights of P and of Q where they are known, adding up to 1. If None, 1/2 each. Of samples each
        side weighs as many as it has, ``n / (n + m)`` and ``m / (n + m)``: take as many of both for 1/2.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors. Results do not depend on it.

    Returns
    -------
    float or ndarray
        The estimate as it comes: that of floats may be below 0 where the laws are alike. Where the estimator
        has several `k`, an array with a value, or with `pointwise` a row, for each.

    Raises
    ------
    ValueError
        If samples are not finite or too few, columns or shapes differ, one of `x` and `y` is continuous and
        the other discrete, the estimator is not for such data, or probabilities do not add up to 1.
    TypeError
        If an argument is of a type that does not fit.

    See Also
    --------
    kl_divergence : Not symmetric, and without a bound.

    Notes
    -----
    Its square root, with equal weights, is a metric. Bias and time are those of the estimator: `PlugIn` is
    too high by about ``(R - 1) / 2(n + m)`` for R labels, `Ross` is little biased.

    References
    ----------
    Lin, "Divergence measures based on the Shannon entropy", IEEE Transactions on Information Theory 37
    (1991).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import jensen_shannon_divergence
    >>> rng = np.random.default_rng(0)
    >>> x, y = rng.uniform(0, 2, size=2000), rng.uniform(1, 3, size=2000)
    >>> round(jensen_shannon_divergence(x, y, base=2), 3)  # the truth is 1/2: every other value tells
    0.493
    >>> jensen_shannon_divergence(["a", "a", "b"], ["b", "c", "c"], base=2)
    0.6666666666666666
    >>> jensen_shannon_divergence([1, 0], [0, 1], probabilities=True, base=2)
    1.0
    """
    if probabilities:
        p, q = _distributions(x, y, estimator, pointwise)
        return _in_base(_between(p, q, *_weights(weights)), base)
    if weights is not None:
        raise ValueError("weights are for probabilities: samples weigh as many as there are")
    both, n = _joined(x, y)
    origin = Variable("the origin", np.repeat([0, 1], [n, len(both) - n]), is_discrete=True)
    clock = np.arange(len(both)) + len(both) * origin.array  # No time leads from one to the other.
    data = replace(Observations.of(both, origin), clock=clock)
    return measured(MUTUAL_INFORMATION, data, estimator, base, pointwise, n_jobs)


def _joined(x: Any, y: Any) -> tuple[Variable, int]:
    """The samples of `x` and then those of `y` as one variable, and how many the former are."""
    ours, theirs = sides = [_read("x", x), _read("y", y)]
    for side in sides:
        if side.periods is not None:
            raise ValueError(f"{side.name} must not be periodic: two samples are not compared on circles")
        if len(side) == 0:
            raise ValueError(f"{side.name} must have at least one sample")
    if ours.is_discrete != theirs.is_discrete:
        kinds = f"{ours.array.dtype} and {theirs.array.dtype}"
        raise ValueError(f"x and y must both be continuous or both discrete, got {kinds}")
    arrays = [side.array if side.is_discrete else side.samples() for side in sides]
    left, right = (array[:, 0] if array.shape[1:] == (1,) else array for array in arrays)
    if left.shape[1:] != right.shape[1:]:
        columns = [math.prod(array.shape[1:]) for array in (left, right)]
        raise ValueError(f"x and y must have the same number of columns, got {columns[0]} and {columns[1]}")
    try:
        joined = together(left, right) if ours.is_discrete else np.concatenate([left, right])
    except TypeError as error:
        raise TypeError(
            f"x and y must be labels that can be ordered, got {left.dtype} and {right.dtype}"
        ) from error
    return Variable("x and y", joined, ours.is_discrete), len(ours)


def _read(name: str, values: Any) -> Variable:
    """Text and categories as they are: those of `x` and those of `y` may be numbered differently."""
    variable = Variable.read(name, values)
    return Variable.read(name, np.asarray(values), discrete=True) if variable.are_codes else variable


def _distributions(x: Any, y: Any, estimator: Any, pointwise: bool) -> list[NDArray[np.float64]]:
    """Two known distributions over the same outcomes, as vectors."""
    if estimator is not None or pointwise:
        raise ValueError("probabilities are known: they take no estimator, and no pointwise=True")
    arrays = [checked(name, values).astype(np.float64) for name, values in (("x", x), ("y", y))]
    if arrays[0].shape != arrays[1].shape:
        raise ValueError(f"x and y must have the same shape, got {arrays[0].shape} and {arrays[1].shape}")
    return [_normalized(name, array.ravel()) for name, array in zip("xy", arrays, strict=True)]


def _weights(weights: Any) -> NDArray[np.float64]:
    found = np.array([0.5, 0.5]) if weights is None else checked("weights", weights).astype(np.float64)
    if found.shape != (2,):
        raise ValueError(f"weights must be two numbers, got shape {found.shape}")
    return _normalized("weights", found)


def _normalized(name: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
    total = math.fsum(values)
    check_total(name, total)
    return values / total


def _between(p: NDArray[np.float64], q: NDArray[np.float64], w_p: float, w_q: float) -> float:
    """The mutual information of outcome and origin, from their joint distribution."""
    n = len(p)
    rows, columns = np.divmod(np.arange(2 * n), n)
    weights = np.concatenate([w_p * p, w_q * q])
    return _core.WeightedTable.from_cells(rows, columns, weights, (2, n)).mutual_information()
