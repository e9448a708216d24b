"""An estimator from nearest neighbours that looks at how they lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mutua import _core
from mutua._observations import Observations
from mutua._parameters import is_number, positive_integers
from mutua._quantity import Quantity
from mutua.estimators.base import Estimator

__all__ = ["LNC"]


@dataclass(frozen=True, slots=True)
class LNC(Estimator):
    r"""Mutual information of scalars that depend strongly: `KSG`, corrected where the density is not uniform.

    .. math::
        \psi(k) + (d - 1) \left(\psi(n) - \tfrac{1}{k}\right) - \sum_j \langle \psi(n_j) \rangle
        + \left\langle \ln \tfrac{V}{V'} \, [V' < \alpha V] \right\rangle

    This is the total correlation of `d` scalars. The first terms are the second estimator of `KSG`, which
    takes the density as constant in the box `V` of the k neighbours along the axes. The last puts in its
    place the box `V'` along their principal axes, where that is much smaller. Both are centred at the sample.
    Whatever else is a sum of entropies in which units cancel is one of total correlations `T` of all columns:
    mutual information of variables of several is ``T(X, Y) - T(X) - T(Y)``, that given another
    ``T(X, Y, Z) - T(X, Z) - T(Y, Z) + T(Z)``.

    Does not saturate: with 500 samples `KSG` stops at 5 nats, whatever the truth. Low by 0.2 nats for two
    scalars on a line, by up to 0.6 where its width is about that between neighbours; independent scalars give
    0.01. Vectors are off by as much as a nat, either way, and what is given by up to half a nat: prefer `KSG`
    for them, and for weak dependence.
    Samples that lie exactly on a line make it infinite, and so does a column that is no more than rounding
    beside another: bring columns to one scale first. The time is about three times that of ``KSG(kind=2)``.

    Parameters
    ----------
    k : int or sequence of int, default=5
        Number of neighbours; not below that of columns.
    alpha : float, optional
        The part of `V` below which `V'` counts, from 0 to 1. If None, that which independent uniform columns
        fall below once in 200 samples: from a table of up to 20 neighbours and 9 columns.

    References
    ----------
    Gao, Ver Steeg and Galstyan, "Efficient estimation of mutual information for strongly dependent
    variables", AISTATS (2015).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import KSG, LNC, mutual_information
    >>> x, noise = np.random.default_rng(0).random((2, 500))
    >>> y = x + 1e-5 * noise  # the truth is 11.513
    >>> round(mutual_information(x, y, estimator=LNC()), 3)
    11.307
    >>> round(mutual_information(x, y, estimator=KSG()), 3)
    4.957
    """

    k: int | Sequence[int] = 5
    alpha: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", positive_integers("k", self.k))
        if self.alpha is None:
            return
        if not is_number(self.alpha):
            raise TypeError(f"alpha must be a number or None, got {type(self.alpha).__name__}")
        if not 0 <= self.alpha <= 1:
            raise ValueError(f"alpha must be between 0 and 1, got {self.alpha}")
        object.__setattr__(self, "alpha", float(self.alpha))

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_no_weights(data)
        if any(quantity.n_dimensions):
            raise self._refused(quantity, "KozachenkoLeonenko does")
        self._require_continuous(data)
        columns = [variable.samples().reshape(len(data), -1) for variable in data.variables]
        ks = self.k if isinstance(self.k, tuple) else (self.k,)
        estimates = []
        for k in ks:
            estimate: Any = np.zeros(len(data)) if pointwise else 0.0
            for coefficient, mask in quantity.terms:
                joint = np.hstack([part for i, part in enumerate(columns) if mask >> i & 1])
                if joint.shape[1] > 1:
                    alpha = self.alpha if self.alpha is not None else _threshold(k, joint.shape[1])
                    # H of several is the sum of their H, less what they share.
                    estimate = estimate - coefficient * _core.local_non_uniformity(
                        joint, k=k, alpha=alpha, pointwise=pointwise, n_threads=n_threads
                    )
            estimates.append(estimate)
        return np.array(estimates) if isinstance(self.k, tuple) else estimates[0]


# By the number of columns, for as many neighbours up to 20: below which the ratio of the boxes of uniform
# neighbours is with probability 1/200, of 100,000 draws each. `benches/local_thresholds.py` prints it.
_MOST_NEIGHBORS = 20
# fmt: off
_THRESHOLDS: dict[int, tuple[float, ...]] = {
    2: (0.00734, 0.0979, 0.216, 0.329, 0.403, 0.474, 0.522, 0.566, 0.603, 0.633, 0.659, 0.687,
        0.713, 0.734, 0.759, 0.778, 0.788, 0.808, 0.821),
    3: (0.00299, 0.0507, 0.132, 0.219, 0.294, 0.363, 0.426, 0.478, 0.524, 0.571, 0.603, 0.638,
        0.675, 0.706, 0.741, 0.767, 0.789, 0.819),
    4: (0.0017, 0.0294, 0.0881, 0.157, 0.225, 0.288, 0.354, 0.412, 0.471, 0.524, 0.575, 0.622,
        0.666, 0.721, 0.762, 0.791, 0.829),
    5: (0.000906, 0.0191, 0.0621, 0.114, 0.18, 0.242, 0.306, 0.376, 0.434, 0.502, 0.56, 0.618,
        0.667, 0.728, 0.787, 0.836),
    6: (0.000603, 0.0134, 0.0444, 0.0917, 0.146, 0.206, 0.269, 0.337, 0.402, 0.475, 0.547, 0.606,
        0.68, 0.75, 0.813),
    7: (0.000398, 0.00932, 0.0342, 0.0726, 0.117, 0.179, 0.239, 0.308, 0.384, 0.459, 0.544, 0.614,
        0.69, 0.771),
    8: (0.000286, 0.00661, 0.0253, 0.0552, 0.099, 0.153, 0.216, 0.286, 0.366, 0.438, 0.522, 0.62,
        0.713),
    9: (0.000222, 0.00512, 0.0202, 0.0457, 0.0838, 0.134, 0.193, 0.261, 0.336, 0.425, 0.524, 0.606),
}
# fmt: on


def _threshold(k: int, n_columns: int) -> float:
    thresholds = _THRESHOLDS.get(n_columns, ())
    if not n_columns <= k < n_columns + len(thresholds):
        if k < n_columns <= max(_THRESHOLDS):
            raise ValueError(f"k must be at least the number of columns, got {k} for {n_columns}")
        raise ValueError(
            f"alpha must be given for more than {_MOST_NEIGHBORS} neighbors or {max(_THRESHOLDS)} columns, "
            f"got k={k} and {n_columns} columns"
        )
    return thresholds[k - n_columns]
