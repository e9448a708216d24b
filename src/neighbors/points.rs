//! Points in any number of dimensions.

use crate::{Error, memory};

use super::check_finite;

/// Finite points, stored one after the other.
#[derive(Debug, Clone)]
pub struct Points {
    coordinates: Vec<f64>,
    dimensions: usize,
}

impl Points {
    /// Points from their columns, one for each coordinate.
    ///
    /// # Errors
    /// [`Error::Shape`] for no columns, [`Error::Lengths`], [`Error::NotFinite`], [`Error::TooLarge`],
    /// [`Error::OutOfMemory`].
    pub fn from_columns(columns: &[&[f64]]) -> Result<Self, Error> {
        let dimensions = columns.len();
        let n = columns.first().ok_or(Error::Shape { values: 0, dimensions })?.len();
        memory::check_size(n)?;
        for column in columns {
            if column.len() != n {
                return Err(Error::Lengths { left: n, right: column.len() });
            }
            check_finite(column)?;
        }
        let size = n.checked_mul(dimensions).ok_or(Error::OutOfMemory)?;
        let mut coordinates = memory::with_capacity(size)?;
        for i in 0..n {
            coordinates.extend(columns.iter().map(|column| column[i]));
        }
        Ok(Self { coordinates, dimensions })
    }

    /// Points from their coordinates, one point after the other.
    ///
    /// # Errors
    /// As for [`Points::from_columns`].
    pub fn from_rows(coordinates: &[f64], dimensions: usize) -> Result<Self, Error> {
        if dimensions == 0 || !coordinates.len().is_multiple_of(dimensions) {
            return Err(Error::Shape { values: coordinates.len(), dimensions });
        }
        memory::check_size(coordinates.len() / dimensions)?;
        check_finite(coordinates)?;
        Ok(Self { coordinates: memory::collect(coordinates.iter().copied())?, dimensions })
    }

    /// How many points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.coordinates.len() / self.dimensions
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.coordinates.is_empty()
    }

    /// How many coordinates each has.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The values of points with one coordinate.
    pub(super) fn as_line(&self) -> Option<&[f64]> {
        (self.dimensions == 1).then_some(&self.coordinates)
    }

    /// The coordinates of point `i`.
    #[must_use]
    pub fn point(&self, i: usize) -> &[f64] {
        &self.coordinates[i * self.dimensions..][..self.dimensions]
    }
}
