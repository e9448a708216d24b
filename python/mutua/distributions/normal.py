"""Normal laws, and Student's t laws of the same dispersion."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from mutua._parameters import integer
from mutua._student_t import student_t_entropy
from mutua.distributions.base import Floats, Law, Samples, positive

__all__ = ["Normal", "StudentT"]


@dataclass(frozen=True, slots=True)
class Normal(Law):
    """Columns that are jointly normal: ``I = 1/2 ln(|S_x| |S_y| / |S|)``.

    Parameters
    ----------
    covariance : array-like of shape (n, n)
        Of all columns, those of `x` first: symmetric and positive definite.
    dx : int
        How many columns `x` has.

    Examples
    --------
    >>> from mutua.distributions import Normal
    >>> round(Normal([[1, 0.75], [0.75, 1]], dx=1).mutual_information, 5)
    0.41334
    >>> x, y = Normal.dense(3, 2, 0.5).sample(100, seed=0)
    >>> x.shape, y.shape
    ((100, 3), (100, 2))
    """

    covariance: tuple[tuple[float, ...], ...]
    dx: int

    def __post_init__(self) -> None:
        matrix = np.array(self.covariance, dtype=np.float64)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.allclose(matrix, matrix.T):
            raise ValueError(f"covariance must be a symmetric matrix, got shape {matrix.shape}")
        if not 1 <= integer("dx", self.dx) < len(matrix):
            raise ValueError(f"dx must leave a column to x and to y, got {self.dx} of {len(matrix)}")
        try:
            np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            raise ValueError("covariance must be positive definite") from None
        object.__setattr__(self, "covariance", tuple(map(tuple, matrix.tolist())))

    @classmethod
    def dense(cls, dx: int, dy: int, correlation: float) -> Self:
        """All columns correlated alike."""
        size = dx + dy
        covariance = np.full((size, size), correlation) + (1 - correlation) * np.eye(size)
        return cls(covariance, dx)  # type: ignore[arg-type]

    @classmethod
    def pairs(cls, dx: int, dy: int, *correlations: float) -> Self:
        """The first columns of `x` correlated with the first of `y`, one by one; others independent."""
        if len(correlations) > min(dx, dy):
            raise ValueError(f"correlations must be at most {min(dx, dy)}, got {len(correlations)}")
        covariance = np.eye(dx + dy)
        for i, correlation in enumerate(correlations):
            covariance[i, dx + i] = covariance[dx + i, i] = correlation
        return cls(covariance, dx)  # type: ignore[arg-type]

    @property
    def mutual_information(self) -> float:
        matrix, dx = np.array(self.covariance), self.dx
        x, y, both = (np.linalg.slogdet(part)[1] for part in (matrix[:dx, :dx], matrix[dx:, dx:], matrix))
        return float(x + y - both) / 2

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        rows = _normal(self, n, rng)
        return rows[:, : self.dx], rows[:, self.dx :]


@dataclass(frozen=True, slots=True)
class StudentT(Law):
    """A normal law with a random scale that all columns share: dependent without correlation too.

    To the information of the normal law comes ``h(dx) + h(dy) - h(dx + dy)``, where
    ``h(k) = a [psi(a) - psi(nu/2)] - ln Gamma(a) + ln Gamma(nu/2) + k/2 ln(nu pi)``, ``a = (nu + k)/2``.

    Parameters
    ----------
    normal : Normal
        Dispersion.
    dof : float
        Degrees of freedom `nu`: the fewer, the heavier the tails.

    Examples
    --------
    >>> from mutua.distributions import Normal, StudentT
    >>> round(StudentT(Normal.pairs(1, 1), dof=1).mutual_information, 5)
    0.22417
    """

    normal: Normal
    dof: float

    def __post_init__(self) -> None:
        positive("dof", self.dof)

    @property
    def mutual_information(self) -> float:
        dx, d = self.normal.dx, len(self.normal.covariance)
        return self.normal.mutual_information + student_t_information(dx, d - dx, self.dof)

    def _sample(self, n: int, rng: np.random.Generator) -> Samples:
        rows = _normal(self.normal, n, rng)
        rows /= np.sqrt(rng.chisquare(self.dof, n) / self.dof)[:, None]
        return rows[:, : self.normal.dx], rows[:, self.normal.dx :]


def student_t_information(dx: int, dy: int, dof: float) -> float:
    """What columns share by their common scale."""
    return sum(c * student_t_entropy(k, dof) for c, k in ((1, dx), (1, dy), (-1, dx + dy)))


def _normal(law: Normal, n: int, rng: np.random.Generator) -> Floats:
    root = np.linalg.cholesky(np.array(law.covariance))
    return np.asarray(rng.standard_normal((n, len(root))) @ root.T)
