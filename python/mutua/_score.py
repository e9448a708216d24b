"""What is known of one column and the target.

Mutual information by `mutual_info_classif` or `mutual_info_regression` on that column alone, so that a score
depends on the column, the target and the seed, and on nothing else in the file; how far off it may be, and
whether it is chance; Pearson's and Spearman's correlation, and a mark where the first is high and these are
near zero.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from mutua._column_and_target import Pair
from mutua._correlation import Floats, one_versus_rest, pearson, ranks
from mutua._kinds import Variable
from mutua._significance import is_hidden, pvalue, standard_error


@dataclass(frozen=True)
class Score:
    """What is known of one column and the target; None where there is nothing to say."""

    column: str
    kind: str | None
    distinct: int | None
    rows: int  # with both values present
    missing: int  # in this column
    mutual_information: float | None = None
    standard_error: float | None = None
    pvalue: float | None = None  # of independence, of this column by itself
    adjusted_pvalue: float | None = None  # with those of the others (Benjamini and Hochberg 1995)
    share: float | None = None  # of the target's entropy on the same rows
    pearson: float | None = None
    spearman: float | None = None
    marked: bool = False
    note: str | None = None


def score_of(x: Variable, y: Variable, k: int, seed: int, base: float) -> Score:
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
    entropy = entropy_of(pair.b) if y.discrete else 0.0
    for side, name in ((pair.a, "constant"), (pair.b, "target constant on these rows")):
        if side.min() == side.max():
            share = 0.0 if entropy else None
            return replace(score, mutual_information=0.0, share=share, note=name)
    obstacle = pair.obstacle(k)
    if obstacle:
        return replace(score, note=obstacle)
    value = pair.mutual_information(k, seed)
    pearson, spearman = _correlations(pair)
    return replace(
        score,
        mutual_information=value / math.log(base),
        standard_error=standard_error(pair, k) / math.log(base),
        pvalue=pvalue(pair, seed),
        share=value / entropy if entropy else None,
        pearson=pearson,
        spearman=spearman,
        marked=is_hidden(pair, value, pearson, spearman, k, seed),
        note=_caution(pair),
    )


def _caution(pair: Pair) -> str | None:
    """What makes the estimate less than it seems."""
    sizes = pair.class_sizes()
    if pair.is_sparse():
        return f"inflated: {len(pair.a)} rows for {len(sizes[0])} x {len(sizes[1])} cells"
    if len(sizes) == 1 and sizes[0].min() == 1:
        single = np.count_nonzero(sizes[0] == 1)
        return f"rows left out, their value occurs once: {single}"
    return None


def entropy_of(classes: Floats) -> float:
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
