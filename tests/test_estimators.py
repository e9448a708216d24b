"""The neighbour estimators: laws whose information is known, literal transcriptions, parameters."""

import dataclasses
import itertools
import math

import numpy as np
import pytest

from mutua import KSG, KozachenkoLeonenko, Mixture, PlugIn, Ross, entropy, mutual_information
from mutua.reference import digamma

GAMMA = np.euler_gamma
SPREAD = 1.4  # nats: standard error times sqrt(n), at most, for the laws below
ERRORS = 3  # standard errors that a fixed seed may be off
EXACT = 1e-12  # nats: the same numbers, added in another order


def psi(x):
    """Digamma by its recurrence and asymptotic series: truths need it beside the integers."""
    shift = 0.0
    while x < 30:
        shift, x = shift - 1 / x, x + 1
    return shift + math.log(x) - 1 / (2 * x) - 1 / (12 * x**2) + 1 / (120 * x**4) - 1 / (252 * x**6)


def within(truth, n, bias=0.0):
    return pytest.approx(truth, rel=0, abs=ERRORS * SPREAD / math.sqrt(n) + bias)


def normal(rng, n, covariance):
    return rng.standard_normal((n, len(covariance))) @ np.linalg.cholesky(covariance).T


def log_determinant(covariance, *columns):
    return np.linalg.slogdet(np.array(covariance)[np.ix_(columns, columns)])[1]


def quadrature(density, low, high):
    """Entropy by the trapezoid rule."""
    p = density(np.linspace(low, high, 400_001)[1:])
    return -float(np.sum(p * np.log(p, where=p > 0, out=np.zeros_like(p)))) * (high - low) / 400_000


# ----------------------------------------------------------------------------------------------------------
# Two continuous variables


def gaussian(rho):
    def draw(rng, n):
        x, noise = rng.standard_normal((2, n))
        return x, rho * x + math.sqrt(1 - rho**2) * noise

    return draw, -0.5 * math.log1p(-(rho**2))


def additive_noise(half_width):
    """Uniform noise, no wider than the signal."""

    def draw(rng, n):
        x = rng.random(n)
        return x, x + rng.uniform(-half_width, half_width, n)

    return draw, half_width - math.log(2 * half_width)


def gamma_exponential(shape):
    """A gamma variable, and an exponential one of that rate, on logarithmic scales: tails are heavy."""

    def draw(rng, n):
        x = rng.gamma(shape, size=n)
        return np.log(x), np.log(rng.exponential(1 / x))

    return draw, psi(shape) - math.log(shape) + 1 / shape


def weinman(theta):
    """The first of two exponential failures, and the second: the rate changes with the first."""

    def draw(rng, n):
        x = rng.exponential(1 / 2, n)
        return x, x + rng.exponential(theta, n)

    if theta == 0.5:
        return draw, GAMMA
    ratio = 2 * theta / (1 - 2 * theta)
    return draw, GAMMA - math.log(ratio) + psi(1 + ratio) if theta < 0.5 else None


def ordered_wishart():
    """The eigenvalues of a 2 x 2 Wishart matrix of 3 degrees of freedom, the larger first.

    Of density (x - y) exp(-(x + y) / 2) / 4: the smaller and the difference are independent, an exponential
    and a gamma variable.
    """

    def draw(rng, n):
        smaller = rng.exponential(1.0, n)
        return smaller + rng.gamma(2, 2, n), smaller

    larger = quadrature(lambda x: (x - 2) / 2 * np.exp(-x / 2) + np.exp(-x), 0, 100)
    return draw, larger - (1 + math.log(2) + GAMMA)


def multivariate(covariance, split):
    def draw(rng, n):
        points = normal(rng, n, covariance)
        return points[:, :split], points[:, split:]

    d = len(covariance)
    x, y = range(split), range(split, d)
    truth = (
        log_determinant(covariance, *x)
        + log_determinant(covariance, *y)
        - log_determinant(covariance, *x, *y)
    )
    return draw, truth / 2


DENSE = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
UNEQUAL = np.diag([1.0, 2.0, 3.0]) + 0.5

