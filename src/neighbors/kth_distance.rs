//! The k-th neighbour of every point of a tree, eight queries at a time.
//!
//! The points of a leaf are near each other, so they share one search: a box or a candidate is loaded once and compared
//! with eight queries in lanes. The search climbs from the leaf to the root and descends into every sibling whose box is
//! nearer to some query than that query's k-th distance so far. Only the distance is kept, not who the neighbour is, and
//! the k-th smallest value does not depend on the order in which candidates come.

use super::check_neighbors;
use super::kd_tree::{Extent, KdTree, Visits};
use super::nearest::{Heaps, Nearest, Sorted};
use crate::lanes::{LANES, Lanes};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// How many nodes are visited between two questions whether to go on.
const BATCH: u64 = 1 << 9;

impl KdTree {
    /// The distance of each point to its k-th nearest other point, in the order the points were given, and the work it
    /// took.
    ///
    /// # Errors
    /// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn kth_distances(&self, k: usize, interrupt: &Interrupt<'_>) -> Result<(Vec<f64>, Visits), Error> {
        check_neighbors(k, self.n_points)?;
        if k <= Sorted::MOST_NEIGHBORS {
            self.search(Sorted::new(k), interrupt)
        } else {
            self.search(Heaps::new(k)?, interrupt)
        }
    }

    fn search(&self, nearest: impl Nearest, interrupt: &Interrupt<'_>) -> Result<(Vec<f64>, Visits), Error> {
        let mut distances = memory::filled(self.n_points, 0.0)?;
        let mut search = Search {
            tree: self,
            nearest,
            n_queries: 0,
            reach: f64::INFINITY,
            pending: Vec::new(),
            visits: Visits::default(),
        };
        for (leaf, positions) in self.order.chunks(LANES).enumerate() {
            search.run(leaf, interrupt)?;
            for (&position, &kth) in positions.iter().zip(&search.nearest.kth().0) {
                distances[position as usize] = kth;
            }
        }
        Ok((distances, search.visits))
    }
}

struct Search<'a, N> {
    tree: &'a KdTree,
    nearest: N,
    /// How many lanes hold a query: fewer than all in the last leaf.
    n_queries: usize,
    /// The largest k-th distance among the queries so far.
    reach: f64,
    /// Nodes still to be visited, with the distance of their box to the box of the queries.
    pending: Vec<(usize, f64)>,
    visits: Visits,
}

impl<N: Nearest> Search<'_, N> {
    fn run(&mut self, leaf: usize, interrupt: &Interrupt<'_>) -> Result<(), Error> {
        let queries = self.tree.lanes_of(leaf);
        let mut node = self.tree.node_of_leaf(leaf);
        let around = self.tree.extents_of(node);
        self.nearest.clear();
        self.n_queries = self.tree.leaf_size(leaf);
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

    fn descend(
        &mut self,
        around: &[Extent],
        queries: &[Lanes],
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
    fn scan(&mut self, queries: &[Lanes], leaf: usize, own: bool) {
        self.visits.leaves += 1;
        let points = self.tree.lanes_of(leaf);
        for candidate in 0..self.tree.leaf_size(leaf) {
            let mut distances = Lanes::ZERO;
            for (point, query) in points.iter().zip(queries) {
                distances = distances.max(query.minus(point.0[candidate]).abs());
            }
            if own {
                distances.0[candidate] = f64::INFINITY;
            }
            if distances.any_below(self.nearest.kth()) {
                self.nearest.offer(distances);
            }
        }
        self.reach = self.nearest.kth().0[..self.n_queries].iter().copied().fold(0.0, larger);
    }

    /// The distance between the box of the queries and the box of a node.
    fn gap(&mut self, around: &[Extent], node: usize) -> f64 {
        self.visits.boxes += 1;
        let pairs = around.iter().zip(self.tree.extents_of(node));
        pairs.fold(0.0, |gap, (own, other)| larger(gap, larger(other.low - own.high, own.low - other.high)))
    }

    /// Whether the box of a node is nearer to some query than its k-th distance.
    fn some_query_reaches(&self, queries: &[Lanes], node: usize) -> bool {
        let mut gap = Lanes::ZERO;
        for (&Extent { low, high }, query) in self.tree.extents_of(node).iter().zip(queries) {
            gap = gap.max(query.subtracted_from(low)).max(query.minus(high));
        }
        gap.any_below(self.nearest.kth())
    }
}

/// The larger of two numbers, in one instruction; the first if the second is NaN.
fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}
