//! What a column has without one score after the other, mixed with a baseline.
//!
//! ```text
//! w_kj = exp(s_kj) / sum_l exp(s_lj)         the share that a score has of its column
//! q_kj = 1 - rho_j w_kj                      its divisor, of the one that leaves nothing out
//! ```
//!
//! At most one share is above 3/4; where it is left out, digits would cancel. That score is said to rule its column, and
//! counts as none here: its place is found, the rest is up to the caller.

use fearless_simd::prelude::*;

use super::gradient::{Divisors, Slopes, Within, divide, fill};
use super::score::{MOST_LANES, Score, wide};
use super::soft_plus::logarithms;
use super::tile::COLUMNS;
use super::walk::{ScoreBlock, Terms};
use crate::threads::Workers;
use crate::{Error, memory};

const MOST_SHARE: f64 = 0.75;

/// What is known of the columns.
#[derive(Debug, Clone, Copy)]
pub struct ColumnTotals<'a> {
    /// The scores on the diagonal.
    pub diagonal: &'a [f64],
    /// Logarithms of the sums of exponentials, less the diagonal.
    pub totals: &'a [f64],
    /// What the sum is of the divisor that leaves nothing out, times `alpha`: from 0 to 1.
    pub rho: &'a [f64],
}

/// For each column, of the scores off the diagonal: 1 + the row of the one that rules it, or 0, and the sums of `ln q` and
/// of `1 / q - 1` over the others.
///
/// # Errors
/// [`Error::Lengths`] if `columns` do not fit the block; [`Error::Score`] for a score that is NaN, infinity, or finite and
/// beyond 2^30; [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn left_out_sums<T: Score>(
    block: ScoreBlock<'_, T>,
    columns: ColumnTotals<'_>,
    workers: Workers<'_>,
) -> Result<[Vec<f64>; 3], Error> {
    columns.check(block.n)?;
    let single = Divisors::<f32>::of_sums(columns.diagonal, columns.totals)?;
    let double = Divisors::<f64>::of_sums(columns.diagonal, columns.totals)?;
    let terms = LeftOut {
        exponents: (single.exponents, double.exponents),
        factors: (single.factors, double.factors),
        rho: (padded(columns.rho)?, padded(columns.rho)?),
    };
    Ok(block.sums(&terms, workers)?.1)
}

impl ColumnTotals<'_> {
    fn check(&self, n: usize) -> Result<(), Error> {
        match [self.diagonal, self.totals, self.rho].map(<[f64]>::len).into_iter().find(|&length| length != n)
        {
            Some(length) => Err(Error::Lengths { left: n, right: length }),
            None => Ok(()),
        }
    }
}

/// As numbers of a type, and zeros that fill the last pack.
fn padded<T: Score>(numbers: &[f64]) -> Result<Vec<T>, Error> {
    let mut padded = memory::filled(numbers.len().next_multiple_of(MOST_LANES), T::from(0u8))?;
    padded.iter_mut().zip(numbers).for_each(|(to, &number)| *to = T::from_f64(number));
    Ok(padded)
}

/// In both types: some tiles of `f32` are taken in `f64`.
type Both = (Vec<f32>, Vec<f64>);

struct LeftOut {
    exponents: Both,
    factors: Both,
    rho: Both,
}

impl Terms<3> for LeftOut {
    fn nothing(&self) -> f64 {
        f64::NEG_INFINITY
    }

    #[inline(always)]
    fn add<S: Simd, T: Score>(
        &self,
        simd: S,
        tile: &[&[T]],
        [row, column]: [usize; 2],
        mut in_columns: [&mut [f64]; 3],
        _: &mut [f64],
    ) -> bool {
        let [zero, one] = [0u8, 1].map(|number| T::Pack::splat(simd, T::from(number)));
        let [exponents, factors, rho] = [&self.exponents, &self.factors, &self.rho]
            .map(|(single, double)| &T::choose(single, double)[column..]);
        let most = T::Pack::splat(simd, T::from_f64(MOST_SHARE));
        let mut totals = [[zero; 3]; COLUMNS / f64::LANES];
        let totals = &mut totals[..tile[0].len() / T::LANES];
        let mut within = Within::all(simd);
        for (pack, total) in totals.iter_mut().enumerate() {
            let first = pack * T::LANES;
            let rho = T::Pack::from_slice(simd, &rho[first..][..T::LANES]);
            let [mut place, mut product, mut excess, mut next] = [zero, one, zero, one];
            for scores in tile {
                let scores = T::Pack::from_slice(simd, &scores[first..][..T::LANES]);
                let exponential = within.exponential(scores);
                let share = divide(simd, exponential, &exponents[first..], &factors[first..]);
                let rules = share.simd_gt(most);
                let share = rules.select(zero, share);
                let part = share * rho;
                let quotient = one - part;
                place = rules.select(next, place);
                next += one;
                product *= quotient;
                excess += part / quotient;
            }
            *total = [place, product, excess];
        }
        if !within.are() {
            return false;
        }
        for (pack, total) in totals.iter().enumerate() {
            let mut total = total.map(wide::<S, T>);
            total[0] = total[0].map(|place| if place > 0.0 { place + row as f64 } else { 0.0 });
            total[1] = logarithms(simd, total[1]);
            for (sums, total) in in_columns.iter_mut().zip(&total) {
                let sums = &mut sums[pack * T::LANES..][..T::LANES];
                sums.iter_mut().zip(total).for_each(|(sum, total)| *sum += total);
            }
        }
        true
    }
}

