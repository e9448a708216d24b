//! Distances in lanes, for each of the norms.
//!
//! The operations and their order are those of the definition, for points and for the corners of boxes alike. Each is
//! monotone after rounding, so that a box is never farther than a point inside it, nor nearer than its farthest corner.

use fearless_simd::{f64x8, prelude::*};

/// What turns the differences along the coordinates into a distance.
pub(super) trait Metric<S: Simd>: Copy {
    /// What there is of each coordinate: a hint of how many there are.
    fn each<T>(self, coordinates: &[T]) -> &[T] {
        coordinates
    }

    /// The distance along one block of coordinates.
    fn block(simd: S, differences: impl Iterator<Item = f64x8<S>>) -> f64x8<S>;

    /// The largest distance along a block. Negative differences stand for none.
    fn gap(self, simd: S, differences: impl Iterator<Item = f64x8<S>>) -> f64x8<S>;

    /// The largest distance along a block. The sign of a difference does not matter.
    fn distance(self, simd: S, differences: impl Iterator<Item = f64x8<S>>) -> f64x8<S>;
}

/// The largest difference. The number of coordinates is known when compiled, or else 0.
#[derive(Clone, Copy)]
pub(super) struct Largest<const D: usize>;

impl<S: Simd, const D: usize> Metric<S> for Largest<D> {
    #[inline(always)]
    fn each<T>(self, coordinates: &[T]) -> &[T] {
        if D > 0 { &coordinates[..D] } else { coordinates }
    }

    #[inline(always)]
    fn block(simd: S, mut differences: impl Iterator<Item = f64x8<S>>) -> f64x8<S> {
        let Some(first) = differences.next() else { return f64x8::splat(simd, 0.0) };
        let mut largest = first.abs();
        for difference in differences {
            largest = largest.max(difference.abs());
        }
        largest
    }

    #[inline(always)]
    fn gap(self, simd: S, differences: impl Iterator<Item = f64x8<S>>) -> f64x8<S> {
        let mut largest = f64x8::splat(simd, 0.0);
        for difference in differences {
            largest = largest.max(difference);
        }
        largest
    }

    #[inline(always)]
    fn distance(self, simd: S, differences: impl Iterator<Item = f64x8<S>>) -> f64x8<S> {
        Self::block(simd, differences)
    }
}

/// The largest over the blocks of the sum of squared differences.
#[derive(Clone, Copy)]
pub(super) struct Squares<'a> {
    /// How many coordinates each block has.
    pub(super) sizes: &'a [usize],
}

impl<S: Simd> Metric<S> for Squares<'_> {
    #[inline(always)]
    fn block(simd: S, differences: impl Iterator<Item = f64x8<S>>) -> f64x8<S> {
        let mut sum = f64x8::splat(simd, 0.0);
        for difference in differences {
            sum += difference * difference;
        }
        sum
    }

    #[inline(always)]
    fn gap(self, simd: S, differences: impl Iterator<Item = f64x8<S>>) -> f64x8<S> {
        let none = f64x8::splat(simd, 0.0);
        self.distance(
            simd,
            differences.map(
                #[inline(always)]
                |difference| difference.max(none),
            ),
        )
    }

    #[inline(always)]
    fn distance(self, simd: S, mut differences: impl Iterator<Item = f64x8<S>>) -> f64x8<S> {
        let mut largest = f64x8::splat(simd, 0.0);
        for &size in self.sizes {
            largest = largest.max(Self::block(simd, differences.by_ref().take(size)));
        }
        largest
    }
}

/// Runs an expression with the metric of a tree.
macro_rules! with_metric {
    ($tree:expr, $metric:ident => $body:expr) => {
        match $tree.norm {
            $crate::neighbors::Norm::Max => {
                let $metric = $crate::neighbors::metric::Largest::<0>;
                $body
            }
            $crate::neighbors::Norm::Euclidean => {
                let $metric = $crate::neighbors::metric::Squares { sizes: &$tree.sizes };
                $body
            }
        }
    };
    // The same for kernels that are small enough to be compiled for some numbers of coordinates.
    ($tree:expr, $metric:ident of $($dimensions:literal),* => $body:expr) => {
        match ($tree.norm, $tree.dimensions) {
            $(($crate::neighbors::Norm::Max, $dimensions) => {
                let $metric = $crate::neighbors::metric::Largest::<$dimensions>;
                $body
            })*
            _ => $crate::neighbors::metric::with_metric!($tree, $metric => $body),
        }
    };
}
pub(super) use with_metric;
