"""Scores in nats, or ratios of nats: how much one labeling tells about another.

All come from one contingency table. Sums over clusters are exact before they are rounded, so a score has the
same bits for any order of samples and any names of labels.

Deviation from scikit-learn: where the adjusted mutual information is 0/0, its value here is the one the
definition leaves, not a quotient of rounding errors. Where exactly one labeling puts every sample into a
cluster of its own it is 0.0; for the same partition twice it is exactly 1.0.
"""

import math
import sys
import warnings
from numbers import Real
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua import _core
from mutua._core import ContingencyTable
from mutua._validation.arrays import check_array
from mutua._validation.config import loaded
from mutua._validation.parameters import (
    ARRAY_LIKE,
    NONE,
    SPARSE,
    check_parameter,
    is_sparse,
    one_of,
)
from mutua.metrics._labels import count_pairs

AverageMethod = Literal["arithmetic", "max", "min", "geometric"]

_AVERAGE_METHOD = one_of("arithmetic", "max", "min", "geometric")


def mutual_info_score(
    labels_true: ArrayLike | None, labels_pred: ArrayLike | None, *, contingency: Any = None
) -> float:
    """Compute the mutual information of two labelings.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        One labeling. Not looked at if `contingency` is given, and may then be None.
    labels_pred : array-like of shape (n_samples,)
        The other.
    contingency : array-like or sparse matrix of shape (n_labels_true, n_labels_pred), default=None
        How often each pair of labels occurs, as `contingency_matrix` returns it; floats are cut to integers.

    Returns
    -------
    score : float
        The plug-in estimate in nats, at least 0. NaN, with a RuntimeWarning, for negative counts.

    Raises
    ------
    ValueError
        If there are no samples, or the labels are not two vectors of the same length, or hold NaN or
        infinity.
    TypeError
        If the labels are bytes, or cannot be ordered.

    See Also
    --------
    normalized_mutual_info_score : Divided by the entropies.
    adjusted_mutual_info_score : Adjusted for chance.

    Notes
    -----
    The sum of ``n/N log(n N / (a b))`` over the cells `n` of the contingency table with margins `a` and `b`,
    written so that no two terms cancel. Linear in the number of samples for few labels, O(n log n) at worst.

    References
    ----------
    T. M. Cover and J. A. Thomas, "Elements of Information Theory", second edition, Wiley, 2006, chapter 2.

    Examples
    --------
    >>> from mutua.metrics import mutual_info_score
    >>> round(mutual_info_score([0, 0, 1, 1], ["a", "a", "b", "c"]), 6)
    0.693147
    >>> round(mutual_info_score(None, None, contingency=[[2, 0, 0], [0, 1, 1]]), 6)
    0.693147
    """
    if contingency is None:
        table = count_pairs("mutual_info_score", labels_true, labels_pred, NONE)
        if table.total == 0:
            raise ValueError("math domain error")
        return table.mutual_information()
    check_parameter("mutual_info_score", "labels_true", labels_true, ARRAY_LIKE, NONE)
    check_parameter("mutual_info_score", "labels_pred", labels_pred, ARRAY_LIKE, NONE)
    check_parameter("mutual_info_score", "contingency", contingency, ARRAY_LIKE, SPARSE, NONE)
    return _mutual_information_of_counts(contingency)


def _mutual_information_of_counts(contingency: Any) -> float:
    matrix = check_array(contingency, two_dimensional=True, formats=("csr", "csc", "coo"), min_samples=1)
    matrix = matrix.astype(np.int64)
    if 1 in matrix.shape:
        return 0.0
    if is_sparse(matrix):
        rows, columns, counts = loaded("scipy.sparse", "find")(matrix)
    else:
        rows, columns = np.nonzero(matrix)
        counts = matrix[rows, columns]
    some_negative = (counts < 0).any()
    if some_negative:
        warnings.warn("invalid value encountered in log", RuntimeWarning, stacklevel=3)
    if counts.sum() <= 0:
        raise ValueError("math domain error")
    if some_negative:
        return math.nan
    rows, columns, counts = (np.require(part, np.int64, ["C", "A"]) for part in (rows, columns, counts))
    return ContingencyTable.from_cells(rows, columns, counts, matrix.shape).mutual_information()