PAIRS = {
    **{f"Gaussian {rho}": gaussian(rho) for rho in (0.0, 0.6, -0.9)},
    **{f"noise of {width}": additive_noise(width) for width in (0.2, 0.5)},
    **{f"gamma-exponential {shape}": gamma_exponential(shape) for shape in (0.8, 2.0)},
    **{f"Weinman {theta}": weinman(theta) for theta in (0.2, 0.3, 0.5)},
    "ordered Wishart": ordered_wishart(),
    "Gaussian 2 + 2": multivariate(DENSE, 2),
    "Gaussian 1 + 2": multivariate(UNEQUAL, 1),
}
EVERY_KSG = [
    KSG(k=k, kind=kind, norm=norm) for k in (1, 4) for kind in (1, 2) for norm in ("max", "euclidean")
]


@pytest.mark.parametrize("estimator", [*EVERY_KSG, Mixture()], ids=repr)
@pytest.mark.parametrize("law", PAIRS)
def test_two_continuous_variables(law, estimator):
    draw, truth = PAIRS[law]
    n = 1500
    x, y = draw(np.random.default_rng(1), n)
    assert mutual_information(x, y, estimator=estimator) == within(truth, n)


@pytest.mark.parametrize("estimator", [*EVERY_KSG, Mixture(k=1), Mixture(k=4)], ids=repr)
@pytest.mark.parametrize("dims", [1, 2])
def test_independent_variables_share_nothing(estimator, dims):
    """On average, for any k: the second estimator with one radius for both sides is off by -1/k."""
    estimates = [
        mutual_information(*np.random.default_rng(seed).normal(size=(2, 400, dims)), estimator=estimator)
        for seed in range(20)
    ]
    assert np.mean(estimates) == within(0.0, 400 * 20)


def second_estimator(x, y, k):
    """Equation 9, word by word."""
    n, terms = len(x), []
    for i in range(n):
        others = [j for j in range(n) if j != i]
        nearest = sorted(others, key=lambda j: max(abs(x[j] - x[i]), abs(y[j] - y[i])))[:k]
        eps_x, eps_y = max(abs(x[j] - x[i]) for j in nearest), max(abs(y[j] - y[i]) for j in nearest)
        n_x = sum(abs(x[j] - x[i]) <= eps_x for j in others)
        n_y = sum(abs(y[j] - y[i]) <= eps_y for j in others)
        terms.append(psi(n_x) + psi(n_y))
    return psi(k) - 1 / k - sum(terms) / n + psi(n)


@pytest.mark.parametrize("k", [1, 4, 20])
def test_the_second_estimator_is_that_of_the_paper(k):
    x, y = gaussian(0.7)[0](np.random.default_rng(2), 150)
    expected = pytest.approx(second_estimator(x, 30 * y, k), abs=EXACT)
    assert mutual_information(x, 30 * y, estimator=KSG(k=k, kind=2)) == expected


# ----------------------------------------------------------------------------------------------------------
# Given a third


def conditional_gaussian(covariance, columns):
    x, y, z = columns
    truth = sum(
        sign * log_determinant(covariance, *part)
        for sign, part in [(1, x + z), (1, y + z), (-1, z), (-1, x + y + z)]
    )

    def draw(rng, n):
        points = normal(rng, n, np.array(covariance, dtype=float))
        return [points[:, part] for part in columns]

    return draw, truth / 2


def collider(s):
    def draw(rng, n):
        x, y, noise = rng.standard_normal((3, n))
        return x, y, x + y + s * noise

    return draw, math.log((1 + s**2) / (s * math.sqrt(2 + s**2)))


def chain(rng, n):
    z, first, second = rng.standard_normal((3, n))
    return z + 0.5 * first, np.exp(0.5 * (z + 0.5 * second)), z


def with_independent(rng, n):
    x, y = gaussian(0.8)[0](rng, n)
    return x, y, rng.standard_normal((n, 2))


GIVEN = {
    "Gaussian": conditional_gaussian([[1, 1, 1], [1, 4, 1], [1, 1, 9]], ([0], [1], [2])),
    "nothing left": conditional_gaussian(
        np.linalg.inv([[1, 0, 0.5], [0, 1, 0.5], [0.5, 0.5, 1]]), ([0], [1], [2])
    ),
    "collider": collider(1.0),
    "narrow collider": collider(0.5),
    "chain": (chain, 0.0),
    "independent": (with_independent, gaussian(0.8)[1]),
}


@pytest.mark.parametrize("norm", ["max", "euclidean"])
@pytest.mark.parametrize("law", GIVEN)
def test_given_a_third_variable(law, norm):
    draw, truth = GIVEN[law]
    n = 2000
    x, y, z = draw(np.random.default_rng(3), n)
    assert mutual_information(x, y, given=z, estimator=KSG(norm=norm)) == within(truth, n)


