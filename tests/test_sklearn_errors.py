"""Bad and unusual input, one row each, run on both sides: the same error class and message head, the same
warnings, and for what is accepted the same value. The five places where ours differs on purpose come last."""

import numpy as np
import pytest

import mutua.feature_selection
import mutua.metrics.cluster

sklearn = pytest.importorskip("sklearn")
sklearn_selection = pytest.importorskip("sklearn.feature_selection")
sklearn_cluster = pytest.importorskip("sklearn.metrics.cluster")
sparse = pytest.importorskip("scipy.sparse")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

TOLERANCE = 1e-12
N = 30

random = np.random.RandomState(0)
X = random.normal(size=(N, 3))
LEVELS = random.randint(0, 3, size=(N, 3))
CLASSES = np.arange(N) % 3
TARGET = X[:, 0] + random.normal(size=N)


def changed(values, place, value, dtype=None):
    values = np.array(values, dtype=dtype)
    values[place] = value
    return values


# Each row: how scikit-learn answers (the class of its error, or "accepted"), then the arguments.

# Rows for mutual_info_classif and mutual_info_regression alike.
FEATURES = {
    "X 1-D": ("ValueError", X[:, 0], CLASSES),
    "X 3-D": ("ValueError", X[None], CLASSES),
    "X without rows": ("ValueError", X[:0], CLASSES[:0]),
    "X without columns": ("ValueError", X[:, :0], CLASSES),
    "X empty list": ("ValueError", [], []),
    "X NaN": ("ValueError", changed(X, (3, 1), np.nan), CLASSES),
    "X inf": ("ValueError", changed(X, (3, 1), np.inf), CLASSES),
    "X float32 -inf": ("ValueError", changed(X, (3, 1), -np.inf, np.float32), CLASSES),
    "X complex": ("ValueError", X + 0j, CLASSES),
    "X numpy strings": ("ValueError", X.astype(str), CLASSES),
    "X bytes": ("ValueError", X.astype("S"), CLASSES),
    "X object text": ("ValueError", changed(X, (0, 0), "red", object), CLASSES),
    "X object None": ("ValueError", changed(X, (0, 0), None, object), CLASSES),
    "X nullable with NA": ("ValueError", pd.DataFrame({"a": pd.array([1, None] * 15, "Int64")}), CLASSES),
    "X frame of text": ("ValueError", pd.DataFrame({"a": ["red", "blue"] * 15}), CLASSES),
    "X ragged": ("ValueError", [[1, 2], [3]], [0, 1]),
    "X np.matrix": ("TypeError", X.view(np.matrix), CLASSES),
    "X None": ("InvalidParameterError", None, CLASSES),
    "X number": ("InvalidParameterError", 3.0, CLASSES),
    "X text": ("InvalidParameterError", "X", CLASSES),
    "X set": ("ValueError", {1, 2}, [0, 1]),
    "X shorter": ("ValueError", X[1:], CLASSES),
    "y shorter": ("ValueError", X, CLASSES[1:]),
    "y empty": ("ValueError", X, []),
    "y None": ("InvalidParameterError", X, None),
    "y number": ("InvalidParameterError", X, 1),
    "y text": ("InvalidParameterError", X, "target"),
    "y sparse": ("InvalidParameterError", X, sparse.csr_array(CLASSES[:, None])),
    "y two columns": ("ValueError", X, np.column_stack([CLASSES, CLASSES])),
    "y one-hot": ("ValueError", X, np.eye(3)[CLASSES]),
    "y NaN": ("ValueError", X, changed(CLASSES, 4, np.nan, float)),
    "y inf": ("ValueError", X, changed(CLASSES, 4, np.inf, float)),
    "y complex": ("ValueError", X, CLASSES + 0j),
    "y column": ("accepted", X, CLASSES[:, None]),
    "y bool": ("accepted", X, CLASSES == 1),
    "y constant": ("accepted", X, np.zeros(N, dtype=int)),
    "y frame": ("accepted", X, pd.DataFrame({"target": CLASSES})),
    "y categorical": ("accepted", X, pd.Series(CLASSES, dtype="category")),
    "y nullable": ("accepted", X, pd.Series(CLASSES, dtype="Int64")),
    "y shuffled index": ("accepted", X, pd.Series(CLASSES, index=CLASSES[::-1])),
    "y polars": ("accepted", X, pl.Series(CLASSES)),
    "X lists": ("accepted", X.tolist(), CLASSES.tolist()),
    "X tuples": ("accepted", tuple(map(tuple, X)), tuple(CLASSES.tolist())),
    "X object numbers": ("accepted", X.astype(object), CLASSES),
    "X frame": ("accepted", pd.DataFrame(X, index=CLASSES), CLASSES),
    "X mixed frame": ("accepted", pd.DataFrame({"a": X[:, 0], "b": CLASSES, "c": CLASSES > 1}), CLASSES),
    "X nullable": ("accepted", pd.DataFrame(LEVELS).astype("Int64"), CLASSES),
    "X categorical numerals": ("accepted", pd.DataFrame(LEVELS).astype("category"), CLASSES),
    "X frame of numerals": ("accepted", pd.DataFrame(LEVELS).astype("str"), CLASSES),
    "X sparse frame": ("accepted", pd.DataFrame(LEVELS).astype(pd.SparseDtype(int, 0)), CLASSES),
    "X polars": ("accepted", pl.DataFrame(X), CLASSES),
    "X float16": ("accepted", X.astype(np.float16), CLASSES),
    "X longdouble": ("accepted", X.astype(np.longdouble), CLASSES),
    "X masked": ("accepted", np.ma.masked_array(X, mask=X > 1), CLASSES),
    "X datetimes": ("accepted", LEVELS.astype("M8[D]"), CLASSES),
    "X constant": ("accepted", np.ones((N, 2)), CLASSES),
    "X huge": ("accepted", X * 1e300, CLASSES),
    "X equal rows": ("accepted", np.repeat(X[:1], N, axis=0), CLASSES),
}

