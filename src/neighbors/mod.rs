//! The k-th neighbour's distance, and the number of points within a distance.
//!
//! In one dimension a sorted [`Line`] answers both, in more a [`KdTree`]; [`brute_force`] is their twin. Distances are
//! the largest coordinate difference, each rounded once, so that all of them agree to the bit: rounding is monotone,
//! hence no box or bisection that compares rounded differences can lose a point. A coordinate may go round: there the
//! difference is that of the shorter way.

pub(crate) mod all_pairs;
mod ball;
pub mod brute_force;
mod cell_sort;
mod circle;
mod circular;
mod dealing;
mod descent;
mod extents;
mod gallop;
mod guide;
mod kd_tree;
mod kth_distance;
pub(crate) mod line;
mod line_sort;
mod median_split;
mod metric;
mod nearest;
mod points;
mod range_count;
mod rank_axis;
mod rank_neighbors;
mod rank_search;
mod ranked;
mod ranked_count;
mod ranked_plane;
#[cfg(test)]
mod ranked_tests;
mod ranks;
pub(crate) mod rectangle_count;
mod runs;
mod selection;
mod slabs;
mod strip_search;
#[cfg(test)]
mod strip_search_tests;
pub(crate) mod strips;
mod surroundings;
pub(crate) mod window;
mod within;

pub use ball::Ball;
#[cfg(feature = "python")]
pub(crate) use circular::wrapped;
pub use kd_tree::{KdTree, Visits};
pub use line::Line;
pub(crate) use line_sort::sorted;
#[cfg(feature = "python")]
pub(crate) use points::check_periods;
pub use points::{Norm, Points};
pub(crate) use rank_neighbors::RankSpace;
pub use rank_neighbors::{RankNeighbors, rank_neighbors};
pub(crate) use ranked::Ranked;
pub use ranks::Ranks;
pub(crate) use rectangle_count::RankPlane;
pub(crate) use slabs::Slabs;
pub(crate) use strips::Strips;

use crate::lanes::exception;
use crate::threads::Workers;
use crate::{Error, memory};

/// Up to so many points it takes less time to compare all pairs than to arrange them.
pub(crate) const FEW: usize = 16;

/// The distance of each point to its k-th nearest other point: by a [`Line`] in one dimension, a [`KdTree`] in more, all
/// pairs where points are few.
/// Squared where the norm is Euclidean.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn kth_distances(points: &Points, k: usize, workers: Workers<'_>) -> Result<Vec<f64>, Error> {
    Ok(kth_distances_for(points, &[k], workers)?.swap_remove(0))
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
    if points.len() <= FEW {
        return brute_force::kth_distances_for(points, ks);
    }
    match points.as_line() {
        Some(values) => workers.alone(|interrupt| {
            let line = Line::new(values, interrupt)?;
            ks.iter().map(|&k| line.kth_distances(k, interrupt)).collect()
        }),
        None => {
            let tree = workers.alone(|interrupt| KdTree::new(points, interrupt))?;
            Ok(tree.kth_distances_for(ks, workers)?.0)
        }
    }
}

/// The distance of each point to the k-th nearest of `others`, for several `k`: by a [`Line`] in one dimension, a [`KdTree`]
/// in more. Squared where the norm is Euclidean.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k <= m`, [`Error::Shape`] where the others have not as many coordinates,
/// [`Error::Periods`] where they have others, [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn kth_distances_to(
    points: &Points,
    others: &Points,
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Vec<Vec<f64>>, Error> {
    match (points.as_line(), others.as_line()) {
        (Some(values), Some(others)) => workers.alone(|interrupt| {
            let (line, others) = (Line::new(values, interrupt)?, Line::new(others, interrupt)?);
            ks.iter().map(|&k| line.kth_distances_to(&others, k, interrupt)).collect()
        }),
        _ => {
            let [tree, others] =
                [points, others].map(|points| workers.alone(|interrupt| KdTree::new(points, interrupt)));
            Ok(tree?.kth_distances_to(&others?, ks, workers)?.0)
        }
    }
}

