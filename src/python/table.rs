//! The contingency table as a Python value.

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::arguments::{count, counts, run, slice};
use super::labels::{count_pairs, labels};
use crate::{Average, Cell, Error, Labels, Part, Sides, memory};

/// How often each pair of labels occurs: the cells that are not empty, with both margins.
#[pyclass(frozen, module = "mutua._core")]
pub(super) struct ContingencyTable(pub(super) crate::ContingencyTable);

pub(super) type Column<'py> = Bound<'py, PyArray1<i64>>;

/// A table with the label of each row and of each column; labels of 64 bits without a sign as those with the same bits.
pub(super) type Labelled<'py, T> = (T, Column<'py>, Column<'py>);

/// The side of a table that is to be merged: what each of its rows, or columns, becomes.
pub(super) type Places<'py> = PyReadonlyArray1<'py, i64>;

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

/// The number of rows and of columns.
pub(super) fn sizes(shape: &(Bound<'_, PyAny>, Bound<'_, PyAny>)) -> PyResult<[usize; 2]> {
    Ok([count("shape", &shape.0)?, count("shape", &shape.1)?])
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
        let [n_rows, n_columns] = sizes(&shape)?;
        // A negative index is beyond every shape.
        let index = |index: i64| usize::try_from(index).unwrap_or(usize::MAX);
        let places = rows.iter().zip(columns).map(|(&row, &column)| (index(row), index(column)));
        let cells = places.zip(counts).map(|((row, column), count)| (row, column, count));
        Ok(Self(run(py, rows.len().max(n_rows), 1, |_| {
            crate::ContingencyTable::from_cells(cells, n_rows, n_columns)
        })?))
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
                Some(counts) => {
                    crate::ContingencyTable::with_keys_and_counts(x, y, counts.into_iter(), interrupt)
                }
                None => crate::ContingencyTable::with_keys(x, y, interrupt),
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
        shape: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    ) -> PyResult<Self> {
        let ours = Part { table: &self.0, rows: slice("rows", &rows)?, columns: slice("columns", &columns)? };
        let theirs = Part {
            table: &other.0,
            rows: slice("other_rows", &other_rows)?,
            columns: slice("other_columns", &other_columns)?,
        };
        let shape = sizes(&shape)?;
        let size = self.0.cells().len() + other.0.cells().len();
        Ok(Self(run(py, size, 1, |_| crate::ContingencyTable::merged([ours, theirs], shape))?))
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
        format!("ContingencyTable({rows} x {columns}, {} samples)", self.0.total())
    }
}
