//! One dimension: a sorted line.
//!
//! Among sorted values the k nearest others of a point are a window around it, and the points within a distance are a
//! run.

use super::guide::Guide;
use super::window;
use super::{Ball, check_neighbors, check_others, check_radii};
use crate::lanes::LANES;
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Values in ascending order, with the position each had.
#[derive(Debug, Clone)]
pub struct Line {
    /// Negative infinity, the values, infinity eight times.
    pub(super) padded: Vec<f64>,
    /// Empty where nobody asks for it.
    order: Vec<u32>,
    pub(super) guide: Guide,
}

/// How many points are processed between two questions whether to go on.
pub(super) const BATCH: usize = 1 << 13;

impl Line {
    /// Sorts `values`: O(n log n) for any, O(n) for most.
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn new(values: &[f64], interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        let mut order = memory::filled(values.len(), 0)?;
        let (padded, guide) = sort(values, &mut order, |position| position as u32, interrupt)?;
        Ok(Self { padded, order, guide })
    }

    /// The same without the positions, in less time: no [`Line::order`], and no answer by position.
    pub(crate) fn unordered(values: &[f64], interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        let (padded, guide) = sort(values, &mut memory::filled(values.len(), ())?, |_| (), interrupt)?;
        Ok(Self { padded, order: Vec::new(), guide })
    }

    /// The same, and in the order of the line the partner of each value.
    pub(crate) fn paired(
        values: &[f64],
        partners: &[f64],
        interrupt: &Interrupt<'_>,
    ) -> Result<(Self, Vec<f64>), Error> {
        let mut sorted = memory::filled(values.len(), 0.0)?;
        let (padded, guide) = sort(values, &mut sorted, |position| partners[position], interrupt)?;
        Ok((Self { padded, order: Vec::new(), guide }, sorted))
    }

    /// How far the middle half of the values spreads, about.
    pub(super) fn spread(&self) -> f64 {
        self.guide.spread()
    }

    /// Cuts the line into strips of `size` buckets, which hold about as many values, equal ones never apart: where each
    /// begins, and the end.
    pub(super) fn cuts(&self, size: usize) -> Result<Vec<usize>, Error> {
        let n = self.values().len();
        let mut cuts = memory::with_capacity(n.div_ceil(size) + 1)?;
        cuts.extend((0..n).step_by(size).map(|bucket| self.guide.place(bucket as u32)));
        cuts.push(n);
        Ok(cuts)
    }

    /// The strip of that cut that a value of the line is in, which is in this cell of the guide.
    #[inline(always)]
    pub(super) fn cut_of(&self, cell: u32, value: f64, size: usize) -> usize {
        (self.guide.bucket(cell, value) >> size.trailing_zeros()) as usize
    }

    /// The values in ascending order.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.padded[1..self.padded.len() - LANES]
    }

    /// Whether a value repeats.
    pub(crate) fn has_ties(&self) -> bool {
        // What stands around the values is none of them.
        let (values, next) = (&self.padded[..self.padded.len() - LANES], &self.padded[1..]);
        let apart = |(value, next): (&[f64], &[f64])| {
            value.iter().zip(next).fold(true, |apart, (value, next)| apart & (value != next))
        };
        !values.chunks(BATCH).zip(next.chunks(BATCH)).all(apart)
    }

    /// For each place on the line, the position that its value had.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// The distance of each point to its k-th nearest other point, in the order the values were given.
    ///
    /// O(n) for few neighbours and many.
    ///
    /// # Errors
    /// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn kth_distances(&self, k: usize, interrupt: &Interrupt<'_>) -> Result<Vec<f64>, Error> {
        check_neighbors(k, self.values().len())?;
        let mut distances = memory::filled(self.values().len(), 0.0)?;
        window::kth_distances(self.values(), k, interrupt, |first, along| {
            for (&position, &distance) in self.order[first..].iter().zip(&*along) {
                distances[position as usize] = distance;
            }
        })?;
        Ok(distances)
    }

    /// The distance of each point to the k-th nearest of another line, in the order the values were given.
    ///
    /// O(n + m).
    ///
    /// # Errors
    /// [`Error::Neighbors`] unless `1 <= k <= m`, [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn kth_distances_to(
        &self,
        others: &Self,
        k: usize,
        interrupt: &Interrupt<'_>,
    ) -> Result<Vec<f64>, Error> {
        check_others(k, others.values().len())?;
        let mut distances = memory::filled(self.values().len(), 0.0)?;
        window::kth_distances_to(self.values(), others.values(), k, interrupt, |first, along| {
            for (&position, &distance) in self.order[first..].iter().zip(along) {
                distances[position as usize] = distance;
            }
        })?;
        Ok(distances)
    }

    /// The number of other points within `radii[i]` of each point, in the order the values were given.
    ///
    /// O(n log m) for counts of about m, O(n) for most.
    ///
    /// # Errors
    /// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn counts_within(
        &self,
        radii: &[f64],
        ball: Ball,
        interrupt: &Interrupt<'_>,
    ) -> Result<Vec<u32>, Error> {
        let mut counts = memory::filled(self.values().len(), 0)?;
        self.for_each_count(radii, ball, interrupt, |position, count| counts[position] = count as u32)?;
        Ok(counts)
    }

    /// At how many of the two ends of the runs around each point the table was no use: what a test can bound where a
    /// clock would only measure the machine.
    ///
    /// # Errors
    /// As for [`Line::counts_within`].
    pub fn misses(&self, radii: &[f64], ball: Ball, interrupt: &Interrupt<'_>) -> Result<u64, Error> {
        self.for_each_count(radii, ball, interrupt, |_, _| ())
    }

    /// Calls `f(position, count)` for each point. Returns the [misses](Self::misses).
    pub(crate) fn for_each_count(
        &self,
        radii: &[f64],
        ball: Ball,
        interrupt: &Interrupt<'_>,
        mut f: impl FnMut(usize, usize),
    ) -> Result<u64, Error> {
        check_radii(radii, self.values().len())?;
        let mut along = memory::with_capacity(BATCH.min(radii.len()))?;
        let mut misses = 0;
        for (values, order) in self.values().chunks(BATCH).zip(self.order.chunks(BATCH)) {
            interrupt.check()?;
            along.clear();
            along.extend(order.iter().map(|&position| radii[position as usize]));
            misses +=
                self.counts(values, &along, ball, |index, count| f(order[index] as usize, count as usize));
        }
        Ok(misses)
    }
}

/// The sorted values within what stands around them, and their guide.
fn sort<P: Copy + Default>(
    values: &[f64],
    partners: &mut [P],
    partner: impl Fn(usize) -> P,
    interrupt: &Interrupt<'_>,
) -> Result<(Vec<f64>, Guide), Error> {
    let mut padded = memory::filled(values.len() + 1 + LANES, f64::INFINITY)?;
    padded[0] = f64::NEG_INFINITY;
    let guide = Guide::sort(values, &mut padded[1..=values.len()], partners, partner, interrupt)?;
    Ok((padded, guide))
}
