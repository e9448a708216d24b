"""An estimate with its error: what to believe."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from mutua._auto import error
from mutua._auto.choice import Choice, most
from mutua._auto.null import pvalue
from mutua._observations import Observations
from mutua._parameters import instance
from mutua._quantity import MUTUAL_INFORMATION, Quantity
from mutua._recording import Recording
from mutua._threads import count_threads
from mutua.estimators import NSB, Auto, Estimator
from mutua.measures import in_unit
from mutua.result import Estimate

__all__ = ["estimate"]

_SATURATED = 0.8  # of the most that neighbours can tell
_FAR = 1.3  # samples for each that tells as much: worth saying


def estimate(
    x: ArrayLike,
    y: ArrayLike,
    *,
    given: Any = None,
    estimator: Estimator | None = None,
    base: float | None = None,
    discrete: bool | Sequence[bool | None] | None = None,
    mask: ArrayLike | None = None,
    nan_policy: Literal["raise", "omit"] = "raise",
    series: bool | None = None,
    seed: int = 0,
    n_jobs: int | None = None,
) -> Estimate:
    """Mutual information with its error, the p-value of independence, and what was done.

    The standard error is that of the mean of what samples contribute (the delta method), with the effective
    number of samples where these follow each other in time. Of `NSB` it is that of the posterior, entropies
    going together as contributions to them do. Where contributions are not known, it comes from sub-samples
    of a quarter, of a series from blocks of an eighth; never from a bootstrap, whose duplicates are
    neighbours at no distance. To it comes how unsure `Auto` is of what neighbours add to a copula.

    The p-value is that of the copula, of labels by the chi-square law, else of surrogates, which of a series
    are shifts. NaN where samples are too few, or for surrogates of a series given others.

    Parameters
    ----------
    x, y, given, discrete, mask, nan_policy
        As for `mutual_information`.
    estimator : Estimator, optional
        How to estimate. If None, `Auto`.
    series : bool, optional
        True: samples are in the order of time. False: they are independent, whatever their order. If None, a
        series is told by its autocorrelation, with a warning: data that is sorted looks like one.
    base : float, optional
        Base of the logarithm: 2 for bits. If None, e, for nats.
    seed : int, default=0
        Of everything drawn: the same result for the same number.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors. Results do not depend on it.

    Returns
    -------
    Estimate

    Raises
    ------
    ValueError
        If samples are not finite, or the estimator is not for such data.
    TypeError
        If an argument is of a type that does not fit.

    References
    ----------
    Politis and Romano, "Large sample confidence regions based on subsamples under minimal assumptions",
    Annals of Statistics 22 (1994), and those of the estimators.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import estimate
    >>> x, noise = np.random.default_rng(0).normal(size=(2, 1000, 3))
    >>> estimate(x, x + noise)  # the truth is 1.040
    I(X; Y) = 1.044 ± 0.037 nats (90 % from 0.984 to 1.104), p < 0.001, by GaussianCopula
    >>> estimate(x[:, 0] > 0, noise[:, 0] > 0, base=2)
    I(X; Y) = -0.001 ± 0.001 bits (90 % from -0.002 to 0.001), p = 0.8, by PlugIn
    """
    if series is not None:
        instance("series", series, bool, "True, False or None")
    recording = Recording.read({"x": x, "y": y}, given, discrete=discrete, mask=mask, nan_policy=nan_policy)
    data = recording.observed()
    n_threads = count_threads(n_jobs)
    automatic = Auto(seed)
    quantity = MUTUAL_INFORMATION.given_others(len(data.variables))
    if estimator is None or isinstance(estimator, Auto):
        automatic = automatic if estimator is None else estimator
        choice = automatic._choice(quantity, data, n_threads)
    else:
        instance("estimator", estimator, Estimator, "an estimator like KSG(k=3)")
        choice = _as_told(estimator, quantity, data, n_threads)
    contributions = _contributions(choice)
    size = error.effective_size(contributions, data, series)
    is_series = size < len(data) if series is None else series
    freedom = error.freedom(data)
    if contributions is not None:
        deviation = error.sampling_error(contributions, size, freedom)
    elif isinstance(choice.estimator, NSB) and not is_series:
        deviation = error.beside_chance(choice.estimator._deviation(quantity, data), size, freedom)
    else:
        deviation = _by_subsamples(choice, quantity, data, is_series, seed, n_threads)
    has_labels = any(variable.is_discrete for variable in data.variables)
    saturated = not has_labels and choice.value > _SATURATED * choice.ceiling
    return Estimate.of(
        choice,
        unit=in_unit(base),
        standard_error=float(np.hypot(deviation, error.unsure(choice))),
        pvalue=pvalue(quantity, data, choice, size, is_series, automatic.seed, n_threads),
        saturated=saturated,
        n_samples=len(data),
        n_dropped=len(recording) - len(data),
        effective_size=size,
        ties=_ties(data),
        warnings=(*choice.warnings, *_warnings(choice, data, size, saturated, series is not None)),
        pointwise=None if contributions is None else data.in_place(contributions),
        given=given is not None,
        again=lambda rows: _again(rows, estimator or automatic, quantity, data, n_threads),
    )


def _as_told(estimator: Estimator, quantity: Quantity, data: Observations, n_threads: int) -> Choice:
    """The estimator that the caller has named."""
    value = estimator._estimate(quantity, data, False, n_threads)
    if np.ndim(value):
        raise ValueError(f"estimator must give one number, got {len(value)}: name one k")

    def contributions() -> Any:
        return np.asarray(estimator._estimate(quantity, data, True, n_threads))

    return Choice(float(value), estimator, ("as told",), (), most(len(data), 3), contributions)


def _contributions(choice: Choice) -> Any:
    """What samples contribute; None if that is not known."""
    try:
        return choice.pointwise()
    except ValueError:
        return None


def _by_subsamples(
    choice: Choice, quantity: Quantity, data: Observations, is_series: bool, seed: int, n_threads: int
) -> float:
    parts = error.subsamples(len(data), is_series, seed)
    return parts.deviation([_again(rows, choice.estimator, quantity, data, n_threads) for rows in parts.rows])


def _again(rows: Any, estimator: Estimator, quantity: Quantity, data: Observations, n_threads: int) -> float:
    """The estimate from some of the samples."""
    part = Observations(tuple(variable.at(rows, (0,)) for variable in data.variables))
    return float(estimator._estimate(quantity, part, False, n_threads))


def _ties(data: Observations) -> int:
    """How many samples share their value with another in a variable that is continuous."""
    shares = np.zeros(len(data), dtype=bool)
    for variable in data.variables:
        if not variable.is_discrete:
            rows = variable.modulo_periods().reshape(len(data), -1)
            _, places, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
            shares |= counts[places.ravel()] > 1
    return int(np.sum(shares))


def _warnings(choice: Choice, data: Observations, size: float, saturated: bool, is_said: bool) -> list[str]:
    found = []
    if saturated:
        found.append(f"neighbours cannot tell more than {choice.ceiling:.2g} nats: the truth may be larger")
    if size * _FAR < len(data):
        unless = "" if is_said else ", unless their order is not time (series=False)"
        found.append(f"samples follow each other: {len(data):,} tell as much as {size:,.0f}{unless}")
    return found
