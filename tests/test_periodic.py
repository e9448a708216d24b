"""Variables that go round: laws on the circle, shifts that change nothing, what is refused."""

import math

import numpy as np
import pytest

from mutua import (
    KSG,
    LNC,
    AtomSplit,
    Binned,
    Gaussian,
    GaussianCopula,
    KozachenkoLeonenko,
    Mixture,
    Ordinal,
    Periodic,
    PlugIn,
    Ross,
    coverage,
    entropy,
    explain,
    jensen_shannon_divergence,
    kl_divergence,
    mutual_information,
    pairwise_mutual_information,
    total_correlation,
    transfer_entropy,
)

TURN = 2 * math.pi
SPREAD = 1.4  # nats: standard error times sqrt(n), at most, for the laws below
ERRORS = 3  # standard errors that a fixed seed may be off
N = 1500
DEGREES = np.random.default_rng(0).integers(0, 360, (4, 200)).astype(float)


def near(truth):
    return pytest.approx(truth, rel=0, abs=ERRORS * SPREAD / math.sqrt(N))


def bessel_ratio(kappa):
    """The mean cosine of a von Mises variable."""
    angle = np.linspace(0, TURN, 4096, endpoint=False)
    density = np.exp(kappa * (np.cos(angle) - 1))
    return float(np.sum(np.cos(angle) * density) / np.sum(density))


def von_mises_entropy(kappa):
    return math.log(TURN * np.i0(kappa)) - kappa * bessel_ratio(kappa)


def uniform(width):
    return lambda rng: rng.uniform(0, width, N), math.log(width)


def von_mises(kappa):
    return lambda rng: rng.vonmises(0, kappa, N), von_mises_entropy(kappa)


NOISES = {
    "uniform 0.5": uniform(0.5),
    "uniform 3": uniform(3),
    "von Mises 2": von_mises(2),
    "von Mises 20": von_mises(20),
}
ESTIMATORS = [KSG(), KSG(k=4, kind=2), KSG(norm="euclidean"), Mixture(), AtomSplit(), None]


# ----------------------------------------------------------------------------------------------------------
# Laws


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
@pytest.mark.parametrize("noise", NOISES)
def test_a_phase_and_the_same_with_noise(noise, estimator):
    draw, noise_entropy = NOISES[noise]
    rng = np.random.default_rng(1)
    phase = rng.uniform(-TURN, TURN, N)
    other = phase + draw(rng)
    information = mutual_information(Periodic(phase), Periodic(other), estimator=estimator)
    assert information == near(math.log(TURN) - noise_entropy)


def test_a_phase_and_what_does_not_go_round():
    """y = cos(phase) + noise, against the phase unrolled far from where it is cut: a circle has no cut."""
    rng = np.random.default_rng(2)
    phase = rng.vonmises(math.pi, 3, N)
    y = np.cos(phase) + 0.2 * rng.standard_normal(N)
    unrolled = np.mod(phase, TURN)  # its density is all but 0 at the cut
    on_circle = mutual_information(Periodic(phase), y)
    assert on_circle == pytest.approx(mutual_information(unrolled, y), abs=0.01)
    assert mutual_information(Periodic(phase + 2), y) == pytest.approx(on_circle, abs=0.001)


def test_given_a_phase():
    rng = np.random.default_rng(3)
    z = rng.uniform(0, 24, N)
    x, y = z + rng.uniform(0, 2, (2, N))
    hours = (Periodic(hour, 24) for hour in (x, y))
    assert abs(mutual_information(*hours, given=Periodic(z, 24))) < 0.15  # biased towards 0
    assert mutual_information(Periodic(x, 24), Periodic(y, 24)) > 1


def test_a_phase_and_labels():
    rng = np.random.default_rng(4)
    label = rng.integers(0, 2, N)
    phase = rng.uniform(-1, 1, N) * math.pi / 2 + label * math.pi / 2  # half circles, half of each shared
    assert mutual_information(Periodic(phase), label, estimator=Ross(k=5)) == near(math.log(2) / 2)
    assert mutual_information(label, Periodic(phase)) == near(math.log(2) / 2)


@pytest.mark.parametrize("kappa", [0.0, 1.0, 30.0])
def test_entropy(kappa):
    phase = np.random.default_rng(5).vonmises(0, kappa, N)
    truth = math.log(TURN) if kappa == 0 else von_mises_entropy(kappa)
    assert entropy(Periodic(phase)) == near(truth)
    hours = phase / TURN * 24
    assert entropy(Periodic(hours, 24)) == pytest.approx(entropy(Periodic(phase)) + math.log(24 / TURN))


