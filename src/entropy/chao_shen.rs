//! Chao and Shen (2003): frequencies shrunk by the coverage, each term weighted by the chance to be seen at all.
//!
//! ```text
//! H = -sum  C p ln(C p) / (1 - (1 - C p)^N),   C = 1 - f1 / N
//! ```
//!
//! over labels that occur, `f1` of them once. Where all do, one less, so that C is above 0.

use super::Term;
use crate::Error;

pub(super) fn entropy(term: &Term<'_>) -> Result<f64, Error> {
    let counts = &term.counts;
    let (total, singletons) = (counts.total(), counts.with_count(1));
    let n = total as f64;
    let coverage = 1.0 - (singletons - u64::from(singletons == total)) as f64 / n;
    Ok(counts.sum(|count| {
        let p = coverage * count / n;
        p * -p.ln() / -(n * (-p).ln_1p()).exp_m1()
    }))
}
