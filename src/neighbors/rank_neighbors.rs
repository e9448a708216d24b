//! The k-th neighbour of every point among ranks, and how many points are nearer in some of the coordinates.
//!
//! Ranks are small integers, so the k-th distance is the smallest radius whose box holds enough points, and a box is
//! counted by bits ([`super::rank_axis`]): n / 512 steps for each coordinate, whatever `k`. Radii are guessed from the
//! counts so far and bracketed, so that five or six boxes find the one. Quadratic, with a small constant: for few
//! neighbours of very many points a [`super::KdTree`] over the ranks is faster, and gives the same integers.
//!
//! Points are numbered in the order of the first axis. There an interval is a run of bits, and the other axes are read
//! along that run only.

use std::ops::Range;

use fearless_simd::{prelude::*, u64x8};

use super::check_neighbors;
use super::kd_tree::Visits;
use super::rank_axis::{BLOCK, Block, RankAxis};
use super::ranks::Ranks;
use crate::lanes::in_lanes;
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// How many points a thread takes at once.
const POINTS: usize = 1 << 6;

/// The distance of a point to its k-th neighbour in all coordinates, and how many other points are strictly nearer in
/// some. In none, all of them are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RankNeighbors {
    /// The largest difference of ranks between the point and its k-th nearest other point.
    pub distance: u32,
    /// The number of other points nearer in x and z.
    pub xz: u32,
    /// The number of other points nearer in y and z.
    pub yz: u32,
    /// The number of other points nearer in z.
    pub z: u32,
}

/// For each point the distance to its k-th nearest other point in x, y and z together, and the number of others nearer
/// than that in x and z, y and z, and z; with the boxes that were counted to find the distances. Any of x, y and z may
/// have no columns.
///
/// # Errors
/// [`Error::Shape`] for no columns at all, [`Error::Lengths`], [`Error::Neighbors`] unless `1 <= k < n`,
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Interrupt, Ranks, rank_neighbors};
///
/// let never = Interrupt::never();
/// let x = Ranks::new(&[1.0, 2.0, 4.0, 8.0], &never)?;
/// let y = Ranks::new(&[0.2, 0.1, 0.3, 0.4], &never)?;
/// let (found, _) = rank_neighbors(&[x], &[y], &[], 2, never.alone())?;
/// assert_eq!(found[0].distance, 4); // two places away in x: ranks are doubled
/// assert_eq!((found[0].xz, found[0].yz), (1, 2));
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn rank_neighbors(
    x: &[Ranks],
    y: &[Ranks],
    z: &[Ranks],
    k: usize,
    workers: Workers<'_>,
) -> Result<(Vec<RankNeighbors>, Visits), Error> {
    workers.alone(|interrupt| RankSpace::new(x, y, z, interrupt))?.neighbors(k, workers)
}

/// The axes of z, x and y, in this order.
pub(crate) struct RankSpace {
    axes: Vec<RankAxis>,
    /// About how far the k-th neighbour of each point is; empty where nothing is known.
    guesses: Vec<u32>,
    /// The position of each point in the input.
    order: Vec<u32>,
    all: Vec<usize>,
    xz: Vec<usize>,
    yz: Vec<usize>,
    z: Vec<usize>,
}

impl RankSpace {
    pub(crate) fn new(
        x: &[Ranks],
        y: &[Ranks],
        z: &[Ranks],
        interrupt: &Interrupt<'_>,
    ) -> Result<Self, Error> {
        let columns: Vec<&[u32]> = [z, x, y].into_iter().flatten().map(Ranks::as_slice).collect();
        let (&first, rest) = columns.split_first().ok_or(Error::Shape { values: 0, dimensions: 0 })?;
        if let Some(other) = rest.iter().find(|column| column.len() != first.len()) {
            return Err(Error::Lengths { left: first.len(), right: other.len() });
        }
        let order = RankAxis::new(memory::collect(first.iter().copied())?)?.into_order();
        let axis = |column: &[u32]| {
            RankAxis::new(memory::collect(order.iter().map(|&position| column[position as usize]))?)
        };
        let mut axes = vec![axis(first)?];
        for column in rest {
            axes.push(axis(column)?.with_rows(interrupt)?);
        }
        let (z, zx, zxy) = (z.len(), z.len() + x.len(), axes.len());
        let (all, xz, yz) = ((0..zxy).collect(), (0..zx).collect(), (0..z).chain(zx..zxy).collect());
        Ok(Self { axes, guesses: Vec::new(), order, all, xz, yz, z: (0..z).collect() })
    }

