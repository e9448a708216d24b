//! A table that tells where on a sorted line a value would stand.
//!
//! A line is cut into cells by a map that squeezes it into a bounded interval, `u / (1 + |u|)` with `u` centred and scaled
//! by a sample: what lies far out has cells too. Each cell spans from its lowest to its highest value and is cut into
//! as many equal buckets as it holds values, so that a bucket holds about one, however the values are spread. Every
//! step is monotone in floating point: the beginnings of the buckets, of which [`super::line_sort`] makes use to sort, are the
//! table.

use fearless_simd::{f64x8, prelude::*};

use crate::lanes::LANES;
use crate::sorting::float_key;

/// By how much of a bucket values stand behind where they are looked for: more than rounding moves them.
pub(super) const AHEAD: f64 = 1e-3;

/// Added to a float from 0 to 2^32, it rounds it to an integer and leaves that in the lowest bits.
pub(super) const ROUNDER: f64 = (1u64 << 52) as f64;

/// About where on a line a value would stand.
#[derive(Debug, Clone)]
pub(super) struct Guide {
    pub(super) centre: f64,
    pub(super) per_scale: f64,
    pub(super) n_cells: usize,
    pub(super) cells: Vec<Cell>,
    /// The first place of each bucket, and twice the number of values; empty where nobody will ask.
    pub(super) places: Vec<u32>,
}

/// Some of the values, from the lowest to the highest, and the buckets that they are dealt out to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    lowest: f64,
    /// Negative if values are as far apart as their bits are, in a cell that spans many magnitudes.
    pub(super) buckets_per_unit: f64,
    /// The first bucket and the last, both with [`ROUNDER`] added.
    pub(super) first: f64,
    last: f64,
}

impl Cell {
    /// A cell of `n` buckets from `first` on, over values from `lowest` to `highest`.
    #[inline(always)]
    pub(super) fn new(lowest: f64, highest: f64, first: usize, n: usize, in_bits: bool) -> Self {
        let following = n.saturating_sub(1) as f64;
        let buckets_per_unit = if in_bits {
            -finite(following / bits_between(lowest, highest))
        } else {
            finite(following / (highest - lowest))
        };
        let first = first as f64 + ROUNDER;
        Self { lowest, buckets_per_unit, first, last: first + following }
    }

    /// How many buckets after the first a value is.
    #[inline(always)]
    fn steps(&self, value: f64) -> f64 {
        if self.buckets_per_unit.is_sign_negative() {
            bits_between(self.lowest, value) * -self.buckets_per_unit
        } else {
            (value - self.lowest) * self.buckets_per_unit
        }
    }

    /// The bucket that many after the first, within the cell.
    #[inline(always)]
    pub(super) fn bucket_at(&self, steps: f64) -> u32 {
        let bucket = self.first + if steps > 0.0 { steps } else { 0.0 };
        (if bucket < self.last { bucket } else { self.last }).to_bits() as u32
    }
}

/// A factor that is neither 0 nor infinite nor NaN, so that its products with anything else are not NaN.
#[inline(always)]
pub(super) fn finite(factor: f64) -> f64 {
    if factor > f64::MIN_POSITIVE { factor.min(f64::MAX) } else { f64::MIN_POSITIVE }
}

/// How many floats lie between two, or 0 if the second is not the larger.
#[inline(always)]
pub(super) fn bits_between(lower: f64, higher: f64) -> f64 {
    float_key(higher).saturating_sub(float_key(lower)) as f64
}

impl Guide {
    /// How far the middle of the values spreads.
    pub(super) fn spread(&self) -> f64 {
        1.0 / self.per_scale
    }

    /// The place where a bucket begins.
    #[inline(always)]
    pub(super) fn place(&self, bucket: u32) -> usize {
        self.places[bucket as usize] as usize
    }

    /// The bucket that a value of the line in this cell is in.
    #[inline(always)]
    pub(super) fn bucket(&self, cell: u32, value: f64) -> u32 {
        let cell = &self.cells[cell as usize];
        cell.bucket_at(cell.steps(value) + AHEAD)
    }

    /// The bucket that holds what is about this value in this cell, or perhaps the one before.
    #[inline(always)]
    pub(super) fn bucket_about(&self, cell: u32, value: f64) -> u32 {
        let cell = &self.cells[cell as usize];
        cell.bucket_at(cell.steps(value))
    }

    /// The cells of eight values.
    #[inline(always)]
    pub(super) fn cells_of<S: Simd>(&self, simd: S, values: f64x8<S>) -> [u32; LANES] {
        let u = (values - self.centre) * self.per_scale;
        let (half, zero) = (0.5 * self.n_cells as f64, f64x8::splat(simd, 0.0));
        let from_end = f64x8::splat(simd, half) / (u.abs() + 1.0);
        let from_start = f64x8::splat(simd, 2.0 * half) - from_end;
        let cell = u.simd_lt(zero).select(from_end, from_start);
        low_bits(cell.min(f64x8::splat(simd, (self.n_cells - 1) as f64)) + ROUNDER)
    }
}

/// The integers that [`ROUNDER`] has left in the lowest bits.
#[inline(always)]
pub(super) fn low_bits<S: Simd>(values: f64x8<S>) -> [u32; LANES] {
    let mut bits = [0; LANES];
    bits.iter_mut().zip(values.as_array()).for_each(|(bits, value)| *bits = value.to_bits() as u32);
    bits
}
