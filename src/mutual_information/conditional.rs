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

use super::arranged::Arranged;
use super::common_ball::{CONDITIONAL, Rule, common_ball};
use super::pointwise::Pointwise;
use crate::digamma::digamma;
use crate::neighbors::{Ball, Line, Points, RankPlane};
use crate::threads::Workers;
use crate::{Error, memory};

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
    match [x, y, z].map(Points::as_line) {
        [Some(_), Some(_), Some(_)] => of_scalars(&Arranged::new(&[x, y, z], workers)?, ks, workers),
        _ => common_ball(&[x, y, z].map(Into::into), &CONDITIONAL, Rule::Kraskov, ks, workers),
    }
}

/// The same for scalars, of which each is sorted once.
fn of_scalars(samples: &Arranged, ks: &[usize], workers: Workers<'_>) -> Result<Vec<Pointwise>, Error> {
    let scalars = [0, 1, 2].map(|part| samples.parts[part].as_line().unwrap_or_default());
    let lines = workers.map(3, |part, interrupt| Line::new(scalars[part], interrupt))?;
    let planes = workers.map(2, |part, interrupt| RankPlane::new(&lines[2], &lines[part], interrupt))?;
    samples.estimates(ks, workers, |k, radii| {
        let runs = |part: usize| lines[part].runs(scalars[part], radii, Ball::Open, workers);
        let (x, y, z) = (runs(0)?, runs(1)?, runs(2)?);
        let (n_xz, n_yz) = (planes[0].counts(&z, &x, workers)?, planes[1].counts(&z, &y, workers)?);
        let n_z = memory::collect(z.iter().map(|[start, end]| end.saturating_sub(*start)))?;
        // A sample counts itself, also where it has k others that equal it.
        let [n_xz, n_yz, n_z] = [n_xz, n_yz, n_z].map(|mut counts| {
            counts.iter_mut().for_each(|count| *count = (*count).max(1));
            counts
        });
        let mut estimate = Pointwise::new(digamma(k as u64));
        for (coefficient, counts) in [(1.0, n_z), (-1.0, n_xz), (-1.0, n_yz)] {
            estimate.add_digammas(coefficient, counts);
        }
        Ok(estimate)
    })
}
