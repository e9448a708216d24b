//! Hard clusters by merging: each time the two whose union costs least (Slonim and Tishby 2000).
//!
//! The cost of every pair is kept, and for every cluster the best partner among those after it. A merge asks for the costs of
//! the union, and looks anew for those who have lost their partner: O(|Y| |X|^2) logarithms, O(|X|^3) comparisons at worst,
//! O(|X| (|X| + |Y|)) memory.

use std::ops::Range;

use fearless_simd::{f64x8, prelude::*};

use super::mixing::{Objective, mixing};
use super::table::check;
use crate::lanes::{LANES, in_lanes};
use crate::logarithm::ln;
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// Two clusters that became one, named by their first rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// The one that comes first, whose name it keeps.
    pub kept: usize,
    /// The other.
    pub gone: usize,
    /// By how much the functional rose.
    pub cost: f64,
}

/// Merges rows of `joint` until there are `n_clusters`, or, with `while_lower`, no merge lowers the functional; in order.
///
/// # Errors
/// [`Error::Shape`], [`Error::Weight`] for what is negative or not finite, [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Objective, Workers, agglomerative_bottleneck};
///
/// let joint = [0.2, 0.05, 0.05, 0.2, 0.2, 0.05, 0.05, 0.2];
/// let relevance = Objective { of_entropy: 0.0, of_relevance: 1.0 };
/// let merges = agglomerative_bottleneck(&joint, 2, 2, relevance, false, Workers::new(1))?;
/// assert_eq!(merges.iter().map(|merge| (merge.kept, merge.gone)).collect::<Vec<_>>(), [(0, 2), (1, 3)]);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn agglomerative_bottleneck(
    joint: &[f64],
    n_columns: usize,
    n_clusters: usize,
    objective: Objective,
    while_lower: bool,
    workers: Workers<'_>,
) -> Result<Vec<Merge>, Error> {
    let n_rows = check(joint, n_columns)?;
    if !objective.is_valid() {
        return Err(Error::Weight { index: 0 });
    }
    let mut clusters = Clusters::new(joint, n_columns, objective)?;
    let mut merges = memory::with_capacity(n_rows)?;
    workers.alone(|interrupt| {
        let mut costs =
            workers.map(n_rows, |row, interrupt| clusters.costs(row, row + 1..n_rows, interrupt))?;
        let mut partners: Vec<Partner> =
            costs.iter().enumerate().map(|(row, costs)| cheapest(row, costs)).collect();
        while n_rows - merges.len() > n_clusters.max(1) {
            interrupt.check()?;
            let pairs = partners.iter().enumerate();
            let Some((kept, &(gone, cost))) = pairs.min_by(|(_, (_, a)), (_, (_, b))| a.total_cmp(b)) else {
                break;
            };
            if while_lower && cost >= 0.0 {
                break;
            }
            merges.push(Merge { kept, gone, cost });
            clusters.merge(kept, gone);
            costs[kept] = clusters.costs(kept, kept + 1..n_rows, interrupt)?;
            costs[gone].fill(f64::INFINITY);
            let of_union = clusters.costs(kept, 0..kept, interrupt)?;
            for row in 0..gone {
                costs[row][gone - row - 1] = f64::INFINITY;
                let (partner, least) = partners[row];
                if row < kept {
                    costs[row][kept - row - 1] = of_union[row];
                }
                if row == kept || partner == kept || partner == gone {
                    partners[row] = cheapest(row, &costs[row]);
                } else if row < kept && of_union[row] < least {
                    partners[row] = (kept, of_union[row]);
                }
            }
            partners[gone] = (gone, f64::INFINITY);
        }
        Ok(merges)
    })
}

/// A cluster, and what it costs to become one with it.
type Partner = (usize, f64);

/// The first that costs least of those after a row.
fn cheapest(row: usize, costs: &[f64]) -> Partner {
    let pairs = costs.iter().enumerate().map(|(place, &cost)| (row + 1 + place, cost));
    pairs.fold((row, f64::INFINITY), |best, pair| if pair.1 < best.1 { pair } else { best })
}

/// Rows of sums in lanes, each with the sum of `z ln z`, and what it weighs: 0 where it is gone.
struct Clusters {
    width: usize,
    objective: Objective,
    sums: Vec<f64>,
    terms: Vec<f64>,
    weights: Vec<f64>,
    is_gone: Vec<bool>,
}

impl Clusters {
    fn new(joint: &[f64], n_columns: usize, objective: Objective) -> Result<Self, Error> {
        let (n_rows, width) = (joint.len() / n_columns, n_columns.next_multiple_of(LANES));
        let mut sums = memory::filled(n_rows * width, 0.0)?;
        for (sums, row) in sums.chunks_exact_mut(width).zip(joint.chunks_exact(n_columns)) {
            sums[..n_columns].copy_from_slice(row);
        }
        let nothing = memory::filled(width, 0.0)?;
        let terms = memory::collect(sums.chunks_exact(width).map(|row| of_union(row, &nothing)))?;
        let weights = memory::collect(sums.chunks_exact(width).map(|row| row.iter().sum()))?;
        Ok(Self { width, objective, sums, terms, weights, is_gone: memory::filled(n_rows, false)? })
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.sums[row * self.width..][..self.width]
    }

    /// By how much the functional rises if two become one.
    fn cost(&self, a: usize, b: usize) -> f64 {
        let of_weights = mixing(self.weights[a], self.weights[b]);
        let of_union = of_union(self.row(a), self.row(b)) - self.terms[a] - self.terms[b];
        let Objective { of_entropy, of_relevance } = self.objective;
        (of_relevance - of_entropy) * of_weights - of_relevance * of_union
    }

    /// What it costs a row to become one with each of some others, infinite if one is gone.
    fn costs(&self, row: usize, others: Range<usize>, interrupt: &Interrupt<'_>) -> Result<Vec<f64>, Error> {
        interrupt.check()?;
        let is_gone = |other: usize| self.is_gone[row] || self.is_gone[other];
        memory::collect(
            others.map(|other| if is_gone(other) { f64::INFINITY } else { self.cost(row, other) }),
        )
    }

    fn merge(&mut self, kept: usize, gone: usize) {
        let (before, after) = self.sums.split_at_mut(gone * self.width);
        let union = before[kept * self.width..].iter_mut().zip(&*after).take(self.width);
        union.for_each(|(sum, other)| *sum += other);
        self.terms[kept] = of_union(self.row(kept), &[]);
        self.weights[kept] += self.weights[gone];
        self.is_gone[gone] = true;
    }
}

/// `sum z ln z` over the sums of two rows; of an empty one, over the first.
fn of_union(a: &[f64], b: &[f64]) -> f64 {
    in_lanes!(simd => {
        let zero = f64x8::splat(simd, 0.0);
        let mut sum = zero;
        for start in (0..a.len()).step_by(LANES) {
            let mut z = f64x8::from_slice(simd, &a[start..start + LANES]);
            if !b.is_empty() {
                z += f64x8::from_slice(simd, &b[start..start + LANES]);
            }
            sum += z.simd_gt(0.0).select(z * ln(z), zero);
        }
        sum.as_array().iter().sum()
    })
}
