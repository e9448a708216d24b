//! The survival function of the chi-square distribution: the p-value of a G-test.
//!
//! ```text
//! Q(a, x) = D int_0^inf exp(-(x - a + 1) s - (a - 1) (s - ln(1 + s))) ds,   a = dof / 2,   x = statistic / 2
//! D = x^a exp(-x) / Gamma(a) = sqrt(a / 2 pi) exp(-(x - a - a ln(x / a)) - 1 / 12 a + 1 / 360 a^3 - ...)
//! ```
//!
//! Nothing in it cancels. The exponent of `D`, which loses digits in the tails, is computed in fixed point, and the
//! integral by the trapezoid rule after a double exponential substitution (Takahasi and Mori 1974), which takes the same
//! hundred points for all `a` and `x`. Below the mean it is the complement that is small: the same with `-s`, or a series.

use std::f64::consts::PI;

use fearless_simd::{f64x8, prelude::*};

use crate::lanes::{LANES, in_lanes};
use crate::logarithm::{exp, ln_1p};
use crate::n_log_n::LN_2;
use crate::wide;

/// Up to here `x^a` and `Gamma(a)` are products of a few floats.
const FEW: u64 = 32;

/// Up to here the complement comes from its series, of a few hundred terms at most.
const SOME: u64 = 1 << 11;

/// Exponents beyond this leave less than the smallest float.
const LARGEST_EXPONENT: f64 = 760.0;

/// The probability that chi-square with `dof` degrees of freedom exceeds `statistic`, to 3e-15 of its value down to the
/// smallest normal float; 1 for no degrees of freedom.
///
/// ```
/// assert!((mutua::chi_square_survival(2, 3.0) - (-1.5f64).exp()).abs() < 1e-16);
/// ```
#[must_use]
pub fn chi_square_survival(dof: u64, statistic: f64) -> f64 {
    if dof == 0 || statistic <= 0.0 || statistic.is_nan() {
        return 1.0;
    }
    let (a, x) = (dof as f64 / 2.0, statistic / 2.0);
    if x >= a {
        return density(dof, statistic) * integral(a, x, 1.0);
    }
    let complement = if dof <= SOME { series(a, x) } else { integral(a, x, -1.0) };
    1.0 - density(dof, statistic) * complement
}

/// `x^a exp(-x) / Gamma(a)`.
fn density(dof: u64, statistic: f64) -> f64 {
    let (a, x) = (dof as f64 / 2.0, statistic / 2.0);
    if dof > FEW {
        let exponent = exponent(dof, statistic);
        let inverse = 1.0 / (a * a);
        let terms = [1.0 / 1188.0, -1.0 / 1680.0, 1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0];
        let stirling = terms.iter().fold(0.0, |sum, term| sum * inverse + term) / a;
        return (a / (2.0 * PI)).sqrt() * exponent * (-stirling).exp();
    }
    if x > 2.0 * LARGEST_EXPONENT {
        return 0.0;
    }
    // x^a / Gamma(a), from x / 1 x / 2 ... or x^(1/2) / Gamma(1/2) x / (1/2) x / (3/2) ...
    let (first, start) = if dof.is_multiple_of(2) { (x, 1.0) } else { ((x / PI).sqrt(), 0.5) };
    let power = (0..(dof - 1) / 2).fold(first, |power, i| power * x / (start + i as f64));
    // In two steps: the power may be large where the exponential is too small.
    (-x / 2.0).exp() * power * (-x / 2.0).exp()
}

/// `exp(-(x - a - a ln(x / a)))`, from twice the exponent in units of 2^-80: a difference that is exact before it is
/// rounded.
fn exponent(dof: u64, statistic: f64) -> f64 {
    let rough = (statistic - dof as f64 - dof as f64 * (statistic / dof as f64).ln()) / 2.0;
    if rough.is_nan() || rough > LARGEST_EXPONENT {
        return 0.0;
    }
    // Wrapping: what is left is known to be small.
    let log = ln(statistic) - wide::ln(dof.into());
    let (high, low) = wide::product(dof.into(), log.unsigned_abs());
    let times_log = ((high << 98 | low >> 30) as i128).wrapping_mul(log.signum());
    let (digits, shift) = parts(statistic);
    let whole = match shift + 80 {
        left @ 0..128 => (digits as i128) << left,
        right @ -127..0 => digits as i128 >> -right,
        _ => 0,
    };
    let twice = whole.wrapping_sub(i128::from(dof) << 80).wrapping_sub(times_log);
    let rounded = twice as f64;
    let rest = (twice - rounded as i128) as f64;
    let unit = 2f64.powi(-81);
    (-rounded * unit).exp() * (1.0 - rest * unit)
}

