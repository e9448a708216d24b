//! Two scalar samples, which need no search in space but one in the plane: [`ksg`], and what repeated values change.
//!
//! [`ksg`] with [`Duplicates::Apart`] is the first estimator of Kraskov et al.; with [`Duplicates::Nearer`] it is that of
//! Gao et al. but for a constant, and for the samples that k others equal in both coordinates. These are the cells of more
//! than k samples in the table of distinct values:
//!
//! ```text
//! mixture = ksg + ln N - psi(N) + 1/N sum over cells  m (psi(m) - psi(k)),   m > k samples in the cell
//! ```

use super::ksg::{Duplicates, check};
use super::pointwise::Pointwise;
use super::sorted_pair::SortedPair;
use super::ties::{Ties, by_ties, ties};
use crate::digamma::digamma;
use crate::neighbors::Points;
use crate::threads::Workers;
use crate::{ContingencyTable, Error, memory};

/// The estimator whose value is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairEstimator {
    /// The first of Kraskov, Stögbauer and Grassberger: [`kraskov`](super::kraskov()).
    Kraskov,
    /// That of Gao et al.: [`mixture`](super::mixture()).
    Mixture,
    /// As [`by_ties`].
    ByTies,
}

/// The mutual information of two scalar samples for each of `ks`, as it comes: below 0 where the dependence is weak.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::Lengths`], [`Error::NotFinite`], [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
///
/// ```
/// use mutua::{PairEstimator, Workers, scalar_pair};
///
/// let coin: Vec<f64> = (0..1000).map(|i| f64::from(i % 2)).collect();
/// let estimates = scalar_pair(&coin, &coin, &[3], PairEstimator::ByTies, Workers::new(1))?;
/// assert!((estimates[0] - 2f64.ln()).abs() < 0.002); // a coin tells its side
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn scalar_pair(
    x: &[f64],
    y: &[f64],
    ks: &[usize],
    estimator: PairEstimator,
    workers: Workers<'_>,
) -> Result<Vec<f64>, Error> {
    ks.iter().try_for_each(|&k| check(x, y, k))?;
    let duplicates = match estimator {
        PairEstimator::Kraskov => Duplicates::Apart,
        PairEstimator::Mixture | PairEstimator::ByTies => Duplicates::Nearer,
    };
    let most = ks.iter().copied().max().unwrap_or(1);
    let pair = SortedPair::new(x, y, most, workers)?;
    let repeats = pair.have_ties();
    if estimator == PairEstimator::ByTies && repeats != (false, false) {
        let (x, y) = (Points::from_columns(&[x])?, Points::from_columns(&[y])?);
        if ties(&[(&x).into(), (&y).into()], most, workers)? == Ties::Atoms {
            return by_ties(&x, &y, ks, workers)?.iter().map(Pointwise::mean).collect();
        }
    }
    let mut estimates = memory::with_capacity(ks.len())?;
    for &k in ks {
        estimates.push(pair.ksg(k, duplicates, workers)?);
    }
    let is_mixture = match estimator {
        PairEstimator::Kraskov => false,
        PairEstimator::Mixture => true,
        PairEstimator::ByTies => repeats != (false, false),
    };
    if is_mixture {
        let n = x.len() as f64;
        estimates.iter_mut().for_each(|estimate| *estimate += n.ln() - digamma(x.len() as u64));
        if repeats == (true, true) {
            let (x, y) = (distinct(x)?, distinct(y)?);
            let table = workers.alone(|interrupt| ContingencyTable::from_labels(&x, &y, interrupt))?;
            for (estimate, &k) in estimates.iter_mut().zip(ks) {
                for cell in table.cells().iter().filter(|cell| cell.count > k as u64) {
                    *estimate += cell.count as f64 / n * (digamma(cell.count) - digamma(k as u64));
                }
            }
        }
    }
    Ok(estimates)
}

/// Labels that are equal where the values are; both zeros are one value.
fn distinct(values: &[f64]) -> Result<Vec<i64>, Error> {
    memory::collect(values.iter().map(|value| (value + 0.0).to_bits() as i64))
}