/// The number of other points within `radii[i]` of each point `i`: by a [`Line`] in one dimension, two of them in the plane,
/// a [`KdTree`] elsewhere, and where coordinates go round in more than one. Radii are squared where the norm is Euclidean.
///
/// # Errors
/// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn counts_within(
    points: &Points,
    radii: &[f64],
    ball: Ball,
    workers: Workers<'_>,
) -> Result<Vec<u32>, Error> {
    if points.len() <= FEW {
        return brute_force::counts_within(points, radii, ball);
    }
    if let Some((values, period)) = points.as_circle() {
        return workers.alone(|interrupt| circle::counts_within(values, period, radii, ball, interrupt));
    }
    match points.as_line() {
        Some(values) => {
            workers.alone(|interrupt| Line::new(values, interrupt)?.counts_within(radii, ball, interrupt))
        }
        None if points.dimensions() == 2 && points.norm() == Norm::Max && points.periods().is_empty() => {
            counts_in_plane(points, radii, ball, workers)
        }
        None => {
            let tree = workers.alone(|interrupt| KdTree::new(points, interrupt))?;
            Ok(tree.counts_within(radii, ball, workers)?.0)
        }
    }
}

fn counts_in_plane(
    points: &Points,
    radii: &[f64],
    ball: Ball,
    workers: Workers<'_>,
) -> Result<Vec<u32>, Error> {
    let columns = [0, 1].map(|c| memory::collect((0..points.len()).map(|i| points.point(i)[c])));
    let sides = columns.into_iter().collect::<Result<Vec<_>, _>>()?;
    let lines = workers.map(2, |side, interrupt| Line::new(&sides[side], interrupt))?;
    let plane = workers.alone(|interrupt| RankPlane::new(&lines[0], &lines[1], interrupt))?;
    let runs = |side: usize| lines[side].runs(&sides[side], radii, ball, workers);
    let mut counts = plane.counts(&runs(0)?, &runs(1)?, workers)?;
    // Each found itself as well.
    counts.iter_mut().zip(radii).for_each(|(count, &radius)| *count -= u32::from(ball.holds(0.0, radius)));
    Ok(counts)
}

/// For each block, how far apart within it the farthest of the other points within `radii[i]` of each point `i` is: what
/// the second estimator of Kraskov, Stögbauer and Grassberger needs. The ball is closed.
///
/// # Errors
/// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn extents_within(points: &Points, radii: &[f64], workers: Workers<'_>) -> Result<Vec<Vec<f64>>, Error> {
    let tree = workers.alone(|interrupt| KdTree::new(points, interrupt))?;
    Ok(tree.extents_within(radii, workers)?.0)
}

/// `k` neighbours of each of `n` points must exist.
pub(crate) fn check_neighbors(k: usize, n: usize) -> Result<(), Error> {
    if k == 0 || k >= n { Err(Error::Neighbors { k, n }) } else { Ok(()) }
}

/// `k` neighbours must exist among `m` others.
pub(crate) fn check_others(k: usize, m: usize) -> Result<(), Error> {
    if k == 0 || k > m { Err(Error::Neighbors { k, n: m }) } else { Ok(()) }
}

/// As many coordinates in both, and the same that go round.
fn check_comparable(ours: (usize, &[f64]), theirs: (usize, &[f64])) -> Result<(), Error> {
    match (ours.0 == theirs.0, ours.1 == theirs.1) {
        (false, _) => Err(Error::Shape { values: theirs.0, dimensions: ours.0 }),
        (true, false) => Err(Error::Periods),
        (true, true) => Ok(()),
    }
}

/// One radius for each of `n` points: finite and not negative.
fn check_radii(radii: &[f64], n: usize) -> Result<(), Error> {
    if radii.len() != n {
        return Err(Error::Lengths { left: n, right: radii.len() });
    }
    match exception(radii, |radius| *radius >= 0.0 && radius.is_finite()) {
        Some(index) => Err(Error::Radius { index }),
        None => Ok(()),
    }
}

/// The first NaN or infinity is an error.
pub(crate) fn check_finite(values: &[f64]) -> Result<(), Error> {
    match exception(values, |value| value.is_finite()) {
        Some(index) => Err(Error::NotFinite { index }),
        None => Ok(()),
    }
}
