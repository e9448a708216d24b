//! The kernels of the information bottleneck as Python functions.

use numpy::{
    IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2,
    PyUntypedArrayMethods,
};
use pyo3::prelude::*;

use super::arguments::{count, run, slice};
use crate::{Annealing, Encoder, Error, Merge, Objective, memory};

/// Encoders side by side; for each the number of clusters, that of steps, and the last residual.
type Stops<'py> = (
    Bound<'py, PyArray2<f64>>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<f64>>,
);

/// Which clusters were kept, which are gone, and what that cost.
type Merges<'py> = (Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<f64>>);

#[pyfunction]
#[pyo3(signature = (joint, start, betas, is_hard, tolerance, max_iterations, is_accelerated=true, n_threads=None))]
#[expect(clippy::too_many_arguments, reason = "they are those of the Python function")]
pub(super) fn information_bottleneck<'py>(
    py: Python<'py>,
    joint: PyReadonlyArray2<'py, f64>,
    start: PyReadonlyArray2<'py, f64>,
    betas: PyReadonlyArray1<'py, f64>,
    is_hard: bool,
    tolerance: f64,
    max_iterations: &Bound<'py, PyAny>,
    is_accelerated: bool,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Stops<'py>> {
    let how = Annealing {
        is_hard,
        tolerance,
        max_iterations: count("max_iterations", max_iterations)?,
        is_accelerated,
    };
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let (table, betas) = (slice("joint", &joint)?, slice("betas", &betas)?);
    let (first, n_columns, n_clusters) = (slice("start", &start)?, joint.shape()[1], start.shape()[1]);
    let encoders = run(py, usize::MAX, n_threads, |workers| {
        crate::information_bottleneck(table, n_columns, first, n_clusters, betas, how, workers)
    })?;
    let n_columns: usize = encoders.iter().map(|encoder| encoder.n_clusters).sum();
    let n_rows = joint.shape()[0];
    let mut side_by_side = memory::with_capacity(n_rows * n_columns)?;
    for row in 0..n_rows {
        for encoder in &encoders {
            side_by_side
                .extend_from_slice(&encoder.probabilities[row * encoder.n_clusters..][..encoder.n_clusters]);
        }
    }
    let column = |of: fn(&Encoder) -> usize| integers(py, encoders.iter().map(of).collect());
    let residuals: Vec<f64> = encoders.iter().map(|encoder| encoder.residual).collect();
    Ok((
        side_by_side.into_pyarray(py).reshape([n_rows, n_columns])?,
        column(|encoder| encoder.n_clusters),
        column(|encoder| encoder.n_iterations),
        residuals.into_pyarray(py),
    ))
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they are those of the Python function")]
pub(super) fn sequential_bottleneck<'py>(
    py: Python<'py>,
    joint: PyReadonlyArray2<'py, f64>,
    labels: PyReadonlyArray1<'py, i64>,
    n_clusters: &Bound<'py, PyAny>,
    order: PyReadonlyArray1<'py, i64>,
    of_entropy: f64,
    of_relevance: f64,
    max_sweeps: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyArray1<i64>>, usize)> {
    let (table, n_columns) = (slice("joint", &joint)?, joint.shape()[1]);
    let (labels, order) = (places(slice("labels", &labels)?)?, places(slice("order", &order)?)?);
    let (n_clusters, max_sweeps) = (count("n_clusters", n_clusters)?, count("max_sweeps", max_sweeps)?);
    let objective = Objective { of_entropy, of_relevance };
    let (labels, n_sweeps) = run(py, usize::MAX, 1, |workers| {
        workers.alone(|interrupt| {
            crate::sequential_bottleneck(
                table, n_columns, &labels, n_clusters, &order, objective, max_sweeps, interrupt,
            )
        })
    })?;
    Ok((integers(py, labels), n_sweeps))
}

#[pyfunction]
#[pyo3(signature = (joint, n_clusters, of_entropy, of_relevance, while_lower=false, n_threads=None))]
pub(super) fn agglomerative_bottleneck<'py>(
    py: Python<'py>,
    joint: PyReadonlyArray2<'py, f64>,
    n_clusters: &Bound<'py, PyAny>,
    of_entropy: f64,
    of_relevance: f64,
    while_lower: bool,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Merges<'py>> {
    let (table, n_columns) = (slice("joint", &joint)?, joint.shape()[1]);
    let n_clusters = count("n_clusters", n_clusters)?;
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let objective = Objective { of_entropy, of_relevance };
    let merges = run(py, usize::MAX, n_threads, |workers| {
        crate::agglomerative_bottleneck(table, n_columns, n_clusters, objective, while_lower, workers)
    })?;
    let column = |of: fn(&Merge) -> usize| integers(py, merges.iter().map(of).collect());
    let costs: Vec<f64> = merges.iter().map(|merge| merge.cost).collect();
    Ok((column(|merge| merge.kept), column(|merge| merge.gone), costs.into_pyarray(py)))
}

#[pyfunction]
pub(super) fn binary_quantizer<'py>(
    py: Python<'py>,
    joint: PyReadonlyArray2<'py, f64>,
    n_clusters: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyArray1<i64>>> {
    let (table, n_columns) = (slice("joint", &joint)?, joint.shape()[1]);
    if n_columns != 2 {
        return Err(Error::Shape { values: table.len(), dimensions: n_columns }.into());
    }
    let n_clusters = count("n_clusters", n_clusters)?;
    let labels = run(py, usize::MAX, 1, |workers| {
        workers.alone(|interrupt| crate::binary_quantizer(table, n_clusters, interrupt))
    })?;
    Ok(integers(py, labels))
}

/// Positions or labels, at least 0.
fn places(values: &[i64]) -> Result<Vec<usize>, Error> {
    let mut places = memory::with_capacity(values.len())?;
    for (index, &value) in values.iter().enumerate() {
        places.push(usize::try_from(value).map_err(|_| Error::Cell { index })?);
    }
    Ok(places)
}

fn integers(py: Python<'_>, values: Vec<usize>) -> Bound<'_, PyArray1<i64>> {
    values.into_iter().map(|value| value as i64).collect::<Vec<_>>().into_pyarray(py)
}
