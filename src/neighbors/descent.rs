//! The way through a tree to the leaves near some queries: from their own leaf up to the root, and at each node on the way
//! down to all that is near there.
//!
//! The smallest nodes around the queries come first, so that little is still near when the large ones do. Eight boxes are
//! tested at once; those that are near are taken up later, when they may no longer be.

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

/// A leaf near queries that are in none: down from the root, each time to the nearest of eight boxes.
#[inline(always)]
pub(super) fn nearest_leaf<S: Simd>(tree: &KdTree, search: &impl Search<S>) -> usize {
    let mut node = 0;
    for level in (0..tree.n_levels()).rev() {
        let gaps = search.gaps(tree.boxes(level, node));
        let gaps = gaps.as_array();
        let mut nearest = 0;
        for lane in 1..LANES {
            nearest = if gaps[lane] < gaps[nearest] { lane } else { nearest };
        }
        node = LANES * node + nearest;
    }
    node
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
        let (mut node, mut leaves) = (start / LANES, 1u64 << (start % LANES));
        let mut above = 0;
        loop {
            while leaves != 0 {
                let lane = leaves.trailing_zeros() as usize;
                leaves &= leaves - 1;
                if search.enters(tree.boxes(0, node), lane) {
                    self.visits.leaves += 1;
                    search.scan(LANES * node + lane, tree.leaf(LANES * node + lane));
                }
            }
            let (level, index, own) = match self.pending.pop() {
                Some(Pending { gap, level, index }) => {
                    if gap >= search.reach() {
                        continue;
                    }
                    let (level, index) = (level as usize, index as usize);
                    self.visits.boxes += 1;
                    if !search.enters(tree.boxes(level, index / LANES), index % LANES) {
                        continue;
                    }
                    (level - 1, index, 0)
                }
                None if above < tree.n_levels() => {
                    let child = start >> (3 * above);
                    above += 1;
                    (above - 1, child / LANES, 1 << (child % LANES))
                }
                None => return Ok(()),
            };
            self.visits.nodes += 1;
            if self.visits.nodes.is_multiple_of(BATCH) {
                interrupt.check()?;
            }
            let gaps = search.gaps(tree.boxes(level, index));
            let mut near = gaps.simd_lt(search.reach()).to_bitmask() & !own;
            if level == 0 {
                (node, leaves) = (index, near);
                continue;
            }
            let gaps = gaps.as_array();
            while near != 0 {
                let lane = near.trailing_zeros() as usize;
                near &= near - 1;
                self.pending.push(Pending {
                    gap: gaps[lane],
                    level: level as u32,
                    index: (LANES * index + lane) as u32,
                });
            }
        }
    }
}
