"""Estimators from nearest neighbours where some variables are labels, or some values repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mutua import _core
from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION, Quantity
from mutua.estimators.common_ball import CommonBall, Norm

__all__ = ["AtomSplit", "Mixture", "Ross"]


@dataclass(frozen=True, slots=True)
class Ross(CommonBall):
    r"""Mutual information of a continuous variable and labels.

    .. math:: \psi(n) + \langle \psi(k_i) - \psi(n_i) - \psi(m_i) \rangle

    ``n_i`` samples have the label of sample `i`, and ``k_i = min(k, n_i - 1)`` neighbours among them are
    used; ``m_i`` samples of any label, itself included, are strictly nearer than the last of these.
    Samples whose label occurs once are left out: their pointwise values are NaN.

    Of more variables all labels together are the label. For the entropy of the variables `s`, in any sum in
    which units cancel, stands ``psi(n) - psi(n_s)``: samples that have the same labels in `s` and are nearer.

    Little biased, also where labels are rare. Values that more than k samples of a label share pull it down.
    The time is about that of a sort.

    Parameters
    ----------
    k : int or sequence of int, default=3
        Number of neighbours.
    norm : {"max", "euclidean"}, default="max"
        Distance within a variable of several columns.

    References
    ----------
    Ross, "Mutual information between discrete and continuous data sets", PLoS ONE 9, e87357 (2014).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import Ross, mutual_information
    >>> rng = np.random.default_rng(0)
    >>> label = rng.integers(0, 2, 2000)
    >>> x = label + rng.uniform(0, 2, 2000)  # the truth is ln(2) / 2
    >>> round(mutual_information(x, label, estimator=Ross(k=5)), 3)
    0.357
    """

    _rule = "ross"

    k: int | Sequence[int] = 3
    norm: Norm = "max"

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_no_weights(data)
        self._require_balanced(quantity)
        n_discrete = sum(variable.is_discrete for variable in data.variables)
        if n_discrete in (0, len(data.variables)):
            both = "discrete" if n_discrete else "continuous"
            names = " and ".join(variable.name for variable in data.variables)
            raise ValueError(f"Ross needs a continuous and a discrete variable, got {both} {names}")
        options: dict[str, Any] = {"pointwise": pointwise, "n_threads": n_threads}
        if quantity != MUTUAL_INFORMATION:
            return self._from_balls("ross", quantity, data, **options)
        x, y = (
            variable.labels() if variable.is_discrete else variable.points() for variable in data.variables
        )
        return _core.ross(x, y, k=self.k, norm=self.norm, **options)


@dataclass(frozen=True, slots=True)
class Mixture(CommonBall):
    r"""Information of variables of any kind: labels, numbers, numbers that repeat.

    .. math::
        I(X; Y) &= \ln n + \langle \psi(k_i) - \psi(n_x) - \psi(n_y) \rangle \\
        I(X; Y | Z) &= \langle \psi(k_i) + \psi(n_z) - \psi(n_{xz}) - \psi(n_{yz}) \rangle

    Counts include the sample itself. Where fewer than k others equal sample `i`, ``k_i = k`` and samples
    strictly nearer than the k-th neighbour are counted; else all that equal it are, jointly, in `x` and
    in `y`. This is the code its authors published; the paper writes ``ln(n + 1)`` for the last two terms.
    For the entropy of the variables `s`, in any sum in which units cancel, stands ``ln(n) - psi(n_s)``.

    Discrete variables are categories, infinitely far apart: where fewer than k others share them all, ``k_i``
    is their number. Numbers that should count by their distance are to be floats, or ``discrete=False``.

    Without repetitions it is ``ln(n) - psi(n)``, about ``1 / 2n``, above `KSG`. Atoms among continuous values
    pull it down, for their neighbours are no atoms: use `AtomSplit`. Where values are rounded to about the
    distance of neighbours it is too high, by less than others. The time is that of `KSG`.

    Parameters
    ----------
    k : int or sequence of int, default=3
        Number of neighbours.
    norm : {"max", "euclidean"}, default="max"
        Distance within a variable of several columns.

    References
    ----------
    Gao, Kannan, Oh and Viswanath, "Estimating mutual information for discrete-continuous mixtures",
    NeurIPS (2017). Mesner and Shalizi, "Conditional mutual information estimation for mixed, discrete and
    continuous data", IEEE Trans. Inf. Theory 67 (2021).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import Mixture, mutual_information
    >>> rng = np.random.default_rng(0)
    >>> x = rng.integers(0, 5, 2000)
    >>> y = x + rng.uniform(0, 2, 2000)  # the truth is ln(5) - 4 ln(2) / 5, 1.055
    >>> round(mutual_information(x, y, estimator=Mixture()), 3)
    1.066
    """

    _rule = "mixture"

    k: int | Sequence[int] = 3
    norm: Norm = "max"

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_no_weights(data)
        self._require_balanced(quantity)
        options: dict[str, Any] = {"pointwise": pointwise, "n_threads": n_threads}
        if quantity != MUTUAL_INFORMATION or any(variable.is_discrete for variable in data.variables):
            return self._from_balls("mixture", quantity, data, **options)
        x, y = data.variables
        return _core.mixture(x.points(), y.points(), k=self.k, norm=self.norm, **options)


@dataclass(frozen=True, slots=True)
class AtomSplit(CommonBall):
    r"""Information of variables that are continuous but for atoms: values with a probability of their own.

    .. math:: I(X; Y) = I(A; B) + I(A; Y | B) + I(X; B | A) + I(X; Y | A, B)

    A value that repeats is a label of its own, and those that occur once share one: `A` of `X`, `B` of `Y`.
    Labels are infinitely far apart, and the rest is `Mixture`: all four terms come from one ball, and so do
    other quantities, also given others and with discrete variables.

    An atom has no neighbours but those who share it, so that the bias is that of `KSG`: where half the
    samples are on atoms in both variables, `Mixture` misses 0.15 of 1.29 nats, and this 0.01. Where values
    repeat because they were rounded, use that: here each is a label, whatever lies near it. The time is
    about that of `KSG`.

    Parameters
    ----------
    k : int or sequence of int, default=3
        Number of neighbours; all others of the same labels where there are fewer.
    norm : {"max", "euclidean"}, default="max"
        Distance within a variable of several columns.

    References
    ----------
    Gao, Kannan, Oh and Viswanath, "Estimating mutual information for discrete-continuous mixtures",
    NeurIPS (2017): its counts, after the chain rule on exact ties.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import AtomSplit, mutual_information
    >>> rng = np.random.default_rng(0)
    >>> x = rng.exponential(size=2000)
    >>> y = np.where(rng.random(2000) < 0.5, 0, x + rng.exponential(size=2000))
    >>> round(mutual_information(x, y, estimator=AtomSplit()), 3)  # the truth is gamma / 2, 0.289
    0.258
    """

    _rule = "atom split"

    k: int | Sequence[int] = 3
    norm: Norm = "max"

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_no_weights(data)
        self._require_balanced(quantity)
        return self._from_balls("atom split", quantity, data, pointwise=pointwise, n_threads=n_threads)
