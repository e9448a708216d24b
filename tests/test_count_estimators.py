"""Estimators from counts: published values, laws whose entropy is known, identities, what they refuse."""

import dataclasses
import math

import numpy as np
import pytest
from scipy import special

import mutua.reference
from mutua import (
    NSB,
    PYM,
    ChaoShen,
    ChaoWangJost,
    Dirichlet,
    Grassberger,
    Jackknife,
    JamesStein,
    MillerMadow,
    PanzeriTreves,
    PlugIn,
    QuadraticExtrapolation,
    Schuermann,
    _core,
    coverage,
    entropy,
    mutual_information,
)
from mutua._observations import Observations
from mutua._quantity import (
    CONDITIONAL_MUTUAL_INFORMATION,
    ENTROPY,
    MUTUAL_INFORMATION,
    VARIATION_OF_INFORMATION,
    dual_total_correlation,
    interaction_information,
    o_information,
    total_correlation,
)
from mutua._variables import Variable
from mutua.estimators import bayesian, counts, undersampled
from mutua.estimators.from_counts import FromCategories, FromCounts

SAME = 1e-12  # nats: the same numbers, added in another order

CLASSES = [getattr(family, name) for family in (counts, undersampled, bayesian) for name in family.__all__]
PRIORS = ("jeffreys", "laplace", "perks", "minimax")
ESTIMATORS = [
    *(make() for make in CLASSES),
    Grassberger(1988),
    Schuermann(0.5),
    *(Dirichlet(prior) for prior in (*PRIORS, 0.1)),
    *(make(n_categories=40) for make in (JamesStein, Dirichlet, NSB, PanzeriTreves)),
]
MEANS = [estimator for estimator in ESTIMATORS if estimator._is_mean]
QUANTITIES = [
    ENTROPY,
    ENTROPY.given(1),
    MUTUAL_INFORMATION,
    CONDITIONAL_MUTUAL_INFORMATION,
    VARIATION_OF_INFORMATION,
    MUTUAL_INFORMATION.given(2).given(3),
    *(make(3) for make in (total_correlation, dual_total_correlation, o_information)),
    interaction_information(4),
]


def estimate(estimator, quantity, *labels, weights=None, pointwise=False):
    variables = tuple(Variable.read(f"x{i}", one) for i, one in enumerate(labels))
    return estimator._estimate(quantity, Observations(variables, weights), pointwise, 1)


def of_counts(estimator, counts):
    return entropy(np.repeat(np.arange(len(counts)), counts), estimator=estimator)


def draws(rng, n, n_variables):
    """Dependent labels: the first few of them decide about the others."""
    first = rng.integers(0, 5, n)
    return [first, *((first + rng.integers(0, 2 + i, n)) % (3 + i) for i in range(n_variables - 1))]


# ----------------------------------------------------------------------------------------------------------
# Published values

BINS = [1, 2, 3, 2, 1]
WORKED = [  # of the test suite of DiscreteEntropy.jl, in nats, for five categories
    (PlugIn(), 1.522955),
    (MillerMadow(), 1.745177),
    (Grassberger(1988), 1.876292),
    (ChaoShen(), 1.876548),
    (Schuermann(1), 1.773413),  # there as Zhang's
    (ChaoWangJost(), 1.847870),
    (JamesStein(5), 1.609438),
    (Dirichlet("laplace", 5), 1.574097),
    (Dirichlet("jeffreys", 5), 1.556911),
    (Dirichlet("perks", 5), 1.539698),
    (Dirichlet("minimax", 5), 1.561237),
    # From the formulas, with thirty digits.
    (Grassberger(2003), 1.912032),
    (Jackknife(), 1.886844),
    # Two packages print 1.569751 and 1.466044: both are wrong.
    (NSB(5), 1.509006),
    (PYM(), 2.291089),
]


@pytest.mark.parametrize(("estimator", "value"), WORKED, ids=str)
def test_worked_values(estimator, value):
    assert of_counts(estimator, BINS) == pytest.approx(value, abs=1e-6)


def test_the_example_of_ndd():
    """Its README prints 2.80609."""
    bins = [4, 12, 4, 5, 3, 1, 5, 1, 2, 2, 2, 2, 11, 3, 4, 12, 12, 1, 2]
    assert of_counts(NSB(100), bins) == pytest.approx(2.80610, abs=1e-5)


