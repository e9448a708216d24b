"""Where scores come from: a matrix, embeddings, or blocks of rows; all are read block by block."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua._parameters import is_number

Block = NDArray[Any]  # float32 or float64, C-contiguous
Pull = Callable[[int, Block, Block], Block]  # writes the gradient for a block from a row on into the last

_BLOCK_BYTES = 1 << 24


class EmbeddingGradient(NamedTuple):
    """The gradient of a bound with respect to embeddings and their temperature."""

    x: NDArray[Any]
    y: NDArray[Any]
    temperature: float


@dataclass(frozen=True, eq=False)
class Embeddings:
    """Scores that are products of embeddings: ``scores[i, j] = x[i] @ y[j] / temperature``.

    Parameters
    ----------
    x, y : array-like of shape (n_pairs, n_dimensions)
        ``x[i]`` belongs to ``y[i]``. For cosines, as in CLIP and SimCLR, let all have length 1.
    temperature : float, default=1.0
        Above 0.

    Notes
    -----
    The n x n scores are computed in blocks of 16 MB and never stored: O(n d) memory, O(n^2 d) time in NumPy's
    matrix product, whose threads are its own.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua.bounds import Embeddings, info_nce
    >>> x = np.eye(8, dtype=np.float32)
    >>> round(info_nce(Embeddings(x, x, temperature=0.5)).value, 4)
    1.413
    """

    x: ArrayLike
    y: ArrayLike
    temperature: float = 1.0

    def __post_init__(self) -> None:
        x, y = _floats("x", self.x), _floats("y", self.y)
        if x.ndim != 2 or x.shape != y.shape:
            raise ValueError(
                f"x and y must have the same shape (n_pairs, n_dimensions), got {x.shape} and {y.shape}"
            )
        if not is_number(self.temperature):
            raise TypeError(f"temperature must be a number, got {type(self.temperature).__name__}")
        if not 0 < self.temperature < np.inf:
            raise ValueError(f"temperature must be finite and above 0, got {self.temperature}")
        dtype = np.result_type(x, y)
        object.__setattr__(self, "x", x.astype(dtype, copy=False))
        object.__setattr__(self, "y", y.astype(dtype, copy=False))


class Source:
    """Scores of `n` pairs, read once or, if `can_repeat`, several times."""

    def __init__(self, n: int, blocks: Callable[[], Iterator[Block]], can_repeat: bool = True) -> None:
        if n < 2:
            raise ValueError(f"scores must be of at least 2 pairs, got {n}")
        self.n, self.can_repeat, self._blocks = n, can_repeat, blocks

    def blocks(self) -> Iterator[tuple[int, Block]]:
        """The first row of each block, and the block."""
        row = 0
        for block in self._blocks():
            if block.ndim != 2 or block.shape[1] != self.n or row + len(block) > self.n:
                raise ValueError(
                    f"blocks of scores must be rows of one square matrix, got shape {block.shape} "
                    f"at row {row} of {self.n}"
                )
            yield row, block
            row += len(block)
        if row != self.n:
            raise ValueError(f"blocks of scores must add up to {self.n} rows, as many as columns, got {row}")

    def gradient(self, pull: Pull) -> Any:
        """That with respect to what the scores come from."""
        return (pull(row, block, np.empty_like(block)) for row, block in self.blocks())


class _Matrix(Source):
    def __init__(self, scores: Block) -> None:
        if scores.ndim != 2 or scores.shape[0] != scores.shape[1]:
            raise ValueError(
                f"scores must be a square matrix, pairs on the diagonal, got shape {scores.shape}"
            )
        self._scores = scores
        super().__init__(len(scores), self._rows)

    def _rows(self) -> Iterator[Block]:
        for rows in _slices(len(self._scores), self._scores.itemsize):
            yield np.ascontiguousarray(self._scores[rows])

    def gradient(self, pull: Pull) -> Block:
        gradient = np.empty(self._scores.shape, self._scores.dtype)
        for row, block in self.blocks():
            pull(row, block, gradient[row : row + len(block)])
        return gradient


class _Products(Source):
    def __init__(self, embeddings: Embeddings) -> None:
        self._x, self._y = np.asarray(embeddings.x), np.asarray(embeddings.y)
        self._temperature = embeddings.temperature
        super().__init__(len(self._x), self._products)

    def _products(self) -> Iterator[Block]:
        for rows in _slices(len(self._x), self._x.itemsize):
            yield (self._x[rows] / self._temperature) @ self._y.T

    def gradient(self, pull: Pull) -> EmbeddingGradient:
        x, y, temperature = np.empty_like(self._x), np.zeros_like(self._y), 0.0
        for row, scores in self.blocks():
            rows = slice(row, row + len(scores))
            gradient = pull(row, scores, np.empty_like(scores))
            # A product of 0 and minus infinity is 0 here: a pair that is ruled out has no slope.
            temperature -= float(np.vdot(gradient, np.where(gradient == 0, 0, scores)))
            gradient /= self._temperature
            x[rows] = gradient @ self._y
            y += gradient.T @ self._x[rows]
        return EmbeddingGradient(x, y, temperature / self._temperature)


def read(scores: Any) -> Source:
    """Whatever scores may be given as."""
    if isinstance(scores, Source):
        return scores
    if isinstance(scores, Embeddings):
        return _Products(scores)
    is_blocks = isinstance(scores, Iterable) and not isinstance(scores, str | bytes | np.ndarray)
    if is_blocks and not hasattr(scores, "__array__"):
        if isinstance(scores, Iterator):
            return _once(scores)
        first = next(iter(scores), None)
        if first is not None and np.ndim(first) == 2:
            return Source(np.shape(first)[1], lambda: (_contiguous(block) for block in scores))
    return _Matrix(_floats("scores", scores))


def _once(blocks: Iterator[Any]) -> Source:
    first = next(blocks, None)
    if first is None:
        raise ValueError("scores must be at least one block of rows, got none")
    first = _contiguous(first)
    n = first.shape[1] if first.ndim == 2 else 0

    def all_blocks() -> Iterator[Block]:
        yield first
        yield from map(_contiguous, blocks)

    return Source(n, all_blocks, can_repeat=False)


def _contiguous(block: Any) -> Block:
    return np.ascontiguousarray(_floats("blocks of scores", block))


def _slices(n: int, itemsize: int) -> Iterator[slice]:
    """Rows of n scores each, as many as fit into a block."""
    size = max(1, _BLOCK_BYTES // (n * itemsize))
    return (slice(first, first + size) for first in range(0, n, size))


def _floats(name: str, values: Any) -> NDArray[Any]:
    """As float32 if they have no more digits, else as float64."""
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be an array of numbers, got {array.dtype}")
    return array.astype(np.float32 if array.dtype in (np.float16, np.float32) else np.float64, copy=False)
