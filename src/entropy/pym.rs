//! Archer, Park and Pillow (2014): the posterior mean of the entropy under a mixture of Pitman-Yor priors, for labels of
//! which there may be any number.
//!
//! ```text
//! p(d, alpha | n) ~ p(d, alpha)  prod for l < K of (alpha + l d)  prod Gamma(n_i - d) / Gamma(1 - d)
//!                                / prod for i < N of (alpha + i)
//! u = psi(alpha + 1) - psi(1),  v = psi(1) - psi(1 - d),  h = u + v,  gamma = v / h
//! ```
//!
//! The mean entropy `h` under the prior is uniform over all that is above 0, and the density of `gamma`, how much of it the
//! tail has, is `exp(-10 / (1 - gamma))`: that of `u` and `v` is `exp(-10 v / u) / (u + v)`, but for a constant. It is no
//! law, but the posterior is one as soon as a label has occurred twice, and its mean is finite.
//!
//! Over `ln alpha` and `ln d / (1 - d)` the density is analytic and falls off exponentially on all sides: the trapezoid
//! rule in steps of a fraction of its width is as exact as its terms.

use super::Term;
use crate::gamma::{digamma, ln_gamma, ln_rising, trigamma};
use crate::{Error, Histogram, Interrupt};

/// How little of the prior is on heavy tails: its authors' default.
const TAIL: f64 = 10.0;

/// Densities below `exp(-32)` of the largest reach no digit that is asked for.
const NEGLIGIBLE: f64 = 32.0;

/// The density is in no place much narrower than the distance within which it falls by a factor of e, over this.
const STEPS: f64 = 4.0;
const MOST_STEP: f64 = 0.25;

/// Over a narrower density the mean is what it is at the mode; and the density of huge counts is too rough to tell.
const LEAST_STEP: f64 = 1e-4;

/// `ln alpha` and `ln d / (1 - d)`.
type Point = [f64; 2];

pub(super) fn entropy(term: &Term<'_>) -> Result<f64, Error> {
    let (counts, interrupt) = (&term.counts, term.interrupt);
    if counts.total() == counts.n_labels() {
        return Err(Error::AllLabelsUnique);
    }
    let posterior = Posterior { counts, k: counts.n_labels() as f64, n: counts.total() as f64 };
    let mode = posterior.mode(interrupt)?;
    let largest = posterior.log_density(mode);
    let [along, across] = [[1.0, 0.0], [0.0, 1.0]].map(|axis| posterior.step(mode, largest, axis));
    let (mut mass, mut sum) = (0.0, 0.0);
    for (first, sign) in [(0.0, -1.0), (1.0, 1.0)] {
        let [mut crest, mut log_odds] = [mode[0], mode[1] + first * across];
        loop {
            interrupt.check()?;
            let row = posterior.row(log_odds);
            crest = row.crest(crest, along);
            if row.log_density(crest) < largest - NEGLIGIBLE {
                break;
            }
            for (first, sign) in [(0.0, -1.0), (1.0, 1.0)] {
                let mut at = crest + first * along;
                loop {
                    let exponent = row.log_density(at) - largest;
                    if exponent < -NEGLIGIBLE {
                        break;
                    }
                    let weight = exponent.exp();
                    mass += weight;
                    sum += weight * row.mean(at);
                    at += sign * along;
                }
            }
            log_odds += sign * across;
        }
    }
    Ok(sum / mass)
}

struct Posterior<'a> {
    counts: &'a Histogram,
    k: f64,
    n: f64,
}

