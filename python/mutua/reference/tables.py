"""Contingency tables of counts and of weights, and what is read from them."""

import math
from fractions import Fraction
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mutua.reference.counts import entropy
from mutua.reference.distances import Integers, _check_lengths


def number_texts(texts: NDArray[Any]) -> Integers | None:
    """Texts numbered in the order in which they are met; None if something is none."""
    if texts.ndim != 1 or not all(isinstance(text, str | bytes) for text in texts):
        return None
    _, firsts, codes = np.unique(texts, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(firsts))[codes]


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
