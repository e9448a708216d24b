"""Race the neighbour estimates against hand-written pipelines, and print the tables of docs/benchmarks.md.

All sides run in turn in one process on one thread, input conversions included; their values must agree first.
A ratio is the median over rounds of the ratio within a round, so that a noisy moment meets both sides.

    python benches/neighbors.py              # all of it: about half an hour
    python benches/neighbors.py --quick      # small sizes, to see that it works
    python benches/neighbors.py --only pair  # one row, or one of: awkward, memory, interrupts

Needs SciPy and scikit-learn; numba and tigramite are left out where they are not installed.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", NUMBA_NUM_THREADS="1")

import argparse
import platform
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

import mutua
from benches.contests import SAME, Contest, Rival, awkward, contests, information
from benches.table import show
from benches.workloads import Call

ROOT = Path(__file__).resolve().parents[1]
# A side is called until this many seconds have passed, at least once a round.
LEAST_SECONDS = 0.02
# Rounds go on for this long, but for a few at least.
CONTEST_SECONDS = 20.0
FEWEST_ROUNDS, MOST_ROUNDS = 5, 51


def seconds(call: Call) -> float:
    """For one call."""
    calls, start = 0, time.perf_counter()
    while True:
        call()
        calls += 1
        passed = time.perf_counter() - start
        if passed >= LEAST_SECONDS:
            return passed / calls


def rounds(calls: Sequence[Call], quick: bool) -> np.ndarray:
    """Seconds for each round and call; every second round runs backwards."""
    times: list[list[float]] = []
    start = time.perf_counter()
    while len(times) < (1 if quick else MOST_ROUNDS):
        if len(times) >= FEWEST_ROUNDS and time.perf_counter() - start > CONTEST_SECONDS:
            break
        order = range(len(calls)) if len(times) % 2 == 0 else range(len(calls))[::-1]
        took = {index: seconds(calls[index]) for index in order}
        times.append([took[index] for index in range(len(calls))])
    return np.array(times)


def installed(rival: Rival) -> bool:
    """Whether a rival can run here: it imports what it needs when it is first called."""
    try:
        rival.call()
    except ImportError as error:
        print(f"{rival.name} left out: {error}", file=sys.stderr)
        return False
    return True


def agree(contest: Contest, rivals: Sequence[Rival]) -> None:
    """Every side must find the value: a race to another value means nothing."""
    value = contest.ours()
    expected = [
        (rival.name, rival.call(), rival.tolerance) for rival in rivals if rival.tolerance is not None
    ]
    if contest.exact is not None:
        expected.append(("exact counts", contest.exact(), SAME))
    for name, other, tolerance in expected:
        difference = np.abs(np.asarray(value) - other).max()
        if not difference <= tolerance:
            sys.exit(f"{contest.work}: ours is {value}, {name} has {other}; {tolerance} may lie between them")


def race(contest: Contest, quick: bool) -> None:
    rivals = [rival for rival in contest.rivals if installed(rival)]
    agree(contest, rivals)
    times = rounds([contest.ours, *(rival.call for rival in rivals)], quick)
    ours = times[:, 0]
    work = contest.work
    for rival, rival_times in zip(rivals, times.T[1:], strict=True):
        theirs = rival_times * rival.calls
        faster = rival.at_most is None and rival.tolerance is not None
        ratio = statistics.median(theirs / ours if faster else ours / theirs)
        floor, met = "", True
        if rival.at_least is not None:
            floor, met = f"≥ {rival.at_least:g}", ratio >= rival.at_least
        elif rival.at_most is not None:
            floor, met = f"≤ {rival.at_most:g}", ratio <= rival.at_most
        cells = [
            work,
            show(statistics.median(ours)),
            rival.name,
            show(statistics.median(theirs)),
            f"{ratio:.3g}x" if faster else f"{ratio:.3g} of it",
            floor if met or quick else f"{floor}, missed",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


def race_awkward(n: int, quick: bool) -> None:
    """Awkward data against a Gaussian of the same size, in three kinds of space."""
    kinds = {
        "1+1": lambda data: information([data[:, 0].copy(), data[:, 2].copy()], 3),
        "2+2": lambda data: information([data[:, :2].copy(), data[:, 2:].copy()], 3),
        "1+1+1": lambda data: information([data[:, c].copy() for c in (0, 2, 1)], 3),
    }
    data = awkward(n)
    print(f"| data, n = {n:,} | " + " | ".join(f"{kind} | against Gaussian" for kind in kinds) + " |")
    print("|---" * (1 + 2 * len(kinds)) + "|")
    columns = []
    for kind in kinds.values():
        times = rounds([kind(values) for values in data.values()], quick)
        ratios = np.median(times / times[:, :1], axis=0)
        columns.append(list(zip(np.median(times, axis=0), ratios, strict=True)))
    for name, *cells in zip(data, *columns, strict=True):
        print(f"| {name} | " + " | ".join(f"{show(took)} | {ratio:.2f}x" for took, ratio in cells) + " |")


PEAK = """
import re
import numpy as np
import mutua

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024

