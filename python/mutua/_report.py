"""What the command line prints of a ranking: a table with bars, or JSON; and progress. Computes nothing."""

import json
import math
import threading
import unicodedata
from dataclasses import asdict, dataclass
from typing import TextIO

from mutua._rank import Ranking
from mutua._score import Score

UNITS = {"e": "nats", "2": "bits", "10": "bans"}
EIGHTHS = " ▏▎▍▌▋▊▉"
BAR = 24
FALSE = 0.05  # of the columns that are called dependent


@dataclass(frozen=True)
class Style:
    """What the output can show; the default is a file or a pipe."""

    width: int = 0  # of the terminal; 0 leaves the bars out
    colour: bool = False
    blocks: bool = False


def as_table(ranking: Ranking, *, k: int, seed: int, base: str, top: int | None, style: Style) -> str:
    """Title, one line per column, and what was decided."""
    unit = UNITS[base]
    shown = ranking.scores[:top]
    lines = [*_title(ranking, unit), "", *_body(ranking, shown, unit, style), ""]
    return "\n".join([*lines, *_footer(ranking, shown, k, seed)]) + "\n"


def _title(ranking: Ranking, unit: str) -> list[str]:
    y = ranking.target
    values = f", {y.distinct} values" if y.discrete else ""
    if ranking.entropy is None:
        entropy = "no share: the entropy of a continuous target is no yardstick"
    else:
        entropy = f"entropy {ranking.entropy:.4f} {unit}"
    missing = f", missing in {_count(ranking.target_missing, 'row')}" if ranking.target_missing else ""
    rows, columns = _count(ranking.rows, "row"), _count(len(ranking.scores), "column")
    return [
        f"{printable(ranking.source)}: {rows}, {columns}",
        f"target {printable(y.column.name)}: {y.kind}{values}{missing}; {entropy}",
    ]


def _body(ranking: Ranking, shown: list[Score], unit: str, style: Style) -> list[str]:
    columns = [
        _left("column", [printable(s.column) for s in shown]),
        _left("kind", [s.kind or "-" for s in shown]),
        _right(f"MI ({unit})", [_number(s.mutual_information, ".4f") for s in shown]),
        _right("error", [_number(s.standard_error, ".4f") for s in shown]),
        _right("p", [probability(s.pvalue) for s in shown]),
    ]
    if any(s.marked for s in shown):
        columns.append(_left("", ["*" if s.marked else "" for s in shown]))
    at = len(columns)
    if ranking.entropy is not None:
        columns.append(_right("share", [_number(s.share, ".1%") for s in shown]))
    columns.append(_right("Pearson", [_number(s.pearson, ".3f") for s in shown]))
    columns.append(_right("Spearman", [_number(s.spearman, ".3f") for s in shown]))
    if any(s.missing for s in shown):
        columns.append(_right("missing", [f"{s.missing:,}" for s in shown]))
    notes = _left("note", [printable(s.note or "") for s in shown])
    if any(s.note for s in shown):
        columns.append(notes)
    room = style.width - 1 - sum(_width(column[0]) + 2 for column in columns)
    if room >= 8:
        columns.insert(at, _bars(shown, min(room, BAR), style))
    return ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]


def _footer(ranking: Ranking, shown: list[Score], k: int, seed: int) -> list[str]:
    lines = []
    if any(s.marked for s in shown):
        lines.append("* depends on the target, yet both correlations are near zero (rule: mutua rank --help)")
    y = ranking.target
    if y.nominal:
        lines.append(
            f"Pearson, Spearman: the strongest of one value of {printable(y.column.name)} against the rest"
        )
    adjusted = [s.adjusted_pvalue for s in ranking.scores if s.adjusted_pvalue is not None]
    if adjusted:
        found = f"{sum(p <= FALSE for p in adjusted)} of {_count(len(adjusted), 'column')}"
        lines.append(f"p: of each column by itself; {found} at a false discovery rate of {FALSE}")
    if len(shown) < len(ranking.scores):
        lines.append(f"{_count(len(ranking.scores) - len(shown), 'more column')} (--top)")
    lines.append(f"k = {k}, seed {seed}; a kind is changed with --discrete or --continuous")
    return lines


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, "z" + form)


def probability(p: float | None) -> str:
    """Three digits; "-" where it is not known."""
    return "-" if p is None or math.isnan(p) else "< 0.001" if p < 0.001 else f"{p:.3f}"


def _left(title: str, cells: list[str]) -> list[str]:
    width = max(map(_width, [title, *cells]))
    return [cell + " " * (width - _width(cell)) for cell in [title, *cells]]


def _right(title: str, cells: list[str]) -> list[str]:
    width = max(map(len, [title, *cells]))
    return [cell.rjust(width) for cell in [title, *cells]]


def _bars(shown: list[Score], width: int, style: Style) -> list[str]:
    """A bar per row; the longest is the highest mutual information."""
    values = [s.mutual_information or 0.0 for s in shown]
    longest = max(values) or 1.0
    bars = [bar(value / longest, width, style.blocks).ljust(width) for value in values]
    return [" " * width, *(f"\x1b[36m{b}\x1b[0m" if style.colour else b for b in bars)]


def bar(fraction: float, width: int, blocks: bool) -> str:
    """A bar in eighths of a character where blocks can be printed, else in whole ones."""
    if not blocks:
        return "#" * round(fraction * width)
    full, eighths = divmod(round(fraction * width * 8), 8)
    return "█" * full + EIGHTHS[eighths].strip()


def printable(text: str) -> str:
    """Control characters escaped, so that a name from a file cannot steer the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def as_json(ranking: Ranking, *, k: int, seed: int, base: str, top: int | None) -> str:
    """One object with stable keys; null where there is no value."""
    y = ranking.target
    document = {
        "source": ranking.source,
        "rows": ranking.rows,
        "target": {
            "column": y.column.name,
            "kind": y.kind,
            "distinct": y.distinct,
            "missing": ranking.target_missing,
            "entropy": ranking.entropy,
        },
        "unit": UNITS[base],
        "k": k,
        "seed": seed,
        "columns": [asdict(s) for s in ranking.scores[:top]],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


class Progress:
    """A bar on a terminal once the work has taken `patience` seconds, wiped at the end; silent elsewhere."""

    def __init__(self, stream: TextIO | None, patience: float = 1.0) -> None:
        self.stream = stream
        self.patience = patience
        self.state = ("", 0.0)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._draw, args=(stream,), daemon=True)

    def update(self, doing: str, fraction: float) -> None:
        self.state = (doing, fraction)

    def __enter__(self) -> "Progress":
        if self.stream is not None and self.stream.isatty():
            self.thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stopped.set()
        if self.thread.is_alive():
            self.thread.join()

    def _draw(self, stream: TextIO) -> None:
        if self.stopped.wait(self.patience):
            return
        running = True
        while running:
            doing, fraction = self.state
            stream.write(f"\r{doing} [{bar(fraction, BAR, False):.<{BAR}}] {fraction:4.0%}")
            stream.flush()
            running = not self.stopped.wait(0.1)
        stream.write("\r\x1b[K")
        stream.flush()
