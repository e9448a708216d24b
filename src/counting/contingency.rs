//! How often each pair of labels occurs.
//!
//! Few labels are counted in a dense table, many by sorting the pairs: memory is proportional to the number of samples (of
//! a table given by its cells, to their number and the two sides), never to rows times columns.

use super::cells::{self, Cell};
use super::codes::Narrow;
use super::labels::{Labels, Span};
use super::{dense, sorted};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// The cells that are not empty, by row and then column, with both margins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContingencyTable {
    cells: Vec<Cell>,
    row_sums: Vec<u64>,
    column_sums: Vec<u64>,
    total: u64,
}

/// For each row, and for each column, something about the label.
pub type Sides = [Vec<u64>; 2];

/// Totals stay below this, so that products of two of them fit into 127 bits.
const MOST_SAMPLES: u64 = i64::MAX as u64;

/// Cells that are gathered together.
const FEW: usize = 16;

impl ContingencyTable {
    /// Counts the pairs `(x[i], y[i])`. Rows are the labels of `x` in ascending order, columns those of `y`.
    ///
    /// Linear for few labels or many that span a range of about their number; O(n log n) at worst.
    ///
    /// # Errors
    /// [`Error::Lengths`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn from_labels<'a, 'b>(
        x: impl Into<Labels<'a>>,
        y: impl Into<Labels<'b>>,
        interrupt: &Interrupt<'_>,
    ) -> Result<Self, Error> {
        Self::count(x.into(), y.into(), interrupt, None)
    }

    /// The same, with the label of each row and of each column as [`Label::key`](super::Label) has it.
    ///
    /// # Errors
    /// Those of [`ContingencyTable::from_labels`].
    pub fn with_keys(
        x: Labels<'_>,
        y: Labels<'_>,
        interrupt: &Interrupt<'_>,
    ) -> Result<(Self, Sides), Error> {
        let mut keys = Sides::default();
        let table = Self::count(x, y, interrupt, Some(&mut keys))?;
        Ok((table, keys))
    }

    fn count(
        x: Labels<'_>,
        y: Labels<'_>,
        interrupt: &Interrupt<'_>,
        mut keys: Option<&mut Sides>,
    ) -> Result<Self, Error> {
        let n = x.len();
        if n != y.len() {
            return Err(Error::Lengths { left: n, right: y.len() });
        }
        memory::check_size(n)?;
        // Most labels occur among the first ones; whether they all do is found out by counting.
        if let (Some(rows), Some(columns)) = (x.beginning().span(), y.beginning().span())
            && let Some(table) = Self::dense(x, y, [rows, columns], interrupt, keys.as_deref_mut())?
        {
            if let Some([of_rows, of_columns]) = keys {
                rows.offsets_to_keys(of_rows);
                columns.offsets_to_keys(of_columns);
            }
            return Ok(table);
        }
        let narrow = [Narrow::new(x, interrupt)?, Narrow::new(y, interrupt)?];
        let [(of_x, rows), (of_y, columns)] = narrow.each_ref().map(Narrow::labels);
        let table = match Self::dense(of_x, of_y, [rows, columns], interrupt, keys.as_deref_mut())? {
            Some(table) => table,
            None => {
                let (cells, column_sums) = sorted::count(of_x, of_y, [rows, columns], interrupt)?;
                let mut row_sums = memory::filled(rows.width as usize, 0)?;
                cells.iter().for_each(|cell| row_sums[cell.row as usize] += cell.count);
                let mut table = Self { cells, row_sums, column_sums, total: n as u64 };
                table.drop_empty(keys.as_deref_mut())?;
                table
            }
        };
        if let Some(keys) = keys {
            for ((narrow, labels), offsets) in narrow.iter().zip([x, y]).zip(keys) {
                narrow.offsets_to_keys(labels, offsets)?;
            }
        }
        Ok(table)
    }

    /// Counts in a table of all cells; `None` if they are too many, or a label is beyond its span.
    fn dense(
        x: Labels<'_>,
        y: Labels<'_>,
        spans: [Span; 2],
        interrupt: &Interrupt<'_>,
        offsets: Option<&mut Sides>,
    ) -> Result<Option<Self>, Error> {
        if dense::size(spans.iter(), x.len()).is_none() {
            return Ok(None);
        }
        let counts = dense::count(&[(x, spans[0]), (y, spans[1])], interrupt)?;
        let [rows, columns] = spans.map(|span| span.width as usize);
        counts.map(|counts| Self::from_dense(&counts, rows, columns, offsets)).transpose()
    }

    fn from_dense(
        counts: &[u32],
        n_rows: usize,
        n_columns: usize,
        offsets: Option<&mut Sides>,
    ) -> Result<Self, Error> {
        let occupied = counts.iter().filter(|&&count| count > 0).count();
        let mut cells = memory::with_capacity(occupied)?;
        let mut row_sums = memory::with_capacity(n_rows)?;
        let mut column_sums = memory::filled(n_columns, 0u64)?;
        let mut few = [Cell { row: 0, column: 0, count: 0 }; FEW];
        for (row, counts) in (0..).zip(counts.chunks_exact(n_columns.max(1))) {
            row_sums.push(counts.iter().copied().map(u64::from).sum());
            column_sums.iter_mut().zip(counts).for_each(|(sum, &count)| *sum += u64::from(count));
            // Every cell is written and a cell without samples written over: a branch would often be guessed wrong.
            for (columns, counts) in (0..).step_by(FEW).zip(counts.chunks(FEW)) {
                let mut n = 0;
                for (column, &count) in (columns..).zip(counts) {
                    few[n] = Cell { row, column, count: count.into() };
                    n += usize::from(count > 0);
                }
                cells.extend_from_slice(&few[..n]);
            }
        }
        let total = row_sums.iter().sum();
        let mut table = Self { cells, row_sums, column_sums, total };
        table.drop_empty(offsets)?;
        Ok(table)
    }

    /// A table from its cells, in any order; cells named twice are added up, empty rows and columns stay.
    ///
    /// # Errors
    /// [`Error::Cell`] for a cell outside the shape, [`Error::Total`], [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn from_cells(
        cells: impl ExactSizeIterator<Item = (usize, usize, u64)>,
        n_rows: usize,
        n_columns: usize,
    ) -> Result<Self, Error> {
        Self::from_sorted_cells(cells::in_order(cells, n_rows, n_columns)?, n_rows, n_columns)
    }

    pub(super) fn from_sorted_cells(
        cells: Vec<Cell>,
        n_rows: usize,
        n_columns: usize,
    ) -> Result<Self, Error> {
        let mut row_sums = memory::filled(n_rows, 0u64)?;
        let mut column_sums = memory::filled(n_columns, 0u64)?;
        let mut total = 0u64;
        for cell in &cells {
            total = total.checked_add(cell.count).filter(|&sum| sum <= MOST_SAMPLES).ok_or(Error::Total)?;
            row_sums[cell.row as usize] += cell.count;
            column_sums[cell.column as usize] += cell.count;
        }
        Ok(Self { cells, row_sums, column_sums, total })
    }

    /// Drops rows and columns without samples; says where the others were.
    fn drop_empty(&mut self, offsets: Option<&mut Sides>) -> Result<(), Error> {
        if let Some(offsets) = offsets {
            *offsets = [occupied(&self.row_sums)?, occupied(&self.column_sums)?];
        }
        let rows = drop_zeros(&mut self.row_sums)?;
        let columns = drop_zeros(&mut self.column_sums)?;
        if let Some(new) = rows {
            self.cells.iter_mut().for_each(|cell| cell.row = new[cell.row as usize]);
        }
        if let Some(new) = columns {
            self.cells.iter_mut().for_each(|cell| cell.column = new[cell.column as usize]);
        }
        Ok(())
    }

    /// The cells that are not empty, by row and then column.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The number of samples in each row.
    #[must_use]
    pub fn row_sums(&self) -> &[u64] {
        &self.row_sums
    }

    /// The number of samples in each column.
    #[must_use]
    pub fn column_sums(&self) -> &[u64] {
        &self.column_sums
    }

    /// The number of samples.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }
}

/// Where the sums are not 0.
fn occupied(sums: &[u64]) -> Result<Vec<u64>, Error> {
    let mut places = memory::with_capacity(sums.iter().filter(|&&sum| sum > 0).count())?;
    places.extend((0..).zip(sums).filter(|&(_, &sum)| sum > 0).map(|(place, _)| place));
    Ok(places)
}

/// Removes the zeros; where there were any, says where each of the others has gone.
fn drop_zeros(sums: &mut Vec<u64>) -> Result<Option<Vec<u32>>, Error> {
    if !sums.contains(&0) {
        return Ok(None);
    }
    let mut new = memory::with_capacity(sums.len())?;
    new.extend(sums.iter().scan(0, |kept, &sum| Some(std::mem::replace(kept, *kept + u32::from(sum > 0)))));
    sums.retain(|&sum| sum > 0);
    Ok(Some(new))
}
