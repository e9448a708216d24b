//! Mutual information of two scalar samples from nearest neighbours (Kraskov, Stögbauer and Grassberger 2004, first
//! estimator).
//!
//! With `n_x`, `n_y` the points strictly nearer in each coordinate than the k-th neighbour is in the plane,
//!
//! ```text
//! I = psi(N) + psi(k) - mean psi(n_x + 1) - mean psi(n_y + 1)
//! ```
//!
//! O(n (k + log n)) for few neighbours, O(n k log k) for many. For strong dependence the estimate cannot exceed `psi(N) - psi(k)`.

use super::radius_below;
use crate::Error;
use crate::digamma::{DigammaSum, digamma};
use crate::neighbors::{Ball, KdTree, Line, Points};
use crate::threads::Interrupt;

/// A sample with its sorted line, which several estimates may share.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    pub(super) values: &'a [f64],
    pub(super) line: Line,
}

impl<'a> Column<'a> {
    /// Sorts `values`.
    ///
    /// # Errors
    /// As for [`Line::new`].
    pub fn new(values: &'a [f64], interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        Ok(Self { values, line: Line::new(values, interrupt)? })
    }
}

/// The estimate in nats, as it comes: below 0 where the dependence is weak.
///
/// Points at the distance of the k-th neighbour do not count; where that distance is 0, exact duplicates do
/// (scikit-learn's convention).
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::Lengths`], [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Column, Interrupt, ksg};
///
/// let x: Vec<f64> = (0..1000).map(|i| f64::from(i * i % 997)).collect();
/// let never = Interrupt::never();
/// let column = Column::new(&x, &never)?;
/// let estimate = ksg(&column, &column, 3, &never)?;
/// assert!(estimate > 5.0); // x tells all about itself
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn ksg(x: &Column<'_>, y: &Column<'_>, k: usize, interrupt: &Interrupt<'_>) -> Result<f64, Error> {
    let points = Points::from_columns(&[x.values, y.values])?;
    let (mut radii, _) = KdTree::new(&points, interrupt)?.kth_distances(k, interrupt.alone())?;
    radii.iter_mut().for_each(|radius| *radius = radius_below(*radius));
    let mean_digamma = |line: &Line| {
        let mut sum = DigammaSum::up_to(points.len())?;
        line.for_each_count(&radii, Ball::Closed, interrupt, |_, count| sum.add(count + 1, 1))?;
        Ok::<_, Error>(sum.mean())
    };
    Ok(digamma(points.len() as u64) + digamma(k as u64) - mean_digamma(&x.line)? - mean_digamma(&y.line)?)
}
