//! Clusters that are not needed: dead ones, and pairs that cost more apart.
//!
//! Two clusters are merged wherever the functional does not rise by it. Of two with the same `p(y|t)` that is certain, so
//! duplicates go. Candidates are each cluster and the one nearest in total variation. This waits until the iteration is at rest:
//! clusters that begin alike may be about to part.

use super::iteration::Clusters;
use super::mixing::mixing;
use crate::lanes::in_lanes;
use crate::{Error, memory};

/// Weights below are those of dead clusters.
const DEAD: f64 = 1e-14;

/// By how much the functional may rise, of the weight of a pair: rounding.
const ROUNDING: f64 = 1e-14;

/// For each cluster the one it becomes part of, if any; none that others become part of is among these.
pub(super) struct Pruning {
    into: Vec<usize>,
}

impl Pruning {
    /// What to do about the clusters of an encoder; None if nothing.
    pub(super) fn of(
        clusters: &Clusters,
        encoder: &[f64],
        weights: &[f64],
        beta: f64,
        at_rest: bool,
    ) -> Result<Option<Self>, Error> {
        let is_dead = |cluster: usize| clusters.weights[cluster] <= DEAD;
        if !at_rest && !(0..clusters.number).any(is_dead) {
            return Ok(None);
        }
        let mut into = memory::collect(0..clusters.number)?;
        if clusters.number > 1 {
            let nearest = nearest(clusters)?;
            for (a, &b) in nearest.iter().enumerate() {
                let untouched = into[a] == a
                    && into[b] == b
                    && !into.iter().enumerate().any(|(c, &i)| c != i && (i == a || i == b));
                if untouched
                    && (is_dead(a) || at_rest && is_better_merged(clusters, encoder, weights, beta, a, b))
                {
                    into[a] = b;
                }
            }
        }
        let changes = into.iter().enumerate().any(|(cluster, &other)| cluster != other);
        Ok(changes.then_some(Self { into }))
    }

    /// The encoder with fewer clusters, and their number.
    pub(super) fn apply(&self, encoder: &[f64], width: usize) -> Result<(Vec<f64>, usize), Error> {
        let (mut place, mut number) = (memory::filled(self.into.len(), 0)?, 0);
        for (cluster, &other) in self.into.iter().enumerate() {
            if cluster == other {
                place[cluster] = number;
                number += 1;
            }
        }
        let narrow = super::iteration::padded(number);
        let mut pruned = memory::filled(encoder.len() / width * narrow, 0.0)?;
        for (row, new) in encoder.chunks_exact(width).zip(pruned.chunks_exact_mut(narrow)) {
            for (&other, p) in self.into.iter().zip(row) {
                new[place[other]] += p;
            }
        }
        Ok((pruned, number))
    }
}

/// Whether the functional does not rise if two clusters become one.
fn is_better_merged(
    clusters: &Clusters,
    encoder: &[f64],
    weights: &[f64],
    beta: f64,
    a: usize,
    b: usize,
) -> bool {
    let pair = |row: &[f64]| mixing(row[a], row[b]);
    let of_x: f64 = encoder.chunks_exact(clusters.width).zip(weights).map(|(row, p)| p * pair(row)).sum();
    let of_y: f64 = clusters.joint.chunks_exact(clusters.width).map(pair).sum();
    let of_both = mixing(clusters.weights[a], clusters.weights[b]);
    let rise = (of_x - of_both) - beta * (of_y - of_both);
    rise <= ROUNDING * (clusters.weights[a] + clusters.weights[b])
}

/// For each cluster the other whose law of Y is nearest.
fn nearest(clusters: &Clusters) -> Result<Vec<usize>, Error> {
    let (n, width) = (clusters.number, clusters.width);
    let mut distances = memory::filled(n * width, 0.0)?;
    let mut law = memory::filled(width, 0.0)?;
    let inverse = memory::collect(clusters.weights.iter().map(|&w| if w > 0.0 { 1.0 / w } else { 0.0 }))?;
    for row in clusters.joint.chunks_exact(width) {
        law.iter_mut().zip(row).zip(&inverse).for_each(|((law, p), inverse)| *law = p * inverse);
        in_lanes!(_ => {
            for (sums, &own) in distances.chunks_exact_mut(width).zip(&law) {
                sums.iter_mut().zip(&law).for_each(|(sum, other)| *sum += (own - other).abs());
            }
        });
    }
    memory::collect(distances.chunks_exact(width).enumerate().map(|(own, row)| {
        let others = (0..n).filter(|&other| other != own);
        others.min_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap_or(own)
    }))
}
