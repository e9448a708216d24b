//! The k smallest distances, of one query or of eight at a time.

use fearless_simd::{f64x8, prelude::*};

use crate::lanes::LANES;
use crate::{Error, memory};

/// Keeps the k smallest of the distances offered to each of eight queries.
pub(super) trait Nearest<S: Simd> {
    /// What a distance must be below to matter: the k-th smallest of each query so far, or a little more.
    fn limit(&self) -> f64x8<S>;

    /// Offers eight distances to each query.
    fn offer(&mut self, distances: impl Fn(usize) -> f64x8<S>);

    /// Offers those of the eight distances that a mask chooses.
    fn offer_those(&mut self, chosen: u64, distances: impl Fn(usize) -> f64x8<S>);

    /// The k-th smallest distance of each query, for a `k` up to that which is kept.
    fn kth(&mut self, k: usize) -> f64x8<S>;

    /// Forgets everything.
    fn clear(&mut self);
}

/// Eight distances find their rows by minima and maxima, without a branch.
#[inline(always)]
fn sink<S: Simd>(rows: &mut [f64x8<S>], mut distances: f64x8<S>) {
    for row in rows {
        let kept = *row;
        *row = kept.min(distances);
        distances = kept.max(distances);
    }
}

/// Sorts eight distances of each query by a network of 19 comparisons. What nobody asks for afterwards costs nothing.
#[inline(always)]
fn sort<S: Simd>(rows: &mut [f64x8<S>; LANES]) {
    macro_rules! exchange {
        ($(($low:literal, $high:literal))*) => { $(exchange(rows, $low, $high);)* };
    }
    exchange!((0, 2)(1, 3)(4, 6)(5, 7)(0, 4)(1, 5)(2, 6)(3, 7)(0, 1)(2, 3));
    exchange!((4, 5)(6, 7)(2, 4)(3, 5)(1, 4)(3, 6)(1, 2)(3, 4)(5, 6));
}

#[inline(always)]
fn exchange<S: Simd>(rows: &mut [f64x8<S>], low: usize, high: usize) {
    (rows[low], rows[high]) = (rows[low].min(rows[high]), rows[low].max(rows[high]));
}

/// The smallest of two sorted lists, sorted: as many as the first has.
#[inline(always)]
fn smallest<S: Simd, const K: usize>(mut rows: [f64x8<S>; K], others: &[f64x8<S>; LANES]) -> [f64x8<S>; K] {
    // The smallest of both are the smaller ones of one list and the other backwards. They ascend and then descend...
    for i in K.saturating_sub(LANES)..K {
        rows[i] = rows[i].min(others[K - 1 - i]);
    }
    // ...and are sorted by halves, as if there were so many lower ones before them that their number is a power of two.
    halve::<S, 8, K>(&mut rows);
    halve::<S, 4, K>(&mut rows);
    halve::<S, 2, K>(&mut rows);
    halve::<S, 1, K>(&mut rows);
    rows
}

#[inline(always)]
fn halve<S: Simd, const HALF: usize, const K: usize>(rows: &mut [f64x8<S>; K]) {
    let before = K.next_power_of_two() - K;
    for i in 0..K {
        if (i + before) & HALF == 0 && i + HALF < K {
            exchange(rows, i, i + HALF);
        }
    }
}

/// Few neighbours: sorted rows of eight distances, in registers. Rows that are not needed are below everything.
pub(super) struct Few<S: Simd, const K: usize> {
    rows: [f64x8<S>; K],
    unneeded: usize,
}

impl<S: Simd, const K: usize> Few<S, K> {
    #[inline(always)]
    pub(super) fn new(simd: S, k: usize) -> Self {
        Self { rows: [f64x8::splat(simd, f64::INFINITY); K], unneeded: K - k }
    }
}

impl<S: Simd, const K: usize> Nearest<S> for Few<S, K> {
    #[inline(always)]
    fn limit(&self) -> f64x8<S> {
        self.rows[K - 1]
    }

    #[inline(always)]
    fn offer(&mut self, distances: impl Fn(usize) -> f64x8<S>) {
        // One by one: a closure inside of another is not always compiled for the instruction set.
        let offered = distances;
        let mut offered =
            [offered(0), offered(1), offered(2), offered(3), offered(4), offered(5), offered(6), offered(7)];
        sort(&mut offered);
        self.rows = smallest(self.rows, &offered);
    }

