"""What is raced: a neighbour estimate of ours, its rivals on the same data, and the ratio to be reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
from scipy.special import ndtri
from sklearn.feature_selection import mutual_info_regression

import mutua
from benches.rivals import (
    Exact,
    Pipeline,
    compiled_sweep,
    sample_by_sample,
    sorted_entropy,
    tigramite_information,
)
from benches.workloads import Call, Workload, classification, gaussian, regression, triple, vectors

Columns = Sequence[np.ndarray]

# How far values may differ. The same integers give the same value but for the rounding of sums.
SAME = 1e-9
# `value + radius` rounds: now and then a neighbour on the edge is counted.
EDGES = 1e-3
# scikit-learn adds noise of 1e-10, and divides by a standard deviation of 1 but for rounding.
NOISE = 1e-6


@dataclass(frozen=True)
class Rival:
    """Another way to the value; `tolerance` is `None` where it does something else, such as a sort."""

    name: str
    call: Call
    tolerance: float | None
    #: How many times faster ours is to be,
    at_least: float | None = None
    #: or the most that ours may take, in units of the rival's time.
    at_most: float | None = None
    #: How many of its calls are one unit.
    calls: float = 1
    #: Whether a call is part of the work, so that its value is another.
    is_part: bool = False


@dataclass(frozen=True)
class Contest:
    """Ours against its rivals; `exact` gives the value by other means where no rival is exact."""

    work: str
    ours: Call
    rivals: Sequence[Rival]
    exact: Call | None = None


def pair(n: int, rho: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    """Two Gaussian samples of standard deviation 1, so that scikit-learn's scaling changes nothing."""
    x, y = gaussian(n, rho=rho)
    return x[:, 0] / x.std(), y / y.std()


def information(data: Columns, k: int, n_jobs: int = 1, **options: Any) -> Call:
    x, y, *given = data
    estimator = mutua.KSG(k=k, **options)
    condition = given[0] if given else None
    return lambda: mutua.mutual_information(x, y, given=condition, estimator=estimator, n_jobs=n_jobs)


def fastest(calls: Sequence[Call]) -> Call:
    """The fastest of several, each tried once when it is first called."""

    def seconds(call: Call) -> float:
        start = time.process_time()
        call()
        return time.process_time() - start

    chosen = cache(lambda: min(calls, key=seconds))
    return lambda: chosen()()


def pipelines(method: str, data: Columns, k: int, at_least: float, tolerance: float) -> list[Rival]:
    """The pipeline as most write it, and tuned, with the tree that suits the data."""
    trees = [(8, True, False), (16, True, True), (16, False, True), (32, True, True)]
    plain, *tuned = (
        partial(getattr(pipeline, method), *data, k=k)
        for pipeline in [Pipeline(), *(Pipeline(True, *tree) for tree in trees)]
    )
    return [
        Rival("SciPy pipeline", plain, tolerance, at_least),
        Rival("SciPy pipeline, tuned", fastest(tuned), tolerance, at_least),
    ]


def ksg(kind: str, data: Columns, k: int, at_least: float, rivals: Sequence[Rival] = ()) -> Contest:
    tolerance = EDGES if any(part.ndim == 1 for part in data) else SAME
    return Contest(
        f"{kind}, k = {k}, n = {len(data[0]):,}",
        information(data, k),
        [*pipelines("mutual_information", data, k, at_least, tolerance), *rivals],
        partial(Exact().mutual_information, *data, k=k),
    )


def scikit_learn(x: np.ndarray, y: np.ndarray, k: int, at_least: float) -> Rival:
    def call() -> float:
        return mutual_info_regression(x[:, None], y, n_neighbors=k, random_state=0, n_jobs=1)[0]

    return Rival("scikit-learn", call, NOISE, at_least)


def scalars(n: int, k: int, scipy: float, sklearn: float, sweep: float | None = None) -> Contest:
    x, y = pair(n)
    rivals = [
        scikit_learn(x, y, k, sklearn),
        Rival("numba, x-sorted sweep", lambda: compiled_sweep()(x, y, k), SAME, sweep),
        Rival("`np.sort` of x", lambda: np.sort(x), None, at_most=15 if n >= 1_000_000 else None),
    ]
    return ksg("KSG 1+1, Gaussian", (x, y), k, scipy, rivals)


def heavy_tails(n: int, kind: str) -> Contest:
    rng = np.random.default_rng(n)
    data = rng.standard_cauchy((2, n)) if kind == "Cauchy" else np.exp(3 * np.stack(pair(n)))
    return ksg(f"KSG 1+1, {kind}", data, 3, 12)


