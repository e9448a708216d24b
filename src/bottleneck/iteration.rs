//! The two halves of a step: from `p(y, t)` to the encoder `p(t|x)`, and back.
//!
//! ```text
//! p(t|x) = p(t) exp(beta sum_y p(y|x) ln p(y|t)) / Z(x),    p(y, t) = sum_x p(x, y) p(t|x)
//! ```
//!
//! Each is a product of matrices, and exponentials or logarithms in lanes: O(|X| |Y| |T|), or less where the table has
//! zeros. `-sum p(x) ln Z(x)`, up to a constant, is above `I(X;T) - beta I(T;Y)` of the new encoder and below that of the
//! one before, so it falls until it stays. Hard clusters take the largest term alone.

use fearless_simd::{f64x8, prelude::*};

use super::table::Table;
use crate::lanes::{LANES, in_lanes};
use crate::logarithm::{exp, ln};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// Rows that a thread takes at once.
const ROWS: usize = 32;

/// Fewer products than this are not shared among threads.
const MANY: usize = 1 << 18;

/// Terms smaller than `exp` of this, of the largest of a row, are 0.
const LEAST: f64 = -700.0;

/// What determines an encoder: `p(y, t)`. Clusters lie in lanes, the last of which may be empty.
pub(super) struct Clusters {
    pub(super) number: usize,
    pub(super) width: usize,
    pub(super) joint: Vec<f64>,
    /// `ln p(y, t)`; 0 in lanes that hold no cluster.
    pub(super) logs: Vec<f64>,
    pub(super) weights: Vec<f64>,
    /// Whether no cluster lacks a y.
    is_finite: bool,
}

impl Clusters {
    pub(super) fn new(number: usize, n_columns: usize) -> Result<Self, Error> {
        let width = padded(number);
        Ok(Self {
            number,
            width,
            joint: memory::filled(n_columns * width, 0.0)?,
            logs: memory::filled(n_columns * width, 0.0)?,
            weights: memory::filled(width, 0.0)?,
            is_finite: true,
        })
    }

    /// Whether a cluster that is not empty lacks a y, which then keeps some x out of it.
    pub(super) fn has_gaps(&self) -> bool {
        let alive = |row: &[f64]| row.iter().zip(&self.weights).any(|(&p, &weight)| p == 0.0 && weight > 0.0);
        self.joint.chunks(self.width).any(alive)
    }

    /// Half of the sum of absolute differences of two laws of clusters and Y.
    pub(super) fn distance(&self, other: &Self) -> f64 {
        let sum = in_lanes!(simd => {
            let mut sum = f64x8::splat(simd, 0.0);
            for start in (0..self.joint.len()).step_by(LANES) {
                let [a, b] = [&self.joint, &other.joint].map(|joint| &joint[start..start + LANES]);
                sum += (f64x8::from_slice(simd, a) - f64x8::from_slice(simd, b)).abs();
            }
            total(sum)
        });
        sum / 2.0
    }

    /// The weights, from the joint law.
    pub(super) fn sum_up(&mut self) {
        self.weights.fill(0.0);
        in_lanes!(_ => {
            for row in self.joint.chunks_exact(self.width) {
                self.weights.iter_mut().zip(row).for_each(|(weight, p)| *weight += p);
            }
        });
        self.is_finite = self.logs.iter().all(|log| *log > f64::NEG_INFINITY);
    }
}

/// The number of lanes for so many clusters.
pub(super) fn padded(n_clusters: usize) -> usize {
    n_clusters.next_multiple_of(LANES)
}

/// The sum over lanes, always in the same order.
#[inline(always)]
fn total<S: Simd>(lanes: f64x8<S>) -> f64 {
    lanes.as_array().iter().sum()
}

/// How an encoder is made of clusters.
#[derive(Clone, Copy)]
pub(super) struct Iteration<'a> {
    pub(super) table: &'a Table,
    pub(super) beta: f64,
    pub(super) is_hard: bool,
    pub(super) workers: Workers<'a>,
}

