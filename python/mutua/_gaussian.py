"""Normal laws: the entropies of all subsets of columns, from one covariance for each joint label.

A covariance `S` is kept as a root `T`, ``T'T = S``. The columns of `T` have the lengths and angles of the
centred columns of samples, so determinants need no more rows than there are columns.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mutua._gamma import digamma
from mutua._quantity import Quantity

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_ROUNDING = 2.0**-48  # of the largest value in a column: what is no larger is rounding
_NARROW = 1e-3  # of a column's deviation: of what is narrower, squares lose too many digits
_NOTHING = 1e-9  # of a column


@dataclass(frozen=True, slots=True)
class Normal:
    """The normal law that fits samples best."""

    rows: Floats  # of the samples, centred: one for each column of theirs
    root: Floats  # of the covariance
    noise: Floats  # in each column, from rounding
    size: float  # how many samples of equal weight it is worth

    @classmethod
    def fitted(cls, rows: Floats, weights: Floats | None) -> Self:
        """Centres `rows` in place; `weights` add up to 1."""
        n = rows.shape[1]
        noise = _ROUNDING * np.maximum(rows.max(axis=1), -rows.min(axis=1))
        for _ in range(2):  # the first mean is off by the rounding of large values
            mean = rows.mean(axis=1) if weights is None else rows @ weights
            rows -= mean[:, None]
        covariance = rows @ rows.T / n if weights is None else (rows * weights) @ rows.T
        try:
            root = np.linalg.cholesky(covariance).T
            is_narrow = bool(np.any(np.diag(root) < _NARROW * np.sqrt(np.diag(covariance))))
        except np.linalg.LinAlgError:
            is_narrow = True
        if is_narrow:
            root = _triangle((rows * np.sqrt(1 / n if weights is None else weights)).T)
        return cls(rows, root, noise, n if weights is None else 1 / float(np.sum(weights**2)))

    def entropy(self, columns: Integers, corrected: bool, pointwise: bool) -> tuple[Any, int]:
        """Of some columns, leaving out those that the ones before them determine, and how many these are."""
        kept = columns
        while True:
            n = len(kept)
            is_first = not n or kept[-1] == n - 1
            triangle = self.root[:n, :n] if is_first else _triangle(self.root[:, kept])
            rest = np.abs(np.diag(triangle))  # of each column, given those before it
            determined = np.flatnonzero(rest <= self.noise[kept])
            if not len(determined):
                break
            kept = np.delete(kept, determined[0])
        nats = n / 2 * math.log(2 * math.pi * math.e) + float(np.sum(np.log(rest)))
        if corrected:
            nats -= bias(self.size, n)
        if pointwise:
            standard = np.linalg.solve(triangle.T, self.rows[kept])
            return nats + (np.sum(standard**2, axis=0) - n) / 2, len(columns) - n
        return nats, len(columns) - n


class Normals:
    """Variables of which some are normal, given the others, which are labels."""

    def __init__(
        self, names: Sequence[str], variables: Sequence[NDArray[Any]], weights: Floats | None, corrected: bool
    ) -> None:
        """Matrices hold a row for each sample, vectors its label."""
        self.names, self.corrected = names, corrected
        self.labels = {i: values for i, values in enumerate(variables) if values.ndim == 1}
        self.weights = None if weights is None else weights / np.sum(weights)
        widths = [values.shape[1] if values.ndim == 2 else 0 for values in variables]
        self.columns = [np.arange(sum(widths[:i]), sum(widths[: i + 1])) for i in range(len(widths))]
        self.rows = np.empty((sum(widths), len(variables[0])))
        self.exponents = np.zeros(len(self.rows), dtype=int)
        for name, values, places in zip(names, variables, self.columns, strict=True):
            for column, place in enumerate(places):
                self.exponents[place] = _scale(name, values, column, self.rows[place])
        self.laws: dict[tuple[int, ...], list[tuple[Any, float, Normal]]] = {}

    def sum(self, quantity: Quantity, pointwise: bool) -> Any:
        """The quantity, or what each sample contributes to it."""
        nats = np.zeros(self.rows.shape[1] if pointwise else ())
        determined = np.zeros_like(nats)
        for coefficient, mask in quantity.terms:
            for members, share, entropy, left_out in self._entropies(mask, pointwise):
                nats[members] += coefficient * share * entropy
                determined[members] += coefficient * share * left_out
        units = zip(quantity.n_dimensions, self.columns, strict=False)
        nats += math.log(2) * sum(n * int(self.exponents[columns].sum()) for n, columns in units)
        # Each column that others determine brings the logarithm of 0.
        nats[determined > _NOTHING] = -math.inf
        nats[determined < -_NOTHING] = math.inf
        return nats if pointwise else float(nats)

    def _entropies(self, mask: int, pointwise: bool) -> Iterator[tuple[Any, float, Any, int]]:
        """For each joint label: where it adds to and how often, its entropy, and the columns left out."""
        variables = [i for i in range(len(self.names)) if mask >> i & 1]
        discrete = tuple(i for i in variables if i in self.labels)
        columns = np.concatenate([self.columns[i] for i in variables])
        if discrete not in self.laws:
            self.laws[discrete] = [self._law(members) for members in self._members(discrete)]
        for members, share, law in self.laws[discrete]:
            size = law.size if self.corrected else law.rows.shape[1]
            if size <= len(columns):
                raise ValueError(self._too_few(variables, len(columns), size))
            entropy, left_out = law.entropy(columns, self.corrected, pointwise)
            where, weight = (members, 1.0) if pointwise else (..., share)
            yield where, weight, entropy - math.log(share), left_out

    def _members(self, discrete: tuple[int, ...]) -> list[Any]:
        """The samples of each joint label."""
        if not discrete:
            return [slice(None)]
        codes = np.zeros(self.rows.shape[1], dtype=np.int64)
        for i in discrete:
            labels = np.unique(self.labels[i], return_inverse=True)[1]
            codes = np.unique(codes * (labels.max() + 1) + labels, return_inverse=True)[1]
        return np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])

    def _law(self, members: Any) -> tuple[Any, float, Normal]:
        """These samples, what they weigh together, and their law."""
        rows = self.rows[:, members]
        if self.labels and isinstance(members, slice):
            rows = rows.copy()  # it is needed again
        if self.weights is None:
            return members, rows.shape[1] / self.rows.shape[1], Normal.fitted(rows, None)
        weights = self.weights[members]
        share = float(np.sum(weights))
        return members, share, Normal.fitted(rows, weights / share)

    def _too_few(self, variables: Sequence[int], n_columns: int, size: float) -> str:
        normal = " and ".join(self.names[i] for i in variables if i not in self.labels)
        labels = " and ".join(self.names[i] for i in variables if i in self.labels)
        each = f" for each label of {labels}" if labels else ""
        return f"{normal} must have more samples than columns{each}, got {size:g} for {n_columns}"


def divergence(samples: Floats, n: int, corrected: bool, pointwise: bool) -> Any:
    """KL divergence of the normal law of the first `n` samples from that of the others, a row for each.

    The entropies are without bias. So is the mean square distance in the other law, made smaller by as much
    as the inverse of its covariance is too large, less what both means are off by.
    """
    rows = np.empty(samples.shape[::-1])
    for column in range(len(rows)):
        _scale("x and y", samples, column, rows[column])
    d, m = len(rows), len(samples) - n
    ours, theirs = rows[:, :n], rows[:, n:]
    for name, size, least in (("x", n, d), ("y", m, d + 2 * corrected)):
        if size <= least:
            raise ValueError(f"{name} must have more than {least} samples of {d} columns, got {size}")
    centre = theirs.mean(axis=1)
    p, q = (Normal.fitted(part.copy(), None) for part in (ours, theirs))
    own, left_out = p.entropy(np.arange(d), corrected, pointwise)
    other, of_other = q.entropy(np.arange(d), corrected, False)
    if left_out or of_other:
        name = "x" if left_out else "y"
        raise ValueError(f"{name} must have no column that is constant or that others determine, got one")
    squares = np.sum(np.linalg.solve(q.root.T, ours - centre[:, None]) ** 2, axis=0)
    if corrected:
        squares = (m - d - 2) / m * squares - d / m
    values = other - own + (squares - d) / 2
    return values if pointwise else float(np.mean(values))


def _scale(name: str, values: Floats, column: int, out: Floats) -> int:
    """A column by a power of two, whose exponent is returned: no digit changes, and squares stay in range."""
    samples = values[:, column]
    low, high = float(samples.min()), float(samples.max())
    if low == high:
        which = f" in column {column}" if values.shape[1] > 1 else ""
        raise ValueError(f"{name} must vary, got one value{which}")
    exponent = math.frexp(max(high, -low))[1]
    np.ldexp(samples, -exponent, out=out)
    return exponent


def _triangle(matrix: Floats) -> Floats:
    """The right factor of the QR decomposition."""
    return np.asarray(np.linalg.qr(matrix, mode="r"))


def bias(size: float, n_columns: int) -> float:
    """How much too low the entropy of the likeliest law is: half of ``E ln|S| - ln|Sigma|``, exactly."""
    logarithms = math.fsum(digamma((size - 1 - i) / 2) for i in range(n_columns))
    return (logarithms + n_columns * math.log(2 / size)) / 2
