"""Two labelings of the same samples, checked and counted: what every score starts from."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua._core import ContingencyTable
from mutua._validation.arrays import check_array, check_consistent_length
from mutua._validation.labels import encode
from mutua._validation.parameters import ARRAY_LIKE, Constraint, check_parameter
from mutua._validation.targets import type_of_target

_INT64 = np.dtype(np.int64)


def count_pairs(
    function: str, labels_true: ArrayLike | None, labels_pred: ArrayLike | None, *accepted: Constraint
) -> ContingencyTable:
    """The contingency table of two labelings, checked on behalf of `function`.

    Arrays that the core can take as they are go straight there: a small call is over in microseconds.
    """
    if (
        type(labels_true) is np.ndarray
        and type(labels_pred) is np.ndarray
        and labels_true.dtype is labels_pred.dtype is _INT64
        and labels_true.ndim == labels_pred.ndim == 1
        and labels_true.size == labels_pred.size
        and labels_true.flags.c_contiguous
        and labels_pred.flags.c_contiguous
        and labels_true.flags.aligned
        and labels_pred.flags.aligned
    ):
        return ContingencyTable(labels_true, labels_pred)
    check_parameter(function, "labels_true", labels_true, ARRAY_LIKE, *accepted)
    check_parameter(function, "labels_pred", labels_pred, ARRAY_LIKE, *accepted)
    checked_true, checked_pred = check_clusterings(labels_true, labels_pred)
    return ContingencyTable(encode(checked_true), encode(checked_pred))


def check_clusterings(labels_true: Any, labels_pred: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Two vectors of labels, of the same length and finite; a warning if they are fractions."""
    labels_true, labels_pred = check_array(labels_true), check_array(labels_pred)
    warn_of_fractions(labels_true, labels_pred)
    if labels_true.ndim != 1:
        raise ValueError(f"labels_true must be 1D: shape is {labels_true.shape}")
    if labels_pred.ndim != 1:
        raise ValueError(f"labels_pred must be 1D: shape is {labels_pred.shape}")
    check_consistent_length(labels_true, labels_pred)
    return labels_true, labels_pred


def warn_of_fractions(labels_true: NDArray[Any], labels_pred: NDArray[Any]) -> None:
    """Warns where labels are fractions, which as a rule are quantities; refuses what cannot be labels."""
    both = (labels_true, labels_pred)
    if all(labels.dtype.kind in "biumMU" for labels in both):
        return
    true, pred = map(type_of_target, both)
    if "continuous" in (true, pred):
        warnings.warn(
            f"Clustering metrics expects discrete values but received {true} values for label, and {pred} "
            "values for target",
            UserWarning,
            stacklevel=5,
        )
