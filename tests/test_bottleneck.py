"""The information bottleneck: known answers, what curves must be, awkward shapes, what is refused."""

import copy
import math
import pickle
import signal

import numpy as np
import pytest

import mutua.bottleneck
from mutua import ContingencyTable, _core
from mutua.bottleneck import (
    BottleneckClusterer,
    bottleneck_curve,
    gaussian_bottleneck,
    information_bottleneck,
    optimal_quantizer,
)

EXACT = 1e-8  # nats: what the known answers are reached to
LAWS = {  # shapes, and the share of cells that are empty
    "2 x 2": ((2, 2), 0.0),
    "3 x 2": ((3, 2), 0.0),
    "2 x 3": ((2, 3), 0.3),
    "4 x 7": ((4, 7), 0.5),
    "9 x 4": ((9, 4), 0.3),
    "12 x 12": ((12, 12), 0.7),
    "1 x 5": ((1, 5), 0.0),
    "5 x 1": ((5, 1), 0.0),
    "1 x 1": ((1, 1), 0.0),
}


def law(name, seed=0):
    shape, empty = LAWS[name]
    rng = np.random.default_rng([seed, *shape])
    table = rng.gamma(0.7, size=shape) * (rng.random(shape) >= empty)
    table[0, 0] += 0.1
    return table / table.sum()


def mutual_information(joint):
    independent = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
    filled = joint > 0
    return np.sum(joint[filled] * np.log(joint[filled] / independent[filled]))


def binary_entropy(p):
    return -sum(q * math.log(q) for q in (p, 1 - p) if q > 0)


def inverse_binary_entropy(h):
    low, high = 0.0, 0.5
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if binary_entropy(middle) < h else (low, middle)
    return low


# ----------------------------------------------------------------------------------------------------------
# Known answers


@pytest.mark.parametrize("flip", [0.01, 0.11, 0.3])
@pytest.mark.parametrize("beta", [1.2, 3.0, 8.0, 50.0])
def test_binary_symmetric_channel(flip, beta):
    """``I(T;Y) = ln 2 - h(p * h^-1(ln 2 - I(X;T)))``, and its slope is 1 / beta (Wyner and Ziv 1973)."""
    found = information_bottleneck([[(1 - flip) / 2, flip / 2], [flip / 2, (1 - flip) / 2]], beta=beta)
    noise = inverse_binary_entropy(math.log(2) - found.compression)
    both = noise * (1 - flip) + (1 - noise) * flip
    assert found.relevance == pytest.approx(math.log(2) - binary_entropy(both), abs=EXACT)
    assert found.converged
    if beta <= 1 / (1 - 2 * flip) ** 2:
        assert found.n_clusters == 1
    elif noise > 1e-4:
        slope = (1 - 2 * flip) * math.log(both / (1 - both)) / math.log(noise / (1 - noise))
        assert slope == pytest.approx(1 / beta, abs=EXACT)


@pytest.mark.parametrize("erased", [0.1, 0.5, 0.9])
def test_binary_erasure_channel(erased):
    """Whatever T is, ``I(T;Y) = (1 - erased) I(T;X)``: all or nothing."""
    table = [[(1 - erased) / 2, erased / 2, 0], [0, erased / 2, (1 - erased) / 2]]
    critical = 1 / (1 - erased)
    nothing, everything = (information_bottleneck(table, beta=f * critical) for f in (0.99, 1.01))
    assert nothing.n_clusters == 1
    assert everything.compression == pytest.approx(math.log(2), abs=EXACT)
    assert everything.relevance == pytest.approx((1 - erased) * math.log(2), abs=EXACT)
    assert bottleneck_curve(table, n_betas=5).critical_beta == pytest.approx(critical)


