//! Scores in nats, or ratios of nats: how much one labeling tells about another.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;

use super::count;
use crate::Average;
use crate::python::arguments::{Given, python, run};

/// Compute the mutual information of two labelings.
///
/// Parameters
/// ----------
/// labels_true : array-like of shape (n_samples,)
///     One labeling. Not looked at if `contingency` is given, and may then be None.
/// labels_pred : array-like of shape (n_samples,)
///     The other.
/// contingency : array-like, sparse matrix or ContingencyTable, default=None
///     How often each pair of labels occurs, a row for each label of the first: as `contingency_matrix` returns
///     it, floats cut to integers; or a `mutua.ContingencyTable`, of weights or probabilities too.
///
/// Returns
/// -------
/// score : float
///     The plug-in estimate in nats, at least 0. NaN, with a RuntimeWarning, for negative counts.
///
/// Raises
/// ------
/// ValueError
///     If there are no samples, or the labels are not two vectors of the same length, or hold NaN or
///     infinity.
/// TypeError
///     If the labels are bytes, or cannot be ordered.
///
/// See Also
/// --------
/// normalized_mutual_info_score : Divided by the entropies.
/// adjusted_mutual_info_score : Adjusted for chance.
///
/// Notes
/// -----
/// The sum of ``n/N log(n N / (a b))`` over the cells `n` of the contingency table with margins `a` and `b`,
/// written so that no two terms cancel. Linear in the number of samples for few labels, O(n log n) at worst.
///
/// References
/// ----------
/// T. M. Cover and J. A. Thomas, "Elements of Information Theory", second edition, Wiley, 2006, chapter 2.
///
/// Examples
/// --------
/// >>> from mutua.metrics import mutual_info_score
/// >>> round(mutual_info_score([0, 0, 1, 1], ["a", "a", "b", "c"]), 6)
/// 0.693147
/// >>> round(mutual_info_score(None, None, contingency=[[2, 0, 0], [0, 1, 1]]), 6)
/// 0.693147
#[pyfunction]
#[pyo3(signature = (labels_true, labels_pred, *, contingency=None))]
pub(in crate::python) fn mutual_info_score(
    py: Python<'_>,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
    contingency: Option<&Bound<'_, PyAny>>,
) -> PyResult<f64> {
    if let Some(contingency) = contingency {
        let arguments = (labels_true, labels_pred, contingency);
        return python!(py, "mutua.metrics._information", "mutual_information_of_counts")
            .call1(arguments)?
            .extract();
    }
    let table = count(py, "mutual_info_score", labels_true, labels_pred)?;
    if table.total() == 0 {
        return Err(PyValueError::new_err("math domain error"));
    }
    Ok(table.mutual_information())
}

/// Compute the mutual information of two labelings relative to their entropies.
///
/// Parameters
/// ----------
/// labels_true : array-like of shape (n_samples,)
///     One labeling.
/// labels_pred : array-like of shape (n_samples,)
///     The other.
/// average_method : {'arithmetic', 'max', 'min', 'geometric'}, default='arithmetic'
///     Which mean of the two entropies to divide by.
///
/// Returns
/// -------
/// score : float
///     Between 0 and 1; exactly 1 for the same partition, and where neither labeling tells samples apart.
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
/// adjusted_mutual_info_score : Takes away what labels drawn at random would have in common.
/// v_measure_score : The same as this score with the arithmetic mean.
///
/// Notes
/// -----
/// Symmetric. Not adjusted for chance: it grows with the number of clusters. Linear in the number of samples
/// for few labels, O(n log n) at worst.
///
/// References
/// ----------
/// A. Strehl and J. Ghosh, "Cluster ensembles: a knowledge reuse framework for combining multiple
/// partitions", Journal of Machine Learning Research 3, 583-617, 2002.
///
/// Examples
/// --------
/// >>> from mutua.metrics import normalized_mutual_info_score
/// >>> normalized_mutual_info_score([0, 0, 1, 1], [1, 1, 0, 0])
/// 1.0
/// >>> round(normalized_mutual_info_score([0, 0, 1, 1], [0, 0, 1, 2]), 6)
/// 0.8
#[pyfunction]
#[pyo3(signature = (labels_true, labels_pred, *, average_method=Given(None)), text_signature = "(labels_true, labels_pred, *, average_method='arithmetic')")]
pub(in crate::python) fn normalized_mutual_info_score(
    py: Python<'_>,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
    average_method: Given<'_>,
) -> PyResult<f64> {
    let function = "normalized_mutual_info_score";
    let average = average_of(py, function, &average_method)?;
    let table = count(py, function, labels_true, labels_pred)?;
    Ok(table.normalized_mutual_information(average))
}

/// Compute the mutual information of two labelings, adjusted for chance and relative to their entropies.
///
/// ``(MI - E) / (H - E)``, where `E` is the mean of the mutual information over all labelings with the same
/// cluster sizes and `H` a mean of the two entropies.
///
/// Parameters
/// ----------
/// labels_true : array-like of shape (n_samples,)
///     One labeling.
/// labels_pred : array-like of shape (n_samples,)
///     The other.
/// average_method : {'arithmetic', 'max', 'min', 'geometric'}, default='arithmetic'
///     Which mean of the two entropies is the best score there could be.
///
/// Returns
/// -------
/// score : float
///     At most 1, which it is exactly for the same partition; 0 on average for labels drawn at random, so it
///     can be negative.
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
/// adjusted_rand_score : Adjusts the Rand index in the same way.
/// expected_mutual_information : The mean that is taken away.
///
/// Notes
/// -----
/// Symmetric. The expectation is summed over the distinct pairs of cluster sizes only, which adds little to
/// the cost of the contingency table.
///
/// References
/// ----------
/// N. X. Vinh, J. Epps and J. Bailey, "Information theoretic measures for clusterings comparison: variants,
/// properties, normalization and correction for chance", Journal of Machine Learning Research 11, 2837-2854,
/// 2010.
///
/// Examples
/// --------
/// >>> from mutua.metrics import adjusted_mutual_info_score
/// >>> adjusted_mutual_info_score([0, 0, 1, 1], [1, 1, 0, 0])
/// 1.0
/// >>> round(adjusted_mutual_info_score([0, 0, 1, 1, 2, 2], [0, 0, 1, 2, 2, 2]), 6)
/// 0.502361
#[pyfunction]
#[pyo3(signature = (labels_true, labels_pred, *, average_method=Given(None)), text_signature = "(labels_true, labels_pred, *, average_method='arithmetic')")]
pub(in crate::python) fn adjusted_mutual_info_score(
    py: Python<'_>,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
    average_method: Given<'_>,
) -> PyResult<f64> {
    let function = "adjusted_mutual_info_score";
    let average = average_of(py, function, &average_method)?;
    let table = count(py, function, labels_true, labels_pred)?;
    let (rows, columns) = (table.row_sums().len(), table.column_sums().len());
    run(py, rows.saturating_mul(columns), 1, |workers| {
        workers.alone(|interrupt| table.adjusted_mutual_information(average, interrupt))
    })
}

/// The mean that is asked for; Python refuses what is none.
fn average_of(py: Python<'_>, function: &str, method: &Given<'_>) -> PyResult<Average> {
    let Some(method) = &method.0 else { return Ok(Average::Arithmetic) };
    let named = |name: PyBackedStr| Average::named(&name);
    match method.extract().ok().and_then(named) {
        Some(average) => Ok(average),
        None => Err(PyValueError::new_err(
            python!(py, "mutua.metrics._information", "check_average").call1((function, method))?.unbind(),
        )),
    }
}
