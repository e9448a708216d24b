//! A weight as an integer of 256 bits, so that sums do not depend on the order of the terms.
//!
//! Units are 2^-192: a weight from 2^-140 on is what it was as a float, to the last bit, and so are all sums.

use std::fmt;

use crate::Error;

/// Digits of a float.
const DIGITS: i32 = f64::MANTISSA_DIGITS as i32;

/// A number of at least 0 and below 2^63, in units of 2^-192.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight {
    /// In units of 2^-64: below 2^127.
    high: u128,
    /// In units of 2^-192.
    low: u128,
}

impl Weight {
    /// The nearest multiple of the unit; `None` for what is negative, NaN, or 2^63 or more.
    ///
    /// ```
    /// use mutua::Weight;
    ///
    /// let weight = Weight::new(0.1).expect("a weight");
    /// assert_eq!(f64::from(weight), 0.1);
    /// assert_eq!(Weight::new(-1.0), None);
    /// ```
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        if !(0.0..9_223_372_036_854_775_808.0).contains(&value) {
            return None;
        }
        let biased = (value.to_bits() >> (DIGITS - 1)) as i32 & 0x7FF; // Without the sign of -0.0.
        let fraction = value.to_bits() & ((1 << (DIGITS - 1)) - 1);
        let digits = u128::from(if biased > 0 { fraction | 1 << (DIGITS - 1) } else { fraction });
        // The value is `digits` times 2^(shift - 192).
        let shift = biased.max(1) - (f64::MAX_EXP - 1) - (DIGITS - 1) + 192;
        Some(match shift {
            128.. => Self { high: digits << (shift - 128), low: 0 },
            1..128 => Self { high: digits >> (128 - shift), low: digits << shift },
            -60..1 => Self { high: 0, low: ((digits << 1 >> -shift) + 1) >> 1 },
            _ => Self::default(),
        })
    }

    /// A number of samples, below 2^63.
    pub(crate) fn of_count(count: u64) -> Self {
        Self { high: u128::from(count) << 64, low: 0 }
    }

    /// The sum, if it is below 2^63.
    pub(crate) fn plus(self, other: Self) -> Result<Self, Error> {
        let (low, carry) = self.low.overflowing_add(other.low);
        let high = self.high + other.high + u128::from(carry);
        if high >> 127 == 0 { Ok(Self { high, low }) } else { Err(Error::Total) }
    }

    pub(crate) fn is_zero(self) -> bool {
        self == Self::default()
    }

    /// As 64-bit words, the highest first.
    #[must_use]
    pub fn to_words(self) -> [u64; 4] {
        [(self.high >> 64) as u64, self.high as u64, (self.low >> 64) as u64, self.low as u64]
    }

    /// From such words, if it is below 2^63.
    #[must_use]
    pub fn from_words(words: [u64; 4]) -> Option<Self> {
        let [a, b, c, d] = words.map(u128::from);
        (a >> 63 == 0).then_some(Self { high: a << 64 | b, low: c << 64 | d })
    }

    /// By how many bits the total of a table is to be shifted for [`Weight::shifted`] to be from 2^126 to 2^127.
    pub(crate) fn room(self) -> u32 {
        let zeros = if self.high > 0 { self.high.leading_zeros() } else { 128 + self.low.leading_zeros() };
        zeros - 1
    }

    /// The higher half, after a shift by so many bits.
    pub(crate) fn shifted(self, bits: u32) -> u128 {
        match bits {
            0 => self.high,
            1..128 => self.high << bits | self.low >> (128 - bits),
            128..256 => self.low << (bits - 128),
            _ => 0,
        }
    }
}

impl From<Weight> for f64 {
    /// The nearest float.
    fn from(weight: Weight) -> Self {
        let zeros = weight.room();
        let below = if zeros < 128 { weight.low << zeros } else { 0 };
        // A bit for whatever is below, that rounding may need.
        let digits = weight.shifted(zeros) | u128::from(below > 0);
        digits as Self * 2f64.powi(-64 - zeros.min(255) as i32)
    }
}

impl fmt::Debug for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Weight({})", f64::from(*self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_come_back() {
        let powers = (-139..63).map(|exponent| 2f64.powi(exponent));
        for value in powers.flat_map(|power| [power, power * 1.1, power * (2.0 - f64::EPSILON)]) {
            let weight = Weight::new(value).expect("in range");
            assert_eq!(f64::from(weight), value);
            assert_eq!(Weight::from_words(weight.to_words()), Some(weight));
            assert_eq!(f64::from(weight.plus(Weight::default()).expect("the same")), value);
        }
        for value in [0.0, -0.0, 5e-324, 2f64.powi(-194)] {
            assert!(Weight::new(value).expect("in range").is_zero(), "{value}");
        }
        assert_eq!(f64::from(Weight::new(2f64.powi(-192) * 1.4).expect("in range")), 2f64.powi(-192));
        for value in [-1.0, -5e-324, f64::NAN, f64::INFINITY, 2f64.powi(63)] {
            assert_eq!(Weight::new(value), None);
        }
        assert_eq!(f64::from(Weight::of_count(12)), 12.0);
    }

    #[test]
    fn sums_are_exact_and_rounded_once() {
        let [one, tiny] = [1.0, 2f64.powi(-53)].map(|value| Weight::new(value).expect("in range"));
        let smallest = Weight::new(2f64.powi(-192)).expect("in range");
        let half_way = one.plus(tiny).expect("small");
        assert_eq!(f64::from(half_way), 1.0);
        assert_eq!(f64::from(half_way.plus(smallest).expect("small")), 1.0 + f64::EPSILON);
        let large = Weight::new(2f64.powi(62)).expect("in range");
        assert_eq!(large.plus(large), Err(Error::Total));
    }
}
