//! `ln(1 + d)`, what it lacks of `d`, and `exp`: arithmetic only, in lanes, with the same bits on every machine.
//!
//! ```text
//! 1 + d = 2^e (1 + t),   sqrt(1/2) <= 1 + t < sqrt(2),   s = t / (2 + t),   |s| < 0.172
//! t - ln(1 + t) = s t - 2 (s^3 / 3 + s^5 / 5 + ...)
//! ```
//!
//! Where `e = 0`, `t` is `d` itself and nothing cancels.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2, LOG2_E};

use fearless_simd::{f64x8, i64x8, prelude::*};

/// What `artanh s = s + s^3 / 3 + ...` has from `s^21 / 21` down to `s^3 / 3`: the next term is below 1e-17 of the first.
pub(crate) const SERIES: [f64; 10] = [
    1.0 / 21.0,
    1.0 / 19.0,
    1.0 / 17.0,
    1.0 / 15.0,
    1.0 / 13.0,
    1.0 / 11.0,
    1.0 / 9.0,
    1.0 / 7.0,
    1.0 / 5.0,
    1.0 / 3.0,
];

/// `1 / 13!` down to `1 / 0!`: for half of `ln 2` the next term is below 1e-17.
pub(crate) const INVERSE_FACTORIALS: [f64; 14] = {
    let (mut inverse, mut factorial, mut i) = ([1.0; 14], 1.0, 1);
    while i < 14 {
        factorial *= i as f64;
        inverse[13 - i] = 1.0 / factorial;
        i += 1;
    }
    inverse
};

/// `ln 2`, which has more digits than a float: 21 bits of it, whose products with integers of 32 bits are exact, and the rest.
pub(crate) const LN_2_PARTS: [f64; 2] =
    [f64::from_bits(LN_2.to_bits() & !0xFFFF_FFFF), 4.749_325_039_031_672_6e-7];

/// `ln(1 + d)` and `d - ln(1 + d)`, for `d > -1` each to a few units in its last place; some number for other `d`.
#[inline(always)]
pub(crate) fn ln_1p<S: Simd>(d: f64x8<S>) -> (f64x8<S>, f64x8<S>) {
    let bits = (d + 1.0).bitcast::<i64x8<S>>();
    let exponent = (bits - FRAC_1_SQRT_2.to_bits() as i64) >> 52;
    let mantissa = (bits - (exponent << 52)).bitcast::<f64x8<S>>();
    let near = exponent.simd_eq(0);
    let t = near.select(d, mantissa - 1.0);
    let s = t / (t + 2.0);
    let square = s * s;
    let mut series = square * SERIES[0] + SERIES[1];
    for &coefficient in &SERIES[2..] {
        series = series * square + coefficient;
    }
    let gap = s * t - s * 2.0 * square * series;
    let log = exponent.to_float::<f64x8<S>>() * LN_2 + (t - gap);
    (log, near.select(gap, d - log))
}

/// `ln(x)` to a few units in its last place, for finite `x` of at least 0: minus infinity at 0.
#[inline(always)]
pub(crate) fn ln<S: Simd>(x: f64x8<S>) -> f64x8<S> {
    const UP: f64 = (1u64 << 54) as f64;
    let subnormal = x.simd_lt(f64::MIN_POSITIVE);
    let bits = subnormal.select(x * UP, x).bitcast::<i64x8<S>>();
    let exponent = (bits - FRAC_1_SQRT_2.to_bits() as i64) >> 52;
    let t = (bits - (exponent << 52)).bitcast::<f64x8<S>>() - 1.0;
    let s = t / (t + 2.0);
    let square = s * s;
    let mut series = square * SERIES[0] + SERIES[1];
    for &coefficient in &SERIES[2..] {
        series = series * square + coefficient;
    }
    let gap = s * t - s * 2.0 * square * series;
    let scale = exponent.to_float::<f64x8<S>>();
    let scale = subnormal.select(scale - 54.0, scale);
    let log = scale * LN_2 + (t - gap);
    x.simd_le(0.0).select(f64x8::splat(x.token(), f64::NEG_INFINITY), log)
}

