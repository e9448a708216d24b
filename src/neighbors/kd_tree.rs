//! A kd-tree over points in any number of dimensions.
//!
//! Leaves hold eight points, in lanes; eight leaves make a node, eight nodes the next one, and so on up. Points are split by
//! rank, never by value, so that the depth is that of a full tree for any data: a million equal points are an ordinary
//! case. The boxes of eight siblings lie together, in lanes: one test tells which of them are near.

use std::ops::Range;

use fearless_simd::{f64x8, prelude::*};

use super::median_split::Columns;
use super::{Norm, Points};
use crate::lanes::{LANES, Pack, in_lanes};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// How many leaves a thread takes at once.
const LEAVES: usize = 1 << 8;

/// The spans of one coordinate in eight boxes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spans {
    pub(super) low: Pack,
    pub(super) high: Pack,
}

impl Spans {
    /// Boxes that hold nothing are infinitely far from everything.
    const EMPTY: Self = Self { low: Pack::INFINITE, high: Pack([f64::NEG_INFINITY; LANES]) };

    #[inline(always)]
    pub(super) fn load<S: Simd>(&self, simd: S) -> (f64x8<S>, f64x8<S>) {
        (f64x8::load_array_ref(simd, &self.low.0), f64x8::load_array_ref(simd, &self.high.0))
    }
}

/// A kd-tree: owns a copy of its points, in the order of its leaves.
#[derive(Debug, Clone)]
pub struct KdTree {
    pub(super) n_points: usize,
    pub(super) dimensions: usize,
    pub(super) norm: Norm,
    /// The coordinates of each block.
    pub(super) blocks: Vec<Range<usize>>,
    /// The period of each coordinate, infinite where it has none; empty where none has.
    pub(super) periods: Vec<f64>,
    /// The original position of each point, leaf by leaf.
    pub(super) order: Vec<u32>,
    /// Coordinate `c` of the points of leaf `l` is `lanes[l * dimensions + c]`: infinite where the last leaf has no more.
    lanes: Vec<Pack>,
    /// The boxes of the leaves, of the nodes that hold eight of them, and so on. On each level, coordinate `c` of the
    /// boxes `8 i` to `8 i + 7` spans `[i * dimensions + c]`.
    levels: Vec<Vec<Spans>>,
}

/// Work done by a search: what a test can bound where a clock would only measure the machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Visits {
    /// Nodes whose eight boxes were compared with the queries together.
    pub nodes: u64,
    /// Boxes that were compared with each of eight queries.
    pub boxes: u64,
    /// Leaves whose points were compared with the queries.
    pub leaves: u64,
    /// Distances that were computed.
    pub candidates: u64,
}

impl Visits {
    pub(super) fn add(&mut self, other: &Self) {
        self.nodes += other.nodes;
        self.boxes += other.boxes;
        self.leaves += other.leaves;
        self.candidates += other.candidates;
    }
}

