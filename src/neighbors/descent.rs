//! The way down a tree, from the root to the leaves near some queries, the nearest first.
//!
//! Eight boxes are tested at once. Those that are near are taken up later, when they may no longer be.

use fearless_simd::{f64x8, prelude::*};

use super::kd_tree::{KdTree, Spans, Visits};
use crate::Error;
use crate::lanes::{LANES, Pack};
use crate::threads::Interrupt;

/// How many boxes are taken up between two questions whether to go on.
const BATCH: u64 = 1 << 9;

/// One or more queries that get to know what is near them.
pub(super) trait Search<S: Simd> {
    /// How far each of eight boxes is, at least.
    fn gaps(&self, boxes: &[Spans]) -> f64x8<S>;

    /// A box matters only if it is nearer than this.
    fn reach(&self) -> f64;

    /// Whether one of eight boxes matters to some query.
    fn enters(&self, boxes: &[Spans], lane: usize) -> bool;

    /// Looks at the points of a leaf.
    fn scan(&mut self, leaf: usize, points: &[Pack]);
}

/// A box still to be taken up.
struct Pending {
    gap: f64,
    level: u32,
    index: u32,
}

/// The boxes still to be taken up, and the work so far.
#[derive(Default)]
pub(super) struct Descent {
    pending: Vec<Pending>,
    pub(super) visits: Visits,
}

impl Descent {
    /// Shows a search first the leaf where it starts, then all others that matter to it.
    #[inline(always)]
    pub(super) fn run<S: Simd>(
        &mut self,
        tree: &KdTree,
        start: usize,
        search: &mut impl Search<S>,
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        let (top, mut begun) = (tree.n_levels(), false);
        self.pending.push(Pending { gap: 0.0, level: top as u32, index: 0 });
        self.pending.push(Pending { gap: 0.0, level: 0, index: start as u32 });
        while let Some(Pending { gap, level, index }) = self.pending.pop() {
            let (level, index) = (level as usize, index as usize);
            if gap >= search.reach() || (level == 0 && index == start && begun) {
                continue;
            }
            self.visits.boxes += 1;
            if self.visits.boxes.is_multiple_of(BATCH) {
                interrupt.check()?;
            }
            if level < top && !search.enters(tree.boxes(level, index / LANES), index % LANES) {
                continue;
            }
            if level > 0 {
                self.open(tree, level - 1, index, search);
            } else {
                begun = true;
                self.visits.leaves += 1;
                search.scan(index, tree.leaf(index));
            }
        }
        Ok(())
    }

    /// Tests the eight boxes of a node, and puts the nearest of those that matter on top.
    #[inline(always)]
    fn open<S: Simd>(&mut self, tree: &KdTree, level: usize, node: usize, search: &mut impl Search<S>) {
        self.visits.nodes += 1;
        let gaps = search.gaps(tree.boxes(level, node));
        let mut near = gaps.simd_lt(search.reach()).to_bitmask();
        let gaps = gaps.as_array();
        let first = self.pending.len();
        while near != 0 {
            let lane = near.trailing_zeros() as usize;
            near &= near - 1;
            self.pending.push(Pending { gap: gaps[lane], level: level as u32, index: (LANES * node + lane) as u32 });
            let mut place = self.pending.len() - 1;
            while place > first && self.pending[place - 1].gap < gaps[lane] {
                self.pending.swap(place - 1, place);
                place -= 1;
            }
        }
    }
}
