"""The contingency matrix of two labelings, dense or sparse."""

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mutua._core import CountTable
from mutua._validation.config import setting
from mutua._validation.labels import integers
from mutua._validation.parameters import ARRAY_LIKE, BOOLEAN, NONE, NOT_NEGATIVE, check_parameter


def contingency_matrix(
    labels_true: ArrayLike,
    labels_pred: ArrayLike,
    *,
    eps: float | None = None,
    sparse: bool = False,
    dtype: DTypeLike = np.int64,
) -> Any:
    """Count how often each label of one labeling meets each label of another.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        The labels of the rows.
    labels_pred : array-like of shape (n_samples,)
        The labels of the columns.
    eps : float, default=None
        Added to every count, which makes the matrix one of floats.
    sparse : bool, default=False
        Whether to return a CSR matrix, which needs SciPy, instead of an array. Memory is then proportional to
        the number of samples, not to rows times columns.
    dtype : numeric type, default=np.int64
        The type of the counts.

    Returns
    -------
    contingency : ndarray or sparse matrix of shape (n_labels_true, n_labels_pred)
        Rows and columns are the labels in ascending order. Sparse, it is a CSR matrix with sorted indices, or
        a CSR array if scikit-learn's configuration says so.

    Raises
    ------
    ValueError
        If `eps` and `sparse` are combined, the labels are not two vectors of the same length, or SciPy has no
        sparse matrices of `dtype`.
    TypeError
        If labels cannot be ordered, or `dtype` is no type.
    ImportError
        If `sparse` is set and SciPy is not installed.

    See Also
    --------
    mutual_info_score : Takes such a matrix in place of labels.

    Notes
    -----
    Labels are not checked: NaN, for one, is a label. Linear in the number of samples for few integer labels,
    O(n log n) at worst.

    References
    ----------
    K. Pearson, "On the theory of contingency and its relation to association and normal correlation",
    Drapers' Company Research Memoirs, Biometric Series I, 1904.

    Examples
    --------
    >>> from mutua.metrics.cluster import contingency_matrix
    >>> contingency_matrix([0, 0, 1, 1, 2], [1, 0, 1, 1, 0])
    array([[1, 1],
           [0, 2],
           [1, 0]])
    """
    check_parameter("contingency_matrix", "labels_true", labels_true, ARRAY_LIKE, NONE)
    check_parameter("contingency_matrix", "labels_pred", labels_pred, ARRAY_LIKE, NONE)
    check_parameter("contingency_matrix", "eps", eps, NOT_NEGATIVE, NONE)
    check_parameter("contingency_matrix", "sparse", sparse, BOOLEAN)
    if eps is not None and sparse:
        raise ValueError("Cannot set 'eps' when sparse=True")

    codes_true, codes_pred = _ordered_codes(labels_true), _ordered_codes(labels_pred)
    if codes_true.shape[0] != len(codes_pred):
        raise ValueError("all index and data arrays must have the same length")
    if codes_true.ndim != 1 or codes_pred.ndim != 1:
        raise ValueError("coordinates and data arrays must be 1-D")
    table = CountTable(codes_true, codes_pred)
    rows, columns, counts = table.cells()
    counts = counts.astype(_supported(dtype))

    if sparse:
        return _csr_class()((counts, (rows, columns)), shape=table.shape)
    matrix = np.zeros(table.shape, counts.dtype)
    matrix[rows, columns] = counts
    return matrix if eps is None else matrix + eps


def _ordered_codes(labels: ArrayLike) -> NDArray[Any]:
    """Integers in the order of the labels."""
    if type(labels) is np.ndarray and labels.dtype.kind in "biu":
        return integers(labels)
    return np.unique(labels, return_inverse=True)[1]


def _supported(dtype: DTypeLike) -> np.dtype[Any]:
    supported = np.dtype(dtype)
    if supported.kind not in "biufc" or supported.char == "e" or not supported.isnative:
        raise ValueError(
            f"scipy.sparse does not support dtype {supported}. The only supported types are booleans, "
            "integers and floats, real or complex, in native byte order."
        )
    return supported


def _csr_class() -> Any:
    try:
        scipy_sparse = import_module("scipy.sparse")
    except ImportError as error:
        raise ImportError("contingency_matrix(sparse=True) needs SciPy: pip install scipy") from error
    as_matrix = setting("sparse_interface", "spmatrix") == "spmatrix"
    return scipy_sparse.csr_matrix if as_matrix else scipy_sparse.csr_array
