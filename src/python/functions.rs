//! The kernels as Python functions.

use numpy::{
    IntoPyArray, PyArray1, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use super::arguments::{count, counts, run, slice};
use crate::{Ball, Points, SmallClasses, Variable, memory, neighbors};

#[pyfunction]
#[pyo3(name = "entropy")]
pub(super) fn entropy(py: Python<'_>, counts: PyReadonlyArray1<'_, i64>) -> PyResult<f64> {
    let counts = self::counts(slice("counts", &counts)?)?;
    run(py, counts.len(), 1, |_| Ok(crate::entropy(&counts)))
}

#[pyfunction]
pub(super) fn expected_mutual_information(
    py: Python<'_>,
    row_sums: PyReadonlyArray1<'_, i64>,
    column_sums: PyReadonlyArray1<'_, i64>,
    n_samples: &Bound<'_, PyAny>,
) -> PyResult<f64> {
    let rows = counts(slice("row_sums", &row_sums)?)?;
    let columns = counts(slice("column_sums", &column_sums)?)?;
    let n_samples = count("n_samples", n_samples)? as u64;
    let spread = (n_samples as f64).sqrt() as usize;
    run(py, rows.len().saturating_mul(columns.len()).saturating_mul(spread), 1, |workers| {
        workers.alone(|interrupt| crate::expected_mutual_information(&rows, &columns, n_samples, interrupt))
    })
}

#[pyfunction]
pub(super) fn chi_square_survival(dof: &Bound<'_, PyAny>, statistic: f64) -> PyResult<f64> {
    Ok(crate::chi_square_survival(count("dof", dof)? as u64, statistic))
}

/// A float64 array is a sample, an int64 array labels.
enum Array<'py> {
    Continuous(PyReadonlyArray1<'py, f64>),
    Discrete(PyReadonlyArray1<'py, i64>),
}

impl<'py> Array<'py> {
    fn new(name: &str, array: &Bound<'py, PyAny>) -> PyResult<Self> {
        if let Ok(values) = array.cast::<PyArray1<f64>>() {
            return Ok(Self::Continuous(values.try_readonly()?));
        }
        match array.cast::<PyArray1<i64>>() {
            Ok(labels) => Ok(Self::Discrete(labels.try_readonly()?)),
            Err(_) => Err(PyTypeError::new_err(format!(
                "{name} must be a one-dimensional array of float64 or int64, got {}",
                array.get_type().name()?
            ))),
        }
    }

    fn variable(&self, name: &str) -> PyResult<Variable<'_>> {
        Ok(match self {
            Self::Continuous(values) => Variable::Continuous(slice(name, values)?),
            Self::Discrete(labels) => Variable::Discrete(slice(name, labels)?),
        })
    }
}

#[pyfunction]
#[pyo3(signature = (columns, target, n_neighbors, n_threads=None, single_precision_target=false))]
pub(super) fn mutual_information_columns<'py>(
    py: Python<'py>,
    columns: Vec<Bound<'py, PyAny>>,
    target: &Bound<'py, PyAny>,
    n_neighbors: &Bound<'py, PyAny>,
    n_threads: Option<Bound<'py, PyAny>>,
    single_precision_target: bool,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let n_neighbors = count("n_neighbors", n_neighbors)?;
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let target = Array::new("target", target)?;
    let columns =
        columns.iter().map(|column| Array::new("each column", column)).collect::<PyResult<Vec<_>>>()?;
    let target = target.variable("target")?;
    let columns =
        columns.iter().map(|column| column.variable("each column")).collect::<PyResult<Vec<_>>>()?;
    let small_classes = SmallClasses::Expanded { single_precision: single_precision_target };
    let size = columns.len().saturating_mul(target.len());
    let estimates = run(py, size, n_threads, |workers| {
        crate::mutual_information_columns(&columns, target, n_neighbors, small_classes, workers)
    })?;
    Ok(estimates.into_pyarray(py))
}

#[pyfunction]
pub(super) fn kth_distances<'py>(
    py: Python<'py>,
    points: PyReadonlyArray2<'py, f64>,
    k: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let k = count("k", k)?;
    let points = Points::from_rows(slice("points", &points)?, points.shape()[1])?;
    let distances = run(py, points.len().saturating_mul(points.dimensions()), 1, |workers| {
        neighbors::kth_distances(&points, k, workers)
    })?;
    Ok(distances.into_pyarray(py))
}

#[pyfunction]
pub(super) fn kth_distances_to<'py>(
    py: Python<'py>,
    points: PyReadonlyArray2<'py, f64>,
    others: PyReadonlyArray2<'py, f64>,
    k: &Bound<'_, PyAny>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let k = count("k", k)?;
    let points = Points::from_rows(slice("points", &points)?, points.shape()[1])?;
    let others = Points::from_rows(slice("others", &others)?, others.shape()[1])?;
    let size = points.len().saturating_add(others.len()).saturating_mul(points.dimensions());
    let found = run(py, size, 1, |workers| neighbors::kth_distances_to(&points, &others, &[k], workers))?;
    Ok(found.concat().into_pyarray(py))
}

#[pyfunction]
pub(super) fn counts_within<'py>(
    py: Python<'py>,
    points: PyReadonlyArray2<'py, f64>,
    radii: PyReadonlyArray1<'py, f64>,
    closed: bool,
) -> PyResult<Bound<'py, PyArray1<i64>>> {
    let points = Points::from_rows(slice("points", &points)?, points.shape()[1])?;
    let radii = slice("radii", &radii)?;
    let ball = if closed { Ball::Closed } else { Ball::Open };
    let counts = run(py, points.len().saturating_mul(points.dimensions()), 1, |workers| {
        neighbors::counts_within(&points, radii, ball, workers)
    })?;
    Ok(memory::collect(counts.into_iter().map(i64::from))?.into_pyarray(py))
}
