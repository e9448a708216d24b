//! The k-th neighbour of every point of a tree, eight queries at a time.
//!
//! The points of a leaf are near each other, so they share one search: a box or a candidate is loaded once and compared
//! with eight queries in lanes. The search climbs from the leaf to the root and descends into every sibling whose box is
//! nearer to some query than that query's k-th distance so far. Only the distance is kept, not who the neighbour is, and
//! the k-th smallest value does not depend on the order in which candidates come.

use std::ops::Range;

use fearless_simd::{dispatch, f64x8, mask64x8, prelude::*};

use super::check_neighbors;
use super::kd_tree::{Extent, KdTree, Visits};
use super::nearest::{Few, Many, Nearest, Several};
use crate::lanes::{self, LANES, Pack};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// How many nodes are visited between two questions whether to go on.
const BATCH: u64 = 1 << 9;

/// How many leaves a thread takes at once.
const LEAVES: usize = 1 << 9;

impl KdTree {
    /// The distance of each point to its k-th nearest other point, in the order the points were given, and the work it
    /// took.
    ///
    /// # Errors
    /// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn kth_distances(&self, k: usize, workers: Workers<'_>) -> Result<(Vec<f64>, Visits), Error> {
        check_neighbors(k, self.n_points)?;
        let found = workers.map(self.n_leaves.div_ceil(LEAVES), |chunk, interrupt| {
            let leaves = chunk * LEAVES..((chunk + 1) * LEAVES).min(self.n_leaves);
            dispatch!(lanes::level(), simd => self.search_for(simd, leaves, k, interrupt))
        })?;
        let mut distances = memory::filled(self.n_points, 0.0)?;
        let mut visits = Visits::default();
        for (chunk, (found, work)) in found.iter().enumerate() {
            for (&position, &distance) in self.order[chunk * LEAVES * LANES..].iter().zip(found) {
                distances[position as usize] = distance;
            }
            visits.add(work);
        }
        Ok((distances, visits))
    }

    #[inline(always)]
    fn search_for<S: Simd>(
        &self,
        simd: S,
        leaves: Range<usize>,
        k: usize,
        interrupt: &Interrupt<'_>,
    ) -> Result<(Vec<f64>, Visits), Error> {
        match k {
            1 => self.search(simd, leaves, Few::<S, 1>::new(simd), interrupt),
            2 => self.search(simd, leaves, Few::<S, 2>::new(simd), interrupt),
            3 => self.search(simd, leaves, Few::<S, 3>::new(simd), interrupt),
            4 => self.search(simd, leaves, Few::<S, 4>::new(simd), interrupt),
            5 => self.search(simd, leaves, Few::<S, 5>::new(simd), interrupt),
            6..=Several::<S>::MOST => self.search(simd, leaves, Several::new(simd, k), interrupt),
            _ => self.search(simd, leaves, Many::new(simd, k)?, interrupt),
        }
    }

    /// The k-th distances of the points of some leaves, leaf by leaf.
    #[inline(always)]
    fn search<S: Simd>(
        &self,
        simd: S,
        leaves: Range<usize>,
        nearest: impl Nearest<S>,
        interrupt: &Interrupt<'_>,
    ) -> Result<(Vec<f64>, Visits), Error> {
        let mut distances = memory::with_capacity(leaves.len() * LANES)?;
        let mut search = Search {
            simd,
            tree: self,
            nearest,
            reach: f64::INFINITY,
            pending: Vec::new(),
            visits: Visits::default(),
        };
        simd.vectorize(
            #[inline(always)]
            || {
                for leaf in leaves {
                    search.run(leaf, interrupt)?;
                    distances.extend(&search.nearest.kth().as_array()[..self.leaf_size(leaf)]);
                }
                Ok((distances, search.visits))
            },
        )
    }
}

struct Search<'a, S, N> {
    simd: S,
    tree: &'a KdTree,
    nearest: N,
    /// The largest k-th distance among the queries so far.
    reach: f64,
    /// Nodes still to be visited, with the distance of their box to the box of the queries.
    pending: Vec<(usize, f64)>,
    visits: Visits,
}

impl<S: Simd, N: Nearest<S>> Search<'_, S, N> {
    #[inline(always)]
    fn run(&mut self, leaf: usize, interrupt: &Interrupt<'_>) -> Result<(), Error> {
        let queries = self.tree.lanes_of(leaf);
        let mut node = self.tree.node_of_leaf(leaf);
        let around = self.tree.extents_of(node);
        self.nearest.clear();
        self.scan(queries, leaf, true);
        while node > 1 {
            let sibling = node ^ 1;
            let gap = self.gap(around, sibling);
            self.pending.push((sibling, gap));
            self.descend(around, queries, interrupt)?;
            node /= 2;
        }
        Ok(())
    }

    #[inline(always)]
    fn descend(
        &mut self,
        around: &[Extent],
        queries: &[Pack],
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        while let Some((node, gap)) = self.pending.pop() {
            self.visits.nodes += 1;
            if self.visits.nodes.is_multiple_of(BATCH) {
                interrupt.check()?;
            }
            if gap >= self.reach || !self.some_query_reaches(queries, node) {
                continue;
            }
            if self.tree.is_leaf(node) {
                self.scan(queries, self.tree.leaf_of_node(node), false);
                continue;
            }
            let left = (2 * node, self.gap(around, 2 * node));
            let right = (2 * node + 1, self.gap(around, 2 * node + 1));
            // The nearer child last, to be visited first.
            self.pending.extend(if left.1 < right.1 { [right, left] } else { [left, right] });
        }
        Ok(())
    }

    /// Offers the points of a leaf to every query, except each query to itself.
    #[inline(always)]
    fn scan(&mut self, queries: &[Pack], leaf: usize, own: bool) {
        self.visits.leaves += 1;
        let points = self.tree.lanes_of(leaf);
        for candidate in 0..self.tree.leaf_size(leaf) {
            let mut distances = f64x8::splat(self.simd, 0.0);
            for (point, query) in points.iter().zip(queries) {
                let query = f64x8::load_array_ref(self.simd, &query.0);
                distances = distances.max((query - point.0[candidate]).abs());
            }
            if own {
                let itself = mask64x8::from_bitmask(self.simd, 1 << candidate);
                distances = itself.select(f64x8::splat(self.simd, f64::INFINITY), distances);
            }
            self.nearest.offer(distances);
        }
        self.reach = self.nearest.kth().reduce_max();
    }

    /// The distance between the box of the queries and the box of a node.
    #[inline(always)]
    fn gap(&mut self, around: &[Extent], node: usize) -> f64 {
        self.visits.boxes += 1;
        let pairs = around.iter().zip(self.tree.extents_of(node));
        pairs.fold(0.0, |gap, (own, other)| larger(gap, larger(other.low - own.high, own.low - other.high)))
    }

    /// Whether the box of a node is nearer to some query than its k-th distance.
    #[inline(always)]
    fn some_query_reaches(&self, queries: &[Pack], node: usize) -> bool {
        let mut gap = f64x8::splat(self.simd, 0.0);
        for (&Extent { low, high }, query) in self.tree.extents_of(node).iter().zip(queries) {
            let query = f64x8::load_array_ref(self.simd, &query.0);
            gap = gap.max(f64x8::splat(self.simd, low) - query).max(query - high);
        }
        gap.simd_lt(self.nearest.kth()).any_true()
    }
}

/// The larger of two numbers, in one instruction; the first if the second is NaN.
#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}
