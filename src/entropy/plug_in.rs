//! The plug-in entropy: the entropy of the observed frequencies.
//!
//! ```text
//! H = sum_i n_i / N  ln(N / n_i),   0 ln 0 = 0
//! ```
//!
//! Biased by about -(K - 1) / 2N for K labels (Miller 1955).

use super::Term;
use crate::fixed_point::FixedPointSum;
use crate::n_log_n::{self, FRACTION, n_log_n, to_nats};
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

/// Sums of `N H` below 2^-60 nats are what is left of exact sums that are 0.
const NOTHING: u128 = 1 << (FRACTION - 60);

/// A sum of entropies of the same samples: 0 where the counts of its terms cancel, whatever their entropies are.
pub(super) fn sum(terms: &[(i64, Term<'_>)]) -> f64 {
    let total = terms.first().map_or(0, |(_, term)| term.counts.total());
    let times: u128 = terms.iter().map(|(coefficient, _)| u128::from(coefficient.unsigned_abs())).sum();
    if total < n_log_n::LIMIT {
        let whole = n_log_n(total);
        // As many bits are cut as all terms together need.
        let cut = (u128::BITS - times.leading_zeros()).saturating_sub(whole.leading_zeros() - 1);
        let of = |&(coefficient, ref term): &(i64, Term<'_>)| {
            let bins = term.counts.bins().iter();
            let apart: i128 = bins.map(|&(count, labels)| i128::from(labels) * n_log_n(count)).sum();
            i128::from(coefficient) * ((whole - apart) >> cut)
        };
        let sum: i128 = terms.iter().map(of).sum();
        if sum.unsigned_abs() <= NOTHING >> cut {
            return 0.0;
        }
        let size = to_nats(sum.abs());
        return sum.signum() as f64 * size * 2f64.powi(cut as i32) / total.max(1) as f64;
    }
    let mut sum = FixedPointSum::up_to(total as f64 * 64.0 * times as f64);
    for (coefficient, term) in terms {
        for &(count, labels) in term.counts.bins() {
            let samples = (labels * count) as f64;
            sum.add(*coefficient as f64 * samples * ln_ratio(total.into(), count));
        }
    }
    sum.value() / total as f64
}

/// `-ln p`.
pub(super) fn contribution(count: u64, n: u64) -> Result<f64, Error> {
    Ok(ln_ratio(n.into(), count))
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
