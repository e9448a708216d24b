"""Contrastive bounds: their formulas in fifty digits, their gradients, and information that is known."""

import inspect
import tracemalloc
from decimal import Decimal, getcontext

import numpy as np
import pytest

from mutua import bounds
from mutua.bounds import Embeddings

LN_2 = Decimal(2).ln()


def with_baseline(function, *args):
    return lambda scores, **options: function(scores, *args, **options)


def baseline_of(n):
    return np.linspace(-0.5, 0.5, n)


# ----------------------------------------------------------------------------------------------------------
# The formulas


def exact(scores):
    return [[Decimal(float(score)) if np.isfinite(score) else None for score in row] for row in scores]


def power(score):
    return Decimal(0) if score is None else score.exp()


def others(s):
    n = len(s)
    return [(i, j) for i in range(n) for j in range(n) if i != j]


def diagonal(s):
    return sum(s[i][i] for i in range(len(s))) / len(s)


def rows(s):
    n = len(s)
    return Decimal(n).ln() + sum(s[i][i] - sum(map(power, s[i])).ln() for i in range(n)) / n


def columns(s):
    return rows([list(column) for column in zip(*s, strict=True)])


def donsker_varadhan(s):
    pairs = others(s)
    return diagonal(s) - (sum(power(s[i][j]) for i, j in pairs) / len(pairs)).ln()


def tuba(s, baseline):
    b, pairs = [Decimal(float(value)) for value in baseline], others(s)
    mean = sum(power(s[i][j]) / b[j].exp() for i, j in pairs) / len(pairs)
    return 1 + diagonal(s) - sum(b) / len(b) - mean


def interpolated(s, alpha, baseline):
    n, alpha = len(s), Decimal(alpha)
    q = [Decimal(float(value)).exp() for value in baseline]

    powers = [list(map(power, row)) for row in s]

    def without(k, j):
        return sum(powers[m][j] for m in range(n) if m != k)

    def divisor(k, j):
        return alpha * without(k, j) / (n - 1) + (1 - alpha) * q[j]

    joint = sum(s[j][j] - divisor(k, j).ln() for k, j in others(s))
    marginal = sum(without(j, j) / divisor(j, j) for j in range(n))
    return 1 + (joint - marginal) / (n * (n - 1))


def softplus(score):
    return Decimal(0) if score is None else (1 + score.exp()).ln()


def jensen_shannon(s):
    pairs = others(s)
    marginal = sum(softplus(s[i][j]) for i, j in pairs) / len(pairs)
    return LN_2 - (sum(softplus(-s[i][i]) for i in range(len(s))) / len(s) + marginal) / 2


def smile(s, clip):
    clip, pairs = Decimal(clip), others(s)
    clipped = [-clip if s[i][j] is None else min(max(s[i][j], -clip), clip) for i, j in pairs]
    return diagonal(s) - (sum(map(power, clipped)) / len(pairs)).ln()


def leave_one_out(s):
    n = len(s)
    means = (sum(power(s[i][j]) for i in range(n) if i != j) / (n - 1) for j in range(n))
    return diagonal(s) - sum(mean.ln() for mean in means) / n


def club(s):
    pairs = others(s)
    return diagonal(s) - sum(s[i][j] for i, j in pairs) / len(pairs)


BOUNDS = {
    "info_nce": (bounds.info_nce, lambda s: (rows(s) + columns(s)) / 2),
    "info_nce rows": (lambda s, **o: bounds.info_nce(s, direction="rows", **o), rows),
    "info_nce columns": (lambda s, **o: bounds.info_nce(s, direction="columns", **o), columns),
    "donsker_varadhan": (bounds.donsker_varadhan, donsker_varadhan),
    "nwj": (bounds.nwj, lambda s: tuba(s, [1] * len(s))),
    "tuba": (lambda s, **o: bounds.tuba(s, baseline_of(len(s)), **o), lambda s: tuba(s, baseline_of(len(s)))),
    **{
        f"interpolated {alpha}": (
            lambda s, alpha=alpha, **o: bounds.interpolated(s, alpha, baseline_of(len(s)), **o),
            lambda s, alpha=alpha: interpolated(s, alpha, baseline_of(len(s))),
        )
        for alpha in (0, 0.3, 1)
    },
    "jensen_shannon": (bounds.jensen_shannon, jensen_shannon),
    "smile": (lambda s, **o: bounds.smile(s, clip=2, **o), lambda s: smile(s, 2)),
    "leave_one_out": (bounds.leave_one_out, leave_one_out),
    "club": (bounds.club, club),
}
SUMMED = [name for name in BOUNDS if name != "club"]  # where minus infinity adds nothing


