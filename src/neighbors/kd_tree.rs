//! A kd-tree over points in any number of dimensions.
//!
//! Every leaf but the last holds exactly eight points, in lanes. Nodes are split by rank, never by value, so that the
//! depth is at most log2(n) for any data: a million equal points are an ordinary case. Nodes are numbered like a heap:
//! node `i` has children `2 i` and `2 i + 1`, and the leaves are the second half.

use super::Points;
use crate::lanes::{LANES, Pack};
use crate::sorting::{float_key, key_float};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// The lowest and highest value of one coordinate in a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Extent {
    const EMPTY: Self = Self { low: f64::INFINITY, high: f64::NEG_INFINITY };

    fn include(&mut self, other: Self) {
        self.low = if other.low < self.low { other.low } else { self.low };
        self.high = if other.high > self.high { other.high } else { self.high };
    }
}

/// A kd-tree: owns a copy of its points, in the order of its leaves.
#[derive(Debug, Clone)]
pub struct KdTree {
    pub(super) n_points: usize,
    pub(super) dimensions: usize,
    pub(super) n_leaves: usize,
    /// The original position of each point, leaf by leaf.
    pub(super) order: Vec<u32>,
    /// Coordinate `c` of the points of leaf `l` is `lanes[l * dimensions + c]`; the last point again where the last leaf
    /// has no more.
    pub(super) lanes: Vec<Pack>,
    /// Coordinate `c` of node `i` spans `extents[i * dimensions + c]`.
    pub(super) extents: Vec<Extent>,
}

/// Work done by a search: what a test can bound where a clock would only measure the machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Visits {
    /// Nodes that were taken up, whether to descend or to pass over.
    pub nodes: u64,
    /// Boxes whose distance to the queries was computed.
    pub boxes: u64,
    /// Leaves whose points were compared with the queries.
    pub leaves: u64,
}

impl Visits {
    pub(super) fn add(&mut self, other: &Self) {
        self.nodes += other.nodes;
        self.boxes += other.boxes;
        self.leaves += other.leaves;
    }
}

