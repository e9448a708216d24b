"""Tests of independence for many columns at once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from mutua._containers import columns
from mutua._multiple import benjamini_hochberg, max_statistic
from mutua._null import Alternative
from mutua._parameters import one_of
from mutua._recording import Recording
from mutua._testing import OF_LAWS, IndependenceResult, IndependenceTest, Method
from mutua._threads import count_threads
from mutua.estimators import Estimator

__all__ = ["independence_tests"]


def independence_tests(
    X: Any,
    y: ArrayLike,
    *,
    given: Any = None,
    correction: Literal["benjamini-hochberg", "max-statistic"] | None = "benjamini-hochberg",
    method: Method | None = None,
    estimator: Estimator | None = None,
    n_permutations: int = 999,
    alternative: Alternative = "greater",
    neighbors: int = 5,
    block: int | None = None,
    seed: int = 0,
    discrete: bool | Sequence[bool | None] | None = None,
    n_jobs: int | None = None,
) -> IndependenceResult:
    """Test each column of `X` for independence of `y`, with p-values for all of them at once.

    The same surrogates of `y` serve all columns, so that what columns share among each other is kept.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_columns)
        A matrix, or a frame whose columns may be of both kinds.
    y : array-like of shape (n_samples,) or (n_samples, n_columns)
        What they are tested against.
    given : array-like or tuple of arrays, optional
        What is known already.
    correction : {"benjamini-hochberg", "max-statistic"} or None, default="benjamini-hochberg"
        How p-values are adjusted. "benjamini-hochberg" bounds the expected share of false ones among the
        columns that are called dependent, if columns do not work against each other. "max-statistic"
        (Westfall and Young, step-down) bounds the probability of any false one, whatever columns share; each
        column's information is scaled by its own surrogates. None leaves them as they are.
    method, estimator, n_permutations, alternative, neighbors, block, seed, n_jobs
        As in `independence_test`. The estimator is chosen for each column, if None. Adjusted p-values of many
        columns need many surrogates: none is smaller than ``1 / (n_permutations + 1)`` before it is adjusted.
    discrete : bool or sequence of bool, optional
        Whether variables are discrete, where the type of the array does not tell: for all, or for the columns
        of `X` together, `y` and `given` in turn.

    Returns
    -------
    IndependenceResult
        `statistic` and `pvalue` with an entry for each column, `null_distribution` with a column for each;
        `estimator` is a tuple.

    Raises
    ------
    ValueError
        As for `independence_test`, for a correction that the method does not allow, or if `X` has no columns.
    TypeError
        If an argument is of a type that does not fit.

    References
    ----------
    Benjamini and Hochberg, "Controlling the false discovery rate", J. R. Statist. Soc. B 57 (1995).
    Westfall and Young, "Resampling-based multiple testing", Wiley (1993).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import independence_tests
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(200, 5))
    >>> y = X[:, 0] + X[:, 1] ** 2 + rng.normal(size=200)
    >>> independence_tests(X, y).pvalue.round(3)
    array([0.002, 0.002, 0.495, 0.956, 0.938])
    >>> independence_tests(X, y, correction="max-statistic").pvalue.round(3)
    array([0.001, 0.001, 0.656, 0.956, 0.947])
    """
    one_of("correction", correction, ("benjamini-hochberg", "max-statistic", None))
    test = IndependenceTest(
        method, estimator, n_permutations, alternative, None, neighbors, block, seed, count_threads(n_jobs)
    )
    if correction == "max-statistic" and (method in OF_LAWS or alternative != "greater"):
        raise ValueError(
            "correction='max-statistic' needs surrogates and alternative='greater', got "
            f"method={method!r}, alternative={alternative!r}"
        )
    results = []
    for name, column in _columns(X):
        recording = Recording.read({name: column, "y": y}, given, discrete=discrete)
        data = recording.observed()
        of_column, of_y, *others = data.variables
        turned = replace(data, variables=(of_y, of_column, *others))  # what is rearranged comes first
        results.append(replace(test, shared=correction == "max-statistic").of(turned))
    statistic = np.array([result.statistic for result in results])
    pvalue = np.array([result.pvalue for result in results])
    first = results[0]
    null = None
    if first.null_distribution is not None:
        null = np.stack([np.asarray(result.null_distribution) for result in results], axis=1)
    if correction == "benjamini-hochberg":
        pvalue = benjamini_hochberg(pvalue)
    elif null is not None and correction == "max-statistic":
        pvalue = max_statistic(statistic, null)
    estimators: Any = tuple(result.estimator for result in results)
    return replace(
        first,
        statistic=statistic,
        pvalue=pvalue,
        null_distribution=null,
        estimator=estimators,
        correction=correction,
    )


def _columns(X: Any) -> Iterator[tuple[str, Any]]:
    table = None if type(X) is np.ndarray else columns(X)
    if table is not None:
        yield from ((f"X[{name!r}]", column) for name, column in table)
        return
    array = X if isinstance(X, np.ndarray) else np.asarray(X)
    if array.ndim != 2 or array.shape[1] == 0:
        raise ValueError(f"X must be a matrix with at least one column, got shape {array.shape}")
    yield from ((f"X[:, {index}]", column) for index, column in enumerate(array.T))
