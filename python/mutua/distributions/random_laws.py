"""Laws drawn at random: as many as one likes, on which nothing was decided."""

from collections.abc import Callable
from typing import cast

import numpy as np

from mutua._parameters import at_least
from mutua.distributions.additive import AdditiveExponential, AdditiveUniform, GammaExponential, NoisyCurve
from mutua.distributions.base import Law, Product
from mutua.distributions.bends import Rotation, Shear, Spiral
from mutua.distributions.copulas import Frank, Pareto
from mutua.distributions.margins import Asinh, Bimodal, Exponential, HalfCube, NormalCDF, Wiggly
from mutua.distributions.mixtures import NormalMixture
from mutua.distributions.normal import Normal, StudentT
from mutua.distributions.transforms import Map, Transformed

__all__ = ["drawn"]

_MOST_COLUMNS = 25
_MOST_SHARED = 2.0  # nats
_MARGINS: tuple[tuple[Map, ...], ...] = (
    (NormalCDF(),),
    (HalfCube(),),
    (Asinh(),),
    (Asinh(), Exponential()),  # finite where tails are heavy
    (Bimodal(),),
    (Wiggly(),),
)

Generator = np.random.Generator


def drawn(n_laws: int, seed: int) -> dict[str, Law]:
    """Laws of random kind, shape, parameters and maps, by kind and number.

    Each kind is as probable: a normal law of random loadings, Student's t, Pareto's, and six of scalars,
    every second with columns of noise beside and turned among them. Either variable then has other margins
    or not, and if it has several columns may be bent. Columns are 1 to 26, few more often; laws that share
    more than 2 nats are drawn again.

    Parameters
    ----------
    n_laws : int
    seed : int
        The same laws for the same number, the first of them for whatever `n_laws`.

    Returns
    -------
    dict of str to Law

    Raises
    ------
    ValueError
        If `n_laws` is below 1 or `seed` below 0.

    Examples
    --------
    >>> from mutua.distributions import drawn
    >>> for name, law in drawn(3, seed=1).items():
    ...     print(name, round(law.mutual_information, 3))
    normal 1 x 8, number 0 0.695
    exponential noise 3 x 8, number 1 1.128
    Frank 11 x 11, number 2 0.005
    """
    sequence = np.random.SeedSequence(at_least("seed", seed, 0))
    laws: dict[str, Law] = {}
    for number, each in enumerate(sequence.spawn(at_least("n_laws", n_laws, 1))):
        rng = np.random.default_rng(each)
        name, law = _kind(rng)
        while law.mutual_information > _MOST_SHARED:
            name, law = _kind(rng)
        laws[f"{name}, number {number}"] = law
    return laws


def _kind(rng: Generator) -> tuple[str, Law]:
    kinds = {**_OF_COLUMNS, **_OF_SCALARS}
    name = str(rng.choice(list(kinds)))
    law = kinds[name](rng)
    if name in _OF_SCALARS and rng.random() < 0.5:
        law = Transformed(
            Product(law, Normal.pairs(_columns(rng), _columns(rng))), *map(Rotation, _seeds(rng))
        )
    shape = [part.shape[1] for part in law.sample(1, 0)]
    return f"{name} {shape[0]} x {shape[1]}", Transformed(law, *(_maps(rng, d) for d in shape))


def _maps(rng: Generator, d: int) -> tuple[Map, ...]:
    """Other margins of half of the variables, a bend in a quarter of those of several columns."""
    margin = rng.choice(len(_MARGINS))
    maps: list[Map] = [*_MARGINS[margin]] if rng.random() < 0.5 else []
    if d > 1 and rng.random() < 0.25:
        is_spiral = rng.random() < 0.5
        maps.append(Spiral(0, 1, rng.uniform(0.5, 2) / d) if is_spiral else Shear(1, rng.uniform(0.5, 2)))
    return tuple(maps)


def _columns(rng: Generator) -> int:
    """From 1 to the most, each size of magnitude alike."""
    return int(_between(rng, 1, _MOST_COLUMNS + 1))


def _between(rng: Generator, low: float, high: float) -> float:
    """Any order of magnitude alike."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _seeds(rng: Generator) -> list[int]:
    return cast(list[int], rng.integers(2**31, size=2).tolist())


# ----------------------------------------------------------------------------------------------------------
# Kinds


def _normal(rng: Generator) -> Normal:
    """Noise of any column beside what it has of a few common factors."""
    dx, dy = _columns(rng), _columns(rng)
    loadings = rng.normal(size=(dx + dy, rng.integers(1, 4))) * rng.uniform(0.2, 1)
    return Normal(loadings @ loadings.T + np.eye(dx + dy), dx)  # type: ignore[arg-type]


def _student(rng: Generator) -> StudentT:
    return StudentT(_normal(rng), _between(rng, 1, 10))


def _pareto(rng: Generator) -> Pareto:
    return Pareto(_columns(rng), _columns(rng), _between(rng, 0.5, 5))


def _mixture(rng: Generator) -> NormalMixture:
    n_laws = int(rng.integers(2, 6))
    means, deviations = rng.normal(size=(n_laws, 2)), rng.uniform(0.2, 1, (n_laws, 2))
    correlations = rng.uniform(-0.9, 0.9, n_laws)
    return NormalMixture(means.tolist(), deviations.tolist(), correlations.tolist())


def _curve(rng: Generator) -> NoisyCurve:
    curve = str(rng.choice(["line", "parabola", "cubic", "wave", "step"]))
    return NoisyCurve(curve, _between(rng, 0.1, 1), rng.uniform(1, 4))  # type: ignore[arg-type]


_OF_COLUMNS: dict[str, Callable[[Generator], Law]] = {
    "normal": _normal,
    "student": _student,
    "Pareto": _pareto,
}
_OF_SCALARS: dict[str, Callable[[Generator], Law]] = {
    "Frank": lambda rng: Frank(_between(rng, 0.5, 20)),
    "mixture": _mixture,
    "curve": _curve,
    "gamma and exponential": lambda rng: GammaExponential(_between(rng, 0.5, 5)),
    "uniform noise": lambda rng: AdditiveUniform(_between(rng, 0.1, 2)),
    "exponential noise": lambda rng: AdditiveExponential(1 + _between(rng, 0.2, 5)),
}
