//! Samples in an order in which those in turn are near each other: whatever is then looked up for one is in the cache from
//! the one before.

use super::pointwise::Pointwise;
use crate::neighbors::{KdTree, Points};
use crate::threads::Workers;
use crate::{Error, memory};

/// The parts of some samples, and a tree of all parts together.
pub(super) struct Arranged {
    pub(super) parts: Vec<Points>,
    pub(super) tree: KdTree,
    /// The position that each sample had.
    order: Vec<u32>,
}

impl Arranged {
    /// Arranges samples leaf by leaf.
    pub(super) fn new(parts: &[&Points], workers: Workers<'_>) -> Result<Self, Error> {
        let joint = Points::joint(parts)?;
        let mut tree = workers.alone(|interrupt| KdTree::new(&joint, interrupt))?;
        let order = tree.renumber()?;
        let parts = workers.map(parts.len(), |part, _| parts[part].at(&order))?;
        Ok(Self { parts, tree, order })
    }

    /// For each of `ks` what each sample contributes, given its distance to its k-th neighbour.
    pub(super) fn estimates(
        &self,
        ks: &[usize],
        workers: Workers<'_>,
        estimate: impl Fn(usize, &[f64]) -> Result<Pointwise, Error>,
    ) -> Result<Vec<Pointwise>, Error> {
        let (all, _) = self.tree.kth_distances_for(ks, workers)?;
        let each = |(&k, distances): (&usize, Vec<f64>)| {
            Ok(estimate(k, &distances)?.at(memory::collect(self.order.iter().copied())?, self.order.len()))
        };
        ks.iter().zip(all).map(each).collect()
    }
}
