"""The measures: what is asked, of which data, in which unit. How it is estimated is in `mutua.estimators`."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mutua import _core
from mutua._core import mutual_information
from mutua._observations import Observations
from mutua._quantity import CONDITIONAL_MUTUAL_INFORMATION, ENTROPY, MUTUAL_INFORMATION, Quantity
from mutua._threads import count_threads
from mutua._variables import Variable, is_plain
from mutua.estimators import KSG, AtomSplit, Estimator, KozachenkoLeonenko, Mixture, PlugIn, Ross

__all__ = ["entropy", "mutual_information"]


def _mutual_information(
    x: ArrayLike,
    y: ArrayLike,
    *,
    given: ArrayLike | None = None,
    estimator: Estimator | None = None,
    base: float | None = None,
    pointwise: bool = False,
    discrete: bool | tuple[bool | None, bool | None] | None = None,
    n_jobs: int | None = None,
) -> Any:
    """`mutual_information` where there are options, or the samples are no plain arrays."""
    if given is None and estimator is None and discrete is None and is_plain(x) and is_plain(y):
        return _in_base(_core.by_ties(x, y, 3, pointwise, count_threads(n_jobs)), base)
    kinds = _kinds(discrete)
    variables = [Variable.read("x", x, kinds[0]), Variable.read("y", y, kinds[1])]
    quantity = MUTUAL_INFORMATION
    if given is not None:
        variables.append(Variable.read("given", given, kinds[2]))
        quantity = CONDITIONAL_MUTUAL_INFORMATION
    return measured(quantity, Observations.of(*variables), estimator, base, pointwise, n_jobs)


def measured(
    quantity: Quantity,
    data: Observations,
    estimator: Estimator | None,
    base: float | None,
    pointwise: bool,
    n_jobs: int | None,
) -> Any:
    """The quantity in the unit of `base`, by that estimator or the one for such data."""
    estimator = route(quantity, data) if estimator is None else _checked(estimator)
    return _in_base(estimator._estimate(quantity, data, pointwise, count_threads(n_jobs)), base)


def entropy(
    x: ArrayLike,
    *,
    estimator: Estimator | None = None,
    base: float | None = None,
    pointwise: bool = False,
    n_jobs: int | None = None,
) -> Any:
    """How uncertain `x` is: of labels the entropy, of floats the differential entropy.

    Parameters
    ----------
    x : array-like of shape (n_samples,) or (n_samples, n_columns)
        Samples; several columns are one variable. Floats are continuous, integers, bools and text discrete.
    estimator : Estimator, optional
        How to estimate. If None: `PlugIn` for labels, `KozachenkoLeonenko` for floats.
    base : float, optional
        Base of the logarithm: 2 for bits. If None, e, for nats.
    pointwise : bool, default=False
        Whether to return what each sample contributes instead of the mean.
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
    >>> x = np.random.default_rng(0).normal(size=2000)
    >>> round(entropy(x), 3)  # the truth is 1.419
    1.437
    """
    return measured(ENTROPY, Observations.of(Variable.read("x", x)), estimator, base, pointwise, n_jobs)


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


def ties(data: Observations, k: int = 3) -> str:
    """What the values that repeat are like: "none" do, or they are "atoms", or on a "lattice"."""
    variables = data.variables
    return _core.ties(
        [variable.labels() if variable.is_discrete else variable.samples() for variable in variables],
        k,
        names=[variable.name for variable in variables],
    )


def _checked(estimator: Any) -> Estimator:
    if not isinstance(estimator, Estimator):
        found = estimator.__name__ + ", a class" if isinstance(estimator, type) else type(estimator).__name__
        raise TypeError(f"estimator must be an estimator like KSG(k=3), got {found}")
    return estimator


def _kinds(discrete: Any) -> tuple[bool | None, bool | None, bool | None]:
    """Whether `x`, `y` and what is given are discrete; None where the data tell."""
    kinds = (*discrete, None) if isinstance(discrete, tuple | list) else (discrete,) * 3
    known = all(kind is None or isinstance(kind, bool | np.bool) for kind in kinds)
    if len(kinds) != 3 or not known:
        raise TypeError(f"discrete must be a bool or a pair of bools, got {discrete!r}")
    return kinds


def _in_base(nats: Any, base: float | None) -> Any:
    return nats if base is None else nats / _nats(base)


def _nats(base: float | None) -> float:
    """How many there are in the unit of that base."""
    if base is None:
        return 1.0
    if not (isinstance(base, int | float | np.integer | np.floating) and 1 < base < math.inf):
        raise ValueError(f"base must be a finite number above 1, got {base!r}")
    return math.log(base)
