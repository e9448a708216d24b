//! The divergence of two samples as a Python function.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::arguments::{count, run};
use super::samples::{Argument, Estimates, Neighbors, Space, check_comparable};

#[pyfunction]
#[pyo3(signature = (x, y, k, norm="max", pointwise=false, n_threads=None))]
pub(super) fn kullback_leibler<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    norm: &str,
    pointwise: bool,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, y) = (Argument::new("x", x)?, Argument::new("y", y)?);
    let (x, y) = (x.samples()?, y.samples()?);
    let space = Space::new(norm, false, &[x, y])?;
    check_comparable(space, x, y)?;
    let neighbors = Neighbors::new(k, x.len())?;
    if let Some(k) = neighbors.ks.iter().find(|&&k| k > y.len()) {
        return Err(PyValueError::new_err(format!(
            "k must be at most the number of samples of y, got {k} with {} samples",
            y.len()
        )));
    }
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let ks = &neighbors.ks;
    let estimates = run(py, x.values.len() + y.values.len(), n_threads, |workers| {
        let (x, y) = (x.points(space, workers)?, y.points(space, workers)?);
        Ok(if pointwise {
            let each = |&k: &usize| crate::kullback_leibler_pointwise(&x, &y, k, workers);
            Estimates::Pointwise(ks.iter().map(each).collect::<Result<_, _>>()?)
        } else {
            Estimates::Means(crate::kullback_leibler(&x, &y, ks, workers)?)
        })
    })?;
    neighbors.pack(py, estimates)
}
