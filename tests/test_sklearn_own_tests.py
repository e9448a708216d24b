"""scikit-learn's own tests, run against our functions (`sklearn_plugin.py`), every call counted."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytest.importorskip("sklearn", "1.9.1")

# Node ids as pytest resolves them after --pyargs, and how many cases each holds for scikit-learn 1.9.1:
# collected, and passed without our functions (the others need an array library that is not installed).
VALIDATED = [
    "feature_selection.mutual_info_classif",
    "feature_selection.mutual_info_regression",
    "metrics.adjusted_rand_score",
    "metrics.cluster.adjusted_mutual_info_score",
    "metrics.cluster.contingency_matrix",
    "metrics.cluster.fowlkes_mallows_score",
    "metrics.cluster.homogeneity_completeness_v_measure",
    "metrics.cluster.normalized_mutual_info_score",
    "metrics.homogeneity_score",
    "metrics.mutual_info_score",
    "metrics.rand_score",
    "metrics.v_measure_score",
]
SELECTIONS = [
    "sklearn.feature_selection.tests.test_mutual_info",
    "sklearn.metrics.cluster.tests.test_supervised",
    "sklearn.metrics.cluster.tests.test_common",
    "sklearn.feature_selection.tests.test_feature_select::test_mutual_info_classif",
    "sklearn.feature_selection.tests.test_feature_select::test_mutual_info_regression",
    *(
        f"sklearn.tests.test_public_functions::test_function_param_validation[sklearn.{name}]"
        for name in VALIDATED
    ),
]
COLLECTED = 203 + 2 + 12
PASSED = 158 + 2 + 12

REPLACED = {
    "_compute_mi",
    "adjusted_mutual_info_score",
    "adjusted_rand_score",
    "completeness_score",
    "contingency_matrix",
    "entropy",
    "expected_mutual_information",
    "fowlkes_mallows_score",
    "homogeneity_completeness_v_measure",
    "homogeneity_score",
    "mutual_info_classif",
    "mutual_info_regression",
    "mutual_info_score",
    "normalized_mutual_info_score",
    "pair_confusion_matrix",
    "rand_score",
    "v_measure_score",
}


@pytest.mark.timeout(280)
@pytest.mark.parametrize("seeds", ["42", pytest.param("0-29", marks=pytest.mark.slow)])
def test_sklearn_own_tests_pass_with_our_functions(tmp_path, seeds):
    # An ini file of its own, so that no pytest configuration above site-packages is found.
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    tests = str(Path(__file__).parent)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [tests, os.environ.get("PYTHONPATH")])),
        "MUTUA_CALLS": str(tmp_path / "calls.json"),
        "SKLEARN_RUN_FLOAT32_TESTS": "1",
        "SKLEARN_TESTS_GLOBAL_RANDOM_SEED": seeds,
        "OMP_NUM_THREADS": "1",  # scikit-learn's threads spin while they wait
    }
    environment.pop("PYTEST_ADDOPTS", None)
    options = ["-q", "-c", "pytest.ini", "--rootdir=.", "-p", "no:cacheprovider", "-p", "sklearn_plugin"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--junitxml=report.xml", "--pyargs", *SELECTIONS],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]

    report = ElementTree.parse(tmp_path / "report.xml").getroot().find("testsuite")
    collected, failed, errors, skipped = (
        int(report.get(name)) for name in ("tests", "failures", "errors", "skipped")
    )
    assert (failed, errors) == (0, 0)
    assert collected >= COLLECTED
    assert collected - skipped >= PASSED

    calls = json.loads((tmp_path / "calls.json").read_text())
    assert set(calls) == REPLACED
    assert {name for name, count in calls.items() if count == 0} == set()
