"""Entropy from counts: the estimators that the core has in its register, each a formula."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua.reference.distances import Floats, Integers, _check_lengths


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
    if not math.isfinite(total):
        raise ValueError("pseudo-counts must add up to a number")
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
    if np.any(counts < 0) or not np.count_nonzero(counts) <= n_categories < 1e300:
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


@_entropy
def pym(term: Term) -> float:
    r"""The posterior mean under Archer, Park and Pillow's mixture of Pitman-Yor priors (2014).

    .. math:: p(d, \alpha | n) \propto \frac{e^{-10 v / u}}{u + v} u' v' \,
              \frac{(\alpha + d) \cdots (\alpha + (K - 1) d)}{(\alpha + 1) \cdots (\alpha + n - 1)}
              \prod_i (1 - d) \cdots (n_i - 1 - d)

    with ``u = psi(alpha + 1) - psi(1)`` and ``v = psi(1) - psi(1 - d)``, by the trapezoid rule over a grid of
    ``ln alpha`` and ``ln d / (1 - d)``.
    """
    counts, n = term.counts, term.n_samples
    if np.max(counts) == 1:
        raise ValueError("a label must occur twice")
    alpha = np.exp(np.arange(-32, 2 * math.log(n) + 32, 1 / 8))[:, None]
    odds = np.exp(np.arange(-34, 6, 1 / 8))
    d, rest = odds / (1 + odds), 1 / (1 + odds)
    u, v = _psi_from_one(alpha), np.where(d < 0.5, -_psi_from_one(-d), _psi(np.array(1.0)) - _psi(rest))
    density = -10 * v / u - np.log(u + v) + np.log(_trigamma(alpha + 1) * alpha * _trigamma(rest) * d * rest)
    for i in range(1, n):
        density -= np.log(alpha + i)
    for i in range(1, len(counts)):
        density += np.log(alpha + i * d)
    for i in range(1, int(np.max(counts))):
        density += np.count_nonzero(counts > i) * np.log(i - 1 + rest)
    weights = np.exp(density - np.max(density))
    sizes, times = np.unique(counts, return_counts=True)
    seen = np.sum([k * (size - d) * _psi(size + rest) for size, k in zip(sizes, times, strict=True)], axis=0)
    unseen = (alpha + len(counts) * d) * _psi(rest)
    mean = _psi(alpha + n + 1) - (seen + unseen) / (alpha + n)
    return float(np.sum(weights * mean) / np.sum(weights))


def _psi_from_one(x: NDArray[Any]) -> Floats:
    """``psi(1 + x) - psi(1)``, also where it is small."""
    return np.where(np.abs(x) < 1e-4, x * _trigamma(1 + x / 2), _psi(1 + x) - _psi(np.array(1.0)))


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


def _check_variables(variables: Sequence[NDArray[Any]]) -> None:
    if not variables:
        raise ValueError("there must be at least one variable")
    for labels in variables:
        _check_lengths(variables[0], labels)
    if len(variables[0]) == 0:
        raise ValueError("there must be at least one sample")
