"""Where a column is cut into bins: rules for how many, and where to."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua._parameters import integer

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_BINS = 1_000_000
MOST_VALUES = 20_000  # for Bayesian blocks, whose time is quadratic

_FALSE_POSITIVES = 0.05  # of Bayesian blocks


def read(bins: Any) -> Any:
    """A number, the name of a rule, edges, or several of these in a tuple."""
    if isinstance(bins, str):
        if bins not in RULES:
            raise ValueError(f"bins must be a number, edges, or one of {', '.join(RULES)}, got {bins!r}")
        return bins
    if not isinstance(bins, Sequence | np.ndarray) or (isinstance(bins, np.ndarray) and bins.ndim == 0):
        number = integer("bins", bins)
        if not 1 <= number <= MOST_BINS:
            raise ValueError(f"bins must be between 1 and {MOST_BINS}, got {number}")
        return number
    if len(bins) and np.ndim(bins[0]) == 1:
        return tuple(_read_edges(edges) for edges in bins)
    return _read_edges(bins)


def _read_edges(edges: ArrayLike) -> tuple[float, ...]:
    try:
        read = np.asarray(edges, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"edges of bins must be numbers, got {edges!r}") from None
    if read.ndim != 1 or len(read) < 2 or not np.all(read[1:] > read[:-1]):
        raise ValueError(f"edges of bins must be at least two numbers in ascending order, got {edges!r}")
    return tuple(read.tolist())


def place(name: str, values: Floats, bins: int | str, equal: str) -> Integers:
    """The bin of each value; one on the edge of two bins is in the upper."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.zeros(len(values), dtype=np.int64)
    if math.isinf(high - low):
        raise ValueError(f"{name} must span less than {np.finfo(float).max:g}, got {low:g} to {high:g}")
    if bins == "bayesian-blocks":
        return between(bayesian_blocks(name, values), values)
    number = bins if isinstance(bins, int) else _number(name, values, bins)
    if equal == "frequency":
        # Place i of n bins is the smallest value that at least i / n of the samples lie below.
        ranks = np.unique(-(-np.arange(1, number) * len(values) // number))
        ranks = ranks[ranks < len(values)]
        cuts = np.unique(np.partition(values, ranks)[ranks])
        return between(cuts[cuts > low], values)
    edges, width = np.linspace(low, high, number + 1), (high - low) / number
    if width < max(2.0**-40 * max(high, -low), 1e-300):  # rounding may be more than a bin
        return between(edges[1:-1], values)
    found = np.minimum((values - low) / width, number - 1).astype(np.int64)
    found -= values < edges[found]
    edges[-1] = math.inf
    found += values >= edges[found + 1]
    return found


def between(cuts: Floats, values: Floats) -> Integers:
    """The bins between cuts in ascending order."""
    return np.searchsorted(cuts, values, side="right")


def _number(name: str, values: Floats, rule: str) -> int:
    """How many bins of equal width."""
    if rule in SCORES:
        return _best_number(values, SCORES[rule])
    width, span = float(WIDTHS[rule](values)), float(np.ptp(values))
    if width <= 0:
        raise ValueError(
            f"{rule} finds no width where half the values are equal, as in {name}; take another rule"
        )
    if not span / width <= MOST_BINS:
        raise ValueError(
            f"{rule} asks for {span / width:.0g} bins of {name}, whose tails are heavy, and at most "
            f"{MOST_BINS:,} are accepted; take another rule, or bins of equal frequency"
        )
    return math.ceil(span / width)


# ----------------------------------------------------------------------------------------------------------
# Rules that find a width


def _square_root(x: Floats) -> Any:
    return np.ptp(x) / math.sqrt(len(x))


def _sturges(x: Floats) -> Any:
    return np.ptp(x) / (math.log2(len(x)) + 1)


def _rice(x: Floats) -> Any:
    return np.ptp(x) / (2 * len(x) ** (1 / 3))


def _scott(x: Floats) -> Any:
    scale = _scale(x)
    return (24 * math.sqrt(math.pi) / len(x)) ** (1 / 3) * np.std(x / scale) * scale


def _freedman_diaconis(x: Floats) -> Any:
    return 2 * np.subtract(*np.percentile(x, [75, 25])) * len(x) ** (-1 / 3)


def _doane(x: Floats) -> Any:
    n = len(x)
    if n < 3:
        return np.ptp(x)
    scaled = x / _scale(x)
    skewness = abs(np.mean(((scaled - np.mean(scaled)) / np.std(scaled)) ** 3))
    deviation = math.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)))
    return np.ptp(x) / (1 + math.log2(n) + np.log2(1 + skewness / deviation))


