"""What the measures take: containers, missing values, masks, weights, lags, and what is given."""

import math

import numpy as np
import pytest
from scipy import special

from mutua import KSG, Mixture, Ross, entropy, mutual_information
from mutua._recording import Recording

N = 200
RNG = np.random.default_rng(0)
X, Y, Z = RNG.normal(size=(3, N))
Y += X
PLANE = np.column_stack([X, Z])
CODES, CLASSES = RNG.integers(0, 4, N), RNG.integers(0, 3, N)
WORDS = np.array(["one", "two", "three", "four"])[CODES]
GONE = np.arange(N) % 7 == 3  # Samples without a value.
KEPT = ~GONE


def with_nan(values):
    values = np.array(values, dtype=float)
    values[GONE] = np.nan
    return values


def with_none(values):
    return [None if gone else value for value, gone in zip(np.asarray(values).tolist(), GONE, strict=True)]


def libraries():
    return (pytest.importorskip(name) for name in ("pandas", "polars", "pyarrow"))


# ----------------------------------------------------------------------------------------------------------
# Containers


def floats(values):
    pd, pl, pa = libraries()
    yield from (pd.Series(values), pd.Series(values, dtype="Float64"), pd.Index(values), pd.array(values))
    yield from (pd.Series(values, dtype="double[pyarrow]"), pd.Series(pd.arrays.SparseArray(values)))
    yield from (pl.Series(values), pa.array(values), pa.chunked_array([values[:50], values[50:]]))


def matrices(values):
    pd, pl, pa = libraries()
    names = [f"column {index}" for index in range(values.shape[1])]
    frame = pd.DataFrame(values, columns=names)
    yield from (frame, frame.astype("Float64"), frame.astype({names[0]: "Float64"}), pl.DataFrame(values))
    yield pa.table([pa.array(column) for column in values.T.copy()], names=names)
    yield pa.record_batch([pa.array(column) for column in values.T.copy()], names=names)


def labels(codes, words):
    """The same labels as integers, bools, text, categories, times and dictionaries."""
    pd, pl, pa = libraries()
    yield from (pd.Series(codes), pd.Series(codes, dtype="Int64"), pd.Series(codes, dtype="int8[pyarrow]"))
    yield from (pd.Series(words), pd.Series(words, dtype="category"), pd.Series(words, dtype="string"))
    yield from (pd.Series(words, dtype=object), pd.Categorical(codes / 10), pd.CategoricalIndex(words))
    yield pd.Series(words, dtype=pd.ArrowDtype(pa.string()))
    yield pd.Series(pd.arrays.ArrowExtensionArray(pa.array(words.tolist()).dictionary_encode()))
    yield from (pl.Series(codes), pl.Series(words), pl.Series(words, dtype=pl.Categorical))
    yield pl.Series(words, dtype=pl.Enum(["three", "two", "one", "four", "five"]))
    yield from (pa.array(codes), pa.array(words.tolist()), pa.array(words.tolist()).dictionary_encode())
    yield pa.chunked_array([pa.array(part.tolist()).dictionary_encode() for part in (words[:70], words[70:])])
    yield pa.DictionaryArray.from_arrays(pa.array(codes + 1), ["five", "one", "two", "three", "four"])
    yield pa.DictionaryArray.from_arrays(pa.array(codes + 4 * CLASSES), 3 * ["one", "two", "three", "four"])


def test_floats_of_any_container():
    for series in floats(X):
        assert mutual_information(series, Y) == mutual_information(X, Y), type(series)
        assert entropy(series) == entropy(X)
    for matrix in matrices(PLANE):
        assert mutual_information(matrix, Y) == mutual_information(PLANE, Y), type(matrix)
        assert mutual_information(X, Y, given=matrix) == mutual_information(X, Y, given=PLANE)
        assert mutual_information(matrix, CODES) == mutual_information(PLANE, CODES)


def test_labels_of_any_container():
    for series in labels(CODES, WORDS):
        assert entropy(series) == entropy(CODES), series
        assert mutual_information(series, CLASSES) == mutual_information(CODES, CLASSES)
        assert mutual_information(X, series) == mutual_information(X, CODES)


