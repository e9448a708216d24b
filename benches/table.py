"""Print the README's tables: ours against scikit-learn, and awkward data against random data.

Both sides run in turn in one process on one thread, input conversions included; the medians are compared.

    python benches/table.py          # a few minutes
    python benches/table.py --quick  # small sizes, to see that it works
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import sklearn

import mutua
from benches.workloads import Call, Workload, classification, gaussian, regression, score
from mutua.feature_selection import mutual_info_regression


def seconds(call: Call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def medians(calls: Sequence[Call], repeats: int) -> list[float]:
    """Median time of each call, run in turn so that a noisy moment meets them all."""
    rounds = [[seconds(call) for call in calls] for _ in range(repeats)]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def show(duration: float) -> str:
    scale, unit = next(((s, u) for s, u in ((1, "s"), (1e3, "ms")) if duration * s >= 1), (1e6, "µs"))
    return f"{duration * scale:.3g} {unit}"


def comparison(workloads: Sequence[tuple[Workload, int]]) -> None:
    print("| work | mutua | scikit-learn | ratio |\n|---|---|---|---|")
    for workload, repeats in workloads:
        ours, theirs = medians([workload.ours, workload.sklearn], repeats)
        print(f"| {workload.name} | {show(ours)} | {show(theirs)} | {theirs / ours:.0f}x |", flush=True)


def awkward(n: int, repeats: int) -> None:
    """Data that breaks careless trees, timed against a Gaussian of the same size."""
    x, y = gaussian(n)
    rng = np.random.default_rng(0)
    half_x, half_y = (np.where(rng.random(n) < 0.5, 0.0, values) for values in (x[:, 0], y))
    pairs = {
        "Gaussian": (x[:, 0], y),
        "constant column": (np.ones(n), y),
        "all points equal": (np.ones(n), np.ones(n)),
        "50 % duplicates": (half_x, half_y),
        "rounded to 0.1": (x[:, 0].round(1), y.round(1)),
        "one far outlier": (np.append(x[1:, 0], 1e12), y),
        "Cauchy": (rng.standard_cauchy(n), rng.standard_cauchy(n)),
    }
    calls = [
        lambda x=x, y=y: mutual_info_regression(x[:, None], y, random_state=0) for x, y in pairs.values()
    ]
    times = medians(calls, repeats)
    print("| data | time | against Gaussian |\n|---|---|---|")
    for name, duration in zip(pairs, times, strict=True):
        print(f"| {name} | {show(duration)} | {duration / times[0]:.2f}x |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, one repeat")
    quick = parser.parse_args().quick
    many, features, repeats = (2_000, 2, 1) if quick else (100_000, 20, 3)
    large = 10_000 if quick else 1_000_000
    print(
        f"mutua {mutua.__version__}, scikit-learn {sklearn.__version__}, NumPy {np.__version__}, "
        f"Python {platform.python_version()}, {platform.machine()}, one thread\n"
    )
    comparison(
        [
            (regression(many, features), repeats),
            (classification(many, features), repeats),
            (regression(1_000, 1), 20 * repeats),
            (classification(1_000, 1), 20 * repeats),
            (score("mutual_info_score", 50, 5), 50 * repeats),
            (score("mutual_info_score", large, 10), 5 * repeats),
            (score("mutual_info_score", large, 1_000), 5 * repeats),
            (score("mutual_info_score", large, 10, str), repeats),
            (score("adjusted_mutual_info_score", large, 5), 5 * repeats),
            (score("adjusted_rand_score", large, 10), 5 * repeats),
        ]
    )
    print()
    awkward(many, 5 * repeats)


if __name__ == "__main__":
    main()