    /// Puts `y[places[i]]` in the place of `y[i]`. There must be columns of x or z.
    pub(crate) fn rearrange_y(
        &mut self,
        y: &[Ranks],
        places: &[u32],
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        let first = self.axes.len() - y.len();
        for (axis, column) in self.axes[first..].iter_mut().zip(y) {
            let ranks = self.order.iter().map(|&i| column.as_slice()[places[i as usize] as usize]);
            *axis = RankAxis::new(memory::collect(ranks)?)?.with_rows(interrupt)?;
        }
        Ok(())
    }

    /// Looks for neighbours first at the distances of others that were found.
    pub(crate) fn guess(&mut self, found: &[RankNeighbors]) {
        self.guesses.clear();
        self.guesses.extend(self.order.iter().map(|&position| found[position as usize].distance));
    }

    /// What [`rank_neighbors`] returns.
    pub(crate) fn neighbors(
        &self,
        k: usize,
        workers: Workers<'_>,
    ) -> Result<(Vec<RankNeighbors>, Visits), Error> {
        let n = self.order.len();
        check_neighbors(k, n)?;
        let found = workers.map(n.div_ceil(POINTS), |chunk, interrupt| {
            interrupt.check()?;
            let points = chunk * POINTS..((chunk + 1) * POINTS).min(n);
            in_lanes!(simd => Search::new(simd, self, k)?.run(points))
        })?;
        let mut neighbors = memory::filled(n, RankNeighbors::default())?;
        let mut visits = Visits::default();
        let mut positions = self.order.iter();
        for (found, boxes) in found {
            visits.boxes += boxes;
            for (found, &position) in found.into_iter().zip(&mut positions) {
                neighbors[position as usize] = found;
            }
        }
        Ok((neighbors, visits))
    }
}

struct Search<'a, S> {
    simd: S,
    space: &'a RankSpace,
    k: u32,
    /// On each axis, the places of the points in the box.
    places: Vec<Range<usize>>,
    /// Rows to write to.
    spare: [Vec<Block>; 3],
}

impl<'a, S: Simd> Search<'a, S> {
    fn new(simd: S, space: &'a RankSpace, k: usize) -> Result<Self, Error> {
        let row = || memory::filled(space.order.len().div_ceil(BLOCK), Block::EMPTY);
        let places = vec![0..0; space.axes.len()];
        Ok(Self { simd, space, k: k as u32, places, spare: [row()?, row()?, row()?] })
    }

    /// What is to be found for some points, and the boxes counted.
    #[inline(always)]
    fn run(mut self, points: Range<usize>) -> Result<(Vec<RankNeighbors>, u64), Error> {
        let mut found = memory::with_capacity(points.len())?;
        let (mut distance, mut boxes) = (self.k, 0);
        self.simd.vectorize(
            #[inline(always)]
            || {
                for point in points {
                    let guess = self.space.guesses.get(point).copied().unwrap_or(distance);
                    distance = self.kth_distance(point, guess, &mut boxes);
                    found.push(self.nearer(point, distance));
                }
            },
        );
        Ok((found, boxes))
    }

    /// The smallest radius with `k` others inside; `guess` is where to look first.
    #[inline(always)]
    fn kth_distance(&mut self, point: usize, mut guess: u32, boxes: &mut u64) -> u32 {
        let space = self.space;
        let (axes, wanted) = (space.axes.len() as f32, self.k + 1);
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
            let (farthest, next) = self.gap(point);
            if count < wanted {
                (low, too_few) = (next, count);
            } else {
                (high, enough) = (farthest, count);
            }
            let likely = if too_few == 0 || enough == u32::MAX {
                // If points are spread evenly, times (wanted / count)^(1 / axes): its Padé approximant.
                let (wanted, count) = (wanted as f32, count as f32);
                let more = wanted * (axes + 1.0) + count * (axes - 1.0);
                let less = wanted * (axes - 1.0) + count * (axes + 1.0);
                (radius as f32 + 0.5) * more / less
            } else {
                let share = ((wanted - too_few) as f32 - 0.5) / (enough - too_few) as f32;
                low as f32 - 1.0 + (high + 1 - low) as f32 * share
            };
            // A little farther, so that the other end of the bracket moves as well.
            guess = (likely + 0.25 * (likely - radius as f32)) as u32;
            if step > 6 && step % 2 == 0 {
                guess = low + (high - low) / 2;
            }
            *boxes += 1;
        }
        low
    }

    #[inline(always)]
    fn nearer(&mut self, point: usize, distance: u32) -> RankNeighbors {
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
