"""How far an estimate may be off: by what samples contribute, in time too, and by what is unsure."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._auto.choice import Choice
from mutua._auto.words import STRONG
from mutua._observations import Observations
from mutua._variables import Variable

Floats = NDArray[np.float64]

_FOLLOW = 4.0  # over the root of n: correlations in time from which on samples are taken to follow each other
_LIKELY = 1.5  # deviations of a view that are chance as a rule
_UNSURE, _UNSURE_BEYOND = 0.05, 0.04  # of what neighbours add to a copula; for each dimension beyond two
_UNSURE_OF_RISE = 0.6  # of what the estimate still rises as neighbours get fewer
_N_SUBSAMPLES = 20
_BLOCKS = 8
_OF_FEW_BLOCKS = 1.15  # quantiles of Student's t with 7 degrees of freedom over those of the normal law


def effective_size(contributions: Floats | None, data: Observations, series: bool | None) -> float:
    """How many independent samples would tell as much, if these come in the order of time.

    ``n / (1 + 2 sum of r(t))``: correlations of contributions `t` steps apart, or products of those of the
    first columns, up to the first that is none. If it was not said whether they come in that order, only
    where correlations are too large for chance.
    """
    if series is False:
        return float(len(data))
    least = 0.0 if series else _FOLLOW
    product = math.prod(_correlations(_first_column(variable)) for variable in data.variables[:2])
    time = _time(product, len(data), least)
    if contributions is not None:
        known = contributions[np.isfinite(contributions)]
        time = max(time, _time(_correlations(known), len(known), least))
    return len(data) / time


def sampling_error(contributions: Floats, size: float, freedom: int) -> float:
    """The delta method: the deviation of contributions over the root of their number."""
    known = contributions[np.isfinite(contributions)]
    return beside_chance(math.sqrt(float(np.var(known)) / size), size, freedom)


def beside_chance(deviation: float, size: float, freedom: int) -> float:
    """A deviation that vanishes where nothing is shared, with what is left there.

    The estimate then does as half a chi-square variable over `size`.
    """
    return math.sqrt(deviation**2 + freedom / (2 * size**2))


@dataclass(frozen=True, slots=True)
class Subsamples:
    """Some of `n` samples, several times; and by how much intervals are wider since these are few."""

    n: int
    rows: list[NDArray[np.intp]]
    width: float = 1.0

    def deviation(self, estimates: list[float]) -> float:
        """Of the estimate from all: it goes with the root of how many there are, and parts are of these."""
        m = len(self.rows[0])
        if m == self.n:
            return math.nan
        return self.width * float(np.std(estimates, ddof=1)) * math.sqrt(m / (self.n - m))


def subsamples(n: int, is_series: bool, seed: int) -> Subsamples:
    """Quarters drawn at random; of a series blocks of an eighth, evenly apart (Politis and Romano 1994)."""
    m = min(max(n // (_BLOCKS if is_series else 4), 2), n)
    if is_series:
        starts = np.linspace(0, n - m, _N_SUBSAMPLES).astype(int)
        return Subsamples(n, [np.arange(start, start + m) for start in starts], _OF_FEW_BLOCKS)
    rng = np.random.default_rng([seed, 2])
    return Subsamples(n, [np.sort(rng.permutation(n)[:m]) for _ in range(_N_SUBSAMPLES)])


def unsure(choice: Choice) -> float:
    """What neighbours found, the more in more dimensions; what may be chance; strong dependence.

    Where the estimate still rises as neighbours get fewer, the density changes within the distance of few of
    them, and the end of the rise is not known.
    """
    found, strong = choice.calibrated, _UNSURE * max(choice.value - STRONG, 0.0)
    if found is None or choice.value != found.value:
        return strong
    near = [(1 - view.weight()) * view.mean / 2 for view in found.seen if view.deviations > _LIKELY]
    share = rise = 0.0
    if not found.is_copula:
        best = found.seen[0]
        share = _UNSURE + _UNSURE_BEYOND * (best.n_columns - 2)
        rise = best.weight() * max(best.rise, 0.0)
    gain = found.value - found.of_copula
    return math.hypot(share * gain, _UNSURE_OF_RISE * rise, max([0.0, *near]), strong)


def freedom(data: Observations) -> int:
    """How many ways there are to depend: pairs of columns, or of labels but one."""
    return math.prod(
        max(len(variable.occurrences()) - 1, 1)
        if variable.is_discrete
        else math.prod(variable.array.shape[1:])
        for variable in data.variables[:2]
    )


def _first_column(variable: Variable) -> Floats:
    if variable.is_discrete:
        return variable.labels().astype(np.float64)
    return _core.normal_scores(np.ascontiguousarray(variable.numbers().reshape(len(variable), -1)[:, 0]))


def _correlations(values: Floats) -> Any:
    """With the same values `t` steps later, for all `t` from 0."""
    centred = values - values.mean()
    n = len(values)
    spectrum = np.abs(np.fft.rfft(centred, 2 * n)) ** 2
    products = np.fft.irfft(spectrum)[:n]
    return np.asarray(products / products[0]) if products[0] > 0 else np.zeros(n)


def _time(correlations: Any, n: int, least: float) -> float:
    """How many samples in turn tell as much as one: 1 where the first correlations are none."""
    if n < 3 or correlations[1] < least / math.sqrt(n):
        return 1.0
    none = np.flatnonzero(correlations < 2 / math.sqrt(n))
    until = min(int(none[0]) if len(none) else n, n // 4)
    return 1 + 2 * float(np.sum(correlations[1:until]))
