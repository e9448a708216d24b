"""Scores that count pairs of samples: together or apart in one labeling, together or apart in the other.

Nothing is squared in floating point and nothing overflows: the counts are exact integers of any size.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua.metrics._labels import count_pairs


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
    apart, pred_only, true_only, together = count_pairs(
        "pair_confusion_matrix", labels_true, labels_pred
    ).pair_confusion()
    return np.array([[apart, pred_only], [true_only, together]], dtype=np.int64)


def rand_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    """Compute the Rand index: the share of pairs of samples on which two labelings agree.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        Labels taken as the truth.
    labels_pred : array-like of shape (n_samples,)
        Labels to compare with them.

    Returns
    -------
    score : float
        Between 0 and 1; 1 for the same partition, and where there are no pairs.

    Raises
    ------
    ValueError
        If the labels are not two vectors of the same length, or hold NaN or infinity.
    TypeError
        If the labels are bytes, or cannot be ordered.

    See Also
    --------
    adjusted_rand_score : The same, adjusted for chance.

    Notes
    -----
    Linear in the number of samples for few labels, O(n log n) at worst.

    References
    ----------
    W. M. Rand, "Objective criteria for the evaluation of clustering methods", Journal of the American
    Statistical Association 66, 846-850, 1971.

    Examples
    --------
    >>> from mutua.metrics import rand_score
    >>> rand_score([0, 0, 1, 1], [1, 1, 0, 0])
    1.0
    >>> round(rand_score([0, 0, 1, 2], [0, 0, 1, 1]), 4)
    0.8333
    """
    apart, pred_only, true_only, together = count_pairs(
        "rand_score", labels_true, labels_pred
    ).pair_confusion()
    agreeing = apart + together
    pairs = agreeing + pred_only + true_only
    return agreeing / pairs if pairs else 1.0


def adjusted_rand_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    """Compute the Rand index adjusted for chance.

    The index is shifted and scaled so that it is 0 on average for labels drawn at random with the same
    cluster sizes, and 1 for the same partition.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        Labels taken as the truth.
    labels_pred : array-like of shape (n_samples,)
        Labels to compare with them.

    Returns
    -------
    score : float
        Between -0.5 and 1.

    Raises
    ------
    ValueError
        If the labels are not two vectors of the same length, or hold NaN or infinity.
    TypeError
        If the labels are bytes, or cannot be ordered.

    See Also
    --------
    adjusted_mutual_info_score : Adjusts the mutual information in the same way.

    Notes
    -----
    Symmetric. Linear in the number of samples for few labels, O(n log n) at worst.

    References
    ----------
    L. Hubert and P. Arabie, "Comparing partitions", Journal of Classification 2, 193-218, 1985.

    Examples
    --------
    >>> from mutua.metrics import adjusted_rand_score
    >>> round(adjusted_rand_score([0, 0, 1, 2], [0, 0, 1, 1]), 4)
    0.5714
    >>> adjusted_rand_score([0, 0, 1, 1], [0, 1, 0, 1])
    -0.5
    """
    tn, fp, fn, tp = count_pairs("adjusted_rand_score", labels_true, labels_pred).pair_confusion()
    if fp == fn == 0:
        return 1.0
    return 2 * (tp * tn - fn * fp) / ((tp + fn) * (fn + tn) + (tp + fp) * (fp + tn))


def fowlkes_mallows_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    """Compute the Fowlkes-Mallows index: the geometric mean of pairwise precision and recall.

    Of the pairs together in one labeling, the share that is together in the other as well; the geometric mean
    of the two shares.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        Labels taken as the truth.
    labels_pred : array-like of shape (n_samples,)
        Labels to compare with them.

    Returns
    -------
    score : float
        Between 0 and 1; 0 if no pair is together in both labelings, also where there are no pairs at all.

    Raises
    ------
    ValueError
        If the labels are not two vectors of the same length, or hold NaN or infinity.
    TypeError
        If the labels are bytes, or cannot be ordered.

    See Also
    --------
    pair_confusion_matrix : The counts the index is made of.

    Notes
    -----
    Symmetric. Linear in the number of samples for few labels, O(n log n) at worst.

    References
    ----------
    E. B. Fowlkes and C. L. Mallows, "A method for comparing two hierarchical clusterings", Journal of the
    American Statistical Association 78, 553-569, 1983.

    Examples
    --------
    >>> from mutua.metrics import fowlkes_mallows_score
    >>> fowlkes_mallows_score([0, 0, 1, 1], [1, 1, 0, 0])
    1.0
    >>> round(fowlkes_mallows_score([0, 0, 1, 2], [0, 0, 1, 1]), 4)
    0.7071
    """
    _, fp, fn, tp = count_pairs("fowlkes_mallows_score", labels_true, labels_pred).pair_confusion()
    return math.sqrt(tp / (tp + fp)) * math.sqrt(tp / (tp + fn)) if tp else 0.0
