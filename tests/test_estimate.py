"""An estimate with its error: coverage, p-values, warnings, units, how it is shown."""

import json
import math

import numpy as np
import pytest

from mutua import KSG, NSB, Auto, Gaussian, estimate, mutual_information
from mutua.distributions import AdditiveUniform, NoisyCurve, Normal, Spiral, StudentT, Transformed

NORMAL = Normal.pairs(2, 2, 0.6)


def covered(law, n, seeds, **options):
    found = [estimate(*law.sample(n, seed), **options) for seed in seeds]
    inside = [one.interval(0.9).low < law.mutual_information < one.interval(0.9).high for one in found]
    return np.mean(inside)


def test_it_is_the_measure():
    x, y = NORMAL.sample(400, seed=0)
    found = estimate(x, y)
    assert float(found) == found.value == mutual_information(x, y, estimator=Auto())
    assert estimate(x, y, estimator=KSG()).value == mutual_information(x, y, estimator=KSG())
    assert np.mean(found.pointwise) == pytest.approx(found.value)
    again = estimate(x, y, n_jobs=2)
    assert again.to_dict() == found.to_dict()
    given = estimate(x[:, 0], y[:, 0], given=x[:, 1])
    assert given.value == mutual_information(x[:, 0], y[:, 0], given=x[:, 1], estimator=Auto())
    assert "I(X; Y | Z)" in repr(given)


@pytest.mark.parametrize("law", [NORMAL, StudentT(Normal.pairs(1, 1, 0.3), 3), Normal.pairs(1, 1)], ids=repr)
def test_intervals_cover(law):
    assert covered(law, 200, range(25)) >= 0.76


@pytest.mark.parametrize("law", [AdditiveUniform(0.1), NoisyCurve("wave", 0.2, 4)], ids=repr)
def test_what_still_rises_is_unsure(law):
    """Densities that change within the distance of few neighbours: estimates are low, and say so."""
    found = estimate(*law.sample(1000, seed=0))
    assert found.value < law.mutual_information < found.interval(0.9).high
    assert any("still rises" in warning for warning in found.warnings)


def test_subsamples_say_the_same_as_contributions():
    x, y = NORMAL.sample(2000, seed=1)
    by_contributions = estimate(x, y, estimator=Gaussian()).standard_error
    labels = [np.digitize(column[:, 0], [-1, 0, 1]) for column in (x, y)]
    by_delta = estimate(*labels).standard_error
    by_subsamples = estimate(*labels, estimator=NSB()).standard_error
    assert by_subsamples == pytest.approx(by_delta, rel=0.5)
    theory = 0.6 / math.sqrt(2000)  # of a normal pair: the correlation over the root of n
    assert by_contributions == pytest.approx(theory, rel=0.15)


def test_pvalues_of_what_is_independent():
    rng = np.random.default_rng(2)
    numbers = [estimate(*rng.normal(size=(2, 100, 2))).pvalue for _ in range(25)]
    labels = [estimate(*rng.integers(0, 3, (2, 100))).pvalue for _ in range(25)]
    both = [estimate(rng.normal(size=60), rng.integers(0, 2, 60)).pvalue for _ in range(20)]
    for found in (numbers, labels, both):
        assert np.mean(np.array(found) < 0.1) <= 0.25
        assert np.mean(found) > 0.35


def test_pvalues_of_what_is_not():
    rng = np.random.default_rng(3)
    x = rng.normal(size=300)
    assert estimate(x, x**2 + rng.normal(size=300)).pvalue < 0.01
    assert estimate(x, x > 0.5).pvalue <= 0.01
    assert estimate(x > 0, (x > 0) ^ (rng.random(300) < 0.3)).pvalue < 1e-6
    z = rng.integers(0, 2, 300)
    assert estimate(x > 0, x > 0.5, given=z).pvalue < 1e-6
    assert estimate(x, x > 0.5, given=z).pvalue < 0.01