@pytest.mark.parametrize(("bins", "edge", "printed"), [(BINS, 21.08, 2.674), ([1, 2, 2, 4], 13.31, 2.1476)])
def test_pym_is_the_integral_of_which_others_take_a_part(bins, edge, printed):
    """The programs of its authors and of DiscreteEntropy.jl are uniform in `alpha`, and leave out what lies
    above six deviations from the mode. Uniform in `h`, and for all `alpha`, the same integrand gives ours.
    """
    counts, n, k = np.array(bins), sum(bins), len(bins)

    def posterior_mean(alpha, weights, uniform_in_h):
        nodes, of_nodes = np.polynomial.legendre.leggauss(100)
        d = (1 + nodes[:, None]) / 2
        v, u = special.digamma(1) - special.digamma(1 - d), special.digamma(alpha + 1) - special.digamma(1)
        density = -10 * v / u - special.loggamma(alpha + n) + special.loggamma(alpha + 1)
        density += sum(np.log(alpha + i * d) for i in range(1, k))
        density += sum(special.loggamma(count - d) - special.loggamma(1 - d) for count in counts)
        if uniform_in_h:  # and in `gamma`: the determinant of both
            density += np.log(special.polygamma(1, alpha + 1) * special.polygamma(1, 1 - d) / (u + v))
        mass = np.exp(density) * of_nodes[:, None] * weights
        seen = sum((count - d) * special.digamma(count - d + 1) for count in counts)
        unseen = (alpha + k * d) * special.digamma(1 - d)
        return np.sum(mass * (special.digamma(alpha + n + 1) - (seen + unseen) / (alpha + n))) / np.sum(mass)

    nodes, weights = np.polynomial.legendre.leggauss(25)
    part = posterior_mean((1 + nodes) * edge / 2, weights, uniform_in_h=False)
    assert part == pytest.approx(printed, abs=2e-4)
    alpha = np.exp(np.arange(-20, 12, 0.05))
    assert posterior_mean(alpha, alpha, uniform_in_h=True) == pytest.approx(of_counts(PYM(), bins), abs=1e-6)


def test_pym_is_for_power_laws():
    law = 1 / np.arange(1, 100_000) ** 1.5
    law /= law.sum()
    errors = [root_mean_square_error(one, law, 1000, 20) for one in (PYM(), ChaoWangJost(), PlugIn())]
    assert errors == sorted(errors)
    assert errors[0] < 0.7 * errors[1]


def test_miller_madow_by_hand():
    x, y = [0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]  # cells (0, 0) 2, (0, 1) 1, (1, 1) 1, (1, 2) 2
    plug_in = mutual_information(x, y)
    assert mutual_information(x, y, estimator=MillerMadow()) == pytest.approx(
        plug_in - (4 - 2 - 3 + 1) / (2 * 6), abs=SAME
    )
    assert entropy(y, estimator=MillerMadow()) == pytest.approx(math.log(3) + 2 / 12, abs=SAME)


def test_jackknife_is_what_it_says():
    labels = np.array([0, 1, 1, 2, 2, 2, 3, 3, 4])
    n = len(labels)
    without = [entropy(np.delete(labels, i)) for i in range(n)]
    expected = n * entropy(labels) - (n - 1) * np.mean(without)
    assert entropy(labels, estimator=Jackknife()) == pytest.approx(expected, abs=SAME)


def test_extrapolation_is_that_of_all_halves_and_quarters():
    from itertools import combinations

    labels = np.array([0, 0, 0, 1, 1, 2, 2, 2])
    parts = [np.mean([entropy(labels[list(part)]) for part in combinations(range(8), m)]) for m in (8, 4, 2)]
    expected = (8 * parts[0] - 6 * parts[1] + parts[2]) / 3
    assert entropy(labels, estimator=QuadraticExtrapolation()) == pytest.approx(expected, abs=SAME)


def test_schuermann_holds_its_relatives():
    bins = [1, 1, 2, 5, 9, 14]
    shift = math.log(32) - float(mutua.reference.digamma(np.array(32)))
    grassberger = of_counts(Grassberger(), bins)
    assert of_counts(Schuermann(0.5), bins) == pytest.approx(grassberger - shift, abs=SAME)


# ----------------------------------------------------------------------------------------------------------
# Laws whose entropy is known


def zipf(n_labels):
    p = 1 / np.arange(1, n_labels + 1)
    return p / p.sum()


def entropy_of(p):
    return -float(np.sum(p * np.log(p, where=p > 0, out=np.zeros_like(p))))


