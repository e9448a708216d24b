//! What each sample contributes to an estimate.
//!
//! Every estimator from counts of neighbours has the form
//!
//! ```text
//! I = mean of i,   i = constant + sum over terms of  sign psi(count)  + correction, where there is one
//! ```
//!
//! The mean goes through a histogram of each count, and corrections are added in fixed point, so that it does not depend on the order of the samples.

use crate::digamma::{DigammaSum, digamma};
use crate::fixed_point::FixedPointSum;
use crate::{Error, memory};

/// Counts of each sample, of which the digamma is added or subtracted.
#[derive(Debug, Clone)]
struct Term {
    sign: f64,
    counts: Vec<u32>,
}

/// The contributions of the samples to an estimate, in nats: their mean is the estimate.
#[derive(Debug, Clone)]
pub struct Pointwise {
    constant: f64,
    terms: Vec<Term>,
    /// What is added to each contribution; empty where nothing is.
    corrections: Vec<f64>,
    /// The position of each sample; empty where they are in turn.
    order: Vec<u32>,
}

impl Pointwise {
    pub(super) fn new(constant: f64) -> Self {
        Self { constant, terms: Vec::new(), corrections: Vec::new(), order: Vec::new() }
    }

    /// The same for samples that are at other positions.
    pub(super) fn at(self, order: Vec<u32>) -> Self {
        Self { order, ..self }
    }

    /// Adds the digamma of each count; a count of 0 leaves the sample out.
    pub(super) fn plus(mut self, counts: Vec<u32>) -> Self {
        self.terms.push(Term { sign: 1.0, counts });
        self
    }

    /// Subtracts the digamma of each count; a count of 0 leaves the sample out.
    pub(super) fn minus(mut self, counts: Vec<u32>) -> Self {
        self.terms.push(Term { sign: -1.0, counts });
        self
    }

    /// Adds a number of at least 0 to each contribution.
    pub(super) fn corrected(self, corrections: Vec<f64>) -> Self {
        Self { corrections, ..self }
    }

    /// The estimate: the mean over the samples that are not left out.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn mean(&self) -> Result<f64, Error> {
        let start = self.constant + mean(&self.corrections);
        self.terms.iter().try_fold(start, |estimate, Term { sign, counts }| {
            let largest = counts.iter().copied().max().unwrap_or(0);
            let mut sum = DigammaSum::up_to(largest as usize)?;
            counts.iter().filter(|&&count| count > 0).for_each(|&count| sum.add(count as usize, 1));
            Ok(estimate + sign * sum.mean())
        })
    }

    /// The contribution of each sample; NaN for one that is left out.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn values(&self) -> Result<Vec<f64>, Error> {
        let n = self.terms.first().map_or(0, |term| term.counts.len());
        let mut values = memory::filled(n, self.constant)?;
        for Term { sign, counts } in &self.terms {
            for (value, &count) in values.iter_mut().zip(counts) {
                *value += if count > 0 { sign * digamma(u64::from(count)) } else { f64::NAN };
            }
        }
        values.iter_mut().zip(&self.corrections).for_each(|(value, correction)| *value += correction);
        if self.order.is_empty() {
            return Ok(values);
        }
        let mut in_turn = memory::filled(n, 0.0)?;
        self.order.iter().zip(values).for_each(|(&position, value)| in_turn[position as usize] = value);
        Ok(in_turn)
    }
}

/// The mean of numbers of at least 0 in whichever order; 0 of none, infinity where one is.
fn mean(values: &[f64]) -> f64 {
    let (n, largest) = (values.len() as f64, values.iter().copied().fold(0.0, f64::max));
    if values.is_empty() || largest == f64::INFINITY {
        return largest;
    }
    let mut sum = FixedPointSum::up_to(n * largest);
    values.iter().for_each(|&value| sum.add(value));
    sum.value() / n
}
