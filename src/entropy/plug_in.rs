//! The plug-in entropy: the entropy of the observed frequencies.
//!
//! ```text
//! H = sum_i n_i / N  ln(N / n_i),   0 ln 0 = 0
//! ```
//!
//! Biased by about -(K - 1) / 2N for K labels (Miller 1955).

use crate::fixed_point::FixedPointSum;
use crate::n_log_n::{self, n_log_n, to_nats};

/// The plug-in entropy of `counts` in nats: 0 for one label or none, the same bits for any order of the counts.
///
/// ```
/// assert_eq!(mutua::entropy(&[7, 7]), 2f64.ln());
/// ```
#[must_use]
pub fn entropy(counts: &[u64]) -> f64 {
    let total: u128 = counts.iter().copied().map(u128::from).sum();
    if n_log_n::serves(total, counts.len()) {
        let sum = n_log_n(total as u64) - counts.iter().copied().map(n_log_n).sum::<i128>();
        return to_nats(sum) / (total as f64).max(1.0);
    }
    let mut sum = FixedPointSum::up_to(total as f64 * 64.0);
    for &count in counts.iter().filter(|&&count| count > 0) {
        sum.add(count as f64 * ln_ratio(total, count));
    }
    sum.value() / total as f64
}

/// `ln(total / count)`, to the last digits also where the two are close.
fn ln_ratio(total: u128, count: u64) -> f64 {
    let count = u128::from(count);
    if count > total / 2 {
        -(-((total - count) as f64) / total as f64).ln_1p()
    } else {
        (total as f64 / count as f64).ln()
    }
}
