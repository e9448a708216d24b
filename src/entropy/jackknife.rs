//! The jackknife of the plug-in (Zahl 1977): `N H - (N - 1) / N  sum over samples of H without that sample`.
//!
//! Without a sample of a label, only the count of that label is another. What remains is a mean over samples:
//!
//! ```text
//! H = d(N) - 1/N sum over samples of d(n_i),   d(n) = n ln n - (n - 1) ln(n - 1)
//! ```

use crate::Error;

pub(super) fn contribution(count: u64, n: u64) -> Result<f64, Error> {
    Ok(difference(n) - difference(count))
}

/// `n ln n - (n - 1) ln(n - 1)`.
fn difference(n: u64) -> f64 {
    if n < 2 {
        return 0.0;
    }
    let n = n as f64;
    n.ln() - (n - 1.0) * (-1.0 / n).ln_1p()
}
