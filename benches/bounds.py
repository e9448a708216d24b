"""Race bounds and their gradients, and print the table of docs/bounds.md.

As in `benches/neighbors.py`: all sides in turn in one process on one thread, medians of the ratios within a
round.

    python benches/bounds.py               # a few minutes
    python benches/bounds.py --quick       # small sizes, to see that it works
    python benches/bounds.py --only value  # one row

Needs SciPy; PyTorch is a rival where it is installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

os.environ |= {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "MKL", "OMP")}
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from scipy.special import logsumexp

from benches.contests import Contest, Rival
from benches.neighbors import main
from mutua import bounds

try:
    import torch
except ImportError:
    torch = None
else:
    torch.set_num_threads(1)

SINGLE = 1e-5  # PyTorch and SciPy add in the type of the scores.
# A share of the read bandwidth that is to be reached, as what ours may take in units of reading.
BANDWIDTH = 1 / 0.5


def scores_of(n: int, dtype: type) -> np.ndarray:
    rng = np.random.default_rng(0)
    scores = 3 * rng.standard_normal((n, n), dtype=np.float32)
    return (scores + 6 * np.eye(n, dtype=np.float32)).astype(dtype)


def by_logsumexp(scores: np.ndarray) -> float:
    lost = logsumexp(scores, axis=1).mean() + logsumexp(scores, axis=0).mean()
    return np.log(len(scores)) + np.diagonal(scores).mean() - lost / 2


def by_cross_entropy(scores: np.ndarray, backward: bool = False) -> Callable[[], float]:
    tensor, own = torch.from_numpy(scores), torch.arange(len(scores))
    tensor.requires_grad_(backward)

    def call() -> float:
        loss = torch.nn.functional.cross_entropy
        lost = (loss(tensor, own) + loss(tensor.T, own)) / 2
        if backward:
            tensor.grad = None
            lost.backward()
        return float(np.log(len(scores)) - lost.item())

    return call


def value(n: int, dtype: type, floors: bool) -> Contest:
    scores = scores_of(n, dtype)
    whole = scores.view(np.int64)
    rivals = [
        Rival(
            "`scipy.special.logsumexp`, twice", lambda: by_logsumexp(scores), SINGLE, 25 if floors else None
        )
    ]
    if torch is not None:
        rivals.append(
            Rival("`torch` `cross_entropy`, twice", by_cross_entropy(scores), SINGLE, 1 if floors else None)
        )
    rivals += [
        Rival("reading: `scores.sum()`", scores.sum, None, at_most=BANDWIDTH if floors else None),
        Rival("reading: largest of all as int64", whole.max, None, at_most=BANDWIDTH if floors else None),
    ]
    work = f"InfoNCE, both directions, {n:,} x {n:,} {np.dtype(dtype)}"
    return Contest(work, lambda: bounds.info_nce(scores).value, rivals)


def gradient(n: int) -> Contest:
    scores = scores_of(n, np.float32)
    rivals = [Rival("its value alone", lambda: bounds.info_nce(scores).value, SINGLE)]
    if torch is not None:
        rivals.append(Rival("`torch` `cross_entropy` and `backward`", by_cross_entropy(scores, True), SINGLE))
    work = f"InfoNCE and its gradient, {n:,} x {n:,} float32"
    return Contest(work, lambda: bounds.info_nce(scores, gradient=True).value, rivals)


def jensen_shannon(n: int) -> Contest:
    scores = scores_of(n, np.float32)

    def by_logaddexp() -> float:
        own, all_pairs = np.diagonal(scores), np.logaddexp(0, scores)
        others = (all_pairs.sum(dtype=float) - np.diagonal(all_pairs).sum()) / (n * (n - 1))
        return np.log(2) - (np.logaddexp(0, -own).mean() + others) / 2

    rivals = [Rival("`np.logaddexp(0, scores)`", by_logaddexp, SINGLE)]
    work = f"Jensen-Shannon, {n:,} x {n:,} float32"
    return Contest(work, lambda: bounds.jensen_shannon(scores).value, rivals)


def interpolated(n: int, alpha: float = 0.5) -> Contest:
    scores = scores_of(n, np.float32)

    def by_differences() -> float:
        powers = np.exp(scores)
        without = powers.sum(axis=0) - powers
        divisors = alpha / (n - 1) * without + (1 - alpha)
        own = np.diagonal(without) / np.diagonal(divisors)
        logarithms = np.log(divisors)
        joint = logarithms.sum(dtype=float) - np.diagonal(logarithms).sum()
        return 1 + np.diagonal(scores).mean() - joint / (n * (n - 1)) - own.mean() / (n - 1)

    rivals = [Rival("NumPy, sums of columns less one term", by_differences, SINGLE)]
    work = f"interpolated at a half, {n:,} x {n:,} float32"
    return Contest(work, lambda: bounds.interpolated(scores, alpha).value, rivals)


def club(n: int) -> Contest:
    scores = scores_of(n, np.float32)

    def by_sum() -> float:
        own = np.diagonal(scores).astype(float)
        return own.mean() - (scores.sum(dtype=float) - own.sum()) / (n * (n - 1))

    rivals = [Rival("`scores.sum(dtype=float)`", by_sum, SINGLE)]
    return Contest(f"CLUB, {n:,} x {n:,} float32", lambda: bounds.club(scores).value, rivals)


def embeddings(n: int, dimensions: int) -> Contest:
    x, y = np.random.default_rng(0).standard_normal((2, n, dimensions), dtype=np.float32) / dimensions**0.5
    pairs = bounds.Embeddings(x, x + y, temperature=0.5)
    rivals = [
        Rival("`x @ y.T` and `logsumexp`, twice", lambda: by_logsumexp(2 * x @ (x + y).T), SINGLE),
        Rival("`x @ y.T` alone", lambda: x @ (x + y).T, None),
    ]
    return Contest(
        f"InfoNCE of {n:,} pairs of {dimensions} dimensions", lambda: bounds.info_nce(pairs).value, rivals
    )


PEAK = """
import re
import time
import numpy as np
from mutua.bounds import Embeddings, info_nce

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024

