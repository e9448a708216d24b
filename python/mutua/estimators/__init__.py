"""The estimators: frozen values that carry their parameters, for every measure they are defined for.

Which one is for what:

==========================  ============================================  ======================
data                        measure                                       estimator
==========================  ============================================  ======================
continuous                  mutual information, also given others         `KSG`
continuous and labels       mutual information                            `Ross`
numbers that repeat, mixed  mutual information                            `Mixture`
continuous                  differential entropy, KL divergence           `KozachenkoLeonenko`
labels                      mutual information, entropy, KL divergence    `PlugIn`
==========================  ============================================  ======================
"""

from mutua.estimators import counts, neighbors
from mutua.estimators.base import Estimator
from mutua.estimators.counts import *  # noqa: F403
from mutua.estimators.neighbors import *  # noqa: F403

__all__ = ["Estimator"]
__all__ += counts.__all__
__all__ += neighbors.__all__
