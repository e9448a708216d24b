"""What the V-measure needs where `beta` is given: any kind of number will do."""

from typing import Any

from mutua._validation.parameters import NOT_NEGATIVE, check_parameter


def check_beta(function: str, beta: object) -> None:
    """Refuses what is no weight."""
    check_parameter(function, "beta", beta, NOT_NEGATIVE)


def weighted_mean(homogeneity: float, completeness: float, beta: Any) -> float:
    """The weighted harmonic mean of the two."""
    if homogeneity + completeness == 0.0:
        return 0.0
    return float((1 + beta) * homogeneity * completeness / (beta * homogeneity + completeness))