def test_deterministic_maps():
    """Y is a function of X: all that is kept is what it costs, up to H(Y)."""
    table = np.zeros((7, 3))
    table[np.arange(7), [0, 0, 0, 0, 1, 1, 2]] = 1
    entropy = -sum(n / 7 * math.log(n / 7) for n in (4, 2, 1))
    for variant in ("ib", "dib"):
        curve = bottleneck_curve(table, betas=[0.5, 1, 1.001, 1.5, 2, 10, 1000], variant=variant)
        assert curve.relevance == pytest.approx([0, 0, *[entropy] * 5], abs=EXACT)
        assert curve.compression == pytest.approx(curve.relevance, abs=EXACT)
    # Fewer clusters: a staircase, each step the entropy of the best union of values of Y.
    steps = [information_bottleneck(table, beta=math.inf, n_clusters=k).relevance for k in (1, 2, 3, 7)]
    two = -sum(n / 7 * math.log(n / 7) for n in (4, 3))
    assert steps == pytest.approx([0, two, entropy, entropy], abs=EXACT)


def test_an_infinite_beta_keeps_everything_at_least_cost():
    table = np.array([[4, 2, 0], [1, 0, 3], [3, 0, 9], [2, 2, 2], [8, 4, 0], [0, 1, 5]])
    found = information_bottleneck(table, beta=math.inf)
    assert found.labels.tolist() == [0, 1, 1, 2, 0, 3]
    assert found.relevance == pytest.approx(mutual_information(table / table.sum()), abs=1e-14)
    assert found.functional == -found.relevance


@pytest.mark.parametrize("variant", ["ib", "dib"])
@pytest.mark.parametrize("beta", [0, 0.3, 1])
def test_up_to_one_nothing_is_worth_anything(variant, beta):
    found = information_bottleneck(law("9 x 4"), beta=beta, variant=variant)
    assert found.n_clusters == 1
    assert (found.compression, found.relevance, found.functional) == pytest.approx((0, 0, 0), abs=1e-15)


def partitions(n, k):
    """All maps of n things to at most k numbers, but for the names."""
    labels = [[0]]
    for _ in range(n - 1):
        labels = [[*one, label] for one in labels for label in range(min(k, max(one) + 2))]
    return np.array(labels)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("n", [1, 2, 5, 7])
def test_quantizer_is_the_best_of_all_partitions(n, seed):
    rng = np.random.default_rng([n, seed])
    table = rng.gamma(0.5, size=(n, 2)) if seed % 2 else rng.integers(0, 4, (n, 2))
    table[0] += 1
    joint = table / table.sum()
    for k in range(1, n + 1):
        every = [mutual_information(np.eye(k)[labels].T @ joint) for labels in partitions(n, k)]
        found = optimal_quantizer(table, n_clusters=k)
        assert found.relevance == pytest.approx(max(every), rel=1e-14, abs=1e-15)
        sequential = information_bottleneck(table, n_clusters=k, variant="sequential")
        assert sequential.relevance <= found.relevance + 1e-14


@pytest.mark.parametrize("seed", range(6))
def test_hard_clusters_against_all_partitions(seed):
    joint = np.random.default_rng(seed).dirichlet(np.full(18, 0.4)).reshape(6, 3)
    every = [np.eye(6)[labels].T @ joint for labels in partitions(6, 6)]
    entropies = np.array([-sum(p * math.log(p) for p in one.sum(axis=1) if p > 0) for one in every])
    relevance = np.array([mutual_information(one) for one in every])
    for beta in (1.5, 3.0, 10.0):
        least = (entropies - beta * relevance).min()
        for variant in ("dib", "sequential"):
            options = {"n_clusters": 6, "n_starts": 20}
            found = information_bottleneck(joint, beta=beta, variant=variant, **options)
            assert found.functional == pytest.approx(least, abs=1e-12)
        merged = information_bottleneck(joint, beta=beta, variant="agglomerative")
        assert merged.functional >= least - 1e-12


def test_merges_are_the_best_of_each_step():
    joint = law("9 x 4")
    labels = np.arange(9)
    for k in range(8, 0, -1):
        pairs = [(a, b) for a in np.unique(labels) for b in np.unique(labels) if a < b]
        unions = [np.where(labels == b, a, labels) for a, b in pairs]
        values = [mutual_information(np.eye(9)[union].T @ joint) for union in unions]
        labels = unions[int(np.argmax(values))]
        found = information_bottleneck(joint, n_clusters=k, variant="agglomerative")
        assert found.relevance == pytest.approx(max(values), abs=1e-13)
        assert np.array_equal(found.labels, np.unique(labels, return_inverse=True)[1])


