"""Estimates from neighbours beside those of a copula, and both again for samples of the copula.

Where the two say the same of the data as of samples of the copula, the copula is believed: its estimate is
far less biased, and varies less. Elsewhere what neighbours find beyond it is added. Either estimate varies
less beside the other than by itself, since both have the same samples.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mutua._auto.copula import Copula
from mutua._auto.views import COMPONENTS, MOST_COLUMNS, Parts, View, views
from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION, Quantity
from mutua._variables import Variable
from mutua.estimators.extrapolated import NEIGHBORS, extrapolated
from mutua.estimators.neighbors import KSG

Floats = NDArray[np.float64]

_MEAN_FROM, _MEAN_TO = 2, 8  # of the neighbours over which a mean is taken: 3 to 15
_FEW = 5  # numbers of neighbours: one to five
_NEAREST, _FARTHEST = 2, 5  # the first numbers of neighbours, one and two; those from here on, 7 to 20
_MEAN_DEVIATION = 0.60  # over the root of n: of that mean, beside the copula's estimate
_LINE_DEVIATION = 0.85  # of the extrapolated one, times 1 + d/6


class Rules(NamedTuple):
    """Decided on `mutua.distributions.tuning`: ``benches/accuracy.py --rules`` prints what others bring.

    Up to `believed` deviations the copula stays, from `doubted` on it is given up, and of two scalars nothing
    of it is left `far` deviations further. `mix` is how much the extrapolated estimate counts beside the
    copula's and what is found beyond it.
    """

    believed: float = 2.0
    doubted: float = 3.5
    far: float = 10.0
    mix: float = 0.25


RULES = Rules()


@dataclass(frozen=True, slots=True)
class Seen:
    """A view: the estimates over k, and those expected of samples of the copula.

    Attributes
    ----------
    line, few : float
        The curve, extrapolated; its mean for one to five neighbours.
    beyond, mean : float
        What it has more than expected; what the mean of the curve has more.
    deviations : float
        The larger of these two in units of its deviation.
    """

    name: str
    n_columns: int
    curve: Floats
    expected: Floats
    line: float
    few: float
    beyond: float
    mean: float
    deviations: float

    @property
    def is_of_found_directions(self) -> bool:
        return self.name.startswith(COMPONENTS)

    @property
    def rise(self) -> float:
        """How much more the curve rises than expected, from many neighbours to one and two."""
        difference = self.curve - self.expected
        return float(np.mean(difference[:_NEAREST]) - np.mean(difference[_FARTHEST:]))

    def weight(self, rules: Rules = RULES) -> float:
        """How much of what is found counts, from 0 to 1."""
        return min(max((self.deviations - rules.believed) / (rules.doubted - rules.believed), 0.0), 1.0)

    def added(self, of_copula: float, rules: Rules = RULES) -> float:
        """What comes to the copula's estimate."""
        if self.n_columns == 2:
            far = min(max((self.deviations - rules.doubted) / rules.far, 0.0), 1.0)
            found = far * ((self.line + self.few) / 2 - of_copula) + (1 - far) * (self.mean + self.beyond) / 2
        else:
            found = max(rules.mix * (self.line - of_copula) + (1 - rules.mix) * self.beyond, self.mean)
        return self.weight(rules) * found


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
        _compared(kind.name, view, curve, np.array(found), of_copula)
        for kind, view, curve, found in zip(kinds, made, curves, surrogates, strict=True)
    ]
    order = sorted(
        range(len(seen)), key=lambda i: (seen[i].added(of_copula), seen[i].deviations), reverse=True
    )
    gain = max(seen[order[0]].added(of_copula), 0.0) if order else 0.0
    best = made[order[0]] if gain > 0 else None
    return Calibrated(of_copula + gain, parts, copula, of_copula, tuple(seen[i] for i in order), best)


def _compared(name: str, view: Parts, curve: Floats, beside: Floats, of_copula: float) -> Seen:
    """The curve of the data with those of samples of the copula, less the copula's estimate of these."""
    n, d = len(view[0]), sum(part.shape[1] for part in view)
    scale = math.sqrt((1 + 1 / len(beside)) / n)
    expected = of_copula + beside.mean(axis=0)
    line = extrapolated(curve, d)
    beyond = line - extrapolated(expected, d)
    mean = float(np.mean((curve - expected)[_MEAN_FROM:_MEAN_TO]))
    deviations = max(mean / (_MEAN_DEVIATION * scale), beyond / (_LINE_DEVIATION * (1 + d / 6) * scale))
    return Seen(name, d, curve, expected, line, float(curve[:_FEW].mean()), beyond, mean, deviations)


def _neighbors(
    quantity: Quantity, parts: Parts, k: int | tuple[int, ...], n_threads: int, pointwise: bool = False
) -> Floats:
    variables = tuple(Variable("x", np.ascontiguousarray(part), False) for part in parts)
    estimator = KSG(k=k, norm="euclidean")
    return np.asarray(estimator._estimate(quantity, Observations(variables), pointwise, n_threads))
