"""The definitions in plain numpy, in nats: every kernel of the compiled core under the same name.

Quadratic and unhurried. Read it to learn what the core computes; tests compare the two, counts as integers.
"""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def kth_distances(points: Floats, k: int) -> Floats:
    """Distance from each point to its k-th nearest other point.

    ``eps_i`` is the k-th smallest of ``max_c |x_ic - x_jc|`` over ``j != i``: by index, so that
    duplicates are neighbours at distance 0.
    """
    _check_points(points)
    _check_neighbors(k, len(points))
    return np.array([np.sort(_distances_to_others(points, i))[k - 1] for i in range(len(points))])


def kth_distances_to(points: Floats, others: Floats, k: int) -> Floats:
    """Distance from each point to the k-th nearest of others.

    The k-th smallest of ``max_c |x_ic - y_jc|`` over `j`.
    """
    _check_points(points)
    _check_points(others)
    _check_neighbors(k, len(others) + 1)
    if points.shape[1] != others.shape[1]:
        raise ValueError("points and others must have as many coordinates")
    return np.array([np.sort(np.max(np.abs(others - point), axis=1))[k - 1] for point in points])


def counts_within(points: Floats, radii: Floats, closed: bool) -> Integers:
    """Number of other points in the ball around each point.

    ``#{j != i : max_c |x_ic - x_jc| < r_i}``, or ``<= r_i`` for a closed ball. Rounded differences are
    compared, never ``x_i + r_i``, which may round onto a neighbour.
    """
    _check_points(points)
    _check_lengths(points, radii)
    if not np.all((radii >= 0) & np.isfinite(radii)):
        raise ValueError("radii must be finite and at least 0")
    inside = np.less_equal if closed else np.less
    counts = [np.count_nonzero(inside(_distances_to_others(points, i), radii[i])) for i in range(len(points))]
    return np.array(counts, dtype=np.int64)


def digamma(m: Integers) -> Floats:
    """Digamma at positive integers: ``psi(m) = 1 + 1/2 + ... + 1/(m - 1) - gamma``."""
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, np.max(m)))])
    return np.asarray(harmonic[m - 1] - np.euler_gamma)


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


def _estimator(contributions: Callable[..., Floats]) -> Callable[..., Any]:
    """The mean of what samples contribute, NaN left out, unless `pointwise`; for several `k` a row each."""

    @functools.wraps(contributions)
    def estimate(*samples: Any, k: Any, pointwise: bool = False, n_threads: int = 1, **options: Any) -> Any:
        if np.ndim(k) == 1:
            return np.array(
                [estimate(*samples, k=one, pointwise=pointwise, **options) for one in k], dtype=np.float64
            )
        values = contributions(*samples, k=k, **options)
        return values if pointwise else float(np.nanmean(values))

    return estimate


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
def kozachenko_leonenko(x: Floats, k: int, norm: str = "max") -> Floats:
    r"""Differential entropy of a continuous sample.

    .. math:: \psi(n) - \psi(k) + \ln V + d \langle \ln \epsilon_i \rangle

    ``eps_i`` is the distance to the k-th neighbour, `V` the volume of the ball of radius 1. No ball is wider
    than the period of a column: there ``2 eps_i`` is at most that.

    References
    ----------
    Kozachenko and Leonenko, "Sample estimate of the entropy of a random vector", Problems of Information
    Transmission 23 (1987).
    """
    (distances,) = _distances(norm, False, x)
    n, periods = len(distances), _on_circles(x)[1]
    squared = norm == "euclidean" and len(periods) > 1
    radius = _kth_smallest(distances, k)[:, 0]
    psi_n, psi_k = digamma(np.array([n, k]))
    return np.asarray(psi_n - psi_k + _log_volumes(radius, periods, squared))


def _log_volumes(radius: Floats, periods: Floats, squared: bool) -> Floats:
    """Of balls, given the squares of their radii if `squared`; none is wider than the period of a column."""
    d = len(periods)
    if squared:
        if np.any(np.isfinite(periods)):
            raise ValueError("there is no volume of Euclidean balls where columns are periodic")
        return np.asarray(d / 2 * (math.log(math.pi) + _log(radius)) - math.lgamma(d / 2 + 1))
    return np.asarray(d * math.log(2) + np.sum(_log(np.minimum(radius[:, None], periods / 2)), axis=1))


def _log(values: Floats) -> Floats:
    return np.asarray(np.log(values, where=values > 0, out=np.full(values.shape, -np.inf)))


