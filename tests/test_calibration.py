"""What an estimator is worth at a given shape."""

import numpy as np
import pytest

from mutua import KSG, Gaussian, calibrate, mutual_information
from mutua.distributions import Normal

FEW = {"n": 60, "estimator": Gaussian(), "repetitions": 8}


def test_estimates_are_those_of_the_law():
    found = calibrate(**FEW, dx=2, dy=1, information=[0.5])
    first = np.random.SeedSequence(0).spawn(8)[0]
    x, y = Normal.pairs(2, 1).sample(60, np.random.default_rng(first))
    assert found.estimates[0][0] == mutual_information(x, y, estimator=Gaussian())
    assert found.truths == pytest.approx((0, 0.5))
    assert found == calibrate(**FEW, dx=2, dy=1, information=[0.5], n_jobs=2)
    assert found != calibrate(**FEW, dx=2, dy=1, information=[0.5], seed=1)


def test_more_samples_less_spread_more_power():
    few, many = (calibrate(n, estimator=KSG(), information=[0.1]) for n in (50, 800))
    assert np.all(many.spread < few.spread)
    assert many.power[1] > 0.9 > few.power[1]
    assert np.all(np.abs(many.bias) < 0.05)
    assert str(few).splitlines()[0] == "truth    bias  spread  power"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"n": 0}, ValueError, "n must"),
        ({"n": 9.5}, TypeError, "n must"),
        ({"n": 50, "dx": 0}, ValueError, "dx must"),
        ({"n": 50, "repetitions": 1}, ValueError, "repetitions"),
        ({"n": 50, "information": [0.0]}, ValueError, "information"),
        ({"n": 50, "information": []}, ValueError, "information"),
        ({"n": 50, "seed": -1}, ValueError, "seed"),
        ({"n": 50, "estimator": "KSG"}, TypeError, "estimator"),
    ],
)
def test_refused(options, error, message):
    with pytest.raises(error, match=message):
        calibrate(**options)
