"""Laws whose mutual information is known in closed form, estimated by the drop-in functions."""

import math

import numpy as np
import pytest

from mutua.feature_selection import mutual_info_classif, mutual_info_regression
from mutua.metrics import mutual_info_score

EXACT = 1e-14  # nats: the table is the law, only rounding is left
ERRORS = 3  # standard errors that a fixed seed may be off
KSG_SPREAD = {1: 2.0, 3: 1.3, 10: 1.0}  # nats: standard error times sqrt(n), at most, for the laws below
ROSS_SPREAD = {1: 0.9, 3: 0.7, 10: 0.6}
KSG_BIAS = 1.1  # nats: times sqrt(k / n), from where the density ends or changes within a neighborhood
ROSS_BIAS = 0.2


def tolerance(n, k, spread, bias):
    return ERRORS * spread[k] / math.sqrt(n) + bias * math.sqrt(k / n)


# ----------------------------------------------------------------------------------------------------------
# Two continuous variables


def gaussian(rho):
    def draw(rng, n):
        x, noise = rng.standard_normal((2, n))
        return x, rho * x + math.sqrt(1 - rho**2) * noise

    return draw, -0.5 * math.log1p(-(rho**2))


def log_normal(rho):
    """Mutual information survives a monotone function of either side."""
    draw, truth = gaussian(rho)
    return lambda rng, n: np.exp(draw(rng, n)), truth


# Of the uncorrelated bivariate Student distribution, by its degrees of freedom.
STUDENT = {
    2: math.log(4 / math.pi) + 4 - 6 * math.log(2),
    4: math.log(32 / (9 * math.pi)) + 41 / 6 - 10 * math.log(2),
}


def student(rho, degrees):
    """Dependent even where uncorrelated: the tails are wide together."""
    normal, truth = gaussian(rho)

    def draw(rng, n):
        return np.sqrt(degrees / rng.chisquare(degrees, n)) * normal(rng, n)

    return draw, truth + STUDENT[degrees]


def uniform_noise(width):
    """y = x + u: the sum has a trapezoid density, of entropy width / 2."""

    def draw(rng, n):
        x = rng.random(n)
        return x, x + width * rng.random(n)

    return draw, width / 2 - math.log(width)


CONTINUOUS = {
    **{f"Gaussian {rho}": gaussian(rho) for rho in (0.0, 0.3, -0.6, 0.9, 0.99)},
    "log-normal": log_normal(0.6),
    "Student": student(0.0, 2),
    "correlated Student": student(0.7, 4),
    **{f"noise of width {width}": uniform_noise(width) for width in (0.2, 1.0)},
}
SIZES = [(1000, 1), (1000, 3), (4000, 3), (4000, 10), (20_000, 3)]


@pytest.mark.parametrize(("n", "k"), SIZES)
@pytest.mark.parametrize("law", CONTINUOUS)
def test_two_continuous_variables(law, n, k):
    draw, truth = CONTINUOUS[law]
    x, y = draw(np.random.RandomState(n + k), n)
    (score,) = mutual_info_regression(x.reshape(n, 1), y, n_neighbors=k, random_state=0)
    assert score == pytest.approx(truth, rel=0, abs=tolerance(n, k, KSG_SPREAD, KSG_BIAS))


# ----------------------------------------------------------------------------------------------------------
# A continuous variable by class


def uniform_classes(shift, n_classes=2):
    """Each class is uniform on an interval of length 1; only what does not overlap tells the class."""
    truth = shift * math.log(2) if n_classes == 2 else math.log(n_classes)
    return lambda rng, labels: shift * labels + rng.random(len(labels)), n_classes, truth


