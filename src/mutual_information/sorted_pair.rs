//! Two scalar samples in order, for one estimate or several.

use super::ksg::{Duplicates, check, ksg_of_ranked, ksg_on_lines};
use crate::Error;
use crate::neighbors::{Line, Ranked};
use crate::threads::Workers;

/// Both samples, each in ascending order.
pub(super) enum SortedPair<'a> {
    /// Of few values.
    Ranked(Box<[Ranked; 2]>),
    /// The first with its partners in the second.
    Lines { x: &'a [f64], line_x: Line, partners: Vec<f64>, y: &'a [f64], line_y: Box<Line> },
}

impl<'a> SortedPair<'a> {
    /// Sorts samples for estimates with up to `k` neighbours.
    ///
    /// # Errors
    /// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::Lengths`], [`Error::NotFinite`], [`Error::OutOfMemory`],
    /// [`Error::Interrupted`].
    pub(super) fn new(x: &'a [f64], y: &'a [f64], k: usize, workers: Workers<'_>) -> Result<Self, Error> {
        check(x, y, k)?;
        if Ranked::suits(x.len(), k) {
            return Ok(Self::Ranked(Box::new([Ranked::new(x)?, Ranked::new(y)?])));
        }
        let ((line_x, partners), line_y) = workers
            .both(|interrupt| Line::paired(x, y, interrupt), |interrupt| Line::unordered(y, interrupt))?;
        Ok(Self::Lines { x, line_x, partners, y, line_y: Box::new(line_y) })
    }

    /// Whether values repeat in the first, and in the second.
    pub(super) fn have_ties(&self) -> (bool, bool) {
        match self {
            Self::Ranked(samples) => (samples[0].n_ties() > 0, samples[1].n_ties() > 0),
            Self::Lines { line_x, line_y, .. } => (line_x.has_ties(), line_y.has_ties()),
        }
    }

    /// The estimate of [`ksg`](super::ksg()).
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub(super) fn ksg(&self, k: usize, duplicates: Duplicates, workers: Workers<'_>) -> Result<f64, Error> {
        match self {
            Self::Ranked(samples) => ksg_of_ranked(&samples[0], &samples[1], k, duplicates),
            Self::Lines { x, line_x, partners, y, line_y } => {
                ksg_on_lines((x, line_x, partners), (y, line_y.as_ref()), k, duplicates, &mut None, workers)
            }
        }
    }
}
