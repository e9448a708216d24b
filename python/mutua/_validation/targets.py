"""What kind of target a set of labels is: classes, numbers, several of either, or nothing that can be told.

The names of the kinds are those of `sklearn.utils.multiclass.type_of_target`.
"""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._validation.arrays import check_finite, to_array
from mutua._validation.labels import count_distinct, has_fractions
from mutua._validation.parameters import is_sparse

# From this many samples on, that more than half of them are classes of their own is worth a warning.
_ENOUGH_SAMPLES = 21


def type_of_target(y: Any, name: str = "") -> str:
    """The most specific of the kinds that fits.

    Raises TypeError for labels that are bytes, ValueError for what is no array, for sequences of sequences,
    and for fractions among which are NaN or infinity.
    """
    return _kind(_labels(y), name)


def _labels(y: Any) -> NDArray[Any]:
    if isinstance(y, str) or not (isinstance(y, Sequence) or hasattr(y, "__array__") or is_sparse(y)):
        raise ValueError(f"Expected array-like (array or non-string sequence), got {y!r}")
    try:
        labels: NDArray[Any] = to_array(y)
    except ValueError as error:
        if str(error).startswith("Complex"):
            raise
        labels = np.asarray(y, dtype=object)
    if is_sparse(labels):
        raise TypeError("Sparse data was passed for y, but dense data is required.")
    return labels


def _kind(y: NDArray[Any], name: str) -> str:
    if y.ndim == 2 and y.shape[1] > 1 and _is_indicator(y):
        return "multilabel-indicator"
    first = y[0] if y.ndim > 0 and y.shape[0] > 0 else None
    if isinstance(first, bytes):
        raise TypeError(
            "Support for labels represented as bytes is not supported. Convert them to text or integers."
        )
    if isinstance(first, Sequence) and not isinstance(first, str):
        raise ValueError(
            "You appear to be using a legacy multi-label data representation: sequences of sequences are "
            "not supported."
        )
    if y.ndim not in (1, 2):
        return "unknown"
    if y.size == 0:
        return "binary" if y.ndim == 1 else "unknown"
    if y.dtype == object and not isinstance(y.flat[0], str):
        return "unknown"
    suffix = "-multioutput" if y.ndim == 2 and y.shape[1] > 1 else ""
    if has_fractions(y):
        check_finite(y, name)
        return "continuous" + suffix
    return "multiclass" + suffix if suffix or count_distinct(y) > 2 else "binary"


def _is_indicator(y: NDArray[Any]) -> bool:
    """Whether there are at most two values, which are whole numbers."""
    return count_distinct(y) <= 2 and y.dtype.kind in "biuf" and not has_fractions(y)


def check_classification_targets(y: Any) -> None:
    """Refuses a target that is not made of classes; warns where more than half of the samples are classes.

    The checks come before any other of `y`, as they do in scikit-learn.
    """
    labels = _labels(y)
    kind = _kind(labels, "y")
    if kind.startswith(("continuous", "unknown")):
        raise ValueError(
            f"Unknown label type: {kind}. Maybe you are trying to fit a classifier, which expects discrete "
            "classes on a regression target with continuous values."
        )
    n_samples = labels.shape[0]
    if (
        "multiclass" in kind
        and n_samples >= _ENOUGH_SAMPLES
        and count_distinct(labels) > round(0.5 * n_samples)
    ):
        warnings.warn(
            "The number of unique classes is greater than 50% of the number of samples: is `y` a quantity, "
            "and this a regression problem?",
            UserWarning,
            stacklevel=3,
        )
