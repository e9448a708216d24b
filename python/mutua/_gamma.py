"""Digamma at any positive number, for a few numbers at a time."""

import math


def digamma(x: float) -> float:
    """By its recurrence up to 12, and by its asymptotic series from there, exact to rounding."""
    shift = 0.0
    while x < 12:
        shift, x = shift - 1 / x, x + 1
    series = 0.0
    for term in (1 / 12, -691 / 32760, 1 / 132, -1 / 240, 1 / 252, -1 / 120, 1 / 12):
        series = (series + term) / (x * x)
    return shift + math.log(x) - 1 / (2 * x) - series