def gaussian_informations(projection, of_x, of_x_given_y):
    identity = np.eye(len(projection))
    with_x, without = (
        np.linalg.slogdet(projection @ covariance @ projection.T + identity)[1] / 2
        for covariance in (of_x, of_x_given_y)
    )
    return with_x, with_x - without


def test_gaussian_closed_form():
    rng = np.random.default_rng(0)
    root = rng.normal(size=(7, 7))
    covariance = root @ root.T
    of_x, cross, of_y = covariance[:4, :4], covariance[:4, 4:], covariance[4:, 4:]
    given = of_x - cross @ np.linalg.solve(of_y, cross.T)
    law = gaussian_bottleneck(covariance, n_x=4)
    betas = np.array([0, 1, 1.01, 1.5, 3, 20, 1e4])
    for beta, compression, relevance in zip(betas, law.compression(betas), law.relevance(betas), strict=True):
        expected = gaussian_informations(law.projection(beta), of_x, given)
        assert (compression, relevance) == pytest.approx(expected, abs=EXACT)
        # No projection nearby is better.
        for _ in range(20 if 1 < beta < 100 else 0):
            other = law.projection(beta) + 0.05 * rng.normal(size=law.projection(beta).shape)
            cost, kept = gaussian_informations(other, of_x, given)
            assert cost - beta * kept >= compression - beta * relevance - 1e-12
    assert law.relevance(1e12) == pytest.approx(law.information, abs=EXACT)
    assert law.compression(law.critical_betas[0]) == 0


def test_gaussian_against_a_fine_table():
    correlation = 0.8
    cells = np.linspace(-3.5, 3.5, 30)
    x, y = np.meshgrid(cells, cells, indexing="ij")
    table = np.exp(-(x**2 - 2 * correlation * x * y + y**2) / (2 * (1 - correlation**2)))
    law = gaussian_bottleneck([[1, correlation], [correlation, 1]], n_x=1)
    found = information_bottleneck(table, beta=3.0, n_starts=0)
    assert found.relevance == pytest.approx(law.relevance(3.0), abs=5e-3)
    assert found.compression == pytest.approx(law.compression(3.0), abs=2e-2)


def test_gaussian_from_samples():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(500, 2)), rng.normal(size=(500, 3))
    y[:, 0] += x[:, 1]
    whole = gaussian_bottleneck(np.cov(np.hstack([x, y]).T), n_x=2)
    of_samples = gaussian_bottleneck(x, y)
    assert of_samples.canonical_correlations == pytest.approx(whole.canonical_correlations)
    assert "2 directions" in repr(of_samples)
    independent = gaussian_bottleneck(np.eye(3), n_x=1)
    assert (independent.information, independent.relevance(9), independent.projection(9).shape) == (
        0,
        0,
        (0, 1),
    )


# ----------------------------------------------------------------------------------------------------------
# What must hold of any table