def normalized_mutual_info_score(
    labels_true: ArrayLike, labels_pred: ArrayLike, *, average_method: AverageMethod = "arithmetic"
) -> float:
    """Compute the mutual information of two labelings relative to their entropies.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        One labeling.
    labels_pred : array-like of shape (n_samples,)
        The other.
    average_method : {'arithmetic', 'max', 'min', 'geometric'}, default='arithmetic'
        Which mean of the two entropies to divide by.

    Returns
    -------
    score : float
        Between 0 and 1; exactly 1 for the same partition, and where neither labeling tells samples apart.

    Raises
    ------
    ValueError
        If the labels are not two vectors of the same length, or hold NaN or infinity.
    TypeError
        If the labels are bytes, or cannot be ordered.

    See Also
    --------
    adjusted_mutual_info_score : Takes away what labels drawn at random would have in common.
    v_measure_score : The same as this score with the arithmetic mean.

    Notes
    -----
    Symmetric. Not adjusted for chance: it grows with the number of clusters. Linear in the number of samples
    for few labels, O(n log n) at worst.

    References
    ----------
    A. Strehl and J. Ghosh, "Cluster ensembles: a knowledge reuse framework for combining multiple
    partitions", Journal of Machine Learning Research 3, 583-617, 2002.

    Examples
    --------
    >>> from mutua.metrics import normalized_mutual_info_score
    >>> normalized_mutual_info_score([0, 0, 1, 1], [1, 1, 0, 0])
    1.0
    >>> round(normalized_mutual_info_score([0, 0, 1, 1], [0, 0, 1, 2]), 6)
    0.8
    """
    function = "normalized_mutual_info_score"
    check_parameter(function, "average_method", average_method, _AVERAGE_METHOD)
    table = count_pairs(function, labels_true, labels_pred)
    if table.shape in ((0, 0), (1, 1)):
        return 1.0
    mutual_information = table.mutual_information()
    if mutual_information == 0.0:
        return 0.0
    return mutual_information / _generalized_average(*table.entropies(), average_method)


def adjusted_mutual_info_score(
    labels_true: ArrayLike, labels_pred: ArrayLike, *, average_method: AverageMethod = "arithmetic"
) -> float:
    """Compute the mutual information of two labelings, adjusted for chance and relative to their entropies.

    ``(MI - E) / (H - E)``, where `E` is the mean of the mutual information over all labelings with the same
    cluster sizes and `H` a mean of the two entropies.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        One labeling.
    labels_pred : array-like of shape (n_samples,)
        The other.
    average_method : {'arithmetic', 'max', 'min', 'geometric'}, default='arithmetic'
        Which mean of the two entropies is the best score there could be.

    Returns
    -------
    score : float
        At most 1, which it is exactly for the same partition; 0 on average for labels drawn at random, so it
        can be negative.

    Raises
    ------
    ValueError
        If the labels are not two vectors of the same length, or hold NaN or infinity.
    TypeError
        If the labels are bytes, or cannot be ordered.

    See Also
    --------
    adjusted_rand_score : Adjusts the Rand index in the same way.
    expected_mutual_information : The mean that is taken away.

    Notes
    -----
    Symmetric. The expectation is summed over the distinct pairs of cluster sizes only, which adds little to
    the cost of the contingency table.

    References
    ----------
    N. X. Vinh, J. Epps and J. Bailey, "Information theoretic measures for clusterings comparison: variants,
    properties, normalization and correction for chance", Journal of Machine Learning Research 11, 2837-2854,
    2010.

    Examples
    --------
    >>> from mutua.metrics import adjusted_mutual_info_score
    >>> adjusted_mutual_info_score([0, 0, 1, 1], [1, 1, 0, 0])
    1.0
    >>> round(adjusted_mutual_info_score([0, 0, 1, 1, 2, 2], [0, 0, 1, 2, 2, 2]), 6)
    0.502361
    """
    function = "adjusted_mutual_info_score"
    check_parameter(function, "average_method", average_method, _AVERAGE_METHOD)
    table = count_pairs(function, labels_true, labels_pred)
    n_true, n_pred = table.shape
    if n_true == n_pred <= 1:
        return 1.0
    if 1 in (n_true, n_pred) or (n_true == table.total) != (n_pred == table.total):
        return 0.0
    expected = table.expected_mutual_information()
    gain = table.mutual_information() - expected
    largest_gain = _generalized_average(*table.entropies(), average_method) - expected
    return 1.0 if gain == largest_gain else gain / max(largest_gain, sys.float_info.epsilon)


