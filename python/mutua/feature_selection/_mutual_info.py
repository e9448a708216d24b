"""The mutual information of each feature with a target, continuous or discrete on either side.

Deviations from scikit-learn, for the same `random_state` otherwise the same numbers:

- the scores are float64 also where all of them are 0, not int64;
- a boolean mask whose length is not the number of features raises IndexError also if it is True throughout;
- entries of a sparse column that are stored more than once add up, the last one does not win;
- `copy` is accepted and ignored: `X` is never written.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua import _core
from mutua._threads import count_threads
from mutua._validation.arrays import check_array, check_consistent_length, check_finite, check_target
from mutua._validation.labels import count_distinct, encode
from mutua._validation.parameters import (
    ARRAY_LIKE,
    BOOLEAN,
    INTEGER,
    NONE,
    POSITIVE_INTEGER,
    RANDOM_STATE,
    SPARSE,
    check_parameter,
    is_sparse,
    one_of,
)
from mutua._validation.targets import check_classification_targets
from mutua.metrics._labels import warn_of_fractions

# How many values go to the core at once: bounds the memory for columns of a sparse or strided matrix.
_BATCH = 1 << 22

_SPARSE_IS_DISCRETE = "Sparse matrix `X` can't have continuous features."


def mutual_info_classif(
    X: Any,
    y: ArrayLike,
    *,
    discrete_features: str | bool | ArrayLike = "auto",
    n_neighbors: int = 3,
    copy: bool = True,
    random_state: int | np.random.RandomState | None = None,
    n_jobs: int | None = None,
) -> NDArray[np.float64]:
    """Estimate the mutual information of each feature with a discrete target.

    Parameters
    ----------
    X : array-like or sparse matrix of shape (n_samples, n_features)
        The features.
    y : array-like of shape (n_samples,)
        The classes: integers, booleans, text, or floats without fractions.
    discrete_features : {'auto', bool, array-like}, default='auto'
        Which features are labels, not quantities: all or none of them, a boolean mask of shape (n_features,),
        or an array of indices. 'auto' means all of a sparse `X` and none of a dense one, whatever its dtype.
    n_neighbors : int, default=3
        How many neighbors to look for around each sample. More lower the variance and raise the bias.
    copy : bool, default=True
        Accepted and ignored: `X` is never written.
    random_state : int, RandomState or None, default=None
        Where the noise comes from that breaks ties in continuous features. None is NumPy's global state.
    n_jobs : int or None, default=None
        How many threads to use, over the features. None means one, or what joblib's active context says; -1
        means as many as `MUTUA_NUM_THREADS`, else `OMP_NUM_THREADS`, else the number of CPUs allows. The
        scores do not depend on it.

    Returns
    -------
    scores : ndarray of shape (n_features,), dtype float64
        Estimates in nats, 0 in place of negative ones.

    Raises
    ------
    ValueError
        If `X` or `y` holds NaN or infinity, or has the wrong shape; if `y` is not made of classes; if a
        sparse `X` is to be continuous; if there is a continuous feature and no class has two samples.
    TypeError
        If the classes are bytes, or a container is of a kind that is not supported.
    IndexError
        If `discrete_features` names features that do not exist.

    See Also
    --------
    mutual_info_regression : For a continuous target.

    Notes
    -----
    For a discrete feature the plug-in estimate, linear in the number of samples. For a continuous one Ross's
    estimate from the distances to neighbors of the same class, O(n log n): each column is divided by its
    standard deviation, but not centered, and gets noise of 1e-10 times its mean magnitude. Classes of one
    sample are left out.

    References
    ----------
    B. C. Ross, "Mutual information between discrete and continuous data sets", PLoS ONE 9(2), e87357, 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.feature_selection import mutual_info_classif
    >>> rng = np.random.RandomState(0)
    >>> y = rng.randint(2, size=300)
    >>> X = np.column_stack([y + 0.5 * rng.normal(size=300), rng.normal(size=300)])
    >>> mutual_info_classif(X, y, random_state=0).round(4)
    array([0.3799, 0.0298])
    """
    _check_parameters("mutual_info_classif", X, y, discrete_features, n_neighbors, copy, random_state, n_jobs)
    check_classification_targets(y)
    return _scores(X, y, True, discrete_features, n_neighbors, random_state, n_jobs)


def mutual_info_regression(
    X: Any,
    y: ArrayLike,
    *,
    discrete_features: str | bool | ArrayLike = "auto",
    n_neighbors: int = 3,
    copy: bool = True,
    random_state: int | np.random.RandomState | None = None,
    n_jobs: int | None = None,
) -> NDArray[np.float64]:
    """Estimate the mutual information of each feature with a continuous target.

    Parameters
    ----------
    X : array-like or sparse matrix of shape (n_samples, n_features)
        The features.
    y : array-like of shape (n_samples,)
        The target: numbers of any kind.
    discrete_features : {'auto', bool, array-like}, default='auto'
        Which features are labels, not quantities: all or none of them, a boolean mask of shape (n_features,),
        or an array of indices. 'auto' means all of a sparse `X` and none of a dense one, whatever its dtype.
    n_neighbors : int, default=3
        How many neighbors to look for around each sample. More lower the variance and raise the bias.
    copy : bool, default=True
        Accepted and ignored: `X` is never written.
    random_state : int, RandomState or None, default=None
        Where the noise comes from that breaks ties in continuous variables. None is NumPy's global state.
    n_jobs : int or None, default=None
        How many threads to use, over the features. None means one, or what joblib's active context says; -1
        means as many as `MUTUA_NUM_THREADS`, else `OMP_NUM_THREADS`, else the number of CPUs allows. The
        scores do not depend on it.

    Returns
    -------
    scores : ndarray of shape (n_features,), dtype float64
        Estimates in nats, 0 in place of negative ones.

    Raises
    ------
    ValueError
        If `X` or `y` holds NaN or infinity, text, or has the wrong shape; if a sparse `X` is to be
        continuous; if there is a continuous feature and no more samples than `n_neighbors`, or a discrete one
        none of whose labels occurs twice.
    TypeError
        If a container is of a kind that is not supported.
    IndexError
        If `discrete_features` names features that do not exist.

    See Also
    --------
    mutual_info_classif : For a discrete target.

    Notes
    -----
    For a continuous feature the first estimator of Kraskov, Stögbauer and Grassberger, for a discrete one
    Ross's: O(n log n) each. Every continuous variable is divided by its standard deviation, but not centered,
    and gets noise of 1e-10 times its mean magnitude. In a float32 target that noise is below the resolution,
    so its ties stay: pass float64.

    References
    ----------
    A. Kraskov, H. Stögbauer and P. Grassberger, "Estimating mutual information", Physical Review E 69,
    066138, 2004.

    B. C. Ross, "Mutual information between discrete and continuous data sets", PLoS ONE 9(2), e87357, 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.feature_selection import mutual_info_regression
    >>> rng = np.random.RandomState(0)
    >>> X = rng.normal(size=(300, 2))
    >>> y = X[:, 0] + 0.5 * rng.normal(size=300)
    >>> mutual_info_regression(X, y, random_state=0).round(4)
    array([0.7963, 0.    ])
    """
    _check_parameters(
        "mutual_info_regression", X, y, discrete_features, n_neighbors, copy, random_state, n_jobs
    )
    return _scores(X, y, False, discrete_features, n_neighbors, random_state, n_jobs)


def _check_parameters(
    function: str,
    X: Any,
    y: Any,
    discrete_features: Any,
    n_neighbors: Any,
    copy: Any,
    random_state: Any,
    n_jobs: Any,
) -> None:
    check_parameter(function, "X", X, ARRAY_LIKE, SPARSE)
    check_parameter(function, "y", y, ARRAY_LIKE)
    check_parameter(function, "discrete_features", discrete_features, one_of("auto"), BOOLEAN, ARRAY_LIKE)
    check_parameter(function, "n_neighbors", n_neighbors, POSITIVE_INTEGER)
    check_parameter(function, "copy", copy, BOOLEAN)
    check_parameter(function, "random_state", random_state, RANDOM_STATE)
    check_parameter(function, "n_jobs", n_jobs, INTEGER, NONE)


def _scores(
    X: Any,
    y: Any,
    y_discrete: bool,
    discrete_features: Any,
    n_neighbors: int,
    random_state: Any,
    n_jobs: SupportsIndex | None,
) -> NDArray[np.float64]:
    X = check_array(X, name="X", numeric=True, two_dimensional=True, formats=("csc",), min_samples=1)
    y = check_target(y)
    if not y_discrete and y.dtype.kind == "O":
        y = y.astype(np.float64)
    check_consistent_length(X, y)
    discrete = _discrete_mask(discrete_features, X)

    draw_normal = _normal_source(random_state)
    if discrete.all():
        columns = _columns(X)
    else:
        if is_sparse(X):
            raise ValueError(_SPARSE_IS_DISCRETE)
        X = X.astype(np.float64, copy=False)
        noisy = _scaled_with_noise(X[:, ~discrete], 10 * np.finfo(np.float64).eps, draw_normal)
        continuous = iter(noisy.T)
        columns = (X[:, i] if is_discrete else next(continuous) for i, is_discrete in enumerate(discrete))
    if not y_discrete:
        y = y.astype(y.dtype if y.dtype in (np.float64, np.float32, np.float16) else np.float64)
        y = _scaled_with_noise(y, np.nextafter(0, 1, dtype=y.dtype), draw_normal)
    return _estimates(zip(columns, discrete, strict=True), y, y_discrete, n_neighbors, count_threads(n_jobs))


def _discrete_mask(discrete_features: Any, X: Any) -> NDArray[np.bool_]:
    n_features = X.shape[1]
    if isinstance(discrete_features, str):
        if discrete_features != "auto":
            raise ValueError("Invalid string value for discrete_features.")
        discrete_features = is_sparse(X)
    if isinstance(discrete_features, bool):
        return np.full(n_features, discrete_features)
    chosen = check_array(discrete_features, numeric=True, min_samples=1)
    if is_sparse(X) and chosen.dtype == bool and not chosen.all():
        raise ValueError(_SPARSE_IS_DISCRETE)
    mask: NDArray[np.bool_] = np.zeros(n_features, dtype=bool)
    if chosen.dtype == bool:
        mask[np.newaxis][:, chosen] = True  # Columns are axis 1 in the message if the lengths differ.
    else:
        mask[chosen] = True
    return mask


def _normal_source(random_state: Any) -> Callable[..., Any]:
    """`standard_normal` of the state, of NumPy's global one for None."""
    if random_state is None or random_state is np.random:
        return np.random.standard_normal
    if isinstance(random_state, np.random.RandomState):
        return random_state.standard_normal
    return np.random.RandomState(random_state).standard_normal


