"""The expected mutual information against exact rational arithmetic, and 60 digits for large samples."""

import itertools
import math
from decimal import Decimal, localcontext
from functools import cache

import numpy as np
import pytest

from mutua import _core

DIGITS = 60
RELATIVE = Decimal("1e-14")

LARGEST_EXACT = 60
LARGEST = 10**9
CASES, MANY_CASES = 60, 1000
# Even Bernoulli numbers: so many terms of Stirling's series are good for 45 digits from STIRLING on.
BERNOULLI = [(1, 6), (-1, 30), (1, 42), (-1, 30), (5, 66), (-691, 2730), (7, 6), (-3617, 510), (43867, 798)]
STIRLING = 1000
# Standard deviations from which every few of the terms are enough.
WIDE = 60


def term(a, b, n):
    """What one pair of clusters contributes: the expectation of ``m/n ln(n m / (a b))``."""
    return _core.expected_mutual_information(np.array([a, 0]), np.array([b, 0]), n)


def assert_close(found, exact, case):
    assert abs(Decimal(found) - exact) <= RELATIVE * exact, (case, found, exact)


@cache
def log(value):
    with localcontext(prec=DIGITS):
        return Decimal(value).ln()


def exact_term(a, b, n):
    """Every probability a quotient of integers."""
    possible = range(max(1, a + b - n), min(a, b) + 1)
    with localcontext(prec=DIGITS):
        base = log(n) - log(a) - log(b)
        sums = sum(Decimal(m * math.comb(a, m) * math.comb(n - a, b - m)) * (log(m) + base) for m in possible)
        return sums / (n * math.comb(n, b))


def summed_term(a, b, n):
    """Probabilities relative to the mode's, one after the other until nothing is left."""
    mode, weights, total = (a + 1) * (b + 1) // (n + 2), Decimal(0), Decimal(0)
    with localcontext(prec=DIGITS):
        for step in (1, -1):
            m, weight = mode, Decimal(1)
            while weight > Decimal("1e-45"):
                if m != mode or step == 1:
                    weights += weight
                    total += weight * m * (Decimal(n * m) / (a * b)).ln() if m else 0
                if step == 1:
                    weight *= Decimal((a - m) * (b - m)) / ((m + 1) * (n - a - b + m + 1))
                else:
                    weight *= Decimal(m * (n - a - b + m)) / ((a - m + 1) * (b - m + 1))
                m += step
        return total / weights / n


def spread(a, b, n):
    return math.sqrt(a * b * (n - a) * (n - b) / n**3)


def lattice_term(a, b, n):
    """Every few of the same probabilities, by factorials: the rest of the Fourier series is below 1e-43."""
    mode, sigma = (a + 1) * (b + 1) // (n + 2), spread(a, b, n)
    stride = int(math.pi / math.asin(math.sqrt(50) / sigma))
    with localcontext(prec=DIGITS):

        def minus_log_weight(m):
            return sum(log_factorial(cell) for cell in (m, a - m, b - m, n - a - b + m))

        at_mode, weights, total = minus_log_weight(mode), Decimal(0), Decimal(0)
        for step in (stride, -stride):
            m, weight = mode, Decimal(1)
            while weight > Decimal("1e-45"):
                if m != mode or step > 0:
                    weights += weight
                    total += weight * m * (Decimal(n * m) / (a * b)).ln()
                m += step
                weight = (at_mode - minus_log_weight(m)).exp()
        return total / weights / n


def log_factorial(m):
    """Without the constants that cancel: as many terms of Stirling's series as 45 digits need."""
    shift = max(0, STIRLING - m)
    x = Decimal(m + shift)
    series = sum(
        Decimal(over) / under / (2 * k * (2 * k - 1)) / x ** (2 * k - 1)
        for k, (over, under) in enumerate(BERNOULLI, 1)
    )
    return (x + Decimal("0.5")) * x.ln() - x + series - log(math.prod(range(m + 1, m + shift + 1)))


def test_every_pair_of_sizes():
    for n in range(2, LARGEST_EXACT + 1):
        for a, b in itertools.combinations_with_replacement(range(1, n + 1), 2):
            found = term(a, b, n)
            assert found == term(b, a, n)
            assert_close(found, exact_term(a, b, n), (a, b, n))


def partitions(n, largest=None):
    for first in range(min(n, largest or n), 0, -1):
        yield from ([first, *rest] for rest in partitions(n - first, first))
    if n == 0:
        yield []


@pytest.mark.parametrize("n", range(2, 11))
def test_all_margins(n):
    for rows, columns in itertools.product(partitions(n), repeat=2):
        if min(len(rows), len(columns)) > 1:
            found = _core.expected_mutual_information(np.array(rows), np.array(columns), n)
            assert_close(found, sum(exact_term(a, b, n) for a in rows for b in columns), (rows, columns))


def random_size(rng, n):
    """Of any magnitude, or short of all samples by any magnitude."""
    size = int(math.exp(rng.uniform(0, math.log(n / 2))))
    return size if rng.random() < 0.75 else n - size


def assert_random_sizes(seed):
    rng = np.random.default_rng(seed)
    n = int(math.exp(rng.uniform(math.log(LARGEST_EXACT), math.log(LARGEST))))
    a, b = random_size(rng, n), random_size(rng, n)
    exact = (lattice_term if spread(a, b, n) > WIDE else summed_term)(a, b, n)
    assert_close(term(a, b, n), exact, (a, b, n))


@pytest.mark.parametrize("seed", range(CASES))
def test_random_sizes(seed):
    assert_random_sizes(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(CASES, CASES + MANY_CASES))
def test_many_random_sizes(seed):
    assert_random_sizes(seed)


@pytest.mark.parametrize("sizes", [(3000, 4000, 15_000), (70_000, 30_000, 10**6), (500_000, 30_000, 10**6)])
def test_the_two_ways_to_sixty_digits_agree(sizes):
    assert spread(*sizes) > WIDE / 3
    assert abs(lattice_term(*sizes) / summed_term(*sizes) - 1) < Decimal("1e-38")


@pytest.mark.parametrize("n", [10**3, 10**6, LARGEST])
@pytest.mark.parametrize("clusters", [2, 3, 7])
def test_several_clusters(n, clusters):
    rng = np.random.default_rng([n, clusters])
    rows, columns = (
        np.diff([0, *np.sort(rng.choice(np.arange(1, min(n, 10**7)), clusters - 1, replace=False)), n])
        for _ in range(2)
    )
    exact = sum(
        (lattice_term if spread(a, b, n) > WIDE else summed_term)(a, b, n)
        for a in map(int, rows)
        for b in map(int, columns)
    )
    found = _core.expected_mutual_information(rows, columns, n)
    assert found == _core.expected_mutual_information(columns[::-1].copy(), rows, n)
    assert_close(found, exact, (rows, columns))
