//! Points in any number of dimensions, made of blocks.

use crate::{Error, memory};

use super::check_finite;
use super::circular::wrapped;

/// How far apart two points are inside a block of coordinates. Between blocks it is always the largest that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Norm {
    /// The largest coordinate difference, each rounded once.
    Max,
    /// The sum of the squared differences, coordinate after coordinate: distances are kept squared, so that they are
    /// compared as they were computed.
    Euclidean,
}

/// Finite points, stored one after the other.
#[derive(Debug, Clone)]
pub struct Points {
    coordinates: Vec<f64>,
    dimensions: usize,
    /// Where each block of coordinates ends.
    ends: Vec<usize>,
    norm: Norm,
    /// The period of each coordinate, infinite where it has none; empty where none has.
    periods: Vec<f64>,
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
        Ok(Self { coordinates, dimensions, ends: vec![dimensions], norm: Norm::Max, periods: Vec::new() })
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
        let coordinates = memory::collect(coordinates.iter().copied())?;
        Ok(Self { coordinates, dimensions, ends: vec![dimensions], norm: Norm::Max, periods: Vec::new() })
    }

    /// The points whose blocks are those of all `parts`, point by point, with the norm of the first.
    ///
    /// # Errors
    /// [`Error::Shape`] for no parts, [`Error::Lengths`], [`Error::OutOfMemory`].
    pub fn joint(parts: &[&Self]) -> Result<Self, Error> {
        let first = parts.first().ok_or(Error::Shape { values: 0, dimensions: 0 })?;
        let n = first.len();
        if let Some(other) = parts.iter().find(|part| part.len() != n) {
            return Err(Error::Lengths { left: n, right: other.len() });
        }
        let dimensions = parts.iter().map(|part| part.dimensions).sum::<usize>();
        let mut coordinates = memory::filled(n.checked_mul(dimensions).ok_or(Error::OutOfMemory)?, 0.0)?;
        let goes_round = parts.iter().any(|part| !part.periods.is_empty());
        let mut periods = vec![f64::INFINITY; if goes_round { dimensions } else { 0 }];
        let (mut ends, mut start) = (Vec::new(), 0);
        for part in parts {
            for c in 0..part.dimensions {
                let column = part.coordinates[c..].iter().step_by(part.dimensions);
                let target = coordinates[start + c..].iter_mut().step_by(dimensions);
                target.zip(column).for_each(|(target, &value)| *target = value);
            }
            if !part.periods.is_empty() {
                periods[start..start + part.dimensions].copy_from_slice(&part.periods);
            }
            ends.extend(part.ends.iter().map(|end| start + end));
            start += part.dimensions;
        }
        Ok(Self { coordinates, dimensions, ends, norm: first.norm, periods })
    }

    /// The points at some positions.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn at(&self, positions: &[u32]) -> Result<Self, Error> {
        let mut coordinates = memory::filled(positions.len() * self.dimensions, 0.0)?;
        for c in 0..self.dimensions {
            let target = coordinates[c..].iter_mut().step_by(self.dimensions);
            target.zip(positions).for_each(|(target, &position)| *target = self.point(position as usize)[c]);
        }
        let (ends, periods) = (self.ends.clone(), self.periods.clone());
        Ok(Self { coordinates, dimensions: self.dimensions, ends, norm: self.norm, periods })
    }

    /// These points, and then others of the same blocks.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(super) fn followed_by(&self, others: &Self) -> Result<Self, Error> {
        let mut all = self.clone();
        memory::append(&mut all.coordinates, &others.coordinates)?;
        Ok(all)
    }

    /// The same points with another norm inside each block.
    #[must_use]
    pub fn with_norm(self, norm: Norm) -> Self {
        Self { norm, ..self }
    }

    /// The same points where coordinates go round: each modulo its period, which is infinite where it does not.
    ///
    /// # Errors
    /// [`Error::Lengths`] unless there are as many periods as coordinates, [`Error::Period`] for one that is not above 0.
    pub fn with_periods(mut self, periods: &[f64]) -> Result<Self, Error> {
        check_periods(periods, self.dimensions)?;
        if periods.iter().any(|period| period.is_finite()) {
            for point in self.coordinates.chunks_exact_mut(self.dimensions) {
                point.iter_mut().zip(periods).for_each(|(value, &period)| *value = wrapped(*value, period));
            }
            self.periods = periods.to_vec();
        }
        Ok(self)
    }

    /// The period of each coordinate, infinite where it has none; empty where none has.
    #[must_use]
    pub fn periods(&self) -> &[f64] {
        &self.periods
    }

    /// The norm inside each block.
    #[must_use]
    pub fn norm(&self) -> Norm {
        self.norm
    }

    /// The coordinates of each block.
    pub fn blocks(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| start..end)
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

    /// The values of points with one coordinate that does not go round, where distances are differences.
    pub(crate) fn as_line(&self) -> Option<&[f64]> {
        (self.dimensions == 1 && self.norm == Norm::Max && self.periods.is_empty())
            .then_some(&self.coordinates)
    }

    /// The values of points with one coordinate that goes round, and its period, where distances are the shorter way.
    pub(super) fn as_circle(&self) -> Option<(&[f64], f64)> {
        let &[period] = self.periods.as_slice() else { return None };
        (self.norm == Norm::Max).then_some((&self.coordinates, period))
    }

    /// The coordinates of point `i`.
    #[must_use]
    pub fn point(&self, i: usize) -> &[f64] {
        &self.coordinates[i * self.dimensions..][..self.dimensions]
    }
}

/// One period above 0 for each coordinate, which may be infinite.
pub(crate) fn check_periods(periods: &[f64], dimensions: usize) -> Result<(), Error> {
    if periods.len() != dimensions {
        return Err(Error::Lengths { left: dimensions, right: periods.len() });
    }
    match periods.iter().position(|&period| period.is_nan() || period <= 0.0) {
        Some(index) => Err(Error::Period { index }),
        None => Ok(()),
    }
}