def test_bools_and_times():
    pd, pl, pa = libraries()
    flags, days = CODES > 1, np.datetime64("2024-02-27") + CODES
    for series in pd.Series(flags), pd.Series(flags, dtype="boolean"), pl.Series(flags), pa.array(flags):
        assert mutual_information(series, X) == mutual_information(flags, X)
    stamps = pd.Series(days)
    for series in days, stamps, stamps.dt.tz_localize("Asia/Tokyo"), pl.Series(days), pa.array(days):
        assert entropy(series, discrete=True) == entropy(CODES)
        with pytest.raises(TypeError, match="discrete=True makes points in time labels"):
            entropy(series)


def test_columns_of_labels_are_joint():
    pd, pl, pa = libraries()
    joint = CODES * 3 + CLASSES
    columns = {"word": WORDS, "class": CLASSES}
    for frame in (
        pd.DataFrame(columns),
        pd.DataFrame(columns).astype({"word": "category"}),
        pl.DataFrame(columns),
        pa.table({"word": WORDS.tolist(), "class": CLASSES}),
        pd.DataFrame({"code": CODES, "class": CLASSES.astype(np.int8)}),
    ):
        assert entropy(frame) == entropy(joint)
        assert mutual_information(frame, X) == mutual_information(joint, X)
    numbers = pd.DataFrame({"code": CODES, "class": pd.array(CLASSES)})
    expected = mutual_information(np.column_stack([CODES, CLASSES]), X, estimator=Mixture())
    assert mutual_information(numbers, X, estimator=Mixture()) == expected


def test_a_frame_of_one_column_is_that_column():
    pd, pl, pa = libraries()
    for frame in pd.DataFrame({"a": X}), pl.DataFrame({"a": X}), pa.table({"a": X}):
        assert mutual_information(frame, Y) == mutual_information(X, Y)


def test_a_frame_of_both_kinds_must_be_told():
    pd, pl, _ = libraries()
    for frame in pd.DataFrame({"a": X, "b": CODES}), pl.DataFrame({"a": X, "b": CODES}):
        with pytest.raises(TypeError, match="x has continuous and discrete columns: say by discrete="):
            mutual_information(frame, Y)
        expected = mutual_information(np.column_stack([X, CODES]), Y)
        assert mutual_information(frame, Y, discrete=False) == expected
    text = pd.DataFrame({"a": X, "b": WORDS})
    with pytest.raises(
        TypeError, match=r"x\['b'\] must hold numbers to be continuous, got categories or text"
    ):
        mutual_information(text, Y, discrete=False)


def test_what_has_no_distance_is_no_number():
    pd, pl, _ = libraries()
    for series in pd.Series(CODES, dtype="category"), pl.Series(WORDS), pd.Series(WORDS, dtype="category"):
        with pytest.raises(TypeError, match="x must hold numbers to be continuous, got categories or text"):
            mutual_information(series, Y, discrete=False)


def test_xarray():
    xarray = pytest.importorskip("xarray")
    array = xarray.DataArray(PLANE, dims=("time", "place"))
    assert mutual_information(array, xarray.DataArray(Y)) == mutual_information(PLANE, Y)
    assert mutual_information(array[:, 0].astype("f4"), CODES) == mutual_information(X.astype("f4"), CODES)
    with pytest.raises(TypeError, match="x must be an array"):
        entropy(xarray.Dataset({"a": array}))


def test_no_rows_and_no_columns():
    pd, pl, pa = libraries()
    empty = [
        library({"a": values}) for library in (pd.DataFrame, pl.DataFrame) for values in ([], np.zeros(0))
    ]
    for values in [
        *empty,
        pa.table({"a": pa.array([], pa.int64())}),
        pl.Series([]),
        pa.chunked_array([], pa.string()),
    ]:
        with pytest.raises(ValueError, match=r"x.* must have at least one sample"):
            entropy(values, discrete=True)
    for values in pd.DataFrame(index=range(N)), pl.DataFrame(), pa.table({}):
        with pytest.raises(ValueError, match="x must be a vector, or a matrix with at least one column"):
            entropy(values)


