//! Quadratic extrapolation (Strong et al. 1998): the plug-in of N, N/2 and N/4 samples, continued to infinitely many.
//!
//! `H(n) = H + a / n + b / n^2` through three points. Instead of subsamples drawn at random, their mean: a label that occurs
//! n times does so a hypergeometric number of times in M of N samples. Weighting by that number shifts the law, so that the
//! mean is one over samples:
//!
//! ```text
//! E[H_M] = 1/N sum over samples of E[ln(M / (1 + m))],   m ~ Hypergeometric(N - 1, n - 1, M - 1)
//! ```

use super::plug_in;
use crate::Error;
use crate::clustering::mean_log_ratio;

/// A quarter of them is one sample.
const FEWEST: usize = 4;

pub(super) fn contribution(count: u64, n: u64) -> Result<f64, Error> {
    if n < FEWEST as u64 {
        return Err(Error::Samples { needed: FEWEST, n: n as usize });
    }
    let sizes = [n, n / 2, n / 4];
    let weight = |size: u64| {
        let others = sizes.iter().filter(|&&other| other != size);
        others.map(|&other| size as f64 / (size as f64 - other as f64)).product::<f64>()
    };
    // The weights add up to 1, and the whole is no smaller than itself.
    let smaller = sizes[1..].iter().map(|&size| weight(size) * mean_log_ratio(count, size, n));
    Ok(plug_in::contribution(count, n)? - smaller.sum::<f64>())
}
