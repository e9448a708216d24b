//! The k-th neighbour of every point of a tree, among its own or in another tree.
//!
//! In few dimensions the eight points of a leaf are near each other, so they share one search: a box or a candidate is
//! loaded once and compared with eight queries in lanes. In more dimensions they have less in common: each searches alone,
//! and the eight points of a leaf are candidates in lanes. Only the distance is kept, not who the neighbour is, and the k-th
//! smallest value does not depend on the order in which candidates come.

use std::ops::Range;

use fearless_simd::{f64x8, mask64x8, prelude::*};

use super::descent::{Descent, Search, nearest_leaf};
use super::kd_tree::{KdTree, Spans, Visits};
use super::metric::{Largest, Metric, largest, least, with_metric};
use super::nearest::{Few, Nearest, Several, Smallest};
use super::{Norm, check_comparable, check_neighbors, check_others};
use crate::lanes::{LANES, Pack, in_lanes};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// Up to so many dimensions and neighbours eight queries together take less time.
const DIMENSIONS_TOGETHER: usize = 4;
const NEIGHBORS_TOGETHER: usize = 64;

/// The leaf of queries that are in another tree.
const NOWHERE: usize = usize::MAX;

impl KdTree {
    /// The distance of each point to its k-th nearest other point, in the order the points were given, and the work it
    /// took.
    ///
    /// # Errors
    /// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn kth_distances(&self, k: usize, workers: Workers<'_>) -> Result<(Vec<f64>, Visits), Error> {
        let (mut found, visits) = self.kth_distances_for(&[k], workers)?;
        Ok((found.swap_remove(0), visits))
    }

    /// The same for several `k`, in one search.
    ///
    /// # Errors
    /// As for [`KdTree::kth_distances`].
    pub fn kth_distances_for(
        &self,
        ks: &[usize],
        workers: Workers<'_>,
    ) -> Result<(Vec<Vec<f64>>, Visits), Error> {
        ks.iter().try_for_each(|&k| check_neighbors(k, self.n_points))?;
        self.search_all(None, ks, workers)
    }

    /// The distance of each point to the k-th nearest of another tree, for several `k`, and the work it took.
    ///
    /// # Errors
    /// [`Error::Neighbors`] unless `1 <= k <= m`, [`Error::Shape`] where the others have not as many coordinates,
    /// [`Error::Periods`] where they have others, [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn kth_distances_to(
        &self,
        others: &Self,
        ks: &[usize],
        workers: Workers<'_>,
    ) -> Result<(Vec<Vec<f64>>, Visits), Error> {
        ks.iter().try_for_each(|&k| check_others(k, others.n_points))?;
        check_comparable((self.dimensions, &self.periods), (others.dimensions, &others.periods))?;
        self.search_all(Some(others), ks, workers)
    }

    fn search_all(
        &self,
        others: Option<&Self>,
        ks: &[usize],
        workers: Workers<'_>,
    ) -> Result<(Vec<Vec<f64>>, Visits), Error> {
        self.for_all_leaves(
            ks.len(),
            workers,
            |leaves, interrupt| in_lanes!(simd => self.search(simd, others, leaves, ks, interrupt)),
        )
    }

    /// The distances of the points of some leaves for each k, point by point, and the work.
    #[inline(always)]
    fn search<S: Simd>(
        &self,
        simd: S,
        others: Option<&Self>,
        leaves: Range<usize>,
        ks: &[usize],
        interrupt: &Interrupt<'_>,
    ) -> Result<(Vec<f64>, Visits), Error> {
        let k = ks.iter().copied().max().unwrap_or(1);
        macro_rules! together {
            ($metric:expr, $nearest:expr) => {
                simd.vectorize(
                    #[inline(always)]
                    || self.search_together(simd, $metric, $nearest, others, leaves, ks, interrupt),
                )
            };
        }
        if self.dimensions > DIMENSIONS_TOGETHER || k > NEIGHBORS_TOGETHER {
            return with_metric!(self, metric => simd.vectorize(
                #[inline(always)]
                || self.search_alone(simd, metric, Smallest::new(k)?, others, leaves, ks, interrupt)
            ));
        }
        let compiled = if self.periods.is_empty() { self.dimensions } else { 0 };
        match (self.norm, compiled, k) {
            (Norm::Max, 2, 1..=3) => together!(Largest::<2>, Few::<S, 3>::new(simd, k)),
            (Norm::Max, 2, 4..=5) => together!(Largest::<2>, Few::<S, 5>::new(simd, k)),
            (Norm::Max, 3, 1..=5) => together!(Largest::<3>, Few::<S, 5>::new(simd, k)),
            (Norm::Max, 4, 1..=3) => together!(Largest::<4>, Few::<S, 3>::new(simd, k)),
            _ => with_metric!(self, metric => together!(metric, Several::new(simd, k))),
        }
    }

    /// The tree where the queries of a leaf search, and the leaf from which.
    #[inline(always)]
    fn start<'a, S: Simd>(
        &'a self,
        others: Option<&'a Self>,
        leaf: usize,
        search: &impl Search<S>,
    ) -> (&'a Self, usize) {
        others.map_or((self, leaf), |others| (others, nearest_leaf(others, search)))
    }

    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "how to search, where, and what for")]
    fn search_together<S: Simd>(
        &self,
        simd: S,
        metric: impl Metric<S>,
        nearest: impl Nearest<S>,
        others: Option<&Self>,
        leaves: Range<usize>,
        ks: &[usize],
        interrupt: &Interrupt<'_>,
    ) -> Result<(Vec<f64>, Visits), Error> {
        let mut found = memory::with_capacity(leaves.len() * LANES * ks.len())?;
        let queries = vec![Pack::INFINITE; self.dimensions];
        let around = vec![(0.0, 0.0); self.dimensions];
        let mut search = Together { simd, metric, nearest, queries, around, reach: 0.0, own: 0 };
        let mut descent = Descent::default();
        for leaf in leaves {
            self.load_queries(leaf, &mut search.queries);
            for (around, spans) in search.around.iter_mut().zip(self.boxes(0, leaf / LANES)) {
                *around = (spans.low.0[leaf % LANES], spans.high.0[leaf % LANES]);
            }
            search.nearest.clear();
            search.reach = f64::INFINITY;
            let (tree, start) = self.start(others, leaf, &search);
            search.own = if others.is_none() { leaf } else { NOWHERE };
            descent.run(tree, start, &mut search, interrupt)?;
            for lane in 0..self.positions(leaf).len() {
                found.extend(ks.iter().map(|&k| search.nearest.kth(k).as_array()[lane]));
            }
        }
        descent.visits.candidates = descent.visits.leaves * (LANES * LANES) as u64;
        Ok((found, descent.visits))
    }

    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "how to search, where, and what for")]
    fn search_alone<S: Simd>(
        &self,
        simd: S,
        metric: impl Metric<S>,
        nearest: Smallest,
        others: Option<&Self>,
        leaves: Range<usize>,
        ks: &[usize],
        interrupt: &Interrupt<'_>,
    ) -> Result<(Vec<f64>, Visits), Error> {
        let mut found = memory::with_capacity(leaves.len() * LANES * ks.len())?;
        let query = vec![0.0; self.dimensions];
        let mut search = Alone { simd, metric, nearest, query, own: 0, itself: 0 };
        let mut descent = Descent::default();
        for leaf in leaves {
            for lane in 0..self.positions(leaf).len() {
                for (value, pack) in search.query.iter_mut().zip(self.leaf(leaf)) {
                    *value = pack.0[lane];
                }
                search.nearest.clear();
                let (tree, start) = self.start(others, leaf, &search);
                (search.own, search.itself) = (if others.is_none() { leaf } else { NOWHERE }, lane);
                descent.run(tree, start, &mut search, interrupt)?;
                if ks.len() > 1 {
                    search.nearest.sort();
                    found.extend(ks.iter().map(|&k| search.nearest.kth_sorted(k)));
                } else {
                    found.extend(ks.iter().map(|&k| search.nearest.kth(k)));
                }
            }
        }
        descent.visits.candidates = descent.visits.leaves * LANES as u64;
        Ok((found, descent.visits))
    }
}

