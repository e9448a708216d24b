"""Total correlation and its relatives: normal laws, logical gates, identities, what is refused."""

import math

import numpy as np
import pytest

import mutua
import mutua.reference
from mutua import (
    KSG,
    Gaussian,
    MillerMadow,
    Mixture,
    dual_total_correlation,
    interaction_information,
    mutual_information,
    o_information,
    total_correlation,
)

SAME = 1e-12  # nats: the same numbers, added in another order
ERROR = 0.06  # nats: three standard errors, and the bias, of neighbours among 4,000 samples
MEASURES = [total_correlation, dual_total_correlation, o_information, interaction_information]

RNG = np.random.default_rng(3)
N = 4000
COVARIANCE = np.array([[1, 0.6, 0.3, 0], [0.6, 1, 0.5, 0.2], [0.3, 0.5, 1, 0.4], [0, 0.2, 0.4, 1]])
NORMAL = RNG.standard_normal((N, 4)) @ np.linalg.cholesky(COVARIANCE).T
A, B = RNG.integers(0, 2, (2, N))


def entropy(covariance, columns):
    block = covariance[np.ix_(columns, columns)]
    return (len(columns) * math.log(2 * math.pi * math.e) + np.linalg.slogdet(block)[1]) / 2


def truths(m):
    """Word by word from the entropies of a normal law."""

    def h(*columns):
        return entropy(COVARIANCE, list(columns))

    every = range(m)
    others = [[j for j in every if j != i] for i in every]
    total = sum(h(i) for i in every) - h(*every)
    dual = h(*every) - sum(h(*every) - h(*rest) for rest in others)
    subsets = [[i for i in every if mask >> i & 1] for mask in range(1, 1 << m)]
    interaction = -sum((-1) ** (m - len(subset)) * h(*subset) for subset in subsets)
    return dict(zip(MEASURES, [total, dual, total - dual, interaction], strict=True))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("m", [3, 4])
def test_normal_laws(measure, m):
    truth = truths(m)[measure]
    for estimator in Gaussian(), KSG(k=4), None:
        found = measure(NORMAL[:, :m], estimator=estimator)
        assert found == pytest.approx(truth, rel=0, abs=ERROR)
        assert measure(*NORMAL[:, :m].T, estimator=estimator) == found


def test_gates():
    xor, copies = (A, B, A ^ B), (A, A, A)
    bits = {measure: [measure(*gate, base=2) for gate in (xor, copies)] for measure in MEASURES}
    assert bits[total_correlation] == pytest.approx([1, 2], abs=0.01)
    assert bits[dual_total_correlation] == pytest.approx([2, 1], abs=0.01)
    assert bits[o_information] == pytest.approx([-1, 1], abs=0.01)
    assert bits[interaction_information] == pytest.approx([1, -1], abs=0.01)


@pytest.mark.parametrize("estimator", [None, Mixture(), Gaussian(), KSG(norm="euclidean")], ids=str)
def test_of_two_variables_they_are_mutual_information(estimator):
    x, y = NORMAL[:300, 0], NORMAL[:300, 1:3]
    expected = mutual_information(x, y, estimator=estimator)
    for measure in (total_correlation, dual_total_correlation, interaction_information):
        assert measure(x, y, estimator=estimator) == pytest.approx(expected, rel=0, abs=SAME)


@pytest.mark.parametrize("estimator", [MillerMadow(), Mixture(), None], ids=str)
def test_identities(estimator):
    x, y, z = A, A & B, A | B
    options = {"estimator": estimator}
    o = o_information(x, y, z, **options)
    total, dual = total_correlation(x, y, z, **options), dual_total_correlation(x, y, z, **options)
    assert o == pytest.approx(total - dual, rel=0, abs=SAME)
    assert o == pytest.approx(-interaction_information(x, y, z, **options), rel=0, abs=SAME)
    given = mutual_information(x, y, given=z, **options)
    difference = given - mutual_information(x, y, **options)
    assert interaction_information(x, y, z, **options) == pytest.approx(difference, rel=0, abs=SAME)
    chain = mutual_information(x, y, **options) + mutual_information(np.stack([x, y], 1), z, **options)
    assert total == pytest.approx(chain, rel=0, abs=SAME)


