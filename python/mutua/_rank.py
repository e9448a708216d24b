"""The ranking: every column of a table against one target.

Mutual information by `mutual_info_classif` or `mutual_info_regression` on that column alone, so that a score
depends on the column, the target and the seed, and on nothing else in the file; beside it Pearson's and
Spearman's correlation, and a mark where the first is high and the others are near zero.
"""

import math
import warnings
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mutua._correlation import Floats, one_versus_rest, pearson, ranks, unit
from mutua._kinds import Variable, check_names, decide
from mutua._table import InputError, Table
from mutua.feature_selection import mutual_info_classif, mutual_info_regression

# Fewer rows per cell of a two-way table than this, and the plug-in estimate is mostly bias.
ROWS_PER_CELL = 5
# The mark: see `_is_hidden`.
NEAR_ZERO = 0.1
HIGH = 0.05
SHUFFLES = 99
MANY_VALUES = 10
SHUFFLED_ROWS = 2000


@dataclass(frozen=True)
class Score:
    """What is known of one column and the target; None where there is nothing to say."""

    column: str
    kind: str | None
    distinct: int | None
    rows: int  # with both values present
    missing: int  # in this column
    mutual_information: float | None = None
    share: float | None = None  # of the target's entropy on the same rows
    pearson: float | None = None
    spearman: float | None = None
    marked: bool = False
    note: str | None = None


@dataclass(frozen=True)
class Ranking:
    """The scores, highest first, and the target they are about."""

    source: str
    rows: int
    target: Variable
    target_missing: int
    entropy: float | None  # None for a continuous target
    scores: list[Score]


def rank(
    table: Table,
    target: str,
    *,
    discrete: Collection[str] = (),
    continuous: Collection[str] = (),
    k: int = 3,
    seed: int = 0,
    base: float = math.e,
    n_jobs: int = 1,
    tick: Callable[[float], None] | None = None,
) -> Ranking:
    """Score every other column of `table` against `target`; `tick` hears the fraction done."""
    check_names(table, (target,), discrete, continuous)
    names = [column.name for column in table.columns]
    if len(names) == 1:
        raise InputError(f"{table.source} has no column beside the target {target!r}")
    variables = [decide(c, c.name in discrete, c.name in continuous, table.source) for c in table.columns]
    y = variables.pop(names.index(target))
    known = y.data[~np.isnan(y.data)]
    _require_informative(y, known)

    def score(x: Variable) -> Score:
        return _score(x, y, k, seed, base)

    with warnings.catch_warnings():  # what they would say is in the notes
        warnings.simplefilter("ignore")
        scores = _run(score, variables, n_jobs, tick)
    if all(s.mutual_information is None for s in scores):
        raise InputError(f"no column can be scored: {scores[0].column}: {scores[0].note}")
    scores.sort(
        key=lambda s: -math.inf if s.mutual_information is None else s.mutual_information, reverse=True
    )
    entropy = _entropy(known) / math.log(base) if y.discrete else None
    return Ranking(table.source, table.rows, y, len(y.data) - len(known), entropy, scores)


def _require_informative(y: Variable, known: Floats) -> None:
    name = y.column.name
    if y.column.unusable:
        raise InputError(f"target {name!r}: {y.column.unusable}")
    if not len(known):
        raise InputError(f"target {name!r} has no values")
    if known.min() == known.max():
        raise InputError(f"target {name!r} is constant: there is nothing to know about it")
    if y.discrete and y.distinct == len(known):
        raise InputError(f"target {name!r} is discrete and each of its values occurs once")


def _run(
    score: Callable[[Variable], Score],
    variables: list[Variable],
    n_jobs: int,
    tick: Callable[[float], None] | None,
) -> list[Score]:
    """Map `score` over the variables, in this thread for one job, so that an interrupt reaches the core."""

    def finished() -> Iterator[tuple[int, Score]]:
        if n_jobs == 1:
            yield from enumerate(map(score, variables))
            return
        pool = ThreadPoolExecutor(n_jobs)
        try:
            futures = {pool.submit(score, x): j for j, x in enumerate(variables)}
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    scores: dict[int, Score] = {}
    for j, one in finished():
        scores[j] = one
        if tick:
            tick(len(scores) / len(variables))
    return [scores[j] for j in range(len(variables))]


