//! James-Stein shrinkage towards equal probabilities (Hausser and Strimmer 2009).
//!
//! ```text
//! p = lambda / K + (1 - lambda) n / N,   lambda = (1 - sum (n / N)^2) / ((N - 1) sum (1 / K - n / N)^2), at most 1
//! ```
//!
//! over all K labels. The intensity is that of all variables together; some of them have the marginals of that table,
//! `lambda / K_S + (1 - lambda) n_S / N`, so that information is of one table.

use super::Term;
use crate::Error;

pub(super) fn entropy(term: &Term<'_>) -> Result<f64, Error> {
    let (n, k) = (term.counts.total() as f64, term.n_categories()?);
    let lambda = intensity(term)?;
    let information = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
    let seen = term.counts.sum(|count| information(lambda / k + (1.0 - lambda) * count / n));
    Ok(seen + (k - term.counts.n_labels() as f64) * information(lambda / k))
}

/// How far the joint table is shrunk.
fn intensity(term: &Term<'_>) -> Result<f64, Error> {
    let (joint, k) = (term.joint, term.joint_categories()?);
    let n = joint.total() as f64;
    // 1 - sum p^2 = sum p (1 - p)
    let variance = joint.sum(|count| count / n * ((n - count) / n));
    let distance = joint.sum(|count| (1.0 / k - count / n).powi(2)) + (k - joint.n_labels() as f64) / k / k;
    let lambda = variance / ((n - 1.0) * distance);
    // Equal frequencies, or one sample, are shrunk all the way: 0 / 0, or a number over 0.
    Ok(if lambda < 1.0 { lambda } else { 1.0 })
}
