//! Count estimators as Python functions.

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::arguments::{counts, run, slice};
use super::labels::labels;
use crate::counting::joint_codes;
use crate::{CountEstimator, Histogram, JointTable, Labels, memory};

/// The names that `sum_of_entropies` takes.
pub(super) fn names(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, CountEstimator::names())
}

/// The labels of all variables, borrowed.
fn borrowed<'a>(variables: &'a [Bound<'_, PyAny>]) -> PyResult<Vec<Labels<'a>>> {
    variables.iter().map(|array| labels("each variable", array)).collect()
}

fn size(variables: &[Labels<'_>]) -> usize {
    variables.iter().map(Labels::len).sum()
}

#[pyfunction]
#[pyo3(signature = (variables, terms, estimator, parameter=f64::NAN, n_categories=None, pointwise=false))]
pub(super) fn sum_of_entropies<'py>(
    py: Python<'py>,
    variables: Vec<Bound<'py, PyAny>>,
    terms: Vec<(i64, u64)>,
    estimator: &str,
    parameter: f64,
    n_categories: Option<Vec<f64>>,
    pointwise: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let variables = borrowed(&variables)?;
    let estimator = CountEstimator::named(estimator, parameter).ok_or_else(|| {
        let names = CountEstimator::names().collect::<Vec<_>>().join(", ");
        PyValueError::new_err(format!("estimator must be one of {names}, got {estimator:?}"))
    })?;
    if pointwise {
        let values = run(py, size(&variables), 1, |workers| {
            workers.alone(|interrupt| {
                let (table, cells) = JointTable::with_cells(&variables, interrupt)?;
                crate::contributions(&table, &cells, &terms, &estimator, interrupt)
            })
        })?;
        return Ok(values.into_pyarray(py).into_any());
    }
    let sum = run(py, size(&variables), 1, |workers| {
        workers.alone(|interrupt| {
            let table = JointTable::from_labels(&variables, interrupt)?;
            crate::sum_of_entropies(&table, &terms, &estimator, n_categories.as_deref(), interrupt)
        })
    })?;
    Ok(sum.into_pyobject(py)?.into_any())
}

#[pyfunction]
pub(super) fn joint_labels<'py>(
    py: Python<'py>,
    variables: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyArray1<i64>>> {
    let variables = borrowed(&variables)?;
    let joint = run(py, size(&variables), 1, |workers| {
        workers.alone(|interrupt| {
            let joint = joint_codes(&variables, interrupt)?.0;
            memory::collect(joint.as_slice().iter().copied().map(i64::from))
        })
    })?;
    Ok(joint.into_pyarray(py))
}

#[pyfunction]
pub(super) fn nsb_posterior(
    py: Python<'_>,
    counts: PyReadonlyArray1<'_, i64>,
    n_categories: f64,
) -> PyResult<(f64, f64)> {
    let counts = Histogram::new(&self::counts(slice("counts", &counts)?)?)?;
    // Some hundred values of a density.
    run(py, counts.bins().len().saturating_mul(1 << 8), 1, |workers| {
        workers.alone(|interrupt| crate::nsb_posterior(&counts, n_categories, interrupt))
    })
}
