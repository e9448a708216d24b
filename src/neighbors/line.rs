//! One dimension: a sorted line.
//!
//! Among sorted values the k nearest others of a point are a window around it, and the points within a distance are a
//! run. Each end of a run is looked for among the eight values after the place that a table names; if it is not there, by
//! steps that grow, so that any ties and any distribution cost no more than a bisection. What is compared are rounded
//! differences: the table changes the time and nothing else.

use fearless_simd::{f64x8, prelude::*};

use super::guide::Guide;
use super::rectangle_count::Run;
use super::window;
use super::{Ball, check_neighbors, check_radii};
use crate::lanes::{LANES, in_lanes};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// Values in ascending order, with the position each had.
#[derive(Debug, Clone)]
pub struct Line {
    /// Negative infinity, the values, infinity eight times.
    padded: Vec<f64>,
    /// Empty where nobody asks for it.
    order: Vec<u32>,
    guide: Guide,
}

/// A bucket of the table, and where it begins.
#[derive(Clone, Copy, Default)]
struct Guess {
    bucket: u32,
    place: u32,
}

/// How many points are processed between two questions whether to go on.
const BATCH: usize = 1 << 13;

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

    /// The strips of that cut that eight values of the line are in.
    #[inline(always)]
    pub(super) fn cuts_of<S: Simd>(&self, simd: S, values: f64x8<S>, size: usize) -> [u32; LANES] {
        let cells = self.guide.cells_of(simd, values);
        let values = values.as_array();
        std::array::from_fn(|lane| self.guide.bucket(cells[lane], values[lane]) >> size.trailing_zeros())
    }

    /// The values in ascending order.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.padded[1..self.padded.len() - LANES]
    }

    /// Whether a value repeats.
    pub(crate) fn has_ties(&self) -> bool {
        self.values().windows(2).any(|pair| pair[0] == pair[1])
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

    /// Where the run of values within `radii[i]` of `values[i]`, which stands on the line, begins and ends. A ball that
    /// does not hold even its centre may end before it begins.
    ///
    /// # Errors
    /// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub(crate) fn runs(
        &self,
        values: &[f64],
        radii: &[f64],
        ball: Ball,
        workers: Workers<'_>,
    ) -> Result<Vec<Run>, Error> {
        check_radii(radii, values.len())?;
        let mut runs = memory::filled(values.len(), [0; 2])?;
        let begin = || Ok(());
        workers.fill(&mut runs, BATCH, begin, |(), task, runs, interrupt| {
            interrupt.check()?;
            let places = task * BATCH..task * BATCH + runs.len();
            let (values, radii) = (&values[places.clone()], &radii[places]);
            in_lanes!(simd => self.run_each(simd, values, radii, ball, |index, start, end| {
                runs[index] = [start as u32, end as u32];
            }));
            Ok(())
        })?;
        Ok(runs)
    }

    /// [`Line::count_each`] on the instructions of this machine.
    pub(crate) fn counts(
        &self,
        values: &[f64],
        radii: &[f64],
        ball: Ball,
        each: impl FnMut(usize, u32),
    ) -> u64 {
        in_lanes!(simd => self.count_each(simd, values, radii, ball, each))
    }

    /// Calls `each(i, count)` with the number of other points within `radii[i]` of `values[i]`, which stands on the line.
    /// Returns the [misses](Self::misses).
    ///
    /// Fast where queries in turn are about the same part of the line.
    #[inline(always)]
    pub(crate) fn count_each<S: Simd>(
        &self,
        simd: S,
        values: &[f64],
        radii: &[f64],
        ball: Ball,
        mut each: impl FnMut(usize, u32),
    ) -> u64 {
        // Within an open ball of radius 0 there is not even the point itself.
        self.run_each(simd, values, radii, ball, |index, start, end| {
            each(index, end.saturating_sub(start + 1) as u32);
        })
    }

    /// Calls `each(i, start, end)` with where the run of values within `radii[i]` of `values[i]` begins and ends.
    #[inline(always)]
    fn run_each<S: Simd>(
        &self,
        simd: S,
        values: &[f64],
        radii: &[f64],
        ball: Ball,
        mut each: impl FnMut(usize, usize, usize),
    ) -> u64 {
        debug_assert_eq!(values.len(), radii.len(), "a radius for each value");
        let mut misses = 0;
        let ((packs, last_values), (reaches, last_radii)) = (values.as_chunks(), radii.as_chunks());
        // A pack that is not full ends in copies of its first query.
        let (last_values, last_radii) = (pack_of(last_values), pack_of(last_radii));
        for pack in 0..values.len().div_ceil(LANES) {
            let (values, radii, n) = if pack < packs.len() {
                (&packs[pack], &reaches[pack], LANES)
            } else {
                (&last_values, &last_radii, values.len() % LANES)
            };
            let (centres, reach) = (f64x8::load_array_ref(simd, values), f64x8::load_array_ref(simd, radii));
            let (low, high) = (centres - reach, centres + reach);
            let (first, last) = (self.guide.cells_of(simd, low), self.guide.cells_of(simd, high));
            // All places are asked for before any is needed: what the cache holds at some distance comes meanwhile.
            let about = |cell, value| {
                let bucket = self.guide.bucket_about(cell, value);
                Guess { bucket, place: self.guide.place(bucket) as u32 }
            };
            let (mut starts, mut ends) = ([Guess::default(); LANES], [Guess::default(); LANES]);
            for lane in 0..LANES {
                starts[lane] = about(first[lane], low.as_array()[lane]);
                ends[lane] = about(last[lane], high.as_array()[lane]);
            }
            for lane in 0..n {
                let (value, limit) = (values[lane], outside(radii[lane], ball));
                let start = self.boundary::<S, true>(simd, starts[lane], value, limit, &mut misses);
                let end = self.boundary::<S, false>(simd, ends[lane], value, limit, &mut misses);
                each(pack * LANES + lane, start, end);
            }
        }
        misses
    }

    /// Where the values within `limit` of `value` begin, or else end, looked for around a bucket: the first place that is
    /// not outside below, or the first that is not inside above.
    #[inline(always)]
    fn boundary<S: Simd, const BELOW: bool>(
        &self,
        simd: S,
        Guess { bucket, place }: Guess,
        value: f64,
        limit: f64,
        misses: &mut u64,
    ) -> usize {
        // How many places are before the boundary, of the one before `place` and the seven from it on: one to seven if
        // the boundary is among them.
        let n_before = |place: usize| {
            let keys = f64x8::from_slice(simd, &self.padded[place..place + LANES]);
            let value = f64x8::splat(simd, value);
            let distances = if BELOW { value - keys } else { keys - value };
            let outside = distances.simd_ge(f64x8::splat(simd, limit)).to_bitmask().count_ones() as usize;
            if BELOW { outside } else { LANES - outside }
        };
        let start = place as usize;
        let n = n_before(start);
        if (1..LANES).contains(&n) {
            return start + n - 1;
        }
        let last = (self.guide.place(bucket + 1) + 2).saturating_sub(LANES);
        if last > start {
            // Many in one bucket are equal as a rule: all of them are before the boundary, or none.
            let n = n_before(last);
            if (1..LANES).contains(&n) {
                return last + n - 1;
            }
        }
        *misses += 1;
        let values = self.values();
        gallop(values.len(), start, |place| {
            let distance = if BELOW { value - values[place] } else { values[place] - value };
            (distance >= limit) == BELOW
        })
    }
}

