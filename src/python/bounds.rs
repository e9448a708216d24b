//! What contrastive bounds sum over a matrix of scores, as Python values.

use numpy::{
    Element, IntoPyArray, PyArray1, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods,
};
use pyo3::prelude::*;

use super::arguments::{count, run, slice};
use crate::{Score, memory};

/// Scores, a row for each x.
#[derive(FromPyObject)]
pub(super) enum Scores<'py> {
    Single(PyReadonlyArray2<'py, f32>),
    Double(PyReadonlyArray2<'py, f64>),
}

/// Sums of exponentials along rows and columns, the diagonal left out.
#[pyclass(module = "mutua._core")]
pub(super) struct LogSums(crate::LogSums);

#[pymethods]
impl LogSums {
    #[new]
    fn new(n: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(crate::LogSums::new(count("n", n)?)?))
    }

    #[pyo3(signature = (scores, n_threads=None))]
    fn add<'py>(
        &mut self,
        py: Python<'py>,
        scores: Scores<'py>,
        n_threads: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
        let sums = &mut self.0;
        let rows = match &scores {
            Scores::Single(scores) => {
                let scores = slice("scores", scores)?;
                run(py, scores.len(), n_threads, |workers| sums.add(scores, workers))
            }
            Scores::Double(scores) => {
                let scores = slice("scores", scores)?;
                run(py, scores.len(), n_threads, |workers| sums.add(scores, workers))
            }
        };
        Ok(rows?.into_pyarray(py))
    }

    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<f64>>> {
        Ok(self.0.columns()?.into_pyarray(py))
    }
}

/// The gradient of a bound that divides the exponentials of scores by a number for each row and for each column.
#[pyfunction]
#[pyo3(signature = (scores, rows, columns, n_threads=None))]
pub(super) fn score_gradient<'py>(
    py: Python<'py>,
    scores: Scores<'py>,
    rows: PyReadonlyArray1<'py, f64>,
    columns: PyReadonlyArray1<'py, f64>,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let (rows, columns) = (slice("rows", &rows)?, slice("columns", &columns)?);
    match &scores {
        Scores::Single(scores) => gradient(py, scores, rows, columns, n_threads),
        Scores::Double(scores) => gradient(py, scores, rows, columns, n_threads),
    }
}

fn gradient<'py, T: Score + Element>(
    py: Python<'py>,
    scores: &PyReadonlyArray2<'py, T>,
    rows: &[f64],
    columns: &[f64],
    n_threads: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let values = slice("scores", scores)?;
    let mut gradient = memory::filled(values.len(), T::from(0u8))?;
    run(py, values.len(), n_threads, |workers| {
        crate::score_gradient(values, rows, columns, &mut gradient, workers)
    })?;
    Ok(gradient.into_pyarray(py).reshape([scores.shape()[0], scores.shape()[1]])?.into_any())
}
