"""The thresholds of `LNC`: prints the table that `mutua.estimators.local` holds.

Neighbours of a sample of uniform density are uniform in a box. For k of them in d dimensions, the threshold
is the ratio of the box along their principal axes to that along the coordinates, both centred at the sample,
which one draw in 200 falls below. Takes some minutes.
"""

import numpy as np

DRAWS = 100_000
PROBABILITY = 5e-3
DIMENSIONS = range(2, 10)
MOST_NEIGHBORS = 20


def ratios(k, d, draws, rng):
    """Of the two volumes, for neighbours of uniform density."""
    neighbors = rng.uniform(-1, 1, (draws, k, d))
    turned = neighbors @ np.swapaxes(np.linalg.svd(neighbors, full_matrices=False)[2], 1, 2)
    along_axes, along_coordinates = (np.prod(np.max(np.abs(x), axis=1), axis=1) for x in (turned, neighbors))
    return along_axes / along_coordinates


if __name__ == "__main__":
    for d in DIMENSIONS:
        found = []
        for k in range(d, MOST_NEIGHBORS + 1):
            drawn = ratios(k, d, DRAWS, np.random.default_rng([k, d]))
            found.append(f"{np.quantile(drawn, PROBABILITY):.3g}")
        print(f"    {d}: ({', '.join(found)}),", flush=True)