/// `ln value` in units of 2^-110.
fn ln(value: f64) -> i128 {
    let (digits, shift) = parts(value);
    wide::ln(digits.into()) + i128::from(shift) * LN_2 as i128
}

/// The digits of a positive normal float as an integer, and their exponent.
fn parts(value: f64) -> (u64, i32) {
    let value = value.max(f64::MIN_POSITIVE);
    let digits = value.to_bits() & ((1 << 52) - 1) | 1 << 52;
    (digits, (value.to_bits() >> 52) as i32 - 1075)
}

/// The integral over `s` above 0, or with the sign -1 that over `-s` up to 1, where it has long vanished.
fn integral(a: f64, x: f64, sign: f64) -> f64 {
    // Whole numbers of steps on both sides of 0.
    const STEP: f64 = 1.0 / 16.0;
    const FIRST: f64 = -72.0;
    const PACKS: usize = 19;
    let rate = sign * (x - a + 1.0);
    let unit = 1.0 / (rate.abs() + (a / 2.0).sqrt());
    in_lanes!(simd => {
        let lanes = f64x8::load_array(simd, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        let mut sum = f64x8::splat(simd, 0.0);
        for pack in 0..PACKS {
            // s = unit exp(t - exp(-t))
            let t = (lanes + (FIRST + (pack * LANES) as f64)) * STEP;
            let decay = exp(-t);
            let s = exp(t - decay) * unit;
            let gap = ln_1p(s * sign).1;
            let power = s * -rate - gap * (a - 1.0);
            let inside = power.simd_gt(-700.0) & (s * sign).simd_gt(-1.0);
            let value = exp(power) * s * (decay + 1.0);
            sum += inside.select(value, f64x8::splat(simd, 0.0));
        }
        sum.as_array().iter().sum::<f64>() * STEP
    })
}

/// `1 / a + x / a (a + 1) + ...`, for `x` below `a`.
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut next) = (1.0 / a, 0.0, a);
    while term > sum * (f64::EPSILON / 8.0) {
        sum += term;
        next += 1.0;
        term *= x / next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(found: f64, expected: f64, case: (u64, f64)) {
        assert!((found / expected - 1.0).abs() < 3e-15, "{case:?}: {found} {expected}");
    }

    /// With two degrees of freedom it is exponential; with four, that times `1 + x`.
    #[test]
    fn few_degrees_of_freedom() {
        for x in (1..700).map(|i| f64::from(i) * 0.999) {
            assert_close(chi_square_survival(2, 2.0 * x), (-x).exp(), (2, x));
            assert_close(chi_square_survival(4, 2.0 * x), (-x).exp() * (1.0 + x), (4, x));
        }
    }

    /// From 60 decimal digits, on both sides of the mean and of every limit.
    #[test]
    fn values() {
        for (dof, statistic, expected) in [
            (1, 0.5, 0.4795001221869535),
            (1, 30.0, 4.3204630578274975e-08),
            (1, 1350.0, 1.5405535053331527e-295),
            (3, 2.0, 0.5724067044708798),
            (9, 700.0, 6.916357838795498e-145),
            (32, 20.0, 0.9512595966960213),
            (32, 33.0, 0.4180195006078754),
            (32, 1000.0, 1.7139975289423827e-189),
            (33, 33.0, 0.46725288137290916),
            (33, 20.0, 0.9634658994412613),
            (33, 1200.0, 6.037193712898209e-231),
            (100, 99.0, 0.5094721987983741),
            (999, 3000.0, 9.477973075169227e-199),
            (2048, 2000.0, 0.7720162743003786),
            (2049, 2000.0, 0.7767285090836673),
            (2049, 2100.0, 0.2116937999385238),
            (100000, 99500.0, 0.8683043570276465),
            (100000, 110000.0, 2.5841772471796377e-104),
            (1000000, 1050000.0, 2.185638417489726e-265),
        ] {
            assert_close(chi_square_survival(dof, statistic), expected, (dof, statistic));
        }
    }

    #[test]
    fn the_ends() {
        for dof in [1, 2, 32, 33, 2048, 2049, 1 << 40, u64::MAX] {
            assert_eq!(chi_square_survival(dof, 0.0), 1.0);
            assert_eq!(chi_square_survival(dof, 1e-300), 1.0);
            assert_eq!(chi_square_survival(dof, f64::MAX), 0.0);
            assert_eq!(chi_square_survival(dof, f64::INFINITY), 0.0);
            let median = chi_square_survival(dof, dof as f64);
            assert!((0.3..0.5).contains(&median), "{dof}: {median}");
        }
        assert_eq!(chi_square_survival(0, 3.0), 1.0);
    }
}
