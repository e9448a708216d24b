"""Plug-in quantities of weighted samples: entropies of exact sums of weights."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._quantity import MUTUAL_INFORMATION, Quantity


def estimate(
    quantity: Quantity, labels: list[NDArray[np.int64]], weights: NDArray[np.float64], pointwise: bool
) -> Any:
    """The quantity in nats; `pointwise`, values whose mean by the weights it is."""
    if quantity == MUTUAL_INFORMATION and not pointwise:
        return _core.WeightedTable.labelled(labels[0], labels[1], weights)[0].mutual_information()
    return sum(
        coefficient * _entropy([one for i, one in enumerate(labels) if mask >> i & 1], weights, pointwise)
        for coefficient, mask in quantity.terms
    )


def _entropy(labels: list[NDArray[np.int64]], weights: NDArray[np.float64], pointwise: bool) -> Any:
    joint = _core.joint_labels(labels)
    table = _core.WeightedTable.labelled(joint, np.zeros(len(joint), dtype=np.uint8), weights)[0]
    if not pointwise:
        return table.joint_entropy()
    sums = table.row_sums  # Joint labels are 0, 1, 2 and so on. Such as weigh nothing contribute nothing.
    return -np.log(sums / table.total, where=sums > 0, out=np.zeros_like(sums))[joint]