def test_closed_forms_of_the_conditional_laws():
    """What published tables say of them."""
    assert GIVEN["Gaussian"][1] == pytest.approx(0.129756, abs=1e-6)
    assert GIVEN["nothing left"][1] == pytest.approx(0.0, abs=1e-12)
    assert collider(0.5)[1] == pytest.approx(0.510826, abs=1e-6)
    assert PAIRS["Weinman 0.5"][1] == pytest.approx(weinman(0.5 - 1e-6)[1], abs=1e-4)


# ----------------------------------------------------------------------------------------------------------
# Labels, atoms and mixtures


def noisy_label(m):
    def draw(rng, n):
        x = rng.integers(0, m, n)
        return x, x + rng.uniform(0, 2, n)

    return draw, math.log(m) - (m - 1) * math.log(2) / m


def poisson_of_exponential(rng, n):
    x = rng.exponential(1.0, n)
    return x, rng.poisson(x)


POISSON = 2 * math.log(2) - GAMMA - sum(math.log(k) * 2.0**-k for k in range(1, 60))


def two_overlapping(rng, n):
    label = (rng.random(n) < 2 / 3).astype(int)
    return 0.7 * label + rng.random(n), label


LABELED = {
    **{f"uniform noise, {m} labels": noisy_label(m) for m in (3, 5, 20)},
    "Poisson": (poisson_of_exponential, POISSON),
    "overlapping": (two_overlapping, 7 / 30 * math.log(3) + 14 / 30 * math.log(1.5)),
}


@pytest.mark.parametrize("estimator", [Ross(), Ross(k=7), Mixture(), Mixture(k=7)], ids=repr)
@pytest.mark.parametrize("law", LABELED)
def test_a_continuous_variable_and_labels(law, estimator):
    draw, truth = LABELED[law]
    n = 2000
    x, y = draw(np.random.default_rng(4), n)
    assert mutual_information(x, y, estimator=estimator) == within(truth, n)


@pytest.mark.parametrize("norm", ["max", "euclidean"])
def test_a_label_and_a_point_in_the_plane(norm):
    """Two Gaussians whose means differ along the diagonal: as in one dimension."""
    n, distance = 2000, 2.0
    rng = np.random.default_rng(5)
    label = rng.integers(0, 2, n)
    points = rng.standard_normal((n, 2)) + distance / math.sqrt(2) * label[:, None]

    def mixed(x):
        return (np.exp(-(x**2) / 2) + np.exp(-((x - distance) ** 2) / 2)) / math.sqrt(8 * math.pi)

    truth = quadrature(mixed, -10, 12) - 0.5 * math.log(2 * math.pi * math.e)
    assert truth == pytest.approx(0.336831, abs=1e-6)
    estimator = Ross(norm=norm)
    assert mutual_information(points, label, estimator=estimator) == within(truth, n)
    assert mutual_information(label, points, estimator=estimator) == mutual_information(
        points, label, estimator=estimator
    )


def half_atoms(rho, beta):
    """Half the samples Gaussian, half on the corners of a square, mostly where both signs agree."""

    def draw(rng, n):
        x, y = gaussian(rho)[0](rng, n)
        corner = rng.integers(0, 2, n) * 2 - 1
        other = np.where(rng.random(n) < beta, corner, -corner)
        on_corner = rng.random(n) < 0.5
        return np.where(on_corner, corner, x), np.where(on_corner, other, y)

    def uncertainty(p):
        return -p * math.log(p) - (1 - p) * math.log(1 - p)

    return draw, gaussian(rho)[1] / 2 + (math.log(2) - uncertainty(beta)) / 2 + uncertainty(0.5)


@pytest.mark.parametrize(("rho", "beta", "truth"), [(0.9, 0.9, 1.29236), (0.8, 0.8, 1.04493)])
def test_a_mixture_in_both_variables(rho, beta, truth):
    """Known to be low: by .15 at n = 5000."""
    draw, computed = half_atoms(rho, beta)
    assert computed == pytest.approx(truth, abs=1e-5)
    x, y = draw(np.random.default_rng(6), 5000)
    assert mutual_information(x, y, estimator=Mixture(k=5)) == within(truth - 0.16, 5000)


def test_many_labels_are_almost_a_table():
    """Where every value repeats often, the neighbours are the atoms: the plug-in, nearly."""
    x = np.random.default_rng(7).integers(0, 3, 5000)
    y = (x + np.random.default_rng(8).integers(0, 2, 5000)) % 3
    assert mutual_information(x, y, estimator=Mixture()) == pytest.approx(mutual_information(x, y), abs=1e-3)


