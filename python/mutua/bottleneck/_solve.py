"""The information bottleneck for one beta."""

import math
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua._parameters import integer, is_number, one_of
from mutua._threads import count_threads
from mutua.bottleneck._descent import Descent
from mutua.bottleneck._joint import Joint
from mutua.bottleneck._measures import Encoding, encoder_of
from mutua.bottleneck._result import Bottleneck

Variant = Literal["ib", "dib", "agglomerative", "sequential"]

_COOLING = (16.0, 4.0, 1.0)  # From these times beta down to it.


def information_bottleneck(
    pxy: Any,
    y: ArrayLike | None = None,
    *,
    beta: float | None = None,
    n_clusters: int | None = None,
    variant: Variant = "ib",
    n_starts: int = 4,
    seed: int = 0,
    tolerance: float = 1e-11,
    max_iterations: int = 10_000,
    n_jobs: int | None = None,
) -> Bottleneck:
    r"""Compress X into clusters T that keep what X tells about Y.

    .. math:: \min_{p(t|x)} I(X;T) - \beta I(T;Y)

    The functional has local optima, and finding the best of hard clusters is NP-hard. So several starts go
    down, and the lowest is returned: `converged` says that it is a fixed point, not that it is the optimum.

    Parameters
    ----------
    pxy : array-like of shape (n_rows, n_columns), ContingencyTable, or labels
        A joint distribution p(x, y) of any shape: whatever is at least 0, divided by its sum. Integers are
        counts. Or, with `y`, the labels of X, one for each sample; the rows are then their different values
        in ascending order.
    y : array-like of shape (n_samples,), optional
        The labels of Y.
    beta : float, optional
        What a nat of relevance is worth in nats of compression, at least 0. Up to 1 nothing is worth
        anything, and T is constant. Infinite: the most relevant clusters that there are with `n_clusters`,
        which are hard; all of the relevance at least cost without. Needed for "ib" and "dib"; of the others
        infinite if None.
    n_clusters : int, optional
        The most clusters there may be, from 1 to n_rows. If None, as many as it takes; for "sequential" it is
        needed.
    variant : {"ib", "dib", "agglomerative", "sequential"}, default="ib"
        "ib": soft clusters, by iteration. "dib": hard ones, which minimize H(T) in the place of I(X;T), by
        iteration and moves. "sequential": these by moves of one x at a time, from random partitions.
        "agglomerative": these by merging two at a time, which is quick, not random, and worse.
    n_starts : int, default=4
        How many random starts there are, beside those that are not random; "sequential" takes at least one.
    seed : int, default=0
        Seed of the random starts.
    tolerance : float, default=1e-11
        Where the iteration stops: when a step changes p(t, y) by no more, in total variation.
    max_iterations : int, default=10000
        Where it stops in any case, of a start and a beta.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors. Results do not depend on it.

    Returns
    -------
    Bottleneck
        The encoder p(t|x), labels, and what they cost and keep, in nats.

    Raises
    ------
    ValueError
        If the table is not finite, negative, empty or 0, or a parameter is out of range.
    TypeError
        If an argument is of a type that does not fit.

    See Also
    --------
    bottleneck_curve : For many beta.
    optimal_quantizer : The best hard clusters where Y has two values.

    Notes
    -----
    Rows without probability are left out, and those with the same p(y|x) become one: neither changes what can
    be reached. A step takes O(n_rows n_columns n_clusters), less where the table has zeros; "agglomerative",
    and `n_clusters` below n_rows, O(n_rows^2 n_columns).

    References
    ----------
    Tishby, Pereira and Bialek, "The information bottleneck method", Allerton Conference (1999).
    Strouse and Schwab, "The deterministic information bottleneck", Neural Computation 29 (2017).
    Slonim, Friedman and Tishby, "Unsupervised document classification using sequential information
    maximization", SIGIR (2002).
    Slonim and Tishby, "Agglomerative information bottleneck", NIPS 12 (2000).

    Examples
    --------
    >>> from mutua.bottleneck import information_bottleneck
    >>> counts = [[30, 10, 0], [28, 12, 0], [0, 10, 30], [2, 8, 30]]
    >>> found = information_bottleneck(counts, beta=5)
    >>> found.n_clusters, found.labels.tolist()
    (2, [0, 0, 1, 1])
    >>> round(found.compression, 4), round(found.relevance, 4), round(found.information, 4)
    (0.6931, 0.4663, 0.4765)
    >>> information_bottleneck(["a", "a", "b", "c"], [0, 0, 1, 1], beta=float("inf")).labels
    array([0, 1, 1])
    """
    one_of("variant", variant, ("ib", "dib", "agglomerative", "sequential"))
    beta = _beta(beta, variant)
    joint = Joint.read("pxy", pxy, y)
    descent = prepared(joint, n_clusters, variant != "ib", tolerance, max_iterations, seed, n_jobs)
    starts = _at_least("n_starts", n_starts, 0)
    if variant == "agglomerative":
        n = 1 if n_clusters is None and math.isfinite(beta) else descent.n_clusters
        encoding = descent.agglomerative(n, beta, while_lower=n_clusters is None)
    elif variant == "sequential":
        if n_clusters is None:
            raise ValueError("n_clusters must be given for the variant 'sequential'")
        encoding = descent.best([*_sequential(descent, beta, max(starts, 1))], beta)
    elif beta <= 1:
        encoding = descent.constant()
    elif math.isinf(beta):
        encoding = _most_relevant(descent, starts)
    else:
        encoding = descent.best([*_fixed_points(descent, beta, starts)], beta)
    converged = encoding.residual <= tolerance
    return Bottleneck._of(joint, encoding, variant, beta, descent.is_hard, converged)


