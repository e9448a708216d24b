"""Ours where scikit-learn's functions are used: programs, pipelines, scorers, patched modules."""

import copy
import functools
import hashlib
import inspect
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

import mutua
import mutua.feature_selection
import mutua.metrics
import mutua.metrics.cluster

sklearn_selection = pytest.importorskip("sklearn.feature_selection")
sklearn_cluster = pytest.importorskip("sklearn.metrics.cluster")
model_selection = pytest.importorskip("sklearn.model_selection")
clone = pytest.importorskip("sklearn.base").clone
get_scorer = pytest.importorskip("sklearn.metrics").get_scorer
make_scorer = pytest.importorskip("sklearn.metrics").make_scorer
csr_matrix = pytest.importorskip("scipy.sparse").csr_matrix
load_iris = pytest.importorskip("sklearn.datasets").load_iris
KMeans = pytest.importorskip("sklearn.cluster").KMeans
LogisticRegression = pytest.importorskip("sklearn.linear_model").LogisticRegression
Pipeline = pytest.importorskip("sklearn.pipeline").Pipeline
pd = pytest.importorskip("pandas")

BOTH = ["mutual_info_classif", "mutual_info_regression"]
SCORES = [
    "adjusted_mutual_info_score",
    "adjusted_rand_score",
    "completeness_score",
    "fowlkes_mallows_score",
    "homogeneity_completeness_v_measure",
    "homogeneity_score",
    "mutual_info_score",
    "normalized_mutual_info_score",
    "rand_score",
    "v_measure_score",
]
SCORERS = sorted(set(SCORES) - {"homogeneity_completeness_v_measure"})
CLUSTER = [*SCORES, "contingency_matrix", "entropy", "expected_mutual_information", "pair_confusion_matrix"]


def ours(name):
    return getattr(mutua.feature_selection if name in BOTH else mutua.metrics.cluster, name)


def theirs(name):
    return getattr(sklearn_selection if name in BOTH else sklearn_cluster, name)


# Programs


