//! Integers of 128 bits: their logarithms, products and quotients.

use crate::n_log_n::{LEADING, LN_2, LOG_FRACTION, series};

/// `ln n` in units of 2^-110, for `n` above 0: within 2^-105.
///
/// A third of a microsecond, with two long divisions, where `n_log_n` takes a third of that for small numbers.
pub(crate) fn ln(n: u128) -> i128 {
    let exponent = n.ilog2();
    let shifted = n << (127 - exponent);
    // ln(m + t) = ln m + t / m, and the square of that is below 2^-126.
    let (m, tail) = ((shifted >> 64) as u64, shifted as u64);
    let rest = u128::from(m & ((1 << 57) - 1));
    let under = 2 * u128::from(m) - rest;
    let (high, left) = ((rest << 71) / under, (rest << 71) % under);
    let s = (high << (LOG_FRACTION - 71)) + (left << (LOG_FRACTION - 71)) / under;
    let log = u128::from(exponent) * LN_2 + LEADING[(m >> 57) as usize - 64] + 2 * series(s, 8);
    (log + (u128::from(tail) << (LOG_FRACTION - 64)) / u128::from(m)) as i128
}

/// The product, its higher half first.
pub(crate) fn product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let middle = a1 * b0 + ((a0 * b0) >> 64); // Below 2^128: (2^64 - 1)^2 + 2^64 - 1.
    let (middle, carry) = middle.overflowing_add(a0 * b1);
    (a1 * b1 + (middle >> 64) + (u128::from(carry) << 64), middle << 64 | ((a0 * b0) & LOW))
}

/// The higher half of a product with the sign of `b`, cut.
pub(crate) fn product_high(a: u128, b: i128) -> i128 {
    product(a, b.unsigned_abs()).0 as i128 * b.signum()
}

/// The difference of two products below 2^255, rounded.
pub(crate) fn difference(a: (u128, u128), b: (u128, u128)) -> f64 {
    if a < b { -float(minus(b, a)) } else { float(minus(a, b)) }
}

/// The difference of a product and one that is not larger.
pub(crate) fn minus(a: (u128, u128), b: (u128, u128)) -> (u128, u128) {
    let (low, borrow) = a.1.overflowing_sub(b.1);
    (a.0 - b.0 - u128::from(borrow), low)
}

/// The float nearest to a product, or next to that.
pub(crate) fn float((high, low): (u128, u128)) -> f64 {
    high as f64 * 2f64.powi(128) + low as f64
}

/// `numerator / denominator` rounded once; both below 2^127, the denominator not 0.
pub(crate) fn ratio(numerator: u128, denominator: u128) -> f64 {
    if numerator.max(denominator) < 1 << f64::MANTISSA_DIGITS {
        return numerator as f64 / denominator as f64;
    }
    // The quotient to more bits than a float has, the last of them set if anything is left.
    let (mut quotient, mut rest) = (numerator / denominator, numerator % denominator);
    let mut shift = 0;
    while rest > 0 && quotient < 1 << 60 {
        rest *= 2;
        quotient = 2 * quotient + u128::from(rest >= denominator);
        rest -= if rest >= denominator { denominator } else { 0 };
        shift += 1;
    }
    (quotient | u128::from(rest > 0)) as f64 * 0.5f64.powi(shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_rounded_once() {
        assert_eq!(ratio(0, 1 << 100), 0.0);
        assert_eq!(ratio(1 << 126, 1 << 126), 1.0);
        assert_eq!(ratio(3 << 100, 1 << 102), 0.75);
        // Half way between two floats, and next to that: to the even one, up, down.
        let (one, half) = (1u128 << 100, 1 << 47);
        assert_eq!(ratio(one + half, one), 1.0);
        assert_eq!(ratio(one + half + 1, one), 1.0 + f64::EPSILON);
        assert_eq!(ratio(one + half - 1, one), 1.0);
        assert_eq!(ratio(one + 3 * half, one), 1.0 + 2.0 * f64::EPSILON);
        assert_eq!(ratio(1, (1 << 126) + (1 << 60)), 2f64.powi(-126));
        assert_eq!(ratio(1, 3 << 60), 2f64.powi(-60) / 3.0);
    }

    /// `ln(a b) = ln a + ln b` to 31 digits.
    #[test]
    fn logarithms_of_products() {
        let numbers = [2, 3, 127, 1 << 40, (1 << 57) + 12_345, u64::MAX, 0x9E37_79B9_7F4A_7C15];
        for a in numbers.map(u128::from) {
            for b in numbers.map(u128::from) {
                assert!(ln(a * b).abs_diff(ln(a) + ln(b)) < 64, "{a} {b}");
            }
            let float = ln(a) as f64 / 2f64.powi(LOG_FRACTION as i32);
            assert!((float / (a as f64).ln() - 1.0).abs() < 3e-16, "{a}");
        }
        assert_eq!(ln(1), 0);
        // ln(1 + d) = d - d^2 / 2 + ...
        assert!(ln((1 << 120) + (1 << 60)).abs_diff(120 * LN_2 as i128 + (1 << 50)) < 64);
    }

    #[test]
    fn products() {
        assert_eq!(product(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(product(1 << 100, 1 << 27), (0, 1 << 127));
        assert_eq!(product(1 << 100, 1 << 28), (1, 0));
        assert_eq!(product(3 << 64 | 5, 7 << 64 | 11), (21, (33 + 35) << 64 | 55));
        assert_eq!((product_high(1 << 127, 6), product_high(1 << 127, -6)), (3, -3));
        assert_eq!(difference((1, 0), (0, u128::MAX)), 1.0);
        assert_eq!(difference((0, 5), (1, 5)), -(2f64.powi(128)));
    }
}
