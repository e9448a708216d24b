"""Bins and patterns of order: numpy's bins, scores by brute force, patterns by hand."""

import itertools
import math

import numpy as np
import pytest

from mutua import (
    KSG,
    Binned,
    Gaussian,
    GaussianCopula,
    Ordinal,
    PlugIn,
    _bins,
    entropy,
    jensen_shannon_divergence,
    mutual_information,
)
from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION
from mutua._variables import Variable
from mutua.estimators.from_counts import FromCounts

SAMPLES = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "uniform": lambda rng, n: rng.random(n),
    "skewed": lambda rng, n: rng.gamma(0.5, size=n),
    "two humps": lambda rng, n: rng.standard_normal(n) + 8 * rng.integers(0, 2, n),
    "decimals": lambda rng, n: np.round(rng.standard_normal(n), 1),
    "small": lambda rng, n: 1e-200 * rng.standard_normal(n),
    "large": lambda rng, n: 1e200 * rng.standard_normal(n),
}
NUMPY = {"freedman-diaconis": "fd"}  # the others have the same names
RULES = ["auto", "doane", "freedman-diaconis", "rice", "scott", "sqrt", "stone", "sturges"]


class Recorded(FromCounts):
    """Keeps what it is asked for."""

    def _estimate(self, quantity, data, pointwise, n_threads):
        self.data = data
        return 0.0


def symbols(estimator, *arrays, weights=None):
    """What the estimator makes of variables."""
    variables = tuple(Variable.read(name, array) for name, array in zip("xyz", arrays, strict=False))
    estimator = estimator(counts=(recorded := Recorded()))
    estimator._estimate(MUTUAL_INFORMATION, Observations(variables, weights), False, 1)
    return [variable.array for variable in recorded.data.variables], recorded.data.weights


def bins(x, **options):
    return symbols(lambda counts: Binned(counts=counts, **options), x)[0][0]


# ----------------------------------------------------------------------------------------------------------
# Bins


@pytest.mark.parametrize("n", [2, 3, 10, 500, 1024])
@pytest.mark.parametrize("law", SAMPLES)
@pytest.mark.parametrize("rule", [*RULES, 1, 7])
@pytest.mark.filterwarnings("ignore:The number of bins estimated may be suboptimal")
def test_bins_are_those_of_numpy(rule, law, n):
    x = SAMPLES[law](np.random.default_rng(n), n)
    if rule == "auto" and np.lib.NumpyVersion(np.__version__) < "2.1.0":
        pytest.skip("an older rule")
    if rule in ("doane", "scott", "stone") and law in ("small", "large"):
        x, expected = x, np.histogram(x / np.ptp(x), bins=NUMPY.get(rule, rule))[0]  # numpy squares
    else:
        expected = np.histogram(x, bins=NUMPY.get(rule, rule))[0]
    np.testing.assert_array_equal(np.bincount(bins(x, bins=rule), minlength=len(expected)), expected)


@pytest.mark.parametrize("number", [1, 2, 3, 10, 100])
@pytest.mark.parametrize("n", [1, 2, 10, 101])
def test_bins_of_equal_frequency(n, number):
    x = np.random.default_rng(0).standard_normal(n)
    counts = np.bincount(bins(x, bins=number, equal="frequency"))
    assert len(counts) == min(n, number)
    assert counts.max() - counts.min() <= 1
    found = bins(np.exp(x), bins=number, equal="frequency")
    np.testing.assert_array_equal(found, bins(x, bins=number, equal="frequency"))


