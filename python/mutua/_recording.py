"""The raw arguments of a measure, checked in one place: data, what is given, weights, what is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua._cells import checked
from mutua._embedding import NOW, Steps, complete, stretches
from mutua._observations import Observations, at
from mutua._periodic import Periodic
from mutua._variables import Variable, check_lengths, side_by_side

Part = tuple[Variable, Steps]


@dataclass(frozen=True, slots=True)
class Recording:
    """All samples in the order in which they came; `missing` in a variable are those that are not to be used.

    Other `groups` are other recordings: nothing is related across.
    """

    variables: tuple[Variable, ...]
    given: tuple[Variable, ...] = ()
    weights: NDArray[np.float64] | None = None
    groups: NDArray[np.int64] | None = None

    @classmethod
    def read(
        cls,
        arguments: Mapping[str, Any],
        given: Any = None,
        *,
        discrete: Any = None,
        weights: Any = None,
        mask: Any = None,
        nan_policy: Any = "raise",
        groups: Any = None,
    ) -> "Recording":
        """Data by name; `given` may be a tuple of arrays, or a frame with columns of both kinds."""
        if not (isinstance(nan_policy, str) and nan_policy in ("raise", "omit")):
            raise ValueError(f"nan_policy must be 'raise' or 'omit', got {nan_policy!r}")
        *kinds, kind_of_given = _kinds(discrete, [*arguments])
        named = zip(arguments.items(), kinds, strict=True)
        variables = [Variable.read(name, values, kind, may_miss=True) for (name, values), kind in named]
        conditions = () if given is None else _conditions(given, kind_of_given)
        check_lengths(*variables, *conditions)
        n_samples = len(variables[0])
        unused = None if mask is None else ~_mask(mask, n_samples)
        omit = nan_policy == "omit"
        return cls(
            tuple(_usable(variable, unused, omit) for variable in variables),
            tuple(_usable(condition, unused, omit) for condition in conditions),
            None if weights is None else _weights(weights, n_samples),
            None if groups is None else _groups(groups, n_samples),
        )

    def __len__(self) -> int:
        return len(self.variables[0])

    def observed(
        self,
        parts: Sequence[Part] | None = None,
        conditions: Sequence[Part] | None = None,
        *,
        pooled: bool = True,
        window: int = 0,
    ) -> Observations:
        """Samples that have all parts, each so many steps before their time; then one condition of each kind.

        Without parts, the variables as they are. Unless `pooled`, groups are strata; windows end with them.
        """
        parts = [(variable, NOW) for variable in self.variables] if parts is None else parts
        conditions = [(variable, NOW) for variable in self.given] if conditions is None else conditions
        every = [*parts, *conditions]
        times, clock = None, None
        variables = [variable for variable, _ in every]
        if window or any(variable.missing is not None or steps != NOW for variable, steps in every):
            stretch = stretches(len(self), self.groups)
            usable = [(variable.missing, steps) for variable, steps in every]
            times = np.flatnonzero(complete(len(self), usable, stretch))
            if times.size == 0:
                raise ValueError(
                    f"no sample is left of {len(self)}: one needs all its values, also those at its lags, in "
                    "its group and where mask is True"
                )
            variables = [variable.at(times, steps) for variable, steps in every]
            clock = times + stretch[times] * (len(self) + window)
        weights, strata = at(self.weights, times), None if pooled else at(self.groups, times)
        if weights is not None and not weights.any():
            raise ValueError("weights must not all be 0 where samples are used")
        given = side_by_side("given", variables[len(parts) :]) if conditions else ()
        observed = (*variables[: len(parts)], *given)
        return Observations(observed, weights, times, len(self), strata, window, clock)


def _kinds(discrete: Any, names: list[str]) -> list[bool | None]:
    """Whether each variable, and what is given, is discrete; None where the data tell."""
    kinds = [*discrete] if isinstance(discrete, tuple | list) else [discrete] * (len(names) + 1)
    if len(kinds) == len(names):
        kinds.append(None)
    if len(kinds) != len(names) + 1 or not all(
        kind is None or isinstance(kind, bool | np.bool_) for kind in kinds
    ):
        raise TypeError(
            f"discrete must be a bool, or one for each of {', '.join([*names, 'given'])}, got {discrete!r}"
        )
    return kinds


def _conditions(given: Any, discrete: bool | None) -> tuple[Variable, ...]:
    """A tuple of arrays is several variables, all else one argument."""
    if isinstance(given, tuple) and given and all(_is_array(part) for part in given):
        parts = [
            variable
            for index, part in enumerate(given)
            for variable in Variable.of_each_kind(f"given[{index}]", part, discrete)
        ]
        return side_by_side("given", parts)
    return Variable.of_each_kind("given", given, discrete)


def _is_array(values: Any) -> bool:
    if isinstance(values, Periodic):
        return True
    return hasattr(values, "__array__") and getattr(values, "ndim", 1) > 0


def _usable(variable: Variable, unused: NDArray[np.bool_] | None, omit: bool) -> Variable:
    """The variable, without samples that the mask or a missing value leave out."""
    left_out = unused
    if omit:
        missing = variable.is_missing()
        if missing is not None and missing.any():
            left_out = missing if unused is None else missing | unused
    variable.check_known(left_out)
    variable.check_finite(left_out)
    return variable if left_out is variable.missing else replace(variable, missing=left_out)


def _mask(mask: Any, n_samples: int) -> NDArray[np.bool_]:
    array = Variable.read("mask", mask).array
    if array.dtype != np.bool_:
        raise TypeError(f"mask must hold bools, True for a sample to be used, got {array.dtype}")
    if array.shape != (n_samples,):
        raise ValueError(f"mask must be a vector of {n_samples} bools, got shape {array.shape}")
    return array


def _weights(weights: Any, n_samples: int) -> NDArray[np.float64]:
    array = checked("weights", weights)
    if array.shape != (n_samples,):
        raise ValueError(f"weights must be a vector of {n_samples} numbers, got shape {array.shape}")
    return np.ascontiguousarray(array, dtype=np.float64)


def _groups(groups: Any, n_samples: int) -> NDArray[np.int64]:
    variable = Variable.read("groups", groups, discrete=True)
    if variable.array.shape != (n_samples,):
        raise ValueError(f"groups must be a vector of {n_samples} labels, got shape {variable.array.shape}")
    return variable.labels()
