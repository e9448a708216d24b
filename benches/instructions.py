"""Count the instructions and the cache misses of a call, which no noise of the machine touches.

Valgrind runs a call once and twice; the difference is one call. It knows no AVX-512, so the kernels run on
AVX2. The caches are models: 48 KiB and 2 MiB.

    python benches/instructions.py                 # all of it: about ten minutes; needs valgrind
    python benches/instructions.py --only pair     # rows whose name begins so
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys

CALL = """
import numpy as np
import mutua

random = np.random.default_rng(0)
n = {n}
{setup}
for _ in range({calls}):
    {call}
"""

GAUSSIAN = "x = random.normal(size=n); y = 0.6 * x + 0.8 * random.normal(size=n)"
DRIVEN = "z = random.normal(size=n); x, y = z + random.normal(size=(2, n))"
LABELS = "x, y = random.integers(0, {}, (2, n)).astype({!r})"
KSG = "mutua.mutual_information(x, y, estimator=mutua.KSG(k={}), n_jobs=1)"
SCORE = "mutua.mutual_information(x, y)"

#: The name of a row: what comes before the call, the call, samples.
ROWS = {
    "pair, k = 3, n = 200": (GAUSSIAN, KSG.format(3), 200),
    "pair, k = 3, n = 1,000": (GAUSSIAN, KSG.format(3), 1_000),
    "pair, k = 3, n = 100,000": (GAUSSIAN, KSG.format(3), 100_000),
    "pair, k = 3, n = 1,000,000": (GAUSSIAN, KSG.format(3), 1_000_000),
    "pair, k = 10, n = 100,000": (GAUSSIAN, KSG.format(10), 100_000),
    "given a scalar, k = 5, n = 100,000": (
        DRIVEN,
        "mutua.mutual_information(x, y, given=z, estimator=mutua.KSG(k=5), n_jobs=1)",
        100_000,
    ),
    "given ranks, k = 200, n = 1,000": (
        DRIVEN,
        "mutua.mutual_information(x, y, given=z, estimator=mutua.KSG(k=200, transform='ranks'), n_jobs=1)",
        1_000,
    ),
    "entropy, k = 3, n = 1,000,000": (
        GAUSSIAN,
        "mutua.entropy(x, estimator=mutua.KozachenkoLeonenko(k=3), n_jobs=1)",
        1_000_000,
    ),
    "sorting by NumPy, n = 1,000,000": (GAUSSIAN, "np.sort(x)", 1_000_000),
    "labels, int64, 10 x 10": (LABELS.format(10, "int64"), SCORE, 2_000_000),
    "labels, int64, 64 x 64": (LABELS.format(64, "int64"), SCORE, 2_000_000),
    "labels, int64, 256 x 256": (LABELS.format(256, "int64"), SCORE, 2_000_000),
    "labels, uint8, 256 x 256": (LABELS.format(256, "uint8"), SCORE, 2_000_000),
    "labels, int64, n = 50": (LABELS.format(5, "int64"), SCORE, 50),
}

#: Size, ways and line of the first data cache and of the last one.
CACHES = ("--D1=49152,12,64", "--LL=2097152,16,64")


def counted(code: str) -> list[int]:
    """Instructions, misses of the first and of the last cache, of a process."""
    tool = ("valgrind", "--tool=cachegrind", "--cache-sim=yes", "--cachegrind-out-file=/dev/null", *CACHES)
    # Which hash a name has changes how often a dictionary is looked into.
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [*tool, sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    figures = [
        re.search(rf"{what}:\s+([\d,]+)", done.stderr) for what in ("I +refs", "D1 +misses", "LLd misses")
    ]
    return [int(figure[1].replace(",", "")) for figure in figures if figure]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--only", action="append", default=[], help="rows whose name begins so")
    only = tuple(arguments.parse_args().only) or ("",)
    print("| call | instructions a sample | beyond 48 KiB | beyond 2 MiB |\n|---|---|---|---|")
    for name, (setup, call, n) in ROWS.items():
        if not name.startswith(only):
            continue
        # Small calls are repeated, and warmed up.
        repeats = max(1, 200_000 // n)
        once, more = (
            counted(CALL.format(n=n, setup=setup, call=call, calls=calls)) for calls in (repeats, 2 * repeats)
        )
        a_sample = [max(b - a, 0) / repeats / n for a, b in zip(once, more, strict=True)]
        print("| {} | {:.0f} | {:.2f} | {:.2f} |".format(name, *a_sample), flush=True)


if __name__ == "__main__":
    main()
