"""`transfer_entropy`: closed forms, embeddings by hand, trials, and what is refused."""

import math

import numpy as np
import pytest

from mutua import KSG, KozachenkoLeonenko, PlugIn, mutual_information, reference, transfer_entropy

SAME = 1e-12  # nats: the same terms, added in another order
RNG = np.random.default_rng(0)
N = 150
X, Y, Z = RNG.normal(size=(3, N))
Y[1:] += X[:-1]
WORDS = np.array(["low", "middle", "high"])[RNG.integers(0, 3, N)]


def by_hand(x, y, lag=1, history=1, source_history=1, given=(), **options):
    """From rows of the past, built one by one."""
    start = max(lag + source_history - 1, history)
    times = range(start, len(y))
    source = np.array([[x[t - lag - back] for back in range(source_history)] for t in times])
    past = np.array(
        [[y[t - back] for back in range(1, history + 1)] + [z[t - 1] for z in given] for t in times]
    )
    return mutual_information(source, y[start:], given=past, **options)


# ----------------------------------------------------------------------------------------------------------
# Laws


def autoregression(n, a=0.5, b=0.4, c=0.6, seed=0):
    """x(t) = a x(t-1) + noise, y(t) = b y(t-1) + c x(t-1) + noise, and the transfer from x to y."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(2, n + 100))
    x, y = np.zeros((2, n + 100))
    for t in range(1, n + 100):
        x[t] = a * x[t - 1] + noise[0, t]
        y[t] = b * y[t - 1] + c * x[t - 1] + noise[1, t]
    var_x = 1 / (1 - a**2)
    cov = a * c * var_x / (1 - a * b)
    var_y = (c**2 * var_x + 2 * b * c * cov + 1) / (1 - b**2)
    given_past = var_y - (b * var_y + c * cov) ** 2 / var_y  # variance of y(t); given that of x too, 1
    return x[100:], y[100:], 0.5 * math.log(given_past)


@pytest.mark.parametrize("c", [0.3, 0.6, 1.0])
def test_a_gaussian_autoregression(c):
    x, y, truth = autoregression(10_000, c=c)
    assert transfer_entropy(x, y) == pytest.approx(truth, abs=0.03)
    assert transfer_entropy(y, x) == pytest.approx(0, abs=0.02)
    longer = transfer_entropy(x, y, history=2, source_history=2)
    assert longer == pytest.approx(truth, abs=0.06)  # The bias of six dimensions.


def test_coupled_logistic_maps_show_who_drives():
    n = 3000
    x, y = np.empty((2, n))
    x[0], y[0] = 0.3, 0.6
    for t in range(1, n):
        mixed = 0.25 * x[t - 1] + 0.75 * y[t - 1]
        x[t], y[t] = 4 * x[t - 1] * (1 - x[t - 1]), 4 * mixed * (1 - mixed)
    forth, back = transfer_entropy(x, y, estimator=KSG(k=5)), transfer_entropy(y, x, estimator=KSG(k=5))
    assert forth > 1
    assert abs(back) < 0.1


def test_schreiber_s_tent_maps():
    """Each map of a ring is driven by the one before: halves of the interval show it, but not the reverse."""
    n, maps, coupling = 8000, 20, 0.05
    values = np.random.default_rng(3).random(maps)
    states = np.empty((n, maps))
    for t in range(-1000, n):
        mixed = coupling * np.roll(values, 1) + (1 - coupling) * values
        values = np.where(mixed < 0.5, 2 * mixed, 2 - 2 * mixed)
        states[max(t, 0)] = values
    driven = (states > 0.5).T.ravel()
    driver = (np.roll(states, 1, axis=1) > 0.5).T.ravel()
    options = {"groups": np.repeat(np.arange(maps), n), "pooled": True, "base": 2}
    forth, back = transfer_entropy(driver, driven, **options), transfer_entropy(driven, driver, **options)
    weak = (0.77 * coupling) ** 2 / math.log(2)  # the paper's, for weak coupling
    assert forth == pytest.approx(weak, rel=0.25)
    assert abs(back) < forth / 10


def test_a_copied_bit():
    x = np.resize([0, 0, 1, 1], 401)  # every two in turn equally often
    y = np.concatenate([[1], x[:-1]])
    assert transfer_entropy(x, y) == pytest.approx(math.log(2), abs=1e-15)
    assert transfer_entropy(x, y, base=2) == pytest.approx(1, abs=1e-15)
    assert transfer_entropy(x, y, estimator=PlugIn()) == transfer_entropy(x, y)


@pytest.mark.parametrize("p", [0.05, 0.25, 0.5])
def test_a_bit_copied_with_errors(p):
    rng = np.random.default_rng(2)
    n = 40_000
    x = rng.integers(0, 2, n)
    y = np.roll(x, 1) ^ (rng.random(n) < p)
    entropy_of_error = -p * math.log(p) - (1 - p) * math.log(1 - p)
    assert transfer_entropy(x, y) == pytest.approx(math.log(2) - entropy_of_error, abs=0.01)
    assert transfer_entropy(y, x) == pytest.approx(0, abs=1e-3)


def test_a_common_driver_is_no_transfer_once_it_is_given():
    rng = np.random.default_rng(4)
    z, x, y = rng.normal(size=(3, 5000))
    x[1:] += 2 * z[:-1]
    y[2:] += 2 * z[:-2]
    assert transfer_entropy(x, y) > 0.3
    assert transfer_entropy(x, y, given=z, given_history=2) == pytest.approx(0, abs=0.02)


# ----------------------------------------------------------------------------------------------------------
# The past


HISTORIES = [
    {},
    {"history": 2},
    {"lag": 3},
    {"lag": 0},
    {"source_history": 3},
    {"lag": 2, "history": 3, "source_history": 2},
    {"history": 2, "given": (Z,)},
]


@pytest.mark.parametrize("options", HISTORIES, ids=str)
def test_the_past_by_hand(options):
    for x, y in (X, Y), (Y, X):
        for estimator in KSG(), KSG(k=[2, 6], norm="euclidean"):
            expected = by_hand(x, y, estimator=estimator, **options)
            np.testing.assert_array_equal(transfer_entropy(x, y, estimator=estimator, **options), expected)


@pytest.mark.parametrize("options", HISTORIES[:-1], ids=str)
def test_the_past_of_labels_by_hand(options):
    codes = (X > 0).astype(int)
    expected = by_hand(WORDS, codes, **options)
    assert transfer_entropy(WORDS, codes, **options) == pytest.approx(expected, abs=SAME)


def test_the_past_of_vectors():
    plane = np.column_stack([X, Z])
    expected = mutual_information(plane[:-1], Y[1:], given=Y[:-1])
    assert transfer_entropy(plane, Y) == expected
    past = np.column_stack([plane[1:-1], plane[:-2]])
    expected = mutual_information(Y[1:-1], plane[2:], given=past)
    assert transfer_entropy(Y, plane, history=2) == expected


def test_several_lags_are_a_loop():
    lags = range(4)
    expected = [transfer_entropy(X, Y, lag=lag, history=2) for lag in lags]
    np.testing.assert_array_equal(transfer_entropy(X, Y, lag=lags, history=2), expected)
    assert np.argmax(expected) == 1


def test_contributions_are_at_the_time_of_the_target():
    estimate = transfer_entropy(X, Y, lag=2, source_history=2)
    contributions = transfer_entropy(X, Y, lag=2, source_history=2, pointwise=True)
    assert contributions.shape == (N,)
    assert [*np.flatnonzero(np.isnan(contributions))] == [0, 1, 2]
    assert np.nanmean(contributions) == pytest.approx(estimate, abs=SAME)
    np.testing.assert_array_equal(
        transfer_entropy(X, Y, lag=[1, 2], source_history=2, pointwise=True)[1], contributions
    )


def test_time_does_not_close_up_over_what_is_missing():
    gone = np.zeros(N, dtype=bool)
    gone[[20, 21, 77]] = True
    holes = np.where(gone, np.nan, X)
    there = [t for t in range(1, N) if not (gone[t] or gone[t - 1])]
    before = np.subtract(there, 1)
    expected = mutual_information(X[before], Y[there], given=Y[before])
    assert transfer_entropy(X, Y, mask=~gone) == expected
    only = [t for t in range(1, N) if not gone[t - 1]]
    before = np.subtract(only, 1)
    expected = mutual_information(X[before], Y[only], given=Y[before])
    assert transfer_entropy(holes, Y, nan_policy="omit") == expected
    with pytest.raises(ValueError, match="source must be finite, got NaN in row 20"):
        transfer_entropy(holes, Y)


def test_a_window_leaves_out_neighbours_in_time():
    """A slow series is near itself a moment later: without a window neighbours tell of nothing else."""
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(2, 800))
    for t in range(1, 800):
        x[t], y[t] = 0.97 * x[t - 1] + 0.2 * x[t], 0.97 * y[t - 1] + 0.2 * y[t]
    options = {"history": 2, "source_history": 2}
    assert transfer_entropy(x, y, window=0, **options) == transfer_entropy(x, y, **options)
    apart = transfer_entropy(x, y, window=20, pointwise=True, **options)
    past, source = (np.column_stack([series[1:-1], series[:-2]]) for series in (y, x))
    times = np.arange(2, 800)
    expected = reference.conditional_apart(source, y[2:], past, times, 20, k=3, pointwise=True)
    np.testing.assert_allclose(apart[2:], expected, atol=SAME)
    assert transfer_entropy(x, y, window=20, **options) == pytest.approx(np.mean(expected), abs=SAME)


@pytest.mark.parametrize("pooled", [False, True])
def test_a_window_ends_with_the_trial(pooled):
    options = {"groups": TRIALS, "pooled": pooled, "window": 5}
    times = np.concatenate([np.arange(1, 60), np.arange(1061, 1110), np.arange(2111, 2150)])
    rows = times % 1000
    if pooled:
        expected = reference.conditional_apart(X[rows - 1], Y[rows], Y[rows - 1], times, 5, k=3)
    else:
        each = [transfer_entropy(X[piece], Y[piece], window=5) for piece in PIECES]
        expected = np.dot(each, [59, 49, 39]) / 147
    assert transfer_entropy(X, Y, **options) == pytest.approx(expected, abs=SAME)


# ----------------------------------------------------------------------------------------------------------
# Trials

TRIALS = np.repeat(["a", "b", "c"], [60, 50, 40])
STARTS = [0, 60, 110]
PIECES = [slice(0, 60), slice(60, 110), slice(110, 150)]


def test_trials_are_estimated_each_by_itself():
    each = [transfer_entropy(X[piece], Y[piece], history=2) for piece in PIECES]
    expected = np.dot(each, [58, 48, 38]) / 144
    assert transfer_entropy(X, Y, history=2, groups=TRIALS) == pytest.approx(expected, abs=SAME)
    several = transfer_entropy(X, Y, history=2, groups=TRIALS, estimator=KSG(k=[3, 5]))
    assert several[0] == transfer_entropy(X, Y, history=2, groups=TRIALS)
    contributions = transfer_entropy(X, Y, history=2, groups=TRIALS, pointwise=True)
    for piece in PIECES:
        expected = transfer_entropy(X[piece], Y[piece], history=2, pointwise=True)
        np.testing.assert_array_equal(contributions[piece], expected)


def test_trials_of_labels_are_given():
    codes = (X > 0).astype(int)
    rows = [t for t in range(1, N) if t not in STARTS]
    before = np.subtract(rows, 1)
    past = np.column_stack([codes[before], np.repeat([0, 1, 2], [60, 50, 40])[rows]])
    expected = mutual_information(WORDS[before], codes[rows], given=past)
    assert transfer_entropy(WORDS, codes, groups=TRIALS) == pytest.approx(expected, abs=SAME)


@pytest.mark.parametrize("lag", [1, 2])
def test_pooled_trials_are_of_one_law(lag):
    start = max(lag, 1)
    rows = [t for piece in PIECES for t in range(piece.start + start, piece.stop)]
    now, before, source = np.array(rows), np.subtract(rows, 1), np.subtract(rows, lag)
    expected = mutual_information(X[source], Y[now], given=Y[before])
    assert transfer_entropy(X, Y, lag=lag, groups=TRIALS, pooled=True) == expected
    contributions = transfer_entropy(X, Y, lag=lag, groups=TRIALS, pooled=True, pointwise=True)
    assert [*np.flatnonzero(~np.isnan(contributions))] == rows


@pytest.mark.parametrize("pooled", [False, True])
def test_nothing_crosses_a_boundary(pooled):
    """What one trial holds moves no estimate of another; its last samples are in nobody's past."""
    options = {"groups": TRIALS, "pooled": pooled, "pointwise": True, "history": 3, "lag": 2}
    contributions = transfer_entropy(X, Y, **options)
    spoiled = X.copy()
    spoiled[58:60] = (
        1e9  # The past of 60 and 61, if the boundary were crossed; of nothing in their own trial.
    )
    found = transfer_entropy(spoiled, Y, **options)
    np.testing.assert_array_equal(found, contributions)
    if pooled:
        return
    spoiled[60:] *= -1e9
    found = transfer_entropy(spoiled, Y, **options)
    np.testing.assert_array_equal(found[:60], contributions[:60])


