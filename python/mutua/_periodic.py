"""Samples on circles: angles, phases, times of day."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Periodic"]


@dataclass(frozen=True, slots=True, eq=False)
class Periodic:
    """Samples that go round: what lies just below the period is near what lies just above 0.

    Stands for the samples where a measure takes some and its estimator is one of distances, as `KSG`. Values
    count modulo the period, and the distance of two is ``min(|d|, period - |d|)``. They are continuous,
    whatever their type.

    The remainder is exact for values of at least 0, and rounded once for others. A law on a circle has no
    ends, at which estimates are biased.

    Parameters
    ----------
    values : array-like of shape (n_samples,) or (n_samples, n_columns)
        Numbers: angles, phases, hours.
    period : float or sequence of float or None, default=2 pi
        What goes once round: for all columns, or for each in turn; None where a column does not go round.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import Periodic, mutual_information
    >>> rng = np.random.default_rng(0)
    >>> hour = rng.uniform(0, 24, 2000)
    >>> later = hour + rng.uniform(0, 6, 2000)  # the truth is ln(24 / 6), 1.386
    >>> round(mutual_information(Periodic(hour, 24), Periodic(later, 24)), 3)
    1.356
    """

    values: ArrayLike
    period: float | Sequence[float | None] | None = 2 * math.pi

    def __post_init__(self) -> None:
        period: Any = self.period
        if isinstance(period, Sequence | np.ndarray) and not isinstance(period, str | bytes):
            object.__setattr__(self, "period", tuple(_one(each) for each in period))
        else:
            object.__setattr__(self, "period", _one(period))

    def _periods(self, name: str, n_columns: int) -> NDArray[np.float64]:
        """That of each column, infinite where it does not go round."""
        periods = self.period if isinstance(self.period, tuple) else (self.period,) * n_columns
        if len(periods) != n_columns:
            raise ValueError(
                f"period of {name} must be one for each of its columns, got {len(periods)} for {n_columns}"
            )
        return np.array([math.inf if period is None else period for period in periods])


def _one(period: Any) -> float | None:
    if period is None:
        return None
    if isinstance(period, bool | np.bool) or not isinstance(period, int | float | np.integer | np.floating):
        raise TypeError(f"period must be a number, or one for each column, got {type(period).__name__}")
    if not 0 < period < math.inf:
        raise ValueError(f"period must be finite and above 0, got {period}")
    return float(period)
