"""What the neighbour estimators have in common: one ball around each sample, for all variables together.

Where `k` is a sequence, the result is an array over it, from one search.
"""

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._observations import Observations
from mutua._parameters import one_of, positive_integers
from mutua._quantity import MOST_VARIABLES, Quantity
from mutua.estimators.base import Estimator

Norm = Literal["max", "euclidean"]
Rule = Literal["kraskov", "ross", "mixture", "atom split"]


class CommonBall(Estimator):
    """Whatever is a sum of joint entropies, of variables that are discrete or continuous."""

    __slots__ = ()
    _rule: ClassVar[Rule]
    k: Any
    norm: Norm

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", positive_integers("k", self.k))
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

    def _rearranged(
        self, quantity: Quantity, data: Observations, orders: NDArray[np.uint32], n_threads: int
    ) -> NDArray[np.float64]:
        """In one call of the core, for data that `_estimate` takes."""
        return _core.rearranged_common_ball(
            [variable.labels() if variable.is_discrete else variable.points() for variable in data.variables],
            quantity.terms,
            orders,
            rule=self._rule,
            norm=self.norm,
            names=[variable.name for variable in data.variables],
            n_threads=n_threads,
            **self._options(data),
        )

    def _options(self, data: Observations) -> dict[str, Any]:
        return {"k": self.k}

    def _require_balanced(self, quantity: Quantity) -> None:
        """Without a unit: each variable in entropies that cancel."""
        if any(quantity.n_dimensions):
            raise self._refused(quantity, "KozachenkoLeonenko does")
