"""Estimators of continuous variables from the distances of nearest neighbours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._observations import Observations
from mutua._parameters import one_of, positive_integers
from mutua._quantity import (
    CONDITIONAL_MUTUAL_INFORMATION,
    ENTROPY,
    MUTUAL_INFORMATION,
    Quantity,
    total_correlation,
)
from mutua._variables import Variable
from mutua.estimators.base import Estimator
from mutua.estimators.common_ball import CommonBall, Norm

__all__ = ["KSG", "KozachenkoLeonenko"]


@dataclass(frozen=True, slots=True)
class KozachenkoLeonenko(CommonBall):
    r"""Differential entropy of a continuous variable from nearest neighbours.

    .. math::
        H(X) &= \psi(n) - \psi(k) + \ln V + d \langle \ln \epsilon_i \rangle \\
        H(X | Z) &= \langle \psi(n_z + 1) \rangle - \psi(k) + \ln V + d \langle \ln \epsilon_i \rangle

    ``eps_i`` is the distance of sample `i` to its k-th neighbour in `d` dimensions and `V` the volume of
    the unit ball: ``2^d``, or ``pi^(d/2) / Gamma(d/2 + 1)`` for the Euclidean norm. Where columns are
    `Periodic` it is that of the largest difference, in which no ball is wider than the period. Given
    another variable, the distance is the larger of both, and ``n_z`` others are strictly nearer in `z`.
    Labels are infinitely far apart and have no unit: of one, given a sample, the entropy is
    ``<psi(n_z + 1)> - psi(k)``.

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

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_no_weights(data)
        if not any(quantity.n_dimensions):
            raise self._refused(quantity, "KSG does")
        if all(variable.is_discrete for variable in data.variables):
            self._require_continuous(data)
        if quantity != ENTROPY:
            return self._from_balls("ross", quantity, data, pointwise=pointwise, n_threads=n_threads)
        return _core.kozachenko_leonenko(
            data.variables[0].points(), k=self.k, norm=self.norm, pointwise=pointwise, n_threads=n_threads
        )

    def _divergence(self, both: Variable, n: int, pointwise: bool, n_threads: int) -> Any:
        self._require_continuous(Observations((both,)))
        samples = both.samples()
        return _core.kullback_leibler(
            samples[:n], samples[n:], k=self.k, norm=self.norm, pointwise=pointwise, n_threads=n_threads
        )


