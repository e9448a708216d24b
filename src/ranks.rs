//! Ranks: what is left of a sample when only its order counts.

use crate::sorting::{argsort, float_key};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Each coordinate of some points, stored one after the other, replaced by how many of them are smaller. Equal values
/// have equal ranks: no order is made up.
///
/// O(n log n) for each coordinate.
///
/// # Errors
/// [`Error::Shape`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// let ranks = mutua::ranks(&[0.5, 1e9, -3.0, 0.5], 1, &mutua::Interrupt::never())?;
/// assert_eq!(ranks, [1.0, 3.0, 0.0, 1.0]);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn ranks(coordinates: &[f64], dimensions: usize, interrupt: &Interrupt<'_>) -> Result<Vec<f64>, Error> {
    if dimensions == 0 || !coordinates.len().is_multiple_of(dimensions) {
        return Err(Error::Shape { values: coordinates.len(), dimensions });
    }
    let mut ranks = memory::filled(coordinates.len(), 0.0)?;
    for column in 0..dimensions {
        // Adding 0 makes one of both zeros.
        let keys = coordinates.iter().skip(column).step_by(dimensions).map(|value| float_key(value + 0.0));
        let sorted = argsort(keys, interrupt)?;
        let mut smaller = 0;
        for (place, &(key, position)) in sorted.iter().enumerate() {
            if sorted[smaller].0 < key {
                smaller = place;
            }
            ranks[position as usize * dimensions + column] = smaller as f64;
        }
    }
    Ok(ranks)
}
