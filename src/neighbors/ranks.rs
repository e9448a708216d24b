//! Ranks: a column on the scale of its own distribution.
//!
//! ```text
//! rank of a value = number of points below it + number of points not above it - 1
//! ```
//!
//! That is twice the mean rank that statistics gives to equal values, so it is an integer, and `0, 2, 4, ...` where no
//! two are equal. The distance of two ranks counts the points between two values, those at either end by half: it does
//! not depend on the direction of the axis, and a column of two values spreads as wide as one where all differ. Numbering
//! the distinct values (dense ranks) would put these two next to each other, and breaking ties by position would tell
//! equal points apart.

use super::Line;
use crate::threads::Interrupt;
use crate::{Error, memory};

/// The rank of each value of a column.
#[derive(Debug, Clone)]
pub struct Ranks(Vec<u32>);

impl Ranks {
    /// Ranks finite `values`; -0.0 and 0.0 are equal.
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::TooLarge`] for 2^31 values or more, [`Error::OutOfMemory`],
    /// [`Error::Interrupted`].
    ///
    /// ```
    /// use mutua::{Interrupt, Ranks};
    ///
    /// let ranks = Ranks::new(&[0.5, -7.0, 0.5, 100.0], &Interrupt::never())?;
    /// assert_eq!(ranks.as_slice(), [3, 0, 3, 6]);
    /// # Ok::<(), mutua::Error>(())
    /// ```
    pub fn new(values: &[f64], interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        memory::check_size(values.len().saturating_mul(2))?;
        let line = Line::new(values, interrupt)?;
        let mut ranks = memory::filled(values.len(), 0)?;
        let mut positions = line.order().iter();
        let mut below = 0;
        for equal in line.values().chunk_by(|a, b| a == b) {
            let rank = 2 * below + equal.len() - 1;
            for &position in positions.by_ref().take(equal.len()) {
                ranks[position as usize] = rank as u32;
            }
            below += equal.len();
        }
        Ok(Self(ranks))
    }

    /// Ranks each coordinate of points given one after the other.
    ///
    /// # Errors
    /// [`Error::Shape`] for no coordinates or not a whole number of points, and as for [`Ranks::new`].
    pub fn from_rows(
        coordinates: &[f64],
        dimensions: usize,
        interrupt: &Interrupt<'_>,
    ) -> Result<Vec<Self>, Error> {
        if dimensions == 0 || !coordinates.len().is_multiple_of(dimensions) {
            return Err(Error::Shape { values: coordinates.len(), dimensions });
        }
        let column = |first: usize| {
            let values = coordinates.iter().skip(first).step_by(dimensions).copied();
            Self::new(&memory::collect(values)?, interrupt)
        };
        (0..dimensions).map(column).collect()
    }

    /// The ranks, each below twice their number.
    #[must_use]
    pub fn as_slice(&self) -> &[u32] {
        &self.0
    }
}
