"""What an estimator is worth at a given shape of the data: how many samples are needed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._parameters import instance, integer, positive_integers
from mutua.distributions import Law, Normal
from mutua.estimators import Auto, Estimator
from mutua.measures import mutual_information

__all__ = ["Calibration", "calibrate"]

_CHANCE = 0.05  # how often what is independent may look dependent


@dataclass(frozen=True, slots=True)
class Calibration:
    """Estimates from samples of laws with known information.

    Attributes
    ----------
    truths : tuple of float
        In nats, the first of them 0.
    estimates : tuple of tuple of float
        For each truth one for each repetition.

    Examples
    --------
    >>> from mutua import KSG, calibrate
    >>> found = calibrate(200, 3, 3, estimator=KSG(), information=[0.5])
    >>> found.bias.round(2)
    array([-0.01, -0.17])
    """

    truths: tuple[float, ...]
    estimates: tuple[tuple[float, ...], ...]

    @property
    def bias(self) -> NDArray[np.float64]:
        """How much too high estimates are on average, for each truth."""
        return np.asarray(np.mean(self.estimates, axis=1) - np.array(self.truths))

    @property
    def spread(self) -> NDArray[np.float64]:
        """The standard deviation of estimates."""
        return np.asarray(np.std(self.estimates, axis=1, ddof=1))

    @property
    def power(self) -> NDArray[np.float64]:
        """How often estimates are above 95 % of those of independent variables."""
        chance = np.quantile(self.estimates[0], 1 - _CHANCE)
        return np.asarray(np.mean(np.array(self.estimates) > chance, axis=1))

    def __str__(self) -> str:
        lines = ["truth    bias  spread  power"]
        rows = zip(self.truths, self.bias, self.spread, self.power, strict=True)
        lines += [
            f"{truth:5.2f} {bias:7.3f} {spread:7.3f} {power:6.2f}" for truth, bias, spread, power in rows
        ]
        return "\n".join(lines)


def calibrate(
    n: int,
    dx: int = 1,
    dy: int = 1,
    *,
    estimator: Estimator | None = None,
    information: Sequence[float] = (0.05, 0.2, 1.0),
    repetitions: int = 20,
    seed: int = 0,
    n_jobs: int | None = None,
) -> Calibration:
    """Bias, spread and power of an estimator for so many samples of so many columns.

    The laws are normal, all columns independent but for one pair: the easiest of what may be asked. What is
    curved is estimated worse; samples of any law of `mutua.distributions` tell by how much.

    Parameters
    ----------
    n : int
        Number of samples.
    dx, dy : int, default=1
        Columns of the two variables.
    estimator : Estimator, optional
        How to estimate. If None, `Auto`.
    information : sequence of float, default=(0.05, 0.2, 1.0)
        What the variables share, in nats, above 0; independent ones come first.
    repetitions : int, default=20
        How many samples are drawn for each, at least 2.
    seed : int, default=0
        The same result for the same number.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors. Results do not depend on it.

    Returns
    -------
    Calibration

    Raises
    ------
    ValueError
        If a number is out of range, or the estimator refuses such samples.
    TypeError
        If an argument is of a type that does not fit.

    Examples
    --------
    >>> from mutua import KSG, calibrate
    >>> print(calibrate(100, 2, 2, estimator=KSG(), information=[0.1, 1.0]))
    truth    bias  spread  power
     0.00   0.014   0.057   0.05
     0.10  -0.000   0.072   0.50
     1.00  -0.300   0.072   1.00
    """
    for name, value in (("n", n), ("dx", dx), ("dy", dy), ("repetitions", repetitions)):
        positive_integers(name, integer(name, value))
    if repetitions < 2:
        raise ValueError(f"repetitions must be at least 2, got {repetitions}")
    if integer("seed", seed) < 0:
        raise ValueError(f"seed must be at least 0, got {seed}")
    estimator = Auto() if estimator is None else estimator
    instance("estimator", estimator, Estimator, "an estimator like KSG(k=3)")
    laws = [Normal.pairs(dx, dy), *(_of_one_pair(dx, dy, nats) for nats in _above_0(information))]
    draws = np.random.SeedSequence(seed).spawn(repetitions)
    estimates = tuple(tuple(_estimates(law, n, draw, estimator, n_jobs) for draw in draws) for law in laws)
    return Calibration(tuple(law.mutual_information for law in laws), estimates)


def _estimates(law: Law, n: int, draw: Any, estimator: Estimator, n_jobs: int | None) -> float:
    x, y = law.sample(n, np.random.default_rng(draw))
    return float(mutual_information(x, y, estimator=estimator, n_jobs=n_jobs))


def _of_one_pair(dx: int, dy: int, nats: float) -> Law:
    return Normal.pairs(dx, dy, math.sqrt(-math.expm1(-2 * nats)))


def _above_0(information: Sequence[float]) -> list[float]:
    numbers = [float(value) for value in np.asarray(information, dtype=np.float64).ravel()]
    if not numbers or not all(0 < value <= 15 for value in numbers):
        raise ValueError(f"information must be numbers above 0, up to 15, got {information!r}")
    return numbers
