//! Mutual information of ranks from nearest neighbours, given other ranks or not (Frenzel and Pompe 2007).
//!
//! With `n_xz`, `n_yz`, `n_z` the points strictly nearer in these coordinates than the k-th neighbour is in all,
//!
//! ```text
//! I = psi(k) + mean of psi(n_z + 1) - psi(n_xz + 1) - psi(n_yz + 1)
//! ```
//!
//! Without z all points count there, and this is the first estimator of Kraskov, Stögbauer and Grassberger (2004). Ranks
//! make it depend on the copula alone; with `k` a fifth of the points this is the measure of Runge's test of conditional
//! independence (2018). Large `k` smooths: a small variance, and a bias towards 0. Strong dependence is lost to it.

use crate::Error;
use crate::digamma::{DigammaSum, digamma};
use crate::neighbors::{RankNeighbors, Ranks, rank_neighbors};
use crate::threads::Workers;

/// The estimate in nats, as it comes: below 0 where the dependence is weak. `z` may have no columns.
///
/// # Errors
/// As for [`rank_neighbors`].
///
/// ```
/// use mutua::{Interrupt, Ranks, rank_mutual_information};
///
/// let never = Interrupt::never();
/// let cause: Vec<f64> = (0..1000).map(|i| f64::from(i * i % 997)).collect();
/// let ranks = [Ranks::new(&cause, &never)?];
/// let free = rank_mutual_information(&ranks, &ranks, &[], 10, never.alone())?;
/// let given = rank_mutual_information(&ranks, &ranks, &ranks, 10, never.alone())?;
/// assert!(free > 4.0 && given.abs() < 0.1); // the cause explains itself
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn rank_mutual_information(
    x: &[Ranks],
    y: &[Ranks],
    z: &[Ranks],
    k: usize,
    workers: Workers<'_>,
) -> Result<f64, Error> {
    let (neighbors, _) = rank_neighbors(x, y, z, k, workers)?;
    from_rank_neighbors(&neighbors, k)
}

/// The estimate from the counts.
pub(crate) fn from_rank_neighbors(neighbors: &[RankNeighbors], k: usize) -> Result<f64, Error> {
    let mean_digamma = |nearer: fn(&RankNeighbors) -> u32| {
        let mut sum = DigammaSum::up_to(neighbors.len())?;
        neighbors.iter().for_each(|point| sum.add(nearer(point) as usize + 1, 1));
        Ok::<_, Error>(sum.mean())
    };
    let (xz, yz) = (mean_digamma(|point| point.xz)?, mean_digamma(|point| point.yz)?);
    Ok(digamma(k as u64) + mean_digamma(|point| point.z)? - (xz + yz))
}
