"""The command ``mutua``: arguments in, exit code out."""

import argparse
import errno
import math
import os
import shutil
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn

from mutua._arguments import parser
from mutua._pair import share
from mutua._pair_report import pair_as_json, pair_as_text
from mutua._rank import rank
from mutua._report import UNITS, Progress, Style, as_json, as_table
from mutua._table import InputError, read_table
from mutua._threads import count_threads


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        arguments = parser(_rank, _pair).parse_args(argv)
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
