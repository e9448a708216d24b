"""Every estimator for every quantity: the calls, and the README's table of those that give a number.

python tests/cells.py    # prints the table
"""

import re

import numpy as np

import mutua
from mutua import estimators

N = 240
RNG = np.random.default_rng(20)
LABELS = RNG.integers(0, 2, (4, N))
LABELS[1] ^= LABELS[0] * RNG.integers(0, 2, N)
NUMBERS = RNG.normal(size=(4, N))
NUMBERS[1] += NUMBERS[0]

VARIABLES = {
    "labels": LABELS[:3],
    "numbers": NUMBERS[:3],
    "both": (NUMBERS[0], LABELS[1], NUMBERS[2]),
}
GIVEN = {
    "nothing": None,
    "labels": LABELS[3],
    "numbers": NUMBERS[3],
    "both": (LABELS[3], NUMBERS[3]),
}


def of_first(measure):
    return lambda variables, **options: measure(variables[0], **options)


def of_two(measure):
    return lambda variables, **options: measure(*variables[:2], **options)


def of_all(measure):
    return lambda variables, **options: measure(*variables, **options)


def between_samples(measure):
    def call(variables, given, **options):
        if given is not None:
            raise ValueError("between samples of different length nothing is given")
        return measure(variables[0][:100], variables[0][100:], **options)

    return call


QUANTITIES = {
    "entropy": of_first(mutua.entropy),
    "mutual information": of_two(mutua.mutual_information),
    "total correlation": of_all(mutua.total_correlation),
    "dual total correlation": of_all(mutua.dual_total_correlation),
    "O-information": of_all(mutua.o_information),
    "interaction information": of_all(mutua.interaction_information),
    "transfer entropy": of_two(mutua.transfer_entropy),
    "normalized mutual information": of_two(mutua.normalized_mutual_information),
    "variation of information": of_two(mutua.variation_of_information),
    "Kullback-Leibler divergence": between_samples(mutua.kl_divergence),
    "Jensen-Shannon divergence": between_samples(mutua.jensen_shannon_divergence),
}
ESTIMATORS = {name: getattr(estimators, name)() for name in sorted(estimators.__all__) if name != "Estimator"}


REFUSALS = re.compile("does not estimate|must be discrete|needs|takes no|nothing is given")


def measured(quantity, estimator, variables, given):
    """A number, or None where the estimator or the measure says that it is not for this."""
    try:
        return float(QUANTITIES[quantity](VARIABLES[variables], given=GIVEN[given], estimator=estimator))
    except ValueError as error:
        if not REFUSALS.search(str(error)):
            raise
        return None


def cell(quantity, estimator):
    """Which variables it is for, and whether something may be given."""
    kinds = [kind for kind in VARIABLES if measured(quantity, estimator, kind, "nothing") is not None]
    given = any(
        measured(quantity, estimator, kind, condition) is not None
        for kind in kinds
        for condition in GIVEN
        if condition != "nothing"
    )
    return " ".join([*(kind[0].upper() for kind in kinds), *(["(Z)"] if given else [])])


def grouped(lines):
    """Names that have the same cells together, in the order of the first of them."""
    groups = {}
    for name, line in lines.items():
        groups.setdefault(tuple(line), []).append(name)
    return {", ".join(names): list(line) for line, names in groups.items()}


def table():
    """In Markdown: L for labels, N for numbers, B for both at once, (Z) where something may be given."""
    cells = {q: [cell(q, estimator) for estimator in ESTIMATORS.values()] for q in QUANTITIES}
    columns = grouped(cells)
    names = [f"`{name}`" for name in ESTIMATORS]
    rows = grouped(dict(zip(names, map(list, zip(*columns.values(), strict=True)), strict=True)))
    lines = [["", *columns], ["---"] * (len(columns) + 1), *([name, *row] for name, row in rows.items())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    print(table(), end="")
