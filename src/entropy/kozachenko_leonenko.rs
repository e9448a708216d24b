//! Differential entropy from nearest neighbours (Kozachenko and Leonenko 1987).
//!
//! With `r_i` the distance to the k-th neighbour, `d` coordinates and `c` the volume of the ball of radius 1,
//!
//! ```text
//! H = psi(N) - psi(k) + ln c + d mean ln r_i
//! ```
//!
//! The ball is that of the norm: `c = 2^d` for the largest coordinate difference, and for Euclidean blocks the product of
//! `pi^(b/2) / Gamma(b/2 + 1)` over their numbers of coordinates `b`. Where coordinates go round, the volume is the product
//! of `min(2 r, p)`, since no ball is wider than the period; of Euclidean balls it is not known there. In one dimension
//! O(n log n), nearly all of it the sort. Where some point has k duplicates the estimate is minus infinity: the sample does
//! not come from a density, or was rounded.

use std::borrow::Cow;
use std::f64::consts::{LN_2, TAU};

use crate::digamma::digamma;
use crate::log_sum::{LogSum, mean_logarithm};
use crate::neighbors::{Norm, Points, check_neighbors, kth_distances, kth_distances_for, sorted, window};
use crate::threads::Workers;
use crate::{Error, memory};

/// The estimate in nats for each of several `k`, from one search: the same bits for any order of the points and any number
/// of threads. Minus infinity where a point coincides with k others, infinity where a distance overflows.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::CircularVolume`] for a Euclidean norm where coordinates go round,
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
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
    if let Some(values) = points.as_line() {
        return entropy_of_line(values, ks, workers);
    }
    let volume = Volume::of(&points)?;
    let means = kth_distances_for(&points, ks, workers)?
        .iter()
        .map(|distances| volume.mean_logarithm(distances))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(estimates(points.len(), ks, &means))
}

/// The same of samples on a line.
pub(crate) fn entropy_of_line(values: &[f64], ks: &[usize], workers: Workers<'_>) -> Result<Vec<f64>, Error> {
    let n = values.len();
    workers.alone(|interrupt| {
        let sorted = sorted(values, interrupt)?;
        let mean = |&k: &usize| {
            check_neighbors(k, n)?;
            let mut sum = LogSum::default();
            window::kth_distances(&sorted, k, interrupt, |_, distances| sum.add_in_order(distances))?;
            Ok(LN_2 + sum.value() / n as f64)
        };
        let means = ks.iter().map(mean).collect::<Result<Vec<_>, Error>>()?;
        Ok(estimates(n, ks, &means))
    })
}

/// From the mean logarithms of volumes.
fn estimates(n: usize, ks: &[usize], means: &[f64]) -> Vec<f64> {
    let psi = digamma(n as u64);
    ks.iter().zip(means).map(|(&k, mean)| psi - digamma(k as u64) + mean).collect()
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
    let volume = Volume::of(&points)?;
    let mut values = kth_distances(&points, k, workers)?;
    let psi = digamma(points.len() as u64) - digamma(k as u64);
    values.iter_mut().for_each(|value| *value = psi + volume.logarithm(*value));
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

/// The logarithm of the volume of a ball: a linear function of that of the distance, but where a ball goes all the way round.
pub(crate) struct Volume {
    pub(crate) of_radius_1: f64,
    /// The number of coordinates that do not go round, or half of it where distances are squared.
    pub(crate) power: f64,
    /// Half the period of each coordinate that goes round, beyond which a ball is no wider, and its power.
    pub(crate) halves: Vec<(f64, f64)>,
}

impl Volume {
    pub(crate) fn of(points: &Points) -> Result<Self, Error> {
        let d = points.dimensions() as f64;
        let round: Vec<f64> = points.periods().iter().copied().filter(|period| period.is_finite()).collect();
        match points.norm() {
            Norm::Max => {
                let halves = round.iter().map(|period| (period / 2.0, 1.0)).collect();
                Ok(Self { of_radius_1: d * LN_2, power: d - round.len() as f64, halves })
            }
            Norm::Euclidean if round.is_empty() => {
                let of_radius_1 = points.blocks().map(|block| euclidean(block.len())).sum();
                Ok(Self { of_radius_1, power: d / 2.0, halves: Vec::new() })
            }
            Norm::Euclidean => Err(Error::CircularVolume),
        }
    }

    /// Distances, none above half the period where there is one, and to which power each counts.
    pub(crate) fn factors(&self, distances: &[f64]) -> Result<Vec<(f64, Vec<f64>)>, Error> {
        let mut factors = Vec::new();
        if self.power != 0.0 {
            factors.push((self.power, memory::collect(distances.iter().copied())?));
        }
        for &(half, power) in &self.halves {
            factors.push((power, memory::collect(distances.iter().map(|distance| distance.min(half)))?));
        }
        Ok(factors)
    }

    /// The mean over balls.
    fn mean_logarithm(&self, distances: &[f64]) -> Result<f64, Error> {
        let add = |sum, (power, distances): (f64, Vec<f64>)| sum + power * mean_logarithm(&distances);
        Ok(self.factors(distances)?.into_iter().fold(self.of_radius_1, add))
    }

    fn logarithm(&self, distance: f64) -> f64 {
        let of_halves = |&(half, power): &(f64, f64)| power * distance.min(half).ln();
        let powers = if self.power == 0.0 { 0.0 } else { self.power * distance.ln() };
        self.of_radius_1 + powers + self.halves.iter().map(of_halves).sum::<f64>()
    }
}

/// The logarithm of the volume of the Euclidean ball of radius 1: `c(0) = 1`, `c(1) = 2`, `c(b) = c(b - 2) 2 pi / b`.
fn euclidean(coordinates: usize) -> f64 {
    let start = if coordinates % 2 == 1 { LN_2 } else { 0.0 };
    (2..=coordinates).rev().step_by(2).fold(start, |log, b| log + (TAU / b as f64).ln())
}
