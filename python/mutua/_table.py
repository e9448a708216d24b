"""Tables from files: CSV, TSV and Parquet into typed columns.

A column is text as soon as one of its cells is neither a number nor missing. Cells are converted a batch of
rows at a time, so that a large file never stands in memory as one string per cell; a column that proves to be
text only after a batch of numbers costs a second pass.
"""

import csv
import importlib
import io
import re
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?")
BATCH = 1 << 15


class InputError(ValueError):
    """The input cannot be used; the message is one line that says where and why."""


@dataclass(frozen=True)
class Stray:
    """The first cell of a text column that is not a number, and how many such cells there are."""

    place: str
    cell: str
    count: int


@dataclass(frozen=True)
class Column:
    """Numbers, NaN where missing; in a text column they are positions in `labels`, which are sorted."""

    name: str
    values: NDArray[np.float64]
    labels: tuple[str, ...] | None = None
    stray: Stray | None = None
    unusable: str = ""


@dataclass(frozen=True)
class Table:
    """The columns of one file, equally long."""

    source: str
    columns: list[Column]

    @property
    def rows(self) -> int:
        return len(self.columns[0].values)


def read_table(path: str, delimiter: str | None = None, tick: Callable[[float], None] | None = None) -> Table:
    """Read a file, or standard input for ``-``; `tick` hears the fraction read so far."""
    source = "standard input" if path == "-" else path
    if path == "-" and sys.stdin is None:
        raise InputError("standard input is closed")
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {source}: {error.strerror}") from None
    if data.startswith(b"PAR1"):
        columns = _read_parquet(data, source)
    else:
        columns = _read_text(data, source, delimiter, tick)
    if not columns or not len(columns[0].values):
        raise InputError(f"{source} has a header but no rows")
    return Table(source, columns)


def _read_text(
    data: bytes, source: str, delimiter: str | None, tick: Callable[[float], None] | None
) -> list[Column]:
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise InputError(f"{source} is empty")
    text_columns: set[int] = set()
    columns = None
    while columns is None:
        reader = _Reader(data, source, delimiter or _sniff(data))
        try:
            columns = reader.columns(text_columns, tick)
        except UnicodeDecodeError:
            raise _undecodable(data, source) from None
        except csv.Error as error:
            raise InputError(f"{source}, line {reader.line}: {error}") from None
    return columns


def _sniff(data: bytes) -> str:
    """The delimiter that occurs most often in the first line, outside quotes."""
    line = data.lstrip(b"\xef\xbb\xbf\r\n")[:BATCH].decode("utf-8", "replace").splitlines()[0]
    bare = re.sub('"[^"]*("|$)', "", line)
    return max(",\t;", key=bare.count)


def _undecodable(data: bytes, source: str) -> InputError:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return InputError(f"{source}, line {line}: byte 0x{data[error.start]:02x} is not UTF-8 text")
    return InputError(f"{source} is not UTF-8 text")


class _Reader:
    """One pass over delimited text."""

    def __init__(self, data: bytes, source: str, delimiter: str) -> None:
        self.source = source
        self.size = len(data)
        self.raw = io.BytesIO(data)
        stream = io.TextIOWrapper(self.raw, encoding="utf-8-sig", newline="")
        self.rows = csv.reader(stream, delimiter=delimiter, strict=True)
        self.line = 1  # where the current row begins
        self.lines = array("q")

    def columns(
        self, text_columns: set[int], tick: Callable[[float], None] | None = None
    ) -> list[Column] | None:
        """All columns; None if one proved to be text too late, which is then in `text_columns`."""
        names = _names(next(row for row in self.rows if row), self.source)
        parts: list[list[NDArray[np.float64]]] = [[] for _ in names]
        positions: dict[int, dict[str, int]] = {j: {} for j in text_columns}
        late = False
        for batch in self._batches(len(names)):
            for j, cells in enumerate(zip(*batch, strict=True)):
                if j not in positions:
                    numbers = _numbers(cells)
                    if numbers is not None:
                        parts[j].append(numbers)
                        continue
                    late = late or bool(parts[j])
                    text_columns.add(j)
                    positions[j] = {}
                parts[j].append(_positions(cells, positions[j]))
            if tick:
                tick(self.raw.tell() / self.size)
        if late:
            return None
        return [
            self._column(name, np.concatenate(parts[j] or [np.empty(0)]), positions.get(j))
            for j, name in enumerate(names)
        ]

    def _batches(self, width: int) -> Iterator[list[list[str]]]:
        batch: list[list[str]] = []
        self.line = self.rows.line_num + 1
        for row in self.rows:
            if row:  # a blank line is no row
                if len(row) != width:
                    fields = f"{len(row)} field" + "s" * (len(row) > 1)
                    raise InputError(f"{self.source}, line {self.line}: {fields}, the header has {width}")
                self.lines.append(self.line)
                batch.append(row)
                if len(batch) == BATCH:
                    yield batch
                    batch = []
            self.line = self.rows.line_num + 1
        if batch:
            yield batch

    def _column(self, name: str, values: NDArray[np.float64], positions: dict[str, int] | None) -> Column:
        if positions is not None:
            return _text_column(name, values, positions, lambda row: f"line {self.lines[row]}")
        _refuse_infinite(name, values, lambda row: f"{self.source}, line {self.lines[row]}")
        return Column(name, values)


