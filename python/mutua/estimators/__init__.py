"""The estimators: frozen values that carry their parameters, for every measure they are defined for.

Which one is for what:

==========================  ============================================  ======================
data                        measure                                       estimator
==========================  ============================================  ======================
any                         information, with care                        `Auto`
continuous                  information, also given others                `KSG`
continuous, many columns    the same                                      `KSGExtrapolated`
continuous and labels       information                                   `Ross`
continuous but for atoms    information                                   `AtomSplit`
numbers on a lattice        information                                   `Mixture`
scalars, closely dependent  information, also given others                `LNC`
continuous                  differential entropy, KL divergence           `KozachenkoLeonenko`
normal, and labels          all                                           `Gaussian`
joined by a normal copula   all but differential entropy                  `GaussianCopula`
of a common random scale    information, also given others                `StudentTCopula`
continuous, in bins         all, from counts                              `Binned`
series, in patterns         all, from counts                              `Ordinal`
labels                      all; KL divergence by `PlugIn`                 those below
==========================  ============================================  ======================

From the counts of labels, with which bias and variance:

===========================================  ====================================================
many samples for each joint label            `PlugIn`, `MillerMadow`, `Jackknife`
some samples for each                        `PanzeriTreves`, `QuadraticExtrapolation`
few, of an unknown number of labels          `ChaoWangJost`, `Grassberger`, `Schuermann`, `ChaoShen`
few, of a power law                          `PYM`
few, of a known number of labels             `NSB`, `JamesStein`, `Dirichlet`
===========================================  ====================================================
"""

from mutua.estimators import (
    auto,
    bayesian,
    counts,
    extrapolated,
    local,
    mixtures,
    neighbors,
    parametric,
    student_t,
    symbols,
    undersampled,
)
from mutua.estimators.auto import *  # noqa: F403
from mutua.estimators.base import Estimator
from mutua.estimators.bayesian import *  # noqa: F403
from mutua.estimators.counts import *  # noqa: F403
from mutua.estimators.extrapolated import *  # noqa: F403
from mutua.estimators.local import *  # noqa: F403
from mutua.estimators.mixtures import *  # noqa: F403
from mutua.estimators.neighbors import *  # noqa: F403
from mutua.estimators.parametric import *  # noqa: F403
from mutua.estimators.student_t import *  # noqa: F403
from mutua.estimators.symbols import *  # noqa: F403
from mutua.estimators.undersampled import *  # noqa: F403

__all__ = ["Estimator"]
__all__ += auto.__all__
__all__ += counts.__all__
__all__ += undersampled.__all__
__all__ += bayesian.__all__
__all__ += mixtures.__all__
__all__ += neighbors.__all__
__all__ += extrapolated.__all__
__all__ += local.__all__
__all__ += parametric.__all__
__all__ += student_t.__all__
__all__ += symbols.__all__
