"""Mutual information beside the entropies of what it is about: as a share, and as a distance."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal

from numpy.typing import ArrayLike

from mutua._parameters import one_of
from mutua._quantity import MUTUAL_INFORMATION, VARIATION_OF_INFORMATION, Quantity
from mutua._recording import Recording
from mutua.estimators import Estimator
from mutua.measures import estimated, measured

__all__ = ["normalized_mutual_information", "variation_of_information"]

Norm = Literal["arithmetic", "geometric", "min", "max", "joint"]

_OF_ENTROPIES: dict[str, Callable[[float, float], float]] = {
    "arithmetic": lambda x, y: (x + y) / 2,
    "geometric": lambda x, y: math.sqrt(x * y) if min(x, y) > 0 else 0.0,
    "min": min,
    "max": max,
}


def normalized_mutual_information(
    x: ArrayLike,
    y: ArrayLike,
    *,
    given: Any = None,
    norm: Norm = "arithmetic",
    estimator: Estimator | None = None,
    discrete: bool | Sequence[bool | None] | None = None,
    weights: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    nan_policy: Literal["raise", "omit"] = "raise",
    n_jobs: int | None = None,
) -> float:
    r"""Mutual information as a share of the uncertainty of two discrete variables.

    .. math:: \frac{I(X; Y)}{\mathrm{norm}(H(X), H(Y))}

    1 where one tells the other, 0 where they are independent and also where nothing is uncertain. Too high
    for few samples with many labels: `mutua.metrics.adjusted_mutual_info_score` allows for that.

    Parameters
    ----------
    x, y : array-like of shape (n_samples,) or (n_samples, n_columns)
        Discrete samples; several columns are one variable.
    given : array-like or tuple of arrays, optional
        What is known already: all entropies are then given it.
    norm : {"arithmetic", "geometric", "min", "max", "joint"}, default="arithmetic"
        What 1 is: a mean of both entropies, the smaller, the larger, or that of both together.
    estimator : Estimator, optional
        How to estimate. If None: `PlugIn`, or as for `mutual_information` where floats are given.
    discrete : bool or sequence of bool, optional
        Whether the variables are discrete, where the type of the arrays does not tell: for all, or for `x`,
        `y` and `given` in turn.
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
    float
        The share; estimates that correct a bias may lie outside 0 to 1.

    Raises
    ------
    ValueError
        If a variable is continuous, whose entropy bounds nothing, lengths differ, or `norm` is another.
    TypeError
        If an argument is of a type that does not fit.

    References
    ----------
    Vinh, Epps and Bailey, "Information theoretic measures for clusterings comparison", JMLR 11 (2010).

    Examples
    --------
    >>> from mutua import normalized_mutual_information
    >>> normalized_mutual_information([0, 0, 1, 1], [0, 1, 2, 2], norm="min")
    1.0
    >>> round(normalized_mutual_information([0, 0, 1, 1], [0, 1, 2, 2], norm="joint"), 3)
    0.667
    """
    one_of("norm", norm, (*_OF_ENTROPIES, "joint"))
    recording = _of_labels(
        "normalized mutual information", x, y, given, estimator, discrete, weights, mask, nan_policy
    )
    data = recording.observed()

    def of(quantity: Quantity) -> float:
        for known in range(2, len(data.variables)):
            quantity = quantity.given(known)
        return float(estimated(quantity, data, estimator, n_jobs=n_jobs))

    entropies = [of(Quantity.sum("entropy", [(1, mask)])) for mask in ([3] if norm == "joint" else [1, 2])]
    whole = entropies[0] if norm == "joint" else _OF_ENTROPIES[norm](*entropies)
    return of(MUTUAL_INFORMATION) / whole if whole else 0.0


def variation_of_information(
    x: ArrayLike,
    y: ArrayLike,
    *,
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
    r"""How far apart two discrete variables are: what each does not tell about the other.

    .. math:: H(X | Y) + H(Y | X)

    A metric of partitions: 0 where each tells the other, and no longer than any detour.

    Parameters
    ----------
    x, y : array-like of shape (n_samples,) or (n_samples, n_columns)
        Discrete samples; several columns are one variable.
    given : array-like or tuple of arrays, optional
        What is known already.
    estimator : Estimator, optional
        How to estimate. If None: `PlugIn`, or as for `mutual_information` where floats are given.
    base : float, optional
        Base of the logarithm: 2 for bits. If None, e, for nats.
    pointwise : bool, default=False
        Whether to return what each sample contributes instead of the mean.
    discrete : bool or sequence of bool, optional
        Whether the variables are discrete, where the type of the arrays does not tell: for all, or for `x`,
        `y` and `given` in turn.
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
        The estimate as it comes.

    Raises
    ------
    ValueError
        If a variable is continuous, or lengths differ.
    TypeError
        If an argument is of a type that does not fit.

    References
    ----------
    Meilă, "Comparing clusterings: an information based distance", J. Multivariate Analysis 98 (2007).

    Examples
    --------
    >>> from mutua import variation_of_information
    >>> variation_of_information([0, 0, 1, 1], [0, 1, 0, 1], base=2)
    2.0
    """
    recording = _of_labels(
        "variation of information", x, y, given, estimator, discrete, weights, mask, nan_policy
    )
    return measured(VARIATION_OF_INFORMATION, recording.observed(), estimator, base, pointwise, n_jobs)


def _of_labels(
    measure: str,
    x: Any,
    y: Any,
    given: Any,
    estimator: Any,
    discrete: Any,
    weights: Any,
    mask: Any,
    nan_policy: Any,
) -> Recording:
    """Variables whose entropy does not depend on a unit: discrete, or made so by the estimator."""
    recording = Recording.read(
        {"x": x, "y": y}, given, discrete=discrete, weights=weights, mask=mask, nan_policy=nan_policy
    )
    for variable in recording.variables:
        if not (variable.is_discrete or getattr(estimator, "_makes_symbols", False)):
            raise ValueError(
                f"{variable.name} must be discrete for {measure}, got {variable.array.dtype}: the entropy of "
                "a continuous variable depends on its unit; Binned and Ordinal make symbols of it"
            )
    return recording