# Rows for one of the two.
CLASSIF = {
    "y fractional": ("ValueError", X, CLASSES + 0.5),
    "y object numbers": ("ValueError", X, CLASSES.astype(object)),
    "y object with None": ("ValueError", X, changed(CLASSES, 2, None, object)),
    "y bytes": ("TypeError", X, CLASSES.astype("S")),
    "y mixed objects": ("ValueError", X, changed(CLASSES, 2, "a", object)),
    "y all unique": ("ValueError", X, np.arange(N)),
    "y strings": ("accepted", X, CLASSES.astype(str)),
    "y object strings": ("accepted", X, CLASSES.astype(str).astype(object)),
    "y integral floats": ("accepted", X, CLASSES.astype(np.float32)),
    "y datetimes": ("accepted", X, CLASSES.astype("M8[D]")),
    "y mostly unique": ("accepted", X, np.minimum(np.arange(N), 20)),
    "y unsigned above 2**63": ("accepted", X, CLASSES.astype(np.uint64) + np.uint64(2**63)),
    "y one class": ("accepted", X, ["a"] * N),
}
REGRESSION = {
    "y strings": ("ValueError", X, np.array(["red"] * N)),
    "y objects with text": ("ValueError", X, changed(TARGET, 2, "red", object)),
    "too few rows": ("ValueError", X[:3], TARGET[:3]),
    "y numerals": ("accepted", X, CLASSES.astype(str).astype(object)),
    "y object numbers": ("accepted", X, TARGET.astype(object)),
    "y float32": ("accepted", X, TARGET.astype(np.float32)),
    "y float16": ("accepted", X, TARGET.astype(np.float16)),
    "y longdouble": ("accepted", X, TARGET.astype(np.longdouble)),
    "y datetimes": ("accepted", X, np.arange(N).astype("M8[D]")),
    "y uint8": ("accepted", X, (TARGET * 10).astype(np.int8).astype(np.uint8)),
    "y tiny": ("accepted", X, TARGET * 1e-300),
    "y huge": ("accepted", X, TARGET * 1e200),
}

