//! Sums of `ln(1 + exp(score))`, and the gradients of these.
//!
//! ```text
//! sum ln(1 + e^s) = sum max(s, 0) + ln product (1 + e^-|s|),   slope: 1 / (1 + e^-s)
//! ```
//!
//! A factor is at most 2, the product of those of half a row of a tile is far from overflow: logarithms are taken of products.

use fearless_simd::{f64x8, prelude::*};

use super::gradient::{Slopes, fill};
use super::score::{Bits, Exponential, MOST_LANES, Score, wide};
use super::tile::{COLUMNS, ROWS};
use super::walk::{ScoreBlock, Terms};
use crate::threads::Workers;
use crate::{Error, logarithm};

/// Rows that are added together.
const TOGETHER: usize = 2;

/// Sums of `ln(1 + exp(score))` along the rows and the columns of a block, the diagonal of the matrix left out. Minus
/// infinity adds nothing.
///
/// # Errors
/// [`Error::Score`] for a score that is NaN, infinity, or finite and beyond 2^30; [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
pub fn soft_plus_sums<T: Score>(
    block: ScoreBlock<'_, T>,
    workers: Workers<'_>,
) -> Result<[Vec<f64>; 2], Error> {
    let (rows, [columns]) = block.sums(&SoftPlus, workers)?;
    Ok([rows, columns])
}

struct SoftPlus;

/// Of a lane: the sum of `max(score, 0)`, and the product of the factors.
#[derive(Clone, Copy)]
struct Total<P> {
    sum: P,
    product: P,
}

impl Terms<1> for SoftPlus {
    fn nothing(&self) -> f64 {
        f64::NEG_INFINITY
    }

    #[inline(always)]
    fn add<S: Simd, T: Score>(
        &self,
        simd: S,
        tile: &[&[T]],
        _: [usize; 2],
        [in_columns]: [&mut [f64]; 1],
        in_rows: &mut [f64],
    ) -> bool {
        let [zero, one] = [0u8, 1].map(|number| T::Pack::splat(simd, T::from(number)));
        let empty = Total { sum: zero, product: one };
        let mut columns = [empty; COLUMNS / f64::LANES];
        let columns = &mut columns[..tile[0].len() / T::LANES];
        let mut rows = [empty; ROWS];
        let mut largest = zero.bitcast::<Bits<S, T>>();
        let (groups, rest) = tile.as_chunks::<TOGETHER>();
        for (scores, rows) in groups.iter().zip(rows.as_chunks_mut::<TOGETHER>().0) {
            largest = largest.max(add_rows::<S, T, TOGETHER>(simd, scores, columns, rows));
        }
        let last = rows[groups.len() * TOGETHER..].as_chunks_mut().0;
        for (&scores, row) in rest.iter().zip(last) {
            largest = largest.max(add_rows::<S, T, 1>(simd, &[scores], columns, row));
        }
        let limit = T::Pack::splat(simd, T::from_f64(f64::LIMIT)).bitcast::<Bits<S, T>>();
        if !largest.simd_le(limit).all_true() {
            return false;
        }
        for (total, in_columns) in columns.iter().zip(in_columns.chunks_exact_mut(T::LANES)) {
            let sums = wide::<S, T>(total.sum);
            let logarithms = logarithms(simd, wide::<S, T>(total.product));
            for (lane, sum) in in_columns.iter_mut().enumerate() {
                *sum += sums[lane] + logarithms[lane];
            }
        }
        let (mut sums, mut products) = ([0.0; ROWS], [[1.0; ROWS]; 2]);
        for (row, total) in rows[..tile.len()].iter().enumerate() {
            sums[row] = total.sum.reduce_sum().into();
            [products[0][row], products[1][row]] = in_halves(wide::<S, T>(total.product), T::LANES);
        }
        for products in products {
            for (sums, &products) in
                sums.as_chunks_mut::<MOST_LANES>().0.iter_mut().zip(products.as_chunks().0)
            {
                let logarithms = logarithms(simd, products);
                sums.iter_mut().zip(logarithms).for_each(|(sum, logarithm)| *sum += logarithm);
            }
        }
        in_rows.iter_mut().zip(sums).for_each(|(in_row, sum)| *in_row += sum);
        true
    }
}

