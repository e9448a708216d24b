"""The information bottleneck for many beta."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua._parameters import integer, one_of
from mutua.bottleneck._descent import Descent
from mutua.bottleneck._joint import Joint
from mutua.bottleneck._measures import Encoding, encoder_of
from mutua.bottleneck._plane import BottleneckCurve
from mutua.bottleneck._result import Bottleneck
from mutua.bottleneck._solve import prepared

Floats = NDArray[np.float64]

_SPAN = 100.0  # From the beta at which the constant T becomes unstable, up to this many times that.
_ON_ENVELOPE = 1e-9  # By how much another point may be better for the beta of this one.
_ROUNDS = 10  # In which encoders of other beta are tried.


def bottleneck_curve(
    pxy: Any,
    y: ArrayLike | None = None,
    *,
    betas: ArrayLike | None = None,
    n_betas: int = 50,
    n_clusters: int | None = None,
    variant: Literal["ib", "dib"] = "ib",
    seed: int = 0,
    tolerance: float = 1e-11,
    max_iterations: int = 10_000,
    n_jobs: int | None = None,
) -> BottleneckCurve:
    r"""What can be kept of the information about Y, and at what cost: the bottleneck for many beta.

    Along beta encoders are taken from one point to the next in both directions: upwards clusters are split
    where that is better, downwards, from as many clusters as there may be, those that are not needed are
    merged. Of the two the better one is kept, and then every point is tried from the encoders of those that
    are better for its beta.

    Parameters
    ----------
    pxy, y
        As for `information_bottleneck`.
    betas : array-like of shape (n_betas,), optional
        What relevance counts for: at least 0, finite, in any order. If None, from 1, below which T is
        constant, to a hundred times the beta where that becomes unstable; a fifth of them below it.
    n_betas : int, default=50
        How many there are if none are given.
    n_clusters : int, optional
        The most clusters there may be. If None, as many as rows with different p(y|x): the curve is then that
        of theory, but for local optima.
    variant : {"ib", "dib"}, default="ib"
        Soft clusters that cost I(X;T), or hard ones that cost H(T).
    seed : int, default=0
        Of the start of the power method that finds directions to split in.
    tolerance, max_iterations, n_jobs
        As for `information_bottleneck`.

    Returns
    -------
    BottleneckCurve
        The points in ascending order of beta.

    Raises
    ------
    ValueError
        If the table is not finite, negative, empty or 0, or a parameter is out of range.
    TypeError
        If an argument is of a type that does not fit.

    Notes
    -----
    The time is that of some hundred to thousands of steps a beta, most of them where clusters split: there
    the iteration slows down without bound, and what has not converged in `max_iterations` is marked. Memory
    is O(n_betas n_rows n_clusters).

    References
    ----------
    Rose, "Deterministic annealing for clustering, compression, classification, regression, and related
    optimization problems", Proceedings of the IEEE 86 (1998).
    Agmon, Benger, Ordentlich and Tishby, "Critical slowing down near topological transitions in
    rate-distortion problems", ISIT (2021).

    Examples
    --------
    >>> from mutua.bottleneck import bottleneck_curve
    >>> curve = bottleneck_curve([[0.45, 0.05], [0.05, 0.45]], betas=[1, 2, 4, 8])
    >>> curve.compression.round(3)
    array([0.   , 0.483, 0.686, 0.693])
    >>> curve.relevance.round(3)
    array([0.   , 0.282, 0.366, 0.368])
    """
    one_of("variant", variant, ("ib", "dib"))
    joint = Joint.read("pxy", pxy, y)
    descent = prepared(joint, n_clusters, variant == "dib", tolerance, max_iterations, seed, n_jobs)
    critical = _critical_beta(joint)
    grid = _grid(critical, n_betas) if betas is None else _given(betas)
    found = _better(descent, grid, [*_upwards(descent, grid)], _downwards(descent, grid))
    found = _exchanged(descent, grid, found)
    points = tuple(
        Bottleneck._of(
            joint, encoding, variant, beta, descent.is_hard, encoding.residual <= descent.tolerance
        )
        for beta, encoding in zip(grid, found, strict=True)
    )
    values = _values(descent, grid, found)
    return BottleneckCurve(variant, points, np.diag(values) <= values.min(axis=1) + _ON_ENVELOPE, critical)


def _critical_beta(joint: Joint) -> float:
    """One over the squared second singular value of ``p(x, y) / sqrt(p(x) p(y))``; infinite if it is 0.

    That of a table in two parts that share no row and no column is 1, and whatever rounding makes of it must
    not decide whether the curve has a beginning below.
    """
    scaled = joint.table / np.sqrt(joint.weights[:, np.newaxis] * joint.table.sum(axis=0))
    gram = scaled @ scaled.T if scaled.shape[0] <= scaled.shape[1] else scaled.T @ scaled
    squares = np.linalg.eigvalsh(gram)
    second = squares[-2] if len(squares) > 1 else 0.0
    if second > 1 - 1e-12:
        return 1.0
    return 1 / second if second > 1e-14 else math.inf


def _grid(critical: float, n_betas: int) -> list[float]:
    n = integer("n_betas", n_betas)
    if not 1 <= n < 2**31:
        raise ValueError(f"n_betas must be at least 1 and below 2^31, got {n}")
    middle = critical if math.isfinite(critical) else 1.0
    below = n // 5 if middle > 1 else 0
    ascent = np.geomspace(middle, _SPAN * middle, n - below)
    return [*np.geomspace(1, middle, below, endpoint=False).tolist(), *ascent.tolist()]


def _given(betas: ArrayLike) -> list[float]:
    array = np.asarray(betas)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"betas must be numbers, got {array.dtype}")
    if array.ndim != 1 or len(array) == 0:
        raise ValueError(f"betas must be a vector of at least one number, got shape {array.shape}")
    if not (np.all(np.isfinite(array)) and array.min() >= 0):
        wrong = array[~(np.isfinite(array) & (array >= 0))][0]
        raise ValueError(f"betas must be at least 0 and finite, got {wrong}")
    return [float(beta) for beta in np.sort(array)]


def _upwards(descent: Descent, betas: Sequence[float]) -> Iterator[Encoding]:
    """From one cluster, splitting."""
    found = descent.constant()
    for beta in betas:
        found = descent.improved(found.encoder, beta) if beta > 1 else descent.constant()
        yield found


def _downwards(descent: Descent, betas: Sequence[float]) -> list[Encoding]:
    """From as many clusters as there may be, merging."""
    above = [beta for beta in betas if beta > 1]
    encoder = encoder_of(descent.partition())
    if not descent.is_hard:
        found = descent.path(encoder, above[::-1])[::-1]
    else:
        found = []
        for beta in above[::-1]:
            found.insert(0, descent.improved(encoder, beta))
            encoder = found[0].encoder
    return [descent.constant()] * (len(betas) - len(above)) + found


def _better(
    descent: Descent, betas: Sequence[float], one: Sequence[Encoding], other: Sequence[Encoding]
) -> list[Encoding]:
    return [b if descent.is_better(b, a, beta) else a for beta, a, b in zip(betas, one, other, strict=True)]


def _values(descent: Descent, betas: Sequence[float], found: Sequence[Encoding]) -> Floats:
    """The functional of every encoder (columns) for every beta (rows)."""
    cost = np.array([encoding.entropy if descent.is_hard else encoding.compression for encoding in found])
    relevance = np.array([encoding.relevance for encoding in found])
    values: Floats = cost - np.array(betas)[:, np.newaxis] * relevance
    return values


def _exchanged(descent: Descent, betas: Sequence[float], found: list[Encoding]) -> list[Encoding]:
    """Every point from the encoder that is best for its beta, until all have that."""
    for _ in range(_ROUNDS):
        values = _values(descent, betas, found)
        best = values.argmin(axis=1)
        worse = [i for i, j in enumerate(best) if values[i, j] < values[i, i] - _ON_ENVELOPE / 10]
        if not worse:
            break
        found = found.copy()
        for i, encoder in [(i, found[best[i]].encoder) for i in worse]:
            found[i] = descent.improved(encoder, betas[i])
    return found
