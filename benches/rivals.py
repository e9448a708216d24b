"""The strongest neighbour estimates that one can write by hand with SciPy, scikit-learn, numba or NumPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import digamma
from sklearn.neighbors import KDTree

Array = np.ndarray


@dataclass(frozen=True)
class Pipeline:
    """k-th distances from a `cKDTree`; then counts from sorted columns, or from a tree for each vector.

    As most people write it, or tuned: queries follow the leaves of the tree, which halves the time of a
    million; counts of vectors come from scikit-learn's tree, which is twice as fast as `query_ball_point`;
    and a digamma is taken once for each count that occurs.
    """

    tuned: bool = False
    leafsize: int = 16
    balanced_tree: bool = True
    compact_nodes: bool = True

    def mutual_information(self, x: Array, y: Array, given: Array | None = None, k: int = 3) -> float:
        """Kraskov, Stögbauer and Grassberger's first estimator; with a condition, Frenzel and Pompe's."""
        radii = self.radii(np.column_stack([x, y] if given is None else [x, y, given]), k)
        if given is None:
            shared, parts = digamma(len(x)), [x, y]
        else:
            shared, parts = self.mean_digamma(given, radii), [np.column_stack([v, given]) for v in (x, y)]
        return digamma(k) + shared - sum(self.mean_digamma(part, radii) for part in parts)

    def mixed_information(self, x: Array, y: Array, given: Array, k: int = 3) -> float:
        """Conditional information where one of the three is an array of labels: a tree for each class."""
        parts = [x, y, given]
        labels = next(part for part in parts if part.dtype.kind == "i")
        continuous = np.column_stack([part for part in parts if part is not labels])
        classes = [np.flatnonzero(labels == label) for label in np.unique(labels)]
        radii = np.empty(len(x))
        for members in classes:
            radii[members] = self.radii(continuous[members], k)

        def mean(*chosen: Array) -> float:
            samples = [part for part in chosen if part is not labels]
            if not samples:
                return sum(len(members) * digamma(len(members)) for members in classes) / len(x)
            values = samples[0] if len(samples) == 1 else np.column_stack(samples)
            if len(samples) == len(chosen):
                return self.mean_digamma(values, radii)
            within = (
                self.mean_digamma(values[members], radii[members]) * len(members) for members in classes
            )
            return sum(within) / len(x)

        return digamma(k) + mean(given) - mean(x, given) - mean(y, given)

    def entropy(self, x: Array, k: int = 3) -> float:
        """Kozachenko and Leonenko's estimator in one dimension."""
        radii = self.radii(x[:, None], k)
        return digamma(len(x)) - digamma(k) + np.log(2 * radii).mean()

    def radii(self, points: Array, k: int) -> Array:
        tree = cKDTree(
            points,
            leafsize=self.leafsize,
            balanced_tree=self.balanced_tree,
            compact_nodes=self.compact_nodes,
        )
        if not self.tuned:
            return tree.query(points, k=[k + 1], p=np.inf)[0][:, 0]
        radii = np.empty(len(points))
        radii[tree.indices] = tree.query(points[tree.indices], k=[k + 1], p=np.inf)[0][:, 0]
        return radii

    def mean_digamma(self, values: Array, radii: Array) -> float:
        """Over the number of points strictly nearer than the radius, the point itself among them."""
        count = self.count_on_a_line if values.ndim == 1 else self.count_in_a_tree
        counts = count(values, radii)
        if not self.tuned:
            return digamma(counts).mean()
        occurrences = np.bincount(counts)
        present = np.flatnonzero(occurrences)
        return occurrences[present] @ digamma(present) / len(values)

    def count_on_a_line(self, values: Array, radii: Array) -> Array:
        if not self.tuned:
            line = np.sort(values)
        else:
            order = np.argsort(values)
            values, radii = values[order], radii[order]
            line = values
        return np.searchsorted(line, values + radii, "left") - np.searchsorted(line, values - radii, "right")

    def count_in_a_tree(self, values: Array, radii: Array) -> Array:
        below = np.nextafter(radii, 0)
        if not self.tuned:
            return cKDTree(values).query_ball_point(values, below, p=np.inf, return_length=True)
        tree = KDTree(values, leaf_size=16, metric="chebyshev")
        order = np.asarray(tree.get_arrays()[1])
        return tree.query_radius(values[order], below[order], count_only=True)


class Exact(Pipeline):
    """The same to the last neighbour, where `value + radius` rounds: made to check, not to race."""

    def count_on_a_line(self, values: Array, radii: Array) -> Array:
        line = np.sort(values)
        start = np.searchsorted(line, values - radii, "right")
        end = np.searchsorted(line, values + radii, "left")
        padded = np.concatenate([[-np.inf], line, [np.inf]])  # line[i] is padded[i + 1]
        for _ in range(8):
            start -= values - padded[start] < radii
            start += values - padded[start + 1] >= radii
            end -= padded[end] - values >= radii
            end += padded[end + 1] - values < radii
        return end - start