impl KdTree {
    /// Builds the tree: O(n log n) for any points.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn new(points: &Points, interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        let mut columns = Columns::new(points)?;
        let mut tree = Self {
            n_points: points.len(),
            dimensions: points.dimensions(),
            norm: points.norm(),
            blocks: points.blocks().collect(),
            periods: points.periods().to_vec(),
            order: Vec::new(),
            lanes: memory::filled(points.len().div_ceil(LANES) * points.dimensions(), Pack::INFINITE)?,
            levels: Vec::new(),
        };
        in_lanes!(simd => tree.build(simd, &mut columns, interrupt))?;
        Ok(tree)
    }

    #[inline(always)]
    fn build<S: Simd>(
        &mut self,
        simd: S,
        columns: &mut Columns,
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        simd.vectorize(
            #[inline(always)]
            || {
                columns.arrange(simd, interrupt)?;
                self.order = memory::collect(columns.positions())?;
                for c in 0..self.dimensions {
                    for (leaf, values) in columns.coordinate(c).chunks(LANES).enumerate() {
                        self.lanes[leaf * self.dimensions + c].0[..values.len()].copy_from_slice(values);
                    }
                }
                self.fill_boxes(simd)
            },
        )
    }

    #[inline(always)]
    fn fill_boxes<S: Simd>(&mut self, simd: S) -> Result<(), Error> {
        let mut n = self.n_leaves();
        let mut block = vec![Pack::INFINITE; self.dimensions];
        while self.levels.is_empty() || n > 1 {
            let mut level = memory::filled(n.div_ceil(LANES) * self.dimensions, Spans::EMPTY)?;
            for i in 0..n {
                let below = self.levels.last();
                if below.is_none() {
                    self.load_queries(i, &mut block);
                }
                for c in 0..self.dimensions {
                    let (low, high) = match below {
                        None => (&block[c], &block[c]),
                        Some(below) => {
                            let spans = &below[i * self.dimensions + c];
                            (&spans.low, &spans.high)
                        }
                    };
                    let spans: &mut Spans = &mut level[i / LANES * self.dimensions + c];
                    spans.low.0[i % LANES] = f64x8::load_array_ref(simd, &low.0).reduce_min();
                    spans.high.0[i % LANES] = f64x8::load_array_ref(simd, &high.0).reduce_max();
                }
            }
            self.levels.push(level);
            n = n.div_ceil(LANES);
        }
        Ok(())
    }

    /// Numbers the points leaf by leaf from now on, so that those in turn are near each other. Returns the position that
    /// each had.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn renumber(&mut self) -> Result<Vec<u32>, Error> {
        let in_turn = memory::collect(0..memory::check_size(self.n_points)?)?;
        Ok(std::mem::replace(&mut self.order, in_turn))
    }

    pub(super) fn n_leaves(&self) -> usize {
        self.n_points.div_ceil(LANES)
    }

    pub(super) fn n_levels(&self) -> usize {
        self.levels.len()
    }

    /// How many points there are below some of the eight boxes from `first` on; there is a point below each of them.
    #[inline(always)]
    pub(super) fn size(&self, level: usize, first: usize, boxes: u64) -> usize {
        let size = LANES << (3 * level);
        let all = size * boxes.count_ones() as usize;
        let end = (first + (u64::BITS - boxes.leading_zeros()) as usize) * size;
        // The last box of a level may not be full.
        if end > self.n_points { all - (end - self.n_points) } else { all }
    }

    /// Boxes `8 node` to `8 node + 7` of a level, coordinate by coordinate.
    #[inline(always)]
    pub(super) fn boxes(&self, level: usize, node: usize) -> &[Spans] {
        &self.levels[level][node * self.dimensions..][..self.dimensions]
    }

    /// The points of a leaf, coordinate by coordinate.
    #[inline(always)]
    pub(super) fn leaf(&self, leaf: usize) -> &[Pack] {
        &self.lanes[leaf * self.dimensions..][..self.dimensions]
    }

    /// The original positions of the points of a leaf.
    pub(super) fn positions(&self, leaf: usize) -> &[u32] {
        &self.order[leaf * LANES..(leaf * LANES + LANES).min(self.n_points)]
    }

    /// The points of a leaf as queries: the first again where the last leaf has no more.
    #[inline(always)]
    pub(super) fn load_queries(&self, leaf: usize, queries: &mut [Pack]) {
        queries.copy_from_slice(self.leaf(leaf));
        let n = self.positions(leaf).len();
        for query in queries {
            let first = query.0[0];
            query.0[n..].fill(first);
        }
    }

    /// Runs a task on the leaves, some at a time. It returns `width` values for each point, and the work it took; they
    /// come back in the order the points were given, with the work of all.
    pub(super) fn for_all_leaves<T: Copy + Default + Send>(
        &self,
        width: usize,
        workers: Workers<'_>,
        task: impl Fn(Range<usize>, &Interrupt<'_>) -> Result<(Vec<T>, Visits), Error> + Sync,
    ) -> Result<(Vec<Vec<T>>, Visits), Error> {
        let found = workers.map(self.n_leaves().div_ceil(LEAVES), |chunk, interrupt| {
            task(chunk * LEAVES..((chunk + 1) * LEAVES).min(self.n_leaves()), interrupt)
        })?;
        let mut columns = Vec::new();
        for _ in 0..width {
            columns.push(memory::filled(self.n_points, T::default())?);
        }
        let mut visits = Visits::default();
        for (positions, (values, work)) in self.order.chunks(LEAVES * LANES).zip(&found) {
            for (c, column) in columns.iter_mut().enumerate() {
                for (&position, values) in positions.iter().zip(values.chunks_exact(width)) {
                    column[position as usize] = values[c];
                }
            }
            visits.add(work);
        }
        Ok((columns, visits))
    }
}
