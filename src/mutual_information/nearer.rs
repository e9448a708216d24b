//! How many samples lie strictly nearer than a distance, which every estimator asks in every part.

use super::radius_below;
use crate::Error;
use crate::neighbors::{Ball, Points, counts_within};
use crate::threads::Workers;

/// What holds at distance 0, where nothing is nearer: the sample has k others that equal it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coincident {
    /// No other counts, as everywhere.
    NotNearer,
    /// Those that equal the sample count.
    Counted,
}

/// For each sample, itself and the others nearer than its distance.
pub(super) fn nearer(
    points: &Points,
    distances: &[f64],
    coincident: Coincident,
    workers: Workers<'_>,
) -> Result<Vec<u32>, Error> {
    let radii: Vec<f64> = crate::memory::collect(distances.iter().map(|&distance| radius_below(distance)))?;
    let mut counts = counts_within(points, &radii, Ball::Closed, workers)?;
    for (count, &distance) in counts.iter_mut().zip(distances) {
        *count = if coincident == Coincident::NotNearer && distance == 0.0 { 1 } else { *count + 1 };
    }
    Ok(counts)
}
