"""Ways down: from an encoder to a better one, for one beta."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mutua import _core
from mutua.bottleneck._joint import Joint
from mutua.bottleneck._measures import Encoding, encoder_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_WORTH = 1e-12  # By how much a solution must be better to be another one.
_POWERS = 24  # Steps of the power method: any direction in which the functional falls will do.
_SPLIT = 1e-8  # By how much a split must be better to go on; tables of continuous laws gain less without end.
_ROUNDS = 32  # Splits, or changes between two ways down, in a row.


@dataclass(frozen=True, slots=True)
class Descent:
    """A joint law, at most how many clusters, and how long to go on."""

    joint: Joint
    n_clusters: int
    is_hard: bool
    tolerance: float
    max_iterations: int
    seed: int
    n_threads: int

    def constant(self) -> Encoding:
        """One cluster of everything."""
        return Encoding(self.joint.table, np.ones((len(self.joint.table), 1)))

    def path(self, encoder: Floats, betas: Sequence[float]) -> list[Encoding]:
        """Fixed points of the iteration along betas, each from the one before."""
        encoders, sizes, steps, residuals = _core.information_bottleneck(
            self.joint.table,
            np.ascontiguousarray(encoder),
            np.array(betas, dtype=np.float64),
            self.is_hard,
            self.tolerance,
            self.max_iterations,
            n_threads=self.n_threads,
        )
        parts = np.split(encoders, np.cumsum(sizes)[:-1], axis=1) if len(sizes) else []
        return [
            Encoding(self.joint.table, *stop)
            for stop in zip(parts, steps.tolist(), residuals.tolist(), strict=True)
        ]

    def improved(self, encoder: Floats, beta: float) -> Encoding:
        """What a beta above 1 makes of an encoder."""
        return self._moved(encoder, beta) if self.is_hard else self._split(encoder, beta)

    def best(self, encodings: Sequence[Encoding], beta: float) -> Encoding:
        """The first of those that are as good as any."""
        values = [encoding.functional(beta, self.is_hard) for encoding in encodings]
        return encodings[int(np.argmax(np.array(values) <= min(values) + _WORTH))]

    def is_better(self, one: Encoding, other: Encoding, beta: float) -> bool:
        return one.functional(beta, self.is_hard) < other.functional(beta, self.is_hard) - _WORTH

    def _split(self, encoder: Floats, beta: float) -> Encoding:
        """The fixed point of the iteration; while clusters are unstable there, from their halves again."""
        (found,) = self.path(encoder, [beta])
        for _ in range(_ROUNDS):
            halves = self._halves(found, beta) if found.residual <= self.tolerance else None
            if halves is None:
                break
            (split,) = self.path(halves, [beta])
            gain = found.functional(beta, False) - split.functional(beta, False)
            steps = found.n_iterations + split.n_iterations
            found = replace(split if gain > 0 else found, n_iterations=steps)
            if gain <= _SPLIT:
                break
        return found

    def _halves(self, encoding: Encoding, beta: float) -> Floats | None:
        """The encoder with clusters in two halves that are better off apart, as far as there is room."""
        encoder, room = encoding.encoder, self.n_clusters - encoding.encoder.shape[1]
        if room <= 0:
            return None
        strengths, directions = self.instabilities(encoding)
        gains = encoding.weights * (beta * strengths - 1)
        chosen = np.argsort(-gains, kind="stable")[:room]
        chosen = chosen[gains[chosen] > _SPLIT]
        if len(chosen) == 0:
            return None
        shift = np.zeros(encoder.shape)
        shift[:, chosen] = directions[:, chosen] / np.abs(directions[:, chosen]).max(axis=0)
        halves = encoder[:, chosen] * (0.5 - 0.45 * shift[:, chosen])
        kept = encoder.copy()
        kept[:, chosen] -= halves
        return np.hstack([kept, halves])

    def instabilities(self, encoding: Encoding) -> tuple[Floats, Floats]:
        """The squared maximal correlation of X and Y in each cluster, and the function of x that has it.

        A cluster is better off in two halves, apart in that direction, where beta times it exceeds 1. By the
        power method, so from below.
        """
        given, table = self.joint.given, self.joint.table
        within = self.joint.weights[:, np.newaxis] * encoding.encoder / encoding.weights
        law = encoding.joint.T / encoding.weights
        inverse = np.divide(1, law, where=law > 0, out=np.zeros(law.shape))
        of_y = np.random.default_rng(self.seed).standard_normal((table.shape[1], 1)) * np.ones(law.shape)
        strengths, of_x = np.zeros(law.shape[1]), np.zeros(within.shape)
        for _ in range(_POWERS):
            of_y = of_y - np.sum(law * of_y, axis=0)
            norms = np.sqrt(np.sum(law * of_y**2, axis=0))
            of_y = np.divide(of_y, norms, where=norms > 0, out=np.zeros(law.shape))
            of_x = given @ of_y
            strengths = np.sum(within * of_x**2, axis=0)
            of_y = given.T @ (within * of_x) * inverse
        of_x[:, strengths <= 0] = 1
        return strengths, of_x

    def _moved(self, encoder: Floats, beta: float) -> Encoding:
        """Hard clusters: the iteration, then moves of one x at a time, until neither finds better ones."""
        found, steps = Encoding(self.joint.table, encoder), 0
        for _ in range(_ROUNDS):
            (iterated,) = self.path(found.encoder, [beta])
            moved = self.sequential(iterated.labels, iterated.encoder.shape[1], beta)
            steps += iterated.n_iterations + moved.n_iterations
            better = self.is_better(moved, found, beta)
            found = replace(moved, n_iterations=steps)
            if not better:
                break
        return found

    def sequential(
        self, labels: Integers, n_clusters: int, beta: float, order: Integers | None = None
    ) -> Encoding:
        """Moves one x at a time, from these labels; the residual is 0 once nothing moves."""
        n = len(labels)
        moved, n_sweeps = _core.sequential_bottleneck(
            self.joint.table,
            labels,
            n_clusters,
            np.arange(n) if order is None else order,
            *objective(beta),
            self.max_iterations,
        )
        residual = 0.0 if n_sweeps < self.max_iterations else 1.0
        return Encoding(self.joint.table, encoder_of(moved), n_sweeps, residual)

    def agglomerative(self, n_clusters: int, beta: float, while_lower: bool = False) -> Encoding:
        """Merges rows until there are so many clusters, or no merge lowers the functional."""
        kept, gone, _ = _core.agglomerative_bottleneck(
            self.joint.table, n_clusters, *objective(beta), while_lower, self.n_threads
        )
        labels = np.arange(len(self.joint.table))
        for survivor, other in zip(
            kept[::-1], gone[::-1], strict=True
        ):  # The last first: names are known then.
            labels[other] = labels[survivor]
        return Encoding(self.joint.table, encoder_of(labels), len(kept))

    def partition(self) -> Integers:
        """As many hard clusters as there may be, which tell as much about Y as merges and moves find."""
        if self.n_clusters >= len(self.joint.table):
            return np.arange(len(self.joint.table))
        if self.joint.table.shape[1] == 2:
            return _core.binary_quantizer(self.joint.table, self.n_clusters)
        merged = self.agglomerative(self.n_clusters, math.inf).labels
        return self.sequential(merged, self.n_clusters, math.inf).labels


def objective(beta: float) -> tuple[float, float]:
    """What the entropy of hard clusters and their relevance count for."""
    return (0.0, 1.0) if math.isinf(beta) else (1.0, beta)
