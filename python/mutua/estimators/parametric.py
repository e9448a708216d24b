"""Estimators that take samples for normal, as they are or on the scale of their ranks."""

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._gaussian import Normals, divergence
from mutua._observations import Observations
from mutua._quantity import Quantity
from mutua._variables import Variable, finite_matrix
from mutua.estimators.base import Estimator

__all__ = ["Gaussian", "GaussianCopula"]


@dataclass(frozen=True, slots=True)
class Gaussian(Estimator):
    r"""Every quantity of normal variables, from their covariance `S`.

    .. math::
        h(X) &= \tfrac12 \ln |2 \pi e S| - \tfrac12 \sum_{i=1}^d
            \left[ \psi\left(\tfrac{n - i}{2}\right) + \ln \tfrac{2}{n} \right] \\
        I(X; Y) &= h(X) + h(Y) - h(X, Y)

    Discrete variables are labels, for each of which the others have a normal law of their own:
    ``H(X, label) = H(label) + sum p(label) h(X | label)``.

    Unbiased where the variables are normal. Elsewhere it measures the linear dependence, which mostly is
    less than all: prefer `GaussianCopula` where single columns are skewed or heavy-tailed, `KSG` where the
    dependence is curved. Without correction, information is too high by about ``d_x d_y / 2n``. One pass
    over the samples, whatever the quantity, and ``d^2`` operations for each.

    A linear function of other variables shares infinite information with them. Columns that others of their
    variable determine are left out; what is smaller than the rounding of the samples is nothing. Units do
    not matter beyond rounding, and powers of two not at all; the order of samples may change the last digits.

    Parameters
    ----------
    bias_correction : bool, default=True
        Whether to subtract what the logarithm of the determinant of a Wishart matrix is too low by on
        average. With weights, `n` is the number of samples of equal weight that are worth as much,
        ``(sum w)^2 / sum w^2``.

    References
    ----------
    Misra, Singh and Demchuk, "Estimation of the entropy of a multivariate normal distribution", Journal of
    Multivariate Analysis 92 (2005).
    Kish, "Survey Sampling", Wiley (1965).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import Gaussian, mutual_information
    >>> rng = np.random.default_rng(0)
    >>> x, noise = rng.normal(size=(2, 1000, 3))
    >>> y = x + noise  # the truth is 3 ln(2) / 2, 1.040
    >>> round(mutual_information(x, y, estimator=Gaussian()), 3)
    1.05
    >>> label = x[:, 0] + noise[:, 0] > 0
    >>> round(mutual_information(x, label, estimator=Gaussian()), 3)
    0.195
    """

    bias_correction: bool = True

    def __post_init__(self) -> None:
        _check_flag(self.bias_correction)

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        weights = data.weights
        if weights is not None and not np.all(counted := weights > 0):
            parts = (dataclasses.replace(part, array=part.array[counted]) for part in data.variables)
            data = dataclasses.replace(data, variables=tuple(parts), weights=weights[counted])
            found = self._estimate(quantity, data, pointwise, n_threads)
            if pointwise:
                found, values = np.full(len(counted), np.nan), found
                found[counted] = values
            return found
        return _normals(self, data, self.bias_correction).sum(quantity, pointwise)

    def _divergence(self, both: Variable, n: int, pointwise: bool, n_threads: int) -> Any:
        self._require_continuous(Observations((both,)))
        return divergence(finite_matrix(both), n, self.bias_correction, pointwise)


@dataclass(frozen=True, slots=True)
class GaussianCopula(Estimator):
    r"""Information between variables that are normal once each column is, from their ranks `r`.

    .. math:: \tilde x_i = \Phi^{-1}\left(\tfrac{r_i}{n + 1}\right), \qquad
              I(X; Y) = h(\tilde X) + h(\tilde Y) - h(\tilde X, \tilde Y)

    The entropies `h` are those of `Gaussian`, with its correction and for labels too. Equal values share
    the mean of their ranks.

    No monotone function of a column changes a bit. Unbiased where a normal copula joins the columns, too low
    as a rule elsewhere, and heavy tails do no harm: prefer it to `KSG` in many dimensions, `KSG` to it where
    dependence is not monotone. Strong dependence, above some 3 nats, is underestimated, and columns of the
    same order share infinite information. The margins are gone, and with them entropies: `Gaussian` has
    them. The time is that of a sort of each column.

    Parameters
    ----------
    bias_correction : bool, default=True
        As in `Gaussian`.

    References
    ----------
    Ince, Giordano, Kayser, Rousselet, Gross and Schyns, "A statistical framework for neuroimaging data
    analysis based on mutual information estimated via a Gaussian copula", Human Brain Mapping 38 (2017).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import GaussianCopula, mutual_information
    >>> rng = np.random.default_rng(0)
    >>> x, noise = rng.normal(size=(2, 1000, 3))
    >>> y = np.exp(x + noise)  # the truth is 3 ln(2) / 2, 1.040
    >>> round(mutual_information(x, y, estimator=GaussianCopula()), 3)
    1.044
    """

    bias_correction: bool = True

    def __post_init__(self) -> None:
        _check_flag(self.bias_correction)

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        if data.weights is not None:
            raise ValueError("GaussianCopula takes no weights, Gaussian does")
        margins = zip(quantity.n_dimensions, data.variables, strict=False)
        if any(n and not variable.is_discrete for n, variable in margins):
            raise self._refused(quantity, "Gaussian does")
        return _normals(self, data, self.bias_correction, n_threads).sum(quantity, pointwise)


def _normals(
    estimator: Estimator, data: Observations, corrected: bool, n_threads: int | None = None
) -> Normals:
    """The continuous variables, or with a number of threads their normal scores, and the labels."""
    if all(variable.is_discrete for variable in data.variables):
        raise ValueError(
            f"{type(estimator).__name__} needs a continuous variable, got discrete ones alone: PlugIn is for "
            "those, or convert them to float if they are amounts"
        )
    variables: list[NDArray[Any]] = []
    for variable in data.variables:
        if variable.is_discrete:
            variables.append(variable.labels())
        elif n_threads is None:
            variables.append(finite_matrix(variable))
        else:
            variables.append(_core.normal_scores(finite_matrix(variable), n_threads))
    return Normals([variable.name for variable in data.variables], variables, data.weights, corrected)


def _check_flag(bias_correction: Any) -> None:
    if not isinstance(bias_correction, bool | np.bool):
        raise TypeError(f"bias_correction must be True or False, got {bias_correction!r}")
