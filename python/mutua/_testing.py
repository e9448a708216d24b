"""A test of independence as it is asked for: checked, and answered for data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mutua import _core
from mutua._null import Alternative, Floats, Null, chi_square, normal
from mutua._observations import Observations
from mutua._parameters import at_least, instance, one_of
from mutua._quantity import MUTUAL_INFORMATION, Quantity
from mutua._surrogates import surrogates_of
from mutua.estimators import (
    KSG,
    AtomSplit,
    Estimator,
    Gaussian,
    GaussianCopula,
    Mixture,
    Ordinal,
    PlugIn,
    Ross,
)
from mutua.measures import route

Method = Literal["permutation", "local", "shift", "block", "iaaft", "chi-square", "gaussian"]
METHODS: tuple[Method, ...] = ("permutation", "local", "shift", "block", "iaaft", "chi-square", "gaussian")
OF_SERIES = ("shift", "block", "iaaft")
OF_LAWS = ("chi-square", "gaussian")

# Neighbours where no estimator is named.
SAMPLES_PER_NEIGHBOR, FEWEST, MOST = 20, 3, 50


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
    null_distribution: Floats | None
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


@dataclass(frozen=True, slots=True)
class IndependenceTest:
    """What is asked of variables."""

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

    def __post_init__(self) -> None:
        one_of("method", self.method, (None, *METHODS))
        one_of("alternative", self.alternative, ("greater", "less", "two-sided"))
        if self.estimator is not None:
            instance("estimator", self.estimator, Estimator, "an estimator like KSG(k=3)")
        for name, least in {"n_permutations": 1, "stop": 1, "neighbors": 2, "block": 1, "seed": 0}.items():
            value = getattr(self, name)
            if value is not None or name not in ("stop", "block"):
                object.__setattr__(self, name, at_least(name, value, least))
        if self.method in OF_LAWS and self.alternative != "greater":
            raise ValueError(
                f"alternative must be 'greater' for method={self.method!r}, got {self.alternative!r}"
            )
        if self.stop is not None and self.method in OF_LAWS:
            raise ValueError(f"stop must be None for method={self.method!r}, got {self.stop}")
        if self.stop is not None and self.alternative == "two-sided":
            raise ValueError(f"stop must be None for alternative='two-sided', got {self.stop}")

    def of(self, data: Observations) -> IndependenceResult:
        data = data.plain()
        quantity = MUTUAL_INFORMATION.given_others(len(data.variables))
        method = self._method(data)
        if method in OF_LAWS:
            return self._by_law(method, data)
        estimator = self.estimator or estimator_for_tests(quantity, data)
        if isinstance(estimator, Ordinal) and method not in OF_SERIES:
            raise ValueError(
                f"Ordinal reads the order of samples: method must be one of {OF_SERIES}, got {method!r}"
            )
        if np.ndim(estimator._estimate(quantity, data, False, self.n_threads)):
            raise ValueError(f"estimator must have one k, got {estimator!r}")
        n = self.n_permutations
        if isinstance(estimator, PlugIn) and method == "permutation" and not self.shared:
            statistic, values = self._of_tables(data)
        else:
            surrogates = surrogates_of(method, data, self)
            n = min(n, surrogates.n_distinct or n)
            as_it_is = np.arange(len(data), dtype=np.uint32)[None]
            statistic = float(estimator._rearranged(quantity, data, as_it_is, self.n_threads)[0])

            def values(first: int, size: int) -> Floats:
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

    def _of_tables(self, data: Observations) -> tuple[float, Callable[[int, int], Floats]]:
        """The information of labels, and that of permutations, of which only the tables are drawn."""
        x, y, *given = (variable.labels() for variable in data.variables)

        def both(first: int, size: int) -> tuple[float, Floats]:
            return _core.permuted_labels(
                x, y, self.seed, first, size, given=given[0] if given else None, n_threads=self.n_threads
            )

        return both(0, 0)[0], lambda first, size: both(first, size)[1]

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


def estimator_for_tests(quantity: Quantity, data: Observations) -> Estimator:
    """What the data get for a measure, with more neighbours, which scatter less."""
    chosen = route(quantity, data)
    k = min(max(len(data) // SAMPLES_PER_NEIGHBOR, FEWEST), MOST)
    if isinstance(chosen, KSG):
        goes_round = any(variable.periods is not None for variable in data.variables)
        return KSG(k=k, transform=None if goes_round else "ranks")
    return type(chosen)(k=k) if isinstance(chosen, Ross | AtomSplit | Mixture) else chosen
