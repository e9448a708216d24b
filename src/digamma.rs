//! The digamma function at the positive integers, and sums of it.
//!
//! ```text
//! psi(m) = H(m - 1) - gamma,   H(m) = 1 + 1/2 + ... + 1/m
//! ```
//!
//! The estimators only ever need psi at counts. A histogram of the counts makes the sum independent of the order of the
//! samples and of the number of threads, and leaves one evaluation for each distinct count.

use std::sync::LazyLock;

use crate::fixed_point::FixedPointSum;
use crate::{Error, memory};

const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// `psi(m)` for `m >= 1`, to about one unit in the last place; negative infinity at 0.
///
/// ```
/// assert_eq!(mutua::digamma(1), -0.5772156649015329);
/// ```
#[must_use]
pub fn digamma(m: u64) -> f64 {
    /// The first values, computed once: sums over few samples would spend most of their time on them.
    static FIRST: LazyLock<[f64; FEW]> = LazyLock::new(|| std::array::from_fn(|m| compute(m as u64)));
    const FEW: usize = 1 << 10;
    FIRST.get(m as usize).copied().unwrap_or_else(|| compute(m))
}

fn compute(m: u64) -> f64 {
    if m == 0 {
        return f64::NEG_INFINITY;
    }
    if m < 16 {
        // Smallest terms first.
        return (1..m).rev().map(|i| 1.0 / i as f64).sum::<f64>() - EULER_GAMMA;
    }
    // Asymptotic series: the first term left out is below 1e-17 at m = 16.
    let inverse = 1.0 / m as f64;
    let square = inverse * inverse;
    let series = square
        * (1.0 / 12.0
            - square
                * (1.0 / 120.0
                    - square
                        * (1.0 / 252.0
                            - square * (1.0 / 240.0 - square * (1.0 / 132.0 - square * (691.0 / 32760.0))))));
    (m as f64).ln() - 0.5 * inverse - series
}

/// A mean of `psi` over counts, gathered as a histogram.
#[derive(Debug, Clone)]
pub(crate) struct DigammaSum {
    /// As long as the largest count so far asks: most counts are small, and what is not touched costs nothing.
    occurrences: Vec<u32>,
}

impl DigammaSum {
    /// A sum for counts up to `largest`, over fewer than 2^32 samples.
    pub(crate) fn up_to(largest: usize) -> Result<Self, Error> {
        Ok(Self { occurrences: memory::with_capacity(largest + 1)? })
    }

    /// Adds `times` samples whose count is `count`, at least 1.
    #[inline(always)]
    pub(crate) fn add(&mut self, count: usize, times: u32) {
        debug_assert!(count > 0, "psi has a pole at 0");
        if count >= self.occurrences.len() {
            self.grow(count + 1);
        }
        self.occurrences[count] += times;
    }

    /// Adds a sample for each count, which is at least 1.
    pub(crate) fn add_each(&mut self, counts: &[u32]) {
        let largest = counts.iter().fold(0, |largest, &count| largest.max(count)) as usize;
        if largest >= self.occurrences.len() {
            self.grow(largest + 1);
        }
        counts.iter().for_each(|&count| self.occurrences[count as usize] += 1);
    }

    /// Within the capacity, twice as long at least.
    #[cold]
    fn grow(&mut self, length: usize) {
        let length = length.max(2 * self.occurrences.len()).min(self.occurrences.capacity().max(length));
        self.occurrences.resize(length, 0);
    }

    /// One sum of all that was added to several, which have the same bound.
    pub(crate) fn merged(sums: Vec<Self>) -> Self {
        let mut sums = sums.into_iter();
        let mut all = sums.next().unwrap_or(Self { occurrences: Vec::new() });
        for sum in sums {
            if sum.occurrences.len() > all.occurrences.len() {
                all.grow(sum.occurrences.len());
            }
            all.occurrences.iter_mut().zip(&sum.occurrences).for_each(|(all, times)| *all += times);
        }
        all
    }

    /// The mean of `psi(count)` over everything added; NaN when nothing was.
    pub(crate) fn mean(&self) -> f64 {
        let total = self.occurrences.iter().map(|&times| u64::from(times)).sum::<u64>() as f64;
        let mut sum = FixedPointSum::up_to(total * 64.0);
        for (count, &times) in self.occurrences.iter().enumerate() {
            if times > 0 {
                sum.add(f64::from(times) * digamma(count as u64));
            }
        }
        sum.value() / total
    }
}