def _auto(x: Floats) -> Any:
    """The finer of Sturges's and Freedman's and Diaconis's, the latter down to half that of the root."""
    return min(max(_freedman_diaconis(x), _square_root(x) / 2), _sturges(x))


def _scale(x: Floats) -> float:
    """A power of two near the largest value, so that squares stay in range."""
    return math.ldexp(1.0, math.frexp(float(np.max(np.abs(x))))[1] - 1)


WIDTHS: dict[str, Callable[[Floats], Any]] = {
    "auto": _auto,
    "doane": _doane,
    "freedman-diaconis": _freedman_diaconis,
    "rice": _rice,
    "scott": _scott,
    "sqrt": _square_root,
    "sturges": _sturges,
}


# ----------------------------------------------------------------------------------------------------------
# Rules that score a number


def _best_number(x: Floats, score: Callable[[int, int, Integers], float]) -> int:
    """Of 1 to 100 bins, or to the root of the number of samples, that of the highest score."""
    x = np.sort(x)
    best, best_score = 1, -math.inf
    for number in range(1, max(100, math.isqrt(len(x))) + 1):
        inner = np.searchsorted(x, np.linspace(x[0], x[-1], number + 1)[1:-1], side="left")
        counts = np.diff(inner, prepend=0, append=len(x))
        if (found := score(len(x), number, counts)) > best_score:
            best, best_score = number, found
    return best


def _stone(n: int, number: int, counts: Integers) -> float:
    """Less the risk of the histogram, each sample left out in turn."""
    return number * ((n + 1) * float(np.sum((counts / n) ** 2)) - 2)


def _knuth(n: int, number: int, counts: Integers) -> float:
    """Logarithm of the posterior of the number, all being as likely before."""
    return (
        n * math.log(number)
        + math.lgamma(number / 2)
        - number * math.lgamma(1 / 2)
        - math.lgamma(n + number / 2)
        + math.fsum(math.lgamma(count + 1 / 2) for count in counts.tolist())
    )


SCORES = {"knuth": _knuth, "stone": _stone}
RULES = (*sorted([*WIDTHS, *SCORES]), "bayesian-blocks")


# ----------------------------------------------------------------------------------------------------------
# Bins of unequal width


def bayesian_blocks(name: str, values: Floats) -> Floats:
    r"""The likeliest steps of a density that is constant in between, found by dynamic programming.

    A block of `m` samples and width `w` scores ``m ln(m / w)``, less
    ``4 - ln(73.53 p n^{-0.478})`` for each, `p` being the chance of a step where there is none.
    """
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) > MOST_VALUES:
        raise ValueError(
            f"bayesian-blocks takes at most {MOST_VALUES:,} distinct values, got {len(distinct):,} in {name}"
        )
    inner = distinct[:-1] + np.diff(distinct) / 2
    edges = np.concatenate([distinct[:1], inner, distinct[-1:]])
    penalty = 4 - math.log(73.53 * _FALSE_POSITIVES * len(values) ** -0.478)
    best, last = np.zeros(len(distinct) + 1), np.zeros(len(distinct), dtype=np.int64)
    below = np.concatenate([[0], np.cumsum(counts)])
    for end in range(1, len(distinct) + 1):
        samples = below[end] - below[:end]  # in a block from each edge to this one
        with np.errstate(divide="ignore"):  # values that follow each other have no edge in between
            scores = best[:end] + samples * np.log(samples / (edges[end] - edges[:end])) - penalty
        last[end - 1] = np.argmax(scores)
        best[end] = scores[last[end - 1]]
    found, end = [], len(distinct)
    while (end := last[end - 1]) > 0:
        found.append(edges[end])
    return np.array(found[::-1])
