"""What a measure is asked of: variables observed together, and how much each observation counts."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._embedding import NOW
from mutua._variables import Variable, check_lengths


@dataclass(frozen=True, slots=True)
class Observations:
    """Variables of the same length, and at least one sample.

    Where some of the samples handed in are left out, `times` are the places of the others among all
    `n_recorded`. Samples of different `strata` are never compared, nor, by estimators that keep a `window`,
    those at most so many steps apart by the `clock`.
    """

    variables: tuple[Variable, ...]
    weights: NDArray[np.float64] | None = None
    times: NDArray[np.intp] | None = None
    n_recorded: int = 0
    strata: NDArray[np.int64] | None = None
    window: int = 0
    clock: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, *variables: Variable) -> "Observations":
        check_lengths(*variables)
        return cls(variables)

    def __len__(self) -> int:
        return len(self.variables[0])

    @property
    def total(self) -> float:
        """How much all of them count."""
        return len(self) if self.weights is None else math.fsum(self.weights)

    def by_stratum(self) -> Iterator[tuple[NDArray[np.intp], "Observations"]]:
        """Each stratum: which samples it has, and these by themselves."""
        strata: Any = self.strata
        order = np.argsort(strata, kind="stable")
        sizes = np.unique(strata, return_counts=True)[1]
        for samples in np.split(order, np.cumsum(sizes)[:-1]):
            yield samples, self.only(samples)

    def only(self, samples: NDArray[Any]) -> "Observations":
        """Some of the samples by themselves."""
        variables = tuple(variable.at(samples, NOW) for variable in self.variables)
        weights, clock = at(self.weights, samples), at(self.clock, samples)
        return Observations(variables, weights, window=self.window, clock=clock)

    def plain(self) -> "Observations":
        """The same as the core takes them: for who asks many times."""
        return replace(self, variables=tuple(variable.plain() for variable in self.variables))

    def in_place(self, contributions: NDArray[np.float64]) -> NDArray[np.float64]:
        """What samples contribute, in their places among all: NaN where one is left out."""
        if self.times is None:
            return contributions
        placed = np.full((*contributions.shape[:-1], self.n_recorded), np.nan)
        placed[..., self.times] = contributions
        return placed


def at(column: Any, places: NDArray[np.intp] | None) -> Any:
    """What a column holds at these places, or all of it; nothing if there is none."""
    return column if column is None or places is None else column[places]
