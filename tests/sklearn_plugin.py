"""A pytest plugin that puts mutua's functions into scikit-learn and counts how often each is called.

    MUTUA_CALLS=calls.json PYTHONPATH=tests pytest -p sklearn_plugin --pyargs sklearn.metrics.cluster

Before scikit-learn's tests are collected, `mutua.patch_sklearn()` swaps the functions, the private per-pair
estimator that some of those tests import is swapped too, and every swapped function is wrapped in a counter.
The counts are written as JSON at the end of the session: without them the run may have tested scikit-learn.
"""

import functools
import json
import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import sklearn.feature_selection._mutual_info as sklearn_mutual_info
import sklearn.metrics.cluster._supervised as _supervised
from sklearn.metrics._scorer import _SCORERS

import mutua
import mutua.feature_selection
import mutua.metrics.cluster
from mutua.feature_selection._mutual_info import _estimates

_CONSTRAINTS = "_skl_parameter_constraints"

calls = Counter()


def _counted(name, function):
    @functools.wraps(function)
    def counting(*args, **kwargs):
        calls[name] += 1
        return function(*args, **kwargs)

    calls[name] = 0
    return counting


def _compute_mi(x, y, x_discrete, y_discrete, n_neighbors=3):
    """The estimate for one pair of variables, neither scaled nor with noise."""
    if x_discrete and y_discrete:
        return mutua.metrics.mutual_info_score(x, y)
    if y_discrete:  # Ross's estimate does not depend on which of the two comes first.
        x, y, x_discrete, y_discrete = y, x, True, False
    return float(_estimates([(np.asarray(x), x_discrete)], np.asarray(y), y_discrete, n_neighbors, 1)[0])


def pytest_configure():
    mutua.patch_sklearn()

    replaced = {"_compute_mi": _compute_mi}
    for module in (mutua.metrics.cluster, mutua.feature_selection):
        replaced |= {name: getattr(module, name) for name in module.__all__}
    counting = {id(function): _counted(name, function) for name, function in replaced.items()}
    for module in (_supervised, sklearn_mutual_info):  # what scikit-learn's validation tests look for
        for name in replaced.keys() & vars(module).keys():
            if hasattr(getattr(module, name), _CONSTRAINTS):
                setattr(
                    counting[id(replaced[name])], _CONSTRAINTS, getattr(getattr(module, name), _CONSTRAINTS)
                )

    for module_name, module in list(sys.modules.items()):
        if module_name.split(".")[0] == "sklearn":
            for name, value in list(vars(module).items()):
                if id(value) in counting:
                    setattr(module, name, counting[id(value)])
    for module in (_supervised, sklearn_mutual_info):  # where the originals are defined, patching leaves them
        for name in replaced.keys() & vars(module).keys():
            setattr(module, name, counting[id(replaced[name])])
    for scorer in _SCORERS.values():
        if id(scorer._score_func) in counting:
            scorer._score_func = counting[id(scorer._score_func)]


def pytest_sessionfinish():
    Path(os.environ["MUTUA_CALLS"]).write_text(json.dumps(calls))