# Rows for both, of options; X has three columns of levels, so that they may be called discrete.
OPTIONS = {
    "discrete_features=other text": ("InvalidParameterError", {"discrete_features": "manual"}),
    "discrete_features=None": ("InvalidParameterError", {"discrete_features": None}),
    "discrete_features=1": ("InvalidParameterError", {"discrete_features": 1}),
    "discrete_features=np.bool_": ("TypeError", {"discrete_features": np.bool_(True)}),
    "discrete_features=set": ("TypeError", {"discrete_features": {0, 1}}),
    "discrete_features=[]": ("ValueError", {"discrete_features": []}),
    "discrete_features=floats": ("IndexError", {"discrete_features": [0.0, 1.0]}),
    "discrete_features=object mask": (
        "IndexError",
        {"discrete_features": changed([1, 0, 1], 0, True, object)},
    ),
    "discrete_features=out of range": ("IndexError", {"discrete_features": [0, 3]}),
    "discrete_features=below range": ("IndexError", {"discrete_features": [-4]}),
    "discrete_features=long mask": ("IndexError", {"discrete_features": [True, False, True, False]}),
    "discrete_features=short mask": ("IndexError", {"discrete_features": [True, False]}),
    "discrete_features=2-D mask": ("IndexError", {"discrete_features": [[True, False, True]]}),
    "discrete_features=names": ("ValueError", {"discrete_features": ["a", "b"]}),
    "discrete_features=NaN": ("ValueError", {"discrete_features": [np.nan, 1.0]}),
    "n_neighbors=0": ("InvalidParameterError", {"n_neighbors": 0}),
    "n_neighbors=-1": ("InvalidParameterError", {"n_neighbors": -1}),
    "n_neighbors=2.0": ("InvalidParameterError", {"n_neighbors": 2.0}),
    "n_neighbors=text": ("InvalidParameterError", {"n_neighbors": "3"}),
    "n_neighbors=None": ("InvalidParameterError", {"n_neighbors": None}),
    "copy=1": ("InvalidParameterError", {"copy": 1}),
    "copy=None": ("InvalidParameterError", {"copy": None}),
    "random_state=-1": ("InvalidParameterError", {"random_state": -1}),
    "random_state=2**32": ("InvalidParameterError", {"random_state": 2**32}),
    "random_state=1.5": ("InvalidParameterError", {"random_state": 1.5}),
    "random_state=text": ("InvalidParameterError", {"random_state": "seed"}),
    "random_state=Generator": ("InvalidParameterError", {"random_state": np.random.default_rng(0)}),
    "random_state=module": ("InvalidParameterError", {"random_state": np.random}),
    "n_jobs=0": ("ValueError", {"n_jobs": 0}),
    "n_jobs=1.5": ("InvalidParameterError", {"n_jobs": 1.5}),
    "n_jobs=text": ("InvalidParameterError", {"n_jobs": "2"}),
    "discrete_features=tuple": ("accepted", {"discrete_features": (0, 2)}),
    "discrete_features=range": ("accepted", {"discrete_features": range(2)}),
    "discrete_features=0/1 list is indices": ("accepted", {"discrete_features": [1, 0, 1]}),
    "discrete_features=negative": ("accepted", {"discrete_features": [-1]}),
    "discrete_features=uint8": ("accepted", {"discrete_features": np.array([2], np.uint8)}),
    "discrete_features=Series mask": ("accepted", {"discrete_features": pd.Series([True, False, True])}),
    "n_neighbors=True": ("accepted", {"n_neighbors": True}),
    "n_neighbors=np.int64": ("accepted", {"n_neighbors": np.int64(2)}),
    "n_neighbors large, all discrete": ("accepted", {"n_neighbors": 1000, "discrete_features": True}),
    "copy=np.bool_": ("accepted", {"copy": np.bool_(True)}),
    "random_state=np.uint32": ("accepted", {"random_state": np.uint32(7)}),
    "random_state=2**32-1": ("accepted", {"random_state": 2**32 - 1}),
}

