"""What pandas, Polars and Arrow hold, as arrays, and what is missing in it: nothing here imports them."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mutua._validation.config import loaded
from mutua._validation.frames import is_frame, is_series

_TEXTS = ("is_string", "is_large_string", "is_string_view", "is_binary", "is_large_binary")


class Column(NamedTuple):
    """The values of the samples, and where there is none; codes stand for text or categories."""

    array: NDArray[Any]
    missing: NDArray[np.bool_] | None = None
    are_codes: bool = False


def columns(values: Any) -> list[tuple[Any, Any]] | None:
    """Names and columns of a frame or table; None of what NumPy takes whole."""
    if is_frame(values):
        dtypes = set(values.dtypes)
        if len(dtypes) == 1 and isinstance(dtypes.pop(), np.dtype):
            return None
        return [(name, values.iloc[:, index]) for index, name in enumerate(values.columns)]
    if isinstance(values, loaded("polars", "DataFrame", ())):
        return list(zip(values.columns, values.get_columns(), strict=True))
    if isinstance(values, (loaded("pyarrow", "Table", ()), loaded("pyarrow", "RecordBatch", ()))):
        return list(zip(values.schema.names, values.columns, strict=True))
    return None


def column(values: Any) -> Column | None:
    """A column of one of these libraries; None of anything else."""
    if is_series(values):
        return _of_pandas(values)
    if isinstance(values, loaded("polars", "Series", ())):
        return _of_polars(values)
    if isinstance(values, (loaded("pyarrow", "Array", ()), loaded("pyarrow", "ChunkedArray", ()))):
        return _of_arrow(values)
    return None


def _of_pandas(values: Any) -> Column:
    dtype = values.dtype
    if isinstance(dtype, np.dtype):
        return Column(np.asarray(values))
    whole = getattr(values, "array", values)
    if isinstance(dtype, loaded("pandas", "ArrowDtype", ())):
        return _of_arrow(whole.__arrow_array__())
    if isinstance(dtype, loaded("pandas", "CategoricalDtype")):
        return _coded(np.asarray(whole.codes))
    if isinstance(dtype, loaded("pandas", "StringDtype")):
        return _coded(whole.factorize()[0])
    plain = np.dtype("M8[ns]") if dtype.kind == "M" else getattr(dtype, "numpy_dtype", None)
    missing = np.asarray(whole.isna(), dtype=bool)
    if not missing.any():
        return Column(np.asarray(whole, dtype=plain))
    return Column(_in_place(np.asarray(whole[~missing], dtype=plain), missing), missing)


def _of_polars(values: Any) -> Column:
    is_text = isinstance(values.dtype, loaded("polars", "String"))
    if is_text:
        values = values.cast(loaded("polars", "Categorical"))
    are_codes = isinstance(values.dtype, (loaded("polars", "Categorical"), loaded("polars", "Enum")))
    if are_codes:
        values = values.to_physical()
    if values.null_count() == 0:
        return Column(values.to_numpy(), None, are_codes)
    missing = values.is_null().to_numpy()
    return Column(_in_place(values.drop_nulls().to_numpy(), missing), missing, are_codes)


def _of_arrow(values: Any) -> Column:
    types = loaded("pyarrow", "types")
    if isinstance(values, loaded("pyarrow", "ChunkedArray")):
        values = values.unify_dictionaries().combine_chunks()
    are_codes = types.is_dictionary(values.type)
    if are_codes and (
        values.dictionary.null_count or len(values.dictionary.unique()) < len(values.dictionary)
    ):
        values = values.dictionary_decode().dictionary_encode()
    elif any(getattr(types, name, lambda _: False)(values.type) for name in _TEXTS):
        values, are_codes = values.dictionary_encode(), True
    if are_codes:
        values = values.indices
    if values.null_count == 0:
        return Column(values.to_numpy(zero_copy_only=False), None, are_codes)
    missing = values.is_null().to_numpy(zero_copy_only=False)
    known = values.drop_null().to_numpy(zero_copy_only=False)
    return Column(_in_place(known, missing), missing, are_codes)


def _coded(codes: NDArray[Any]) -> Column:
    """Codes of pandas, which are -1 where there is no value."""
    missing = codes < 0
    return Column(codes, missing if missing.any() else None, True)


def _in_place(known: NDArray[Any], missing: NDArray[np.bool_]) -> NDArray[Any]:
    """The values there are, in their places."""
    array = np.zeros(len(missing), known.dtype)
    array[~missing] = known
    return array
