"""The definitions in plain numpy, in nats: every kernel of the compiled core under the same name.

Quadratic and unhurried. Read it to learn what the core computes; tests compare the two, counts as integers.
"""

import functools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
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
def kraskov(x: Floats, y: Floats, k: int, kind: int = 1, norm: str = "max", ranked: bool = False) -> Floats:
    r"""Mutual information of two continuous samples, first and second estimator.

    .. math::
        I_1 &= \psi(n) + \psi(k) - \langle \psi(n_x + 1) + \psi(n_y + 1) \rangle \\
        I_2 &= \psi(n) + \psi(k) - 1/k - \langle \psi(n_x) + \psi(n_y) \rangle

    First: ``n_x(i)`` counts the others strictly nearer in `x` than the k-th neighbour of `i` is in both.
    Second: those in `x` up to the farthest of the others that are no farther than that neighbour.

    References
    ----------
    Kraskov, Stögbauer and Grassberger, "Estimating mutual information", Phys. Rev. E 69 (2004), equations 8
    and 9.
    """
    d_x, d_y = _distances(norm, ranked, x, y)
    joint = np.maximum(d_x, d_y)
    radius = _kth_smallest(joint, k)
    psi_n, psi_k = digamma(np.array([len(joint), k]))
    if kind == 1:
        n_x, n_y = (np.sum(d < radius, axis=1) for d in (d_x, d_y))
        return np.asarray(psi_n + psi_k - digamma(n_x + 1) - digamma(n_y + 1))
    if kind != 2:
        raise ValueError("there are two estimators, 1 and 2")
    extents = (np.max(d, axis=1, where=joint <= radius, initial=0, keepdims=True) for d in (d_x, d_y))
    n_x, n_y = (np.sum(d <= extent, axis=1) for d, extent in zip((d_x, d_y), extents, strict=True))
    return np.asarray(psi_n + psi_k - 1 / k - digamma(n_x) - digamma(n_y))


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


def kraskov_or_mixture(x: Floats, y: Floats, k: Any, pointwise: bool = False, n_threads: int = 1) -> Any:
    """`mixture` where a value repeats in either sample, else the first estimator of `kraskov`."""
    _check_lengths(x, y)
    repeats = any(len(np.unique(values, axis=0)) < len(values) for values in (x, y))
    return (mixture if repeats else kraskov)(x, y, k=k, pointwise=pointwise)


@_estimator
def kozachenko_leonenko(x: Floats, k: int, norm: str = "max") -> Floats:
    r"""Differential entropy of a continuous sample.

    .. math:: \psi(n) - \psi(k) + \ln V + d \langle \ln \epsilon_i \rangle

    ``eps_i`` is the distance to the k-th neighbour, `V` the volume of the ball of radius 1.

    References
    ----------
    Kozachenko and Leonenko, "Sample estimate of the entropy of a random vector", Problems of Information
    Transmission 23 (1987).
    """
    (distances,) = _distances(norm, False, x)
    n, d = len(x), _matrix(x).shape[1]
    radius = _kth_smallest(distances, k)[:, 0]
    log_radius = np.log(radius, where=radius > 0, out=np.full(n, -np.inf))
    if norm == "euclidean" and d > 1:
        log_radius /= 2  # squared distances
        log_volume = d / 2 * math.log(math.pi) - math.lgamma(d / 2 + 1)
    else:
        log_volume = d * math.log(2)
    psi_n, psi_k = digamma(np.array([n, k]))
    return np.asarray(psi_n - psi_k + log_volume + d * log_radius)


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
    _check_lengths(x, y)
    samples, labels = (y, x) if x.dtype.kind == "i" else (x, y)
    _check_neighbors(k, k + 1)  # More neighbours than a class has are cut down to what it has.
    _check_points(_matrix(samples))
    class_sizes = np.sum(labels[:, None] == labels, axis=1)
    kept = class_sizes > 1
    if not np.any(kept):
        raise ValueError("at least one label must occur twice")
    contributions = np.full(len(labels), np.nan)
    samples, labels, class_sizes = samples[kept], labels[kept], class_sizes[kept]
    neighbors = np.minimum(k, class_sizes - 1)
    (distances,) = _distances(norm, False, samples)
    radius = np.empty((len(labels), 1))
    for label in np.unique(labels):
        members = labels == label
        k_label, of_label = int(neighbors[members][0]), samples[members]
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
    """The plug-in of labels, `kraskov_or_mixture` of floats: what the measure is without options."""
    if x.dtype.kind == y.dtype.kind == "f":
        return kraskov_or_mixture(x, y, 3)
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


def _distances(norm: str, ranked: bool, *samples: Floats) -> list[Floats]:
    """Between all pairs of points, infinite from each to itself; squared for the Euclidean norm."""
    if norm not in ("max", "euclidean"):
        raise ValueError("there are two norms, max and euclidean")
    found = []
    for values in map(_matrix, samples):
        _check_points(values)
        _check_lengths(values, samples[0])
        values = ranks(values) if ranked else values
        with np.errstate(over="ignore"):
            differences = np.abs(values[:, None] - values)
            if not np.all(np.isfinite(differences)):
                raise ValueError("samples must span less than the range of float64")
            if norm == "max" or all(_matrix(other).shape[1] == 1 for other in samples):
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


def _check_lengths(left: NDArray[Any], right: NDArray[Any]) -> None:
    if len(left) != len(right):
        raise ValueError("inputs must have the same length")
