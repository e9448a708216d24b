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
//! The expectation is a sum over the law of a cell ([`Hypergeometric`]): a few dozen terms for any `N`.

use fearless_simd::Simd;

use super::hypergeometric::{Hypergeometric, Linear};
use crate::fixed_point::FixedPointSum;
use crate::lanes::in_lanes;
use crate::threads::Interrupt;
use crate::{Error, memory};

/// How many pairs of sizes lie between two questions whether to go on.
const BATCH: usize = 1 << 10;

/// Expected mutual information in nats of labelings with cluster sizes `row_sums` and `column_sums`.
///
/// The sizes need not add up to `n_samples`; each pair is weighted as if it were part of so many samples. One cluster on
/// either side gives 0. O(distinct pairs of sizes), a few hundred nanoseconds for each.
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
    // A mean logarithm is at most that of the mean: E[ln(1 + d)] <= E[d].
    let n = n_samples as f64;
    let absent = |sizes: &[(u64, u64)]| {
        sizes.iter().map(|&(size, clusters)| (n_samples - size) as f64 * clusters as f64).sum::<f64>() / n
    };
    let mut sum = FixedPointSum::up_to(2.0 * absent(&rows) * absent(&columns) / (n - 1.0).max(1.0));
    for &(a, rows_of_size) in &rows {
        for columns in columns.chunks(BATCH) {
            interrupt.check()?;
            in_lanes!(simd => for &(b, columns_of_size) in columns {
                let term = expected_term(simd, a, b, n_samples);
                sum.add(rows_of_size as f64 * columns_of_size as f64 * term);
            });
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

/// `E[n/N ln(n N / ab)]` for one cell: at least 0.
#[inline(always)]
fn expected_term<S: Simd>(simd: S, a: u64, b: u64, n: u64) -> f64 {
    (u128::from(a) * u128::from(b)) as f64 / n as f64 / n as f64 * mean_log(simd, a, b, n)
}

/// `E[ln((1 + m) N / ab)]` for sizes from 1 to `n`: at least 0.
pub(crate) fn mean_log_ratio(a: u64, b: u64, n: u64) -> f64 {
    in_lanes!(simd => mean_log(simd, a, b, n))
}

#[inline(always)]
fn mean_log<S: Simd>(simd: S, a: u64, b: u64, n: u64) -> f64 {
    if n == 1 || a == n || b == n {
        return 0.0; // The cell is the other size, always.
    }
    let product = u128::from(a) * u128::from(b);
    let law = Hypergeometric::new(n - 1, a - 1, b - 1);
    let at_mode = (i128::from(law.mode()) + 1) * i128::from(n) - product as i128;
    let d = Linear { at_mode: at_mode as f64, step: n as f64, unit: product as f64 };
    let (log, gap) = law.mean_logs(simd, &d);
    if product <= u128::from(n) {
        return log; // A cell expected to hold at most one: d is never below 0.
    }
    (n - a) as f64 * (n - b) as f64 / ((n - 1) as f64 * product as f64) - gap
}
