"""Constraints on parameters, and the error that names the parameter, what it may be and what it was."""

from collections.abc import Callable
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

from mutua._validation.config import loaded, setting


class InvalidParameterError(ValueError, TypeError):
    """A parameter has a type or a value that is not accepted."""


class Constraint(NamedTuple):
    """What a parameter may be: a test, and the words for it in an error message."""

    accepts: Callable[[Any], bool]
    text: str


def is_sparse(values: object) -> bool:
    """Whether this is a SciPy sparse array or matrix."""
    issparse = loaded("scipy.sparse", "issparse")
    return issparse is not None and bool(issparse(values))


def _is_array_like(values: object) -> bool:
    looks_like_one = any(hasattr(values, name) for name in ("__len__", "shape", "__array__"))
    return looks_like_one and not is_sparse(values) and not np.isscalar(values)


def _is_seed(value: object) -> bool:
    if isinstance(value, Integral):
        return 0 <= int(value) < 2**32
    return value is None or isinstance(value, np.random.RandomState)


ARRAY_LIKE = Constraint(_is_array_like, "an array-like")
SPARSE = Constraint(is_sparse, "a sparse array or matrix")
NONE = Constraint(lambda value: value is None, "None")
BOOLEAN = Constraint(
    lambda value: isinstance(value, bool | np.bool_),
    f"an instance of 'bool' or an instance of 'numpy.{np.bool_.__name__}'",
)
INTEGER = Constraint(lambda value: isinstance(value, Integral), "an instance of 'int'")
POSITIVE_INTEGER = Constraint(
    lambda value: isinstance(value, Integral) and int(value) >= 1, "an int in the range [1, inf)"
)
NOT_NEGATIVE = Constraint(
    lambda value: isinstance(value, Real) and not value < 0 and value < np.inf,
    "a float in the range [0.0, inf)",
)
RANDOM_STATE = Constraint(
    _is_seed,
    "an int in the range [0, 4294967295], an instance of 'numpy.random.mtrand.RandomState' or None",
)


def one_of(*options: str) -> Constraint:
    """One of several words."""
    words = ", ".join(map(repr, options))
    return Constraint(lambda value: isinstance(value, str) and value in options, f"a str among {{{words}}}")


def check_parameter(function: str, name: str, value: object, *constraints: Constraint) -> None:
    """Accepts what meets one of the constraints, or anything if scikit-learn is told to skip this check."""
    if any(constraint.accepts(value) for constraint in constraints) or setting(
        "skip_parameter_validation", False
    ):
        return
    *others, last = (constraint.text for constraint in constraints)
    accepted = f"{', '.join(others)} or {last}" if others else last
    error = loaded("sklearn.utils._param_validation", "InvalidParameterError", InvalidParameterError)
    raise error(f"The {name!r} parameter of {function} must be {accepted}. Got {value!r} instead.")
