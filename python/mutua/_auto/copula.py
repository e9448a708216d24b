"""A copula, normal or Student's t, fitted to ranks: what it says of a quantity, and samples of it."""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._gaussian import bias
from mutua._quantity import Quantity
from mutua._student_t import StudentTFit, student_t_entropy

Floats = NDArray[np.float64]

WORTH_A_PARAMETER = 3.0  # nats by which the t copula has to be likelier than the normal one


@dataclass(frozen=True, slots=True)
class Copula:
    """Of normal scores side by side.

    Attributes
    ----------
    dof : float
        Degrees of freedom; infinite for the normal copula.
    samples : ndarray of shape (n_samples, n_columns)
        On the scale of that law.
    dispersion : ndarray of shape (n_columns, n_columns)
        With ones on the diagonal.
    size : float
        How many normal samples tell as much of it.
    gain : float
        How much larger the logarithm of its pseudo-likelihood is than that of the normal copula, in nats.
    """

    dof: float
    samples: Floats
    dispersion: Floats
    size: float
    gain: float = 0.0

    @classmethod
    def of(cls, scores: Floats, dof: float | None = None) -> Self:
        """The likeliest, or the likeliest of such degrees of freedom."""
        normal = cls(math.inf, scores, np.asarray(np.corrcoef(scores.T)), float(len(scores)))
        if dof == math.inf:
            return normal
        fit = StudentTFit.of(scores, dof)
        if dof is None and fit.gain <= WORTH_A_PARAMETER:
            return normal
        return cls(fit.dof, fit.samples, fit.dispersion, fit.size, fit.gain)

    @property
    def is_normal(self) -> bool:
        return self.dof == math.inf

    def at(self, columns: Sequence[int]) -> Self:
        """That of some columns alone."""
        part = self.dispersion[np.ix_(columns, columns)]
        return dataclasses.replace(self, samples=self.samples[:, columns], dispersion=part)

    def information(self, quantity: Quantity, widths: Sequence[int]) -> float:
        """The quantity of variables that have so many columns, in nats."""
        return math.fsum(c * self._entropy(columns) for c, columns in _terms(quantity, widths))

    def pointwise(self, quantity: Quantity, widths: Sequence[int]) -> Floats:
        """What each sample contributes to it."""
        values = np.full(len(self.samples), self.information(quantity, widths))
        for coefficient, columns in _terms(quantity, widths):
            part, dispersion = self.samples[:, columns], self.dispersion[np.ix_(columns, columns)]
            squares = np.einsum("ij,ij->i", part @ np.linalg.inv(dispersion), part)
            if not self.is_normal:
                squares = (self.dof + len(columns)) * np.log1p(squares / self.dof)
            values += coefficient / 2 * (squares - squares.mean())
        return values

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """Normal scores of so many samples."""
        rows = rng.standard_normal((n, len(self.dispersion))) @ np.linalg.cholesky(self.dispersion).T
        if not self.is_normal:
            rows /= np.sqrt(rng.chisquare(self.dof, n) / self.dof)[:, None]
        return _core.normal_scores(rows)

    def unbiased(self, dx: int, information: float) -> Self:
        """With canonical correlations that share that information: those of samples are too large.

        Those that stand out are put where they come from as a rule, the others made smaller alike.
        """
        n, d = self.samples.shape
        roots = [np.linalg.cholesky(part) for part in (self.dispersion[:dx, :dx], self.dispersion[dx:, dx:])]
        white = np.linalg.solve(roots[0], np.linalg.solve(roots[1], self.dispersion[dx:, :dx]).T)
        left, correlations, right = np.linalg.svd(white, full_matrices=False)
        if not self.is_normal:
            terms = ((1, dx), (1, d - dx), (-1, d))
            information -= math.fsum(c * student_t_entropy(k, self.dof) for c, k in terms)
        squares = _origins(correlations**2, dx / n, (d - dx) / n)
        others = squares == 0
        missing = information + np.log1p(-squares).sum() / 2
        squares[others] = _shrunk(correlations[others] ** 2, missing)
        dispersion = self.dispersion.copy()
        dispersion[:dx, dx:] = roots[0] @ (left * np.sqrt(squares)) @ right @ roots[1].T
        dispersion[dx:, :dx] = dispersion[:dx, dx:].T
        return dataclasses.replace(self, dispersion=dispersion)

    def _entropy(self, columns: NDArray[np.intp]) -> float:
        """But for constants that cancel in sums without a unit."""
        k = len(columns)
        nats = float(np.linalg.slogdet(self.dispersion[np.ix_(columns, columns)])[1]) / 2
        return nats - bias(self.size, k) + (0.0 if self.is_normal else student_t_entropy(k, self.dof))


def edge(p: float, q: float) -> float:
    """The largest squared canonical correlation of `p n` and `q n` independent columns (Wachter 1980)."""
    return (math.sqrt(p * (1 - q)) + math.sqrt(q * (1 - p))) ** 2


def _origins(squares: Floats, p: float, q: float) -> Floats:
    """Where squared canonical correlations above the edge come from as a rule; 0 for the others.

    Bao, Hu, Pan and Zhou, "Canonical correlation coefficients of high-dimensional Gaussian vectors", Annals
    of Statistics 47 (2019): of ``r`` comes ``(r (1 - p) + p) (r (1 - q) + q) / r``.
    """
    a, b, c = (1 - p) * (1 - q), p * (1 - q) + q * (1 - p), p * q
    above = np.maximum(squares - b, 0)
    found = (above + np.sqrt(np.maximum(above**2 - 4 * a * c, 0))) / (2 * a)
    return np.where(squares > edge(p, q), np.clip(found, 0, squares), 0)


def _shrunk(squares: Floats, information: float) -> Floats:
    """All less the same number, none below 0, such that they share that information."""
    low, high = 0.0, float(squares.max(initial=0))
    for _ in range(50):
        middle = (low + high) / 2
        shared = -np.log1p(-np.maximum(squares - middle, 0)).sum() / 2
        low, high = (middle, high) if shared > information else (low, middle)
    return np.asarray(np.maximum(squares - high, 0))


def _terms(quantity: Quantity, widths: Sequence[int]) -> list[tuple[int, NDArray[np.intp]]]:
    """Coefficients and columns."""
    ends = np.cumsum(widths)
    columns = np.split(np.arange(ends[-1]), ends[:-1])
    return [
        (c, np.concatenate([part for i, part in enumerate(columns) if mask >> i & 1]))
        for c, mask in quantity.terms
    ]
