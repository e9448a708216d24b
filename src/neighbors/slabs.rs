//! Slabs of the plane, one above the other: where in each strip their points stand.

use std::ops::Range;

use super::gallop::gallop;
use super::strips::Strips;
use crate::{Error, memory};

/// Goes through the strips slab by slab; fast where each begins at the end of the one before.
pub(crate) struct Slabs<'a> {
    strips: &'a Strips,
    /// The end of the last slab, and where in each strip the points below it end.
    reached: f64,
    ends: Vec<usize>,
}

impl<'a> Slabs<'a> {
    /// Below everything.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn new(strips: &'a Strips) -> Result<Self, Error> {
        let mut ends = memory::with_capacity(strips.n_strips())?;
        ends.extend(strips.points().map(|run| run.start));
        Ok(Self { strips, reached: f64::NEG_INFINITY, ends })
    }

    /// Where the points with a `y` in `slab` stand, strip by strip.
    pub(crate) fn runs(&mut self, slab: Range<f64>) -> impl Iterator<Item = Range<usize>> {
        let (ys, is_next) = (self.strips.ys(), self.reached == slab.start);
        self.reached = slab.end;
        self.strips.points().zip(&mut self.ends).map(move |(run, end)| {
            let below = |guess: usize, bound: f64| {
                run.start + gallop(run.len(), guess - run.start, |i| ys[run.start + i] < bound)
            };
            let start = if is_next { *end } else { below(*end, slab.start) };
            *end = below(start, slab.end);
            start..*end
        })
    }
}