@dataclass(frozen=True, slots=True)
class KSG(CommonBall):
    r"""Mutual information of continuous variables from nearest neighbours.

    .. math::
        I_1 &= \psi(k) + \psi(n) - \langle \psi(n_x + 1) + \psi(n_y + 1) \rangle \\
        I_2 &= \psi(k) + \psi(n) - \tfrac{1}{k} - \langle \psi(n_x) + \psi(n_y) \rangle \\
        I(X; Y | Z) &= \psi(k) + \langle \psi(n_z + 1) - \psi(n_{xz} + 1) - \psi(n_{yz} + 1) \rangle

    The distance of two samples is the larger of those in `x` and in `y`. In the first and the third,
    others are counted that are strictly nearer in a variable than the k-th neighbour is in all; in the
    second, within the extent of the k neighbours in that variable. Total correlation has both
    estimators. As the third, so is any other sum of joint entropies in which units cancel:
    ``psi(n) - psi(n_s + 1)`` stands for the entropy of the variables `s`. What is given may be
    discrete: neighbours are then of the same label.

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
        First or second estimator; the second is for mutual information and total correlation.
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

    _keeps_window: ClassVar[bool] = True
    _rule = "kraskov"

    k: int | float | Sequence[int] = 3
    kind: Literal[1, 2] = 1
    norm: Norm = "max"
    transform: Literal["ranks"] | None = None

    def __post_init__(self) -> None:
        is_fraction = isinstance(self.k, float | np.floating)
        if is_fraction and not 0 < self.k < 1:  # type: ignore[operator]
            raise ValueError(f"k must be a number of neighbors, or a fraction between 0 and 1, got {self.k}")
        object.__setattr__(self, "k", float(self.k) if is_fraction else positive_integers("k", self.k))  # type: ignore[arg-type]
        one_of("kind", self.kind, (1, 2))
        one_of("norm", self.norm, ("max", "euclidean"))
        one_of("transform", self.transform, (None, "ranks"))

    @property
    def _k_of_scalars(self) -> tuple[int, bool] | None:
        """The neighbors, and whether of ranks, for scalars that the core keeps out of Python; else None."""
        is_plain = type(self) is KSG and self.kind == 1
        return (self.k, self.transform == "ranks") if is_plain and isinstance(self.k, int) else None

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_no_weights(data)
        if data.window:
            return self._apart(quantity, data, pointwise, n_threads)
        self._require_balanced(quantity)
        has_labels = any(variable.is_discrete for variable in data.variables)
        if has_labels:
            self._require_continuous(Observations(tuple(_not_given(quantity, data))))
        options: dict[str, Any] = {
            "k": self._count(len(data)),
            "ranked": self.transform == "ranks",
            "pointwise": pointwise,
            "n_threads": n_threads,
        }
        is_total = quantity == total_correlation(len(data.variables))
        if self.kind == 2 and (has_labels or not is_total):
            raise ValueError(f"KSG(kind=2) does not estimate {quantity.name}, kind=1 does")
        if has_labels or not (is_total or quantity == CONDITIONAL_MUTUAL_INFORMATION):
            return self._from_balls("kraskov", quantity, data, **options)
        x, y, *others = (variable.points() for variable in data.variables)
        if is_total:
            return _core.kraskov(x, y, kind=self.kind, norm=self.norm, others=others, **options)
        return _core.conditional(x, y, others[0], norm=self.norm, **options)

    def _apart(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        """With a window, which must leave each sample its neighbours."""
        if quantity not in (MUTUAL_INFORMATION, CONDITIONAL_MUTUAL_INFORMATION) or self.kind != 1:
            raise ValueError(
                "KSG keeps a window in time for mutual information of continuous variables, by kind=1"
            )
        self._require_continuous(data)
        k, clock, window = self._count(len(data)), np.asarray(data.clock), data.window
        times = np.sort(clock)
        near = np.searchsorted(times, times + window, "right") - np.searchsorted(times, times - window)
        if np.max(k) + near.max() > len(data):
            found = f"{window} with {len(data)} samples"
            raise ValueError(f"window must leave each sample at least {np.max(k)} neighbors, got {found}")
        options: dict[str, Any] = {
            "norm": self.norm,
            "ranked": self.transform == "ranks",
            "pointwise": pointwise,
        }
        x, y, *others = [variable.points() for variable in data.variables]
        given = others[0] if others else np.zeros(len(data))  # which tells nothing
        return _core.conditional_apart(x, y, given, clock, window, k, **options, n_threads=n_threads)

    def _rearranged(
        self, quantity: Quantity, data: Observations, orders: NDArray[np.uint32], n_threads: int
    ) -> NDArray[np.float64]:
        rearranged = CommonBall._rearranged if self.kind == 1 else Estimator._rearranged
        return rearranged(self, quantity, data, orders, n_threads)

    def _options(self, data: Observations) -> dict[str, Any]:
        return {"k": self._count(len(data)), "ranked": self.transform == "ranks"}

    def _count(self, n_samples: int) -> Any:
        return max(1, int(self.k * n_samples)) if isinstance(self.k, float) else self.k


def _not_given(quantity: Quantity, data: Observations) -> Iterator[Variable]:
    """The variables that are not in every joint entropy, as what is given is."""
    for i, variable in enumerate(data.variables):
        if not all(mask >> i & 1 for _, mask in quantity.terms):
            yield variable
