"""The bottleneck as a clusterer of rows of counts, as scikit-learn has clusterers."""

import inspect
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mutua._cells import checked
from mutua.bottleneck._measures import Floats
from mutua.bottleneck._solve import Variant, information_bottleneck


class BottleneckClusterer:
    """Clusters objects by what they are seen with: words by documents, images by pixels, cells by genes.

    Each row of `X` is an object, and counts how often each feature is seen with it. The clusters keep as much
    as they can of what an object tells about the feature.

    Parameters
    ----------
    n_clusters : int or None, default=8
        The most clusters there may be.
    variant : {"sequential", "dib", "ib", "agglomerative"}, default="sequential"
        How they are found; see `information_bottleneck`.
    beta : float, optional
        What relevance counts for; None is an infinite one.
    n_starts : int, default=10
        How many random starts there are.
    seed : int, default=0
        Their seed.
    n_jobs : int, optional
        Number of threads; results do not depend on it.

    Attributes
    ----------
    labels_ : ndarray of shape (n_objects,)
        The cluster of each object: the compressed X. -1 for rows that are 0.
    cluster_laws_ : ndarray of shape (n_clusters, n_features)
        p(feature | cluster).
    bottleneck_ : Bottleneck
        All that was found.
    n_features_in_ : int
        The number of columns.

    Notes
    -----
    It has what pipelines and searches of scikit-learn ask for, without importing it. Heavy rows count for
    more, as in the information itself; divide rows by their sums if they are not to. Parameters are checked
    by `fit`.

    References
    ----------
    Slonim, Friedman and Tishby, "Unsupervised document classification using sequential information
    maximization", SIGIR (2002).

    Examples
    --------
    >>> from mutua.bottleneck import BottleneckClusterer
    >>> clusterer = BottleneckClusterer(n_clusters=2).fit([[9, 1, 0], [0, 2, 8], [7, 3, 0], [1, 1, 9]])
    >>> clusterer.labels_
    array([0, 1, 0, 1])
    >>> clusterer.predict([[5, 1, 0], [0, 0, 3]])
    array([0, 1])
    """

    _estimator_type = "clusterer"

    def __init__(
        self,
        n_clusters: int | None = 8,
        *,
        variant: Variant = "sequential",
        beta: float | None = None,
        n_starts: int = 10,
        seed: int = 0,
        n_jobs: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.variant = variant
        self.beta = beta
        self.n_starts = n_starts
        self.seed = seed
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: object = None) -> Self:
        """Find the clusters of the rows of `X`, counts or weights of at least 0; `y` is ignored."""
        table = _table(X)
        self.bottleneck_ = information_bottleneck(
            table,
            beta=float("inf") if self.beta is None else self.beta,
            n_clusters=self.n_clusters,
            variant=self.variant,
            n_starts=self.n_starts,
            seed=self.seed,
            n_jobs=self.n_jobs,
        )
        self.labels_ = self.bottleneck_.labels
        self.cluster_laws_ = self.bottleneck_.decoder
        self.n_features_in_ = table.shape[1]
        return self

    def fit_predict(self, X: Any, y: object = None) -> NDArray[np.int64]:
        """Find the clusters of the rows of `X`, and return `labels_`."""
        return self.fit(X).labels_

    def predict(self, X: Any) -> NDArray[np.int64]:
        """The cluster of each row of `X` whose law of the features is nearest to that of the row.

        Nearest is the smallest Kullback-Leibler divergence of the row from the cluster. Features that no
        object of a cluster was seen with make it infinite: then the cluster counts with the fewest of these,
        and among equals the divergence over the others. For rows that `fit` has seen, `labels_` may differ:
        there a row moves its cluster. -1 for rows that are 0.
        """
        if not hasattr(self, "cluster_laws_"):
            raise ValueError("this BottleneckClusterer is not fitted: call fit first")
        table = _table(X).astype(np.float64)
        if table.shape[1] != self.n_features_in_:
            raise ValueError(f"X must have {self.n_features_in_} columns as in fit, got {table.shape[1]}")
        return _nearest(table, self.cluster_laws_)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name."""
        return {name: getattr(self, name) for name in self._names()}

    def set_params(self, **params: Any) -> Self:
        """Change parameters, by name."""
        for name, value in params.items():
            if name not in self._names():
                raise ValueError(f"params must be among {', '.join(self._names())}, got {name!r}")
            setattr(self, name, value)
        return self

    @classmethod
    def _names(cls) -> list[str]:
        return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

    def __repr__(self) -> str:
        parameters = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"BottleneckClusterer({parameters})"


def _table(X: Any) -> NDArray[Any]:
    table = checked("X", X)
    if table.ndim != 2 or table.shape[1] == 0:
        raise ValueError(f"X must be a table with a row for each object, got shape {table.shape}")
    return table


def _nearest(table: Floats, laws: Floats) -> NDArray[np.int64]:
    """Of each row the law that is nearest, or -1."""
    sums = table.sum(axis=1, keepdims=True)
    rows = np.divide(table, sums, where=sums > 0, out=np.zeros(table.shape))
    unseen = rows @ (laws == 0).T
    surprise = -rows @ np.log(np.where(laws > 0, laws, 1)).T
    fewest = unseen <= unseen.min(axis=1, keepdims=True) + 1e-12
    labels: NDArray[np.int64] = np.where(fewest, surprise, np.inf).argmin(axis=1)
    labels[sums[:, 0] == 0] = -1
    return labels
