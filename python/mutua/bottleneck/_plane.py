"""The information plane: what is kept against what it costs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutua.bottleneck._result import Bottleneck, counted

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class BottleneckCurve:
    """The information plane: what `bottleneck_curve` returns, in ascending order of beta, in nats.

    Attributes
    ----------
    variant : {"ib", "dib"}
        What was minimized.
    points : tuple of Bottleneck
        The compression for each beta: encoder, labels and all.
    on_envelope : ndarray of bool
        Whether no other point has a lower functional for the beta of this one. Where all are True, relevance
        is a concave, increasing function of compression; False is a local optimum that was not left.
    critical_beta : float
        Where the constant T becomes unstable: 1 / the squared maximal correlation of X and Y. Below,
        something better may exist already.

    Examples
    --------
    >>> from mutua.bottleneck import bottleneck_curve
    >>> bottleneck_curve([[30, 10, 0], [28, 12, 0], [0, 10, 30]], n_betas=5)
    BottleneckCurve(variant='ib'): 5 points, beta from 1 to 134.7, up to 2 clusters, I(X;T) up to 0.6365,
    I(T;Y) up to 0.4709 of 0.4719 nats, all converged, all on the envelope
    """

    variant: str
    points: tuple[Bottleneck, ...]
    on_envelope: NDArray[np.bool_]
    critical_beta: float

    @property
    def betas(self) -> Floats:
        """What relevance counted for."""
        return self._each("beta")

    @property
    def compression(self) -> Floats:
        """I(X;T) of each point."""
        return self._each("compression")

    @property
    def entropy(self) -> Floats:
        """H(T) of each point."""
        return self._each("entropy")

    @property
    def relevance(self) -> Floats:
        """I(T;Y) of each point."""
        return self._each("relevance")

    @property
    def functional(self) -> Floats:
        """What was minimized, of each point."""
        return self._each("functional")

    @property
    def n_clusters(self) -> NDArray[np.int64]:
        """How many clusters each point has."""
        return self._each("n_clusters")

    @property
    def converged(self) -> NDArray[np.bool_]:
        """Whether each point is a fixed point."""
        return self._each("converged")

    @property
    def information(self) -> float:
        """I(X;Y), which bounds the relevance."""
        return self.points[0].information

    def _each(self, name: str) -> NDArray[Any]:
        return np.array([getattr(point, name) for point in self.points])

    def __repr__(self) -> str:
        def share(flags: NDArray[np.bool_], name: str) -> str:
            return f"{'all' if flags.all() else f'{flags.sum()} of {len(flags)}'} {name}"

        betas = self.betas
        return (
            f"BottleneckCurve(variant={self.variant!r}): {counted(len(betas), 'point')}, beta from "
            f"{betas[0]:.4g} to {betas[-1]:.4g}, up to {counted(self.n_clusters.max(), 'cluster')}, "
            f"I(X;T) up to {self.compression.max():.4g}, I(T;Y) up to {self.relevance.max():.4g} of "
            f"{self.information:.4g} nats, {share(self.converged, 'converged')}, "
            f"{share(self.on_envelope, 'on the envelope')}"
        )
