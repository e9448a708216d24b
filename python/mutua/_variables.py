"""An argument of the measures, as it was handed in: samples of numbers, or labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua._containers import Column, column, columns
from mutua._embedding import NOW, Steps, past
from mutua._periodic import Periodic
from mutua._validation.config import loaded
from mutua._validation.labels import encode
from mutua._validation.parameters import is_sparse

_FLOAT64 = np.dtype(np.float64)
CONTINUOUS, DISCRETE = "f", "biuUSTO"  # kinds of dtypes


@dataclass(frozen=True, slots=True)
class Variable:
    """Samples of one argument: a vector, or a matrix with a row for each sample."""

    name: str
    array: NDArray[Any]
    is_discrete: bool
    missing: NDArray[np.bool_] | None = None  # The samples that are not there, and hold anything.
    are_codes: bool = False  # Integers in place of text or categories.
    periods: NDArray[np.float64] | None = None  # Of the columns; infinite where one does not go round.

    @classmethod
    def read(
        cls, name: str, values: Any, discrete: bool | None = None, *, may_miss: bool = False
    ) -> "Variable":
        """Whatever NumPy makes an array of; floats alone are continuous, unless `discrete` says so."""
        first, *others = cls.of_each_kind(name, values, discrete)
        if others:
            raise TypeError(
                f"{name} has continuous and discrete columns: say by discrete=True or False what all of them "
                "are, or convert them"
            )
        if not may_miss:
            first.check_known()
        return first

    @classmethod
    def of_each_kind(cls, name: str, values: Any, discrete: bool | None = None) -> tuple["Variable", ...]:
        """What is continuous and what is discrete: a frame may hold both. Samples may be missing."""
        if isinstance(values, Periodic):
            return (cls._of_periodic(name, values, discrete),)
        table = None if type(values) is np.ndarray else columns(values)
        if not table:
            return (cls._of_array(name, values, discrete),)
        parts = [cls._of_array(f"{name}[{label!r}]", part, discrete) for label, part in table]
        return side_by_side(name, [replace(part, array=_as_matrix(part.array)) for part in parts])

    @classmethod
    def _of_array(cls, name: str, values: Any, discrete: bool | None) -> "Variable":
        found = Column(values) if type(values) is np.ndarray else _to_array(name, values)
        array = found.array
        if array.ndim not in (1, 2) or array.shape[1:] == (0,):
            raise ValueError(
                f"{name} must be a vector, or a matrix with at least one column, got shape {array.shape}"
            )
        kind = array.dtype.kind
        if kind not in CONTINUOUS + DISCRETE and not (discrete and kind in "mM"):
            hint = "; discrete=True makes points in time labels" if kind in "mM" else ""
            raise TypeError(f"{name} must hold numbers or labels, got {array.dtype}{hint}")
        if kind == "O" and discrete is None and any(_is_float(value) for value in array.flat):
            raise TypeError(f"{name} holds objects, some of them floats: convert it, or say what is discrete")
        is_discrete = kind != CONTINUOUS if discrete is None else bool(discrete)
        return cls(name, array, is_discrete, found.missing, found.are_codes)

    @classmethod
    def _of_periodic(cls, name: str, periodic: Periodic, discrete: bool | None) -> "Variable":
        if discrete:
            raise ValueError(f"{name} is periodic, and hence continuous, got discrete=True")
        variable = cls.read(name, periodic.values, False, may_miss=True)
        n_columns = 1 if variable.array.ndim == 1 else variable.array.shape[1]
        return replace(variable, periods=periodic._periods(name, n_columns))

    def __len__(self) -> int:
        return len(self.array)

    def points(self) -> NDArray[np.float64] | tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The values for a kernel that asks for their distances alone: with the periods, if there are any."""
        numbers = self.numbers()
        return numbers if self.periods is None else (numbers, self.periods)

    def samples(self) -> NDArray[np.float64]:
        """The values as float64, for whatever takes them to lie on a line."""
        if self.periods is not None:
            raise ValueError(
                f"{self.name} is periodic, which only estimators from neighbors take, as KSG: elsewhere its "
                "sine and cosine may stand for it"
            )
        return self.numbers()

    def numbers(self) -> NDArray[np.float64]:
        """The values as float64, and as they are where they go round."""
        if is_plain(self.array):
            return self.array
        if self.are_codes or self.array.dtype.kind in "UST":
            found = "categories or text" if self.are_codes else "text"
            raise TypeError(f"{self.name} must hold numbers to be continuous, got {found}")
        try:
            with np.errstate(over="ignore"):
                return np.require(self.array, np.float64, ["C", "A"])
        except OverflowError as error:
            raise ValueError(f"{self.name} must hold numbers that fit into float64") from error
        except (TypeError, ValueError) as error:
            raise TypeError(f"{self.name} must hold numbers to be continuous: {error}") from error

    def plain(self) -> "Variable":
        """The same as the core takes it: float64 or labels, one column as a vector."""
        array = self.labels() if self.is_discrete else self.numbers()
        if array.ndim == 2 and array.shape[1] == 1:
            array = array[:, 0]
        return replace(self, array=np.ascontiguousarray(array), are_codes=False)

    def modulo_periods(self) -> NDArray[np.float64]:
        """The values as float64, equal where they are on their circles."""
        if self.periods is None:
            return self.numbers()
        rows = _as_matrix(self.numbers())
        return np.where(np.isinf(self.periods), rows, np.mod(rows, self.periods))

    def labels(self) -> NDArray[np.int64]:
        """Integers that are equal where the values are, in all columns."""
        try:
            if self.array.dtype.kind not in "fO" or not np.any(self.array != self.array):
                return self._joint_labels()
        except (TypeError, ValueError) as error:
            raise TypeError(f"{self.name} must hold labels of one type, none missing: {error}") from error
        raise ValueError(f"{self.name} must not have missing values")

    def _joint_labels(self) -> NDArray[np.int64]:
        if self.array.ndim == 1:
            return encode(self.array)
        return _core.joint_labels([encode(one) for one in self.array.T])

    def occurrences(self) -> NDArray[np.int64]:
        """How many samples have each label."""
        return _core.CountTable(self.labels(), np.zeros(len(self), dtype=np.uint8)).row_sums

    def is_missing(self) -> NDArray[np.bool_] | None:
        """Which samples have no value, NaN, NaT or None; None where there can be none such."""
        kind = self.array.dtype.kind
        if kind == "f":
            absent = np.isnan(self.array)
        elif kind in "mM":
            absent = np.isnat(self.array)
        elif kind == "O":
            absent = np.frompyfunc(_is_no_value, 1, 1)(self.array).astype(bool)
        else:
            return self.missing
        rows: NDArray[np.bool_] = absent if absent.ndim == 1 else absent.any(axis=1)
        return rows if self.missing is None else rows | self.missing

    def check_known(self, unused: NDArray[np.bool_] | None = None) -> None:
        """Refuses samples that are used and have no value; NaN among numbers is left to `check_finite`."""
        is_told = self.is_discrete and self.array.dtype.kind in "fmM"
        found = self.is_missing() if is_told else self.missing
        if found is not None and unused is not None:
            found = found & ~unused
        if found is not None and found.any():
            raise ValueError(f"{self.name} must not have missing values, got one in row {found.argmax()}")

    def check_finite(self, unused: NDArray[np.bool_] | None = None) -> None:
        """Refuses NaN and infinity in samples that are used."""
        if self.is_discrete or self.array.dtype.kind != "f":
            return
        finite = np.isfinite(self.array)
        if unused is not None:
            finite[unused] = True
        if not finite.all():
            row, *place = np.argwhere(~finite)[0].tolist()
            value = self.array[(row, *place)]
            found = "NaN" if np.isnan(value) else value
            where = "".join(f", column {column}" for column in place if self.array.shape[1] > 1)
            raise ValueError(f"{self.name} must be finite, got {found} in row {row}{where}")

    def at(self, times: NDArray[np.intp], steps: Steps) -> "Variable":
        """The same, so many steps before these times."""
        periods = None if self.periods is None else np.tile(self.periods, len(steps))
        return replace(self, array=past(self.array, times, steps), missing=None, periods=periods)


