"""Which of two variables tells more about a third."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua import _core
from mutua._observations import Observations
from mutua._parameters import at_least, instance, one_of
from mutua._quantity import MUTUAL_INFORMATION
from mutua._recording import Recording
from mutua._threads import count_threads
from mutua.estimators import Estimator
from mutua.measures import route

__all__ = ["compare"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class ComparisonResult:
    """How much more the first variable tells than the second.

    Attributes
    ----------
    statistic : float
        The difference of the two estimates, in nats.
    standard_error : float
        How far it scatters.
    pvalue : float
        How often as much is found where both tell the same.
    information : tuple of float
        The two estimates.
    subsamples : ndarray
        The differences in the halves of the samples.
    alternative : str
        Which side counts.
    """

    statistic: float
    standard_error: float
    pvalue: float
    information: tuple[float, float]
    subsamples: Floats
    alternative: str

    def __repr__(self) -> str:
        first, second = self.information
        return (
            f"<{type(self).__name__}: {first:.4g} - {second:.4g} = {self.statistic:.4g} nats, "
            f"standard error {self.standard_error:.2g}, p = {self.pvalue:.3g} ({self.alternative})>"
        )


def compare(
    x1: ArrayLike,
    x2: ArrayLike,
    y: ArrayLike,
    *,
    given: Any = None,
    estimator: Estimator | None = None,
    alternative: Literal["greater", "less", "two-sided"] = "greater",
    n_subsamples: int = 200,
    seed: int = 0,
    discrete: bool | Sequence[bool | None] | None = None,
    mask: ArrayLike | None = None,
    nan_policy: Literal["raise", "omit"] = "raise",
    n_jobs: int | None = None,
) -> ComparisonResult:
    r"""Test whether `x1` tells more about `y` than `x2` does: ``I(X1; Y) > I(X2; Y)``.

    .. math:: \hat\sigma^2 = \tfrac{m}{n - m} \, \mathrm{Var}(D_m), \qquad z = D_n / \hat\sigma

    ``D_n`` is the difference of the two estimates, and ``D_m`` that in ``m = n // 2`` of the samples, drawn
    without replacement and the same for both: what the two have in common cancels. No sample is drawn twice,
    which neighbour estimators would take for dependence. The p-value is that of a normal law.

    Assumes independent samples, an estimator whose error shrinks as the root of `n` and is about normal, and
    as large a bias of both estimates: compare variables of one kind, on one scale, with as many columns, by
    one estimator. Where both tell nothing, and labels are counted, the error is not normal: the test is then
    cautious.

    Parameters
    ----------
    x1, x2, y : array-like of shape (n_samples,) or (n_samples, n_columns)
        Samples, a row for each. Floats are continuous, all else discrete.
    given : array-like or tuple of arrays, optional
        What is known already: the information beyond that.
    estimator : Estimator, optional
        How to estimate both. If None, as `mutual_information` chooses for each.
    alternative : {"greater", "less", "two-sided"}, default="greater"
        Whether `x1` tells more, less, or either.
    n_subsamples : int, default=200
        How many halves are drawn: the standard error is off by ``1 / sqrt(2 n_subsamples)`` of itself.
    seed : int, default=0
        Names the halves.
    discrete : bool or sequence of bool, optional
        Whether the variables are discrete, where the type of the array does not tell: for all, or for `x1`,
        `x2`, `y` and `given` in turn.
    mask : array-like of bool of shape (n_samples,), optional
        Which samples to use.
    nan_policy : {"raise", "omit"}, default="raise"
        Whether missing values are refused, or samples with one left out.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors. Results do not depend on it.

    Returns
    -------
    ComparisonResult
        With `statistic`, the difference in nats, `standard_error`, `pvalue`, `information`, `subsamples`.

    Raises
    ------
    ValueError
        If there are too few samples, or the estimator is not for such data.
    TypeError
        If an argument is of a type that does not fit.

    References
    ----------
    Shao and Wu, "A general theory for jackknife variance estimation", Annals of Statistics 17 (1989).
    Holmes and Nemenman, "Estimation of mutual information for real-valued data with error bars and controlled
    bias", Phys. Rev. E 100, 022404 (2019).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import compare
    >>> x1, x2, noise = np.random.default_rng(0).normal(size=(3, 500))
    >>> result = compare(x1, x2, x1 + x2 / 2 + noise)
    >>> round(result.statistic, 2), round(result.standard_error, 2), result.pvalue < 0.01
    (0.28, 0.06, True)
    """
    one_of("alternative", alternative, ("greater", "less", "two-sided"))
    if estimator is not None:
        instance("estimator", estimator, Estimator, "an estimator like KSG(k=3)")
    n_subsamples = at_least("n_subsamples", n_subsamples, 2)
    seed, n_threads = at_least("seed", seed, 0), count_threads(n_jobs)
    recording = Recording.read(
        {"x1": x1, "x2": x2, "y": y}, given, discrete=discrete, mask=mask, nan_policy=nan_policy
    )
    data = recording.observed().plain()
    n = len(data)
    if n < 4:
        raise ValueError(f"x1 must have at least 4 samples, two halves of 2, got {n}")
    halves = _core.draw_orders("any", n, seed, 0, n_subsamples)[:, : n // 2]
    one, other = (_information(data, index, estimator, halves, n_threads) for index in (0, 1))
    differences = one[1:] - other[1:]
    information = float(one[0]), float(other[0])
    difference = information[0] - information[1]
    error = float(np.std(differences)) * math.sqrt((n // 2) / (n - n // 2))
    return ComparisonResult(
        difference, error, _pvalue(difference, error, alternative), information, differences, alternative
    )


def _information(
    data: Observations, index: int, estimator: Estimator | None, halves: NDArray[np.uint32], n_threads: int
) -> Floats:
    """Of all samples, and then of those in each half."""
    data = replace(data, variables=(data.variables[index], *data.variables[2:]))
    quantity = MUTUAL_INFORMATION.given_others(len(data.variables))
    chosen = route(quantity, data) if estimator is None else estimator
    parts = (data, *(data.only(half) for half in halves))
    found = np.array([chosen._estimate(quantity, part, False, n_threads) for part in parts])
    if found.ndim > 1:
        raise ValueError(f"estimator must have one k, got {chosen!r}")
    return found


def _pvalue(difference: float, error: float, alternative: str) -> float:
    z = difference / error if error else math.copysign(math.inf, difference) if difference else 0.0
    if alternative == "two-sided":
        return math.erfc(abs(z) / math.sqrt(2))
    return math.erfc((z if alternative == "greater" else -z) / math.sqrt(2)) / 2
