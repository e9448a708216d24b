"""Surrogates: random numbers, orders of samples, tables with fixed margins, and what is estimated of them."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua.reference.distances import Floats, Integers, _check_lengths, _matrix, ranks
from mutua.reference.information import common_ball
from mutua.reference.tables import CountTable

Orders = NDArray[np.uint32]

_BITS = 2**64 - 1
_STEP = 0x9E3779B97F4A7C15


def _mixed(bits: int) -> int:
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 & _BITS
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & _BITS
    return bits ^ bits >> 31


class _Random:
    """xoshiro256++ (Blackman and Vigna 2021), filled by SplitMix64: a stream for each number."""

    def __init__(self, seed: int, index: int) -> None:
        start = _mixed(_mixed(seed + _STEP & _BITS) + index & _BITS)
        self.state = [_mixed(start + (word + 1) * _STEP & _BITS) for word in range(4)]

    def bits(self) -> int:
        a, b, c, d = self.state
        total = a + d & _BITS
        drawn = ((total << 23 | total >> 41) & _BITS) + a & _BITS
        c, d = c ^ a, d ^ b
        self.state = [a ^ d, b ^ c, c ^ b << 17 & _BITS, (d << 45 | d >> 19) & _BITS]
        return drawn

    def below(self, bound: int) -> int:
        """Lemire's: products of 32 bits, those refused that would make some numbers more likely."""
        while True:
            product = (self.bits() >> 32) * bound
            if product % 2**32 >= 2**32 % bound:
                return product >> 32

    def uniform(self) -> float:
        return (self.bits() >> 11) / 2**53

    def shuffle(self, items: list[Any]) -> None:
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]


def draw_orders(rearrangement: str, n: int, seed: int, first: int, size: int, using: Any = None) -> Orders:
    """Which sample stands in the place of each, a row for each surrogate: number `i` takes stream `i`.

    Any order; any "within" labels; the series "shifted" on a circle, each shift once; "blocks" of a length,
    cut from a circle at a random place; "local", each from its neighbourhood.
    """
    if rearrangement not in ("any", "within", "shifted", "blocks", "local"):
        raise ValueError("there are five rearrangements")
    if min(n, seed, first, size) < 0 or n == 0:
        raise ValueError("numbers must not be negative, and there must be samples")
    if rearrangement in ("within", "local") and len(using) != n:
        raise ValueError("there must be as many samples")
    if rearrangement == "blocks" and using < 0:
        raise ValueError("a length is not negative")
    shifts = list(range(1, max(n, 2)))
    _Random(seed, 2**64 - 1).shuffle(shifts)
    orders = np.empty((size, n), dtype=np.uint32)
    for row, index in zip(orders, range(first, first + size), strict=True):
        random, order = _Random(seed, index), list(range(n))
        if rearrangement == "any":
            random.shuffle(order)
        elif rearrangement == "within":
            for label in np.unique(using):
                places = np.flatnonzero(using == label)
                members = places.tolist()
                random.shuffle(members)
                for place, member in zip(places.tolist(), members, strict=True):
                    order[place] = member
        elif rearrangement == "shifted":
            order = np.roll(order, -shifts[index % len(shifts)]).tolist()
        elif rearrangement == "blocks":
            order = np.roll(order, -random.below(n)).tolist()
            blocks = [order[start : start + max(using, 1)] for start in range(0, n, max(using, 1))]
            random.shuffle(blocks)
            order = [sample for block in blocks for sample in block]
        else:
            order = _local(using.tolist(), random)
        row[:] = order
    return orders


def _local(neighborhoods: list[list[int]], random: _Random) -> list[int]:
    """Swaps of neighbours, ten tried for each sample: those that keep both in their neighbourhoods."""
    n, size = len(neighborhoods), len(neighborhoods[0])
    if any(not 0 <= member < n for members in neighborhoods for member in members) or not size:
        raise ValueError("neighbourhoods must name samples")
    order = list(range(n))
    for _ in range(10 * n if size > 1 else 0):
        one = random.below(n)
        other = neighborhoods[one][1 + random.below(size - 1)]
        if order[other] in neighborhoods[one] and order[one] in neighborhoods[other]:
            order[one], order[other] = order[other], order[one]
    return order


def neighborhoods(given: Floats, size: int, labels: Any = None, n_threads: int = 1) -> Orders:
    """The `size` samples nearest to each, itself first, by the largest difference of ranks.

    Those of the same label come before all others. Of samples as far, those that come next in the order of
    the samples do.
    """
    columns = ranks(_matrix(given))
    n = len(columns)
    if not 1 <= size <= n:
        raise ValueError("a neighbourhood must hold from 1 to all samples")
    far = np.zeros((n, n)) if labels is None else (labels[:, None] != labels) * 2.0**31
    if labels is not None:
        _check_lengths(columns, labels)
    distances = np.max(np.abs(columns[:, None] - columns), axis=2) + far
    ahead = (np.arange(n) - np.arange(n)[:, None]) % n
    return np.lexsort((ahead, distances), axis=1)[:, :size].astype(np.uint32)


