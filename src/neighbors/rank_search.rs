//! The smallest radius around a point of ranks whose box holds enough others.
//!
//! A box is counted by bits ([`super::rank_axis`]): n / 512 steps for each coordinate, whatever `k`. Radii are guessed from
//! the counts so far and bracketed, so that five boxes find the one.

use std::ops::Range;

use fearless_simd::{prelude::*, u64x8};

use super::rank_axis::{BLOCK, Block};
use super::rank_neighbors::{RankNeighbors, RankSpace};
use crate::{Error, memory};

/// For each number of points in a box, by which factor to change its radius: that which holds `k` others, if points are
/// spread evenly, and a little more, so that the other end of the bracket is found.
pub(super) fn growth(n: usize, k: usize, n_axes: usize) -> Result<Vec<f32>, Error> {
    let (wanted, axes) = (k as f32 + 1.0, n_axes as f32);
    let factor = |count: u32| {
        let count = count as f32;
        let lacking = wanted - count;
        let aim = (wanted + 1.5 * (lacking.abs() + 1.0).sqrt().copysign(lacking)).max(1.0);
        // (aim / count)^(1 / axes): its Padé approximant.
        let more = aim * (axes + 1.0) + count * (axes - 1.0);
        let less = aim * (axes - 1.0) + count * (axes + 1.0);
        more / less
    };
    memory::collect((0..n as u32 + 1).map(factor))
}

/// What the searches of a thread share.
pub(super) struct Search<'a, S> {
    simd: S,
    space: &'a RankSpace,
    k: u32,
    growth: &'a [f32],
    /// On each axis, the places of the points in the box.
    places: Vec<Range<usize>>,
    /// Rows to write to.
    spare: [Vec<Block>; 3],
}

impl<'a, S: Simd> Search<'a, S> {
    pub(super) fn new(simd: S, space: &'a RankSpace, k: usize, growth: &'a [f32]) -> Result<Self, Error> {
        let row = || memory::filled(space.order.len().div_ceil(BLOCK), Block::EMPTY);
        let places = vec![0..0; space.axes.len()];
        Ok(Self { simd, space, k: k as u32, growth, places, spare: [row()?, row()?, row()?] })
    }

    /// What is to be found for some points, and the boxes counted.
    #[inline(always)]
    pub(super) fn run(mut self, points: Range<usize>) -> Result<(Vec<RankNeighbors>, u64), Error> {
        let mut found = memory::with_capacity(points.len())?;
        let (mut distance, mut boxes) = (self.k, 0);
        self.simd.vectorize(
            #[inline(always)]
            || {
                for point in points {
                    let guess = self.space.guesses.get(point).copied().unwrap_or(distance);
                    distance = self.kth_distance(point, guess, &mut boxes);
                    found.push(self.neighbors_within(point, distance));
                }
            },
        );
        Ok((found, boxes))
    }

    /// The smallest radius with `k` others inside; `guess` is where to look first.
    #[inline(always)]
    fn kth_distance(&mut self, point: usize, mut guess: u32, boxes: &mut u64) -> u32 {
        let space = self.space;
        let wanted = self.k + 1;
        // There are `too_few` points nearer than `low` and `enough` within `high`.
        let (mut low, mut high) = (0, 2 * space.order.len() as u32 - 2);
        let (mut too_few, mut enough) = (0, u32::MAX);
        for step in 0.. {
            if low == high {
                break;
            }
            let radius = guess.clamp(low, high - 1);
            self.take(point, radius);
            let count = self.count(&space.all);
            // The same points are inside from the farthest of them on, and until the next.
            let (farthest, next) = if space.untied { even(radius) } else { self.gap(point) };
            if count < wanted {
                (low, too_few) = (next, count);
            } else {
                (high, enough) = (farthest, count);
            }
            let likely = if too_few == 0 || enough == u32::MAX {
                (radius as f32 + 0.5) * self.growth[count as usize]
            } else {
                let share = ((wanted - too_few) as f32 - 0.5) / (enough - too_few) as f32;
                low as f32 - 1.0 + (high + 1 - low) as f32 * share
            };
            guess = likely as u32;
            if step > 6 && step % 2 == 0 {
                guess = low + (high - low) / 2;
            }
            *boxes += 1;
        }
        low
    }

