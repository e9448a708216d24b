"""Matrices: the information between every two columns."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mutua import _core
from mutua._threads import count_threads
from mutua._validation.frames import is_frame
from mutua._variables import Variable
from mutua.measures import _nats


def pairwise_mutual_information(
    X: ArrayLike,
    Y: ArrayLike | None = None,
    *,
    base: float | None = None,
    n_jobs: int | None = None,
    out: NDArray[np.float64] | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> NDArray[np.float64]:
    """How much every column tells about every other: the plug-in estimate for columns of labels.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_columns)
        Columns of labels: integers, bools, text; those of a frame may be of several kinds, categories too.
    Y : array-like of shape (n_samples, n_others), optional
        Other columns. If given, those of `X` are paired with these, not with each other.
    base : float, optional
        Base of the logarithm: 2 for bits. If None, e, for nats.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors. Results do not depend on it.
    out : ndarray of float64, optional
        Where to write: C-contiguous, of the shape of the result; a `numpy.memmap` if memory is too small for
        it. Values are written as they are computed, also those of a call that fails in the end.
    progress : callable, optional
        Called with the number of pairs done and of all pairs, on the calling thread: at most ten times a
        second, and at the end. What it raises ends the computation.

    Returns
    -------
    ndarray of shape (n_columns, n_columns) or (n_columns, n_others)
        `out`, if given. Without `Y` it is symmetric, and has the entropies on the diagonal. Every value has
        the same bits as `mutual_information` of the two columns.

    Raises
    ------
    ValueError
        If a column is continuous, there are no samples or columns, lengths differ, or `out` does not fit.
    TypeError
        If an argument is of a type that does not fit.

    Notes
    -----
    Columns of few levels are packed into bits, of which 64 are counted at once: O(pairs times samples / 64)
    for each two levels. Others are counted sample by sample: O(pairs times samples). Beside the result,
    memory is that of a copy of the columns, of at most 4 bytes a value.

    References
    ----------
    C. E. Shannon, "A mathematical theory of communication", Bell System Technical Journal 27, 379-423, 1948.

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import pairwise_mutual_information
    >>> rng = np.random.default_rng(0)
    >>> x, y = rng.integers(0, 3, (2, 1000))
    >>> pairwise_mutual_information(np.stack([x, y, x + y], axis=1)).round(3)
    array([[1.097, 0.002, 0.411],
           [0.002, 1.098, 0.411],
           [0.411, 0.411, 1.506]])
    """
    x, y = _labels("X", X), None if Y is None else _labels("Y", Y)
    if y is not None and len(y) != len(x):
        raise ValueError(f"X and Y must have the same length, got {len(x)} and {len(y)}")
    if not (progress is None or callable(progress)):
        raise TypeError(f"progress must be callable, got {type(progress).__name__}")
    unit, n_threads = _nats(base), count_threads(n_jobs)
    shape = (x.shape[1], (x if y is None else y).shape[1])
    if out is None:
        result = np.empty(shape)
    else:
        _check_out(out, shape)
        result = out
    _core.pairwise_mutual_information(x, y, result, unit, n_threads, progress)
    return result


def _labels(name: str, values: Any) -> NDArray[Any]:
    """A matrix of bytes or 64-bit integers that are equal within a column where the labels are."""
    if is_frame(values) and not all(_is_integer(dtype) for dtype in values.dtypes):
        columns = [
            (f"{name}[{label!r}]", values.iloc[:, index]) for index, label in enumerate(values.columns)
        ]
        return _stack([Variable.read(*column) for column in columns], len(values), name)
    whole = Variable.read(name, values)
    if whole.periods is not None:
        raise ValueError(
            f"{name} must hold labels (integers, bools, text or categories), got periodic samples"
        )
    array = whole.array
    if array.ndim != 2:
        raise ValueError(f"{name} must be a matrix with a row for each sample, got shape {array.shape}")
    if not _is_integer(array.dtype):
        columns_ = [
            Variable(f"{name}, column {i}", array[:, i], whole.is_discrete) for i in range(array.shape[1])
        ]
        return _stack(columns_, len(array), name)
    if len(array) == 0:
        raise ValueError(f"{name} must have at least one sample")
    if array.dtype.itemsize == 1:
        array = array.view(np.uint8)
    elif array.dtype != np.int64 or not array.dtype.isnative:
        array = array.astype(np.int64)
    if array.flags.aligned and (array.flags.c_contiguous or array.flags.f_contiguous):
        return array
    return np.require(array, requirements=["C", "A"])


def _is_integer(dtype: Any) -> bool:
    return isinstance(dtype, np.dtype) and dtype.kind in "biu"


def _stack(columns: list[Variable], n_samples: int, name: str) -> NDArray[np.int64]:
    for column in columns:
        if not column.is_discrete:
            raise ValueError(
                f"{column.name} must hold labels (integers, bools, text or categories), got "
                f"{column.array.dtype}: floats are continuous, unless they are converted, as by astype(int)"
            )
    if not columns or n_samples == 0:
        raise ValueError(f"{name} must have at least one sample and one column")
    stacked = np.empty((len(columns), n_samples), dtype=np.int64)
    for row, column in zip(stacked, columns, strict=True):
        row[:] = column.labels()
    return stacked.T


def _check_out(out: Any, shape: tuple[int, int]) -> None:
    if not isinstance(out, np.ndarray) or out.dtype != np.float64 or not out.dtype.isnative:
        found = out.dtype if isinstance(out, np.ndarray) else type(out).__name__
        raise TypeError(f"out must be an array of float64, got {found}")
    flags = out.flags
    if out.shape != shape or not (flags.c_contiguous and flags.aligned and flags.writeable):
        raise ValueError(
            f"out must have shape {shape} and be C-contiguous, aligned and writeable, got shape {out.shape}"
            f" and strides {out.strides}{'' if flags.writeable else ', read-only'}"
        )
