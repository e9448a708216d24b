"""How many threads a call may use: `n_jobs` in scikit-learn's sense, read at every call."""

import os
from typing import SupportsIndex

from mutua._validation.config import loaded


def count_threads(n_jobs: SupportsIndex | None) -> int:
    """The number of threads `n_jobs` asks for.

    None means one, or what joblib's active context says; negative numbers count back from the limit, which is
    `MUTUA_NUM_THREADS`, else `OMP_NUM_THREADS` (joblib sets that in its workers), else the number of CPUs
    this process may use. A larger number than both the limit and these CPUs is cut to the larger of the two:
    results do not depend on it.
    """
    if n_jobs is None:
        n_jobs = _active_n_jobs()
    jobs = int(n_jobs)
    if jobs == 0:
        raise ValueError("n_jobs == 0 in Parallel has no meaning")
    if jobs == 1:
        return 1  # Of whatever limit.
    limit = _limit()
    if jobs < 0:
        return max(1, limit + 1 + jobs)
    return min(jobs, max(limit, _available_cpus()))


def _active_n_jobs() -> SupportsIndex:
    """What `joblib.parallel_config` says, if joblib is loaded and says something."""
    get_active_backend = loaded("joblib.parallel", "get_active_backend")
    return (get_active_backend()[1] if get_active_backend is not None else None) or 1


def _limit() -> int:
    for variable in ("MUTUA_NUM_THREADS", "OMP_NUM_THREADS"):
        outermost = os.environ.get(variable, "").split(",")[0].strip()
        if outermost.isdecimal() and int(outermost) > 0:
            return int(outermost)
    return _available_cpus()


def _available_cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
