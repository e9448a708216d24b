"""`mutual_information` and `entropy`: what they accept, choose, return and refuse."""

import math

import numpy as np
import pytest

import mutua
import mutua.reference
from mutua import (
    KSG,
    AtomSplit,
    KozachenkoLeonenko,
    Mixture,
    PlugIn,
    Ross,
    entropy,
    mutual_information,
)

SAME = 1e-12  # nats: the same numbers, added in another order

RNG = np.random.default_rng(0)
N = 120
X, Y, Z = RNG.normal(size=(3, N))
PLANE, OTHER = RNG.normal(size=(2, N, 2))
CODES, CLASSES = RNG.integers(0, 4, N), RNG.integers(0, 3, N)
ATOMS = np.round(X, 1)

CALLS = {
    "scalars": lambda **o: mutual_information(X, X + Y, **o),
    "vectors": lambda **o: mutual_information(PLANE, OTHER + PLANE, **o),
    "a scalar and a vector": lambda **o: mutual_information(X, PLANE, **o),
    "atoms": lambda **o: mutual_information(ATOMS, Y, **o),
    "atoms everywhere": lambda **o: mutual_information(CODES * 1.0, CLASSES * 1.0, **o),
    "given": lambda **o: mutual_information(X, X + Y, given=PLANE, **o),
    "labels": lambda **o: mutual_information(CODES, CLASSES, **o),
    "a scalar and labels": lambda **o: mutual_information(X, CODES, **o),
    "labels and a vector": lambda **o: mutual_information(CLASSES, PLANE, **o),
    "second": lambda **o: mutual_information(X, PLANE, estimator=KSG(kind=2), **o),
    "Euclidean": lambda **o: mutual_information(X, PLANE, estimator=KSG(norm="euclidean"), **o),
    "ranks": lambda **o: mutual_information(X, PLANE, estimator=KSG(k=0.1, transform="ranks"), **o),
    "ranks of scalars": lambda **o: mutual_information(X, Y, estimator=KSG(k=9, transform="ranks"), **o),
    "Mixture": lambda **o: mutual_information(CODES, Y, estimator=Mixture(), **o),
    "entropy": lambda **o: entropy(X, **o),
    "entropy of vectors": lambda **o: entropy(PLANE, estimator=KozachenkoLeonenko(norm="euclidean"), **o),
    "entropy of labels": lambda **o: entropy(CODES, **o),
    "entropy of pairs of labels": lambda **o: entropy(np.column_stack([CODES, CLASSES]), **o),
}


@pytest.mark.parametrize("name", CALLS)
def test_contributions_have_the_estimate_as_mean(name):
    estimate, contributions = CALLS[name](), CALLS[name](pointwise=True)
    assert type(estimate) is float
    assert contributions.shape == (N,)
    assert contributions.dtype == np.float64
    assert np.mean(contributions) == pytest.approx(estimate, abs=SAME)


@pytest.mark.parametrize("name", CALLS)
def test_the_base_is_applied_at_the_end(name):
    assert CALLS[name](base=2) == CALLS[name]() / math.log(2)
    np.testing.assert_array_equal(
        CALLS[name](base=10, pointwise=True), CALLS[name](pointwise=True) / np.log(10)
    )


@pytest.mark.parametrize("n_jobs", [2, 3, -1])
@pytest.mark.parametrize("name", CALLS)
def test_threads_change_nothing(name, n_jobs):
    assert CALLS[name](n_jobs=n_jobs) == CALLS[name](n_jobs=1)
    np.testing.assert_array_equal(CALLS[name](n_jobs=n_jobs, pointwise=True), CALLS[name](pointwise=True))


PAIRS = {
    "scalars": (X, Y),
    "vectors": (PLANE, OTHER),
    "a scalar and a vector": (X, PLANE),
    "atoms": (ATOMS, PLANE),
    "labels": (CODES, CLASSES),
    "mixed": (X, CODES),
    "mixed, vector": (PLANE, CODES),
}


@pytest.mark.parametrize("name", PAIRS)
def test_information_is_mutual(name):
    x, y = PAIRS[name]
    assert mutual_information(x, y) == pytest.approx(mutual_information(y, x), abs=SAME)
    if x.dtype == y.dtype == float:
        for estimator in KSG(kind=2), KSG(norm="euclidean"), Mixture():
            one, other = (mutual_information(*pair, estimator=estimator) for pair in ((x, y), (y, x)))
            assert one == pytest.approx(other, abs=SAME)
        expected = mutual_information(x, y, given=Z)
        assert mutual_information(y, x, given=Z) == pytest.approx(expected, abs=SAME)


