"""Laws whose mutual information is known: to test, to tune, to see what an estimate is worth.

A law is a frozen value with `mutual_information`, in nats, and `sample(n, seed)`.

=====================================================  ======================================================
columns that are normal; of a common random scale      `Normal`, `StudentT`
joined in a corner; evenly                             `Pareto`, `Frank`
clusters, crosses, rings                               `NormalMixture`
a variable and itself with noise                       `AdditiveUniform`, `AdditiveExponential`, `NoisyCurve`
a rate and a waiting time                              `GammaExponential`
side by side                                           `Product`
the same, seen through maps                            `Transformed`
=====================================================  ======================================================

`benchmark` has forty tasks that others publish results for; `tuning` and `held_out` are a family of our own,
of which the defaults of `mutua.Auto` were decided on the first half; `drawn` makes any number at random.
"""

from mutua.distributions import (
    additive,
    base,
    bends,
    copulas,
    margins,
    mixtures,
    normal,
    random_laws,
    tasks,
    transforms,
)
from mutua.distributions.additive import *  # noqa: F403
from mutua.distributions.base import *  # noqa: F403
from mutua.distributions.bends import *  # noqa: F403
from mutua.distributions.copulas import *  # noqa: F403
from mutua.distributions.margins import *  # noqa: F403
from mutua.distributions.mixtures import *  # noqa: F403
from mutua.distributions.normal import *  # noqa: F403
from mutua.distributions.random_laws import *  # noqa: F403
from mutua.distributions.tasks import *  # noqa: F403
from mutua.distributions.transforms import *  # noqa: F403

__all__ = []
for _module in (base, normal, copulas, mixtures, additive, transforms, margins, bends, tasks, random_laws):
    __all__ += _module.__all__
