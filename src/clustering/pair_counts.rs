//! Pairs of samples that two labelings put together or apart (Hubert and Arabie 1985).

use crate::ContingencyTable;

/// How many ordered pairs of distinct samples are together or apart in the rows and in the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairCounts {
    /// Apart in both.
    pub apart: u128,
    /// Together in the columns only.
    pub columns_only: u128,
    /// Together in the rows only.
    pub rows_only: u128,
    /// Together in both.
    pub together: u128,
}

impl ContingencyTable {
    /// Counts the pairs, exactly: four sums of squares.
    ///
    /// ```
    /// use mutua::{ContingencyTable, Interrupt};
    ///
    /// let table = ContingencyTable::from_labels(&[0, 0, 1, 2], &[0, 0, 1, 1], &Interrupt::never())?;
    /// let pairs = table.pair_counts();
    /// assert_eq!((pairs.apart, pairs.columns_only, pairs.rows_only, pairs.together), (8, 2, 0, 2));
    /// # Ok::<(), mutua::Error>(())
    /// ```
    #[must_use]
    pub fn pair_counts(&self) -> PairCounts {
        let square = |count: u64| u128::from(count) * u128::from(count);
        let of_cells: u128 = self.cells().iter().map(|cell| square(cell.count)).sum();
        let of_rows: u128 = self.row_sums().iter().copied().map(square).sum();
        let of_columns: u128 = self.column_sums().iter().copied().map(square).sum();
        PairCounts {
            apart: square(self.total()) + of_cells - of_rows - of_columns,
            columns_only: of_columns - of_cells,
            rows_only: of_rows - of_cells,
            together: of_cells - u128::from(self.total()),
        }
    }
}