x, y = np.random.default_rng(0).standard_normal((2, {n}))
mutua.mutual_information(x[:1000], y[:1000], estimator=mutua.KSG(k=3), n_jobs=1)
before = peak()
mutua.mutual_information(x, y, estimator=mutua.KSG(k=3), n_jobs=1)
print((peak() - before) / {n})
"""


def print_memory(n: int) -> None:
    """By how much a call raises the largest resident size of a fresh process."""
    if not Path("/proc/self/status").exists():
        print("memory left out: needs /proc/self/status", file=sys.stderr)
        return
    done = subprocess.run(
        [sys.executable, "-c", PEAK.format(n=n)], capture_output=True, text=True, check=True
    )
    print(
        f"Peak memory of KSG 1+1, n = {n:,}, beyond its input: {float(done.stdout):.0f} bytes a point (≤ 80)."
    )


INTERRUPTED = """
import sys
import time
sys.path.insert(0, {root!r})
from benches.contests import contests

call = contests({quick})[{name!r}]().ours
start = time.monotonic()
call()
print(time.monotonic() - start, flush=True)
try:
    while True:
        call()
except KeyboardInterrupt:
    print(time.monotonic())
"""


def latency(name: str, share: float, quick: bool) -> float:
    """Seconds from an interrupt, sent when this share of a call is done, to `KeyboardInterrupt`."""
    code = INTERRUPTED.format(root=str(ROOT), quick=quick, name=name)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        time.sleep(share * float(child.stdout.readline()))
        sent = time.monotonic()
        child.send_signal(signal.SIGINT)
        return float(child.stdout.readline()) - sent


def print_interrupts(quick: bool) -> None:
    print("| work | longest time from Ctrl-C to `KeyboardInterrupt` of 5 (≤ 100 ms) |\n|---|---|")
    for name in (
        "pair-large",
        "pair-cauchy",
        "vectors-2",
        "vectors-5",
        "given",
        "regression",
        "entropy",
        "threads",
    ):
        longest = max(latency(name, share, quick) for share in (0.1, 0.3, 0.5, 0.7, 0.9))
        print(f"| `{name}` | {show(longest)} |", flush=True)


def versions() -> str:
    found = [f"mutua {mutua.__version__}"]
    for name in ("numpy", "scipy", "scikit-learn", "numba", "tigramite"):
        with suppress(metadata.PackageNotFoundError):
            found.append(f"{name} {metadata.version(name)}")
    return f"{', '.join(found)}, Python {platform.python_version()}, {platform.machine()}, one thread"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, one round, floors not judged")
    every = contests(parser.parse_known_args()[0].quick)
    others = ("awkward", "memory", "interrupts")
    parser.add_argument("--only", action="append", choices=[*every, *others], help="may be repeated")
    arguments = parser.parse_args()
    quick, chosen = arguments.quick, arguments.only or [*every, *others]
    print(versions() + "\n")
    if any(name in every for name in chosen):
        print("| work | ours | rival | its time | ratio | floor |\n|---|---|---|---|---|---|")
    for name in every:
        if name in chosen:
            race(every[name](), quick)
    if "awkward" in chosen:
        print()
        race_awkward(2_000 if quick else 100_000, quick)
    if "memory" in chosen:
        print()
        print_memory(200_000 if quick else 2_000_000)
    if "interrupts" in chosen:
        print()
        print_interrupts(quick)


if __name__ == "__main__":
    main()