LAWS = [
    np.full(100, 0.01),
    zipf(100),
    np.random.default_rng(1).dirichlet(np.ones(100)),
    np.random.default_rng(2).dirichlet(np.full(100, 0.3)),
]


def root_mean_square_error(estimator, law, n, repetitions=40):
    rng = np.random.default_rng(0)
    found = [of_counts(estimator, rng.multinomial(n, law)) for _ in range(repetitions)]
    return math.sqrt(np.mean((np.array(found) - entropy_of(law)) ** 2))


def test_errors_are_in_the_order_of_the_literature():
    """With as many samples as labels; 0.13 for NSB, 0.15 for ChaoWangJost, 0.47 for the plug-in."""
    better_first = [
        NSB(100),
        ChaoWangJost(),
        Jackknife(),
        Grassberger(1988),
        MillerMadow(),
        PlugIn(),
    ]
    errors = [np.mean([root_mean_square_error(one, law, 100) for law in LAWS]) for one in better_first]
    assert errors == sorted(errors)
    assert errors[1] < 0.15
    assert errors[-1] > 0.4


@pytest.mark.parametrize("make", CLASSES, ids=lambda make: make.__name__)
def test_many_samples_lead_to_the_truth(make):
    law = zipf(20)
    bins = np.random.default_rng(0).multinomial(100_000, law)
    assert of_counts(make(), bins) == pytest.approx(entropy_of(law), abs=0.01)


def test_information_of_a_noisy_channel():
    """Of 8 symbols, a fifth replaced by another: ``ln 8 - h(1/5) - ln(7) / 5``; 80 samples for 64 cells."""
    truth = math.log(8) + 0.2 * math.log(0.2) + 0.8 * math.log(0.8) - 0.2 * math.log(7)
    errors = []
    for estimator in (NSB(8), PanzeriTreves(), QuadraticExtrapolation(), MillerMadow(), PlugIn()):
        found = []
        for seed in range(30):
            rng = np.random.default_rng(seed)
            x = rng.integers(0, 8, 80)
            y = np.where(rng.random(80) < 0.2, (x + rng.integers(1, 8, 80)) % 8, x)
            found.append(mutual_information(x, y, estimator=estimator) - truth)
        errors.append(math.sqrt(np.mean(np.square(found))))
    assert errors == sorted(errors)
    assert errors[0] < 0.2
    assert errors[-1] > 0.3


def test_the_posterior_covers_the_truth():
    """Standard scores of 200 draws from the prior's own laws are about normal."""
    rng, scores = np.random.default_rng(0), []
    for _ in range(200):
        law = rng.dirichlet(np.full(50, 10 ** rng.uniform(-1, 1)))
        labels = np.repeat(np.arange(50), rng.multinomial(60, law))
        mean, deviation = NSB(50).posterior(labels)
        scores.append((mean - entropy_of(law)) / deviation)
    assert abs(np.mean(scores)) < 0.3
    assert 0.8 < np.std(scores) < 1.3


# ----------------------------------------------------------------------------------------------------------
# Identities


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: quantity.name)
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=str)
def test_every_quantity_by_every_estimator(estimator, quantity):
    labels = draws(np.random.default_rng(0), 60, quantity.n_variables)
    name, parameter = estimator._named()
    categories = estimator._categories(quantity.n_variables)
    expected = mutua.reference.sum_of_entropies(labels, quantity.terms, name, parameter, categories)
    found = estimate(estimator, quantity, *labels)
    assert found == pytest.approx(expected, abs=1e-10)
    order = np.random.default_rng(1).permutation(60)
    assert estimate(estimator, quantity, *(one[order] for one in labels)) == found
    others = [one * 10**12 - 7 for one in labels]  # neither in a table nor in that order
    assert estimate(estimator, quantity, *others) == pytest.approx(found, abs=SAME)


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: quantity.name)
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=str)
def test_contributions_have_the_estimate_as_mean(estimator, quantity):
    labels = draws(np.random.default_rng(2), 60, quantity.n_variables)
    if estimator not in MEANS:
        with pytest.raises(ValueError, match=f"{type(estimator).__name__}.*{quantity.name}"):
            estimate(estimator, quantity, *labels, pointwise=True)
        return
    values = estimate(estimator, quantity, *labels, pointwise=True)
    assert values.shape == (60,)
    assert np.mean(values) == pytest.approx(estimate(estimator, quantity, *labels), abs=SAME)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=str)
