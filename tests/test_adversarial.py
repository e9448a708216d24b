"""Hostile input to every public function: a defined number or an error that says what is wrong, no panic."""

import decimal
import inspect
import multiprocessing
import signal
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import mutua
import mutua.feature_selection
import mutua.metrics
from mutua import _core
from mutua.metrics import cluster

ERRORS = (ValueError, TypeError, MemoryError)
INTERNAL = ("panicked", "unwrap", ".rs", "the len is", "attempt to", "not implemented")  # a core's own words

# Where scikit-learn raises something else or returns NaN, its drop-ins do so too.
NO_VECTORS = {"None", "0-d", "set", "dict", "class"}  # to contingency_matrix: IndexError
NO_COUNTS = {"negative", "beyond integers"}  # in a table: NaN

N = 24
RNG = np.random.RandomState(0)
NUMBERS = RNG.normal(size=N)
CLASSES = np.arange(N) % 3
WAVES = np.sin(np.arange(N) ** 2.0)  # which nothing else tells

FEATURES = [
    getattr(mutua.feature_selection, name) for name in ("mutual_info_classif", "mutual_info_regression")
]
CLUSTERINGS = [getattr(cluster, name) for name in cluster.__all__]
PAIRS_OF_LABELS = [
    f for f in CLUSTERINGS if [*inspect.signature(f).parameters][1:2] in (["labels_pred"], ["b"])
]


def with_value(value, position):
    values = NUMBERS.copy()
    values[position] = value
    return values


def misaligned(values):
    buffer = np.zeros(values.nbytes + 1, dtype=np.uint8)
    view = buffer[1:].view(values.dtype)
    view[:] = values
    return view


def packed_field(values):
    records = np.zeros(len(values), dtype=[("flag", "i1"), ("value", values.dtype)])
    records["value"] = values
    return records["value"]


def read_only(values):
    values = values.copy()
    values.flags.writeable = False
    return values


class Liar:
    """Claims to be an array, and is not."""

    def __init__(self, answer):
        self.answer = answer

    def __len__(self):
        return N

    def __array__(self, dtype=None, copy=None):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


FEW = {"n_permutations": 3}

