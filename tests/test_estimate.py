"""An estimate with its error: coverage, p-values, warnings, units, how it is shown."""

import json
import math

import numpy as np
import pytest

from mutua import KSG, NSB, Auto, ContingencyTable, Gaussian, MillerMadow, estimate, mutual_information
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


def test_subsamples_and_posterior_say_the_same_as_contributions():
    x, y = NORMAL.sample(2000, seed=1)
    by_contributions = estimate(x, y, estimator=Gaussian()).standard_error
    labels = [np.digitize(column[:, 0], [-1, 0, 1]) for column in (x, y)]
    by_delta = estimate(*labels).standard_error
    by_subsamples = estimate(*labels, estimator=MillerMadow()).standard_error
    by_posterior = estimate(*labels, estimator=NSB()).standard_error
    assert by_subsamples == pytest.approx(by_delta, rel=0.5)
    assert by_posterior == pytest.approx(by_delta, rel=0.02)
    theory = 0.6 / math.sqrt(2000)  # of a normal pair: the correlation over the root of n
    assert by_contributions == pytest.approx(theory, rel=0.15)


def test_the_posterior_of_equal_labels_is_that_of_their_entropy():
    labels = np.random.default_rng(0).choice(4, p=[0.6, 0.2, 0.1, 0.1], size=500)
    found = estimate(labels, labels, estimator=NSB())
    assert found.standard_error == pytest.approx(NSB().posterior(labels).standard_deviation, rel=0.05)


@pytest.mark.parametrize("n", [30, 300])
@pytest.mark.parametrize("channel", [0.0, 0.2], ids=["equal", "noisy"])
def test_posterior_intervals_cover(n, channel):
    """Laws drawn from Dirichlet priors; with no noise in the channel information is entropy."""
    inside = 0
    for seed in range(100):
        rng = np.random.default_rng([seed, n])
        p = rng.dirichlet(np.full(6, [0.3, 1, 3][seed % 3]))
        joint = (1 - channel) * np.diag(p) + channel * p[:, None] / 6
        truth = ContingencyTable.from_probabilities(joint).mutual_information()
        x, y = np.divmod(rng.choice(36, p=joint.ravel(), size=n), 6)
        low, high = estimate(x, y, estimator=NSB(n_categories=6)).interval()
        inside += low < truth < high
    assert 80 <= inside <= 97


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


def autoregressive(n, seed, correlation=0.0):
    """Two normal series that remember nine tenths of each step."""
    steps = np.random.default_rng(seed).normal(size=(2, n + 100))
    series = np.zeros((2, n + 100))
    for t in range(1, n + 100):
        series[:, t] = 0.9 * series[:, t - 1] + math.sqrt(0.19) * steps[:, t]
    x, z = series[:, 100:]
    return x, correlation * x + math.sqrt(1 - correlation**2) * z


def test_series():
    x, y = autoregressive(2000, seed=6)
    found, told, independent = (estimate(x, y, series=series) for series in (None, True, False))
    assert found.value == told.value == independent.value
    assert told.effective_size == found.effective_size < 2000 / 5
    assert independent.effective_size == 2000
    assert told.standard_error == found.standard_error > independent.standard_error
    assert found.warnings[-1].startswith("samples follow each other: 2,000 tell as much as ")
    assert found.warnings[-1].endswith(", unless their order is not time (series=False)")
    assert told.warnings[-1] == found.warnings[-1].removesuffix(
        ", unless their order is not time (series=False)"
    )
    assert not independent.warnings
    assert told.pvalue == found.pvalue > 0.01


def test_data_that_is_sorted_is_no_series():
    columns = np.array(NORMAL.sample(500, seed=6))[:, :, 0]
    by_x = columns[:, np.argsort(columns[0])]
    found, told = estimate(*by_x), estimate(*by_x, series=False)
    assert found.effective_size < 200
    assert told.effective_size == 500
    assert told.standard_error == pytest.approx(estimate(*columns).standard_error)
    assert told.pvalue < found.pvalue


@pytest.mark.parametrize("as_labels", [False, True])
def test_pvalues_of_series_are_of_shifts(as_labels):
    """Surrogates of independent samples would call nearly all of these dependent."""
    pairs = [autoregressive(300, seed) for seed in range(20)]
    gaps = np.arange(300) % 50 != 0
    if as_labels:
        found = [estimate(x > 0, y > 0, mask=gaps, series=True).pvalue for x, y in pairs]
    else:
        found = [estimate(x, y, estimator=KSG(), mask=gaps, series=True).pvalue for x, y in pairs]
    assert np.mean(np.array(found) < 0.1) <= 0.2
    x, y = autoregressive(300, seed=0, correlation=0.95)
    assert estimate(x > 0, y > 0, series=True).pvalue < 0.02
    given = estimate(x > 0, y > 0, given=x > 1, series=True)
    assert math.isnan(given.pvalue)
    assert ", p" not in repr(given)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["copula", "neighbours", "labels", "blocks"])
def test_intervals_of_series_cover(kind):
    """Prints the line of docs/accuracy.md: AR(1) of 0.9, a thousand samples."""
    cuts, correlation = [-1, 0, 1], 0.6
    truth = -math.log(1 - correlation**2) / 2
    if kind in ("labels", "blocks"):
        million = np.random.default_rng(0).normal(size=(2, 2**20))
        million[1] = correlation * million[0] + math.sqrt(1 - correlation**2) * million[1]
        truth = mutual_information(*np.digitize(million, cuts))
    estimator = {"neighbours": KSG(), "blocks": MillerMadow()}.get(kind)
    inside = 0
    for seed in range(200):
        data = np.array(autoregressive(1000, seed, correlation))
        data = np.digitize(data, cuts) if kind in ("labels", "blocks") else data
        low, high = estimate(*data, estimator=estimator).interval()
        inside += low < truth < high
    print(f"{kind}: {inside / 2:g} %")
    assert 0.85 <= inside / 200 <= 0.96


def test_intervals_of_series_without_contributions_are_of_blocks():
    x, y = (np.digitize(column, [-1, 0, 1]) for column in autoregressive(1000, seed=0, correlation=0.6))
    series, independent = (estimate(x, y, estimator=MillerMadow(), series=series) for series in (True, False))
    assert series.value == independent.value
    assert series.standard_error > 2 * independent.standard_error
    assert math.isnan(estimate([0, 1], [0, 1], estimator=MillerMadow()).standard_error)


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
        ({"series": 1}, TypeError, "series must be True, False or None"),
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