def side_by_side(name: str, parts: Sequence[Variable]) -> tuple[Variable, ...]:
    """Those that are continuous as one variable of several columns, those that are discrete as another."""
    check_lengths(*parts)
    kinds = ([part for part in parts if part.is_discrete is kind] for kind in (False, True))
    return tuple(kind[0] if len(kind) == 1 else _joined(name, kind) for kind in kinds if kind)


def _joined(name: str, parts: Sequence[Variable]) -> Variable:
    absent = [rows for part in parts if (rows := part.is_missing()) is not None]
    missing = np.logical_or.reduce(absent) if absent else None
    if not parts[0].is_discrete:
        return Variable(name, _numbers(parts), False, missing, periods=_periods(parts))
    arrays = [part.array for part in parts]
    are_numbers = all(part.array.dtype.kind in "biu" and not part.are_codes for part in parts)
    if are_numbers and np.result_type(*arrays).kind in "biu":
        return Variable(name, np.column_stack(arrays), True, missing)
    return Variable(name, np.column_stack([_known_labels(part) for part in parts]), True, missing, True)


def _numbers(parts: Sequence[Variable]) -> NDArray[np.float64]:
    """All columns as float64, copied once."""
    rows = [_as_matrix(part.array) for part in parts]
    samples = np.empty((len(parts[0]), sum(array.shape[1] for array in rows)))
    start = 0
    for part, array in zip(parts, rows, strict=True):
        stop = start + array.shape[1]
        samples[:, start:stop] = part.numbers().reshape(array.shape)
        start = stop
    return samples


