"""The definitions in plain numpy, in nats: every kernel of the compiled core under the same name.

Quadratic and unhurried. Read it to learn what the core computes; tests compare the two, counts as integers.
"""

from mutua.reference.bottleneck import *  # noqa: F403
from mutua.reference.bounds import *  # noqa: F403
from mutua.reference.counts import *  # noqa: F403
from mutua.reference.distances import *  # noqa: F403
from mutua.reference.divergences import *  # noqa: F403
from mutua.reference.information import *  # noqa: F403
from mutua.reference.neighbors import *  # noqa: F403
from mutua.reference.scores import *  # noqa: F403
from mutua.reference.surrogates import *  # noqa: F403
from mutua.reference.tables import *  # noqa: F403
