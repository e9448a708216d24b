"""Surrogates of samples, as orders: what they keep of a variable, and break of what it shares with others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._observations import Observations
from mutua._variables import Variable

Orders = NDArray[np.uint32]
Floats = NDArray[np.float64]
Rearrangement = Literal["any", "within", "shifted", "blocks", "local"]

_ITERATIONS = 100  # of IAAFT, at most: spectra hardly change after some dozens


@dataclass(frozen=True, slots=True)
class Surrogates:
    """Orders of the first variable, each named by its number."""

    draw: Callable[[int, int], Orders]  # those of so many numbers from a first one on
    n_distinct: int | None = None  # how many there are at most


class Options(Protocol):
    """What surrogates depend on besides the data."""

    @property
    def seed(self) -> int: ...
    @property
    def block(self) -> int | None: ...
    @property
    def neighbors(self) -> int: ...
    @property
    def n_threads(self) -> int: ...


def surrogates_of(method: str, data: Observations, options: Options) -> Surrogates:
    """Those of a method, for `data` of two variables and what is given."""
    x, y, *given = data.variables
    n = len(data)

    def drawn(rearrangement: Rearrangement, using: Any = None) -> Callable[[int, int], Orders]:
        return lambda first, size: _core.draw_orders(
            rearrangement, n, options.seed, first, size, using, options.n_threads
        )

    match method:
        case "permutation":
            return Surrogates(drawn("within", _joint_labels(given)) if given else drawn("any"))
        case "local":
            return Surrogates(
                drawn("local", _neighborhoods(given, min(options.neighbors, n), options.n_threads))
            )
        case "shift":
            return Surrogates(drawn("shifted"), n - 1)
        case "block":
            return Surrogates(
                drawn("blocks", _block_length(x, y) if options.block is None else options.block)
            )
        case _:
            return Surrogates(_iaaft(x, drawn("any")))


def _joint_labels(given: list[Variable]) -> NDArray[np.int64]:
    labels = [variable.labels() for variable in given if variable.is_discrete]
    return labels[0] if len(labels) == 1 else _core.joint_labels(labels)


def _neighborhoods(given: list[Variable], size: int, n_threads: int) -> Orders:
    continuous = [variable for variable in given if not variable.is_discrete]
    discrete = [variable for variable in given if variable.is_discrete]
    labels = _joint_labels(discrete) if discrete else None
    return _core.neighborhoods(continuous[0].samples(), size, labels, n_threads)


def _block_length(x: Variable, y: Variable) -> int:
    """Twice Carlstein's (1986) for an autoregressive series that remembers as long as these two do together.

    His is best for a variance. Of a null distribution, what is lost where blocks meet makes it too narrow.
    """
    n = len(x)
    rho = abs(_memory(x) * _memory(y)) ** 0.5
    length = 2 * (2 * rho / (1 - rho**2)) ** (2 / 3) * n ** (1 / 3) if rho < 1 else n
    return int(np.clip(np.ceil(length), 1, max(1, n // 3)))


def _memory(variable: Variable) -> float:
    """The largest autocorrelation of a column at one step; of labels, that of each against all others."""
    if variable.is_discrete:
        labels = np.unique(variable.labels(), return_inverse=True)[1]
        columns = np.eye(labels.max() + 1)[labels] if labels.max() < 50 else labels[:, None]
    else:
        columns = variable.numbers().reshape(len(variable), -1)
    columns = columns - columns.mean(axis=0)
    squares = np.sum(columns**2, axis=0)
    products = np.sum(columns[1:] * columns[:-1], axis=0)
    varies = squares > 0
    return float(np.max(np.abs(products[varies] / squares[varies]), initial=0))


def _iaaft(x: Variable, start: Callable[[int, int], Orders]) -> Callable[[int, int], Orders]:
    """The values of a series in an order that has its spectrum, or nearly (Schreiber and Schmitz 1996)."""
    values = x.samples().reshape(-1)
    by_size = np.argsort(values, kind="stable").astype(np.uint32)
    ascending, amplitudes = values[by_size], np.abs(np.fft.rfft(values))

    def draw(first: int, size: int) -> Orders:
        orders = start(first, size)
        changing = np.arange(size)
        for _ in range(_ITERATIONS):
            spectra = np.fft.rfft(values[orders[changing]])
            lengths = np.abs(spectra)
            phases = np.divide(spectra, lengths, out=np.ones_like(spectra), where=lengths > 0)
            places = np.argsort(np.fft.irfft(amplitudes * phases, len(values)), kind="stable")
            before, after = values[orders[changing]], np.empty((len(changing), len(values)))
            np.put_along_axis(after, places, ascending[None], axis=1)
            moved = np.empty_like(orders[changing])
            np.put_along_axis(moved, places, by_size[None], axis=1)
            orders[changing] = moved
            changing = changing[np.any(before != after, axis=1)]
            if not len(changing):
                break
        return orders

    return draw