def run(program, *options, **environment):
    """The output of a program in an interpreter of its own, which must succeed without a word on stderr."""
    command = [sys.executable, *options, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


PROGRAM = """
from sklearn.metrics import mutual_info_score
from sklearn.feature_selection import mutual_info_classif
from sklearn.datasets import load_iris
print(mutual_info_score([0, 0, 1, 1, 2, 2], [0, 0, 1, 2, 2, 2]))
X, y = load_iris(return_X_y=True)
print(mutual_info_classif(X, y, random_state=42))
"""


def test_a_program_prints_the_same_after_changing_its_imports():
    changed = PROGRAM.replace("from sklearn.metrics", "from mutua.metrics")
    changed = changed.replace("from sklearn.feature_selection", "from mutua.feature_selection")
    printed = run(changed)
    assert printed == run(PROGRAM)
    first, second = printed.splitlines()
    assert first == "0.7803552045207032"
    assert [float(value) for value in second.strip("[]").split()] == pytest.approx(
        [0.51136510, 0.29942431, 0.99257309, 0.98564251], abs=1e-8
    )


def test_import_brings_in_numpy_only_and_is_silent():
    others = ["sklearn", "scipy", "pandas", "joblib", "polars", "pyarrow", "narwhals", "matplotlib"]
    program = f"""
import sys
import mutua, mutua.metrics, mutua.metrics.cluster, mutua.feature_selection
mutua.metrics.mutual_info_score([0, 1, 1], ["a", "b", "b"])
mutua.feature_selection.mutual_info_regression([[0.0], [1.0], [3.0], [2.5]], [0.0, 1.0, 2.0, 3.0], n_jobs=2)
print([name for name in {others} if name in sys.modules])
"""
    assert run(program, "-W", "error") == "[]\n"


def test_parameter_errors_without_sklearn_and_with_it():
    program = """
import sys
import mutua.feature_selection
def error():
    try:
        mutua.feature_selection.mutual_info_classif([[0.0]], [0], n_neighbors=0)
    except ValueError as error:
        return error
assert isinstance(error(), TypeError) and type(error()).__name__ == "InvalidParameterError"
assert "sklearn" not in sys.modules
from sklearn.utils._param_validation import InvalidParameterError
assert type(error()) is InvalidParameterError
"""
    assert run(program) == ""


# Inside scikit-learn


def search(score_func):
    X, y = load_iris(return_X_y=True)
    steps = [
        ("select", sklearn_selection.SelectKBest(functools.partial(score_func, random_state=0), k=2)),
        ("classify", LogisticRegression(max_iter=1000)),
    ]
    grid = model_selection.GridSearchCV(
        Pipeline(steps), {"select__k": [1, 2], "classify__C": [0.1, 1.0]}, cv=3, n_jobs=2
    )
    return grid.fit(X, y)


@pytest.fixture(scope="module")
def searches():
    return search(mutua.feature_selection.mutual_info_classif), search(sklearn_selection.mutual_info_classif)


def test_grid_search_over_a_selector(searches):
    our_search, their_search = searches
    assert our_search.best_params_ == their_search.best_params_
    np.testing.assert_array_equal(
        our_search.cv_results_["mean_test_score"], their_search.cv_results_["mean_test_score"]
    )
    selectors = [grid.best_estimator_["select"] for grid in searches]
    np.testing.assert_array_equal(*(selector.get_support() for selector in selectors))
    np.testing.assert_allclose(*(selector.scores_ for selector in selectors), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("frame", [False, True])
@pytest.mark.parametrize(
    "selector",
    [
        sklearn_selection.SelectKBest(k=2),
        sklearn_selection.SelectPercentile(percentile=50),
        sklearn_selection.GenericUnivariateSelect(mode="k_best", param=1),
    ],
    ids=lambda selector: type(selector).__name__,
)
def test_selectors(name, frame, selector):
    X, y = load_iris(return_X_y=True, as_frame=frame)
    selected = [
        clone(selector).set_params(score_func=functools.partial(function, random_state=3)).fit(X, y)
        for function in (ours(name), theirs(name))
    ]
    np.testing.assert_array_equal(*(fitted.transform(X) for fitted in selected))
    np.testing.assert_allclose(*(fitted.scores_ for fitted in selected), rtol=0, atol=1e-12)
    assert selected[0].pvalues_ is None


@pytest.mark.parametrize("name", BOTH + CLUSTER)
def test_functions_can_be_copied_and_pickled(name):
    function = ours(name)
    assert pickle.loads(pickle.dumps(function)) is function
    assert copy.deepcopy(function) is function
    assert clone(sklearn_selection.SelectKBest(function)).score_func is function
    partial = pickle.loads(pickle.dumps(functools.partial(function, 1, option=2)))
    assert (partial.func, partial.args, partial.keywords) == (function, (1,), {"option": 2})


@pytest.mark.parametrize("name", BOTH + CLUSTER)
def test_signatures(name):
    def described(function):
        parameters = inspect.signature(function).parameters.values()
        return [(parameter.name, parameter.kind, parameter.default) for parameter in parameters]

    assert described(ours(name)) == described(theirs(name))
    assert ours(name).__name__ == name
    assert ours(name).__doc__


def test_public_names():
    assert set(SCORES) <= set(mutua.metrics.__all__)
    assert set(CLUSTER) <= set(mutua.metrics.cluster.__all__)
    assert set(BOTH) <= set(mutua.feature_selection.__all__)
    for name in SCORES:
        assert getattr(mutua.metrics, name) is getattr(mutua.metrics.cluster, name)


# Patching


def attributes():
    """Every attribute of every scikit-learn module, and what every scorer calls."""
    found = {
        (module_name, name): value
        for module_name, module in list(sys.modules.items())
        if module_name.split(".")[0] == "sklearn"
        for name, value in vars(module).items()
    }
    found |= {("scorer", name): get_scorer(name)._score_func for name in SCORERS}
    return found


def assert_identical(before, after):
    """No place holds another object than before; modules that were imported since hold none of ours."""
    assert [place for place, value in before.items() if after.get(place) is not value] == []
    our_functions = [id(ours(name)) for name in BOTH + CLUSTER]
    assert [place for place, value in after.items() if id(value) in our_functions] == []


@pytest.fixture(name="untouched")
def _untouched():
    """The attributes before the test; whatever it does, they must be the same objects after it."""
    mutua.unpatch_sklearn()
    before = attributes()
    yield before
    after = attributes()
    mutua.unpatch_sklearn()
    assert_identical(before, after)


PLACES = {
    "sklearn.feature_selection": BOTH,
    "sklearn.metrics": SCORES,
    "sklearn.metrics.cluster": CLUSTER,
    "sklearn.metrics._scorer": SCORERS,
    "scorer": SCORERS,
}


def is_patched():
    """Whether ours are in all places, or in none; anything between is an error."""
    now = attributes()
    states = {now[place, name] is ours(name) for place, names in PLACES.items() for name in names}
    assert len(states) == 1
    return states.pop()


def test_patching_and_restoring(untouched):
    assert not is_patched()
    mutua.patch_sklearn()
    assert is_patched()
    assert {place for place, value in attributes().items() if value is not untouched[place]} >= {
        (place, name) for place, names in PLACES.items() for name in names
    }
    mutua.patch_sklearn()  # twice is once
    mutua.unpatch_sklearn()
    assert not is_patched()
    mutua.unpatch_sklearn()  # and undoing nothing is harmless
    assert not is_patched()


def test_patching_as_a_context(untouched):
    with mutua.patch_sklearn():
        assert is_patched()
        with mutua.patch_sklearn():
            assert is_patched()
        assert is_patched()
    assert_identical(untouched, attributes())


def test_a_context_within_a_lasting_patch_leaves_it(untouched):
    mutua.patch_sklearn()
    with mutua.patch_sklearn():
        assert is_patched()
    assert is_patched()
    mutua.unpatch_sklearn()
    assert_identical(untouched, attributes())


def test_a_context_is_undone_after_an_error(untouched):
    with pytest.raises(RuntimeError, match="inside"), mutua.patch_sklearn():
        raise RuntimeError("inside")
    assert_identical(untouched, attributes())


@pytest.mark.parametrize("name", SCORERS)
def test_scorers_by_name(name):
    X, y = load_iris(return_X_y=True)
    estimator = KMeans(n_clusters=3, n_init=1, random_state=0)
    expected = model_selection.cross_val_score(estimator, X, y, scoring=name, cv=3)
    with mutua.patch_sklearn():
        found = model_selection.cross_val_score(estimator, X, y, scoring=name, cv=3)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_scorers_in_a_grid_search():
    X, y = load_iris(return_X_y=True)
    grid = model_selection.GridSearchCV(
        KMeans(n_init=1, random_state=0), {"n_clusters": [2, 3, 5]}, scoring="v_measure_score", cv=3
    )
    expected = clone(grid).fit(X, y).cv_results_["mean_test_score"]
    with mutua.patch_sklearn():
        np.testing.assert_allclose(clone(grid).fit(X, y).cv_results_["mean_test_score"], expected, atol=1e-12)


# Memory: every layout gives the numbers of the plain one, and nothing is written

random = np.random.RandomState(5)
SAMPLES = random.normal(size=(40, 3)).round(1)
CODES = random.randint(0, 4, size=40)


def read_only(values, tmp_path):
    values = values.copy()
    values.flags.writeable = False
    return values


def fortran(values, tmp_path):
    return np.asfortranarray(values)


def strided(values, tmp_path):
    return np.repeat(values, 2, axis=0)[::2]


def backwards(values, tmp_path):
    return values[::-1].copy()[::-1]


def misaligned(values, tmp_path):
    place = np.zeros(values.nbytes + 1, np.uint8)[1:].view(values.dtype).reshape(values.shape)
    place[...] = values
    assert not place.flags.aligned
    return place


def record_field(values, tmp_path):
    records = np.zeros(len(values), [("tag", "u1"), ("values", values.dtype, values.shape[1:])])
    records["values"] = values
    return records["values"]


def byte_swapped(values, tmp_path):
    return values.astype(values.dtype.newbyteorder())


def memory_mapped(values, tmp_path):
    path = tmp_path / f"{len(list(tmp_path.iterdir()))}.npy"
    np.save(path, values)
    return np.load(path, mmap_mode="r")


def column_of_a_frame(values, tmp_path):
    return pd.DataFrame(values) if values.ndim == 2 else pd.Series(values)


LAYOUTS = [
    read_only,
    fortran,
    strided,
    backwards,
    misaligned,
    record_field,
    byte_swapped,
    memory_mapped,
    column_of_a_frame,
]


def fingerprint(values):
    values = np.asarray(values)
    return hashlib.sha256(values.tobytes()).hexdigest(), values.dtype, values.shape, values.strides


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("discrete_features", [False, True, [1]])
def test_layouts_of_features(tmp_path, layout, name, discrete_features):
    options = {"discrete_features": discrete_features, "random_state": 0}
    plain = [np.round(SAMPLES), CODES if name == "mutual_info_classif" else SAMPLES[:, 0]]
    expected = ours(name)(*plain, **options)
    np.testing.assert_allclose(expected, theirs(name)(*plain, **options), rtol=0, atol=1e-12)

    inputs = [layout(values, tmp_path) for values in plain]
    before = [fingerprint(values) for values in inputs]
    for copy_features in (True, False):
        np.testing.assert_array_equal(ours(name)(*inputs, copy=copy_features, **options), expected)
        assert [fingerprint(values) for values in inputs] == before


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.float64, "M8[s]", "<U3"])
def test_layouts_of_labels(tmp_path, layout, dtype):
    plain = [CODES.astype(dtype), np.roll(CODES, 1).astype(dtype)]
    inputs = [layout(values, tmp_path) for values in plain]
    before = [fingerprint(values) for values in inputs]
    for name in [*SCORES, "contingency_matrix", "pair_confusion_matrix"]:
        np.testing.assert_array_equal(ours(name)(*inputs), ours(name)(*plain))
        np.testing.assert_allclose(ours(name)(*inputs), theirs(name)(*plain), rtol=0, atol=1e-12)
    assert [fingerprint(values) for values in inputs] == before


