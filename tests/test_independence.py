"""Tests of independence: p-values, surrogates, corrections, comparisons."""

import os
import pickle
import re
import signal
import subprocess
import sys

import numpy as np
import pytest

import mutua
from mutua import (
    KSG,
    NSB,
    AtomSplit,
    Binned,
    ContingencyTable,
    Gaussian,
    GaussianCopula,
    Mixture,
    Ordinal,
    Periodic,
    PlugIn,
    Ross,
    _core,
    compare,
    independence_test,
    independence_tests,
    mutual_information,
)
from mutua._multiple import benjamini_hochberg, max_statistic
from mutua._null import Null, pvalue

stats = pytest.importorskip("scipy.stats")

SERIES = ("shift", "block", "iaaft")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def autoregressive(rng, n, memory=0.6):
    values = rng.normal(size=n + 50)
    for i in range(1, len(values)):
        values[i] += memory * values[i - 1]
    return values[50:]


def labels(rng, n, n_labels):
    weights = np.arange(1, n_labels + 1)
    return rng.choice(n_labels, n, p=weights / weights.sum())


# ----------------------------------------------------------------------------------------------------------
# p-values where there is nothing to find


def given_label(rng, n):
    z = labels(rng, n, 3)
    return ((z + rng.integers(0, 3, n)) % 4, z + rng.integers(0, 2, n)), {"given": z}


def given_sample(rng, n, **options):
    z, x, y = rng.normal(size=(3, n))
    return (x + z, y + z), {"given": z, **options}


def mixed_given_both(rng, n):
    z, x, label = rng.normal(size=n), rng.normal(size=n), labels(rng, n, 2)
    return (x + z + label, z - label + rng.normal(size=n) > 0), {"given": (z, label)}


def series(method):
    return lambda rng, n: ((autoregressive(rng, n), autoregressive(rng, n)), {"method": method})


NOTHING = {
    "labels": lambda rng, n: ((labels(rng, n, 4), labels(rng, n, 5)), {}),
    "labels, chi-square": lambda rng, n: ((labels(rng, n, 3), labels(rng, n, 3)), {"method": "chi-square"}),
    "mixed": lambda rng, n: ((rng.normal(size=n), labels(rng, n, 3)), {}),
    "samples": lambda rng, n: ((rng.normal(size=n), rng.exponential(size=n)), {}),
    "samples, Gaussian": lambda rng, n: (
        (rng.standard_cauchy(n), rng.exponential(size=n)),
        {"method": "gaussian"},
    ),
    "vectors, Gaussian": lambda rng, n: (
        (rng.normal(size=(n, 2)), rng.normal(size=(n, 3))),
        {"method": "gaussian", "estimator": Gaussian()},
    ),
    "labels given a label": given_label,
    "samples given a sample": given_sample,
    "both given both": mixed_given_both,
    **{f"series, {method}": series(method) for method in SERIES},
}


def randomised(result, rng):
    """The p-value with ties broken at random: uniform for any statistic, where the null is right."""
    if result.null_distribution is None:
        return result.pvalue
    excess = result.null_distribution - result.statistic
    equal = 1 + np.sum(np.abs(excess) <= 1e-13)
    return (np.sum(excess > 1e-13) + rng.random() * equal) / (1 + len(excess))


def uniformity(make, n, n_repetitions):
    """The p-value of Kolmogorov and Smirnov's test of the p-values."""
    found = []
    for repetition in range(n_repetitions):
        rng = np.random.default_rng([n, repetition])
        arguments, options = make(rng, n)
        result = independence_test(*arguments, n_permutations=39, seed=repetition, **options)
        found.append(randomised(result, rng))
    return stats.kstest(found, "uniform").pvalue


@pytest.mark.parametrize("name", NOTHING)
def test_p_values_are_uniform_where_there_is_nothing(name):
    assert uniformity(NOTHING[name], 50, 120) > 0.01


@pytest.mark.slow
@pytest.mark.parametrize("n", [50, 200, 1000])
@pytest.mark.parametrize("name", NOTHING)
def test_p_values_are_uniform_where_there_is_nothing_at_length(name, n):
    assert uniformity(NOTHING[name], n, 400) > 0.001


