//! Surrogates as Python functions: orders, tables, and the information of permuted labels.

use numpy::{
    IntoPyArray, PyArray1, PyArray2, PyArray3, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2,
    PyUntypedArrayMethods,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::arguments::{count, counts, run, slice};
use super::labels::labels;
use super::samples::{Argument, check_lengths};
use crate::{Neighborhoods, Rearrangement, encode, memory};

/// A row for each surrogate; `using` is the length of blocks, the labels within which, or the neighbourhoods.
#[pyfunction]
#[pyo3(signature = (rearrangement, n, seed, first, size, using=None, n_threads=None))]
#[expect(clippy::too_many_arguments, reason = "they are the caller's keywords")]
pub(super) fn draw_orders<'py>(
    py: Python<'py>,
    rearrangement: &str,
    n: &Bound<'py, PyAny>,
    seed: &Bound<'py, PyAny>,
    first: &Bound<'py, PyAny>,
    size: &Bound<'py, PyAny>,
    using: Option<Bound<'py, PyAny>>,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyArray2<u32>>> {
    let (n, seed) = (count("n", n)?, count("seed", seed)? as u64);
    let (first, size) = (count("first", first)? as u64, count("size", size)?);
    let using = using.unwrap_or_else(|| py.None().into_bound(py));
    let (codes, neighborhoods);
    let rearrangement = match rearrangement {
        "any" => Rearrangement::Any,
        "shifted" => Rearrangement::Shifted,
        "blocks" => Rearrangement::Blocks(count("using", &using)?),
        "within" => {
            let labels = labels("using", &using)?;
            codes = run(py, labels.len(), 1, |workers| workers.alone(|interrupt| encode(labels, interrupt)))?;
            Rearrangement::Within(&codes)
        }
        "local" => {
            let members = using.extract::<PyReadonlyArray2<'_, u32>>()?;
            let copied = memory::collect(slice("using", &members)?.iter().copied())?;
            neighborhoods = Neighborhoods::of_members(copied, members.shape()[1])?;
            Rearrangement::Local(&neighborhoods)
        }
        _ => {
            return Err(PyValueError::new_err(format!(
                "rearrangement must be 'any', 'within', 'shifted', 'blocks' or 'local', got {rearrangement:?}"
            )));
        }
    };
    let mut orders = memory::filled(n.saturating_mul(size), 0)?;
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    run(py, orders.len(), n_threads, |workers| {
        crate::draw_orders(&rearrangement, n, seed, first, &mut orders, workers)
    })?;
    orders.into_pyarray(py).reshape([size, n])
}

#[pyfunction]
#[pyo3(signature = (given, size, labels=None, n_threads=None))]
pub(super) fn neighborhoods<'py>(
    py: Python<'py>,
    given: &Bound<'py, PyAny>,
    size: &Bound<'py, PyAny>,
    labels: Option<Bound<'py, PyAny>>,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyArray2<u32>>> {
    let (given, size) = (Argument::new("given", given)?, count("size", size)?);
    let given = given.samples()?;
    let n = given.len();
    let labels = labels.as_ref().map(|array| self::labels("labels", array)).transpose()?;
    check_lengths([("given", n), ("labels", labels.map_or(n, |labels| labels.len()))].into_iter())?;
    if size == 0 || size > n {
        return Err(PyValueError::new_err(format!(
            "neighbors must be at least 1 and at most the number of samples, got {size} with {n} samples"
        )));
    }
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let found = run(py, n.saturating_mul(n), n_threads, |workers| {
        let (ranks, codes) = workers.alone(|interrupt| {
            let codes = labels.map(|labels| encode(labels, interrupt)).transpose()?;
            Ok((given.ranks(interrupt)?, codes))
        })?;
        let found = Neighborhoods::new(&ranks, codes.as_ref(), size, workers)?;
        memory::collect(found.members().iter().copied())
    })?;
    found.into_pyarray(py).reshape([n, size])
}

#[pyfunction]
pub(super) fn random_tables<'py>(
    py: Python<'py>,
    row_sums: PyReadonlyArray1<'py, i64>,
    column_sums: PyReadonlyArray1<'py, i64>,
    seed: &Bound<'py, PyAny>,
    first: &Bound<'py, PyAny>,
    size: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyArray3<i64>>> {
    let rows = counts(slice("row_sums", &row_sums)?)?;
    let columns = counts(slice("column_sums", &column_sums)?)?;
    let (seed, first) = (count("seed", seed)? as u64, count("first", first)? as u64);
    let size = count("size", size)?;
    let n_cells = rows.len().saturating_mul(columns.len());
    let mut tables = memory::with_capacity(n_cells.saturating_mul(size))?;
    run(py, n_cells.saturating_mul(size), 1, |workers| {
        workers.alone(|interrupt| {
            for index in first..first + size as u64 {
                interrupt.check()?;
                let table = crate::random_table(&rows, &columns, seed, index)?;
                tables.extend(table.into_iter().map(|count| count as i64));
            }
            Ok(())
        })
    })?;
    tables.into_pyarray(py).reshape([size, rows.len(), columns.len()])
}

#[pyfunction]
#[pyo3(signature = (x, y, seed, first, size, given=None, n_threads=None))]
#[expect(clippy::too_many_arguments, reason = "they are the caller's keywords")]
pub(super) fn permuted_labels<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    seed: &Bound<'py, PyAny>,
    first: &Bound<'py, PyAny>,
    size: &Bound<'py, PyAny>,
    given: Option<Bound<'py, PyAny>>,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<(f64, Bound<'py, PyArray1<f64>>)> {
    let (x, y) = (labels("x", x)?, labels("y", y)?);
    let given = given.as_ref().map(|array| labels("given", array)).transpose()?;
    check_lengths(
        [("x", x.len()), ("y", y.len()), ("given", given.map_or(x.len(), |labels| labels.len()))].into_iter(),
    )?;
    let (seed, first) = (count("seed", seed)? as u64, count("first", first)? as u64);
    let size = count("size", size)? as u64;
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let (observed, null) =
        run(py, x.len().saturating_add((size as usize).saturating_mul(64)), n_threads, |workers| {
            let [x, y] = [x, y].map(|labels| workers.alone(|interrupt| encode(labels, interrupt)));
            let given =
                given.map(|labels| workers.alone(|interrupt| encode(labels, interrupt))).transpose()?;
            crate::permuted_labels(&x?, &y?, given.as_ref(), seed, first..first + size, workers)
        })?;
    Ok((observed, null.into_pyarray(py)))
}
