//! Where the values of a line that lie within a distance begin and end.
//!
//! Each end of a run is looked for among the eight values after the place that a table names; if it is not there, by
//! steps that grow, so that any ties and any distribution cost no more than a bisection. What is compared are rounded
//! differences: the table changes the time and nothing else.

use fearless_simd::{f64x8, prelude::*};

use super::gallop::gallop;
use super::line::{BATCH, Line};
use super::rectangle_count::Run;
use super::{Ball, check_radii};
use crate::lanes::{LANES, in_lanes};
use crate::threads::Workers;
use crate::{Error, memory};

/// A bucket of the table, and where it begins.
#[derive(Clone, Copy, Default)]
struct Guess {
    bucket: u32,
    place: u32,
}

impl Line {
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
pub(super) fn outside(radius: f64, ball: Ball) -> f64 {
    // Beyond a closed ball is the next float, and what comes after infinity.
    f64::from_bits((radius + 0.0).to_bits() + u64::from(ball == Ball::Closed))
}
