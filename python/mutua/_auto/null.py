"""How probable as much is where nothing is shared."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from mutua import _core
from mutua._auto.calibrated import Calibrated
from mutua._auto.choice import Choice
from mutua._observations import Observations
from mutua._quantity import Quantity
from mutua._testing import IndependenceTest, Method

_N_SURROGATES = 199
_ENOUGH = 20  # surrogates as extreme, after which no more are drawn
_NEIGHBORS = 5  # in what is given


def pvalue(
    quantity: Quantity,
    data: Observations,
    choice: Choice,
    size: float,
    is_series: bool,
    seed: int,
    n_threads: int,
) -> float:
    """Of independence; NaN where samples are too few for a test, or a series is given others.

    For a copula that of its likelihood ratio, with what neighbours find beyond it, as of `size` independent
    samples; for labels the chi-square law; else of surrogates. Of a series these are shifts, gaps closed.
    """
    if choice.calibrated is not None:
        return _of_copula(quantity, choice.calibrated, size / len(data))
    if is_series and len(data.variables) > 2:
        return math.nan
    method: Method | None = "shift" if is_series else None
    if method is None and all(variable.is_discrete for variable in data.variables):
        method = "chi-square"
    enough = None if method == "chi-square" else _ENOUGH
    test = IndependenceTest(method, None, _N_SURROGATES, "greater", enough, _NEIGHBORS, None, seed, n_threads)
    try:
        return float(test.of(replace(data, times=None) if is_series else data).pvalue)
    except ValueError:
        return math.nan


def _of_copula(quantity: Quantity, found: Calibrated, share: float) -> float:
    """The less probable of two, twice: correlations as large, and as much beyond the copula in any view."""
    n, widths = len(found.parts[0]), [part.shape[1] for part in found.parts]
    correlations = np.atleast_2d(np.corrcoef(np.hstack(found.parts).T))
    ends = np.cumsum(widths)
    columns = np.split(np.arange(ends[-1]), ends[:-1])
    logarithms = 0.0
    for coefficient, mask in quantity.terms:
        part = np.concatenate([part for i, part in enumerate(columns) if mask >> i & 1])
        logarithms += coefficient * float(np.linalg.slogdet(correlations[np.ix_(part, part)])[1])
    freedom = widths[0] * widths[1]
    others = sum(widths[2:])
    ratio = (n - others - (widths[0] + widths[1] + 3) / 2) * logarithms  # Bartlett (1938)
    if not found.copula.is_normal:
        freedom, ratio = freedom + 1, ratio + 2 * found.copula.gain
    normal = float(_core.chi_square_survival(freedom, max(share * ratio, 0.0)))
    beyond = max((view.deviations for view in found.seen), default=0.0)
    neighbors = len(found.seen) * (1 - NormalDist().cdf(beyond * math.sqrt(share)))
    return min(2 * min(normal, neighbors), 1.0) if found.seen else min(normal, 1.0)
