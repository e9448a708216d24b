"""Labels as integers, which is how the core takes them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._core import ContingencyTable


def has_fractions(values: NDArray[Any]) -> bool:
    """Whether some of these are floats that no 64-bit integer is equal to."""
    return values.dtype.kind == "f" and bool(np.any(values != values.astype(np.int64).astype(values.dtype)))


def _as_integers(labels: NDArray[Any]) -> NDArray[np.int64] | None:
    """Integers that are equal where the labels are, None where they are text, objects or fractions."""
    with np.errstate(invalid="ignore"):
        if labels.dtype.kind not in "biumMf" or has_fractions(labels):
            return None
        return np.require(labels, np.int64, ["C", "A"])


def integers(labels: NDArray[Any]) -> NDArray[Any]:
    """Integers of any type that are equal where the labels are: these themselves, if they are integers."""
    if labels.dtype.kind in "biumM":
        return np.require(labels, labels.dtype.newbyteorder("="), ["C", "A"])
    return encode(labels)


def encode(labels: NDArray[Any]) -> NDArray[np.int64]:
    """64-bit integers that are equal where the labels are."""
    codes = _as_integers(labels)
    return np.unique(labels, return_inverse=True)[1] if codes is None else codes


def count_distinct(labels: NDArray[Any]) -> int:
    """How many different labels there are."""
    codes = _as_integers(labels)
    if codes is None:
        return int(np.unique(labels).size)
    return ContingencyTable(codes.ravel(), codes.ravel()).shape[0]
