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
from mutua.estimators import Auto, Estimator
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
    seed: int = 0,
    n_jobs: int | None = None,
) -> Estimate:
    """Mutual information with its error, the p-value of independence, and what was done.

    The standard error is that of the mean of what samples contribute (the delta method), with the effective
    number of samples where these follow each other in time; where the contributions are not known, it comes
    from sub-samples of a quarter. Never from a bootstrap, whose duplicates are neighbours at no distance. To
    it comes how unsure `Auto` is of what neighbours add to a copula.

    Parameters
    ----------
    x, y, given, discrete, mask, nan_policy
        As for `mutual_information`.
    estimator : Estimator, optional
        How to estimate. If None, `Auto`.
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
    contributions, size, deviation = _spread(choice, quantity, data, seed, n_threads)
    has_labels = any(variable.is_discrete for variable in data.variables)
    saturated = not has_labels and choice.value > _SATURATED * choice.ceiling
    return Estimate.of(
        choice,
        unit=in_unit(base),
        standard_error=float(np.hypot(deviation, error.unsure(choice))),
        pvalue=pvalue(quantity, data, choice, size, automatic.seed, n_threads),
        saturated=saturated,
        n_samples=len(data),
        n_dropped=len(recording) - len(data),
        effective_size=size,
        ties=_ties(data),
        warnings=(*choice.warnings, *_warnings(choice, data, size, saturated)),
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


def _spread(
    choice: Choice, quantity: Quantity, data: Observations, seed: int, n_threads: int
) -> tuple[Any, float, float]:
    """What samples contribute if that is known, how many samples tell as much, and the deviation."""
    try:
        contributions = choice.pointwise()
    except ValueError:
        return None, float(len(data)), _by_subsamples(choice, quantity, data, seed, n_threads)
    size = error.effective_size(contributions, data)
    return contributions, size, error.sampling_error(contributions, size, error.freedom(data))


def _by_subsamples(
    choice: Choice, quantity: Quantity, data: Observations, seed: int, n_threads: int
) -> float:
    """The deviation of estimates from quarters, halved: it goes with the root of the number of samples."""
    rng = np.random.default_rng([seed, 2])
    n, m = len(data), max(len(data) // 4, 2)
    found = [
        _again(np.sort(rng.permutation(n)[:m]), choice.estimator, quantity, data, n_threads)
        for _ in range(error.N_SUBSAMPLES)
    ]
    return float(np.std(found, ddof=1)) * float(np.sqrt(m / (n - m)))


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


def _warnings(choice: Choice, data: Observations, size: float, saturated: bool) -> list[str]:
    found = []
    if saturated:
        found.append(f"neighbours cannot tell more than {choice.ceiling:.2g} nats: the truth may be larger")
    if size * _FAR < len(data):
        found.append(f"samples follow each other: {len(data):,} tell as much as {size:,.0f}")
    return found
