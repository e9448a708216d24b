//! Chao, Wang and Jost (2013): the slope of the species accumulation curve, continued beyond the sample.
//!
//! ```text
//! H = sum n_i / N (psi(N) - psi(n_i)) + f1 / N  (1 - A)^(1 - N) (-ln A - sum for r < N of (1 - A)^r / r)
//! A = 2 f2 / ((N - 1) f1 + 2 f2),  without doubletons  2 / ((N - 1) (f1 - 1) + 2),  without singletons 1
//! ```
//!
//! The second part is `f1 / N (1 - A)` times an integral, in which nothing cancels:
//!
//! ```text
//! sum over j of (1 - A)^j / (N + j) = integral over s from 0 of  exp(-N s) / (1 - (1 - A) exp(-s))
//! ```

use super::Term;
use crate::{Error, digamma};

pub(super) fn entropy(term: &Term<'_>) -> Result<f64, Error> {
    let counts = &term.counts;
    let total = counts.total();
    let n = total as f64;
    let psi_n = digamma(total);
    let seen = counts.sum(|count| count / n * (psi_n - digamma(count as u64)));
    let [singletons, doubletons] = [1, 2].map(|count| counts.with_count(count) as f64);
    if singletons == 0.0 || n == 1.0 {
        return Ok(seen);
    }
    let a = match doubletons {
        0.0 => 2.0 / ((n - 1.0) * (singletons - 1.0) + 2.0),
        _ => 2.0 * doubletons / ((n - 1.0) * singletons + 2.0 * doubletons),
    };
    Ok(seen + singletons / n * (1.0 - a) * lerch(n, a))
}

/// `sum over j of (1 - a)^j / (n + j)`: the trapezoid rule for `ln s`, after which the integrand falls off exponentially
/// to the left of where `s` is `a` or `1 / n`, and faster to the right.
fn lerch(n: f64, a: f64) -> f64 {
    const STEP: f64 = 1.0 / 4.0;
    const NEGLIGIBLE: f64 = 40.0; // exp(-40) of the largest
    let steps = (((NEGLIGIBLE + (1.0 / n / a).max(1.0).ln()) + NEGLIGIBLE.ln()) / STEP) as u32;
    let highest = (NEGLIGIBLE / n).ln();
    let integrand = |step: u32| {
        let s = (highest - f64::from(step) * STEP).exp();
        s * (-n * s).exp() / (a - (1.0 - a) * (-s).exp_m1())
    };
    // From the small terms to the large ones.
    (0..=steps).rev().map(integrand).sum::<f64>() * STEP
}
