//! `n ln n` of integers below 2^24 as 128-bit integers, so that sums of them are exact.
//!
//! Entropies and information are differences of such sums. What cancels, cancels exactly: what remains is off by about
//! 2^-80, whatever was taken away.
//!
//! ```text
//! n = 2^e (c + r),  c the leading seven bits:   ln n = e ln 2 + ln c + 2 artanh(r / (2 c + r))
//! artanh s = s + s^3 / 3 + s^5 / 5 + ...
//! ```

/// Units of a sum: 2^-96.
pub(crate) const FRACTION: u32 = 96;

/// Units of a logarithm: 2^-110.
pub(crate) const LOG_FRACTION: u32 = 110;

/// Only numbers below this have a value here.
pub(crate) const LIMIT: u64 = 1 << 24;

/// Values below this are in a table: a larger one takes a tenth of a microsecond.
const IN_TABLE: u64 = 1 << 10;

/// Totals below this are always summed here, so that whoever sums over many tables may have a longer table of values.
pub(crate) const ALWAYS: usize = 1 << 16;

/// Whether to sum so many counts of this total here: most values are in the table, or there are few.
pub(crate) fn serves(total: u128, n_counts: usize) -> bool {
    total < ALWAYS as u128 || (total < u128::from(LIMIT) && total <= IN_TABLE as u128 * n_counts as u128)
}

/// `n ln n` in units of 2^-96, for `n` below [`LIMIT`]; 0 at 0. Within 2^-92, or 2^-106 times `n`.
#[inline]
pub(crate) fn n_log_n(n: u64) -> i128 {
    const TABLE: &[i128; IN_TABLE as usize] = &{
        let mut table = [0; IN_TABLE as usize];
        let mut n = 0;
        while n < IN_TABLE {
            table[n as usize] = compute(n);
            n += 1;
        }
        table
    };
    if n < IN_TABLE { TABLE[n as usize] } else { compute(n) }
}

/// A sum of such values in nats, cut to the digits of a float; 0 for sums that are not positive.
#[inline(always)]
pub(crate) fn to_nats(sum: i128) -> f64 {
    if sum <= 0 {
        return 0.0;
    }
    let zeros = sum.leading_zeros();
    let digits = (sum << zeros) as u128 >> (128 - f64::MANTISSA_DIGITS);
    // The unit of the last digit, made from its exponent.
    let exponent = (f64::MAX_EXP as u32 - 1) + (128 - f64::MANTISSA_DIGITS) - FRACTION - zeros;
    digits as i64 as f64 * f64::from_bits(u64::from(exponent) << (f64::MANTISSA_DIGITS - 1))
}

/// The same of the halves of a sum below 2^116, without a branch, for lanes; below 2^-32 if the upper one is not positive.
#[inline(always)]
pub(crate) fn halves_to_nats(upper: i64, lower: u64) -> f64 {
    const UPPER: f64 = 1.0 / (1u64 << (FRACTION - 64)) as f64;
    const LOWER: f64 = 1.0 / (1u128 << FRACTION) as f64;
    let exponent = (upper as f64).to_bits() >> (f64::MANTISSA_DIGITS - 1);
    // So many of the lower digits are beyond those of a float.
    let cut = exponent.wrapping_sub(f64::MAX_EXP as u64 - 1 - 12) & 63;
    upper as f64 * UPPER + (lower >> cut << cut) as f64 * LOWER
}

const fn compute(n: u64) -> i128 {
    if n < 2 {
        return 0;
    }
    let log = ln(n);
    let (high, low) = (log >> 64, log & u64::MAX as u128);
    let cut = LOG_FRACTION - FRACTION;
    (((high * n as u128) << (64 - cut)) + ((low * n as u128) >> cut)) as i128
}

pub(crate) const LN_2: u128 = 2 * artanh(1, 3, 40);

/// `ln(1 + i / 64)`.
pub(crate) const LEADING: [u128; 64] = {
    let mut logs = [0; 64];
    let mut i = 0;
    while i < 64 {
        logs[i] = 2 * artanh(i as u64, 128 + i as u64, 40);
        i += 1;
    }
    logs
};

/// `ln n` in units of 2^-110.
const fn ln(n: u64) -> u128 {
    let exponent = n.ilog2();
    let leading = (n << (63 - exponent)) >> 57;
    let rest = n & ((1 << exponent.saturating_sub(6)) - 1);
    exponent as u128 * LN_2 + LEADING[leading as usize - 64] + 2 * artanh(rest, 2 * n - rest, 8)
}

/// `artanh` of a quotient of at most 1/3, as [`series`] has it.
const fn artanh(over: u64, under: u64, terms: usize) -> u128 {
    series(((over as u128) << LOG_FRACTION) / under as u128, terms)
}

/// The first terms of `artanh s`, for `s` up to 1/3, both in units of 2^-110.
pub(crate) const fn series(s: u128, terms: usize) -> u128 {
    const INVERSE: [u128; 40] = {
        let mut inverse = [0; 40];
        let mut i = 0;
        while i < 40 {
            inverse[i] = (1 << LOG_FRACTION) / (2 * i as u128 + 1);
            i += 1;
        }
        inverse
    };
    let square = product(s, s);
    let (mut sum, mut i) = (0, terms);
    while i > 0 {
        i -= 1;
        sum = product(sum, square) + INVERSE[i];
    }
    product(s, sum)
}

/// Of two numbers up to 1, in units of 2^-110.
const fn product(a: u128, b: u128) -> u128 {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    ((a1 * b1) << (128 - LOG_FRACTION)) + ((a1 * b0 + a0 * b1 + ((a0 * b0) >> 64)) >> (LOG_FRACTION - 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for n in (2..5000).chain([65_535, 65_536, 1_000_003, LIMIT - 1]) {
            let expected = n as f64 * (n as f64).ln();
            assert!((to_nats(n_log_n(n)) / expected - 1.0).abs() < 4e-16, "{n}");
        }
        assert_eq!((n_log_n(0), n_log_n(1)), (0, 0));
    }

    #[test]
    fn halves() {
        let mut sum = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835u128;
        for bits in (65..116).chain(65..116) {
            sum = sum.wrapping_mul(0xDA94_2042_E4DD_58B5).rotate_left(31);
            for sum in [sum >> (128 - bits), 1 << (bits - 1), (1 << bits) - 1] {
                let sum = sum as i128 | 1 << (bits - 1);
                assert_eq!(halves_to_nats((sum >> 64) as i64, sum as u64), to_nats(sum), "{sum:x}");
            }
        }
    }

    /// `ln(a b) = ln a + ln b` to 29 digits.
    #[test]
    fn products() {
        for (a, b) in [(2u64, 3u64), (7, 11), (127, 128), (1023, 1025), (4099, 4093), (3001, 5)] {
            let difference = n_log_n(a * b) - n_log_n(a) * i128::from(b) - n_log_n(b) * i128::from(a);
            assert!(difference.unsigned_abs() < 16 * u128::from(a * b), "{a} {b}: {difference}");
        }
    }

    /// From 80 decimal digits.
    #[test]
    fn logarithms() {
        let exact = [
            (2, 0x2C5C85FDF473DE6AF278ECE600FC),
            (10, 0x935D8DDDAAA8AC16EA56D62B82D3),
            (1000003, 0x374315FC7386FE85A140490BCB88A),
        ];
        for (n, exact) in exact {
            assert!(ln(n).abs_diff(exact) < 64, "{n}: {}", ln(n));
        }
    }
}
