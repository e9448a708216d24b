"""Feature selection by mutual information: as `sklearn.feature_selection` has it."""

from mutua.feature_selection._mutual_info import mutual_info_classif, mutual_info_regression

__all__ = ["mutual_info_classif", "mutual_info_regression"]
