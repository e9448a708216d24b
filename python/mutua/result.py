"""What an estimate is: a number, how far it may be off, and how it was made."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from statistics import NormalDist
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mutua._auto.choice import Choice
from mutua.estimators.base import Estimator
from mutua.estimators.extrapolated import NEIGHBORS
from mutua.estimators.neighbors import KSG

__all__ = ["Estimate"]


class Interval(NamedTuple):
    """From `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Estimate:
    """An estimate of mutual information: `float` makes it a number.

    Attributes
    ----------
    value, standard_error : float
        In units of `unit`.
    pvalue : float
        Of independence; NaN where there is no test: too few samples, surrogates of a series given others.
    estimator : Estimator
        What made the value, or what it was corrected from.
    reasons, warnings : tuple of str
        Why this one, and what to beware of.
    ceiling : float
        The most that neighbours can tell, ``psi(n) - psi(3)``; of labels the logarithm of how many there are.
    saturated : bool
        Whether the value is near the ceiling of neighbours.
    n_samples, n_dropped, ties : int
        Samples used, left out, and with a value that occurs again in a continuous variable.
    effective_size : float
        How many independent samples would tell as much.
    unit : str
        "nats", "bits", or what the base makes.
    curve : dict of int to float, or None
        `KSG` by the number of neighbours, in the view that was best.
    pointwise : ndarray of shape (n_samples,), or None
        What samples contribute; NaN for one that was left out.

    Examples
    --------
    >>> from mutua import estimate
    >>> from mutua.distributions import Normal
    >>> found = estimate(*Normal.pairs(1, 1, 0.75).sample(2000, seed=0))
    >>> found.interval(0.95)
    Interval(low=0.367..., high=0.430...)
    >>> float(found) == found.value
    True
    >>> found.reasons
    ('a normal copula says 0.399', 'neighbours say the same of samples of it, to ... deviations in 1 view')
    """

    value: float
    standard_error: float
    pvalue: float
    estimator: Estimator
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    ceiling: float
    saturated: bool
    n_samples: int
    n_dropped: int
    ties: int
    effective_size: float
    unit: str
    curve: dict[int, float] | None
    pointwise: NDArray[np.float64] | None = field(repr=False)
    _given: bool = field(repr=False)
    _expected: dict[int, float] | None = field(repr=False)
    _again: Callable[[NDArray[np.intp]], float] = field(repr=False)

    @classmethod
    def of(
        cls,
        choice: Choice,
        *,
        unit: tuple[str, float],
        standard_error: float,
        pvalue: float,
        saturated: bool,
        n_samples: int,
        n_dropped: int,
        effective_size: float,
        ties: int,
        warnings: tuple[str, ...],
        pointwise: NDArray[np.float64] | None,
        given: bool,
        again: Callable[[NDArray[np.intp]], float],
    ) -> Self:
        """What was chosen, in a unit of so many nats."""
        name, nats = unit
        curve = expected = None
        if choice.calibrated is not None and choice.calibrated.seen:
            best = choice.calibrated.seen[0]
            curve = dict(zip(NEIGHBORS, (best.curve / nats).tolist(), strict=True))
            expected = dict(zip(NEIGHBORS, (best.expected / nats).tolist(), strict=True))
        return cls(
            choice.value / nats,
            standard_error / nats,
            pvalue,
            choice.estimator,
            choice.reasons,
            warnings,
            choice.ceiling / nats,
            saturated,
            n_samples,
            n_dropped,
            ties,
            effective_size,
            name,
            curve,
            None if pointwise is None else pointwise / nats,
            given,
            expected,
            lambda rows: again(rows) / nats,
        )

    def __float__(self) -> float:
        return self.value

    def interval(self, level: float = 0.9) -> Interval:
        """Covers the truth so often, if the estimate is as often too high as too low.

        Parameters
        ----------
        level : float, default=0.9
            Between 0 and 1.

        Returns
        -------
        Interval
            A pair, `low` and `high`. Not cut off at 0.

        Raises
        ------
        ValueError
            If `level` is not between 0 and 1.
        """
        if not (isinstance(level, float | np.floating) and 0 < level < 1):
            raise ValueError(f"level must be a number between 0 and 1, got {level!r}")
        reach = NormalDist().inv_cdf((1 + level) / 2) * self.standard_error
        return Interval(self.value - reach, self.value + reach)

    def to_dict(self) -> dict[str, Any]:
        """Numbers and text alone: what JSON can hold, but for NaN."""
        low, high = self.interval()
        return {
            "value": self.value,
            "standard_error": self.standard_error,
            "low": low,
            "high": high,
            "level": 0.9,
            "pvalue": self.pvalue,
            "unit": self.unit,
            "estimator": repr(self.estimator),
            "reasons": list(self.reasons),
            "warnings": list(self.warnings),
            "ceiling": self.ceiling,
            "saturated": self.saturated,
            "n_samples": self.n_samples,
            "n_dropped": self.n_dropped,
            "ties": self.ties,
            "effective_size": self.effective_size,
            "curve": self.curve,
        }

    def cite(self) -> tuple[str, ...]:
        """The papers to cite: of the estimator, and of neighbours where these were asked."""
        kinds: list[type] = [type(self.estimator)]
        if self.curve is not None:
            kinds.append(KSG)
        return tuple(dict.fromkeys(paper for kind in kinds for paper in _papers(kind)))

    def __repr__(self) -> str:
        low, high = (f"{edge:.3f}" for edge in self.interval())
        shared = "I(X; Y | Z)" if self._given else "I(X; Y)"
        number = f"{self.value:.3f} ± {self.standard_error:.3f} {self.unit} (90 % from {low} to {high})"
        warned = f"; beware: {'; '.join(self.warnings)}" if self.warnings else ""
        return f"{shared} = {number}{self._p()}, by {type(self.estimator).__name__}{warned}"

    def _p(self) -> str:
        if math.isnan(self.pvalue):
            return ""
        return ", p < 0.001" if self.pvalue < 0.001 else f", p = {self.pvalue:.1g}"

    def _repr_html_(self) -> str:
        rows = [(key, value) for key, value in self.to_dict().items() if key not in ("curve", "level")]
        cells = (f"<tr><th>{escape(key)}</th><td>{escape(_as_text(value))}</td></tr>" for key, value in rows)
        return f"<table>{''.join(cells)}</table>"

    def plot(self, axes: Any = None) -> Any:
        """The estimate by the number of neighbours, and by that of samples.

        Parameters
        ----------
        axes : pair of matplotlib axes, optional
            Where to draw; if None, in a new figure.

        Returns
        -------
        pair of matplotlib axes

        Raises
        ------
        ImportError
            If matplotlib is not installed: ``pip install "mutua[plot]"``.
        """
        from mutua.plot import _draw_estimate

        return _draw_estimate(self, axes)


def _papers(kind: type) -> list[str]:
    """The references of a docstring, one a paragraph or a line that ends with a year."""
    found = re.search(r"References\n\s*-+\n(.*?)\n\s*(Examples|\Z)", kind.__doc__ or "", flags=re.DOTALL)
    if found is None:
        return []
    text = " ".join(found[1].split())
    return [paper.strip() + "." for paper in re.split(r"(?<=\(\d{4}\))\.", text) if paper.strip(" .")]


def _as_text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "; ".join(value) if isinstance(value, list) else str(value)