SPARSE = {
    "continuous": ("ValueError", sparse.csr_array(LEVELS), {"discrete_features": False}),
    "partly continuous": ("ValueError", sparse.csc_array(LEVELS), {"discrete_features": [True, False, True]}),
    "NaN": ("ValueError", sparse.csr_array(changed(LEVELS, (1, 1), np.nan, float)), {}),
    "complex": ("ValueError", sparse.csr_array(LEVELS + 0j), {}),
    "no rows": ("ValueError", sparse.csr_array((0, 3)), {}),
    "shorter": ("ValueError", sparse.csr_array(LEVELS[1:]), {}),
    "bool": ("accepted", sparse.csr_array(LEVELS > 1), {}),
    "int8": ("accepted", sparse.csc_matrix(LEVELS.astype(np.int8)), {}),
    "empty": ("accepted", sparse.csr_array((N, 2)), {}),
    "explicit zeros": ("accepted", sparse.csc_array((np.zeros(3), ([1, 2, 3], [0, 1, 2])), (N, 3)), {}),
}

# Rows for every score of two labellings.
LABELS = {
    "lengths": ("ValueError", [0, 1], [1, 1, 1]),
    "true 2-D": ("ValueError", [[0, 1], [1, 0]], [1, 1, 1]),
    "pred 2-D": ("ValueError", [0, 1, 0], [[1, 1], [0, 0]]),
    "column": ("ValueError", CLASSES[:, None], CLASSES),
    "3-D": ("ValueError", np.zeros((2, 2, 2)), [0, 1]),
    "NaN": ("ValueError", [0, 1, 1], [0.0, np.nan, 1.0]),
    "inf": ("ValueError", [0, np.inf, 1], [0, 1, 1]),
    "object NaN": ("ValueError", changed(CLASSES, 0, np.nan, object), CLASSES),
    "NA": ("ValueError", pd.Series([1, None, 2], dtype="Int64"), [0, 1, 2]),
    "str with NA": ("ValueError", pd.Series(["a", None, "b"], dtype="str"), [0, 1, 2]),
    "polars str with null": ("TypeError", pl.Series(["a", None, "b"]), [0, 1, 2]),
    "categorical with NaN": ("ValueError", pd.Series(["a", None, "b"], dtype="category"), [0, 1, 2]),
    "object of int and str": ("TypeError", changed(CLASSES, 0, "a", object), CLASSES),
    "object with None": ("TypeError", changed(CLASSES, 0, None, object), CLASSES),
    "bytes": ("TypeError", CLASSES.astype("S"), CLASSES),
    "complex": ("ValueError", CLASSES + 0j, CLASSES),
    "set": ("ValueError", {0, 1}, [0, 1]),
    "ragged": ("ValueError", [[0, 1], [1]], [0, 1]),
    "text": ("InvalidParameterError", "ab", [0, 1]),
    "number": ("InvalidParameterError", 3, [0, 1]),
    "pred number": ("InvalidParameterError", [0, 1], 3),
    "sparse": ("InvalidParameterError", sparse.csr_array(CLASSES[:, None]), CLASSES),
    "fractional": ("accepted", [0.5, 1.5, 0.5], [0.0, 1.0, 1.0]),
    "fractional against str": ("accepted", ["a", "b", "a"], [0.5, 1.0, 1.0]),
    "one cluster": ("accepted", [1, 1, 1], [0, 0, 0]),
    "one sample": ("accepted", [1], ["a"]),
    "masked": ("accepted", np.ma.masked_array(CLASSES, CLASSES == 0), CLASSES),
    "negative zero": ("accepted", [0.0, -0.0, 1.0, 1.0], [0, 0, 1, 1]),
}
BOTH = ("mutual_info_classif", "mutual_info_regression")
OURS = mutua.feature_selection, mutua.metrics.cluster
THEIRS = sklearn_selection, sklearn_cluster
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

