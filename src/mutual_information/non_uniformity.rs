//! Total correlation of strongly dependent scalars: neighbour counts, corrected where the density is not uniform around a
//! sample (Gao, Ver Steeg and Galstyan, AISTATS 2015).
//!
//! The second estimator of Kraskov et al. takes the density as constant in the box of the k neighbours, whose sides are
//! those of the coordinates. Strong dependence fills a thin part of it alone: a box along the principal axes of the
//! neighbours, `V'`, is then much smaller than the box `V` along the coordinates.
//!
//! ```text
//! I = I_2 + mean of  ln(V / V')  over the samples where  V' < alpha V,   else of 0
//! ```
//!
//! Both boxes are centred at the sample, and so are the principal axes. All samples within the distance of the k-th
//! neighbour count, ties included. The time is that of the second estimator, and of the neighbours themselves.

use super::Pointwise;
use super::arranged::Arranged;
use super::kraskov::second;
use super::principal_box::log_excess;
use crate::neighbors::Points;
use crate::threads::Workers;
use crate::{Error, memory};

/// What all coordinates share, each a variable, for each of `ks`, as it comes. Infinite where samples lie on a line.
///
/// With fewer neighbours than coordinates no box has a volume, and every estimate is infinite.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::Radius`] where a distance is not finite, [`Error::CircularVolume`] where
/// coordinates go round, [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Points, Workers, local_non_uniformity};
///
/// let noise = |i: u32| f64::from(i * i * i % 10_007) / 10_007.0;
/// let x: Vec<f64> = (0..500).map(|i| f64::from(i) * 0.618 % 1.0).collect();
/// let y: Vec<f64> = (0..).zip(&x).map(|(i, x)| x + 1e-5 * noise(i)).collect();
/// let points = Points::from_columns(&[&x, &y])?;
/// let estimate = local_non_uniformity(&points, 0.25, &[5], Workers::new(1))?[0].mean()?;
/// assert!((estimate - 1e5f64.ln()).abs() < 0.5); // neighbours alone tell no more than 5
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn local_non_uniformity(
    points: &Points,
    alpha: f64,
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Vec<Pointwise>, Error> {
    if !points.periods().is_empty() {
        return Err(Error::CircularVolume);
    }
    let d = points.dimensions();
    let column = |c: usize| {
        let values = memory::collect((0..points.len()).map(|i| points.point(i)[c]))?;
        Points::from_rows(&values, 1)
    };
    let columns = (0..d).map(column).collect::<Result<Vec<_>, _>>()?;
    let samples = Arranged::new(&columns.iter().collect::<Vec<_>>(), workers)?;
    let least = -alpha.ln();
    samples.estimates(ks, workers, |k, distances| {
        let corrections = samples.tree.map_surroundings(distances, workers, |differences| {
            Some(log_excess(differences, d)).filter(|&excess| excess > least.max(0.0)).unwrap_or(0.0)
        })?;
        let mut estimate = second(&samples, k, distances, workers)?;
        estimate.correct(corrections);
        Ok(estimate)
    })
}
