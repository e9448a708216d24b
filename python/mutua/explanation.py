"""Why an estimator is chosen for the data, in words and as a value."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION
from mutua._recording import Recording
from mutua._ties import ties
from mutua._variables import Variable
from mutua.estimators import KSG, Estimator, PlugIn
from mutua.measures import route

__all__ = ["Explanation", "explain"]

WORTH_SAYING = 0.05  # nats: a bias of the plug-in estimate from which on others are named
FEW_DIMENSIONS = 3  # in more, neighbours are far


@dataclass(frozen=True, slots=True)
class Explanation:
    """How `mutual_information` estimates when no estimator is named.

    Attributes
    ----------
    estimator : Estimator
        What is chosen.
    reasons : tuple of str
        What the data are, and what follows from it.
    cautions : tuple of str
        What to beware of with such data.

    Examples
    --------
    >>> from mutua import explain
    >>> explain([0.5, 1.5, 2.5, 3.5, 4.5], [0, 0, 1, 1, 1]).reasons[1]
    'y is discrete: 2 labels of int64'
    """

    estimator: Estimator
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]

    def __str__(self) -> str:
        parts = ["\n- ".join([f"{self.estimator!r}, because", *self.reasons])]
        if self.cautions:
            parts.append("\n- ".join(["beware:", *self.cautions]))
        return "\n".join(parts)


def explain(
    x: ArrayLike,
    y: ArrayLike,
    given: Any = None,
    *,
    discrete: bool | Sequence[bool | None] | None = None,
) -> Explanation:
    """Which estimator `mutual_information` chooses for such data, and why.

    Parameters
    ----------
    x, y, given, discrete
        As for `mutual_information`.

    Returns
    -------
    Explanation
        The estimator as a value; printed, it says why in words.

    Raises
    ------
    ValueError, TypeError
        As `mutual_information` does.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import explain
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=1000)
    >>> print(explain(x, x > 1))
    Ross(k=3, norm='max'), because
    - x is continuous: float64, no value occurs twice
    - y is discrete: 2 labels of bool
    - some are continuous, some discrete: neighbours are sought among the same labels
    >>> explain(x.round(1), rng.normal(size=1000).round(1)).estimator
    Mixture(k=3, norm='max')
    >>> print(explain(range(1000), x.round(1).astype(str)))  # doctest: +ELLIPSIS
    PlugIn(), because
    ...
    beware:
    - x has 1,000 labels in 1,000 samples: where they are numbers, make them floats
    - the estimate is too high by about ... nats
    """
    data = Recording.read({"x": x, "y": y}, given, discrete=discrete).observed()
    estimator = route(MUTUAL_INFORMATION.given_others(len(data.variables)), data)
    reasons = (*map(_described, data.variables), _conclusion(data))
    return Explanation(estimator, reasons, tuple(_cautions(estimator, data)))


def _described(variable: Variable) -> str:
    dtype, n_columns = variable.array.dtype, math.prod(variable.array.shape[1:])
    shape = f" in {n_columns} columns" if n_columns > 1 else ""
    if variable.is_discrete:
        return f"{variable.name} is discrete: {len(variable.occurrences()):,} labels of {dtype}{shape}"
    counts = np.unique(variable.modulo_periods(), axis=0, return_counts=True)[1]
    repeated = float(np.sum(counts[counts > 1])) / len(variable)
    found = f"{repeated:.1%} of the values occur more than once" if repeated else "no value occurs twice"
    kind = "continuous" if variable.periods is None else "continuous and periodic"
    return f"{variable.name} is {kind}: {dtype}{shape}, {found}"


def _conclusion(data: Observations) -> str:
    discrete = [variable.is_discrete for variable in data.variables]
    if all(discrete):
        return "all are discrete: labels are counted"
    match ties(data):
        case "atoms":
            return "values that repeat are atoms: labels of their own beside what is continuous"
        case "lattice":
            return "values repeat here and there, as rounded ones do: neighbours may be at no distance"
    if any(discrete):
        return "some are continuous, some discrete: neighbours are sought among the same labels"
    return "all are continuous and no value repeats: distances of neighbours tell all"


def _cautions(estimator: Estimator, data: Observations) -> Iterator[str]:
    n = len(data)
    labels = {v.name: len(v.occurrences()) for v in data.variables if v.is_discrete}
    for name, distinct in labels.items():
        if 2 * distinct > n > 1:
            yield f"{name} has {distinct:,} labels in {n:,} samples: where they are numbers, make them floats"
    if isinstance(estimator, PlugIn) and len(labels) == 2:
        bias = math.prod(distinct - 1 for distinct in labels.values()) / (2 * n)
        if bias > WORTH_SAYING:
            ceiling = math.log(min(labels.values()))
            yield f"the estimate is too high by about {min(bias, ceiling):.2g} nats"
    if isinstance(estimator, KSG):
        d = sum(variable.array.size // n for variable in data.variables)
        if d > FEW_DIMENSIONS:
            yield f"in {d} dimensions neighbours are far, and the estimate is too low"