/// A pack that begins with some values, if there are any.
fn pack_of(values: &[f64]) -> [f64; LANES] {
    let mut pack = [values.first().copied().unwrap_or(0.0); LANES];
    pack[..values.len()].copy_from_slice(values);
    pack
}

/// The least distance outside a ball: whatever is not at least this far away is inside. NaN where everything is.
#[inline(always)]
fn outside(radius: f64, ball: Ball) -> f64 {
    // Beyond a closed ball is the next float, and what comes after infinity.
    f64::from_bits((radius + 0.0).to_bits() + u64::from(ball == Ball::Closed))
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

/// The first of `0..n` where `holds` no longer does, for a predicate that never holds again.
fn partition_point(n: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut start, mut length) = (0, n);
    while length > 0 {
        let half = length / 2;
        let goes_on = holds(start + half);
        start = if goes_on { start + half + 1 } else { start };
        length = if goes_on { length - half - 1 } else { half };
    }
    start
}

/// The same, in time that depends on how far off the guess is: steps that grow, then bisection.
fn gallop(n: usize, guess: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut start, mut end) = (0, n); // It holds below the start and not from the end on.
    let mut step = 1;
    let mut probe = guess.min(n);
    if probe < n && holds(probe) {
        start = probe + 1;
        while start + step <= end {
            probe = start + step - 1;
            if !holds(probe) {
                end = probe;
                break;
            }
            start = probe + 1;
            step *= 2;
        }
    } else {
        end = probe;
        while start + step <= end {
            probe = end - step;
            if holds(probe) {
                start = probe + 1;
                break;
            }
            end = probe;
            step *= 2;
        }
    }
    start + partition_point(end - start, |i| holds(start + i))
}
