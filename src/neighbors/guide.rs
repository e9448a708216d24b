//! Sorting a line, and a table that tells where on it a value would stand.
//!
//! A line is cut into cells by a map that squeezes it into a bounded interval, `u / (1 + |u|)` with `u` centred and scaled
//! by a sample: what lies far out has cells too. Each cell spans from its lowest to its highest value and is cut into
//! as many equal buckets as it holds values, so that a bucket holds about one, however the values are spread. Every
//! step is monotone in floating point: values sorted by bucket are sorted but for those that share one, and the
//! beginnings of the buckets are the table.
//!
//! O(n) for values with a density, however heavy its tails; O(n log n) for any. Two passes over memory, the second cell
//! by cell.

use fearless_simd::{dispatch, prelude::*};

use super::check_finite;
use crate::lanes::{self, LANES};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// How many values are processed between two questions whether to go on.
const BATCH: usize = 1 << 14;

/// Values in a cell, on average; and how many cells there are at least and at most.
const CELL: usize = 1 << 8;
const FEWEST_CELLS: usize = 1 << 5;
const MOST_CELLS: usize = 1 << 11;

/// Exchanges of neighbours, before buckets are sorted one by one.
const ROUNDS: usize = 6;

/// By how much of a bucket a value is looked for before its place: more than rounding moves it.
const BACK: f64 = 1e-3;

/// Added to a float from 0 to 2^32, it rounds it to an integer and leaves that in the lowest bits.
const ROUNDER: f64 = (1u64 << 52) as f64;

/// What is sorted: a value, and perhaps the position it had or a value that belongs to it.
pub(super) trait Item: Copy + Default {
    fn value(&self) -> f64;
}

impl Item for f64 {
    #[inline(always)]
    fn value(&self) -> f64 {
        *self
    }
}

impl<T: Copy + Default> Item for (f64, T) {
    #[inline(always)]
    fn value(&self) -> f64 {
        self.0
    }
}

/// About where on a line a value would stand.
#[derive(Debug, Clone)]
pub(super) struct Guide {
    centre: f64,
    per_scale: f64,
    cells: Vec<Cell>,
    /// The first place of each bucket, and the number of values.
    places: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    lowest: f64,
    buckets_per_unit: f64,
    /// The first bucket, and how many follow it in the cell.
    first: f64,
    following: f64,
}

impl Cell {
    /// The bucket of a value, `back` buckets before where it belongs.
    #[inline(always)]
    fn bucket(&self, value: f64, back: f64) -> usize {
        let bucket = (value - self.lowest) * self.buckets_per_unit - back;
        let bucket = if bucket > 0.0 { bucket } else { 0.0 };
        let bucket = if bucket < self.following { bucket } else { self.following };
        (self.first + bucket + ROUNDER).to_bits() as u32 as usize
    }
}

impl Guide {
    /// Writes `item(value, position)` of the values to `sorted` in ascending order, equal ones in the order they have; -0
    /// becomes 0.
    pub(super) fn sort<T: Item>(
        values: &[f64],
        sorted: &mut [T],
        item: impl Fn(f64, usize) -> T,
        interrupt: &Interrupt<'_>,
    ) -> Result<Self, Error> {
        memory::check_size(values.len())?;
        dispatch!(lanes::level(), simd => simd.vectorize(
            #[inline(always)]
            || Self::sort_in_lanes(values, sorted, item, interrupt)
        ))
    }

    #[inline(always)]
    fn sort_in_lanes<T: Item>(
        values: &[f64],
        sorted: &mut [T],
        item: impl Fn(f64, usize) -> T,
        interrupt: &Interrupt<'_>,
    ) -> Result<Self, Error> {
        let n = values.len();
        let n_cells = (n / CELL).next_power_of_two().clamp(FEWEST_CELLS, MOST_CELLS);
        let (centre, scale) = centre_and_scale(values);
        let mut guide = Self {
            centre,
            per_scale: (1.0 / scale).min(f64::MAX),
            cells: memory::with_capacity(n_cells)?,
            places: memory::filled(n + 1, 0)?,
        };
        // Deal the values out to the cells.
        let mut cell_of = memory::filled(n, 0u16)?;
        let mut ends = memory::filled(n_cells, 0u32)?;
        for (chunk, cell_of) in values.chunks(BATCH).zip(cell_of.chunks_mut(BATCH)) {
            interrupt.check()?;
            if !chunk.iter().fold(true, |finite, value| finite & value.is_finite()) {
                check_finite(values)?;
            }
            guide.cells_of(chunk, n_cells, cell_of);
            cell_of.iter().for_each(|&cell| ends[usize::from(cell)] += 1);
        }
        to_starts(&mut ends);
        for (position, (&value, &cell)) in values.iter().zip(&cell_of).enumerate() {
            let place = &mut ends[usize::from(cell)];
            sorted[*place as usize] = item(value + 0.0, position);
            *place += 1;
        }
        // Sort cell by cell.
        let largest = (1..n_cells).map(|cell| ends[cell] - ends[cell - 1]).max().unwrap_or(0).max(ends[0]);
        let mut scratch = memory::with_capacity(largest as usize)?;
        let mut buckets = memory::with_capacity(largest as usize)?;
        let mut start = 0;
        for &end in &ends {
            interrupt.check()?;
            let (start, end) = (std::mem::replace(&mut start, end as usize), end as usize);
            scratch.clear();
            scratch.extend_from_slice(&sorted[start..end]);
            guide.cells.push(sort_cell(
                &scratch,
                &mut sorted[start..end],
                start,
                &mut guide.places[start + 1..=end],
                &mut buckets,
            ));
        }
        Ok(guide)
    }

