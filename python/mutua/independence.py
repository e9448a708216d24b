"""Tests of independence: whether variables share anything at all, given others or not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua import _core
from mutua._null import Alternative, Null, chi_square, normal
from mutua._observations import Observations
from mutua._parameters import instance, integer, one_of
from mutua._quantity import MUTUAL_INFORMATION, Quantity
from mutua._recording import Recording
from mutua._surrogates import surrogates_of
from mutua._threads import count_threads
from mutua._variables import Variable
from mutua.estimators import Estimator, Gaussian, GaussianCopula, Ordinal, PlugIn
from mutua.measures import route

__all__ = ["independence_test"]

Method = Literal["permutation", "local", "shift", "block", "iaaft", "chi-square", "gaussian"]
METHODS: tuple[Method, ...] = ("permutation", "local", "shift", "block", "iaaft", "chi-square", "gaussian")
OF_SERIES = ("shift", "block", "iaaft")
OF_LAWS = ("chi-square", "gaussian")


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class IndependenceResult:
    """What a test of independence found.

    Attributes
    ----------
    statistic : float or ndarray
        The estimated information in nats.
    pvalue : float or ndarray
        How often as much is found where nothing is shared.
    null_distribution : ndarray or None
        The information of the surrogates, in their order; None where its law is known.
    method : str
        How the null distribution was found.
    estimator : Estimator
        How the information was estimated.
    n_permutations : int
        How many surrogates there were.
    alternative : str
        Which side counts.
    correction : str or None
        How p-values of several tests were adjusted.
    """

    statistic: Any
    pvalue: Any
    null_distribution: NDArray[np.float64] | None
    method: Method
    estimator: Estimator
    n_permutations: int
    alternative: Alternative = "greater"
    correction: str | None = None

    def __repr__(self) -> str:
        surrogates = f", {self.n_permutations} surrogates" if self.n_permutations else ""
        corrected = f", corrected by {self.correction}" if self.correction else ""
        name = type(self).__name__
        if np.ndim(self.statistic):
            found = f"{np.size(self.statistic)} tests, the smallest p = {np.min(self.pvalue, initial=1):.3g}"
        else:
            found = f"{self.statistic:.4g} nats, p = {self.pvalue:.3g}"
        return f"<{name}: {found}; {self.method}{surrogates}{corrected}; {self.estimator!r}>"


def independence_test(
    x: ArrayLike,
    y: ArrayLike,
    *,
    given: Any = None,
    method: Method | None = None,
    estimator: Estimator | None = None,
    n_permutations: int = 999,
    alternative: Alternative = "greater",
    stop: int | None = None,
    neighbors: int = 5,
    block: int | None = None,
    seed: int = 0,
    discrete: bool | Sequence[bool | None] | None = None,
    mask: ArrayLike | None = None,
    nan_policy: Literal["raise", "omit"] = "raise",
    n_jobs: int | None = None,
) -> IndependenceResult:
    """DOC"""
    recording = Recording.read(
        {"x": x, "y": y}, given, discrete=discrete, mask=mask, nan_policy=nan_policy
    )
    test = Test.checked(
        method, estimator, n_permutations, alternative, stop, neighbors, block, seed, count_threads(n_jobs)
    )
    return test.of(recording.observed())


@dataclass(frozen=True, slots=True)
class Test:
    """What is asked of variables, checked."""

    method: Method | None
    estimator: Estimator | None
    n_permutations: int
    alternative: Alternative
    stop: int | None
    neighbors: int
    block: int | None
    seed: int
    n_threads: int
    shared: bool = False  # whether surrogates of one number are the same order, whatever the variables

    @classmethod
    def checked(
        cls,
        method: Any,
        estimator: Any,
        n_permutations: Any,
        alternative: Any,
        stop: Any,
        neighbors: Any,
        block: Any,
        seed: Any,
        n_threads: int,
    ) -> "Test":
        one_of("method", method, (None, *METHODS))
        one_of("alternative", alternative, ("greater", "less", "two-sided"))
        if estimator is not None:
            instance("estimator", estimator, Estimator, "an estimator like KSG(k=3)")
        n_permutations = _at_least("n_permutations", n_permutations, 1)
        neighbors = _at_least("neighbors", neighbors, 2)
        stop = None if stop is None else _at_least("stop", stop, 1)
        block = None if block is None else _at_least("block", block, 1)
        seed = _at_least("seed", seed, 0)
        if alternative != "greater" and method in OF_LAWS:
            raise ValueError(f"alternative must be 'greater' for method={method!r}, got {alternative!r}")
        if stop is not None and (alternative == "two-sided" or method in OF_LAWS):
            with_what = "method" if method in OF_LAWS else "alternative"
            found = method if method in OF_LAWS else alternative
            raise ValueError(f"stop must be None for {with_what}={found!r}, got {stop}")
        return cls(
            method, estimator, n_permutations, alternative, stop, neighbors, block, seed, n_threads
        )

    def of(self, data: Observations) -> IndependenceResult:
        data = replace(data, variables=tuple(_plain(variable) for variable in data.variables))
        quantity = MUTUAL_INFORMATION.given_others(len(data.variables))
        method = self._method(data)
        if method in OF_LAWS:
            return self._by_law(method, data)
        estimator = self.estimator or default_estimator(quantity, data)
        if isinstance(estimator, Ordinal) and method not in OF_SERIES:
            raise ValueError(
                f"Ordinal reads the order of samples: method must be one of {OF_SERIES}, got {method!r}"
            )
        if np.ndim(estimator._estimate(quantity, data, False, self.n_threads)):
            raise ValueError(f"estimator must have one k, got {estimator!r}")
        n = self.n_permutations
        if isinstance(estimator, PlugIn) and method == "permutation" and not self.shared:
            labels = [variable.labels() for variable in data.variables]
            statistic, _ = _core.permuted_labels(*labels[:2], self.seed, 0, 0, *labels[2:])

            def values(first: int, size: int) -> NDArray[np.float64]:
                drawn = _core.permuted_labels(
                    *labels[:2], self.seed, first, size, *labels[2:], n_threads=self.n_threads
                )
                return drawn[1]

        else:
            surrogates = surrogates_of(
                method,
                data,
                seed=self.seed,
                block=self.block,
                neighbors=self.neighbors,
                n_threads=self.n_threads,
            )
            n = min(n, surrogates.n_distinct or n)
            as_it_is = np.arange(len(data), dtype=np.uint32)[None]
            statistic = float(estimator._rearranged(quantity, data, as_it_is, self.n_threads)[0])

            def values(first: int, size: int) -> NDArray[np.float64]:
                orders = surrogates.draw(first, size)
                return estimator._rearranged(quantity, data, orders, self.n_threads)

        null = Null.drawn(statistic, values, n, self.alternative, self.stop, len(data))
        return IndependenceResult(
            statistic,
            float(null.pvalue),
            null.values,
            method,
            estimator,
            len(null.values),
            self.alternative,
        )

    def _by_law(self, method: Method, data: Observations) -> IndependenceResult:
        if method == "chi-square":
            estimator = self.estimator or PlugIn()
            if not isinstance(estimator, PlugIn):
                raise ValueError(f"estimator must be PlugIn for method='chi-square', got {estimator!r}")
            estimator._require_discrete(data)
            statistic, pvalue = chi_square(data)
        else:
            estimator = self.estimator or GaussianCopula()
            if not isinstance(estimator, Gaussian | GaussianCopula):
                raise ValueError(
                    f"estimator must be Gaussian or GaussianCopula for method='gaussian', got {estimator!r}"
                )
            estimator._require_continuous(data)
            statistic, pvalue = normal(data, estimator, self.n_threads)
        return IndependenceResult(statistic, pvalue, None, method, estimator, 0, self.alternative)

    def _method(self, data: Observations) -> Method:
        given = data.variables[2:]
        is_continuous = any(not variable.is_discrete for variable in given)
        method = self.method or ("local" if is_continuous else "permutation")
        if method == "permutation" and is_continuous:
            raise ValueError(
                "method must be 'local' given continuous variables, got 'permutation', which breaks what x "
                "shares with them"
            )
        if method == "local" and not is_continuous:
            found = "discrete ones, which 'permutation' keeps" if given else "nothing"
            raise ValueError(f"method must not be 'local' without continuous variables given, got {found}")
        if method in OF_SERIES:
            if given:
                raise ValueError(
                    f"given must be None for method={method!r}, which breaks what x shares with it"
                )
            if data.times is not None:
                raise ValueError(f"method={method!r} needs all samples of a series, got some left out")
            if len(data) < 3:
                raise ValueError(f"method={method!r} needs at least 3 samples, got {len(data)}")
            x = data.variables[0]
            if method == "iaaft" and (x.is_discrete or x.array.ndim != 1):
                raise ValueError("x must be one continuous column for method='iaaft'")
        return method


def default_estimator(quantity: Quantity, data: Observations) -> Estimator:
    return route(quantity, data)


def _plain(variable: Variable) -> Variable:
    """As the core takes it, so that it is converted once."""
    array = variable.labels() if variable.is_discrete else variable.numbers()
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    return replace(variable, array=np.ascontiguousarray(array), are_codes=False)


def _at_least(name: str, value: Any, least: int) -> int:
    number = integer(name, value)
    if not least <= number < 2**63:
        raise ValueError(f"{name} must be at least {least} and below 2^63, got {number}")
    return number