/// The eight queries of a leaf.
struct Together<S, M, N> {
    simd: S,
    metric: M,
    nearest: N,
    queries: Vec<Pack>,
    /// The box of the queries.
    around: Vec<(f64, f64)>,
    /// The largest k-th distance among the queries so far.
    reach: f64,
    /// Their leaf, if they are in this tree.
    own: usize,
}

impl<S: Simd, M: Metric<S>, N: Nearest<S>> Search<S> for Together<S, M, N> {
    #[inline(always)]
    fn gaps(&self, boxes: &[Spans]) -> f64x8<S> {
        let n = self.metric.dimensions(boxes.len());
        let (around, boxes) = (&self.around[..n], &boxes[..n]);
        self.metric.nearest(
            self.simd,
            n,
            #[inline(always)]
            |c| least(boxes[c].load(self.simd), around[c]),
            #[inline(always)]
            |c| largest(boxes[c].load(self.simd), around[c]),
        )
    }

    #[inline(always)]
    fn reach(&self) -> f64 {
        self.reach
    }

    #[inline(always)]
    fn enters(&self, boxes: &[Spans], lane: usize) -> bool {
        let n = self.metric.dimensions(boxes.len());
        let (queries, boxes) = (&self.queries[..n], &boxes[..n]);
        let gaps = self.metric.nearest(
            self.simd,
            n,
            #[inline(always)]
            |c| {
                let query = f64x8::load_array_ref(self.simd, &queries[c].0);
                least((query, query), (boxes[c].low.0[lane], boxes[c].high.0[lane]))
            },
            #[inline(always)]
            |c| {
                let query = f64x8::load_array_ref(self.simd, &queries[c].0);
                largest((query, query), (boxes[c].low.0[lane], boxes[c].high.0[lane]))
            },
        );
        gaps.simd_lt(self.nearest.limit()).any_true()
    }