# A hostile argument in every place, among tame ones.
MEASURES = {
    "entropy": [
        mutua.entropy,
        lambda x, **o: mutua.entropy(CLASSES, **({"given": x} | o)),
        lambda x, **o: mutua.entropy(CLASSES, **({"weights": x} | o)),
        lambda x, **o: mutua.entropy(x, **({"mask": CLASSES > 0, "nan_policy": "omit"} | o)),
        lambda x, **o: mutua.entropy(mutua.Periodic(x, 3.0), **o),
    ],
    "mutual_information": [
        lambda x, **o: mutua.mutual_information(x, NUMBERS, **o),
        lambda x, **o: mutua.mutual_information(CLASSES, x, **o),
        lambda x, **o: mutua.mutual_information(x, x, **o),
        lambda x, **o: mutua.mutual_information(NUMBERS, NUMBERS**2, **({"given": x} | o)),
        lambda x, **o: mutua.mutual_information(NUMBERS, NUMBERS**2, **({"mask": x} | o)),
        lambda x, **o: mutua.mutual_information(CLASSES, CLASSES[::-1], **({"weights": x} | o)),
        lambda x, **o: mutua.mutual_information(x, NUMBERS, **({"lag": [-1, 4], "nan_policy": "omit"} | o)),
        lambda x, **o: mutua.mutual_information(x, NUMBERS, estimator=mutua.Mixture(), **o),
        lambda x, **o: mutua.mutual_information(mutua.Periodic(x, [3.0]), NUMBERS, **o),
        lambda x, **o: mutua.mutual_information(
            x, NUMBERS, **({"estimator": mutua.KSG(kind=2, norm="euclidean")} | o)
        ),
        lambda x, **o: mutua.mutual_information(
            x, NUMBERS, **({"estimator": mutua.KSG(k=0.2, transform="ranks")} | o)
        ),
        lambda x, **o: mutua.mutual_information(x, WAVES, **({"estimator": mutua.Gaussian()} | o)),
        lambda x, **o: mutua.mutual_information(x, WAVES, **({"estimator": mutua.GaussianCopula()} | o)),
        lambda x, **o: mutua.mutual_information(x, NUMBERS, **({"estimator": mutua.Binned()} | o)),
        lambda x, **o: mutua.mutual_information(x, NUMBERS, **({"estimator": mutua.Ordinal()} | o)),
    ],
    "estimate": [
        lambda x, **o: mutua.estimate(x, NUMBERS, **o),
        lambda x, **o: mutua.estimate(CLASSES, x, **o),
        lambda x, **o: mutua.estimate(NUMBERS, NUMBERS**2, **({"given": x} | o)),
    ],
    "normal_scores": [mutua.normal_scores],
    "total_correlation": [
        lambda x, **o: mutua.total_correlation(x, NUMBERS, **o),
        lambda x, **o: mutua.total_correlation(x, **o),
        lambda x, **o: mutua.total_correlation(NUMBERS, NUMBERS**2, **({"given": x} | o)),
    ],
    "dual_total_correlation": [lambda x, **o: mutua.dual_total_correlation(CLASSES, x, NUMBERS, **o)],
    "o_information": [lambda x, **o: mutua.o_information(NUMBERS, x, WAVES, **o)],
    "interaction_information": [lambda x, **o: mutua.interaction_information(NUMBERS, x, WAVES, **o)],
    "normalized_mutual_information": [
        lambda x, **o: mutua.normalized_mutual_information(x, CLASSES, **o),
        lambda x, **o: mutua.normalized_mutual_information(
            x, NUMBERS, **({"estimator": mutua.Binned(), "norm": "joint"} | o)
        ),
    ],
    "variation_of_information": [lambda x, **o: mutua.variation_of_information(x, CLASSES, **o)],
    "coverage": [mutua.coverage],
    "explain": [
        lambda x, **o: len(str(mutua.explain(x, NUMBERS, **o))),
        lambda x, **o: len(str(mutua.explain(CLASSES, NUMBERS, **({"given": x} | o)))),
    ],
    "transfer_entropy": [
        lambda x, **o: mutua.transfer_entropy(x, NUMBERS, **o),
        lambda x, **o: mutua.transfer_entropy(CLASSES, x, **o),
        lambda x, **o: mutua.transfer_entropy(NUMBERS, NUMBERS**2, **({"given": x, "history": 2} | o)),
        lambda x, **o: mutua.transfer_entropy(
            NUMBERS, NUMBERS**2, **({"groups": x, "pooled": True, "lag": [0, 2]} | o)
        ),
        lambda x, **o: mutua.transfer_entropy(CLASSES, CLASSES[::-1], **({"groups": x} | o)),
    ],
    "independence_test": [
        lambda x, **o: mutua.independence_test(x, WAVES, **(FEW | o)).pvalue,
        lambda x, **o: mutua.independence_test(CLASSES, x, **(FEW | o)).pvalue,
        lambda x, **o: mutua.independence_test(NUMBERS, WAVES, **(FEW | {"given": x} | o)).pvalue,
        lambda x, **o: mutua.independence_test(NUMBERS, WAVES, **(FEW | {"mask": x} | o)).pvalue,
        *(
            lambda x, method=method, **o: (
                mutua.independence_test(x, WAVES, **(FEW | {"method": method} | o)).pvalue
            )
            for method in ("block", "iaaft", "chi-square", "gaussian")
        ),
    ],
    "independence_tests": [
        lambda x, **o: mutua.independence_tests(x, WAVES, **(FEW | o)).pvalue,
        lambda x, **o: (
            mutua.independence_tests(
                np.transpose([NUMBERS, WAVES]), x, **(FEW | {"correction": "max-statistic"} | o)
            ).pvalue
        ),
    ],
    "compare": [
        lambda x, **o: mutua.compare(x, WAVES, NUMBERS, **({"n_subsamples": 3} | o)).pvalue,
        lambda x, **o: mutua.compare(NUMBERS, WAVES, x, **({"n_subsamples": 3} | o)).pvalue,
    ],
    "kl_divergence": [
        lambda x, **o: mutua.kl_divergence(x, NUMBERS[::2] + 0.1, **o),
        lambda x, **o: mutua.kl_divergence(CLASSES, x, **o),
        lambda x, **o: mutua.kl_divergence(x, np.sqrt(np.arange(9.0)), **o),
        lambda x, **o: mutua.kl_divergence(x, x, **o),
        lambda x, **o: mutua.kl_divergence(x, np.full(N, 1 / N), **({"probabilities": True} | o)),
    ],
    "jensen_shannon_divergence": [
        lambda x, **o: mutua.jensen_shannon_divergence(x, NUMBERS[::2], **o),
        lambda x, **o: mutua.jensen_shannon_divergence(CLASSES, x, **o),
        lambda x, **o: mutua.jensen_shannon_divergence(x, np.full(N, 1 / N), **({"probabilities": True} | o)),
    ],
    "pairwise_mutual_information": [
        mutua.pairwise_mutual_information,
        lambda x, **o: mutua.pairwise_mutual_information(CLASSES[:, None], x, **o),
        lambda x, **o: mutua.pairwise_mutual_information(np.transpose([CLASSES, CLASSES % 2]), **o),
    ],
}


NO_FUNCTIONS = {"Calibration", "ContingencyTable", "Estimate", "Periodic"}
UNDEFINED = {"entropy", "kl_divergence"}  # infinite, of laws with atoms


def numbers_of(table):
    """Every measure that a table has, and what is in it."""
    if table.total == 0:
        return table.to_array()
    information = [table.mutual_information(), table.entropy(), table.conditional_entropy(0)]
    others = [table.v_measure(), table.normalized_mutual_information()]
    counts = [table.adjusted_mutual_information(), *table.g_test()] if table.kind == "counts" else []
    return [table.total, *information, *others, *counts, *(sums.sum() for sums in table.margins)]


TABLES_FROM_LABELS = [
    lambda x: numbers_of(mutua.ContingencyTable.from_labels(x, CLASSES)),
    lambda x: numbers_of(mutua.ContingencyTable.from_labels(CLASSES, x, NUMBERS**2)),
    lambda x: numbers_of(mutua.ContingencyTable.from_labels(CLASSES, CLASSES, x)),
    lambda x: numbers_of(mutua.ContingencyTable.from_labels(CLASSES, CLASSES).update(x, x)),
    lambda x: numbers_of(mutua.ContingencyTable.from_counts(np.ones((N, 2)), row_labels=x)),
]
TABLES_FROM_CELLS = [
    lambda cells: numbers_of(mutua.ContingencyTable.from_counts(cells)),
    lambda cells: numbers_of(mutua.ContingencyTable.from_probabilities(cells)),
]
PATCHES = {"patch_sklearn", "unpatch_sklearn"}