/// Adds a few rows, whose totals stay in registers; returns the largest size of a score as an integer.
#[inline(always)]
fn add_rows<S: Simd, T: Score, const N: usize>(
    simd: S,
    scores: &[&[T]; N],
    columns: &mut [Total<T::Pack<S>>],
    rows: &mut [Total<T::Pack<S>>; N],
) -> Bits<S, T> {
    let [zero, none] = [0.0, f64::NEG_INFINITY].map(|number| T::Pack::splat(simd, T::from_f64(number)));
    let scores = scores.map(|scores| &scores[..columns.len() * T::LANES]);
    let (mut largest, mut totals) = (zero.bitcast::<Bits<S, T>>(), *rows);
    for (pack, column) in columns.iter_mut().enumerate() {
        let mut in_column = *column;
        for (scores, in_row) in scores.iter().zip(&mut totals) {
            let scores = T::Pack::from_slice(simd, &scores[pack * T::LANES..][..T::LANES]);
            let size = scores.abs();
            largest = largest.max(scores.simd_eq(none).select(zero, size).bitcast::<Bits<S, T>>());
            let (positive, factor) =
                (scores.max(zero), inverse_exponential::<S, T>(simd, size) + T::from(1u8));
            for total in [&mut in_column, in_row] {
                total.sum += positive;
                total.product *= factor;
            }
        }
        *column = in_column;
    }
    *rows = totals;
    largest
}

/// `exp(-size)`; for sizes beyond those of plain scores some number so small that 1 and it are 1.
#[inline(always)]
fn inverse_exponential<S: Simd, T: Score>(simd: S, sizes: T::Pack<S>) -> T::Pack<S> {
    Exponential::<S, T>::new(simd, -sizes.min(T::Pack::splat(simd, T::PLAIN))).plain()
}

#[inline(always)]
pub(super) fn logarithms<S: Simd>(simd: S, numbers: [f64; MOST_LANES]) -> [f64; MOST_LANES] {
    let mut logarithms = [0.0; MOST_LANES];
    for (numbers, logarithms) in numbers.chunks_exact(8).zip(logarithms.chunks_exact_mut(8)) {
        logarithm::ln(f64x8::from_slice(simd, numbers)).store_slice(logarithms);
    }
    logarithms
}

/// The products of two halves of as many numbers as a pack has: of a tile each is at most 2^512.
#[inline(always)]
fn in_halves(mut numbers: [f64; MOST_LANES], lanes: usize) -> [f64; 2] {
    let mut half = lanes / 2;
    while half > 1 {
        for i in 0..half {
            numbers[i] *= numbers[i + half];
        }
        half /= 2;
    }
    [numbers[0], numbers[1]]
}

/// Writes `factor / (1 + exp(-score))` for each score.
///
/// # Errors
/// [`Error::Lengths`] if `gradient` is of another length; [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn logistic_gradient<T: Score>(
    block: ScoreBlock<'_, T>,
    factor: f64,
    gradient: &mut [T],
    workers: Workers<'_>,
) -> Result<(), Error> {
    fill(block, &Logistic(factor), gradient, workers)
}

struct Logistic(f64);

impl<T: Score> Slopes<T> for Logistic {
    #[inline(always)]
    fn write<S: Simd>(&self, simd: S, _: [usize; 2], scores: &[T], gradient: &mut [T]) -> bool {
        let [zero, plain] = [0.0, T::PLAIN.into()].map(|number| T::Pack::splat(simd, T::from_f64(number)));
        let factor = T::Pack::splat(simd, T::from_f64(self.0));
        for (scores, gradient) in scores.chunks_exact(T::LANES).zip(gradient.chunks_exact_mut(T::LANES)) {
            let scores = T::Pack::from_slice(simd, scores);
            let size = scores.abs();
            let small = inverse_exponential::<S, T>(simd, size);
            let small = size.simd_le(plain).select(small, zero);
            let above = scores.simd_ge(zero).select(factor, small * factor);
            (above / (small + T::from(1u8))).store_slice(gradient);
        }
        true
    }

    fn one(&self, _: [usize; 2], score: f64) -> f64 {
        self.0 / (1.0 + (-score).exp())
    }
}
