"""Parameters, checked: a message names the parameter, what was found and what is accepted."""

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np


def integer(name: str, value: Any, accepted: str = "an integer") -> int:
    if isinstance(value, bool | np.bool):
        raise TypeError(f"{name} must be {accepted}, got bool")
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be {accepted}, got {type(value).__name__}") from None


def positive_integers(name: str, value: Any) -> int | tuple[int, ...]:
    """A number of at least 1, or several."""
    is_sequence = isinstance(value, Sequence | np.ndarray) and not isinstance(value, str | bytes)
    if is_sequence and np.ndim(value) == 1 and len(value):
        return tuple(_positive(name, one) for one in value)
    return _positive(name, value)


def _positive(name: str, value: Any) -> int:
    number = integer(name, value, "an integer or a sequence of integers")
    if number < 1:
        raise ValueError(f"{name} must be at least 1, got {number}")
    if number >= 2**63:
        raise ValueError(f"{name} must be below 2^63, got {number}")
    return number


def at_least(name: str, value: Any, least: int) -> int:
    number = integer(name, value)
    if not least <= number < 2**63:
        raise ValueError(f"{name} must be at least {least} and below 2^63, got {number}")
    return number


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def one_of(name: str, value: Any, accepted: tuple[Any, ...]) -> None:
    if isinstance(value, bool | list | np.ndarray) or value not in accepted:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, accepted))}, got {value!r}")


def instance(name: str, value: Any, kind: type, accepted: str) -> None:
    if not isinstance(value, kind):
        found = f"{value.__name__}, a class" if isinstance(value, type) else type(value).__name__
        raise TypeError(f"{name} must be {accepted}, got {found}")
