"""Transfer entropy: what the past of one series tells about another, beyond the past of that one."""

from collections.abc import Sequence
from typing import Any, Literal

from numpy.typing import ArrayLike

from mutua._embedding import NOW, Steps, number_of_steps, over_lags
from mutua._quantity import MUTUAL_INFORMATION
from mutua._recording import Recording
from mutua.estimators import Estimator
from mutua.measures import measured

__all__ = ["transfer_entropy"]


def transfer_entropy(
    source: ArrayLike,
    target: ArrayLike,
    *,
    given: Any = None,
    lag: int | Sequence[int] = 1,
    history: int = 1,
    source_history: int = 1,
    given_history: int = 1,
    groups: ArrayLike | None = None,
    pooled: bool = False,
    window: int = 0,
    estimator: Estimator | None = None,
    base: float | None = None,
    pointwise: bool = False,
    discrete: bool | Sequence[bool | None] | None = None,
    weights: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    nan_policy: Literal["raise", "omit"] = "raise",
    n_jobs: int | None = None,
) -> Any:
    r"""How much the past of `source` tells about `target`, beyond the past of `target` itself.

    .. math:: I(Y_t; X_{t-u}, \dots, X_{t-u-l+1} \mid Y_{t-1}, \dots, Y_{t-k}, Z_{t-1}, \dots, Z_{t-m})

    with the lag `u` and the histories `l` of the source `X`, `k` of the target `Y` and `m` of what is given,
    `Z`: a conditional mutual information, for any estimator of that.

    A history that is too short shows the target's own past as if it came from the source; one that is too
    long adds dimensions, which pull neighbour estimates towards 0 and plug-in ones up. A common driver of
    both must be given, or is mistaken for transfer.

    Parameters
    ----------
    source, target : array-like of shape (n_samples,) or (n_samples, n_columns)
        Samples in the order of time, at equal steps. Floats are continuous, all else discrete.
    given : array-like or tuple of arrays, optional
        Other series whose past is known. Columns may be of both kinds.
    lag : int or sequence of int, default=1
        How many samples before the target the last of the source is: at least 0, for the same time.
    history, source_history, given_history : int, default=1
        How many samples of the past of each: of the target and of what is given those before now.
    groups : array-like of shape (n_samples,), optional
        A label for each sample, such as the number of a trial. No past reaches into another group, nor across
        it into one of the same label, and each group is estimated by itself: the result is the mean over all
        samples, the information given the group. Each needs more samples than neighbours.
    pooled : bool, default=False
        Whether to count the samples of all groups together, as of one law: for trials that are short.
    window : int, default=0
        Samples at most so many steps apart are no neighbours, for `KSG`: they are near because hardly any
        time has passed. As long as a series remembers itself; each step costs another two neighbours.
    estimator : Estimator, optional
        How to estimate. If None, as `mutual_information` given others: `PlugIn` for labels, `KSG` for floats.
    base : float, optional
        Base of the logarithm: 2 for bits. If None, e, for nats.
    pointwise : bool, default=False
        Whether to return what each sample of the target contributes instead of the mean: NaN for one that is
        left out, or has no past.
    discrete : bool or sequence of bool, optional
        Whether the variables are discrete, where the type of the array does not tell: for all, or for
        `source`, `target` and `given` in turn.
    weights : array-like of shape (n_samples,), optional
        How much each sample of the target counts: finite, at least 0, not all 0. For the estimators that take
        them.
    mask : array-like of bool of shape (n_samples,), optional
        Which samples to use, for the past too. Others may hold anything.
    nan_policy : {"raise", "omit"}, default="raise"
        Whether missing values, such as NaN, are refused, or left out: time does not close up over them.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors. Results do not depend on it.

    Returns
    -------
    float or ndarray
        The estimate as it comes: below 0 where there is little to tell. Of several lags an array, with one
        entry for each; each is estimated from all samples that have a past at that lag.

    Raises
    ------
    ValueError
        If samples are not finite, lengths differ, no sample has all its past, there are too few samples for
        `k`, or the estimator is not for such data.
    TypeError
        If an argument is of a type that does not fit.

    References
    ----------
    Schreiber, "Measuring information transfer", Phys. Rev. Lett. 85, 461 (2000).
    Theiler, "Spurious dimension from correlation algorithms applied to limited time-series data", Phys. Rev.
    A 34, 2427 (1986), for the window.
    Wibral et al., "Measuring information-transfer delays", PLoS ONE 8, e55809 (2013).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import transfer_entropy
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=5000)
    >>> y = np.roll(x, 2) + rng.normal(size=5000)
    >>> transfer_entropy(x, y, lag=range(1, 4)).round(2)  # the truth is 0, ln(2) / 2, 0
    array([0.01, 0.36, 0.  ])
    >>> round(transfer_entropy(y, x), 2)
    -0.01
    """
    recording = Recording.read(
        {"source": source, "target": target},
        given,
        discrete=discrete,
        weights=weights,
        mask=mask,
        nan_policy=nan_policy,
        groups=groups,
    )
    n_samples = len(recording)
    of_source, of_target, of_given = (
        number_of_steps(name, value, 1, n_samples)
        for name, value in [
            ("source_history", source_history),
            ("history", history),
            ("given_history", given_history),
        ]
    )
    steps_apart = number_of_steps("window", window, 0, n_samples)
    cause, effect = recording.variables

    def at(lag: int) -> Any:
        data = recording.observed(
            [(cause, _steps(lag, of_source)), (effect, NOW)],
            [(effect, _steps(1, of_target)), *((other, _steps(1, of_given)) for other in recording.given)],
            pooled=pooled,
            window=steps_apart,
        )
        return measured(MUTUAL_INFORMATION, data, estimator, base, pointwise, n_jobs)

    return over_lags(lag, n_samples, at, least=0)


def _steps(first: int, history: int) -> Steps:
    """So many steps back, the nearest first."""
    return tuple(range(first, first + history))
