//! The k-th neighbour's distance, and the number of points within a distance.
//!
//! In one dimension a sorted [`Line`] answers both, in more a [`KdTree`]; [`brute_force`] is their twin. Distances are
//! the largest coordinate difference, each rounded once, so that all of them agree to the bit: rounding is monotone,
//! hence no box or bisection that compares rounded differences can lose a point.

mod ball;
pub mod brute_force;
mod guide;
mod kd_tree;
mod kth_distance;
pub(crate) mod line;
mod nearest;
mod points;
mod range_count;
mod strip_search;
pub(crate) mod strips;
pub(crate) mod window;

pub use ball::Ball;
pub use kd_tree::{KdTree, Visits};
pub use line::Line;
pub use points::{Norm, Points};
pub use strip_search::Sweeps;
pub use strips::Strips;

use crate::Error;
use crate::threads::Workers;

/// The distance of each point to its k-th nearest other point: by a [`Line`] in one dimension, a [`KdTree`] in more.
/// Squared where the norm is Euclidean.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn kth_distances(points: &Points, k: usize, workers: Workers<'_>) -> Result<Vec<f64>, Error> {
    match (points.as_line(), points.norm()) {
        (Some(values), _) => {
            workers.alone(|interrupt| Line::new(values, interrupt)?.kth_distances(k, interrupt))
        }
        (None, Norm::Max) => {
            let tree = workers.alone(|interrupt| KdTree::new(points, interrupt))?;
            Ok(tree.kth_distances(k, workers)?.0)
        }
        (None, Norm::Euclidean) => brute_force::kth_distances(points, k),
    }
}

/// The same for several `k`, in one search.
///
/// # Errors
/// As for [`kth_distances`].
pub fn kth_distances_for(
    points: &Points,
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Vec<Vec<f64>>, Error> {
    ks.iter().map(|&k| kth_distances(points, k, workers)).collect()
}

/// The number of other points within `radii[i]` of each point `i`: by a [`Line`] in one dimension, a [`KdTree`] in more.
/// Radii are squared where the norm is Euclidean.
///
/// # Errors
/// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn counts_within(
    points: &Points,
    radii: &[f64],
    ball: Ball,
    workers: Workers<'_>,
) -> Result<Vec<u32>, Error> {
    match (points.as_line(), points.norm()) {
        (Some(values), _) => {
            workers.alone(|interrupt| Line::new(values, interrupt)?.counts_within(radii, ball, interrupt))
        }
        (None, Norm::Max) => {
            workers.alone(|interrupt| KdTree::new(points, interrupt)?.counts_within(radii, ball, interrupt))
        }
        (None, Norm::Euclidean) => brute_force::counts_within(points, radii, ball),
    }
}

/// For each block, how far apart within it the farthest of the other points within `radii[i]` of each point `i` is: what
/// the second estimator of Kraskov, Stögbauer and Grassberger needs. The ball is closed.
///
/// # Errors
/// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn extents_within(points: &Points, radii: &[f64], _workers: Workers<'_>) -> Result<Vec<Vec<f64>>, Error> {
    brute_force::extents_within(points, radii)
}

/// `k` neighbours of each of `n` points must exist.
pub(crate) fn check_neighbors(k: usize, n: usize) -> Result<(), Error> {
    if k == 0 || k >= n { Err(Error::Neighbors { k, n }) } else { Ok(()) }
}

/// One radius for each of `n` points: finite and not negative.
fn check_radii(radii: &[f64], n: usize) -> Result<(), Error> {
    if radii.len() != n {
        return Err(Error::Lengths { left: n, right: radii.len() });
    }
    match radii.iter().position(|radius| !(*radius >= 0.0 && radius.is_finite())) {
        Some(index) => Err(Error::Radius { index }),
        None => Ok(()),
    }
}

/// The first NaN or infinity is an error.
pub(crate) fn check_finite(values: &[f64]) -> Result<(), Error> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(Error::NotFinite { index }),
        None => Ok(()),
    }
}
