"""Labels as integers, which is how the core takes them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._core import CountTable, number_texts
from mutua._validation.categories import codes
from mutua._validation.frames import is_series


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
    found = _as_integers(labels)
    if found is None and (found := number_texts(labels)) is None:
        return np.unique(labels, return_inverse=True)[1]
    return found


def shortened(labels: Any) -> Any:
    """Integers where one look tells that labels are categories, texts or whole numbers, else the labels.

    Whoever checks labels finds the same in these: there is nothing to refuse, nor to warn of.
    """
    if (found := codes(labels)) is not None:
        return found
    array = np.asarray(labels) if is_series(labels) else labels
    if type(array) is not np.ndarray or array.ndim != 1:
        return labels
    if array.dtype.kind == "f" and array.dtype.isnative:
        with np.errstate(invalid="ignore"):
            whole = array.astype(np.int64)
        return whole if np.array_equal(whole, array) else labels
    found = number_texts(array) if array.dtype.kind == "O" else None
    return labels if found is None else found


def count_distinct(labels: NDArray[Any]) -> int:
    """How many different labels there are."""
    flat = labels.ravel()
    found = _as_integers(flat)
    if found is None and (found := number_texts(flat)) is None:
        return int(np.unique(labels).size)
    return CountTable(found, found).shape[0]
