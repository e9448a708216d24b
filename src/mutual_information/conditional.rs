//! Conditional mutual information from nearest neighbours (Frenzel and Pompe, Phys. Rev. Lett. 99, 2007).
//!
//! With `eps` the distance of a sample to its k-th neighbour in the joint space of X, Y and Z, and `n` the others strictly
//! nearer than that in a part of it,
//!
//! ```text
//! I(X; Y | Z) = psi(k) + mean of  psi(n_z + 1) - psi(n_xz + 1) - psi(n_yz + 1)
//! ```
//!
//! It is pulled towards 0 as Z gains dimensions: a quarter of the information is lost at five. O(n log n) in few
//! dimensions, quadratic in many.

use super::nearer::{Coincident, nearer};
use super::pointwise::Pointwise;
use crate::Error;
use crate::digamma::digamma;
use crate::neighbors::{Points, kth_distances_for};
use crate::threads::Workers;

/// The information that `x` and `y` share beyond `z`, for each of `ks`, as it comes: below 0 where there is little.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::Lengths`], [`Error::Radius`] where a distance is not finite,
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Points, Workers, conditional};
///
/// let column = |step: f64| (0..500).map(|i| f64::from(i) * step % 1.0).collect::<Vec<_>>();
/// let (x, z) = (Points::from_rows(&column(0.618), 1)?, Points::from_rows(&column(0.414), 1)?);
/// let of_itself = conditional(&x, &x, &z, &[3], Workers::new(1))?;
/// let of_what_is_known = conditional(&x, &z, &z, &[3], Workers::new(1))?;
/// assert!(of_itself[0].mean()? > 2.0);
/// assert!(of_what_is_known[0].mean()?.abs() < 0.2);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn conditional(
    x: &Points,
    y: &Points,
    z: &Points,
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Vec<Pointwise>, Error> {
    let all = kth_distances_for(&Points::joint(&[x, y, z])?, ks, workers)?;
    let (xz, yz) = (Points::joint(&[x, z])?, Points::joint(&[y, z])?);
    let estimate = |(&k, distances): (&usize, Vec<f64>)| {
        let count = |points| nearer(points, &distances, Coincident::NotNearer, workers);
        Ok(Pointwise::new(digamma(k as u64)).plus(count(z)?).minus(count(&xz)?).minus(count(&yz)?))
    };
    ks.iter().zip(all).map(estimate).collect()
}
