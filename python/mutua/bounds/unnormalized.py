"""Lower bounds without a logarithm around the mean: no bias, and all the variance of exponentials."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mutua import _core
from mutua._threads import count_threads
from mutua.bounds._bound import Bound
from mutua.bounds._result import bound, set_diagonal
from mutua.bounds._sources import Block, Source, read
from mutua.bounds._sums import Floats, log_sums


def tuba(
    scores: Any,
    log_baseline: ArrayLike = 0.0,
    *,
    gradient: bool = False,
    base: float | None = None,
    n_jobs: int | None = None,
) -> Bound:
    r"""TUBA: the bound of Barber and Agakov, unnormalised and tractable.

    .. math:: 1 + \frac{1}{n} \sum_i (s_{ii} - b_i) - \frac{1}{n (n - 1)} \sum_{i \ne j} e^{s_{ij} - b_j}

    The best critic is ``ln p(y | x)`` up to a function of y that the baseline equals: ``b(y) = ln E_x exp
    s(x, y)``. Unbiased, with a variance that grows as ``exp(information) / n``.

    Parameters
    ----------
    scores, gradient, base, n_jobs
        As for `info_nce`.
    log_baseline : float or array-like of shape (n_pairs,), default=0.0
        The logarithm of what the exponentials of each column, an y, are divided by. It has no gradient here:
        its slope is minus the sum of the slopes of its column.

    Returns
    -------
    Bound
        Its ceiling is ``ln(n (n - 1))``, as for `donsker_varadhan`.

    Raises
    ------
    ValueError, TypeError
        As for `info_nce`, and if `log_baseline` is not finite or of another length.

    References
    ----------
    Poole et al., "On variational bounds of mutual information", ICML 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.bounds import tuba
    >>> round(tuba(np.log([[1.6, 0.4], [0.4, 1.6]]), np.log([1.0, 1.0])).value, 6)
    1.070004
    """
    return _unnormalized(scores, log_baseline, gradient, base, n_jobs)


def nwj(
    scores: Any, *, gradient: bool = False, base: float | None = None, n_jobs: int | None = None
) -> Bound:
    r"""The bound of Nguyen, Wainwright and Jordan, or f-GAN, or MINE-f: `tuba` with a baseline of e.

    .. math:: \frac{1}{n} \sum_i s_{ii} - \frac{1}{n (n - 1)} \sum_{i \ne j} e^{s_{ij} - 1}

    The best critic is 1 plus the logarithm of the density ratio. Unbiased, with a variance that grows as
    ``exp(information) / n``.

    Parameters
    ----------
    scores, gradient, base, n_jobs
        As for `info_nce`.

    Returns
    -------
    Bound
        Its ceiling is ``ln(n (n - 1))``, as for `donsker_varadhan`.

    Raises
    ------
    ValueError, TypeError
        As for `info_nce`.

    References
    ----------
    Nguyen, Wainwright and Jordan, "Estimating divergence functionals and the likelihood ratio by convex risk
    minimization", IEEE Transactions on Information Theory 56 (2010).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.bounds import nwj
    >>> round(nwj(1 + np.log([[1.6, 0.4], [0.4, 1.6]])).value, 6)
    1.070004
    """
    return _unnormalized(scores, 1.0, gradient, base, n_jobs)


def _unnormalized(
    scores: Any, log_baseline: ArrayLike, gradient: bool, base: float | None, n_jobs: int | None
) -> Bound:
    source, n_threads = read(scores), count_threads(n_jobs)
    n, baseline = source.n, baseline_of(source, log_baseline)
    sums = log_sums(source, n_threads, lambda row, block: less(block, baseline))
    with np.errstate(over="ignore", invalid="ignore"):
        mean = np.exp(sums.log_mean())
        terms = sums.diagonal - mean * (sums.shares() - 2)
        value = 1 + sums.diagonal.mean() - mean

    def pull(row: int, block: Block, out: Block) -> Block:
        divisors = baseline + math.log(n * (n - 1))
        slopes = _core.score_gradient(block, np.full(len(block), np.inf), divisors, out, n_threads)
        return set_diagonal(slopes, row, 1 / n)

    return bound(
        -np.inf if np.isnan(value) else value,
        terms,
        source,
        ceiling=math.log(n * (n - 1)),
        base=base,
        pull=pull if gradient else None,
    )


def baseline_of(source: Source, log_baseline: ArrayLike) -> Floats:
    """One for each column."""
    baseline = np.asarray(log_baseline)
    if baseline.dtype.kind not in "iuf":
        raise TypeError(f"log_baseline must be numbers, got {baseline.dtype}")
    if baseline.shape not in ((), (source.n,)):
        raise ValueError(
            f"log_baseline must be a number or of shape ({source.n},), got shape {baseline.shape}"
        )
    if not np.isfinite(baseline).all():
        raise ValueError("log_baseline must be finite, got NaN or infinity")
    return np.broadcast_to(baseline.astype(np.float64), (source.n,)).copy()


def less(block: Block, baseline: Floats) -> Block:
    """Scores less the baseline of their columns, subtracted before they are rounded to their type."""
    if not baseline.any():
        return block
    return np.subtract(block, baseline, dtype=np.float64).astype(block.dtype, copy=False)
