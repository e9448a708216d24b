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
        let far = f64x8::splat(simd, f64::INFINITY);
        let itself = mask64x8::from_bitmask(simd, 1 << (start % LANES));
        let (mut node, mut leaves) = (start / LANES, itself.select(keys(simd, f64x8::splat(simd, 0.0)), far));
        loop {
            loop {
                let nearest = leaves.reduce_min();
                let (gap, lane) = split(nearest);
                if gap >= search.reach() {
                    break;
                }
                leaves = leaves.simd_le(nearest).select(far, leaves);
                if search.enters(tree.boxes(0, node), lane) {
                    self.visits.leaves += 1;
                    search.scan(LANES * node + lane, tree.leaf(LANES * node + lane));
                }
            }
            let Some(Pending { gap, level, index }) = self.pending.pop() else { return Ok(()) };
            if gap >= search.reach() {
                continue;
            }
            if level < top {
                self.visits.boxes += 1;
                if !search.enters(tree.boxes(level as usize, index as usize / LANES), index as usize % LANES)
                {
                    continue;
                }
            }
            self.visits.nodes += 1;
            if self.visits.nodes.is_multiple_of(BATCH) {
                interrupt.check()?;
            }
            let level = level - 1;
            let gaps = search.gaps(tree.boxes(level as usize, index as usize));
            let near = gaps.simd_lt(search.reach());
            if level == 0 {
                node = index as usize;
                let near = if node == start / LANES { near & !itself } else { near };
                leaves = near.select(keys(simd, gaps), far);
                continue;
            }
            // The nearest last, to be taken up first.
            let taken = f64x8::splat(simd, -1.0);
            let mut nodes = near.select(keys(simd, gaps), taken);
            for _ in 0..near.to_bitmask().count_ones() {
                let farthest = nodes.reduce_max();
                let (gap, lane) = split(farthest);
                nodes = nodes.simd_ge(farthest).select(taken, nodes);
                self.pending.push(Pending { gap, level, index: (LANES * index as usize + lane) as u32 });
            }
        }
    }
}

/// Distances in whose last bits the numbers of their lanes stand, so that no two are equal.
#[inline(always)]
fn keys<S: Simd>(simd: S, gaps: f64x8<S>) -> f64x8<S> {
    let lanes = u64x8::load_array(simd, [0, 1, 2, 3, 4, 5, 6, 7]);
    ((gaps.bitcast::<u64x8<S>>() & !(LANES as u64 - 1)) | lanes).bitcast()
}

/// The distance in a key, or a little less, and the lane.
#[inline(always)]
fn split(key: f64) -> (f64, usize) {
    let lane = key.to_bits() & (LANES as u64 - 1);
    (f64::from_bits(key.to_bits() - lane), lane as usize)
}
