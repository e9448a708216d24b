//! What each sample contributes to an estimate.
//!
//! Every estimator from counts of neighbours has the form
//!
//! ```text
//! I = mean of i,   i = constant + sum over terms of  sign psi(count)
//! ```
//!
//! The mean goes through a histogram of each count, so that it does not depend on the order of the samples.

use crate::digamma::{DigammaSum, digamma};
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
    /// The position of each sample; empty where they are in turn.
    order: Vec<u32>,
}

impl Pointwise {
    pub(super) fn new(constant: f64) -> Self {
        Self { constant, terms: Vec::new(), order: Vec::new() }
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

    /// The estimate: the mean over the samples that are not left out.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn mean(&self) -> Result<f64, Error> {
        self.terms.iter().try_fold(self.constant, |estimate, Term { sign, counts }| {
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
        if self.order.is_empty() {
            return Ok(values);
        }
        let mut in_turn = memory::filled(n, 0.0)?;
        self.order.iter().zip(values).for_each(|(&position, value)| in_turn[position as usize] = value);
        Ok(in_turn)
    }
}