def _scaled_with_noise(
    values: NDArray[Any], least_spread: np.floating[Any], draw_normal: Callable[..., Any]
) -> NDArray[Any]:
    """Values over their standard deviation, plus noise that is small to their mean, along the first axis.

    Written in place. Deviations below `least_spread` count as 1. Operations and their order are those that
    give scikit-learn's bits, in the dtype of the values.
    """
    with np.errstate(over="ignore"):
        spread = np.std(values, axis=0)  # the bits of nanstd for float64, and much faster
    if values.dtype != np.float64 or not np.isfinite(spread).all():
        spread = np.nanstd(values, axis=0)  # float16 is summed in another way; overflow is warned of
    values /= np.where(spread < least_spread, np.ones_like(spread), spread)
    magnitude = np.maximum(1, np.mean(np.abs(values), axis=0))
    noise = draw_normal(size=values.shape)
    noise *= 1e-10 * magnitude
    values += noise
    check_finite(values, "X")
    return values


def _columns(X: Any) -> Iterator[NDArray[Any]]:
    """The columns, dense one at a time."""
    if not is_sparse(X):
        yield from X.T
        return
    if not X.has_canonical_format:
        X = X.copy()
        X.sum_duplicates()
    for start, end in zip(X.indptr[:-1], X.indptr[1:], strict=True):
        column = np.zeros(X.shape[0])
        column[X.indices[start:end]] = X.data[start:end]
        yield column


