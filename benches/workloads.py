"""What is timed: each workload is seeded data and the same call in every implementation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import sklearn.feature_selection
import sklearn.metrics

import mutua.feature_selection
import mutua.metrics
from mutua import reference

Call = Callable[[], Any]


@dataclass(frozen=True)
class Workload:
    """One call on the same data: ours, scikit-learn's and, where it can finish, the quadratic reference."""

    name: str
    ours: Call
    sklearn: Call
    reference: Call | None = None


def gaussian(n: int, n_features: int = 1, rho: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    """Features that each correlate with a target by ``rho``."""
    rng = np.random.default_rng(n)
    y = rng.normal(size=n)
    noise = rng.normal(size=(n, n_features))
    return rho * y[:, None] + np.sqrt(1 - rho**2) * noise, y


def vectors(n: int, dimensions: int, rho: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    """Two vectors whose coordinates correlate by ``rho``, each with its counterpart."""
    rng = np.random.default_rng(n)
    x, noise = rng.normal(size=(2, n, dimensions))
    return x, rho * x + np.sqrt(1 - rho**2) * noise


def triple(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two samples that depend on each other, most of it through the third."""
    rng = np.random.default_rng(n)
    x, y, z = rng.normal(size=(3, n))
    return x + z, y + z + x / 2, z


def regression(n: int, n_features: int) -> Workload:
    x, y = gaussian(n, n_features)

    def run(implementation: Any) -> Call:
        return lambda: implementation.mutual_info_regression(x, y, random_state=0)

    return Workload(
        f"`mutual_info_regression`, {n:,} x {n_features}",
        run(mutua.feature_selection),
        run(sklearn.feature_selection),
        (lambda: [reference.ksg(column, y, 3) for column in x.T]) if n <= 1000 else None,
    )


def classification(n: int, n_features: int) -> Workload:
    x, y = gaussian(n, n_features)
    classes = np.digitize(y, [-0.4, 0.4])

    def run(implementation: Any) -> Call:
        return lambda: implementation.mutual_info_classif(x, classes, random_state=0)

    return Workload(
        f"`mutual_info_classif`, {n:,} x {n_features}, 3 classes",
        run(mutua.feature_selection),
        run(sklearn.feature_selection),
        (lambda: [reference.ross(column, classes, k=3) for column in x.T]) if n <= 1000 else None,
    )


def labels(n: int, n_labels: int) -> tuple[np.ndarray, np.ndarray]:
    """Two labelings that agree on every second sample."""
    rng = np.random.default_rng(n_labels)
    x, y = rng.integers(0, n_labels, (2, n))
    return x, np.where(rng.random(n) < 0.5, x, y)


def score(function: str, n: int, n_labels: int, kind: type = int) -> Workload:
    x, y = (side.astype(kind) for side in labels(n, n_labels))

    def run(implementation: Any) -> Call:
        return lambda: getattr(implementation, function)(x, y)

    what = "texts" if kind is str else "labels"
    return Workload(f"`{function}`, {n:,} {what} of {n_labels}", run(mutua.metrics), run(sklearn.metrics))
