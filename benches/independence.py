"""Tests of independence: are p-values uniform where there is nothing, what is found, and how fast.

    python benches/independence.py               # all of it: a quarter of an hour
    python benches/independence.py --quick       # few repetitions, small sizes, to see that it works
    python benches/independence.py --only times  # one table

Needs SciPy, scikit-learn and tigramite. The tables are those of docs/independence.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import digamma
from scipy.stats import kstest, random_table

import mutua
from benches.contests import Contest, Rival
from benches.neighbors import race, versions
from benches.workloads import gaussian, triple
from mutua import KSG, Gaussian, independence_test

Case = Callable[[np.random.Generator, int], tuple[tuple[Any, Any], dict[str, Any]]]

# ----------------------------------------------------------------------------------------------------------
# Nothing to find


def labels(rng: np.random.Generator, n: int, n_labels: int) -> np.ndarray:
    weights = np.arange(1, n_labels + 1)
    return rng.choice(n_labels, n, p=weights / weights.sum())


def autoregressive(rng: np.random.Generator, n: int, memory: float) -> np.ndarray:
    values = rng.normal(size=n + 100)
    for i in range(1, len(values)):
        values[i] += memory * values[i - 1]
    return values[100:]


def pair(x: Callable[..., Any], y: Callable[..., Any], **options: Any) -> Case:
    return lambda rng, n: ((x(rng, n), y(rng, n)), options)


def labels_given_label(rng: np.random.Generator, n: int, **options: Any) -> Any:
    z = labels(rng, n, 3)
    return ((z + rng.integers(0, 3, n)) % 4, z + rng.integers(0, 2, n)), {"given": z, **options}


def samples_given_sample(rng: np.random.Generator, n: int, columns: int = 1, **options: Any) -> Any:
    z = rng.normal(size=(n, columns))
    x, y = z.sum(axis=1) + rng.normal(size=(2, n))
    return (x, y), {"given": z, **options}


def mixed_given_both(rng: np.random.Generator, n: int) -> Any:
    z, x, label = rng.normal(size=n), rng.normal(size=n), labels(rng, n, 2)
    return (x + z + label, z - label + rng.normal(size=n) > 0), {"given": (z, label)}


def series(method: str | None, memory: float) -> Case:
    of = partial(autoregressive, memory=memory)
    return pair(of, of, method=method)


few, several = partial(labels, n_labels=3), partial(labels, n_labels=5)
normal, skewed = (lambda rng, n: rng.normal(size=n)), (lambda rng, n: rng.exponential(size=n))

NOTHING: dict[str, Case] = {
    "labels: tables": pair(few, several),
    "labels: chi-square": pair(few, few, method="chi-square"),
    "labels given a label: tables": labels_given_label,
    "labels given a label: chi-square": partial(labels_given_label, method="chi-square"),
    "a sample and a label": pair(normal, few),
    "samples": pair(normal, skewed),
    "samples: Gaussian copula": pair(normal, skewed, method="gaussian"),
    "given a sample": samples_given_sample,
    "given a sample, KSG(k=0.2) of ranks": partial(
        samples_given_sample, estimator=KSG(k=0.2, transform="ranks")
    ),
    "given two samples": partial(samples_given_sample, columns=2),
    "given a sample: Gaussian": partial(samples_given_sample, method="gaussian", estimator=Gaussian()),
    "a sample and a label, given both": mixed_given_both,
    **{
        f"AR(1) of {memory}: {method}": series(method, memory)
        for memory in (0.6, 0.9)
        for method in ("shift", "block", "iaaft")
    },
    "AR(1) of 0.6: permutation, which is wrong": series(None, 0.6),
    "AR(1) of 0.9: permutation, which is wrong": series(None, 0.9),
}


def randomised(result: Any, rng: np.random.Generator) -> float:
    """The p-value with ties broken at random: uniform for any statistic, where the null is right."""
    if result.null_distribution is None:
        return result.pvalue
    excess = result.null_distribution - result.statistic
    equal = 1 + np.sum(np.abs(excess) <= 1e-13)
    return float((np.sum(excess > 1e-13) + rng.random() * equal) / (1 + len(excess)))


def print_null(quick: bool) -> None:
    sizes, n_repetitions = ((50,), 20) if quick else ((50, 200, 1000), 200)
    print("| nothing to find | " + " | ".join(f"n = {n}: p <= 0.05; uniform?" for n in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    for name, make in NOTHING.items():
        cells = []
        for n in sizes:
            uniform, found = [], []
            for repetition in range(n_repetitions):
                rng = np.random.default_rng([n, repetition])
                arguments, options = make(rng, n)
                result = independence_test(*arguments, n_permutations=99, seed=repetition, **options)
                uniform.append(randomised(result, rng))
                found.append(result.pvalue <= 0.05)
            cells.append(f"{np.mean(found):.3f}; {kstest(uniform, 'uniform').pvalue:.2g}")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


# ----------------------------------------------------------------------------------------------------------
# Something to find


def global_shuffle(x: Any, y: Any, given: Any, k: int, seed: int) -> float:
    """The p-value where all of x is shuffled: what it shares with `given` is lost."""
    rng, estimator = np.random.default_rng(seed), KSG(k=k)

    def information(x: Any) -> float:
        return mutua.mutual_information(x, y, given=given, estimator=estimator)

    observed = information(x)
    return (1 + sum(information(rng.permutation(x)) >= observed for _ in range(99))) / 100


def dependent(rng: np.random.Generator, n: int, strength: float) -> Iterator[tuple[str, Any, Any, Any]]:
    x, y, z = rng.normal(size=(3, n))
    yield "line", x, strength * x + y, None
    yield "parabola", x, strength * x**2 + y, None
    yield "spread", x, y * np.exp(1.5 * strength * x), None
    yield "line, beyond z", x + z, strength * x + y + z, z
    yield "parabola, beyond z", x + z, strength * x**2 + y + z, z
    yield "post-nonlinear, beyond z", np.tanh(x + z), (strength * x + y + z) ** 3, z


def print_power(quick: bool) -> None:
    n_repetitions, sizes = (10, (100,)) if quick else (200, (100, 300))
    print("| n | what there is | ours: false, found | global shuffle, k = 3: false, found, at its 5 % |")
    print("|---|---|---|---|")
    for n in sizes:
        found: dict[tuple[str, float], list[tuple[float, float]]] = {}
        for repetition in range(n_repetitions):
            for strength in (0.0, 0.35):
                rng = np.random.default_rng([n, repetition])
                for name, x, y, z in dependent(rng, n, strength):
                    ours = independence_test(x, y, given=z, n_permutations=99, seed=repetition).pvalue
                    theirs = global_shuffle(x, y, z, 3, repetition)
                    found.setdefault((name, strength), []).append((ours, theirs))
        for name in dict.fromkeys(name for name, _ in found):
            nothing, something = (np.array(found[name, strength]) for strength in (0.0, 0.35))
            false, true = np.mean(nothing <= 0.05, axis=0), np.mean(something <= 0.05, axis=0)
            level = np.quantile(nothing[:, 1], 0.05, method="lower")
            in_truth = np.mean(something[:, 1] <= level) if level < 0.05 else np.mean(something[:, 1] <= 0.05)
            print(
                f"| {n} | {name} | {false[0]:.2f}, {true[0]:.2f} | {false[1]:.2f}, {true[1]:.2f}, "
                f"{in_truth:.2f} |",
                flush=True,
            )


# ----------------------------------------------------------------------------------------------------------
# Time


def scipy_permutations(x: np.ndarray, y: np.ndarray, k: int, n_permutations: int) -> list[float]:
    """A tree for each permutation, both columns sorted once."""
    rng, ascending = np.random.default_rng(0), [np.sort(x), np.sort(y)]
    found = []
    for _ in range(n_permutations):
        points = np.column_stack([rng.permutation(x), y])
        radii = cKDTree(points).query(points, k=[k + 1], p=np.inf)[0][:, 0]
        radii = np.nextafter(radii, 0)
        counts = [
            np.searchsorted(column, values + radii, "right") - np.searchsorted(column, values - radii)
            for column, values in zip(ascending, points.T, strict=True)
        ]
        found.append(digamma(len(x)) + digamma(k) - np.mean(digamma(counts[0]) + digamma(counts[1])))
    return found


def permutations(n: int) -> Contest:
    x, y = (np.ascontiguousarray(side.ravel()) for side in gaussian(n))
    part = Rival(
        "SciPy, a tree each, sorted columns; 50 permutations, times 20",
        partial(scipy_permutations, x, y, 3, 50),
        None,
        20,
        calls=20,
        is_part=True,
    )
    return Contest(
        f"1,000 permutations of KSG, k = 3, n = {n:,}",
        lambda: independence_test(x, y, estimator=KSG(), n_permutations=1000),
        [part],
    )


def local_permutations(n: int) -> Contest:
    from tigramite.independence_tests.cmiknn import CMIknn

    data = np.stack(triple(n))
    theirs = CMIknn(knn=0.2, shuffle_neighbors=5, transform="ranks", sig_samples=5, workers=1)
    xyz = np.array([0, 1, 2])
    part = Rival(
        "tigramite CMIknn, 5 permutations, times 100",
        lambda: theirs.get_shuffle_significance(data, xyz, 0.1),
        None,
        50,
        calls=100,
        is_part=True,
    )
    x, y, z = data
    estimator = KSG(k=0.2, transform="ranks")
    return Contest(
        f"given a sample: 500 local permutations of ranks, k = {n // 5}, n = {n:,}",
        lambda: independence_test(x, y, given=z, estimator=estimator, n_permutations=500),
        [part],
    )


def tables(n: int, n_labels: int) -> Contest:
    x, y = np.random.default_rng(0).integers(0, n_labels, (2, n))
    margins = np.bincount(x), np.bincount(y)

    def scipy_tables() -> list[float]:
        drawn = random_table(*margins).rvs(1000, random_state=0) / n
        logs = np.log(drawn, out=np.zeros_like(drawn), where=drawn > 0)
        return list(np.sum(drawn * logs, axis=(1, 2)))

    return Contest(
        f"1,000 tables of {n_labels} x {n_labels} labels, n = {n:,}",
        lambda: independence_test(x, y, n_permutations=1000),
        [Rival("SciPy `random_table`, and a sum of logarithms", scipy_tables, None)],
    )


def print_times(quick: bool) -> None:
    n = 200 if quick else 1000
    print(versions() + "\n")
    print("| work | ours | rival | its time | ratio | floor |\n|---|---|---|---|---|---|")
    for contest in (permutations(n), local_permutations(n), tables(10 * n, 5), tables(100 * n, 20)):
        race(contest, time.process_time, quick)


TABLES = {"times": print_times, "null": print_null, "power": print_power}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few repetitions, small sizes")
    parser.add_argument("--only", choices=TABLES, action="append", help="may be repeated")
    options = parser.parse_args()
    for name in options.only or TABLES:
        TABLES[name](options.quick)
        print()
