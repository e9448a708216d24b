"""Scores in nats, or ratios of nats: how much one labeling tells about another.

The core has those of two labelings; here is what it asks of Python, and the others.

All come from one contingency table. Sums over clusters are exact before they are rounded, so a score has the
same bits for any order of samples and any names of labels.

Deviation from scikit-learn: where the adjusted mutual information is 0/0, its value here is the one the
definition leaves, not a quotient of rounding errors. Where exactly one labeling puts every sample into a
cluster of its own it is 0.0; for the same partition twice it is exactly 1.0.
"""

import math
import warnings
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua import _core
from mutua._core import CountTable
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

_AVERAGE_METHOD = one_of("arithmetic", "max", "min", "geometric")


def check_average(function: str, average_method: object) -> str:
    """Refuses what is no mean; the message to refuse it with where parameters are not to be checked."""
    check_parameter(function, "average_method", average_method, _AVERAGE_METHOD)
    return "'average_method' must be 'min', 'geometric', 'arithmetic', or 'max'"


def mutual_information_of_counts(labels_true: Any, labels_pred: Any, contingency: Any) -> float:
    """What `mutual_info_score` returns where it is given a contingency matrix."""
    check_parameter("mutual_info_score", "labels_true", labels_true, ARRAY_LIKE, NONE)
    check_parameter("mutual_info_score", "labels_pred", labels_pred, ARRAY_LIKE, NONE)
    if isinstance(contingency, loaded("mutua.contingency", "ContingencyTable", ())):
        return float(contingency.mutual_information())
    check_parameter("mutual_info_score", "contingency", contingency, ARRAY_LIKE, SPARSE, NONE)
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
        warnings.warn("invalid value encountered in log", RuntimeWarning, stacklevel=2)
    if counts.sum() <= 0:
        raise ValueError("math domain error")
    if some_negative:
        return math.nan
    rows, columns, counts = (np.require(part, np.int64, ["C", "A"]) for part in (rows, columns, counts))
    return CountTable.from_cells(rows, columns, counts, matrix.shape).mutual_information()


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
