"""How much of a law a sample has seen."""

import numpy as np
from numpy.typing import ArrayLike

from mutua._observations import Observations
from mutua._variables import Variable

__all__ = ["coverage"]


def coverage(x: ArrayLike) -> float:
    r"""How probable the labels are, taken together, that have occurred: Turing's estimate.

    .. math:: C = 1 - \frac{f_1}{n}

    for ``f_1`` labels that occur once in n samples. Below about a half, every estimate of an entropy is
    mostly a guess about labels that nobody has seen.

    Parameters
    ----------
    x : array-like of shape (n_samples,) or (n_samples, n_columns)
        Labels; several columns are one variable.

    Returns
    -------
    float
        From 0, where all labels are different, to 1.

    Raises
    ------
    ValueError
        If `x` is continuous, or has no samples.
    TypeError
        If it is of a type that does not fit.

    References
    ----------
    Good, "The population frequencies of species and the estimation of population parameters", Biometrika 40
    (1953).

    Examples
    --------
    >>> from mutua import coverage
    >>> coverage(["a", "a", "b", "c"])
    0.5
    """
    data = Observations.of(Variable.read("x", x))
    (variable,) = data.variables
    if not variable.is_discrete:
        raise ValueError(
            f"x must be discrete, got {variable.array.dtype}; convert it to integers if it holds labels"
        )
    return 1 - int(np.count_nonzero(variable.occurrences() == 1)) / len(variable)
