//! Expected mutual information of two random labelings with given cluster sizes (Vinh, Epps and Bailey 2010).
//!
//! Under random permutation the cell of clusters of sizes `a` and `b` is hypergeometric. Three steps make its part cheap
//! and exact.
//!
//! 1. *Equal sizes share a term.* There are at most sqrt(2N) distinct sizes a side, however many clusters.
//! 2. *Size bias.* Weighting by the cell itself shifts the law, so that no weight is needed:
//!
//! ```text
//! E[n/N ln(n N / ab)] = ab/N^2  E[ln((1 + m) N / ab)],   m ~ Hypergeometric(N - 1, a - 1, b - 1)
//! ```
//!
//! 3. *The mean is known.* With `d = ((1 + m) N - ab) / ab`, `E[d] = (N - a)(N - b) / ((N - 1) ab)`, hence
//!    `E[ln(1 + d)] = E[d] - E[d - ln(1 + d)]`, where nothing cancels.
//!
//! The expectation is a sum outward from the mode by the ratio of neighbouring probabilities; it normalises itself and
//! ends where the terms vanish, after about 20 standard deviations.

use crate::fixed_point::FixedPointSum;
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Below this probability relative to the mode nothing can reach the last digit.
const NEGLIGIBLE: f64 = 1e-24;

/// How many terms are added between two questions whether to go on.
const BATCH: u64 = 1 << 14;

/// Expected mutual information in nats of labelings with cluster sizes `row_sums` and `column_sums`.
///
/// The sizes need not add up to `n_samples`; each pair is weighted as if it were part of so many samples. One cluster on
/// either side gives 0. O(distinct pairs of sizes times the spread of a
/// cell), no more than O(n) in all for sizes that add up to n.
///
/// # Errors
/// [`Error::Margin`] where a size exceeds `n_samples`, [`Error::Total`] where that is 2^63 or more, [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
///
/// ```
/// use mutua::{Interrupt, expected_mutual_information};
///
/// // Two pairs of two: a cell is 0, 1 or 2 with probabilities 1/6, 2/3, 1/6.
/// let expected = expected_mutual_information(&[2, 2], &[2, 2], 4, &Interrupt::never())?;
/// assert!((expected - 2f64.ln() / 3.0).abs() < 1e-16);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn expected_mutual_information(
    row_sums: &[u64],
    column_sums: &[u64],
    n_samples: u64,
    interrupt: &Interrupt<'_>,
) -> Result<f64, Error> {
    if row_sums.len() <= 1 || column_sums.len() <= 1 {
        return Ok(0.0);
    }
    let largest = row_sums.iter().chain(column_sums).copied().fold(0, u64::max);
    if n_samples > i64::MAX as u64 {
        return Err(Error::Total);
    }
    if largest > n_samples {
        return Err(Error::Margin { count: largest, n_samples });
    }
    let (rows, columns) = (sizes(row_sums)?, sizes(column_sums)?);
    let mut sum = FixedPointSum::up_to((row_sums.len() as f64 * column_sums.len() as f64).max(1.0) * 64.0);
    for &(a, rows_of_size) in &rows {
        interrupt.check()?;
        for &(b, columns_of_size) in &columns {
            let term = expected_term(a, b, n_samples, interrupt)?;
            sum.add(rows_of_size as f64 * columns_of_size as f64 * term);
        }
    }
    Ok(sum.value())
}

/// The distinct sizes above 0, each with how many clusters have it.
fn sizes(sums: &[u64]) -> Result<Vec<(u64, u64)>, Error> {
    let mut sorted = memory::collect(sums.iter().copied())?;
    sorted.sort_unstable();
    let runs = || sorted.chunk_by(|a, b| a == b).filter(|run| run[0] > 0);
    let mut sizes = memory::with_capacity(runs().count())?;
    sizes.extend(runs().map(|run| (run[0], run.len() as u64)));
    Ok(sizes)
}

/// `E[n/N ln(n N / ab)]` for one cell.
fn expected_term(a: u64, b: u64, n: u64, interrupt: &Interrupt<'_>) -> Result<f64, Error> {
    let product = u128::from(a) * u128::from(b);
    let mu = product as f64 / n as f64;
    let weight = mu / n as f64;
    if n == 1 || a == n || b == n {
        return Ok(0.0); // The cell is the other size, always.
    }
    if product <= u128::from(n) {
        // A cell expected to hold at most one: both parts are at least 0.
        let mean_log = Hypergeometric::new(n - 1, a - 1, b - 1).mean(|m| (m as f64).ln_1p(), interrupt)?;
        return Ok(weight * (mean_log - mu.ln()));
    }
    let gap = |m: u64| {
        let difference = (i128::from(m) + 1) * i128::from(n) - product as i128;
        excess_over_log(difference as f64 / product as f64)
    };
    let mean_gap = Hypergeometric::new(n - 1, a - 1, b - 1).mean(gap, interrupt)?;
    let mean = (n - a) as f64 * (n - b) as f64 / ((n - 1) as f64 * product as f64);
    Ok(weight * (mean - mean_gap))
}

/// `d - ln(1 + d)`, by its series where `d` is small.
fn excess_over_log(d: f64) -> f64 {
    if d.abs() < 1e-2 {
        let series = (2..11).rev().fold(0.0, |tail, m| 1.0 / f64::from(m) - d * tail);
        d * d * series
    } else {
        d - d.ln_1p()
    }
}

/// How many of `draws` from a population of `size` are among its `marked`.
struct Hypergeometric {
    size: u64,
    marked: u64,
    draws: u64,
}

impl Hypergeometric {
    fn new(size: u64, marked: u64, draws: u64) -> Self {
        Self { size, marked, draws }
    }

    /// The mean of `f`, summed outward from the mode.
    fn mean(&self, f: impl Fn(u64) -> f64, interrupt: &Interrupt<'_>) -> Result<f64, Error> {
        let lowest = (self.marked + self.draws).saturating_sub(self.size);
        let highest = self.marked.min(self.draws);
        let mode = u128::from(self.marked + 1) * u128::from(self.draws + 1) / u128::from(self.size + 2);
        let mode = (mode as u64).clamp(lowest, highest);
        let (mut weights, mut sum) = (1.0, f(mode));
        let mut weight = 1.0;
        for m in mode..highest {
            if m % BATCH == 0 {
                interrupt.check()?;
            }
            weight *= self.ratio(m);
            weights += weight;
            sum += weight * f(m + 1);
            if weight < NEGLIGIBLE {
                break;
            }
        }
        weight = 1.0;
        for m in (lowest..mode).rev() {
            if m % BATCH == 0 {
                interrupt.check()?;
            }
            weight /= self.ratio(m);
            weights += weight;
            sum += weight * f(m);
            if weight < NEGLIGIBLE {
                break;
            }
        }
        Ok(sum / weights)
    }

    /// Probability of `m + 1` over that of `m`.
    fn ratio(&self, m: u64) -> f64 {
        let taken = (self.marked - m) as f64 * (self.draws - m) as f64;
        let left = (self.size + m + 1 - self.marked - self.draws) as f64;
        taken / ((m + 1) as f64 * left)
    }
}