# ----------------------------------------------------------------------------------------------------------
# Entropy

ENTROPIES = {
    "uniform": (lambda rng, n: rng.uniform(0, 3, n), math.log(3)),
    "Gaussian": (lambda rng, n: rng.normal(0, 2, n), 0.5 * math.log(2 * math.pi * math.e * 4)),
    "exponential": (lambda rng, n: rng.exponential(0.1, n), 1 + math.log(0.1)),
    "Cauchy": (lambda rng, n: rng.standard_cauchy(n), math.log(4 * math.pi)),
    "square": (lambda rng, n: rng.uniform(0, 3, (n, 2)), 2 * math.log(3)),
    "Gaussian in space": (
        lambda rng, n: normal(rng, n, UNEQUAL),
        1.5 * math.log(2 * math.pi * math.e) + log_determinant(UNEQUAL, 0, 1, 2) / 2,
    ),
}


@pytest.mark.parametrize("norm", ["max", "euclidean"])
@pytest.mark.parametrize("k", [1, 3, 10])
@pytest.mark.parametrize("law", ENTROPIES)
def test_differential_entropy(law, k, norm):
    draw, truth = ENTROPIES[law]
    n = 2000
    sample = draw(np.random.default_rng(9), n)
    estimate = entropy(sample, estimator=KozachenkoLeonenko(k=k, norm=norm))
    assert estimate == within(truth, n, bias=0.05)  # in space


def test_entropy_of_atoms_is_minus_infinity():
    x = np.repeat(np.random.default_rng(10).normal(size=50), 4)
    assert entropy(x) == -math.inf
    assert np.all(entropy(x, pointwise=True) == -math.inf)
    assert math.isfinite(entropy(x, estimator=KozachenkoLeonenko(k=4)))


# ----------------------------------------------------------------------------------------------------------
# Ranks


def on_ranks(x, y, z, k):
    """As tigramite computes it: ranks, neighbours a fraction of the samples."""
    ranks = [np.argsort(np.argsort(column)).astype(float) for column in (x, y, z)]
    d_x, d_y, d_z = (np.abs(column[:, None] - column) for column in ranks)
    count = max(1, int(k * len(x)))
    radius = np.sort(np.maximum(np.maximum(d_x, d_y), d_z), axis=1)[:, count : count + 1]
    k_xz, k_yz, k_z = (np.sum(d < radius, axis=1) for d in (np.maximum(d_x, d_z), np.maximum(d_y, d_z), d_z))
    return float(digamma(np.array(count)) + np.mean(digamma(k_z) - digamma(k_xz) - digamma(k_yz)))


@pytest.mark.parametrize("k", [0.2, 0.01])
def test_ranks(k):
    x, y, z = collider(1.0)[0](np.random.default_rng(11), 300)
    estimator = KSG(k=k, transform="ranks")
    expected = on_ranks(x, y, z, k)
    assert mutual_information(x, y, given=z, estimator=estimator) == pytest.approx(expected, abs=EXACT)
    warped = mutual_information(np.exp(x), y**3, given=np.arctan(z), estimator=estimator)
    assert warped == mutual_information(x, y, given=z, estimator=estimator)


def test_ranks_of_equal_values_are_equal():
    x = np.random.default_rng(12).integers(0, 9, (200, 2)).astype(float)
    estimator = KSG(k=5, transform="ranks")
    order = np.random.default_rng(13).permutation(200)
    once, again = (mutual_information(v[:, 0], v[:, 1], estimator=estimator) for v in (x, x[order]))
    assert once == pytest.approx(again, abs=EXACT)


# ----------------------------------------------------------------------------------------------------------
# Parameters

