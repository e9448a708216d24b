//! The definitions themselves, in quadratic time: what every faster path must equal, bit for bit.

use super::{Ball, Norm, Points, check_comparable, check_neighbors, check_others, check_radii};
use crate::Error;

/// The largest coordinate difference, each difference rounded once.
#[must_use]
pub fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// The sum of the squared differences, from the first coordinate to the last.
#[must_use]
pub fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).fold(0.0, |sum, square| sum + square)
}

/// How far apart two values of a coordinate are that goes round: the shorter way.
#[must_use]
pub fn shorter(a: f64, b: f64, period: f64) -> f64 {
    let direct = (a - b).abs();
    direct.min(period - direct)
}

/// The distance of two points within each block.
fn block_distances(points: &Points, i: usize, j: usize) -> impl Iterator<Item = f64> {
    points.blocks().map(move |block| {
        let (a, b) = (&points.point(i)[block.clone()], &points.point(j)[block.clone()]);
        match (points.norm(), points.periods()) {
            (Norm::Max, []) => distance(a, b),
            (Norm::Euclidean, []) => squared_distance(a, b),
            (norm, periods) => {
                let differences = a.iter().zip(b).zip(&periods[block]);
                let differences: Vec<f64> = differences.map(|((&a, &b), &p)| shorter(a, b, p)).collect();
                let origin = vec![0.0; differences.len()];
                let of_norm = if norm == Norm::Max { distance } else { squared_distance };
                of_norm(&differences, &origin)
            }
        }
    })
}

/// The distance of two points: the largest over the blocks.
pub(crate) fn between(points: &Points, i: usize, j: usize) -> f64 {
    block_distances(points, i, j).fold(0.0, f64::max)
}

/// The distance of each point to its k-th nearest other point, for each of several `k`; points are told apart by index,
/// not by value.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`.
pub fn kth_distances_for(points: &Points, ks: &[usize]) -> Result<Vec<Vec<f64>>, Error> {
    ks.iter().try_for_each(|&k| check_neighbors(k, points.len()))?;
    let mut found = vec![Vec::new(); ks.len()];
    let mut distances = Vec::new();
    for i in 0..points.len() {
        distances.clear();
        distances.extend((0..points.len()).filter(|&j| j != i).map(|j| between(points, i, j)));
        distances.sort_unstable_by(f64::total_cmp);
        found.iter_mut().zip(ks).for_each(|(found, k)| found.push(distances[k - 1]));
    }
    Ok(found)
}

/// The distance of each point to its k-th nearest other point.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`.
pub fn kth_distances(points: &Points, k: usize) -> Result<Vec<f64>, Error> {
    Ok(kth_distances_for(points, &[k])?.swap_remove(0))
}

/// The distance of each point to the k-th nearest of `others`.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k <= m`, [`Error::Shape`] where the others have not as many coordinates,
/// [`Error::Periods`] where they have others, [`Error::OutOfMemory`].
pub fn kth_distances_to(points: &Points, others: &Points, k: usize) -> Result<Vec<f64>, Error> {
    check_others(k, others.len())?;
    check_comparable((points.dimensions(), points.periods()), (others.dimensions(), others.periods()))?;
    let (all, n) = (points.followed_by(others)?, points.len());
    let kth = |i: usize| {
        let mut distances: Vec<f64> = (n..all.len()).map(|j| between(&all, i, j)).collect();
        distances.sort_unstable_by(f64::total_cmp);
        distances[k - 1]
    };
    Ok((0..n).map(kth).collect())
}

/// The number of other points within `radii[i]` of each point `i`.
///
/// # Errors
/// [`Error::Lengths`], [`Error::Radius`].
pub fn counts_within(points: &Points, radii: &[f64], ball: Ball) -> Result<Vec<u32>, Error> {
    check_radii(radii, points.len())?;
    let count = |i: usize| {
        let inside = |&j: &usize| j != i && ball.holds(between(points, i, j), radii[i]);
        (0..points.len()).filter(inside).count() as u32
    };
    Ok((0..points.len()).map(count).collect())
}

/// For each block, how far apart within it the farthest of the other points within `radii[i]` of each point `i` is: 0
/// where there is none. The ball is closed.
///
/// # Errors
/// [`Error::Lengths`], [`Error::Radius`].
pub fn extents_within(points: &Points, radii: &[f64]) -> Result<Vec<Vec<f64>>, Error> {
    check_radii(radii, points.len())?;
    let mut extents = vec![vec![0f64; points.len()]; points.blocks().count()];
    for i in 0..points.len() {
        for j in (0..points.len()).filter(|&j| j != i && between(points, i, j) <= radii[i]) {
            for (extents, distance) in extents.iter_mut().zip(block_distances(points, i, j)) {
                extents[i] = extents[i].max(distance);
            }
        }
    }
    Ok(extents)
}