def _periods(parts: Sequence[Variable]) -> NDArray[np.float64] | None:
    """Of all columns; None where none goes round."""
    if all(part.periods is None for part in parts):
        return None
    none = [np.full(_as_matrix(part.array).shape[1], np.inf) for part in parts]
    return np.concatenate(
        [each if part.periods is None else part.periods for part, each in zip(parts, none, strict=True)]
    )


def _as_matrix(array: NDArray[Any]) -> NDArray[Any]:
    return array if array.ndim == 2 else array[:, None]


def _known_labels(part: Variable) -> NDArray[np.int64]:
    """Labels where there are values, 0 elsewhere."""
    missing = part.is_missing()
    if missing is None or not missing.any():
        return part.labels()
    labels = np.zeros(len(part), dtype=np.int64)
    labels[~missing] = part.at(np.flatnonzero(~missing), NOW).labels()
    return labels


def is_plain(values: object) -> TypeGuard[NDArray[np.float64]]:
    """Whether the core can take these samples as they are: a small call is over in microseconds."""
    return (
        type(values) is np.ndarray
        and values.dtype is _FLOAT64
        and values.flags.c_contiguous
        and values.flags.aligned
        and values.ndim in (1, 2)
        and values.size > 0
    )


def _to_array(name: str, values: Any) -> Column:
    """What NumPy makes of a container, and what it does not."""
    if is_sparse(values):
        raise TypeError(f"{name} must be a dense array, got {type(values).__name__}")
    if isinstance(values, loaded("polars", "LazyFrame", ())):
        raise TypeError(f"{name} must be in memory, got a LazyFrame: collect() it")
    if isinstance(values, np.ma.MaskedArray):
        array, mask = np.ma.getdata(values), np.ma.getmaskarray(values)
        return Column(array, np.asarray(mask.any(axis=tuple(range(1, mask.ndim)))))
    found = column(values)
    if found is not None:
        return found
    try:
        return Column(np.asarray(values))
    except (ValueError, TypeError) as error:
        kind = ValueError if isinstance(error, ValueError) else TypeError
        raise kind(f"{name} must be an array or what NumPy makes one of: {error}") from error


def _is_float(value: Any) -> bool:
    return isinstance(value, float) and value == value


def _is_no_value(value: Any) -> bool:
    if isinstance(value, float | np.floating):
        return bool(np.isnan(value))
    return value is None or value is loaded("pandas", "NA", None) or value is loaded("pandas", "NaT", None)


def check_lengths(*variables: Variable) -> None:
    """As many samples everywhere, and at least one."""
    first, *others = variables
    for other in others:
        if len(other) != len(first):
            raise ValueError(
                f"{first.name} and {other.name} must have the same length, got {len(first)} and {len(other)}"
            )
    if len(first) == 0:
        raise ValueError(f"{first.name} must have at least one sample")


def finite_matrix(variable: Variable) -> NDArray[np.float64]:
    """The samples of a continuous variable, a row for each."""
    samples = variable.samples()
    replace(variable, array=samples).check_finite()
    return samples.reshape(len(samples), -1)