def test_a_global_shuffle_is_no_null_for_series_or_conditions():
    """What the other methods are for."""
    plain = [
        independence_test(*series(None)(np.random.default_rng(i), 200)[0], n_permutations=39).pvalue
        for i in range(100)
    ]
    assert np.mean(np.array(plain) <= 0.05) > 0.08


def test_sequential_p_values_are_valid():
    found = []
    for repetition in range(300):
        rng = np.random.default_rng(repetition)
        x, y = rng.normal(size=(2, 40))
        found.append(independence_test(x, y, stop=4, n_permutations=99, seed=repetition).pvalue)
    for level in (0.05, 0.1, 0.2, 0.5):
        assert np.mean(np.array(found) <= level) <= level + 3 * np.sqrt(level * (1 - level) / 300)


# ----------------------------------------------------------------------------------------------------------
# p-values from null distributions


def test_the_plus_one_rule():
    null = np.array([0.1, 0.2, 0.3, 0.3])
    assert pvalue(0.3, null, "greater") == 3 / 5
    assert pvalue(0.4, null, "greater") == 1 / 5
    assert pvalue(0.1, null, "less") == 2 / 5
    assert pvalue(0.1, null, "two-sided") == 4 / 5
    assert pvalue(0.3, null, "two-sided") == 1


def test_stopping():
    values = np.array([0.0, 2.0, 0.0, 3.0, 0.0, 1.0, 5.0, *np.zeros(93)])
    draw = lambda first, size: values[first : first + size]  # noqa: E731
    found = Null.drawn(1.0, draw, 100, "greater", 3, 10)
    assert (found.pvalue, len(found.values)) == (3 / 6, 6)
    found = Null.drawn(1.0, draw, 100, "greater", 5, 10)
    assert (found.pvalue, len(found.values)) == (5 / 101, 100)
    found = Null.drawn(1.0, draw, 100, "less", 90, 10)
    assert (found.pvalue, len(found.values)) == (90 / 93, 93)


def test_stopped_surrogates_are_the_first_of_all(rng):
    x, y = rng.normal(size=(2, 60))
    whole, stopped = independence_test(x, y), independence_test(x, y, stop=5)
    assert stopped.n_permutations == len(stopped.null_distribution) < 999
    assert np.array_equal(stopped.null_distribution, whole.null_distribution[: stopped.n_permutations])
    assert np.sum(stopped.null_distribution >= stopped.statistic) == 5


# ----------------------------------------------------------------------------------------------------------
# What is computed


def test_the_statistic_is_the_estimate(rng):
    x, y, z = rng.normal(size=(3, 80))
    a, b = x > 0, y > 0.5
    for arguments, given, estimator in [
        ((x, y), None, KSG()),
        ((x, y), z, KSG(k=5, transform="ranks")),
        ((x, y), z > 0, KSG()),
        ((x, np.column_stack([y, z])), None, KSG(norm="euclidean", kind=2)),
        ((x, b), None, Ross()),
        ((a, y), z, Ross()),
        ((x.round(1), y.round(1)), None, Mixture(k=4)),
        ((np.maximum(x, 0), y), None, AtomSplit()),
        ((a, b), None, PlugIn()),
        ((a, b), z > 0, PlugIn()),
        ((a, b), None, NSB()),
        ((x, y), z, Gaussian()),
        ((x, y), None, Binned(bins=3)),
    ]:
        result = independence_test(*arguments, given=given, estimator=estimator, n_permutations=3)
        expected = mutual_information(*arguments, given=given, estimator=estimator)
        assert result.statistic == pytest.approx(expected, abs=1e-12)
        assert result.estimator == estimator


