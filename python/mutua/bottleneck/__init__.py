"""The information bottleneck: clusters of X that keep what X tells about Y.

`information_bottleneck` finds them for one trade-off, `bottleneck_curve` for many, `optimal_quantizer` the
best there are where Y has two values, and `gaussian_bottleneck` knows the answer for normal laws.
`BottleneckClusterer` clusters rows of counts as scikit-learn's clusterers do. Everything is in nats.
"""

from mutua.bottleneck._clusterer import BottleneckClusterer
from mutua.bottleneck._curve import bottleneck_curve
from mutua.bottleneck._gaussian import GaussianBottleneck, gaussian_bottleneck
from mutua.bottleneck._plane import BottleneckCurve
from mutua.bottleneck._quantizer import optimal_quantizer
from mutua.bottleneck._result import Bottleneck
from mutua.bottleneck._solve import information_bottleneck

__all__ = [
    "Bottleneck",
    "BottleneckClusterer",
    "BottleneckCurve",
    "GaussianBottleneck",
    "bottleneck_curve",
    "gaussian_bottleneck",
    "information_bottleneck",
    "optimal_quantizer",
]
