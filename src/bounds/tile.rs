//! The sums of the rows and of the columns of a tile of scores, from one look at each.

use std::ops::Range;

use fearless_simd::prelude::*;

use super::score::{Bits, Exponential, Score, bases, exponents, wide};
use super::sums::Part;

/// Rows and columns of a tile: sums in `f32` have few terms, and what is done once a tile is little. A row is a page of
/// `f32`, which the machine fetches ahead as a whole.
pub(super) const ROWS: usize = 32;
pub(super) const COLUMNS: usize = 1024;

/// Rows that are added together.
const TOGETHER: usize = 4;

/// The columns of a tile, in whole packs or to its end, in which it meets the diagonal of the matrix.
pub(super) fn around_diagonal<T: Score>(
    [row, column]: [usize; 2],
    [height, width]: [usize; 2],
) -> Range<usize> {
    let [start, end] = [row, row + height].map(|row| row.saturating_sub(column).min(width));
    start / T::LANES * T::LANES..end.next_multiple_of(T::LANES).min(width)
}

/// A number for each lane of the columns of a tile, and for each lane in each of its rows.
struct Tile<S: Simd, T: Score> {
    columns: [T::Pack<S>; COLUMNS / f64::LANES],
    rows: [T::Pack<S>; ROWS],
}

/// Adds the exponentials of scores to the sums of their columns and rows, if none needs a shift; whole packs. False if one
/// does, or is no number: then nothing is added. Where `SOME` are minus infinity, these add nothing.
#[inline(always)]
pub(super) fn add_plain<S: Simd, T: Score, const SOME: bool>(
    simd: S,
    tile: &[&[T]],
    columns: &mut Part<'_>,
    rows: &mut Part<'_>,
) -> bool {
    let zero = T::Pack::splat(simd, T::from(0u8));
    let mut totals = Tile::<S, T> { columns: [zero; COLUMNS / f64::LANES], rows: [zero; ROWS] };
    let in_columns = &mut totals.columns[..tile[0].len() / T::LANES];
    let (groups, rest) = tile.as_chunks::<TOGETHER>();
    let (in_groups, _) = totals.rows.as_chunks_mut::<TOGETHER>();
    let mut largest = zero.bitcast::<Bits<S, T>>();
    for (rows, in_rows) in groups.iter().zip(in_groups) {
        largest = largest.max(add_rows::<S, T, SOME, TOGETHER>(simd, rows, in_columns, in_rows));
    }
    let (in_rest, _) = totals.rows[groups.len() * TOGETHER..].as_chunks_mut();
    for (&row, in_row) in rest.iter().zip(in_rest) {
        largest = largest.max(add_rows::<S, T, SOME, 1>(simd, &[row], in_columns, in_row));
    }
    let is_plain = largest.simd_le(T::Pack::splat(simd, T::PLAIN).bitcast::<Bits<S, T>>()).all_true();
    if is_plain {
        for (pack, &total) in totals.columns[..tile[0].len() / T::LANES].iter().enumerate() {
            columns.part(pack * T::LANES..(pack + 1) * T::LANES).add_plain(&wide::<S, T>(total));
        }
        for (row, total) in totals.rows[..tile.len()].iter().enumerate() {
            rows.part(row..row + 1).add_plain(&[total.reduce_sum().into()]);
        }
    }
    is_plain
}

