//! Nemenman, Shafee and Bialek (2002): the posterior mean of the entropy under a mixture of Dirichlet priors that makes it
//! nearly uniform beforehand.
//!
//! ```text
//! p(beta | n) ~ xi'(beta)  Gamma(K beta) / Gamma(N + K beta)  prod Gamma(n_i + beta) / Gamma(beta)
//! xi(beta) = psi(K beta + 1) - psi(beta + 1),  the mean entropy under the prior beta
//! ```
//!
//! Given `beta`, mean and variance are known (Wolpert and Wolf 1995). The density of `ln beta` is analytic and falls off
//! exponentially on both sides: the trapezoid rule over it, in steps of a fraction of its width, is as exact as its terms.

use super::Term;
use super::term::MOST_COMBINATIONS;
use crate::gamma::{digamma, ln_rising, trigamma, trigamma_gap};
use crate::{Error, Histogram, Interrupt, memory};

/// Densities below `exp(-50)` of the largest reach no digit.
const NEGLIGIBLE: f64 = 50.0;

/// The density is in no place narrower than the distance within which it falls by a factor of e, over this.
const STEPS: f64 = 4.0;
const MOST_STEP: f64 = 0.25;

/// Over a narrower density the mean is what it is at the mode; and the density of huge counts is too rough to tell.
const LEAST_STEP: f64 = 1e-4;

/// Logarithms of what a float holds.
const SMALLEST: f64 = -690.0;

pub(super) fn entropy(term: &Term<'_>) -> Result<f64, Error> {
    Ok(nsb_posterior(&term.counts, term.n_categories()?, term.interrupt)?.0)
}

/// The posterior mean of the entropy in nats and its standard deviation, of labels of which there are `n_categories`.
///
/// A few hundred values of the density, each linear in the number of different counts.
///
/// # Errors
/// [`Error::Categories`] where more occur, [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Histogram, Interrupt, nsb_posterior};
///
/// let counts = Histogram::new(&[1, 2, 3, 2, 1])?;
/// let (mean, deviation) = nsb_posterior(&counts, 5.0, &Interrupt::never())?;
/// assert!((mean - 1.509_006).abs() < 1e-6 && deviation < 0.1);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn nsb_posterior(
    counts: &Histogram,
    n_categories: f64,
    interrupt: &Interrupt<'_>,
) -> Result<(f64, f64), Error> {
    if n_categories.is_nan() || n_categories < counts.n_labels() as f64 {
        return Err(Error::Categories { variable: 0, n_labels: counts.n_labels() as usize });
    }
    if n_categories >= MOST_COMBINATIONS {
        return Err(Error::Combinations);
    }
    if n_categories < 2.0 {
        return Ok((0.0, 0.0));
    }
    let posterior = Posterior { counts, k: n_categories, n: counts.total() as f64 };
    let nodes = posterior.nodes(interrupt)?;
    let mass: f64 = nodes.iter().map(|node| node.1).sum();
    let mean_of = |of: &dyn Fn(f64) -> f64| nodes.iter().map(|node| node.1 * of(node.0)).sum::<f64>() / mass;
    let mean = mean_of(&|beta| posterior.mean(beta));
    let variance = mean_of(&|beta| posterior.square_deviation(beta, mean));
    Ok((mean, variance.max(0.0).sqrt()))
}

struct Posterior<'a> {
    counts: &'a Histogram,
    k: f64,
    n: f64,
}