/// What the gradient divides by and multiplies with, for each column.
#[derive(Debug, Clone, Copy)]
pub struct LeftOutSlopes<'a> {
    /// Logarithms of what exponentials are divided by, less the diagonal: where the column is left out of, and where it is
    /// the sum in the second mean.
    pub divisors: [&'a [f64]; 2],
    /// The inverse of the divisor that leaves nothing out, as a share of the sum of all inverses.
    pub inverses: &'a [f64],
}

/// Writes the gradient with respect to scores off the diagonal; 0 for one that rules its column.
///
/// # Errors
/// [`Error::Lengths`] if `columns`, `slopes` or `gradient` do not fit the block; [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
pub fn left_out_gradient<T: Score>(
    block: ScoreBlock<'_, T>,
    columns: ColumnTotals<'_>,
    slopes: LeftOutSlopes<'_>,
    gradient: &mut [T],
    workers: Workers<'_>,
) -> Result<(), Error> {
    columns.check(block.n)?;
    let [left, own] = slopes.divisors;
    ColumnTotals { diagonal: left, totals: own, rho: slopes.inverses }.check(block.n)?;
    let of_sums = |logarithms| Divisors::of_sums(columns.diagonal, logarithms);
    let prepared = Prepared {
        totals: of_sums(columns.totals)?,
        divisors: [of_sums(left)?, of_sums(own)?],
        rho: padded(columns.rho)?,
        inverses: padded(slopes.inverses)?,
        columns,
        slopes,
    };
    fill(block, &prepared, gradient, workers)
}

struct Prepared<'a, T> {
    totals: Divisors<T>,
    divisors: [Divisors<T>; 2],
    rho: Vec<T>,
    inverses: Vec<T>,
    columns: ColumnTotals<'a>,
    slopes: LeftOutSlopes<'a>,
}

impl<T: Score> Slopes<T> for Prepared<'_, T> {
    #[inline(always)]
    fn write<S: Simd>(&self, simd: S, [_, column]: [usize; 2], scores: &[T], gradient: &mut [T]) -> bool {
        let [zero, one] = [0u8, 1].map(|number| T::Pack::splat(simd, T::from(number)));
        let mut within = Within::all(simd);
        let packs = scores.chunks_exact(T::LANES).zip(gradient.chunks_exact_mut(T::LANES));
        for (pack, (scores, gradient)) in packs.enumerate() {
            let column = column + pack * T::LANES;
            let exponential = within.exponential(T::Pack::from_slice(simd, scores));
            let share = self.totals.divide(simd, exponential, column);
            let rho = T::Pack::from_slice(simd, &self.rho[column..][..T::LANES]);
            let inverse =
                T::Pack::from_slice(simd, &self.inverses[column..][..T::LANES]) / (one - share * rho);
            let left = self.divisors[0].divide(simd, exponential, column);
            let own = self.divisors[1].divide(simd, exponential, column);
            let rules = share.simd_gt(T::from_f64(MOST_SHARE));
            rules.select(zero, -(left * (one - inverse) + own)).store_slice(gradient);
        }
        within.are()
    }

    fn one(&self, [_, column]: [usize; 2], score: f64) -> f64 {
        let over = score - self.columns.diagonal[column];
        let exponential = |logarithms: &[f64]| (over - logarithms[column]).exp();
        let share = exponential(self.columns.totals);
        let inverse = self.slopes.inverses[column] / (1.0 - share * self.columns.rho[column]);
        let [left, own] = self.slopes.divisors.map(exponential);
        if share > MOST_SHARE { 0.0 } else { -(left * (1.0 - inverse) + own) }
    }
}
