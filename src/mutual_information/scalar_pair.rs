//! Two scalar samples, which need no search in space but one in the plane: [`ksg`], and what repeated values change.
//!
//! Only a sample with k others that equal it in both coordinates is counted differently by [`kraskov`](super::kraskov()),
//! [`mixture`](super::mixture()) and [`ksg`]. These are the cells of more than k samples in the table of distinct values, so
//! the difference is a sum over cells:
//!
//! ```text
//! Kraskov:   + 1/N sum over cells  m (psi(n_x) + psi(n_y) - 2 psi(1))
//! mixture:   + 1/N sum over cells  m (psi(m) - psi(k)) + ln N - psi(N)
//! ```
//!
//! with `m` samples in the cell, `n_x` and `n_y` in its row and its column.

use super::{Column, ksg};
use crate::digamma::digamma;
use crate::threads::Interrupt;
use crate::{ContingencyTable, Error, memory};

/// The estimator whose value is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairEstimator {
    /// The first of Kraskov, Stögbauer and Grassberger: [`kraskov`](super::kraskov()).
    Kraskov,
    /// That of Gao et al.: [`mixture`](super::mixture()).
    Mixture,
    /// The second where a value repeats in either sample, else the first.
    ByTies,
}

/// The mutual information of two scalar samples for each of `ks`, as it comes: below 0 where the dependence is weak.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::Lengths`], [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Column, Interrupt, PairEstimator, scalar_pair};
///
/// let never = Interrupt::never();
/// let coin: Vec<f64> = (0..1000).map(|i| f64::from(i % 2)).collect();
/// let coin = Column::new(&coin, &never)?;
/// let estimates = scalar_pair(&coin, &coin, &[3], PairEstimator::ByTies, &never)?;
/// assert!((estimates[0] - 2f64.ln()).abs() < 0.002); // a coin tells its side
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn scalar_pair(
    x: &Column<'_>,
    y: &Column<'_>,
    ks: &[usize],
    estimator: PairEstimator,
    interrupt: &Interrupt<'_>,
) -> Result<Vec<f64>, Error> {
    let n = x.values.len() as f64;
    let ties = (has_ties(x), has_ties(y));
    let is_mixture = match estimator {
        PairEstimator::Kraskov => false,
        PairEstimator::Mixture => true,
        PairEstimator::ByTies => ties != (false, false),
    };
    let constant = if is_mixture { n.ln() - digamma(n as u64) } else { 0.0 };
    let mut estimates = memory::with_capacity(ks.len())?;
    for &k in ks {
        estimates.push(ksg(x, y, k, interrupt)? + constant);
    }
    if ties == (true, true) {
        let table = ContingencyTable::from_labels(&distinct(x)?, &distinct(y)?, interrupt)?;
        let (rows, columns) = (table.row_sums(), table.column_sums());
        for (estimate, &k) in estimates.iter_mut().zip(ks) {
            for cell in table.cells().iter().filter(|cell| cell.count > k as u64) {
                let difference = if is_mixture {
                    digamma(cell.count) - digamma(k as u64)
                } else {
                    let (row, column) = (rows[cell.row as usize], columns[cell.column as usize]);
                    digamma(row) + digamma(column) - 2.0 * digamma(1)
                };
                *estimate += cell.count as f64 / n * difference;
            }
        }
    }
    Ok(estimates)
}

fn has_ties(column: &Column<'_>) -> bool {
    column.line.values().windows(2).any(|pair| pair[0] == pair[1])
}

/// Labels that are equal where the values are; both zeros are one value.
fn distinct(column: &Column<'_>) -> Result<Vec<i64>, Error> {
    memory::collect(column.values.iter().map(|value| (value + 0.0).to_bits() as i64))
}
