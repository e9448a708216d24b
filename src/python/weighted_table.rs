//! The table of weights as a Python value.

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

use super::arguments::{run, slice};
use super::cells::{Column, Labelled, Places, Shape, average, column, from_cells, labelled, merged};
use super::count_table::CountTable;
use super::labels::labels;
use crate::{Error, Weight, memory};

/// What each pair of labels weighs: the cells that weigh something, with both margins.
#[pyclass(frozen, module = "mutua._core")]
pub(super) struct WeightedTable(crate::WeightedTable);

type Floats<'py> = Bound<'py, PyArray1<f64>>;

fn floats<'py>(py: Python<'py>, weights: &[Weight]) -> PyResult<Floats<'py>> {
    Ok(memory::collect(weights.iter().copied().map(f64::from))?.into_pyarray(py))
}

/// Weights that are not negative and below 2^63.
fn weights(values: &[f64]) -> Result<Vec<Weight>, Error> {
    let mut weights = memory::with_capacity(values.len())?;
    for (index, &value) in values.iter().enumerate() {
        weights.push(Weight::new(value).ok_or(Error::Weight { index })?);
    }
    Ok(weights)
}

impl WeightedTable {
    fn from_weights(
        py: Python<'_>,
        places: [&Places<'_>; 2],
        weights: Vec<Weight>,
        shape: &Shape<'_>,
    ) -> PyResult<Self> {
        let table = from_cells(py, places, weights, shape, |cells, [n_rows, n_columns]| {
            crate::WeightedTable::from_cells(cells, n_rows, n_columns)
        });
        Ok(Self(table?))
    }
}

#[pymethods]
impl WeightedTable {
    #[staticmethod]
    fn from_cells(
        py: Python<'_>,
        rows: Places<'_>,
        columns: Places<'_>,
        weights: PyReadonlyArray1<'_, f64>,
        shape: Shape<'_>,
    ) -> PyResult<Self> {
        let weights = self::weights(slice("weights", &weights)?)?;
        Self::from_weights(py, [&rows, &columns], weights, &shape)
    }

    #[staticmethod]
    fn from_words(
        py: Python<'_>,
        rows: Places<'_>,
        columns: Places<'_>,
        words: PyReadonlyArray2<'_, u64>,
        shape: Shape<'_>,
    ) -> PyResult<Self> {
        let (words, rest) = slice("words", &words)?.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(Error::Lengths { left: 4, right: rest.len() }.into());
        }
        let mut weights = memory::with_capacity(words.len()).map_err(PyErr::from)?;
        for (index, &words) in words.iter().enumerate() {
            weights.push(Weight::from_words(words).ok_or(Error::Weight { index })?);
        }
        Self::from_weights(py, [&rows, &columns], weights, &shape)
    }

    #[staticmethod]
    fn from_counts(table: &CountTable) -> PyResult<Self> {
        Ok(Self(crate::WeightedTable::from_counts(&table.0)?))
    }

    #[staticmethod]
    fn labelled<'py>(
        py: Python<'py>,
        x: &Bound<'py, PyAny>,
        y: &Bound<'py, PyAny>,
        weights: PyReadonlyArray1<'_, f64>,
    ) -> PyResult<Labelled<'py, Self>> {
        let (x, y) = (labels("x", x)?, labels("y", y)?);
        let weights = self::weights(slice("weights", &weights)?)?;
        let (table, keys) = run(py, x.len(), 1, |workers| {
            workers.alone(|interrupt| crate::WeightedTable::with_keys(x, y, weights.into_iter(), interrupt))
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
        Ok(Self(merged(py, n_cells, parts, &shape, crate::WeightedTable::merged)?))
    }

    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.0.row_sums().len(), self.0.column_sums().len())
    }

    #[getter]
    fn total(&self) -> f64 {
        self.0.total().into()
    }

    #[getter]
    fn row_sums<'py>(&self, py: Python<'py>) -> PyResult<Floats<'py>> {
        floats(py, self.0.row_sums())
    }

    #[getter]
    fn column_sums<'py>(&self, py: Python<'py>) -> PyResult<Floats<'py>> {
        floats(py, self.0.column_sums())
    }

    fn cells<'py>(&self, py: Python<'py>) -> PyResult<(Column<'py>, Column<'py>, Floats<'py>)> {
        let cells = self.0.cells();
        let weights = memory::collect(cells.iter().map(|cell| cell.count))?;
        Ok((
            column(py, cells.iter().map(|cell| u64::from(cell.row)))?,
            column(py, cells.iter().map(|cell| u64::from(cell.column)))?,
            floats(py, &weights)?,
        ))
    }

    /// The weights of the cells to the last bit, four words each.
    fn words<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<u64>>> {
        let cells = self.0.cells();
        let words = memory::collect(cells.iter().map(|cell| cell.count.to_words()))?;
        words.into_flattened().into_pyarray(py).reshape([cells.len(), 4])
    }

    fn mutual_information(&self, py: Python<'_>) -> PyResult<f64> {
        run(py, self.0.cells().len(), 1, |_| self.0.mutual_information())
    }

    fn entropies(&self, py: Python<'_>) -> PyResult<(f64, f64)> {
        run(py, self.0.cells().len(), 1, |_| self.0.entropies())
    }

    fn joint_entropy(&self, py: Python<'_>) -> PyResult<f64> {
        run(py, self.0.cells().len(), 1, |_| self.0.joint_entropy())
    }

    fn conditional_entropies(&self, py: Python<'_>) -> PyResult<(f64, f64)> {
        run(py, self.0.cells().len(), 1, |_| self.0.conditional_entropies())
    }

    fn normalized_mutual_information(&self, py: Python<'_>, average_method: &str) -> PyResult<f64> {
        let average = average(average_method)?;
        Ok(crate::normalized(self.mutual_information(py)?, self.entropies(py)?, average))
    }

    fn homogeneity_and_completeness(&self, py: Python<'_>) -> PyResult<(f64, f64)> {
        Ok(crate::homogeneity_and_completeness(self.mutual_information(py)?, self.entropies(py)?))
    }

    fn __repr__(&self) -> String {
        let (rows, columns) = self.shape();
        format!("WeightedTable({rows} x {columns}, weight {})", self.total())
    }
}