@pytest.mark.parametrize("variant", ["ib", "dib"])
@pytest.mark.parametrize("name", LAWS)
def test_curve_rises_and_bends_down(name, variant):
    joint = law(name)
    curve = bottleneck_curve(joint, n_betas=25, variant=variant)
    cost = curve.compression if variant == "ib" else curve.entropy
    assert curve.on_envelope.all()
    assert curve.converged.all()
    steps, gains = np.diff(cost), np.diff(curve.relevance)
    assert np.all(steps >= -EXACT)
    assert np.all(gains >= -EXACT)
    # Between two betas the slope is between their inverses.
    assert np.all(gains <= steps / curve.betas[:-1] + EXACT)
    assert np.all(gains >= steps / curve.betas[1:] - EXACT)
    assert np.all(curve.relevance <= curve.compression + EXACT)
    assert np.all(curve.relevance <= mutual_information(joint) + EXACT)
    assert np.all(curve.functional <= EXACT)


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("beta", [1.3, 2.5, 10.0, 200.0])
def test_encoders_are_fixed_points(name, beta):
    """What is returned satisfies the equations, and adds up."""
    joint = law(name, seed=3)
    found = information_bottleneck(joint, beta=beta)
    assert found.converged
    encoder, weights = found.encoder, joint.sum(axis=1)
    kept = weights > 0
    encoder, given = encoder[kept], joint[kept] / weights[kept, np.newaxis]
    assert encoder.sum(axis=1) == pytest.approx(1)
    assert found.cluster_probabilities == pytest.approx(weights[kept] @ encoder, abs=1e-12)
    both = encoder.T @ joint[kept]
    assert found.decoder == pytest.approx(both / both.sum(axis=1, keepdims=True), abs=1e-10)
    with np.errstate(divide="ignore"):
        law_of_y, prior = np.log(found.decoder), np.log(found.cluster_probabilities)
    terms = np.array([law_of_y[:, row > 0] @ row[row > 0] for row in given]) * beta + prior
    powers = np.exp(terms - terms.max(axis=1, keepdims=True))
    again = powers / powers.sum(axis=1, keepdims=True)
    assert np.abs(again - encoder).max(initial=0) < 1e-6
    assert weights[kept] @ np.abs(again - encoder) == pytest.approx(0, abs=1e-8)
    assert found.relevance == pytest.approx(mutual_information(both), abs=1e-12)


@pytest.mark.parametrize("variant", ["ib", "dib", "sequential", "agglomerative"])
def test_zero_rows_and_columns_change_nothing(variant):
    joint = law("9 x 4")
    padded = np.zeros((12, 6))
    rows, columns = [0, 1, 2, 4, 5, 6, 7, 9, 11], [0, 2, 3, 5]
    padded[np.ix_(rows, columns)] = joint
    options = {"beta": 4.0, "variant": variant, "n_clusters": 4}
    one, other = (information_bottleneck(table, **options) for table in (joint, padded))
    assert other.functional == pytest.approx(one.functional, abs=1e-12)
    assert np.array_equal(other.labels[rows], one.labels)
    assert np.all(other.labels[[3, 8, 10]] == -1)
    assert np.all(np.isnan(other.encoder[[3, 8, 10]]))
    assert np.all(other.decoder[:, [1, 4]] == 0)


def test_two_parts_split_at_once():
    """The second singular value is 1, whatever rounding makes of it in each order of the rows."""
    rng = np.random.default_rng(0)
    for size in (2, 3, 5, 8):
        joint = np.zeros((2 * size, 2 * size))
        joint[:size, :size], joint[size:, size:] = rng.random((2, size, size))
        for _ in range(10):
            rows = rng.permutation(2 * size)
            curve = bottleneck_curve(joint[rows], n_betas=2)
            assert curve.critical_beta == curve.betas[0] == 1


@pytest.mark.parametrize("variant", ["ib", "dib"])
def test_order_does_not_matter(variant):
    joint, rng = law("12 x 12"), np.random.default_rng(0)
    rows, columns = rng.permutation(12), rng.permutation(12)
    curves = [bottleneck_curve(j, n_betas=12, variant=variant) for j in (joint, joint[rows][:, columns])]
    assert curves[1].relevance == pytest.approx(curves[0].relevance, abs=1e-7)
    assert curves[1].functional == pytest.approx(curves[0].functional, abs=1e-9)


def test_rows_that_say_the_same_are_one():
    counts = np.array([[4, 2, 0], [1, 0, 3], [2, 1, 0], [0, 5, 5], [40, 20, 0]])
    found = information_bottleneck(counts, beta=30)
    assert found.labels.tolist() == [0, 1, 0, 2, 0]
    assert np.array_equal(found.encoder[0], found.encoder[4])


