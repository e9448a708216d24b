//! The scores of two labelings, as `mutua.metrics` hands them out: a call on plain arrays never enters Python.
//!
//! What is not plain is checked and turned into plain arrays by the Python of `mutua.metrics`, as scikit-learn does, with
//! its errors and warnings.

#![allow(clippy::doc_lazy_continuation, reason = "the docstrings are those of Python")]

mod information;
mod pairs;
mod v_measure;

use pyo3::prelude::*;

use super::arguments::python;
use super::labels::{count_pairs, integers_or_times, labels};
use crate::ContingencyTable;

/// The contingency table of two labelings, checked on behalf of `function`.
fn count(
    py: Python<'_>,
    function: &str,
    labels_true: &Bound<'_, PyAny>,
    labels_pred: &Bound<'_, PyAny>,
) -> PyResult<ContingencyTable> {
    if let (Some(x), Some(y)) = (integers_or_times(labels_true), integers_or_times(labels_pred))
        && x.len() == y.len()
    {
        return count_pairs(py, x, y);
    }
    let (labels_true, labels_pred): (Bound<'_, PyAny>, Bound<'_, PyAny>) =
        python!(py, "mutua.metrics._labels", "plain_labels")
            .call1((function, labels_true, labels_pred))?
            .extract()?;
    count_pairs(py, labels("labels_true", &labels_true)?, labels("labels_pred", &labels_pred)?)
}

/// The functions, as of `mutua.metrics`.
pub(super) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    for function in [
        wrap_pyfunction!(information::adjusted_mutual_info_score, module)?,
        wrap_pyfunction!(pairs::adjusted_rand_score, module)?,
        wrap_pyfunction!(v_measure::completeness_score, module)?,
        wrap_pyfunction!(pairs::fowlkes_mallows_score, module)?,
        wrap_pyfunction!(v_measure::homogeneity_completeness_v_measure, module)?,
        wrap_pyfunction!(v_measure::homogeneity_score, module)?,
        wrap_pyfunction!(information::mutual_info_score, module)?,
        wrap_pyfunction!(information::normalized_mutual_info_score, module)?,
        wrap_pyfunction!(pairs::rand_score, module)?,
        wrap_pyfunction!(v_measure::v_measure_score, module)?,
    ] {
        function.setattr("__module__", "mutua.metrics")?;
        module.add_function(function)?;
    }
    Ok(())
}
