"""Labels of a table: as integers for the core, and back; two sets of them as one."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua._core import number_texts
from mutua._validation.categories import codes
from mutua._validation.labels import has_fractions
from mutua._variables import Variable

_GROUPS = {"U": "text", "T": "text", "S": "bytes"}  # By kinds of dtypes.

Labels = NDArray[Any]
Places = NDArray[np.int64]


class Coded(NamedTuple):
    """Integers that are equal where labels are, and the labels that such integers stand for."""

    integers: NDArray[Any]
    decode: Callable[[NDArray[np.int64]], Labels]


def coded(name: str, values: Any) -> Coded:
    """A vector of labels of any type, as integers. Refuses what is missing, not finite, or no vector."""
    found = codes(values)
    if found is not None:
        return Coded(np.require(found, None, ["C", "A"]), lambda integers: _taken(values, found, integers))
    array = Variable.read(name, values, discrete=True).array
    if array.ndim != 1:
        raise ValueError(f"{name} must be a vector of labels, got shape {array.shape}")
    if array.dtype.kind in "biumM":
        if array.dtype.kind in "mM" and np.any(np.isnat(array)):
            raise ValueError(f"{name} must not have missing values")
        native = np.require(array, array.dtype.newbyteorder("="), ["C", "A"])
        return Coded(native, lambda integers: integers.astype(native.dtype))
    if array.dtype.kind in "fO" and np.any(array != array):
        raise ValueError(f"{name} must not have missing values")
    if array.dtype.kind == "f":
        if not np.all(np.isfinite(array)):
            raise ValueError(f"{name} must be finite to be labels")
        with np.errstate(invalid="ignore"):
            if not has_fractions(array):
                return Coded(array.astype(np.int64), lambda integers: integers.astype(array.dtype))
    elif (numbers := number_texts(array)) is not None:
        return Coded(numbers, lambda integers: _taken(array, numbers, integers))
    labels, inverse = np.unique(array, return_inverse=True)
    return Coded(inverse, lambda integers: labels[integers])


def decoded(name: str, values: Any) -> Labels:
    """Labels as an array."""
    found = coded(name, values)
    return found.decode(found.integers.astype(np.int64))


def named(shape: tuple[int, int], *sides: ArrayLike | None) -> tuple[Labels, Labels]:
    """The labels of rows and columns that were given, or numbers."""
    labels = []
    for name, side, size in zip(("row_labels", "column_labels"), sides, shape, strict=True):
        found = np.arange(size) if side is None else decoded(name, side)
        if len(found) != size:
            raise ValueError(f"{name} must be {size} labels, got {len(found)}")
        if len(np.unique(found)) < size:
            raise ValueError(f"{name} must all be different, got one twice")
        labels.append(found)
    return labels[0], labels[1]


def _taken(values: Any, numbers: NDArray[Any], integers: NDArray[np.int64]) -> Labels:
    """Labels from an array, or a column of pandas, Polars or Arrow, by their numbers."""
    position = np.empty(int(numbers.max(initial=0)) + 1, dtype=np.int64)
    position[numbers] = np.arange(len(numbers))
    take = getattr(values, "gather", None) or values.take
    return np.asarray(take(position[integers]))


def ascending(labels: Labels) -> tuple[Labels, Places]:
    """Different labels in their order, and the place there of each."""
    if len(labels) < 2 or np.all(labels[:-1] < labels[1:]):
        return labels, np.arange(len(labels))
    return np.unique(labels, return_inverse=True)


def union(name: str, left: Labels, right: Labels) -> tuple[Labels, Places, Places]:
    """All different labels of two in their order, and the places there of those of each."""
    if len(left) == 0 or len(right) == 0 or (left.dtype == right.dtype and np.array_equal(left, right)):
        labels = left if len(right) == 0 else right
        return labels, np.arange(len(left)), np.arange(len(right))
    try:
        labels, places = np.unique(together(left, right), return_inverse=True)
    except TypeError as error:
        raise TypeError(
            f"{name} must be labels that can be ordered, got {left.dtype} and {right.dtype}"
        ) from error
    return labels, places[: len(left)], places[len(left) :]


def together(left: Labels, right: Labels) -> Labels:
    """One after the other, none changed: as objects where no type holds both."""
    kinds = {left.dtype.kind, right.dtype.kind}
    if kinds <= set("biuf"):
        common = np.result_type(left, right)
        with np.errstate(invalid="ignore"):
            kept = [labels.astype(common).astype(labels.dtype) == labels for labels in (left, right)]
        if np.all(np.concatenate(kept)):
            return np.concatenate([left, right], dtype=common)
    elif len(kinds) == 1:
        return np.concatenate([left, right])
    elif kinds & set("mM"):
        raise TypeError("times can be ordered among themselves only")
    elif len({_GROUPS.get(kind, "number") for kind in kinds - {"O"}}) > 1:
        raise TypeError("texts, bytes and numbers can be ordered among themselves only")
    return np.concatenate([left.astype(object), right.astype(object)])