def test_surrogates_are_estimates_of_reordered_samples(rng):
    x, y, z = rng.normal(size=(3, 50))
    found = independence_test(x, y, estimator=KSG(), n_permutations=5, seed=8)
    orders = _core.draw_orders("any", 50, 8, 0, 5)
    expected = [mutual_information(x[order], y, estimator=KSG()) for order in orders]
    assert found.null_distribution == pytest.approx(expected, abs=1e-14)
    found = independence_test(x, y, given=z, estimator=Gaussian(), n_permutations=5, seed=8, neighbors=4)
    orders = _core.draw_orders("local", 50, 8, 0, 5, _core.neighborhoods(z, 4))
    expected = [mutual_information(x[order], y, given=z, estimator=Gaussian()) for order in orders]
    assert found.null_distribution == pytest.approx(expected, abs=1e-14)


def test_labels_have_the_null_of_permutations(rng):
    x, y = labels(rng, 60, 3), labels(rng, 60, 2)
    tables = independence_test(x, y, n_permutations=4000).null_distribution
    shuffled = [
        ContingencyTable.from_labels(x[order], y).mutual_information()
        for order in _core.draw_orders("any", 60, 0, 0, 4000)
    ]
    values = np.unique(np.round(np.append(tables, shuffled), 12))
    counts = [np.histogram(null, np.append(values, 9) - 1e-9)[0] for null in (tables, shuffled)]
    frequent = np.sum(counts, axis=0) > 20
    assert stats.chi2_contingency([row[frequent] for row in counts]).pvalue > 0.01


def test_chi_square_and_gaussian_agree_with_permutations(rng):
    x, y = labels(rng, 400, 3), labels(rng, 400, 4)
    by_law, drawn = (
        independence_test(x, y, method=method, n_permutations=9999) for method in ("chi-square", None)
    )
    assert by_law.pvalue == pytest.approx(drawn.pvalue, abs=0.02)
    assert by_law.statistic == drawn.statistic
    x, z = rng.normal(size=(2, 60))
    y = 0.3 * x + rng.normal(size=60)
    exact = stats.pearsonr(x, y).pvalue
    found = independence_test(x, y, method="gaussian", estimator=Gaussian())
    assert found.pvalue == pytest.approx(exact, rel=0.02)
    assert (found.null_distribution, found.n_permutations) == (None, 0)
    of_x, of_y = (v - np.polyval(np.polyfit(z, v, 1), z) for v in (x, y))
    r = stats.pearsonr(of_x, of_y).statistic
    partial = 2 * stats.t.sf(abs(r) * np.sqrt(57 / (1 - r**2)), 57)
    found = independence_test(x, y, given=z, method="gaussian", estimator=Gaussian())
    assert found.pvalue == pytest.approx(partial, rel=0.02)


def test_columns_that_others_determine_do_not_count(rng):
    x, y = rng.normal(size=(2, 50))
    options = {"method": "gaussian", "estimator": Gaussian()}
    once, twice = (independence_test(columns, y, **options) for columns in (x, np.column_stack([x, 2 * x])))
    assert once.pvalue == pytest.approx(twice.pvalue)


# ----------------------------------------------------------------------------------------------------------
# What surrogates keep


def test_series_keep_what_they_should(rng):
    x, y = autoregressive(rng, 300, 0.8), autoregressive(rng, 300, 0.8)
    memory = np.corrcoef(x[1:], x[:-1])[0, 1]
    for method in SERIES:
        seen = []

        class Seen(Gaussian):
            def _estimate(self, quantity, data, *rest):
                seen.append(data.variables[0].array)  # noqa: B023
                return super()._estimate(quantity, data, *rest)

        independence_test(x, y, method=method, estimator=Seen(), n_permutations=20)
        for surrogate in seen[2:]:
            assert np.array_equal(np.sort(surrogate), np.sort(x))
            assert np.corrcoef(surrogate[1:], surrogate[:-1])[0, 1] == pytest.approx(memory, abs=0.15)
            assert not np.array_equal(surrogate, x)
    spectra = np.abs(np.fft.rfft([x, seen[-1]]))
    assert np.corrcoef(spectra)[0, 1] > 0.99


def test_there_are_only_so_many_shifts(rng):
    x, y = rng.normal(size=(2, 30))
    result = independence_test(x, y, method="shift")
    assert result.n_permutations == 29
    expected = sorted(mutual_information(np.roll(x, s), y, estimator=result.estimator) for s in range(1, 30))
    assert sorted(result.null_distribution) == pytest.approx(expected, abs=1e-14)


