"""Fast, exact mutual information, from a compiled core.

`mutual_information` and `entropy` measure; the estimators in `mutua.estimators` say how.
`pairwise_mutual_information` measures all columns of labels at once. A `ContingencyTable` holds counts,
weights or probabilities, and grows with a stream. `kl_divergence` and `jensen_shannon_divergence` compare two
samples, or two distributions. `mutua.bottleneck` compresses X and keeps what it tells about Y; `mutua.plot`
draws that.

`mutua.metrics` and `mutua.feature_selection` hold functions that scikit-learn has under the same names, with
the same signatures and the same results; `patch_sklearn` puts them into scikit-learn itself, for code that is
not to be edited. scikit-learn is neither needed nor imported.
"""

import numpy  # noqa: F401  (first: the core looks for NumPy's array types)

from mutua import (
    bottleneck,
    bounds,
    distributions,
    estimators,
    feature_selection,
    features,
    metrics,
    multivariate,
    normalized,
    plot,
)
from mutua._core import __version__
from mutua._periodic import Periodic
from mutua.calibration import Calibration, calibrate
from mutua.comparison import compare
from mutua.contingency import ContingencyTable
from mutua.coverage import coverage
from mutua.divergence import jensen_shannon_divergence, kl_divergence
from mutua.estimation import estimate
from mutua.estimators import *  # noqa: F403
from mutua.explanation import explain
from mutua.features import normal_scores
from mutua.independence import independence_test
from mutua.independence_of_columns import independence_tests
from mutua.measures import entropy, mutual_information
from mutua.multivariate import *  # noqa: F403
from mutua.normalized import *  # noqa: F403
from mutua.pairwise import pairwise_mutual_information
from mutua.patching import patch_sklearn, unpatch_sklearn
from mutua.result import Estimate
from mutua.transfer import transfer_entropy

__all__ = [
    "Calibration",
    "ContingencyTable",
    "Estimate",
    "Periodic",
    "__version__",
    "bottleneck",
    "bounds",
    "calibrate",
    "compare",
    "coverage",
    "distributions",
    "entropy",
    "estimate",
    "estimators",
    "explain",
    "feature_selection",
    "features",
    "independence_test",
    "independence_tests",
    "jensen_shannon_divergence",
    "kl_divergence",
    "metrics",
    "mutual_information",
    "normal_scores",
    "pairwise_mutual_information",
    "patch_sklearn",
    "plot",
    "transfer_entropy",
    "unpatch_sklearn",
]
__all__ += estimators.__all__
__all__ += multivariate.__all__
__all__ += normalized.__all__