def _estimates(
    columns: Iterable[tuple[NDArray[Any], bool]],
    target: NDArray[Any],
    target_discrete: bool,
    n_neighbors: int,
    n_threads: int,
) -> NDArray[np.float64]:
    """The estimate for each column, which comes with whether it is discrete; values as they are."""
    n_samples = target.shape[0]
    float32_target = not target_discrete and target.dtype == np.float32
    codes = _for_core(target, target_discrete)
    prepared = _prepared(columns, target, target_discrete, n_neighbors)
    estimates = []
    while batch := list(islice(prepared, max(1, _BATCH // n_samples))):
        neighbors = min(n_neighbors, n_samples)
        estimates.append(_core.mutual_information_columns(batch, codes, neighbors, n_threads, float32_target))
    return np.maximum(np.concatenate(estimates), 0.0)


def _prepared(
    columns: Iterable[tuple[NDArray[Any], bool]],
    target: NDArray[Any],
    target_discrete: bool,
    n_neighbors: int,
) -> Iterator[NDArray[Any]]:
    """The columns as the core takes them, once it is clear that they can be estimated."""
    n_samples = target.shape[0]
    target_repeats = not target_discrete or count_distinct(target) < n_samples
    for values, discrete in columns:
        column = _for_core(values, discrete)
        if discrete and target_discrete:
            warn_of_fractions(values, target)
        elif not discrete and not target_discrete and n_neighbors >= n_samples:
            raise ValueError(
                f"Expected n_neighbors < n_samples_fit, but n_neighbors = {n_neighbors}, n_samples_fit = "
                f"{n_samples}, n_samples = {n_samples}"
            )
        elif not (count_distinct(column) < n_samples if discrete else target_repeats):
            raise ValueError(
                "Found array with 0 sample(s) (shape=(0, 1)) while a minimum of 1 is required: "
                "no label occurs twice."
            )
        yield column


def _for_core(values: NDArray[Any], discrete: bool) -> NDArray[Any]:
    return encode(values) if discrete else np.require(values, np.float64, ["C", "A"])
