//! The order of the points of a kd-tree: leaf by leaf.
//!
//! Every node is cut across the coordinate along which its cell, the space that the cuts above have left to it, is widest:
//! by rank, so that the leaves on both sides are full, and ties by their other coordinates. O(n log n) for any points.

use std::ops::Range;

use fearless_simd::{f64x8, mask64x8, prelude::*};

use super::Points;
use super::selection::select;
use crate::lanes::{LANES, pack};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Nodes of at least this many points ask whether to go on.
const MANY: usize = 1 << 12;

/// The lowest and highest value of one coordinate.
#[derive(Debug, Clone, Copy)]
struct Extent {
    low: f64,
    high: f64,
}

/// Points column by column, to be put in the order of the leaves. The last column holds the bits of their positions.
pub(super) struct Columns {
    n: usize,
    dimensions: usize,
    /// Each column, with room for eight more.
    values: Vec<f64>,
    /// One column for a while, and room for the others while they are dealt out.
    scratch: Vec<f64>,
}

impl Columns {
    pub(super) fn new(points: &Points) -> Result<Self, Error> {
        let (n, dimensions) = (points.len(), points.dimensions());
        let stride = n + LANES;
        let size = stride.checked_mul(dimensions + 1).ok_or(Error::OutOfMemory)?;
        let mut values = memory::with_capacity(size)?;
        for c in 0..dimensions {
            values.extend((0..n).map(|i| points.point(i)[c]));
            values.resize((c + 1) * stride, 0.0);
        }
        values.extend((0..n as u64).map(f64::from_bits));
        values.resize(size, 0.0);
        let scratch = memory::filled(size, 0.0)?;
        Ok(Self { n, dimensions, values, scratch })
    }

    pub(super) fn coordinate(&self, c: usize) -> &[f64] {
        &self.values[c * (self.n + LANES)..][..self.n]
    }

    /// The position that each point had.
    pub(super) fn positions(&self) -> impl ExactSizeIterator<Item = u32> {
        self.coordinate(self.dimensions).iter().map(|position| position.to_bits() as u32)
    }

    /// Puts the points in the order of the leaves.
    #[inline(always)]
    pub(super) fn arrange<S: Simd>(&mut self, simd: S, interrupt: &Interrupt<'_>) -> Result<(), Error> {
        // Nodes still to be cut, as ranges of leaves, and the cells of all of them.
        let mut pending = vec![Range { start: 0, end: self.n.div_ceil(LANES) }];
        let mut cells: Vec<Extent> = (0..self.dimensions).map(|c| extent(self.coordinate(c))).collect();
        while let Some(leaves) = pending.pop() {
            let cell = cells.len() - self.dimensions;
            let widths = cells[cell..].iter().map(|extent| extent.high - extent.low).enumerate();
            let (coordinate, width) =
                widths.fold((0, 0.0), |most, next| if next.1 > most.1 { next } else { most });
            if leaves.len() <= 1 || width == 0.0 {
                cells.truncate(cell);
                continue;
            }
            let places = leaves.start * LANES..(leaves.end * LANES).min(self.n);
            if places.len() >= MANY {
                interrupt.check()?;
            }
            let half = leaves.len().next_power_of_two() / 2;
            let cut = self.cut(simd, places, half * LANES, coordinate);
            let middle = leaves.start + half;
            pending.extend([middle..leaves.end, leaves.start..middle]);
            cells.extend_from_within(cell..);
            cells[cell + coordinate].low = cut;
            cells[cell + self.dimensions + coordinate].high = cut;
        }
        Ok(())
    }

    /// Lets the `rank` points with the smallest values of a coordinate come first, and returns the first value after.
    #[inline(always)]
    fn cut<S: Simd>(&mut self, simd: S, places: Range<usize>, rank: usize, coordinate: usize) -> f64 {
        let (mut places, mut rank, mut first) = (places, rank, None);
        // Points that tie with the cut are cut by the next coordinate, lest both sides span all of it.
        for step in 0..self.dimensions {
            let c = (coordinate + step) % self.dimensions;
            let column = &self.values[c * (self.n + LANES)..][places.clone()];
            let cut = select(simd, column, rank, &mut self.scratch);
            first = first.or(Some(cut));
            let below = self.partition(
                simd,
                places.clone(),
                c,
                #[inline(always)]
                |values| values.simd_lt(cut),
            );
            if below == rank {
                break;
            }
            let ties = places.start + below..places.end;
            let equal = self.partition(
                simd,
                ties.clone(),
                c,
                #[inline(always)]
                |values| values.simd_le(cut),
            );
            (places, rank) = (ties.start..ties.start + equal, rank - below);
        }
        first.unwrap_or(0.0)
    }

    /// Lets the points whose value of a coordinate goes left come first, in all columns; returns how many those are.
    #[inline(always)]
    fn partition<S: Simd>(
        &mut self,
        simd: S,
        places: Range<usize>,
        coordinate: usize,
        goes_left: impl Fn(f64x8<S>) -> mask64x8<S>,
    ) -> usize {
        let stride = self.n + LANES;
        let (mut left, mut right) = (places.start, 0);
        for start in places.clone().step_by(LANES) {
            let n = LANES.min(places.end - start);
            let valid = mask64x8::from_bitmask(simd, u64::MAX >> (u64::BITS - n as u32));
            let key = f64x8::from_slice(simd, &self.values[coordinate * stride + start..][..LANES]);
            let lefts = goes_left(key) & valid;
            let rights = !lefts & valid;
            let (mut n_left, mut n_right) = (0, 0);
            for c in 0..=self.dimensions {
                let values = f64x8::from_slice(simd, &self.values[c * stride + start..][..LANES]);
                n_right = pack(simd, values, rights, &mut self.scratch[c * stride + right..]);
                let place = c * stride + left;
                if n == LANES {
                    // What is overwritten beyond them has been read.
                    n_left = pack(simd, values, lefts, &mut self.values[place..]);
                } else {
                    let mut packed = [0.0; LANES];
                    n_left = pack(simd, values, lefts, &mut packed);
                    self.values[place..][..n_left].copy_from_slice(&packed[..n_left]);
                }
            }
            (left, right) = (left + n_left, right + n_right);
        }
        for c in 0..=self.dimensions {
            let moved = &self.scratch[c * stride..][..right];
            self.values[c * stride + left..][..right].copy_from_slice(moved);
        }
        left - places.start
    }
}

fn extent(values: &[f64]) -> Extent {
    let empty = Extent { low: f64::INFINITY, high: f64::NEG_INFINITY };
    values.iter().fold(empty, |extent, &value| Extent {
        low: if value < extent.low { value } else { extent.low },
        high: if value > extent.high { value } else { extent.high },
    })
}