    /// Offers the points of a leaf to every query, except, in their own leaf, each query to itself.
    #[inline(always)]
    fn scan(&mut self, leaf: usize, points: &[Pack]) {
        let n = self.metric.dimensions(points.len());
        let (queries, points) = (&self.queries[..n], &points[..n]);
        let (simd, metric, own) = (self.simd, &self.metric, leaf == self.own);
        let around = &self.around[..n];
        let gaps = metric.nearest(
            simd,
            n,
            #[inline(always)]
            |c| {
                let point = f64x8::load_array_ref(simd, &points[c].0);
                least((point, point), around[c])
            },
            #[inline(always)]
            |c| {
                let point = f64x8::load_array_ref(simd, &points[c].0);
                largest((point, point), around[c])
            },
        );
        self.nearest.offer_those(
            gaps.simd_lt(self.reach).to_bitmask(),
            #[inline(always)]
            |candidate| {
                let distances = metric.distance(
                    simd,
                    n,
                    #[inline(always)]
                    |c| f64x8::load_array_ref(simd, &queries[c].0) - points[c].0[candidate],
                );
                if own {
                    let itself = mask64x8::from_bitmask(simd, 1 << candidate);
                    return itself.select(f64x8::splat(simd, f64::INFINITY), distances);
                }
                distances
            },
        );
        self.reach = self.nearest.limit().reduce_max();
    }
}

/// One query.
struct Alone<S, M> {
    simd: S,
    metric: M,
    nearest: Smallest,
    query: Vec<f64>,
    /// Its leaf, if it is in this tree, and where it is there.
    own: usize,
    itself: usize,
}

impl<S: Simd, M: Metric<S>> Search<S> for Alone<S, M> {
    #[inline(always)]
    fn gaps(&self, boxes: &[Spans]) -> f64x8<S> {
        let n = self.metric.dimensions(boxes.len());
        let (query, boxes) = (&self.query[..n], &boxes[..n]);
        self.metric.nearest(
            self.simd,
            n,
            #[inline(always)]
            |c| least(boxes[c].load(self.simd), (query[c], query[c])),
            #[inline(always)]
            |c| largest(boxes[c].load(self.simd), (query[c], query[c])),
        )
    }

    #[inline(always)]
    fn reach(&self) -> f64 {
        self.nearest.limit
    }

    #[inline(always)]
    fn enters(&self, _: &[Spans], _: usize) -> bool {
        true
    }

    /// Offers the points of a leaf, but not the query to itself.
    #[inline(always)]
    fn scan(&mut self, leaf: usize, points: &[Pack]) {
        let n = self.metric.dimensions(points.len());
        let (query, points) = (&self.query[..n], &points[..n]);
        let distances = self.metric.distance(
            self.simd,
            n,
            #[inline(always)]
            |c| f64x8::load_array_ref(self.simd, &points[c].0) - query[c],
        );
        let itself = if leaf == self.own { 1 << self.itself } else { 0 };
        let mut nearer = distances.simd_lt(self.nearest.limit).to_bitmask() & !itself;
        let distances = distances.as_array();
        while nearer != 0 {
            let distance = distances[nearer.trailing_zeros() as usize];
            nearer &= nearer - 1;
            if distance < self.nearest.limit {
                self.nearest.insert(distance);
            }
        }
    }
}