def test_counts_labels_and_tables_are_the_same():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 5, 300)
    y = (x + rng.integers(0, 2, 300)) % 4
    table = ContingencyTable.from_labels(x, y)
    found = [
        information_bottleneck(*data, beta=5)
        for data in [(table,), (table.to_array(),), (x, y), (table.to_array() / 300,), ([*map(str, x)], y)]
    ]
    for other in found[1:]:
        assert other.relevance == pytest.approx(found[0].relevance, abs=1e-9)
        assert np.array_equal(other.labels, found[0].labels)
    assert [one.n_samples for one in found] == [300, 300, 300, None, 300]
    assert found[3].relevance_bias is None


def test_bias_of_a_fixed_partition():
    """Of samples of a law without information the mean of I(T;Y) is its bias."""
    rng = np.random.default_rng(0)
    joint, partition, n = np.full((6, 4), 1 / 24), np.array([0, 0, 1, 1, 2, 2]), 200
    samples = rng.multinomial(n, joint.ravel(), 3000).reshape(-1, 6, 4)
    mean = np.mean([mutual_information(np.eye(3)[partition].T @ one / n) for one in samples])
    counts = np.repeat(np.eye(3, 4, dtype=int) * 90 + 10, 2, axis=0)
    found = information_bottleneck(counts, n_clusters=3, variant="sequential")
    assert found.labels.tolist() == partition.tolist()
    assert found.relevance_bias * found.n_samples == pytest.approx((3 - 1) * (4 - 1) / 2)
    assert mean * n == pytest.approx(3, rel=0.05)


# ----------------------------------------------------------------------------------------------------------
# The way down


def test_threads_change_no_bit():
    rng = np.random.default_rng(0)
    joint, start = rng.gamma(0.3, size=(150, 90)), rng.dirichlet(np.ones(40), 150)
    joint /= joint.sum()
    for is_hard in (False, True):
        alone, shared = (
            _core.information_bottleneck(joint, start, np.array([9.0, 3.0]), is_hard, 1e-9, 60, True, n)
            for n in (1, 2)
        )
        assert all(np.array_equal(a, b) for a, b in zip(alone, shared, strict=True))
    alone, shared = (bottleneck_curve(joint[:30], n_betas=6, n_clusters=5, n_jobs=n) for n in (1, 2))
    assert np.array_equal(alone.functional, shared.functional)


def test_longer_steps_are_fewer():
    """Near where a cluster splits the iteration slows down; what it finds is the same."""
    joint = law("9 x 4")
    beta = bottleneck_curve(joint, n_betas=2).critical_beta * 1.01
    start = np.eye(9) * 0.02 + 0.98 / 9
    plain, fast = (
        _core.information_bottleneck(joint, start, np.array([beta]), False, 1e-12, 10**6, accelerated)
        for accelerated in (False, True)
    )
    assert fast[2] < plain[2] / 3
    functionals = [
        mutual_information(joint.sum(axis=1, keepdims=True) * stop[0])
        - beta * mutual_information(stop[0].T @ joint)
        for stop in (plain, fast)
    ]
    assert functionals[1] == pytest.approx(functionals[0], abs=1e-11)


def test_a_step_too_few_is_reported():
    found = information_bottleneck(law("12 x 12"), beta=3.0, max_iterations=1, n_starts=0)
    assert not found.converged
    assert found.residual > 1e-11
    assert "not converged after" in repr(found)


def test_seeds_and_starts():
    joint = np.random.default_rng(2).dirichlet(np.full(400, 0.2)).reshape(40, 10)
    options = {"n_clusters": 6, "variant": "sequential"}
    few, many = (information_bottleneck(joint, n_starts=n, **options) for n in (1, 20))
    assert many.relevance >= few.relevance
    again = information_bottleneck(joint, n_starts=20, **options)
    assert np.array_equal(again.labels, many.labels)


