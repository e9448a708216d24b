"""P-values of many tests at once."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def benjamini_hochberg(pvalues: Floats) -> Floats:
    """The smallest share of false discoveries at which each would be one (Benjamini and Hochberg 1995)."""
    n = len(pvalues)
    order = np.argsort(pvalues, kind="stable")[::-1]
    adjusted = np.empty(n)
    adjusted[order] = np.minimum.accumulate(pvalues[order] * n / np.arange(n, 0, -1))
    return np.minimum(adjusted, 1)


def max_statistic(statistics: Floats, null: Floats) -> Floats:
    """How often the largest of the null statistics is as large, step by step (Westfall and Young 1993).

    Each column is brought to mean 0 and deviation 1 over its surrogates and the data, which are one more of
    them. The largest column is compared with the largest of all, the next with the largest of the rest.
    """
    together = np.vstack([statistics, null])
    deviations = together.std(axis=0)
    together = (together - together.mean(axis=0)) / np.where(deviations > 0, deviations, 1)
    order = np.argsort(together[0], kind="stable")  # ascending: the rest of each are those before it
    largest = np.maximum.accumulate(together[:, order], axis=1)
    as_large = np.sum(largest >= together[0, order] - 1e-9, axis=0)  # the data count as one
    adjusted = np.empty(len(statistics))
    adjusted[order] = np.maximum.accumulate(as_large[::-1])[::-1] / len(together)
    return adjusted
