"""The command ``mutua``: arguments in, exit code out."""

import argparse
import errno
import math
import os
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from typing import NoReturn

from mutua._core import __version__
from mutua._kinds import FEW_VALUES, ROWS_PER_VALUE
from mutua._pair import share
from mutua._pair_report import pair_as_json, pair_as_text
from mutua._rank import HIGH, MANY_VALUES, NEAR_ZERO, ROWS_PER_CELL, SHUFFLED_ROWS, SHUFFLES, rank
from mutua._report import UNITS, Progress, Style, as_json, as_table
from mutua._table import MISSING, InputError, read_table
from mutua._threads import count_threads

EPILOG = f"""\
examples:
  mutua rank examples/iris.csv --target species
  zcat data.csv.gz | mutua rank - --target price --discrete zip,year --json

input:
  CSV with commas, tabs or semicolons (told by the header line), in UTF-8; or
  Parquet, with the extra `frames`. Missing are empty cells and
  {", ".join(MISSING[1:])}.
  A row counts for a column where the column and the target are both present.

kinds:
  Text and booleans are discrete, numbers with a fraction continuous. Whole
  numbers are discrete if they take at most {FEW_VALUES} different values, each
  {ROWS_PER_VALUE} times on average, or only two. Numbers with one cell of text among
  them, or up to a tenth, are refused as a slip unless named by --discrete.

output:
  MI        mutual information: counted for two discrete columns, otherwise
            from nearest neighbours (Kraskov et al. 2004, Ross 2014)
  share     MI / entropy of the target; not for a continuous target
  Pearson   correlation of the values, Spearman of their ranks. Text with two
            values counts as 0 and 1 in alphabetical order; with more, the
            strongest correlation of one value against the rest is shown;
            between two such columns there is none.
  *         correlation misses a dependence: Pearson and Spearman are within
            {NEAR_ZERO} of zero (or 2/sqrt(rows), if that is more), and MI is at least
            {HIGH} nats and more than twice the largest of {SHUFFLES} shuffles of the
            target (shuffling at most {SHUFFLED_ROWS} rows); not for text with more
            than {MANY_VALUES} values
  missing   rows without a value in the column
  note      why there is no estimate, or what to mind. "inflated": fewer than
            {ROWS_PER_CELL} rows per cell of the two-way table, where counting overstates MI

exit codes:
  0 success, 1 failure while computing or interrupted, 2 bad input or usage
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message} (see {self.prog} --help)")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        sys.stdout.flush()  # so that a closed pipe shows here
        super().exit(status, message)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        arguments = _parser().parse_args(argv)
        _write(arguments.run(arguments))
    except SystemExit:  # --help and --version, which argparse has printed
        return 0
    except InputError as error:
        return _fail(2, str(error))
    except BrokenPipeError:  # the reader has what it wanted
        _discard_output()
        return 0
    except OSError as error:
        _discard_output()
        return _fail(1, f"cannot write: {error.strerror}")
    except KeyboardInterrupt:
        return _fail(1, "interrupted")
    except MemoryError:
        return _fail(1, "out of memory")
    except (ValueError, ArithmeticError) as error:
        return _fail(1, str(error))
    return 0


def run() -> NoReturn:
    """The command ``mutua``: `main`, and an exit that does not wait for threads that are still computing."""
    code = main()
    if threading.active_count() == 1:
        sys.exit(code)
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()
    os._exit(code)


def _fail(code: int, message: str) -> int:
    if sys.stderr is not None:
        print("mutua:", " ".join(message.split()), file=sys.stderr)
    return code


def _discard_output() -> None:
    """What could not be written must not fail again when the interpreter ends."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(text: str) -> None:
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace")
    sys.stdout.write(text)
    sys.stdout.flush()


def _rank(arguments: argparse.Namespace) -> str:
    base = arguments.base
    with Progress(sys.stderr) as progress:
        table = read_table(arguments.file, arguments.delimiter, lambda done: progress.update("reading", done))
        names = {column.name for column in table.columns}
        ranking = rank(
            table,
            arguments.target,
            discrete=_split(arguments.discrete, names),
            continuous=_split(arguments.continuous, names),
            k=arguments.k,
            seed=arguments.seed,
            base=math.e if base == "e" else float(base),
            n_jobs=count_threads(arguments.n_jobs),
            tick=lambda done: progress.update("ranking", done),
        )
    settings = {"k": arguments.k, "seed": arguments.seed, "base": base, "top": arguments.top}
    return as_json(ranking, **settings) if arguments.json else as_table(ranking, **settings, style=_style())