def matrix(n, scale, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    return (scale * (rng.standard_normal((n, n)) + np.eye(n))).astype(dtype)


@pytest.fixture(autouse=True)
def _fifty_digits():
    getcontext().prec = 50
    yield
    getcontext().prec = 28


def assert_exact(name, scores, tolerance):
    function, formula = BOUNDS[name]
    value, expected = function(scores).value, formula(exact(scores))
    assert abs(value - float(expected)) <= tolerance * max(1, abs(float(expected)))


@pytest.mark.parametrize("scale", [0.0, 0.3, 3.0, 100.0, 1e4])
@pytest.mark.parametrize("n", [2, 3, 18])
@pytest.mark.parametrize("name", BOUNDS)
def test_value_is_that_of_the_formula(name, n, scale):
    if name in ("nwj", "tuba", "interpolated 0") and scale > 100:
        pytest.skip("its exponentials are beyond all floats")
    assert_exact(name, matrix(n, scale), 1e-12)


@pytest.mark.parametrize("scale", [0.3, 3.0, 60.0, 1e4])
@pytest.mark.parametrize("name", BOUNDS)
def test_value_in_single_precision(name, scale):
    if name in ("nwj", "tuba", "interpolated 0") and scale > 3:
        pytest.skip("its exponentials are beyond all floats")
    assert_exact(name, matrix(18, scale, np.float32), 1e-6)


@pytest.mark.parametrize("level", [1e4, -1e4])
@pytest.mark.parametrize("name", ["info_nce", "donsker_varadhan", "leave_one_out", "club", "interpolated 1"])
def test_a_common_level_takes_no_digits(name, level):
    assert_exact(name, np.round(matrix(17, 3.0), 6) + level, 1e-12)


@pytest.mark.parametrize("name", SUMMED)
def test_pairs_that_are_ruled_out_add_nothing(name):
    scores = matrix(19, 2.0)
    rng = np.random.default_rng(1)
    scores[(rng.random(scores.shape) < 0.3) & ~np.eye(19, dtype=bool)] = -np.inf
    assert_exact(name, scores, 1e-12)


@pytest.mark.parametrize("name", BOUNDS)
def test_a_pair_that_occurs_but_is_ruled_out(name):
    scores = matrix(19, 2.0)
    scores[4, 4] = -np.inf
    bound = BOUNDS[name][0](scores)
    assert bound.value == -np.inf
    assert np.isnan(bound.standard_error)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-6)])
@pytest.mark.parametrize("alpha", [0.3, 1])
def test_one_score_that_is_nearly_all_of_its_column(alpha, dtype, tolerance):
    """What is left without it must not be a difference."""
    scores = matrix(19, 2.0, dtype)
    scores[3, 5], scores[5, 5], scores[7, 1], scores[11, 11] = 40.0, 41.0, 200.0, 300.0
    function, formula = BOUNDS[f"interpolated {alpha}"]
    value, expected = function(scores).value, float(formula(exact(scores)))
    assert abs(value - expected) <= tolerance * abs(expected)
    slopes = function(scores, gradient=True).gradient[:, [5, 1]]
    step, nearby = Decimal("1e-12"), exact(scores)
    for (i, k), slope in np.ndenumerate(slopes):
        j = (5, 1)[k]
        nearby[i][j] += step
        expected = (formula(nearby) - formula(exact(scores))) / step
        nearby[i][j] -= step
        assert abs(slope - float(expected)) <= 10 * tolerance