def test_interruption():
    """A signal handler that raises ends a computation of minutes."""
    joint = np.random.default_rng(0).gamma(0.1, size=(600, 600))

    def stop(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            bottleneck_curve(joint)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ----------------------------------------------------------------------------------------------------------
# The clusterer


def topics(rng, n=60, words=30):
    """Objects of three topics that share no word."""
    truth = rng.integers(0, 3, n)
    laws = np.kron(np.eye(3), np.ones(words // 3)) + 0.02
    return truth, np.array([rng.multinomial(80, laws[t] / laws[t].sum()) for t in truth])


def test_clusterer_finds_topics():
    truth, counts = topics(np.random.default_rng(0))
    clusterer = BottleneckClusterer(n_clusters=3)
    labels = clusterer.fit_predict(counts)
    assert mutua.metrics.adjusted_mutual_info_score(truth, labels) == 1
    assert np.array_equal(clusterer.predict(counts), labels)
    assert clusterer.cluster_laws_.sum(axis=1) == pytest.approx(1)
    assert np.array_equal(clusterer.predict(np.zeros((1, 30))), [-1])
    for variant, beta in [("ib", 20), ("dib", 20), ("agglomerative", None), ("ib", None)]:
        other = BottleneckClusterer(3, variant=variant, beta=beta).fit(counts)
        assert mutua.metrics.adjusted_mutual_info_score(truth, other.labels_) == 1


def test_clusterer_predicts_what_was_never_seen():
    clusterer = BottleneckClusterer(2).fit([[5, 1, 0, 0], [4, 2, 0, 0], [0, 0, 3, 3], [0, 0, 4, 2]])
    # One part in ten is missing in the first cluster, nine in the second.
    assert clusterer.predict([[9, 0, 1, 0], [1, 0, 2, 2], [0, 0, 0, 1]]).tolist() == [0, 1, 1]


def test_clusterer_is_like_those_of_scikit_learn():
    sklearn_base = pytest.importorskip("sklearn.base")
    clusterer = BottleneckClusterer(n_clusters=3, seed=4)
    twin = sklearn_base.clone(clusterer)
    assert twin.get_params() == clusterer.get_params() == pickle.loads(pickle.dumps(twin)).get_params()
    assert twin.set_params(n_clusters=5).n_clusters == 5
    assert repr(twin).startswith("BottleneckClusterer(n_clusters=5,")
    with pytest.raises(ValueError, match="params must be among"):
        twin.set_params(k=3)
    with pytest.raises(ValueError, match="call fit first"):
        twin.predict([[1, 2]])
    _, counts = topics(np.random.default_rng(1))
    with pytest.raises(ValueError, match="X must have 30 columns"):
        clusterer.fit(counts).predict(counts[:, :5])


# ----------------------------------------------------------------------------------------------------------
# What is refused, and what values are like

TABLE = [[3, 1], [1, 3]]
REFUSED = [
    *(
        (ValueError, lambda table=table: information_bottleneck(table, beta=2))
        for table in ([], [[]], [1, 2], [[0, 0]], [[-1, 2]], [[np.nan, 1]], [[np.inf, 1]], [[[1]]])
    ),
    *(
        (TypeError, lambda table=table: information_bottleneck(table, beta=2))
        for table in ([["a", "b"]], None, [[1j, 2]], "text")
    ),
    *((ValueError, lambda b=b: information_bottleneck(TABLE, beta=b)) for b in (-1, np.nan, -np.inf, None)),
    *((TypeError, lambda b=b: information_bottleneck(TABLE, beta=b)) for b in ("2", True, [2.0], 1j)),
    *(
        (ValueError, lambda k=k: information_bottleneck(TABLE, beta=2, n_clusters=k))
        for k in (0, -1, 3, 2**70)
    ),
    *((TypeError, lambda k=k: information_bottleneck(TABLE, beta=2, n_clusters=k)) for k in (1.5, "2", True)),
    (ValueError, lambda: information_bottleneck(TABLE, beta=2, variant="vib")),
    (ValueError, lambda: information_bottleneck(TABLE, variant="sequential")),
    (ValueError, lambda: information_bottleneck(TABLE, beta=2, tolerance=-1)),
    (TypeError, lambda: information_bottleneck(TABLE, beta=2, tolerance="small")),
    (ValueError, lambda: information_bottleneck(TABLE, beta=2, max_iterations=0)),
    (ValueError, lambda: information_bottleneck(TABLE, beta=2, n_starts=-1)),
    (ValueError, lambda: information_bottleneck(TABLE, beta=2, seed=-1)),
    (ValueError, lambda: information_bottleneck(TABLE, beta=2, n_jobs=0)),
    (ValueError, lambda: information_bottleneck([0, 1], [0, 1, 1], beta=2)),
    *((ValueError, lambda b=b: bottleneck_curve(TABLE, betas=b)) for b in ([], [-1], [np.inf], [[1]], 2.0)),
    (TypeError, lambda: bottleneck_curve(TABLE, betas=["a"])),
    (ValueError, lambda: bottleneck_curve(TABLE, n_betas=0)),
    (ValueError, lambda: bottleneck_curve(TABLE, variant="sequential")),
    (ValueError, lambda: optimal_quantizer([[1, 2, 3], [3, 2, 1]], n_clusters=2)),
    (ValueError, lambda: optimal_quantizer(TABLE, n_clusters=0)),
    *(
        (ValueError, lambda c=c, n=n: gaussian_bottleneck(c, n_x=n))
        for c, n in [
            (np.eye(2), None),
            (np.eye(2), 0),
            (np.eye(2), 2),
            (np.ones((2, 2)), 1),
            (np.ones((2, 3)), 1),
            ([[1, 0.5], [0.4, 1]], 1),
            ([[1, 2], [2, 1]], 1),
            ([[1, np.nan], [np.nan, 1]], 1),
        ]
    ),
    (ValueError, lambda: gaussian_bottleneck([1.0, 2.0, 4.0], [1.0, 2.0, 3.0], n_x=1)),
    (ValueError, lambda: gaussian_bottleneck([1.0, 2.0], [1.0, 2.5])),
    (ValueError, lambda: gaussian_bottleneck([1.0, 2.0, 4.0], [2.0, 4.0, 8.0])),
    (ValueError, lambda: gaussian_bottleneck([1.0, 2.0, np.nan], [2.0, 4.0, 8.0])),
    (TypeError, lambda: gaussian_bottleneck([["a"]], n_x=1)),
    (ValueError, lambda: gaussian_bottleneck(np.eye(2), n_x=1).compression(-1)),
    (TypeError, lambda: gaussian_bottleneck(np.eye(2), n_x=1).compression("1")),
    (ValueError, lambda: gaussian_bottleneck(np.eye(2), n_x=1).projection([1, 2])),
    (ValueError, lambda: BottleneckClusterer(3).fit([[1, 2]])),
    (ValueError, lambda: BottleneckClusterer(1).fit([1, 2])),
    (TypeError, lambda: BottleneckClusterer(1).fit([["a"]])),
]


@pytest.mark.parametrize(("error", "call"), REFUSED)
def test_what_is_refused(error, call):
    with pytest.raises(error) as raised:
        call()
    assert type(raised.value) is error
    assert len(str(raised.value)) > 15


def test_extreme_tables():
    for table in ([[1e-300, 2e-300], [2e-300, 1e-300]], [[1e18, 2e18], [2e18, 1e18]], [[5e-324, 1], [1, 1]]):
        found = information_bottleneck(table, beta=100)
        assert math.isfinite(found.functional)
        assert found.converged
    identity = bottleneck_curve(np.eye(6), betas=[1.001, 1e12])
    assert identity.relevance == pytest.approx(math.log(6))


def test_results_are_frozen_values():
    found = information_bottleneck(TABLE, beta=9)
    with pytest.raises(AttributeError):
        found.beta = 3
    assert copy.copy(found).beta == 9
    assert pickle.loads(pickle.dumps(found)).relevance == found.relevance
    assert repr(bottleneck_curve(TABLE, betas=[2, 9])).startswith("BottleneckCurve(variant='ib'): 2 points,")


def test_every_public_name_has_an_example():
    for name in mutua.bottleneck.__all__:
        assert ">>>" in getattr(mutua.bottleneck, name).__doc__, name
