"""The public names, pinned; the version, written once."""

import tomllib
from pathlib import Path

import mutua
import mutua.feature_selection
import mutua.metrics
import mutua.metrics.cluster

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


def test_public_names():
    assert set(mutua.__all__) == {
        "__version__",
        "feature_selection",
        "metrics",
        "patch_sklearn",
        "unpatch_sklearn",
    }
    assert set(mutua.metrics.__all__) == SCORES | {"cluster"}
    assert set(mutua.metrics.cluster.__all__) == SCORES | {
        "contingency_matrix",
        "entropy",
        "expected_mutual_information",
        "pair_confusion_matrix",
    }
    assert set(mutua.feature_selection.__all__) == {"mutual_info_classif", "mutual_info_regression"}


def test_everything_public_is_there():
    for module in (mutua, mutua.metrics, mutua.metrics.cluster, mutua.feature_selection):
        for name in module.__all__:
            assert getattr(module, name) is not None


def test_version_is_that_of_the_crate():
    cargo = Path(__file__).parents[1] / "Cargo.toml"
    assert mutua.__version__ == tomllib.loads(cargo.read_text())["package"]["version"]
