"""What estimators from counts have in common: the core's register knows the rest."""

import math
from collections.abc import Sequence
from typing import Any, ClassVar

from mutua import _core
from mutua._observations import Observations
from mutua._parameters import positive_integers
from mutua._quantity import MOST_VARIABLES, Quantity
from mutua.estimators.base import Estimator


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
        if n_variables > MOST_VARIABLES:
            raise ValueError(f"variables must be at most {MOST_VARIABLES}, got {n_variables}")
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
        if self.n_categories is not None:
            object.__setattr__(self, "n_categories", positive_integers("n_categories", self.n_categories))

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
