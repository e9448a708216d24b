//! Sorting keys that remember where they came from.
//!
//! Radix passes over the 33 highest bits in which the keys differ put all but a few pairs in order; runs that agree in
//! all of these are sorted by comparison. Linear for spread keys, O(n log n) for any.

use crate::threads::Interrupt;
use crate::{Error, memory};

/// A key and the position it had.
type Pair = (u64, u32);

/// Bits that a pass sorts by, and how many passes there are at most.
const DIGIT: u32 = 11;
const MOST_PASSES: u32 = 3;

/// Below this a comparison sort is as fast.
const FEW: usize = 1 << 10;

/// The position of every key in ascending order of the keys, with the keys; equal keys keep their order.
pub(crate) fn argsort(
    keys: impl ExactSizeIterator<Item = u64>,
    interrupt: &Interrupt<'_>,
) -> Result<Vec<Pair>, Error> {
    let n = memory::check_size(keys.len())?;
    let mut pairs = memory::collect(keys.zip(0..n))?;
    if pairs.len() < FEW {
        pairs.sort_unstable();
        return Ok(pairs);
    }
    let lowest = pairs.iter().fold(u64::MAX, |lowest, pair| lowest.min(pair.0));
    let highest = pairs.iter().fold(0, |highest, pair| highest.max(pair.0));
    let bits = u64::BITS - (highest - lowest).leading_zeros();
    let shift = bits.saturating_sub(MOST_PASSES * DIGIT);
    let high_bits = |pair: &Pair| (pair.0 - lowest) >> shift;
    let mut sorted = memory::filled(pairs.len(), (0, 0))?;
    for pass in 0..(bits - shift).div_ceil(DIGIT) {
        interrupt.check()?;
        let digit = |pair: &Pair| (high_bits(pair) >> (pass * DIGIT)) as usize % (1 << DIGIT);
        deal(&pairs, &mut sorted, digit);
        std::mem::swap(&mut pairs, &mut sorted);
    }
    for run in pairs.chunk_by_mut(|a, b| high_bits(a) == high_bits(b)) {
        if run.len() > 1 {
            interrupt.check()?;
            run.sort_unstable();
        }
    }
    Ok(pairs)
}

/// Deals the pairs out by their digit; pairs with the same digit keep their order.
fn deal(pairs: &[Pair], dealt: &mut [Pair], digit: impl Fn(&Pair) -> usize) {
    let mut places = [0; 1 << DIGIT];
    for pair in pairs {
        places[digit(pair)] += 1;
    }
    let mut start = 0;
    for place in &mut places {
        start += std::mem::replace(place, start);
    }
    for pair in pairs {
        let place = &mut places[digit(pair)];
        dealt[*place] = *pair;
        *place += 1;
    }
}

/// An integer in the order of the floats: negative values reversed, positive ones above them.
pub(crate) fn float_key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_keys_of_every_spread() {
        for modulus in [1, 7, 1 << 11, 1 << 40, u64::MAX] {
            for offset in [0, 1 << 63] {
                let keys: Vec<u64> = (0..5000u64)
                    .map(|i| offset ^ (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) % modulus))
                    .collect();
                let mut expected: Vec<Pair> = keys.iter().copied().zip(0..).collect();
                expected.sort();
                assert_eq!(argsort(keys.into_iter(), &Interrupt::never()), Ok(expected));
            }
        }
    }

    #[test]
    fn keys_have_the_order_of_what_they_stand_for() {
        let floats = [f64::MIN, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1.0, f64::MAX];
        assert!(floats.map(float_key).is_sorted());
    }
}
