"""Estimates from neighbours beside those of a copula, and both again for samples of the copula.

Where the two say the same of the data as of samples of the copula, the copula is believed: its estimate is
far less biased, and varies less. Elsewhere what neighbours find beyond it is added. Either estimate varies
less beside the other than by itself, since both have the same samples.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mutua._auto.copula import Copula
from mutua._auto.views import MOST_COLUMNS, Parts, View, views
from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION, Quantity
from mutua._variables import Variable
from mutua.estimators.extrapolated import NEIGHBORS, extrapolated
from mutua.estimators.neighbors import KSG

Floats = NDArray[np.float64]

# Decided on `mutua.distributions.tuning` by benches/accuracy.py; docs/decisions/0031 says how.
_BELIEVED, _DOUBTED = 2.0, 3.5  # deviations up to which the copula stays, and from which it is given up
_FAR = 10.0  # deviations further, of two scalars nothing of the copula is left
_MIX = 0.25  # of the extrapolated estimate, against the copula's and what is found beyond
_MEAN_DEVIATION = 0.60  # over the root of n: of the mean over k, beside the copula's estimate
_LINE_DEVIATION = 0.85  # of the extrapolated one, times 1 + d/6
_MEAN_FROM, _MEAN_TO = 2, 8  # of the neighbours over which that mean is: 3 to 15


@dataclass(frozen=True, slots=True)
class Seen:
    """A view: the estimates over k, the mean of those of samples of the copula, and what follows."""

    name: str
    n_columns: int
    curve: Floats
    expected: Floats
    excess: float
    deviations: float
    candidate: float
    weight: float


@dataclass(frozen=True, slots=True)
class Calibrated:
    """An estimate, the copula, and the views; the best of them is the first."""

    value: float
    parts: Parts
    copula: Copula
    of_copula: float
    seen: tuple[Seen, ...]
    best: Parts | None

    @property
    def is_copula(self) -> bool:
        return self.best is None

    def pointwise(self, quantity: Quantity, widths: Sequence[int], n_threads: int) -> Floats:
        """What samples contribute: to the copula's estimate, or that of five neighbours in the best view."""
        if self.best is None:
            return self.copula.pointwise(quantity, widths)
        values = np.asarray(_neighbors(quantity, self.best, 5, n_threads, pointwise=True))
        return np.asarray(values + (self.value - values.mean()))


def calibrated(quantity: Quantity, parts: Parts, seed: int, n_surrogates: int, n_threads: int) -> Calibrated:
    """Of the normal scores of variables, none of whose columns others determine."""
    widths = [part.shape[1] for part in parts]
    n, ends = len(parts[0]), np.cumsum(widths)[:-1]
    copula = Copula.of(np.hstack(parts))
    of_copula = copula.information(quantity, widths)
    law = copula
    if quantity == MUTUAL_INFORMATION:
        kinds = list(views(parts, copula))
        law = copula.unbiased(widths[0], of_copula)
    else:
        kinds = [View("all columns", lambda parts: parts)] if sum(widths) <= MOST_COLUMNS else []
    made = [kind.of(parts) for kind in kinds]
    curves = [_neighbors(quantity, view, NEIGHBORS, n_threads) for view in made]
    surrogates: list[list[Floats]] = [[] for _ in kinds]
    for each in np.random.SeedSequence(seed).spawn(n_surrogates if kinds else 0):
        surrogate = law.draw(n, np.random.default_rng(each))
        drawn = tuple(np.ascontiguousarray(part) for part in np.split(surrogate, ends, axis=1))
        again = Copula.of(surrogate, copula.dof).information(quantity, widths)
        for kind, found in zip(kinds, surrogates, strict=True):
            found.append(_neighbors(quantity, kind.of(drawn), NEIGHBORS, n_threads) - again)
    seen = [
        _compared(kind.name, view, curve, np.array(found), of_copula, n)
        for kind, view, curve, found in zip(kinds, made, curves, surrogates, strict=True)
    ]
    order = sorted(range(len(seen)), key=lambda i: -seen[i].weight * (seen[i].candidate - of_copula))
    gain = max((seen[i].weight * (seen[i].candidate - of_copula) for i in order[:1]), default=0.0)
    best = made[order[0]] if gain > 0 else None
    return Calibrated(
        of_copula + max(gain, 0.0), parts, copula, of_copula, tuple(seen[i] for i in order), best
    )


def _compared(name: str, view: Parts, curve: Floats, beside: Floats, of_copula: float, n: int) -> Seen:
    """The curve of the data with those of samples of the copula, less the copula's estimate of these."""
    d = sum(part.shape[1] for part in view)
    scale = math.sqrt((1 + 1 / len(beside)) / n)
    line = extrapolated(curve, d)
    expected = of_copula + beside.mean(axis=0)
    beyond = line - extrapolated(expected, d)
    mean = float(np.mean((curve - expected)[_MEAN_FROM:_MEAN_TO]))
    deviations = max(mean / (_MEAN_DEVIATION * scale), beyond / (_LINE_DEVIATION * (1 + d / 6) * scale))
    if d == 2:
        far = min(max((deviations - _DOUBTED) / _FAR, 0.0), 1.0)
        candidate = far * line + (1 - far) * (of_copula + (mean + beyond) / 2)
    else:
        candidate = max(_MIX * line + (1 - _MIX) * (of_copula + beyond), of_copula + mean)
    weight = min(max((deviations - _BELIEVED) / (_DOUBTED - _BELIEVED), 0.0), 1.0)
    return Seen(name, d, curve, expected, beyond, deviations, candidate, weight)


def _neighbors(
    quantity: Quantity, parts: Parts, k: int | tuple[int, ...], n_threads: int, pointwise: bool = False
) -> Floats:
    variables = tuple(Variable("x", np.ascontiguousarray(part), False) for part in parts)
    estimator = KSG(k=k, norm="euclidean")
    return np.asarray(estimator._estimate(quantity, Observations(variables), pointwise, n_threads))
