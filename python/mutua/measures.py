"""The measures: what is asked, of which data, in which unit. How it is estimated is in `mutua.estimators`."""

import math
from collections.abc import Sequence
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import ArrayLike

from mutua import _core
from mutua._core import mutual_information
from mutua._embedding import NOW, number_of_steps, over_lags
from mutua._observations import Observations
from mutua._parameters import instance
from mutua._quantity import ENTROPY, MUTUAL_INFORMATION, Quantity
from mutua._recording import Recording
from mutua._threads import count_threads
from mutua._ties import ties
from mutua._variables import Variable, is_plain
from mutua.estimators import KSG, AtomSplit, Estimator, KozachenkoLeonenko, Mixture, PlugIn, Ross

__all__ = ["entropy", "mutual_information"]


def _mutual_information(
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
    lag: int | Sequence[int] = 0,
    groups: ArrayLike | None = None,
    pooled: bool = False,
    window: int = 0,
    n_jobs: int | None = None,
) -> Any:
    """`mutual_information` where there are options, or the samples are no plain arrays."""
    is_default = all(type(steps) is int and steps == 0 for steps in (lag, window))
    is_default &= isinstance(nan_policy, str) and nan_policy == "raise"
    if is_default and all(option is None for option in (discrete, weights, mask, groups)):
        named: dict[str, Any] = {"x": x, "y": y} if given is None else {"x": x, "y": y, "given": given}
        if all(is_plain(values) for values in named.values()):
            if given is None and estimator is None:
                return _in_base(
                    _core.by_ties(named["x"], named["y"], 3, pointwise, count_threads(n_jobs)), base
                )
            data = Observations.of(*(Variable(name, values, False) for name, values in named.items()))
            return measured(MUTUAL_INFORMATION, data, estimator, base, pointwise, n_jobs)
    recording = Recording.read(
        {"x": x, "y": y},
        given,
        discrete=discrete,
        weights=weights,
        mask=mask,
        nan_policy=nan_policy,
        groups=groups,
    )
    earlier, later = recording.variables
    steps_apart = number_of_steps("window", window, 0, len(recording))

    def at(steps: int) -> Any:
        parts = [(earlier, (steps,)), (later, NOW)]
        data = recording.observed(parts, pooled=pooled, window=steps_apart)
        return measured(MUTUAL_INFORMATION, data, estimator, base, pointwise, n_jobs)

    return over_lags(lag, len(recording), at)


def measured(
    quantity: Quantity,
    data: Observations,
    estimator: Estimator | None,
    base: float | None,
    pointwise: bool,
    n_jobs: int | None,
) -> Any:
    """The quantity in the unit of `base`, given the variables that it does not name."""
    quantity = quantity.given_others(len(data.variables))
    return estimated(quantity, data, estimator, base, pointwise, n_jobs)


def estimated(
    quantity: Quantity,
    data: Observations,
    estimator: Estimator | None,
    base: float | None = None,
    pointwise: bool = False,
    n_jobs: int | None = None,
) -> Any:
    """The quantity as it is, of some of the variables."""
    estimator = route(quantity, data) if estimator is None else _checked(estimator)
    if data.window and not estimator._keeps_window:
        raise ValueError(f"{type(estimator).__name__} keeps no window in time, KSG does")
    n_threads = count_threads(n_jobs)
    if data.strata is None:
        estimate = estimator._estimate(quantity, data, pointwise, n_threads)
    else:
        estimate = _by_stratum(estimator, quantity, data, pointwise, n_threads)
    estimate = _in_base(estimate, base)
    return data.in_place(estimate) if pointwise else estimate


