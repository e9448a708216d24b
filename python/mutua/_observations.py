"""What a measure is asked of: variables observed together, and how much each observation counts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mutua._variables import Variable, check_lengths


@dataclass(frozen=True, slots=True)
class Observations:
    """Variables of the same length, and at least one sample."""

    variables: tuple[Variable, ...]
    weights: NDArray[np.float64] | None = None

    @classmethod
    def of(cls, *variables: Variable) -> "Observations":
        check_lengths(*variables)
        return cls(variables)

    def __len__(self) -> int:
        return len(self.variables[0])