impl Iteration<'_> {
    /// Threads, if they are worth it.
    fn workers<'b>(&'b self, width: usize, interrupt: &'b Interrupt<'b>) -> Workers<'b> {
        let work = self.table.given.n_rows().saturating_mul(self.table.transposed.n_rows() * width);
        if work < MANY { interrupt.alone() } else { self.workers }
    }

    /// The encoder that suits the clusters best, with a row for each x, and `-sum p(x) ln Z(x)`.
    pub(super) fn encode(
        &self,
        clusters: &Clusters,
        encoder: &mut [f64],
        interrupt: &Interrupt<'_>,
    ) -> Result<f64, Error> {
        let Self { table, beta, is_hard, .. } = *self;
        let width = clusters.width;
        let mut offsets = memory::filled(width, 0.0)?;
        in_lanes!(simd => {
            for (offset, weight) in offsets.chunks_exact_mut(LANES).zip(clusters.weights.chunks_exact(LANES)) {
                let weight = f64x8::from_slice(simd, weight);
                let log = ln(weight) * (1.0 - beta);
                weight.simd_gt(0.0).select(log, f64x8::splat(simd, f64::NEG_INFINITY)).store_slice(offset);
            }
        });
        let task =
            |sums: &mut Vec<(usize, f64)>, index: usize, rows: &mut [f64], interrupt: &Interrupt<'_>| {
                interrupt.check()?;
                let first = index * ROWS;
                let range = first..first + rows.len() / width;
                table.given.times(range.clone(), &clusters.logs, width, clusters.is_finite, rows);
                let weights = &table.weights[range];
                let mut sum = 0.0;
                in_lanes!(simd => {
                    for (row, weight) in rows.chunks_exact_mut(width).zip(weights) {
                        let normalizer = if is_hard {
                            choose(row, &offsets, beta)
                        } else {
                            normalize(simd, row, &offsets, beta)
                        };
                        sum -= weight * normalizer;
                    }
                });
                sums.push((index, sum));
                Ok(())
            };
        let workers = self.workers(width, interrupt);
        let mut sums: Vec<_> = workers.fill(encoder, ROWS * width, || Ok(Vec::new()), task)?.concat();
        sums.sort_unstable_by_key(|&(index, _)| index);
        Ok(sums.iter().map(|&(_, sum)| sum).sum())
    }

    /// The clusters that an encoder makes.
    pub(super) fn decode(
        &self,
        encoder: &[f64],
        clusters: &mut Clusters,
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        let (table, width, number) = (self.table, clusters.width, clusters.number);
        let rows = clusters.joint.chunks_mut(ROWS * width).zip(clusters.logs.chunks_mut(ROWS * width));
        let task = |_: &mut (),
                    (index, (joint, logs)): (usize, (&mut [f64], &mut [f64])),
                    interrupt: &Interrupt<'_>| {
            interrupt.check()?;
            let first = index * ROWS;
            let range = first..first + joint.len() / width;
            table.transposed.times(range, encoder, width, true, joint);
            in_lanes!(simd => {
                for start in (0..joint.len()).step_by(LANES) {
                    let log = ln(f64x8::from_slice(simd, &joint[start..start + LANES]));
                    log.store_slice(&mut logs[start..start + LANES]);
                }
            });
            logs.chunks_exact_mut(width).for_each(|row| row[number..].fill(0.0));
            Ok(())
        };
        let workers = self.workers(width, interrupt);
        workers.share(rows.enumerate(), || Ok(()), task)?;
        clusters.sum_up();
        Ok(())
    }
}

/// Turns the sums of a row into probabilities; returns the logarithm of what they were divided by.
#[inline(always)]
fn normalize<S: Simd>(simd: S, row: &mut [f64], offsets: &[f64], beta: f64) -> f64 {
    let mut largest = f64x8::splat(simd, f64::NEG_INFINITY);
    for start in (0..row.len()).step_by(LANES) {
        let pack = &mut row[start..start + LANES];
        let offset = f64x8::from_slice(simd, &offsets[start..start + LANES]);
        let term = f64x8::from_slice(simd, pack) * beta + offset;
        term.store_slice(pack);
        largest = largest.max(term);
    }
    let largest = largest.reduce_max();
    if largest == f64::NEG_INFINITY {
        // Underflow keeps this x out of every cluster: all are as good.
        let alive = offsets.iter().filter(|offset| **offset > f64::NEG_INFINITY).count() as f64;
        let share = |offset: &f64| if *offset > f64::NEG_INFINITY { 1.0 / alive } else { 0.0 };
        row.iter_mut().zip(offsets).for_each(|(p, offset)| *p = share(offset));
        return largest;
    }
    let mut sums = f64x8::splat(simd, 0.0);
    for start in (0..row.len()).step_by(LANES) {
        let pack = &mut row[start..start + LANES];
        let below = f64x8::from_slice(simd, pack) - largest;
        let power = exp(below.max(f64x8::splat(simd, LEAST)));
        let power = below.simd_ge(LEAST).select(power, f64x8::splat(simd, 0.0));
        power.store_slice(pack);
        sums += power;
    }
    let sum = total(sums);
    let inverse = 1.0 / sum;
    for start in (0..row.len()).step_by(LANES) {
        let pack = &mut row[start..start + LANES];
        (f64x8::from_slice(simd, pack) * inverse).store_slice(pack);
    }
    largest + sum.ln()
}

/// The same for hard clusters: the first that is best.
fn choose(row: &mut [f64], offsets: &[f64], beta: f64) -> f64 {
    let mut best = (0, f64::NEG_INFINITY);
    for (cluster, (term, offset)) in row.iter_mut().zip(offsets).enumerate() {
        let value = *term * beta + offset;
        *term = 0.0;
        if value > best.1 {
            best = (cluster, value);
        }
    }
    row[best.0] = 1.0;
    best.1
}
