//! Sorting a line: dealt out to the cells of its [`Guide`], then cell by cell.
//!
//! Every step is monotone in floating point, so values sorted by bucket are sorted but for those that share one. O(n) for
//! values with a density, however heavy its tails; O(n log n) for any. Two passes over memory, the second cell by cell.

use fearless_simd::{f64x8, prelude::*};

use super::cell_sort::Scratch;
use super::check_finite;
use super::guide::{Guide, finite};
use crate::lanes::{LANES, in_lanes};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// How many values are processed between two questions whether to go on.
const BATCH: usize = 1 << 14;

/// Values in a cell, on average, and where there is no table; and how many cells there are at least and at most.
const CELL: usize = 1 << 8;
const CELL_ALONE: usize = 1 << 10;
const FEWEST_CELLS: usize = 1 << 5;
const MOST_CELLS: usize = 1 << 12;

impl Guide {
    /// Writes the values to `sorted` in ascending order, and what `partner` says belongs to the positions they had to
    /// `partners`; equal values keep their order, and -0 becomes 0.
    pub(super) fn sort<P: Copy + Default>(
        values: &[f64],
        sorted: &mut [f64],
        partners: &mut [P],
        partner: impl Fn(usize) -> P,
        interrupt: &Interrupt<'_>,
    ) -> Result<Self, Error> {
        let n = memory::check_size(values.len())?;
        // One more than there are buckets: a boundary may be beyond the last cell, if that is empty.
        let mut places = memory::filled(values.len() + 2, 0)?;
        places[values.len() + 1] = n;
        in_lanes!(simd => Self::sort_in_lanes(simd, values, sorted, partners, partner, places, interrupt))
    }

    #[inline(always)]
    fn sort_in_lanes<S: Simd, P: Copy + Default>(
        simd: S,
        values: &[f64],
        sorted: &mut [f64],
        partners: &mut [P],
        partner: impl Fn(usize) -> P,
        places: Vec<u32>,
        interrupt: &Interrupt<'_>,
    ) -> Result<Self, Error> {
        let n = values.len();
        let per_cell = if places.is_empty() { CELL_ALONE } else { CELL };
        let n_cells = (n / per_cell).next_power_of_two().clamp(FEWEST_CELLS, MOST_CELLS);
        let (centre, scale) = centre_and_scale(values);
        let mut guide = Self {
            centre,
            per_scale: finite(1.0 / scale),
            n_cells,
            cells: memory::with_capacity(n_cells)?,
            places,
        };
        // Deal the values out to the cells.
        let mut cell_of = memory::filled(n, 0u16)?;
        let mut ends = memory::filled(n_cells, 0u32)?;
        for (chunk, cell_of) in values.chunks(BATCH).zip(cell_of.chunks_mut(BATCH)) {
            interrupt.check()?;
            check_finite(chunk).or_else(|_| check_finite(values))?;
            for (values, cell_of) in chunk.chunks(LANES).zip(cell_of.chunks_mut(LANES)) {
                let eight = if values.len() == LANES {
                    f64x8::from_slice(simd, values)
                } else {
                    f64x8::from_fn(simd, |lane| values[lane % values.len()])
                };
                for (&cell, cell_of) in guide.cells_of(simd, eight).iter().zip(cell_of) {
                    *cell_of = cell as u16;
                    ends[cell as usize] += 1;
                }
            }
        }
        to_starts(&mut ends, 0);
        for (batch, (values, cell_of)) in values.chunks(BATCH).zip(cell_of.chunks(BATCH)).enumerate() {
            interrupt.check()?;
            for (index, (&value, &cell)) in values.iter().zip(cell_of).enumerate() {
                let place = &mut ends[usize::from(cell)];
                sorted[*place as usize] = value + 0.0;
                partners[*place as usize] = partner(batch * BATCH + index);
                *place += 1;
            }
        }
        // Sort cell by cell.
        let (mut scratch, mut passing) = (Scratch::default(), Vec::new());
        let mut start = 0;
        for (cell, &end) in ends.iter().enumerate() {
            if cell % (BATCH / CELL) == 0 {
                interrupt.check()?;
            }
            let place = std::mem::replace(&mut start, end as usize);
            let (sorted, partners) = (&mut sorted[place..start], &mut partners[place..start]);
            let bucket_ends = if guide.places.is_empty() {
                memory::refill(&mut passing, sorted.iter().map(|_| 0))?;
                &mut passing
            } else {
                &mut guide.places[place + 1..=start]
            };
            guide.cells.push(scratch.sort_cell(place, sorted, partners, bucket_ends)?);
        }
        Ok(guide)
    }
}

/// Values in ascending order alone: without a table, in less time. -0 becomes 0.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Interrupted`].
pub(crate) fn sorted(values: &[f64], interrupt: &Interrupt<'_>) -> Result<Vec<f64>, Error> {
    memory::check_size(values.len())?;
    let mut sorted = memory::filled(values.len(), 0.0)?;
    let mut nothing = memory::filled(values.len(), ())?;
    in_lanes!(simd => Guide::sort_in_lanes(simd, values, &mut sorted, &mut nothing, |_| (), Vec::new(), interrupt))?;
    Ok(sorted)
}

/// The median and the distance of the quartiles of a few of the values, or of what is farther apart where these are equal.
fn centre_and_scale(values: &[f64]) -> (f64, f64) {
    const SAMPLE: usize = 64;
    if values.is_empty() {
        return (0.0, 1.0);
    }
    let mut sample = [0.0; SAMPLE];
    for (index, value) in sample.iter_mut().enumerate() {
        // Multiples of the golden ratio: evenly spread, and in step with no period.
        let share = (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        *value = values[((share * values.len() as u64) >> 32) as usize];
    }
    sample.sort_unstable_by(f64::total_cmp);
    let spreads = [SAMPLE / 4, SAMPLE / 16, 0].map(|tail| sample[SAMPLE - 1 - tail] - sample[tail]);
    let scale = spreads.into_iter().find(|&spread| spread > 0.0).unwrap_or(1.0);
    (sample[SAMPLE / 2], scale)
}

/// Turns how many there are of each into where the first of each stands.
#[inline(always)]
pub(super) fn to_starts(counts: &mut [u32], mut start: u32) {
    for count in counts {
        start += std::mem::replace(count, start);
    }
}
