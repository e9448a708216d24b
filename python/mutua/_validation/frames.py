"""Pandas containers: what has to happen before NumPy may look at them.

Their extension types hand NumPy objects, not numbers; frames may hold several types, and sparse columns.
"""

import warnings
from typing import Any

import numpy as np

from mutua._validation.config import loaded


def is_frame(values: object) -> bool:
    """Whether this is a pandas DataFrame."""
    return isinstance(values, loaded("pandas", "DataFrame", ()))


def is_series(values: object) -> bool:
    """Whether this is a pandas Series, or another vector of an extension type."""
    extension_dtype = loaded("pandas.api.extensions", "ExtensionDtype", ())
    is_extended = isinstance(getattr(values, "dtype", None), extension_dtype)
    return is_extended or isinstance(values, loaded("pandas", "Series", ()))


def plain(values: Any, numeric: bool) -> tuple[Any, np.dtype[Any] | None]:
    """Values that NumPy converts without loss, and the dtype they announce, None where only NumPy can tell.

    Where numbers are wanted, objects that come with missing-aware columns are made float64 here.
    """
    if not is_frame(values) and not is_series(values):
        dtype = getattr(values, "dtype", None)
        return values, dtype if hasattr(dtype, "kind") else None

    dtypes = list(values.dtypes) if is_frame(values) else [values.dtype]
    sparse = [isinstance(dtype, loaded("pandas", "SparseDtype")) for dtype in dtypes]
    if is_frame(values) and any(sparse):
        if all(sparse):
            return values.sparse.to_coo(), None
        warnings.warn(
            "pandas.DataFrame with sparse columns found.It will be converted to dense.",
            UserWarning,
            stacklevel=6,
        )

    missing_aware = any(map(_is_missing_aware, dtypes))
    dtype = _common_dtype(dtypes, missing_aware)
    if not missing_aware:
        return values, dtype
    if dtype is None or (numeric and dtype.kind == "O"):
        dtype = np.dtype(np.float64)
    return values.astype(dtype), dtype


def _is_missing_aware(dtype: object) -> bool:
    """Booleans, and the extension types of integers and floats, which may hold missing values."""
    types: Any = loaded("pandas.api", "types")
    if types.is_bool_dtype(dtype):
        return True
    if isinstance(dtype, np.dtype | loaded("pandas", "SparseDtype")):
        return False
    return bool(types.is_float_dtype(dtype) or types.is_integer_dtype(dtype))


def _common_dtype(dtypes: list[Any], missing_aware: bool) -> np.dtype[Any] | None:
    if all(isinstance(dtype, np.dtype) for dtype in dtypes):
        return np.result_type(*dtypes)
    is_text = any(isinstance(dtype, loaded("pandas", "StringDtype")) for dtype in dtypes)
    if is_text or (missing_aware and np.dtype(object) in dtypes):
        return np.dtype(object)
    return None
