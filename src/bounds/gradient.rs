//! Gradients of bounds with respect to the scores of pairs that do not belong together.
//!
//! ```text
//! g_ij = -exp(s_ij - row_i) - exp(s_ij - column_j)
//! ```
//!
//! The logarithms of what a bound divides by, a number for each row and one for each column; infinity where it divides by
//! none. Two exact shifts of one exponential, as in the sums: the time to write the gradient is the larger part.

use fearless_simd::prelude::*;

use super::score::{Bits, Exponential, MOST_LANES, Score, bases, whole_and_rest};
use super::walk::ScoreBlock;
use crate::lanes::in_lanes;
use crate::threads::Workers;
use crate::{Error, memory};

/// Scores that a thread takes at a time.
const CHUNK: usize = 1 << 16;

/// The gradient with respect to scores, from the scores and something about their rows and columns.
pub(super) trait Slopes<T>: Sync {
    /// Writes it for whole packs of a row, the first of them of `column`. False if a score is beyond the limit of its type.
    fn write<S: Simd>(&self, simd: S, position: [usize; 2], scores: &[T], gradient: &mut [T]) -> bool;

    /// For one score, whatever it is.
    fn one(&self, position: [usize; 2], score: f64) -> f64;
}

/// Writes the gradient with respect to a block of scores.
pub(super) fn fill<T: Score>(
    ScoreBlock { scores, n, .. }: ScoreBlock<'_, T>,
    slopes: &impl Slopes<T>,
    gradient: &mut [T],
    workers: Workers<'_>,
) -> Result<(), Error> {
    if gradient.len() != scores.len() {
        return Err(Error::Lengths { left: scores.len(), right: gradient.len() });
    }
    let rows_at_a_time = (CHUNK / n.max(1)).max(1);
    let whole = n / T::LANES * T::LANES;
    workers.fill(
        gradient,
        rows_at_a_time * n.max(1),
        || Ok(()),
        |(), chunk, gradient, interrupt| {
            interrupt.check()?;
            for (i, gradient) in gradient.chunks_exact_mut(n).enumerate() {
                let row = chunk * rows_at_a_time + i;
                let scores = &scores[row * n..][..n];
                let mut ends = [[T::from(0u8); MOST_LANES]; 2];
                let [last_scores, last] = ends.each_mut().map(|end| &mut end[..T::LANES]);
                last_scores[..n - whole].copy_from_slice(&scores[whole..]);
                let is_written = in_lanes!(simd => {
                    slopes.write(simd, [row, 0], &scores[..whole], &mut gradient[..whole])
                        && (whole == n || slopes.write(simd, [row, whole], last_scores, last))
                });
                gradient[whole..].copy_from_slice(&last[..n - whole]);
                if !is_written {
                    for (column, (slope, &score)) in gradient.iter_mut().zip(scores).enumerate() {
                        *slope = T::from_f64(slopes.one([row, column], score.into()));
                    }
                }
            }
            Ok(())
        },
    )?;
    Ok(())
}

/// `exp(-logarithm) = factor * 2^-exponent`.
#[derive(Clone, Copy)]
struct Divisor<T> {
    exponent: T,
    factor: T,
}

impl<T: Score> Divisor<T> {
    fn new(logarithm: f64) -> Self {
        Self::of_sum(0.0, logarithm)
    }

    /// For a logarithm that is a sum: what scores have in common with its first term cancels exactly.
    fn of_sum(score: f64, logarithm: f64) -> Self {
        const MOST: f64 = (1u64 << 32) as f64;
        let [(a, b), (c, d)] = [score, logarithm].map(|term| whole_and_rest(term.clamp(-MOST, MOST)));
        let factor = if logarithm == f64::INFINITY { 0.0 } else { (-b - d).exp() };
        let exponent = (a + c).clamp(T::FLOOR.into(), -T::FLOOR.into());
        Self { exponent: T::from_f64(exponent), factor: T::from_f64(factor) }
    }
}

/// Divisors for columns, and for what fills the last pack.
pub(super) struct Divisors<T> {
    pub(super) exponents: Vec<T>,
    pub(super) factors: Vec<T>,
}

impl<T: Score> Divisors<T> {
    /// The logarithm of each is the sum of one of `scores` and one of `logarithms`.
    pub(super) fn of_sums(scores: &[f64], logarithms: &[f64]) -> Result<Self, Error> {
        let (zero, padded) = (T::from(0u8), logarithms.len().next_multiple_of(MOST_LANES));
        let [mut exponents, mut factors] = [memory::filled(padded, zero)?, memory::filled(padded, zero)?];
        for (column, (&score, &logarithm)) in scores.iter().zip(logarithms).enumerate() {
            let divisor = Divisor::of_sum(score, logarithm);
            (exponents[column], factors[column]) = (divisor.exponent, divisor.factor);
        }
        Ok(Self { exponents, factors })
    }

