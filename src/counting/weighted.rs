//! What each pair of labels weighs: a contingency table of weights, or of probabilities.

use super::cells::{self, Cell, Content};
use super::codes::{Codes, encode};
use super::contingency::{ContingencyTable, Sides};
use super::labels::Labels;
use super::weight::Weight;
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Samples between two questions whether to go on.
const BATCH: usize = 1 << 14;

/// The cells that weigh something, by row and then column, with both margins. Sums are exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightedTable {
    cells: Vec<Cell<Weight>>,
    row_sums: Vec<Weight>,
    column_sums: Vec<Weight>,
    total: Weight,
}

impl WeightedTable {
    /// A table from its cells, in any order; cells named twice are added up, empty rows and columns stay.
    ///
    /// # Errors
    /// [`Error::Cell`] for a cell outside the shape, [`Error::Total`], [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn from_cells(
        cells: impl ExactSizeIterator<Item = (usize, usize, Weight)>,
        n_rows: usize,
        n_columns: usize,
    ) -> Result<Self, Error> {
        Self::from_sorted_cells(cells::in_order(cells, n_rows, n_columns)?, n_rows, n_columns)
    }

    pub(super) fn from_sorted_cells(
        cells: Vec<Cell<Weight>>,
        n_rows: usize,
        n_columns: usize,
    ) -> Result<Self, Error> {
        let mut row_sums = memory::filled(n_rows, Weight::default())?;
        let mut column_sums = memory::filled(n_columns, Weight::default())?;
        let mut total = Weight::default();
        for cell in &cells {
            total = total.plus(cell.count)?;
            let (row, column) = (&mut row_sums[cell.row as usize], &mut column_sums[cell.column as usize]);
            *row = row.plus(cell.count)?;
            *column = column.plus(cell.count)?;
        }
        Ok(Self { cells, row_sums, column_sums, total })
    }

    /// A table of counts, as weights.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn from_counts(table: &ContingencyTable) -> Result<Self, Error> {
        let weight =
            |cell: &Cell| Cell { row: cell.row, column: cell.column, count: Weight::of_count(cell.count) };
        let cells = memory::collect(table.cells().iter().map(weight))?;
        Self::from_sorted_cells(cells, table.row_sums().len(), table.column_sums().len())
    }

    /// The cells that weigh something, by row and then column.
    #[must_use]
    pub fn cells(&self) -> &[Cell<Weight>] {
        &self.cells
    }

    /// The weight of each row.
    #[must_use]
    pub fn row_sums(&self) -> &[Weight] {
        &self.row_sums
    }

    /// The weight of each column.
    #[must_use]
    pub fn column_sums(&self) -> &[Weight] {
        &self.column_sums
    }

    /// The weight of all.
    #[must_use]
    pub fn total(&self) -> Weight {
        self.total
    }

    /// Adds up the weights of the pairs `(x[i], y[i])`, with the label of each row and column as keys.
    ///
    /// # Errors
    /// Those of [`ContingencyTable::from_labels`], and [`Error::Total`].
    pub fn with_keys(
        x: Labels<'_>,
        y: Labels<'_>,
        weights: impl ExactSizeIterator<Item = Weight>,
        interrupt: &Interrupt<'_>,
    ) -> Result<(Self, Sides), Error> {
        let (cells, keys) = weighed(x, y, weights, interrupt)?;
        let (n_rows, n_columns) = (keys[0].len(), keys[1].len());
        let heavy = cells.into_iter().filter(|cell| !cell.count.is_zero()).collect();
        Ok((Self::from_sorted_cells(heavy, n_rows, n_columns)?, keys))
    }
}

impl ContingencyTable {
    /// Counts the pair `(x[i], y[i])` as often as its count says, with the label of each row and column as keys.
    ///
    /// # Errors
    /// Those of [`ContingencyTable::from_labels`], and [`Error::Total`].
    pub fn with_keys_and_counts(
        x: Labels<'_>,
        y: Labels<'_>,
        counts: impl ExactSizeIterator<Item = u64>,
        interrupt: &Interrupt<'_>,
    ) -> Result<(Self, Sides), Error> {
        let (cells, keys) = weighed(x, y, counts, interrupt)?;
        let (n_rows, n_columns) = (keys[0].len(), keys[1].len());
        let some = cells.into_iter().filter(|cell| cell.count > 0).collect();
        Ok((Self::from_sorted_cells(some, n_rows, n_columns)?, keys))
    }
}

/// The pairs that occur, by row and then column, with the sums of what they weigh. Labels whose samples weigh nothing stay.
fn weighed<M: Content>(
    x: Labels<'_>,
    y: Labels<'_>,
    weights: impl ExactSizeIterator<Item = M>,
    interrupt: &Interrupt<'_>,
) -> Result<(Vec<Cell<M>>, Sides), Error> {
    for n in [y.len(), weights.len()] {
        if n != x.len() {
            return Err(Error::Lengths { left: x.len(), right: n });
        }
    }
    let (rows, columns) = (encode(x, interrupt)?, encode(y, interrupt)?);
    let keys = [rows.keys(x)?, columns.keys(y)?];
    let pairs = ContingencyTable::from_labels(rows.as_slice(), columns.as_slice(), interrupt)?;
    let empty = |cell: &Cell| Cell { row: cell.row, column: cell.column, count: M::default() };
    let mut cells = memory::collect(pairs.cells().iter().map(empty))?;
    let starts = starts(&rows, &cells)?;
    for (index, weight) in weights.enumerate() {
        if index % BATCH == 0 {
            interrupt.check()?;
        }
        let (row, column) = (rows.as_slice()[index] as usize, columns.as_slice()[index]);
        let in_row = &mut cells[starts[row]..starts[row + 1]];
        let place = in_row.partition_point(|cell| cell.column < column);
        in_row[place].count = in_row[place].count.plus(weight)?;
    }
    Ok((cells, keys))
}

/// Where the cells of each row start, and where the last end.
fn starts<M>(rows: &Codes, cells: &[Cell<M>]) -> Result<Vec<usize>, Error> {
    let mut starts = memory::filled(rows.n_distinct() + 1, 0)?;
    for cell in cells {
        starts[cell.row as usize + 1] += 1;
    }
    for row in 1..starts.len() {
        starts[row] += starts[row - 1];
    }
    Ok(starts)
}
