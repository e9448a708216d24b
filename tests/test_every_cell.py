"""The table of estimators and quantities: a twin confirms each number, or an error says why there is none."""

import math
from pathlib import Path

import numpy as np
import pytest

import cells
from mutua import estimators, kl_divergence, reference
from twins import Twin, wishart_bias

SAME = 1e-9  # nats: entropies of a few units, added in another order


@pytest.mark.parametrize("quantity", cells.QUANTITIES)
@pytest.mark.parametrize("name", cells.ESTIMATORS)
def test_a_twin_confirms_each_cell(name, quantity):
    estimator = cells.ESTIMATORS[name]
    for variables in cells.VARIABLES:
        for given in cells.GIVEN:
            found = cells.measured(quantity, estimator, variables, given)
            if found is None or quantity == "Kullback-Leibler divergence":
                continue
            expected = cells.measured(quantity, Twin(estimator), variables, given)
            assert found == pytest.approx(expected, rel=0, abs=SAME), (variables, given)


def test_divergences_have_twins():
    p, q = cells.NUMBERS[0][:100], cells.NUMBERS[0][100:]
    assert kl_divergence(p, q) == pytest.approx(reference.kullback_leibler(p, q, k=3), rel=0, abs=SAME)
    # of one column: the mean square distance and the logarithms of the variances, each without its bias
    m, squares = len(q), np.mean((p - q.mean()) ** 2) / np.var(q)
    logarithms = [math.log(np.var(x, ddof=1)) - wishart_bias(len(x), 1) for x in (p, q)]
    expected = ((m - 3) / m * squares - 1 / m - 1 + logarithms[1] - logarithms[0]) / 2
    assert kl_divergence(p, q, estimator=estimators.Gaussian()) == pytest.approx(expected, rel=0, abs=SAME)
    p, q = cells.LABELS[0][:100], cells.LABELS[0][100:]
    shares = [[values.tolist().count(label) / len(values) for label in range(2)] for values in (p, q)]
    expected = sum(a * math.log(a / b) for a, b in zip(*shares, strict=True))
    assert kl_divergence(p, q) == pytest.approx(expected, rel=0, abs=SAME)


def test_every_estimator_is_for_something():
    for name, estimator in cells.ESTIMATORS.items():
        assert any(cells.cell(quantity, estimator) for quantity in cells.QUANTITIES), name
    for quantity in cells.QUANTITIES:
        assert any(cells.cell(quantity, estimator) for estimator in cells.ESTIMATORS.values()), quantity


def test_the_readme_has_this_table():
    assert cells.table() in (Path(__file__).parents[1] / "README.md").read_text()
