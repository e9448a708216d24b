"""The environment forces an instruction set; whichever it is, not a bit changes."""

import os
import subprocess
import sys

import pytest

from mutua import _core

ESTIMATES = """
import numpy as np, mutua
from mutua import _core
rng = np.random.default_rng(0)
x, z = rng.normal(size=(2, 3000, 2))
y = x + z + rng.normal(size=(3000, 2))
labels = (y[:, 0] > 0).astype(int)
estimates = [
    mutua.mutual_information(x[:, 0], y[:, 0]),
    mutua.mutual_information(x[:, 0].round(1), y[:, 0].round(1)),
    # Few samples are ranked: how few depends on the instructions.
    *(mutua.mutual_information(x[:n, 0].round(d), y[:n, 0].round(d)) for n in (300, 1000) for d in (1, 15)),
    mutua.mutual_information(x, y, estimator=mutua.KSG(k=5, kind=2)),
    mutua.mutual_information(x, y, estimator=mutua.KSG(norm="euclidean")),
    mutua.mutual_information(x[:, 0], y[:, 0], given=z[:, 0]),
    mutua.mutual_information(x, y, given=z, estimator=mutua.KSG(k=200, transform="ranks")),
    mutua.mutual_information(x[:, 0], labels),
    mutua.entropy(x[:, 0]),
    mutua.entropy(x),
    *mutua.pairwise_mutual_information(np.c_[labels, x.astype(int), (9 * y).astype(int)]).flat,
    *_core.normal_scores(x[:, 0].copy())[:200],
    _core.expected_mutual_information(np.arange(1, 200) ** 2, np.arange(1, 200) ** 2, 2646700),
]
print(_core.instructions, *(float(estimate).hex() for estimate in estimates))
"""


def run(name):
    environment = os.environ | {"MUTUA_SIMD": name}
    command = [sys.executable, "-c", ESTIMATES]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return printed.split()


@pytest.fixture(scope="module")
def widest():
    return run("")


@pytest.mark.parametrize("name", ["scalar", "sse2", "neon", "avx2", "avx512", "none of these"])
def test_estimates_are_the_same_on_all_instructions(name, widest):
    instructions, *estimates = run(name)
    assert instructions in (name, widest[0])
    assert estimates == widest[1:]


def test_the_environment_is_heard(widest):
    baseline = {"avx512": "sse2", "avx2": "sse2", "sse2": "sse2", "neon": "neon", "scalar": "scalar"}[
        widest[0]
    ]
    assert run(baseline)[0] == baseline
    assert _core.instructions in ("scalar", "sse2", "neon", "avx2", "avx512")