def _by_stratum(
    estimator: Estimator, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int
) -> Any:
    """Given the stratum: each by itself, and the mean over all samples."""
    estimates, samples, totals = [], [], []
    for members, stratum in data.by_stratum():
        if stratum.total == 0:
            continue
        try:
            estimates.append(estimator._estimate(quantity, stratum, pointwise, n_threads))
        except ValueError as error:
            raise ValueError(f"{error} in one of the groups: pooled=True counts them together") from error
        samples.append(members)
        totals.append(stratum.total)
    if pointwise:
        placed = np.full((*np.shape(estimates[0])[:-1], len(data)), np.nan)
        placed[..., np.concatenate(samples)] = np.concatenate(estimates, axis=-1)
        return placed
    terms = np.transpose(estimates) * totals
    sums = [math.fsum(row) / data.total for row in np.atleast_2d(terms)]
    return sums[0] if terms.ndim == 1 else np.array(sums)


def entropy(
    x: ArrayLike,
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
    """How uncertain `x` is: of labels the entropy, of floats the differential entropy.

    Parameters
    ----------
    x : array-like of shape (n_samples,) or (n_samples, n_columns)
        Samples; several columns are one variable. Floats are continuous, integers, bools, text and categories
        discrete.
    given : array-like or tuple of arrays, optional
        What is known already: the uncertainty that is left. Columns may be of both kinds.
    estimator : Estimator, optional
        How to estimate. If None: `PlugIn` for labels, `KozachenkoLeonenko` for floats.
    base : float, optional
        Base of the logarithm: 2 for bits. If None, e, for nats.
    pointwise : bool, default=False
        Whether to return what each sample contributes instead of the mean: NaN for one that is left out.
    discrete : bool or sequence of bool, optional
        Whether the variables are discrete, where the type of the array does not tell: for all, or for `x` and
        `given` in turn.
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
        The estimate as it comes. Differential entropy depends on the unit of `x`, may be negative, and is
        negative infinity where values repeat too often to have a density. Where the estimator has several
        `k`, an array with a value, or with `pointwise` a row, for each.

    Raises
    ------
    ValueError
        If samples are not finite, there are too few for `k`, or the estimator is not for such data.
    TypeError
        If an argument is of a type that does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import entropy
    >>> entropy(["a", "b", "a", "b"], base=2)
    1.0
    >>> round(entropy(["a", "b", None, "a"], nan_policy="omit", base=2), 3)
    0.918
    >>> x = np.random.default_rng(0).normal(size=2000)
    >>> round(entropy(x), 3)  # the truth is 1.419
    1.437
    """
    is_default = isinstance(nan_policy, str) and nan_policy == "raise"
    if is_default and is_plain(x) and all(option is None for option in (given, discrete, weights, mask)):
        data = Observations.of(Variable("x", x, False))
    else:
        data = Recording.read(
            {"x": x}, given, discrete=discrete, weights=weights, mask=mask, nan_policy=nan_policy
        ).observed()
    return measured(ENTROPY, data, estimator, base, pointwise, n_jobs)


def route(quantity: Quantity, data: Observations) -> Estimator:
    """The estimator for such data where none is named."""
    discrete = [variable.is_discrete for variable in data.variables]
    if all(discrete):
        return PlugIn()
    if any(quantity.n_dimensions):
        return KozachenkoLeonenko()
    match ties(data):
        case "atoms":
            return AtomSplit()
        case "lattice":
            return Mixture()
    return Ross() if any(discrete) else KSG()


def _checked(estimator: Any) -> Estimator:
    instance("estimator", estimator, Estimator, "an estimator like KSG(k=3)")
    return cast(Estimator, estimator)


def _in_base(nats: Any, base: float | None) -> Any:
    return nats if base is None else nats / _nats(base)


def in_unit(base: float | None) -> tuple[str, float]:
    """What the unit of a base is called, and how many nats there are in it."""
    nats = _nats(base)
    if base is None:
        return "nats", nats
    return {2.0: "bits", 10.0: "hartleys"}.get(float(base), f"units of base {base:g}"), nats


def _nats(base: float | None) -> float:
    """How many there are in the unit of that base."""
    if base is None:
        return 1.0
    if not (isinstance(base, int | float | np.integer | np.floating) and 1 < base < math.inf):
        raise ValueError(f"base must be a finite number above 1, got {base!r}")
    return math.log(base)