x, y = (np.random.default_rng(seed).standard_normal(({n}, 128), dtype=np.float32) for seed in (0, 1))
x /= np.linalg.norm(x, axis=1, keepdims=True)
y = y / np.linalg.norm(y, axis=1, keepdims=True) + x
info_nce(np.zeros((2, 2)))
before, start = peak(), time.perf_counter()
info_nce(Embeddings(x, y, temperature=0.1){options})
print(f"{{peak() - before:.0f}} MB above {{before:.0f}} MB, {{time.perf_counter() - start:.1f}} s")
"""


def memory(n: int) -> None:
    print("\n| memory of one call in a fresh process, the embeddings within what is before | |\n|---|---|")
    for work, options in (("value", ""), ("value and gradient", ", gradient=True")):
        code = PEAK.format(n=n, options=options)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        print(f"| {work}, {n:,} pairs of 128 dimensions | {done.stdout.strip()} |", flush=True)


def contests(quick: bool) -> dict[str, Callable[[], Contest]]:
    n = 256 if quick else 4096
    return {
        "value": lambda: value(n, np.float32, True),
        "double": lambda: value(n, np.float64, False),
        "small": lambda: value(256, np.float32, False),
        "gradient": lambda: gradient(n),
        "jensen_shannon": lambda: jensen_shannon(n),
        "interpolated": lambda: interpolated(n),
        "club": lambda: club(n),
        "embeddings": lambda: embeddings(n, 128),
    }


if __name__ == "__main__":
    main(contests, __doc__)
    if not {"--only", "--help", "-h"} & set(sys.argv):
        memory(2048 if "--quick" in sys.argv else 65_536)