def _generalized_average(u: float, v: float, average_method: str) -> float:
    match average_method:
        case "arithmetic":
            return (u + v) / 2
        case "geometric":
            return math.sqrt(u * v)
        case "min":
            return min(u, v)
        case "max":
            return max(u, v)
    raise ValueError("'average_method' must be 'min', 'geometric', 'arithmetic', or 'max'")


def expected_mutual_information(contingency: Any, n_samples: float) -> float:
    """Compute the mean of the mutual information over all labelings with the margins of a table.

    Parameters
    ----------
    contingency : ndarray, DataFrame or sparse matrix of shape (n_labels_true, n_labels_pred)
        Only its margins are used: anything with `shape` and ``sum(axis)``.
    n_samples : int
        The number of samples, as a rule the sum of the table. A cluster larger than that cannot be drawn: it
        contributes nothing.

    Returns
    -------
    score : float
        The expectation in nats; 0 if there is one row or one column.

    Raises
    ------
    ValueError
        If the table is empty.
    TypeError
        If `n_samples` is no number.
    AttributeError
        If `contingency` is a list.

    See Also
    --------
    adjusted_mutual_info_score : What it is for.

    Notes
    -----
    The permutation model: the count of a cell is hypergeometric. Cells whose margins are equal are summed
    once, over a few dozen counts however many samples there are. Exact to 1e-14 of its value; scikit-learn's,
    from differences of logarithms of factorials, is off by 1e-9 at a million samples.

    References
    ----------
    N. X. Vinh, J. Epps and J. Bailey, "Information theoretic measures for clusterings comparison: variants,
    properties, normalization and correction for chance", Journal of Machine Learning Research 11, 2837-2854,
    2010.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.metrics.cluster import expected_mutual_information
    >>> round(expected_mutual_information(np.array([[2, 0], [0, 2]]), 4), 6)
    0.231049
    """
    n_rows, n_columns = contingency.shape
    if not isinstance(n_samples, Real):
        raise TypeError("an integer is required")
    n = int(n_samples)
    row_sums = np.ravel(contingency.sum(axis=1)).astype(np.int64)
    column_sums = np.ravel(contingency.sum(axis=0)).astype(np.int64)
    if 1 in (n_rows, n_columns):
        return 0.0
    if 0 in (n_rows, n_columns):
        raise ValueError(
            "zero-size array to reduction operation maximum which has no identity: the table is empty"
        )
    return _core.expected_mutual_information(_drawable(row_sums, n), _drawable(column_sums, n), max(n, 0))


def _drawable(sizes: NDArray[np.int64], n_samples: int) -> NDArray[np.int64]:
    """The sizes of clusters that so many samples can form, 0 in place of the others."""
    return np.where((sizes > 0) & (sizes <= n_samples), sizes, 0)


def entropy(labels: ArrayLike) -> float:
    """Compute the entropy of a labeling.

    scikit-learn withdraws this function in its version 1.10; until then it is here for code that imports it.

    Parameters
    ----------
    labels : array-like of shape (n_samples,)
        The labels.

    Returns
    -------
    entropy : float
        The plug-in estimate in nats; 0 for one label and, as in scikit-learn, 1 for no samples.

    Raises
    ------
    TypeError
        If the labels have no length, or cannot be ordered.

    Warns
    -----
    FutureWarning
        Always.

    Notes
    -----
    O(n log n).

    References
    ----------
    C. E. Shannon, "A mathematical theory of communication", Bell System Technical Journal 27, 379-423, 1948.

    Examples
    --------
    >>> import warnings
    >>> from mutua.metrics.cluster import entropy
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     round(entropy([0, 0, 1, 2]), 6)
    1.039721
    """
    message = "Function entropy is deprecated; `entropy` is gone from version 1.10 of scikit-learn on."
    warnings.warn(message, FutureWarning, stacklevel=2)
    return _entropy(labels)


def _entropy(labels: Any) -> float:
    if len(labels) == 0:
        return 1.0
    return _core.entropy(np.unique(labels, return_counts=True, equal_nan=False)[1])
