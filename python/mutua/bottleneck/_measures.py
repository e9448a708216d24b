"""What an encoder costs and keeps."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def entropy(p: Floats) -> float:
    """``sum p ln(1 / p)``."""
    positive = p[p > 0]
    return float(np.sum(positive * np.log(1 / positive)))


def divergence(p: Floats, q: Floats) -> float:
    """``sum p ln(p / q)`` over where p is not 0."""
    positive = p > 0
    return float(np.sum(p[positive] * np.log(p[positive] / q[positive])))


def information(joint: Floats) -> float:
    """Mutual information of a joint law."""
    return divergence(joint, joint.sum(axis=1, keepdims=True) * joint.sum(axis=0))


@dataclass(frozen=True, eq=False)
class Encoding:
    """An encoder p(t|x) of a joint law, and how it came about."""

    table: Floats
    encoder: Floats
    n_iterations: int = 0
    residual: float = 0.0

    @cached_property
    def weights(self) -> Floats:
        """p(t)."""
        weights: Floats = self.table.sum(axis=1) @ self.encoder
        return weights

    @property
    def labels(self) -> Integers:
        """The most probable cluster of each x."""
        labels: Integers = self.encoder.argmax(axis=1)
        return labels

    @cached_property
    def joint(self) -> Floats:
        """p(t, y)."""
        joint: Floats = self.encoder.T @ self.table
        return joint

    @cached_property
    def compression(self) -> float:
        """I(X;T)."""
        return information(self.table.sum(axis=1, keepdims=True) * self.encoder)

    @cached_property
    def entropy(self) -> float:
        """H(T)."""
        return entropy(self.weights)

    @cached_property
    def relevance(self) -> float:
        """I(T;Y)."""
        return information(self.joint)

    def functional(self, beta: float, is_hard: bool) -> float:
        """What is minimized: of an infinite beta, what is left of it when divided by beta."""
        if math.isinf(beta):
            return -self.relevance
        return (self.entropy if is_hard else self.compression) - beta * self.relevance

    def bias(self, n_samples: int) -> float:
        r"""By how much I(T;Y) is too high, on average, to first order in 1 / n, for an encoder that is fixed.

        .. math:: \frac{1}{2n} \Big(\sum_{t,y} \frac{\sum_x p(t|x)^2 p(x,y)}{p(t,y)}
                  - \sum_t \frac{\sum_x p(t|x)^2 p(x)}{p(t)} - |Y| + 1\Big)
        """
        squares = self.encoder**2
        of_pairs = np.divide(squares.T @ self.table, self.joint, where=self.joint > 0, out=self.joint * 0)
        of_clusters = self.table.sum(axis=1) @ squares / self.weights
        n_columns = self.table.shape[1]
        return float(of_pairs.sum() - of_clusters.sum() - n_columns + 1) / (2 * n_samples)


def encoder_of(labels: Integers) -> Floats:
    """Hard clusters as probabilities; those that are empty are left out."""
    labels = np.unique(labels, return_inverse=True)[1]
    encoder = np.zeros((len(labels), int(labels.max()) + 1))
    encoder[np.arange(len(labels)), labels] = 1
    return encoder