def test_labels_are_series_too(rng):
    x, y = (autoregressive(rng, 200) > 0 for _ in range(2))
    for method in ("shift", "block"):
        assert independence_test(x, y, method=method, n_permutations=99).pvalue > 0.01
    assert independence_test(x, np.roll(x, 0), method="block", block=10, n_permutations=99).pvalue == 0.01


# ----------------------------------------------------------------------------------------------------------
# Finding what there is


def test_it_finds_what_there_is(rng):
    x, noise, z = rng.normal(size=(3, 200))
    for arguments, options in [
        ((x, x**2 + noise), {}),
        ((x, (x + noise > 0)), {}),
        ((x > 0, x + noise > 0), {}),
        ((x, x + noise), {"method": "gaussian"}),
        ((x > 0, x + noise > 0), {"method": "chi-square"}),
        ((x + z, x + noise + z), {"given": z}),
        ((x > 0, x + noise > 0), {"given": z > 0}),
        ((Periodic(x, 3), Periodic(x + 0.2 * noise, 3)), {}),
        *(((x, x + noise), {"method": method}) for method in SERIES),
    ]:
        assert independence_test(*arguments, **options).pvalue <= 0.01, options


def test_what_is_shared_through_a_third_is_not_found_given_it(rng):
    z, x, y = rng.normal(size=(3, 300))
    assert independence_test(x + z, y + z, n_permutations=199).pvalue == 0.005
    assert independence_test(x + z, y + z, given=z, n_permutations=199).pvalue > 0.05
    label = labels(rng, 300, 3)
    assert independence_test(x + label, y + label, given=label, n_permutations=199).pvalue > 0.05


# ----------------------------------------------------------------------------------------------------------
# Seeds, threads, values