def growth(n: int) -> Contest:
    small = Rival(
        f"ours, n = {n // 10:,}, ten times", information(pair(n // 10), 3), None, at_most=1.5, calls=10
    )
    return Contest(f"KSG 1+1, Gaussian, k = 3, n = {n:,}", information(pair(n), 3), [small])


def threads(n: int) -> Contest:
    data = pair(n)
    alone = Rival("ours, one thread", information(data, 3), 0, 1.7)
    return Contest(f"KSG 1+1, two threads, n = {n:,}", information(data, 3, n_jobs=2), [alone])


def ranks(n: int) -> Contest:
    # Normal scores: no two values so close that the noise of tigramite swaps their ranks.
    data = [ndtri((values.argsort().argsort() + 0.5) / n) for values in triple(n)]
    rival = Rival("tigramite CMIknn", lambda: tigramite_information(*data, 0.2), SAME, 100)
    work = f"conditional 1+1+1 of ranks, k = {n // 5}, n = {n:,}"
    return Contest(work, information(data, n // 5, transform="ranks"), [rival])


def mixed(n: int, given_is_label: bool) -> Contest:
    """A label and two samples; rivals have a tenth, and their time is taken to grow as ``n log n``."""

    def data(n: int) -> Columns:
        x, y, z = triple(n)
        label = np.digitize(y, [-1, 0, 1])
        return (x, z, label) if given_is_label else (x, label, z)

    few = max(n // 10, 100)
    times = n * np.log(n) / (few * np.log(few))
    rivals = [
        *pipelines("mixed_information", data(few), 3, 5, EDGES),
        Rival("NumPy, sample by sample", partial(sample_by_sample, *data(few)), None, 50),
    ]
    samples, estimator = data(n), mutua.KSG() if given_is_label else mutua.Ross()
    return Contest(
        f"conditional, {'given a label' if given_is_label else 'with a label'}, k = 3, n = {n:,}",
        lambda: mutua.mutual_information(*samples[:2], given=samples[2], estimator=estimator),
        [
            replace(
                rival,
                name=f"{rival.name}, n = {few:,}, times {times:.3g}",
                calls=times,
                tolerance=None,
                is_part=True,
            )
            for rival in rivals
        ],
        partial(Exact().mixed_information, *samples, k=3),
    )


def entropy(n: int) -> Contest:
    x, _ = pair(n)
    estimator = mutua.KozachenkoLeonenko(k=3)
    return Contest(
        f"Kozachenko-Leonenko 1-D, k = 3, n = {n:,}",
        lambda: mutua.entropy(x, estimator=estimator),
        [
            *pipelines("entropy", [x], 3, 50, SAME),
            Rival("NumPy, sorted windows", lambda: sorted_entropy(x), SAME),
            Rival("`np.sort` of x", lambda: np.sort(x), None, at_most=1.6),
        ],
    )


def drop_in(workload: Workload, at_least: float) -> Contest:
    return Contest(workload.name, workload.ours, [Rival("scikit-learn", workload.sklearn, SAME, at_least)])


def awkward(n: int) -> dict[str, np.ndarray]:
    """What breaks careless searches, made from columns of Gaussians; the first is the ordinary case."""
    rng = np.random.default_rng(n)
    plain = rng.normal(size=(n, 4))
    plain[:, 2:] = 0.6 * plain[:, :2] + 0.8 * plain[:, 2:]
    constant, outlier = plain.copy(), plain.copy()
    constant[:, 0] = 1.0
    outlier[0] = 1e12
    return {
        "Gaussian": plain,
        "all points equal": np.ones((n, 4)),
        "constant column": constant,
        "rounded to 0.1": plain.round(1),
        "rounded to 0.01": plain.round(2),
        "50 % duplicates": plain[rng.permutation(np.arange(n) // 2)],
        "half of each column at 0": np.where(rng.random((n, 4)) < 0.5, 0.0, plain),
        "one outlier at 1e12": outlier,
        "times 1e-300": plain * 1e-300,
        "times 1e300": plain * 1e300,
        "Cauchy": rng.standard_cauchy((n, 4)),
        "log-normal, sigma 3": np.exp(3 * plain),
    }


def contests(quick: bool) -> dict[str, Callable[[], Contest]]:
    """By the names that `--only` takes; data are made when a contest begins."""
    thousand, fifty, hundred, million = (1_000, 50_000, 100_000, 1_000_000)
    features = 20
    if quick:
        thousand, fifty, hundred, million, features = 500, 1_000, 2_000, 10_000, 2
    return {
        "pair": lambda: scalars(hundred, 3, 25, 45, 4),
        "pair-large": lambda: scalars(million, 3, 40, 150),
        "pair-growth": lambda: growth(million),
        "pair-small": lambda: scalars(thousand, 3, 20, 100),
        "pair-cauchy": lambda: heavy_tails(hundred, "Cauchy"),
        "pair-log-normal": lambda: heavy_tails(hundred, "log-normal, sigma 3"),
        "pair-k10": lambda: scalars(hundred, 10, 20, 50),
        "vectors-2": lambda: ksg("KSG 2+2", vectors(hundred, 2), 3, 25),
        "vectors-5": lambda: ksg("KSG 5+5", vectors(fifty, 5), 3, 20),
        "given": lambda: ksg("conditional 1+1+1", triple(hundred), 5, 50),
        "given-label": lambda: mixed(hundred, given_is_label=True),
        "with-label": lambda: mixed(hundred, given_is_label=False),
        "ranks": lambda: ranks(thousand),
        "classif": lambda: drop_in(classification(hundred, features), 30),
        "regression": lambda: drop_in(regression(hundred, features), 40),
        "entropy": lambda: entropy(million),
        "threads": lambda: threads(million),
    }
