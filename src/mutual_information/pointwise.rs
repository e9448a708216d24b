//! What each sample contributes to an estimate.
//!
//! Every estimator from counts of neighbours has the form
//!
//! ```text
//! I = mean of i,   i = constant + sum over terms of  coefficient psi(count)  +  power ln(distance)
//! ```
//!
//! The means go through a histogram of each count and a sum of logarithms in integers, so that they do not depend on the
//! order of the samples.

use crate::digamma::{DigammaSum, digamma};
use crate::log_sum::LogSum;
use crate::{Error, memory};

/// Counts of each sample, all of them at least 1, whose digamma is added so many times.
#[derive(Debug, Clone)]
struct Term {
    coefficient: f64,
    counts: Vec<u32>,
}

/// The contributions of the samples to an estimate, in nats: their mean is the estimate.
#[derive(Debug, Clone)]
pub struct Pointwise {
    constant: f64,
    terms: Vec<Term>,
    power: f64,
    /// Empty where no logarithm of them is added.
    distances: Vec<f64>,
    /// The position of each sample that is not left out.
    order: Vec<u32>,
    /// How many samples there are.
    n: usize,
}

impl Pointwise {
    pub(super) fn new(constant: f64) -> Self {
        Self { constant, terms: Vec::new(), power: 0.0, distances: Vec::new(), order: Vec::new(), n: 0 }
    }

    /// The same for samples at some of `n` positions; those at the others are left out.
    pub(super) fn at(self, order: Vec<u32>, n: usize) -> Self {
        Self { order, n, ..self }
    }

    /// Adds the digamma of each count so many times.
    pub(super) fn add_digammas(&mut self, coefficient: f64, counts: Vec<u32>) {
        self.terms.push(Term { coefficient, counts });
    }

    /// Adds the logarithm of each distance so many times.
    pub(super) fn add_logarithms(&mut self, power: f64, distances: Vec<f64>) {
        (self.power, self.distances) = (power, distances);
    }

    /// The estimate: the mean over the samples that are not left out.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn mean(&self) -> Result<f64, Error> {
        let mut estimate = self.constant;
        for Term { coefficient, counts } in &self.terms {
            let mut sum = DigammaSum::up_to(self.n)?;
            sum.add_each(counts);
            estimate += coefficient * sum.mean();
        }
        if !self.distances.is_empty() {
            let mut sum = LogSum::default();
            sum.add(&self.distances);
            estimate += self.power * (sum.value() / self.distances.len() as f64);
        }
        Ok(estimate)
    }

    /// The contribution of each sample; NaN for one that is left out.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn values(&self) -> Result<Vec<f64>, Error> {
        let mut values = memory::filled(self.order.len(), self.constant)?;
        for Term { coefficient, counts } in &self.terms {
            let added = counts.iter().map(|&count| coefficient * digamma(u64::from(count)));
            values.iter_mut().zip(added).for_each(|(value, added)| *value += added);
        }
        let logarithms = self.distances.iter().map(|distance| self.power * distance.ln());
        values.iter_mut().zip(logarithms).for_each(|(value, added)| *value += added);
        let mut in_turn = memory::filled(self.n, f64::NAN)?;
        self.order.iter().zip(values).for_each(|(&position, value)| in_turn[position as usize] = value);
        Ok(in_turn)
    }
}
