//! The k-th neighbour among sorted values, of these or of others.
//!
//! The k nearest others of a value and itself are k + 1 values in a row. A row that starts `s` places before the value
//! reaches as far as the farther of its ends, so that
//!
//! ```text
//! d_i = min over s = 0..k of  max(v_i - v_(i-s), v_(i+k-s) - v_i)
//! ```
//!
//! Few neighbours: all k + 1 rows, for eight values at a time. Many: as the value grows one end draws nearer and the other
//! recedes, so the row where they cross only moves forward. O(n) either way. Other values that are sorted too are followed
//! in the same way, in rows of k.

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
            let rows = place.saturating_sub(k)..place.min(n - 1 - k) + 1;
            (distances[place - first], row) = follow(sorted, k + 1, sorted[place], rows, row);
        }
        f(first, &mut distances[..end - first]);
    }
    Ok(())
}

/// Calls `f(first, distances)` with the distances of queries in a row, from place `first` on, to the k-th nearest of sorted
/// values, `1 <= k <= n`.
pub(crate) fn kth_distances_to(
    queries: &[f64],
    sorted: &[f64],
    k: usize,
    interrupt: &Interrupt<'_>,
    mut f: impl FnMut(usize, &[f64]),
) -> Result<(), Error> {
    let mut distances = memory::with_capacity(BATCH.min(queries.len()))?;
    let mut row = 0;
    for (batch, queries) in queries.chunks(BATCH).enumerate() {
        interrupt.check()?;
        distances.clear();
        for &query in queries {
            let distance;
            (distance, row) = follow(sorted, k, query, 0..sorted.len() + 1 - k, row);
            distances.push(distance);
        }
        f(batch * BATCH, &distances);
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

/// The distance of a value to the farther end of the nearest row of `size`, and the row where the ends cross; `row` is that
/// of a value before.
fn follow(sorted: &[f64], size: usize, value: f64, rows: Range<usize>, row: usize) -> (f64, usize) {
    let (left, right) = (|row: usize| value - sorted[row], |row: usize| sorted[row + size - 1] - value);
    let mut row = row.max(rows.start);
    while row < rows.end && left(row) > right(row) {
        row += 1;
    }
    let after = if row < rows.end { right(row) } else { f64::INFINITY };
    let before = if row > rows.start { left(row - 1) } else { f64::INFINITY };
    (after.min(before), row)
}
