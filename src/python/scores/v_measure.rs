//! Homogeneity, completeness, V-measure: mutual information relative to either entropy, and their mean.

use pyo3::prelude::*;

use super::count;
use crate::python::arguments::{Given, python};

/// Compute homogeneity, completeness and their weighted harmonic mean at once.
///
/// Parameters
/// ----------
/// labels_true : array-like of shape (n_samples,)
///     The classes.
/// labels_pred : array-like of shape (n_samples,)
///     The clusters.
/// beta : float, default=1.0
///     Weight of completeness: above 1 it counts for more than homogeneity, below 1 for less.
///
/// Returns
/// -------
/// homogeneity : float
///     The mutual information relative to the entropy of the classes: 1 if every cluster holds one class
///     only.
/// completeness : float
///     The mutual information relative to the entropy of the clusters: 1 if every class lies in one cluster.
/// v_measure : float
///     The weighted harmonic mean of the two.
///
/// Raises
/// ------
/// ValueError
///     If the labels are not two vectors of the same length, or hold NaN or infinity, or `beta` is negative.
/// TypeError
///     If the labels are bytes, or cannot be ordered.
///
/// See Also
/// --------
/// homogeneity_score, completeness_score, v_measure_score : One of the three.
///
/// Notes
/// -----
/// Linear in the number of samples for few labels, O(n log n) at worst.
///
/// References
/// ----------
/// A. Rosenberg and J. Hirschberg, "V-measure: a conditional entropy-based external cluster evaluation
/// measure", EMNLP-CoNLL, 410-420, 2007.
///
/// Examples
/// --------
/// >>> from mutua.metrics import homogeneity_completeness_v_measure
/// >>> [round(value, 6) for value in homogeneity_completeness_v_measure([0, 0, 1, 1], [0, 0, 1, 2])]
/// [1.0, 0.666667, 0.8]
#[pyfunction]
#[pyo3(signature = (labels_true, labels_pred, *, beta=Given(None)), text_signature = "(labels_true, labels_pred, *, beta=1.0)")]
pub(in crate::python) fn homogeneity_completeness_v_measure(
    py: Python<'_>,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
    beta: Given<'_>,
) -> PyResult<(f64, f64, f64)> {
    three_scores(py, "homogeneity_completeness_v_measure", labels_true, labels_pred, &beta)
}

/// Compute homogeneity: whether each cluster holds members of one class only.
///
/// Parameters
/// ----------
/// labels_true : array-like of shape (n_samples,)
///     The classes.
/// labels_pred : array-like of shape (n_samples,)
///     The clusters.
///
/// Returns
/// -------
/// score : float
///     Between 0 and 1.
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
/// completeness_score : The same with the two labelings exchanged.
///
/// Notes
/// -----
/// Linear in the number of samples for few labels, O(n log n) at worst.
///
/// References
/// ----------
/// A. Rosenberg and J. Hirschberg, "V-measure: a conditional entropy-based external cluster evaluation
/// measure", EMNLP-CoNLL, 410-420, 2007.
///
/// Examples
/// --------
/// >>> from mutua.metrics import homogeneity_score
/// >>> homogeneity_score([0, 0, 1, 1], [0, 0, 1, 2])
/// 1.0
#[pyfunction]
#[pyo3(signature = (labels_true, labels_pred))]
pub(in crate::python) fn homogeneity_score(
    py: Python<'_>,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
) -> PyResult<f64> {
    Ok(three_scores(py, "homogeneity_score", labels_true, labels_pred, &Given(None))?.0)
}

/// Compute completeness: whether all members of a class lie in one cluster.
///
/// Parameters
/// ----------
/// labels_true : array-like of shape (n_samples,)
///     The classes.
/// labels_pred : array-like of shape (n_samples,)
///     The clusters.
///
/// Returns
/// -------
/// score : float
///     Between 0 and 1.
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
/// homogeneity_score : The same with the two labelings exchanged.
///
/// Notes
/// -----
/// Linear in the number of samples for few labels, O(n log n) at worst.
///
/// References
/// ----------
/// A. Rosenberg and J. Hirschberg, "V-measure: a conditional entropy-based external cluster evaluation
/// measure", EMNLP-CoNLL, 410-420, 2007.
///
/// Examples
/// --------
/// >>> from mutua.metrics import completeness_score
/// >>> round(completeness_score([0, 0, 1, 1], [0, 0, 1, 2]), 6)
/// 0.666667
#[pyfunction]
#[pyo3(signature = (labels_true, labels_pred))]
pub(in crate::python) fn completeness_score(
    py: Python<'_>,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
) -> PyResult<f64> {
    Ok(three_scores(py, "completeness_score", labels_true, labels_pred, &Given(None))?.1)
}

/// Compute the V-measure: the weighted harmonic mean of homogeneity and completeness.
///
/// Parameters
/// ----------
/// labels_true : array-like of shape (n_samples,)
///     The classes.
/// labels_pred : array-like of shape (n_samples,)
///     The clusters.
/// beta : float, default=1.0
///     Weight of completeness: above 1 it counts for more than homogeneity, below 1 for less.
///
/// Returns
/// -------
/// score : float
///     Between 0 and 1.
///
/// Raises
/// ------
/// ValueError
///     If the labels are not two vectors of the same length, or hold NaN or infinity, or `beta` is negative.
/// TypeError
///     If the labels are bytes, or cannot be ordered.
///
/// See Also
/// --------
/// normalized_mutual_info_score : The same for ``beta=1``.
///
/// Notes
/// -----
/// Linear in the number of samples for few labels, O(n log n) at worst.
///
/// References
/// ----------
/// A. Rosenberg and J. Hirschberg, "V-measure: a conditional entropy-based external cluster evaluation
/// measure", EMNLP-CoNLL, 410-420, 2007.
///
/// Examples
/// --------
/// >>> from mutua.metrics import v_measure_score
/// >>> round(v_measure_score([0, 0, 1, 1], [0, 0, 1, 2]), 6)
/// 0.8
#[pyfunction]
#[pyo3(signature = (labels_true, labels_pred, *, beta=Given(None)), text_signature = "(labels_true, labels_pred, *, beta=1.0)")]
pub(in crate::python) fn v_measure_score(
    py: Python<'_>,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
    beta: Given<'_>,
) -> PyResult<f64> {
    Ok(three_scores(py, "v_measure_score", labels_true, labels_pred, &beta)?.2)
}

fn three_scores(
    py: Python<'_>,
    function: &str,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
    beta: &Given<'_>,
) -> PyResult<(f64, f64, f64)> {
    if let Some(beta) = &beta.0 {
        python!(py, "mutua.metrics._v_measure", "check_beta").call1((function, beta))?;
    }
    let table = count(py, function, labels_true, labels_pred)?;
    if table.total() == 0 {
        return Ok((1.0, 1.0, 1.0));
    }
    let (homogeneity, completeness) = table.homogeneity_and_completeness();
    let mean = match &beta.0 {
        // Whatever kind of number it is.
        Some(beta) => python!(py, "mutua.metrics._v_measure", "weighted_mean")
            .call1((homogeneity, completeness, beta))?
            .extract()?,
        None if homogeneity + completeness == 0.0 => 0.0,
        None => 2.0 * homogeneity * completeness / (homogeneity + completeness),
    };
    Ok((homogeneity, completeness, mean))
}