X, Y, Z = np.random.default_rng(14).normal(size=(3, 200, 2))
LABELS = np.arange(200) % 3
CURVE = (1, 2, 5, 30)
CURVES = {
    "KSG": lambda k, **o: mutual_information(X, Y, estimator=KSG(k=k), **o),
    "KSG 2": lambda k, **o: mutual_information(X, Y, estimator=KSG(k=k, kind=2), **o),
    "KSG of scalars": lambda k, **o: mutual_information(X[:, 0], Y[:, 0], estimator=KSG(k=k), **o),
    "conditional": lambda k, **o: mutual_information(X, Y, given=Z, estimator=KSG(k=k), **o),
    "Mixture": lambda k, **o: mutual_information(X, Y, estimator=Mixture(k=k), **o),
    "Ross": lambda k, **o: mutual_information(X, LABELS, estimator=Ross(k=k), **o),
    "Ross of scalars": lambda k, **o: mutual_information(X[:, 0], LABELS, estimator=Ross(k=k), **o),
    "KozachenkoLeonenko": lambda k, **o: entropy(X, estimator=KozachenkoLeonenko(k=k), **o),
}


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_over_k(name):
    estimate = CURVES[name]
    curve, rows = estimate(CURVE, base=2), estimate(CURVE, base=2, pointwise=True)
    assert curve.shape == (4,)
    assert rows.shape == (4, 200)
    for k, value, row in zip(CURVE, curve, rows, strict=True):
        assert value == estimate(k, base=2)
        np.testing.assert_array_equal(row, estimate(k, base=2, pointwise=True))
    assert estimate([5]).shape == (1,)


def test_estimators_are_values():
    assert KSG() == KSG(k=3, kind=1, norm="max", transform=None)
    assert KSG(k=[1, 2]) == KSG(k=np.array([1, 2])) == KSG(k=range(1, 3))
    assert len({KSG(), KSG(k=np.int64(3)), Mixture(), Mixture(3), KSG(k=[3])}) == 3
    assert repr(Ross(k=5)) == "Ross(k=5, norm='max')"
    with pytest.raises(dataclasses.FrozenInstanceError):
        KSG().k = 5


REFUSED = [
    (KSG, {"k": 0}, ValueError, "k must be at least 1, got 0"),
    (Mixture, {"k": [3, -1]}, ValueError, "k must be at least 1, got -1"),
    (KSG, {"k": 1.5}, ValueError, "k must be a number of neighbors, or a fraction between 0 and 1, got 1.5"),
    (Ross, {"k": 0.2}, TypeError, "k must be an integer or a sequence of integers, got float"),
    (Ross, {"k": True}, TypeError, "k must be an integer or a sequence of integers, got bool"),
    (KozachenkoLeonenko, {"k": "3"}, TypeError, "k must be an integer or a sequence of integers, got str"),
    (KSG, {"k": []}, TypeError, "k must be an integer or a sequence of integers, got list"),
    (KSG, {"kind": 3}, ValueError, "kind must be one of 1, 2, got 3"),
    (KSG, {"norm": "cosine"}, ValueError, "norm must be one of 'max', 'euclidean', got 'cosine'"),
    (Mixture, {"norm": 2}, ValueError, "norm must be one of 'max', 'euclidean', got 2"),
    (KSG, {"transform": "rank"}, ValueError, "transform must be one of None, 'ranks', got 'rank'"),
]


@pytest.mark.parametrize(("estimator", "options", "error", "message"), REFUSED)
def test_parameters_that_do_not_fit(estimator, options, error, message):
    with pytest.raises(error) as raised:
        estimator(**options)
    assert str(raised.value) == message


def test_a_rotation_changes_nothing_in_the_euclidean_norm():
    angle = np.array([[math.cos(1), -math.sin(1)], [math.sin(1), math.cos(1)]])
    for kind in (1, 2):
        estimator = KSG(kind=kind, norm="euclidean")
        expected = mutual_information(X, Y, estimator=estimator)
        assert mutual_information(X @ angle, Y, estimator=estimator) == pytest.approx(expected, abs=1e-9)
    ball = KozachenkoLeonenko(norm="euclidean")
    assert entropy(X @ angle, estimator=ball) == pytest.approx(entropy(X, estimator=ball), abs=1e-9)


def test_what_an_estimator_is_not_for_is_refused():
    discrete, continuous = LABELS, X[:, 0]
    for estimator, x, y in [
        (KSG(), discrete, continuous),
        (KSG(), continuous, discrete),
        (Ross(), continuous, continuous),
        (Ross(), discrete, discrete),
        (PlugIn(), continuous, discrete),
        (KozachenkoLeonenko(), continuous, continuous),
    ]:
        with pytest.raises(ValueError, match=type(estimator).__name__):
            mutual_information(x, y, estimator=estimator)
    for estimator, x in itertools.product([KSG(), Ross(), Mixture()], [discrete, continuous]):
        with pytest.raises(ValueError, match=f"{type(estimator).__name__} does not estimate entropy"):
            entropy(x, estimator=estimator)
    for estimator in KozachenkoLeonenko(), KSG(kind=2):
        with pytest.raises(ValueError, match="conditional mutual information"):
            mutual_information(continuous, continuous, given=continuous, estimator=estimator)
