//! Distances in lanes, for each of the norms.
//!
//! The operations and their order are those of the definition, for points and for the corners of boxes alike. Each is
//! monotone after rounding, so that a box is never farther than a point inside it, nor nearer than its farthest corner.
//!
//! Coordinates are told by number: closures inside the iterators of the standard library are not always compiled for the
//! instruction set of the kernel, which made counts eleven times slower on AVX2.

use std::ops::Range;

use fearless_simd::{f64x8, prelude::*};

/// What turns the differences along the coordinates into a distance.
pub(super) trait Metric<S: Simd>: Copy {
    /// How many coordinates there are, where that is known when compiled; else `n`.
    fn dimensions(self, n: usize) -> usize {
        n
    }

    /// The distance along one block of coordinates.
    fn block(self, simd: S, block: Range<usize>, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S>;

    /// The largest distance along a block, of `n` coordinates in all. The sign of a difference does not matter.
    fn distance(self, simd: S, n: usize, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S>;

    /// The same where negative differences stand for none.
    fn gap(self, simd: S, n: usize, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S>;

    /// The least distance of two spans, given along each coordinate the least and the largest difference.
    #[inline(always)]
    fn nearest(
        self,
        simd: S,
        n: usize,
        least: impl Fn(usize) -> f64x8<S>,
        _largest: impl Fn(usize) -> f64x8<S>,
    ) -> f64x8<S> {
        self.gap(simd, n, least)
    }

    /// A distance that no two points of the spans exceed.
    #[inline(always)]
    fn farthest(
        self,
        simd: S,
        n: usize,
        _least: impl Fn(usize) -> f64x8<S>,
        largest: impl Fn(usize) -> f64x8<S>,
    ) -> f64x8<S> {
        self.gap(simd, n, largest)
    }
}

/// The least difference between spans in lanes and a span, below 0 where they overlap.
#[inline(always)]
pub(super) fn least<S: Simd>((lows, highs): (f64x8<S>, f64x8<S>), (low, high): (f64, f64)) -> f64x8<S> {
    (lows - high).max(low - highs)
}

/// The largest difference between them.
#[inline(always)]
pub(super) fn largest<S: Simd>((lows, highs): (f64x8<S>, f64x8<S>), (low, high): (f64, f64)) -> f64x8<S> {
    (highs - low).max(high - lows)
}

/// The largest difference. The number of coordinates is known when compiled, or else 0.
#[derive(Clone, Copy)]
pub(super) struct Largest<const D: usize>;

impl<S: Simd, const D: usize> Metric<S> for Largest<D> {
    #[inline(always)]
    fn dimensions(self, n: usize) -> usize {
        if D > 0 { D } else { n }
    }

    #[inline(always)]
    fn block(self, _: S, block: Range<usize>, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S> {
        let mut largest = difference(block.start).abs();
        for c in block.start + 1..block.end {
            largest = largest.max(difference(c).abs());
        }
        largest
    }

    #[inline(always)]
    fn distance(self, simd: S, n: usize, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S> {
        self.block(simd, 0..n, difference)
    }

    #[inline(always)]
    fn gap(self, simd: S, n: usize, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S> {
        let mut largest = f64x8::splat(simd, 0.0);
        for c in 0..n {
            largest = largest.max(difference(c));
        }
        largest
    }
}

/// The largest over the blocks of the sum of squared differences.
#[derive(Clone, Copy)]
pub(super) struct Squares<'a> {
    pub(super) blocks: &'a [Range<usize>],
}

impl<S: Simd> Metric<S> for Squares<'_> {
    #[inline(always)]
    fn block(self, simd: S, block: Range<usize>, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S> {
        let mut sum = f64x8::splat(simd, 0.0);
        for c in block {
            let difference = difference(c);
            sum += difference * difference;
        }
        sum
    }

    #[inline(always)]
    fn distance(self, simd: S, _: usize, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S> {
        let mut largest = f64x8::splat(simd, 0.0);
        for block in self.blocks {
            largest = largest.max(self.block(simd, block.clone(), &difference));
        }
        largest
    }

    #[inline(always)]
    fn gap(self, simd: S, n: usize, difference: impl Fn(usize) -> f64x8<S>) -> f64x8<S> {
        let none = f64x8::splat(simd, 0.0);
        self.distance(
            simd,
            n,
            #[inline(always)]
            |c| difference(c).max(none),
        )
    }
}

/// Runs an expression with the metric of a tree.
macro_rules! with_metric {
    ($tree:expr, $metric:ident => $body:expr) => {{
        use $crate::neighbors::Norm;
        use $crate::neighbors::circular::Circular;
        use $crate::neighbors::metric::{Largest, Squares};
        match ($tree.norm, $tree.periods.is_empty()) {
            (Norm::Max, true) => {
                let $metric = Largest::<0>;
                $body
            }
            (Norm::Euclidean, true) => {
                let $metric = Squares { blocks: &$tree.blocks };
                $body
            }
            (Norm::Max, false) => {
                let $metric = Circular { metric: Largest::<0>, periods: &$tree.periods };
                $body
            }
            (Norm::Euclidean, false) => {
                let metric = Squares { blocks: &$tree.blocks };
                let $metric = Circular { metric, periods: &$tree.periods };
                $body
            }
        }
    }};
    // The same for kernels that are small enough to be compiled for some numbers of coordinates.
    ($tree:expr, $metric:ident of $($dimensions:literal),* => $body:expr) => {
        match ($tree.norm, $tree.dimensions, $tree.periods.is_empty()) {
            $(($crate::neighbors::Norm::Max, $dimensions, true) => {
                let $metric = $crate::neighbors::metric::Largest::<$dimensions>;
                $body
            })*
            _ => $crate::neighbors::metric::with_metric!($tree, $metric => $body),
        }
    };
}
pub(super) use with_metric;
