//! The cells of a table: by row and then column, and those of the same place added up.

use super::weight::Weight;
use crate::{Error, memory};

/// A pair of labels that occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<M = u64> {
    /// Which row.
    pub row: u32,
    /// Which column.
    pub column: u32,
    /// How many samples, or what they weigh; never 0.
    pub count: M,
}

impl<M> Cell<M> {
    fn place(&self) -> (u32, u32) {
        (self.row, self.column)
    }
}

/// What is in a cell.
pub(super) trait Content: Copy + Default + PartialEq {
    /// The sum, if it is small enough.
    fn plus(self, other: Self) -> Result<Self, Error>;
}

impl Content for u64 {
    fn plus(self, other: Self) -> Result<Self, Error> {
        self.checked_add(other).ok_or(Error::Total)
    }
}

impl Content for Weight {
    fn plus(self, other: Self) -> Result<Self, Error> {
        Self::plus(self, other)
    }
}

/// Cells that come in any order.
pub(super) fn in_order<M: Content>(
    cells: impl ExactSizeIterator<Item = (usize, usize, M)>,
    n_rows: usize,
    n_columns: usize,
) -> Result<Vec<Cell<M>>, Error> {
    memory::check_size(n_rows.max(n_columns))?;
    let mut found: Vec<Cell<M>> = memory::with_capacity(cells.len())?;
    for (index, (row, column, count)) in cells.enumerate() {
        if row >= n_rows || column >= n_columns {
            return Err(Error::Cell { index });
        }
        if count != M::default() {
            found.push(Cell { row: row as u32, column: column as u32, count });
        }
    }
    found.sort_unstable_by_key(Cell::place);
    let mut result = Ok(());
    found.dedup_by(|next, kept| {
        let same = next.place() == kept.place();
        if same {
            match kept.count.plus(next.count) {
                Ok(sum) => kept.count = sum,
                Err(error) => result = Err(error),
            }
        }
        same
    });
    result.map(|()| found)
}

/// The cells of two tables, each in order.
pub(super) fn merged<M: Content>(
    left: impl ExactSizeIterator<Item = Cell<M>>,
    right: impl ExactSizeIterator<Item = Cell<M>>,
) -> Result<Vec<Cell<M>>, Error> {
    let mut cells: Vec<Cell<M>> = memory::with_capacity(left.len() + right.len())?;
    let (mut left, mut right) = (left.peekable(), right.peekable());
    loop {
        let from_left = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => a.place() <= b.place(),
            (a, _) => a.is_some(),
        };
        let Some(cell) = (if from_left { left.next() } else { right.next() }) else { return Ok(cells) };
        match cells.last_mut() {
            Some(last) if last.place() == cell.place() => last.count = last.count.plus(cell.count)?,
            _ => cells.push(cell),
        }
    }
}
