"""The Jensen-Shannon divergence of pairs from others: what many critics are trained on."""

import math
from typing import Any

import numpy as np

from mutua import _core
from mutua._threads import count_threads
from mutua.bounds._bound import Bound
from mutua.bounds._result import bound, set_diagonal
from mutua.bounds._sources import Block, read
from mutua.bounds._sums import means


def jensen_shannon(
    scores: Any, *, gradient: bool = False, base: float | None = None, n_jobs: int | None = None
) -> Bound:
    r"""A lower bound of the Jensen-Shannon divergence: how well a classifier tells pairs from others.

    .. math:: \ln 2 - \frac{1}{2 n} \sum_i \ln(1 + e^{-s_{ii}})
              - \frac{1}{2 n (n - 1)} \sum_{i \ne j} \ln(1 + e^{s_{ij}})

    The best critic is the logarithm of the density ratio. Gradients that stay small and stable make it the
    objective of Deep InfoMax; the information is then read off by ``nwj(scores + 1)`` or `smile` with the
    same critic, as Poole et al. and Song and Ermon do. The information itself is at least ``2 / ln 2 =
    2.885`` times the divergence.

    Parameters
    ----------
    scores, gradient, base, n_jobs
        As for `info_nce`.

    Returns
    -------
    Bound
        Its ceiling is ``ln 2``, near which it is within a twentieth of it.

    Raises
    ------
    ValueError, TypeError
        As for `info_nce`.

    References
    ----------
    Hjelm et al., "Learning deep representations by mutual information estimation and maximization", ICLR
    2019.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.bounds import jensen_shannon
    >>> round(jensen_shannon(np.log([[1.6, 0.4], [0.4, 1.6]])).value, 6)
    0.282157
    """
    source, n_threads = read(scores), count_threads(n_jobs)
    n = source.n
    others = means(source, lambda block, row: _core.soft_plus_sums(block, row, n_threads))
    pairs = np.logaddexp(0, -others.diagonal)
    terms = math.log(2) - (pairs + others.rows + others.columns) / 2
    value = math.log(2) - (pairs.mean() + others.rows.mean()) / 2
    on_diagonal = (0.5 - 0.5 * np.tanh(0.5 * others.diagonal)) / (2 * n)

    def pull(row: int, block: Block, out: Block) -> Block:
        slopes = _core.logistic_gradient(block, -0.5 / (n * (n - 1)), out, n_threads)
        return set_diagonal(slopes, row, on_diagonal[row : row + len(block)])

    return bound(
        value,
        terms,
        source,
        ceiling=math.log(2),
        near=math.log(2) / 20,
        base=base,
        pull=pull if gradient else None,
    )
