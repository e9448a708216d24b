"""Bounds by the logarithm of a mean of exponentials: of all of them, and of clipped ones."""

import math
from typing import Any

import numpy as np

from mutua import _core
from mutua._parameters import is_number
from mutua._threads import count_threads
from mutua.bounds._bound import Bound
from mutua.bounds._result import bound, set_diagonal
from mutua.bounds._sources import Block, Source, read
from mutua.bounds._sums import Floats, LogSums, check, log_sums


def donsker_varadhan(
    scores: Any, *, gradient: bool = False, base: float | None = None, n_jobs: int | None = None
) -> Bound:
    r"""The bound of Donsker and Varadhan, which MINE maximises.

    .. math:: \frac{1}{n} \sum_i s_{ii} - \ln \frac{1}{n (n - 1)} \sum_{i \ne j} e^{s_{ij}}

    The best critic is the logarithm of the density ratio, up to a constant. The logarithm of a mean is too
    small on average, so the value is a little too large; its variance grows as ``exp(information) / n``.

    Parameters
    ----------
    scores, gradient, base, n_jobs
        As for `info_nce`.

    Returns
    -------
    Bound
        Its ceiling is ``ln(n (n - 1))``: rarer events than one in so many do not show in the mean.

    Raises
    ------
    ValueError, TypeError
        As for `info_nce`.

    References
    ----------
    Donsker and Varadhan, "Asymptotic evaluation of certain Markov process expectations for large time IV",
    Communications on Pure and Applied Mathematics 36 (1983). Belghazi et al., "Mutual information neural
    estimation", ICML 2018. McAllester and Stratos, "Formal limitations on the measurement of mutual
    information", AISTATS 2020, on the ceiling.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.bounds import donsker_varadhan
    >>> round(donsker_varadhan(np.log([[3.0, 0.5, 0.5], [0.5, 3.0, 0.5], [0.5, 0.5, 3.0]])).value, 6)
    1.791759
    """
    source, n_threads = read(scores), count_threads(n_jobs)
    return _of_ratio(source, log_sums(source, n_threads), None, gradient, base, n_threads)


def smile(
    scores: Any,
    *,
    clip: float = 5.0,
    gradient: bool = False,
    base: float | None = None,
    n_jobs: int | None = None,
) -> Bound:
    r"""SMILE: Donsker and Varadhan with scores clipped in the mean of exponentials. No bound.

    .. math:: \frac{1}{n} \sum_i s_{ii}
              - \ln \frac{1}{n (n - 1)} \sum_{i \ne j} \min(\max(e^{s_{ij}}, e^{-c}), e^{c})

    Clipping at c trades variance, at most ``exp(2 c) / n``, for bias, upwards where scores above c matter.

    Parameters
    ----------
    scores, gradient, base, n_jobs
        As for `info_nce`. The gradient is that of this value; 0 where a score is clipped.
    clip : float, default=5.0
        Above 0, in nats.

    Returns
    -------
    Bound
        An estimate; its ceiling is that of `donsker_varadhan`.

    Raises
    ------
    ValueError, TypeError
        As for `info_nce`, and if `clip` is not above 0.

    References
    ----------
    Song and Ermon, "Understanding the limitations of variational mutual information estimators", ICLR 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.bounds import smile
    >>> round(smile(np.log([[9.0, 0.1], [0.1, 9.0]]), clip=1).value, 6)
    3.197225
    """
    if not is_number(clip):
        raise TypeError(f"clip must be a number, got {type(clip).__name__}")
    if not clip > 0:
        raise ValueError(f"clip must be above 0, got {clip}")
    source, n_threads = read(scores), count_threads(n_jobs)
    kept: list[Floats] = []

    def clipped(row: int, block: Block) -> Block:
        check(row, block)
        kept.append(np.diagonal(block, row).astype(np.float64))
        return np.clip(block, -clip, clip)

    sums = log_sums(source, n_threads, clipped)
    # The sums are relative to the clipped diagonal, the bound has the scores themselves there.
    diagonal = np.concatenate(kept)
    sums = LogSums(diagonal, *(side + (sums.diagonal - diagonal) for side in (sums.rows, sums.columns)))
    return _of_ratio(source, sums, float(clip), gradient, base, n_threads)


def _of_ratio(
    source: Source, sums: LogSums, clip: float | None, gradient: bool, base: float | None, n_threads: int
) -> Bound:
    """The mean of the diagonal less the logarithm of the mean of exponentials, of clipped scores."""
    n, level = source.n, sums.diagonal.max()
    with np.errstate(invalid="ignore"):  # A pair on the diagonal that is ruled out.
        sums = sums._replace(diagonal=sums.diagonal - level)
        log_mean = sums.log_mean()
        terms = sums.diagonal - (sums.shares() - 2)
    is_ruled_out = np.isneginf(sums.diagonal).any() or np.isneginf(level)
    value = -np.inf if is_ruled_out else sums.diagonal.mean() - log_mean

    def pull(row: int, block: Block, out: Block) -> Block:
        divisors = np.full(len(block), log_mean + level + math.log(n * (n - 1)))
        kept = block if clip is None else np.clip(block, -clip, clip)
        slopes = _core.score_gradient(kept, divisors, np.full(n, np.inf), out, n_threads)
        if clip is not None:
            slopes[np.abs(block) >= clip] = 0
        return set_diagonal(slopes, row, 1 / n)

    return bound(
        value,
        terms,
        source,
        kind="lower bound" if clip is None else "estimate",
        ceiling=math.log(n * (n - 1)),
        base=base,
        pull=pull if gradient else None,
    )
