//! Sums of logarithms whose bits do not depend on the order of the terms.
//!
//! ```text
//! ln x = e ln 2 + ln m,   x = 2^e m,   sqrt(1/2) <= m < sqrt(2)
//! ln m = 2 (s + s^3 / 3 + s^5 / 5 + ...),   s = (m - 1) / (m + 1),   |s| < 0.172
//! ```
//!
//! The exponents are added as integers, and so are the logarithms of the mantissas, in units of 2^-52: each is off by no
//! more than about one. A nanosecond a term, in lanes. Where the order of the terms is always the same, as along a sorted
//! line, eight mantissas are multiplied and have one logarithm, with no larger errors.

use crate::lanes::{LANES, in_lanes};
use crate::logarithm::SERIES;

/// Terms that are added up in 64 bits, which hold about 5900.
const MOST: usize = 1 << 12;

/// How many mantissas are multiplied where there is an order.
const FACTORS: usize = 8;

/// A sum of `ln(value)` over values of at least 0.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LogSum {
    exponents: i64,
    /// In units of 2^-52.
    mantissas: i128,
    zero: bool,
    infinite: bool,
}

impl LogSum {
    /// Adds the logarithms of some values.
    pub(crate) fn add(&mut self, values: &[f64]) {
        in_lanes!(_ => self.add_in_lanes::<1>(values));
    }

    /// Adds the logarithms of some values, which always come in this order: another one may change the last bits.
    pub(crate) fn add_in_order(&mut self, values: &[f64]) {
        in_lanes!(_ => self.add_in_lanes::<FACTORS>(values));
    }

    #[inline(always)]
    fn add_in_lanes<const FACTORS: usize>(&mut self, values: &[f64]) {
        self.zero |= values.iter().fold(false, |any, &value| any | (value == 0.0));
        self.infinite |= values.iter().fold(false, |any, &value| any | (value == f64::INFINITY));
        for chunk in values.chunks(MOST) {
            let (mut exponents, mut mantissas) = ([0; LANES], [0; LANES]);
            let (packs, rest) = chunk.as_chunks::<LANES>();
            for factors in packs.chunks(FACTORS) {
                let products = if FACTORS == 1 { factors[0] } else { multiplied(factors, &mut exponents) };
                for ((&value, exponent), mantissa) in products.iter().zip(&mut exponents).zip(&mut mantissas)
                {
                    let parts = parts(value);
                    *exponent += parts.0;
                    *mantissa += parts.1;
                }
            }
            for &value in rest {
                let parts = parts(value);
                exponents[0] += parts.0;
                mantissas[0] += parts.1;
            }
            self.exponents += exponents.iter().sum::<i64>();
            self.mantissas += i128::from(mantissas.iter().sum::<i64>());
        }
    }

    /// The sum so far: minus infinity where a value was 0, else infinity where one was infinite.
    pub(crate) fn value(&self) -> f64 {
        match self {
            Self { zero: true, .. } => f64::NEG_INFINITY,
            Self { infinite: true, .. } => f64::INFINITY,
            _ => self.exponents as f64 * std::f64::consts::LN_2 + self.mantissas as f64 * f64::EPSILON,
        }
    }
}

/// The mean of the logarithms of some values.
pub(crate) fn mean_logarithm(values: &[f64]) -> f64 {
    let mut sum = LogSum::default();
    sum.add(values);
    sum.value() / values.len() as f64
}

/// The products of mantissas, lane by lane; their exponents are added up.
#[inline(always)]
fn multiplied(factors: &[[f64; LANES]], exponents: &mut [i64; LANES]) -> [f64; LANES] {
    let mut products = [1.0; LANES];
    for pack in factors {
        for ((&value, exponent), product) in pack.iter().zip(&mut *exponents).zip(&mut products) {
            let split = split(value);
            *exponent += split.0;
            *product *= split.1;
        }
    }
    products
}