@pytest.mark.parametrize("name", ["interpolated 0.3", "interpolated 1", "jensen_shannon", "club"])
def test_single_precision_beyond_its_exponents(name):
    scores = matrix(18, 3.0, np.float32)
    scores[2, 3], scores[9, 4], scores[4, 4], scores[7, 7] = 3e4, -1e6, 2e6, -1e5
    assert_exact(name, scores, 1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n", [1023, 1025, 2050])
def test_many_scores_that_say_nothing(n, dtype):
    scores = np.zeros((n, n), dtype)
    assert bounds.jensen_shannon(scores).value == pytest.approx(0, abs=1e-12)
    assert bounds.club(scores).value == 0
    assert bounds.interpolated(scores, 0.5).value == pytest.approx(0, abs=1e-7)


def test_nothing_is_left_to_compare_with():
    scores = np.full((4, 4), -np.inf)
    np.fill_diagonal(scores, 1.0)
    assert bounds.info_nce(scores).value == np.log(4)
    assert bounds.donsker_varadhan(scores).value == np.inf
    assert bounds.leave_one_out(scores).value == np.inf
    assert bounds.club(scores).value == np.inf
    assert bounds.tuba(scores).value == 2.0


# ----------------------------------------------------------------------------------------------------------
# Gradients


def differences(function, values, step=1e-5):
    slopes = np.empty(values.shape)
    for place in np.ndindex(values.shape):
        above, below = values.copy(), values.copy()
        above[place] += step
        below[place] -= step
        slopes[place] = (float(function(above)) - float(function(below))) / (2 * step)
    return slopes


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", BOUNDS)
def test_gradient_is_that_of_the_value(name, dtype):
    function, scores = BOUNDS[name][0], matrix(9, 1.5)
    gradient = function(scores.astype(dtype), gradient=True).gradient
    assert gradient.dtype == dtype
    np.testing.assert_allclose(
        gradient, differences(function, scores), atol=1e-9 if dtype == np.float64 else 1e-6
    )


@pytest.mark.parametrize("name", SUMMED)
def test_gradient_of_a_pair_that_is_ruled_out(name):
    scores = matrix(7, 1.0)
    scores[2, 5] = -np.inf
    gradient = BOUNDS[name][0](scores, gradient=True).gradient
    assert np.isfinite(gradient).all()
    assert gradient[2, 5] == 0


@pytest.mark.parametrize("name", ["info_nce", "donsker_varadhan", "jensen_shannon", "interpolated 0.3"])
def test_gradient_of_embeddings(name):
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal((2, 8, 3))
    function = BOUNDS[name][0]

    def at(x=x, y=y, temperature=0.7):
        scores = x @ y.T / temperature
        return function(scores)

    bound = (
        function(Embeddings(x, y, 0.7), gradient=True)
        if "inter" not in name
        else bounds.interpolated(Embeddings(x, y, 0.7), 0.3, baseline_of(8), gradient=True)
    )
    assert bound.value == pytest.approx(float(at()), abs=1e-13)
    gradient = bound.gradient
    np.testing.assert_allclose(gradient.x, differences(lambda x: at(x=x), x), atol=1e-8)
    np.testing.assert_allclose(gradient.y, differences(lambda y: at(y=y), y), atol=1e-8)
    slope = differences(lambda t: at(temperature=t.item()), np.array(0.7))
    assert gradient.temperature == pytest.approx(float(slope), abs=1e-7)


# ----------------------------------------------------------------------------------------------------------
# What is known


def gaussian_scores(information, dimensions, n, seed):
    """``ln p(y | x)`` of pairs that share so much in all dimensions together, and ``ln p(y)``."""
    rng = np.random.default_rng(seed)
    square = -np.expm1(-2 * information / dimensions)
    x, noise = rng.standard_normal((2, n, dimensions))
    y = np.sqrt(square) * x + np.sqrt(1 - square) * noise
    normal = dimensions * np.log(2 * np.pi) / 2
    distance = ((y - np.sqrt(square) * x[:, None]) ** 2).sum(axis=2)
    density = -distance / (2 * (1 - square)) - dimensions * np.log(1 - square) / 2 - normal
    return density, -(y**2).sum(axis=1) / 2 - normal


OPTIMAL = {
    "info_nce": lambda density, marginal: bounds.info_nce(density - marginal),
    "donsker_varadhan": lambda density, marginal: bounds.donsker_varadhan(density - marginal),
    "nwj": lambda density, marginal: bounds.nwj(density - marginal + 1),
    "tuba": lambda density, marginal: bounds.tuba(density, marginal),
    "interpolated": lambda density, marginal: bounds.interpolated(density, 0.4, marginal),
    "jensen_shannon": lambda density, marginal: bounds.jensen_shannon(density - marginal),
    "leave_one_out": lambda density, marginal: bounds.leave_one_out(density),
    "club": lambda density, marginal: bounds.club(density),
}


@pytest.mark.parametrize("information", [0.0, 0.2, 1.0, 2.5])
@pytest.mark.parametrize("dimensions", [1, 10])
@pytest.mark.parametrize("name", OPTIMAL)
def test_bounds_are_on_their_side_of_the_truth(name, dimensions, information):
    for seed in range(5):
        bound = OPTIMAL[name](*gaussian_scores(information, dimensions, 256, seed))
        slack = 3 * bound.standard_error + 1e-12
        if bound.kind == "lower bound":
            assert bound.value <= information + slack
        else:
            assert bound.kind == "upper bound"
            assert bound.value >= information - slack


@pytest.mark.parametrize("name", OPTIMAL)
def test_standard_error_is_the_spread_over_samples(name):
    found = [OPTIMAL[name](*gaussian_scores(1.0, 2, 80, seed)) for seed in range(150)]
    spread = np.std([bound.value for bound in found])
    assert np.mean([bound.standard_error for bound in found]) == pytest.approx(spread, rel=0.2)


def test_club_of_normal_samples():
    found = [float(bounds.club(gaussian_scores(1.0, 1, 400, seed)[0])) for seed in range(40)]
    assert np.mean(found) == pytest.approx(np.expm1(2), abs=4 * np.std(found) / 40**0.5)


def test_nearer_from_both_sides_with_more_pairs():
    gaps = []
    for n in (64, 512):
        scores = [gaussian_scores(2.0, 1, n, seed)[0] for seed in range(20)]
        lower = np.mean([float(bounds.info_nce(s, direction="columns")) for s in scores])
        upper = np.mean([float(bounds.leave_one_out(s)) for s in scores])
        assert lower < upper
        gaps.append(upper - lower)
    assert gaps[1] < gaps[0] / 2


def test_ceiling_and_warning():
    few, many = (bounds.info_nce(gaussian_scores(3.0, 5, n, 0)[0], direction="columns") for n in (32, 2000))
    assert few.saturated
    assert few.ceiling == np.log(32)
    assert few.value <= few.ceiling
    assert "take more pairs" in few.warning
    assert "take more pairs" in repr(few)
    assert not many.saturated
    assert many.warning is None
    certain = 1e4 * (2 * np.eye(50) - 1)
    assert bounds.info_nce(certain).value == pytest.approx(np.log(50), abs=1e-15)
    assert bounds.donsker_varadhan(certain).saturated
    assert bounds.jensen_shannon(certain).value == np.log(2)
    assert bounds.interpolated(certain, 0.1).ceiling == np.log(49 / 0.1)
    assert bounds.club(certain).ceiling == np.inf


def test_base():
    scores = matrix(12, 2.0)
    for name, (function, _) in BOUNDS.items():
        nats, bits = function(scores, gradient=True), function(scores, gradient=True, base=2)
        for attribute in ("value", "standard_error", "ceiling", "gradient"):
            ratio = np.divide(getattr(nats, attribute), np.log(2))
            np.testing.assert_allclose(getattr(bits, attribute), ratio, rtol=1e-13, err_msg=name)


# ----------------------------------------------------------------------------------------------------------
# Where scores come from


@pytest.mark.parametrize("name", BOUNDS)
def test_blocks_are_the_matrix(name):
    function, scores = BOUNDS[name][0], matrix(37, 2.0)
    if name.startswith(("tuba", "interpolated")):
        function = bounds.tuba if name == "tuba" else with_baseline(bounds.interpolated, 0.3)
    whole = function(scores, gradient=True)
    blocks = [scores[:5], scores[5:6], scores[6:30], scores[30:]]
    parts = function(blocks, gradient=True)
    assert parts.value == pytest.approx(whole.value, abs=1e-13)
    assert parts.standard_error == pytest.approx(whole.standard_error, abs=1e-13)
    np.testing.assert_allclose(np.concatenate(list(parts.gradient)), whole.gradient, atol=1e-15)
    if not name.startswith("interpolated"):
        once = function(block for block in blocks)
        assert once.value == parts.value
    with pytest.raises(ValueError, match="read"):
        function(iter(blocks), gradient=True)


@pytest.mark.parametrize("order", ["transposed", "strided", "list", "integers", "half"])
def test_matrices_of_any_kind(order):
    scores = np.round(matrix(21, 3.0))
    given = {
        "transposed": np.asfortranarray(scores),
        "strided": np.repeat(np.repeat(scores, 2, axis=0), 3, axis=1)[::2, ::3],
        "list": scores.tolist(),
        "integers": scores.astype(np.int16),
        "half": scores.astype(np.float16),
    }[order]
    bound = bounds.info_nce(given, gradient=True)
    assert bound.value == pytest.approx(bounds.info_nce(scores).value, abs=1e-6 if order == "half" else 0)
    assert bound.gradient.dtype == (np.float32 if order == "half" else np.float64)


def test_nothing_is_written_to():
    scores = matrix(30, 2.0, np.float32)
    scores.setflags(write=False)
    for name, (function, _) in BOUNDS.items():
        before = scores.copy()
        function(scores, gradient=True)
        np.testing.assert_array_equal(scores, before, err_msg=name)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_any_number_of_threads_gives_the_same_bits(dtype):
    scores = matrix(1500, 3.0, dtype)
    functions = [bounds.info_nce, bounds.donsker_varadhan, bounds.tuba, bounds.jensen_shannon, bounds.club]
    for function in (*functions, with_baseline(bounds.interpolated, 0.3)):
        one, two = (function(scores, gradient=True, n_jobs=n_jobs) for n_jobs in (1, 2))
        assert (one.value, one.standard_error) == (two.value, two.standard_error)
        np.testing.assert_array_equal(one.gradient, two.gradient)


def test_embeddings_take_the_memory_of_embeddings():
    n, dimensions = 12_000, 8
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, dimensions)).astype(np.float32)
    embeddings = Embeddings(x, x + 0.3 * rng.standard_normal((n, dimensions)).astype(np.float32))
    tracemalloc.start()
    bounds.info_nce(embeddings)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 45 << 20  # The scores would take 576 MB.


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e10, -1e10])
@pytest.mark.parametrize("name", BOUNDS)
def test_what_is_no_score_is_named(name, bad):
    scores = matrix(5, 1.0)
    scores[3, 1] = bad
    with pytest.raises(ValueError, match=r"scores must lie .* row 3, column 1"):
        BOUNDS[name][0](scores)