/// The same of a few rows, whose sums stay in registers: from memory they would come back too late for the next addition.
/// Returns the largest size of a score as an integer, of which NaN and infinity are the largest.
#[inline(always)]
fn add_rows<S: Simd, T: Score, const SOME: bool, const N: usize>(
    simd: S,
    rows: &[&[T]; N],
    in_columns: &mut [T::Pack<S>],
    in_rows: &mut [T::Pack<S>; N],
) -> Bits<S, T> {
    let [zero, nothing] = [0.0, f64::NEG_INFINITY].map(|number| T::Pack::splat(simd, T::from_f64(number)));
    let rows = rows.map(|row| &row[..in_columns.len() * T::LANES]);
    let (mut largest, mut totals) = (zero.bitcast::<Bits<S, T>>(), *in_rows);
    for (pack, in_column) in in_columns.iter_mut().enumerate() {
        let mut total = *in_column;
        for (row, in_row) in rows.iter().zip(&mut totals) {
            let scores = T::Pack::from_slice(simd, &row[pack * T::LANES..][..T::LANES]);
            let mut size = scores.abs();
            let mut exponential = Exponential::<S, T>::new(simd, scores).plain();
            if SOME {
                let is_nothing = scores.simd_eq(nothing);
                (size, exponential) = (is_nothing.select(zero, size), is_nothing.select(zero, exponential));
            }
            largest = largest.max(size.bitcast::<Bits<S, T>>());
            total += exponential;
            *in_row += exponential;
        }
        *in_column = total;
    }
    *in_rows = totals;
    largest
}

/// Adds the exponentials of scores that are within the limit, or at the floor, to the sums of their columns and rows.
#[inline(always)]
pub(super) fn add<S: Simd, T: Score>(simd: S, tile: &[&[T]], columns: &mut Part<'_>, rows: &mut Part<'_>) {
    let (zero, lowest) = (T::Pack::splat(simd, T::from(0u8)), T::Pack::splat(simd, T::LOWEST));
    let mut shifts = Tile::<S, T> { columns: [lowest; COLUMNS / f64::LANES], rows: [lowest; ROWS] };
    for (scores, in_row) in tile.iter().zip(&mut shifts.rows) {
        for (scores, in_column) in scores.chunks_exact(T::LANES).zip(&mut shifts.columns) {
            let scores = T::Pack::from_slice(simd, scores);
            (*in_column, *in_row) = (in_column.max(scores), in_row.max(scores));
        }
    }
    for largest in &mut shifts.columns {
        *largest = exponents::<S, T>(*largest);
    }
    let mut row_bases = [bases::<S, T>(zero); ROWS];
    for (largest, base) in shifts.rows.iter_mut().zip(&mut row_bases) {
        *largest = exponents::<S, T>(T::Pack::splat(simd, largest.reduce_max()));
        *base = bases::<S, T>(*largest);
    }
    let mut totals = Tile::<S, T> { columns: [zero; COLUMNS / f64::LANES], rows: [zero; ROWS] };
    for (pack, total) in totals.columns[..tile[0].len() / T::LANES].iter_mut().enumerate() {
        let base = bases::<S, T>(shifts.columns[pack]);
        for ((row, in_row), &row_base) in tile.iter().zip(&mut totals.rows).zip(&row_bases) {
            let scores = T::Pack::from_slice(simd, &row[pack * T::LANES..][..T::LANES]);
            let exponential = Exponential::<S, T>::new(simd, scores);
            *total += exponential.below(base);
            *in_row += exponential.below(row_base);
        }
    }
    commit(tile, &shifts, &totals, columns, rows);
}

/// Adds totals, times two to the power of `shifts`.
#[inline(always)]
fn commit<S: Simd, T: Score>(
    tile: &[&[T]],
    shifts: &Tile<S, T>,
    totals: &Tile<S, T>,
    columns: &mut Part<'_>,
    rows: &mut Part<'_>,
) {
    for pack in 0..tile[0].len() / T::LANES {
        let (shift, total) = (wide::<S, T>(shifts.columns[pack]), wide::<S, T>(totals.columns[pack]));
        columns.part(pack * T::LANES..(pack + 1) * T::LANES).add(&shift, &total);
    }
    for row in 0..tile.len() {
        let (shift, total) = (shifts.rows[row][0].into(), totals.rows[row].reduce_sum().into());
        rows.part(row..row + 1).add(&[shift], &[total]);
    }
}
