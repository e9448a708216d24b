//! Mutual information where values repeat (Gao, Kannan, Oh and Viswanath, NeurIPS 2017): for discrete, continuous and
//! mixed variables in one formula.
//!
//! With `eps` the distance of a sample to its k-th neighbour in the joint space, and all counts including the sample,
//!
//! ```text
//! I = ln N + mean of  psi(k') - psi(n_x) - psi(n_y)
//! eps > 0:   k' = k,                        n_x, n_y strictly nearer than eps
//! eps = 0:   k' = samples that equal it,    n_x, n_y that equal it
//! ```
//!
//! This is the code its authors published; the paper writes `ln(n + 1)` for both `psi(n)`. Where no sample has k others
//! that equal it, it differs from the first estimator of Kraskov et al. by `ln N - psi(N)`, about 1/2N.

use super::common_ball::{MUTUAL_INFORMATION, Rule, common_ball};
use super::pointwise::Pointwise;
use crate::Error;
use crate::neighbors::Points;
use crate::threads::Workers;

/// The mutual information of `x` and `y` for each of `ks`, as it comes.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::Lengths`], [`Error::Radius`] where a distance is not finite,
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Points, Workers, mixture};
///
/// let coin: Vec<f64> = (0..1000).map(|i| f64::from(i % 2)).collect();
/// let coin = Points::from_rows(&coin, 1)?;
/// let estimate = mixture(&coin, &coin, &[3], Workers::new(1))?[0].mean()?;
/// assert!((estimate - 2f64.ln()).abs() < 0.002); // a coin tells its side
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn mixture(x: &Points, y: &Points, ks: &[usize], workers: Workers<'_>) -> Result<Vec<Pointwise>, Error> {
    common_ball(&[x.into(), y.into()], &MUTUAL_INFORMATION, Rule::Mixture, ks, workers)
}
