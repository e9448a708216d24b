"""`explain`: the choice is that of `mutual_information`, and the words are about these data."""

import numpy as np
import pytest

from mutua import KSG, AtomSplit, Mixture, PlugIn, Ross, explain, mutual_information

RNG = np.random.default_rng(5)
N = 500
X, Y = RNG.normal(size=(2, N))
LABELS, OTHERS = RNG.integers(0, 4, (2, N))
INFLATED = np.where(RNG.random(N) < 0.4, 0.0, RNG.exponential(size=N))

CASES = {
    "continuous": ((X, Y), KSG(), "no value repeats"),
    "discrete": ((LABELS, OTHERS), PlugIn(), "labels are counted"),
    "mixed": ((LABELS, Y), Ross(), "same labels"),
    "atoms": ((INFLATED, Y), AtomSplit(), "are atoms"),
    "lattice": ((X.round(1), Y.round(1)), Mixture(), "rounded"),
    "given": ((X, Y, LABELS), Ross(), "same labels"),
    "given discrete": ((LABELS, OTHERS, LABELS), PlugIn(), "labels are counted"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_choice_is_made_and_explained(name):
    data, estimator, words = CASES[name]
    found = explain(*data)
    assert found.estimator == estimator
    assert words in found.reasons[-1]
    assert len(found.reasons) == len(data) + 1
    given = {"given": data[2]} if len(data) == 3 else {}
    chosen = mutual_information(*data[:2], **given)
    assert chosen == mutual_information(*data[:2], estimator=estimator, **given)
    lines = str(found).splitlines()
    assert lines[0] == f"{estimator!r}, because"
    assert all(line.startswith("- ") or line == "beware:" for line in lines[1:])


def test_what_to_beware_of():
    assert explain(X, Y).cautions == ()
    many = explain(np.arange(N), LABELS).cautions
    assert many[0].startswith("x has 500 labels in 500 samples")
    assert many[1] == "the estimate is too high by about 1.4 nats"
    assert "in 6 dimensions" in explain(RNG.normal(size=(N, 3)), RNG.normal(size=(N, 3))).cautions[0]


def test_what_is_refused():
    with pytest.raises(ValueError, match="x and y must have the same length"):
        explain(X, Y[1:])
    with pytest.raises(TypeError, match="discrete must be a bool"):
        explain(X, Y, discrete="yes")
