//! Frequencies with pseudo-counts: the posterior mean under a symmetric Dirichlet prior.
//!
//! ```text
//! H = -sum p ln p,   p = (n + a) / (N + a K)
//! ```
//!
//! over all K labels. The pseudo-count is one for each joint label of all variables; some of them get the sums of it,
//! `a K / K_S` each, so that information is of one table.

use super::Term;
use crate::Error;

/// How much is added to the counts.
#[derive(Clone, Copy)]
pub(super) enum PseudoCounts {
    /// So much to each.
    Each(f64),
    /// One to all of them (Perks 1947).
    One,
    /// The root of the number of samples to all of them (Trybula 1958).
    RootOfSamples,
}

pub(super) fn entropy(term: &Term<'_>, pseudo_counts: PseudoCounts) -> Result<f64, Error> {
    let (n, k) = (term.counts.total() as f64, term.n_categories()?);
    let added = match pseudo_counts {
        PseudoCounts::Each(a) => a * term.joint_categories()?,
        PseudoCounts::One => 1.0,
        PseudoCounts::RootOfSamples => n.sqrt(),
    };
    if !added.is_finite() {
        return Err(Error::Combinations);
    }
    let information = |count: f64| {
        let p = (count + added / k) / (n + added);
        if p > 0.0 { -p * p.ln() } else { 0.0 }
    };
    Ok(term.counts.sum(information) + (k - term.counts.n_labels() as f64) * information(0.0))
}
