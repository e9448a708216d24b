"""What is said of an estimate by a copula and neighbours: why it is that, and what to beware of."""

import math
from collections.abc import Iterator

from mutua._auto.calibrated import Calibrated
from mutua._auto.views import MOST_COLUMNS

STRONG = 2.0  # nats, from which on ranks lose
_WORTH_SAYING = 0.05  # of the estimate, if neighbours in more than two dimensions find it
_RISES = 2.4  # over the root of n: two deviations of the rise of a curve that is as expected


def reasons(found: Calibrated) -> Iterator[str]:
    copula = "normal" if found.copula.is_normal else f"t ({found.copula.dof:.3g} degrees of freedom)"
    yield f"a {copula} copula says {found.of_copula:.3g}"
    if not found.seen:
        yield "the columns are too many to look at neighbours"
        return
    best = found.seen[0]
    largest = max(view.deviations for view in found.seen)
    if found.is_copula:
        n_views = f"{len(found.seen)} view{'s' if len(found.seen) > 1 else ''}"
        yield f"neighbours say the same of samples of it, to {max(largest, 0):.1f} deviations in {n_views}"
    else:
        yield (
            f"in {best.name} neighbours find {best.beyond:.3g} more than in samples of it, "
            f"{best.deviations:.1f} deviations"
        )


def cautions(found: Calibrated, d: int) -> Iterator[str]:
    if not found.seen:
        yield f"whether the copula fits {d} columns was not looked at"
    elif found.value > 0 and not found.is_copula and found.seen[0].n_columns > 2:
        share = (found.value - found.of_copula) / found.value
        if share > _WORTH_SAYING:
            d_near = found.seen[0].n_columns
            yield f"{share:.0%} of it rests on neighbours in {d_near} dimensions: the error may be larger"
    if not found.is_copula and found.seen[0].is_of_found_directions:
        yield "neighbours are near in directions that were found, not given: what these miss is not seen"
    if not found.is_copula and found.seen[0].rise > max(
        _WORTH_SAYING * found.value, _RISES / math.sqrt(len(found.parts[0]))
    ):
        yield "the estimate still rises as neighbours get fewer: the truth may be larger"
    if found.value > STRONG:
        yield "dependence is strong: ranks lose of it, some hundredths of a nat and more above 3"
    if d > MOST_COLUMNS and found.seen:
        yield f"of {d} columns neighbours were sought in some directions: what bends in others is not seen"