CASES = {
    "samples": lambda x, y, z: ((x, y), {}),
    "given": lambda x, y, z: ((x, y), {"given": z}),
    "labels": lambda x, y, z: ((x > 0, y > 0), {}),
    "many labels": lambda x, y, z: ((np.argsort(x) // 2, y > 0), {"given": z > 0}),
    "mixed": lambda x, y, z: ((x, y > 0), {}),
    "any estimator": lambda x, y, z: ((x, y), {"estimator": GaussianCopula()}),
    **{method: lambda x, y, z, method=method: ((x, y), {"method": method}) for method in SERIES},
}


@pytest.mark.parametrize("name", CASES)
def test_the_same_for_any_number_of_threads_and_another_seed(name, rng):
    arguments, options = CASES[name](*rng.normal(size=(3, 100)))
    alone, shared, other = (
        independence_test(*arguments, **options, n_permutations=50, **more)
        for more in ({}, {"n_jobs": 2}, {"seed": 1})
    )
    assert np.array_equal(alone.null_distribution, shared.null_distribution)
    assert (alone.pvalue, alone.statistic) == (shared.pvalue, shared.statistic)
    assert not np.array_equal(alone.null_distribution, other.null_distribution)
    assert independence_test(*arguments, **options, n_permutations=20).null_distribution == pytest.approx(
        alone.null_distribution[:20], abs=0
    )


def test_values_are_pinned():
    """The generator is the same on every machine."""
    orders = _core.draw_orders("any", 6, 0, 0, 2)
    assert orders.tolist() == [[3, 4, 2, 0, 1, 5], [3, 4, 5, 2, 1, 0]]
    tables = _core.random_tables(np.array([5, 4]), np.array([3, 6]), 0, 0, 2)
    assert tables.tolist() == [[[0, 5], [3, 1]], [[2, 3], [1, 3]]]


def test_results_are_values(rng):
    x, y = rng.normal(size=(2, 50))
    result = independence_test(x, y, n_permutations=9)
    assert pickle.loads(pickle.dumps(result)).pvalue == result.pvalue
    with pytest.raises(AttributeError):
        result.pvalue = 0
    assert repr(result).startswith("<IndependenceResult: ")
    assert f"p = {result.pvalue:.3g}; permutation, 9 surrogates; KSG(k=3" in repr(result)


def test_inputs_are_not_written_to(rng):
    x, y, z = rng.normal(size=(3, 50))
    for values in (x, y, z):
        values.flags.writeable = False
    independence_test(x, y, given=z, n_permutations=3)
    independence_test(x, y, method="iaaft", n_permutations=3)
    compare(x, z, y, n_subsamples=3)


def test_missing_and_masked_samples_are_left_out(rng):
    x, y = rng.normal(size=(2, 50))
    expected = independence_test(x[5:], y[5:], n_permutations=9)
    mask = np.arange(50) >= 5
    found = independence_test(x, y, mask=mask, n_permutations=9)
    assert np.array_equal(found.null_distribution, expected.null_distribution)
    x[:5] = np.nan
    found = independence_test(x, y, nan_policy="omit", n_permutations=9)
    assert np.array_equal(found.null_distribution, expected.null_distribution)


# ----------------------------------------------------------------------------------------------------------
# Hostile input


X = np.linspace(0, 1, 20) ** 2
Y = np.sin(9 * X)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((X, Y[:5]), {}, ValueError, "x and y must have the same length, got 20 and 5"),
        ((X[:0], Y[:0]), {}, ValueError, "at least one sample"),
        ((X * np.nan, Y), {}, ValueError, "x must be finite, got NaN in row 0"),
        (
            (X, Y),
            {"n_permutations": 0},
            ValueError,
            "n_permutations must be at least 1 and below 2^63, got 0",
        ),
        ((X, Y), {"n_permutations": 9.0}, TypeError, "n_permutations must be an integer, got float"),
        ((X, Y), {"seed": -1}, ValueError, "seed must be at least 0"),
        ((X, Y), {"seed": None}, TypeError, "seed must be an integer, got NoneType"),
        ((X, Y), {"stop": 0}, ValueError, "stop must be at least 1"),
        ((X, Y), {"neighbors": 1, "given": X}, ValueError, "neighbors must be at least 2"),
        ((X, Y), {"block": 0, "method": "block"}, ValueError, "block must be at least 1"),
        ((X, Y), {"method": "bootstrap"}, ValueError, "method must be one of None, 'permutation'"),
        ((X, Y), {"alternative": "more"}, ValueError, "alternative must be one of 'greater'"),
        ((X, Y), {"estimator": KSG}, TypeError, "estimator must be an estimator like KSG"),
        ((X, Y), {"estimator": KSG(k=[1, 2])}, ValueError, "estimator must have one k"),
        ((X, Y), {"estimator": PlugIn()}, ValueError, "PlugIn needs discrete variables"),
        ((X, Y), {"estimator": KSG(k=20)}, ValueError, "k must be at least 1 and below"),
        ((X, Y), {"estimator": Ordinal()}, ValueError, "Ordinal reads the order of samples"),
        ((X, Y), {"method": "local"}, ValueError, "method must not be 'local' without continuous"),
        ((X, Y), {"method": "local", "given": X > 0.5}, ValueError, "which 'permutation' keeps"),
        (
            (X, Y),
            {"method": "permutation", "given": X},
            ValueError,
            "method must be 'local' given continuous",
        ),
        ((X, Y), {"method": "shift", "given": X}, ValueError, "given must be None for method='shift'"),
        ((X, Y), {"method": "shift", "mask": X > 0.1}, ValueError, "needs all samples of a series"),
        ((X[:2], Y[:2]), {"method": "shift"}, ValueError, "at least 3 samples, got 2"),
        ((X > 0.5, Y), {"method": "iaaft"}, ValueError, "x must be one continuous column"),
        ((X, Y), {"method": "chi-square"}, ValueError, "PlugIn needs discrete variables"),
        ((X, Y), {"method": "chi-square", "estimator": KSG()}, ValueError, "estimator must be PlugIn"),
        ((X > 0.5, Y), {"method": "gaussian"}, ValueError, "GaussianCopula needs continuous"),
        ((X, Y), {"method": "gaussian", "estimator": KSG()}, ValueError, "estimator must be Gaussian or"),
        ((X[:2], Y[:2]), {"method": "gaussian"}, ValueError, "x must have more samples"),
        ((X, Y), {"method": "gaussian", "alternative": "less"}, ValueError, "alternative must be 'greater'"),
        ((X, Y), {"method": "gaussian", "stop": 5}, ValueError, "stop must be None for method='gaussian'"),
        ((X, Y), {"alternative": "two-sided", "stop": 5}, ValueError, "stop must be None for alternative="),
        ((X, Y), {"given": Periodic(X, 1)}, ValueError, "given is periodic"),
        ((X, Y), {"n_jobs": 0}, ValueError, "n_jobs"),
    ],
)
def test_what_is_refused(arguments, options, error, message):
    with pytest.raises(error) as raised:
        independence_test(*arguments, **options)
    assert message in str(raised.value)


