"""Random calls on both sides: ours and live scikit-learn agree in value, error, warnings and random state.

Every call is drawn from its own seed, so a failure names the three numbers that make it again:
`FAMILIES[family](np.random.default_rng([*family.encode(), seed, index]))`.
"""

import numpy as np
import pytest

import mutua.feature_selection
import mutua.metrics.cluster

sklearn = pytest.importorskip("sklearn")
pytest.importorskip("sklearn.feature_selection")
sklearn_cluster = pytest.importorskip("sklearn.metrics.cluster._supervised")
sparse = pytest.importorskip("scipy.sparse")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")
threadpoolctl = pytest.importorskip("threadpoolctl")

TOLERANCE = 1e-12
CALLS_PER_TEST = 50
TESTS_PER_FAMILY = {
    "classif": 12,
    "regression": 12,
    "sparse": 4,
    "score": 16,
    "contingency_matrix": 3,
    "expected_mutual_information": 2,
    "entropy": 1,
}
# A call that raises says little: this share of a test must return.
MOST = 0.6

SCORES = [
    "adjusted_mutual_info_score",
    "adjusted_rand_score",
    "completeness_score",
    "fowlkes_mallows_score",
    "homogeneity_completeness_v_measure",
    "homogeneity_score",
    "mutual_info_score",
    "normalized_mutual_info_score",
    "pair_confusion_matrix",
    "rand_score",
    "v_measure_score",
]


def pick(rng, options, weights=None):
    return options[rng.choice(len(options), p=weights)]


# Labels: every kind is a way to write the same integer codes.

LABEL_KINDS = {
    "int8": lambda codes: (codes % 128 - 60).astype(np.int8),
    "int16": lambda codes: codes.astype(np.int16),
    "int32": lambda codes: codes.astype(np.int32),
    "int64": lambda codes: codes * 10**15 - 2**62,
    "uint8": lambda codes: (codes % 256).astype(np.uint8),
    "uint16": lambda codes: codes.astype(np.uint16),
    "uint32": lambda codes: codes.astype(np.uint32),
    "uint64 above 2**63": lambda codes: codes.astype(np.uint64) + np.uint64(2**63 + 7),
    "uint64 across 2**63": lambda codes: codes.astype(np.uint64) * np.uint64(2**61),
    "big-endian": lambda codes: codes.astype(">i4"),
    "strided": lambda codes: np.repeat(codes, 3)[::3],
    "reversed": lambda codes: codes[::-1],
    "negative": lambda codes: -codes,
    "bool": lambda codes: codes % 2 == 0,
    "float": lambda codes: codes - 2.0,
    "float32": lambda codes: codes.astype(np.float32),
    "float16": lambda codes: (codes % 2000).astype(np.float16),
    "fractional": lambda codes: codes + 0.25,
    "str": lambda codes: np.array([f"cluster {code}" for code in codes], dtype=str),
    "object str": lambda codes: np.array([f"cluster {code}" for code in codes], dtype=object),
    "object int": lambda codes: codes.astype(object),
    "days": lambda codes: np.datetime64("1999-12-30", "D") + codes,
    "nanoseconds": lambda codes: np.datetime64("1999-12-30", "ns") + codes,
    "timedeltas": lambda codes: codes * np.timedelta64(7, "s"),
    "list": lambda codes: codes.tolist(),
    "list of str": lambda codes: [f"{code}-a" for code in codes],
    "list of bool": lambda codes: [bool(code % 2) for code in codes],
    "list of int and str": lambda codes: [int(code) if code % 2 else f"s{code}" for code in codes],
    "tuple": lambda codes: tuple(codes.tolist()),
    "Series": lambda codes: pd.Series(codes, index=codes[::-1] + 5),
    "Series of str": lambda codes: pd.Series([f"cluster {code}" for code in codes], dtype="str"),
    "Series of bool": lambda codes: pd.Series(codes % 2 == 1),
    "Series of dates": lambda codes: pd.Series(np.datetime64("2020-01-01", "ns") + codes),
    "categorical": lambda codes: pd.Series([f"cluster {code}" for code in codes], dtype="category"),
    "categorical of int": lambda codes: pd.Series(codes - 3, dtype="category"),
    "categorical of bool": lambda codes: pd.Series(codes % 2 == 0, dtype="category"),
    "categorical of fractions": lambda codes: pd.Series(codes + 0.5, dtype="category"),
    "Categorical": lambda codes: pd.Categorical([f"cluster {code}" for code in codes]),
    "nullable": lambda codes: pd.Series(codes, dtype="Int64"),
    "polars": lambda codes: pl.Series(codes),
    "polars str": lambda codes: pl.Series([f"cluster {code}" for code in codes], dtype=pl.String),
    "polars categorical": lambda codes: pl.Series(
        [f"cluster {code}" for code in codes], dtype=pl.Categorical
    ),
    "arrow str": lambda codes: pa.array([f"cluster {code}" for code in codes], pa.string()),
    "arrow dictionary": lambda codes: pa.array(
        [f"s{code}" for code in codes], pa.string()
    ).dictionary_encode(),
    "arrow dictionary, repeats": lambda codes: pa.DictionaryArray.from_arrays(
        codes % 4, ["a", "b", "a", "c"]
    ),
    "polars bool": lambda codes: pl.Series(codes % 2 == 1, dtype=pl.Boolean),
}


