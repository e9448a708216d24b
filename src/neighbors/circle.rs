//! One dimension that goes round: a sorted circle.
//!
//! Near a point are those it reaches directly, and those at the other end of the line, to which the way round is short:
//! all but the ones nearer than a difference `p - r`. A [`Line`] counts both.

use super::{Ball, Line, check_radii};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// The number of other values within `radii[i]` of each, on a circle where they lie between 0 and the period.
///
/// O(n log n), as for a line.
///
/// # Errors
/// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
pub(super) fn counts_within(
    values: &[f64],
    period: f64,
    radii: &[f64],
    ball: Ball,
    interrupt: &Interrupt<'_>,
) -> Result<Vec<u32>, Error> {
    check_radii(radii, values.len())?;
    let line = Line::new(values, interrupt)?;
    let mut counts = line.counts_within(radii, ball, interrupt)?;
    let outside = memory::collect(radii.iter().map(|&radius| differences_outside(period, radius, ball)))?;
    let nearer = line.counts_within(&outside, Ball::Closed, interrupt)?;
    let others = values.len().saturating_sub(1) as u32;
    for ((count, nearer), &radius) in counts.iter_mut().zip(nearer).zip(radii) {
        // Nothing is farther than half the period.
        *count = if ball.holds(period / 2.0, radius) { others } else { others - nearer + *count };
    }
    Ok(counts)
}

/// The largest difference that is too small for the way round to lie in a ball, whose radius is not above half the period.
fn differences_outside(period: f64, radius: f64, ball: Ball) -> f64 {
    let difference = period - radius.min(period);
    // From half the period on the subtraction is exact; no number lies between the difference and its rounding.
    if ball.holds(period - difference, radius) { difference.next_down().max(0.0) } else { difference }
}
