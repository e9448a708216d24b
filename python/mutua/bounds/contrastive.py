"""InfoNCE: a bound by telling a pair from others."""

import math
from typing import Any, Literal, cast

import numpy as np

from mutua import _core
from mutua._parameters import one_of
from mutua._threads import count_threads
from mutua.bounds._bound import Bound
from mutua.bounds._result import bound
from mutua.bounds._sources import Block, read
from mutua.bounds._sums import Floats, log_sums


def info_nce(
    scores: Any,
    *,
    direction: Literal["both", "rows", "columns"] = "both",
    gradient: bool = False,
    base: float | None = None,
    n_jobs: int | None = None,
) -> Bound:
    r"""InfoNCE: how well each x finds its y among all n, and each y its x.

    .. math:: \ln n + \frac{1}{n} \sum_i \ln \frac{e^{s_{ii}}}{\sum_j e^{s_{ij}}}

    Minus the loss of CLIP, SimCLR and CPC, plus ``ln n``. The best critic is the logarithm of the density
    ratio, up to any function of x for rows, any function of y for columns: there ``ln p(y | x)`` will do.
    Little variance, and a value that cannot exceed ``ln n``.

    Parameters
    ----------
    scores : array-like of shape (n_pairs, n_pairs), Embeddings, or iterable of arrays (n_rows, n_pairs)
        ``scores[i, j]`` of ``x[i]`` and ``y[j]``, pairs on the diagonal; below 2^30 in size. Minus infinity
        rules a pair out: it adds nothing to a sum, but counts among the n.
    direction : {'both', 'rows', 'columns'}, default='both'
        Sums over the y of each x, over the x of each y, or the mean of the two.
    gradient : bool, default=False
        Whether to return the gradient, of the type of the scores; blocks must then be readable twice.
    base : float, optional
        Base of the logarithm: 2 for bits. If None, e, for nats.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors. Results do not depend on it.

    Returns
    -------
    Bound
        Its ceiling is ``ln n``.

    Raises
    ------
    ValueError
        If the scores are not square, of fewer than 2 pairs, NaN, infinity or too large.
    TypeError
        If an argument is of a type that does not fit.

    Notes
    -----
    One pass over the scores, another for the gradient: O(n^2) time, and O(n) memory beside them.

    References
    ----------
    van den Oord, Li and Vinyals, "Representation learning with contrastive predictive coding",
    arXiv:1807.03748 (2018).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.bounds import info_nce
    >>> rng = np.random.default_rng(0)
    >>> x = rng.standard_normal(500)
    >>> y = 0.8 * x + 0.6 * rng.standard_normal(500)  # 0.511 nats
    >>> scores = -((y - 0.8 * x[:, None]) ** 2) / (2 * 0.36) + y**2 / 2 - np.log(0.6)
    >>> info_nce(scores)
    <lower bound 0.5606 +- 0.034 from 500 pairs>
    """
    one_of("direction", direction, ("both", "rows", "columns"))
    source, n_threads = read(scores), count_threads(n_jobs)
    sums = log_sums(source, n_threads)
    sides = {"rows": sums.rows, "columns": sums.columns}
    used = sides if direction == "both" else {direction: sides[direction]}
    lost = [np.logaddexp(0, side) for side in used.values()]
    terms = math.log(source.n) - cast(Floats, sum(lost)) / len(used)

    def divisors(side: str) -> Floats:
        if side not in used:
            return np.full(source.n, np.inf)
        return sums.diagonal + np.logaddexp(0, sides[side]) + math.log(source.n * len(used))

    def pull(row: int, block: Block, out: Block) -> Block:
        rows = divisors("rows")[row : row + len(block)]
        slopes: Block = _core.score_gradient(block, rows, divisors("columns"), out, n_threads)
        here = np.arange(len(block))
        slopes[here, row + here] += 1 / source.n
        return slopes

    return bound(
        terms.mean(),
        terms,
        source,
        ceiling=math.log(source.n),
        base=base,
        pull=pull if gradient else None,
    )
