"""Integrals of smooth functions: Gauss and Legendre on equal pieces of an interval."""

import numpy as np

from mutua.distributions.base import Floats

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def legendre(start: float, stop: float, pieces: int) -> tuple[Floats, Floats]:
    """Nodes, and the weights of the values there."""
    edges = np.linspace(start, stop, pieces + 1)
    half = (stop - start) / pieces / 2
    middles = (edges[1:] + edges[:-1]) / 2
    nodes = (middles[:, None] + half * _NODES).ravel()
    return nodes, np.tile(half * _WEIGHTS, pieces)
