//! Differential entropy from nearest neighbours (Kozachenko and Leonenko 1987).
//!
//! With `r_i` the distance to the k-th neighbour, `d` coordinates and `c` the volume of the ball of radius 1,
//!
//! ```text
//! H = psi(N) - psi(k) + ln c + d mean ln r_i
//! ```
//!
//! The ball is that of the norm: `c = 2^d` for the largest coordinate difference, and for Euclidean blocks the product of
//! `pi^(b/2) / Gamma(b/2 + 1)` over their numbers of coordinates `b`. In one dimension O(n log n), nearly all of it the
//! sort. Where some point has k duplicates the estimate is minus infinity: the sample does not come from a density, or
//! was rounded.

use std::borrow::Cow;
use std::f64::consts::{LN_2, TAU};

use crate::Error;
use crate::digamma::digamma;
use crate::log_sum::LogSum;
use crate::neighbors::{Line, Norm, Points, check_neighbors, kth_distances, kth_distances_for, window};
use crate::threads::Workers;

/// The estimate in nats for each of several `k`, from one search: the same bits for any order of the points and any number
/// of threads. Minus infinity where a point coincides with k others, infinity where a distance overflows.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Points, Workers, kozachenko_leonenko};
///
/// // Cubes modulo a prime, spread evenly over [0, 4).
/// let uniform: Vec<f64> = (0..1000).map(|i| f64::from(i * i * i % 10_007) / 2501.75).collect();
/// let points = Points::from_columns(&[&uniform])?;
/// let estimate = kozachenko_leonenko(&points, &[3], Workers::new(1))?[0];
/// assert!((estimate - 4f64.ln()).abs() < 0.1);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn kozachenko_leonenko(points: &Points, ks: &[usize], workers: Workers<'_>) -> Result<Vec<f64>, Error> {
    let points = simplest(points);
    let volume = Volume::of(&points);
    let n = points.len();
    let mut sums = vec![LogSum::default(); ks.len()];
    if let Some(values) = points.as_line() {
        workers.alone(|interrupt| {
            let line = Line::unordered(values, interrupt)?;
            ks.iter().zip(&mut sums).try_for_each(|(&k, sum)| {
                check_neighbors(k, n)?;
                window::kth_distances(line.values(), k, interrupt, |_, distances| sum.add(distances))
            })
        })?;
    } else {
        let found = kth_distances_for(&points, ks, workers)?;
        sums.iter_mut().zip(&found).for_each(|(sum, distances)| sum.add(distances));
    }
    let estimate = |(&k, sum): (&usize, &LogSum)| {
        digamma(n as u64) - digamma(k as u64) + volume.logarithm(sum.value() / n as f64)
    };
    Ok(ks.iter().zip(&sums).map(estimate).collect())
}

/// The local values, by point: their mean is the estimate.
///
/// # Errors
/// As for [`kozachenko_leonenko`].
pub fn kozachenko_leonenko_pointwise(
    points: &Points,
    k: usize,
    workers: Workers<'_>,
) -> Result<Vec<f64>, Error> {
    let points = simplest(points);
    let volume = Volume::of(&points);
    let mut values = kth_distances(&points, k, workers)?;
    let psi = digamma(points.len() as u64) - digamma(k as u64);
    values.iter_mut().for_each(|value| *value = psi + volume.logarithm(value.ln()));
    Ok(values)
}

/// In one dimension all norms are one, and the largest difference needs no square.
fn simplest(points: &Points) -> Cow<'_, Points> {
    if points.dimensions() == 1 && points.norm() == Norm::Euclidean {
        Cow::Owned(points.clone().with_norm(Norm::Max))
    } else {
        Cow::Borrowed(points)
    }
}

/// The logarithm of the volume of a ball, a linear function of that of the distance.
pub(crate) struct Volume {
    pub(crate) of_radius_1: f64,
    /// The number of coordinates, or half of it where distances are squared.
    pub(crate) power: f64,
}

impl Volume {
    pub(crate) fn of(points: &Points) -> Self {
        let d = points.dimensions() as f64;
        match points.norm() {
            Norm::Max => Self { of_radius_1: d * LN_2, power: d },
            Norm::Euclidean => {
                let of_radius_1 = points.blocks().map(|block| euclidean(block.len())).sum();
                Self { of_radius_1, power: d / 2.0 }
            }
        }
    }

    fn logarithm(&self, log_distance: f64) -> f64 {
        self.of_radius_1 + self.power * log_distance
    }
}

/// The logarithm of the volume of the Euclidean ball of radius 1: `c(0) = 1`, `c(1) = 2`, `c(b) = c(b - 2) 2 pi / b`.
fn euclidean(coordinates: usize) -> f64 {
    let start = if coordinates % 2 == 1 { LN_2 } else { 0.0 };
    (2..=coordinates).rev().step_by(2).fold(start, |log, b| log + (TAU / b as f64).ln())
}
