"""What the bottleneck found: one compression of X."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mutua.bottleneck._joint import Joint
from mutua.bottleneck._measures import Encoding, information

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Bottleneck:
    """A compression T of X that keeps what X tells about Y: what `information_bottleneck` returns.

    Everything is in nats. Clusters are numbered as they are first met among the labels.

    Attributes
    ----------
    variant : str
        How it was found.
    beta : float
        What relevance counts for.
    encoder : ndarray of shape (n_rows, n_clusters)
        p(t|x), NaN in rows without probability.
    labels : ndarray of shape (n_rows,)
        The most probable cluster of each row, -1 for rows without probability.
    cluster_probabilities : ndarray of shape (n_clusters,)
        p(t).
    decoder : ndarray of shape (n_clusters, n_columns)
        p(y|t).
    compression : float
        I(X;T).
    entropy : float
        H(T), which is the same for hard clusters.
    relevance : float
        I(T;Y).
    information : float
        I(X;Y), which bounds the relevance.
    functional : float
        What was minimized: ``compression - beta relevance``, for hard clusters with `entropy`; of an infinite
        beta ``-relevance``.
    converged : bool
        Whether it stopped by itself: at a fixed point, which may be a local optimum only.
    n_iterations : int
        Steps of the iteration, sweeps or merges that led there.
    residual : float
        By how much the last step changed p(t, y), in total variation.
    n_samples : int or None
        How many there were, of counts.
    relevance_bias : float or None
        By how much I(T;Y) is too high on average in so many samples, to first order, for an encoder that does
        not depend on them; (n_clusters - 1)(n_columns - 1) / 2n for hard clusters that have every y. That the
        encoder was fitted to the same counts comes on top of it, and is not covered.

    Examples
    --------
    >>> from mutua.bottleneck import information_bottleneck
    >>> information_bottleneck([[30, 10, 0], [28, 12, 0], [0, 10, 30]], n_clusters=2, variant="sequential")
    Bottleneck(variant='sequential', beta=inf): 2 clusters of 3 rows, I(X;T) 0.6365, I(T;Y) 0.4709 of 0.4719
    nats, converged in 1 iteration
    """

    variant: str
    beta: float
    encoder: Floats
    labels: NDArray[np.int64]
    cluster_probabilities: Floats
    decoder: Floats
    compression: float
    entropy: float
    relevance: float
    information: float
    functional: float
    converged: bool
    n_iterations: int
    residual: float
    n_samples: int | None
    relevance_bias: float | None

    @classmethod
    def _of(
        cls, joint: Joint, encoding: Encoding, variant: str, beta: float, is_hard: bool, converged: bool
    ) -> "Bottleneck":
        encoding = _ordered(encoding)
        n = joint.n_samples
        return cls(
            variant=variant,
            beta=beta,
            encoder=joint.of_rows(encoding.encoder, np.nan),
            labels=joint.of_rows(encoding.labels, -1),
            cluster_probabilities=encoding.weights,
            decoder=joint.of_columns(encoding.joint / encoding.weights[:, np.newaxis]),
            compression=encoding.compression,
            entropy=encoding.entropy,
            relevance=encoding.relevance,
            information=information(joint.table),
            functional=encoding.functional(beta, is_hard),
            converged=converged,
            n_iterations=encoding.n_iterations,
            residual=encoding.residual,
            n_samples=n,
            relevance_bias=None if n is None else encoding.bias(n),
        )

    @property
    def n_clusters(self) -> int:
        """How many clusters there are."""
        return len(self.cluster_probabilities)

    def __repr__(self) -> str:
        end = "converged in" if self.converged else "not converged after"
        return (
            f"Bottleneck(variant={self.variant!r}, beta={self.beta:.6g}): "
            f"{counted(self.n_clusters, 'cluster')} of {counted(len(self.labels), 'row')}, "
            f"I(X;T) {self.compression:.4g}, I(T;Y) {self.relevance:.4g} of {self.information:.4g} nats, "
            f"{end} {counted(self.n_iterations, 'iteration')}"
        )


def _ordered(encoding: Encoding) -> Encoding:
    """The clusters that are not empty, as they are met; those that are nowhere the most probable last."""
    met, first = np.unique(encoding.labels, return_index=True)
    places = np.full(encoding.encoder.shape[1], len(encoding.encoder))
    places[met] = first
    order = np.argsort(places, kind="stable")
    order = order[encoding.weights[order] > 0]
    encoder = np.ascontiguousarray(encoding.encoder[:, order])
    return Encoding(encoding.table, encoder, encoding.n_iterations, encoding.residual)


def counted(n: int, word: str) -> str:
    """A number of things."""
    return f"{n} {word}{'' if n == 1 else 's'}"
