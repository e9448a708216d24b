"""A column and the target, on the rows where both are present."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._correlation import Floats, unit
from mutua._kinds import Variable
from mutua.feature_selection import mutual_info_classif, mutual_info_regression

# Fewer rows per cell of a two-way table than this, and the plug-in estimate is mostly bias.
ROWS_PER_CELL = 5


@dataclass(frozen=True)
class Pair:
    """A column and the target on the rows where both are present."""

    x: Variable
    y: Variable
    present: NDArray[np.bool_]
    a: Floats
    b: Floats

    def samples(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Integers where discrete, and numbers of any magnitude brought to 1."""
        sides = ((self.x, self.a), (self.y, self.b))
        a, b = (data.astype(np.int64) if side.discrete else unit(data) for side, data in sides)
        return a, b

    def mutual_information(self, k: int, seed: int) -> float:
        """In nats."""
        a, b = self.samples()
        estimate = mutual_info_classif if self.y.discrete else mutual_info_regression
        scores = estimate(
            a[:, np.newaxis], b, discrete_features=[self.x.discrete], n_neighbors=k, random_state=seed
        )
        return float(scores[0])

    def class_sizes(self) -> list[NDArray[np.int64]]:
        """How often each value occurs, for the discrete ones of the two."""
        sides = ((self.x, self.a), (self.y, self.b))
        return [np.unique(data, return_counts=True)[1] for side, data in sides if side.discrete]

    def is_sparse(self) -> bool:
        """Whether a two-way table has few rows per cell."""
        sizes = self.class_sizes()
        return len(sizes) == 2 and len(self.a) < ROWS_PER_CELL * len(sizes[0]) * len(sizes[1])

    def obstacle(self, k: int) -> str | None:
        """Why there is no estimate."""
        sizes = self.class_sizes()
        if not sizes and len(self.a) <= k:
            return f"{len(self.a)} rows are too few for k = {k}"
        if len(sizes) == 1 and sizes[0].max() == 1:
            return "every value occurs once"
        return None
