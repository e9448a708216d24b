"""scikit-learn's functions replaced by ours, in place, and put back again."""

import importlib
import sys
from threading import RLock
from types import TracebackType
from typing import Any, Self

from mutua import feature_selection
from mutua._validation.config import loaded
from mutua.metrics import cluster

_HOMES = {
    "sklearn.metrics.cluster": (cluster, cluster.__all__),
    "sklearn.feature_selection": (feature_selection, ["mutual_info_classif", "mutual_info_regression"]),
}

_lock = RLock()
_holders: set["Patch"] = set()
_pairs: list[tuple[Any, Any]] = []


class Patch:
    """What `patch_sklearn` returns: scikit-learn stays patched until the end of a ``with`` block over it."""

    def __init__(self) -> None:
        self._depth = 0
        self._hold()

    def __enter__(self) -> Self:
        with _lock:
            self._depth += 1
            self._hold()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with _lock:
            self._depth -= 1
            if self._depth == 0:
                _holders.discard(self)
            if not _holders:
                _restore()

    def _hold(self) -> None:
        with _lock:
            _install()
            _holders.add(self)


def patch_sklearn() -> Patch:
    """Replace scikit-learn's functions by ours wherever they are.

    Every attribute of a loaded ``sklearn`` module that is one of the functions is replaced, except where the
    function is defined, and so is the function behind each ready-made scorer; modules of scikit-learn loaded
    later take the replaced ones. Code that imported a function by name before keeps the one it has, and so do
    other processes.

    Returns
    -------
    patch : Patch
        A context manager: at the end of its ``with`` block the functions are put back, unless they are held
        by another call. Without a block they stay until `unpatch_sklearn`. Calling twice changes nothing.

    Raises
    ------
    ImportError
        If scikit-learn is not installed.

    See Also
    --------
    unpatch_sklearn : Puts the functions back.

    Notes
    -----
    Takes a few milliseconds: every attribute of every loaded module of scikit-learn is looked at once.

    Examples
    --------
    >>> import mutua
    >>> import sklearn.metrics
    >>> with mutua.patch_sklearn():
    ...     sklearn.metrics.mutual_info_score.__module__.split(".")[0]
    'mutua'
    >>> sklearn.metrics.mutual_info_score.__module__.split(".")[0]
    'sklearn'
    """
    return Patch()


def unpatch_sklearn() -> None:
    """Put scikit-learn's functions back, whoever asked for them to be replaced.

    See Also
    --------
    patch_sklearn : Replaces them.

    Examples
    --------
    >>> import mutua
    >>> import sklearn.metrics
    >>> patch = mutua.patch_sklearn()
    >>> mutua.unpatch_sklearn()
    >>> sklearn.metrics.mutual_info_score.__module__.split(".")[0]
    'sklearn'
    """
    with _lock:
        _holders.clear()
        _restore()


def _install() -> None:
    if not _pairs:
        _pairs.extend(_find_pairs())
    _replace({id(original): ours for original, ours in _pairs})


def _restore() -> None:
    _replace({id(ours): original for original, ours in _pairs})
    _pairs.clear()


def _find_pairs() -> list[tuple[Any, Any]]:
    try:
        homes = {importlib.import_module(home): ours for home, ours in _HOMES.items()}
    except ImportError as error:
        raise ImportError("patch_sklearn needs scikit-learn: pip install scikit-learn") from error
    return [
        (getattr(home, name), getattr(ours, name)) for home, (ours, names) in homes.items() for name in names
    ]


def _replace(replacements: dict[int, Any]) -> None:
    modules = [module for name, module in list(sys.modules.items()) if name.split(".")[0] == "sklearn"]
    for module in filter(None, modules):
        for name, value in list(vars(module).items()):
            # Where a function is defined it stays, so that whoever holds it can still pickle it.
            if id(value) in replacements and value.__module__ != module.__name__:
                setattr(module, name, replacements[id(value)])
    for scorer in loaded("sklearn.metrics._scorer", "_SCORERS", {}).values():
        if id(scorer._score_func) in replacements:
            scorer._score_func = replacements[id(scorer._score_func)]
