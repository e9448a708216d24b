"""The best hard clusters where Y has two values."""

import math
from typing import Any

from numpy.typing import ArrayLike

from mutua import _core
from mutua.bottleneck._joint import Joint
from mutua.bottleneck._measures import Encoding, encoder_of
from mutua.bottleneck._result import Bottleneck
from mutua.bottleneck._solve import prepared


def optimal_quantizer(pxy: Any, y: ArrayLike | None = None, *, n_clusters: int) -> Bottleneck:
    r"""The hard clusters of X that tell most about a Y of two values: the optimum, not a local one.

    .. math:: \max_{t(x)} I(T;Y)

    The clusters are runs in the order of p(y|x), which dynamic programming finds.

    Parameters
    ----------
    pxy, y
        As for `information_bottleneck`; no more than two columns may have a probability.
    n_clusters : int
        The most clusters there may be, from 1 to n_rows.

    Returns
    -------
    Bottleneck
        Of an infinite beta.

    Raises
    ------
    ValueError
        If Y has more than two values, the table is not finite, negative, empty or 0, or `n_clusters` is out
        of range.
    TypeError
        If an argument is of a type that does not fit.

    Notes
    -----
    O(n_clusters n_rows log n_rows) time, O(n_clusters n_rows) memory.

    References
    ----------
    Kurkoski and Yagi, "Quantization of binary-input discrete memoryless channels", IEEE Transactions on
    Information Theory 60 (2014).
    Iwata and Ozawa, "Quantizer design for outputs of binary-input discrete memoryless channels using SMAWK
    algorithm", ISIT (2014).

    Examples
    --------
    >>> from mutua.bottleneck import optimal_quantizer
    >>> found = optimal_quantizer([[1, 9], [9, 1], [2, 8], [5, 5]], n_clusters=3)
    >>> found.labels
    array([0, 1, 0, 2])
    >>> round(found.relevance, 4), round(found.information, 4)
    (0.2159, 0.2209)
    """
    joint = Joint.read("pxy", pxy, y)
    if len(joint.columns) > 2:
        raise ValueError(f"pxy must have at most two columns with a probability, got {len(joint.columns)}")
    descent = prepared(joint, n_clusters, True, 0.0, 1, 0, None)
    encoding = descent.constant()
    if len(joint.columns) == 2:
        labels = _core.binary_quantizer(joint.table, descent.n_clusters)
        encoding = Encoding(joint.table, encoder_of(labels))
    return Bottleneck._of(joint, encoding, "optimal", math.inf, True, True)
