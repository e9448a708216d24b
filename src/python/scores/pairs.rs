//! Scores that count pairs of samples: together or apart in one labeling, together or apart in the other.

use pyo3::prelude::*;

use super::count;

/// Compute the Rand index: the share of pairs of samples on which two labelings agree.
///
/// Parameters
/// ----------
/// labels_true : array-like of shape (n_samples,)
///     Labels taken as the truth.
/// labels_pred : array-like of shape (n_samples,)
///     Labels to compare with them.
///
/// Returns
/// -------
/// score : float
///     Between 0 and 1; 1 for the same partition, and where there are no pairs.
///
/// Raises
/// ------
/// ValueError
///     If the labels are not two vectors of the same length, or hold NaN or infinity.
/// TypeError
///     If the labels are bytes, or cannot be ordered.
///
/// See Also
/// --------
/// adjusted_rand_score : The same, adjusted for chance.
///
/// Notes
/// -----
/// Linear in the number of samples for few labels, O(n log n) at worst.
///
/// References
/// ----------
/// W. M. Rand, "Objective criteria for the evaluation of clustering methods", Journal of the American
/// Statistical Association 66, 846-850, 1971.
///
/// Examples
/// --------
/// >>> from mutua.metrics import rand_score
/// >>> rand_score([0, 0, 1, 1], [1, 1, 0, 0])
/// 1.0
/// >>> round(rand_score([0, 0, 1, 2], [0, 0, 1, 1]), 4)
/// 0.8333
#[pyfunction]
#[pyo3(signature = (labels_true, labels_pred))]
pub(in crate::python) fn rand_score(
    py: Python<'_>,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
) -> PyResult<f64> {
    Ok(count(py, "rand_score", labels_true, labels_pred)?.pair_counts().rand_index())
}

/// Compute the Rand index adjusted for chance.
///
/// The index is shifted and scaled so that it is 0 on average for labels drawn at random with the same
/// cluster sizes, and 1 for the same partition.
///
/// Parameters
/// ----------
/// labels_true : array-like of shape (n_samples,)
///     Labels taken as the truth.
/// labels_pred : array-like of shape (n_samples,)
///     Labels to compare with them.
///
/// Returns
/// -------
/// score : float
///     Between -0.5 and 1.
///
/// Raises
/// ------
/// ValueError
///     If the labels are not two vectors of the same length, or hold NaN or infinity.
/// TypeError
///     If the labels are bytes, or cannot be ordered.
///
/// See Also
/// --------
/// adjusted_mutual_info_score : Adjusts the mutual information in the same way.
///
/// Notes
/// -----
/// Symmetric. Linear in the number of samples for few labels, O(n log n) at worst.
///
/// References
/// ----------
/// L. Hubert and P. Arabie, "Comparing partitions", Journal of Classification 2, 193-218, 1985.
///
/// Examples
/// --------
/// >>> from mutua.metrics import adjusted_rand_score
/// >>> round(adjusted_rand_score([0, 0, 1, 2], [0, 0, 1, 1]), 4)
/// 0.5714
/// >>> adjusted_rand_score([0, 0, 1, 1], [0, 1, 0, 1])
/// -0.5
#[pyfunction]
#[pyo3(signature = (labels_true, labels_pred))]
pub(in crate::python) fn adjusted_rand_score(
    py: Python<'_>,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
) -> PyResult<f64> {
    Ok(count(py, "adjusted_rand_score", labels_true, labels_pred)?.pair_counts().adjusted_rand_index())
}

/// Compute the Fowlkes-Mallows index: the geometric mean of pairwise precision and recall.
///
/// Of the pairs together in one labeling, the share that is together in the other as well; the geometric mean
/// of the two shares.
///
/// Parameters
/// ----------
/// labels_true : array-like of shape (n_samples,)
///     Labels taken as the truth.
/// labels_pred : array-like of shape (n_samples,)
///     Labels to compare with them.
///
/// Returns
/// -------
/// score : float
///     Between 0 and 1; 0 if no pair is together in both labelings, also where there are no pairs at all.
///
/// Raises
/// ------
/// ValueError
///     If the labels are not two vectors of the same length, or hold NaN or infinity.
/// TypeError
///     If the labels are bytes, or cannot be ordered.
///
/// See Also
/// --------
/// pair_confusion_matrix : The counts the index is made of.
///
/// Notes
/// -----
/// Symmetric. Linear in the number of samples for few labels, O(n log n) at worst.
///
/// References
/// ----------
/// E. B. Fowlkes and C. L. Mallows, "A method for comparing two hierarchical clusterings", Journal of the
/// American Statistical Association 78, 553-569, 1983.
///
/// Examples
/// --------
/// >>> from mutua.metrics import fowlkes_mallows_score
/// >>> fowlkes_mallows_score([0, 0, 1, 1], [1, 1, 0, 0])
/// 1.0
/// >>> round(fowlkes_mallows_score([0, 0, 1, 2], [0, 0, 1, 1]), 4)
/// 0.7071
#[pyfunction]
#[pyo3(signature = (labels_true, labels_pred))]
pub(in crate::python) fn fowlkes_mallows_score(
    py: Python<'_>,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
) -> PyResult<f64> {
    Ok(count(py, "fowlkes_mallows_score", labels_true, labels_pred)?.pair_counts().fowlkes_mallows_index())
}