@_estimator
def kullback_leibler(x: Floats, y: Floats, k: int, norm: str = "max") -> Floats:
    r"""Divergence of the law of one continuous sample from that of another.

    .. math:: d \langle \ln \frac{\nu_i}{\rho_i} \rangle + \ln \frac{m}{n - 1}

    ``rho_i`` is the distance of sample `i` of `x` to its k-th neighbour there, ``nu_i`` to its k-th in `y`.

    References
    ----------
    Wang, Kulkarni and Verdú, "Divergence estimation for multidimensional densities via k-nearest-neighbor
    distances", IEEE Trans. Inf. Theory 55 (2009).
    """
    if isinstance(x, tuple) or isinstance(y, tuple):
        raise ValueError("two samples are not compared on circles")
    _check_neighbors(k, len(x))
    _check_neighbors(k, len(y) + 1)
    n, d = len(x), _matrix(x).shape[1]
    (distances,) = _distances(norm, False, np.concatenate([_matrix(x), _matrix(y)]))
    rho, nu = (np.sort(part, axis=1)[:, k - 1] for part in (distances[:n, :n], distances[:n, n:]))
    if np.any(nu == 0):
        raise ValueError("no k samples of y may equal one of x")
    power = d / 2 if norm == "euclidean" and d > 1 else d  # squared distances
    log_rho = np.log(rho, where=rho > 0, out=np.full(n, -np.inf))
    return np.asarray(power * (np.log(nu) - log_rho) + math.log(len(y) / (n - 1)))


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


def ranks(points: Floats) -> Floats:
    """Rank of each value in its column: points below, plus points not above, less 1; ties share the mean."""
    _check_points(points)
    below = np.sum(points[:, None] > points, axis=1) + np.sum(points[:, None] >= points, axis=1)
    return np.asarray(below - 1, dtype=np.float64)


def normal_scores(samples: Floats, n_threads: int = 1) -> Floats:
    """``Phi^-1(r / (n + 1))`` of the ranks `r`, from 1, of a vector or of each column of a matrix."""
    ranked = ranks(_matrix(samples)) / 2 + 1
    quantiles = np.vectorize(NormalDist().inv_cdf, otypes=[np.float64])
    return np.asarray(quantiles(ranked / (len(samples) + 1))).reshape(samples.shape)


def number_texts(texts: NDArray[Any]) -> Integers | None:
    """Texts numbered in the order in which they are met; None if something is none."""
    if texts.ndim != 1 or not all(isinstance(text, str | bytes) for text in texts):
        return None
    _, firsts, codes = np.unique(texts, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(firsts))[codes]


def entropy(counts: Integers) -> float:
    """Plug-in entropy ``-sum p ln p`` of the frequencies (Shannon 1948); 0 for no counts."""
    if np.any(counts < 0):
        raise ValueError("counts must not be negative")
    p = counts[counts > 0] / np.sum(counts)
    return float(-np.sum(p * np.log(p)))


def joint_labels(variables: Sequence[NDArray[Any]]) -> Integers:
    """Labels of all variables together, numbered in the order of the first of them first."""
    _check_variables(variables)
    return np.unique(np.stack(variables, axis=1), axis=0, return_inverse=True)[1].reshape(-1)


@dataclass(frozen=True)
class Term:
    """A joint entropy of some of several variables, and what is known for it."""

    variables: Sequence[NDArray[Any]]  # those it is of
    categories: Sequence[float]  # how many labels each of these may have
    counts: Integers  # how often each of their joint labels occurs
    joint_counts: Integers  # the same of all variables
    joint_categories: float
    parameter: float

    @property
    def n_samples(self) -> int:
        return int(np.sum(self.counts))

    @property
    def n_categories(self) -> float:
        return math.prod(self.categories)


OfCounts = Callable[[Integers, int, float], Floats]
MEANS: dict[str, OfCounts] = {}  # over the samples, of the counts of their labels
ENTROPIES: dict[str, Callable[[Term], float]] = {}


def _mean(function: OfCounts) -> OfCounts:
    MEANS[function.__name__] = function
    return function


def _entropy(function: Callable[[Term], float]) -> Callable[[Term], float]:
    ENTROPIES[function.__name__] = function
    return function


def sum_of_entropies(
    variables: Sequence[NDArray[Any]],
    terms: Sequence[tuple[int, int]],
    estimator: str,
    parameter: float = math.nan,
    n_categories: Sequence[float] | None = None,
    pointwise: bool = False,
) -> Any:
    """``sum of coefficient * H(variables in the mask)``, bit `i` of a mask for variable `i`.

    One of `MEANS` is a mean over the samples, which `pointwise` leaves out; `ENTROPIES` holds the others.
    """
    _check_variables(variables)
    if len(variables) > 64:
        raise ValueError("there must be at most 64 variables")
    if not all(0 < mask < 1 << len(variables) for _, mask in terms):
        raise ValueError("a mask must have bits for some of the variables")
    seen = [len(np.unique(labels)) for labels in variables]
    categories = seen if n_categories is None else n_categories
    if not all(n >= k for n, k in zip(categories, seen, strict=True)):
        raise ValueError("there must be no more labels than categories")
    joint_counts = np.unique(joint_labels(variables), return_counts=True)[1]
    total: Any = 0.0
    for coefficient, mask in terms:
        chosen = [i for i in range(len(variables)) if mask >> i & 1]
        labels, counts = np.unique(
            joint_labels([variables[i] for i in chosen]), return_inverse=True, return_counts=True
        )[1:]
        if estimator in MEANS:
            values = MEANS[estimator](counts[labels], len(labels), parameter)
            total = total + coefficient * (values if pointwise else float(np.mean(values)))
        elif estimator not in ENTROPIES or pointwise:
            raise ValueError("there is no such estimator, or it has no pointwise values")
        else:
            joint = joint_counts, math.prod(categories)
            term = Term(
                [variables[i] for i in chosen], [categories[i] for i in chosen], counts, *joint, parameter
            )
            total += coefficient * ENTROPIES[estimator](term)
    return total


