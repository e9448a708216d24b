//! Normal scores as a Python function.

use numpy::{IntoPyArray, PyArray1, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::prelude::*;

use super::arguments::{count, run, slice};

/// Of a vector, or of each column of a matrix.
#[pyfunction]
#[pyo3(signature = (samples, n_threads=None))]
pub(super) fn normal_scores<'py>(
    py: Python<'py>,
    samples: PyReadonlyArrayDyn<'py, f64>,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
    let values = slice("samples", &samples)?;
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let columns = if samples.ndim() == 1 { 1 } else { samples.shape().iter().skip(1).product() };
    let scores = run(py, values.len(), n_threads, |workers| crate::normal_scores(values, columns, workers))?;
    let scores: Bound<'py, PyArray1<f64>> = scores.into_pyarray(py);
    scores.reshape(samples.shape())
}
