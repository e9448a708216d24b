"""Whatever holds numbers or labels, as a NumPy array or a SciPy sparse container that has been checked.

The rules, and the beginnings of the messages, are those of `sklearn.utils.check_array`.
"""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._validation import frames
from mutua._validation.config import data_conversion_warning, setting
from mutua._validation.parameters import is_sparse


def to_array(values: Any, *, numeric: bool = False) -> Any:
    """An array, or a sparse container as it is; where numbers are wanted, objects become float64."""
    if isinstance(values, np.matrix):
        raise TypeError("np.matrix is not supported. Please convert to a numpy array with np.asarray.")
    values, dtype = frames.plain(values, numeric)
    array = values if is_sparse(values) else np.asarray(values)
    if array.dtype.kind == "c":
        raise ValueError(f"Complex data not supported\n{array}\n")
    if numeric and dtype is not None and dtype.kind == "O":
        return array.astype(np.float64)
    return array


def check_array(
    values: Any,
    *,
    name: str = "",
    numeric: bool = False,
    two_dimensional: bool = False,
    formats: tuple[str, ...] = (),
    finite: bool = True,
    min_samples: int = 0,
) -> Any:
    """An array of one or two dimensions, or a sparse container in one of `formats`, else in the first.

    Of two dimensions, the second must not be empty; the first must have `min_samples`.
    """
    array = to_array(values, numeric=numeric)
    if is_sparse(array):
        array = _in_format(array, formats, name)
    if two_dimensional and array.ndim < 2:
        raise ValueError(_not_two_dimensional(values, array))
    if numeric and array.dtype.kind in "USV":
        raise ValueError(
            "dtype='numeric' is not compatible with arrays of bytes/strings. Convert them to numbers."
        )
    if array.ndim > 2:
        raise ValueError(f"Found array with dim {array.ndim}, while dim <= 2 is required.")
    if finite:
        check_finite(array.data if is_sparse(array) else array, name)
    _check_size(array, min_samples)
    return array


def _in_format(array: Any, formats: tuple[str, ...], name: str) -> Any:
    if not formats:
        target = f" for {name}" if name else ""
        raise TypeError(
            f"Sparse data was passed{target}, but dense data is required. "
            "Use '.toarray()' to convert to a dense numpy array."
        )
    return array if array.format in formats else array.asformat(formats[0])


def _not_two_dimensional(values: Any, array: NDArray[Any]) -> str:
    if is_sparse(array):
        return f"Expected 2D input, got input with shape {array.shape}."
    if array.ndim == 1 and frames.is_series(values):
        return f"Expected a 2-dimensional container but got {type(values)} instead. Pass a DataFrame."
    found = "scalar" if array.ndim == 0 else "1D"
    return (
        f"Expected 2D array, got {found} array instead:\narray={array}.\nReshape your data: "
        "array.reshape(-1, 1) is a single feature, array.reshape(1, -1) a single sample."
    )


def check_finite(array: NDArray[Any], name: str = "") -> None:
    """Refuses NaN and infinity, of objects only NaN, unless scikit-learn is told to assume there are none."""
    if setting("assume_finite", False):
        return
    if array.dtype.kind == "O" and (array != array).any():
        raise ValueError("Input contains NaN")
    if array.dtype.kind != "f":
        return
    with np.errstate(over="ignore"):
        if np.isfinite(array.sum()):
            return
    if np.isnan(array).any():
        problem = "NaN"
    elif np.isinf(array).any():
        problem = f"infinity or a value too large for {array.dtype!r}"
    else:
        return
    raise ValueError(f"Input {name} contains {problem}." if name else f"Input contains {problem}.")


def _check_size(array: Any, min_samples: int) -> None:
    if min_samples and array.ndim == 0:
        raise TypeError(
            f"Input should have at least 1 dimension i.e. satisfy `len(x.shape) > 0`, got {array!r}."
        )
    if min_samples and array.shape[0] < min_samples:
        raise ValueError(
            f"Found array with {array.shape[0]} sample(s) (shape={array.shape}) while a minimum of "
            f"{min_samples} is required."
        )
    if array.ndim == 2 and array.shape[1] < 1:
        raise ValueError(
            f"Found array with {array.shape[1]} feature(s) (shape={array.shape}) while a minimum of 1 is "
            "required."
        )


def check_target(values: Any) -> NDArray[Any]:
    """A contiguous vector of finite values; a single column is one, with a warning."""
    target = check_array(values, name="y", finite=False)
    if target.ndim == 2 and target.shape[1] == 1:
        message = "A column-vector y was passed when a 1d array was expected. Please pass y.ravel()."
        warnings.warn(message, data_conversion_warning(), stacklevel=4)
    elif target.ndim != 1:
        raise ValueError(f"y should be a 1d array, got an array of shape {target.shape} instead.")
    target = np.ascontiguousarray(target.reshape(-1))
    check_finite(target, "y")
    return target


def check_consistent_length(*arrays: Any) -> None:
    """Refuses arrays of different lengths."""
    lengths = [int(array.shape[0]) for array in arrays]
    if len(set(lengths)) > 1:
        raise ValueError(f"Found input variables with inconsistent numbers of samples: {lengths}")
