//! Differential entropy from nearest neighbours (Kozachenko and Leonenko, Problems of Information Transmission 23, 1987).
//!
//! With `eps` the distance of a sample to its k-th neighbour in `d` dimensions and `V` the volume of the unit ball,
//!
//! ```text
//! H = psi(N) - psi(k) + ln V + d mean ln eps
//! max norm: V = 2^d      Euclidean: V = pi^(d/2) / Gamma(d/2 + 1)
//! ```
//!
//! A sample that k others equal has `eps = 0`, and the estimate is negative infinity, which is the entropy of a law with
//! atoms. O(n log n) in few dimensions, quadratic in many; biased upwards there.

use crate::Error;
use crate::digamma::digamma;
use crate::fixed_point::FixedPointSum;
use crate::neighbors::{Norm, Points, kth_distances_for};
use crate::threads::Workers;

/// The entropy in nats, for blocks of coordinates as for one.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::Radius`] where a distance is not finite, [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
///
/// ```
/// use mutua::{Points, Workers, kozachenko_leonenko};
///
/// let entropy = |width: f64| {
///     let sample: Vec<f64> = (0..1000).map(|i| f64::from(i * i % 997) * width).collect();
///     kozachenko_leonenko(&Points::from_rows(&sample, 2)?, 3, Workers::new(1))
/// };
/// // Twice as wide in both coordinates: one bit more in each.
/// assert!((entropy(0.2)? - entropy(0.1)? - 2.0 * 2f64.ln()).abs() < 1e-12);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn kozachenko_leonenko(points: &Points, k: usize, workers: Workers<'_>) -> Result<f64, Error> {
    Ok(kozachenko_leonenko_for(points, &[k], workers)?[0])
}

/// The entropy in nats for each of `ks`, in one search.
///
/// # Errors
/// As for [`kozachenko_leonenko`].
pub fn kozachenko_leonenko_for(
    points: &Points,
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Vec<f64>, Error> {
    Ok(kozachenko_leonenko_pointwise(points, ks, workers)?.iter().map(|values| mean(values)).collect())
}

/// The contribution of each sample for each of `ks`, in one search: their mean is the estimate.
///
/// # Errors
/// As for [`kozachenko_leonenko`].
pub fn kozachenko_leonenko_pointwise(
    points: &Points,
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Vec<Vec<f64>>, Error> {
    let mut all = kth_distances_for(points, ks, workers)?;
    let dimensions = points.dimensions() as f64;
    let log_distance: fn(f64) -> f64 = match points.norm() {
        Norm::Max => f64::ln,
        Norm::Euclidean => |squared| 0.5 * squared.ln(),
    };
    for (values, &k) in all.iter_mut().zip(ks) {
        if let Some(index) = values.iter().position(|distance| !distance.is_finite()) {
            return Err(Error::Radius { index });
        }
        let constant = digamma(points.len() as u64) - digamma(k as u64) + log_volume(points);
        values.iter_mut().for_each(|value| *value = constant + dimensions * log_distance(*value));
    }
    Ok(all)
}

/// The mean, the same bits for any order; negative infinity where that occurs.
fn mean(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0f64, |largest, value| largest.max(value.abs()));
    if largest.is_infinite() {
        return f64::NEG_INFINITY;
    }
    let n = values.len() as f64;
    let mut sum = FixedPointSum::up_to(n * largest);
    values.iter().for_each(|&value| sum.add(value));
    sum.value() / n
}

/// The logarithm of the volume of the unit ball: a product of one for each block.
fn log_volume(points: &Points) -> f64 {
    let of_block = |d: usize| match points.norm() {
        Norm::Max => d as f64 * 2f64.ln(),
        // V_d = V_(d-2) 2 pi / d, from V_0 = 1 or V_1 = 2.
        Norm::Euclidean => (1..=d)
            .rev()
            .step_by(2)
            .map(|d| if d == 1 { 2f64.ln() } else { (2.0 * std::f64::consts::PI / d as f64).ln() })
            .sum(),
    };
    points.blocks().map(|block| of_block(block.len())).sum()
}