impl KdTree {
    /// Builds the tree: O(n log n) for any points.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn new(points: &Points, interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        let (n_points, dimensions) = (points.len(), points.dimensions());
        let n_leaves = n_points.div_ceil(LANES);
        let mut tree = Self {
            n_points,
            dimensions,
            n_leaves,
            order: memory::collect(0..memory::check_size(n_points)?)?,
            lanes: memory::filled(n_leaves * dimensions, Pack::INFINITE)?,
            extents: memory::filled(2 * n_leaves * dimensions, Extent::EMPTY)?,
        };
        if n_leaves > 0 {
            let mut order = std::mem::take(&mut tree.order);
            let mut keys = memory::filled(n_points, (0, 0))?;
            let mut cell = extents(points)?;
            tree.arrange(points, 1, &mut cell, &mut order, &mut keys, interrupt)?;
            tree.order = order;
            tree.fill_leaves(points);
            tree.fill_extents();
        }
        Ok(tree)
    }

    /// Orders the points of a node so that each half of its leaves holds one side of the coordinate along which its
    /// cell is widest: the space that the splits above have left to it. Recursion goes no deeper than the tree.
    fn arrange(
        &self,
        points: &Points,
        node: usize,
        cell: &mut [Extent],
        order: &mut [u32],
        keys: &mut [(u64, u32)],
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        if self.is_leaf(node) {
            return Ok(());
        }
        if order.len() > 1 << 12 {
            interrupt.check()?;
        }
        let coordinate = widest(cell);
        for (key, &position) in keys.iter_mut().zip(&*order) {
            *key = (float_key(points.point(position as usize)[coordinate]), position);
        }
        let middle = (self.leaves_below(2 * node).end - self.leaves_below(node).start) * LANES;
        let (left, &mut (split, _), _) = keys.select_nth_unstable_by_key(middle, |&(key, _)| key);
        if left.iter().any(|&(key, _)| key == split) {
            // Ties on both sides are split by their other coordinates, lest both halves span all of them.
            let others = |&(_, position): &(u64, u32)| {
                let point = points.point(position as usize);
                (1..point.len()).map(move |step| float_key(point[(coordinate + step) % point.len()]))
            };
            keys.select_nth_unstable_by(middle, |a, b| a.0.cmp(&b.0).then_with(|| others(a).cmp(others(b))));
        }
        for (position, &(_, sorted)) in order.iter_mut().zip(&*keys) {
            *position = sorted;
        }
        let split = key_float(split);
        let (left, right) = order.split_at_mut(middle);
        let (left_keys, right_keys) = keys.split_at_mut(middle);
        let Extent { low, high } = cell[coordinate];
        cell[coordinate].high = split;
        self.arrange(points, 2 * node, cell, left, left_keys, interrupt)?;
        cell[coordinate] = Extent { low: split, high };
        self.arrange(points, 2 * node + 1, cell, right, right_keys, interrupt)?;
        cell[coordinate].low = low;
        Ok(())
    }

    fn fill_leaves(&mut self, points: &Points) {
        for (place, &position) in self.order.iter().enumerate() {
            let leaf = place / LANES * self.dimensions;
            for (lanes, &value) in self.lanes[leaf..].iter_mut().zip(points.point(position as usize)) {
                lanes.0[place % LANES..].fill(value);
            }
        }
    }

    fn fill_extents(&mut self) {
        for leaf in 0..self.n_leaves {
            let node = self.node_of_leaf(leaf);
            let size = self.leaf_size(leaf);
            for c in 0..self.dimensions {
                let extent = &mut self.extents[node * self.dimensions + c];
                for &value in &self.lanes[leaf * self.dimensions + c].0[..size] {
                    extent.include(Extent { low: value, high: value });
                }
            }
        }
        for node in (1..self.n_leaves).rev() {
            for c in 0..self.dimensions {
                let mut extent = self.extents[2 * node * self.dimensions + c];
                extent.include(self.extents[(2 * node + 1) * self.dimensions + c]);
                self.extents[node * self.dimensions + c] = extent;
            }
        }
    }

    pub(super) fn is_leaf(&self, node: usize) -> bool {
        node >= self.n_leaves
    }

    /// The number of a leaf from left to right. The deeper leaves come first.
    pub(super) fn leaf_of_node(&self, node: usize) -> usize {
        let deepest = self.n_leaves.next_power_of_two();
        if node >= deepest { node - deepest } else { node + self.n_leaves - deepest }
    }

    pub(super) fn node_of_leaf(&self, leaf: usize) -> usize {
        let node = leaf + self.n_leaves.next_power_of_two();
        if node < 2 * self.n_leaves { node } else { node - self.n_leaves }
    }

    /// The leaves of the subtree of a node.
    pub(super) fn leaves_below(&self, node: usize) -> std::ops::Range<usize> {
        let (mut first, mut last) = (node, node);
        while !self.is_leaf(first) {
            first *= 2;
        }
        while !self.is_leaf(last) {
            last = 2 * last + 1;
        }
        self.leaf_of_node(first)..self.leaf_of_node(last) + 1
    }

    /// How many points a leaf holds.
    pub(super) fn leaf_size(&self, leaf: usize) -> usize {
        LANES.min(self.n_points - leaf * LANES)
    }

    /// How many points the subtree of a node holds.
    pub(super) fn node_size(&self, node: usize) -> usize {
        let leaves = self.leaves_below(node);
        (leaves.end * LANES).min(self.n_points) - leaves.start * LANES
    }

    pub(super) fn extents_of(&self, node: usize) -> &[Extent] {
        &self.extents[node * self.dimensions..][..self.dimensions]
    }

    pub(super) fn lanes_of(&self, leaf: usize) -> &[Pack] {
        &self.lanes[leaf * self.dimensions..][..self.dimensions]
    }
}

fn widest(cell: &[Extent]) -> usize {
    let widths = cell.iter().map(|extent| extent.high - extent.low).enumerate();
    widths.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(coordinate, _)| coordinate)
}

/// The space that the points span.
fn extents(points: &Points) -> Result<Vec<Extent>, Error> {
    let mut extents = memory::filled(points.dimensions(), Extent::EMPTY)?;
    for i in 0..points.len() {
        for (extent, &value) in extents.iter_mut().zip(points.point(i)) {
            extent.include(Extent { low: value, high: value });
        }
    }
    Ok(extents)
}
