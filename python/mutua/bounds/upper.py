"""Upper bounds of the information between x and y: they need the conditional density itself, as scores."""

import math
from typing import Any

import numpy as np

from mutua import _core
from mutua._threads import count_threads
from mutua.bounds._bound import Bound
from mutua.bounds._result import bound, set_diagonal
from mutua.bounds._sources import Block, read
from mutua.bounds._sums import Floats, log_sums, means


def leave_one_out(
    scores: Any, *, gradient: bool = False, base: float | None = None, n_jobs: int | None = None
) -> Bound:
    r"""The upper bound that takes the density of each y from all other x.

    .. math:: \frac{1}{n} \sum_j \left(s_{jj} - \ln \frac{1}{n - 1} \sum_{i \ne j} e^{s_{ij}}\right)

    Parameters
    ----------
    scores, gradient, base, n_jobs
        As for `info_nce`, but ``scores[i, j]`` must be ``ln p(y[j] | x[i])``, up to a function of y. With a
        density that is only near, the value is near a bound and may lie on either side.

    Returns
    -------
    Bound
        An upper bound on average, as near as `info_nce` along columns is from below: it has no ceiling.

    Raises
    ------
    ValueError, TypeError
        As for `info_nce`.

    References
    ----------
    Poole et al., "On variational bounds of mutual information", ICML 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.bounds import leave_one_out
    >>> round(leave_one_out(np.log([[0.8, 0.2], [0.2, 0.8]])).value, 6)
    1.386294
    """
    source, n_threads = read(scores), count_threads(n_jobs)
    n, sums = source.n, log_sums(source, n_threads)
    terms = math.log(n - 1) - sums.columns

    def pull(row: int, block: Block, out: Block) -> Block:
        divisors = sums.diagonal + sums.columns + math.log(n)
        slopes = _core.score_gradient(block, np.full(len(block), np.inf), divisors, out, n_threads)
        return set_diagonal(slopes, row, 1 / n)

    pull_back = pull if gradient else None
    return bound(terms.mean(), terms, source, kind="upper bound", base=base, pull=pull_back)


def club(
    scores: Any, *, gradient: bool = False, base: float | None = None, n_jobs: int | None = None
) -> Bound:
    r"""CLUB: what the density of pairs that belong together exceeds that of others by.

    .. math:: \frac{1}{n} \sum_i s_{ii} - \frac{1}{n (n - 1)} \sum_{i \ne j} s_{ij}

    The paper has the pairs themselves in the second mean too, which makes the value smaller by ``1 / n`` of
    it.

    Parameters
    ----------
    scores, gradient, base, n_jobs
        As for `info_nce`, but ``scores[i, j]`` must be ``ln p(y[j] | x[i])``; with a density that is only
        near, the value may lie on either side. Minus infinity makes it infinite.

    Returns
    -------
    Bound
        An upper bound; it may be far above, and has no ceiling.

    Raises
    ------
    ValueError, TypeError
        As for `info_nce`.

    References
    ----------
    Cheng et al., "CLUB: a contrastive log-ratio upper bound of mutual information", ICML 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.bounds import club
    >>> round(club(np.log([[0.8, 0.2], [0.2, 0.8]])).value, 6)
    1.386294
    """
    source, n_threads = read(scores), count_threads(n_jobs)
    n, level = source.n, 0.0

    def above(block: Block, row: int) -> tuple[Floats, Floats]:
        """Less a level that scores have in common, which then takes no digits."""
        nonlocal level
        if row == 0 and np.isfinite(block[0, 0]):
            level = float(block[0, 0])
        rows, columns = _core.score_sums(block, level, row, n_threads)
        return rows, columns

    others = means(source, above)
    diagonal = others.diagonal - level
    terms = diagonal - (others.rows + others.columns)

    def pull(row: int, block: Block, out: Block) -> Block:
        out[:] = -1 / (n * (n - 1))
        return set_diagonal(out, row, 1 / n)

    value = diagonal.mean() - others.rows.mean()
    return bound(value, terms, source, kind="upper bound", base=base, pull=pull if gradient else None)
