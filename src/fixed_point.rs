//! Sums whose bits do not depend on the order of the terms.
//!
//! Each term is cut once to a multiple of a quantum and added as a 128-bit integer. Integer addition is associative,
//! so renaming labels, permuting rows or changing the number of threads changes nothing. The quantum is 2^-120 of the
//! bound given up front: below the rounding of the terms unless they are all smaller than 2^-67 of it.

/// A sum in fixed point.
#[derive(Debug, Clone)]
pub(crate) struct FixedPointSum {
    sum: i128,
    scale: f64,
}

impl FixedPointSum {
    /// A sum whose partial sums stay below `bound` in absolute value.
    pub(crate) fn up_to(bound: f64) -> Self {
        // 2^(120 - ceil(log2 bound)): the integers stay below 2^121 and products with the scale are exact.
        let exponent = if bound > 0.0 { bound.log2().ceil() as i32 } else { 0 };
        Self { sum: 0, scale: 2f64.powi(120 - exponent) }
    }

    /// Adds a term.
    pub(crate) fn add(&mut self, term: f64) {
        self.sum += (term * self.scale) as i128;
    }

    /// The sum so far, rounded once.
    pub(crate) fn value(&self) -> f64 {
        self.sum as f64 / self.scale
    }
}