@pytest.mark.parametrize("layout", LAYOUTS[:-1], ids=lambda layout: layout.__name__)
def test_layouts_of_tables(tmp_path, layout):
    plain = np.array([[20, 3, 0], [1, 15, 4]])
    table = layout(plain, tmp_path)
    before = fingerprint(table)
    assert mutua.metrics.mutual_info_score(None, None, contingency=table) == pytest.approx(
        sklearn_cluster.mutual_info_score(None, None, contingency=plain), abs=1e-12
    )
    assert mutua.metrics.cluster.expected_mutual_information(table, 43) == pytest.approx(
        sklearn_cluster.expected_mutual_information(plain, 43), abs=1e-12
    )
    assert fingerprint(table) == before


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("discrete_features", [False, True, [0, 4]])
def test_any_number_of_jobs_gives_the_same_bits(name, discrete_features):
    X = np.round(np.random.RandomState(1).normal(size=(300, 9)) * 10)
    y = np.arange(300) % 5
    results = [
        ours(name)(X, y, discrete_features=discrete_features, random_state=0, n_jobs=n_jobs).tobytes()
        for n_jobs in (None, 1, 2, -1, -2, 64, np.int64(2))
    ]
    assert len(set(results)) == 1


def test_originals_taken_before_the_patch_can_be_pickled():
    selector = sklearn_selection.SelectKBest(sklearn_selection.mutual_info_classif, k=2)
    scorer = make_scorer(sklearn_cluster.mutual_info_score)
    with mutua.patch_sklearn():
        restored = pickle.loads(pickle.dumps([selector, scorer]))
    assert restored[0].score_func is selector.score_func
    assert restored[1]._score_func is scorer._score_func


def test_batches_do_not_change_the_scores(monkeypatch):
    X = np.random.RandomState(0).normal(size=(50, 7))
    function = mutua.feature_selection.mutual_info_regression
    scores = [function(X, X[:, 0], random_state=0)]
    monkeypatch.setattr("mutua.feature_selection._mutual_info._BATCH", 100)
    scores.append(function(X, X[:, 0], random_state=0))
    assert scores[0].tolist() == scores[1].tolist()


def test_sparse_features_are_discrete_whatever_the_mask_says():
    X = csr_matrix(np.eye(6))
    for mask in ([True, False], [True] * 5 + [False]):
        for module in (mutua.feature_selection, sklearn_selection):
            with pytest.raises(ValueError, match="can't have continuous features"):
                module.mutual_info_classif(X, [0, 1] * 3, discrete_features=mask)
