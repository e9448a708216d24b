//! The k smallest distances of eight queries at a time.

use std::collections::BinaryHeap;

use crate::lanes::{LANES, Lanes};
use crate::{Error, memory};

/// Keeps the k smallest of the distances offered to each of eight queries.
pub(super) trait Nearest {
    /// The k-th smallest distance of each query so far: infinite until k were offered.
    fn kth(&self) -> Lanes;

    /// Offers one distance to each query.
    fn offer(&mut self, distances: Lanes);

    /// Forgets everything.
    fn clear(&mut self);
}

/// Small k: sorted rows of eight distances, and a candidate sinks to its row by minima and maxima, without a branch.
pub(super) struct Sorted {
    rows: Vec<Lanes>,
}

impl Sorted {
    /// Beyond this many neighbours a heap is cheaper.
    pub(super) const MOST_NEIGHBORS: usize = 64;

    pub(super) fn new(k: usize) -> Self {
        Self { rows: vec![Lanes::INFINITE; k] }
    }
}

impl Nearest for Sorted {
    fn kth(&self) -> Lanes {
        self.rows[self.rows.len() - 1]
    }

    fn offer(&mut self, distances: Lanes) {
        let mut sinking = distances;
        for row in &mut self.rows {
            let kept = *row;
            *row = kept.min(sinking);
            sinking = sinking.max(kept);
        }
    }

    fn clear(&mut self) {
        self.rows.fill(Lanes::INFINITE);
    }
}

/// Any k: a heap for each query, over the bits of the distances, whose order is theirs.
pub(super) struct Heaps {
    k: usize,
    heaps: [BinaryHeap<u64>; LANES],
    kth: Lanes,
}

impl Heaps {
    pub(super) fn new(k: usize) -> Result<Self, Error> {
        let mut heaps: [BinaryHeap<u64>; LANES] = Default::default();
        for heap in &mut heaps {
            *heap = BinaryHeap::from(memory::with_capacity(k)?);
        }
        Ok(Self { k, heaps, kth: Lanes::INFINITE })
    }
}

impl Nearest for Heaps {
    fn kth(&self) -> Lanes {
        self.kth
    }

    fn offer(&mut self, distances: Lanes) {
        for (lane, heap) in self.heaps.iter_mut().enumerate() {
            if distances.0[lane] < self.kth.0[lane] {
                let bits = distances.0[lane].to_bits();
                if heap.len() < self.k {
                    heap.push(bits);
                } else if let Some(mut farthest) = heap.peek_mut() {
                    *farthest = bits;
                }
                if heap.len() == self.k {
                    self.kth.0[lane] = heap.peek().map_or(f64::INFINITY, |&bits| f64::from_bits(bits));
                }
            }
        }
    }

    fn clear(&mut self) {
        self.heaps.iter_mut().for_each(BinaryHeap::clear);
        self.kth = Lanes::INFINITE;
    }
}