@_mean
def plug_in(count: Integers, n: int, _: float) -> Floats:
    """``-ln p`` (Shannon 1948)."""
    return -np.log(count / n)


@_entropy
def miller_madow(term: Term) -> float:
    """The plug-in, and ``(K - 1) / 2n`` for K labels that occur (Miller 1955)."""
    return entropy(term.counts) + (len(term.counts) - 1) / (2 * term.n_samples)


@_mean
def jackknife(count: Integers, n: int, _: float) -> Floats:
    """``d(n) - d(n_i)`` with ``d(m) = m ln m - (m - 1) ln(m - 1)`` (Zahl 1977, rearranged)."""

    def d(m: Any) -> Any:
        return m * np.log(m) - (m - 1) * np.log(np.maximum(m - 1, 1))

    return np.asarray(d(n) - d(count))


@_entropy
def panzeri_treves(term: Term) -> float:
    """The plug-in, and ``(R - 1) / 2n`` for each variable and each label of the later ones (1996)."""
    bias, later = 0.0, np.zeros(term.n_samples, dtype=np.int64)
    for labels, n_categories in reversed(list(zip(term.variables, term.categories, strict=True))):
        for group in np.unique(later):
            counts = np.unique(labels[later == group], return_counts=True)[1]
            bias += (_reachable(counts, n_categories) - 1) / (2 * term.n_samples)
        later = joint_labels([later, labels])
    return entropy(term.counts) + bias


def _reachable(counts: Integers, n_categories: float) -> float:
    """How many labels there must be for as many as did to be expected to occur, one more at a time."""
    n, seen = int(np.sum(counts)), len(counts)
    share = 1 - (n / (n + seen)) ** (1 / n)

    def off(unseen: int) -> float:
        p = np.append((1 - unseen * share) * (counts + 1) / (n + seen), np.full(unseen, share))
        return abs(seen - float(np.sum(1 - (1 - p) ** n)))

    unseen = 0
    while seen + unseen + 1 <= n_categories and (unseen + 1) * share <= 1 and off(unseen + 1) < off(unseen):
        unseen += 1
    return seen + unseen


