"""Pairs of samples, counted: together or apart in one labeling, together or apart in the other.

Nothing is squared in floating point and nothing overflows: the counts are exact integers of any size.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua._core import CountTable
from mutua.metrics._labels import plain_labels


def pair_confusion_matrix(labels_true: ArrayLike, labels_pred: ArrayLike) -> NDArray[np.int64]:
    """Count the pairs of samples that each of two labelings puts together or apart.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        Labels taken as the truth.
    labels_pred : array-like of shape (n_samples,)
        Labels to compare with them.

    Returns
    -------
    C : ndarray of shape (2, 2), dtype int64
        Ordered pairs of distinct samples: ``C[0, 0]`` are apart in both labelings, ``C[1, 1]`` together in
        both, ``C[1, 0]`` together in `labels_true` only and ``C[0, 1]`` together in `labels_pred` only.

    Raises
    ------
    ValueError
        If the labels are not two vectors of the same length, or hold NaN or infinity.
    TypeError
        If the labels are bytes, or cannot be ordered.

    See Also
    --------
    rand_score, adjusted_rand_score, fowlkes_mallows_score : Scores made of these counts.

    Notes
    -----
    Sums of squares over the contingency table: linear in the number of samples for few labels, O(n log n) at
    worst.

    References
    ----------
    L. Hubert and P. Arabie, "Comparing partitions", Journal of Classification 2, 193-218, 1985.

    Examples
    --------
    >>> from mutua.metrics.cluster import pair_confusion_matrix
    >>> pair_confusion_matrix([0, 0, 1, 2], [0, 0, 1, 1])
    array([[8, 2],
           [0, 2]])
    """
    table = CountTable(*plain_labels("pair_confusion_matrix", labels_true, labels_pred))
    apart, pred_only, true_only, together = table.pair_confusion()
    return np.array([[apart, pred_only], [true_only, together]], dtype=np.int64)
