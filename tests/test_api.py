"""The public names, pinned; the version, written once."""

import inspect
import tomllib
from pathlib import Path

import mutua
import mutua.estimators
import mutua.feature_selection
import mutua.metrics
import mutua.metrics.cluster
from mutua.estimators import (
    auto,
    bayesian,
    counts,
    extrapolated,
    local,
    mixtures,
    neighbors,
    parametric,
    student_t,
    symbols,
    undersampled,
)

SCORES = {
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
}

FAMILIES = (
    auto,
    bayesian,
    counts,
    extrapolated,
    local,
    mixtures,
    neighbors,
    parametric,
    student_t,
    symbols,
    undersampled,
)
ESTIMATORS = {name for family in FAMILIES for name in family.__all__}  # each family says what it has


def test_public_names():
    assert set(mutua.__all__) == ESTIMATORS | {
        "Calibration",
        "ContingencyTable",
        "Estimate",
        "Estimator",
        "Periodic",
        "__version__",
        "bottleneck",
        "bounds",
        "compare",
        "calibrate",
        "coverage",
        "distributions",
        "dual_total_correlation",
        "entropy",
        "estimate",
        "estimators",
        "explain",
        "feature_selection",
        "independence_test",
        "independence_tests",
        "features",
        "interaction_information",
        "jensen_shannon_divergence",
        "kl_divergence",
        "metrics",
        "mutual_information",
        "normal_scores",
        "normalized_mutual_information",
        "o_information",
        "pairwise_mutual_information",
        "patch_sklearn",
        "plot",
        "total_correlation",
        "transfer_entropy",
        "unpatch_sklearn",
        "variation_of_information",
    }
    assert set(mutua.estimators.__all__) == ESTIMATORS | {"Estimator"}
    assert set(mutua.metrics.__all__) == SCORES | {"cluster"}
    assert set(mutua.metrics.cluster.__all__) == SCORES | {
        "contingency_matrix",
        "entropy",
        "expected_mutual_information",
        "pair_confusion_matrix",
    }
    assert set(mutua.bottleneck.__all__) == {
        "Bottleneck",
        "BottleneckClusterer",
        "BottleneckCurve",
        "GaussianBottleneck",
        "bottleneck_curve",
        "gaussian_bottleneck",
        "information_bottleneck",
        "optimal_quantizer",
    }
    assert set(mutua.plot.__all__) == {"bottleneck_curve"}
    assert set(mutua.feature_selection.__all__) == {"mutual_info_classif", "mutual_info_regression"}


def test_everything_public_is_there():
    modules = (mutua.bottleneck, mutua.plot, mutua.metrics, mutua.metrics.cluster, mutua.feature_selection)
    for module in (mutua, mutua.estimators, *modules):
        for name in module.__all__:
            assert getattr(module, name) is not None


def test_version_is_that_of_the_crate():
    cargo = Path(__file__).parents[1] / "Cargo.toml"
    assert mutua.__version__ == tomllib.loads(cargo.read_text())["package"]["version"]


def test_an_estimator_is_one_of_the_family():
    for name in ESTIMATORS:
        estimator = getattr(mutua, name)
        assert getattr(mutua.estimators, name) is estimator
        assert issubclass(estimator, mutua.estimators.Estimator)
        assert estimator() == estimator()


def test_what_a_table_has():
    names = {name for name in dir(mutua.ContingencyTable) if not name.startswith("_")}
    data = {"kind", "total", "shape", "row_labels", "column_labels", "margins"}
    building = {
        "from_labels",
        "from_counts",
        "from_probabilities",
        "update",
        "merge",
        "to_array",
        "to_sparse",
    }
    information = {
        "entropy",
        "conditional_entropy",
        "mutual_information",
        "expected_mutual_information",
        "normalized_mutual_information",
        "adjusted_mutual_information",
        "g_test",
    }
    clustering = {
        "homogeneity",
        "completeness",
        "v_measure",
        "pair_confusion_matrix",
        "rand_index",
        "adjusted_rand_index",
        "fowlkes_mallows_index",
    }
    assert names == data | building | information | clustering


def test_options_are_keywords():
    for function in (
        mutua.mutual_information,
        mutua.estimate,
        mutua.entropy,
        mutua.pairwise_mutual_information,
        mutua.transfer_entropy,
        mutua.kl_divergence,
        mutua.jensen_shannon_divergence,
        mutua.independence_test,
        mutua.independence_tests,
        mutua.compare,
    ):
        kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
        n_data = kinds.count(inspect.Parameter.POSITIONAL_OR_KEYWORD)
        assert n_data == {mutua.entropy: 1, mutua.compare: 3}.get(function, 2)
        assert set(kinds[n_data:]) == {inspect.Parameter.KEYWORD_ONLY}