A, B = [0, 0, 1, 1, 2, 2], [0, 0, 1, 2, 2, 2]
TABLE = np.array([[2, 0, 1], [0, 3, 1]])


def table(contingency):
    return (None, None), {"contingency": contingency}


# Single calls: function, answer, positional arguments, options.
CALLS = [
    ("mutual_info_score", "ValueError", (None, None), {}),
    ("mutual_info_score", "ValueError", (None, A), {}),
    ("mutual_info_score", "ValueError", ([], []), {}),
    ("mutual_info_score", "ValueError", *table([1, 2, 3])),
    ("mutual_info_score", "ValueError", *table(TABLE[None])),
    ("mutual_info_score", "ValueError", *table(np.zeros((0, 0)))),
    ("mutual_info_score", "ValueError", *table(np.zeros((2, 2), dtype=int))),
    ("mutual_info_score", "ValueError", *table(changed(TABLE, (0, 0), np.nan, float))),
    ("mutual_info_score", "ValueError", *table(TABLE + 0j)),
    ("mutual_info_score", "ValueError", *table([["a", "b"], ["c", "d"]])),
    ("mutual_info_score", "InvalidParameterError", *table("table")),
    ("mutual_info_score", "InvalidParameterError", *table(5)),
    ("mutual_info_score", "accepted", (A, B), {"contingency": TABLE}),
    ("mutual_info_score", "accepted", *table(TABLE + 0.5)),
    ("mutual_info_score", "accepted", *table(TABLE.astype(np.uint8))),
    ("mutual_info_score", "accepted", *table(TABLE > 0)),
    ("mutual_info_score", "accepted", *table(pd.DataFrame(TABLE))),
    ("mutual_info_score", "accepted", *table(sparse.lil_array(TABLE))),
    ("mutual_info_score", "accepted", *table(sparse.coo_array(([1, 1, 2], ([0, 0, 1], [0, 0, 1]))))),
    ("mutual_info_score", "accepted", *table([[5, 1, 2]])),
    ("mutual_info_score", "accepted", *table([[-1, 2], [3, 4]])),
    ("adjusted_mutual_info_score", "accepted", ([], []), {}),
    ("adjusted_mutual_info_score", "InvalidParameterError", (A, B), {"average_method": "sum"}),
    ("adjusted_mutual_info_score", "InvalidParameterError", (A, None), {}),
    ("normalized_mutual_info_score", "accepted", ([], []), {}),
    ("normalized_mutual_info_score", "InvalidParameterError", (A, B), {"average_method": None}),
    ("v_measure_score", "accepted", ([], []), {}),
    ("v_measure_score", "accepted", (range(4), (1, 1, 2, 2)), {}),
    ("v_measure_score", "accepted", (A, B), {"beta": True}),
    ("v_measure_score", "InvalidParameterError", (A, B), {"beta": -0.5}),
    ("v_measure_score", "InvalidParameterError", (A, B), {"beta": np.inf}),
    ("v_measure_score", "InvalidParameterError", (A, B), {"beta": np.nan}),
    ("v_measure_score", "InvalidParameterError", (A, B), {"beta": "1"}),
    ("v_measure_score", "InvalidParameterError", (A, B), {"beta": None}),
    ("homogeneity_completeness_v_measure", "accepted", ([], []), {}),
    ("homogeneity_completeness_v_measure", "InvalidParameterError", (A, B), {"beta": -1}),
    ("fowlkes_mallows_score", "accepted", ([], []), {}),
    ("fowlkes_mallows_score", "accepted", ([0, 1, 2], [2, 1, 0]), {}),
    ("rand_score", "accepted", ([], []), {}),
    ("rand_score", "InvalidParameterError", (None, B), {}),
    ("adjusted_rand_score", "accepted", ([], []), {}),
    ("pair_confusion_matrix", "accepted", ([], []), {}),
    ("contingency_matrix", "ValueError", (A, B), {"eps": 0.1, "sparse": True}),
    ("contingency_matrix", "InvalidParameterError", (A, B), {"eps": -1}),
    ("contingency_matrix", "InvalidParameterError", (A, B), {"eps": "small"}),
    ("contingency_matrix", "InvalidParameterError", (A, B), {"sparse": 1}),
    ("contingency_matrix", "InvalidParameterError", ("labels", B), {}),
    ("contingency_matrix", "InvalidParameterError", (A, 3), {}),
    ("contingency_matrix", "ValueError", (A, B), {"dtype": object}),
    ("contingency_matrix", "TypeError", (A, B), {"dtype": "no such type"}),
    ("contingency_matrix", "ValueError", (A, B[:-1]), {}),
    ("contingency_matrix", "ValueError", ([[0, 1], [1, 0]], [0, 1, 1, 0]), {}),
    ("contingency_matrix", "IndexError", (None, B), {}),
    ("contingency_matrix", "TypeError", (changed(A, 0, "a", object), B), {}),
    ("contingency_matrix", "accepted", ([], []), {}),
    ("contingency_matrix", "accepted", ([np.nan, np.nan, 1.0], [0, 1, 1]), {}),
    ("contingency_matrix", "accepted", ([0.5, 1.5, np.inf], ["a", "b", "c"]), {}),
    ("contingency_matrix", "accepted", ([b"a", b"b", b"a"], [1j, 1j, 2]), {}),
    ("contingency_matrix", "accepted", ([0] * 300, [1] * 300), {"dtype": np.uint8}),
    ("contingency_matrix", "accepted", ([0] * 300, [1] * 300), {"dtype": bool, "sparse": True}),
    ("contingency_matrix", "accepted", (A, B), {"dtype": None}),
    ("contingency_matrix", "accepted", (A, B), {"eps": 1}),
    ("expected_mutual_information", "AttributeError", (TABLE.tolist(), 7), {}),
    ("expected_mutual_information", "TypeError", (TABLE, None), {}),
    ("expected_mutual_information", "TypeError", (TABLE, "7"), {}),
    ("expected_mutual_information", "ValueError", (TABLE[None], 7), {}),
    ("expected_mutual_information", "accepted", (TABLE, np.int32(7)), {}),
    ("expected_mutual_information", "accepted", (TABLE, 7.5), {}),
    ("expected_mutual_information", "accepted", (TABLE, 1000), {}),
    ("expected_mutual_information", "accepted", (np.array([[70000]]), 70000), {}),
    ("entropy", "accepted", ([],), {}),
    ("entropy", "accepted", (A,), {}),
    ("entropy", "accepted", ([A, B],), {}),
    ("entropy", "accepted", (["a", "b", "b"],), {}),
    ("entropy", "accepted", ([np.nan, np.nan, 1.0],), {}),
    ("entropy", "TypeError", (None,), {}),
    ("entropy", "TypeError", (3,), {}),
]