def test_equal_values_stay_together():
    x = np.array([0.0, 0, 0, 0, 0, 0, 1, 2, 3, 4])
    np.testing.assert_array_equal(bins(x, bins=4, equal="frequency"), [0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    np.testing.assert_array_equal(bins(x, bins="sqrt", equal="frequency"), [0, 0, 0, 0, 0, 0, 0, 0, 1, 1])


@pytest.mark.parametrize("law", ["normal", "uniform", "two humps", "decimals"])
def test_knuth_is_the_likeliest_number(law):
    x = SAMPLES[law](np.random.default_rng(1), 300)

    def posterior(number):
        n, counts = len(x), np.histogram(x, bins=number)[0]
        half = sum(math.lgamma(count + 0.5) for count in counts)
        rest = math.lgamma(number / 2) - number * math.lgamma(0.5) - math.lgamma(n + number / 2)
        return n * math.log(number) + rest + half

    best = max(range(1, 101), key=posterior)
    expected = np.histogram(x, bins=best)[0]
    np.testing.assert_array_equal(np.bincount(bins(x, bins="knuth"), minlength=best), expected)


@pytest.mark.parametrize("seed", range(10))
def test_bayesian_blocks_are_the_likeliest_steps(seed):
    rng = np.random.default_rng(seed)
    x = np.round(np.concatenate([rng.normal(size=8), 0.3 + 1e-4 * rng.random(4)]), 5)
    x = np.append(x, x[:2])
    distinct, counts = np.unique(x, return_counts=True)
    edges = np.concatenate([distinct[:1], (distinct[1:] + distinct[:-1]) / 2, distinct[-1:]])
    penalty = 4 - math.log(73.53 * 0.05 * len(x) ** -0.478)

    def score(inner):
        ends = [0, *inner, len(distinct)]
        blocks = [(counts[a:b].sum(), edges[b] - edges[a]) for a, b in itertools.pairwise(ends)]
        return sum(m * math.log(m / width) - penalty for m, width in blocks)

    every = (
        inner
        for size in range(len(distinct))
        for inner in itertools.combinations(range(1, len(distinct)), size)
    )
    best = max(every, key=score)
    np.testing.assert_allclose(_bins.bayesian_blocks("x", x), edges[list(best)], rtol=1e-14)


def test_bayesian_blocks_find_steps():
    rng = np.random.default_rng(2)
    x = np.concatenate([rng.uniform(0, 1, 300), rng.uniform(0.4, 0.5, 700)])
    np.testing.assert_allclose(_bins.bayesian_blocks("x", x), [0.4, 0.5], atol=0.01)


def test_edges():
    x = np.array([0.0, 0.5, 1.0, 2.0])
    np.testing.assert_array_equal(bins(x, bins=[0, 0.5, 1, 2]), [0, 1, 2, 2])
    np.testing.assert_array_equal(bins(x, bins=np.array([-np.inf, 1, np.inf])), [0, 0, 1, 1])
    (first, second), _ = symbols(
        lambda counts: Binned(bins=[(-1, 1, 3), (0, 0.7, 1.5, 2), (0, 9)], counts=counts),
        x,
        np.column_stack([x, x]),
    )
    np.testing.assert_array_equal(first, [0, 0, 1, 1])
    np.testing.assert_array_equal(second, [[0, 0], [0, 0], [1, 0], [2, 0]])


def test_information_is_that_of_the_bins():
    rng = np.random.default_rng(3)
    x, noise = rng.standard_normal((2, 400))
    y = np.column_stack([x + noise, noise])
    labels = np.digitize(x, np.histogram_bin_edges(x, 5)[1:-1])
    joint = [np.digitize(column, np.histogram_bin_edges(column, 5)[1:-1]) for column in y.T]
    expected = mutual_information(labels, np.stack(joint, axis=1))
    assert mutual_information(x, y, estimator=Binned(bins=5)) == expected
    values = mutual_information(x, y, estimator=Binned(bins=5), pointwise=True)
    assert np.mean(values) == pytest.approx(expected)
    assert entropy(x, estimator=Binned(bins=5)) == entropy(labels)
    assert mutual_information(x, labels, estimator=Binned(bins=5)) == pytest.approx(entropy(labels))


def test_constant_columns_have_one_bin():
    for rule in (*RULES, "knuth", "bayesian-blocks", 5):
        np.testing.assert_array_equal(bins(np.full(9, 0.1), bins=rule), np.zeros(9))


def test_neighbouring_floats():
    x = 1 + np.arange(8) * 2.0**-52
    for rule in (*RULES, "knuth", "bayesian-blocks", 5):
        found = bins(x, bins=rule)
        assert np.all(np.diff(found) >= 0)


# ----------------------------------------------------------------------------------------------------------
# Patterns


def patterns(x, order, delay):
    """Where the values of each pattern are in ascending order, a stable one."""
    lost = (order - 1) * delay
    return [
        tuple(np.argsort(x[i : i + lost + 1 : delay], kind="stable").tolist()) for i in range(len(x) - lost)
    ]


@pytest.mark.parametrize("delay", [1, 3])
@pytest.mark.parametrize("order", [2, 3, 4, 7, 20])
@pytest.mark.parametrize("law", ["normal", "decimals"])
def test_patterns_are_permutations(law, order, delay):
    x = SAMPLES[law](np.random.default_rng(order), 600)
    (found,), _ = symbols(lambda counts: Ordinal(order, delay, counts), x)
    expected = patterns(x, order, delay)
    pairs = set(zip(found.tolist(), expected, strict=True))
    assert len(pairs) == len(set(expected)) == len(np.unique(found))
    assert found.min() >= 0
    assert found.max() < math.factorial(order)


def test_all_patterns_are_told_apart():
    x = np.array(list(itertools.permutations(range(5)))).ravel().astype(float)
    (found,), _ = symbols(lambda counts: Ordinal(5, counts=counts), x)
    assert sorted(found[::5]) == list(range(120))


def test_patterns_by_hand():
    """The series of Bandt and Pompe: twice 012, twice 201, once 102; of pairs four rise, two fall."""
    x = np.array([4.0, 7, 9, 10, 6, 11, 3])
    assert entropy(x, estimator=Ordinal()) == entropy([0, 0, 1, 2, 1])
    assert entropy(x, estimator=Ordinal(order=2)) == entropy([0, 0, 0, 0, 1, 1])
    np.testing.assert_array_equal(symbols(lambda counts: Ordinal(counts=counts), x)[0][0], [0, 0, 3, 2, 3])


def test_other_variables_are_cut_to_the_same_samples():
    x, label, weights = np.arange(9.0), np.arange(9), np.linspace(1, 2, 9)
    (first, second), cut = symbols(
        lambda counts: Ordinal(3, 2, counts), np.column_stack([x, -x]), label, weights=weights
    )
    np.testing.assert_array_equal(first, [[0, 5]] * 5)
    np.testing.assert_array_equal(second, label[4:])
    np.testing.assert_array_equal(cut, weights[4:])
    assert np.isnan(mutual_information(x, label, estimator=Ordinal(3, 2), pointwise=True)).sum() == 4


def coupled_logistic_maps(n, strength):
    """The first drives the second."""
    x, y = [0.3], [0.6]
    for _ in range(n + 100):
        mixed = (1 - strength) * y[-1] + strength * x[-1]
        x.append(4 * x[-1] * (1 - x[-1]) * (1 - 1e-12))
        y.append(4 * mixed * (1 - mixed))
    return np.array(x[101:]), np.array(y[101:])


@pytest.mark.parametrize("strength", [0.2, 0.4])
def test_direction_of_coupled_maps(strength):
    """Transfer entropy by the chain rule: what a driver adds to what the driven's own past tells."""

    def transfer(driver, driven):
        past, both = driven[:-1], np.column_stack([driver, driven])[:-1]
        estimator = Ordinal(order=3)
        with_driver = mutual_information(both, driven[1:], estimator=estimator)
        return with_driver - mutual_information(past, driven[1:], estimator=estimator)

    x, y = coupled_logistic_maps(20_000, strength)
    assert transfer(x, y) > transfer(y, x) + 0.03


def test_no_increasing_function_matters():
    x, y = np.random.default_rng(4).standard_normal((2, 200))
    y += np.roll(x, 1)
    expected = mutual_information(x, y, estimator=Ordinal())
    assert mutual_information(np.exp(x), y**3, estimator=Ordinal()) == expected


# ----------------------------------------------------------------------------------------------------------
# Refusals

X = np.random.default_rng(5).standard_normal(30)
HEAVY = np.append(X, 1e12)

REFUSED = [
    (lambda: Binned(bins="fine"), "bins must be a number, edges, or one of auto, "),
    (lambda: Binned(bins=0), "bins must be between 1 and 1000000, got 0"),
    (lambda: Binned(bins=2**70), "bins must be between 1 and 1000000, got 1180591620717411303424"),
    (
        lambda: Binned(bins=[1, 0]),
        "edges of bins must be at least two numbers in ascending order, got [1, 0]",
    ),
    (lambda: Binned(bins=[]), "edges of bins must be at least two numbers in ascending order, got []"),
    (lambda: Binned(equal="size"), "equal must be one of 'width', 'frequency', got 'size'"),
    (lambda: Binned("bayesian-blocks", "frequency"), "bins of equal frequency need a number or a rule that"),
    (lambda: Binned([0, 1], "frequency"), "bins of equal frequency need a number or a rule that finds one"),
    (lambda: entropy(X, estimator=Binned([0, 9])), "x must lie within its bins, from 0 to 9, got -"),
    (
        lambda: mutual_information(X, X, estimator=Binned([[-9, 9]])),
        "bins must hold the edges of 2 continuous columns, got 1 sequences",
    ),
    (
        lambda: entropy(HEAVY, estimator=Binned()),
        "freedman-diaconis asks for 1e+12 bins of x, whose tails are heavy, and at most 1,000,000 are ",
    ),
    (
        lambda: entropy(np.append(np.zeros(90), X), estimator=Binned()),
        "freedman-diaconis finds no width where half the values are equal, as in x",
    ),
    (
        lambda: entropy(np.arange(20_001.0), estimator=Binned("bayesian-blocks")),
        "bayesian-blocks takes at most 20,000 distinct values, got 20,001 in x",
    ),
    (
        lambda: entropy([-1.5e308, 1.5e308], estimator=Binned(3)),
        "x must span less than 1.79769e+308, got -1.5e",
    ),
    (lambda: entropy([1.0, np.nan], estimator=Binned(3)), "x must be finite, got NaN in row 1"),
    (lambda: Ordinal(order=1), "order must be between 2 and 20, got 1"),
    (lambda: Ordinal(order=21), "order must be between 2 and 20, got 21"),
    (lambda: Ordinal(delay=0), "delay must be at least 1, got 0"),
    (
        lambda: entropy(X, estimator=Ordinal(4, 10)),
        "order and delay must fit x: 4 samples 10 apart need at least 31, got 30",
    ),
    (lambda: entropy([1.0, np.inf, 2.0], estimator=Ordinal()), "x must be finite, got inf in row 1"),
]
MISTYPED = [
    (lambda: Binned(bins=2.5), "bins must be an integer, got float"),
    (lambda: Binned(bins=True), "bins must be an integer, got bool"),
    (lambda: Binned(bins=["a", "b"]), "edges of bins must be numbers, got ['a', 'b']"),
    (
        lambda: Binned(counts=PlugIn),
        "counts must be an estimator from counts like PlugIn(), got PlugIn, a class",
    ),
    (lambda: Binned(counts=KSG()), "counts must be an estimator from counts like PlugIn(), got KSG"),
    (lambda: Ordinal(counts="PlugIn"), "counts must be an estimator from counts like PlugIn(), got str"),
    (lambda: Ordinal(order=3.0), "order must be an integer, got float"),
]


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [*((ValueError, *row) for row in REFUSED), *((TypeError, *row) for row in MISTYPED)],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused(error, call, message):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value).startswith(message)


def test_estimators_are_values():
    assert Binned(bins=np.array([0, 1, 2])) == Binned(bins=[0.0, 1.0, 2.0])
    assert hash(Binned(bins=[[0, 1], [2, 3]])) == hash(Binned(bins=((0, 1), (2, 3))))
    assert Ordinal(order=np.int64(4)) == Ordinal(order=4)


def test_patterns_do_not_cross_gaps():
    x = np.random.default_rng(5).normal(size=40)
    mask = np.ones(40, dtype=bool)
    mask[[0, 17, 18, 30]] = False
    seen = [i for i in range(2, 40) if mask[i - 2 : i + 1].all()]
    found = entropy(x, estimator=Ordinal(), mask=mask, pointwise=True)
    assert np.flatnonzero(~np.isnan(found)).tolist() == seen
    rows = np.array([np.argsort(x[i - 2 : i + 1]) for i in seen])
    assert entropy(x, estimator=Ordinal(), mask=mask) == entropy(rows)
    with pytest.raises(ValueError, match="patterns need 3 samples in turn"):
        entropy(x, estimator=Ordinal(), mask=np.arange(40) % 3 > 0)


def test_patterns_do_not_cross_from_one_sample_to_the_other():
    same = np.arange(6.0)
    assert jensen_shannon_divergence(same, same, estimator=Ordinal()) == 0


def test_missing_numbers_among_objects_are_refused():
    x = [1.0, None, *np.arange(48.0)]
    y = np.sin(np.arange(50.0))
    for estimator in (Binned(bins=3), Ordinal(), Gaussian(), GaussianCopula(), KSG()):
        with pytest.raises(ValueError, match="x must be finite, got NaN in row 1"):
            mutual_information(x, y, discrete=False, estimator=estimator)