def test_information_is_mutual(estimator):
    x, y, z = draws(np.random.default_rng(3), 200, 3)
    if isinstance(estimator, PanzeriTreves):
        return  # Of stimulus and response.
    for given in (None, z):
        one, other = (
            mutual_information(*pair, given=given, estimator=estimator) for pair in ((x, y), (y, x))
        )
        assert one == pytest.approx(other, abs=SAME)


@pytest.mark.parametrize("estimator", [JamesStein(7), *(Dirichlet(prior, 7) for prior in PRIORS)], ids=str)
def test_one_joint_table_is_shrunk(estimator):
    """So entropies are of its marginals: information is at least 0, and that of a product is 0."""
    for seed in range(20):
        x, y, z = draws(np.random.default_rng(seed), 15, 3)
        assert estimate(estimator, MUTUAL_INFORMATION, x, y) >= -SAME
        assert estimate(estimator, CONDITIONAL_MUTUAL_INFORMATION, x, y, z) >= -SAME
    x, y = np.divmod(np.arange(49), 7)
    assert estimate(estimator, MUTUAL_INFORMATION, x, y) == pytest.approx(0, abs=SAME)


def test_chains_of_plug_ins_cancel_exactly():
    rng = np.random.default_rng(4)
    for n in (50, 5000, 200_000):
        z = rng.integers(0, 5, n)
        x, y = (z * 3 + 1) % 5, rng.integers(0, 4, n)
        assert mutual_information(x, y, given=z, estimator=PlugIn()) == 0
        assert mutual_information(x, x, given=z, estimator=PlugIn()) == 0
        found = mutual_information(y, y, given=z, estimator=PlugIn())
        assert found == pytest.approx(entropy(np.column_stack([y, z])) - entropy(z), abs=1e-14)


def test_panzeri_and_treves_know_stimulus_and_response():
    rng = np.random.default_rng(5)
    stimulus = np.repeat(np.arange(6), 5)
    response = rng.integers(0, 4, 30)
    table = mutua.ContingencyTable.from_labels(stimulus, response).to_array()
    reachable = [mutua.reference.counts._reachable(row[row > 0], 4) for row in table]
    bias = (sum(reachable) - 6 - (len(set(response)) - 1)) / 60
    found = mutual_information(response, stimulus, estimator=PanzeriTreves())
    assert found == pytest.approx(mutual_information(response, stimulus) - bias, abs=SAME)
    assert mutual_information(stimulus, response, estimator=PanzeriTreves()) != found


# ----------------------------------------------------------------------------------------------------------
# Weights


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: quantity.name)
def test_whole_weights_are_repetitions(quantity):
    rng = np.random.default_rng(6)
    labels, weights = draws(rng, 60, quantity.n_variables), rng.integers(0, 4, 60)
    repeated = estimate(PlugIn(), quantity, *(np.repeat(one, weights) for one in labels))
    found = estimate(PlugIn(), quantity, *labels, weights=weights / 8)
    assert found == pytest.approx(repeated, abs=SAME)
    values = estimate(PlugIn(), quantity, *labels, weights=weights / 8, pointwise=True)
    assert np.average(values, weights=weights) == pytest.approx(found, abs=SAME)


def test_only_the_plug_in_takes_weights():
    for make in CLASSES:
        if make is not PlugIn:
            with pytest.raises(ValueError, match=f"{make.__name__} takes no weights"):
                estimate(make(), ENTROPY, [0, 1, 1], weights=np.ones(3))


# ----------------------------------------------------------------------------------------------------------
# The ends


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=str)
def test_one_label(estimator):
    """Nothing is uncertain, unless other categories are known of."""
    for n in (1, 2, 50):
        if n < 4 and isinstance(estimator, QuadraticExtrapolation):
            with pytest.raises(ValueError, match="at least 4 samples"):
                of_counts(estimator, [n])
        elif isinstance(estimator, PYM):  # which never knows that there are no others
            if n > 1:
                assert 0 < of_counts(estimator, [n]) < 2 / n + 0.1
        elif getattr(estimator, "n_categories", None) is None:
            series = isinstance(estimator, Grassberger | Schuermann)  # which are right on average
            assert of_counts(estimator, [n]) == pytest.approx(0, abs=1.3 / n if series else SAME)
        else:
            assert 0 <= of_counts(estimator, [n]) <= math.log(40) + SAME


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=str)
def test_all_labels_different(estimator):
    if isinstance(estimator, PYM):
        with pytest.raises(ValueError, match="at least one label must occur twice"):
            of_counts(estimator, [1] * 30)
        return
    found = of_counts(estimator, [1] * 30)
    assert (3.3 if isinstance(estimator, NSB) else math.log(30) - SAME) < found < 20


