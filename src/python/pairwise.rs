//! Matrices of information between columns.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use numpy::{Element, PyArray2, PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use super::arguments::{count, run_watched};
use crate::{Error, LabelColumns, Workers};

/// How often the caller hears of progress, at most.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// A matrix of labels, C- or Fortran-contiguous: only which are equal matters.
#[derive(FromPyObject)]
pub(super) enum Labels<'py> {
    Bytes(PyReadonlyArray2<'py, u8>),
    Integers(PyReadonlyArray2<'py, i64>),
}

/// Its values, a row for each sample or for each column.
#[derive(Clone, Copy)]
struct Matrix<'a> {
    values: Values<'a>,
    n_samples: usize,
    n_columns: usize,
    by_columns: bool,
}

#[derive(Clone, Copy)]
enum Values<'a> {
    Bytes(&'a [u8]),
    Integers(&'a [i64]),
}

impl Labels<'_> {
    fn matrix(&self, name: &str) -> PyResult<Matrix<'_>> {
        fn parts<'a, T: Element>(
            name: &str,
            array: &'a PyReadonlyArray2<'_, T>,
        ) -> PyResult<(&'a [T], bool)> {
            let values = array.as_slice().map_err(|_| {
                PyTypeError::new_err(format!("{name} must be C- or Fortran-contiguous and aligned"))
            })?;
            Ok((values, !array.is_c_contiguous()))
        }
        let (values, by_columns, shape) = match self {
            Self::Bytes(array) => {
                let (values, by_columns) = parts(name, array)?;
                (Values::Bytes(values), by_columns, array.shape())
            }
            Self::Integers(array) => {
                let (values, by_columns) = parts(name, array)?;
                (Values::Integers(values), by_columns, array.shape())
            }
        };
        Ok(Matrix { values, n_samples: shape[0], n_columns: shape[1], by_columns })
    }
}

impl Matrix<'_> {
    fn columns(&self, workers: Workers<'_>) -> Result<LabelColumns, Error> {
        match self.values {
            Values::Bytes(values) => LabelColumns::new(values, self.n_samples, self.by_columns, workers),
            Values::Integers(values) => LabelColumns::new(values, self.n_samples, self.by_columns, workers),
        }
    }
}

/// Fills and returns `out`; `progress` hears how many of how many pairs are done.
#[pyfunction]
#[pyo3(signature = (x, y, out, unit=1.0, n_threads=None, progress=None))]
pub(super) fn pairwise_mutual_information<'py>(
    py: Python<'py>,
    x: Labels<'py>,
    y: Option<Labels<'py>>,
    out: Bound<'py, PyArray2<f64>>,
    unit: f64,
    n_threads: Option<Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let x = x.matrix("x")?;
    let y = y.as_ref().map(|y| y.matrix("y")).transpose()?;
    let other = y.unwrap_or(x);
    let shape = [x.n_columns, other.n_columns];
    let is_writeable = out.getattr("flags")?.getattr("writeable")?.is_truthy()?;
    if out.shape() != shape || !out.is_c_contiguous() || !out.is_aligned() || !is_writeable {
        return Err(PyValueError::new_err(format!(
            "out must have shape {shape:?} and be C-contiguous, aligned and writeable, got shape {:?} and strides {:?}",
            out.shape(),
            out.strides()
        )));
    }
    if x.n_samples != other.n_samples {
        return Err(Error::Lengths { left: x.n_samples, right: other.n_samples }.into());
    }
    // SAFETY: `out` is alive, contiguous and writeable. Only this call writes to it, as far as Rust can tell: a borrow
    // of the numpy crate would make other functions panic that are given the same array meanwhile.
    let values = unsafe { out.as_slice_mut() }?;
    let pairs = if y.is_some() { values.len() } else { x.n_columns * (x.n_columns + 1) / 2 };
    let done = AtomicUsize::new(0);
    let heard = Mutex::new(Instant::now());
    let progress = progress.map(Bound::unbind);
    let tell = |py: Python<'_>| match &progress {
        Some(progress) => progress.call1(py, (done.load(Relaxed), pairs)).map(|_| ()),
        None => Ok(()),
    };
    let watch = |py: Python<'_>| {
        let mut heard = heard.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if heard.elapsed() < PROGRESS_INTERVAL {
            return Ok(());
        }
        *heard = Instant::now();
        drop(heard); // The caller's function may do anything.
        tell(py)
    };
    run_watched(py, x.n_samples.saturating_mul(values.len()), n_threads, &watch, |workers| {
        let x = x.columns(workers)?;
        let y = y.map(|y| y.columns(workers)).transpose()?;
        crate::pairwise_mutual_information(x, y, unit, values, &done, workers)
    })?;
    tell(py)?;
    Ok(out)
}
