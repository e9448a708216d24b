//! The k smallest distances of eight queries at a time.

use std::collections::BinaryHeap;

use fearless_simd::{f64x8, prelude::*};

use crate::lanes::LANES;
use crate::{Error, memory};

/// Keeps the k smallest of the distances offered to each of eight queries.
pub(super) trait Nearest<S: Simd> {
    /// The k-th smallest distance of each query so far: infinite until k were offered.
    fn kth(&self) -> f64x8<S>;

    /// Offers one distance to each query.
    fn offer(&mut self, distances: f64x8<S>);

    /// Forgets everything.
    fn clear(&mut self);
}

/// Few neighbours: sorted rows of eight distances, in registers. A candidate sinks to its row by minima and maxima,
/// without a branch.
pub(super) struct Few<S: Simd, const K: usize>([f64x8<S>; K]);

impl<S: Simd, const K: usize> Few<S, K> {
    #[inline(always)]
    pub(super) fn new(simd: S) -> Self {
        Self([f64x8::splat(simd, f64::INFINITY); K])
    }
}

impl<S: Simd, const K: usize> Nearest<S> for Few<S, K> {
    #[inline(always)]
    fn kth(&self) -> f64x8<S> {
        self.0[K - 1]
    }

    #[inline(always)]
    fn offer(&mut self, distances: f64x8<S>) {
        if K > 15 && !distances.simd_lt(self.kth()).any_true() {
            return;
        }
        let mut sinking = distances;
        for row in &mut self.0 {
            let kept = *row;
            *row = kept.min(sinking);
            sinking = kept.max(sinking);
        }
    }

    #[inline(always)]
    fn clear(&mut self) {
        let simd = self.0[0].simd;
        self.0 = [f64x8::splat(simd, f64::INFINITY); K];
    }
}

/// More neighbours: the same rows in memory, for candidates that are nearer than the last of them.
pub(super) struct Several<S: Simd> {
    rows: Vec<f64x8<S>>,
}

impl<S: Simd> Several<S> {
    /// Beyond this many neighbours a heap is cheaper.
    pub(super) const MOST: usize = 64;

    #[inline(always)]
    pub(super) fn new(simd: S, k: usize) -> Self {
        Self { rows: vec![f64x8::splat(simd, f64::INFINITY); k] }
    }
}

impl<S: Simd> Nearest<S> for Several<S> {
    #[inline(always)]
    fn kth(&self) -> f64x8<S> {
        self.rows[self.rows.len() - 1]
    }

    #[inline(always)]
    fn offer(&mut self, distances: f64x8<S>) {
        if !distances.simd_lt(self.kth()).any_true() {
            return;
        }
        let mut sinking = distances;
        for row in &mut self.rows {
            let kept = *row;
            *row = kept.min(sinking);
            sinking = kept.max(sinking);
        }
    }

    #[inline(always)]
    fn clear(&mut self) {
        let simd = self.rows[0].simd;
        self.rows.fill(f64x8::splat(simd, f64::INFINITY));
    }
}

/// Any k: a heap for each query, over the bits of the distances, whose order is theirs.
pub(super) struct Many<S: Simd> {
    k: usize,
    heaps: [BinaryHeap<u64>; LANES],
    kth: f64x8<S>,
}

impl<S: Simd> Many<S> {
    #[inline(always)]
    pub(super) fn new(simd: S, k: usize) -> Result<Self, Error> {
        let mut heaps: [BinaryHeap<u64>; LANES] = Default::default();
        for heap in &mut heaps {
            *heap = BinaryHeap::from(memory::with_capacity(k)?);
        }
        Ok(Self { k, heaps, kth: f64x8::splat(simd, f64::INFINITY) })
    }
}

impl<S: Simd> Nearest<S> for Many<S> {
    #[inline(always)]
    fn kth(&self) -> f64x8<S> {
        self.kth
    }

    #[inline(always)]
    fn offer(&mut self, distances: f64x8<S>) {
        let mut nearer = distances.simd_lt(self.kth).to_bitmask();
        let mut kth = *self.kth.as_array();
        let distances = distances.as_array();
        while nearer != 0 {
            let lane = nearer.trailing_zeros() as usize;
            nearer &= nearer - 1;
            let (heap, bits) = (&mut self.heaps[lane], distances[lane].to_bits());
            if heap.len() < self.k {
                heap.push(bits);
            } else if let Some(mut farthest) = heap.peek_mut() {
                *farthest = bits;
            }
            if heap.len() == self.k {
                kth[lane] = heap.peek().map_or(f64::INFINITY, |&bits| f64::from_bits(bits));
            }
        }
        self.kth = kth.simd_into(self.kth.simd);
    }

    #[inline(always)]
    fn clear(&mut self) {
        self.heaps.iter_mut().for_each(BinaryHeap::clear);
        self.kth = f64x8::splat(self.kth.simd, f64::INFINITY);
    }
}
