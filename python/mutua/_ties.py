"""What the values that repeat are like."""

from mutua import _core
from mutua._observations import Observations


def ties(data: Observations, k: int = 3) -> str:
    """What the values that repeat are like: "none" do, or they are "atoms", or on a "lattice"."""
    variables = data.variables
    return _core.ties(
        [variable.labels() if variable.is_discrete else variable.points() for variable in variables],
        k,
        names=[variable.name for variable in variables],
    )
