"""Time: the past of samples beside them, and which of them have one."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._parameters import integer

# How many samples before its time a sample sees a variable: several are several columns.
Steps = Sequence[int]
NOW: Steps = (0,)


def past(values: NDArray[Any], times: NDArray[np.intp], steps: Steps) -> NDArray[Any]:
    """The values so many steps before these times, those of each step beside those of the next."""
    if len(steps) == 1:
        return np.asarray(values[times - steps[0]])
    return np.column_stack([values[times - step] for step in steps])


def complete(
    n_samples: int,
    parts: Iterable[tuple[NDArray[np.bool_] | None, Steps]],
    stretch: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """The times at which every part is there: usable at each of its steps, in the same stretch."""
    found = np.ones(n_samples, dtype=bool)
    for unusable, steps in parts:
        for step in steps:
            found &= _before(stretch, step, -1) == stretch
            if unusable is not None:
                found &= ~_before(unusable, step, True)
    return found


def stretches(n_samples: int, groups: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Numbers of the stretches over which a group stays the same."""
    numbers = np.zeros(n_samples, dtype=np.int64)
    if groups is not None:
        np.cumsum(groups[1:] != groups[:-1], out=numbers[1:])
    return numbers


def _before(values: NDArray[Any], step: int, outside: Any) -> NDArray[Any]:
    """What the values were so many steps before, `outside` at times without such a sample."""
    shifted = np.full_like(values, outside)
    n_samples = len(values)
    if step >= 0:
        shifted[step:] = values[: max(0, n_samples - step)]
    else:
        shifted[:step] = values[-step:]
    return shifted


def over_lags(lag: Any, n_samples: int, measure: Callable[[int], Any], least: int | None = None) -> Any:
    """What is measured at a lag; of a sequence of lags an array, with one entry for each."""
    if isinstance(lag, np.ndarray) and lag.ndim == 1:
        lag = [*lag]
    least = 1 - n_samples if least is None else least
    if not isinstance(lag, Sequence) or isinstance(lag, str | bytes):
        return measure(number_of_steps("lag", lag, least, n_samples))
    if len(lag) == 0:
        raise ValueError("lag must be an integer or several, got an empty sequence")
    return np.stack([measure(one) for one in [number_of_steps("lag", one, least, n_samples) for one in lag]])


def number_of_steps(name: str, value: Any, least: int, n_samples: int) -> int:
    """A number of steps, of at least so many, and fewer than there are samples."""
    number = integer(name, value)
    if not least <= number < n_samples:
        raise ValueError(
            f"{name} must be at least {least} and below the number of samples, got {number} with {n_samples} "
            "samples"
        )
    return number
