"""Between InfoNCE and TUBA: a ceiling above `ln n`, for more variance."""

import math
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from mutua._parameters import is_number
from mutua._threads import count_threads
from mutua.bounds._bound import Bound
from mutua.bounds._result import bound
from mutua.bounds._sources import Block, Source, read
from mutua.bounds._sums import Floats, check
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
        As for `info_nce`; an iterator is not enough, as the scores are read twice.
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
    source = read(scores)
    count_threads(n_jobs)
    if not source.can_repeat:
        raise ValueError("scores must be read twice here, got an iterator; a list of blocks is accepted")
    n, mixture = source.n, _Mixture(source, float(alpha), baseline_of(source, log_baseline))
    diagonal, joint, own, inverse = mixture.read(source)
    with np.errstate(over="ignore", invalid="ignore"):
        terms = 1 + diagonal - joint / (n - 1) - np.exp(own - math.log(n - 1) - mixture.divisors(own))
    value = terms.mean() if np.isfinite(diagonal).all() else -np.inf
    highest = math.log(n * (n - 1))
    if alpha > 0:
        highest = min(highest, math.log((n - 1) / alpha))

    def pull(row: int, block: Block) -> Block:
        return mixture.slopes(row, block, own, inverse).astype(block.dtype, copy=False)

    return bound(value, terms, source, ceiling=highest, base=base, pull=pull if gradient else None)


class _Mixture:
    """Denominators: sums of columns with one score left out, mixed with the baseline. All are logarithms."""

    def __init__(self, source: Source, alpha: float, baseline: Floats) -> None:
        n = source.n
        with np.errstate(divide="ignore"):
            self._share, self._rest_share = np.log(alpha), np.log1p(-alpha)
        self._n, self._baseline = n, baseline
        # The largest of each column is kept apart: nothing cancels where it is left out.
        self._top, self._place = np.full(n, -np.inf), np.zeros(n, dtype=np.intp)
        self._others = np.full(n, -np.inf)
        for row, block in source.blocks():
            check(row, block)
            scores = block.astype(np.float64)
            place = scores.argmax(axis=0)
            top = scores.max(axis=0)
            scores[place, np.arange(n)] = -np.inf
            others = np.logaddexp.reduce(scores, axis=0)
            lower = np.minimum(top, self._top)
            self._others = np.logaddexp.reduce([self._others, others, lower])
            self._place = np.where(top > self._top, row + place, self._place)
            self._top = np.maximum(top, self._top)

    def _without(self, row: int, scores: Floats) -> Floats:
        """The sums of the columns, each with one score left out."""
        rows = np.arange(row, row + len(scores))[:, None]
        with np.errstate(invalid="ignore"):  # A column of minus infinity.
            sums = 1 + np.exp(self._others - self._top) - np.exp(scores - self._top)
            sums = np.log(np.maximum(sums, 1)) + self._top
        return np.where((rows == self._place) | np.isneginf(self._top), self._others, sums)

    def divisors(self, without: Floats) -> Floats:
        mean = without - math.log(self._n - 1)
        return cast(Floats, np.logaddexp(self._share + mean, self._rest_share + self._baseline))

    def read(self, source: Source) -> tuple[Floats, Floats, Floats, Floats]:
        """The diagonal; sums of the divisors of each column, of those off the diagonal; the sum without the
        diagonal; the sum of the inverse divisors."""
        n = self._n
        diagonal, own, joint, inverse = np.empty(n), np.empty(n), np.zeros(n), np.full(n, -np.inf)
        for row, block in source.blocks():
            scores = block.astype(np.float64)
            here = np.arange(len(scores))
            without = self._without(row, scores)
            divisors = self.divisors(without)
            diagonal[row : row + len(scores)] = scores[here, row + here]
            own[row : row + len(scores)] = without[here, row + here]
            divisors[here, row + here] = np.inf
            inverse = np.logaddexp(inverse, np.logaddexp.reduce(-divisors, axis=0))
            divisors[here, row + here] = 0
            joint += divisors.sum(axis=0)
        return diagonal, joint, own, inverse

    def slopes(self, row: int, block: Block, own: Floats, inverse: Floats) -> Floats:
        n, scores = self._n, block.astype(np.float64)
        here = np.arange(len(scores))
        left_out = np.exp(-self.divisors(self._without(row, scores)) - inverse)
        left_out[here, row + here] = 0
        scale = math.log(n) + math.log(n - 1)
        through_joint = np.exp(scores + inverse + self._share - scale - math.log(n - 1)) * (1 - left_out)
        weight = self._rest_share + self._baseline - 2 * self.divisors(own)
        through_others = np.exp(scores + weight - scale)
        through_others[here, row + here] = -1 / n
        slopes: Floats = -(through_joint + through_others)
        return slopes
