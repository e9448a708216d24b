"""Estimators from the distances of nearest neighbours.

Where `k` is a sequence, the result is an array over it, from one search.
"""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mutua import _core
from mutua._observations import Observations
from mutua._quantity import CONDITIONAL_MUTUAL_INFORMATION, ENTROPY, MUTUAL_INFORMATION, Quantity
from mutua._variables import Variable
from mutua.estimators.base import Estimator

__all__ = ["KSG", "KozachenkoLeonenko", "Mixture", "Ross"]

Norm = Literal["max", "euclidean"]


@dataclass(frozen=True, slots=True)
class KSG(Estimator):
    r"""Mutual information of continuous variables from nearest neighbours.

    .. math::
        I_1 &= \psi(k) + \psi(n) - \langle \psi(n_x + 1) + \psi(n_y + 1) \rangle \\
        I_2 &= \psi(k) + \psi(n) - \tfrac{1}{k} - \langle \psi(n_x) + \psi(n_y) \rangle \\
        I(X; Y | Z) &= \psi(k) + \langle \psi(n_z + 1) - \psi(n_{xz} + 1) - \psi(n_{yz} + 1) \rangle

    The distance of two samples is the larger of those in `x` and in `y`. In the first and the third,
    others are counted that are strictly nearer in a variable than the k-th neighbour is in all; in the
    second, within the extent of the k neighbours in that variable.

    Fewer neighbours are less biased and scatter more: k from 3 to 5 is common, large ones are for tests
    of independence. Independent variables give 0 on average. Strong dependence and many dimensions are
    underestimated, and no estimate of `kind` 1 exceeds ``psi(n) - psi(k)``. The second estimator is less
    biased in many dimensions. In few dimensions the time is about linear in n, in many quadratic.

    A sample that k others equal in every coordinate has none nearer, and contributes as if it told all:
    where values repeat, use `Mixture`.

    Parameters
    ----------
    k : int, float or sequence of int, default=3
        Number of neighbours; a float below 1 is a fraction of the samples.
    kind : {1, 2}, default=1
        First or second estimator; what is given takes the first.
    norm : {"max", "euclidean"}, default="max"
        Distance within a variable of several columns. The Euclidean is the more accurate in many
        dimensions.
    transform : {"ranks"}, optional
        Replaces each column by its ranks, equal values by equal ones: for tests of independence.

    References
    ----------
    Kraskov, Stögbauer and Grassberger, "Estimating mutual information", Phys. Rev. E 69, 066138 (2004).
    Frenzel and Pompe, "Partial mutual information for coupling analysis of multivariate time series",
    Phys. Rev. Lett. 99, 204101 (2007).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import KSG, mutual_information
    >>> rng = np.random.default_rng(0)
    >>> x, noise = rng.normal(size=(2, 1000, 2))
    >>> y = x + noise  # the truth is ln(2)
    >>> round(mutual_information(x, y, estimator=KSG(k=4, kind=2, norm="euclidean")), 3)
    0.684
    >>> mutual_information(x, y, estimator=KSG(k=[1, 3, 10])).round(3)
    array([0.633, 0.692, 0.641])
    """

    k: int | float | Sequence[int] = 3
    kind: Literal[1, 2] = 1
    norm: Norm = "max"
    transform: Literal["ranks"] | None = None

    def __post_init__(self) -> None:
        is_fraction = isinstance(self.k, float | np.floating)
        if is_fraction and not 0 < self.k < 1:  # type: ignore[operator]
            raise ValueError(f"k must be a number of neighbors, or a fraction between 0 and 1, got {self.k}")
        object.__setattr__(self, "k", float(self.k) if is_fraction else _number(self.k))  # type: ignore[arg-type]
        _one_of("kind", self.kind, (1, 2))
        _one_of("norm", self.norm, ("max", "euclidean"))
        _one_of("transform", self.transform, (None, "ranks"))

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_no_weights(data)
        if quantity not in (MUTUAL_INFORMATION, CONDITIONAL_MUTUAL_INFORMATION):
            raise self._refused(quantity, "KozachenkoLeonenko does" if quantity == ENTROPY else "")
        self._require_continuous(data)
        options: dict[str, Any] = {
            "k": self._count(len(data)),
            "norm": self.norm,
            "ranked": self.transform == "ranks",
            "pointwise": pointwise,
            "n_threads": n_threads,
        }
        x, y, *given = [variable.samples() for variable in data.variables]
        if quantity == MUTUAL_INFORMATION:
            return _core.kraskov(x, y, kind=self.kind, **options)
        if self.kind != 1:
            raise ValueError("KSG(kind=2) does not estimate conditional mutual information, kind=1 does")
        return _core.conditional(x, y, given[0], **options)

    def _count(self, n_samples: int) -> Any:
        return max(1, int(self.k * n_samples)) if isinstance(self.k, float) else self.k