def assert_same_answer(outcome, name, expected, args, options):
    theirs = outcome(getattr(THEIRS[name not in BOTH], name), *args, **options)
    ours = outcome(getattr(OURS[name not in BOTH], name), *args, **options)
    assert (theirs.error[0].__name__ if theirs.error else "accepted") == expected, theirs.error
    assert ours.complaint == theirs.complaint
    if expected == "accepted":
        pair = [
            result.toarray() if sparse.issparse(result) else result for result in (ours.value, theirs.value)
        ]
        np.testing.assert_allclose(*pair, rtol=0, atol=TOLERANCE)


def rows(*tables):
    """One parameter set per function and row, its function and row in the name of the test."""
    return [
        pytest.param(name, *row, id=f"{name}-{title}")
        for names, table in tables
        for name in names
        for title, row in table.items()
    ]


@pytest.mark.parametrize(
    ("name", "expected", "X", "y"),
    rows((BOTH, FEATURES), (BOTH[:1], CLASSIF), (BOTH[1:], REGRESSION)),
)
def test_features_and_target(outcome, name, expected, X, y):
    assert_same_answer(outcome, name, expected, (X, y), {"random_state": 0})


@pytest.mark.parametrize(("name", "expected", "options"), rows((BOTH, OPTIONS)))
def test_options(outcome, name, expected, options):
    assert_same_answer(outcome, name, expected, (LEVELS, CLASSES), {"random_state": 0} | options)


