"""Which estimate suits the data, and why."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._auto.calibrated import Calibrated, calibrated
from mutua._auto.words import cautions, reasons
from mutua._gamma import digamma
from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION, Quantity
from mutua._ties import ties
from mutua._variables import Variable, finite_matrix
from mutua.estimators.base import Estimator
from mutua.estimators.common_ball import CommonBall
from mutua.estimators.counts import PlugIn
from mutua.estimators.local import LNC
from mutua.estimators.mixtures import AtomSplit, Mixture, Ross
from mutua.estimators.neighbors import KSG
from mutua.estimators.parametric import GaussianCopula
from mutua.estimators.student_t import StudentTCopula, is_singular
from mutua.estimators.undersampled import ChaoWangJost, Grassberger

Floats = NDArray[np.float64]

FEW = 40  # samples: too few to compare neighbours with a copula
_INDEPENDENT = 3.0  # deviations of a table from independence that are none
_NEAR_CEILING = 0.5  # of the most that neighbours can tell
_SAME = 1e-9  # what is left of a column beside others that determine it


@dataclass(frozen=True, slots=True)
class Choice:
    """An estimate in nats, what made it, why, and what to beware of."""

    value: float
    estimator: Estimator
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    ceiling: float
    pointwise: Callable[[], Floats]
    calibrated: Calibrated | None = None


def choose(quantity: Quantity, data: Observations, seed: int, n_surrogates: int, n_threads: int) -> Choice:
    """For a sum of joint entropies in which units cancel."""
    discrete = [variable.is_discrete for variable in data.variables]
    if all(discrete):
        return _of_counts(quantity, data, n_threads)
    kind = ties(data) if len(data) > 1 else "none"
    if kind == "atoms":
        why = "values that repeat are atoms: labels of their own beside what is continuous"
        return _of_balls(AtomSplit(norm="euclidean"), why, quantity, data, n_threads)
    if kind == "lattice":
        why = "values repeat here and there, as rounded ones do"
        return _of_balls(Mixture(norm="euclidean"), why, quantity, data, n_threads)
    if any(discrete):
        why = "some variables are continuous, some discrete: neighbours of the same labels"
        return _of_balls(Ross(norm="euclidean"), why, quantity, data, n_threads)
    if any(variable.periods is not None for variable in data.variables):
        why = "columns go round: there are no ranks"
        return _of_balls(KSG(norm="euclidean"), why, quantity, data, n_threads)
    return _of_numbers(quantity, data, seed, n_surrogates, n_threads)


# ----------------------------------------------------------------------------------------------------------
# Labels


def _of_counts(quantity: Quantity, data: Observations, n_threads: int) -> Choice:
    labels = [variable.labels() for variable in data.variables]
    ceiling = math.log(min(len(np.unique(column)) for column in labels[:2]))
    if quantity == MUTUAL_INFORMATION:
        table = _core.CountTable(*labels)
        found = table.mutual_information()
        expected = _core.expected_mutual_information(table.row_sums, table.column_sums, len(data))
        freedom = (len(table.row_sums) - 1) * (len(table.column_sums) - 1)
        deviation = math.sqrt(2 * max(freedom, 1)) / (2 * len(data))
        if found - expected < _INDEPENDENT * deviation:
            why = "the table looks independent: its information less that of tables of the same margins"
            shifted = partial(_shifted, PlugIn(), quantity, data, found - expected, n_threads)
            return Choice(found - expected, PlugIn(), (why,), (), ceiling, shifted)
    value = float(ChaoWangJost()._estimate(quantity, data, False, n_threads))
    why = "all variables are discrete: labels are counted, and those not seen allowed for"
    contributions = partial(_shifted, Grassberger(), quantity, data, value, n_threads)
    return Choice(value, ChaoWangJost(), (why,), tuple(_of_rare(labels)), ceiling, contributions)


def _of_rare(labels: list[NDArray[np.int64]]) -> Iterator[str]:
    joint = np.unique(_core.joint_labels(labels), return_counts=True)[1]
    once = float(np.sum(joint == 1)) / len(labels[0])
    if once > 0.3:
        yield f"{once:.0%} of the samples have a joint label that occurs once: most of the law was not seen"


def _shifted(
    estimator: Estimator, quantity: Quantity, data: Observations, value: float, n_threads: int
) -> Floats:
    """What samples contribute to an estimator like this, such that their mean is the estimate."""
    values = np.asarray(estimator._estimate(quantity, data, True, n_threads))
    known = values[~np.isnan(values)]
    return np.asarray(values + (value - known.mean()))


# ----------------------------------------------------------------------------------------------------------
# Neighbours of labels and numbers


def _of_balls(
    estimator: CommonBall, why: str, quantity: Quantity, data: Observations, n_threads: int
) -> Choice:
    scored = replace(data, variables=tuple(_scored(variable, n_threads) for variable in data.variables))
    value = float(estimator._estimate(quantity, scored, False, n_threads))
    labels = [variable.labels() for variable in data.variables if variable.is_discrete]
    entropy = math.log(min((len(np.unique(column)) for column in labels), default=len(data)))
    ceiling = min(entropy, most(len(data), 3))
    warnings = tuple(_of_dimensions(data))
    contributions = partial(_shifted, estimator, quantity, scored, value, n_threads)
    return Choice(value, estimator, (why,), warnings, ceiling, contributions)


def _of_dimensions(data: Observations) -> Iterator[str]:
    d = sum(variable.numbers().size // len(data) for variable in data.variables if not variable.is_discrete)
    if d > 3:
        yield f"in {d} dimensions neighbours are far, and the estimate is too low"


def _scored(variable: Variable, n_threads: int) -> Variable:
    if variable.is_discrete or variable.periods is not None:
        return variable
    return replace(variable, array=_core.normal_scores(finite_matrix(variable), n_threads))


def most(n: int, k: int) -> float:
    """What an estimate from neighbours cannot exceed."""
    return digamma(n) - digamma(min(k, n))


# ----------------------------------------------------------------------------------------------------------
# Numbers


def _of_numbers(
    quantity: Quantity, data: Observations, seed: int, n_surrogates: int, n_threads: int
) -> Choice:
    n = len(data)
    parts = [_core.normal_scores(finite_matrix(variable), n_threads) for variable in data.variables]
    parts = [_not_determined(part) for part in parts]
    ceiling = most(n, 3)
    if n < FEW or is_singular(np.hstack(parts)):
        choice = _by_ranks(quantity, data, parts, ceiling, n_threads)
    else:
        found = calibrated(quantity, tuple(parts), seed, n_surrogates, n_threads)
        choice = _explained(found, quantity, parts, ceiling, n_threads)
    is_pair = quantity == MUTUAL_INFORMATION and all(part.shape[1] == 1 for part in parts)
    if n < FEW or not is_pair or choice.value < _NEAR_CEILING * ceiling:
        return choice
    value = float(LNC()._estimate(quantity, data, False, n_threads))
    if not choice.value < value < math.inf:
        return choice
    why = f"neighbours near their ceiling of {ceiling:.1f} nats: corrected by how they lie"
    warning = "of scalars on a line the estimate may be too low by some tenths of a nat"
    contributions = partial(_shifted, LNC(), quantity, data, value, n_threads)
    return replace(
        choice, value=value, estimator=LNC(), reasons=(why,), warnings=(warning,), pointwise=contributions
    )


def _explained(
    found: Calibrated, quantity: Quantity, parts: list[Floats], ceiling: float, n_threads: int
) -> Choice:
    widths = [part.shape[1] for part in parts]
    is_normal = found.copula.is_normal
    estimator: Estimator = GaussianCopula() if is_normal else StudentTCopula(round(found.copula.dof, 2))
    why, warnings = tuple(reasons(found)), tuple(cautions(found, sum(widths)))
    contributions = partial(found.pointwise, quantity, widths, n_threads)
    return Choice(found.value, estimator, why, warnings, ceiling, contributions, found)


def _by_ranks(
    quantity: Quantity, data: Observations, parts: list[Floats], ceiling: float, n_threads: int
) -> Choice:
    """Of few samples, or where columns determine others: the normal copula, unless it is infinite."""
    few = len(data) < FEW
    why = f"{len(data)} samples are too few to look at neighbours" if few else "columns determine others"
    named = zip(data.variables, parts, strict=True)
    scored = Observations(tuple(Variable(variable.name, part, False) for variable, part in named))
    estimator: Estimator = GaussianCopula()
    value = float(estimator._estimate(quantity, scored, False, n_threads))
    warning = "only monotone dependence is seen"
    if not math.isfinite(value):
        estimator = KSG(k=min(3, len(data) - 1), norm="euclidean")
        value = float(estimator._estimate(quantity, scored, False, n_threads))
        warning = "columns have the same order: the truth may be infinite"
    contributions = partial(_shifted, estimator, quantity, scored, value, n_threads)
    return Choice(value, estimator, (why,), (warning,), ceiling, contributions)


def _not_determined(part: Floats) -> Floats:
    """Without the columns that those before them determine."""
    if not is_singular(part):
        return part
    kept = [0]
    for column in range(1, part.shape[1]):
        basis, values = part[:, kept], part[:, column]
        rest = values - basis @ np.linalg.lstsq(basis, values, rcond=None)[0]
        if np.sum(rest**2) > _SAME * np.sum(values**2):
            kept.append(column)
    return np.ascontiguousarray(part[:, kept])