@pytest.mark.parametrize("measure", MEASURES)
def test_what_is_given(measure):
    parts = [measure(*(column[b == B] for column in (A, A ^ B, A | B))) * np.mean(b == B) for b in (0, 1)]
    assert measure(A, A ^ B, A | B, given=B) == pytest.approx(sum(parts), rel=0, abs=SAME)
    assert measure(*NORMAL[:, :3].T, given=NORMAL[:, 3]) == pytest.approx(
        measure(*NORMAL[:, :3].T, given=NORMAL[:, 3], estimator=Gaussian()), rel=0, abs=2 * ERROR
    )


@pytest.mark.parametrize("measure", MEASURES)
def test_contributions_have_the_estimate_as_mean(measure):
    for variables in (NORMAL[:200, :3], np.stack([A, B, A ^ B], axis=1)[:200]):
        values = measure(variables, pointwise=True)
        assert values.shape == (200,)
        assert np.mean(values) == pytest.approx(measure(variables), rel=0, abs=SAME)
        omitted = np.where(np.arange(200)[:, None] == 7, np.nan, variables * 1.0)
        kept = measure(omitted, nan_policy="omit", pointwise=True)
        assert np.flatnonzero(np.isnan(kept)).tolist() == [7]


def test_frames():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"height": NORMAL[:300, 0], "weight": NORMAL[:300, 1], "sex": A[:300]})
    assert total_correlation(frame) == total_correlation(NORMAL[:300, 0], NORMAL[:300, 1], A[:300])


def test_what_is_refused():
    for call, message in [
        (lambda: total_correlation(), "variables must be at least 2, got 0"),
        (lambda: total_correlation(A), "variables must be at least two, or the columns of one matrix"),
        (lambda: o_information(A, B), "variables must be at least 3, got 2"),
        (lambda: interaction_information(np.zeros((9, 17), int)), "variables must be at most 16, got 17"),
        (lambda: total_correlation(A, B[1:]), r"variables\[0\] and variables\[1\] must have the same length"),
        (lambda: o_information(*NORMAL.T, estimator=mutua.KozachenkoLeonenko()), "O-information"),
    ]:
        with pytest.raises(ValueError, match=message):
            call()


def test_many_variables():
    columns = np.random.default_rng(6).normal(size=(60, 65))
    assert total_correlation(columns[:, :64], estimator=KSG()) == pytest.approx(
        mutua.reference.common_ball(
            [*columns[:, :64].T.copy()], mutua._quantity.total_correlation(64).terms, k=3, rule="kraskov"
        ),
        abs=1e-9,
    )
    for measure in (total_correlation, dual_total_correlation, o_information):
        for estimator in (None, KSG(), Mixture()):
            with pytest.raises(ValueError, match="64"):
                measure(columns, estimator=estimator)
        with pytest.raises(ValueError, match="64"):
            measure(columns.astype(int), estimator=MillerMadow())
    assert math.isfinite(total_correlation(np.vstack([columns, columns + 1e-3]), estimator=KSG(kind=2)))


def test_columns_of_one_name_and_missing_samples_are_kept():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": NORMAL[:300, 0], "b": NORMAL[:300, 1], "c": A[:300]})
    expected = total_correlation(frame)
    frame.columns = ["a", "a", "c"]
    assert total_correlation(frame) == expected
    masked = np.ma.array(NORMAL[:300, :3], mask=np.zeros((300, 3), bool))
    masked[:50, 0] = 1e6
    masked[:50, 0] = np.ma.masked
    with pytest.raises(ValueError, match="must not have missing values"):
        total_correlation(masked)
    omitted = total_correlation(masked, nan_policy="omit", estimator=Gaussian())
    assert omitted == pytest.approx(total_correlation(NORMAL[50:300, :3], estimator=Gaussian()), abs=SAME)