/// `(1 + d) ln(1 + d) - d` for `d` from -0.29 to 0.41, to a few units in its last place.
pub(crate) fn excess(d: f64) -> f64 {
    let s = d / (d + 2.0);
    let square = s * s;
    let series = SERIES.iter().fold(0.0, |series, coefficient| series * square + coefficient);
    let gap = s * d - s * 2.0 * square * series;
    d * (d - gap) - gap
}

/// `exp(x)` for `x` from -700 to 700, to a few units in its last place.
#[inline(always)]
pub(crate) fn exp<S: Simd>(x: f64x8<S>) -> f64x8<S> {
    // Adding it rounds to an integer, which is then in the lowest bits.
    const ROUND: f64 = 1.5 / f64::EPSILON;
    let shifted = x * LOG2_E + ROUND;
    let exponent = shifted - ROUND;
    let rest = (x - exponent * LN_2_PARTS[0]) - exponent * LN_2_PARTS[1];
    let mut series = rest * INVERSE_FACTORIALS[0] + INVERSE_FACTORIALS[1];
    for &coefficient in &INVERSE_FACTORIALS[2..] {
        series = series * rest + coefficient;
    }
    let power = (shifted.bitcast::<i64x8<S>>() << 52) + 1f64.to_bits() as i64;
    series * power.bitcast::<f64x8<S>>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::in_lanes;

    fn log_and_gap(d: f64) -> (f64, f64) {
        in_lanes!(simd => {
            let (log, gap) = ln_1p(f64x8::splat(simd, d));
            (log[3], gap[5])
        })
    }

    #[test]
    fn logarithms_and_gaps() {
        let wide = (-60..60).map(|i| 2f64.powi(i) * 1.3);
        let narrow = (-990..4000).map(|i| f64::from(i) * 1e-3);
        for d in wide.clone().map(|d| -d).filter(|&d| d > -1.0).chain(wide).chain(narrow) {
            let (log, gap) = log_and_gap(d);
            assert!((log - d.ln_1p()).abs() <= 1e-15 * d.ln_1p().abs(), "{d}: {log}");
            // Half of the square, times what the series has left.
            let exact = match d.abs() {
                small if small < 0.05 => {
                    d * d * (2..30).rev().fold(0.0, |tail, m| 1.0 / f64::from(m) - d * tail)
                }
                _ => d - d.ln_1p(),
            };
            assert!((gap - exact).abs() <= 2e-15 * exact + 1e-16 * d.abs().min(1.0), "{d}: {gap} {exact}");
        }
    }

    #[test]
    fn beyond_its_domain_it_is_some_number() {
        for d in [-1.0, -1.5, -2.0, -3e5] {
            let (log, gap) = log_and_gap(d);
            assert!(log.is_finite() && gap.is_finite(), "{d}");
        }
    }

    #[test]
    fn logarithms() {
        let all = (1..4000u64).map(|i| f64::from_bits(i * (f64::MAX.to_bits() / 4000)));
        let near_one = (-400..400).map(|i| 1.0 + f64::from(i) * 0.0007);
        for x in all.chain(near_one).chain([5e-324, 3e-310]) {
            let found = in_lanes!(simd => ln(f64x8::splat(simd, x))[2]);
            assert!((found - x.ln()).abs() <= 1e-15 * x.ln().abs(), "{x}: {found}");
        }
        assert_eq!(in_lanes!(simd => ln(f64x8::splat(simd, 0.0))[1]), f64::NEG_INFINITY);
    }

    #[test]
    fn exponentials() {
        for x in (-70_000..70_000).map(|i| f64::from(i) * 0.01) {
            let found = in_lanes!(simd => exp(f64x8::splat(simd, x))[0]);
            assert!((found / x.exp() - 1.0).abs() < 1e-15, "{x}: {found}");
        }
    }
}
