//! The one error type of the crate.

use std::fmt;

/// Why a computation could not be done. The text names what was found and what is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// Two inputs that belong together differ in length.
    Lengths {
        /// Length of the first.
        left: usize,
        /// Length of the second.
        right: usize,
    },
    /// The number of neighbours does not fit the number of samples.
    Neighbors {
        /// The number of neighbours asked for.
        k: usize,
        /// The number of samples given.
        n: usize,
    },
    /// A value is NaN or infinite.
    NotFinite {
        /// Position of the first such value.
        index: usize,
    },
    /// A radius is negative, infinite or NaN.
    Radius {
        /// Position of the first such radius.
        index: usize,
    },
    /// What relevance counts for is not above 0, infinite or NaN.
    Beta {
        /// Position of the first such number.
        index: usize,
    },
    /// A period is NaN, or not above 0.
    Period {
        /// Position of the first such period.
        index: usize,
    },
    /// Coordinates go round in one of two sets of points that are compared, or otherwise.
    Periods,
    /// Where coordinates go round, the volume around a point is not known, or for the largest difference alone.
    CircularVolume,
    /// So many points of one sample equal a point of another that neither has a density there.
    Coincident,
    /// No label occurs twice, so no point has a neighbour of its own label.
    AllLabelsUnique,
    /// A cell of a table lies outside its shape.
    Cell {
        /// Position of the first such cell.
        index: usize,
    },
    /// A count is negative.
    Count {
        /// Position of the first such count.
        index: usize,
    },
    /// A weight is negative, NaN, or 2^63 or more.
    Weight {
        /// Position of the first such weight.
        index: usize,
    },
    /// The counts or weights of a table add up to 2^63 or more.
    Total,
    /// A score is NaN, infinity, or finite and too large.
    Score {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
    },
    /// Points were given without coordinates, or not a whole number of them.
    Shape {
        /// Number of values given.
        values: usize,
        /// Number of coordinates a point.
        dimensions: usize,
    },
    /// Too few samples for what is asked.
    Samples {
        /// How many are needed.
        needed: usize,
        /// How many were given.
        n: usize,
    },
    /// No variables, or too many.
    Variables {
        /// How many were given.
        n: usize,
    },
    /// A term names no variable, or one that was not given.
    Term {
        /// Position of the first such term.
        index: usize,
    },
    /// Fewer categories than labels that occur.
    Categories {
        /// The variable, from 0.
        variable: usize,
        /// How many labels of it occur.
        n_labels: usize,
    },
    /// All combinations of categories are too many.
    Combinations,
    /// The estimate is no mean of what samples contribute.
    NotPointwise,
    /// An order names a sample that is not there.
    Index {
        /// Position of the first such name.
        index: usize,
    },
    /// A marginal count is larger than the number of samples.
    Margin {
        /// The count.
        count: u64,
        /// The number of samples.
        n_samples: u64,
    },
    /// More samples, rows or columns than 32-bit positions can tell apart.
    TooLarge {
        /// The number found.
        n: usize,
    },
    /// Memory could not be had.
    OutOfMemory,
    /// The caller asked to stop.
    Interrupted,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Lengths { left, right } => {
                write!(f, "inputs must have the same length, got {left} and {right}")
            }
            Self::Neighbors { k, n } => {
                write!(
                    f,
                    "the number of neighbors must be at least 1 and below the number of samples, got {k} with {n} samples"
                )
            }
            Self::NotFinite { index } => {
                write!(f, "values must be finite, got NaN or infinity at position {index}")
            }
            Self::Radius { index } => {
                write!(f, "radii must be finite and at least 0, got another at position {index}")
            }
            Self::Beta { index } => {
                write!(f, "betas must be finite and above 0, got another at position {index}")
            }
            Self::Period { index } => {
                write!(f, "periods must be above 0, got another at position {index}")
            }
            Self::Periods => write!(f, "points and others must have the same periods"),
            Self::CircularVolume => {
                write!(
                    f,
                    "columns must not be periodic here: volumes on circles are known for the norm 'max' alone"
                )
            }
            Self::Coincident => {
                write!(
                    f,
                    "samples must come from densities, got one that equals its k-th neighbor in the other sample: more neighbors may help, and labels are integers or text"
                )
            }
            Self::AllLabelsUnique => {
                write!(f, "at least one label must occur twice, got only labels that occur once")
            }
            Self::Cell { index } => {
                write!(f, "cells must lie within the shape, got another at position {index}")
            }
            Self::Count { index } => {
                write!(f, "counts must not be negative, got one at position {index}")
            }
            Self::Weight { index } => {
                write!(f, "weights must be at least 0 and below 2^63, got another at position {index}")
            }
            Self::Total => write!(f, "counts, or weights, must add up to less than 2^63"),
            Self::Score { row, column } => {
                write!(
                    f,
                    "scores must lie between -2^30 and 2^30 or be minus infinity, got another in row {row}, column {column}"
                )
            }
            Self::Shape { values, dimensions } => {
                write!(
                    f,
                    "points need at least one coordinate and the same number each, got {values} values in {dimensions} columns"
                )
            }
            Self::Samples { needed, n } => write!(f, "at least {needed} samples are needed, got {n}"),
            Self::Variables { n } => write!(f, "between 1 and 64 variables are supported, got {n}"),
            Self::Term { index } => {
                write!(
                    f,
                    "each term must name one of the variables at least, got another at position {index}"
                )
            }
            Self::Categories { variable, n_labels } => {
                write!(
                    f,
                    "n_categories must be at least the number of labels that occur, which is {n_labels}, got fewer for variable {variable}"
                )
            }
            Self::Combinations => {
                write!(f, "n_categories of all variables must multiply to less than 2^1000")
            }
            Self::NotPointwise => {
                write!(f, "this estimate is no mean of what samples contribute: it has no pointwise values")
            }
            Self::Index { index } => {
                write!(f, "orders must name samples, got another at position {index}")
            }
            Self::Margin { count, n_samples } => {
                write!(
                    f,
                    "margins must not exceed the number of samples, got {count} with {n_samples} samples"
                )
            }
            Self::TooLarge { n } => {
                write!(f, "at most {} samples, rows or columns are supported, got {n}", u32::MAX - 1)
            }
            Self::OutOfMemory => write!(f, "not enough memory for this many samples"),
            Self::Interrupted => write!(f, "interrupted"),
        }
    }
}

impl std::error::Error for Error {}