VALUES = {
    "constant": lambda: np.full(N, 0.3),
    "half duplicates": lambda: np.repeat(NUMBERS[: N // 2], 2),
    "two values": lambda: np.arange(N) % 2 * 1.0,
    "sorted": lambda: np.sort(NUMBERS),
    "reversed": lambda: np.sort(NUMBERS)[::-1].copy(),
    "organ pipe": lambda: np.abs(np.arange(N) - N / 2),
    "outlier": lambda: with_value(1e308, 3),
    "both ends": lambda: np.resize([1e308, -1e308, 1.7e308], N),
    "all scales": lambda: 10.0 ** np.linspace(-300, 300, N),
    "denormal": lambda: np.arange(N) * 5e-324,
    "tiny": lambda: NUMBERS * 1e-310,
    "signed zeros": lambda: np.resize([0.0, -0.0], N),
    "offset": lambda: NUMBERS + 1e9,
    "offset beyond integers": lambda: NUMBERS + 2.0**53,
    "geometric": lambda: 0.5 ** np.arange(N),
    "whole floats": lambda: CLASSES.astype(float),
    "all different": lambda: np.arange(N) * 10**15,
    "extreme labels": lambda: np.resize([-(2**63), 2**63 - 1, 0], N),
    **{
        f"{value} at {position}": lambda value=value, position=position: with_value(value, position)
        for value in (np.nan, np.inf, -np.inf)
        for position in (0, 7, 8, N - 1)
    },
}

FORMS = {
    "0-d": lambda: np.array(1.0),
    "column": lambda: CLASSES.reshape(N, 1),
    "row": lambda: CLASSES.reshape(1, N),
    "3-d": lambda: CLASSES.reshape(2, 3, 4),
    "empty": lambda: np.zeros(0),
    "(0, 3)": lambda: np.zeros((0, 3)),
    "(3, 0)": lambda: np.zeros((3, 0)),
    "one": lambda: np.array([1]),
    "two": lambda: np.array([1, 2]),
    "short": lambda: CLASSES[:-1],
    "negative stride": lambda: CLASSES[::-1],
    "zero stride": lambda: np.broadcast_to(np.int64(3), N),
    "wide stride": lambda: np.repeat(CLASSES, 3)[::3],
    "field of records": lambda: packed_field(CLASSES),
    "read-only": lambda: read_only(CLASSES),
    "misaligned": lambda: misaligned(CLASSES),
    "byte-swapped": lambda: CLASSES.astype(">i8"),
    "byte-swapped floats": lambda: NUMBERS.astype(">f8"),
    "masked": lambda: np.ma.masked_array(CLASSES, CLASSES == 1),
    "records": lambda: np.zeros(N, dtype=[("a", "f8"), ("b", "i4")]),
    "recarray": lambda: np.rec.array(np.zeros(N, dtype=[("a", "f8")])),
    "None in objects": lambda: np.array([None, 1] * (N // 2), dtype=object),
    "decimals": lambda: np.array([decimal.Decimal(i) / 7 for i in range(N)], dtype=object),
    "big integers": lambda: np.array([2**70 + i % 3 for i in range(N)], dtype=object),
    "mixed objects": lambda: np.array([1, "a"] * (N // 2), dtype=object),
    "arrays in objects": lambda: np.array([np.zeros(2), np.zeros(3)] * (N // 2), dtype=object),
    **{name: lambda name=name: CLASSES.astype(name) for name in [*"?bhiBHILefgFDUS", "M8[s]", "m8[s]"]},
    "large unsigned": lambda: CLASSES.astype("u8") + np.uint64(2**63),
    "NaT": lambda: np.array(["2020-01-01", "NaT"] * (N // 2), dtype="M8[D]"),
    "void": lambda: np.zeros(N, dtype="V4"),
    "None": lambda: None,
    "number": lambda: 3,
    "text": lambda: "abc",
    "bytes": lambda: b"abc",
    "set": lambda: set(range(N)),
    "dict": lambda: dict.fromkeys(range(N)),
    "generator": lambda: (i % 3 for i in range(N)),
    "range": lambda: range(N),
    "tuple": lambda: tuple(CLASSES.tolist()),
    "ragged": lambda: [[1, 2], [3]] * (N // 2),
    "nested": lambda: [[i] for i in range(N)],
    "list of None": lambda: [None] * N,
    "list of mixed": lambda: [1, "a"] * (N // 2),
    "object": lambda: object(),
    "class": lambda: Liar,
    "function": lambda: len,
    "raises": lambda: Liar(ValueError("no array today")),
    "wrong shape": lambda: Liar(np.zeros((2, 2))),
    "no array": lambda: Liar("text"),
}

VECTORS = VALUES | FORMS

MATRICES = {
    **{
        f"columns of {name}": lambda make=make: np.column_stack([make(), NUMBERS])
        for name, make in VALUES.items()
    },
    "1-d": lambda: NUMBERS,
    "(1, n)": lambda: NUMBERS.reshape(1, N),
    "3-d": lambda: np.zeros((N, 2, 2)),
    "no columns": lambda: np.zeros((N, 0)),
    "no rows": lambda: np.zeros((0, 2)),
    "Fortran order": lambda: np.asfortranarray(RNG.normal(size=(N, 3))),
    "strides": lambda: RNG.normal(size=(2 * N, 6))[::-2, ::-2],
    "zero strides": lambda: np.broadcast_to(NUMBERS[:, None], (N, 3)),
    "read-only": lambda: read_only(RNG.normal(size=(N, 2))),
    "misaligned": lambda: misaligned(NUMBERS).reshape(N, 1),
    "byte-swapped": lambda: NUMBERS.reshape(N, 1).astype(">f8"),
    "text": lambda: np.full((N, 2), "a"),
    "objects": lambda: np.array([[1, None]] * N, dtype=object),
    "complex": lambda: NUMBERS.reshape(N, 1) * 1j,
    "half": lambda: NUMBERS.reshape(N, 1).astype("f2"),
    "longdouble": lambda: NUMBERS.reshape(N, 1).astype("g") * np.longdouble("1e4000"),
    "dates": lambda: np.arange(N).reshape(N, 1).astype("M8[D]"),
    "ragged": lambda: [[1, 2], [3]] * (N // 2),
    "None": lambda: None,
    "object": lambda: object(),
    "raises": lambda: Liar(ValueError("no array today")),
    "wrong shape": lambda: Liar(np.zeros((2, 2))),
}

TABLES = {
    "empty": lambda: np.zeros((0, 0), dtype=np.int64),
    "zeros": lambda: np.zeros((2, 2), dtype=np.int64),
    "negative": lambda: np.array([[3, -1], [0, 2]]),
    "fractions": lambda: np.array([[0.5, 1.5], [2.5, 0]]),
    "NaN": lambda: np.array([[np.nan, 1], [1, 1]]),
    "infinite": lambda: np.array([[np.inf, 1], [1, 1]]),
    "beyond integers": lambda: np.array([[1e30, 1], [1, 1e30]]),
    "sum beyond integers": lambda: np.full((2, 2), 2**62),
    "large": lambda: np.array([[2**31, 1], [1, 2**31]]),
    "1-d": lambda: np.array([1, 2, 3]),
    "3-d": lambda: np.ones((2, 2, 2)),
    "list": lambda: [[1, 2], [3, 4]],
    "ragged": lambda: [[1, 2], [3]],
    "text": lambda: np.full((2, 2), "a"),
    "complex": lambda: np.full((2, 2), 1j),
    "objects": lambda: np.full((2, 2), None),
    "number": lambda: 3,
    "object": lambda: object(),
}

INTEGERS = {
    "bool": True,
    "whole float": 2.0,
    "float": 2.5,
    "NaN": float("nan"),
    "infinite": float("inf"),
    "zero": 0,
    "minus one": -1,
    "minus hundred": -100,
    "million": 10**6,
    "beyond 32 bits": 2**32,
    "beyond 63 bits": 2**63,
    "beyond 64 bits": 2**70,
    "far below": -(2**70),
    "numpy": np.int64(2),
    "text": "3",
    "None": None,
    "list": [3],
    "object": object(),
}

OTHERS = {
    **INTEGERS,
    "unknown": "unknown",
    "mask": [True, False],
    "short mask": [True],
    "index": [5],
    "negative index": [-3],
    "empty": [],
    "generator": np.random.default_rng(0),
    "infinite negative": float("-inf"),
    "dict": {},
    "class": int,
}


# ----------------------------------------------------------------------------------------------------------
# One call


def snapshot(value):
    """What must be the same after the call."""
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, value.strides, value.flags.writeable, value.tolist().__repr__()
    return repr(value) if isinstance(value, list | tuple | dict | set) else None


def survives(function, *args, also=(), undefined=False, unchanged=True, **kwargs):
    """The call returns defined numbers or raises one of our errors, and does not write its input."""
    inputs = [*args, *kwargs.values()] if unchanged else []
    before = [snapshot(value) for value in inputs]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = function(*args, **kwargs)
    except (*ERRORS, *also) as error:
        text = str(error)
        assert text
        assert not any(word in text for word in INTERNAL), text
    except BaseException as error:
        pytest.fail(f"{type(error).__name__}: {error}")
    else:
        dense = result.toarray() if hasattr(result, "toarray") else result
        assert undefined or np.all(np.isfinite(np.asarray(dense, dtype=float))), result
    assert [snapshot(value) for value in inputs] == before


def named(functions):
    return pytest.mark.parametrize("function", functions, ids=lambda function: function.__name__)


# ----------------------------------------------------------------------------------------------------------
# Every function, every input


def test_every_public_function_is_attacked():
    attacked = {f.__name__ for f in [*FEATURES, *PAIRS_OF_LABELS]} | {
        "entropy",
        "expected_mutual_information",
    }
    assert attacked == set(cluster.__all__) | set(mutua.feature_selection.__all__)
    assert set(MEASURES) == {
        name
        for name in mutua.__all__
        if callable(getattr(mutua, name))
        and name not in {*NO_FUNCTIONS, "calibrate", *mutua.estimators.__all__, *PATCHES}
    }
    assert all(
        getattr(mutua.metrics, name) is getattr(cluster, name)
        for name in mutua.metrics.__all__
        if name != "cluster"
    )


@pytest.mark.parametrize("hostile", VECTORS)
@named(PAIRS_OF_LABELS)
def test_labels(function, hostile):
    also = (IndexError,) if function is cluster.contingency_matrix and hostile in NO_VECTORS else ()
    make = VECTORS[hostile]
    survives(function, make(), CLASSES, also=also)
    survives(function, CLASSES, make(), also=also)
    survives(function, make(), make(), also=also)


@pytest.mark.parametrize("hostile", VECTORS)
@pytest.mark.parametrize("discrete", [False, True])
@named(FEATURES)
def test_targets(function, discrete, hostile):
    features = np.column_stack([CLASSES, NUMBERS > 0])
    survives(function, features, VECTORS[hostile](), discrete_features=discrete, random_state=0)
    survives(function, NUMBERS.reshape(N, 1), VECTORS[hostile](), random_state=0)


@pytest.mark.parametrize("hostile", MATRICES)
@pytest.mark.parametrize("discrete", [False, True])
@named(FEATURES)
def test_features(function, discrete, hostile):
    make = MATRICES[hostile]
    for n_neighbors in (1, 3, N - 1, N):
        survives(
            function, make(), CLASSES, discrete_features=discrete, n_neighbors=n_neighbors, random_state=0
        )


@pytest.mark.parametrize("hostile", VECTORS)
def test_entropy(hostile):
    survives(cluster.entropy, VECTORS[hostile]())


@pytest.mark.parametrize("hostile", VECTORS | MATRICES)
@pytest.mark.parametrize("name", MEASURES)
def test_measures(name, hostile):
    """Of atoms the differential entropy is infinite, and an estimate may leave rare labels out."""
    make = (VECTORS | MATRICES)[hostile]
    for call in MEASURES[name]:
        for options in ({}, {"pointwise": True}, {"discrete": True}, {"discrete": False}):
            if not inspect.signature(getattr(mutua, name)).parameters.keys() >= options.keys():
                continue
            survives(call, make(), undefined=name in UNDEFINED or "pointwise" in options, **options)


def estimate_with(measure, estimator, **options):
    return measure(NUMBERS**2, estimator=getattr(mutua.estimators, estimator)(**options))


@pytest.mark.parametrize("hostile", OTHERS)
@pytest.mark.parametrize("name", MEASURES)
def test_options_of_measures(name, hostile):
    options = inspect.signature(getattr(mutua, name)).parameters.keys() - {
        "x",
        "y",
        "X",
        "Y",
        "x1",
        "x2",
        "n_permutations",  # As many as are asked for are made.
        "n_subsamples",
        "source",
        "target",
        "variables",
    }
    data = NUMBERS if "estimator" in options else np.stack([CLASSES, CLASSES % 2], axis=1)
    for option in options:
        undefined = option == "pointwise"  # Of a sample that has no past.
        survives(
            MEASURES[name][0], data, **{option: OTHERS[hostile]}, also=(OverflowError,), undefined=undefined
        )
    if "estimator" not in options:
        return
    for estimator in mutua.estimators.__all__:
        for option in inspect.signature(getattr(mutua.estimators, estimator)).parameters:
            survives(estimate_with, MEASURES[name][0], estimator, **{option: OTHERS[hostile]})


@pytest.mark.parametrize("hostile", OTHERS)
def test_periods(hostile):
    """Of a period so large that numbers below 0 are rounded to one, the entropy is infinite."""
    survives(lambda period: mutua.entropy(mutua.Periodic(NUMBERS, period)), OTHERS[hostile], undefined=True)


@pytest.mark.parametrize("hostile", VECTORS | MATRICES)
@pytest.mark.parametrize("call", TABLES_FROM_LABELS)
def test_tables_from_labels(call, hostile):
    survives(call, (VECTORS | MATRICES)[hostile]())


@pytest.mark.parametrize("hostile", VECTORS | MATRICES | TABLES)
@pytest.mark.parametrize("call", TABLES_FROM_CELLS)
def test_tables_from_cells(call, hostile):
    survives(call, (VECTORS | MATRICES | TABLES)[hostile]())


@pytest.mark.parametrize("hostile", TABLES)
def test_tables(hostile):
    survives(
        cluster.mutual_info_score, None, None, contingency=TABLES[hostile](), undefined=hostile in NO_COUNTS
    )
    survives(cluster.expected_mutual_information, TABLES[hostile](), 10, also=(AttributeError,))


@pytest.mark.parametrize("hostile", INTEGERS)
def test_number_of_samples(hostile):
    survives(
        cluster.expected_mutual_information,
        np.array([[3, 1], [2, 4]]),
        INTEGERS[hostile],
        also=(OverflowError,),
    )


OPTIONS = [
    pytest.param(function, name, id=f"{function.__name__}-{name}")
    for function in [*FEATURES, *CLUSTERINGS]
    for name, parameter in inspect.signature(function).parameters.items()
    if parameter.kind is parameter.KEYWORD_ONLY and name != "contingency"
]


@pytest.mark.parametrize("hostile", OTHERS)
@pytest.mark.parametrize(("function", "option"), OPTIONS)
def test_options(function, option, hostile):
    also = {"discrete_features": (IndexError,), "eps": (OverflowError,)}.get(option, ())
    first = np.column_stack([CLASSES, NUMBERS]) if function in FEATURES else CLASSES
    survives(function, first, CLASSES, **{option: OTHERS[hostile]}, also=also)


@pytest.mark.parametrize("n", range(6))
@named([*PAIRS_OF_LABELS, *FEATURES])
def test_few_samples(function, n):
    for values in (np.zeros(n), np.arange(n)):
        first = values.reshape(n, 1) if function in FEATURES else values
        survives(function, first, values)
        survives(function, first, np.zeros(n))


@named(FEATURES)
def test_containers(function, tmp_path):
    pd, pl, pa = map(pytest.importorskip, ("pandas", "polars", "pyarrow"))
    sparse = pytest.importorskip("scipy.sparse")
    features, missing = np.column_stack([NUMBERS, CLASSES]), [None, *NUMBERS[1:]]
    mapped = np.memmap(tmp_path / "features", dtype="f8", mode="w+", shape=features.shape)
    mapped[:] = features
    mapped.flush()
    for hostile in [
        np.memmap(tmp_path / "features", dtype="f8", mode="r", shape=features.shape),
        features.view(np.matrix) if hasattr(np, "matrix") else features,
        pd.DataFrame(features),
        pd.DataFrame({"a": missing}),
        pd.DataFrame({"a": pd.array(missing, dtype="Float64")}),
        pd.DataFrame({"a": pd.Categorical(CLASSES)}),
        pd.DataFrame(features, columns=["a", "a"]),
        pl.DataFrame(features),
        pl.DataFrame({"a": missing}),
        pa.table({"a": missing}),
        *(
            sparse.csr_matrix(features).asformat(form)
            for form in ("csr", "csc", "coo", "lil", "dok", "bsr", "dia")
        ),
        sparse.csr_array(features * 1j),
    ]:
        for discrete in ("auto", True, False):
            survives(function, hostile, CLASSES, discrete_features=discrete)


# ----------------------------------------------------------------------------------------------------------
# Threads, processes, signals

LONG = RNG.normal(size=(20_000, 6))
COLUMNS = np.ascontiguousarray(LONG.T)
TARGET = LONG[:, 0] + RNG.normal(size=20_000)


def score(n_jobs=None):
    return mutua.feature_selection.mutual_info_regression(LONG, TARGET, random_state=0, n_jobs=n_jobs)


@pytest.mark.parametrize("n_jobs", [1, 2, 3, 7, -1, -2])
@pytest.mark.parametrize("discrete", [[], [0, 1], [0, 1, 2, 3, 4, 5]])
def test_scores_do_not_depend_on_the_number_of_threads(n_jobs, discrete):
    features, classes = np.round(LONG[:3000], 1), (TARGET[:3000] > 0).astype(int)
    mask = np.isin(np.arange(6), discrete)
    for function, target in zip(FEATURES, (classes, TARGET[:3000]), strict=True):
        scores = [
            function(
                np.where(mask, np.round(features), features),
                target,
                discrete_features=mask,
                random_state=0,
                n_jobs=n,
            )
            for n in (None, n_jobs)
        ]
        assert scores[0].tobytes() == scores[1].tobytes()


def test_threads_get_the_same_bits():
    with ThreadPoolExecutor(8) as pool:
        results = {scores.tobytes() for scores in pool.map(score, [1, 2] * 4)}
    assert results == {score().tobytes()}


def send_score(pipe):
    pipe.send(score(n_jobs=2).tobytes())


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_after_threads_were_used_still_computes():
    expected = score(n_jobs=2).tobytes()
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    child = context.Process(target=send_score, args=(sending,))
    child.start()
    try:
        assert receiving.poll(60), "the child hangs"
        assert receiving.recv() == expected
    finally:
        child.kill()
        child.join()


class Rang(Exception):
    """What the alarm raises."""


class Alarm:
    """Raises at the n-th signal; all the signals that wait for the end of a call count as one."""

    def __init__(self, n):
        self.n, self.signals = n, 0

    def __call__(self, *_):
        self.signals += 1
        if self.signals == self.n:
            raise Rang


def _halves(n):
    points = np.random.RandomState(1).normal(size=(n, 4))
    return np.ascontiguousarray(points[:, :2]), np.ascontiguousarray(points[:, 2:])


def many_labels(n):
    return RNG.randint(0, 10**9, (2, n))


def matrix_of(n_columns, n, n_levels):
    labels = RNG.randint(0, n_levels, (n, n_columns)).astype(np.uint8 if n_levels < 256 else np.int64)
    return _core.pairwise_mutual_information, labels, None, np.empty((n_columns, n_columns))


TERMS = [(1, 0b101), (1, 0b110), (-1, 0b100), (-1, 0b111)]

LONG_CALLS = {
    "ksg": lambda: (_core.mutual_information_columns, [*COLUMNS] * 200, TARGET, 3),
    "ksg, few samples": lambda: (
        _core.mutual_information_columns,
        [*COLUMNS[:, :500].copy()] * 4000,
        TARGET[:500].copy(),
        3,
    ),
    "ksg, threads": lambda: (_core.mutual_information_columns, [*COLUMNS] * 200, TARGET, 3, 2),
    "ross": lambda: (_core.mutual_information_columns, [*COLUMNS] * 500, (TARGET > 0).astype(int), 3),
    "plug-in": lambda: (
        _core.mutual_information_columns,
        [*many_labels(10**6)] * 3,
        many_labels(10**6)[0],
        3,
    ),
    "kraskov": lambda: (_core.kraskov, *_halves(200_000), 3),
    "second": lambda: (_core.kraskov, *_halves(200_000), 3, 2),
    "scalars": lambda: (_core.kraskov, *np.resize(COLUMNS, (2, 2 * 10**6)), [3] * 9),
    "ranks": lambda: (_core.kraskov, *_halves(20_000), 300, 1, "max", True),
    "conditional": lambda: (_core.conditional, *_halves(100_000), LONG[:, 0].repeat(5), 5),
    "on circles": lambda: (_core.kraskov, *((half, np.ones(2)) for half in _halves(200_000)), 3),
    "conditional, apart": lambda: (
        _core.conditional_apart,
        *_halves(20_000),
        LONG[:, 0].copy(),
        np.arange(20_000),
        100,
        3,
    ),
    "mixture": lambda: (_core.mixture, *_halves(200_000), 3),
    "by ties": lambda: (_core.by_ties, *_halves(200_000), 3),
    "common ball": lambda: (_core.common_ball, [*_halves(600_000), np.arange(600_000) % 3], TERMS, 3, "ross"),
    "many classes": lambda: (
        _core.common_ball,
        [*_halves(200_000), np.arange(200_000) // 2 * 10**9],
        TERMS,
        [1] * 20,
        "mixture",
    ),
    "ties": lambda: (_core.ties, [*np.round(_halves(10**6))], 3),
    "ross of points": lambda: (_core.ross, LONG.repeat(10, axis=0), np.arange(200_000) % 3, 3),
    "entropy of points": lambda: (_core.kozachenko_leonenko, LONG, 300),
    "many neighbors": lambda: (_core.mutual_information_columns, [*COLUMNS] * 5, TARGET, 300, 2),
    "local": lambda: (_core.local_non_uniformity, np.resize(LONG, (200_000, 6)), 50, 0.1),
    "distances": lambda: (_core.kth_distances, LONG, 300),
    "distances to others": lambda: (_core.kth_distances_to, LONG, LONG[::2].copy() + 0.1, 300),
    "distances to others of a line": lambda: (
        _core.kth_distances_to,
        *(np.resize(COLUMNS, (2 * 10**6, 1)) + step for step in (0, 0.1)),
        300,
    ),
    "divergence": lambda: (_core.kullback_leibler, *_halves(800_000), 3),
    "counts": lambda: (_core.counts_within, np.resize(LONG, (10**6, 6)), np.full(10**6, 0.5), True),
    "scores": lambda: (_core.LogSums(40_000).add, np.zeros((4000, 40_000))),
    "gradient of scores": lambda: (
        _core.score_gradient,
        np.zeros((4000, 10_000)),
        np.zeros(4000),
        np.zeros(10_000),
    ),
    "table": lambda: (_core.CountTable, *many_labels(4 * 10**6)),
    "texts": lambda: (_core.number_texts, np.resize(many_labels(10**4)[0].astype(str), 10**7)),
    "expected": lambda: (_core.expected_mutual_information, np.arange(3000), np.arange(3000), 4_498_500),
    "matrix": lambda: matrix_of(2000, 10_000, 4),
    "matrix, threads": lambda: (*matrix_of(2000, 10_000, 4), 1.0, 2),
    "matrix of many levels": lambda: matrix_of(100, 10**5, 3000),
    "matrix of long columns": lambda: matrix_of(4, 2 * 10**7, 2),
}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers")
@pytest.mark.parametrize("name", LONG_CALLS)
def test_signals_are_handled_during_a_long_call(name):
    function, *args = LONG_CALLS[name]()
    before = signal.signal(signal.SIGALRM, Alarm(3))
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    try:
        with pytest.raises(Rang):
            function(*args)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


SHORT = RNG.normal(size=(3, 50))
SHORT_CALLS = {
    "plain": lambda: mutua.mutual_information(*SHORT[:2]),
    "estimator": lambda: mutua.mutual_information(*SHORT[:2], estimator=mutua.KSG()),
    "given": lambda: mutua.mutual_information(*SHORT[:2], given=SHORT[2], estimator=mutua.KSG(), n_jobs=1),
    "several k": lambda: mutua.mutual_information(*SHORT[:2], estimator=mutua.KSG(k=(3, 4))),
    "threads": lambda: mutua.mutual_information(*SHORT[:2], estimator=mutua.KSG(), n_jobs=2),
    "entropy": lambda: mutua.entropy(SHORT[0]),
    "labels": lambda: mutua.mutual_information([1, 2, 1], ["a", "b", "a"]),
    "drop-in": lambda: cluster.mutual_info_score([1, 2, 1], [3, 4, 4]),
}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers")
@pytest.mark.parametrize("name", SHORT_CALLS)
def test_no_signal_is_lost_in_short_calls(name):
    """Wherever in a call a signal arrives, its exception reaches the caller."""
    call, alarm = SHORT_CALLS[name], Alarm(1)

    def call_until_it_rings(seconds):
        signal.setitimer(signal.ITIMER_REAL, seconds)
        while not alarm.signals:
            call()

    call()
    before = signal.signal(signal.SIGALRM, alarm)
    try:
        with np.errstate():  # One that a call has entered stays as it is if a signal comes before its exit.
            for microseconds in range(20, 320):
                alarm.signals = 0
                with pytest.raises(Rang):
                    call_until_it_rings(1e-6 * microseconds)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_an_interrupt_while_an_estimator_is_looked_at():
    class Interrupted(mutua.KSG):
        @property
        def _k_of_scalars(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mutua.mutual_information(*SHORT[:2], estimator=Interrupted())


def test_an_interrupt_while_neighbors_are_counted():
    class Interrupted:
        def __iter__(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _core.kraskov(*SHORT[:2], Interrupted())


WORK_FOREVER = """
import numpy as np, mutua.feature_selection
X = np.random.RandomState(0).normal(size=(200_000, 4))
print("started", flush=True)
try:
    while True:
        mutua.feature_selection.mutual_info_regression(X, X[:, 0], random_state=0, n_jobs=2)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_interrupt_ends_a_process():
    command = [sys.executable, "-c", WORK_FOREVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "started\n"
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (output, errors, process.returncode) == ("interrupted\n", "", 0)


FIRST_CALL = """
import numpy as np, mutua
def interrupted(self, version):
    raise KeyboardInterrupt
np.lib.NumpyVersion.__init__ = interrupted
print(mutua.mutual_information(np.arange(4) % 2, np.arange(4) // 2))
"""


def test_the_first_call_runs_no_code_of_numpy_that_an_interrupt_could_end():
    """NumPy's C functions are looked up when the module is loaded: later an interrupt would be a panic."""
    process = subprocess.run([sys.executable, "-c", FIRST_CALL], capture_output=True, text=True, check=False)
    assert (process.stdout, process.stderr) == ("0.0\n", "")


@pytest.mark.parametrize(("dtype", "largest"), [(np.int64, 2**40), (np.int32, 2**10), (np.uint8, 255)])
def test_arrays_that_change_during_the_call(dtype, largest):
    """The result may be anything, but it is a number or an error."""
    x = np.zeros(1_000_000, dtype=dtype)
    y = (np.arange(len(x)) % 7).astype(dtype)
    stop = threading.Event()

    def change():
        while not stop.is_set():
            x[::1000] = largest
            x[::1000] = 0

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(20):
            survives(cluster.mutual_info_score, x, y, unchanged=False)
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("kind", ["U", "S", object])
def test_texts_that_change_during_the_call(kind):
    """The same for texts: what other threads write changes numbers, not places in memory."""
    words = np.array(["one", "two", "three", "four"], dtype=kind)
    x = np.tile(words, 50_000)
    other = words[2]
    stop = threading.Event()

    def change():
        while not stop.is_set():
            x[::1000] = other
            x[1::1000] = words[0]

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(20):
            survives(lambda: mutua.ContingencyTable.from_labels(x, x).entropy(), unchanged=False)
    finally:
        stop.set()
        thread.join()


MEMORY_RUNS_OUT = """
import os, resource
import numpy as np
import mutua
from mutua import _core

rng = np.random.RandomState(0)
x, y = rng.normal(size=(2, 100_000))
points, radii = np.column_stack([x, y]), np.full(len(x), 0.01)
sign = (x > 0).astype(int)
labels = rng.randint(0, 10**9, (2, len(x)))
ones = np.ones(len(x), dtype=int)
table = _core.CountTable(*labels)
words = labels[0].astype(str)
objects = words.astype(object)
wide = labels[0] % 1000 << 40

for spare in range(0, 1 << 26, 1 << 18):
    child = os.fork()
    if child == 0:
        limit = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() + spare
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        try:
            {call}
        except MemoryError:
            os._exit(1)
        except BaseException:
            os._exit(2)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == 0:
        break
    assert code == 1, f"exit code {{code}} with {{spare}} bytes to spare"
"""
MEMORY_CALLS = {
    "distances": "_core.kth_distances(points, 3)",
    "distances to many": "_core.kth_distances(points[:3000].copy(), 1500)",
    "counts": "_core.counts_within(points, radii, True)",
    "ksg": "_core.mutual_information_columns([x], y, 3)",
    "kraskov": "_core.kraskov(points, points, [3, 5])",
    "second": "_core.kraskov(points[:1000], points[:1000], 3, 2)",
    "pointwise": "_core.kraskov(points, points, 3, pointwise=True)",
    "ranks": "_core.kraskov(x, y, 3, ranked=True)",
    "conditional": "_core.conditional(x, y, points, 3)",
    "conditional, apart": "_core.conditional_apart(x, y, points, np.arange(len(x)), 3, 3)",
    "mixture": "_core.mixture(x, np.round(y), 3)",
    "mixture of points": "_core.mixture(points, np.round(points), 3)",
    "by ties": "_core.by_ties(points, points, 3)",
    "common ball": "_core.common_ball([points, sign], [(1, 1), (1, 2), (-1, 3)], [3, 5], 'atom split')",
    "ties": "_core.ties([np.round(points), sign], 3)",
    "ross of points": "_core.ross(points, sign, 3)",
    "entropy of points": "_core.kozachenko_leonenko(points, [3, 5])",
    "divergence": "_core.kullback_leibler(x, y + 0.1, 3)",
    "divergence of points": "_core.kullback_leibler(points, points + 0.1, [3, 5])",
    "distances to others": "_core.kth_distances_to(points, points, 3)",
    "ross by column": "_core.mutual_information_columns([sign], y, 3)",
    "ross by target": "_core.mutual_information_columns([x], sign, 3)",
    "plug-in": "_core.mutual_information_columns([labels[0]], labels[1], 3)",
    "table": "_core.CountTable(*labels)",
    "table from cells": "_core.CountTable.from_cells(ones, ones, ones, (1000, 1000))",
    "cells": "table.cells()",
    "margins": "table.row_sums, table.column_sums",
    "entropy": "_core.entropy(ones), table.entropies()",
    "expected": "_core.expected_mutual_information(ones, ones, len(ones))",
    "matrix": "_core.pairwise_mutual_information(labels.T, None, np.empty((2, 2)))",
    "matrix of bits": "_core.pairwise_mutual_information((labels % 3).T, None, np.empty((2, 2)))",
    "texts": "_core.number_texts(words)",
    "objects": "_core.number_texts(objects)",
    "few wide labels": "_core.CountTable(wide, labels[0])",
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits the address space")
@pytest.mark.parametrize("call", MEMORY_CALLS)
def test_memory_that_runs_out_is_an_error(call):
    command = [sys.executable, "-c", MEMORY_RUNS_OUT.format(call=MEMORY_CALLS[call])]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr[-300:]


def test_many_degenerate_points_end():
    """What is quadratic for ties, sorted values or outliers does not end within the time limit."""
    n = 50_000
    steps, values = np.arange(n), np.random.RandomState(0).normal(size=n)
    columns = [
        np.zeros(n),
        steps % 2 * 1.0,
        np.repeat(values[: n // 2], 2),
        np.round(values, 1),
        steps * 1.0,
        np.abs(steps - n / 2),
        np.where(steps == n // 3, 1e308, values),
        0.5 ** (steps % 1000),
    ]
    for target in [*columns, steps % 2, steps // 2, steps // (n // 3)]:
        scores = _core.mutual_information_columns(columns, target, 3, 2)
        assert np.all(np.isfinite(scores))


def test_one_array_as_both_arguments():
    survives(cluster.mutual_info_score, CLASSES, CLASSES)
    survives(mutua.feature_selection.mutual_info_regression, NUMBERS.reshape(N, 1), NUMBERS)
