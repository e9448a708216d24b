"""The estimators: frozen values that carry their parameters, for every measure they are defined for.

Which one is for what:

==========================  ============================================  ======================
data                        measure                                       estimator
==========================  ============================================  ======================
continuous                  information, also given others                `KSG`
continuous and labels       information                                   `Ross`
continuous but for atoms    information                                   `AtomSplit`
numbers on a lattice        information                                   `Mixture`
continuous                  differential entropy, also given others       `KozachenkoLeonenko`
labels                      mutual information, entropy                   `PlugIn`
==========================  ============================================  ======================
"""

from mutua.estimators import counts, mixtures, neighbors
from mutua.estimators.base import Estimator
from mutua.estimators.counts import *  # noqa: F403
from mutua.estimators.mixtures import *  # noqa: F403
from mutua.estimators.neighbors import *  # noqa: F403

__all__ = ["Estimator"]
__all__ += counts.__all__
__all__ += mixtures.__all__
__all__ += neighbors.__all__