@pytest.mark.parametrize(
    ("scores", "error", "message"),
    [
        (np.zeros((3, 4)), ValueError, "square"),
        (np.zeros(4), ValueError, "square"),
        (np.zeros((1, 1)), ValueError, "at least 2 pairs"),
        (np.zeros((0, 0)), ValueError, "at least 2 pairs"),
        ([np.zeros((2, 4))], ValueError, "add up to 4 rows"),
        ([np.zeros((2, 4)), np.zeros((2, 3))], ValueError, "rows of one square matrix"),
        ([np.zeros((3, 4)), np.zeros((3, 4))], ValueError, "rows of one square matrix"),
        (iter([]), ValueError, "at least one block"),
        (np.zeros((3, 3), dtype=complex), TypeError, "numbers"),
        ("abc", TypeError, "numbers"),
        (None, TypeError, "numbers"),
    ],
)
def test_scores_that_are_refused(scores, error, message):
    with pytest.raises(error, match=message):
        bounds.info_nce(scores)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda s: bounds.info_nce(s, direction="up"), ValueError, "direction"),
        (lambda s: bounds.info_nce(s, base=1), ValueError, "base"),
        (lambda s: bounds.info_nce(s, n_jobs=0), ValueError, "n_jobs"),
        (lambda s: bounds.smile(s, clip=0), ValueError, "clip"),
        (lambda s: bounds.smile(s, clip="5"), TypeError, "clip"),
        (lambda s: bounds.interpolated(s, 1.5), ValueError, "alpha"),
        (lambda s: bounds.interpolated(s, None), TypeError, "alpha"),
        (lambda s: bounds.interpolated(s, np.nan), ValueError, "alpha"),
        (lambda s: bounds.tuba(s, [1, 2]), ValueError, "log_baseline"),
        (lambda s: bounds.tuba(s, np.inf), ValueError, "log_baseline"),
        (lambda s: bounds.tuba(s, "a"), TypeError, "log_baseline"),
        (lambda s: Embeddings(s, s[:2]), ValueError, "same shape"),
        (lambda s: Embeddings(s, s, temperature=0), ValueError, "temperature"),
        (lambda s: Embeddings(s, s, temperature="1"), TypeError, "temperature"),
    ],
)
def test_parameters_that_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call(matrix(4, 1.0))


def test_every_bound_takes_the_same_options():
    for name in set(bounds.__all__) - {"Bound", "Embeddings", "EmbeddingGradient"}:
        assert {"gradient", "base", "n_jobs"} <= set(inspect.signature(getattr(bounds, name)).parameters)