def codes_pair(rng):
    """Two labellings as integers: independent, related or equal, even or skewed, now and then degenerate."""
    n = pick(rng, [0, 1, 2, 3, 5, 10, 30, 100, 1000], [0.02, 0.03, 0.05, 0.05, 0.1, 0.15, 0.2, 0.3, 0.1])
    sides = []
    for clusters in rng.choice([1, 2, 3, 5, 20, max(1, n // 2)], size=2, p=[0.05, 0.25, 0.2, 0.2, 0.2, 0.1]):
        skew = rng.choice([0.3, 1.0, 3.0])
        sides.append((clusters * rng.random(n) ** skew).astype(np.int64))
    relation = rng.random()
    if relation < 0.4:
        sides[1] = np.where(rng.random(n) < 0.7, sides[0], sides[1])
    elif relation < 0.5:
        sides[1] = (sides[0] * 7 + 3) % 101
    elif relation < 0.6:
        sides[0] = rng.permutation(n)
    return sides


def draw_labels(rng):
    return [LABEL_KINDS[pick(rng, list(LABEL_KINDS))](codes) for codes in codes_pair(rng)]


def draw_score(rng):
    name = pick(rng, SCORES)
    labels, options = draw_labels(rng), {}
    if name in ("adjusted_mutual_info_score", "normalized_mutual_info_score") and rng.random() < 0.7:
        options["average_method"] = pick(rng, ["arithmetic", "geometric", "min", "max"])
    elif name in ("v_measure_score", "homogeneity_completeness_v_measure") and rng.random() < 0.7:
        options["beta"] = pick(rng, [0, 0.0, 0.2, 1, 2.5, 1e6, np.float32(0.5), np.int64(3)])
    elif name == "mutual_info_score" and rng.random() < 0.4:
        options["contingency"] = draw_table(rng)
        labels = [None, None]
    return name, labels, options


def draw_table(rng):
    shape = rng.integers(1, 9, size=2)
    table = rng.poisson(rng.choice([0.5, 3.0, 40.0]), size=shape)
    table[0, 0] += 1
    forms = [np.asarray, np.asfortranarray, np.ndarray.tolist, lambda table: table.astype(float)]
    return pick(rng, [*forms, sparse.csr_array, sparse.csc_matrix, sparse.coo_array])(table)


def draw_contingency_matrix(rng):
    options = {}
    if rng.random() < 0.5:
        options["sparse"] = bool(rng.random() < 0.8)
    elif rng.random() < 0.6:
        options["eps"] = pick(rng, [None, 0, 0.1, np.float32(0.25)])
    if rng.random() < 0.4:
        options["dtype"] = pick(rng, [np.int32, "float64", np.uint8, bool, None, np.dtype("int16"), float])
    return "contingency_matrix", draw_labels(rng), options


def draw_expected_mutual_information(rng):
    codes = codes_pair(rng)
    while not codes[0].size:
        codes = codes_pair(rng)
    table = sklearn_cluster.contingency_matrix(*codes)
    forms = [np.asarray, np.float64, sparse.csr_array, sparse.csc_matrix, sparse.coo_array]
    extra = int(rng.integers(50)) if rng.random() < 0.1 else 0  # n_samples need not be the table's sum
    return "expected_mutual_information", [pick(rng, forms)(table), int(table.sum()) + extra], {}


def draw_entropy(rng):
    return "entropy", draw_labels(rng)[:1], {}


# Features and targets

COLUMN_KINDS = {
    "normal": lambda rng, n: rng.normal(size=n),
    "heavy tails": lambda rng, n: rng.lognormal(sigma=3, size=n),
    "some ties": lambda rng, n: rng.normal(size=n).round(1),
    "heavy ties": lambda rng, n: rng.integers(0, 4, size=n).astype(float),
    "half repeated": lambda rng, n: rng.choice(rng.normal(size=n // 2 + 1), size=n),
    "spikes": lambda rng, n: np.where(rng.random(n) < 0.6, 0.0, rng.normal(size=n)),
    "zeros": lambda rng, n: np.zeros(n),
    "ones": lambda rng, n: np.ones(n),
    "tiny": lambda rng, n: rng.normal(size=n) * 1e-17,
    "arange": lambda rng, n: rng.permutation(n).astype(float),
}
COLUMN_WEIGHTS = [0.25, 0.08, 0.18, 0.15, 0.1, 0.1, 0.03, 0.03, 0.03, 0.05]
OFFSETS, OFFSET_WEIGHTS = [0.0, 100.0, -1e3, 1e6, 1e10], [0.6, 0.1, 0.1, 0.1, 0.1]
DTYPES = [np.float64, np.float32, np.float16, np.int64, np.int16, np.uint8, np.bool_]
DTYPE_WEIGHTS = [0.5, 0.15, 0.03, 0.12, 0.05, 0.1, 0.05]
TARGET_WEIGHTS = [0.3, 0.4, 0.05, 0.1, 0.05, 0.05, 0.05]  # float32 targets have a rule of their own


def draw_column(rng, n, related=None):
    column = COLUMN_KINDS[pick(rng, list(COLUMN_KINDS), COLUMN_WEIGHTS)](rng, n)
    if related is not None and rng.random() < 0.7:
        column = column + related
    return column + pick(rng, OFFSETS, OFFSET_WEIGHTS)


def as_dtype(values, dtype):
    if np.issubdtype(dtype, np.floating):
        return np.clip(values, -6e4, 6e4).astype(dtype) if dtype == np.float16 else values.astype(dtype)
    if dtype == np.bool_:
        return values > np.median(values)
    scaled = np.clip(np.floor(values * 7), -(2.0**60), 2.0**60).astype(np.int64)
    return scaled.astype(dtype)  # wraps, as a cast of integers does


def draw_size(rng):
    return int(pick(rng, [rng.integers(2, 21), rng.integers(21, 150), 300, 3000], [0.5, 0.4, 0.08, 0.02]))


def draw_classes(rng):
    """Class codes: half the time classes of 1 to 10 samples, around scikit-learn's brute-force limit."""
    style = rng.random()
    if style < 0.5:
        sizes = rng.integers(1, 11, size=rng.integers(1, 9))
        return rng.permutation(np.repeat(np.arange(sizes.size), sizes))
    n = draw_size(rng)
    if style < 0.97:
        return rng.integers(0, rng.choice([1, 2, 3, 10]), size=n)
    return rng.permutation(n)


def draw_class_labels(rng, codes):
    kinds = ["int8", "float", "str", "object str", "bool", "list", "tuple", "categorical", "negative"]
    return LABEL_KINDS[pick(rng, kinds) if rng.random() < 0.6 else "int64"](codes)


def draw_target(rng, n):
    values = draw_column(rng, n)
    if rng.random() < 0.75:
        return as_dtype(values, pick(rng, DTYPES, TARGET_WEIGHTS))
    return pick(rng, [list, pd.Series, pl.Series, lambda values: values.astype(object)])(values)


def draw_discrete_features(rng, p):
    """One of the forms of the option, and the columns it names."""
    mask = rng.random(p) < 0.4
    if rng.random() < 0.5:
        option = pick(rng, ["auto", True, False])
        return option, np.full(p, option is True)
    if not mask.any() or rng.random() < 0.4:
        return pick(rng, [np.asarray, np.ndarray.tolist, pd.Series])(mask), mask
    indices = np.flatnonzero(mask)
    forms = [indices, indices.tolist(), tuple(indices - p), range(int(indices[0]), int(indices[0]) + 1)]
    forms += [indices.astype(np.uint8), [*indices, *indices]]
    return pick(rng, forms), mask


def draw_dense(rng, n, related):
    p = int(rng.integers(1, 5))
    dtype = pick(rng, DTYPES, DTYPE_WEIGHTS)
    discrete_features, discrete = draw_discrete_features(rng, p)
    columns = [draw_column(rng, n, related) for _ in range(p)]
    for column in np.flatnonzero(discrete):
        if rng.random() < 0.9:  # mostly levels: real values as levels are all unique
            levels = [np.round(related % 3), rng.integers(-1, 4, size=n), rng.integers(0, n // 4 + 1, size=n)]
            columns[column] = pick(rng, levels) * 1.0
    X = np.column_stack([as_dtype(column, dtype) for column in columns])
    forms = [np.ascontiguousarray, np.asfortranarray, np.ndarray.tolist, pd.DataFrame]
    forms += [lambda X: X.astype(object), lambda X: pl.DataFrame(X.astype(np.float64))]
    X = pick(rng, forms, [0.55, 0.2, 0.08, 0.08, 0.04, 0.05])(X)
    return X, {"discrete_features": discrete_features}


def common_options(rng):
    n_neighbors = pick(rng, [1, 3, 5, 10], [0.2, 0.5, 0.15, 0.15])
    return {"n_neighbors": n_neighbors, "randomness": pick(rng, ["int", "RandomState", "global"])}


def draw_classif(rng):
    codes = draw_classes(rng)
    X, options = draw_dense(rng, codes.size, codes)
    return "mutual_info_classif", [X, draw_class_labels(rng, codes)], options | common_options(rng)


def draw_regression(rng):
    n = draw_size(rng)
    y = draw_target(rng, n)
    X, options = draw_dense(rng, n, np.asarray(y, dtype=float))
    return "mutual_info_regression", [X, y], options | common_options(rng)


def draw_sparse(rng):
    codes = draw_classes(rng)
    p = int(rng.integers(1, 5))
    X = rng.integers(-2, 4, size=(codes.size, p)) * (rng.random((codes.size, p)) < 0.6)
    X = X.astype(pick(rng, [np.float64, np.float32, np.int64, np.int32]))
    layouts = ["csr", "csc", "coo", "lil", "dok", "bsr", "dia"]
    layout = pick(rng, layouts if codes.size < 80 else layouts[:-1])  # SciPy warns about many diagonals
    X = getattr(sparse, f"{layout}_{pick(rng, ['array', 'matrix'])}")(X)
    discrete_features = pick(
        rng, ["auto", True, [True] * p, list(range(p)), False], [0.4, 0.25, 0.15, 0.1, 0.1]
    )
    options = {"discrete_features": discrete_features} | common_options(rng)
    if rng.random() < 0.5:
        return "mutual_info_classif", [X, draw_class_labels(rng, codes)], options
    y = np.round(codes + rng.normal(size=codes.size), pick(rng, [1, 9]))
    return "mutual_info_regression", [X, y], options


# The comparison

FAMILIES = {
    "classif": draw_classif,
    "regression": draw_regression,
    "sparse": draw_sparse,
    "score": draw_score,
    "contingency_matrix": draw_contingency_matrix,
    "expected_mutual_information": draw_expected_mutual_information,
    "entropy": draw_entropy,
}


def expected_mutual_information_tolerance(n, emi):
    """scikit-learn exponentiates sums of log-factorials of size n log n, each rounded: its relative error."""
    return min(1e-9, TOLERANCE + 4 * np.finfo(float).eps * n * np.log(n + 1) * emi)


def adjusted_tolerance(codes, average_method, score):
    """AMI = (MI - EMI) / (average - EMI): an error e of EMI moves it by e (1 + |AMI|) / |average - EMI|."""
    n = codes[0].size
    emi = sklearn_cluster.expected_mutual_information(sklearn_cluster.contingency_matrix(*codes), n)
    entropies = [sklearn_cluster._entropy(side) for side in codes]
    average = sklearn_cluster._generalized_average(*entropies, average_method)
    error = expected_mutual_information_tolerance(n, emi) - TOLERANCE + 1e-15
    return TOLERANCE + error * (1 + abs(score)) / max(abs(average - emi), 1e-15)


def expectation(name, args, options, theirs):
    """What to expect of ours, and how closely: scikit-learn's value but for the two 0/0 cases of AMI."""
    if name == "expected_mutual_information":
        return theirs, expected_mutual_information_tolerance(args[1], theirs)
    if name != "adjusted_mutual_info_score" or len(args[0]) < 2:
        return theirs, TOLERANCE
    codes = [np.unique(np.asarray(labels), return_inverse=True)[1] for labels in args]
    clusters = [np.unique(side).size for side in codes]
    if 1 in clusters:
        return theirs, TOLERANCE
    if len(args[0]) in clusters:  # MI = EMI exactly; scikit-learn divides rounding errors
        return float(clusters[0] == clusters[1]), TOLERANCE
    return theirs, adjusted_tolerance(codes, options.get("average_method", "arithmetic"), theirs)


def assert_same_value(name, ours, theirs, tolerance):
    if sparse.issparse(theirs):
        assert type(ours) is type(theirs)
        assert ours.dtype == theirs.dtype
        for part in ("indptr", "indices", "data"):
            np.testing.assert_array_equal(getattr(ours, part), getattr(theirs, part))
    elif name.startswith("mutual_info_") and isinstance(theirs, np.ndarray):
        assert (ours.dtype, ours.shape) == (np.float64, theirs.shape)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance)
    elif isinstance(theirs, np.ndarray):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
    else:
        assert type(ours) is type(theirs)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance)


def states(stream):
    """The state of a random stream and of NumPy's global one, comparable."""
    return [(state[1].tobytes(), *state[2:]) for state in (stream.get_state(), np.random.get_state())]


def call(outcome, package, name, args, options, seed):
    """One call on one side, and the state of both random streams after it."""
    module = package.feature_selection if name.startswith("mutual_info_") else package.metrics.cluster
    module = package.metrics.cluster if name == "mutual_info_score" else module
    options = dict(options)
    randomness = options.pop("randomness", None)
    stream = np.random.RandomState(seed)
    if randomness in ("int", "RandomState"):
        options["random_state"] = seed if randomness == "int" else stream
    np.random.seed(seed)
    result = outcome(getattr(module, name), *args, **options)
    return result, states(stream)


def compare(outcome, family, seed, index):
    """Makes one call on both sides and asserts that they agree; says whether a value came back."""
    name, args, options = FAMILIES[family](np.random.default_rng([*family.encode(), seed, index]))
    theirs, their_streams = call(outcome, sklearn, name, args, options, index)
    ours, our_streams = call(outcome, mutua, name, args, options, index)
    assert ours.complaint == theirs.complaint
    if theirs.error:
        return False
    assert our_streams == their_streams
    assert_same_value(name, ours.value, *expectation(name, args, options, theirs.value))
    return True


def compare_many(outcome, family, seed):
    returned, differences = 0, []
    for index in range(CALLS_PER_TEST):
        try:
            returned += compare(outcome, family, seed, index)
        except AssertionError as difference:
            differences.append(f"({family!r}, {seed}, {index}): {difference}")
    assert not differences, f"{len(differences)} of {CALLS_PER_TEST} differ\n" + "\n".join(differences[:4])
    assert returned >= MOST * CALLS_PER_TEST


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    """scikit-learn's threads spin while they wait: on a busy machine they cost more than the search."""
    with threadpoolctl.threadpool_limits(1):
        yield


@pytest.fixture(autouse=True)
def _global_stream():
    before = np.random.get_state()
    yield
    np.random.set_state(before)


GRID = [(family, seed) for family, tests in TESTS_PER_FAMILY.items() for seed in range(tests)]


def test_the_grid_has_two_thousand_calls():
    assert len(set(GRID)) * CALLS_PER_TEST >= 2000


@pytest.mark.parametrize(("family", "seed"), GRID)
def test_random_calls(outcome, family, seed):
    compare_many(outcome, family, seed)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("family", "seed"), GRID)
def test_random_calls_many(outcome, family, seed):
    for other in range(1000 + 10 * seed, 1010 + 10 * seed):
        compare_many(outcome, family, other)


def test_every_score_is_drawn():
    assert {draw_score(np.random.default_rng(seed))[0] for seed in range(CALLS_PER_TEST * 4)} == set(SCORES)


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("kind", LABEL_KINDS)
def test_every_label_kind(outcome, name, kind):
    codes = np.array([0, 0, 1, 2, 2, 1, 0, 4, 4, 1, 2, 3])
    labels = [LABEL_KINDS[kind](codes), np.roll(codes, 1)]
    for pair in (labels, labels[::-1]):
        theirs = outcome(getattr(sklearn_cluster, name), *pair)
        ours = outcome(getattr(mutua.metrics.cluster, name), *pair)
        assert ours.complaint == theirs.complaint
        assert theirs.error is None
        assert_same_value(name, ours.value, *expectation(name, pair, {}, theirs.value))


@pytest.mark.parametrize(("n", "clusters"), [(10**4, (30, 40)), (10**5, (5, 7)), (10**6, (2, 3))])
def test_expected_mutual_information_of_large_tables(n, clusters):
    rng = np.random.default_rng(n)
    codes = [(rng.random(n) ** 2 * count).astype(np.int64) for count in clusters]
    table = sklearn_cluster.contingency_matrix(*codes)
    theirs = sklearn_cluster.expected_mutual_information(table, n)
    ours = mutua.metrics.cluster.expected_mutual_information(table, n)
    assert ours == pytest.approx(theirs, rel=0, abs=expected_mutual_information_tolerance(n, theirs))


@pytest.mark.parametrize("discrete_features", [True, [0, 1], [True, True]])
def test_all_discrete_classification_draws_nothing(discrete_features):
    X, y = np.array([[0, 1], [1, 1], [2, 0], [0, 0]]), [0, 1, 1, 0]
    stream = np.random.RandomState(5)
    before = states(stream)
    for options in ({}, {"random_state": stream}):
        mutua.feature_selection.mutual_info_classif(X, y, discrete_features=discrete_features, **options)
    assert states(stream) == before