@_mean
def quadratic_extrapolation(count: Integers, n: int, _: float) -> Floats:
    """Plug-in entropies of n, n/2 and n/4 samples, drawn in all ways, at ``1 / n = 0`` (Strong 1998)."""
    if n < 4:
        raise ValueError("four samples are needed")
    sizes = [n, n // 2, n // 4]
    weights = [math.prod(m / (m - other) for other in sizes if other != m) for m in sizes]

    def contribution(k: int) -> float:
        terms = (
            weight * math.comb(k, j) * math.comb(n - k, m - j) / math.comb(n, m) * -j / m * math.log(j / m)
            for weight, m in zip(weights, sizes, strict=True)
            for j in range(1, min(k, m) + 1)
        )
        return math.fsum(terms) * n / k

    distinct, place = np.unique(count, return_inverse=True)
    return np.array([contribution(int(k)) for k in distinct])[place]


@_mean
def grassberger_1988(count: Integers, n: int, _: float) -> Floats:
    """``ln n - psi(n_i) - (-1)^n_i / (n_i + 1)``."""
    return math.log(n) - _psi(count) - (-1.0) ** count / (count + 1)


@_mean
def grassberger_2003(count: Integers, n: int, _: float) -> Floats:
    """``ln n - psi(n_i) - (-1)^n_i / 2 (psi((n_i + 1) / 2) - psi(n_i / 2))``."""
    return math.log(n) - _psi(count) - (-1.0) ** count / 2 * (_psi((count + 1) / 2) - _psi(count / 2))


@_mean
def schuermann(count: Integers, n: int, xi: float) -> Floats:
    """``psi(n) - psi(n_i) - (-1)^n_i I``, the integral of ``t^(n_i - 1) / (1 + t)`` to ``1 / xi - 1``."""
    upper = 1 / xi - 1
    integral = [math.log1p(upper)]
    for m in range(1, int(np.max(count))):
        integral.append(upper**m / m - integral[-1])
    return np.asarray(_psi(np.array(n)) - _psi(count) - (-1.0) ** count * np.array(integral)[count - 1])


@_mean
def zhang(count: Integers, n: int, _: float) -> Floats:
    """``psi(n) - psi(n_i)`` (2012)."""
    return np.asarray(_psi(np.array(n)) - _psi(count))


@_entropy
def chao_shen(term: Term) -> float:
    """``-sum C p ln(C p) / (1 - (1 - C p)^n)`` with the coverage ``C = 1 - f_1 / n`` (2003)."""
    n, once = term.n_samples, np.count_nonzero(term.counts == 1)
    p = (1 - (once - (once == n)) / n) * term.counts / n
    return float(np.sum(-p * np.log(p) / (1 - (1 - p) ** n)))


@_entropy
def chao_wang_jost(term: Term) -> float:
    """``<psi(n) - psi(n_i)>`` and ``f_1 / n (1 - A)^(1 - n) sum over r >= n of (1 - A)^r / r`` (2013)."""
    n = term.n_samples
    once, twice = (np.count_nonzero(term.counts == count) for count in (1, 2))
    seen = float(np.sum(term.counts / n * (_psi(np.array(n)) - _psi(term.counts))))
    if once == 0 or n == 1:
        return seen
    a = 2 * twice / ((n - 1) * once + 2 * twice) if twice else 2 / ((n - 1) * (once - 1) + 2)
    r = np.arange(n, n + math.ceil(50 / a))
    return seen + once / n * float(np.sum((1 - a) ** (r - n + 1.0) / r))


@_entropy
def james_stein(term: Term) -> float:
    """The entropy of frequencies shrunk towards equal ones as the joint table is (2009)."""
    p, k, n = term.joint_counts / term.n_samples, term.joint_categories, term.n_samples
    distance = float(np.sum((1 / k - p) ** 2)) + (k - len(p)) / k**2
    variance = float(np.sum(p * (1 - p)))
    shrunk = variance < (n - 1) * distance
    intensity = variance / ((n - 1) * distance) if shrunk else 1.0
    return _padded(intensity / term.n_categories, (1 - intensity) * term.counts / n, term.n_categories)


@_entropy
def dirichlet(term: Term) -> float:
    """The entropy of ``(n_i + a) / (n + a K)``, a pseudo-count for each joint label of all variables."""
    return _with_pseudo_counts(term, term.parameter * term.joint_categories)


@_entropy
def perks(term: Term) -> float:
    """The same with pseudo-counts that add up to 1 (1947)."""
    return _with_pseudo_counts(term, 1.0)


@_entropy
def minimax(term: Term) -> float:
    """The same with pseudo-counts that add up to the root of the number of samples (Trybula 1958)."""
    return _with_pseudo_counts(term, math.sqrt(term.n_samples))


def _with_pseudo_counts(term: Term, added: float) -> float:
    total = term.n_samples + added
    return _padded(added / term.n_categories / total, term.counts / total, term.n_categories)


def _padded(everywhere: float, more: Floats, n_categories: float) -> float:
    """The entropy of a probability of all categories, and more of those that occur."""
    p = everywhere + more
    unseen = -everywhere * math.log(everywhere) if everywhere > 0 else 0.0
    return float(-np.sum(p * np.log(p))) + (n_categories - len(p)) * unseen


@_entropy
def nsb(term: Term) -> float:
    """The mean of `nsb_posterior`."""
    return nsb_posterior(term.counts, term.n_categories)[0]


def nsb_posterior(counts: Integers, n_categories: float) -> tuple[float, float]:
    r"""Mean and standard deviation of the entropy under Nemenman, Shafee and Bialek's prior (2002).

    .. math:: p(\beta | n) \propto \Big[ K \psi'(K \beta + 1) - \psi'(\beta + 1) \Big]
              \frac{\prod_i \beta (\beta + 1) \cdots (\beta + n_i - 1)}
              {K \beta (K \beta + 1) \cdots (K \beta + n - 1)}

    by the trapezoid rule over ``ln beta``; given `beta`, moments are those of Wolpert and Wolf (1995).
    """
    if np.any(counts < 0) or not n_categories >= np.count_nonzero(counts):
        raise ValueError("counts must not be negative, nor more than categories")
    counts, k, n = counts[counts > 0], n_categories, int(np.sum(counts))
    if k < 2:
        return 0.0, 0.0
    beta = np.exp(np.arange(-math.log(k) - 45, 2 * math.log(n + 1) + 45, 1 / 16))
    sizes, times = np.unique(np.append(counts, 0), return_counts=True)
    times = np.where(sizes > 0, times, k - len(counts))[:, None]  # of labels that do not occur
    alpha, total = sizes[:, None] + beta, n + k * beta
    rising = [np.log(beta + i) * np.count_nonzero(counts > i) - np.log(k * beta + i) for i in range(n)]
    with np.errstate(divide="ignore", invalid="ignore"):  # each is used where it is exact
        prior = np.log(k * _trigamma(k * beta + 1) - _trigamma(beta + 1))
        far = np.log((1 - 1 / k) / (2 * beta**2) - (1 - 1 / k**2) / (6 * beta**3))
    density = np.where(beta < 1e4, prior, far) + np.log(beta) + np.sum(rising, axis=0)
    weights = np.exp(density - np.max(density))
    weights /= np.sum(weights)
    mean = float(weights @ (_psi(total + 1) - np.sum(times * alpha / total * _psi(alpha + 1), axis=0)))
    a = _psi(alpha + 1) - _psi(total + 2)
    b = _psi(alpha + 2) - _psi(total + 2)
    different = np.sum(times * alpha * a, axis=0) ** 2 - np.sum(times * alpha**2 * a**2, axis=0)
    different -= _trigamma(total + 2) * (total**2 - np.sum(times * alpha**2, axis=0))
    equal = np.sum(times * alpha * (alpha + 1) * (b**2 + _trigamma(alpha + 2) - _trigamma(total + 2)), axis=0)
    square = float(weights @ ((different + equal) / (total * (total + 1))))
    return mean, math.sqrt(max(0.0, square - mean**2))


def _psi(x: NDArray[Any]) -> Floats:
    """Digamma of positive numbers: twenty steps up, where the series serves."""
    steps = np.sum([1 / (x + i) for i in range(20)], axis=0)
    y = np.asarray(x, dtype=np.float64) + 20
    series = 1 / 12 - (1 / 120 - (1 / 252 - (1 / 240 - 1 / (132 * y**2)) / y**2) / y**2) / y**2
    return np.asarray(np.log(y) - 1 / (2 * y) - series / y**2 - steps)


def _trigamma(x: NDArray[Any]) -> Floats:
    """Its derivative."""
    steps = np.sum([1 / (x + i) ** 2 for i in range(20)], axis=0)
    y = np.asarray(x, dtype=np.float64) + 20
    series = 1 / 6 - (1 / 30 - (1 / 42 - (1 / 30 - 5 / (66 * y**2)) / y**2) / y**2) / y**2
    return np.asarray(1 / y + 1 / (2 * y**2) + series / y**3 + steps)


def expected_mutual_information(row_sums: Integers, column_sums: Integers, n_samples: int) -> float:
    r"""Mean mutual information of two labelings with these cluster sizes, permuted at random.

    .. math:: \sum_{a, b} \sum_m P(m) \frac{m}{n} \ln \frac{n m}{a b},
              \qquad P(m) = \binom{a}{m} \binom{n - a}{b - m} / \binom{n}{b}

    The quotients are of exact integers. One cluster on either side gives 0.

    References
    ----------
    Vinh, Epps and Bailey, "Information theoretic measures for clusterings comparison", JMLR 11 (2010).
    """
    rows, columns, n = list(map(int, row_sums)), list(map(int, column_sums)), int(n_samples)
    if len(rows) <= 1 or len(columns) <= 1:
        return 0.0
    if not all(0 <= size <= n for size in rows + columns):
        raise ValueError("cluster sizes must lie between 0 and the number of samples")
    terms = []
    for a in rows:
        for b in columns:
            for m in range(max(1, a + b - n), min(a, b) + 1):
                probability = math.comb(a, m) * math.comb(n - a, b - m) / math.comb(n, b)
                terms.append(probability * m / n * math.log(n * m / (a * b)))
    return math.fsum(terms)


def mutual_information(x: NDArray[Any], y: NDArray[Any]) -> Any:
    """The plug-in of labels, `by_ties` of floats: what the measure is without options."""
    if x.dtype.kind == y.dtype.kind == "f":
        return by_ties(x, y, 3)
    return CountTable(x, y).mutual_information()


def mutual_information_columns(
    columns: Sequence[NDArray[Any]],
    target: NDArray[Any],
    n_neighbors: int,
    n_threads: int = 1,
    single_precision_target: bool = False,
) -> Floats:
    """Mutual information of each column with the target: floats are continuous, integers are labels.

    Two continuous samples: `ksg`. One: `ross` with expanded distances. None: the plug-in. Not cut off at 0.
    """
    scores = [_pair(column, target, n_neighbors, single_precision_target) for column in columns]
    return np.array(scores, dtype=np.float64)


def _pair(column: NDArray[Any], target: NDArray[Any], k: int, single_precision_target: bool) -> Any:
    continuous = column.dtype.kind == "f", target.dtype.kind == "f"
    if continuous == (True, True):
        return ksg(column, target, k)
    if continuous == (True, False):
        return ross(column, target, k=k, expanded=True)
    if continuous == (False, True):
        return ross(target, column, k=k, expanded=True, single_precision=single_precision_target)
    return CountTable(column, target).mutual_information()


def _average(entropies: tuple[float, float], average_method: str) -> float:
    geometric = math.sqrt(entropies[0] * entropies[1])
    means = {"arithmetic": sum(entropies) / 2, "geometric": geometric, "min": min(entropies)}
    return means.get(average_method, max(entropies))


class CountTable:
    """How often each pair of labels occurs: rows and columns are the labels in ascending order."""

    def __init__(self, x: Integers, y: Integers) -> None:
        _check_lengths(x, y)
        labels_x, rows = np.unique(x, return_inverse=True)
        labels_y, columns = np.unique(y, return_inverse=True)
        self._count(rows, columns, np.ones(len(x), dtype=np.int64), (len(labels_x), len(labels_y)))

    @classmethod
    def from_cells(cls, rows: Integers, columns: Integers, counts: Integers, shape: tuple[int, int]) -> Self:
        """A table from its cells; cells named twice add up."""
        if not len(rows) == len(columns) == len(counts) or np.any(counts < 0):
            raise ValueError("cells must have a row, a column and a count of at least 0 each")
        if np.any((rows < 0) | (rows >= shape[0]) | (columns < 0) | (columns >= shape[1])):
            raise ValueError("cells must lie within the shape")
        table = cls.__new__(cls)
        table._count(rows, columns, counts, shape)
        return table

    def _count(self, rows: Integers, columns: Integers, counts: Integers, shape: tuple[int, int]) -> None:
        self.counts = np.zeros(shape, dtype=np.int64)
        np.add.at(self.counts, (rows, columns), counts)
        self.shape, self.total = shape, int(np.sum(counts))
        self.row_sums, self.column_sums = self.counts.sum(axis=1), self.counts.sum(axis=0)

    def cells(self) -> tuple[Integers, Integers, Integers]:
        """Row, column and count of each cell that is not empty."""
        rows, columns = np.nonzero(self.counts)
        return rows, columns, self.counts[rows, columns]

    def entropies(self) -> tuple[float, float]:
        """`entropy` of the rows and of the columns."""
        return entropy(self.row_sums), entropy(self.column_sums)

    def mutual_information(self) -> float:
        """Plug-in mutual information ``sum p_ij ln(p_ij / (p_i p_j))``; 0 for an empty table."""
        rows, columns, counts = self.cells()
        independent = self.row_sums[rows] / self.total * self.column_sums[columns]
        return float(np.sum(counts * np.log(counts / independent)) / (self.total or 1))

    def expected_mutual_information(self) -> float:
        """`expected_mutual_information` of the margins."""
        return expected_mutual_information(self.row_sums, self.column_sums, self.total)

    def joint_entropy(self) -> float:
        """`entropy` of the cells."""
        return entropy(self.cells()[2])

    def conditional_entropies(self) -> tuple[float, float]:
        """``sum p_ij ln(p_j / p_ij)``: of the rows given the columns; and of these given those."""
        rows, columns, counts = self.cells()
        given = self.column_sums[columns], self.row_sums[rows]
        of_rows, of_columns = (float(np.sum(counts * np.log(sums / counts))) for sums in given)
        return of_rows / (self.total or 1), of_columns / (self.total or 1)

    def normalized_mutual_information(self, average_method: str) -> float:
        """``I / H``, `H` a mean of the entropies; 1 if both are 0, 0 if one is (Strehl and Ghosh 2002)."""
        occupied = [np.count_nonzero(sums) for sums in (self.row_sums, self.column_sums)]
        if min(occupied) <= 1:
            return float(max(occupied) <= 1)
        return self.mutual_information() / _average(self.entropies(), average_method)

    def adjusted_mutual_information(self, average_method: str) -> float:
        """``(I - E) / (H - E)``; 1 of equal partitions, else 0 of a trivial one (Vinh et al. 2010)."""
        occupied = [np.count_nonzero(sums) for sums in (self.row_sums, self.column_sums)]
        if occupied[0] == occupied[1] == len(self.cells()[0]):
            return 1.0
        if min(occupied) <= 1 or self.total in occupied:
            return 0.0
        expected = self.expected_mutual_information()
        most = _average(self.entropies(), average_method)
        return (self.mutual_information() - expected) / (most - expected)

    def homogeneity_and_completeness(self) -> tuple[float, float]:
        """``I / H(X)`` and ``I / H(Y)``, 1 of 0 / 0 (Rosenberg and Hirschberg 2007)."""
        information = self.mutual_information()
        h, c = (information / entropy if entropy > 0 else 1.0 for entropy in self.entropies())
        return h, c

    def pair_indices(self) -> tuple[float, float, float]:
        """Those of Rand (1971), of Hubert and Arabie (1985), of Fowlkes and Mallows (1983)."""
        apart, columns, rows, both = self.pair_confusion()
        rand = (apart + both) / pairs if (pairs := apart + columns + rows + both) else 1.0
        most = (both + rows) * (rows + apart) + (both + columns) * (columns + apart)
        adjusted = 2 * (both * apart - rows * columns) / most if columns or rows else 1.0
        shares = [both / (both + others) for others in (columns, rows)] if both else [0.0, 0.0]
        return rand, adjusted, math.sqrt(shares[0]) * math.sqrt(shares[1])

    @classmethod
    def labelled(
        cls, x: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None = None
    ) -> tuple[Self, Integers, Integers]:
        """What each pair of labels counts for, and the labels."""
        weights = np.ones(len(x), dtype=np.int64) if weights is None else weights
        (labels_x, rows), (labels_y, columns) = (np.unique(labels, return_inverse=True) for labels in (x, y))
        table = cls.from_cells(rows, columns, weights, (len(labels_x), len(labels_y)))
        return table, labels_x.astype(np.int64), labels_y.astype(np.int64)

    def _contents(self) -> NDArray[Any]:
        return self.cells()[2]

    @classmethod
    def _from_contents(cls, *cells: Any) -> Self:
        return cls.from_cells(*cells)

    def merged(
        self,
        rows: Integers,
        columns: Integers,
        other: Self,
        other_rows: Integers,
        other_columns: Integers,
        shape: tuple[int, int],
    ) -> Self:
        """The sum of two tables, with each row and column put where it is told to."""
        if any(np.any(np.diff(places) <= 0) for places in (rows, columns, other_rows, other_columns)):
            raise ValueError("places must be in ascending order")
        ours, theirs = self.cells(), other.cells()
        joined = np.concatenate([rows[ours[0]], other_rows[theirs[0]]])
        joined_columns = np.concatenate([columns[ours[1]], other_columns[theirs[1]]])
        contents = np.concatenate([self._contents(), other._contents()])
        return self._from_contents(joined, joined_columns, contents, shape)

    def pair_confusion(self) -> tuple[int, int, int, int]:
        """Ordered pairs put together by neither side, columns, rows, both (Hubert and Arabie 1985)."""
        n, sums = self.total, (self.counts, self.row_sums, self.column_sums)
        both, rows, columns = (sum(int(count) ** 2 for count in counts.flat) - n for counts in sums)
        return n * (n - 1) - rows - columns + both, columns - both, rows - both, both


class WeightedTable(CountTable):
    """What each pair of labels weighs; sums are exact, in units of 2^-192."""

    def _count(self, rows: Integers, columns: Integers, counts: NDArray[Any], shape: tuple[int, int]) -> None:
        if not np.all(counts < 2.0**63):
            raise ValueError("weights must be below 2^63, and not NaN")
        self.units = np.zeros(shape, dtype=object)
        for row, column, weight in zip(rows, columns, counts.tolist(), strict=True):
            self.units[row, column] += round(Fraction(weight) * 2**192)
        self._sum()

    def _sum(self) -> None:
        def floats(units: NDArray[Any]) -> Any:
            return np.vectorize(lambda units: units / 2**192, otypes=[np.float64])(units)

        units = self.units
        self.shape, self.total, self.counts = units.shape, floats(units.sum()).item(), floats(units)
        self.row_sums, self.column_sums = floats(units.sum(axis=1)), floats(units.sum(axis=0))

    @classmethod
    def from_words(
        cls, rows: Integers, columns: Integers, words: NDArray[Any], shape: tuple[int, int]
    ) -> Self:
        """A table from its cells, each in four words of 64 bits."""
        table = cls.__new__(cls)
        table.units = np.zeros(shape, dtype=object)
        for row, column, parts in zip(rows, columns, words.tolist(), strict=True):
            table.units[row, column] += sum(part << 64 * (3 - place) for place, part in enumerate(parts))
        table._sum()
        return table

    def _contents(self) -> NDArray[Any]:
        return self.words()

    @classmethod
    def _from_contents(cls, *cells: Any) -> Self:
        return cls.from_words(*cells)

    @classmethod
    def from_counts(cls, table: CountTable) -> "WeightedTable":
        """The same as weights."""
        return cls.from_cells(*table.cells(), table.shape)

    def words(self) -> NDArray[np.uint64]:
        """The cells that weigh something, each in four words of 64 bits, the highest first."""
        units = self.units[np.nonzero(self.counts)]
        words = [[unit >> 64 * (3 - place) & (2**64 - 1) for place in range(4)] for unit in units]
        return np.array(words, dtype=np.uint64).reshape(-1, 4)

    def joint_entropy(self) -> float:
        """``sum p ln(1 / p)`` over the cells."""
        return _entropy_of_weights(self.counts.ravel())

    def entropies(self) -> tuple[float, float]:
        """The same over the rows, and over the columns."""
        return _entropy_of_weights(self.row_sums), _entropy_of_weights(self.column_sums)


def _entropy_of_weights(weights: NDArray[Any]) -> float:
    p = weights[weights > 0] / np.sum(weights)
    return float(np.sum(p * np.log(1 / p)))


def chi_square_survival(dof: int, statistic: float) -> float:
    """``erfc(sqrt(x)) + exp(-x) sum x^j / Gamma(j + 1)``, with half the statistic `x`.

    Over ``j = 1/2, 3/2, ...`` below ``dof / 2``; for an even `dof` over ``j = 0, 1, ...``, without the first.
    """
    if dof < 0:
        raise ValueError("dof must not be negative")
    if dof == 0 or statistic <= 0:
        return 1.0
    x, odd = statistic / 2, dof % 2
    terms = (math.exp(j * math.log(x) - math.lgamma(j + 1) - x) for j in np.arange(odd / 2, dof / 2))
    return math.fsum([odd * math.erfc(math.sqrt(x)), *terms])


def pairwise_mutual_information(
    x: Integers, y: Integers | None, out: Floats, unit: float = 1.0, n_threads: int = 1
) -> Floats:
    """Mutual information of each column of `x` with each of `y`, or of `x` itself: then the entropies are in
    the diagonal, for a column tells all about itself.
    """
    for i, column in enumerate(x.T):
        for j, other in enumerate((x if y is None else y).T):
            table = CountTable(column.astype(np.int64), other.astype(np.int64))
            out[i, j] = table.mutual_information() / unit
    return out


def mutual_info_score(x: Integers, y: Integers) -> float:
    """`CountTable.mutual_information`."""
    return CountTable(x, y).mutual_information()


def normalized_mutual_info_score(x: Integers, y: Integers, average_method: str = "arithmetic") -> float:
    """`CountTable.normalized_mutual_information`."""
    return CountTable(x, y).normalized_mutual_information(average_method)


def adjusted_mutual_info_score(x: Integers, y: Integers, average_method: str = "arithmetic") -> float:
    """`CountTable.adjusted_mutual_information`."""
    return CountTable(x, y).adjusted_mutual_information(average_method)


def homogeneity_completeness_v_measure(
    x: Integers, y: Integers, beta: float = 1.0
) -> tuple[float, float, float]:
    """`CountTable.homogeneity_and_completeness`, and their weighted harmonic mean."""
    h, c = CountTable(x, y).homogeneity_and_completeness()
    return h, c, (1 + beta) * h * c / (beta * h + c) if h * c > 0 else 0.0


def homogeneity_score(x: Integers, y: Integers) -> float:
    """The first of `homogeneity_completeness_v_measure`."""
    return homogeneity_completeness_v_measure(x, y)[0]


def completeness_score(x: Integers, y: Integers) -> float:
    """The second of `homogeneity_completeness_v_measure`."""
    return homogeneity_completeness_v_measure(x, y)[1]


def v_measure_score(x: Integers, y: Integers, beta: float = 1.0) -> float:
    """The third of `homogeneity_completeness_v_measure`."""
    return homogeneity_completeness_v_measure(x, y, beta)[2]


def rand_score(x: Integers, y: Integers) -> float:
    """The first of `CountTable.pair_indices`."""
    return CountTable(x, y).pair_indices()[0]


def adjusted_rand_score(x: Integers, y: Integers) -> float:
    """The second of `CountTable.pair_indices`."""
    return CountTable(x, y).pair_indices()[1]


def fowlkes_mallows_score(x: Integers, y: Integers) -> float:
    """The third of `CountTable.pair_indices`."""
    return CountTable(x, y).pair_indices()[2]


def _matrix(values: Floats) -> Floats:
    return values[:, None] if values.ndim == 1 else values


def _on_circles(samples: Any) -> tuple[Floats, Floats]:
    """Values as a matrix, and the periods of its columns: infinite where a column does not go round.

    A pair holds samples and periods; values are taken modulo these, from 0 up to below the period.
    """
    values, periods = samples if isinstance(samples, tuple) else (samples, None)
    values = _matrix(values)
    if periods is None:
        return values, np.full(values.shape[1], np.inf)
    if periods.shape != values.shape[1:] or not np.all(periods > 0):
        raise ValueError("there must be a period above 0 for each column")
    with np.errstate(invalid="ignore"):
        rest = np.fmod(values, periods)
        rest = np.where(rest < 0, rest + periods, rest)
        rest = np.where(rest >= periods, 0, rest)
    return np.where(np.isfinite(periods), rest, values), periods


def _distances(norm: str, ranked: bool, *samples: Any) -> list[Floats]:
    """Between all pairs of points, infinite from each to itself; squared for the Euclidean norm.

    On a circle of period `p`, ``min(|d|, p - |d|)`` in place of the difference `d`.
    """
    if norm not in ("max", "euclidean"):
        raise ValueError("there are two norms, max and euclidean")
    parts = [_on_circles(part) for part in samples]
    found = []
    for values, periods in parts:
        _check_points(values)
        _check_lengths(values, parts[0][0])
        if ranked and np.any(np.isfinite(periods)):
            raise ValueError("there are no ranks on a circle")
        values = ranks(values) if ranked else values
        with np.errstate(over="ignore"):
            differences = np.abs(values[:, None] - values)
            if not np.all(np.isfinite(differences)):
                raise ValueError("samples must span less than the range of float64")
            differences = np.minimum(differences, periods - differences)
            if norm == "max" or all(len(periods) == 1 for _, periods in parts):
                distances = np.max(differences, axis=2, initial=0)
            else:
                distances = sum(np.moveaxis(differences**2, 2, 0), np.zeros(differences.shape[:2]))
        if not np.all(np.isfinite(distances)):
            raise ValueError("squared distances must be finite")
        np.fill_diagonal(distances, np.inf)
        found.append(distances)
    return found


def _kth_smallest(distances: Floats, k: int) -> Floats:
    """As a column."""
    _check_neighbors(k, len(distances))
    return np.sort(distances, axis=1)[:, k - 1 : k]


def _distances_to_others(points: Floats, i: int) -> Floats:
    return np.delete(np.max(np.abs(points - points[i]), axis=1), i)


def _expanded_kth_distances(x: Floats, k: int, single_precision: bool) -> Floats:
    a, b = x[:, None], x[None, :]
    squares = np.maximum(0, (a * a - 2 * (a * b)) + b * b)
    np.fill_diagonal(squares, np.inf)
    nearest = np.sort(squares, axis=1)[:, k - 1]
    return np.sqrt(nearest.astype(np.float32)).astype(np.float64) if single_precision else np.sqrt(nearest)


def _check_points(points: Floats) -> None:
    if points.ndim != 2 or points.shape[1] == 0:
        raise ValueError("points must be a matrix with a column for each coordinate")
    if not np.all(np.isfinite(points)):
        raise ValueError("coordinates must be finite")


def _check_neighbors(k: int, n: int) -> None:
    if not 1 <= k < n:
        raise ValueError("the number of neighbors must be at least 1 and below the number of samples")


def _check_variables(variables: Sequence[NDArray[Any]]) -> None:
    if not variables:
        raise ValueError("there must be at least one variable")
    for labels in variables:
        _check_lengths(variables[0], labels)
    if len(variables[0]) == 0:
        raise ValueError("there must be at least one sample")


def _check_lengths(left: NDArray[Any], right: NDArray[Any]) -> None:
    if len(left) != len(right):
        raise ValueError("inputs must have the same length")
