//! The k-th neighbour of every point of a tree, eight queries at a time.
//!
//! The points of a leaf are near each other, so they share one search: a box or a candidate is loaded once and compared
//! with eight queries in lanes. The search climbs from the leaf to the root and descends into every sibling whose box is
//! nearer to some query than that query's k-th distance so far. Only the distance is kept, not who the neighbour is, and
//! the k-th smallest value does not depend on the order in which candidates come.

use super::check_neighbors;
use super::kd_tree::{Extent, KdTree, Visits};
use super::nearest::{Heaps, LANES, Lanes, Nearest, Sorted};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// How many leaves are searched between two questions whether to go on.
const BATCH: usize = 1 << 8;

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
            self.search(Heaps::new(k), interrupt)
        }
    }

    fn search(&self, nearest: impl Nearest, interrupt: &Interrupt<'_>) -> Result<(Vec<f64>, Visits), Error> {
        let mut distances = memory::filled(self.n_points, 0.0)?;
        let mut search = Search { tree: self, nearest, pending: Vec::new(), visits: Visits::default() };
        for (leaf, positions) in self.order.chunks(LANES).enumerate() {
            if leaf % BATCH == 0 {
                interrupt.check()?;
            }
            search.run(leaf);
            for (&position, &kth) in positions.iter().zip(search.nearest.kth()) {
                distances[position as usize] = kth;
            }
        }
        Ok((distances, search.visits))
    }
}

struct Search<'a, N> {
    tree: &'a KdTree,
    nearest: N,
    /// Nodes still to be visited, with their distance to each query.
    pending: Vec<(usize, Lanes)>,
    visits: Visits,
}

impl<N: Nearest> Search<'_, N> {
    fn run(&mut self, leaf: usize) {
        self.nearest.clear();
        let queries = self.tree.lanes_of(leaf);
        self.scan(queries, leaf, true);
        let mut node = self.tree.node_of_leaf(leaf);
        while node > 1 {
            let sibling = node ^ 1;
            let gap = self.gap(queries, sibling);
            self.pending.push((sibling, gap));
            self.descend(queries);
            node /= 2;
        }
    }

    fn descend(&mut self, queries: &[Lanes]) {
        while let Some((node, gap)) = self.pending.pop() {
            if !any_less(&gap, self.nearest.kth()) {
                continue;
            }
            if self.tree.is_leaf(node) {
                self.scan(queries, self.tree.leaf_of_node(node), false);
                continue;
            }
            let left = self.gap(queries, 2 * node);
            let right = self.gap(queries, 2 * node + 1);
            // The nearer child last, to be visited first.
            if total(&left) < total(&right) {
                self.pending.extend([(2 * node + 1, right), (2 * node, left)]);
            } else {
                self.pending.extend([(2 * node, left), (2 * node + 1, right)]);
            }
        }
    }

    /// Offers the points of a leaf to every query, except each query to itself.
    fn scan(&mut self, queries: &[Lanes], leaf: usize, own: bool) {
        self.visits.leaves += 1;
        let points = self.tree.lanes_of(leaf);
        for candidate in 0..self.tree.leaf_size(leaf) {
            let mut distances = [0.0; LANES];
            for (point, query) in points.iter().zip(queries) {
                let value = point[candidate];
                for lane in 0..LANES {
                    distances[lane] = larger(distances[lane], (value - query[lane]).abs());
                }
            }
            if own {
                distances[candidate] = f64::INFINITY;
            }
            self.nearest.offer(&distances);
        }
    }

    /// The distance of each query to the box of a node; 0 inside.
    fn gap(&mut self, queries: &[Lanes], node: usize) -> Lanes {
        self.visits.boxes += 1;
        let mut gap = [0.0; LANES];
        for (&Extent { low, high }, query) in self.tree.extents_of(node).iter().zip(queries) {
            for lane in 0..LANES {
                gap[lane] = larger(gap[lane], larger(low - query[lane], query[lane] - high));
            }
        }
        gap
    }
}

/// The larger of two numbers, in one instruction; the first if the second is NaN.
fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

fn any_less(a: &Lanes, b: &Lanes) -> bool {
    a.iter().zip(b).fold(false, |any, (a, b)| any | (a < b))
}

fn total(lanes: &Lanes) -> f64 {
    lanes.iter().sum()
}