def _score(x: Variable, y: Variable, k: int, seed: int, base: float) -> Score:
    present = ~np.isnan(x.data) & ~np.isnan(y.data)
    pair = Pair(x, y, present, x.data[present], y.data[present])
    rows = len(pair.a)
    missing = int(np.count_nonzero(np.isnan(x.data)))
    score = Score(x.column.name, x.kind, x.distinct, rows, missing)
    if x.column.unusable:
        return replace(score, kind=None, distinct=None, missing=0, note=x.column.unusable)
    if missing == len(x.data):
        return replace(score, kind=None, distinct=None, note="no values")
    if rows < 2:
        return replace(score, note="no row has both values" if not rows else "one row has both values")
    entropy = _entropy(pair.b) if y.discrete else 0.0
    for side, name in ((pair.a, "constant"), (pair.b, "target constant on these rows")):
        if side.min() == side.max():
            share = 0.0 if entropy else None
            return replace(score, mutual_information=0.0, share=share, note=name)
    obstacle = _obstacle(pair, k)
    if obstacle:
        return replace(score, note=obstacle)
    value = pair.mutual_information(k, seed)
    pearson, spearman = _correlations(pair)
    return replace(
        score,
        mutual_information=value / math.log(base),
        share=value / entropy if entropy else None,
        pearson=pearson,
        spearman=spearman,
        marked=_is_hidden(pair, value, pearson, spearman, k, seed),
        note=_caution(pair),
    )


@dataclass(frozen=True)
class Pair:
    """A column and the target on the rows where both are present."""

    x: Variable
    y: Variable
    present: NDArray[np.bool_]
    a: Floats
    b: Floats

    def mutual_information(self, k: int, seed: int) -> float:
        """In nats."""
        a = self.a.astype(np.int64) if self.x.discrete else unit(self.a)
        b = self.b.astype(np.int64) if self.y.discrete else unit(self.b)
        estimate = mutual_info_classif if self.y.discrete else mutual_info_regression
        scores = estimate(
            a[:, np.newaxis], b, discrete_features=[self.x.discrete], n_neighbors=k, random_state=seed
        )
        return float(scores[0])

    def class_sizes(self) -> list[NDArray[np.int64]]:
        """How often each value occurs, for the discrete ones of the two."""
        sides = ((self.x, self.a), (self.y, self.b))
        return [np.unique(data, return_counts=True)[1] for side, data in sides if side.discrete]


def _obstacle(pair: Pair, k: int) -> str | None:
    """Why there is no estimate."""
    sizes = pair.class_sizes()
    if not sizes and len(pair.a) <= k:
        return f"{len(pair.a)} rows are too few for k = {k}"
    if len(sizes) == 1 and sizes[0].max() == 1:
        return "every value occurs once"
    return None


def _caution(pair: Pair) -> str | None:
    """What makes the estimate less than it seems."""
    sizes = pair.class_sizes()
    if len(sizes) == 2 and len(pair.a) < ROWS_PER_CELL * len(sizes[0]) * len(sizes[1]):
        return f"inflated: {len(pair.a)} rows for {len(sizes[0])} x {len(sizes[1])} cells"
    if len(sizes) == 1 and sizes[0].min() == 1:
        single = np.count_nonzero(sizes[0] == 1)
        return f"rows left out, their value occurs once: {single}"
    return None


def _is_hidden(
    pair: Pair, value: float, pearson: float | None, spearman: float | None, k: int, seed: int
) -> bool:
    """Whether the dependence is plain and the correlations miss it.

    Both correlations are within 0.1 of zero (within 2 / sqrt(rows) where that is more), and the mutual
    information is at least 0.05 nats and more than twice the largest among 99 shuffles of the target. The
    shuffles use at most 2000 rows, which only makes the test stricter. Text with more than 10 values is never
    marked: one of many against the rest correlates little with anything.
    """
    if pearson is None or spearman is None or value < HIGH:
        return False
    if any(side.nominal and (side.distinct or 0) > MANY_VALUES for side in (pair.x, pair.y)):
        return False
    if max(abs(pearson), abs(spearman)) > max(NEAR_ZERO, 2 / math.sqrt(len(pair.a))):
        return False
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(pair.a))[:SHUFFLED_ROWS]
    for _ in range(SHUFFLES):
        shuffled = replace(pair, a=pair.a[rows], b=pair.b[rng.permutation(rows)])
        if _obstacle(shuffled, k) or 2 * shuffled.mutual_information(k, seed) >= value:
            return False
    return True


def _entropy(classes: Floats) -> float:
    """The plug-in entropy in nats."""
    p = np.unique(classes, return_counts=True)[1] / len(classes)
    return float(-np.sum(p * np.log(p)))


def _correlations(pair: Pair) -> tuple[float | None, float | None]:
    """Pearson's and Spearman's; for a nominal variable the largest of one value against the rest."""
    x, y = pair.x.column.values[pair.present], pair.y.column.values[pair.present]
    if pair.x.nominal and pair.y.nominal:
        return None, None
    if pair.x.nominal:
        return one_versus_rest(x, y), one_versus_rest(x, ranks(y))
    if pair.y.nominal:
        return one_versus_rest(y, x), one_versus_rest(y, ranks(x))
    return pearson(x, y), pearson(ranks(x), ranks(y))
