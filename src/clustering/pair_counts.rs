//! Pairs of samples that two labelings put together or apart (Hubert and Arabie 1985).

use crate::ContingencyTable;
use crate::wide::ratio;

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

impl PairCounts {
    /// The share of pairs on which the labelings agree (Rand 1971).
    #[must_use]
    pub fn rand_index(&self) -> f64 {
        let agreeing = self.apart + self.together;
        match agreeing + self.columns_only + self.rows_only {
            0 => 1.0,
            pairs => ratio(agreeing, pairs),
        }
    }

    /// That share adjusted for chance (Hubert and Arabie 1985); exact up to 2^32 samples.
    #[must_use]
    pub fn adjusted_rand_index(&self) -> f64 {
        let Self { apart, columns_only, rows_only, together } = *self;
        if columns_only == 0 && rows_only == 0 {
            return 1.0;
        }
        let (agreeing, differing) = (together * apart, rows_only * columns_only);
        let most =
            (together + rows_only) * (rows_only + apart) + (together + columns_only) * (columns_only + apart);
        if agreeing < differing {
            -ratio(2 * (differing - agreeing), most)
        } else {
            ratio(2 * (agreeing - differing), most)
        }
    }

    /// The geometric mean of the shares of the pairs together in the rows, and in the columns, that are together in both
    /// (Fowlkes and Mallows 1983).
    #[must_use]
    pub fn fowlkes_mallows_index(&self) -> f64 {
        let share = |others| ratio(self.together, self.together + others).sqrt();
        if self.together == 0 { 0.0 } else { share(self.columns_only) * share(self.rows_only) }
    }
}
