//! The definitions themselves, in quadratic time: what every faster path must equal, bit for bit.

use super::{Ball, Points, check_neighbors, check_radii};
use crate::Error;

/// The largest coordinate difference, each difference rounded once.
#[must_use]
pub fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// The distance of each point to its k-th nearest other point; points are told apart by index, not by value.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`.
pub fn kth_distances(points: &Points, k: usize) -> Result<Vec<f64>, Error> {
    check_neighbors(k, points.len())?;
    let kth = |i| {
        let others = (0..points.len()).filter(|&j| j != i);
        let mut distances: Vec<f64> = others.map(|j| distance(points.point(i), points.point(j))).collect();
        *distances.select_nth_unstable_by(k - 1, f64::total_cmp).1
    };
    Ok((0..points.len()).map(kth).collect())
}

/// The number of other points within `radii[i]` of each point `i`.
///
/// # Errors
/// [`Error::Lengths`], [`Error::Radius`].
pub fn counts_within(points: &Points, radii: &[f64], ball: Ball) -> Result<Vec<u32>, Error> {
    check_radii(radii, points.len())?;
    let count = |i: usize| {
        let inside = |&j: &usize| j != i && ball.holds(distance(points.point(i), points.point(j)), radii[i]);
        (0..points.len()).filter(inside).count() as u32
    };
    Ok((0..points.len()).map(count).collect())
}
