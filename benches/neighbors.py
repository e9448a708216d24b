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
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

import mutua
from benches.contests import SAME, Contest, Rival, awkward, contests, information
from benches.fresh_process import interrupt_latency, memory_a_point
from benches.table import show
from benches.workloads import Call

# Long enough for Ctrl-C to come in between.
INTERRUPTED = [
    "pair-large",
    "pair-cauchy",
    "vectors-2",
    "vectors-5",
    "given",
    "regression",
    "entropy",
    "threads",
]
# A side is called until this many seconds have passed, at least once a round.
LEAST_SECONDS = 0.02
# Rounds go on for this long, but for a few at least.
CONTEST_SECONDS = 20.0
FEWEST_ROUNDS, MOST_ROUNDS = 5, 51


Clock = Callable[[], float]


def seconds(call: Call, clock: Clock) -> float:
    """For one call."""
    calls, start = 0, clock()
    while True:
        call()
        calls += 1
        passed = clock() - start
        if passed >= LEAST_SECONDS:
            return passed / calls


def rounds(calls: Sequence[Call], clock: Clock, quick: bool) -> np.ndarray:
    """Seconds for each round and call; every second round runs backwards."""
    times: list[list[float]] = []
    start = time.perf_counter()
    while len(times) < (1 if quick else MOST_ROUNDS):
        if len(times) >= FEWEST_ROUNDS and time.perf_counter() - start > CONTEST_SECONDS:
            break
        order = range(len(calls)) if len(times) % 2 == 0 else range(len(calls))[::-1]
        took = {index: seconds(calls[index], clock) for index in order}
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


def race(contest: Contest, clock: Clock, quick: bool) -> None:
    rivals = [rival for rival in contest.rivals if installed(rival)]
    agree(contest, rivals)
    times = rounds([contest.ours, *(rival.call for rival in rivals)], clock, quick)
    ours = times[:, 0]
    work = contest.work
    for rival, rival_times in zip(rivals, times.T[1:], strict=True):
        theirs = rival_times * rival.calls
        faster = rival.at_most is None and (rival.tolerance is not None or rival.is_part)
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


def race_awkward(n: int, clock: Clock, quick: bool) -> None:
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
        times = rounds([kind(values) for values in data.values()], clock, quick)
        ratios = np.median(times / times[:, :1], axis=0)
        columns.append(list(zip(np.median(times, axis=0), ratios, strict=True)))
    for name, *cells in zip(data, *columns, strict=True):
        print(f"| {name} | " + " | ".join(f"{show(took)} | {ratio:.2f}x" for took, ratio in cells) + " |")


def versions() -> str:
    found = [f"mutua {mutua.__version__}"]
    for name in ("numpy", "scipy", "scikit-learn", "numba", "tigramite"):
        with suppress(metadata.PackageNotFoundError):
            found.append(f"{name} {metadata.version(name)}")
    return f"{', '.join(found)}, Python {platform.python_version()}, {platform.machine()}, one thread"


def main(
    contests: Callable[[bool], dict[str, Callable[[], Contest]]],
    description: str,
    extras: Sequence[str] = (),
) -> None:
    """Race all contests, or those chosen; `extras` are tables that are not races."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, one round, floors not judged")
    names = [*contests(False), *extras]
    parser.add_argument("--only", action="append", choices=names, help="may be repeated")
    parser.add_argument("--cpu", action="store_true", help="processor time: for a machine that is not idle")
    arguments = parser.parse_args()
    quick, chosen = arguments.quick, arguments.only or names
    every = contests(quick)
    clock = time.process_time if arguments.cpu else time.perf_counter
    print(versions() + "\n")
    if any(name in every for name in chosen):
        print("| work | ours | rival | its time | ratio | floor |\n|---|---|---|---|---|---|")
    for name in every:
        if name in chosen:
            race(every[name](), time.perf_counter if name == "threads" else clock, quick)
    if "awkward" in chosen:
        print()
        race_awkward(2_000 if quick else 100_000, clock, quick)
    if "memory" in chosen:
        n = 200_000 if quick else 2_000_000
        print("\n| memory of KSG 1+1 beyond its input | bytes a point | floor |\n|---|---|---|")
        print(f"| n = {n:,} | {memory_a_point(n):.0f} | ≤ 80 |")
    if "interrupts" in chosen:
        print("\n| Ctrl-C during | longest time until `KeyboardInterrupt`, of 5 | floor |\n|---|---|---|")
        for name in INTERRUPTED:
            longest = max(interrupt_latency(name, share, quick) for share in (0.1, 0.3, 0.5, 0.7, 0.9))
            print(f"| `{name}` | {show(longest)} | ≤ 100 ms |", flush=True)


if __name__ == "__main__":
    main(contests, __doc__, ["awkward", "memory", "interrupts"])
