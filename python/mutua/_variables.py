"""An argument of the measures, as it was handed in: samples of numbers, or labels."""

from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._validation.config import loaded
from mutua._validation.labels import encode
from mutua._validation.parameters import is_sparse

_FLOAT64 = np.dtype(np.float64)
CONTINUOUS, DISCRETE = "f", "biuUSTO"  # kinds of dtypes


@dataclass(frozen=True, slots=True)
class Variable:
    """Samples of one argument: a vector, or a matrix with a row for each sample."""

    name: str
    array: NDArray[Any]
    is_discrete: bool

    @classmethod
    def read(cls, name: str, values: Any, discrete: bool | None = None) -> "Variable":
        """Whatever NumPy makes an array of; floats alone are continuous, unless `discrete` says so."""
        array = values if type(values) is np.ndarray else _to_array(name, values)
        if array.ndim not in (1, 2) or array.shape[1:] == (0,):
            raise ValueError(
                f"{name} must be a vector, or a matrix with at least one column, got shape {array.shape}"
            )
        kind = array.dtype.kind
        if kind not in CONTINUOUS + DISCRETE and not (discrete and kind in "mM"):
            raise TypeError(f"{name} must hold numbers or labels, got {array.dtype}")
        if kind == "O" and discrete is None and any(isinstance(value, float) for value in array.flat):
            raise TypeError(f"{name} holds objects, some of them floats: convert it, or say what is discrete")
        return cls(name, array, kind != CONTINUOUS if discrete is None else discrete)

    def __len__(self) -> int:
        return len(self.array)

    def samples(self) -> NDArray[np.float64]:
        """The values as float64."""
        if is_plain(self.array):
            return self.array
        if self.array.dtype.kind in "UST":
            raise TypeError(f"{self.name} must hold numbers to be continuous, got text")
        try:
            with np.errstate(over="ignore"):
                return np.require(self.array, np.float64, ["C", "A"])
        except OverflowError as error:
            raise ValueError(f"{self.name} must hold numbers that fit into float64") from error

    def labels(self) -> NDArray[np.int64]:
        """Integers that are equal where the values are, in all columns."""
        if self.array.dtype.kind in "fO" and np.any(self.array != self.array):
            raise ValueError(f"{self.name} must not have missing values")
        if self.array.ndim == 1:
            return encode(self.array)
        return _core.joint_labels([encode(column) for column in self.array.T])


def is_plain(values: object) -> TypeGuard[NDArray[np.float64]]:
    """Whether the core can take these samples as they are: a small call is over in microseconds."""
    return (
        type(values) is np.ndarray
        and values.dtype is _FLOAT64
        and values.flags.c_contiguous
        and values.flags.aligned
    )


def _to_array(name: str, values: Any) -> NDArray[Any]:
    """What NumPy makes of a container, and what it does not: categories, floats that may be missing."""
    if is_sparse(values) or (isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values)):
        raise TypeError(f"{name} must be a dense array without a mask, got {type(values).__name__}")
    dtype = getattr(values, "dtype", None)
    if isinstance(dtype, loaded("pandas", "CategoricalDtype", ())):
        codes = np.asarray(getattr(values, "cat", values).codes, dtype=np.int64)
        if np.any(codes < 0):
            raise ValueError(f"{name} must not have missing values")
        return codes
    return np.asarray(values, np.float64 if getattr(dtype, "kind", "") == "f" else None)


def check_lengths(*variables: Variable) -> None:
    """As many samples everywhere, and at least one."""
    first, *others = variables
    for other in others:
        if len(other) != len(first):
            raise ValueError(
                f"{first.name} and {other.name} must have the same length, got {len(first)} and {len(other)}"
            )
    if len(first) == 0:
        raise ValueError(f"{first.name} must have at least one sample")