impl Posterior<'_> {
    /// `sum of f(n_i + beta)` over all labels.
    fn sum(&self, beta: f64, f: impl Fn(f64) -> f64) -> f64 {
        let unseen = self.k - self.counts.n_labels() as f64;
        self.counts.sum(|count| f(count + beta)) + unseen * f(beta)
    }

    /// The logarithm of the density of `ln beta`, but for a constant.
    fn log_density(&self, log_beta: f64) -> f64 {
        let (beta, k) = (log_beta.exp(), self.k);
        // The two terms of xi' are about 1 / beta where it is large, and about 1 where it is small.
        let prior = if beta < 1.0 {
            k * trigamma(k * beta + 1.0) - trigamma(beta + 1.0)
        } else {
            trigamma_gap(beta) - k * trigamma_gap(k * beta)
        };
        prior.ln() + log_beta + self.counts.sum(|count| ln_rising(beta, count)) - ln_rising(k * beta, self.n)
    }

    /// Values of `beta` and what each counts for.
    fn nodes(&self, interrupt: &Interrupt<'_>) -> Result<Vec<(f64, f64)>, Error> {
        // Below 1 / K the density is a power of beta, above N^2 an inverse power.
        let lowest = (-self.k.ln() - NEGLIGIBLE).max(SMALLEST);
        let highest = 2.0 * self.n.ln_1p() + NEGLIGIBLE;
        let mode = self.mode(lowest, highest, interrupt)?;
        let largest = self.log_density(mode);
        let width = self.width(mode, largest, -1.0).min(self.width(mode, largest, 1.0));
        let step = (width / STEPS).clamp(LEAST_STEP, MOST_STEP);
        let mut nodes = Vec::new();
        for (first, sign) in [(0.0, -1.0), (1.0, 1.0)] {
            let mut at = mode + first * step;
            loop {
                interrupt.check()?;
                let weight = self.log_density(at) - largest;
                memory::append(&mut nodes, &[(at.exp(), weight.exp())])?;
                at += sign * step;
                if weight < -NEGLIGIBLE || !(lowest..highest).contains(&at) {
                    break;
                }
            }
        }
        Ok(nodes)
    }

    /// Where the density is largest: about, which is enough.
    fn mode(&self, lowest: f64, highest: f64, interrupt: &Interrupt<'_>) -> Result<f64, Error> {
        let (mut mode, mut largest) = (lowest, f64::NEG_INFINITY);
        for step in 0..(highest - lowest) as u32 {
            interrupt.check()?;
            let at = lowest + f64::from(step);
            let density = self.log_density(at);
            (mode, largest) = if density > largest { (at, density) } else { (mode, largest) };
        }
        let mut reach = 0.5;
        while reach > 1e-6 {
            let around = [mode - reach, mode + reach].map(|at| (at, self.log_density(at)));
            match around.into_iter().find(|(_, density)| *density > largest) {
                Some((at, density)) => (mode, largest) = (at, density),
                None => reach /= 2.0,
            }
        }
        Ok(mode)
    }

    /// How far from the mode the density falls by a factor of e, up to where it makes no difference.
    fn width(&self, mode: f64, largest: f64, sign: f64) -> f64 {
        let (mut low, mut high) = (0.0, STEPS * MOST_STEP);
        for _ in 0..30 {
            let middle = (low + high) / 2.0;
            let is_within = self.log_density(mode + sign * middle) > largest - 1.0;
            (low, high) = if is_within { (middle, high) } else { (low, middle) };
        }
        high
    }

    /// The mean of the entropy, given `beta`.
    fn mean(&self, beta: f64) -> f64 {
        let total = self.n + self.k * beta;
        digamma(total + 1.0) - self.sum(beta, |alpha| alpha * digamma(alpha + 1.0)) / total
    }

    /// The mean of the square of its distance from a value. With `d = psi(alpha + 1) - psi(A + 2) + value` it is
    ///
    /// ```text
    /// ((sum alpha d)^2 + sum alpha (d^2 + 2 d + 1 / (alpha + 1) + (alpha + 1) psi'(alpha + 2))) / (A (A + 1)) - psi'(A + 2)
    /// ```
    fn square_deviation(&self, beta: f64, value: f64) -> f64 {
        let total = self.n + self.k * beta;
        let shift = value - digamma(total + 2.0);
        let d = |alpha: f64| digamma(alpha + 1.0) + shift;
        let first = self.sum(beta, |alpha| alpha * d(alpha));
        let second = self.sum(beta, |alpha| {
            let next = alpha + 1.0;
            alpha * (d(alpha) * (d(alpha) + 2.0) + 1.0 / next + next * trigamma(alpha + 2.0))
        });
        (first * first + second) / (total * (total + 1.0)) - trigamma(total + 2.0)
    }
}
