//! Whether a value repeats: what decides between estimators for continuous and for mixed samples.

use std::cmp::Ordering;

use crate::Error;
use crate::neighbors::Points;
use crate::sorting::{argsort, float_key};
use crate::threads::Interrupt;

/// Whether two of the points are equal in all coordinates. O(n log n), most of it a sort by the first coordinate.
///
/// # Errors
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// let points = mutua::Points::from_rows(&[1.0, 2.0, 1.0, 3.0, 1.0, 2.0], 2)?;
/// assert!(mutua::has_ties(&points, &mutua::Interrupt::never())?);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn has_ties(points: &Points, interrupt: &Interrupt<'_>) -> Result<bool, Error> {
    // Adding 0 makes one of both zeros.
    let first = (0..points.len()).map(|i| float_key(points.point(i)[0] + 0.0));
    let mut sorted = argsort(first, interrupt)?;
    for run in sorted.chunk_by_mut(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        interrupt.check()?;
        let compare = |a: &(u64, u32), b: &(u64, u32)| {
            let (a, b) = (points.point(a.1 as usize), points.point(b.1 as usize));
            a.partial_cmp(b).unwrap_or(Ordering::Equal) // They are finite.
        };
        run.sort_unstable_by(compare);
        if run.windows(2).any(|pair| compare(&pair[0], &pair[1]) == Ordering::Equal) {
            return Ok(true);
        }
    }
    Ok(false)
}
