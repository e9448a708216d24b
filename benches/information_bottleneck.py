"""Race the information bottleneck, and print the tables of docs/bottleneck.md.

As in `benches/neighbors.py`: both sides in turn in one process on one thread, medians of the ratios within a
round. The rival is the iteration as one writes it well in NumPy: two products of matrices by OpenBLAS a step,
logarithms of p(y, t) alone, everything else in place. Set OPENBLAS_NUM_THREADS=1.

    python benches/information_bottleneck.py                # some minutes
    python benches/information_bottleneck.py --quick        # small sizes, to see that it works
    python benches/information_bottleneck.py --only counts  # one row

"The same steps" are 30 a beta on both sides, none of them longer, and no cluster is merged before the 32nd.
"To the end" stops where a step changes p(y, t) by less than 1e-6 in total variation, or after 500 steps.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benches.contests import Contest, Rival
from benches.neighbors import main
from mutua import _core

Array = np.ndarray

SAME = 1e-9  # nats
NO_WORSE = 1e-3  # of the largest functional: both end near a fixed point, not necessarily the same one
STEPS = 30
ENOUGH, MOST = 1e-6, 500


def information(joint: Array) -> float:
    filled = joint > 0
    independent = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
    return float(np.sum(joint[filled] * np.log(joint[filled] / independent[filled])))


def functional(joint: Array, encoder: Array, beta: float) -> float:
    return information(joint.sum(axis=1, keepdims=True) * encoder) - beta * information(encoder.T @ joint)


def numpy_curve(joint: Array, start: Array, betas: Array, tolerance: float, most: int) -> list[Array]:
    """Encoders along descending betas, each from the one before."""
    given = joint / joint.sum(axis=1, keepdims=True)
    encoder = start.copy()
    both, before = encoder.T @ joint, np.empty((start.shape[1], joint.shape[1]))
    logs, encoders = np.empty_like(both), []
    for beta in betas:
        if not both.all():  # As the core does: else nothing returns to where there is nothing.
            encoder += 1e-3 * (both.sum(axis=1) - encoder)
            np.matmul(encoder.T, joint, out=both)
        for _ in range(most):
            both, before = before, both
            np.log(np.maximum(before, 1e-300, out=logs), out=logs)  # 0 times infinity is no number
            np.matmul(given, logs.T, out=encoder)
            encoder *= beta
            encoder += (1 - beta) * np.log(before.sum(axis=1))
            encoder -= encoder.max(axis=1, keepdims=True)
            np.exp(encoder, out=encoder)
            encoder /= encoder.sum(axis=1, keepdims=True)
            np.matmul(encoder.T, joint, out=both)
            before -= both
            if np.abs(before, out=before).sum() / 2 <= tolerance:
                break
        encoders.append(encoder.copy())
    return encoders


def our_curve(
    joint: Array, start: Array, betas: Array, tolerance: float, most: int, fast: bool
) -> list[Array]:
    """The same by the core."""
    encoders, sizes, *_ = _core.information_bottleneck(joint, start, betas, False, tolerance, most, fast)
    return np.split(encoders, np.cumsum(sizes)[:-1], axis=1)


def values(curve: Callable[[], list[Array]], joint: Array, betas: Array) -> Array:
    """The functional at each beta: what both sides must agree on."""
    return np.array([functional(joint, one, beta) for one, beta in zip(curve(), betas, strict=True)])


def mixture(n: int, n_samples: int) -> Array:
    """A table with fifty kinds of rows: expected counts, or, of so many samples, counts."""
    rng = np.random.default_rng(n)
    laws = rng.gamma(0.2, size=(50, n)) + 1e-3
    table = rng.gamma(2.0, size=(n, 1)) * (laws / laws.sum(axis=1, keepdims=True))[rng.integers(0, 50, n)]
    table *= rng.gamma(5.0, size=(n, n))
    table /= table.sum()
    if n_samples:
        table = rng.poisson(n_samples * table).astype(float)
        table[np.arange(n), np.arange(n)] += 1.0  # neither rows nor columns are empty
    return table / table.sum()


def contest(name: str, joint: Array, n_clusters: int, n_betas: int, to_the_end: bool) -> Contest:
    rng = np.random.default_rng(0)
    start = rng.dirichlet(np.ones(n_clusters), len(joint))
    betas = np.geomspace(50, 1.5, n_betas)
    how: tuple[float, int] = (ENOUGH, MOST) if to_the_end else (-1.0, STEPS)
    ours = partial(our_curve, joint, start, betas, *how, to_the_end)
    theirs = partial(numpy_curve, joint, start, betas, *how)
    found, expected = (values(curve, joint, betas) for curve in (ours, theirs))
    worse = (found - expected) / np.abs(expected).max() if to_the_end else np.abs(found - expected)
    if worse.max() > (NO_WORSE if to_the_end else SAME):
        sys.exit(f"{name}: functionals differ by {worse.max()}")
    # The values were compared here: their encoders differ in the order, or the number, of clusters.
    rivals = [Rival("NumPy with OpenBLAS", theirs, None, 3, is_part=True)]
    if not to_the_end and joint.all():
        # What no program for dense tables can be faster than, unless OpenBLAS is slow on squares.
        squares = n_betas * STEPS * 2 * n_clusters / len(joint)
        rivals.append(
            Rival(
                "its products alone, at the speed of squares",
                partial(np.matmul, joint, joint),
                None,
                calls=squares,
            )
        )
    filled = np.mean(joint > 0)
    end = "to the end" if to_the_end else "the same steps"
    return Contest(
        f"{name}, {filled:.0%} filled, {n_clusters} clusters, {n_betas} betas, {end}", ours, rivals
    )


def contests(quick: bool) -> dict[str, Callable[[], Contest]]:
    n, clusters, betas = (60, 8, 4) if quick else (1_000, 50, 50)
    shape = f"{n} x {n}"
    return {
        "counts": lambda: contest(shape, mixture(n, 100 * n), clusters, betas, False),
        "filled": lambda: contest(shape, mixture(n, 0), clusters, betas, False),
        "counts_end": lambda: contest(shape, mixture(n, 100 * n), clusters, betas, True),
        "filled_end": lambda: contest(shape, mixture(n, 0), clusters, betas, True),
    }


if __name__ == "__main__":
    main(contests, __doc__ or "")
