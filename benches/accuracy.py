"""How far estimates are from the truth, where it is known: the tables of docs/accuracy.md and their picture.

python benches/accuracy.py                  # all of it: some twenty minutes
python benches/accuracy.py --quick          # few samples, one seed
python benches/accuracy.py --rules          # what other rules bring on the laws that defaults are decided on
python benches/accuracy.py --picture FILE   # the table of methods and families, drawn; needs matplotlib
"""

import argparse
import sys
import time
from collections import defaultdict
from itertools import chain

import numpy as np

from mutua import KSG, Auto, GaussianCopula, KSGExtrapolated, StudentTCopula, estimate, mutual_information
from mutua._auto.calibrated import Rules
from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION
from mutua._variables import Variable
from mutua.distributions import Normal, benchmark, drawn, held_out, tuning

METHODS = {
    "KSG, k=3": KSG(),
    "KSG, Euclidean": KSG(norm="euclidean"),
    "KSGExtrapolated": KSGExtrapolated(),
    "GaussianCopula": GaussianCopula(),
    "StudentTCopula": StudentTCopula(),
    "Auto": Auto(),
}
LEVEL = 0.9
BAD = 0.1  # nats: errors that are named
N_DRAWN = 100  # laws at random


def family(name):
    """The words before the first number."""
    words = []
    for word in name.split():
        if word[0].isdigit() or word[0] == "-":
            break
        words.append(word)
    return " ".join(words)


def seeds(tasks, n, n_seeds):
    for name, law in tasks.items():
        for seed in range(n_seeds):
            yield name, law.mutual_information, law.sample(n, seed)


def methods_by_families(n, n_seeds, tasks):
    """Mean absolute errors, by method and family."""
    errors = {method: defaultdict(list) for method in METHODS}
    for name, truth, (x, y) in seeds(tasks, n, n_seeds):
        for method, estimator in METHODS.items():
            error = abs(mutual_information(x, y, estimator=estimator, n_jobs=-1) - truth)
            errors[method][family(name)].append(error)
    return errors


def print_methods(errors):
    families = list(next(iter(errors.values())))
    print(f"| | {' | '.join(['all', *families])} |\n|---|{'---|' * (len(families) + 1)}")
    for method, found in errors.items():
        means = [np.mean(list(chain(*found.values()))), *(np.mean(found[one]) for one in families)]
        print(f"| {method} | {' | '.join(f'{mean:.3f}' for mean in means)} |")


def intervals(n, n_seeds, tasks):
    """Errors of `estimate`, how often its intervals hold the truth, and the cases named."""
    errors, inside, warned, bad = [], defaultdict(list), defaultdict(list), []
    for name, truth, (x, y) in seeds(tasks, n, n_seeds):
        found = estimate(x, y, n_jobs=-1)
        low, high = found.interval(LEVEL)
        errors.append(abs(found.value - truth))
        inside[family(name)].append(low <= truth <= high)
        warned[family(name)].append(bool(found.warnings))
        if errors[-1] > BAD:
            bad.append(f"{name}: {found.value:.2f} for {truth:.2f}")
    return np.array(errors), inside, warned, bad


def print_intervals(title, n, errors, inside, warned, bad):
    covered = np.mean(list(chain(*inside.values())))
    print(f"| {title} | {n:,} | {errors.mean():.4f} | {np.median(errors):.4f} | {covered:.0%} |")
    for one, hits in inside.items():
        if np.mean(hits) < 0.7:
            print(
                f"    {one}: {np.mean(hits):.0%} covered, {np.mean(warned[one]):.0%} warned", file=sys.stderr
            )
    for case in bad:
        print(f"    {case}", file=sys.stderr)


def print_rules(n, n_seeds):
    """Mean absolute errors on the laws for tuning, by rules; the views are made once."""
    found = []
    for _, truth, samples in seeds(tuning(), n, n_seeds):
        variables = (
            Variable(name, np.ascontiguousarray(part), False)
            for name, part in zip("xy", samples, strict=True)
        )
        choice = Auto()._choice(MUTUAL_INFORMATION, Observations(tuple(variables)), 2)
        if choice.calibrated is not None:
            found.append((choice.calibrated, truth))
    print("| believed | doubted | mix | mean error | median |\n|---|---|---|---|---|")
    for believed in (1.0, 1.5, 2.0, 2.5, 3.0):
        for mix in (0.0, 0.25, 0.5):
            rules = Rules(believed=believed, doubted=believed + 1.5, mix=mix)
            errors = [
                abs(one.of_copula + max(max(v.added(one.of_copula, rules) for v in one.seen), 0) - truth)
                for one, truth in found
            ]
            means = f"{np.mean(errors):.4f} | {np.median(errors):.4f}"
            print(f"| {believed} | {believed + 1.5} | {mix} | {means} |")


def print_times():
    for d, n in ((1, 5000), (3, 5000), (25, 5000)):
        x, y = Normal.pairs(d, d, *[0.8] * min(d, 2)).sample(n, seed=0)
        start = time.perf_counter()
        estimate(x, y, n_jobs=-1)
        print(f"estimate, {n:,} x ({d} + {d}): {time.perf_counter() - start:.2f} s")


def picture(errors, path):
    from matplotlib.figure import Figure

    families = list(next(iter(errors.values())))
    table = np.array([[np.mean(found[one]) for one in families] for found in errors.values()])
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.imshow(np.log(np.maximum(table, 0.005)), cmap="YlOrRd", aspect="auto")
    axes.set_xticks(range(len(families)), families, rotation=30, ha="right")
    axes.set_yticks(range(len(errors)), list(errors))
    for (i, j), error in np.ndenumerate(table):
        axes.text(j, i, f"{error:.3f}", ha="center", va="center", color="white" if error > 0.15 else "black")
    axes.set_title("mean absolute error in nats")
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few samples, one seed, a quarter of the tasks")
    parser.add_argument("--rules", action="store_true", help="other rules on the laws for tuning")
    parser.add_argument("--picture", metavar="FILE", help="draw the table of methods and families")
    options = parser.parse_args()
    part = slice(None, None, 8) if options.quick else slice(None)
    n, n_seeds = (300, 1) if options.quick else (5000, 3)
    tasks = dict(list(benchmark().items())[part])
    if options.rules:
        print_rules(n, 1)
        return
    errors = methods_by_families(n, 1, tasks)
    print_methods(errors)
    if options.picture:
        picture(errors, options.picture)
        return
    print("\n| tasks | samples | mean error | median | 90 % intervals that cover |\n|---|---|---|---|---|")
    for size in (n,) if options.quick else (1000, 5000, 10_000):
        print_intervals("benchmark", size, *intervals(size, n_seeds, tasks))
    for title, laws in (("tuned on", tuning()), ("held out", held_out()), ("drawn", drawn(N_DRAWN, 0))):
        print_intervals(title, n, *intervals(n, 1, dict(list(laws.items())[part])))
    if not options.quick:
        print()
        print_times()


if __name__ == "__main__":
    main()
