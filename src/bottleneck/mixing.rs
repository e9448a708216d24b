//! What clusters cost, and what it costs to merge two.

/// What is minimized: `of_entropy H(T) - of_relevance I(T;Y)`, of which soft clusters have `I(X;T)` in the place of `H(T)`.
#[derive(Debug, Clone, Copy)]
pub struct Objective {
    /// What the entropy of the clusters counts for.
    pub of_entropy: f64,
    /// What their information about Y counts for.
    pub of_relevance: f64,
}

impl Objective {
    /// Whether both are finite and at least 0.
    pub(super) fn is_valid(self) -> bool {
        [self.of_entropy, self.of_relevance].iter().all(|factor| *factor >= 0.0 && factor.is_finite())
    }
}

/// `z ln z`, 0 at 0.
pub(super) fn z_ln_z(z: f64) -> f64 {
    if z > 0.0 { z * z.ln() } else { 0.0 }
}

/// `(a + b) ln(a + b) - a ln a - b ln b`: at least 0, and 0 where one is.
pub(super) fn mixing(a: f64, b: f64) -> f64 {
    if a > 0.0 && b > 0.0 { a * (1.0 + b / a).ln() + b * (1.0 + a / b).ln() } else { 0.0 }
}
