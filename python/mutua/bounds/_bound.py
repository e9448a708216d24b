"""What a bound is: a number, how sure it is, and what it cannot say."""

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["lower bound", "upper bound", "estimate"]


@dataclass(frozen=True, eq=False)
class Bound:
    """A bound of mutual information, in nats unless another base was asked for.

    Attributes
    ----------
    value : float
        Minus infinity if the critic rules out a pair that occurs.
    standard_error : float
        Over other samples of as many pairs, by the delta method; NaN where `value` is infinite.
    kind : {'lower bound', 'upper bound', 'estimate'}
        What `value` is of the information, on average over samples.
    ceiling : float
        What so many pairs cannot show more than, whatever the critic; infinity if there is nothing of the
        kind.
    saturated : bool
        Whether `value` is so near the `ceiling` that the information may well be larger: within ``ln 10``.
    n_pairs : int
        How many pairs belong together.
    gradient : array, EmbeddingGradient, iterator of arrays or None
        With respect to the scores; to the embeddings, where these were given; block by block, where blocks
        were.
    """

    value: float
    standard_error: float
    kind: Kind
    ceiling: float
    saturated: bool
    n_pairs: int
    gradient: Any = field(default=None, repr=False)

    def __float__(self) -> float:
        return self.value

    @property
    def warning(self) -> str | None:
        """What to mind, in words."""
        if self.saturated:
            return f"near its ceiling of {self.ceiling:.4g}: the information may be larger, take more pairs"
        return None

    def __repr__(self) -> str:
        warning = f"; {self.warning}" if self.warning else ""
        return (
            f"<{self.kind} {self.value:.4g} +- {self.standard_error:.2g} from {self.n_pairs} pairs{warning}>"
        )
