//! The plug-in entropy: the entropy of the observed frequencies.
//!
//! ```text
//! H = sum_i n_i / N  ln(N / n_i),   0 ln 0 = 0
//! ```
//!
//! Biased by about -(K - 1) / 2N for K labels (Miller 1955).

use crate::fixed_point::FixedPointSum;
use crate::n_log_n::{self, n_log_n, to_nats};
use crate::{Cell, ContingencyTable, Error, memory};

/// The plug-in entropy of `counts` in nats: 0 for one label or none, the same bits for any order of the counts.
///
/// ```
/// assert_eq!(mutua::entropy(&[7, 7]), 2f64.ln());
/// ```
#[must_use]
pub fn entropy(counts: &[u64]) -> f64 {
    let total: u128 = counts.iter().copied().map(u128::from).sum();
    if n_log_n::serves(total, counts.len()) {
        let sum = n_log_n(total as u64) - counts.iter().copied().map(n_log_n).sum::<i128>();
        return to_nats(sum) / (total as f64).max(1.0);
    }
    let mut sum = FixedPointSum::up_to(total as f64 * 64.0);
    for &count in counts.iter().filter(|&&count| count > 0) {
        sum.add(count as f64 * ln_ratio(total, count));
    }
    sum.value() / total as f64
}

impl ContingencyTable {
    /// The entropy of the cells in nats.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn joint_entropy(&self) -> Result<f64, Error> {
        Ok(entropy(&memory::collect(self.cells().iter().map(|cell| cell.count))?))
    }

    /// The entropy of the rows given the columns, and of the columns given the rows, in nats.
    ///
    /// ```
    /// use mutua::{ContingencyTable, Interrupt};
    ///
    /// let table = ContingencyTable::from_labels(&[0, 0, 1, 1], &[0, 1, 2, 2], &Interrupt::never())?;
    /// assert_eq!(table.conditional_entropies(), (0.0, 2f64.ln() / 2.0));
    /// # Ok::<(), mutua::Error>(())
    /// ```
    #[must_use]
    pub fn conditional_entropies(&self) -> (f64, f64) {
        let (rows, columns) = (self.row_sums(), self.column_sums());
        let of_rows = self.entropy_given(columns, |cell| columns[cell.column as usize]);
        (of_rows, self.entropy_given(rows, |cell| rows[cell.row as usize]))
    }

    /// `sum n / N ln(b / n)` over cells `n` in groups of `b`.
    fn entropy_given(&self, groups: &[u64], group: impl Fn(&Cell) -> u64) -> f64 {
        let (cells, total) = (self.cells(), self.total());
        if n_log_n::serves(total.into(), cells.len()) {
            let of_groups: i128 = groups.iter().copied().map(n_log_n).sum();
            let of_cells: i128 = cells.iter().map(|cell| n_log_n(cell.count)).sum();
            return to_nats(of_groups - of_cells) / (total as f64).max(1.0);
        }
        let mut sum = FixedPointSum::up_to(total as f64 * 64.0);
        for cell in cells {
            sum.add(cell.count as f64 * ln_ratio(group(cell).into(), cell.count));
        }
        sum.value() / total as f64
    }
}

/// `ln(total / count)`, to the last digits also where the two are close.
fn ln_ratio(total: u128, count: u64) -> f64 {
    let count = u128::from(count);
    if count > total / 2 {
        -(-((total - count) as f64) / total as f64).ln_1p()
    } else {
        (total as f64 / count as f64).ln()
    }
}