def test_all_labels_different_leave_nsb_with_its_prior():
    mean, deviation = NSB(10**6).posterior(np.arange(30))
    assert math.log(30) < mean < math.log(10**6)
    assert deviation > 1
    assert coverage(np.arange(30)) == 0


def test_many_categories():
    labels = np.repeat(np.arange(5), BINS)
    for n_categories in (10**9, 2**62):
        for estimator in (NSB(n_categories), JamesStein(n_categories), PanzeriTreves(n_categories)):
            assert 0 < entropy(labels, estimator=estimator) <= math.log(n_categories) + SAME
        assert entropy(labels, estimator=Dirichlet("perks", n_categories)) < 6
    many = [labels] * 40
    with pytest.raises(ValueError, match="n_categories of all variables"):
        estimate(NSB(2**62), total_correlation(40), *many)
    with pytest.raises(ValueError, match="variables must be at most 64, got"):
        estimate(PlugIn(), total_correlation(65), *([labels] * 65))


def test_large_counts():
    """Through the core: samples cannot be repeated a thousand million times."""
    mean, deviation = _core.nsb_posterior(np.array([10**9, 3 * 10**9]), 2.0)
    assert mean == pytest.approx(entropy_of(np.array([0.25, 0.75])), abs=1e-9)
    assert deviation == pytest.approx(0.4757 / math.sqrt(4e9), rel=1e-3)


def test_categories_are_checked():
    for make in (JamesStein, Dirichlet, NSB, PanzeriTreves):
        assert issubclass(make, FromCategories)
        for wrong in (0, -1, 2**63, [3, 0]):
            with pytest.raises(ValueError, match=r"n_categories must be (at least 1|below 2\^63), got"):
                make(n_categories=wrong)
        for wrong in (2.5, "3", True, [2, 2.5], []):
            with pytest.raises(TypeError, match="n_categories must be an integer"):
                make(n_categories=wrong)
        with pytest.raises(ValueError, match="which is 3, got fewer for variable 0"):
            entropy([0, 1, 2], estimator=make(n_categories=2))
        with pytest.raises(ValueError, match="a number for each of 1 variables, got 2"):
            entropy([0, 1, 2], estimator=make(n_categories=(3, 3)))
        assert make(n_categories=np.array([3, 4])) == make(n_categories=[3, 4])
        one, other = (
            mutual_information([0, 1, 2], [0, 1, 1], estimator=make(n_categories=n)) for n in (3, (3, 3))
        )
        assert one == other


def test_parameters_are_checked():
    for wrong in (0.4, 1.1, math.nan):
        with pytest.raises(ValueError, match="xi must be a number from 1/2 to 1"):
            Schuermann(wrong)
    for wrong in ("haldane", -1, math.nan, math.inf, True):
        with pytest.raises(ValueError, match="prior must be"):
            Dirichlet(wrong)
    for wrong in (1990, "1988", True):
        with pytest.raises(ValueError, match="year must be one of 1988, 2003, got"):
            Grassberger(wrong)


def test_floats_are_refused():
    for estimator in ESTIMATORS:
        with pytest.raises(ValueError, match=f"{type(estimator).__name__} needs discrete variables"):
            entropy([0.5, 1.5], estimator=estimator)
    with pytest.raises(ValueError, match="NSB needs discrete variables"):
        NSB().posterior([0.5, 1.5])
    with pytest.raises(ValueError, match="x must be discrete"):
        coverage([0.5, 1.5])


# ----------------------------------------------------------------------------------------------------------
# The register


def test_every_estimator_of_the_core_has_a_twin_and_a_class():
    named = {estimator._named()[0] for estimator in ESTIMATORS}
    twins = mutua.reference.MEANS | mutua.reference.ENTROPIES
    assert named == set(_core.count_estimators) == set(twins)
    for estimator in ESTIMATORS:
        assert isinstance(estimator, FromCounts)
        assert dataclasses.is_dataclass(estimator)
        assert estimator._is_mean == (estimator._named()[0] in mutua.reference.MEANS)


def test_coverage():
    assert coverage(["a", "a", "b", "c"]) == 0.5
    assert coverage([7, 7]) == 1
    assert coverage(np.array([[0, 1], [0, 1], [1, 0]])) == pytest.approx(2 / 3)