def test_degenerate_data():
    constant = np.ones(20)
    assert independence_test(constant, X, n_permutations=19).pvalue == 1
    assert independence_test(constant > 0, X > 0.5, n_permutations=19).pvalue == 1
    assert independence_test(constant > 0, X > 0.5, method="chi-square").pvalue == 1
    assert independence_test(X, Y, given=constant, n_permutations=19).pvalue <= 1
    assert independence_test(X, constant, method="iaaft", n_permutations=19).pvalue == 1
    assert independence_test(constant, X, method="block", n_permutations=19).pvalue == 1
    assert independence_test(["a"], ["b"], n_permutations=5).pvalue == 1
    wide = np.array([1e300, -1e300] * 10) * X
    assert 0 < independence_test(wide, X, n_permutations=19).pvalue <= 1
    every = np.arange(20)
    assert independence_test(every, every, n_permutations=19).pvalue == 1  # any permutation tells as much


# ----------------------------------------------------------------------------------------------------------
# Many columns


def test_each_column_as_by_itself(rng):
    X, y = rng.normal(size=(60, 4)), rng.normal(size=60)
    found = independence_tests(X, y, correction=None, n_permutations=49)
    alone = [independence_test(y, column, n_permutations=49) for column in X.T]
    assert found.pvalue.tolist() == [result.pvalue for result in alone]
    assert found.statistic.tolist() == [result.statistic for result in alone]
    assert found.null_distribution.shape == (49, 4)


def test_frames_have_columns_of_both_kinds(rng):
    pandas = pytest.importorskip("pandas")
    y = rng.normal(size=100)
    frame = pandas.DataFrame(
        {"a": y + rng.normal(size=100), "b": np.where(y > 0, "x", "y"), "c": rng.normal(size=100)}
    )
    found = independence_tests(frame, y, n_permutations=199)
    assert np.all(found.pvalue[:2] < 0.02)
    assert [type(one) for one in found.estimator] == [KSG, Ross, KSG]
    assert np.all(
        independence_tests(frame, y, correction="max-statistic", n_permutations=199).pvalue[:2] < 0.02
    )


def test_benjamini_hochberg_is_that_of_scipy(rng):
    for n in (1, 2, 7, 50):
        pvalues = rng.random(n) ** 2
        assert benjamini_hochberg(pvalues) == pytest.approx(stats.false_discovery_control(pvalues))


def test_max_statistic_bounds_any_false_one(rng):
    """Under the null of all columns, which depend on each other."""
    false = 0
    for _ in range(400):
        values = rng.normal(size=(40, 1)) + rng.normal(size=(40, 6))
        false += np.min(max_statistic(values[0], values[1:])) <= 0.1
    assert false / 400 < 0.1 + 3 * np.sqrt(0.1 * 0.9 / 400)
    one = rng.normal(size=30)
    assert max_statistic(one[:1], one[1:, None])[0] == pvalue(one[0], one[1:], "greater")
    # Step-down: what is found does not weigh on the rest.
    null = rng.normal(size=(99, 2))
    adjusted = max_statistic(np.array([9.0, 1.0]), null)
    assert adjusted[0] == 0.01
    assert adjusted[1] == pytest.approx(pvalue(1.0, null[:, 1], "greater"), abs=0.03)


