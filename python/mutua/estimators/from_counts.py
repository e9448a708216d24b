"""What estimators from counts have in common: the core's register knows the rest."""

import math
import operator
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from mutua import _core
from mutua._observations import Observations
from mutua._quantity import Quantity
from mutua.estimators.base import Estimator

_MOST_VARIABLES = 64


class FromCounts(Estimator):
    """Entropies from how often labels occur together, and so every quantity."""

    __slots__ = ()

    _kernel: ClassVar[str]
    _is_mean: ClassVar[bool] = False  # over the samples: these then have pointwise values

    def _named(self) -> tuple[str, float]:
        """The name in the core's register, and the parameter."""
        return self._kernel, math.nan

    def _categories(self, n_variables: int) -> list[float] | None:
        """How many labels each variable may have; None for those that occur."""
        return None

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_discrete(data)
        self._require_no_weights(data)
        n_variables = len(data.variables)
        if pointwise and not self._is_mean:
            raise ValueError(
                f"{type(self).__name__} has no pointwise values of {quantity.name}: it is no mean over the "
                "samples, as PlugIn and Grassberger are"
            )
        if n_variables > _MOST_VARIABLES:
            raise ValueError(f"at most {_MOST_VARIABLES} variables are counted together, got {n_variables}")
        return _core.sum_of_entropies(
            [variable.labels() for variable in data.variables],
            quantity.terms,
            *self._named(),
            n_categories=self._categories(n_variables),
            pointwise=pointwise,
        )


class FromCategories(FromCounts):
    """Entropies that depend on how many labels there are, also such as do not occur."""

    __slots__ = ()

    n_categories: int | Sequence[int] | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_categories", _numbers(self.n_categories))

    def _categories(self, n_variables: int) -> list[float] | None:
        n = self.n_categories
        if n is None:
            return None
        numbers = [n] * n_variables if isinstance(n, int) else n
        if len(numbers) != n_variables:
            raise ValueError(
                f"n_categories must hold a number for each of {n_variables} variables, got {len(numbers)}"
            )
        return [float(number) for number in numbers]


def _numbers(n_categories: Any) -> int | tuple[int, ...] | None:
    """One for all variables, or one for each."""
    if n_categories is None:
        return None
    if isinstance(n_categories, Sequence | np.ndarray) and np.ndim(n_categories) == 1 and len(n_categories):
        return tuple(_number(one) for one in n_categories)
    return _number(n_categories)


def _number(n_categories: Any) -> int:
    if isinstance(n_categories, bool | np.bool) or not hasattr(n_categories, "__index__"):
        raise TypeError(
            f"n_categories must be an integer or a sequence of integers, got {type(n_categories).__name__}"
        )
    number = operator.index(n_categories)
    if not 1 <= number < 2**63:
        raise ValueError(f"n_categories must be at least 1 and below 2^63, got {number}")
    return number


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