def test_units():
    x, y = NORMAL.sample(300, seed=4)
    nats, bits = estimate(x, y), estimate(x, y, base=2)
    for name in ("value", "standard_error", "ceiling"):
        assert getattr(bits, name) == pytest.approx(getattr(nats, name) / math.log(2))
    assert (nats.unit, bits.unit, estimate(x, y, base=3).unit) == ("nats", "bits", "units of base 3")


# ----------------------------------------------------------------------------------------------------------
# What to beware of


def test_saturated():
    x, noise = np.random.default_rng(5).random((2, 300))
    found = estimate(x, x + 1e-9 * noise, estimator=KSG())
    assert found.saturated
    assert "cannot tell more" in found.warnings[-1]
    assert not estimate(x, noise).saturated


def test_series():
    rng = np.random.default_rng(6)
    n = 2000
    x, y = np.zeros((2, n))
    for t in range(1, n):
        x[t], y[t] = 0.9 * np.array([x[t - 1], y[t - 1]]) + rng.normal(size=2)
    found, shuffled = estimate(x, y), estimate(rng.permutation(x), rng.permutation(y))
    assert found.effective_size < n / 5
    assert shuffled.effective_size == n
    assert found.standard_error > shuffled.standard_error
    assert any("follow each other" in warning for warning in found.warnings)
    assert found.pvalue > 0.01


def test_what_was_left_out():
    x, y = np.random.default_rng(7).normal(size=(2, 200))
    x[:5], y[10] = np.nan, np.nan
    mask = np.arange(200) < 190
    found = estimate(x, y, mask=mask, nan_policy="omit")
    assert (found.n_samples, found.n_dropped) == (184, 16)
    assert np.isnan(found.pointwise).sum() == 16
    tied = estimate(np.where(np.arange(200) < 40, 0.0, np.arange(200.0)), np.arange(200.0) ** 0.5)
    assert tied.ties == 40


def test_neighbours_in_many_dimensions():
    bent = Transformed(Normal.pairs(3, 3, 0.8, 0.8), Spiral(0, 1, 1 / 3), Spiral(1, 2, 1 / 3))
    found = estimate(*bent.sample(1000, seed=8))
    assert any("rests on neighbours" in warning for warning in found.warnings)
    assert found.standard_error > 0.05


# ----------------------------------------------------------------------------------------------------------
# How it is shown


def test_shown():
    x, y = NORMAL.sample(300, seed=9)
    found = estimate(x, y)
    assert repr(found).startswith(
        f"I(X; Y) = {found.value:.3f} ± {found.standard_error:.3f} nats (90 % from "
    )
    assert json.loads(json.dumps(found.to_dict()))["value"] == found.value
    assert found._repr_html_().count("<tr>") == found._repr_html_().count("</tr>") == 15
    assert "&lt;" not in found._repr_html_()
    papers = found.cite()
    assert any("gaussian copula" in paper.lower() for paper in papers)
    assert any("Kraskov" in paper for paper in papers)
    assert all(paper.endswith(").") for paper in papers)


def test_plot():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    found = estimate(*NORMAL.sample(300, seed=10))
    axes = found.plot(Figure().subplots(1, 2))
    assert axes[0].get_xlabel() == "neighbours"
    assert axes[1].lines[-1].get_ydata()[-1] == pytest.approx(found.value)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"estimator": KSG(k=[1, 3])}, ValueError, "name one k"),
        ({"estimator": KSG}, TypeError, "a class"),
        ({"seed": -1}, ValueError, "seed"),
        ({"seed": 0.5}, TypeError, "seed"),
        ({"base": 1}, ValueError, "base"),
    ],
)
def test_refused(options, error, message):
    with pytest.raises(error, match=message):
        estimate(*np.random.default_rng(0).normal(size=(2, 50)), **options)


@pytest.mark.parametrize("level", [0, 1, 90, "0.9"])
def test_levels(level):
    found = estimate([0, 1, 0, 1, 0, 1, 1, 1], [0, 1, 0, 1, 1, 1, 1, 0])
    with pytest.raises(ValueError, match="level"):
        found.interval(level)
