"""Tasks: the forty of a published benchmark, and a broad family of our own."""

from mutua.distributions.additive import AdditiveExponential, AdditiveUniform, GammaExponential, NoisyCurve
from mutua.distributions.base import Law, Product
from mutua.distributions.bends import Rotation, Shear, Spiral, SwissRoll
from mutua.distributions.copulas import Frank, Pareto
from mutua.distributions.margins import Asinh, Bimodal, Exponential, HalfCube, NormalCDF, Wiggly
from mutua.distributions.mixtures import NormalMixture
from mutua.distributions.normal import Normal, StudentT
from mutua.distributions.transforms import Map, Transformed

__all__ = ["benchmark", "held_out", "tuning"]


def benchmark() -> dict[str, Law]:
    """Forty tasks with known information: of 1 to 50 columns, sparse and dense, bent, heavy-tailed.

    Names begin with the family: "normal", "uniform", "student", "swiss", "dense", "sparse", "cdf",
    "half-cube", "spiral", "asinh".

    References
    ----------
    Czyż, Grabowski, Vogt, Beerenwinkel and Marx, "Beyond normal: on the evaluation of mutual information
    estimators", NeurIPS (2023): its laws; the bimodal and the wiggly map are ours.

    Examples
    --------
    >>> from mutua.distributions import benchmark
    >>> tasks = benchmark()
    >>> len(tasks), round(tasks["sparse 25 x 25"].mutual_information, 5)
    (40, 1.02165)
    """
    scalar = Normal.pairs(1, 1, 0.75)
    tasks: dict[str, Law] = {
        "normal 1 x 1": scalar,
        "normal 1 x 1 uniform": both(scalar, NormalCDF()),
        "normal 1 x 1 bimodal": both(scalar, Bimodal()),
        "normal 1 x 1 wiggly": both(scalar, Wiggly()),
        "normal 1 x 1 half-cube": both(scalar, HalfCube()),
        "uniform 0.1": AdditiveUniform(0.1),
        "uniform 0.75": AdditiveUniform(0.75),
        "student 1 x 1 dof 1": StudentT(Normal.pairs(1, 1), 1),
        "asinh of student 1 x 1 dof 1": both(StudentT(Normal.pairs(1, 1), 1), Asinh()),
        "swiss roll 2 x 1": Transformed(scalar, (NormalCDF(), SwissRoll()), NormalCDF()),
    }
    for d in (2, 3, 5, 25, 50):
        tasks[f"dense {d} x {d}"] = Normal.dense(d, d, 0.5)
    for d in (2, 3, 5, 25):
        tasks[f"sparse {d} x {d}"] = Normal.pairs(d, d, 0.8, 0.8)
    for d, dof in ((2, 1), (2, 2), (3, 2), (3, 3), (5, 2), (5, 3)):
        tasks[f"student {d} x {d} dof {dof}"] = StudentT(Normal.pairs(d, d), dof)
    for d in (3, 5, 25):
        sparse = Normal.pairs(d, d, 0.8, 0.8)
        uniform = both(sparse, NormalCDF())
        tasks[f"cdf of sparse {d} x {d}"] = uniform
        tasks[f"half-cube of sparse {d} x {d}"] = both(sparse, HalfCube())
        spirals = (Spiral(0, 1, 1 / d), Spiral(1, 2, 1 / d))
        tasks[f"spiral of sparse {d} x {d}"] = Transformed(sparse, *spirals)
        tasks[f"spiral of uniform {d} x {d}"] = Transformed(uniform, *spirals)
    for d, dof in ((2, 1), (3, 2), (5, 2)):
        tasks[f"asinh of student {d} x {d} dof {dof}"] = both(StudentT(Normal.pairs(d, d), dof), Asinh())
    return tasks


def tuning() -> dict[str, Law]:
    """The laws on which defaults are decided, by name: every other one of a broad family.

    Examples
    --------
    >>> from mutua.distributions import held_out, tuning
    >>> len(tuning()), len(held_out()), len(tuning().keys() & held_out().keys())
    (45, 45, 0)
    """
    return _half(chosen=True)


def held_out() -> dict[str, Law]:
    """The others of the family: on them nothing is decided, only measured.

    Examples
    --------
    >>> from mutua.distributions import held_out
    >>> round(held_out()["Frank 5"].mutual_information, 4)
    0.258
    """
    return _half(chosen=False)


def both(law: Law, *maps: Map) -> Transformed:
    """The same maps of both variables."""
    return Transformed(law, maps, maps)


def _half(chosen: bool) -> dict[str, Law]:
    """Two kinds often take turns: of each, both halves have some."""
    return {name: law for i, (name, law) in enumerate(_family().items()) if (i % 4 in (0, 3)) is chosen}


def _family() -> dict[str, Law]:
    return {**_scalars(), **_independent(), **_monotone(), **_scaled(), **_bent(), **_curves(), **_strong()}


