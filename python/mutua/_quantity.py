"""The quantities, each a sum of joint entropies: how an estimator gets them is up to it.

Mutual information is ``H(X) + H(Y) - H(X, Y)``, and so on: a quantity lists which variables are joint, and
how often each such entropy counts. What estimates these serves all quantities, also those that come later.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

__all__ = [
    "CONDITIONAL_MUTUAL_INFORMATION",
    "ENTROPY",
    "MOST_VARIABLES",
    "MUTUAL_INFORMATION",
    "VARIATION_OF_INFORMATION",
    "Quantity",
    "dual_total_correlation",
    "interaction_information",
    "o_information",
    "total_correlation",
]

# The core reads masks of 64 bits.
MOST_VARIABLES = 64


@dataclass(frozen=True, slots=True)
class Quantity:
    """``sum of coefficient * H(variables)``; bit `i` of a mask is set where variable `i` is among them.

    Equal sums are equal, whatever they are called.
    """

    name: str = field(compare=False)
    terms: tuple[tuple[int, int], ...]

    @classmethod
    def sum(cls, name: str, terms: Iterable[tuple[int, int]]) -> "Quantity":
        """Equal masks once, those of no variables and of no weight not at all; the largest mask first."""
        total: Counter[int] = Counter()
        for coefficient, mask in terms:
            total[mask] += coefficient
        kept = [(coefficient, mask) for mask, coefficient in total.items() if mask and coefficient]
        return cls(name, tuple(sorted(kept, key=lambda term: (-term[1].bit_count(), term[1]))))

    @property
    def n_variables(self) -> int:
        return max(mask for _, mask in self.terms).bit_length()

    @property
    def n_dimensions(self) -> tuple[int, ...]:
        """How often the unit of each variable counts: nowhere, unless this is an entropy of it."""
        return _n_dimensions(self)

    def given(self, n_variables: int) -> "Quantity":
        """The same, given one more variable: ``H(A | Z) = H(A, Z) - H(Z)``."""
        condition = 1 << n_variables
        terms = [(c, mask | condition) for c, mask in self.terms]
        total = sum(c for c, _ in self.terms)
        name = self.name if self.name.startswith("conditional") else f"conditional {self.name}"
        return Quantity.sum(name, [*terms, (-total, condition)])

    def given_others(self, n_variables: int) -> "Quantity":
        """The same of as many variables, given those that it does not name."""
        return _given_others(self, n_variables)


@cache
def _n_dimensions(quantity: Quantity) -> tuple[int, ...]:
    terms, n = quantity.terms, quantity.n_variables
    return tuple(sum(c for c, mask in terms if mask >> i & 1) for i in range(n))


@cache
def _given_others(quantity: Quantity, n_variables: int) -> Quantity:
    for index in range(quantity.n_variables, n_variables):
        quantity = quantity.given(index)
    return quantity


@cache
def total_correlation(n_variables: int) -> Quantity:
    """What the variables share: ``sum of H(X_i) - H(X)``."""
    singles = [(1, 1 << i) for i in range(n_variables)]
    return Quantity.sum("total correlation", [*singles, (-1, _all(n_variables))])


def dual_total_correlation(n_variables: int) -> Quantity:
    """What is shared by at least two: ``H(X) - sum of H(X_i | the others)``."""
    every = _all(n_variables)
    but_one = [(1, every & ~(1 << i)) for i in range(n_variables)]
    return Quantity.sum("dual total correlation", [*but_one, (1 - n_variables, every)])


def o_information(n_variables: int) -> Quantity:
    """Total less dual total correlation: above 0 where redundancy prevails, below 0 where synergy does."""
    total, dual = total_correlation(n_variables), dual_total_correlation(n_variables)
    return Quantity.sum("O-information", [*total.terms, *((-c, mask) for c, mask in dual.terms)])


def interaction_information(n_variables: int) -> Quantity:
    """Of three ``I(X; Y | Z) - I(X; Y)``, and so on: ``-sum over subsets of (-1)^(m - size) H``."""
    masks = range(1, 1 << n_variables)
    signs = ((-1) ** (n_variables - mask.bit_count() + 1) for mask in masks)
    return Quantity.sum("interaction information", zip(signs, masks, strict=True))


def _all(n_variables: int) -> int:
    return (1 << n_variables) - 1


ENTROPY = Quantity.sum("entropy", [(1, 1)])
MUTUAL_INFORMATION = Quantity.sum("mutual information", [(1, 1), (1, 2), (-1, 3)])
CONDITIONAL_MUTUAL_INFORMATION = MUTUAL_INFORMATION.given(2)
VARIATION_OF_INFORMATION = Quantity.sum("variation of information", [(2, 3), (-1, 1), (-1, 2)])
