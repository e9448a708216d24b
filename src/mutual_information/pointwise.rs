//! What each sample contributes to an estimate.
//!
//! Every estimator from counts of neighbours has the form
//!
//! ```text
//! I = mean of i,   i = constant + sums over terms of  coefficient psi(count)  and  power ln(distance),  + correction
//! ```
//!
//! The means go through a histogram of each count, a sum of logarithms in integers and one of corrections in fixed point, so
//! that they do not depend on the order of the samples.

use crate::digamma::{DigammaSum, digamma};
use crate::fixed_point::FixedPointSum;
use crate::log_sum::mean_logarithm;
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
    /// Distances of each sample, and how often their logarithms are added.
    logarithms: Vec<(f64, Vec<f64>)>,
    /// What is added besides; empty where nothing is.
    corrections: Vec<f64>,
    /// The position of each sample that is not left out.
    order: Vec<u32>,
    /// How many samples there are.
    n: usize,
}

impl Pointwise {
    pub(super) fn new(constant: f64) -> Self {
        let (terms, logarithms, corrections) = Default::default();
        Self { constant, terms, logarithms, corrections, order: Vec::new(), n: 0 }
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
        self.logarithms.push((power, distances));
    }

    /// Adds a number of at least 0 to each contribution.
    pub(super) fn correct(&mut self, corrections: Vec<f64>) {
        self.corrections = corrections;
    }

    /// The estimate: the mean over the samples that are not left out.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn mean(&self) -> Result<f64, Error> {
        let mut estimate = self.constant + mean(&self.corrections);
        for Term { coefficient, counts } in &self.terms {
            let mut sum = DigammaSum::up_to(self.n)?;
            sum.add_each(counts);
            estimate += coefficient * sum.mean();
        }
        for (power, distances) in &self.logarithms {
            estimate += power * mean_logarithm(distances);
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
        for (power, distances) in &self.logarithms {
            let added = distances.iter().map(|distance| power * distance.ln());
            values.iter_mut().zip(added).for_each(|(value, added)| *value += added);
        }
        values.iter_mut().zip(&self.corrections).for_each(|(value, correction)| *value += correction);
        let mut in_turn = memory::filled(self.n, f64::NAN)?;
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
