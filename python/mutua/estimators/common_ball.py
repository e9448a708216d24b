"""What the neighbour estimators have in common: one ball around each sample, for all variables together.

Where `k` is a sequence, the result is an array over it, from one search.
"""

import operator
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from mutua import _core
from mutua._observations import Observations
from mutua._quantity import Quantity
from mutua.estimators.base import Estimator

MOST_VARIABLES = 64
Norm = Literal["max", "euclidean"]
Rule = Literal["kraskov", "ross", "mixture", "atom split"]


class CommonBall(Estimator):
    """Whatever is a sum of joint entropies, of variables that are discrete or continuous."""

    __slots__ = ()
    k: Any
    norm: Norm

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", number(self.k))
        one_of("norm", self.norm, ("max", "euclidean"))

    def _from_balls(
        self, rule: Rule, quantity: Quantity, data: Observations, k: Any = None, **options: Any
    ) -> Any:
        variables = data.variables
        if len(variables) > MOST_VARIABLES:
            raise ValueError(f"variables must be at most {MOST_VARIABLES}, got {len(variables)}")
        return _core.common_ball(
            [variable.labels() if variable.is_discrete else variable.points() for variable in variables],
            quantity.terms,
            k=self.k if k is None else k,
            rule=rule,
            norm=self.norm,
            names=[variable.name for variable in variables],
            **options,
        )

    def _require_balanced(self, quantity: Quantity) -> None:
        """Without a unit: each variable in entropies that cancel."""
        if any(quantity.n_dimensions):
            raise self._refused(quantity, "KozachenkoLeonenko does")


def number(k: Any) -> int | tuple[int, ...]:
    """A number of neighbours, or several."""
    if isinstance(k, Sequence | np.ndarray) and not isinstance(k, str | bytes) and np.ndim(k) == 1 and len(k):
        return tuple(_one_number(one) for one in k)
    return _one_number(k)


def _one_number(k: Any) -> int:
    if isinstance(k, bool | np.bool):
        raise TypeError("k must be an integer or a sequence of integers, got bool")
    try:
        number = operator.index(k)
    except TypeError:
        raise TypeError(f"k must be an integer or a sequence of integers, got {type(k).__name__}") from None
    if number < 1:
        raise ValueError(f"k must be at least 1, got {number}")
    return number


def one_of(name: str, value: Any, accepted: tuple[Any, ...]) -> None:
    if isinstance(value, bool | list | np.ndarray) or value not in accepted:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, accepted))}, got {value!r}")
