"""Samples to symbols, for any estimator from counts: bins, and patterns of order."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mutua import _bins
from mutua._observations import Observations, at
from mutua._parameters import instance, integer, one_of
from mutua._quantity import Quantity
from mutua._variables import Variable, finite_matrix
from mutua.estimators.base import Estimator
from mutua.estimators.counts import PlugIn
from mutua.estimators.from_counts import FromCounts

__all__ = ["Binned", "Ordinal"]

_LONGEST = 20  # patterns, of which 64 bits tell 20! apart


@dataclass(frozen=True, slots=True)
class Binned(Estimator):
    r"""Any quantity of the bins that continuous variables fall into, from their counts.

    Columns are cut one by one, several columns of a variable are one symbol together, and discrete variables
    stay as they are. Entropy is that of the symbols: it grows with the number of bins, and is not the
    differential entropy of what was cut.

    Information of bins is at most that of the values, and fewer bins tell less; more of them need more
    samples: with `PlugIn`, information is too high by about the number of occupied joint bins over
    ``2n``. Prefer `KSG` or `GaussianCopula` where nothing asks for bins. A search for each sample, and the
    time of `counts`.

    Parameters
    ----------
    bins : int, str, or edges, default="freedman-diaconis"
        A number of bins for each column, or a rule that finds it.

        - of width ``ptp / k``: ``"sturges"``, ``k = log2(n) + 1``; ``"doane"``, more of them the more the
          values are skewed; ``"sqrt"``, ``k = sqrt(n)``; ``"rice"``, ``k = 2 n^(1/3)``
        - of width ``c n^(-1/3)``: ``"scott"``, `c` about 3.5 standard deviations;
          ``"freedman-diaconis"``, twice the interquartile range; ``"auto"``, the finer of this and
          Sturges's
        - of the highest score, among 1 to 100 or ``sqrt(n)`` bins: ``"stone"``, by leaving samples out;
          ``"knuth"``, by its posterior
        - of unequal width: ``"bayesian-blocks"``, steps of a density; quadratic, for up to 20,000 values

        Those that NumPy's `histogram` has give its bins. Or edges in ascending order, for all columns, or a
        sequence with the edges of each continuous column in turn, through all variables. A value on an
        edge is in the bin above, on the last edge in the last bin; edges may be infinite.
    equal : {"width", "frequency"}, default="width"
        What bins have in common: their width, or how many samples they hold. Equal values stay together.
    counts : Estimator, default=PlugIn()
        How to estimate from the counts of symbols.

    References
    ----------
    Freedman and Diaconis, "On the histogram as a density estimator: L2 theory", Z. Wahrscheinlichkeitstheorie
    57 (1981).
    Scott, "On optimal and data-based histograms", Biometrika 66 (1979).
    Doane, "Aesthetic frequency classifications", American Statistician 30 (1976).
    Stone, "An asymptotically optimal histogram selection rule", Berkeley Conference (1984).
    Knuth, "Optimal data-based binning for histograms", arXiv physics/0605197 (2006).
    Scargle, Norris, Jackson and Chiang, "Studies in astronomical time series analysis VI: Bayesian block
    representations", Astrophysical Journal 764 (2013).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import Binned, entropy, mutual_information
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=2000)
    >>> y = x + rng.normal(size=2000)  # the truth is ln(2) / 2, 0.347
    >>> round(mutual_information(x, y, estimator=Binned()), 3)  # too many bins for PlugIn
    0.459
    >>> round(mutual_information(x, y, estimator=Binned(bins=8, equal="frequency")), 3)
    0.301
    >>> round(entropy(x, estimator=Binned(bins=[-np.inf, 0, np.inf]), base=2), 3)
    0.999
    """

    bins: int | str | Sequence[Any] = "freedman-diaconis"
    equal: Literal["width", "frequency"] = "width"
    counts: Estimator = field(default=PlugIn())

    _makes_symbols = True

    def __post_init__(self) -> None:
        one_of("equal", self.equal, ("width", "frequency"))
        bins = _bins.read(self.bins)
        if self.equal == "frequency" and (bins == "bayesian-blocks" or isinstance(bins, tuple)):
            raise ValueError(
                f"bins of equal frequency need a number or a rule that finds one, got {self.bins!r}"
            )
        object.__setattr__(self, "bins", bins)
        instance("counts", self.counts, FromCounts, "an estimator from counts like PlugIn()")

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        samples = {i: finite_matrix(v) for i, v in enumerate(data.variables) if not v.is_discrete}
        n_columns = sum(matrix.shape[1] for matrix in samples.values())
        edges, variables = iter(self._edges(n_columns)), list(data.variables)
        for i, matrix in samples.items():
            codes = [self._cut(variables[i].name, column, next(edges)) for column in matrix.T]
            variables[i] = _symbols(variables[i], np.stack(codes, axis=1))
        data = dataclasses.replace(data, variables=tuple(variables))
        return self.counts._estimate(quantity, data, pointwise, n_threads)

    def _edges(self, n_columns: int) -> Sequence[Any]:
        """For each column its edges, or None where they follow from the values."""
        if not isinstance(self.bins, tuple):
            return [None] * n_columns
        if not isinstance(self.bins[0], tuple):
            return [self.bins] * n_columns
        if len(self.bins) != n_columns:
            raise ValueError(
                f"bins must hold the edges of {n_columns} continuous columns, got {len(self.bins)} sequences"
            )
        return self.bins

    def _cut(
        self, name: str, values: NDArray[np.float64], edges: tuple[float, ...] | None
    ) -> NDArray[np.int64]:
        values = np.ascontiguousarray(values)
        if edges is None:
            return _bins.place(name, values, self.bins, self.equal)  # type: ignore[arg-type]
        outside = values[(values < edges[0]) | (values > edges[-1])]
        if len(outside):
            raise ValueError(
                f"{name} must lie within its bins, from {edges[0]:g} to {edges[-1]:g}, got {outside[0]:g}"
            )
        return _bins.between(np.array(edges[1:-1]), values)


@dataclass(frozen=True, slots=True)
class Ordinal(Estimator):
    r"""Any quantity of the patterns of order that continuous series run through, from their counts.

    A pattern says how `order` values, `delay` samples apart, are ordered; of equal values the earlier counts
    as the smaller. The pattern of a sample ends with it, so the first ``(order - 1) * delay`` samples have
    none, also after a gap of missing or masked ones and in each group: they are left out, and NaN pointwise;
    groups weigh by all their samples.
    Several columns of a variable have a pattern each, which are one symbol together; discrete variables stay
    as they are, on the samples that are left.

    Samples must be in the order of time. No increasing function of a series changes a bit, drift hardly
    matters, and amplitude is not seen. There are ``order!`` patterns, of joint ones a power of that: keep
    `order` small. The bias is that of `counts`. A few comparisons for each sample, and the time of `counts`.

    Parameters
    ----------
    order : int, default=3
        Values in a pattern, 2 to 20.
    delay : int, default=1
        Samples from one value of a pattern to the next.
    counts : Estimator, default=PlugIn()
        How to estimate from the counts of patterns.

    References
    ----------
    Bandt and Pompe, "Permutation entropy: a natural complexity measure for time series", Phys. Rev. Lett. 88,
    174102 (2002).
    Staniek and Lehnertz, "Symbolic transfer entropy", Phys. Rev. Lett. 100, 158101 (2008).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import Ordinal, entropy
    >>> round(entropy([4.0, 7.0, 9.0, 10.0, 6.0, 11.0, 3.0], estimator=Ordinal(), base=2), 3)
    1.522
    >>> x = [0.4]
    >>> for _ in range(1000):
    ...     x.append(3.9 * x[-1] * (1 - x[-1]))
    >>> round(entropy(x, estimator=Ordinal()), 3)  # below ln(6): it never falls twice in a row
    1.528
    """

    order: int = 3
    delay: int = 1
    counts: Estimator = field(default=PlugIn())

    _makes_symbols = True

    def __post_init__(self) -> None:
        order, delay = integer("order", self.order), integer("delay", self.delay)
        if not 2 <= order <= _LONGEST:
            raise ValueError(f"order must be between 2 and {_LONGEST}, got {order}")
        if delay < 1:
            raise ValueError(f"delay must be at least 1, got {delay}")
        object.__setattr__(self, "order", order)
        object.__setattr__(self, "delay", delay)
        instance("counts", self.counts, FromCounts, "an estimator from counts like PlugIn()")

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        lost = (self.order - 1) * self.delay
        if len(data) <= lost:
            raise ValueError(
                f"order and delay must fit {data.variables[0].name}: {self.order} samples {self.delay} apart "
                f"need at least {lost + 1}, got {len(data)}"
            )
        clock = np.arange(len(data)) if data.clock is None else data.clock
        ends = lost + np.flatnonzero(clock[lost:] - clock[: len(data) - lost] == lost)
        if len(ends) == 0:
            raise ValueError(f"patterns need {lost + 1} samples in turn, got fewer between those left out")
        variables = tuple(
            dataclasses.replace(variable, array=variable.array[ends])
            if variable.is_discrete
            else _symbols(variable, _patterns(finite_matrix(variable), self.order, self.delay)[ends - lost])
            for variable in data.variables
        )
        weights = at(data.weights, ends)
        if weights is not None and not weights.any():
            raise ValueError("weights must not all be 0 where samples have a pattern")
        seen = Observations(variables, weights)
        estimate = self.counts._estimate(quantity, seen, pointwise, n_threads)
        if not pointwise:
            return estimate
        placed = np.full(len(data), np.nan)
        placed[ends] = estimate
        return placed


def _patterns(samples: NDArray[np.float64], order: int, delay: int) -> NDArray[np.int64]:
    """For each column the number of its patterns: a digit for each value, how many later ones are smaller."""
    n = len(samples) - (order - 1) * delay
    values = [samples[i * delay : i * delay + n] for i in range(order)]
    codes = np.zeros((n, samples.shape[1]), dtype=np.int64)
    for i, value in enumerate(values):
        codes *= order - i
        for later in values[i + 1 :]:
            codes += later < value
    return codes


def _symbols(variable: Variable, codes: NDArray[np.int64]) -> Variable:
    """A discrete variable, of a column of codes for each of the continuous one."""
    codes = codes[:, 0] if codes.shape[1] == 1 else codes
    return dataclasses.replace(variable, array=np.ascontiguousarray(codes), is_discrete=True)
