"""What the command ``mutua`` accepts, and its help."""

import argparse
import math
import sys
from collections.abc import Callable
from typing import NoReturn

from mutua._column_and_target import ROWS_PER_CELL
from mutua._core import __version__
from mutua._kinds import FEW_VALUES, ROWS_PER_VALUE
from mutua._report import FALSE, UNITS
from mutua._significance import (
    ENOUGH,
    FEW_CLASSES,
    HIGH,
    MANY_VALUES,
    NEAR_ZERO,
    PERMUTATIONS,
    SHUFFLED_ROWS,
    SHUFFLES,
)
from mutua._table import MISSING, InputError

Command = Callable[[argparse.Namespace], str]

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
  error     standard error of MI: the deviation of what rows contribute, over
            the root of their number
  p         how often as much is found where nothing is shared. Two discrete
            columns: by the chi-square law, unless "inflated". Others: {PERMUTATIONS}
            shuffles of at most {SHUFFLED_ROWS} rows, fewer once {ENOUGH} are as high; of two
            continuous columns, or one and at most {FEW_CLASSES} classes, twice the
            smaller of this and that of the correlation of normal scores.
            Each column by itself: --json also has it adjusted for all of them
            (Benjamini and Hochberg 1995), and the last lines say of how many
            columns that is at most {FALSE}
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


def parser(run_rank: Command, run_pair: Command) -> argparse.ArgumentParser:
    """Of the command and its parts; these are named `run`."""
    command = _Parser(prog="mutua", description="Mutual information on the command line.")
    command.add_argument("--version", action="version", version=f"mutua {__version__}")
    commands = command.add_subparsers(required=True, metavar="COMMAND")
    ranking = commands.add_parser(
        "rank",
        help="rank the columns of a table by mutual information with one of them",
        description="Rank the columns of a table by their mutual information with a target column.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    ranking.set_defaults(run=run_rank)
    add = ranking.add_argument
    add("file", metavar="FILE", help="CSV, TSV or Parquet; - for standard input")
    add("--target", required=True, metavar="COLUMN", help="the column the others are to tell about")
    add("--k", type=_integer(1), default=3, metavar="K", help="neighbours of the estimators (default 3)")
    add("--top", type=_integer(1), metavar="N", help="only the N highest")
    _add_common(ranking, "of the tiny noise that breaks ties, and of shuffles (default 0)")
    pair = commands.add_parser(
        "pair",
        help="what two columns of a table share, with its error",
        description="What two columns share, given others or not, with its error and a test of independence.",
        allow_abbrev=False,
    )
    pair.set_defaults(run=run_pair)
    add = pair.add_argument
    add("file", metavar="FILE", help="CSV, TSV or Parquet; - for standard input")
    add("x", metavar="X", help="a column")
    add("y", metavar="Y", help="another")
    add("--given", action="append", default=[], metavar="A,B", help="columns that are known already")
    add("--series", action="store_true", help="rows are in the order of time; else they are independent")
    _add_common(pair, "of everything that is drawn (default 0)")
    return command


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
