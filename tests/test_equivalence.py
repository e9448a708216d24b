"""Every kernel of the compiled core against its twin in `mutua.reference`: counts as integers, failures too.

A row of `KERNELS` names a kernel, its inputs and how close the two must be. A kernel without a row,
or a row without a twin of that name, fails the suite.
"""

import itertools

import numpy as np
import pytest

import mutua.reference
from mutua import _core, _quantity

EXACT = 0.0  # distances and counts: the same bits
SCORE = 1e-13  # nats: the twins add the same terms in another order
RATIO = 1e-12  # of scores
WIDTH = 1e-9  # nats: logarithms of the widths of thin boxes, whose digits cancel
ADJUSTED = 1e-9  # of differences of scores
QUANTILE = 8e-15  # of the normal law: some units in the last place
LOGARITHM = 2e-12  # nats: the same for entropies, which are as large as the logarithms of distances
ITERATED = 1e-9  # probabilities, after thirty steps that may enlarge differences
SUM = 1e-9  # of some hundred numbers of a thousand
LOGARITHMS = 1e-11  # nats: the same in up to eight dimensions
INTEGRALS = 5e-11  # nats: of several entropies under priors

SIZES = [1, 2, 3, 8, 9, 40, 129]
SLOW_SEEDS = range(6)
MEANS = ("arithmetic", "geometric", "min", "max")


# ----------------------------------------------------------------------------------------------------------
# Inputs: what neighbour searches get wrong