    /// Exponentials divided by those of a pack of columns.
    #[inline(always)]
    pub(super) fn divide<S: Simd>(
        &self,
        simd: S,
        exponential: Exponential<S, T>,
        column: usize,
    ) -> T::Pack<S> {
        divide(simd, exponential, &self.exponents[column..], &self.factors[column..])
    }
}

/// Exponentials divided by the first divisors.
#[inline(always)]
pub(super) fn divide<S: Simd, T: Score>(
    simd: S,
    exponential: Exponential<S, T>,
    exponents: &[T],
    factors: &[T],
) -> T::Pack<S> {
    let bases = bases::<S, T>(T::Pack::from_slice(simd, &exponents[..T::LANES]));
    exponential.over(bases) * T::Pack::from_slice(simd, &factors[..T::LANES])
}

/// Writes the gradient with respect to some rows of scores.
///
/// # Errors
/// [`Error::Lengths`] if `rows`, `columns` or `gradient` do not fit the scores; [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
pub fn score_gradient<T: Score>(
    block: ScoreBlock<'_, T>,
    rows: &[f64],
    columns: &[f64],
    gradient: &mut [T],
    workers: Workers<'_>,
) -> Result<(), Error> {
    for (length, expected) in [(columns.len(), block.n), (rows.len(), block.n_rows())] {
        if length != expected {
            return Err(Error::Lengths { left: expected, right: length });
        }
    }
    let nothing = memory::filled(block.n, 0.0)?;
    let slopes = Shares { rows, columns, divisors: Divisors::of_sums(&nothing, columns)? };
    fill(block, &slopes, gradient, workers)
}

struct Shares<'a, T> {
    rows: &'a [f64],
    columns: &'a [f64],
    divisors: Divisors<T>,
}

impl<T: Score> Slopes<T> for Shares<'_, T> {
    #[inline(always)]
    fn write<S: Simd>(&self, simd: S, [row, column]: [usize; 2], scores: &[T], gradient: &mut [T]) -> bool {
        let divisor = Divisor::<T>::new(self.rows[row]);
        let row_base = bases::<S, T>(T::Pack::splat(simd, divisor.exponent));
        let packs = scores.chunks_exact(T::LANES).zip(gradient.chunks_exact_mut(T::LANES));
        let mut within = Within::all(simd);
        for (pack, (scores, gradient)) in packs.enumerate() {
            let exponential = within.exponential(T::Pack::from_slice(simd, scores));
            let in_row = exponential.over(row_base) * divisor.factor;
            let in_column = self.divisors.divide(simd, exponential, column + pack * T::LANES);
            (-(in_row + in_column)).store_slice(gradient);
        }
        within.are()
    }

    fn one(&self, [row, column]: [usize; 2], score: f64) -> f64 {
        let exponential = |logarithm: f64| (score - logarithm).exp();
        -exponential(self.rows[row]) - exponential(self.columns[column])
    }
}

/// Whether all scores so far are within the limit of their type, or none.
pub(super) struct Within<S: Simd, T: Score> {
    simd: S,
    largest: Bits<S, T>,
}

impl<S: Simd, T: Score> Within<S, T> {
    #[inline(always)]
    pub(super) fn all(simd: S) -> Self {
        Self { simd, largest: T::Pack::splat(simd, T::from(0u8)).bitcast() }
    }

    /// Exponentials of the next, 0 of minus infinity.
    #[inline(always)]
    pub(super) fn exponential(&mut self, scores: T::Pack<S>) -> Exponential<S, T> {
        let [zero, none, floor] = [0.0, f64::NEG_INFINITY, T::FLOOR.into()]
            .map(|number| T::Pack::splat(self.simd, T::from_f64(number)));
        let is_none = scores.simd_eq(none);
        // As integers, NaN and infinity are the largest.
        self.largest = self.largest.max(is_none.select(zero, scores.abs()).bitcast::<Bits<S, T>>());
        Exponential::new(self.simd, is_none.select(floor, scores))
    }

    #[inline(always)]
    pub(super) fn are(&self) -> bool {
        let limit = T::Pack::splat(self.simd, T::LIMIT).bitcast::<Bits<S, T>>();
        self.largest.simd_le(limit).all_true()
    }
}