@pytest.mark.parametrize(("name", "expected", "X", "options"), rows((BOTH, SPARSE)))
def test_sparse_features(outcome, name, expected, X, options):
    assert_same_answer(outcome, name, expected, (X, CLASSES), {"random_state": 0} | options)


@pytest.mark.parametrize(
    ("name", "args", "options"),
    [
        ("mutual_info_classif", (LEVELS, CLASSES, "auto"), {}),
        ("mutual_info_classif", (LEVELS,), {}),
        ("mutual_info_regression", (LEVELS, CLASSES), {"k": 3}),
        ("mutual_info_score", (A, B, TABLE), {}),
        ("mutual_info_score", (A,), {}),
        ("normalized_mutual_info_score", (A, B, "min"), {}),
        ("homogeneity_score", (A, B), {"beta": 1.0}),
        ("contingency_matrix", (A, B, 0.1), {}),
        ("expected_mutual_information", (TABLE,), {}),
        ("entropy", (), {}),
    ],
)
@pytest.mark.filterwarnings("ignore:Function entropy is deprecated:FutureWarning")
def test_arguments_that_do_not_fit_the_signature(name, args, options):
    for modules in (THEIRS, OURS):
        with pytest.raises(TypeError, match="argument"):  # Python's words, not the package's
            getattr(modules[name not in BOTH], name)(*args, **options)


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("discrete_features", [False, True])
def test_few_samples(outcome, name, n, discrete_features):
    options = {"random_state": 0, "discrete_features": discrete_features}
    theirs = outcome(getattr(sklearn_selection, name), LEVELS[:n], [0, 1, 0, 1][:n], **options)
    ours = outcome(getattr(mutua.feature_selection, name), LEVELS[:n], [0, 1, 0, 1][:n], **options)
    assert ours.complaint == theirs.complaint
    if not theirs.error:
        np.testing.assert_allclose(ours.value, theirs.value, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize(("name", "expected", "labels_true", "labels_pred"), rows((SCORES, LABELS)))
def test_labels(outcome, name, expected, labels_true, labels_pred):
    assert_same_answer(outcome, name, expected, (labels_true, labels_pred), {})


@pytest.mark.parametrize(("name", "expected", "args", "options"), CALLS)
def test_single_calls(outcome, name, expected, args, options):
    assert_same_answer(outcome, name, expected, args, options)


@pytest.mark.parametrize(
    ("config", "name", "args", "options"),
    [
        ({"sparse_interface": "sparray"}, "contingency_matrix", (A, B), {"sparse": True}),
        ({"sparse_interface": "spmatrix"}, "contingency_matrix", (A, B), {"sparse": True}),
        ({"assume_finite": True}, "mutual_info_score", ([0.0, np.nan, 1.0], [0, 1, 1]), {}),
        ({"skip_parameter_validation": True}, "v_measure_score", (A, B), {"beta": -0.25}),
    ],
)
def test_sklearn_configuration_is_respected(outcome, config, name, args, options):
    with sklearn.config_context(**config):
        theirs = outcome(getattr(sklearn_cluster, name), *args, **options)
        ours = outcome(getattr(mutua.metrics.cluster, name), *args, **options)
    assert ours.complaint == theirs.complaint
    assert theirs.error is None
    assert type(ours.value) is type(theirs.value)
    pair = [result.toarray() if sparse.issparse(result) else result for result in (ours.value, theirs.value)]
    np.testing.assert_allclose(*pair, rtol=0, atol=TOLERANCE)


# The five stated differences: what scikit-learn does, what ours does.


@pytest.mark.parametrize("name", BOTH)
def test_zeros_are_floats(name):
    features = np.random.RandomState(8).normal(size=(N, 2))  # all estimates are below -0.09
    theirs = getattr(sklearn_selection, name)(features, CLASSES, random_state=0)
    ours = getattr(mutua.feature_selection, name)(features, CLASSES, random_state=0)
    assert theirs.tolist() == ours.tolist() == [0.0, 0.0]
    assert (theirs.dtype, ours.dtype) == (np.int64, np.float64)


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("mask", [[True, True], [True] * 4])
def test_all_true_mask_of_wrong_length(name, mask):
    theirs = getattr(sklearn_selection, name)(LEVELS, CLASSES, discrete_features=mask)
    assert theirs.shape == (min(len(mask), 3),)  # silently cut
    with pytest.raises((ValueError, IndexError)):
        getattr(mutua.feature_selection, name)(LEVELS, CLASSES, discrete_features=mask)


@pytest.mark.parametrize("name", BOTH)
def test_duplicate_sparse_entries_are_summed(name):
    entries = np.r_[CLASSES, np.arange(N) % 2], np.r_[np.arange(N), np.arange(N)], [0, 2 * N]
    features = sparse.csc_array(entries, shape=(N, 1))
    theirs = getattr(sklearn_selection, name)(features, CLASSES, random_state=0)
    ours = getattr(mutua.feature_selection, name)(features, CLASSES, random_state=0)
    assert not features.has_canonical_format
    summed = getattr(sklearn_selection, name)(
        features.toarray(), CLASSES, discrete_features=True, random_state=0
    )
    np.testing.assert_allclose(ours, summed, rtol=0, atol=TOLERANCE)
    assert abs(theirs - summed) > 0.01  # the last entry wins


@pytest.mark.parametrize("average_method", ["arithmetic", "geometric", "min", "max"])
def test_adjusted_score_of_singletons_is_zero(average_method):
    singletons, labels = np.arange(10), np.arange(10) % 3
    for pair in ((singletons, labels), (labels, singletons)):
        theirs = sklearn_cluster.adjusted_mutual_info_score(*pair, average_method=average_method)
        ours = mutua.metrics.cluster.adjusted_mutual_info_score(*pair, average_method=average_method)
        assert theirs != 0.0  # rounding errors divided by each other: 1.5 for "min"
        assert ours == 0.0
    assert mutua.metrics.cluster.adjusted_mutual_info_score(singletons, singletons) == pytest.approx(1.0)


@pytest.mark.parametrize("name", BOTH)
def test_copy_false_never_writes(name):
    y = CLASSES * 1.0
    expected = getattr(sklearn_selection, name)(X, y, random_state=0)
    overwritten, untouched, frame = X.copy(), X.copy(), pd.DataFrame(X)
    getattr(sklearn_selection, name)(overwritten, y, copy=False, random_state=0)
    assert not np.array_equal(overwritten, X)
    for features in (untouched, frame):  # a frame is read-only: an error there
        ours = getattr(mutua.feature_selection, name)(features, y, copy=False, random_state=0)
        np.testing.assert_allclose(ours, expected, rtol=0, atol=TOLERANCE)
        np.testing.assert_array_equal(features, X)
