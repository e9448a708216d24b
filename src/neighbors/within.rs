//! The leaves of a tree that the edge of a ball passes through.
//!
//! Level by level, eight boxes at a time and without a branch on what is found: boxes outside the ball are dropped, boxes
//! wholly inside it are handed over, and the others are opened. Both tests compare rounded distances of corners,
//! which bound the rounded distances of everything between them.

use fearless_simd::{f64x8, mask64x8, prelude::*};

use super::ball::Ball;
use super::kd_tree::{KdTree, Spans, Visits};
use super::metric::{Metric, largest, least};
use crate::lanes::{LANES, Pack, pack};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// How many nodes are opened between two questions whether to go on.
const BATCH: usize = 1 << 12;

/// Eight queries go down together as long as they have no more nodes than this in common.
const FEW: usize = 8;

impl Ball {
    /// [`Ball::holds`] in lanes.
    #[inline(always)]
    pub(super) fn holds_each<S: Simd>(self, distances: f64x8<S>, radius: f64) -> mask64x8<S> {
        match self {
            Self::Open => distances.simd_lt(radius),
            Self::Closed => distances.simd_le(radius),
        }
    }
}

/// Eight siblings, some of which lie wholly inside a ball.
pub(super) struct Inside<'a, S: Simd> {
    pub(super) level: usize,
    /// The first of them.
    pub(super) index: usize,
    pub(super) boxes: &'a [Spans],
    pub(super) mask: mask64x8<S>,
}

/// Boxes of one level: whole numbers, which can be packed in lanes, and how many of them count.
#[derive(Default)]
struct Boxes {
    numbers: Vec<f64>,
    n: usize,
}

impl Boxes {
    fn numbers(&self) -> &[f64] {
        &self.numbers[..self.n]
    }

    /// Forgets everything, and makes room for the boxes of some nodes.
    fn clear(&mut self, nodes: usize) -> Result<(), Error> {
        self.n = 0;
        let room = LANES * (nodes + 1);
        if self.numbers.len() < room {
            self.numbers = memory::filled(2 * room, 0.0)?;
        }
        Ok(())
    }

    /// Adds some of the eight boxes of a node.
    #[inline(always)]
    fn add<S: Simd>(&mut self, simd: S, node: f64, boxes: mask64x8<S>) {
        let lanes = f64x8::load_array(simd, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        self.n += pack(simd, lanes + LANES as f64 * node, boxes, &mut self.numbers[self.n..]);
    }
}

/// A ball around a query, and the leaves on its edge.
pub(super) struct Within<S, M> {
    simd: S,
    metric: M,
    ball: Ball,
    query: Vec<f64>,
    radius: f64,
    /// The boxes of some level that the queries of a leaf have in common.
    common: Boxes,
    common_level: usize,
    edge: Boxes,
    below: Boxes,
    pub(super) visits: Visits,
    unasked: usize,
}

impl<S: Simd, M: Metric<S>> Within<S, M> {
    pub(super) fn new(simd: S, metric: M, ball: Ball, dimensions: usize) -> Self {
        Self {
            simd,
            metric,
            ball,
            query: vec![0.0; dimensions],
            radius: 0.0,
            common: Boxes::default(),
            common_level: 0,
            edge: Boxes::default(),
            below: Boxes::default(),
            visits: Visits::default(),
            unasked: 0,
        }
    }

    /// Goes down to a few nodes outside of which nothing is within `reach` of any point of a leaf.
    #[inline(always)]
    pub(super) fn share(&mut self, tree: &KdTree, leaf: usize, reach: f64) -> Result<(), Error> {
        self.common.clear(0)?;
        self.common.numbers[0] = 0.0;
        (self.common.n, self.common_level) = (1, tree.n_levels());
        let around = tree.boxes(0, leaf / LANES);
        while self.common_level > 1 {
            self.visits.nodes += self.common.n as u64;
            self.below.clear(self.common.n)?;
            for &node in self.common.numbers() {
                let boxes = tree.boxes(self.common_level - 1, node as usize);
                let n = self.metric.dimensions(boxes.len());
                let (around, boxes) = (&around[..n], &boxes[..n]);
                let gaps = self.metric.nearest(
                    self.simd,
                    n,
                    #[inline(always)]
                    |c| {
                        let around = (around[c].low.0[leaf % LANES], around[c].high.0[leaf % LANES]);
                        least(boxes[c].load(self.simd), around)
                    },
                    #[inline(always)]
                    |c| {
                        let around = (around[c].low.0[leaf % LANES], around[c].high.0[leaf % LANES]);
                        largest(boxes[c].load(self.simd), around)
                    },
                );
                self.below.add(self.simd, node, self.ball.holds_each(gaps, reach));
            }
            if self.below.n > FEW {
                break;
            }
            std::mem::swap(&mut self.common, &mut self.below);
            self.common_level -= 1;
        }
        Ok(())
    }

