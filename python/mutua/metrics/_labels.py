"""Two labelings of the same samples, checked: for the core, where they are not plain arrays."""

import warnings
from typing import Any

from numpy.typing import ArrayLike, NDArray

from mutua._validation.arrays import check_array, check_consistent_length
from mutua._validation.labels import integers, shortened
from mutua._validation.parameters import ARRAY_LIKE, NONE, check_parameter
from mutua._validation.targets import type_of_target


def plain_labels(
    function: str, labels_true: ArrayLike | None, labels_pred: ArrayLike | None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Vectors of integers that are equal where the labels are, checked on behalf of `function`."""
    accepted = (ARRAY_LIKE, NONE) if function == "mutual_info_score" else (ARRAY_LIKE,)
    check_parameter(function, "labels_true", labels_true, *accepted)
    check_parameter(function, "labels_pred", labels_pred, *accepted)
    checked_true, checked_pred = check_clusterings(shortened(labels_true), shortened(labels_pred))
    return integers(checked_true), integers(checked_pred)


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
            stacklevel=4,
        )
