"""What an estimator is: it is asked for a quantity of some variables."""

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mutua._observations import Observations
from mutua._quantity import Quantity
from mutua._variables import Variable

__all__ = ["Estimator"]


class Estimator:
    """What the measures accept as `estimator`. A measure that an estimator is not for raises ValueError.

    Examples
    --------
    >>> from mutua import KSG, Estimator
    >>> isinstance(KSG(k=5), Estimator)
    True
    """

    __slots__ = ()
    _keeps_window: ClassVar[bool] = False  # Whether neighbours may be asked to be apart in time.
    _makes_symbols: ClassVar[bool] = False  # Whether what is continuous becomes discrete.

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        """The quantity in nats, of `data.variables` in turn; `pointwise`, what each sample contributes."""
        raise self._refused(quantity)

    def _rearranged(
        self, quantity: Quantity, data: Observations, orders: NDArray[np.uint32], n_threads: int
    ) -> NDArray[np.float64]:
        """The quantity with the samples of the first variable in each of some orders."""
        first, *others = data.variables
        estimates = []
        for order in orders:
            moved = replace(first, array=first.array[order])
            rearranged = replace(data, variables=(moved, *others))
            estimates.append(self._estimate(quantity, rearranged, False, n_threads))
        return np.array(estimates, dtype=np.float64)

    def _divergence(self, both: Variable, n: int, pointwise: bool, n_threads: int) -> Any:
        """In nats the KL divergence of the law of the first `n` samples from that of the others."""
        raise ValueError(
            f"{type(self).__name__} does not estimate KL divergence; KozachenkoLeonenko, Gaussian, PlugIn do"
        )

    def _refused(self, quantity: Quantity, instead: str = "") -> ValueError:
        hint = f"; {instead}" if instead else ""
        return ValueError(f"{type(self).__name__} does not estimate {quantity.name}{hint}")

    def _require_continuous(self, data: Observations) -> None:
        for variable in data.variables:
            if variable.is_discrete:
                raise ValueError(
                    f"{type(self).__name__} needs continuous variables, got {variable.array.dtype} in "
                    f"{variable.name}, which is discrete; convert it to float if its distances mean something"
                )

    def _require_discrete(self, data: Observations) -> None:
        for variable in data.variables:
            if not variable.is_discrete:
                raise ValueError(
                    f"{type(self).__name__} needs discrete variables, got {variable.array.dtype} in "
                    f"{variable.name}, which is continuous; convert it to integers if it holds labels"
                )

    def _require_no_weights(self, data: Observations) -> None:
        if data.weights is not None:
            raise ValueError(
                f"{type(self).__name__} takes no weights; PlugIn does for labels, Gaussian for numbers"
            )