def _names(header: list[str], source: str) -> list[str]:
    names = [cell.strip() or f"column_{j}" for j, cell in enumerate(header, start=1)]
    seen: dict[str, int] = {}
    for j, name in enumerate(names, start=1):
        if name in seen:
            raise InputError(f"{source}: columns {seen[name]} and {j} are both named {name!r}")
        seen[name] = j
    return names


def _numbers(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """The cells as numbers, NaN where missing; None if one is text."""
    if "_" in "".join(cells):  # float() would read 1_2 as 12
        return None
    try:
        return np.array(cells, dtype=np.float64)
    except ValueError:
        pass
    try:
        return np.array(["nan" if cell.strip() in MISSING else cell for cell in cells], dtype=np.float64)
    except ValueError:
        return None


def _positions(cells: Sequence[str], positions: dict[str, int]) -> NDArray[np.float64]:
    """Each cell's position in the order of first appearance; new cells are added to `positions`."""
    stripped = map(str.strip, cells)
    return np.fromiter(
        (positions.setdefault(cell, len(positions)) for cell in stripped), np.float64, len(cells)
    )


def _text_column(
    name: str, values: NDArray[np.float64], positions: dict[str, int], place: Callable[[int], str]
) -> Column:
    labels = tuple(sorted(positions.keys() - set(MISSING)))
    sorted_position = np.full(len(positions), np.nan)
    sorted_position[[positions[label] for label in labels]] = np.arange(len(labels))
    values = sorted_position[values.astype(np.intp)]
    is_text = np.array([_numbers([label]) is None for label in labels] + [False])  # the last is for NaN
    strays = np.flatnonzero(is_text[np.where(np.isnan(values), -1, values).astype(np.intp)])
    stray = None
    if strays.size:
        stray = Stray(place(strays[0]), labels[int(values[strays[0]])], strays.size)
    return Column(name, values, labels, stray)


def _refuse_infinite(name: str, values: NDArray[np.float64], place: Callable[[int], str]) -> None:
    infinite = np.flatnonzero(np.isinf(values))
    if infinite.size:
        raise InputError(f"{place(infinite[0])}: the value in column {name!r} is infinite")


def _read_parquet(data: bytes, source: str) -> list[Column]:
    try:
        arrow: Any = importlib.import_module("pyarrow")
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise InputError("reading Parquet needs pyarrow: pip install 'mutua[frames]'") from None
    try:
        table = parquet.read_table(arrow.BufferReader(data))
    except (ValueError, OSError) as error:
        raise InputError(f"{source} is not a Parquet file: {str(error).splitlines()[0]}") from None
    names = _names(table.column_names, source)
    return [_arrow_column(arrow, name, table.column(j), source) for j, name in enumerate(names)]


def _arrow_column(arrow: Any, name: str, column: Any, source: str) -> Column:
    """Numbers as they are, dates as microseconds, text and booleans as labels; nothing nested."""
    is_type = arrow.types
    if is_type.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if is_type.is_date(column.type) or is_type.is_timestamp(column.type):
        column = column.cast(arrow.timestamp("us"), safe=False).cast(arrow.int64())
    try:
        numeric = is_type.is_primitive(column.type) or is_type.is_decimal(column.type)
        if is_type.is_boolean(column.type) or not numeric:
            cells = ["" if cell is None else cell for cell in column.cast(arrow.string()).to_pylist()]
            positions: dict[str, int] = {}
            return _text_column(name, _positions(cells, positions), positions, lambda row: f"row {row + 1}")
        values = column.cast(arrow.float64(), safe=False).to_numpy()
    except arrow.ArrowException:
        return Column(name, np.full(len(column), np.nan), unusable=f"cannot use type {column.type}")
    _refuse_infinite(name, values, lambda row: f"{source}, row {row + 1}")
    return Column(name, values)
