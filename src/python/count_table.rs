//! The table of counts as a Python value.

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;

use super::arguments::{counts, run, slice};
use super::cells::{Column, Labelled, Places, Shape, average, column, from_cells, labelled, merged};
use super::labels::{count_pairs, labels};
use crate::{Cell, ContingencyTable};

/// How often each pair of labels occurs: the cells that are not empty, with both margins.
#[pyclass(frozen, module = "mutua._core")]
pub(super) struct CountTable(pub(super) ContingencyTable);

#[pymethods]
impl CountTable {
    #[new]
    fn new(py: Python<'_>, x: &Bound<'_, PyAny>, y: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(count_pairs(py, labels("x", x)?, labels("y", y)?)?))
    }

    #[staticmethod]
    fn from_cells(
        py: Python<'_>,
        rows: Places<'_>,
        columns: Places<'_>,
        counts: PyReadonlyArray1<'_, i64>,
        shape: Shape<'_>,
    ) -> PyResult<Self> {
        let counts = self::counts(slice("counts", &counts)?)?;
        let table = from_cells(py, [&rows, &columns], counts, &shape, |cells, [n_rows, n_columns]| {
            ContingencyTable::from_cells(cells, n_rows, n_columns)
        });
        Ok(Self(table?))
    }

    #[staticmethod]
    #[pyo3(signature = (x, y, counts=None))]
    fn labelled<'py>(
        py: Python<'py>,
        x: &Bound<'py, PyAny>,
        y: &Bound<'py, PyAny>,
        counts: Option<PyReadonlyArray1<'_, i64>>,
    ) -> PyResult<Labelled<'py, Self>> {
        let (x, y) = (labels("x", x)?, labels("y", y)?);
        let counts =
            counts.map(|counts| self::counts(slice("counts", &counts)?).map_err(PyErr::from)).transpose()?;
        let (table, keys) = run(py, x.len(), 1, |workers| {
            workers.alone(|interrupt| match counts {
                Some(counts) => ContingencyTable::with_keys_and_counts(x, y, counts.into_iter(), interrupt),
                None => ContingencyTable::with_keys(x, y, interrupt),
            })
        })?;
        labelled(py, (Self(table), keys), [x, y])
    }

    #[expect(clippy::too_many_arguments, reason = "a table and its new places, twice")]
    fn merged(
        &self,
        py: Python<'_>,
        rows: Places<'_>,
        columns: Places<'_>,
        other: &Self,
        other_rows: Places<'_>,
        other_columns: Places<'_>,
        shape: Shape<'_>,
    ) -> PyResult<Self> {
        let n_cells = self.0.cells().len() + other.0.cells().len();
        let parts = [(&self.0, &rows, &columns), (&other.0, &other_rows, &other_columns)];
        Ok(Self(merged(py, n_cells, parts, &shape, ContingencyTable::merged)?))
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

    fn joint_entropy(&self, py: Python<'_>) -> PyResult<f64> {
        run(py, self.0.cells().len(), 1, |_| self.0.joint_entropy())
    }

    fn conditional_entropies(&self, py: Python<'_>) -> PyResult<(f64, f64)> {
        run(py, self.0.cells().len(), 1, |_| Ok(self.0.conditional_entropies()))
    }

    fn normalized_mutual_information(&self, py: Python<'_>, average_method: &str) -> PyResult<f64> {
        let average = average(average_method)?;
        run(py, self.0.cells().len(), 1, |_| Ok(self.0.normalized_mutual_information(average)))
    }

    fn homogeneity_and_completeness(&self, py: Python<'_>) -> PyResult<(f64, f64)> {
        run(py, self.0.cells().len(), 1, |_| Ok(self.0.homogeneity_and_completeness()))
    }

    fn adjusted_mutual_information(&self, py: Python<'_>, average_method: &str) -> PyResult<f64> {
        let (average, (rows, columns)) = (average(average_method)?, self.shape());
        run(py, rows.saturating_mul(columns), 1, |workers| {
            workers.alone(|interrupt| self.0.adjusted_mutual_information(average, interrupt))
        })
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

    /// Those of Rand, of Hubert and Arabie, of Fowlkes and Mallows.
    fn pair_indices(&self) -> (f64, f64, f64) {
        let pairs = self.0.pair_counts();
        (pairs.rand_index(), pairs.adjusted_rand_index(), pairs.fowlkes_mallows_index())
    }

    fn __repr__(&self) -> String {
        let (rows, columns) = self.shape();
        format!("CountTable({rows} x {columns}, {} samples)", self.0.total())
    }
}