def test_objects_that_are_no_labels():
    pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    for values in pl.Series([[1, 2]] * N), pa.array([[1, 2]] * N), pa.array([{"a": 1}] * N), [object()] * N:
        with pytest.raises(TypeError, match="x must hold labels of one type, none missing"):
            entropy(values)


def test_what_is_not_in_memory_is_refused():
    pl = pytest.importorskip("polars")
    with pytest.raises(TypeError, match="x must be in memory, got a LazyFrame"):
        entropy(pl.LazyFrame({"a": X}))


def test_nothing_is_imported():
    import subprocess
    import sys

    program = (
        "import sys, mutua; mutua.entropy([1, 2, 1]); mutua.mutual_information([1.0] * 9, [2.0] * 9, lag=1);"
        "assert not {'pandas', 'polars', 'pyarrow', 'xarray', 'scipy', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_narrow_floats_are_copied_once():
    import tracemalloc

    narrow = np.zeros((100_000, 4), dtype=np.float32)
    narrow[:, 0] = np.arange(len(narrow))
    tracemalloc.start()
    samples = Recording.read({"x": narrow}).observed().variables[0].samples()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert samples.dtype == np.float64
    assert peak < 1.2 * samples.nbytes


# ----------------------------------------------------------------------------------------------------------
# Missing values


def test_samples_without_a_value_are_left_out():
    pd, pl, pa = libraries()
    expected = mutual_information(X[KEPT], Y[KEPT])
    for values in (
        with_nan(X),
        np.ma.masked_array(X, GONE),
        pd.Series(with_nan(X)),
        pd.array(with_none(X), dtype="Float64"),
        pl.Series(with_none(X)),
        pa.array(with_none(X)),
        pa.array(with_nan(X)),
    ):
        assert mutual_information(values, Y, nan_policy="omit") == expected, type(values)
        assert mutual_information(Y, values, nan_policy="omit") == mutual_information(Y[KEPT], X[KEPT])
        with pytest.raises(
            ValueError, match=r"x must (be finite, got NaN|not have missing values, got one) in row 3"
        ):
            mutual_information(values, Y)


def test_labels_that_are_missing_are_left_out():
    pd, pl, pa = libraries()
    expected = mutual_information(CODES[KEPT], CLASSES[KEPT])
    words, codes = with_none(WORDS), with_none(CODES)
    for values in (
        words,
        np.array(words, dtype=object),
        pd.Series(words),
        pd.Series(words, dtype=object),
        pd.Series(words, dtype="string"),
        pd.Series(words, dtype="category"),
        pd.Series(codes, dtype="Int64"),
        pd.Series(codes, dtype="int32[pyarrow]"),
        pl.Series(words),
        pl.Series(words, dtype=pl.Categorical),
        pl.Series(codes),
        pa.array(words),
        pa.array(words).dictionary_encode(),
        pa.chunked_array([codes[:9], codes[9:]]),
        np.ma.masked_array(CODES, GONE),
    ):
        assert mutual_information(values, CLASSES, nan_policy="omit") == expected, values
        with pytest.raises(
            (ValueError, TypeError), match=r"x must (not have missing|hold labels of one type, none)"
        ):
            mutual_information(values, CLASSES)
    assert mutual_information(with_nan(CODES), CLASSES, discrete=True, nan_policy="omit") == expected
    days = np.datetime64("2024-02-27") + CODES
    days[GONE] = "NaT"
    assert mutual_information(days, CLASSES, discrete=True, nan_policy="omit") == expected
    with pytest.raises(ValueError, match="x must not have missing values, got one in row 3"):
        mutual_information(days, CLASSES, discrete=True)


def test_large_integers_beside_missing_ones_keep_all_digits():
    pl = pytest.importorskip("polars")
    large = [None if gone else 2**62 + code for code, gone in zip(CODES.tolist(), GONE, strict=True)]
    assert entropy(pl.Series(large), nan_policy="omit") == entropy(CODES[KEPT])


def test_a_row_with_one_missing_value_is_left_out():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": with_nan(X), "b": pd.array(with_none(np.roll(Z, 1)), dtype="Float64")})
    plane = np.column_stack([X, np.roll(Z, 1)])
    assert mutual_information(frame, Y, nan_policy="omit") == mutual_information(plane[KEPT], Y[KEPT])
    given = mutual_information(X[KEPT], Y[KEPT], given=Z[KEPT])
    assert mutual_information(X, Y, given=with_nan(Z), nan_policy="omit") == given


def test_omitting_nothing_changes_nothing():
    for pair in (X, Y), (CODES, CLASSES), (X, CODES), (PLANE, Y):
        assert mutual_information(*pair, nan_policy="omit") == mutual_information(*pair)
        kept = mutual_information(*pair, nan_policy="omit", pointwise=True)
        np.testing.assert_array_equal(kept, mutual_information(*pair, pointwise=True))


def test_infinity_is_not_missing():
    values = with_nan(X)
    values[5] = -np.inf
    with pytest.raises(ValueError, match="x must be finite, got -inf in row 5"):
        mutual_information(values, Y, nan_policy="omit")


POINTWISE = {
    "floats": (X, Y, {}),
    "labels": (CODES, CLASSES, {}),
    "both": (X, CODES, {}),
    "given": (X, Y, {"given": Z}),
    "several k": (X, Y, {"estimator": KSG(k=[2, 5])}),
}


@pytest.mark.parametrize("name", POINTWISE)
def test_contributions_keep_their_places(name):
    x, y, options = POINTWISE[name]
    places = mutual_information(x, y, mask=KEPT, pointwise=True, **options)
    options = {key: value[KEPT] if key == "given" else value for key, value in options.items()}
    expected = mutual_information(x[KEPT], y[KEPT], pointwise=True, **options)
    assert np.all(np.isnan(places[..., GONE]))
    np.testing.assert_array_equal(places[..., KEPT], expected)
    estimate = mutual_information(x[KEPT], y[KEPT], **options)
    np.testing.assert_allclose(np.nanmean(places, axis=-1), estimate, atol=1e-12)


# ----------------------------------------------------------------------------------------------------------
# Masks, weights


def test_a_mask_chooses_samples():
    hostile = X.copy()
    hostile[GONE] = np.nan
    for mask in KEPT, KEPT.tolist(), np.frombuffer(KEPT.tobytes(), dtype=bool):
        assert mutual_information(X, Y, mask=mask) == mutual_information(X[KEPT], Y[KEPT])
        assert mutual_information(hostile, Y, mask=mask) == mutual_information(X[KEPT], Y[KEPT])
        assert entropy(CODES, mask=mask) == entropy(CODES[KEPT])
    pd, pl, pa = libraries()
    for mask in pd.Series(KEPT), pd.Series(KEPT, dtype="boolean"), pl.Series(KEPT), pa.array(KEPT):
        assert mutual_information(X, Y, mask=mask) == mutual_information(X[KEPT], Y[KEPT])


def test_masks_and_missing_values_compose():
    mask = np.arange(N) % 3 > 0
    expected = mutual_information(X[KEPT & mask], Y[KEPT & mask])
    assert mutual_information(with_nan(X), Y, mask=mask, nan_policy="omit") == expected
    with pytest.raises(ValueError, match="x must be finite, got NaN in row 10"):
        mutual_information(with_nan(X), Y, mask=mask)


@pytest.mark.parametrize("y", [CLASSES, WORDS], ids=["codes", "words"])
def test_a_weight_counts_a_sample_so_often(y):
    pd, pl, _ = libraries()
    times = CODES + CLASSES % 2
    expected = mutual_information(np.repeat(CODES, times), np.repeat(y, times))
    for weights in times, times / 7, times.tolist(), pd.Series(times, dtype="Int64"), pl.Series(times):
        assert mutual_information(CODES, y, weights=weights) == pytest.approx(expected, abs=1e-12)
    assert entropy(y, weights=times) == pytest.approx(entropy(np.repeat(y, times)), abs=1e-12)
    masked = mutual_information(CODES, y, weights=times, mask=KEPT)
    expected = mutual_information(np.repeat(CODES, times * KEPT), np.repeat(y, times * KEPT))
    assert masked == pytest.approx(expected, abs=1e-12)
    lagged = mutual_information(CODES, y, weights=times, lag=1)  # The weight is that of the time of y.
    expected = mutual_information(np.repeat(CODES[:-1], times[1:]), np.repeat(y[1:], times[1:]))
    assert lagged == pytest.approx(expected, abs=1e-12)


def test_neighbours_take_no_weights():
    for y in Y, CODES:
        with pytest.raises(ValueError, match="takes no weights"):
            mutual_information(X, y, weights=np.ones(N))
    with pytest.raises(ValueError, match="KozachenkoLeonenko takes no weights"):
        entropy(X, weights=np.ones(N))


# ----------------------------------------------------------------------------------------------------------
# Lags


@pytest.mark.parametrize("lag", [0, 1, 3, -1, -17, N - 5])
def test_a_lag_pairs_what_was_with_what_is(lag):
    earlier, later = (X[max(0, -lag) : N - max(0, lag)], Y[max(0, lag) : N - max(0, -lag)])
    assert mutual_information(X, Y, lag=lag) == mutual_information(earlier, later)
    assert mutual_information(Y, X, lag=-lag) == pytest.approx(mutual_information(earlier, later), abs=1e-12)
    contributions = mutual_information(X, Y, lag=lag, pointwise=True)
    assert contributions.shape == (N,)
    there = ~np.isnan(contributions)
    assert [*np.flatnonzero(there)] == [*range(max(0, lag), N - max(0, -lag))]
    np.testing.assert_array_equal(contributions[there], mutual_information(earlier, later, pointwise=True))


@pytest.mark.parametrize(
    "pair", [(X, Y), (CODES, CLASSES), (X, CODES), (PLANE, WORDS)], ids=["ff", "dd", "fd", "md"]
)
def test_several_lags_are_a_loop(pair):
    lags = [-3, 0, 2, 2, 10]
    expected = [mutual_information(*pair, lag=lag) for lag in lags]
    for several in lags, tuple(lags), np.array(lags), np.array(lags, dtype=object):
        found = mutual_information(*pair, lag=several)
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, expected)
    assert mutual_information(*pair, lag=range(5)).shape == (5,)
    assert mutual_information(*pair, lag=[0]).shape == (1,)
    pointwise = mutual_information(*pair, lag=lags, pointwise=True)
    np.testing.assert_array_equal(pointwise[1], mutual_information(*pair, pointwise=True))
    if pair[0] is X and pair[1] is Y:
        assert mutual_information(X, Y, lag=range(3), estimator=KSG(k=[1, 4])).shape == (3, 2)