def random_tables(row_sums: Integers, column_sums: Integers, seed: int, first: int, size: int) -> Integers:
    """Tables with these margins, as permutations of labels make them: stream `i` for number `i`.

    References
    ----------
    Patefield, "An efficient method of generating random R x C tables with given row and column totals",
    Applied Statistics 30 (1981), algorithm AS 159.
    """
    if np.any(row_sums < 0) or np.any(column_sums < 0) or sum(row_sums) != sum(column_sums):
        raise ValueError("rows and columns must have the same total of counts")
    if min(seed, first, size) < 0:
        raise ValueError("numbers must not be negative")
    rows, columns = row_sums.tolist(), column_sums.tolist()
    tables = [_random_table(rows, columns, _Random(seed, index)) for index in range(first, first + size)]
    return np.array(tables, dtype=np.int64).reshape(size, len(rows), len(columns))


def _random_table(rows: list[int], columns: list[int], random: _Random) -> list[list[int]]:
    left, table = list(columns), []
    for placed in rows:
        row, pool = [0] * len(left), sum(left)
        for column in range(len(left)):
            row[column] = _hypergeometric(pool, left[column], placed, random)
            pool -= left[column]
            left[column] -= row[column]
            placed -= row[column]
        table.append(row)
    return table


def _hypergeometric(size: int, marked: int, draws: int, random: _Random) -> int:
    """From the mode to both sides, until the probabilities add up to a random number."""
    lowest, highest = max(0, marked + draws - size), min(marked, draws)
    if lowest == highest:
        return lowest
    mode = min(max((marked + 1) * (draws + 1) // (size + 2), lowest), highest)

    def probability(both: int) -> float:
        ways = math.comb(marked, both) * math.comb(size - marked, draws - both)
        return ways / math.comb(size, draws)

    rest = random.uniform() - probability(mode)
    for step in range(highest - lowest + 1):
        for value in (mode + step + 1, mode - step - 1):
            if rest >= 0 and lowest <= value <= highest:
                rest -= probability(value)
                if rest < 0:
                    return value
    return mode


def permuted_labels(
    x: Integers,
    y: Integers,
    seed: int,
    first: int,
    size: int,
    given: Any = None,
    n_threads: int = 1,
) -> tuple[float, Floats]:
    """The plug-in information of labels, and that of permutations of `y` among samples of the same label.

    Tables are drawn where they have twelve samples for each cell; elsewhere labels are shuffled.
    """
    _check_lengths(x, y)
    if len(x) == 0 or min(seed, first, size) < 0:
        raise ValueError("there must be samples, and numbers that are not negative")
    labels = np.zeros(len(x), dtype=np.int64) if given is None else given
    _check_lengths(x, labels)
    strata = [(x[labels == label], y[labels == label]) for label in np.unique(labels)]

    def mean(tables: Iterator[CountTable]) -> float:
        return math.fsum(table.total * table.mutual_information() for table in tables) / len(x)

    null = []
    for index in range(first, first + size):
        random = _Random(seed, index)
        null.append(mean(_permuted(of_x, of_y, random) for of_x, of_y in strata))
    return mean(CountTable(*stratum) for stratum in strata), np.array(null, dtype=np.float64)


def _permuted(x: Integers, y: Integers, random: _Random) -> CountTable:
    table = CountTable(x, y)
    if table.shape[0] * table.shape[1] * 12 <= len(x):
        cells = np.array(_random_table(table.row_sums.tolist(), table.column_sums.tolist(), random))
        rows, columns = np.nonzero(cells)
        return CountTable.from_cells(rows, columns, cells[rows, columns], table.shape)
    shuffled = y.tolist()
    random.shuffle(shuffled)
    return CountTable(x, np.array(shuffled))


def rearranged_common_ball(
    parts: Sequence[Any],
    terms: Sequence[tuple[float, int]],
    orders: Orders,
    k: int,
    rule: str,
    norm: str = "max",
    ranked: bool = False,
    n_threads: int = 1,
    names: Sequence[str] | None = None,
) -> Floats:
    """`common_ball` with the first part in each of some orders; ranks are those of the whole sample."""
    if np.ndim(k) or np.any(orders >= orders.shape[1]):
        raise ValueError("there must be one k, and orders of samples")
    if ranked:
        parts = [ranks(_matrix(part)) if part.dtype.kind == "f" else part for part in parts]
    first, *others = parts
    values, periods = first if isinstance(first, tuple) else (first, None)
    _check_lengths(values, orders.T)
    found = []
    for order in orders:
        moved = values[order] if periods is None else (values[order], periods)
        found.append(common_ball([moved, *others], terms, k=k, rule=rule, norm=norm))
    return np.array(found, dtype=np.float64)
