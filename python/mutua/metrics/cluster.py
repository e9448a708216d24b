"""Scores of one labeling against another: as `sklearn.metrics.cluster` has them."""

from mutua.metrics._contingency import contingency_matrix
from mutua.metrics._information import (
    adjusted_mutual_info_score,
    entropy,
    expected_mutual_information,
    mutual_info_score,
    normalized_mutual_info_score,
)
from mutua.metrics._pairs import (
    adjusted_rand_score,
    fowlkes_mallows_score,
    pair_confusion_matrix,
    rand_score,
)
from mutua.metrics._v_measure import (
    completeness_score,
    homogeneity_completeness_v_measure,
    homogeneity_score,
    v_measure_score,
)

__all__ = [
    "adjusted_mutual_info_score",
    "adjusted_rand_score",
    "completeness_score",
    "contingency_matrix",
    "entropy",
    "expected_mutual_information",
    "fowlkes_mallows_score",
    "homogeneity_completeness_v_measure",
    "homogeneity_score",
    "mutual_info_score",
    "normalized_mutual_info_score",
    "pair_confusion_matrix",
    "rand_score",
    "v_measure_score",
]