def test_what_is_given_is_of_the_time_of_y():
    expected = mutual_information(X[:-2], Y[2:], given=Z[2:])
    assert mutual_information(X, Y, given=Z, lag=2) == expected


def test_no_lag_crosses_a_group():
    """Of five trials two have the same label: each by itself, or all pairs within them as of one law."""
    groups = np.repeat([0, 1, 0, 2, 3], N // 5)
    trials = np.split(np.arange(N), 5)

    def together(*places):
        earlier, later = (np.concatenate([trials[place][part] for place in places]) for part in (early, late))
        return mutual_information(X[earlier], Y[later])

    early, late = slice(-2), slice(2, None)
    pooled = mutual_information(X, Y, lag=2, groups=groups, pooled=True)
    assert pooled == pytest.approx(together(0, 1, 2, 3, 4), abs=1e-12)
    expected = (2 * together(0, 2) + together(1) + together(3) + together(4)) / 5
    assert mutual_information(X, Y, lag=2, groups=groups) == pytest.approx(expected, abs=1e-12)
    values = mutual_information(X, Y, lag=2, groups=groups, pointwise=True)
    assert np.nanmean(values) == pytest.approx(expected, abs=1e-12)
    assert [*np.flatnonzero(np.isnan(values))] == [place for trial in trials for place in trial[:2]]
    by_label = mutual_information(CODES, X, groups=groups, estimator=Ross())
    assert by_label == mutual_information(CODES, X, groups=[*map(str, groups)], estimator=Ross())


def test_a_window_keeps_neighbours_apart():
    """Two independent walks: their steps are near each other as long as the walk is."""
    x, y = np.random.default_rng(9).normal(size=(2, 300)).cumsum(axis=1)
    time = np.arange(300)
    near = np.abs(time[:, None] - time) <= 20
    of_x, of_y = (np.where(near, np.inf, np.abs(one[:, None] - one)) for one in (x, y))
    radii = np.sort(np.maximum(of_x, of_y), axis=1)[:, 2:3]
    others, in_x, in_y = (np.sum(inside, axis=1) + 1 for inside in (~near, of_x < radii, of_y < radii))
    expected = special.digamma(3) + special.digamma(others) - special.digamma(in_x) - special.digamma(in_y)
    found = mutual_information(x, y, window=20, pointwise=True)
    assert found == pytest.approx(expected, abs=1e-12)
    assert np.mean(found) < mutual_information(x, y) / 2
    constant = np.zeros(300)
    given = mutual_information(x, y, window=20, given=constant, estimator=KSG())
    assert mutual_information(x, y, window=20) == given
    with pytest.raises(ValueError, match="Ross keeps no window in time, KSG does"):
        mutual_information(x, y > 0, window=2)
    with pytest.raises(
        ValueError, match="window must be at least 0 and below the number of samples, got 300"
    ):
        mutual_information(x, y, window=300)


def test_a_lag_needs_both_samples():
    usable = KEPT[:-2] & KEPT[2:]
    expected = mutual_information(X[:-2][usable], Y[2:][usable])
    assert mutual_information(X, Y, lag=2, mask=KEPT) == expected
    there = mutual_information(X[:-2][KEPT[:-2]], Y[2:][KEPT[:-2]])
    assert mutual_information(with_nan(X), Y, lag=2, nan_policy="omit") == there


def test_the_lag_of_an_echo_is_found():
    rng = np.random.default_rng(1)
    x = rng.normal(size=2000)
    y = np.roll(x, 4) + 0.5 * rng.normal(size=2000)
    assert np.argmax(mutual_information(x, y, lag=range(-8, 9))) == 12


# ----------------------------------------------------------------------------------------------------------
# Given


def test_labels_are_given():
    pd = pytest.importorskip("pandas")
    joint = entropy(np.column_stack([CODES, CLASSES]))
    assert entropy(CODES, given=CLASSES) == pytest.approx(joint - entropy(CLASSES), abs=1e-12)
    all_three = entropy(np.column_stack([CODES, CLASSES, Z > 0]))
    for given in (CLASSES, Z > 0), pd.DataFrame({"class": CLASSES, "sign": Z > 0}):
        expected = all_three - entropy(np.column_stack([CLASSES, Z > 0]))
        assert entropy(WORDS, given=given) == pytest.approx(expected, abs=1e-12)
    missing = pd.DataFrame({"word": with_none(WORDS), "class": CLASSES})
    expected = entropy(CODES[KEPT], given=np.column_stack([CODES, CLASSES])[KEPT])
    assert entropy(CODES, given=missing, nan_policy="omit") == pytest.approx(expected, abs=1e-12)


def test_what_is_given_may_be_of_both_kinds():
    """One continuous and one discrete variable, in this order, whatever there is."""
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"word": WORDS, "z": Z, "class": CLASSES, "x": X.astype(np.float32)})
    for given in (
        frame,
        (WORDS, Z, CLASSES, X.astype(np.float32)),
        (frame[["z", "x"]], frame[["word", "class"]]),
    ):
        continuous, discrete = Recording.read({"x": X}, given).given
        assert (continuous.is_discrete, discrete.is_discrete) == (False, True)
        np.testing.assert_array_equal(continuous.samples(), np.column_stack([Z, X.astype(np.float32)]))
        assert entropy(discrete.labels()) == entropy(np.column_stack([CODES, CLASSES]))


