"""The information bottleneck: the iteration, moves, merges, and dynamic programming."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def _z_ln_z(z: Any) -> Any:
    return np.where(z > 0, z * np.log(np.where(z > 0, z, 1)), 0)


def _mixing(a: Any, b: Any) -> Any:
    return _z_ln_z(a + b) - _z_ln_z(a) - _z_ln_z(b)


def _check(joint: Floats, *, every_row: bool = False) -> None:
    if joint.ndim != 2 or 0 in joint.shape or not np.all((joint >= 0) & (joint < 2.0**63)):
        raise ValueError("joint must be a table of numbers that are finite and at least 0")
    if every_row and not np.all(joint.sum(axis=1) > 0):
        raise ValueError("joint must have something in each row")


def information_bottleneck(
    joint: Floats,
    start: Floats,
    betas: Floats,
    is_hard: bool,
    tolerance: float,
    max_iterations: int,
    is_accelerated: bool = True,
    n_threads: int | None = None,
) -> tuple[Floats, Integers, Integers, Floats]:
    """``p(t|x) = p(t) exp(beta sum p(y|x) ln p(y|t)) / Z(x)`` until p(y, t) stays, without longer steps.

    References
    ----------
    Tishby, Pereira and Bialek, "The information bottleneck method", Allerton Conference (1999).
    """
    _check(joint, every_row=True)
    if start.shape[0] != len(joint) or start.shape[1] == 0 or not np.all((start >= 0) & (start <= 1)):
        raise ValueError("start must have a row of probabilities for each row of joint")
    if not np.all((betas > 0) & np.isfinite(betas)):
        raise ValueError("betas must be above 0 and finite")
    encoder, found = start, []
    for beta in betas:
        both = joint.T @ encoder
        if not is_hard and np.any((both == 0) & (encoder.sum(axis=0) > 0)):
            encoder = encoder + 1e-3 * (both.sum(axis=0) - encoder)
        encoder, n, residual = _fixed_point(joint, encoder, beta, is_hard, tolerance, max_iterations)
        found.append((encoder, encoder.shape[1], n, residual))
    encoders, sizes, steps, residuals = zip(*found, strict=True)
    return np.hstack(encoders), np.array(sizes), np.array(steps), np.array(residuals)


def _fixed_point(
    joint: Floats, encoder: Floats, beta: float, is_hard: bool, tolerance: float, max_iterations: int
) -> tuple[Floats, int, float]:
    both, n = joint.T @ encoder, 0
    while True:
        encoder, before = _encode(joint, both, beta, is_hard), both
        both, n = joint.T @ encoder, n + 1
        residual = float(np.abs(both - before).sum() / 2)
        at_rest = residual <= tolerance
        if at_rest or n % 32 == 0:
            pruned = _pruned(joint, encoder, both, beta, at_rest)
            if pruned is not None:
                encoder, both = pruned, joint.T @ pruned
                continue
        if at_rest or n >= max_iterations:
            return encoder, n, residual


def _encode(joint: Floats, both: Floats, beta: float, is_hard: bool) -> Floats:
    given = joint / joint.sum(axis=1, keepdims=True)
    weights = both.sum(axis=0)
    with np.errstate(divide="ignore"):
        law, prior = np.log(both / np.where(weights > 0, weights, 1)), np.log(weights)
    terms = np.array([row[row > 0] @ law[row > 0] for row in given]) * beta + prior
    if is_hard:
        hard: Floats = np.eye(terms.shape[1])[terms.argmax(axis=1)]
        return hard
    powers = np.exp(terms - terms.max(axis=1, keepdims=True))
    encoder: Floats = powers / powers.sum(axis=1, keepdims=True)
    return encoder


def _pruned(joint: Floats, encoder: Floats, both: Floats, beta: float, at_rest: bool) -> Floats | None:
    """Each cluster and the nearest as one, where the functional does not rise; before rest, dead ones."""
    weights, of_x = both.sum(axis=0), joint.sum(axis=1)
    law = both / np.where(weights > 0, weights, 1)
    apart = np.abs(law[:, :, np.newaxis] - law[:, np.newaxis, :]).sum(axis=0)
    np.fill_diagonal(apart, np.inf)
    into = np.arange(len(weights))
    for a, b in enumerate(apart.argmin(axis=0) if len(weights) > 1 else []):
        changed = into != np.arange(len(into))
        if changed[a] or changed[b] or np.isin([a, b], into[changed]).any():
            continue
        together = _mixing(weights[a], weights[b])
        rise = of_x @ _mixing(encoder[:, a], encoder[:, b]) - together
        rise -= beta * (_mixing(both[:, a], both[:, b]).sum() - together)
        if weights[a] <= 1e-14 or (at_rest and rise <= 1e-14 * (weights[a] + weights[b])):
            into[a] = b
    kept = into == np.arange(len(into))
    return None if kept.all() else encoder @ np.eye(len(into))[into][:, kept]


def _objective(joint: Floats, labels: Integers, of_entropy: float, of_relevance: float) -> float:
    """``of_entropy H(T) - of_relevance I(T;Y)``, up to a constant."""
    sums = np.array([joint[labels == label].sum(axis=0) for label in np.unique(labels)])
    weights = sums.sum(axis=1)
    relevance = _z_ln_z(sums).sum() - _z_ln_z(weights).sum()
    return float(-of_entropy * _z_ln_z(weights).sum() - of_relevance * relevance)


def _check_objective(of_entropy: float, of_relevance: float) -> None:
    if not (0 <= of_entropy < np.inf and 0 <= of_relevance < np.inf):
        raise ValueError("of_entropy and of_relevance must be finite and at least 0")


def sequential_bottleneck(
    joint: Floats,
    labels: Integers,
    n_clusters: int,
    order: Integers,
    of_entropy: float,
    of_relevance: float,
    max_sweeps: int,
) -> tuple[Integers, int]:
    """Every row in its turn to the cluster where the functional is lowest, until none moves.

    References
    ----------
    Slonim, Friedman and Tishby, "Unsupervised document classification using sequential information
    maximization", SIGIR (2002).
    """
    _check(joint)
    _check_objective(of_entropy, of_relevance)
    for numbers, end in ((labels, n_clusters), (order, len(joint))):
        if len(numbers) != len(joint) or not np.all((numbers >= 0) & (numbers < end)):
            raise ValueError("labels and order must have a number below their end for each row")
    labels = labels.copy()
    for sweep in range(1, max_sweeps + 1):
        before = labels.copy()
        for row in order:
            costs = []
            for label in range(n_clusters):
                moved = labels.copy()
                moved[row] = label
                costs.append(_objective(joint, moved, of_entropy, of_relevance))
            if min(costs) < costs[labels[row]] - 1e-12 * joint[row].sum():
                labels[row] = int(np.argmax(np.array(costs) <= min(costs) + 1e-15))  # the first
        if np.array_equal(before, labels):
            return labels, sweep
    return labels, max_sweeps


def agglomerative_bottleneck(
    joint: Floats,
    n_clusters: int,
    of_entropy: float,
    of_relevance: float,
    while_lower: bool = False,
    n_threads: int | None = None,
) -> tuple[Integers, Integers, Floats]:
    """The two clusters whose union costs least, again and again: the one kept, the one gone, the cost.

    References
    ----------
    Slonim and Tishby, "Agglomerative information bottleneck", NIPS 12 (2000).
    """
    _check(joint)
    _check_objective(of_entropy, of_relevance)
    if n_clusters < 0:
        raise ValueError("n_clusters must not be negative")
    clusters, merges = {row: joint[row] for row in range(len(joint))}, []
    while len(clusters) > max(n_clusters, 1):
        costs = {}
        for a in clusters:
            for b in (b for b in clusters if b > a):
                together = _mixing(clusters[a].sum(), clusters[b].sum())
                of_y = _mixing(clusters[a], clusters[b]).sum()
                costs[a, b] = (of_relevance - of_entropy) * together - of_relevance * of_y
        kept, gone = min(costs, key=lambda pair: costs[pair])
        if while_lower and costs[kept, gone] >= 0:
            break
        merges.append((kept, gone, costs[kept, gone]))
        clusters[kept] = clusters[kept] + clusters.pop(gone)
    table = np.array(merges).reshape(-1, 3)
    return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]


def binary_quantizer(joint: Floats, n_clusters: int) -> Integers:
    """The best runs of rows in the order of p(y|x): for each number of them and each end, the best start.

    References
    ----------
    Kurkoski and Yagi, "Quantization of binary-input discrete memoryless channels", IEEE Transactions on
    Information Theory 60 (2014).
    """
    _check(joint)
    if joint.shape[1] != 2 or n_clusters < 1:
        raise ValueError("joint must have two columns, and n_clusters must be at least 1")
    order = np.argsort(joint[:, 1] / joint.sum(axis=1), kind="stable")
    sums = np.vstack([np.zeros(2), np.cumsum(joint[order], axis=0)])

    def value(start: Any, end: int) -> Any:
        parts = sums[end] - sums[start]
        return _z_ln_z(parts).sum(axis=-1) - _z_ln_z(parts.sum(axis=-1))

    n = len(joint)
    best, starts = np.array([value(0, end) for end in range(n + 1)]), []
    for _ in range(1, min(n_clusters, n)):
        totals = [best[: end + 1] + value(np.arange(end + 1), end) for end in range(n + 1)]
        starts.append([int(total.argmax()) for total in totals])
        best = np.array([total.max() for total in totals])
    labels, end = np.zeros(n, dtype=np.int64), n
    for cluster, start in reversed(list(enumerate(starts, 1))):
        labels[order[start[end] : end]] = cluster
        end = start[end]
    return labels
