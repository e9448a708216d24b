//! The k-th neighbour among sorted values.
//!
//! The k nearest others of a value and itself are k + 1 values in a row. A row that starts `s` places before the value
//! reaches as far as the farther of its ends, so that
//!
//! ```text
//! d_i = min over s = 0..k of  max(v_i - v_(i-s), v_(i+k-s) - v_i)
//! ```
//!
//! Few neighbours: all k + 1 rows, for eight values at a time. Many: as the value grows one end draws nearer and the other
//! recedes, so the row where they cross only moves forward. O(n) either way.

use std::ops::Range;

use fearless_simd::{f64x8, prelude::*};

use crate::lanes::{LANES, in_lanes};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Up to this many neighbours all rows are tried.
const FEW: usize = 24;

/// How many values are processed at once.
const BATCH: usize = 1 << 11;

/// Calls `f(first, distances)` with the distances of values in a row, from place `first` on, to their k-th nearest others,
/// `1 <= k < n`.
pub(crate) fn kth_distances(
    sorted: &[f64],
    k: usize,
    interrupt: &Interrupt<'_>,
    mut f: impl FnMut(usize, &mut [f64]),
) -> Result<(), Error> {
    let n = sorted.len();
    let mut distances = memory::filled(BATCH.min(n) + LANES, 0.0)?;
    // Places with k others before them, and k others and eight values behind.
    let inner = if k <= FEW { k..n.saturating_sub(k + LANES) } else { 0..0 };
    let mut row = 0;
    for first in (0..n).step_by(BATCH) {
        interrupt.check()?;
        let end = (first + BATCH).min(n);
        let start = inner.start.clamp(first, end);
        let stop = inner.end.clamp(start, end);
        in_lanes!(simd => try_all(simd, sorted, k, start..stop, &mut distances[start - first..]));
        for place in (first..start).chain(stop..end) {
            (distances[place - first], row) = follow(sorted, k, place, row);
        }
        f(first, &mut distances[..end - first]);
    }
    Ok(())
}

/// The distances of some places, eight at a time; the last eight may go beyond.
#[inline(always)]
fn try_all<S: Simd>(simd: S, sorted: &[f64], k: usize, places: Range<usize>, distances: &mut [f64]) {
    for (place, distances) in places.step_by(LANES).zip(distances.chunks_exact_mut(LANES)) {
        let around = &sorted[place - k..place + k + LANES];
        let load = |start: usize| f64x8::from_slice(simd, &around[start..start + LANES]);
        let values = load(k);
        let mut nearest = f64x8::splat(simd, f64::INFINITY);
        for start in 0..=k {
            nearest = nearest.min((values - load(start)).max(load(start + k) - values));
        }
        nearest.store_slice(distances);
    }
}

/// The distance of one place, and the row where the ends cross; `row` is that of a place before.
fn follow(sorted: &[f64], k: usize, place: usize, row: usize) -> (f64, usize) {
    let value = sorted[place];
    let (first, last) = (place.saturating_sub(k), place.min(sorted.len() - 1 - k));
    let (left, right) = (|row: usize| value - sorted[row], |row: usize| sorted[row + k] - value);
    let mut row = row.max(first);
    while row <= last && left(row) > right(row) {
        row += 1;
    }
    let after = if row <= last { right(row) } else { f64::INFINITY };
    let before = if row > first { left(row - 1) } else { f64::INFINITY };
    (after.min(before), row)
}