def test_several_arrays_are_given_together():
    both = mutual_information(X, Y, given=np.column_stack([Z, X**2]))
    assert mutual_information(X, Y, given=(Z, X**2)) == both
    assert mutual_information(X, Y, given=(np.column_stack([Z, X**2]),)) == both
    pd = pytest.importorskip("pandas")
    assert mutual_information(X, Y, given=(pd.Series(Z), pd.DataFrame({"a": X**2}))) == both
    rows = tuple(np.column_stack([Z, X**2]).tolist())
    assert mutual_information(X, Y, given=rows) == both
    assert mutual_information(X, Y, given=tuple(Z)) == mutual_information(X, Y, given=Z)


# ----------------------------------------------------------------------------------------------------------
# What is refused

EVERY = np.ones(N, dtype=bool)
REFUSED = [
    ({"mask": CODES}, TypeError, "mask must hold bools, True for a sample to be used, got int64"),
    (
        {"mask": "yes"},
        ValueError,
        "mask must be a vector, or a matrix with at least one column, got shape ()",
    ),
    ({"mask": EVERY[1:]}, ValueError, "mask must be a vector of 200 bools, got shape (199,)"),
    ({"mask": EVERY[:, None]}, ValueError, "mask must be a vector of 200 bools, got shape (200, 1)"),
    (
        {"mask": ~EVERY},
        ValueError,
        "no sample is left of 200: one needs all its values, also those at its lags, in its group and where "
        "mask is True",
    ),
    ({"weights": -EVERY.astype(float)}, ValueError, "weights must be at least 0 and below 2^63, got -1.0"),
    ({"weights": with_nan(X**2)}, ValueError, "weights must be at least 0 and below 2^63, got nan"),
    ({"weights": X**2 + np.inf}, ValueError, "weights must be at least 0 and below 2^63, got inf"),
    ({"weights": EVERY[1:]}, ValueError, "weights must be a vector of 200 numbers, got shape (199,)"),
    ({"weights": 0 * X}, ValueError, "weights must not all be 0 where samples are used"),
    ({"weights": GONE, "mask": KEPT}, ValueError, "weights must not all be 0 where samples are used"),
    ({"weights": WORDS}, TypeError, "weights must hold numbers, got <U5"),
    ({"nan_policy": "propagate"}, ValueError, "nan_policy must be 'raise' or 'omit', got 'propagate'"),
    ({"nan_policy": None}, ValueError, "nan_policy must be 'raise' or 'omit', got None"),
    ({"lag": True}, TypeError, "lag must be an integer, got bool"),
    ({"lag": 1.0}, TypeError, "lag must be an integer, got float"),
    ({"lag": "1"}, TypeError, "lag must be an integer, got str"),
    ({"lag": [0, 1.5]}, TypeError, "lag must be an integer, got float"),
    ({"lag": [False]}, TypeError, "lag must be an integer, got bool"),
    ({"lag": []}, ValueError, "lag must be an integer or several, got an empty sequence"),
    (
        {"lag": N},
        ValueError,
        "lag must be at least -199 and below the number of samples, got 200 with 200 samples",
    ),
    (
        {"lag": [0, -N]},
        ValueError,
        "lag must be at least -199 and below the number of samples, got -200 with 200 samples",
    ),
    (
        {"lag": N - 1},
        ValueError,
        "k must be at least 1 and below the number of samples, got 3 with 1 samples",
    ),
    ({"given": (X, Y[1:])}, ValueError, "given[0] and given[1] must have the same length, got 200 and 199"),
    (
        {"given": (X, Y[:, None, None])},
        ValueError,
        "given[1] must be a vector, or a matrix with at least one column, got shape (200, 1, 1)",
    ),
    ({"given": with_nan(X)}, ValueError, "given must be finite, got NaN in row 3"),
    (
        {"discrete": (True,)},
        TypeError,
        "discrete must be a bool, or one for each of x, y, given, got (True,)",
    ),
]


@pytest.mark.parametrize(("options", "error", "message"), REFUSED)
def test_what_is_refused_and_why(options, error, message):
    with pytest.raises(error) as raised:
        mutual_information(X, Y, **options)
    assert str(raised.value) == message


def test_every_sample_missing():
    with pytest.raises(ValueError, match="no sample is left of 200"):
        mutual_information(np.full(N, np.nan), Y, nan_policy="omit")
    with pytest.raises(ValueError, match="no sample is left of 200"):
        mutual_information([None] * N, CODES, nan_policy="omit")
    assert math.isfinite(mutual_information(X, Y, lag=N - 5))
