//! Hard clusters by merging: each time the two whose union costs least (Slonim and Tishby 2000).
//!
//! For every cluster the best partner among those after it is kept, so memory is linear. A merge asks anew for those whose
//! partner is gone: O(|Y| |X|^2) logarithms as a rule, and a factor |X| more at worst.

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
        let mut partners = workers.map(n_rows, |row, interrupt| clusters.partner(row, interrupt))?;
        while n_rows - merges.len() > n_clusters.max(1) {
            interrupt.check()?;
            let pairs = partners.iter().enumerate().filter_map(|(kept, partner)| Some((kept, (*partner)?)));
            let best = pairs.min_by(|(_, (_, a)), (_, (_, b))| a.total_cmp(b));
            let Some((kept, (gone, cost))) = best.filter(|(_, (_, cost))| !while_lower || *cost < 0.0) else {
                break;
            };
            merges.push(Merge { kept, gone, cost });
            clusters.merge(kept, gone);
            // Those before the union may have lost their partner, or have it as a better one.
            let lost = |row: usize| {
                row == kept || partners[row].is_some_and(|(other, _)| other == kept || other == gone)
            };
            let found = workers.map(gone, |row, interrupt| match partners[row] {
                _ if lost(row) => clusters.partner(row, interrupt),
                Some((_, least)) if row < kept => {
                    interrupt.check()?;
                    let cost = clusters.cost(row, kept);
                    Ok(if cost < least { Some((kept, cost)) } else { partners[row] })
                }
                unchanged => Ok(unchanged),
            })?;
            partners[..gone].copy_from_slice(&found);
            partners[gone] = None;
        }
        Ok(merges)
    })
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

    fn is_alive(&self, row: usize) -> bool {
        !self.is_gone[row]
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

    /// The best partner among those that come later.
    fn partner(&self, row: usize, interrupt: &Interrupt<'_>) -> Result<Option<(usize, f64)>, Error> {
        interrupt.check()?;
        if self.is_gone[row] {
            return Ok(None);
        }
        let others = (row + 1..self.is_gone.len()).filter(|&other| self.is_alive(other));
        Ok(others.map(|other| (other, self.cost(row, other))).min_by(|(_, a), (_, b)| a.total_cmp(b)))
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
        let (mut sum, zero) = (f64x8::splat(simd, 0.0), f64x8::splat(simd, 0.0));
        let mut add = |z: f64x8<_>| sum += z.simd_gt(0.0).select(z * ln(z), zero);
        if b.is_empty() {
            a.chunks_exact(LANES).for_each(|a| add(f64x8::from_slice(simd, a)));
        } else {
            let pairs = a.chunks_exact(LANES).zip(b.chunks_exact(LANES));
            pairs.for_each(|(a, b)| add(f64x8::from_slice(simd, a) + f64x8::from_slice(simd, b)));
        }
        sum.as_array().iter().sum()
    })
}
