//! What the tables of counts and of weights have in common: how cells, labels and places are unpacked and packed.

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::arguments::{count, run, slice};
use crate::{Average, Error, Labels, Part, Sides, memory};

/// The number of rows and of columns, unpacked.
pub(super) type Shape<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// The rows, or the columns, of some cells; or what each row, or column, of a table becomes in another.
pub(super) type Places<'py> = PyReadonlyArray1<'py, i64>;

/// Row, column and content of each cell.
type Cells<'a, M> = &'a mut dyn ExactSizeIterator<Item = (usize, usize, M)>;

pub(super) type Column<'py> = Bound<'py, PyArray1<i64>>;

/// A table with the label of each row and of each column; labels of 64 bits without a sign as those with the same bits.
pub(super) type Labelled<'py, T> = (T, Column<'py>, Column<'py>);

pub(super) fn column<'py>(
    py: Python<'py>,
    values: impl ExactSizeIterator<Item = u64>,
) -> PyResult<Column<'py>> {
    Ok(memory::collect(values.map(|value| value as i64))?.into_pyarray(py))
}

/// Packs a table with the labels that keys stand for.
pub(super) fn labelled<'py, T>(
    py: Python<'py>,
    (table, [of_rows, of_columns]): (T, Sides),
    [x, y]: [Labels<'_>; 2],
) -> PyResult<Labelled<'py, T>> {
    let values = |keys: Vec<u64>, labels: Labels<'_>| {
        column(py, keys.into_iter().map(move |key| key.wrapping_add(labels.lowest() as u64)))
    };
    Ok((table, values(of_rows, x)?, values(of_columns, y)?))
}

/// The mean of that name.
pub(super) fn average(name: &str) -> PyResult<Average> {
    Average::named(name).ok_or_else(|| {
        PyValueError::new_err(format!(
            "average_method must be 'arithmetic', 'geometric', 'min' or 'max', got {name:?}"
        ))
    })
}

fn sizes(shape: &Shape<'_>) -> PyResult<[usize; 2]> {
    Ok([count("shape", &shape.0)?, count("shape", &shape.1)?])
}

/// A table of cells that have a row, a column and a content each.
pub(super) fn from_cells<M: Send, T: Send>(
    py: Python<'_>,
    [rows, columns]: [&Places<'_>; 2],
    contents: Vec<M>,
    shape: &Shape<'_>,
    build: impl FnOnce(Cells<'_, M>, [usize; 2]) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let (rows, columns) = (slice("rows", rows)?, slice("columns", columns)?);
    for other in [columns.len(), contents.len()] {
        if other != rows.len() {
            return Err(Error::Lengths { left: rows.len(), right: other }.into());
        }
    }
    let shape = sizes(shape)?;
    run(py, rows.len().max(shape[0]), 1, |_| {
        // A negative index is beyond every shape.
        let index = |index: i64| usize::try_from(index).unwrap_or(usize::MAX);
        let places = rows.iter().zip(columns).map(|(&row, &column)| (index(row), index(column)));
        build(&mut places.zip(contents).map(|((row, column), content)| (row, column, content)), shape)
    })
}

/// Two tables as one: each with what its rows and its columns become.
pub(super) fn merged<T: Sync + Send>(
    py: Python<'_>,
    n_cells: usize,
    [ours, theirs]: [(&T, &Places<'_>, &Places<'_>); 2],
    shape: &Shape<'_>,
    merge: impl FnOnce([Part<'_, T>; 2], [usize; 2]) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let ours = Part { table: ours.0, rows: slice("rows", ours.1)?, columns: slice("columns", ours.2)? };
    let theirs = Part {
        table: theirs.0,
        rows: slice("other_rows", theirs.1)?,
        columns: slice("other_columns", theirs.2)?,
    };
    let shape = sizes(shape)?;
    run(py, n_cells, 1, |_| merge([ours, theirs], shape))
}
