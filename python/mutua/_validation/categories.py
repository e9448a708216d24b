"""Labels that come with codes, in pandas, Polars or Arrow: the codes, without a copy.

Where these hold text in columns of their own, they are asked for codes. Nothing here imports one of them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._validation.config import loaded


def codes(values: Any) -> NDArray[Any] | None:
    """The codes of texts, or of categories that are integers or texts; None of anything else, or missing."""
    dtype = getattr(values, "dtype", None)
    if isinstance(dtype, loaded("pandas", "CategoricalDtype", ())):
        return _of_pandas(values, dtype)
    if isinstance(dtype, loaded("pandas", "StringDtype", ())):
        return _if_complete(values.factorize()[0])
    if isinstance(dtype, loaded("polars", "String", ())):
        return codes(values.cast(loaded("polars", "Categorical")))
    if isinstance(dtype, (loaded("polars", "Categorical", ()), loaded("polars", "Enum", ()))):
        return values.to_physical().to_numpy() if values.null_count() == 0 else None
    if isinstance(values, loaded("pyarrow", "StringArray", ())):
        return _of_arrow(values.dictionary_encode())
    if isinstance(values, loaded("pyarrow", "DictionaryArray", ())):
        return _of_arrow(values)
    return None


def _of_pandas(values: Any, dtype: Any) -> NDArray[Any] | None:
    categories = np.asarray(dtype.categories)
    is_text = categories.dtype.kind == "O" and all(type(category) is str for category in categories)
    if not (is_text or categories.dtype.kind in "iu"):
        return None
    return _if_complete(np.asarray(getattr(values, "array", values).codes))


def _if_complete(found: NDArray[Any]) -> NDArray[Any] | None:
    """Codes, unless pandas marks missing values among them."""
    return found if found.min(initial=0) >= 0 else None


def _of_arrow(values: Any) -> NDArray[Any] | None:
    dictionary, types = values.dictionary, loaded("pyarrow", "types")
    kind = dictionary.type
    known = types.is_integer(kind) or types.is_string(kind) or types.is_large_string(kind)
    repeats = len(dictionary.unique()) < len(dictionary)
    if not known or repeats or values.null_count or dictionary.null_count:
        return None
    return np.asarray(values.indices)