    #[inline(always)]
    fn offer_those(&mut self, mut chosen: u64, distances: impl Fn(usize) -> f64x8<S>) {
        let mut rows = self.rows;
        while chosen != 0 {
            sink(&mut rows, distances(chosen.trailing_zeros() as usize % LANES));
            chosen &= chosen - 1;
        }
        self.rows = rows;
    }

    #[inline(always)]
    fn kth(&mut self, k: usize) -> f64x8<S> {
        self.rows[self.unneeded + k - 1]
    }

    #[inline(always)]
    fn clear(&mut self) {
        let simd = self.rows[0].simd;
        for (i, row) in self.rows.iter_mut().enumerate() {
            *row = f64x8::splat(simd, if i < self.unneeded { f64::NEG_INFINITY } else { f64::INFINITY });
        }
    }
}

/// More neighbours: the same rows in memory, for candidates that are nearer than the last of them.
pub(super) struct Several<S: Simd> {
    rows: Vec<f64x8<S>>,
}

impl<S: Simd> Several<S> {
    #[inline(always)]
    pub(super) fn new(simd: S, k: usize) -> Self {
        Self { rows: vec![f64x8::splat(simd, f64::INFINITY); k] }
    }

    #[inline(always)]
    fn insert(&mut self, distances: f64x8<S>) {
        if distances.simd_lt(self.limit()).any_true() {
            sink(&mut self.rows, distances);
        }
    }
}

impl<S: Simd> Nearest<S> for Several<S> {
    #[inline(always)]
    fn limit(&self) -> f64x8<S> {
        self.rows[self.rows.len() - 1]
    }

    #[inline(always)]
    fn offer(&mut self, distances: impl Fn(usize) -> f64x8<S>) {
        for candidate in 0..LANES {
            self.insert(distances(candidate));
        }
    }

    #[inline(always)]
    fn offer_those(&mut self, mut chosen: u64, distances: impl Fn(usize) -> f64x8<S>) {
        while chosen != 0 {
            self.insert(distances(chosen.trailing_zeros() as usize % LANES));
            chosen &= chosen - 1;
        }
    }

    #[inline(always)]
    fn kth(&mut self, k: usize) -> f64x8<S> {
        self.rows[k - 1]
    }

    #[inline(always)]
    fn clear(&mut self) {
        let simd = self.rows[0].simd;
        self.rows.fill(f64x8::splat(simd, f64::INFINITY));
    }
}

/// The k smallest of the distances inserted.
#[derive(Debug, Default)]
pub(super) struct Smallest {
    k: usize,
    /// What a distance must be below to be inserted.
    pub(super) limit: f64,
    /// Sorted if few; else with others, until there are twice as many as needed.
    values: Vec<f64>,
}

impl Smallest {
    /// Up to this many are kept sorted.
    const SORTED: usize = 24;

    pub(super) fn new(k: usize) -> Result<Self, Error> {
        Ok(Self { k, limit: f64::INFINITY, values: memory::with_capacity(2 * k)? })
    }

    #[inline(always)]
    pub(super) fn insert(&mut self, distance: f64) {
        if self.k > Self::SORTED {
            self.values.push(distance);
            if self.values.len() == self.k || self.values.len() == 2 * self.k {
                self.limit = self.kth(self.k);
                self.values.truncate(self.k);
            }
            return;
        }
        let mut place = self.values.len();
        if place < self.k {
            self.values.push(distance);
        } else {
            place -= 1;
        }
        while place > 0 && self.values[place - 1] > distance {
            self.values[place] = self.values[place - 1];
            place -= 1;
        }
        self.values[place] = distance;
        if self.values.len() == self.k {
            self.limit = self.values[self.k - 1];
        }
    }

    /// The k-th smallest, for a `k` up to that which is kept: infinite if there were fewer.
    #[inline(always)]
    pub(super) fn kth(&mut self, k: usize) -> f64 {
        if self.values.len() < k {
            f64::INFINITY
        } else if self.k > Self::SORTED {
            *self.values.select_nth_unstable_by_key(k - 1, |value| value.to_bits()).1
        } else {
            self.values[k - 1]
        }
    }

    /// Puts what is kept in order: where many are asked for, each is then a look.
    pub(super) fn sort(&mut self) {
        if self.k > Self::SORTED {
            self.values.sort_unstable_by_key(|value| value.to_bits());
        }
    }

    /// The k-th smallest of what is in order.
    #[inline(always)]
    pub(super) fn kth_sorted(&self, k: usize) -> f64 {
        self.values.get(k - 1).copied().unwrap_or(f64::INFINITY)
    }

    #[inline(always)]
    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.limit = f64::INFINITY;
    }
}