def test_the_order_of_samples_changes_nothing():
    order = RNG.permutation(N)
    for x, y in PAIRS.values():
        assert mutual_information(x[order], y[order]) == mutual_information(x, y)
        shuffled = mutual_information(x[order], y[order], pointwise=True)
        np.testing.assert_array_equal(shuffled, mutual_information(x, y, pointwise=True)[order])


# ----------------------------------------------------------------------------------------------------------
# What is chosen

WORDS = np.array(["one", "two", "three", "four"])[CODES]

CHOICES = [
    (X, Y, None, KSG()),
    (PLANE, Y, None, KSG()),
    (ATOMS, Y, None, Mixture()),
    (Y, ATOMS, None, Mixture()),
    (PLANE[np.arange(N) // 2], OTHER, None, Mixture()),
    (X.astype(np.float32), Y, None, KSG()),
    (CODES, CLASSES, None, PlugIn()),
    (CODES > 1, WORDS, None, PlugIn()),
    (CODES.astype(np.uint8), CLASSES.tolist(), None, PlugIn()),
    (X, CODES, None, Ross()),
    (WORDS, PLANE, None, Ross()),
    (CODES, X, (False, None), AtomSplit()),
    (np.maximum(X, 0), Y, None, AtomSplit()),
    (CODES * 1.0, CLASSES * 1.0, True, PlugIn()),
    (CODES * 1.0, Y, (True, False), Ross()),
]


@pytest.mark.parametrize(("x", "y", "discrete", "estimator"), CHOICES, ids=lambda value: type(value).__name__)
def test_the_data_choose_the_estimator(x, y, discrete, estimator):
    chosen = mutual_information(x, y, discrete=discrete)
    assert chosen == mutual_information(x, y, discrete=discrete, estimator=estimator)
    chosen = mutual_information(x, y, discrete=discrete, pointwise=True)
    expected = mutual_information(x, y, discrete=discrete, estimator=estimator, pointwise=True)
    np.testing.assert_array_equal(chosen, expected)


def test_values_that_repeat_in_part_of_a_vector_are_no_atoms():
    points = np.column_stack([ATOMS, Z])
    assert mutual_information(points, Y) == mutual_information(points, Y, estimator=KSG())
    assert mutual_information(points, Y) != mutual_information(points, Y, estimator=Mixture())


def test_what_is_given_chooses_the_estimator_of_frenzel_and_pompe():
    expected = mutual_information(X, Y, given=Z, estimator=KSG(k=3))
    assert mutual_information(X, Y, given=Z) == mutual_information(X, Y, given=Z[:, None]) == expected


def test_several_discrete_columns_are_joint_labels():
    pair = np.column_stack([CODES, CLASSES])
    joint = CODES * 3 + CLASSES
    assert mutual_information(pair, WORDS) == mutual_information(joint, CODES)
    assert mutual_information(pair, X) == mutual_information(joint, X)
    assert entropy(pair) == entropy(joint) == pytest.approx(entropy(joint * 1000 - 17))
    assert mutual_information(pair[:, ::-1].astype(str), CODES) == mutual_information(joint, CODES)
    wide = RNG.integers(-(2**62), 2**62, (N, 3))[CODES]
    assert entropy(wide) == entropy(CODES)


def test_plug_in_is_the_drop_in():
    assert mutual_information(CODES, CLASSES) == mutua.metrics.mutual_info_score(CODES, CLASSES)
    assert entropy(CODES) == mutual_information(CODES, CODES)


def test_a_label_that_occurs_once_is_left_out():
    codes = CODES.copy()
    codes[7] = 99
    contributions = mutual_information(X, codes, pointwise=True)
    assert [*np.flatnonzero(np.isnan(contributions))] == [7]
    kept = np.arange(N) != 7
    estimate = mutual_information(X, codes)
    assert np.nanmean(contributions) == pytest.approx(estimate, abs=SAME)
    assert mutual_information(X[kept], codes[kept]) == estimate


# ----------------------------------------------------------------------------------------------------------
# What is accepted


def read_only(values):
    values = values.copy()
    values.flags.writeable = False
    return values


def misaligned(values):
    view = np.zeros(values.nbytes + 1, dtype=np.uint8)[1:].view(values.dtype).reshape(values.shape)
    view[...] = values
    return view


LAYOUTS = {
    "read-only": read_only,
    "strided": lambda values: np.repeat(values, 3, axis=0)[::3],
    "reversed": lambda values: values[::-1].copy()[::-1],
    "Fortran": np.asfortranarray,
    "misaligned": misaligned,
    "big-endian": lambda values: values.astype(">f8"),
    "long double": lambda values: values.astype(np.longdouble),
    "list": lambda values: values.tolist(),
    "tuple": lambda values: tuple(values.tolist()),
    "objects": lambda values: values.astype(object),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("values", [X, PLANE], ids=["vector", "matrix"])
def test_the_layout_changes_nothing(values, layout):
    changed = LAYOUTS[layout](values)
    discrete = False if layout == "objects" else None
    assert mutual_information(changed, Y, discrete=discrete) == mutual_information(values, Y)
    assert mutual_information(Y, changed, discrete=discrete) == mutual_information(Y, values)
    assert mutual_information(Y, X, given=changed, discrete=discrete) == mutual_information(
        Y, X, given=values
    )
    if layout != "objects":
        assert entropy(changed) == entropy(values)


def test_narrow_numbers_are_widened_first():
    for dtype in (np.float16, np.float32):
        narrow = X.astype(dtype)
        assert mutual_information(narrow, Y) == mutual_information(narrow.astype(float), Y)
    assert mutual_information(CODES, Y, discrete=False) == mutual_information(CODES.astype(float), Y)


def test_frames():
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    for frame in pd.DataFrame(PLANE), pl.DataFrame(PLANE):
        assert mutual_information(frame, Y) == mutual_information(PLANE, Y)
        assert entropy(frame) == entropy(PLANE)
    for series in (
        pd.Series(CODES),
        pd.Series(WORDS),
        pd.Series(WORDS, dtype="category"),
        pd.Categorical(CODES / 10),
        pd.Series(CODES, dtype="Int64"),
        pl.Series(CODES),
        pl.Series(WORDS),
        pl.Series(WORDS, dtype=pl.Categorical),
    ):
        assert mutual_information(series, X) == mutual_information(CODES, X)
    assert mutual_information(pd.Series(X, dtype="Float64"), Y) == mutual_information(X, Y)


def test_inputs_are_not_written():
    x, y, z, codes = X.copy(), PLANE.copy(), Z.copy(), CODES.copy()
    mutual_information(x, y, given=z, estimator=KSG(transform="ranks"))
    mutual_information(y, codes)
    entropy(y)
    for after, before in (x, X), (y, PLANE), (z, Z), (codes, CODES):
        np.testing.assert_array_equal(after, before)


SHORT = [
    (X, Y, {"estimator": KSG(k=5)}),
    (X, Y, {"estimator": KSG(k=5), "n_jobs": 1}),
    (X, Y, {"estimator": KSG(k=5), "n_jobs": True}),
    (X, Y, {"estimator": KSG(k=5), "n_jobs": 0}),
    (X, Y, {"estimator": KSG(kind=2)}),
    (X, Y, {"estimator": KSG(transform="ranks")}),
    (X, Y, {"estimator": KSG(k=[1, 2])}),
    (X, Y, {"estimator": KSG(k=0.1), "base": 2}),
    (X, Y, {"estimator": KSG}),
    (X.round(1), Y.round(1), {"estimator": KSG(norm="euclidean")}),
    (X[:3], Y[:3], {"estimator": KSG()}),
    (X[:0], Y[:0], {"estimator": KSG()}),
    (X[:9], Y[:8], {"estimator": KSG()}),
    (np.append(X[:9], np.nan), Y[:10], {"estimator": KSG()}),
    (X[:9], np.append(Y[:8], np.inf), {"estimator": KSG()}),
    (X[:9] * 1e308, Y[:9], {"estimator": KSG()}),
    (X, Y, {"given": Z, "estimator": KSG(k=5)}),
    (X, Y, {"given": Z, "estimator": KSG(k=40, transform="ranks"), "n_jobs": 1}),
    (X.round(1), Y, {"given": Z.round(), "estimator": KSG(transform="ranks", norm="euclidean")}),
    (X, Y, {"given": (Z, CODES), "estimator": KSG()}),
    (X, Y, {"given": CODES, "estimator": KSG()}),
    (X, Y, {"given": Z[:, None], "estimator": KSG()}),
    (X, Y, {"given": Z, "estimator": KSG(kind=2)}),
    (X, Y, {"given": Z, "estimator": Mixture()}),
    (X, Y, {"given": Z}),
    (X[:3], Y[:3], {"given": Z[:3], "estimator": KSG()}),
    (X[:9], Y[:9], {"given": Z[:8], "estimator": KSG()}),
    (X[:9], Y[:8], {"given": Z[:8], "estimator": KSG()}),
    (X[:9], Y[:9], {"given": Z[:0], "estimator": KSG()}),
    (X[:9], Y[:9], {"given": np.append(Z[:8], np.nan), "estimator": KSG(transform="ranks")}),
    (X[:9], Y[:9], {"given": "z", "estimator": KSG()}),
]


def answer(*args, **options):
    try:
        return str(mutual_information(*args, **options))
    except (TypeError, ValueError) as error:
        return type(error), str(error)


@pytest.mark.parametrize(("x", "y", "options"), SHORT)
def test_short_arrays_take_the_short_way_to_the_same_answer(x, y, options):
    assert answer(x, y, **options) == answer(list(x), list(y), **options)


@pytest.mark.parametrize(
    ("x", "options"),
    [
        (X, {}),
        (X, {"base": 2, "estimator": KozachenkoLeonenko(k=[1, 5, 40])}),
        (X, {"pointwise": True}),
        (X.round(1), {}),
        (X[:4], {}),
        (X[:3], {}),
        (X[:0], {}),
        (PLANE, {"estimator": KozachenkoLeonenko(norm="euclidean")}),
        (np.append(X, np.nan), {}),
        (np.append(X, -np.inf), {"estimator": mutua.Gaussian()}),
        (X * 5e307, {}),
        (X, {"n_jobs": 0}),
        (X, {"estimator": "KSG"}),
    ],
)
def test_plain_arrays_take_the_short_way_to_the_same_entropy(x, options):
    def answer(x):
        try:
            return str(entropy(x, **options))
        except (TypeError, ValueError) as error:
            return type(error), str(error)

    assert answer(x) == answer(x.tolist()) == answer(x[:, None] if x.ndim == 1 and x.size else x.copy())


def test_who_extends_an_estimator_is_asked():
    class Constant(KSG):
        def _estimate(self, *args):
            return 5.0

    assert mutual_information(X, Y, estimator=Constant()) == 5.0


@pytest.mark.parametrize("k", [1, 3])
def test_all_equal(k):
    """A law of one point: nothing to tell. The strict counts of KSG see the opposite: nothing is nearer."""
    x = np.full(50, 0.3)
    assert mutual_information(x, x, estimator=Mixture(k=k)) == pytest.approx(
        math.log(50) - _psi(50), abs=SAME
    )
    assert mutual_information(x, x) == pytest.approx(mutual_information(x, x, estimator=Mixture()), abs=SAME)
    assert mutual_information(x, x, estimator=KSG(k=k)) == pytest.approx(
        _psi(50) + _psi(k) - 2 * _psi(1), abs=SAME
    )
    assert entropy(x) == -math.inf


def _psi(m):
    return float(mutua.reference.digamma(np.array(m)))


@pytest.mark.parametrize("n", range(6))
def test_few_samples(n):
    x, y = X[:n], Y[:n]
    for k in range(1, 8):
        if 1 <= k < n:
            assert math.isfinite(mutual_information(x, y, estimator=KSG(k=k)))
            assert math.isfinite(entropy(x, estimator=KozachenkoLeonenko(k=k)))
        else:
            for call in (
                lambda k=k: mutual_information(x, y, estimator=KSG(k=k)),
                lambda k=k: entropy(x, estimator=KozachenkoLeonenko(k=k)),
            ):
                with pytest.raises(ValueError, match="must"):
                    call()


# ----------------------------------------------------------------------------------------------------------
# What is refused


def spoiled(values, value):
    values = values.copy()
    values[5] = value
    return values


REFUSED = [
    (lambda: mutual_information(spoiled(X, np.nan), Y), ValueError, "x must be finite, got NaN in row 5"),
    (lambda: mutual_information(X, spoiled(Y, np.inf)), ValueError, "y must be finite, got inf in row 5"),
    (
        lambda: mutual_information(X, PLANE, given=spoiled(PLANE, -np.inf)),
        ValueError,
        "given must be finite, got -inf in row 5, column 0",
    ),
    (lambda: mutual_information(CODES, spoiled(Y, np.nan)), ValueError, "y must be finite, got NaN in row 5"),
    (lambda: entropy(spoiled(X, np.nan)), ValueError, "x must be finite, got NaN in row 5"),
    (
        lambda: mutual_information(spoiled(X, np.nan), Y, discrete=True),
        ValueError,
        "x must not have missing values, got one in row 5",
    ),
    (lambda: mutual_information(X, Y[:5]), ValueError, "x and y must have the same length, got 120 and 5"),
    (
        lambda: mutual_information(CODES, CLASSES[:5]),
        ValueError,
        "x and y must have the same length, got 120 and 5",
    ),
    (
        lambda: mutual_information(X, Y, given=Z[:5]),
        ValueError,
        "x and given must have the same length, got 120 and 5",
    ),
    (
        lambda: mutual_information(X[:3], Y[:3]),
        ValueError,
        "k must be at least 1 and below the number of samples, got 3 with 3 samples",
    ),
    (
        lambda: mutual_information(X, Y, estimator=KSG(k=[3, 120])),
        ValueError,
        "k must be at least 1 and below the number of samples, got 120 with 120 samples",
    ),
    (lambda: mutual_information([], [], discrete=True), ValueError, "x must have at least one sample"),
    (
        lambda: mutual_information(X, N * [[]]),
        ValueError,
        "y must be a vector, or a matrix with at least one column, got shape (120, 0)",
    ),
    (
        lambda: entropy(3.0),
        ValueError,
        "x must be a vector, or a matrix with at least one column, got shape ()",
    ),
    (lambda: entropy(X * 1j), TypeError, "x must hold numbers or labels, got complex128"),
    (
        lambda: entropy(CODES.astype("M8[D]")),
        TypeError,
        "x must hold numbers or labels, got datetime64[D]; discrete=True makes points in time labels",
    ),
    (
        lambda: entropy(np.ma.masked_less(X, 0)),
        ValueError,
        f"x must not have missing values, got one in row {np.argmax(X < 0)}",
    ),
    (
        lambda: entropy(X.astype(object)),
        TypeError,
        "x holds objects, some of them floats: convert it, or say what is discrete",
    ),
    (
        lambda: mutual_information(WORDS, Y, discrete=False),
        TypeError,
        "x must hold numbers to be continuous, got text",
    ),
    (
        lambda: mutual_information(X, Y, discrete="x"),
        TypeError,
        "discrete must be a bool, or one for each of x, y, given, got 'x'",
    ),
    (
        lambda: mutual_information(X, Y, estimator=KSG),
        TypeError,
        "estimator must be an estimator like KSG(k=3), got KSG, a class",
    ),
    (
        lambda: entropy(X, estimator="knn"),
        TypeError,
        "estimator must be an estimator like KSG(k=3), got str",
    ),
    (
        lambda: mutual_information(X, CODES, given=Z, estimator=KSG()),
        ValueError,
        "KSG needs continuous variables, got int64 in y, which is discrete; convert it to float if its "
        "distances mean something",
    ),
    (
        lambda: entropy(X, estimator=PlugIn()),
        ValueError,
        "PlugIn needs discrete variables, got float64 in x, which is continuous; convert it to integers if "
        "it holds labels",
    ),
    (
        lambda: mutual_information(X, np.arange(N)),
        ValueError,
        "at least one label must occur twice, got only labels that occur once",
    ),
    (
        lambda: mutual_information(np.resize([-1e308, 1e308], N), Y),
        ValueError,
        "x must span less than 1.7976931348623157e308, got values from -1e308 to 1e308",
    ),
    (
        lambda: mutual_information(PLANE * 1e200, Y, estimator=KSG(norm="euclidean")),
        ValueError,
        "x must span less than 1.3407807929942596e154 with the Euclidean norm, which squares differences",
    ),
    *(
        (
            lambda base=base: mutual_information(X, Y, base=base),
            ValueError,
            f"base must be a finite number above 1, got {base!r}",
        )
        for base in (1, 0, -2, 0.5, math.inf, math.nan, "2", True)
    ),
    (lambda: mutual_information(X, Y, n_jobs=0), ValueError, "n_jobs == 0 in Parallel has no meaning"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_what_is_refused_and_why(call, error, message):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == message


def test_a_sentinel_far_from_all_others():
    rng = np.random.default_rng(0)
    x = np.concatenate([[float(-(2**63))], rng.uniform(1900, 2020, 999)])
    y, z = rng.normal(size=(2, 1000))
    for estimator in (KSG(), Mixture()):
        assert abs(mutual_information(x, y, estimator=estimator)) < 0.1
    assert abs(mutual_information(x, y, given=z)) < 0.1
    parts = [(1, 0b01), (1, 0b10), (-1, 0b11)]
    expected = mutua.reference.common_ball([x, y], parts, k=3, rule="kraskov")
    assert mutual_information(x, y, estimator=KSG()) == pytest.approx(expected, rel=0, abs=SAME)