def sample_by_sample(x: Array, y: Array, given: Array, k: int = 3) -> float:
    """Conditional information of variables of any kind as published: all distances from each in turn."""
    parts, terms = [x, y, given], []

    def distance(part: Array, i: int) -> Array:
        return np.where(part == part[i], 0, np.inf) if part.dtype.kind == "i" else np.abs(part - part[i])

    for i in range(len(x)):
        d_x, d_y, d_z = (distance(part, i) for part in parts)
        radius = np.partition(np.maximum(np.maximum(d_x, d_y), d_z), k)[k]
        counts = [np.sum(d < radius) for d in (d_z, np.maximum(d_x, d_z), np.maximum(d_y, d_z))]
        terms.append(digamma(counts) @ [1, -1, -1])
    return digamma(k) + np.mean(terms)


@cache
def compiled_sweep() -> Callable[..., Any]:
    """Compiles the sweep: only where numba is installed."""
    from numba import njit

    @njit
    def insert(best: Array, distance: float) -> float:
        place = len(best) - 1
        while place > 0 and best[place - 1] > distance:
            best[place] = best[place - 1]
            place -= 1
        best[place] = distance
        return best[-1]

    @njit
    def sweep(x: Array, y: Array, k: int) -> Array:
        """k-th distances of points sorted by x: sixteen to each side in turn, until x alone is too far."""
        n, best = len(x), np.empty(k)
        radii = np.empty(n)
        for i in range(n):
            best[:] = np.inf
            farthest, left, right = np.inf, i - 1, i + 1
            while left >= 0 or right < n:
                end = min(right + 16, n)
                while right < end:
                    across, along = x[right] - x[i], abs(y[right] - y[i])
                    if across >= farthest:
                        right = n
                        break
                    if along < farthest:
                        farthest = insert(best, along if along > across else across)
                    right += 1
                end = max(left - 16, -1)
                while left > end:
                    across, along = x[i] - x[left], abs(y[left] - y[i])
                    if across >= farthest:
                        left = -1
                        break
                    if along < farthest:
                        farthest = insert(best, along if along > across else across)
                    left -= 1
            radii[i] = farthest
        return radii

    @njit
    def occurrences(line: Array, radii: Array) -> Array:
        """How often each number of points strictly nearer occurs: steps that grow, then shrink."""
        n = len(line)
        found = np.zeros(n + 1, np.int64)
        for i in range(n):
            first, last, step = i, i, 1
            while first >= step and line[i] - line[first - step] < radii[i]:
                first -= step
                step *= 2
            while step:
                if first >= step and line[i] - line[first - step] < radii[i]:
                    first -= step
                step //= 2
            step = 1
            while last + step < n and line[last + step] - line[i] < radii[i]:
                last += step
                step *= 2
            while step:
                if last + step < n and line[last + step] - line[i] < radii[i]:
                    last += step
                step //= 2
            found[last - first + 1] += 1
        return found

    def mutual_information(x: Array, y: Array, k: int = 3) -> float:
        order = np.argsort(x)
        x, y = x[order], y[order]
        radii = sweep(x, y, k)
        order = np.argsort(y)
        total = digamma(len(x)) + digamma(k)
        for found in (occurrences(x, radii), occurrences(y[order], radii[order])):
            present = np.flatnonzero(found)
            total -= found[present] @ digamma(present) / len(x)
        return total

    return mutual_information


def sorted_entropy(x: Array, k: int = 3) -> float:
    """Kozachenko and Leonenko's estimator in one dimension without a tree: the nearest of k + 1 windows."""
    line = np.sort(x)
    n = len(line)
    radii = np.full(n, np.inf)
    for before in range(k + 1):
        inside = slice(before, n - k + before)
        reach = np.maximum(line[inside] - line[: n - k], line[k:] - line[inside])
        np.minimum(radii[inside], reach, out=radii[inside])
    return digamma(n) - digamma(k) + np.log(2 * radii).mean()


@cache
def tigramite_test(fraction: float) -> Any:
    """Tigramite's test of conditional independence: only where it is installed."""
    from tigramite.independence_tests.cmiknn import CMIknn

    return CMIknn(knn=fraction, transform="ranks", workers=1)


def tigramite_information(x: Array, y: Array, given: Array, fraction: float) -> float:
    return tigramite_test(fraction).get_dependence_measure(np.stack([x, y, given]), np.array([0, 1, 2]))