    /// Finds the leaves on the edge of the ball around one of the points of the leaf that was shared. `whole` is shown what
    /// lies inside, and says which boxes of it must be opened all the same.
    #[inline(always)]
    pub(super) fn find<'a>(
        &mut self,
        tree: &'a KdTree,
        leaf: usize,
        lane: usize,
        radius: f64,
        interrupt: &Interrupt<'_>,
        mut whole: impl FnMut(&[f64], Inside<'a, S>) -> mask64x8<S>,
    ) -> Result<(), Error> {
        self.radius = radius;
        for (value, pack) in self.query.iter_mut().zip(tree.leaf(leaf)) {
            *value = pack.0[lane];
        }
        self.edge.clear(self.common.n)?;
        self.edge.numbers[..self.common.n].copy_from_slice(self.common.numbers());
        self.edge.n = self.common.n;
        for level in (0..self.common_level).rev() {
            self.visits.nodes += self.edge.n as u64;
            self.unasked += self.edge.n;
            if self.unasked >= BATCH {
                self.unasked = 0;
                interrupt.check()?;
            }
            self.below.clear(self.edge.n)?;
            for &node in self.edge.numbers() {
                let boxes = tree.boxes(level, node as usize);
                let [near, far] = self.reach(boxes);
                let touched = self.ball.holds_each(near, radius);
                let mask = touched & self.ball.holds_each(far, radius);
                let inside = Inside { level, index: LANES * node as usize, boxes, mask };
                self.below.add(self.simd, node, whole(&self.query, inside) | (touched & !mask));
            }
            std::mem::swap(&mut self.edge, &mut self.below);
        }
        Ok(())
    }

    /// The least and the largest distance to a point that each of eight boxes could hold.
    #[inline(always)]
    fn reach(&self, boxes: &[Spans]) -> [f64x8<S>; 2] {
        let n = self.metric.dimensions(boxes.len());
        let (query, boxes) = (&self.query[..n], &boxes[..n]);
        let near = self.metric.nearest(
            self.simd,
            n,
            #[inline(always)]
            |c| least(boxes[c].load(self.simd), (query[c], query[c])),
            #[inline(always)]
            |c| largest(boxes[c].load(self.simd), (query[c], query[c])),
        );
        let far = self.metric.farthest(
            self.simd,
            n,
            #[inline(always)]
            |c| least(boxes[c].load(self.simd), (query[c], query[c])),
            #[inline(always)]
            |c| largest(boxes[c].load(self.simd), (query[c], query[c])),
        );
        [near, far]
    }

    /// How many points the leaves on the edge hold, at most.
    pub(super) fn room(&self) -> usize {
        self.edge.n * LANES
    }

    /// Hands over the points of the leaves on the edge, and which of each eight are in the ball.
    #[inline(always)]
    pub(super) fn scan<'a>(
        &mut self,
        tree: &'a KdTree,
        mut each: impl FnMut(&[f64], &'a [Pack], mask64x8<S>),
    ) {
        self.visits.leaves += self.edge.n as u64;
        for &leaf in self.edge.numbers() {
            let points = tree.leaf(leaf as usize);
            let n = self.metric.dimensions(points.len());
            let (query, packs) = (&self.query[..n], &points[..n]);
            let distances = self.metric.distance(
                self.simd,
                n,
                #[inline(always)]
                |c| f64x8::load_array_ref(self.simd, &packs[c].0) - query[c],
            );
            each(&self.query, points, self.ball.holds_each(distances, self.radius));
        }
    }
}
