//! How often each pair of labels occurs.
//!
//! Few labels are counted in a dense table, many by sorting the pairs within each row: memory is proportional to the
//! number of samples (of a table given by its cells, to their number and the two sides), never to rows times columns.

use super::codes::{Codes, Span, encode};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// A pair of labels that occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Which row.
    pub row: u32,
    /// Which column.
    pub column: u32,
    /// How many samples; never 0.
    pub count: u64,
}

/// The cells that are not empty, by row and then column, with both margins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContingencyTable {
    cells: Vec<Cell>,
    row_sums: Vec<u64>,
    column_sums: Vec<u64>,
    total: u64,
}

/// A dense table may have this many cells for each sample, and this many in any case.
const CELLS_PER_SAMPLE: usize = 4;
const CELLS_ANYWAY: usize = 1 << 12;

/// How many rows are sorted between two questions whether to go on.
const BATCH: u32 = 1 << 10;

/// Totals stay below this, so that products of two of them fit into 127 bits.
const MOST_SAMPLES: u64 = i64::MAX as u64;

fn dense_size(n_rows: usize, n_columns: usize, n: usize) -> Option<usize> {
    let limit = (CELLS_PER_SAMPLE * n).max(CELLS_ANYWAY);
    let numbered = n_rows.max(n_columns) < u32::MAX as usize;
    n_rows.checked_mul(n_columns).filter(|&cells| numbered && cells <= limit)
}

impl ContingencyTable {
    /// Counts the pairs `(x[i], y[i])`. Rows are the labels of `x` in ascending order, columns those of `y`.
    ///
    /// Linear for few labels, O(n log n) at worst.
    ///
    /// # Errors
    /// [`Error::Lengths`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn from_labels(x: &[i64], y: &[i64], interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        if x.len() != y.len() {
            return Err(Error::Lengths { left: x.len(), right: y.len() });
        }
        memory::check_size(x.len())?;
        // Narrow ranges are counted without numbering the labels first: empty rows and columns are dropped afterwards.
        if let (Some(rows), Some(columns)) = (Span::of(x), Span::of(y))
            && let Some(size) = dense_size(rows.width, columns.width, x.len())
        {
            let places = x
                .iter()
                .zip(y)
                .map(|(&x, &y)| rows.offset(x).wrapping_mul(columns.width).wrapping_add(columns.offset(y)));
            return Self::from_dense(&count_places(places, size)?, rows.width, columns.width);
        }
        Self::from_codes(&encode(x, interrupt)?, &encode(y, interrupt)?, interrupt)
    }

    fn from_codes(x: &Codes, y: &Codes, interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        let (n_rows, n_columns) = (x.n_distinct(), y.n_distinct());
        let pairs = x.as_slice().iter().zip(y.as_slice());
        match dense_size(n_rows, n_columns, x.as_slice().len()) {
            Some(size) => {
                let places = pairs.map(|(&x, &y)| x as usize * n_columns + y as usize);
                Self::from_dense(&count_places(places, size)?, n_rows, n_columns)
            }
            None => Self::from_many_codes(x, y, interrupt),
        }
    }

    /// Gathers the columns of each row, sorts them and counts the runs.
    fn from_many_codes(x: &Codes, y: &Codes, interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        let n = x.as_slice().len();
        let occurrences = x.occurrences()?;
        let mut next_of_row = memory::with_capacity(occurrences.len())?;
        next_of_row.extend(
            occurrences.iter().scan(0, |start, &count| Some(std::mem::replace(start, *start + count))),
        );
        let mut gathered = memory::filled(n, 0)?;
        for (&row, &column) in x.as_slice().iter().zip(y.as_slice()) {
            let place = &mut next_of_row[row as usize];
            gathered[*place as usize] = column;
            *place += 1;
        }
        let mut cells = memory::with_capacity(n)?;
        let mut gathered = gathered.as_mut_slice();
        for (row, &count) in (0..).zip(&occurrences) {
            let (columns, others) = gathered.split_at_mut(count as usize);
            if row % BATCH == 0 || columns.len() > BATCH as usize {
                interrupt.check()?;
            }
            gathered = others;
            columns.sort_unstable();
            let runs = columns.chunk_by(|a, b| a == b);
            cells.extend(runs.map(|run| Cell { row, column: run[0], count: run.len() as u64 }));
        }
        Self::from_sorted_cells(cells, x.n_distinct(), y.n_distinct())
    }

    fn from_dense(counts: &[u32], n_rows: usize, n_columns: usize) -> Result<Self, Error> {
        let occupied = counts.iter().filter(|&&count| count > 0).count();
        let mut cells = memory::with_capacity(occupied)?;
        for (row, counts) in (0..).zip(counts.chunks_exact(n_columns.max(1))) {
            let columns = (0..).zip(counts).filter(|&(_, &count)| count > 0);
            cells.extend(columns.map(|(column, &count)| Cell { row, column, count: u64::from(count) }));
        }
        let mut table = Self::from_sorted_cells(cells, n_rows, n_columns)?;
        table.drop_empty()?;
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
        memory::check_size(n_rows.max(n_columns))?;
        let mut sorted: Vec<Cell> = memory::with_capacity(cells.len())?;
        for (index, (row, column, count)) in cells.enumerate() {
            if row >= n_rows || column >= n_columns {
                return Err(Error::Cell { index });
            }
            if count > 0 {
                sorted.push(Cell { row: row as u32, column: column as u32, count });
            }
        }
        sorted.sort_unstable_by_key(|cell| (cell.row, cell.column));
        sorted.dedup_by(|next, kept| {
            let same = (next.row, next.column) == (kept.row, kept.column);
            kept.count = if same { kept.count.saturating_add(next.count) } else { kept.count };
            same
        });
        Self::from_sorted_cells(sorted, n_rows, n_columns)
    }

    fn from_sorted_cells(cells: Vec<Cell>, n_rows: usize, n_columns: usize) -> Result<Self, Error> {
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

    fn drop_empty(&mut self) -> Result<(), Error> {
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

/// How often each place occurs.
fn count_places(places: impl Iterator<Item = usize>, size: usize) -> Result<Vec<u32>, Error> {
    let mut counts = memory::filled(size, 0u32)?;
    for place in places {
        // No place is beyond the table unless another thread writes to the labels meanwhile.
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
    }
    Ok(counts)
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
