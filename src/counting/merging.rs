//! Two tables as one: the cells of both by row and column, and those of the same place added up.

use super::contingency::{Cell, ContingencyTable};
use super::weight::Weight;
use super::weighted::WeightedTable;
use crate::{Error, memory};

/// A table that is to be merged: what its rows and its columns, in ascending order, become.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a, T> {
    /// The table.
    pub table: &'a T,
    /// What each row becomes.
    pub rows: &'a [i64],
    /// What each column becomes.
    pub columns: &'a [i64],
}

impl<'a, T> Part<'a, T> {
    /// The cells at their new places.
    fn moved<M: Copy>(
        self,
        cells: &'a [Cell<M>],
        sides: [usize; 2],
        shape: [usize; 2],
    ) -> Result<impl ExactSizeIterator<Item = Cell<M>> + use<'a, T, M>, Error> {
        let (rows, columns) = (self.rows, self.columns);
        for ((places, side), size) in [rows, columns].into_iter().zip(sides).zip(shape) {
            if places.len() != side {
                return Err(Error::Lengths { left: side, right: places.len() });
            }
            memory::check_size(size)?;
            let in_order = |index: usize| index == 0 || places[index - 1] < places[index];
            let inside = |index: usize| usize::try_from(places[index]).is_ok_and(|place| place < size);
            if let Some(index) = (0..side).find(|&index| !in_order(index) || !inside(index)) {
                return Err(Error::Cell { index });
            }
        }
        Ok(cells.iter().map(move |cell| Cell {
            row: rows[cell.row as usize] as u32,
            column: columns[cell.column as usize] as u32,
            count: cell.count,
        }))
    }
}

/// Both in one order, those of the same place added up.
fn merged<M: Copy>(
    left: impl ExactSizeIterator<Item = Cell<M>>,
    right: impl ExactSizeIterator<Item = Cell<M>>,
    add: impl Fn(M, M) -> Result<M, Error>,
) -> Result<Vec<Cell<M>>, Error> {
    let mut cells: Vec<Cell<M>> = memory::with_capacity(left.len() + right.len())?;
    let place = |cell: &Cell<M>| (cell.row, cell.column);
    let (mut left, mut right) = (left.peekable(), right.peekable());
    loop {
        let from_left = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => place(a) <= place(b),
            (a, _) => a.is_some(),
        };
        let Some(cell) = (if from_left { left.next() } else { right.next() }) else { return Ok(cells) };
        match cells.last_mut() {
            Some(last) if place(last) == place(&cell) => last.count = add(last.count, cell.count)?,
            _ => cells.push(cell),
        }
    }
}

impl ContingencyTable {
    /// The sum of two tables, in a shape that has room for both. Linear in the cells of both.
    ///
    /// # Errors
    /// [`Error::Lengths`] and [`Error::Cell`] for parts that do not fit, [`Error::Total`], [`Error::TooLarge`],
    /// [`Error::OutOfMemory`].
    pub fn merged(parts: [Part<'_, Self>; 2], shape: [usize; 2]) -> Result<Self, Error> {
        let [left, right] = parts.map(|part| {
            let table = part.table;
            part.moved(table.cells(), [table.row_sums().len(), table.column_sums().len()], shape)
        });
        let add = |a: u64, b: u64| a.checked_add(b).ok_or(Error::Total);
        let cells = merged(left?, right?, add)?;
        Self::from_sorted_cells(cells, shape[0], shape[1])
    }
}

impl WeightedTable {
    /// The sum of two tables, in a shape that has room for both. Linear in the cells of both.
    ///
    /// # Errors
    /// [`Error::Lengths`] and [`Error::Cell`] for parts that do not fit, [`Error::Total`], [`Error::TooLarge`],
    /// [`Error::OutOfMemory`].
    pub fn merged(parts: [Part<'_, Self>; 2], shape: [usize; 2]) -> Result<Self, Error> {
        let [left, right] = parts.map(|part| {
            let table = part.table;
            part.moved(table.cells(), [table.row_sums().len(), table.column_sums().len()], shape)
        });
        let cells = merged(left?, right?, Weight::plus)?;
        Self::from_sorted_cells(cells, shape[0], shape[1])
    }
}
