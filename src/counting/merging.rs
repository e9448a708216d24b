//! Two tables as one.

use super::cells::{self, Cell};
use super::contingency::ContingencyTable;
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
        Self::from_sorted_cells(cells::merged(left?, right?)?, shape[0], shape[1])
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
        Self::from_sorted_cells(cells::merged(left?, right?)?, shape[0], shape[1])
    }
}