impl Posterior<'_> {
    fn row(&self, log_odds: f64) -> Row {
        let (d, rest) = (1.0 / (1.0 + (-log_odds).exp()), 1.0 / (1.0 + log_odds.exp()));
        // Gamma(n_i - d) / Gamma(n_i), of which large counts keep the digits.
        let likelihood = (self.k - 1.0) * d.ln()
            - self.counts.sum(|count| ln_rising(count - 1.0 + rest, d))
            - self.k * ln_gamma(rest);
        let psi = digamma(rest);
        Row {
            k: self.k,
            n: self.n,
            d,
            v: -from_one(rest, -d),
            log_weight: likelihood + (trigamma(rest) * d * rest).ln(),
            seen: self.counts.sum(|count| (count - d) * digamma(count + rest)) + self.k * d * psi,
            psi,
        }
    }

    /// The logarithm of the density, but for a constant.
    fn log_density(&self, at: Point) -> f64 {
        self.row(at[1]).log_density(at[0])
    }

    /// Where the density is largest: about, which is enough.
    fn mode(&self, interrupt: &Interrupt<'_>) -> Result<Point, Error> {
        let (mut mode, mut reach) = ([0.0, 0.0], 8.0);
        let mut largest = self.log_density(mode);
        while reach > 1e-6 {
            interrupt.check()?;
            let step = |i: i32| reach * f64::from(i - 1);
            let around = (0..9).map(|i| [mode[0] + step(i / 3), mode[1] + step(i % 3)]);
            match around.map(|at| (at, self.log_density(at))).find(|(_, density)| *density > largest) {
                Some(better) => (mode, largest) = better,
                None => reach /= 2.0,
            }
        }
        Ok(mode)
    }

    /// A fraction of the distance from the mode within which the density falls by a factor of e, in either direction.
    fn step(&self, mode: Point, largest: f64, axis: Point) -> f64 {
        let width = |sign: f64| {
            let (mut low, mut high) = (0.0, STEPS * MOST_STEP);
            for _ in 0..30 {
                let middle = (low + high) / 2.0;
                let at = [mode[0] + sign * middle * axis[0], mode[1] + sign * middle * axis[1]];
                let is_within = self.log_density(at) > largest - 1.0;
                (low, high) = if is_within { (middle, high) } else { (low, middle) };
            }
            high
        };
        (width(-1.0).min(width(1.0)) / STEPS).clamp(LEAST_STEP, MOST_STEP)
    }
}

/// The posterior given `d`, and of it what does not depend on `alpha`.
struct Row {
    k: f64,
    n: f64,
    d: f64,
    v: f64,
    log_weight: f64,
    /// `sum of (n_i - d) psi(n_i - d + 1) + K d psi(1 - d)`.
    seen: f64,
    /// `psi(1 - d)`.
    psi: f64,
}

impl Row {
    fn log_density(&self, log_alpha: f64) -> f64 {
        let alpha = log_alpha.exp();
        let u = from_one(1.0 + alpha, alpha);
        // Gamma(alpha + 1) Gamma(N) / Gamma(alpha + N), which keeps its digits for large N and for large alpha.
        let all = if alpha < self.n {
            ln_gamma(1.0 + alpha) - ln_rising(self.n, alpha)
        } else {
            ln_gamma(self.n) - ln_rising(1.0 + alpha, self.n - 1.0)
        };
        let likelihood = self.log_weight + ln_rising(1.0 + alpha / self.d, self.k - 1.0) + all;
        likelihood + (trigamma(1.0 + alpha) * alpha).ln() - (u + self.v).ln() - TAIL * self.v / u
    }

    /// The mean of the entropy, given `alpha` too: of labels that have weights `n_i - d`, all others `alpha + K d`.
    fn mean(&self, log_alpha: f64) -> f64 {
        let alpha = log_alpha.exp();
        digamma(alpha + self.n + 1.0) - (self.seen + alpha * self.psi) / (alpha + self.n)
    }

    /// Where the density is largest, in whole steps from a point.
    fn crest(&self, mut at: f64, step: f64) -> f64 {
        let mut largest = self.log_density(at);
        for sign in [-1.0, 1.0] {
            loop {
                let next = self.log_density(at + sign * step);
                if next <= largest {
                    break;
                }
                (at, largest) = (at + sign * step, next);
            }
        }
        at
    }
}

/// `psi(x) - psi(1)`, also where `x` is `1 + distance` of a small distance: to ten digits.
fn from_one(x: f64, distance: f64) -> f64 {
    if distance.abs() < 1e-5 { distance * trigamma(1.0 + distance / 2.0) } else { digamma(x) - digamma(1.0) }
}
