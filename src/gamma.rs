//! The logarithm of the gamma function and its derivatives, digamma and trigamma, at positive arguments.
//!
//! ```text
//! ln Gamma(x) = (x - 1/2) ln x - x + ln(2 pi) / 2 + sum over k  B_2k / (2k (2k - 1) x^(2k - 1))
//! ```
//!
//! from 16 on, where the first term left out is below 1e-16, and the derivatives of that; below by the recurrence
//! `Gamma(x + 1) = x Gamma(x)`. Within a few units in the last place of the largest term.

/// Where the series serves.
const FROM: f64 = 16.0;

const HALF_LN_2_PI: f64 = 0.918_938_533_204_672_8;

/// `sum of coefficient * square^k`.
fn series(coefficients: [f64; 6], square: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * square + coefficient)
}

const STIRLING: [f64; 6] =
    [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0];

/// `ln Gamma(x)` for `x` above 0.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    let (mut product, mut x) = (1.0, x);
    while x < FROM {
        product *= x;
        x += 1.0;
    }
    (x - 0.5) * x.ln() - x + HALF_LN_2_PI + series(STIRLING, 1.0 / (x * x)) / x - f64::ln(product)
}

/// `ln Gamma(x + m) - ln Gamma(x)`, also where `x` is so large that the two are nearly equal.
pub(crate) fn ln_rising(x: f64, m: f64) -> f64 {
    if x < FROM {
        return ln_gamma(x + m) - ln_gamma(x);
    }
    let rest = |x: f64| series(STIRLING, 1.0 / (x * x)) / x;
    let last = x + m;
    m * x.ln() + (last - 0.5) * (m / x).ln_1p() - m + rest(last) - rest(x)
}

/// `psi(x)`, the derivative of `ln Gamma`, for `x` above 0.
pub(crate) fn digamma(x: f64) -> f64 {
    const TERMS: [f64; 6] =
        [-1.0 / 12.0, 1.0 / 120.0, -1.0 / 252.0, 1.0 / 240.0, -1.0 / 132.0, 691.0 / 32_760.0];
    let (mut sum, mut x) = (0.0, x);
    while x < FROM {
        sum += 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    x.ln() - 0.5 / x + series(TERMS, square) * square - sum
}

const BERNOULLI: [f64; 6] = [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0];

/// `psi'(x)`, the derivative of digamma, for `x` above 0.
pub(crate) fn trigamma(x: f64) -> f64 {
    let (mut sum, mut x) = (0.0, x);
    while x < FROM {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    (1.0 + 0.5 / x + series(BERNOULLI, square) * square) / x + sum
}

/// `1 / x - psi'(x + 1)`, about `1 / 2x^2` for large `x`, where the two are nearly equal.
pub(crate) fn trigamma_gap(x: f64) -> f64 {
    if x < FROM {
        return 1.0 / x - trigamma(x + 1.0);
    }
    let square = 1.0 / (x * x);
    square * (0.5 - series(BERNOULLI, square) / x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::{LN_2, PI};

    const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-13 * expected.abs().max(1.0), "{found} {expected}");
    }

    #[test]
    fn closed_forms() {
        close(ln_gamma(0.5), PI.ln() / 2.0);
        close(ln_gamma(1.0), 0.0);
        close(ln_gamma(2.0), 0.0);
        close(ln_gamma(11.0), 3_628_800f64.ln());
        close(ln_gamma(1e-300), 300.0 * 10f64.ln());
        close(digamma(1.0), -EULER_GAMMA);
        close(digamma(0.5), -EULER_GAMMA - 2.0 * LN_2);
        close(digamma(0.25), -EULER_GAMMA - PI / 2.0 - 3.0 * LN_2);
        close(digamma(1e9), 1e9f64.ln() - 0.5e-9);
        close(trigamma(1.0), PI * PI / 6.0);
        close(trigamma(0.5), PI * PI / 2.0);
        close(trigamma(0.25), PI * PI + 8.0 * 0.915_965_594_177_219);
        close(1e9 * trigamma(1e9), 1.0 + 0.5e-9);
        close(1e18 * trigamma_gap(1e9), 0.5 - 1e-9 / 6.0);
    }

    /// `Gamma(2x) = Gamma(x) Gamma(x + 1/2) 2^(2x - 1) / sqrt(pi)`, and its derivatives.
    #[test]
    fn duplication() {
        for i in 1..4000 {
            let x = f64::from(i) * 0.013;
            let half = x + 0.5;
            let shift = (2.0 * x - 1.0) * LN_2 - PI.ln() / 2.0;
            close(ln_gamma(2.0 * x), ln_gamma(x) + ln_gamma(half) + shift);
            close(2.0 * digamma(2.0 * x), digamma(x) + digamma(half) + 2.0 * LN_2);
            close(4.0 * trigamma(2.0 * x), trigamma(x) + trigamma(half));
            close(x * x * trigamma_gap(x), x * x * (1.0 / x - trigamma(x + 1.0)));
        }
    }

    #[test]
    fn products() {
        for x in [0.1, 1.0, 15.5, 16.5, 1e3, 1e9, 1e20] {
            let product: f64 = (0..7).map(|i| (x + f64::from(i)).ln()).sum();
            close(ln_rising(x, 7.0), product);
        }
    }

    #[test]
    fn integers() {
        for m in 1..2000 {
            close(digamma(m as f64), crate::digamma(m));
        }
    }
}
