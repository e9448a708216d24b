//! Sums of exponentials that do not overflow, as long as there are scores.

use std::ops::Range;

use super::score::{MOST_LANES, power_of_two, whole_and_rest};
use crate::{Error, memory};

/// The exponent of a sum without terms.
const ABSENT: f64 = -((1u64 << 40) as f64);

/// Each is `sum * 2^exponent`.
#[derive(Debug, Clone)]
pub(super) struct Exponentials {
    exponents: Vec<f64>,
    sums: Vec<f64>,
}

/// Some of them.
pub(super) struct Part<'a> {
    exponents: &'a mut [f64],
    sums: &'a mut [f64],
}

impl Exponentials {
    /// `n` sums without terms, and as many as it takes to fill a pack.
    pub(super) fn none(n: usize) -> Result<Self, Error> {
        let n = n.next_multiple_of(MOST_LANES);
        Ok(Self { exponents: memory::filled(n, ABSENT)?, sums: memory::filled(n, 0.0)? })
    }

    pub(super) fn whole(&mut self) -> Part<'_> {
        Part { exponents: &mut self.exponents, sums: &mut self.sums }
    }

    pub(super) fn chunks(&mut self, size: usize) -> impl ExactSizeIterator<Item = Part<'_>> {
        let sums = self.sums.chunks_mut(size);
        self.exponents.chunks_mut(size).zip(sums).map(|(exponents, sums)| Part { exponents, sums })
    }

    /// Adds others, one to each.
    pub(super) fn add(&mut self, others: &Self) {
        self.whole().add(&others.exponents, &others.sums);
    }

    /// `ln(sum) - score` for each score: what both have in common cancels exactly.
    pub(super) fn logarithms_less(&self, scores: &[f64]) -> Result<Vec<f64>, Error> {
        let sums = self.exponents.iter().zip(&self.sums);
        memory::collect(scores.iter().zip(sums).map(|(&score, (&exponent, &sum))| match sum {
            0.0 => f64::NEG_INFINITY,
            _ if score == f64::NEG_INFINITY => f64::INFINITY,
            _ => {
                let (whole, rest) = whole_and_rest(score);
                (exponent - whole) * std::f64::consts::LN_2 + (sum.ln() - rest)
            }
        }))
    }
}

impl Part<'_> {
    #[inline(always)]
    pub(super) fn part(&mut self, range: Range<usize>) -> Part<'_> {
        Part { exponents: &mut self.exponents[range.clone()], sums: &mut self.sums[range] }
    }

    pub(super) fn from(&mut self, start: usize) -> Part<'_> {
        Part { exponents: &mut self.exponents[start..], sums: &mut self.sums[start..] }
    }

    /// Adds sums, one to each.
    #[inline(always)]
    pub(super) fn add_plain(&mut self, sums: &[f64]) {
        const ZERO: [f64; MOST_LANES] = [0.0; MOST_LANES];
        // Of equal exponents nothing else would come.
        if self.exponents.iter().fold(0, |any, exponent| any | exponent.to_bits()) != 0 {
            return self.add(&ZERO[..self.sums.len()], sums);
        }
        for (ours, sum) in self.sums.iter_mut().zip(sums) {
            *ours += sum;
        }
    }

    /// Adds `sum * 2^exponent`, one to each.
    #[inline(always)]
    pub(super) fn add(&mut self, exponents: &[f64], sums: &[f64]) {
        let n = self.sums.len();
        let (ours, our_sums) = (&mut self.exponents[..n], &mut self.sums[..n]);
        let (exponents, sums) = (&exponents[..n], &sums[..n]);
        for i in 0..n {
            let exponent = if sums[i] == 0.0 { ABSENT } else { exponents[i] };
            let most = ours[i].max(exponent);
            our_sums[i] =
                our_sums[i] * power_of_two(ours[i] - most) + sums[i] * power_of_two(exponent - most);
            ours[i] = most;
        }
    }
}
