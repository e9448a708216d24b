"""Fast, exact mutual information: drop-in functions for scikit-learn's, from a compiled core.

`mutua.metrics` and `mutua.feature_selection` hold functions that scikit-learn has under the same names, with
the same signatures and the same results; `patch_sklearn` puts them into scikit-learn itself, for code that is
not to be edited. scikit-learn is neither needed nor imported.
"""

import numpy  # noqa: F401  (first: the core looks for NumPy's array types)

from mutua import feature_selection, metrics
from mutua._core import __version__
from mutua.patching import patch_sklearn, unpatch_sklearn

__all__ = ["__version__", "feature_selection", "metrics", "patch_sklearn", "unpatch_sklearn"]