def gaussian_classes(*means):
    """Entropy of the mixture, by the trapezoid rule, less that of a component."""
    grid = np.linspace(min(means) - 12, max(means) + 12, 100_001)
    components = np.exp(-0.5 * (grid - np.array(means)[:, None]) ** 2) / math.sqrt(2 * math.pi)
    density = components.mean(axis=0)
    terms = -density * np.log(density)
    truth = float(np.sum(terms) * (grid[1] - grid[0])) - 0.5 * math.log(2 * math.pi * math.e)
    return lambda rng, labels: np.array(means)[labels] + rng.standard_normal(len(labels)), len(means), truth


def scaled_classes(ratio):
    """Uniform on [0, 1] and on [0, ratio]: beyond 1 the class is certain."""
    odds = ratio / (1 + ratio)  # of the narrow class, where both occur
    inside = 0.5 * (1 + 1 / ratio)
    uncertainty = -inside * (odds * math.log(odds) + (1 - odds) * math.log1p(-odds))
    return (
        lambda rng, labels: rng.random(len(labels)) * np.where(labels, ratio, 1),
        2,
        math.log(2) - uncertainty,
    )


BY_CLASS = {
    **{f"uniform, shift {shift}": uniform_classes(shift) for shift in (0.0, 0.3, 1.0)},
    "five classes apart": uniform_classes(2.0, 5),
    "uniform, wider": scaled_classes(4.0),
    **{
        f"Gaussian, means {means}": gaussian_classes(*means)
        for means in ((0, 0), (0, 1), (-2, 2), (0, 2, 4, 9))
    },
}


@pytest.mark.parametrize(("n", "k"), SIZES)
@pytest.mark.parametrize("law", BY_CLASS)
def test_a_continuous_variable_by_class(law, n, k):
    draw, n_classes, truth = BY_CLASS[law]
    rng = np.random.RandomState(n + k)
    labels = rng.randint(n_classes, size=n)
    values = draw(rng, labels)
    (score,) = mutual_info_classif(values.reshape(n, 1), labels, n_neighbors=k, random_state=0)
    (swapped,) = mutual_info_regression(
        labels.reshape(n, 1), values, discrete_features=True, n_neighbors=k, random_state=0
    )
    expected = pytest.approx(truth, rel=0, abs=tolerance(n, k, ROSS_SPREAD, ROSS_BIAS))
    assert score == expected
    assert swapped == expected


# ----------------------------------------------------------------------------------------------------------
# Two discrete variables: tables that are the law


def channel(*, right, wrong):
    """A bit that arrives flipped `wrong` times for each `right` times it does not."""
    p = wrong / (right + wrong)
    return [[right, wrong], [wrong, right]], math.log(2) + p * math.log(p) + (1 - p) * math.log1p(-p)


def erasure(*, sent, lost):
    """A bit that arrives, or is seen to be lost."""
    return [[sent, lost, 0], [0, lost, sent]], sent / (sent + lost) * math.log(2)


TABLES = {
    "noisy channel": channel(right=89, wrong=11),
    "hardly a channel": channel(right=50_001, wrong=49_999),
    "erasures": erasure(sent=3, lost=1),
    "independent": ([[2, 4, 6], [3, 6, 9]], 0.0),
    "one to one": (np.diag([1, 1, 1, 1]) * 7, math.log(4)),
    "remainders": (np.tile(np.eye(3, dtype=int), (2, 1)), math.log(3)),
    "two in three": ([[1, 1, 0], [0, 1, 1], [1, 0, 1]], math.log(1.5)),
    "one cause": ([[8], [5]], 0.0),
}


@pytest.mark.parametrize("law", TABLES)
def test_two_discrete_variables(law):
    table, truth = np.array(TABLES[law][0]), TABLES[law][1]
    x, y = np.repeat(np.indices(table.shape).reshape(2, -1), table.ravel(), axis=1)
    expected = pytest.approx(truth, rel=0, abs=EXACT)
    assert mutual_info_score(x, y) == expected
    assert mutual_info_score(None, None, contingency=table) == expected
    assert mutual_info_classif(x.reshape(-1, 1), y, discrete_features=True) == expected
