//! Gradients of bounds with respect to the scores of pairs that do not belong together.
//!
//! ```text
//! g_ij = -exp(s_ij - row_i) - exp(s_ij - column_j)
//! ```
//!
//! The logarithms of what a bound divides by, a number for each row and one for each column; infinity where it divides by
//! none. Two exact shifts of one exponential, as in the sums: the time to write the gradient is the larger part.

use fearless_simd::prelude::*;

use super::score::{Exponential, Score, bases, whole_and_rest};
use crate::lanes::in_lanes;
use crate::threads::Workers;
use crate::{Error, memory};

/// Scores that a thread takes at a time.
const CHUNK: usize = 1 << 16;

/// `exp(-logarithm) = factor * 2^-exponent`.
#[derive(Clone, Copy)]
struct Divisor<T> {
    exponent: T,
    factor: T,
}

impl<T: Score> Divisor<T> {
    fn new(logarithm: f64) -> Self {
        let (whole, rest) = whole_and_rest(logarithm.clamp(T::FLOOR.into(), -T::FLOOR.into()));
        let factor = if logarithm == f64::INFINITY { 0.0 } else { (-rest).exp() };
        Self { exponent: T::from_f64(whole), factor: T::from_f64(factor) }
    }
}

/// Writes the gradient with respect to some rows of scores.
///
/// # Errors
/// [`Error::Lengths`] if `rows`, `columns` or `gradient` do not fit the scores; [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
pub fn score_gradient<T: Score>(
    scores: &[T],
    rows: &[f64],
    columns: &[f64],
    gradient: &mut [T],
    workers: Workers<'_>,
) -> Result<(), Error> {
    let n = columns.len();
    for length in [gradient.len(), rows.len() * n] {
        if length != scores.len() {
            return Err(Error::Lengths { left: scores.len(), right: length });
        }
    }
    if n == 0 {
        return Ok(());
    }
    let (zero, padded) = (T::from(0u8), n.next_multiple_of(T::LANES));
    let [mut exponents, mut factors] = [memory::filled(padded, zero)?, memory::filled(padded, zero)?];
    for ((&logarithm, exponent), factor) in columns.iter().zip(&mut exponents).zip(&mut factors) {
        Divisor { exponent: *exponent, factor: *factor } = Divisor::new(logarithm);
    }
    let rows_at_a_time = (CHUNK / n).max(1);
    let begin = || memory::filled(padded, zero);
    workers.fill(gradient, rows_at_a_time * n, begin, |copy, chunk, gradient, interrupt| {
        interrupt.check()?;
        for (i, gradient) in gradient.chunks_exact_mut(n).enumerate() {
            let row = chunk * rows_at_a_time + i;
            let scores = &scores[row * n..][..n];
            copy[..n].copy_from_slice(scores);
            let divisor = Divisor::<T>::new(rows[row]);
            if in_lanes!(simd => in_place(simd, copy, divisor, &exponents, &factors)) {
                gradient.copy_from_slice(&copy[..n]);
            } else {
                for ((gradient, &score), column) in gradient.iter_mut().zip(scores).zip(columns) {
                    let exponential = |logarithm: f64| (score.into() - logarithm).exp();
                    *gradient = T::from_f64(-exponential(rows[row]) - exponential(*column));
                }
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// Replaces a row of scores by its gradient; false, with nothing of use, if a score is beyond the limit of its type.
#[inline(always)]
fn in_place<S: Simd, T: Score>(
    simd: S,
    row: &mut [T],
    divisor: Divisor<T>,
    exponents: &[T],
    factors: &[T],
) -> bool {
    let [zero, floor] = [T::Pack::splat(simd, T::from(0u8)), T::Pack::splat(simd, T::FLOOR)];
    let none = T::Pack::splat(simd, T::from_f64(f64::NEG_INFINITY));
    let limit = T::Pack::splat(simd, T::LIMIT);
    let row_base = bases::<S, T>(T::Pack::splat(simd, divisor.exponent));
    let mut are_within = limit.simd_le(limit);
    for ((row, exponents), factors) in row
        .chunks_exact_mut(T::LANES)
        .zip(exponents.chunks_exact(T::LANES))
        .zip(factors.chunks_exact(T::LANES))
    {
        let scores = T::Pack::from_slice(simd, row);
        let is_none = scores.simd_eq(none);
        are_within &= is_none.select(zero, scores.abs()).simd_le(limit);
        let exponential = Exponential::<S, T>::new(simd, is_none.select(floor, scores));
        let column_base = bases::<S, T>(T::Pack::from_slice(simd, exponents));
        let in_row = exponential.over(row_base) * divisor.factor;
        let in_column = exponential.over(column_base) * T::Pack::from_slice(simd, factors);
        (-(in_row + in_column)).store_slice(row);
    }
    are_within.all_true()
}
