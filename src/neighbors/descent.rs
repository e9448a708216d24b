//! The way down a tree, from the root to the leaves near some queries, the nearest first.
//!
//! Eight boxes are tested at once. Those that are near are taken up later, when they may no longer be.

use fearless_simd::{f64x8, mask64x8, prelude::*, u64x8};

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
        simd: S,
        tree: &KdTree,
        start: usize,
        search: &mut impl Search<S>,
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        let top = tree.n_levels() as u32;
        self.pending.push(Pending { gap: 0.0, level: top, index: 0 });
        let (mut boxes, mut first) = (tree.boxes(0, start / LANES), start - start % LANES);
        let far = f64x8::splat(simd, f64::INFINITY);
        let lanes = u64x8::load_array(simd, [0, 1, 2, 3, 4, 5, 6, 7]);
        let mut leaves = mask64x8::from_bitmask(simd, 1 << (start % LANES)).select(lanes.bitcast(), far);
        loop {
            loop {
                let nearest = leaves.reduce_min();
                if nearest >= search.reach() {
                    break;
                }
                leaves = leaves.simd_le(nearest).select(far, leaves);
                let lane = nearest.to_bits() as usize % LANES;
                if search.enters(boxes, lane) {
                    self.visits.leaves += 1;
                    search.scan(first + lane, tree.leaf(first + lane));
                }
            }
            let Some(Pending { gap, level, index }) = self.pending.pop() else { return Ok(()) };
            if gap >= search.reach() {
                continue;
            }
            let index = index as usize;
            if level < top {
                self.visits.boxes += 1;
                if !search.enters(tree.boxes(level as usize, index / LANES), index % LANES) {
                    continue;
                }
            }
            self.visits.nodes += 1;
            if self.visits.nodes.is_multiple_of(BATCH) {
                interrupt.check()?;
            }
            let level = level - 1;
            let below = tree.boxes(level as usize, index);
            let gaps = search.gaps(below);
            let mut near = gaps.simd_lt(search.reach());
            let keys: f64x8<S> = ((gaps.bitcast::<u64x8<S>>() & !7) | lanes).bitcast();
            if level == 0 {
                if index == start / LANES {
                    near &= !mask64x8::from_bitmask(simd, 1 << (start % LANES));
                }
                (boxes, leaves, first) = (below, near.select(keys, far), LANES * index);
                continue;
            }
            let mut nodes = near.select(keys, f64x8::splat(simd, -1.0));
            for _ in 0..near.to_bitmask().count_ones() {
                let farthest = nodes.reduce_max();
                nodes = nodes.simd_ge(farthest).select(f64x8::splat(simd, -1.0), nodes);
                let lane = farthest.to_bits() as u32 % LANES as u32;
                self.pending.push(Pending {
                    gap: farthest,
                    level,
                    index: LANES as u32 * index as u32 + lane,
                });
            }
        }
    }
}