    /// What is nearer than the k-th neighbour at this distance.
    #[inline(always)]
    fn neighbors_within(&mut self, point: usize, distance: u32) -> RankNeighbors {
        let space = self.space;
        self.take(point, distance.saturating_sub(1));
        let [xz, yz, z] = [&space.xz, &space.yz, &space.z].map(
            #[inline(always)]
            // Nothing is nearer than 0, where there are coordinates at all.
            |axes| if distance == 0 && !axes.is_empty() { 0 } else { self.count(axes) - 1 },
        );
        RankNeighbors { distance, xz, yz, z }
    }

    /// Takes the box of the points no farther than `radius` from a point.
    #[inline(always)]
    fn take(&mut self, point: usize, radius: u32) {
        for (places, axis) in self.places.iter_mut().zip(&self.space.axes) {
            *places = axis.places(point, radius);
        }
    }

    /// How far from its centre the farthest place of the box is, and the nearest beyond it.
    #[inline(always)]
    fn gap(&self, point: usize) -> (u32, u32) {
        let gaps = self.space.axes.iter().zip(&self.places).map(|(axis, places)| axis.gap(point, places));
        gaps.fold((0, u32::MAX), |(farthest, next), gap| (farthest.max(gap.0), next.min(gap.1)))
    }

    /// The number of points whose places on some axes are in the box.
    #[inline(always)]
    fn count(&mut self, axes: &[usize]) -> u32 {
        let (simd, space, places) = (self.simd, self.space, &self.places);
        let (run, axes) = match axes {
            [] => return space.order.len() as u32,
            &[axis] => return places[axis].len() as u32,
            [0, axes @ ..] => (places[0].clone(), axes),
            _ => (0..space.order.len(), axes),
        };
        let (first_block, last_block) = (run.start / BLOCK, (run.end - 1) / BLOCK);
        let blocks = first_block..last_block + 1;
        let [one, other, inside] = &mut self.spare;
        let [[a, b], [c, d]] = match *axes {
            [] => return run.len() as u32,
            [axis] => [space.axes[axis].interval(simd, &places[axis], &blocks, one); 2],
            [first, last] => [
                space.axes[first].interval(simd, &places[first], &blocks, one),
                space.axes[last].interval(simd, &places[last], &blocks, other),
            ],
            [first, ref rest @ ..] => {
                space.axes[first].mark(simd, &places[first], &blocks, inside);
                for &axis in rest {
                    space.axes[axis].cut(simd, &places[axis], &blocks, one, inside);
                }
                [[&inside[blocks.clone()], space.axes[first].row(0, &blocks)]; 2]
            }
        };
        let mut counts = u64x8::splat(simd, 0);
        let mut mask = !Block::first(simd, run.start % BLOCK);
        for (block, ((a, b), (c, d))) in blocks.zip(a.iter().zip(b).zip(c.iter().zip(d))) {
            if block == last_block {
                mask &= Block::first(simd, (run.end - 1) % BLOCK + 1);
            }
            let both = (a.load(simd) ^ b.load(simd)) & (c.load(simd) ^ d.load(simd));
            counts += (both & mask).count_ones();
            mask = u64x8::splat(simd, u64::MAX);
        }
        counts.as_array().iter().sum::<u64>() as u32
    }
}

/// How far the points of a box reach where all ranks are even, and the nearest beyond it.
#[inline(always)]
fn even(radius: u32) -> (u32, u32) {
    (radius & !1, (radius & !1) + 2)
}
