"""The ranking: every column of a table against one target, each by itself."""

import math
import warnings
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

import numpy as np

from mutua._correlation import Floats
from mutua._kinds import Variable, check_names, decide
from mutua._multiple import benjamini_hochberg
from mutua._score import Score, entropy_of, score_of
from mutua._table import InputError, Table


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
        return score_of(x, y, k, seed, base)

    with warnings.catch_warnings():  # what they would say is in the notes
        warnings.simplefilter("ignore")
        scores = _adjusted(_run(score, variables, n_jobs, tick))
    if all(s.mutual_information is None for s in scores):
        raise InputError(f"no column can be scored: {scores[0].column}: {scores[0].note}")
    scores.sort(
        key=lambda s: -math.inf if s.mutual_information is None else s.mutual_information, reverse=True
    )
    entropy = entropy_of(known) / math.log(base) if y.discrete else None
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


def _adjusted(scores: list[Score]) -> list[Score]:
    """With p-values that allow for how many columns there are."""
    tested = [i for i, score in enumerate(scores) if score.pvalue is not None]
    pvalues = benjamini_hochberg(np.array([scores[i].pvalue for i in tested], dtype=np.float64))
    adjusted = dict(zip(tested, pvalues.tolist(), strict=True))
    return [replace(score, adjusted_pvalue=adjusted.get(i)) for i, score in enumerate(scores)]