/// The exponent of a positive number, and the logarithm of its mantissa in units of 2^-52.
#[inline(always)]
fn parts(value: f64) -> (i64, i64) {
    let (exponent, mantissa) = split(value);
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let mut series = 0.0;
    for coefficient in SERIES {
        series = series * (s * s) + coefficient;
    }
    let series = series * (s * s) + 1.0;
    // Between 1 and 2 neighbouring floats are 2^-52 apart.
    (exponent, (1.5 + 2.0 * s * series).to_bits() as i64 - 1.5f64.to_bits() as i64)
}

/// The exponent and the mantissa of a positive number.
#[inline(always)]
fn split(value: f64) -> (i64, f64) {
    let subnormal = value < f64::MIN_POSITIVE;
    let bits = (if subnormal { value * (1u64 << 54) as f64 } else { value }).to_bits() as i64;
    let exponent = (bits - std::f64::consts::FRAC_1_SQRT_2.to_bits() as i64) >> 52;
    let mantissa = f64::from_bits((bits - (exponent << 52)) as u64);
    (exponent - if subnormal { 54 } else { 0 }, mantissa)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum_of_logs(values: &[f64]) -> f64 {
        let mut sum = LogSum::default();
        sum.add(values);
        sum.value()
    }

    fn sum_in_order(values: &[f64]) -> f64 {
        let mut sum = LogSum::default();
        sum.add_in_order(values);
        sum.value()
    }

    #[test]
    fn each_logarithm() {
        let values = (0..4000).map(|i| f64::from_bits(1 + i * (f64::INFINITY.to_bits() / 4000)));
        let near_one = (-40..40).map(|i| 1.0 + f64::from(i) * 0.007);
        for value in values.chain(near_one) {
            let error = (sum_of_logs(&[value]) - value.ln()).abs();
            assert!(error <= f64::EPSILON * (1.0 + value.ln().abs()), "{value}: {error}");
        }
    }

    #[test]
    fn any_order_and_any_number() {
        let mut values: Vec<f64> = (1..50_000u64).map(|i| (i * i % 7919 + 1) as f64 * 1e-7).collect();
        let sum = sum_of_logs(&values);
        let expected: f64 = values.iter().map(|value| value.ln()).sum();
        assert!((sum - expected).abs() < 1e-9, "{sum} {expected}");
        values.reverse();
        values.swap(3, 40_000);
        assert_eq!(sum_of_logs(&values).to_bits(), sum.to_bits());
    }

    #[test]
    fn products_of_any_magnitude_in_any_number() {
        // Over all finite magnitudes, zero left out: the smallest and the largest meet in one product.
        let far = |i: u64| {
            f64::from_bits(1 + i.wrapping_mul(0x9e37_79b9_7f4a_7c15) % (f64::INFINITY.to_bits() - 1))
        };
        let values: Vec<f64> = (0..10_000).map(far).chain((1..1000).map(|i| i as f64 * 0.01)).collect();
        for n in (0..200).chain([4095, 4096, 4097, values.len()]) {
            let (sum, expected) = (sum_in_order(&values[..n]), sum_of_logs(&values[..n]));
            let error = n as f64 * f64::EPSILON + expected.abs() * f64::EPSILON;
            assert!((sum - expected).abs() <= error, "{n} values: {sum} {expected}");
        }
    }

    #[test]
    fn the_ends() {
        for sum in [sum_of_logs, sum_in_order] {
            assert_eq!(sum(&[]), 0.0);
            assert_eq!(sum(&[1.0, 0.0, f64::INFINITY]), f64::NEG_INFINITY);
            assert_eq!(sum(&[[1.0; 64], [0.0; 64], [f64::INFINITY; 64]].concat()), f64::NEG_INFINITY);
            assert_eq!(sum(&[1.0, f64::INFINITY]), f64::INFINITY);
            assert_eq!(sum(&[[1.0; 64], [f64::INFINITY; 64]].concat()), f64::INFINITY);
        }
    }
}
