//! The contingency table as a Python value.

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use super::arguments::{count, counts, run, slice};
use super::labels::{count_pairs, labels};
use crate::{Cell, Error, memory};

/// How often each pair of labels occurs: the cells that are not empty, with both margins.
#[pyclass(frozen, module = "mutua._core")]
pub(super) struct ContingencyTable(crate::ContingencyTable);

type Column<'py> = Bound<'py, PyArray1<i64>>;

fn column<'py>(py: Python<'py>, values: impl ExactSizeIterator<Item = u64>) -> PyResult<Column<'py>> {
    Ok(memory::collect(values.map(|value| value as i64))?.into_pyarray(py))
}

#[pymethods]
impl ContingencyTable {
    #[new]
    fn new(py: Python<'_>, x: &Bound<'_, PyAny>, y: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(count_pairs(py, labels("x", x)?, labels("y", y)?)?))
    }

    #[staticmethod]
    fn from_cells(
        py: Python<'_>,
        rows: PyReadonlyArray1<'_, i64>,
        columns: PyReadonlyArray1<'_, i64>,
        counts: PyReadonlyArray1<'_, i64>,
        shape: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    ) -> PyResult<Self> {
        let (rows, columns) = (slice("rows", &rows)?, slice("columns", &columns)?);
        let counts = self::counts(slice("counts", &counts)?)?;
        for other in [columns.len(), counts.len()] {
            if other != rows.len() {
                return Err(Error::Lengths { left: rows.len(), right: other }.into());
            }
        }
        let (n_rows, n_columns) = (count("shape", &shape.0)?, count("shape", &shape.1)?);
        // A negative index is beyond every shape.
        let index = |index: i64| usize::try_from(index).unwrap_or(usize::MAX);
        let places = rows.iter().zip(columns).map(|(&row, &column)| (index(row), index(column)));
        let cells = places.zip(counts).map(|((row, column), count)| (row, column, count));
        Ok(Self(run(py, rows.len().max(n_rows), 1, |_| {
            crate::ContingencyTable::from_cells(cells, n_rows, n_columns)
        })?))
    }

    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.0.row_sums().len(), self.0.column_sums().len())
    }

    #[getter]
    fn total(&self) -> u64 {
        self.0.total()
    }

    #[getter]
    fn row_sums<'py>(&self, py: Python<'py>) -> PyResult<Column<'py>> {
        column(py, self.0.row_sums().iter().copied())
    }

    #[getter]
    fn column_sums<'py>(&self, py: Python<'py>) -> PyResult<Column<'py>> {
        column(py, self.0.column_sums().iter().copied())
    }

    fn cells<'py>(&self, py: Python<'py>) -> PyResult<(Column<'py>, Column<'py>, Column<'py>)> {
        let part = |value: fn(&Cell) -> u64| column(py, self.0.cells().iter().map(value));
        Ok((
            part(|cell| u64::from(cell.row))?,
            part(|cell| u64::from(cell.column))?,
            part(|cell| cell.count)?,
        ))
    }

    fn mutual_information(&self, py: Python<'_>) -> PyResult<f64> {
        run(py, self.0.cells().len(), 1, |_| Ok(self.0.mutual_information()))
    }

    fn entropies(&self) -> (f64, f64) {
        self.0.entropies()
    }

    fn expected_mutual_information(&self, py: Python<'_>) -> PyResult<f64> {
        let table = &self.0;
        let (rows, columns) = (table.row_sums(), table.column_sums());
        run(py, rows.len().saturating_mul(columns.len()), 1, |workers| {
            workers.alone(|interrupt| {
                crate::expected_mutual_information(rows, columns, table.total(), interrupt)
            })
        })
    }

    fn pair_confusion(&self) -> (u128, u128, u128, u128) {
        let pairs = self.0.pair_counts();
        (pairs.apart, pairs.columns_only, pairs.rows_only, pairs.together)
    }

    fn __repr__(&self) -> String {
        let (rows, columns) = self.shape();
        format!("ContingencyTable({rows} x {columns}, {} samples)", self.0.total())
    }
}
