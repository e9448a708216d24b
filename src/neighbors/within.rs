//! The leaves of a tree that the edge of a ball passes through.
//!
//! Level by level, eight boxes at a time and without a branch on what is found: boxes outside the ball are dropped, boxes
//! wholly inside it are handed over, and the others are opened. Both tests compare rounded distances of corners,
//! which bound the rounded distances of everything between them.

use fearless_simd::{f64x8, mask64x8, prelude::*};

use super::ball::Ball;
use super::kd_tree::{KdTree, Spans, Visits};
use super::metric::Metric;
use crate::Error;
use crate::lanes::{LANES, Pack};
use crate::threads::Interrupt;

/// How many nodes are opened between two questions whether to go on.
const BATCH: usize = 1 << 12;

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

/// A ball around a query, and the leaves on its edge.
pub(super) struct Within<S, M> {
    simd: S,
    pub(super) metric: M,
    ball: Ball,
    pub(super) query: Vec<f64>,
    radius: f64,
    /// The boxes on the edge, and those of the level below: whole numbers, which can be packed in lanes.
    edge: Vec<f64>,
    below: Vec<f64>,
    pub(super) visits: Visits,
    unasked: usize,
}

impl<S: Simd, M: Metric<S>> Within<S, M> {
    pub(super) fn new(simd: S, metric: M, ball: Ball, dimensions: usize) -> Self {
        let query = vec![0.0; dimensions];
        let (edge, below) = (Vec::new(), Vec::new());
        Self { simd, metric, ball, query, radius: 0.0, edge, below, visits: Visits::default(), unasked: 0 }
    }

    /// Finds the leaves on the edge of the ball around one of the points of a leaf. `whole` is shown what lies inside, and
    /// says which boxes of it must be opened all the same.
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
        let lanes = f64x8::load_array(self.simd, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        self.edge.clear();
        self.edge.push(0.0);
        for level in (0..tree.n_levels()).rev() {
            self.visits.nodes += self.edge.len() as u64;
            self.unasked += self.edge.len();
            if self.unasked >= BATCH {
                self.unasked = 0;
                interrupt.check()?;
            }
            self.below.resize(LANES * (self.edge.len() + 1), 0.0);
            let mut n = 0;
            for &node in &self.edge {
                let boxes = tree.boxes(level, node as usize);
                let (near, far) = (self.reach(boxes, true), self.reach(boxes, false));
                let touched = self.ball.holds_each(near, radius);
                let mask = touched & self.ball.holds_each(far, radius);
                let inside = Inside { level, index: LANES * node as usize, boxes, mask };
                let opened = whole(&self.query, inside) | (touched & !mask);
                (lanes + LANES as f64 * node).compress(opened).store_slice(&mut self.below[n..n + LANES]);
                n += opened.to_bitmask().count_ones() as usize;
            }
            self.below.truncate(n);
            std::mem::swap(&mut self.edge, &mut self.below);
        }
        Ok(())
    }

    /// The distance to the nearest or to the farthest point that each of eight boxes could hold.
    #[inline(always)]
    fn reach(&self, boxes: &[Spans], nearest: bool) -> f64x8<S> {
        let pairs = self.metric.each(&self.query).iter().zip(self.metric.each(boxes));
        self.metric.gap(
            self.simd,
            pairs.map(
                #[inline(always)]
                |(&query, spans)| {
                    let (low, high) = spans.load(self.simd);
                    if nearest { (low - query).max(query - high) } else { (query - low).max(high - query) }
                },
            ),
        )
    }

    /// Hands over the points of the leaves on the edge, and which of each eight are in the ball.
    #[inline(always)]
    pub(super) fn scan<'a>(
        &mut self,
        tree: &'a KdTree,
        mut each: impl FnMut(&[f64], &'a [Pack], mask64x8<S>),
    ) {
        self.visits.leaves += self.edge.len() as u64;
        for &leaf in &self.edge {
            let points = tree.leaf(leaf as usize);
            let pairs = self.metric.each(&self.query).iter().zip(self.metric.each(points));
            let distances = self.metric.distance(
                self.simd,
                pairs.map(
                    #[inline(always)]
                    |(&query, point)| f64x8::load_array_ref(self.simd, &point.0) - query,
                ),
            );
            each(&self.query, points, self.ball.holds_each(distances, self.radius));
        }
    }
}