def test_columns_of_labels_share_their_surrogates(rng):
    X, y = rng.integers(0, 3, (200, 3)), rng.integers(0, 3, 200)
    X[:, 1] = X[:, 0]
    null = independence_tests(X, y, correction="max-statistic", n_permutations=20).null_distribution
    assert np.array_equal(null[:, 0], null[:, 1])


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((X, Y), {}, "X must be a matrix with at least one column, got shape (20,)"),
        ((X[:, None][:, :0], Y), {}, "X must be a matrix with at least one column"),
        ((X[:, None], Y), {"correction": "bonferroni"}, "correction must be one of"),
        ((X[:, None], Y), {"correction": "max-statistic", "method": "gaussian"}, "needs surrogates"),
        ((X[:, None], Y), {"correction": "max-statistic", "alternative": "less"}, "needs surrogates"),
        ((X[:, None] * np.nan, Y), {}, "X[:, 0] must be finite"),
    ],
)
def test_what_is_refused_of_columns(arguments, options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        independence_tests(*arguments, **options)


# ----------------------------------------------------------------------------------------------------------
# Comparing


def test_compare_finds_who_tells_more(rng):
    x1, x2, noise = rng.normal(size=(3, 400))
    y = x1 + 0.5 * x2 + noise
    more = compare(x1, x2, y)
    assert more.pvalue < 0.01
    assert more.statistic == mutual_information(x1, y) - mutual_information(x2, y)
    less = compare(x2, x1, y, alternative="less")
    assert (less.pvalue, less.statistic) == (pytest.approx(more.pvalue), -more.statistic)
    assert compare(x1, x2, y, alternative="two-sided").pvalue == pytest.approx(2 * more.pvalue)
    assert compare(x1 > 0, x2 > 0, y > 0).pvalue < 0.05
    assert compare(x1, x2, y, given=x1, estimator=Gaussian()).statistic < -0.1
    assert "standard error" in repr(more)


def test_standard_errors_of_differences():
    """Against the deviation over samples, where both tell the same."""
    found = []
    for repetition in range(60):
        y, one, other = np.random.default_rng(repetition).normal(size=(3, 150))
        found.append(compare(y + one, y + other, y, n_subsamples=50, estimator=Gaussian()))
    errors = np.mean([result.standard_error for result in found])
    assert errors == pytest.approx(np.std([result.statistic for result in found]), rel=0.3)
    assert np.mean([result.pvalue <= 0.1 for result in found]) < 0.22


def test_compare_with_itself(rng):
    x, y = rng.normal(size=(2, 50))
    same = compare(x, x, y, n_subsamples=5)
    assert (same.statistic, same.standard_error, same.pvalue) == (0, 0, 0.5)
    one, two = (compare(x, y, x, n_subsamples=5, n_jobs=n_jobs) for n_jobs in (1, 2))
    assert np.array_equal(one.subsamples, two.subsamples)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((X, X[:5], Y), {}, ValueError, "x1 and x2 must have the same length"),
        ((X[:3], X[:3], Y[:3]), {}, ValueError, "x1 must have at least 4 samples"),
        ((X, X, Y), {"n_subsamples": 1}, ValueError, "n_subsamples must be at least 2"),
        ((X, X, Y), {"estimator": KSG(k=[1, 2])}, ValueError, "estimator must have one k"),
        ((X, X, Y), {"estimator": "KSG"}, TypeError, "estimator must be an estimator"),
        ((X, X, Y), {"alternative": None}, ValueError, "alternative must be one of"),
    ],
)
def test_what_is_refused_of_comparisons(arguments, options, error, message):
    with pytest.raises(error) as raised:
        compare(*arguments, **options)
    assert message in str(raised.value)


# ----------------------------------------------------------------------------------------------------------
# Interrupts


INTERRUPTED = """
import numpy as np, mutua
x, y = np.random.default_rng(0).normal(size=(2, 5000))
try:
    print("begun", flush=True)
    mutua.independence_test(x, y, n_permutations=10**6)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_an_interrupt_ends_a_test():
    with subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "interrupted\n"


def test_every_method_is_documented():
    for method in mutua._testing.METHODS:
        assert f'"{method}"' in independence_test.__doc__
