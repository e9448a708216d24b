//! What contrastive bounds sum over a matrix of scores, as Python values.

use numpy::{
    Element, IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2,
    PyUntypedArrayMethods,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::arguments::{count, run, slice};
use crate::{ColumnTotals, Error, LeftOutSlopes, Score, ScoreBlock, Workers};

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

/// What a kernel returns for scores of either type.
macro_rules! of_scores {
    ($scores:expr, $typed:ident => $value:expr) => {
        match $scores {
            Scores::Single($typed) => $value,
            Scores::Double($typed) => $value,
        }
    };
}

/// The gradient of a bound that divides the exponentials of scores by a number for each row and for each column.
#[pyfunction]
#[pyo3(signature = (scores, rows, columns, out=None, n_threads=None))]
pub(super) fn score_gradient<'py>(
    py: Python<'py>,
    scores: Scores<'py>,
    rows: PyReadonlyArray1<'py, f64>,
    columns: PyReadonlyArray1<'py, f64>,
    out: Option<Bound<'py, PyAny>>,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (rows, columns) = (slice("rows", &rows)?, slice("columns", &columns)?);
    of_scores!(&scores, scores => write(py, scores, out, n_threads, |block, gradient, workers| {
        crate::score_gradient(block, rows, columns, gradient, workers)
    }))
}

/// Sums of `ln(1 + exp(score))` along rows and columns, the diagonal left out.
#[pyfunction]
#[pyo3(signature = (scores, first_row=0, n_threads=None))]
pub(super) fn soft_plus_sums<'py>(
    py: Python<'py>,
    scores: Scores<'py>,
    first_row: usize,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyTuple>> {
    of_scores!(&scores, scores => sum(py, scores, first_row, n_threads, crate::soft_plus_sums))
}

/// `factor / (1 + exp(-score))`.
#[pyfunction]
#[pyo3(signature = (scores, factor, out=None, n_threads=None))]
pub(super) fn logistic_gradient<'py>(
    py: Python<'py>,
    scores: Scores<'py>,
    factor: f64,
    out: Option<Bound<'py, PyAny>>,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    of_scores!(&scores, scores => write(py, scores, out, n_threads, |block, gradient, workers| {
        crate::logistic_gradient(block, factor, gradient, workers)
    }))
}

/// Sums of `score - level` along rows and columns, the diagonal left out.
#[pyfunction]
#[pyo3(signature = (scores, level, first_row=0, n_threads=None))]
pub(super) fn score_sums<'py>(
    py: Python<'py>,
    scores: Scores<'py>,
    level: f64,
    first_row: usize,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyTuple>> {
    of_scores!(&scores, scores => sum(py, scores, first_row, n_threads, |block, workers| {
        crate::score_sums(block, level as _, workers)
    }))
}

/// What is known of columns: their scores on the diagonal, logarithms of their sums, and what alpha leaves of these.
type Columns<'py> = (PyReadonlyArray1<'py, f64>, PyReadonlyArray1<'py, f64>, PyReadonlyArray1<'py, f64>);

fn totals<'a>((diagonal, totals, rho): &'a Columns<'_>) -> PyResult<ColumnTotals<'a>> {
    Ok(ColumnTotals {
        diagonal: slice("diagonal", diagonal)?,
        totals: slice("totals", totals)?,
        rho: slice("rho", rho)?,
    })
}

/// For each column: the place of the score that rules it, and sums over the others.
#[pyfunction]
#[pyo3(signature = (scores, columns, first_row=0, n_threads=None))]
pub(super) fn left_out_sums<'py>(
    py: Python<'py>,
    scores: Scores<'py>,
    columns: Columns<'py>,
    first_row: usize,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyTuple>> {
    let columns = totals(&columns)?;
    of_scores!(&scores, scores => sum(py, scores, first_row, n_threads, |block, workers| {
        crate::left_out_sums(block, columns, workers)
    }))
}

/// The gradient of the bound that leaves out one score after the other.
#[pyfunction]
#[pyo3(signature = (scores, columns, divisors, inverses, out=None, n_threads=None))]
pub(super) fn left_out_gradient<'py>(
    py: Python<'py>,
    scores: Scores<'py>,
    columns: Columns<'py>,
    divisors: [PyReadonlyArray1<'py, f64>; 2],
    inverses: PyReadonlyArray1<'py, f64>,
    out: Option<Bound<'py, PyAny>>,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let columns = totals(&columns)?;
    let slopes = LeftOutSlopes {
        divisors: [slice("divisors", &divisors[0])?, slice("divisors", &divisors[1])?],
        inverses: slice("inverses", &inverses)?,
    };
    of_scores!(&scores, scores => write(py, scores, out, n_threads, |block, gradient, workers| {
        crate::left_out_gradient(block, columns, slopes, gradient, workers)
    }))
}

/// Sums over a block of rows.
fn sum<'py, T: Score + Element, const N: usize>(
    py: Python<'py>,
    scores: &PyReadonlyArray2<'py, T>,
    first_row: usize,
    n_threads: Option<Bound<'py, PyAny>>,
    kernel: impl FnOnce(ScoreBlock<'_, T>, Workers<'_>) -> Result<[Vec<f64>; N], Error> + Send,
) -> PyResult<Bound<'py, PyTuple>> {
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let block = ScoreBlock::new(slice("scores", scores)?, scores.shape()[1], first_row)?;
    let sums = run(py, scores.len(), n_threads, |workers| kernel(block, workers))?;
    PyTuple::new(py, sums.map(|sums| sums.into_pyarray(py)))
}

/// The gradient for a block of rows, in an array of its shape: `out`, if there is one.
fn write<'py, T: Score + Element>(
    py: Python<'py>,
    scores: &PyReadonlyArray2<'py, T>,
    out: Option<Bound<'py, PyAny>>,
    n_threads: Option<Bound<'py, PyAny>>,
    kernel: impl FnOnce(ScoreBlock<'_, T>, &mut [T], Workers<'_>) -> Result<(), Error> + Send,
) -> PyResult<Bound<'py, PyAny>> {
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let n = scores.shape()[1];
    let block = ScoreBlock::new(slice("scores", scores)?, n, 0)?;
    let array: Bound<'py, PyArray2<T>> = match out {
        Some(out) => out.cast_into().map_err(PyErr::from)?,
        None => PyArray2::zeros(py, [scores.shape()[0], n], false),
    };
    if array.shape() != scores.shape() || !array.is_c_contiguous() {
        return Err(PyValueError::new_err(format!(
            "out must be C-contiguous and of shape {:?}, as scores, got shape {:?}",
            scores.shape(),
            array.shape()
        )));
    }
    let mut gradient = array.try_readwrite().map_err(|error| PyValueError::new_err(error.to_string()))?;
    let values = gradient.as_slice_mut()?;
    run(py, values.len(), n_threads, |workers| kernel(block, values, workers))?;
    drop(gradient);
    Ok(array.into_any())
}
