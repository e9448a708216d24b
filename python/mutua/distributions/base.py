"""What a law is: samples of two variables, and how much they share."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._parameters import integer, positive_integers

__all__ = ["Law", "Product"]

Floats = NDArray[np.float64]
Samples = tuple[Floats, Floats]


class Law:
    """The joint law of two variables whose mutual information is known.

    Laws are frozen values: equal where their parameters are.

    Examples
    --------
    >>> from mutua.distributions import Law, Normal
    >>> isinstance(Normal.pairs(3, 2, 0.8), Law)
    True
    """

    __slots__ = ()

    @property
    def mutual_information(self) -> float:
        """In nats."""
        raise NotImplementedError

    def sample(self, n: int, seed: int | np.random.Generator) -> Samples:
        """Independent samples of both variables, a row for each.

        Parameters
        ----------
        n : int
            How many.
        seed : int or numpy.random.Generator
            The same samples for the same number.

        Returns
        -------
        tuple of ndarray of shape (n, n_columns)
        """
        size = positive_integers("n", integer("n", n))
        if not isinstance(seed, np.random.Generator):
            integer("seed", seed, "an integer or a numpy.random.Generator")
        return self._sample(size, np.random.default_rng(seed))  # type: ignore[arg-type]

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        raise NotImplementedError


@dataclass(frozen=True)
class Product(Law):
    """Laws side by side, independent of each other: their information adds up.

    Parameters
    ----------
    laws : Law
        One or more; columns in turn.

    Examples
    --------
    >>> from mutua.distributions import Frank, Normal, Product
    >>> law = Product(Normal.pairs(1, 1, 0.6), Frank(5.0))
    >>> [part.shape for part in law.sample(10, seed=0)]
    [(10, 2), (10, 2)]
    >>> round(law.mutual_information, 4)
    0.4811
    """

    laws: tuple[Law, ...]

    def __init__(self, *laws: Law) -> None:
        if not laws or not all(isinstance(law, Law) for law in laws):
            raise TypeError(f"laws must be one or more laws, got {laws!r}")
        object.__setattr__(self, "laws", laws)

    @property
    def mutual_information(self) -> float:
        return sum(law.mutual_information for law in self.laws)

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        parts = [law.sample(n, rng) for law in self.laws]
        return np.hstack([x for x, _ in parts]), np.hstack([y for _, y in parts])


def positive(name: str, value: Any) -> float:
    """A parameter above 0, finite."""
    if not (isinstance(value, int | float | np.integer | np.floating) and 0 < value < np.inf):
        raise ValueError(f"{name} must be a finite number above 0, got {value!r}")
    return float(value)
