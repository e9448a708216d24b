"""Information from nearest neighbours."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua.reference.distances import (
    Floats,
    Integers,
    _check_lengths,
    _check_neighbors,
    _check_points,
    _distances,
    _estimator,
    _expanded_kth_distances,
    _kth_smallest,
    _on_circles,
    digamma,
)
from mutua.reference.divergences import _log_volumes
from mutua.reference.neighbors import counts_within, kth_distances


def ksg(x: Floats, y: Floats, k: int) -> float:
    r"""Mutual information of two continuous samples.

    .. math:: \psi(n) + \psi(k) - \langle \psi(n_x + 1) + \psi(n_y + 1) \rangle

    ``n_x(i)`` counts the ``j != i`` with ``|x_j - x_i|`` below the distance of `i` to its k-th neighbour in
    the plane; at distance 0 it counts the exact duplicates, as scikit-learn does. May be negative.

    References
    ----------
    Kraskov, Stögbauer and Grassberger, "Estimating mutual information", Phys. Rev. E 69 (2004), equation 8.
    """
    _check_lengths(x, y)
    radii = np.nextafter(kth_distances(np.column_stack([x, y]), k), 0)
    n_x = counts_within(x[:, None], radii, closed=True)
    n_y = counts_within(y[:, None], radii, closed=True)
    return float(np.sum(digamma(np.array([len(x), k]))) - np.mean(digamma(n_x + 1) + digamma(n_y + 1)))


@_estimator
def kraskov(
    x: Floats,
    y: Floats,
    k: int,
    kind: int = 1,
    norm: str = "max",
    ranked: bool = False,
    others: Sequence[Floats] | None = None,
) -> Floats:
    r"""Mutual information of two continuous samples, or with `others` the total correlation of all.

    .. math::
        I_1 &= \psi(n) + \psi(k) - \langle \psi(n_x + 1) + \psi(n_y + 1) \rangle \\
        I_2 &= \psi(n) + \psi(k) - 1/k - \langle \psi(n_x) + \psi(n_y) \rangle

    First: ``n_x(i)`` counts the others strictly nearer in `x` than the k-th neighbour of `i` is in all.
    Second: those in `x` up to the farthest of the others that are no farther than that neighbour. Of `m`
    samples, ``psi(n)`` and ``1/k`` count ``m - 1`` times.

    References
    ----------
    Kraskov, Stögbauer and Grassberger, "Estimating mutual information", Phys. Rev. E 69 (2004), equations 8
    and 9.
    """
    distances = _distances(norm, ranked, x, y, *(others or ()))
    joint = np.max(distances, axis=0)
    radius = _kth_smallest(joint, k)
    psi_n, psi_k = digamma(np.array([len(joint), k]))
    n_others = len(distances) - 1
    if kind == 1:
        nearer = (np.sum(d < radius, axis=1) for d in distances)
        return np.asarray(n_others * psi_n + psi_k - sum(digamma(n + 1) for n in nearer))
    if kind != 2:
        raise ValueError("there are two estimators, 1 and 2")
    extents = (np.max(d, axis=1, where=joint <= radius, initial=0, keepdims=True) for d in distances)
    within = (np.sum(d <= extent, axis=1) for d, extent in zip(distances, extents, strict=True))
    return np.asarray(n_others * (psi_n - 1 / k) + psi_k - sum(digamma(n) for n in within))


@_estimator
def conditional(
    x: Floats, y: Floats, given: Floats, k: int, norm: str = "max", ranked: bool = False
) -> Floats:
    r"""Mutual information of two continuous samples, given a third.

    .. math:: \psi(k) + \langle \psi(n_z + 1) - \psi(n_{xz} + 1) - \psi(n_{yz} + 1) \rangle

    Counts are of others strictly nearer than the k-th neighbour in all three.

    References
    ----------
    Frenzel and Pompe, "Partial mutual information", Phys. Rev. Lett. 99 (2007).
    """
    d_x, d_y, d_z = _distances(norm, ranked, x, y, given)
    d_xz, d_yz = np.maximum(d_x, d_z), np.maximum(d_y, d_z)
    radius = _kth_smallest(np.maximum(d_xz, d_yz), k)
    n_z, n_xz, n_yz = (np.sum(d < radius, axis=1) for d in (d_z, d_xz, d_yz))
    return np.asarray(digamma(np.array(k)) + digamma(n_z + 1) - digamma(n_xz + 1) - digamma(n_yz + 1))


@_estimator
def conditional_apart(
    x: Floats,
    y: Floats,
    given: Floats,
    times: Integers,
    window: int,
    k: int,
    norm: str = "max",
    ranked: bool = False,
) -> Floats:
    """`conditional`, with neighbours sought and counted among samples more than `window` apart in `times`.

    References
    ----------
    Theiler, "Spurious dimension from correlation algorithms applied to limited time-series data", Phys. Rev.
    A 34 (1986).
    """
    _check_lengths(_on_circles(x)[0], times)
    is_near = np.abs(times[:, None] - times) <= window
    d_x, d_y, d_z = (np.where(is_near, np.inf, d) for d in _distances(norm, ranked, x, y, given))
    d_xz, d_yz = np.maximum(d_x, d_z), np.maximum(d_y, d_z)
    radius = _kth_smallest(np.maximum(d_xz, d_yz), k)
    if np.any(np.isinf(radius)):
        raise ValueError("the window leaves a sample fewer than k others")
    n_z, n_xz, n_yz = (np.sum(d < radius, axis=1) for d in (d_z, d_xz, d_yz))
    return np.asarray(digamma(np.array(k)) + digamma(n_z + 1) - digamma(n_xz + 1) - digamma(n_yz + 1))


@_estimator
def mixture(x: Floats, y: Floats, k: int, norm: str = "max") -> Floats:
    r"""Mutual information of two samples whose values may repeat.

    .. math:: \ln n + \langle \psi(k_i) - \psi(n_x + 1) - \psi(n_y + 1) \rangle

    As `kraskov`; where the k-th neighbour is at distance 0, ``k_i`` counts the samples that equal `i`, itself
    included, and ``n_x``, ``n_y`` the others that do.

    References
    ----------
    Gao, Kannan, Oh and Viswanath, "Estimating mutual information for discrete-continuous mixtures", NeurIPS
    (2017), with the digamma of the code they published.
    """
    d_x, d_y = _distances(norm, False, x, y)
    joint = np.maximum(d_x, d_y)
    radius = _kth_smallest(joint, k)
    inside = [(d < radius) | ((radius == 0) & (d == 0)) for d in (d_x, d_y)]
    n_x, n_y = (np.sum(near, axis=1) for near in inside)
    neighbors = np.where(radius[:, 0] > 0, k, 1 + np.sum(joint == 0, axis=1))
    return np.asarray(math.log(len(joint)) + digamma(neighbors) - digamma(n_x + 1) - digamma(n_y + 1))


@_estimator
def common_ball(
    parts: Sequence[NDArray[Any]],
    terms: Sequence[tuple[float, int]],
    k: int,
    rule: str,
    norm: str = "max",
    ranked: bool = False,
    names: Sequence[str] | None = None,
) -> Floats:
    r"""A sum of joint entropies ``c H(S)``, `S` in bits: floats are samples, integers labels.

    .. math:: H(S) = C - \langle \psi(n_S) \rangle, \qquad H(\text{all}) = C - \langle \psi(k_i) \rangle

    Different labels are infinitely far apart. ``eps_i`` is the distance to the k_i-th neighbour in all
    parts, ``k_i`` the smaller of `k` and of how many others have the same labels, and ``n_S`` the samples
    strictly nearer in all of `S`, itself included. ``C = psi(n)``; samples without a neighbour are left out.

    Where ``eps_i`` is 0, nothing is nearer for the rule "kraskov"; for "ross" samples that equal `i` are. For
    "mixture" these are also ``k_i``, so are they where there is no neighbour, and ``C = ln n``. For "atom
    split" values that repeat are labels too. Where units count, the volume of the ball is added.

    References
    ----------
    Mesner and Shalizi, "Conditional mutual information estimation for mixed, discrete and continuous data",
    IEEE Trans. Inf. Theory 67 (2021).
    """
    n, keeps_all = _check_parts(parts), rule in ("mixture", "atom split")
    if len(parts) > 64 or not all(0 < mask < 1 << len(parts) for _, mask in terms):
        raise ValueError("terms must name some of the variables, of which there are at most 64")
    continuous = [_is_continuous(part) for part in parts]
    _check_neighbors(k, n if all(continuous) else k + 1)
    of_samples = iter(_distances(norm, ranked, *(part for part in parts if _is_continuous(part))))
    distances = []
    for part in parts:
        labels = part
        if _is_continuous(part):
            labels = _atoms(part) if rule == "atom split" else np.zeros(n)
        found = next(of_samples) if _is_continuous(part) else np.zeros((n, n))
        distances.append(np.where(labels[:, None] == labels, found, np.inf))
    itself = np.eye(n, dtype=bool)
    joint = np.where(itself, np.inf, np.max(distances, axis=0))
    others = np.sum(joint < np.inf, axis=1)
    kept = (others > 0) | keeps_all
    if not np.any(kept):
        raise ValueError("at least one label must occur twice")
    neighbors = np.minimum(k, others)
    nearest = np.sort(joint, axis=1)[np.arange(n), np.maximum(neighbors, 1) - 1]
    radius = np.where(neighbors > 0, nearest, 0)[:, None]
    equal = (radius == 0) & (rule != "kraskov")
    near = [
        itself | ((d < radius) | equal & (d == 0) if is_samples else d == 0)
        for d, is_samples in zip(distances, continuous, strict=True)
    ]
    if keeps_all:
        neighbors = np.where(radius[:, 0] == 0, 1 + np.sum(joint == 0, axis=1), neighbors)
    base = math.log(n) if keeps_all else digamma(np.array(np.sum(kept)))
    values = np.zeros(n)
    periods = [_on_circles(part)[1] if _is_continuous(part) else None for part in parts]
    squared = norm == "euclidean" and any(each is not None and len(each) > 1 for each in periods)
    for coefficient, mask in terms:
        inside = [place for place in range(len(parts)) if mask >> place & 1]
        if len(inside) == len(parts):
            counts = neighbors
        else:
            counts = np.sum(np.all([near[place] for place in inside], axis=0) & kept, axis=1)
        values += coefficient * (base - digamma(np.maximum(counts, 1)))
    for place, each in enumerate(periods):
        often = sum(coefficient for coefficient, mask in terms if mask >> place & 1)
        if each is not None and often:
            values += often * _log_volumes(radius[:, 0], each, squared)
    return np.where(kept, values, np.nan)


def ties(parts: Sequence[NDArray[Any]], k: int, names: Sequence[str] | None = None) -> str:
    """What values that repeat are like: atoms, or on a lattice, or none do.

    A lattice if more than one sample in twenty has fewer than `k` others with the same atoms and labels,
    though `k` with the same labels.
    """
    n = _check_parts(parts)
    labels = [np.zeros(n), *(part for part in parts if not _is_continuous(part))]
    atoms = [_atoms(part) for part in parts if _is_continuous(part)]
    if not any(np.any(of_part) for of_part in atoms):
        return "none"
    others = [
        np.sum(np.all([one[:, None] == one for one in all_], axis=0), axis=1) - 1
        for all_ in (labels, [*labels, *atoms])
    ]
    n_parted = np.sum((others[0] >= k) & (others[1] < k))
    return "lattice" if n_parted > n // 20 else "atoms"


def _is_continuous(part: Any) -> bool:
    """Floats, or a pair of them and periods."""
    return isinstance(part, tuple) or part.dtype.kind == "f"


def _check_parts(parts: Sequence[Any]) -> int:
    """As many samples in all: how many."""
    first, *others = [part[0] if isinstance(part, tuple) else part for part in parts]
    for part in others:
        _check_lengths(part, first)
    return len(first)


def _atoms(values: Any) -> Integers:
    """A label for each value that repeats; the others share the label 0."""
    values, _ = _on_circles(values)
    _check_points(values)
    _, codes, counts = np.unique(values + 0.0, axis=0, return_inverse=True, return_counts=True)
    return np.where(counts[codes] > 1, codes + 1, 0)


def by_ties(x: Floats, y: Floats, k: Any, pointwise: bool = False, n_threads: int = 1) -> Any:
    """`kraskov` where no value repeats, `common_ball` split by atoms, or `mixture` on a lattice."""
    found = ties([x, y], int(np.max(k)))
    if found == "atoms":
        terms = [(1, 1), (1, 2), (-1, 3)]
        return common_ball([x, y], terms, k=k, rule="atom split", pointwise=pointwise)
    return (mixture if found == "lattice" else kraskov)(x, y, k=k, pointwise=pointwise)


@_estimator
def local_non_uniformity(x: Floats, k: int, alpha: float) -> Floats:
    r"""Total correlation of the columns, corrected where they depend strongly.

    .. math::
        \psi(k) + (d - 1) (\psi(n) - 1/k) - \sum_j \langle \psi(n_j) \rangle
        + \langle \ln \tfrac{V}{V'} [V' < \alpha V] \rangle

    Counts are those of the second estimator in `kraskov`. `V` is the volume of the smallest box around sample
    `i`, centred there, that holds the others no farther than its k-th neighbour; `V'` that of the same
    along their principal axes.

    References
    ----------
    Gao, Ver Steeg and Galstyan, "Efficient estimation of mutual information for strongly dependent
    variables", AISTATS (2015).
    """
    x, periods = _on_circles(x)
    n, d = x.shape
    if not 0 <= alpha <= 1 or k < d or np.any(np.isfinite(periods)):
        raise ValueError("alpha must be from 0 to 1, k no less than the columns, and these not periodic")
    distances = _distances("max", False, *x.T)
    joint = np.max(distances, axis=0)
    inside = joint <= _kth_smallest(joint, k)
    psi_n, psi_k = digamma(np.array([n, k]))
    estimate = np.full(n, psi_k + (d - 1) * (psi_n - 1 / k))
    for of_column in distances:
        extent = np.max(of_column, axis=1, where=inside, initial=0, keepdims=True)
        estimate -= digamma(np.sum(of_column <= extent, axis=1))
    for i in range(n):
        differences = x[inside[i]] - x[i]
        along_coordinates = np.max(np.abs(differences), axis=0)
        if np.all(along_coordinates > 0):
            differences = differences / np.max(along_coordinates)
            turned = differences @ np.linalg.svd(differences)[2].T
            along_axes = np.max(np.abs(turned), axis=0)
            if np.min(along_axes) <= 1e-15 * d * np.max(along_axes):
                along_axes[:] = 0  # so little that it is rounding
            with np.errstate(divide="ignore"):
                excess = np.sum(np.log(along_coordinates / np.max(along_coordinates)) - np.log(along_axes))
                estimate[i] += excess if excess > -np.log(alpha) else 0
    return estimate


@_estimator
def ross(
    x: NDArray[Any],
    y: NDArray[Any],
    k: int,
    norm: str = "max",
    expanded: bool = False,
    single_precision: bool = False,
) -> Floats:
    r"""Mutual information of a continuous sample and labels, which are integers.

    .. math:: \psi(n) + \langle \psi(k_i) - \psi(n_i) - \psi(m_i) \rangle

    ``n_i`` points share the label of point `i`, and ``k_i = min(k, n_i - 1)`` neighbours are used; ``m_i`` of
    all points, itself included, are nearer than the k_i-th neighbour of its own label, or equal to it where
    that is. Labels that occur once are left out: NaN.

    Parameters
    ----------
    expanded : bool
        Measure distances within classes of at most ``2 k_i + 1`` points by ``sqrt(a a - 2 a b + b b)``, whose
        rounding can push the last neighbour in or out: scikit-learn's distances.
    single_precision : bool
        Round those distances to float32, as scikit-learn does for a float32 sample.

    References
    ----------
    Ross, "Mutual information between discrete and continuous data sets", PLoS ONE 9 (2014), equation 2.
    """
    samples, labels = (y, x) if isinstance(x, np.ndarray) and x.dtype.kind == "i" else (x, y)
    samples, periods = _on_circles(samples)
    _check_lengths(samples, labels)
    _check_neighbors(k, k + 1)  # More neighbours than a class has are cut down to what it has.
    _check_points(samples)
    class_sizes = np.sum(labels[:, None] == labels, axis=1)
    kept = class_sizes > 1
    if not np.any(kept):
        raise ValueError("at least one label must occur twice")
    contributions = np.full(len(labels), np.nan)
    samples, labels, class_sizes = samples[kept], labels[kept], class_sizes[kept]
    neighbors = np.minimum(k, class_sizes - 1)
    (distances,) = _distances(norm, False, (samples, periods))
    radius = np.empty((len(labels), 1))
    for label in np.unique(labels):
        members = labels == label
        k_label, of_label = int(neighbors[members][0]), samples[members, 0]
        if expanded and k_label >= len(of_label) // 2:
            radius[members, 0] = _expanded_kth_distances(of_label, k_label, single_precision)
        else:
            radius[members] = _kth_smallest(distances[np.ix_(members, members)], k_label)
    nearer = 1 + np.sum((distances < radius) | ((radius == 0) & (distances == 0)), axis=1)
    psi_n = digamma(np.array(len(labels)))
    contributions[kept] = psi_n + digamma(neighbors) - digamma(class_sizes) - digamma(nearer)
    return contributions
