"""Between InfoNCE and TUBA: a ceiling above `ln n`, for more variance."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua import _core
from mutua._parameters import is_number
from mutua._threads import count_threads
from mutua.bounds._bound import Bound
from mutua.bounds._result import bound, set_diagonal
from mutua.bounds._sources import Block, Pull, Source, read
from mutua.bounds._sums import Floats, log_sums
from mutua.bounds.unnormalized import baseline_of


def interpolated(
    scores: Any,
    alpha: float,
    log_baseline: ArrayLike = 0.0,
    *,
    gradient: bool = False,
    base: float | None = None,
    n_jobs: int | None = None,
) -> Bound:
    r"""The bound that mixes a baseline with the mean over the other x: InfoNCE at 1, `tuba` at 0.

    .. math:: 1 + \frac{1}{n (n - 1)} \sum_j \sum_{k \ne j} \ln \frac{e^{s_{jj}}}{d_{kj}}
              - \frac{1}{n (n - 1)} \sum_j \sum_{i \ne j} \frac{e^{s_{ij}}}{d_{jj}}

    .. math:: d_{kj} = \frac{\alpha}{n - 1} \sum_{l \ne k} e^{s_{lj}} + (1 - \alpha) e^{b_j}

    Each denominator leaves one x out, that of the pair itself in the second mean, so that the expectation is
    a bound for every `alpha`. A smaller one lets the value rise higher and vary more.

    Parameters
    ----------
    scores, gradient, base, n_jobs
        As for `info_nce`; an iterator is not enough, as the scores are read two or three times.
    alpha : float
        From 0 to 1.
    log_baseline : float or array-like of shape (n_pairs,), default=0.0
        As for `tuba`; no gradient of it is returned.

    Returns
    -------
    Bound
        Its ceiling is ``ln((n - 1) / alpha)``, and at most that of `tuba`.

    Raises
    ------
    ValueError, TypeError
        As for `tuba`, and if `alpha` is not between 0 and 1.

    References
    ----------
    Poole et al., "On variational bounds of mutual information", ICML 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.bounds import interpolated
    >>> round(interpolated(np.log([[1.6, 0.4, 0.4], [0.4, 1.6, 0.4], [0.4, 0.4, 1.6]]), alpha=0.5).value, 6)
    0.898575
    """
    if not is_number(alpha):
        raise TypeError(f"alpha must be a number, got {type(alpha).__name__}")
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha must be between 0 and 1, got {alpha}")
    source, n_threads = read(scores), count_threads(n_jobs)
    if not source.can_repeat:
        raise ValueError("scores must be read twice here, got an iterator; a list of blocks is accepted")
    n, baseline = source.n, baseline_of(source, log_baseline)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        mixture = _Mixture.of(source, float(alpha), baseline, n_threads)
        terms = 1 - mixture.joint / (n - 1) - np.exp(mixture.own - math.log(n - 1) - mixture.without_own)
    value = terms.mean() if np.isfinite(mixture.diagonal).all() else -np.inf
    highest = math.log(n * (n - 1))
    if alpha > 0:
        highest = min(highest, math.log((n - 1) / alpha))
    pull = mixture.pull(n_threads) if gradient else None
    return bound(value, terms, source, ceiling=highest, base=base, pull=pull)


class _Mixture(NamedTuple):
    """Denominators: sums of columns with one score left out, mixed with the baseline.

    Logarithms, one for each column, less the score on the diagonal. At most one other score rules a column,
    that is, has more than 3/4 of its sum: what it leaves is summed anew, so that no digits cancel.
    """

    places: Floats  # The rows of the scores that rule, -1 where none does; no logarithms.
    diagonal: Floats
    totals: Floats  # Sums of the columns.
    rho: Floats  # Their part in the denominators; no logarithms.
    share: float  # What a sum is multiplied with.
    rest: Floats  # The baseline and its factor.
    own: Floats  # Sums without the diagonal.
    divisors: Floats  # Denominators that leave nothing out,
    without_own: Floats  # the diagonal.
    joint: Floats  # The sums of the logarithms of those that leave one other score out.
    others: Floats  # The sums of the inverses of these, without the score that rules,
    inverses: Floats  # and with it.

    @classmethod
    def of(cls, source: Source, alpha: float, baseline: Floats, n_threads: int) -> _Mixture:
        n, sums = source.n, log_sums(source, n_threads)
        share, rest = np.log(alpha) - math.log(n - 1), np.log1p(-alpha) + baseline - sums.diagonal
        own, totals = sums.columns, np.logaddexp(0, sums.columns)
        divisors, without_own = np.logaddexp(share + totals, rest), np.logaddexp(share + own, rest)
        columns = sums.diagonal, totals, np.exp(share + totals - divisors)
        places, logarithms, excess = np.full(n, -1.0), np.zeros(n), np.zeros(n)
        for row, block in source.blocks():
            found = _core.left_out_sums(block, columns, row, n_threads)
            places, logarithms, excess = places + found[0], logarithms + found[1], excess + found[2]
        rules = places >= 0
        joint = (n - 1 - rules) * divisors + logarithms
        others = np.log(n - 1 - rules + excess) - divisors
        inverses = others.copy()
        if rules.any():
            ruled = log_sums(source, n_threads, lambda row, block: _without(block, places - row))
            without = np.logaddexp(share + np.logaddexp(0, ruled.columns), rest)[rules]
            joint[rules] += without
            inverses[rules] = np.logaddexp(others[rules], -without)
        return cls(places, *columns, share, rest, own, divisors, without_own, joint, others, inverses)

    def pull(self, n_threads: int) -> Pull:
        n = len(self.diagonal)
        scale = math.log(n * (n - 1))
        with np.errstate(over="ignore", invalid="ignore"):
            through_joint = scale - self.share - self.inverses
            through_own = scale - self.rest + 2 * self.without_own
            inverses = np.exp(-self.divisors - self.inverses)
            on_diagonal = 1 / n - np.exp(-through_joint)

        def pull(row: int, block: Block, out: Block) -> Block:
            slopes = _core.left_out_gradient(
                block,
                (self.diagonal, self.totals, self.rho),
                (through_joint, through_own),
                inverses,
                out,
                n_threads,
            )
            rows, ruled = _ruling(self.places - row, len(block))
            over = block[rows, ruled] - self.diagonal[ruled]
            with np.errstate(over="ignore"):
                joint = np.exp(over + (self.others + self.share)[ruled] - scale)
                slopes[rows, ruled] = -(joint + np.exp(over - through_own[ruled]))
            return set_diagonal(slopes, row, on_diagonal[row : row + len(block)])

        return pull


def _ruling(places: Floats, n_rows: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the scores that rule, as far as a block has them."""
    columns = np.flatnonzero((places >= 0) & (places < n_rows))
    return places[columns].astype(np.intp), columns


def _without(block: Block, places: Floats) -> Block:
    block = block.copy()
    block[_ruling(places, len(block))] = -np.inf
    return block