def test_a_group_that_comes_back_starts_anew():
    groups = np.repeat([0, 1, 0], 50)
    contributions = transfer_entropy(X, Y, groups=groups, history=2, pointwise=True)
    assert [*np.flatnonzero(np.isnan(contributions))] == [0, 1, 50, 51, 100, 101]
    rows = np.concatenate([np.arange(2, 50), np.arange(102, 150)])
    past = np.column_stack([Y[rows - 1], Y[rows - 2]])
    expected = mutual_information(X[rows - 1], Y[rows], given=past, pointwise=True)
    np.testing.assert_array_equal(contributions[rows], expected)


def test_the_order_of_trials_changes_nothing():
    order = np.concatenate([np.arange(N)[piece] for piece in reversed(PIECES)])
    for pooled in False, True:
        expected = transfer_entropy(X, Y, groups=TRIALS, pooled=pooled)
        found = transfer_entropy(X[order], Y[order], groups=TRIALS[order], pooled=pooled)
        assert found == expected


@pytest.mark.parametrize("n_jobs", [2, -1])
def test_threads_change_nothing(n_jobs):
    for options in {}, {"groups": TRIALS}, {"lag": [1, 2]}:
        expected = transfer_entropy(X, Y, **options)
        np.testing.assert_array_equal(transfer_entropy(X, Y, n_jobs=n_jobs, **options), expected)


