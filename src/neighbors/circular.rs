//! Coordinates that go round: angles, phases, times of day.
//!
//! On a circle of period p the distance of two values is the shorter way,
//!
//! ```text
//! min(d, p - d),   d = |x_i - x_j| rounded once,   0 <= x < p
//! ```
//!
//! The way round counts from `d = p / 2` on, and there the subtraction is exact: this distance too is rounded once. It
//! grows with `d` and then falls, so that over a span of differences it is least at one of the ends.

use std::ops::Range;

use fearless_simd::{f64x8, prelude::*};

use super::metric::Metric;

/// `value` modulo `period`, from 0 up to below the period: exact, but for values below 0, which are rounded once.
pub(crate) fn wrapped(value: f64, period: f64) -> f64 {
    if period == f64::INFINITY {
        return value;
    }
    let rest = value % period;
    let rest = if rest < 0.0 { rest + period } else { rest };
    if rest < period { rest } else { 0.0 }
}

/// A metric where some coordinates go round.
#[derive(Clone, Copy)]
pub(super) struct Circular<'a, M> {
    pub(super) metric: M,
    /// Of each coordinate; infinite where it does not go round.
    pub(super) periods: &'a [f64],
}

impl<M> Circular<'_, M> {
    /// Along a coordinate, the shorter way.
    #[inline(always)]
    fn shorter<S: Simd>(&self, simd: S, c: usize, difference: f64x8<S>) -> f64x8<S> {
        let (period, direct) = (self.periods[c], difference.abs());
        if period == f64::INFINITY {
            return direct;
        }
        // What stands for no point is infinitely far away on either way.
        direct.min((f64x8::splat(simd, period) - direct).abs())
    }
}

impl<S: Simd, M: Metric<S>> Metric<S> for Circular<'_, M> {
    #[inline(always)]
    fn block(self, simd: S, block: Range<usize>, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S> {
        self.metric.block(
            simd,
            block,
            #[inline(always)]
            |c| self.shorter(simd, c, difference(c)),
        )
    }

    #[inline(always)]
    fn distance(self, simd: S, n: usize, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S> {
        self.metric.distance(
            simd,
            n,
            #[inline(always)]
            |c| self.shorter(simd, c, difference(c)),
        )
    }

    #[inline(always)]
    fn gap(self, simd: S, n: usize, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S> {
        self.metric.gap(simd, n, difference)
    }

    #[inline(always)]
    fn nearest(
        self,
        simd: S,
        n: usize,
        least: impl Fn(usize) -> f64x8<S>,
        largest: impl Fn(usize) -> f64x8<S>,
    ) -> f64x8<S> {
        self.gap(
            simd,
            n,
            #[inline(always)]
            |c| {
                let period = self.periods[c];
                if period == f64::INFINITY {
                    return least(c);
                }
                least(c).min((f64x8::splat(simd, period) - largest(c)).abs())
            },
        )
    }

    #[inline(always)]
    fn farthest(
        self,
        simd: S,
        n: usize,
        least: impl Fn(usize) -> f64x8<S>,
        largest: impl Fn(usize) -> f64x8<S>,
    ) -> f64x8<S> {
        self.gap(
            simd,
            n,
            #[inline(always)]
            |c| {
                let period = self.periods[c];
                if period == f64::INFINITY {
                    return largest(c);
                }
                let round = f64x8::splat(simd, period) - least(c).max(f64x8::splat(simd, 0.0));
                largest(c).min(round).min(f64x8::splat(simd, period / 2.0))
            },
        )
    }
}