@dataclass(frozen=True, slots=True)
class Mixture(Estimator):
    r"""Mutual information of numbers that may repeat: discrete, continuous, or both in one variable.

    .. math:: \ln n + \langle \psi(k_i) - \psi(n_x) - \psi(n_y) \rangle

    Counts include the sample itself. Where fewer than k others equal sample `i`, ``k_i = k`` and samples
    strictly nearer than the k-th neighbour are counted; else all that equal it are, jointly, in `x` and
    in `y`. This is the code its authors published; the paper writes ``ln(n + 1)`` for the last two terms.

    Without repetitions it is ``ln(n) - psi(n)``, about ``1 / 2n``, above `KSG`. For atoms it is biased
    downwards by about as much as the neighbours of an atom are few. Discrete values count by their
    distance: text has none. The time is that of `KSG`.

    Parameters
    ----------
    k : int or sequence of int, default=3
        Number of neighbours.
    norm : {"max", "euclidean"}, default="max"
        Distance within a variable of several columns.

    References
    ----------
    Gao, Kannan, Oh and Viswanath, "Estimating mutual information for discrete-continuous mixtures",
    NeurIPS (2017).

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

    k: int | Sequence[int] = 3
    norm: Norm = "max"

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", _number(self.k))
        _one_of("norm", self.norm, ("max", "euclidean"))

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_no_weights(data)
        if quantity != MUTUAL_INFORMATION:
            raise self._refused(quantity)
        x, y = data.variables
        return _core.mixture(
            x.samples(), y.samples(), k=self.k, norm=self.norm, pointwise=pointwise, n_threads=n_threads
        )


@dataclass(frozen=True, slots=True)
class Ross(Estimator):
    r"""Mutual information of a continuous variable and labels.

    .. math:: \psi(n) + \langle \psi(k_i) - \psi(n_i) - \psi(m_i) \rangle

    ``n_i`` samples have the label of sample `i`, and ``k_i = min(k, n_i - 1)`` neighbours among them are
    used; ``m_i`` samples of any label, itself included, are strictly nearer than the last of these.
    Samples whose label occurs once are left out: their pointwise values are NaN.

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

    k: int | Sequence[int] = 3
    norm: Norm = "max"

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", _number(self.k))
        _one_of("norm", self.norm, ("max", "euclidean"))

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_no_weights(data)
        if quantity != MUTUAL_INFORMATION:
            raise self._refused(quantity)
        x, y = data.variables
        if x.is_discrete == y.is_discrete:
            both = "discrete" if x.is_discrete else "continuous"
            raise ValueError(f"Ross needs a continuous and a discrete variable, got {both} x and y")
        return _core.ross(
            x.labels() if x.is_discrete else x.samples(),
            y.labels() if y.is_discrete else y.samples(),
            k=self.k,
            norm=self.norm,
            pointwise=pointwise,
            n_threads=n_threads,
        )


@dataclass(frozen=True, slots=True)
class KozachenkoLeonenko(Estimator):
    r"""Differential entropy of a continuous variable from nearest neighbours.

    .. math:: \psi(n) - \psi(k) + \ln V + d \langle \ln \epsilon_i \rangle

    ``eps_i`` is the distance of sample `i` to its k-th neighbour in `d` dimensions and `V` the volume of
    the unit ball: ``2^d``, or ``pi^(d/2) / Gamma(d/2 + 1)`` for the Euclidean norm.

    Fewer neighbours are less biased and scatter more. Biased upwards in many dimensions. A sample that k
    others equal makes it negative infinity: a law with atoms has no density. In few dimensions the time
    is about linear in n, in many quadratic.

    Parameters
    ----------
    k : int or sequence of int, default=3
        Number of neighbours.
    norm : {"max", "euclidean"}, default="max"
        Distance within a variable of several columns.

    References
    ----------
    Kozachenko and Leonenko, "Sample estimate of the entropy of a random vector", Problems of Information
    Transmission 23 (1987).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import KozachenkoLeonenko, entropy
    >>> x = np.random.default_rng(0).uniform(0, 2, size=(2000, 2))
    >>> round(entropy(x, estimator=KozachenkoLeonenko(norm="euclidean"), base=2), 2)  # the truth is 2 bits
    2.02
    """

    k: int | Sequence[int] = 3
    norm: Norm = "max"

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", _number(self.k))
        _one_of("norm", self.norm, ("max", "euclidean"))

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_no_weights(data)
        if quantity != ENTROPY:
            raise self._refused(quantity, "KSG does" if not any(quantity.n_dimensions) else "")
        self._require_continuous(data)
        return _core.kozachenko_leonenko(
            data.variables[0].samples(), k=self.k, norm=self.norm, pointwise=pointwise, n_threads=n_threads
        )

    def _divergence(self, both: Variable, n: int, pointwise: bool, n_threads: int) -> Any:
        self._require_continuous(Observations((both,)))
        samples = both.samples()
        return _core.kullback_leibler(
            samples[:n], samples[n:], k=self.k, norm=self.norm, pointwise=pointwise, n_threads=n_threads
        )


def _number(k: Any) -> int | tuple[int, ...]:
    """A number of neighbours, or several."""
    if isinstance(k, Sequence | np.ndarray) and not isinstance(k, str | bytes) and np.ndim(k) == 1 and len(k):
        return tuple(_one_number(one) for one in k)
    return _one_number(k)


def _one_number(k: Any) -> int:
    if isinstance(k, bool | np.bool):
        raise TypeError("k must be an integer or a sequence of integers, got bool")
    try:
        number = operator.index(k)
    except TypeError:
        raise TypeError(f"k must be an integer or a sequence of integers, got {type(k).__name__}") from None
    if number < 1:
        raise ValueError(f"k must be at least 1, got {number}")
    return number


def _one_of(name: str, value: Any, accepted: tuple[Any, ...]) -> None:
    if isinstance(value, bool) or value not in accepted:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, accepted))}, got {value!r}")
