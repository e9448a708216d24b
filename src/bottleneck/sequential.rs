//! Hard clusters, one x at a time: each is drawn and put where it costs least (Slonim, Friedman and Tishby 2002).
//!
//! With `f(z) = z ln z`, a cluster of weight `p` with `p_y` of each y counts for
//!
//! ```text
//! g = -of_entropy f(p) - of_relevance (sum_y f(p_y) - f(p))
//! ```
//!
//! and what is minimized is the sum of these. A sweep takes O(n |T|) logarithms for n cells that are not empty.

use fearless_simd::{f64x8, prelude::*};

use super::iteration::padded;
use super::matrix::Matrix;
use super::mixing::{Objective, z_ln_z};
use super::table::check;
use crate::lanes::{LANES, in_lanes};
use crate::logarithm::ln;
use crate::threads::Interrupt;
use crate::{Error, memory};

/// What a move must save, of the weight that moves: more than rounding.
const WORTH: f64 = 1e-12;

/// Moves rows of `joint` between clusters until none is better elsewhere, or `max_sweeps` are over. Returns the clusters of
/// the rows, and how many sweeps there were; the last of fewer than `max_sweeps` moved nothing.
///
/// `labels` below `n_clusters` are where the rows begin, `order` is how they are drawn.
///
/// # Errors
/// [`Error::Shape`], [`Error::Lengths`] where `labels` or `order` do not fit, [`Error::Cell`] for a label or a position that is
/// too large, [`Error::Weight`] for what is negative or not finite, [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Interrupt, Objective, sequential_bottleneck};
///
/// let joint = [4.0, 1.0, 1.0, 4.0, 8.0, 2.0, 2.0, 7.0];
/// let relevance = Objective { of_entropy: 0.0, of_relevance: 1.0 };
/// let (labels, _) = sequential_bottleneck(
///     &joint, 2, &[0, 0, 1, 1], 2, &[0, 1, 2, 3], relevance, 100, &Interrupt::never(),
/// )?;
/// assert_eq!(labels, [1, 0, 1, 0]);
/// # Ok::<(), mutua::Error>(())
/// ```
#[expect(clippy::too_many_arguments, reason = "a table, a start, and how to go on")]
pub fn sequential_bottleneck(
    joint: &[f64],
    n_columns: usize,
    labels: &[usize],
    n_clusters: usize,
    order: &[usize],
    objective: Objective,
    max_sweeps: usize,
    interrupt: &Interrupt<'_>,
) -> Result<(Vec<usize>, usize), Error> {
    let n_rows = check(joint, n_columns)?;
    for list in [labels, order] {
        if list.len() != n_rows {
            return Err(Error::Lengths { left: n_rows, right: list.len() });
        }
    }
    for (list, end) in [(labels, n_clusters), (order, n_rows)] {
        if let Some(index) = list.iter().position(|&entry| entry >= end) {
            return Err(Error::Cell { index });
        }
    }
    if !objective.is_valid() {
        return Err(Error::Weight { index: 0 });
    }
    let table = Matrix::new(memory::collect(joint.iter().copied())?, n_columns)?;
    let mut partition = Partition::new(&table, n_columns, labels, n_clusters, objective)?;
    for sweep in 1..=max_sweeps {
        let mut moved = false;
        for &row in order {
            interrupt.check()?;
            moved |= partition.draw(row);
        }
        if !moved {
            return Ok((partition.labels, sweep));
        }
        // Additions and subtractions leave traces.
        partition.count();
    }
    Ok((partition.labels, max_sweeps))
}

/// Clusters in lanes: what they weigh, with each y, and `z ln z` of it.
struct Partition<'a> {
    table: &'a Matrix,
    objective: Objective,
    n_clusters: usize,
    width: usize,
    labels: Vec<usize>,
    weights: Vec<f64>,
    sums: Vec<f64>,
    terms: Vec<f64>,
    costs: Vec<f64>,
}

impl<'a> Partition<'a> {
    fn new(
        table: &'a Matrix,
        n_columns: usize,
        labels: &[usize],
        n_clusters: usize,
        objective: Objective,
    ) -> Result<Self, Error> {
        let width = padded(n_clusters);
        let mut partition = Self {
            table,
            objective,
            n_clusters,
            width,
            labels: memory::collect(labels.iter().copied())?,
            weights: memory::filled(width, 0.0)?,
            sums: memory::filled(n_columns * width, 0.0)?,
            terms: memory::filled(n_columns * width, 0.0)?,
            costs: memory::filled(width, 0.0)?,
        };
        partition.count();
        Ok(partition)
    }

    /// All sums anew.
    fn count(&mut self) {
        self.weights.fill(0.0);
        self.sums.fill(0.0);
        for (row, &label) in self.labels.iter().enumerate() {
            let (columns, values) = self.table.row(row);
            for (&column, value) in columns.iter().zip(values) {
                self.sums[column as usize * self.width + label] += value;
                self.weights[label] += value;
            }
        }
        self.terms.iter_mut().zip(&self.sums).for_each(|(term, &sum)| *term = z_ln_z(sum));
    }

    /// Adds a row to a cluster, or takes it away.
    fn put(&mut self, row: usize, label: usize, sign: f64) {
        let mut weight = 0.0;
        let (columns, values) = self.table.row(row);
        for (&column, value) in columns.iter().zip(values) {
            let place = column as usize * self.width + label;
            // A difference of sums may be a trace below 0.
            self.sums[place] = (self.sums[place] + sign * value).max(0.0);
            self.terms[place] = z_ln_z(self.sums[place]);
            weight += value;
        }
        self.weights[label] = (self.weights[label] + sign * weight).max(0.0);
    }

    /// Draws a row and puts it where it costs least; whether that is elsewhere.
    fn draw(&mut self, row: usize) -> bool {
        let own = self.labels[row];
        self.put(row, own, -1.0);
        let weight = self.cost(row);
        let (mut best, mut least) = (own, self.costs[own] - WORTH * weight);
        for (label, &cost) in self.costs[..self.n_clusters].iter().enumerate() {
            if cost < least {
                (best, least) = (label, cost);
            }
        }
        self.put(row, best, 1.0);
        self.labels[row] = best;
        best != own
    }

    /// What a row would cost in each of the clusters, none of which has it; returns what it weighs.
    fn cost(&mut self, row: usize) -> f64 {
        let Self { table, objective, width, weights, sums, terms, costs, .. } = self;
        costs.fill(0.0);
        let mut whole = 0.0;
        let (columns, values) = table.row(row);
        in_lanes!(simd => {
            for i in 0..columns.len() {
                let value = values[i];
                whole += value;
                for start in (0..*width).step_by(LANES) {
                    let place = columns[i] as usize * *width + start;
                    let sum = f64x8::from_slice(simd, &sums[place..place + LANES]) + value;
                    let gain = sum * ln(sum) - f64x8::from_slice(simd, &terms[place..place + LANES]);
                    let cost = &mut costs[start..start + LANES];
                    (f64x8::from_slice(simd, cost) - gain * objective.of_relevance).store_slice(cost);
                }
            }
        });
        let of_weight = objective.of_relevance - objective.of_entropy;
        for (cost, &weight) in costs.iter_mut().zip(&*weights) {
            *cost += of_weight * (z_ln_z(weight + whole) - z_ln_z(weight));
        }
        whole
    }
}