def _fixed_points(descent: Descent, beta: float, n_starts: int) -> Iterator[Encoding]:
    """From one cluster, from as many as there may be, from these as beta falls, and from random ones."""
    constant = descent.constant()
    yield constant
    yield descent.improved(constant.encoder, beta)
    partition = encoder_of(descent.partition())
    yield descent.improved(partition, beta)
    betas = [factor * beta for factor in _COOLING]
    yield descent.improved(descent.path(partition, betas)[-1].encoder, beta)
    for encoding in _sequential(descent, math.inf, n_starts):
        yield descent.improved(encoding.encoder, beta)


def _most_relevant(descent: Descent, n_starts: int) -> Encoding:
    """The limit of large beta: hard clusters."""
    partition = Encoding(descent.joint.table, encoder_of(descent.partition()))
    if descent.n_clusters >= len(descent.joint.table) or descent.joint.table.shape[1] == 2:
        return partition
    return descent.best([partition, *_sequential(descent, math.inf, n_starts)], math.inf)


def _sequential(descent: Descent, beta: float, n_starts: int) -> Iterator[Encoding]:
    """From random partitions of about equal parts, drawn in random order.

    Moves of one x hardly ever empty a cluster. Where fewer may be better, starts have from one cluster on.
    """
    rng, n = np.random.default_rng(descent.seed), len(descent.joint.table)
    most = descent.n_clusters
    for start in range(n_starts):
        n_parts = most if math.isinf(beta) or start == 0 else 1 + (start - 1) % most
        labels: NDArray[np.int64] = rng.permutation(n) % n_parts
        found = descent.sequential(labels, most, beta, rng.permutation(n))
        yield found if math.isinf(beta) else descent.improved(found.encoder, beta)


def prepared(
    joint: Joint,
    n_clusters: int | None,
    is_hard: bool,
    tolerance: float,
    max_iterations: int,
    seed: int,
    n_jobs: int | None,
) -> Descent:
    """The parameters of a descent, checked."""
    most = len(joint.rows)
    wanted = most if n_clusters is None else _at_least("n_clusters", n_clusters, 1)
    if wanted > most:
        raise ValueError(f"n_clusters must be at most the number of rows, which is {most}, got {wanted}")
    if not is_number(tolerance):
        raise TypeError(f"tolerance must be a number, got {type(tolerance).__name__}")
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance must be at least 0 and below 1, got {tolerance}")
    return Descent(
        joint,
        min(wanted, len(joint.table)),
        is_hard,
        float(tolerance),
        _at_least("max_iterations", max_iterations, 1),
        _at_least("seed", seed, 0),
        count_threads(n_jobs),
    )


def _at_least(name: str, value: Any, least: int) -> int:
    number = integer(name, value)
    if not least <= number < 2**63:
        raise ValueError(f"{name} must be at least {least} and below 2^63, got {number}")
    return number


def _beta(beta: Any, variant: str) -> float:
    if beta is None:
        if variant in ("ib", "dib"):
            raise ValueError(f"beta must be given for the variant {variant!r}")
        return math.inf
    if not is_number(beta):
        raise TypeError(f"beta must be a number, got {type(beta).__name__}")
    if not beta >= 0:
        raise ValueError(f"beta must be at least 0, got {beta}")
    return float(beta)