def _pair(arguments: argparse.Namespace) -> str:
    base = arguments.base
    with Progress(sys.stderr) as progress:
        table = read_table(arguments.file, arguments.delimiter, lambda done: progress.update("reading", done))
        progress.update("estimating", 0.0)
        names = {column.name for column in table.columns}
        shared = share(
            table,
            arguments.x,
            arguments.y,
            given=_split(arguments.given, names),
            discrete=_split(arguments.discrete, names),
            continuous=_split(arguments.continuous, names),
            is_series=arguments.series,
            seed=arguments.seed,
            base=math.e if base == "e" else float(base),
            n_jobs=count_threads(arguments.n_jobs),
        )
    return pair_as_json(shared, UNITS[base]) if arguments.json else pair_as_text(shared, UNITS[base])


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="mutua", description="Mutual information on the command line.")
    parser.add_argument("--version", action="version", version=f"mutua {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    ranking = commands.add_parser(
        "rank",
        help="rank the columns of a table by mutual information with one of them",
        description="Rank the columns of a table by their mutual information with a target column.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    ranking.set_defaults(run=_rank)
    add = ranking.add_argument
    add("file", metavar="FILE", help="CSV, TSV or Parquet; - for standard input")
    add("--target", required=True, metavar="COLUMN", help="the column the others are to tell about")
    add("--k", type=_integer(1), default=3, metavar="K", help="neighbours of the estimators (default 3)")
    add("--top", type=_integer(1), metavar="N", help="only the N highest")
    _add_common(ranking, "of the tiny noise that breaks ties (default 0)")
    pair = commands.add_parser(
        "pair",
        help="what two columns of a table share, with its error",
        description="What two columns share, given others or not, with its error and a test of independence.",
        allow_abbrev=False,
    )
    pair.set_defaults(run=_pair)
    add = pair.add_argument
    add("file", metavar="FILE", help="CSV, TSV or Parquet; - for standard input")
    add("x", metavar="X", help="a column")
    add("y", metavar="Y", help="another")
    add("--given", action="append", default=[], metavar="A,B", help="columns that are known already")
    add("--series", action="store_true", help="rows are in the order of time; else they are independent")
    _add_common(pair, "of everything that is drawn (default 0)")
    return parser


def _add_common(parser: argparse.ArgumentParser, seed: str) -> None:
    add = parser.add_argument
    add("--discrete", action="append", default=[], metavar="A,B", help="columns that are classes")
    add("--continuous", action="append", default=[], metavar="C,D", help="columns that are measurements")
    add("--base", choices=UNITS, default="e", help="e: nats (default), 2: bits, 10: bans")
    add("--seed", type=_integer(0, 2**32 - 1), default=0, help=seed)
    add("--n-jobs", type=_jobs, default=1, metavar="N", help="threads (default 1), -1: all allowed")
    add("--delimiter", type=_delimiter, metavar="C", help="one character, or tab (default: from the header)")
    add("--json", action="store_true", help="one JSON object, null where there is no value")


def _integer(low: int, high: float = math.inf) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            upper = f" to {high}" if high < math.inf else " or more"
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number, {low}{upper}")
        return value

    return parse


def _jobs(text: str) -> int:
    return -1 if text == "-1" else _integer(1)(text)


def _delimiter(text: str) -> str:
    text = "\t" if text in ("tab", r"\t") else text
    if len(text) != 1 or text in '"\r\n':
        raise argparse.ArgumentTypeError(f"{text!r} is not one character")
    return text


def _split(lists: list[str], names: set[str]) -> list[str]:
    """Column names from comma-separated lists; a name that holds a comma stands alone."""
    return [name for text in lists for name in ([text] if text in names else text.split(","))]


def _style() -> Style:
    """What standard output can show."""
    if sys.stdout is None or not sys.stdout.isatty():
        return Style()
    try:
        "█▏".encode(sys.stdout.encoding)
        blocks = True
    except UnicodeEncodeError:
        blocks = False
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Style(shutil.get_terminal_size().columns, colour, blocks)