    /// Where the values that share a bucket with this one begin.
    #[inline(always)]
    pub(super) fn bucket_start(&self, cell: u16, value: f64) -> usize {
        self.places[self.cells[usize::from(cell)].bucket(value, 0.0)] as usize
    }

    /// The first place from `place` on where a bucket begins.
    pub(super) fn next_bucket(&self, place: usize) -> usize {
        self.places[self.places.partition_point(|&start| (start as usize) < place)] as usize
    }

    /// The bucket that holds what is about `value`, and perhaps begins a little before.
    #[inline(always)]
    pub(super) fn bucket(&self, cell: u16, value: f64) -> usize {
        self.cells[usize::from(cell)].bucket(value, BACK)
    }

    /// The place where a bucket begins.
    #[inline(always)]
    pub(super) fn place(&self, bucket: usize) -> usize {
        self.places[bucket] as usize
    }

    /// The cells of eight values.
    #[inline(always)]
    pub(super) fn cells(&self, values: &[f64; LANES]) -> [u16; LANES] {
        let mut cells = [0; LANES];
        self.cells_of(values, self.cells.len(), &mut cells);
        cells
    }

    #[inline(always)]
    fn cells_of(&self, values: &[f64], n_cells: usize, cells: &mut [u16]) {
        for (&value, cell) in values.iter().zip(cells) {
            *cell = self.cell(value, n_cells) as u16;
        }
    }

    /// The cell of a value.
    #[inline(always)]
    fn cell(&self, value: f64, n_cells: usize) -> usize {
        let u = (value - self.centre) * self.per_scale;
        let half = 0.5 * n_cells as f64;
        let from_end = half / (1.0 + u.abs());
        let cell = if u < 0.0 { from_end } else { 2.0 * half - from_end };
        let last = (n_cells - 1) as f64;
        ((if cell < last { cell } else { last }) + ROUNDER).to_bits() as u32 as usize
    }
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

/// Sorts the values of a cell that starts at place `start` into `sorted`, and writes where each of its buckets ends.
#[inline(always)]
fn sort_cell<T: Item>(
    values: &[T],
    sorted: &mut [T],
    start: usize,
    ends: &mut [u32],
    buckets: &mut Vec<u32>,
) -> Cell {
    let (lowest, highest) = range(values);
    let following = values.len().saturating_sub(1);
    let cell = Cell {
        lowest,
        buckets_per_unit: (following as f64 / (highest - lowest)).min(f64::MAX),
        first: start as f64,
        following: following as f64,
    };
    if lowest >= highest {
        // All the same, and in the first bucket; or none.
        ends.fill((start + values.len()) as u32);
        return cell;
    }
    buckets.clear();
    buckets.extend(values.iter().map(
        #[inline(always)]
        |value| cell.bucket(value.value(), 0.0) as u32,
    ));
    for &bucket in &*buckets {
        ends[bucket as usize - start] += 1;
    }
    let mut place = start as u32;
    for end in &mut *ends {
        place += std::mem::replace(end, place);
    }
    for (value, &bucket) in values.iter().zip(&*buckets) {
        let place = &mut ends[bucket as usize - start];
        sorted[*place as usize - start] = *value;
        *place += 1;
    }
    for _ in 0..ROUNDS {
        if exchange(sorted) {
            return cell;
        }
    }
    let mut first = 0;
    for &end in &*ends {
        let end = end as usize - start;
        sorted[first..end].sort_by(|a, b| a.value().total_cmp(&b.value()));
        first = end;
    }
    cell
}

/// The lowest and the highest of some values.
#[inline(always)]
fn range<T: Item>(values: &[T]) -> (f64, f64) {
    let (mut lowest, mut highest) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
    let (packs, rest) = values.as_chunks::<LANES>();
    let mut widen = |lane: usize, value: f64| {
        lowest[lane] = if value < lowest[lane] { value } else { lowest[lane] };
        highest[lane] = if value > highest[lane] { value } else { highest[lane] };
    };
    for pack in packs {
        for lane in 0..LANES {
            widen(lane, pack[lane].value());
        }
    }
    for (lane, value) in rest.iter().enumerate() {
        widen(lane, value.value());
    }
    (lowest.into_iter().fold(f64::INFINITY, f64::min), highest.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

/// Puts neighbours in order, twice; whether everything is.
#[inline(always)]
fn exchange<T: Item>(values: &mut [T]) -> bool {
    for first in 0..2 {
        for pair in values[first..].as_chunks_mut::<2>().0 {
            let [a, b] = *pair;
            *pair = if b.value() < a.value() { [b, a] } else { [a, b] };
        }
    }
    values.iter().zip(&values[1..]).fold(true, |sorted, (a, b)| sorted & (a.value() <= b.value()))
}

/// Turns how many there are of each into where the first of each stands.
#[inline(always)]
fn to_starts(counts: &mut [u32]) {
    let mut start = 0;
    for count in counts {
        start += std::mem::replace(count, start);
    }
}