def grid(n, dims):
    side = int(np.ceil(n ** (1 / dims)))
    return np.stack([np.arange(n) // side**c % side for c in range(dims)], axis=1) / 10


def spiral(n, dims):
    angle = np.linspace(0, 20, n)
    return np.stack([angle * np.cos(angle + c) for c in range(dims)], axis=1)


POINTS = {
    "uniform": lambda rng, n, d: rng.random((n, d)),
    "integers": lambda rng, n, d: rng.integers(0, 4, (n, d)).astype(float),
    "one value": lambda rng, n, d: np.full((n, d), 0.3),
    "signed zeros": lambda rng, n, d: rng.choice([-0.0, 0.0, 1.0], (n, d)),
    "half duplicates": lambda rng, n, d: rng.random((n, d))[rng.integers(0, n // 2 + 1, n)],
    "decimals": lambda rng, n, d: np.round(rng.normal(size=(n, d)), 1),
    "two clusters": lambda rng, n, d: rng.random((n, d)) + 1e12 * rng.integers(0, 2, (n, 1)),
    "outlier": lambda rng, n, d: np.concatenate([rng.random((n - 1, d)), np.full((1, d), 1e300)]),
    "denormal": lambda rng, n, d: rng.integers(-20, 20, (n, d)) * 5e-324,
    "largest": lambda rng, n, d: rng.uniform(-8e307, 8e307, (n, d)),
    "sorted": lambda rng, n, d: np.sort(rng.normal(size=(n, d)), axis=0),
    "reversed": lambda rng, n, d: np.sort(rng.normal(size=(n, d)), axis=0)[::-1].copy(),
    "organ pipe": lambda rng, n, d: np.abs(np.arange(n) - n // 2)[:, None] + np.zeros(d),
    "Cauchy": lambda rng, n, d: rng.standard_cauchy((n, d)),
    "all scales": lambda rng, n, d: 10 ** rng.uniform(-300, 300, (n, d)),
    "spiral": lambda rng, n, d: spiral(n, d),
    "grid": lambda rng, n, d: grid(n, d),
    "last digit": lambda rng, n, d: 1 + rng.integers(-n, n, (n, d)) * 2.0**-53,
    "halves": lambda rng, n, d: 0.5 ** rng.integers(0, 60, (n, d)),
}

LABELS = {
    "two": lambda rng, n: rng.integers(0, 2, n),
    "several": lambda rng, n: rng.integers(-3, 4, n),
    "many": lambda rng, n: rng.integers(0, n + 1, n),
    "skewed": lambda rng, n: (rng.pareto(1, n)).astype(np.int64) % 50,
    "one": lambda rng, n: np.full(n, 7),
    "all different": lambda rng, n: rng.permutation(n) * 10**12 - 2**61,
    "extremes": lambda rng, n: rng.choice(np.array([-(2**63), -1, 0, 2**63 - 1]), n),
}


def neighbor_counts(n):
    return sorted({1, 2, 3, 5, n // 2, n - 1} & set(range(1, n)))


def searches(rng, n):
    for make in POINTS.values():
        for dims in range(1, 7):
            points = make(rng, n, dims)
            for k in neighbor_counts(n):
                yield points, k


def columns(rng, n):
    for make in POINTS.values():
        yield from ((make(rng, n, dims), {"n_threads": dims}) for dims in (1, 3))
        yield (make(rng, n, 1)[:, 0].copy(),)


def searches_among_others(rng, n):
    for make in POINTS.values():
        for dims in range(1, 7):
            m = int(rng.choice([max(1, n // 2), n, 2 * n]))
            for k in sorted({1, 2, 3, m // 2, m} & set(range(1, m + 1))):
                yield make(rng, n, dims), make(rng, m, dims), k


def balls(rng, n):
    for make in POINTS.values():
        for dims in range(1, 7):
            points = make(rng, n, dims)
            others = np.max(np.abs(points - points[rng.integers(0, n, n)]), axis=1)  # ties with the radius
            kth = [mutua.reference.kth_distances(points, k) for k in neighbor_counts(n)[:2]]
            for radius in [others, np.zeros(n), *kth]:
                for closed in (False, True):
                    yield points, radius, closed


def labelings(rng, n):
    for make_x in LABELS.values():
        for make_y in LABELS.values():
            yield make_x(rng, n), make_y(rng, n)


def labelings_and(option, *values):
    """Labelings, without the option and with each of its values."""

    def inputs(rng, n):
        for x, y in labelings(rng, min(n, 40)):
            yield from ((x, y, options) for options in [{}, *({option: value} for value in values)])

    return inputs


def cells(rng, n):
    for shape in [(1, 1), (2, 3), (7, 1), (40, 50)]:
        rows, columns = (rng.integers(0, size, n) for size in shape)
        yield rows, columns, rng.integers(0, 1000, n), shape
    yield *np.zeros((3, 0), dtype=np.int64), (0, 0)
    yield *np.zeros((3, 0), dtype=np.int64), (2, 3)


def weighted(rng, n):
    """Labelings with weights, some of them 0."""
    for x, y in labelings(rng, n):
        yield x, y, rng.integers(0, 4, n) * rng.random(n)


def counted(rng, n):
    yield from labelings(rng, n)
    for x, y in labelings(rng, n):
        yield x, y, rng.integers(0, 4, n)
        yield x.astype(np.uint64), (y % 100).astype(np.int8)


def weighted_cells(rng, n):
    for rows, columns, counts, shape in cells(rng, n):
        yield rows, columns, counts * rng.random(len(counts)), shape


def words(rng, n):
    for rows, columns, counts, shape in cells(rng, n):
        highest = rng.integers(0, 2**40, (len(counts), 1), dtype=np.uint64)
        yield (
            rows,
            columns,
            np.hstack([highest, rng.integers(0, 2**64, (len(counts), 3), dtype=np.uint64)]),
            shape,
        )


def quantiles(rng, n):
    for dof in range(n):
        yield from (
            (dof, statistic * scale)
            for statistic in (0.0, dof / 2, dof, 3.0 * dof + 1)
            for scale in (1, rng.random())
        )


def texts(rng, n):
    words = np.array(["", "a", "b", "ab", "\0a", "µ", "long and longer", "\U0001f600"])[rng.integers(0, 8, n)]
    yield from ([words], [words.astype(object)], [np.strings.encode(words, "utf-8")])
    yield from ([np.append(words, other).astype(object)] for other in ("last", np.str_("b")))
    yield [words[:0].astype(object)]


def count_lists(rng, n):
    yield from ([rng.integers(0, top, n)] for top in (1, 2, 1000, 10**12))
    yield (np.zeros(0, dtype=np.int64),)


def margins(rng, n):
    for x, y in labelings(rng, min(n, 40)):
        rows, columns = (np.unique(labels, return_counts=True)[1] for labels in (x, y))
        yield rows, columns, len(x)
        yield np.append(rows, 0), columns, len(x) + 5


def label_matrices(rng, n):
    by_kind = np.stack([make(rng, n) for make in LABELS.values()], axis=1)
    for x in (by_kind, np.asfortranarray(by_kind), (by_kind % 5).astype(np.uint8)):
        yield x, None, np.empty((len(LABELS), len(LABELS)))
        yield x, by_kind[:, :2].copy(), np.empty((len(LABELS), 2)), {"unit": np.log(2)}


def samples(rng, n):
    """Columns and a target of every kind; the largest numbers only where nothing is squared."""
    points = [
        make(rng, n, 1)[:, 0]
        for name, make in POINTS.items()
        if name not in ("largest", "all scales", "outlier")
    ]
    labels = [make(rng, n) for make in LABELS.values()]
    for k in {1, 3, n - 1} & set(range(1, n)):
        for target in rng.permutation(len(points))[:4]:
            yield points, points[target], k
            repeated = [column for column in labels if len(np.unique(column)) < n]
            yield repeated, points[target], k
            yield repeated, points[target].astype(np.float32).astype(float), k, 1, True
        for target in labels:
            if len(np.unique(target)) < n:
                yield points + labels, target, k
        yield [POINTS["largest"](rng, n, 1)[:, 0]], POINTS["all scales"](rng, n, 1)[:, 0], k


SQUARED = [name for name in POINTS if name not in ("largest", "all scales", "outlier", "denormal")]


def parts(rng, n, n_parts, *, ranked=False):
    """Points of several kinds in several parts, a number of neighbours, and how they are measured."""
    if n == 1:
        return  # It has no neighbours.
    for names, norm in (POINTS, "max"), (SQUARED, "euclidean"):
        for name in names:
            dims = rng.integers(1, 4, n_parts)
            points = POINTS[name](rng, n, dims.sum())
            split = [np.ascontiguousarray(part) for part in np.split(points, np.cumsum(dims)[:-1], axis=1)]
            scalar = [np.ascontiguousarray(column) for column in points.T[:n_parts]]
            for samples in split, scalar:
                for k in [*neighbor_counts(n)[:3], neighbor_counts(n)[::-1]]:
                    options = {"k": k, "norm": norm, "pointwise": bool(rng.integers(2))}
                    yield *samples, options | ({"ranked": bool(rng.integers(2))} if ranked else {})
                yield *circles(rng, samples), {"k": neighbor_counts(n)[:2], "norm": norm, "pointwise": True}


def circles(rng, samples):
    """The same with periods: ties at half of them, more than values span, less, none."""
    for values in samples:
        n_columns = 1 if values.ndim == 1 else values.shape[1]
        yield values, rng.choice([0.1, 0.3, 1.0, 2.0, 4.0, 1e13, np.inf], n_columns)


def on_circles(rng, parts):
    """The same for those that are no labels."""
    return [part if part.dtype.kind == "i" else next(circles(rng, [part])) for part in parts]


def scattered(rng, n):
    """Columns in which no box is ambiguous: neither equal widths nor samples on a line."""
    for spread in (1.0, 1e-2, 1e-4):
        for d in (2, 3, 5):
            x = rng.normal(size=(n, 1)) + spread * rng.normal(size=(n, d))
            for k in {d, d + 2, 20} & set(range(1, n)):
                for alpha in (0.0, 0.2, 1.0):
                    yield x, {"k": k, "alpha": alpha, "pointwise": bool(rng.integers(2))}


def with_volumes(rng, n):
    """Parts in which balls have a volume that is known."""
    for samples, options in parts(rng, n, 1):
        if options["norm"] == "max" or not isinstance(samples, tuple) or samples[0].size == n:
            yield samples, options


def series(rng, n):
    """With times that follow, repeat or leave gaps, and windows that reach over none or several."""
    for *samples, options in parts(rng, n, 3, ranked=True):
        times, window = rng.permutation(n * rng.integers(1, 4))[:n], int(rng.integers(0, 1 + n // 8))
        times = rng.choice([times, times // 2, np.arange(n)])
        most = np.max(np.sum(np.abs(times[:, None] - times) <= window, axis=1))
        if np.max(options["k"]) + most <= n:
            yield *samples, times, window, options


def pairs(rng, n):
    for x, y, options in parts(rng, n, 2, ranked=True):
        yield x, y, options | {"kind": int(rng.integers(1, 3))}
    for x, y, other, options in itertools.islice(parts(rng, n, 3, ranked=True), 0, None, 4):
        yield x, y, options | {"kind": int(rng.integers(1, 3)), "others": [other]}


QUANTITIES = [
    _quantity.MUTUAL_INFORMATION,
    _quantity.CONDITIONAL_MUTUAL_INFORMATION,
    _quantity.ENTROPY.given(1),
    _quantity.ENTROPY,
    *(make(3) for make in (_quantity.o_information, _quantity.interaction_information)),
    *(make(4) for make in (_quantity.total_correlation, _quantity.dual_total_correlation)),
]
RULES = ["kraskov", "ross", "mixture", "atom split"]


def variables(rng, n):
    """Quantities of points and labels together."""
    for names, norm in (POINTS, "max"), (SQUARED, "euclidean"):
        for name in names:
            for rule in rng.permutation(RULES)[:2].tolist():
                quantity = QUANTITIES[rng.integers(len(QUANTITIES))]
                labels = [make(rng, n) for make in LABELS.values()]
                parts = [
                    POINTS[name](rng, n, rng.integers(1, 3))
                    if rng.random() < 0.6
                    else labels[rng.integers(len(labels))]
                    for _ in range(quantity.n_variables)
                ]
                options = {"rule": rule, "norm": norm, "pointwise": bool(rng.integers(2))}
                discrete = [part for part in parts if part.dtype.kind == "i"]
                n_classes = len(np.unique(discrete, axis=1).T) if discrete else 1
                if (n_classes == n and rule in ("kraskov", "ross")) or (n == 1 and not discrete):
                    continue  # There is none with another of its labels.
                ks = [1, 2, n] if discrete else neighbor_counts(n)
                for k in [*ks[:2], ks]:
                    yield parts, quantity.terms, options | {"k": k, "ranked": bool(rng.integers(2))}
                if norm == "max" or not any(quantity.n_dimensions):
                    yield on_circles(rng, parts), quantity.terms, options | {"k": ks}


def repetitions(rng, n):
    for make in POINTS.values():
        for make_labels in LABELS.values():
            points, labels = make(rng, n, rng.integers(1, 3)), make_labels(rng, n)
            for k in (1, 3):
                yield [points], k
                yield on_circles(rng, [points, labels]), k
                yield [points, labels, make(rng, n, 1)[:, 0].copy()], k


def pairs_without_options(rng, n):
    yield from labelings(rng, n)
    if n > 3:
        yield from ((make(rng, n, 1)[:, 0].copy(), rng.random(n)) for make in POINTS.values())


def pairs_by_default(rng, n):
    for *samples, options in parts(rng, n, 2):
        del options["norm"]
        yield *samples, options


def samples_and_labels(rng, n):
    for samples, options in parts(rng, n, 1):
        for make in LABELS.values():
            labels = make(rng, n)
            if len(np.unique(labels)) < n:
                yield samples, labels, options
                yield labels, samples, options | {"k": 2 * n}


SUMS = [
    [(1, 0b1)],
    [(1, 0b1), (1, 0b10), (-1, 0b11)],
    [(1, 0b101), (1, 0b110), (-1, 0b111), (-1, 0b100)],
    [(1, 0b1), (1, 0b10), (1, 0b100), (1, 0b1000), (-2, 0b1011), (-1, 0b1111)],
]
PARAMETERS = {"schuermann": 0.7, "dirichlet": 0.3}


def counted_together(rng, n):
    """Every count estimator for sums of entropies of one to four variables."""
    made = list(LABELS.values())
    for place, name in enumerate(_core.count_estimators):
        if name == "quadratic_extrapolation" and n < 4:
            continue
        for terms in SUMS:
            n_variables = max(mask for _, mask in terms).bit_length()
            chosen = [made[(place + i * i) % len(made)] for i in range(n_variables)]
            labels = [make(rng, n) for make in chosen]
            if name == "pym" and len(set(zip(*labels, strict=True))) == n:
                continue  # It needs a label that occurs twice.
            options = {"estimator": name, "parameter": PARAMETERS.get(name, np.nan)}
            yield labels, terms, options
            yield labels, terms, options | {"n_categories": [n + i for i in range(n_variables)]}
            if name in mutua.reference.MEANS:
                yield labels, terms, options | {"pointwise": True}


def label_sets(rng, n):
    for n_variables in range(1, 5):
        for make in LABELS.values():
            others = [LABELS[name](rng, n) for name in rng.choice(list(LABELS), n_variables - 1)]
            yield ([make(rng, n), *others],)


def priors(rng, n):
    for top in (2, 3, 20):
        counts = rng.integers(0, top, n)
        counts[0] += 1
        for n_categories in (np.count_nonzero(counts), 1.5 * n, 1e4, 1e15):
            yield counts, float(n_categories)


def two_samples(rng, n):
    """Points of several kinds, and others without one that is the same."""
    for points, options in parts(rng, n, 1):
        if isinstance(points, tuple):
            continue  # They are not compared on circles.
        others = rng.random((int(rng.integers(n, 3 * n)), *points.shape[1:]))
        yield points, others, options


def score_matrices(rng, n):
    """Of all sizes and with pairs that are ruled out; too few pairs are some, too."""
    for scale in (0.0, 1.0, 30.0, 1e3):
        scores = scale * rng.standard_normal((n, n))
        yield (scores,)
        yield (np.where(rng.random((n, n)) < 0.2, -np.inf, scores),)


def divided_scores(rng, n):
    for (scores,) in score_matrices(rng, n):
        rows, columns = (scores.max(axis=axis) + rng.random(n) for axis in (1, 0))
        nothing = np.full(n, np.inf)
        for divisors in ((rows, columns), (rows, nothing), (nothing, columns)):
            yield (scores, *(np.where(np.isneginf(divisor), 0, divisor) for divisor in divisors))


def score_blocks(rng, n):
    """The whole matrix, and some rows of it."""
    for (scores,) in score_matrices(rng, n):
        yield scores, 0
        yield scores[n // 3 :], n // 3


def levelled_blocks(rng, n):
    for scores, first_row in score_blocks(rng, n):
        yield scores, float(rng.normal()), first_row


def scaled_scores(rng, n):
    for (scores,) in score_matrices(rng, n):
        yield scores, -0.3


def columns_of_scores(rng, n):
    """Totals as they are, so that some scores have most of their column."""
    for scores, first_row in score_blocks(rng, n):
        diagonal = rng.normal(size=n)
        totals = np.logaddexp.reduce(np.concatenate([scores, diagonal[None]]), axis=0) - diagonal
        yield scores, (diagonal, totals, rng.random(n)), first_row


def slopes_of_columns(rng, n):
    for scores, columns, _ in columns_of_scores(rng, n):
        divisors = columns[1] + rng.random(n), np.where(rng.random(n) < 0.3, np.inf, columns[1])
        yield scores, columns, divisors, rng.random(n)


def joint_laws(rng, n):
    """Tables with zeros and without, of any shape; large ones in the same way, for twins are slow."""
    for n_columns in (1, 2, 5, 11):
        for empty in (0.0, 0.5):
            table = rng.gamma(0.5, size=(min(n, 12), n_columns)) * (
                rng.random((min(n, 12), n_columns)) >= empty
            )
            table[:, rng.integers(n_columns)] += 0.01 * rng.random(len(table))
            yield table / table.sum()


def encoders(rng, n):
    """No more steps than before clusters are merged: which of nearly equal ones, rounding decides."""
    for joint in joint_laws(rng, n):
        for n_clusters in (1, 3, 9):
            start = rng.dirichlet(np.ones(n_clusters), len(joint))
            for is_hard in (False, True):
                yield joint, start, np.array([7.5, 1.5]), is_hard, -1.0, 31, False
        yield joint, np.eye(len(joint)), np.array([20.0]), False, -1.0, 5, False, 2


OBJECTIVES = [(0.0, 1.0), (1.0, 4.0), (1.0, 0.5)]


def laws_to_compress(rng, n):
    """Where merges cost nothing any is as good: of one column all, of two many, unless clusters cost too."""
    for joint in joint_laws(rng, n):
        for factors in {1: [], 2: OBJECTIVES[1:]}.get(joint.shape[1], OBJECTIVES):
            yield joint, factors


def partitions(rng, n):
    for joint, factors in laws_to_compress(rng, n):
        m = len(joint)
        yield joint, rng.integers(0, 4, m), 4, rng.permutation(m), *factors, 20


def tables_to_merge(rng, n):
    for joint, factors in laws_to_compress(rng, n):
        yield joint, 3, *factors
        yield joint, 1, *factors, True


def binary_tables(rng, n):
    for clusters in (1, 2, 3, n):
        yield rng.gamma(0.5, size=(n, 2)) + 1e-3, clusters


def rearrangements(rng, n):
    """Orders of every kind, from some number on."""
    first = int(rng.integers(3))
    yield "any", n, int(rng.integers(2**62)), first, 3
    yield "shifted", n, 0, first, 3
    yield from (("blocks", n, 1, first, 2, {"using": length}) for length in (0, 1, 3, n, n + 7))
    yield from (("within", n, 2, first, 2, {"using": make(rng, n)}) for make in LABELS.values())
    for size in sorted({1, min(n, 5), n}):
        yield "local", n, 3, first, 3, {"using": _core.neighborhoods(rng.random(n), size)}


def conditions(rng, n):
    for make in POINTS.values():
        for dims in (1, 3):
            for size in sorted({1, min(n, 5), n}):
                yield make(rng, n, dims), size
                yield make(rng, n, dims), size, {"labels": LABELS["several"](rng, n), "n_threads": 2}


def totals(rng, n):
    for x, y in labelings(rng, n):
        rows, columns = (np.unique(labels, return_counts=True)[1] for labels in (x, y))
        if len(rows) * len(columns) < 400:
            yield np.append(rows, 0), columns, int(rng.integers(9)), 5, 2


def labels_permuted(rng, n):
    for x, y in labelings(rng, n):
        yield x, y, int(rng.integers(9)), 3, 2
        yield x % 3, y % 2, 1, 0, 3, {"given": LABELS["two"](rng, n), "n_threads": 2}


def variables_in_order(rng, n):
    for parts, terms, options in itertools.islice(variables(rng, n), 0, None, 3):
        del options["pointwise"]
        n_labels = sum(isinstance(part, np.ndarray) and part.dtype.kind == "i" for part in parts)
        if n_labels > 1 and options["rule"] in ("kraskov", "ross"):
            continue  # Orders may leave none with another of its labels.
        if np.ndim(options["k"]) == 0:
            yield parts, terms, _core.draw_orders("any", n, 0, 0, 2), options
            repeated = rng.integers(0, n, (2, n)).astype(np.uint32)
            if n_labels == 0:
                yield parts, terms, repeated, options


KERNELS = {
    "LogSums": (score_matrices, LOGARITHM),
    "LogSums.add": (score_matrices, LOGARITHM),
    "LogSums.columns": (score_matrices, LOGARITHM),
    "score_gradient": (divided_scores, LOGARITHM),
    "soft_plus_sums": (score_blocks, SUM),
    "logistic_gradient": (scaled_scores, SCORE),
    "score_sums": (levelled_blocks, SUM),
    "left_out_sums": (columns_of_scores, LOGARITHM),
    "left_out_gradient": (slopes_of_columns, LOGARITHM),
    "draw_orders": (rearrangements, EXACT),
    "neighborhoods": (conditions, EXACT),
    "random_tables": (totals, EXACT),
    "permuted_labels": (labels_permuted, SCORE),
    "rearranged_common_ball": (variables_in_order, LOGARITHMS),
    "sum_of_entropies": (counted_together, INTEGRALS),
    "joint_labels": (label_sets, EXACT),
    "nsb_posterior": (priors, ADJUSTED),
    "kraskov": (pairs, SCORE),
    "mixture": (lambda rng, n: parts(rng, n, 2), SCORE),
    "by_ties": (pairs_by_default, SCORE),
    "common_ball": (variables, LOGARITHMS),
    "ties": (repetitions, EXACT),
    "conditional": (lambda rng, n: parts(rng, n, 3, ranked=True), SCORE),
    "conditional_apart": (series, SCORE),
    "ross": (samples_and_labels, SCORE),
    "kozachenko_leonenko": (with_volumes, LOGARITHM),
    "local_non_uniformity": (scattered, WIDTH),
    "normal_scores": (columns, QUANTILE),
    "kullback_leibler": (two_samples, LOGARITHM),
    "kth_distances": (searches, EXACT),
    "kth_distances_to": (searches_among_others, EXACT),
    "counts_within": (balls, EXACT),
    "mutual_information": (pairs_without_options, SCORE),
    "mutual_information_columns": (samples, SCORE),
    "pairwise_mutual_information": (label_matrices, SCORE),
    "entropy": (count_lists, SCORE),
    "number_texts": (texts, EXACT),
    "mutual_info_score": (labelings, SCORE),
    "normalized_mutual_info_score": (labelings_and("average_method", *MEANS), RATIO),
    "adjusted_mutual_info_score": (labelings_and("average_method", *MEANS), ADJUSTED),
    "homogeneity_completeness_v_measure": (labelings_and("beta", 0.5, 3), RATIO),
    "homogeneity_score": (labelings, RATIO),
    "completeness_score": (labelings, RATIO),
    "v_measure_score": (labelings_and("beta", 0.5, 3), RATIO),
    "rand_score": (labelings, EXACT),
    "adjusted_rand_score": (labelings, EXACT),
    "fowlkes_mallows_score": (labelings, EXACT),
    "expected_mutual_information": (margins, SCORE),
    "CountTable": (labelings, EXACT),
    "CountTable.from_cells": (cells, EXACT),
    "CountTable.shape": (labelings, EXACT),
    "CountTable.total": (labelings, EXACT),
    "CountTable.row_sums": (labelings, EXACT),
    "CountTable.column_sums": (labelings, EXACT),
    "CountTable.cells": (labelings, EXACT),
    "CountTable.pair_confusion": (labelings, EXACT),
    "CountTable.entropies": (labelings, SCORE),
    "CountTable.mutual_information": (labelings, SCORE),
    "CountTable.expected_mutual_information": (labelings, SCORE),
    "CountTable.labelled": (counted, EXACT),
    "CountTable.merged": (labelings, EXACT),
    "CountTable.joint_entropy": (labelings, SCORE),
    "CountTable.conditional_entropies": (labelings, SCORE),
    "CountTable.normalized_mutual_information": (labelings, RATIO),
    "CountTable.adjusted_mutual_information": (labelings, ADJUSTED),
    "CountTable.homogeneity_and_completeness": (labelings, RATIO),
    "CountTable.pair_indices": (labelings, EXACT),
    "WeightedTable": (weighted, EXACT),
    "WeightedTable.from_cells": (weighted_cells, EXACT),
    "WeightedTable.from_words": (words, EXACT),
    "WeightedTable.from_counts": (labelings, EXACT),
    "WeightedTable.labelled": (weighted, EXACT),
    "WeightedTable.merged": (weighted, EXACT),
    "WeightedTable.shape": (weighted, EXACT),
    "WeightedTable.total": (weighted, EXACT),
    "WeightedTable.row_sums": (weighted, EXACT),
    "WeightedTable.column_sums": (weighted, EXACT),
    "WeightedTable.cells": (weighted, EXACT),
    "WeightedTable.words": (weighted, EXACT),
    "WeightedTable.mutual_information": (weighted, SCORE),
    "WeightedTable.entropies": (weighted, SCORE),
    "WeightedTable.joint_entropy": (weighted, SCORE),
    "WeightedTable.conditional_entropies": (weighted, SCORE),
    "WeightedTable.normalized_mutual_information": (weighted, RATIO),
    "WeightedTable.homogeneity_and_completeness": (weighted, RATIO),
    "chi_square_survival": (quantiles, SCORE),
    "information_bottleneck": (encoders, ITERATED),
    "sequential_bottleneck": (partitions, EXACT),
    "agglomerative_bottleneck": (tables_to_merge, SCORE),
    "binary_quantizer": (binary_tables, EXACT),
}


# ----------------------------------------------------------------------------------------------------------
# Comparison


def call(module, kernel, args):
    """The value of a kernel as plain arrays; a method is called on the table of two labelings.

    Options come last, as a dictionary.
    """
    owner, _, member = kernel.partition(".")
    args, options = (args[:-1], args[-1]) if args and isinstance(args[-1], dict) else (args, {})
    value = getattr(module, owner)
    if member == "from_counts":
        value = value.from_counts(module.CountTable(*args))
    elif member in CONSTRUCTORS:
        value = getattr(value, member)(*args)
    elif owner == "LogSums":
        sums = value(len(args[0]))
        rows = sums.add(*args)
        value = sums.columns() if member == "columns" else rows
    elif "Table" in owner:
        table = value.labelled(*args)[0] if owner == "WeightedTable" else value(*args)
        value = getattr(table, member) if member else table
        value = value(*ARGUMENTS.get(member, lambda table: ())(table)) if callable(value) else value
    else:
        value = value(*args, **options)
    parts = value if isinstance(value, tuple) else (value,)
    return tuple(array for part in parts for array in arrays(module, part))


CONSTRUCTORS = ("from_cells", "from_words", "labelled")
ARGUMENTS = {
    "normalized_mutual_information": lambda table: ["geometric"],
    "adjusted_mutual_information": lambda table: ["max"],
    "merged": lambda table: [  # the same table, one to the right and one below
        *map(np.arange, table.shape),
        table,
        *(np.arange(size) + 1 for size in table.shape),
        tuple(size + 1 for size in table.shape),
    ],
}


def arrays(module, value):
    """A table in its parts, a word as its letters, anything else as it is."""
    if isinstance(value, str):
        return (np.array([*map(ord, value)]),)
    if not isinstance(value, module.CountTable | module.WeightedTable):
        return (value,)
    parts = (value.shape, value.total, value.row_sums, value.column_sums, *value.cells())
    return (*parts, value.words()) if isinstance(value, module.WeightedTable) else parts


def differences(kernel, args, tolerance):
    """What is wrong with the kernel's answer, as text; empty if nothing."""
    ours, expected = (call(module, kernel, args) for module in (_core, mutua.reference))
    for one, other in zip(ours, expected, strict=True):
        one, other = np.asarray(one), np.asarray(other)
        if one.shape != other.shape or one.dtype.kind != other.dtype.kind:
            return f"{kernel}: {one.dtype}{one.shape} against {other.dtype}{other.shape}"
        with np.errstate(invalid="ignore"):  # the difference of infinities
            same = (one == other) | (np.abs(one - other) <= tolerance)
        if not np.all(same | (np.isnan(one) & np.isnan(other))):
            return f"{kernel}: {one} against {other} of {args}"
    return ""


def assert_equivalent(kernel, seed, n):
    inputs, tolerance = KERNELS[kernel]
    rng = np.random.default_rng([seed, n])
    found = [text for args in inputs(rng, n) if (text := differences(kernel, args, tolerance))]
    assert not found, f"{len(found)} with seed {seed}, n {n}; the first is\n{found[0]}"


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kernel", KERNELS)
def test_kernel_equals_its_twin(kernel, n):
    assert_equivalent(kernel, 0, n)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW_SEEDS)
@pytest.mark.parametrize("kernel", KERNELS)
def test_kernel_equals_its_twin_at_length(kernel, seed):
    assert_equivalent(kernel, 1 + seed, int(np.random.default_rng(seed).integers(1, 300)))


def public(module):
    """Functions, classes and their members, by name."""
    for name in (name for name in dir(module) if not name.startswith("_")):
        value = getattr(module, name)
        if callable(value):
            yield name
        if isinstance(value, type):
            yield from (f"{name}.{member}" for member in dir(value) if not member.startswith("_"))


def test_every_kernel_is_compared():
    assert sorted(KERNELS) == sorted(public(_core))


# ----------------------------------------------------------------------------------------------------------
# Failures

ONE, THREE, FIVE = (np.arange(n, dtype=np.int64) for n in (1, 3, 5))
LINE = np.linspace(0, 1, 5)
PLANE = np.stack([LINE, LINE**2], axis=1)


def spoiled(value):
    points = PLANE.copy()
    points[3, 1] = value
    return points


NAN, INFINITE = spoiled(np.nan), spoiled(np.inf)
WIDE = (PLANE * 2 - 1) * 1.5e308
PAIRED = np.array([0, 0, 1, 1, 2])

ESTIMATORS = {  # how many samples they take
    "kraskov": 2,
    "mixture": 2,
    "by_ties": 2,
    "conditional": 3,
    "kozachenko_leonenko": 1,
}
CIRCLES = [  # periods that are refused, of a plane
    np.array(periods) for periods in ([1.0], [1.0, 0.0], [1.0, -1.0], [1.0, np.nan], [1.0, 1.0, 1.0])
]
ROUND = (PLANE, np.ones(2))
UNKNOWN = [{"ranked": True}, {"norm": "euclidean"}]  # on circles

REJECTED = [
    *(("kth_distances", (PLANE, k)) for k in (-1, 0, 5, 6, 2**70)),
    *(
        ("kth_distances", (points, 1))
        for points in (LINE, PLANE[:1], PLANE[:0], np.zeros((5, 0)), NAN, INFINITE)
    ),
    *(("kth_distances_to", (PLANE, PLANE, k)) for k in (-1, 0, 6, 2**70)),
    *(
        ("kth_distances_to", sides)
        for points in (LINE, np.zeros((5, 0)), NAN, INFINITE, PLANE[:, :1])
        for sides in ((points, PLANE, 1), (PLANE, points, 1))
    ),
    ("kth_distances_to", (PLANE, PLANE[:0], 1)),
    *(("kullback_leibler", (PLANE, PLANE + 9, {"k": k})) for k in (-1, 0, 5, 2**70, [1, 5])),
    *(
        ("kullback_leibler", (*sides, {"k": 1}))
        for points in (PLANE[:0], np.zeros((5, 0)), NAN, INFINITE, WIDE, LINE)
        for sides in ((points, PLANE + 9), (PLANE + 9, points))
    ),
    ("kullback_leibler", (PLANE[:1], PLANE + 9, {"k": 1})),
    ("kullback_leibler", (PLANE, PLANE[:2] + 9, {"k": 3})),
    ("kullback_leibler", (PLANE, PLANE[3:], {"k": 1})),
    ("kullback_leibler", (PLANE * 1e308, PLANE * -1e308, {"k": 1})),
    ("kullback_leibler", (PLANE, PLANE + 1e200, {"k": 1, "norm": "euclidean"})),
    ("kullback_leibler", (PLANE, PLANE + 9, {"k": 1, "norm": "cosine"})),
    *(
        ("counts_within", (points, LINE, True))
        for points in (LINE, PLANE[:3], np.zeros((5, 0)), NAN, INFINITE)
    ),
    *(("counts_within", (PLANE, radii, False)) for radii in (LINE[:3], -LINE, LINE * np.nan, LINE + np.inf)),
    ("entropy", (np.array([3, -1]),)),
    *(
        ("sum_of_entropies", (labels, terms, {"estimator": name} | options))
        for labels, terms, name, options in [
            ([THREE, FIVE], [(1, 1)], "plug_in", {}),
            ([], [(1, 1)], "plug_in", {}),
            ([THREE[:0]], [(1, 1)], "plug_in", {}),
            ([THREE] * 65, [(1, 1)], "plug_in", {}),
            ([THREE], [(1, 0)], "plug_in", {}),
            ([THREE], [(1, 0b11)], "plug_in", {}),
            ([THREE], [(1, 1)], "gauss", {}),
            ([THREE], [(1, 1)], "quadratic_extrapolation", {}),
            ([THREE], [(1, 1)], "pym", {}),
            ([THREE], [(1, 1)], "nsb", {"n_categories": [2.0]}),
            ([THREE], [(1, 1)], "nsb", {"n_categories": [5.0, 5.0]}),
            ([THREE], [(1, 1)], "nsb", {"n_categories": [np.nan]}),
            ([THREE], [(1, 1)], "nsb", {"pointwise": True}),
        ]
    ),
    *(("joint_labels", (labels,)) for labels in ([], [THREE, FIVE], [THREE[:0]])),
    ("nsb_posterior", (np.array([3, -1]), 2.0)),
    ("nsb_posterior", (np.array([3, 1]), 1.0)),
    ("expected_mutual_information", (np.array([3, 3]), np.array([2, 2]), 2)),
    ("expected_mutual_information", (np.array([3, -3]), np.array([2, 2]), 6)),
    ("CountTable", (THREE, FIVE)),
    *((score, (THREE, FIVE)) for score in KERNELS if score.endswith(("_score", "_v_measure"))),
    ("CountTable.from_cells", (THREE, FIVE, THREE, (9, 9))),
    ("CountTable.from_cells", (THREE, THREE, -THREE, (9, 9))),
    ("CountTable.from_cells", (THREE, THREE, THREE, (3, 2))),
    ("CountTable.from_cells", (-THREE, THREE, THREE, (3, 3))),
    ("CountTable.labelled", (THREE, FIVE)),
    ("CountTable.labelled", (THREE, THREE, -THREE)),
    *(
        ("WeightedTable.labelled", (THREE, THREE, weights))
        for weights in (-LINE[:3], LINE[:3] + np.nan, LINE, LINE[:3] + 1e19)
    ),
    ("WeightedTable.from_cells", (THREE, THREE, LINE[:3], (3, 2))),
    ("chi_square_survival", (-1, 1.0)),
    *(("mutual_information_columns", ([LINE], LINE, k)) for k in (-1, 0, 5, 2**70)),
    *(("mutual_information_columns", ([LINE], PAIRED, k)) for k in (-1, 0)),
    *(
        ("mutual_information_columns", ([LINE, column], LINE, 1))
        for column in (LINE[:3], THREE, FIVE, NAN[:, 1])
    ),
    *(("mutual_information_columns", ([LINE, column], PAIRED, 1)) for column in (LINE[:3], THREE, NAN[:, 1])),
    *(("mutual_information_columns", ([LINE], target, 1)) for target in (FIVE, NAN[:, 1], INFINITE[:, 1])),
    *(
        (kernel, (*samples, {"k": k}))
        for kernel, n_parts in ESTIMATORS.items()
        for samples, k in [
            *(((PLANE,) * n_parts, k) for k in (-1, 0, 5, 2**70, [1, 5])),
            *(
                ((points,) * n_parts, 1)
                for points in (PLANE[:1], PLANE[:0], np.zeros((5, 0)), NAN, INFINITE, WIDE)
            ),
        ]
    ),
    *(
        (kernel, (PLANE,) * (n_parts - 1) + (PLANE[:3], {"k": 1}))
        for kernel, n_parts in ESTIMATORS.items()
        if n_parts > 1
    ),
    *(
        (kernel, (PLANE * 1e200,) * n_parts + ({"k": 1, "norm": "euclidean"},))
        for kernel, n_parts in ESTIMATORS.items()
        if kernel != "by_ties"
    ),
    *(
        (kernel, ((PLANE, periods),) * n_parts + ({"k": 1},))
        for kernel, n_parts in ESTIMATORS.items()
        for periods in CIRCLES
    ),
    *(
        (kernel, ((points, np.ones(2)),) * n_parts + ({"k": 1},))
        for kernel, n_parts in ESTIMATORS.items()
        for points in (NAN, INFINITE)
    ),
    ("kraskov", ((PLANE, np.ones(2)), PLANE, {"k": 1, "ranked": True})),
    ("kozachenko_leonenko", ((PLANE, np.ones(2)), {"k": 1, "norm": "euclidean"})),
    *(("local_non_uniformity", (PLANE, {"k": 2, "alpha": alpha})) for alpha in (-0.1, 1.1, np.nan)),
    *(("local_non_uniformity", (PLANE, {"k": k, "alpha": 0.5})) for k in (0, 1, 5)),
    *(("local_non_uniformity", (points, {"k": 2, "alpha": 0.5})) for points in (NAN, INFINITE, WIDE)),
    ("local_non_uniformity", ((PLANE, np.ones(2)), {"k": 2, "alpha": 0.5})),
    *(("kullback_leibler", (*sides, {"k": 1})) for sides in ((ROUND, PLANE + 9), (PLANE + 9, ROUND))),
    *(("common_ball", ([ROUND], [(1, 1)], {"k": 1, "rule": "ross"} | options)) for options in UNKNOWN),
    *(("normal_scores", (points,)) for points in (NAN, INFINITE, np.zeros((5, 0)))),
    *(("conditional_apart", (LINE, LINE, LINE, times, w, {"k": 1})) for times, w in [(THREE, 0), (FIVE, 9)]),
    *(
        ("common_ball", (parts, [(1, 1)], {"k": k, "rule": "ross"}))
        for parts, k in [
            *(([PLANE, LINE], k) for k in (-1, 0, 5, 2**70)),
            *(([PLANE, PAIRED], k) for k in (-1, 0)),
            *(([PLANE, other], 1) for other in (LINE[:3], THREE, FIVE, NAN, INFINITE, WIDE, PLANE[:, :0])),
        ]
    ),
    *(
        ("draw_orders", (kind, n, 0, 0, 2, {"using": using}))
        for kind, n, using in [
            ("all", 3, None),
            ("any", 0, None),
            ("any", -1, None),
            ("blocks", 3, -1),
            ("within", 3, FIVE),
            ("local", 3, np.zeros((5, 2), dtype=np.uint32)),
            ("local", 3, np.full((3, 2), 9, dtype=np.uint32)),
            ("local", 3, np.zeros((3, 0), dtype=np.uint32)),
        ]
    ),
    *(("draw_orders", ("any", 3, *numbers)) for numbers in ((-1, 0, 2), (0, -1, 2), (0, 0, -2))),
    *(("neighborhoods", (LINE, size)) for size in (-1, 0, 6)),
    *(("neighborhoods", (points, 1)) for points in (NAN, INFINITE, np.zeros((5, 0)))),
    ("neighborhoods", (LINE, 2, {"labels": THREE})),
    *(("random_tables", (rows, THREE, 0, 0, 1)) for rows in (FIVE, -THREE)),
    *(("random_tables", (THREE, THREE, *numbers)) for numbers in ((-1, 0, 2), (0, -1, 2), (0, 0, -2))),
    *(("permuted_labels", (x, y, 0, 0, 1)) for x, y in ((THREE, FIVE), (THREE[:0], THREE[:0]))),
    ("permuted_labels", (THREE, THREE, 0, 0, 1, {"given": FIVE})),
    *(
        ("rearranged_common_ball", ([LINE, LINE], [(1, 1)], orders, {"k": k, "rule": "kraskov"}))
        for orders, k in [
            (np.zeros((1, 3), dtype=np.uint32), 1),
            (np.full((1, 5), 5, dtype=np.uint32), 1),
            (np.zeros((1, 5), dtype=np.uint32), [1, 2]),
            (np.zeros((1, 5), dtype=np.uint32), 5),
        ]
    ),
    *(("ties", ([PLANE, other], 3)) for other in (LINE[:3], THREE, NAN, INFINITE)),
    ("kraskov", (LINE, LINE, {"k": 1, "others": [LINE[:3]]})),
    ("kraskov", (LINE, LINE, {"k": 1, "kind": 3})),
    ("kraskov", (PLANE, PLANE, {"k": 1, "norm": "cosine"})),
    *(
        (kernel, (table, *rest))
        for table in (PLANE - 1, NAN, INFINITE, PLANE[:0], PLANE[:, :0])
        for kernel, rest in [
            ("information_bottleneck", (np.eye(5), LINE[1:], False, 0.0, 9)),
            ("sequential_bottleneck", (FIVE, 5, FIVE, 1.0, 2.0, 9)),
            ("agglomerative_bottleneck", (2, 1.0, 2.0)),
            ("binary_quantizer", (2,)),
        ]
    ),
    *(
        ("information_bottleneck", (PLANE + 1, start, betas, False, 0.0, 9))
        for start, betas in [
            (np.eye(4), LINE[1:]),
            (np.zeros((5, 0)), LINE[1:]),
            (-np.eye(5), LINE[1:]),
            (2 * np.eye(5), LINE[1:]),
            (np.eye(5), LINE),
            (np.eye(5), LINE[1:] * np.inf),
        ]
    ),
    ("information_bottleneck", (PLANE, np.eye(5), LINE[1:], False, 0.0, 9)),  # its first row is 0
    *(
        ("sequential_bottleneck", (PLANE, labels, 3, order, *factors, 9))
        for labels, order, factors in [
            (FIVE, FIVE, (1.0, 2.0)),
            (THREE, FIVE, (1.0, 2.0)),
            (PAIRED, FIVE + 1, (1.0, 2.0)),
            (PAIRED, -FIVE, (1.0, 2.0)),
            (PAIRED, FIVE, (-1.0, 2.0)),
            (PAIRED, FIVE, (1.0, np.inf)),
        ]
    ),
    *(("agglomerative_bottleneck", (PLANE, *rest)) for rest in [(-1, 1.0, 1.0), (2, np.nan, 1.0)]),
    *(("binary_quantizer", (table, k)) for table, k in [(PLANE, 0), (PLANE, -1), (PLANE[:, :1].copy(), 2)]),
    *(("ross", (LINE, PAIRED, {"k": k})) for k in (-1, 0)),
    *(("ross", (PLANE, labels, {"k": 1})) for labels in (THREE, FIVE)),
    *(("ross", (points, PAIRED, {"k": 1})) for points in (NAN, INFINITE, LINE[:3])),
]


@pytest.mark.parametrize(
    ("kernel", "args"), REJECTED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_kernel_and_twin_reject_the_same(kernel, args):
    for module in (_core, mutua.reference):
        with pytest.raises((ValueError, TypeError)) as raised:
            call(module, kernel, args)
        assert str(raised.value)