# ----------------------------------------------------------------------------------------------------------
# What is refused

REFUSED = [
    (
        {"lag": -1},
        ValueError,
        "lag must be at least 0 and below the number of samples, got -1 with 150 samples",
    ),
    (
        {"lag": [1, N]},
        ValueError,
        "lag must be at least 0 and below the number of samples, got 150 with 150 samples",
    ),
    ({"lag": True}, TypeError, "lag must be an integer, got bool"),
    (
        {"history": 0},
        ValueError,
        "history must be at least 1 and below the number of samples, got 0 with 150 samples",
    ),
    (
        {"history": 2**70},
        ValueError,
        f"history must be at least 1 and below the number of samples, got {2**70} with 150 samples",
    ),
    ({"source_history": 1.0}, TypeError, "source_history must be an integer, got float"),
    ({"given_history": "2"}, TypeError, "given_history must be an integer, got str"),
    ({"groups": TRIALS[1:]}, ValueError, "groups must be a vector of 150 labels, got shape (149,)"),
    ({"groups": [None] * N}, TypeError, None),
    (
        {"groups": np.arange(N)},
        ValueError,
        "no sample is left of 150: one needs all its values, also those at its lags, in its group and where "
        "mask is True",
    ),
    (
        {"groups": np.arange(N) // 3},
        ValueError,
        "k must be at least 1 and below the number of samples, got 3 with 2 samples in one of the groups: "
        "pooled=True counts them together",
    ),
    ({"mask": X > 9}, ValueError, None),
    (
        {"window": -1},
        ValueError,
        "window must be at least 0 and below the number of samples, got -1 with 150 samples",
    ),
    (
        {"window": 80},
        ValueError,
        "window must leave each sample at least 3 neighbors, got 80 with 149 samples",
    ),
    (
        {"window": 2, "estimator": KSG(kind=2)},
        ValueError,
        "KSG keeps a window in time for mutual information of continuous variables, by kind=1",
    ),
    ({"window": 2, "discrete": True}, ValueError, "PlugIn keeps no window in time, KSG does"),
    (
        {"discrete": (True, True, True, True)},
        TypeError,
        "discrete must be a bool, or one for each of source, target, given, got (True, True, True, True)",
    ),
    ({"estimator": KozachenkoLeonenko()}, ValueError, None),
    ({"given": X[1:]}, ValueError, "source and given must have the same length, got 150 and 149"),
]


@pytest.mark.parametrize(("options", "error", "message"), REFUSED)
def test_what_is_refused_and_why(options, error, message):
    with pytest.raises(error) as raised:
        transfer_entropy(X, Y, **options)
    assert message is None or str(raised.value) == message


def test_weights_are_of_the_samples_of_the_target():
    rng = np.random.default_rng(11)
    source, target = rng.integers(0, 2, (2, 300))
    weights = rng.integers(0, 3, 300)
    rows = np.repeat(np.arange(1, 300), weights[1:])
    repeated = mutual_information(source[rows - 1], target[rows], given=target[rows - 1])
    found = transfer_entropy(source, target, weights=weights)
    assert found == pytest.approx(repeated, rel=0, abs=1e-12)
    groups = np.arange(300) // 100
    parts = [
        transfer_entropy(*(column[groups == g] for column in (source, target)), weights=weights[groups == g])
        for g in range(3)
    ]
    shares = [weights[groups == g][1:].sum() for g in range(3)]
    found = transfer_entropy(source, target, weights=weights, groups=groups)
    assert found == pytest.approx(np.average(parts, weights=shares), rel=0, abs=1e-12)
    with pytest.raises(ValueError, match="takes no weights; PlugIn does for labels, Gaussian for numbers"):
        transfer_entropy(source * 1.0, target + rng.random(300), weights=weights)