def test_balls_are_no_wider_than_a_period():
    """One column is so wide that neighbours are farther apart in it than the whole of the other."""
    rng = np.random.default_rng(6)
    x = np.column_stack([rng.uniform(0, 1, N), 1e6 * rng.standard_normal(N)])
    truth = math.log(1e6) + (1 + math.log(TURN)) / 2
    mean = entropy(Periodic(x, [1, None]))
    assert mean == near(truth)
    assert np.mean(entropy(Periodic(x, [1, None]), pointwise=True)) == pytest.approx(mean, abs=1e-11)


def test_midnight_is_no_border():
    hours = np.array([23.5, 0.0, 0.5, 12.0, 12.5, 23.0])
    distances = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]  # to the nearest hour
    psi = 137 / 60  # psi(6) - psi(1)
    expected = [psi + math.log(2 * distance) for distance in distances]
    found = entropy(Periodic(hours, 24), estimator=KozachenkoLeonenko(k=1), pointwise=True)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


# ----------------------------------------------------------------------------------------------------------
# What changes nothing


def values(shift, period=360.0, n_jobs=1):
    """Of every estimator, sample by sample, with all angles turned."""
    x, y, z, plain = DEGREES
    shifted = [Periodic(angles + shift, period) for angles in (x, y, z)]
    vector = Periodic(np.column_stack([x, y]) + shift, period)
    label = (z // 120).astype(int)
    options = {"pointwise": True, "n_jobs": n_jobs}
    return [
        *(mutual_information(*shifted[:2], estimator=e, **options) for e in (*ESTIMATORS, KSG(kind=2))),
        mutual_information(shifted[0], plain, **options),
        mutual_information(vector, shifted[2], estimator=KSG(norm="euclidean"), **options),
        mutual_information(*shifted[:2], given=shifted[2], **options),
        mutual_information(vector, label, **options),
        entropy(vector, estimator=KozachenkoLeonenko(k=5), **options),
        entropy(vector, given=(plain, shifted[2]), **options),
        total_correlation(*shifted, plain, **options),
        transfer_entropy(*shifted[:2], given=shifted[2], history=2, window=3, estimator=KSG(), **options),
    ]


@pytest.mark.parametrize("shift", [360, -720, 90, 17])
def test_turning_all_angles(shift):
    for turned, still in zip(values(shift), values(0), strict=True):
        np.testing.assert_array_equal(turned, still)


def test_whole_turns_of_some():
    x, y, *_ = DEGREES
    turns = 360 * np.random.default_rng(7).integers(-3, 4, len(x))
    for estimator in ESTIMATORS:
        turned = mutual_information(Periodic(x + turns, 360), Periodic(y, 360), estimator=estimator)
        assert turned == mutual_information(Periodic(x, 360), Periodic(y, 360), estimator=estimator)


def test_any_number_of_threads_and_any_order():
    order = np.random.default_rng(8).permutation(N)
    phase, noise = np.random.default_rng(9).random((2, N))
    x, y = Periodic(phase, 1), Periodic(phase + noise / 4, 1)
    x_permuted, y_permuted = (Periodic(np.asarray(p.values)[order], 1) for p in (x, y))
    for estimator in [*ESTIMATORS, KSG(kind=2)]:
        expected = mutual_information(x, y, estimator=estimator)
        assert mutual_information(x, y, estimator=estimator, n_jobs=2) == expected
        assert mutual_information(x_permuted, y_permuted, estimator=estimator) == expected


def test_a_period_that_nothing_reaches():
    """Beyond twice the range no way round is shorter."""
    x, y, *_ = DEGREES
    for estimator in ESTIMATORS:
        plain = mutual_information(x, y, estimator=estimator, pointwise=True)
        for period in (None, 720, 1e300):
            far = [Periodic(angles, period) for angles in (x, y)]
            found = mutual_information(*far, estimator=estimator, pointwise=True)
            np.testing.assert_array_equal(found, plain)


def test_integers_that_go_round_are_continuous():
    hour, later = np.random.default_rng(10).integers(0, 24, (2, 300))
    expected = mutual_information(Periodic(hour.astype(float), 24), later.astype(float))
    assert mutual_information(Periodic(hour, 24), later, discrete=(None, False)) == expected
    assert mutual_information(Periodic(hour.tolist(), 24), later.astype(float)) == expected


# ----------------------------------------------------------------------------------------------------------
# What else a measure takes


def test_lags_masks_and_missing_values():
    x, y, z, _ = DEGREES
    later, mask = np.roll(x, 3), np.arange(200) % 7 > 0
    assert mutual_information(Periodic(x, 360), later, lag=3, mask=mask) == mutual_information(
        Periodic(x[:-3][mask[:-3] & mask[3:]], 360), later[3:][mask[:-3] & mask[3:]]
    )
    gaps = np.where(mask, z, np.nan)
    found = mutual_information(Periodic(gaps, 360), y, nan_policy="omit")
    assert found == mutual_information(Periodic(z[mask], 360), y[mask])


def test_columns_that_go_round_beside_others():
    x, y, z, plain = DEGREES
    together = Periodic(np.column_stack([z, plain]), [360, None])
    expected = mutual_information(Periodic(x, 360), y, given=together)
    stack = np.column_stack([z, plain])
    assert expected != mutual_information(Periodic(x, 360), y, given=stack)
    columns = total_correlation(Periodic(np.column_stack([x, y, plain]), [360, 90, None]))
    assert columns == total_correlation(Periodic(x, 360), Periodic(y, 90), plain)


def test_frames():
    pandas = pytest.importorskip("pandas")
    x, y, z, _ = DEGREES
    frame = pandas.DataFrame({"x": x, "z": z})
    expected = mutual_information(Periodic(np.column_stack([x, z]), [360, 90]), y)
    assert mutual_information(Periodic(frame, [360, 90]), y) == expected
    gaps = frame.astype("Float64")
    gaps.iloc[5, 1] = pandas.NA
    with pytest.raises(ValueError, match=r"missing"):
        mutual_information(Periodic(gaps, 360), y)
    rest = np.arange(200) != 5
    expected = mutual_information(Periodic(np.column_stack([x, z])[rest], 360), y[rest])
    assert mutual_information(Periodic(gaps, 360), y, nan_policy="omit") == expected


def test_an_explanation():
    x, y, *_ = DEGREES + np.random.default_rng(11).random((4, 200))
    found = explain(Periodic(x, 360), Periodic(y, 360))
    assert found.estimator == KSG()
    assert found.reasons[0] == "x is continuous and periodic: float64, no value occurs twice"
    turned = np.concatenate([x[:-1], x[:1] - 720])  # only on the circle the same as the first
    assert isinstance(explain(Periodic(turned.round(3), 360), y).estimator, AtomSplit)


# ----------------------------------------------------------------------------------------------------------
# What is refused


@pytest.mark.parametrize(
    ("period", "error"),
    [
        (0, ValueError),
        (-1.0, ValueError),
        (math.nan, ValueError),
        (math.inf, ValueError),
        ([24, 0], ValueError),
        ("day", TypeError),
        (True, TypeError),
        (1j, TypeError),
        ([24, "day"], TypeError),
    ],
)
def test_periods_that_are_none(period, error):
    with pytest.raises(error, match=r"^period must be"):
        Periodic([1.0, 2.0], period)


@pytest.mark.parametrize("period", [[24], [24, 24, 24], ()])
def test_a_period_for_each_column(period):
    with pytest.raises(ValueError, match=r"^period of x must be one for each of its columns, got"):
        entropy(Periodic(np.ones((9, 2)), period))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_samples_that_are_not_finite(value):
    with pytest.raises(ValueError, match=r"^x must be finite, got"):
        mutual_information(Periodic([0.0, 1.0, 2.0, 3.0, value], 24), np.arange(5.0))


@pytest.mark.parametrize("values", [["a", "b"], [[[1.0]]], 1.0, [1.0, None]])
def test_samples_that_are_no_numbers(values):
    with pytest.raises((TypeError, ValueError), match=r"^x "):
        entropy(Periodic(values))


def test_what_does_not_know_circles():
    x, y, *_ = DEGREES
    circle = Periodic(x, 360)
    others = (Gaussian(), GaussianCopula(), Binned(), Ordinal())
    for estimator in (PlugIn(), LNC(), KSG(transform="ranks"), *others):
        with pytest.raises(ValueError, match=r"continuous|periodic"):
            mutual_information(circle, y, estimator=estimator)
    for measure in (kl_divergence, jensen_shannon_divergence):
        with pytest.raises(ValueError, match=r"^y must not be periodic"):
            measure(x, Periodic(y, 360))
    whole = Periodic(DEGREES.T.astype(int), 360)
    with pytest.raises(ValueError, match=r"^X must hold labels"):
        pairwise_mutual_information(whole)
    with pytest.raises(ValueError, match=r"^x must be discrete"):
        coverage(whole)
    with pytest.raises(ValueError, match=r"^x is periodic, and hence continuous"):
        mutual_information(circle, y, discrete=True)
    with pytest.raises(ValueError, match=r"^columns must not be periodic"):
        entropy(Periodic(DEGREES.T, 360), estimator=KozachenkoLeonenko(norm="euclidean"))
    assert entropy(circle, estimator=KozachenkoLeonenko(norm="euclidean")) == entropy(circle)
