//! Mutual information of samples in any number of dimensions from nearest neighbours (Kraskov, Stögbauer and Grassberger,
//! Phys. Rev. E 69, 2004): both estimators, for two or more parts.
//!
//! For `m` parts, with `eps` the distance of a sample to its k-th neighbour in the joint space,
//!
//! ```text
//! first:   I = psi(k) + (m - 1) psi(N) - sum over parts of mean psi(n + 1)          n others nearer than eps
//! second:  I = psi(k) + (m - 1) (psi(N) - 1/k) - sum over parts of mean psi(n)      n others within the extent
//! ```
//!
//! The extent of a part is how far apart in it the farthest of the k neighbours is. The second estimator is less biased
//! in many dimensions and scatters a little more. O(n log n) in few dimensions, quadratic in many. Two scalar samples are
//! faster by [`scalar_pair`](super::scalar_pair()).

use super::arranged::Arranged;
use super::common_ball::{Marginal, Rule, common_ball};
use super::pointwise::Pointwise;
use crate::digamma::digamma;
use crate::neighbors::all_pairs::{Nearer, nearer_in_parts};
use crate::neighbors::{Ball, Points, counts_within};
use crate::threads::Workers;
use crate::{Error, memory};

/// Which of the two estimators of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kraskov {
    /// The same radius in every part (equation 8).
    First,
    /// In each part the extent of the neighbours there (equation 9).
    Second,
}

/// The mutual information of the parts for each of `ks`, as it comes: below 0 where the dependence is weak.
///
/// Counts are strict: a sample with k others at distance 0 has none nearer. Where values repeat, prefer
/// [`mixture`](super::mixture()).
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::Lengths`], [`Error::Shape`] for no parts, [`Error::Term`] for more than
/// 63, [`Error::Radius`] where a distance is not finite, [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Kraskov, Points, Workers, kraskov};
///
/// let x: Vec<f64> = (0..1000).map(|i| f64::from(i) * 0.618 % 1.0).collect();
/// let planar = Points::from_rows(&x, 2)?; // 500 points in the plane
/// let estimates = kraskov(&[&planar, &planar], Kraskov::First, &[1, 10], Workers::new(1))?;
/// assert!(estimates[0].mean()? > 5.0); // a sample tells all about itself
/// assert!(estimates[1].mean()? < estimates[0].mean()?); // of which more neighbours see less
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn kraskov(
    parts: &[&Points],
    kind: Kraskov,
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Vec<Pointwise>, Error> {
    match kind {
        Kraskov::First => {
            let terms = total_correlation(parts.len())?;
            if let Some(nearer) = nearer_in_parts(parts, ks, workers)? {
                return first(ks, nearer);
            }
            let marginals: Vec<Marginal<'_>> = parts.iter().map(|&part| part.into()).collect();
            common_ball(&marginals, &terms, Rule::Kraskov, ks, workers)
        }
        Kraskov::Second => {
            let samples = Arranged::new(parts, workers)?;
            samples.estimates(ks, workers, |k, distances| second(&samples, k, distances, workers))
        }
    }
}

/// `H(X_1) + H(X_2) + ... - H(X_1, X_2, ...)`.
fn total_correlation(n_parts: usize) -> Result<Vec<(f64, u64)>, Error> {
    if n_parts > u64::BITS as usize {
        return Err(Error::Variables { n: n_parts });
    }
    let all = 1u64.checked_shl(n_parts as u32).map_or(u64::MAX, |beyond| beyond - 1);
    Ok(std::iter::once((-1.0, all)).chain((0..n_parts).map(|part| (1.0, 1 << part))).collect())
}

/// The first estimator for each of `ks`, from the numbers of samples that are nearer in each part, the sample included.
fn first(ks: &[usize], nearer: Nearer) -> Result<Vec<Pointwise>, Error> {
    let estimate = |(&k, parts): (&usize, Vec<Vec<u32>>)| {
        let (n, others) = (parts[0].len(), parts.len() as f64 - 1.0);
        let mut estimate =
            Pointwise::new(others * digamma(n as u64)).at(memory::collect(0..memory::check_size(n)?)?, n);
        estimate.add_digammas(1.0, memory::filled(n, memory::check_size(k)?)?);
        parts.into_iter().for_each(|counts| estimate.add_digammas(-1.0, counts));
        Ok(estimate)
    };
    ks.iter().zip(nearer).map(estimate).collect()
}

/// The second estimator for one k.
pub(super) fn second(
    samples: &Arranged,
    k: usize,
    distances: &[f64],
    workers: Workers<'_>,
) -> Result<Pointwise, Error> {
    let others = samples.parts.len() as f64 - 1.0;
    let mut estimate =
        Pointwise::new(digamma(k as u64) + others * (digamma(distances.len() as u64) - 1.0 / k as f64));
    let (extents, _) = samples.tree.extents_within(distances, workers)?;
    for (part, extent) in samples.parts.iter().zip(extents) {
        estimate.add_digammas(-1.0, counts_within(part, &extent, Ball::Closed, workers)?);
    }
    Ok(estimate)
}
