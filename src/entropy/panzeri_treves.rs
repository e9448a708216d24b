//! Panzeri and Treves (1996): the plug-in and its bias, with the number of labels that could occur.
//!
//! ```text
//! H(X1, ..., Xm) = H(Xm) + H(Xm-1 | Xm) + ...,   bias of H(X | Y) = -sum over labels of Y  (R - 1) / 2N
//! ```
//!
//! In a mutual information `H(X) - H(X | Y)` is left: `Y` is the stimulus, `X` the response. `R` is how many labels of `X`
//! could occur beside a label of `Y`: more than do, where samples are few. It is the number whose expected number of
//! labels that occur comes nearest to the one observed, if probabilities are those of a uniform prior,
//!
//! ```text
//! seen: (1 - g) (n_i + 1) / (N + R_seen),   unseen: g / x each,   g = x (1 - (N / (N + R_seen))^(1 / N))
//! ```
//!
//! with `x` unseen labels. The expectation is concave in `x`, so where it stops coming nearer is found by bisection.

use super::Term;
use crate::{Error, Histogram};

pub(super) fn correction(term: &Term<'_>) -> Result<f64, Error> {
    let mut sum = 0.0; // Of whole numbers: exact.
    term.for_each_link(|n_categories, counts| {
        sum += reachable(&Histogram::new(counts)?, n_categories) - 1.0;
        Ok(())
    })?;
    Ok(sum / (2.0 * term.counts.total() as f64))
}

/// How many labels could occur, of so many.
fn reachable(seen: &Histogram, n_categories: f64) -> f64 {
    let (n, n_seen) = (seen.total() as f64, seen.n_labels() as f64);
    // What each unseen label takes.
    let share = -(-(n_seen / n).ln_1p() / n).exp_m1();
    let most = (n_categories - n_seen).min((1.0 / share).floor());
    let expected = |unseen: f64| {
        let occurs = |p: f64| -(n * (-p).ln_1p()).exp_m1();
        let rest = 1.0 - unseen * share;
        seen.sum(|count| occurs(rest * (count + 1.0) / (n + n_seen))) + unseen * occurs(share)
    };
    let has_met = |unseen: f64| {
        let here = expected(unseen);
        here >= n_seen || expected(unseen + 1.0) <= here
    };
    // The first number from which on the expectation is as large, or falls.
    let (mut low, mut high) = (0.0, most.max(0.0));
    while low < high {
        let middle = ((low + high) / 2.0f64).floor();
        if has_met(middle) { high = middle } else { low = middle + 1.0 }
    }
    let off = |unseen: f64| (n_seen - expected(unseen)).abs();
    n_seen + if low > 0.0 && off(low - 1.0) <= off(low) { low - 1.0 } else { low }
}
