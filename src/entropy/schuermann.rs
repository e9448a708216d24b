//! Schuermann (2004): `1/N sum over samples of  psi(N) - psi(n_i) - (-1)^n_i I(n_i)`.
//!
//! ```text
//! I(n) = integral of t^(n - 1) / (1 + t)  from 0 to 1 / xi - 1
//!      = (1 / xi - 1)^n xi sum over k of  k! (1 - xi)^k / (n (n + 1) ... (n + k))
//! ```
//!
//! Terms are positive and at least halve where `xi` is from 1/2 to 1.

use crate::{Error, digamma};

pub(super) fn contribution(count: u64, n: u64, xi: f64) -> Result<f64, Error> {
    let integral = integral(count as f64, xi);
    Ok(digamma(n) - digamma(count) - if count.is_multiple_of(2) { integral } else { -integral })
}

fn integral(n: f64, xi: f64) -> f64 {
    let (mut term, mut sum, mut k) = (1.0 / n, 0.0, 0.0);
    while term > f64::EPSILON / 4.0 * sum {
        sum += term;
        k += 1.0;
        term *= k / (n + k) * (1.0 - xi);
    }
    (1.0 / xi - 1.0).powf(n) * xi * sum
}
