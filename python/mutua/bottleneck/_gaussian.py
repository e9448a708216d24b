"""The information bottleneck of normal laws, in closed form."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua._parameters import integer, is_number
from mutua._variables import Variable, check_lengths

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class GaussianBottleneck:
    r"""The information bottleneck of jointly normal X and Y: what `gaussian_bottleneck` returns, in nats.

    The best T is a linear projection of X with noise. With the canonical correlations :math:`\rho_i`, the
    i-th direction enters at :math:`\beta_i = 1 / \rho_i^2`, and those that have entered give

    .. math:: I(X;T) = \frac12 \sum_i \ln \frac{(\beta - 1) \rho_i^2}{1 - \rho_i^2}, \qquad
              I(T;Y) = I(X;T) - \frac12 \sum_i \ln (\beta \rho_i^2)

    Attributes
    ----------
    canonical_correlations : ndarray of shape (n_directions,)
        Those above 0, the largest first.
    directions : ndarray of shape (n_directions, n_columns)
        The projections of X, of variance 1, that have them.

    Examples
    --------
    >>> from mutua.bottleneck import gaussian_bottleneck
    >>> law = gaussian_bottleneck([[1, 0.8], [0.8, 1]], n_x=1)
    >>> law
    GaussianBottleneck: 1 direction, canonical correlation 0.8, I(X;Y) 0.5108 nats
    >>> round(law.compression(10), 4), round(law.relevance(10), 4)
    (1.3863, 0.4581)
    """

    canonical_correlations: Floats
    directions: Floats

    @property
    def critical_betas(self) -> Floats:
        """Where each direction enters."""
        critical: Floats = self.canonical_correlations**-2.0
        return critical

    @property
    def information(self) -> float:
        """I(X;Y), to which relevance tends."""
        return float(-0.5 * np.sum(np.log1p(-(self.canonical_correlations**2))))

    def compression(self, beta: ArrayLike) -> Any:
        """I(X;T) for one beta, or an array of them."""
        return self._sum(beta, _compression)

    def relevance(self, beta: ArrayLike) -> Any:
        """I(T;Y) for one beta, or an array of them."""
        return self._sum(beta, _relevance)

    def projection(self, beta: float) -> Floats:
        """The matrix A of T = A X + noise, whose components are independent and of variance 1.

        Has a row for each direction that has entered, and as many columns as X.
        """
        value = _betas(beta)
        if value.ndim:
            raise ValueError(f"beta must be one number, got shape {value.shape}")
        squares = self.canonical_correlations**2
        entered = value * squares > 1
        squares = squares[entered]
        scales = np.sqrt((value * squares - 1) / (1 - squares))
        projected: Floats = scales[:, np.newaxis] * self.directions[entered]
        return projected

    def _sum(self, beta: ArrayLike, term: Any) -> Any:
        values = _betas(beta)
        squares = self.canonical_correlations**2
        entered = values[..., np.newaxis] * squares > 1
        betas = np.where(entered, values[..., np.newaxis], 1 / squares)
        total = np.where(entered, term(betas, squares), 0.0).sum(axis=-1)
        return total if values.ndim else float(total)

    def __repr__(self) -> str:
        n, shown = len(self.canonical_correlations), self.canonical_correlations[:5]
        numbers = ", ".join(f"{correlation:.4g}" for correlation in shown) + ", ..." * (n > 5)
        plural = "s" * (n != 1)
        listed = f" canonical correlation{plural} {numbers}," if n else ""
        return f"GaussianBottleneck: {n} direction{plural},{listed} I(X;Y) {self.information:.4g} nats"


def gaussian_bottleneck(
    x: ArrayLike, y: ArrayLike | None = None, *, n_x: int | None = None
) -> GaussianBottleneck:
    """The information bottleneck of jointly normal X and Y, from their covariance or from samples.

    Parameters
    ----------
    x : array-like of shape (n_samples,) or (n_samples, n_columns); or of shape (d, d)
        Samples of X; or, without `y`, the covariance of X and Y together.
    y : array-like of shape (n_samples,) or (n_samples, n_columns), optional
        Samples of Y.
    n_x : int, optional
        How many of the first rows of the covariance are those of X; for a covariance alone.

    Returns
    -------
    GaussianBottleneck
        A function of beta: cost, relevance and projection.

    Raises
    ------
    ValueError
        If samples are too few, not finite or of different lengths, columns depend on each other, or the
        covariance is not symmetric and positive definite.
    TypeError
        If an argument is of a type that does not fit.

    Notes
    -----
    Of samples the covariance is that of the plug-in, so correlations and relevance are too high by about
    n_columns_x n_columns_y / 2n nats in all. O(n d^2 + d^3).

    References
    ----------
    Chechik, Globerson, Tishby and Weiss, "Information bottleneck for Gaussian variables", JMLR 6 (2005).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.bottleneck import gaussian_bottleneck
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(1000, 2))
    >>> law = gaussian_bottleneck(x, x[:, 0] + rng.normal(size=1000))
    >>> law.critical_betas.round(2)
    array([2.])
    >>> law.projection(5).shape
    (1, 2)
    """
    if y is None:
        covariance, split = _covariance(x, n_x)
    else:
        if n_x is not None:
            raise ValueError("n_x is for a covariance, and y are samples")
        variables = Variable.read("x", x, False), Variable.read("y", y, False)
        check_lengths(*variables)
        of_x, of_y = (_columns(variable) for variable in variables)
        split, n_columns = of_x.shape[1], of_x.shape[1] + of_y.shape[1]
        if len(of_x) <= n_columns:
            raise ValueError(f"x and y must have more than {n_columns} samples, got {len(of_x)}")
        covariance = np.cov(np.hstack([of_x, of_y]).T)
    roots = [_root(block) for block in (covariance[:split, :split], covariance[split:, split:])]
    whitened = np.linalg.solve(roots[0], np.linalg.solve(roots[1], covariance[split:, :split]).T)
    left, correlations, _ = np.linalg.svd(whitened, full_matrices=False)
    if correlations.max(initial=0) >= 1 - 1e-12:
        raise ValueError("x and y must not determine each other, got a canonical correlation of 1")
    kept = correlations > 1e-12
    directions = np.linalg.solve(roots[0].T, left[:, kept]).T
    return GaussianBottleneck(correlations[kept], directions)


def _columns(variable: Variable) -> Floats:
    variable.check_finite()
    array = variable.array.astype(np.float64)
    return array.reshape(len(array), -1)


def _covariance(x: ArrayLike, n_x: int | None) -> tuple[Floats, int]:
    covariance = np.asarray(x)
    if covariance.dtype.kind not in "biuf":
        raise TypeError(f"x must hold numbers, got {covariance.dtype}")
    if covariance.ndim != 2 or covariance.shape[0] != covariance.shape[1]:
        raise ValueError(f"x must be a square covariance unless y is given, got shape {covariance.shape}")
    if n_x is None:
        raise ValueError("n_x must be given with a covariance")
    split = integer("n_x", n_x)
    if not 1 <= split < len(covariance):
        raise ValueError(f"n_x must be between 1 and {len(covariance) - 1}, got {split}")
    covariance = covariance.astype(np.float64)
    if not np.all(np.isfinite(covariance)):
        raise ValueError("x must be finite")
    if not np.allclose(covariance, covariance.T, rtol=1e-9, atol=0):
        raise ValueError("x must be symmetric to be a covariance")
    _root(covariance, "x must be positive definite to be a covariance")
    return covariance, split


def _root(
    covariance: Floats, message: str = "x and y must not have columns that depend on each other"
) -> Floats:
    try:
        root = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        raise ValueError(message) from None
    if not np.all(np.diag(root) ** 2 > 1e-13 * np.diag(covariance)):
        raise ValueError(message)
    return root.astype(np.float64)


def _betas(beta: ArrayLike) -> Floats:
    values = np.asarray(beta)
    if values.dtype.kind not in "iuf" and not is_number(beta):
        raise TypeError(f"beta must be a number or an array of numbers, got {values.dtype}")
    if not np.all(values >= 0) or np.any(np.isinf(values)):
        raise ValueError("beta must be at least 0 and finite")
    return values.astype(np.float64)


def _compression(beta: Floats, squares: Floats) -> Floats:
    return 0.5 * np.log((beta - 1) * squares / (1 - squares))


def _relevance(beta: Floats, squares: Floats) -> Floats:
    return _compression(beta, squares) - 0.5 * np.log(beta * squares)
