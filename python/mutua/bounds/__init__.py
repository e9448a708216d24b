"""Bounds of mutual information from the scores of a critic: what a contrastive model knows, read off.

A critic scores pairs: ``scores[i, j]`` says how well ``x[i]`` and ``y[j]`` go together, and those on the
diagonal do. A matrix, the `Embeddings` whose products are the scores, or blocks of rows one after the other
will do; of the last two no matrix is ever stored. Every function returns a `Bound`: the value in nats with
its standard error, the ceiling that so many pairs cannot exceed, and, if asked, the gradient to train on.

The scores must come from pairs that the critic was not trained on, or nothing here is a bound.
"""

from mutua.bounds._bound import Bound
from mutua.bounds._sources import EmbeddingGradient, Embeddings
from mutua.bounds.contrastive import info_nce
from mutua.bounds.divergence import jensen_shannon
from mutua.bounds.interpolation import interpolated
from mutua.bounds.ratio import donsker_varadhan, smile
from mutua.bounds.unnormalized import nwj, tuba
from mutua.bounds.upper import club, leave_one_out

__all__ = [
    "Bound",
    "EmbeddingGradient",
    "Embeddings",
    "club",
    "donsker_varadhan",
    "info_nce",
    "interpolated",
    "jensen_shannon",
    "leave_one_out",
    "nwj",
    "smile",
    "tuba",
]
