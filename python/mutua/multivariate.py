"""What several variables share: total correlation and its relatives."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from mutua import _quantity
from mutua._containers import columns
from mutua._observations import Observations
from mutua._periodic import Periodic
from mutua._recording import Recording
from mutua._variables import Variable
from mutua.estimators import Estimator
from mutua.measures import measured

__all__ = ["dual_total_correlation", "interaction_information", "o_information", "total_correlation"]

MOST_INTERACTING = 16  # variables, of which there are so many subsets


def total_correlation(
    *variables: ArrayLike,
    given: Any = None,
    estimator: Estimator | None = None,
    base: float | None = None,
    pointwise: bool = False,
    discrete: bool | Sequence[bool | None] | None = None,
    weights: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    nan_policy: Literal["raise", "omit"] = "raise",
    n_jobs: int | None = None,
) -> Any:
    r"""How much less uncertain variables are together than one by one.

    .. math:: T = \sum_i H(X_i) - H(X_1, \ldots, X_m)

    0 where all are independent; of two variables their mutual information. Also called multi-information.

    Parameters
    ----------
    *variables : array-like of shape (n_samples,) or (n_samples, n_columns)
        At least two variables; or one matrix, of which each column is a variable.
    given : array-like or tuple of arrays, optional
        What is known already: what they share beyond it. Columns may be of both kinds.
    estimator : Estimator, optional
        How to estimate. If None, as for `mutual_information`.
    base : float, optional
        Base of the logarithm: 2 for bits. If None, e, for nats.
    pointwise : bool, default=False
        Whether to return what each sample contributes instead of the mean.
    discrete : bool or sequence of bool, optional
        Whether the variables are discrete, where the type of the arrays does not tell: for all, or for each
        of them and `given` in turn.
    weights : array-like of shape (n_samples,), optional
        How much each sample counts: finite, at least 0, not all 0. For the estimators that take them.
    mask : array-like of bool of shape (n_samples,), optional
        Which samples to use. Others may hold anything.
    nan_policy : {"raise", "omit"}, default="raise"
        Whether missing values, such as NaN, are refused, or samples with one left out.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors. Results do not depend on it.

    Returns
    -------
    float or ndarray
        The estimate as it comes; an array for an estimator of several `k`, and with `pointwise`.

    Raises
    ------
    ValueError
        If there are fewer than two variables, lengths differ, samples are not finite, or the estimator is not
        for such data.
    TypeError
        If an argument is of a type that does not fit.

    See Also
    --------
    dual_total_correlation : What is shared by at least two.
    o_information : The difference of both.

    References
    ----------
    Watanabe, "Information theoretical analysis of multivariate correlation", IBM Journal 4 (1960).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import total_correlation
    >>> rng = np.random.default_rng(0)
    >>> x, y, z = rng.normal(size=(3, 2000))
    >>> round(total_correlation(x, y, x + y + z), 3)  # the truth is ln(3) / 2
    0.55
    >>> a, b = rng.integers(0, 2, (2, 2000))
    >>> round(total_correlation(np.column_stack([a, b, a ^ b]), base=2), 3)
    1.0
    """
    data, n = _observed(variables, 2, given, discrete, weights, mask, nan_policy)
    return measured(_quantity.total_correlation(n), data, estimator, base, pointwise, n_jobs)


def dual_total_correlation(
    *variables: ArrayLike,
    given: Any = None,
    estimator: Estimator | None = None,
    base: float | None = None,
    pointwise: bool = False,
    discrete: bool | Sequence[bool | None] | None = None,
    weights: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    nan_policy: Literal["raise", "omit"] = "raise",
    n_jobs: int | None = None,
) -> Any:
    r"""How much of the uncertainty of variables is in more than one of them.

    .. math:: D = H(X_1, \ldots, X_m) - \sum_i H(X_i | X_{j \ne i})

    0 where all are independent; of two variables their mutual information. Also called binding information.

    Parameters, returns and raises are those of `total_correlation`.

    References
    ----------
    Han, "Nonnegative entropy measures of multivariate symmetric correlations", Information and Control 36
    (1978).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import dual_total_correlation
    >>> a, b = np.random.default_rng(0).integers(0, 2, (2, 2000))
    >>> round(dual_total_correlation(a, b, a ^ b, base=2), 2)  # any two of the three tell the third
    2.0
    """
    data, n = _observed(variables, 2, given, discrete, weights, mask, nan_policy)
    return measured(_quantity.dual_total_correlation(n), data, estimator, base, pointwise, n_jobs)


def o_information(
    *variables: ArrayLike,
    given: Any = None,
    estimator: Estimator | None = None,
    base: float | None = None,
    pointwise: bool = False,
    discrete: bool | Sequence[bool | None] | None = None,
    weights: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    nan_policy: Literal["raise", "omit"] = "raise",
    n_jobs: int | None = None,
) -> Any:
    r"""Whether variables share the same (above 0) or tell more together than apart (below 0).

    .. math:: \Omega = T - D

    Total less dual total correlation. Of two variables 0; of three the negative interaction information.

    Parameters, returns and raises are those of `total_correlation`, of three variables at least.

    References
    ----------
    Rosas, Mediano, Gastpar and Jensen, "Quantifying high-order interdependencies via multivariate extensions
    of the mutual information", Phys. Rev. E 100, 032305 (2019).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import o_information
    >>> a, b = np.random.default_rng(0).integers(0, 2, (2, 2000))
    >>> round(o_information(a, b, a ^ b, base=2), 2), round(o_information(a, a, a, base=2), 2)
    (-1.0, 1.0)
    """
    data, n = _observed(variables, 3, given, discrete, weights, mask, nan_policy)
    return measured(_quantity.o_information(n), data, estimator, base, pointwise, n_jobs)


def interaction_information(
    *variables: ArrayLike,
    given: Any = None,
    estimator: Estimator | None = None,
    base: float | None = None,
    pointwise: bool = False,
    discrete: bool | Sequence[bool | None] | None = None,
    weights: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    nan_policy: Literal["raise", "omit"] = "raise",
    n_jobs: int | None = None,
) -> Any:
    r"""How much a variable changes what the others share.

    .. math:: I(X_1; \ldots; X_m) = I(X_1; \ldots; X_{m-1} | X_m) - I(X_1; \ldots; X_{m-1})

    Of two variables their mutual information; of three above 0 for synergy, below 0 for redundancy. With an
    odd number of variables it is the negative of what is called co-information. There are two to the power of
    m entropies in it, so that errors add up: estimates of more than a few variables mean little.

    Parameters, returns and raises are those of `total_correlation`, of 16 variables at most.

    References
    ----------
    McGill, "Multivariate information transmission", Psychometrika 19 (1954).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import interaction_information
    >>> a, b = np.random.default_rng(0).integers(0, 2, (2, 2000))
    >>> round(interaction_information(a, b, a ^ b, base=2), 2)
    1.0
    >>> round(interaction_information(a, a, a, base=2), 2)
    -1.0
    """
    data, n = _observed(variables, 2, given, discrete, weights, mask, nan_policy)
    if n > MOST_INTERACTING:
        raise ValueError(f"variables must be at most {MOST_INTERACTING}, got {n}")
    return measured(_quantity.interaction_information(n), data, estimator, base, pointwise, n_jobs)


def _observed(
    values: tuple[ArrayLike, ...],
    fewest: int,
    given: Any,
    discrete: Any,
    weights: Any,
    mask: Any,
    nan_policy: Any,
) -> tuple[Observations, int]:
    """The variables and what is given; how many of the first there are."""
    if len(values) == 1:
        named = _columns(values[0], discrete)
    else:
        named = {f"variables[{index}]": value for index, value in enumerate(values)}
    if len(named) < fewest:
        raise ValueError(f"variables must be at least {fewest}, got {len(named)}")
    recording = Recording.read(
        named, given, discrete=discrete, weights=weights, mask=mask, nan_policy=nan_policy
    )
    return recording.observed(), len(named)


def _columns(values: ArrayLike, discrete: Any) -> dict[str, Any]:
    table = None if isinstance(values, np.ndarray) else columns(values)
    if table:
        return {f"variables[{label!r}] in column {i}": column for i, (label, column) in enumerate(table)}
    kind = discrete if isinstance(discrete, bool) else None
    whole = Variable.read("variables", values, kind, may_miss=True)
    if whole.array.ndim != 2:
        raise ValueError("variables must be at least two, or the columns of one matrix, got one vector")
    parts: Any = whole.array.T
    if whole.missing is not None:
        parts = [np.ma.array(part, mask=whole.missing) for part in parts]
    if whole.periods is not None:
        periods = [period if np.isfinite(period) else None for period in whole.periods.tolist()]
        parts = map(Periodic, parts, periods)
    return {f"column {index} of variables": part for index, part in enumerate(parts)}
