//! A joint law of X and Y, as the iterations need it.

use super::matrix::Matrix;
use crate::{Error, memory};

/// The law of X and Y: that of X, of Y given X, and of both, transposed.
pub(super) struct Table {
    pub(super) weights: Vec<f64>,
    pub(super) given: Matrix,
    pub(super) transposed: Matrix,
}

impl Table {
    /// From `p(x, y)` row by row; every row must have a positive sum.
    pub(super) fn new(joint: &[f64], n_columns: usize) -> Result<Self, Error> {
        let n_rows = check(joint, n_columns)?;
        let mut weights = memory::with_capacity(n_rows)?;
        let mut given = memory::with_capacity(joint.len())?;
        for (x, row) in joint.chunks(n_columns).enumerate() {
            let weight = row.iter().sum::<f64>();
            if weight <= 0.0 {
                return Err(Error::Weight { index: x * n_columns });
            }
            weights.push(weight);
            given.extend(row.iter().map(|p| p / weight));
        }
        let transposed = transposed(joint, n_columns)?;
        Ok(Self {
            weights,
            given: Matrix::new(given, n_columns)?,
            transposed: Matrix::new(transposed, n_rows)?,
        })
    }
}

/// The number of rows of a table of numbers that are finite and at least 0.
pub(super) fn check(joint: &[f64], n_columns: usize) -> Result<usize, Error> {
    if n_columns == 0 || joint.is_empty() || !joint.len().is_multiple_of(n_columns) {
        return Err(Error::Shape { values: joint.len(), dimensions: n_columns });
    }
    match joint.iter().position(|p| !(*p >= 0.0 && *p < 2f64.powi(63))) {
        Some(index) => Err(Error::Weight { index }),
        None => {
            memory::check_size(joint.len() / n_columns)?;
            memory::check_size(n_columns)?;
            Ok(joint.len() / n_columns)
        }
    }
}

/// Columns as rows. A few rows at a time, so that what is written to stays near.
fn transposed(elements: &[f64], n_columns: usize) -> Result<Vec<f64>, Error> {
    const ROWS: usize = 16;
    let n_rows = elements.len() / n_columns;
    let mut transposed = memory::filled(elements.len(), 0.0)?;
    for (block, rows) in elements.chunks(ROWS * n_columns).enumerate() {
        for column in 0..n_columns {
            let out = &mut transposed[column * n_rows + block * ROWS..];
            let values = rows.iter().skip(column).step_by(n_columns);
            out.iter_mut().zip(values).for_each(|(out, &value)| *out = value);
        }
    }
    Ok(transposed)
}