def _scalars() -> dict[str, Law]:
    tasks: dict[str, Law] = {}
    for theta in (2, 5, 12, -8):
        tasks[f"Frank {theta}"] = Frank(theta)
    for shape in (2, 0.7, 0.3):
        tasks[f"Pareto 1 x 1 {shape}"] = Pareto(1, 1, shape)
    for shape in (1, 3):
        tasks[f"gamma and exponential {shape}"] = GammaExponential(shape)
    for rate in (1.5, 6):
        tasks[f"exponential and noise {rate}"] = AdditiveExponential(rate)
    for correlation in (0.6, 0.95):
        width = ((1.0, 1.0), (1.0, 1.0))
        cross = NormalMixture(((0, 0), (0, 0)), width, (correlation, -correlation))
        tasks[f"cross {correlation}"] = cross
    for n_laws, deviation in ((4, 0.3), (8, 0.15)):
        tasks[f"ring of {n_laws}"] = NormalMixture.ring(n_laws, deviation)
    for spread in (2, 5):
        widths = ((1.0, 1.0), (spread, spread))
        tasks[f"two scales {spread}"] = NormalMixture(((0, 0), (0, 0)), widths, (0.0, 0.0))
    return tasks


def _independent() -> dict[str, Law]:
    shapes = ((1, 1), (1, 4), (2, 2), (3, 3), (5, 5), (10, 10), (25, 25), (20, 2))
    return {f"independent {dx} x {dy}": both(Normal.pairs(dx, dy), HalfCube()) for dx, dy in shapes}


def _monotone() -> dict[str, Law]:
    """Normal, dense and sparse, with other margins and axes."""
    tasks: dict[str, Law] = {}
    for index, (dx, dy) in enumerate(((2, 1), (1, 5), (4, 4), (6, 6), (10, 10), (25, 5), (20, 20), (25, 25))):
        tasks[f"dense {dx} x {dy} exponential"] = both(Normal.dense(dx, dy, 0.3), Exponential())
        mixed = Transformed(Normal.pairs(dx, dy, 0.9), Rotation(index), Rotation(index + 100))
        tasks[f"one pair {dx} x {dy} rotated"] = mixed
    for d in (2, 4, 8):
        tasks[f"weak pairs {d} x {d} wiggly"] = both(Normal.pairs(d, d, *[0.4] * d), Wiggly())
    return tasks


def _scaled() -> dict[str, Law]:
    """A common scale."""
    tasks: dict[str, Law] = {}
    for d, dof in ((1, 3), (2, 4), (4, 3), (4, 6), (8, 5), (15, 8)):
        tasks[f"student {d} x {d} dof {dof} correlated"] = StudentT(Normal.pairs(d, d, 0.5), dof)
    for dx, dy, shape in ((2, 2, 1), (1, 3, 1.5), (3, 3, 2), (5, 5, 3)):
        tasks[f"Pareto {dx} x {dy} {shape}"] = Pareto(dx, dy, shape)
    return tasks


def _bent() -> dict[str, Law]:
    """Maps that mix columns in a way that no law of ranks follows."""
    tasks: dict[str, Law] = {}
    for d, speed in ((2, 0.7), (2, 1.5), (3, 0.5), (4, 0.3), (4, 0.6), (6, 0.2), (10, 0.1)):
        pair = Normal.pairs(d, d, 0.7, 0.85)
        tasks[f"spirals {d} x {d} {speed}"] = both(pair, Spiral(0, 1, speed))
    for d, frequency in ((2, 1.5), (2, 3), (3, 2), (5, 1.5)):
        tasks[f"shear {d} x {d} {frequency}"] = both(Normal.pairs(d, d, 0.8, 0.8), Shear(1, frequency))
    for noise in (0, 1, 3):
        hidden = Product(Frank(8), *[Normal.pairs(1, 1)] * noise) if noise else Frank(8)
        tasks[f"Frank 8 and {noise} of noise rolled"] = (
            Transformed(hidden, Rotation(1), Rotation(2)) if noise else Transformed(hidden, SwissRoll())
        )
    return tasks


def _curves() -> dict[str, Law]:
    tasks: dict[str, Law] = {}
    for curve, deviation, frequency in (
        ("parabola", 0.2, 1.0),
        ("cubic", 0.3, 1.0),
        ("wave", 0.3, 2.0),
        ("wave", 0.2, 4.0),
        ("wave", 0.1, 6.0),
        ("step", 0.2, 1.0),
    ):
        law = NoisyCurve(curve, deviation, frequency)  # type: ignore[arg-type]
        tasks[f"{curve} {frequency:g}"] = law
        beside = Product(law, Normal.pairs(2, 2))
        tasks[f"{curve} {frequency:g} and 2 of noise rotated"] = Transformed(beside, Rotation(3), Rotation(4))
        tasks[f"{curve} {frequency:g} and 4 of noise"] = Product(law, Normal.pairs(4, 4))
    return tasks


def _strong() -> dict[str, Law]:
    tasks: dict[str, Law] = {}
    for width in (0.01, 1e-3):
        tasks[f"narrow {width:g}"] = AdditiveUniform(width)
    for correlation in (0.99, 0.999):
        tasks[f"normal 2 x 2 {correlation}"] = Normal.pairs(2, 2, correlation)
    return tasks
