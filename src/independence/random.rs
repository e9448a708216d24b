//! Random numbers of our own: the same for a seed on every machine, and for any number of threads.
//!
//! xoshiro256++ (Blackman and Vigna 2021), whose state SplitMix64 fills (Steele, Lea and Flood 2014). Each surrogate has a
//! stream of its own, named by its number, so it does not matter who draws which, or when.

/// What SplitMix64 adds at each step.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// One stream of random numbers.
#[derive(Debug, Clone)]
pub struct Random([u64; 4]);

impl Random {
    /// Stream number `index` of a seed.
    ///
    /// ```
    /// use mutua::Random;
    ///
    /// let (mut one, mut other) = (Random::stream(0, 7), Random::stream(0, 8));
    /// assert_ne!(one.bits(), other.bits());
    /// ```
    #[must_use]
    pub fn stream(seed: u64, index: u64) -> Self {
        let mut counter = mixed(mixed(seed.wrapping_add(STEP)).wrapping_add(index));
        Self(std::array::from_fn(|_| {
            counter = counter.wrapping_add(STEP);
            mixed(counter)
        }))
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let state = &mut self.0;
        let drawn = state[0].wrapping_add(state[3]).rotate_left(23).wrapping_add(state[0]);
        let shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = state[3].rotate_left(45);
        drawn
    }

    /// A number below `bound`, each as likely (Lemire 2019); 0 for a bound of 0.
    #[inline]
    pub fn below(&mut self, bound: u32) -> u32 {
        let product = |bits: u64| (bits >> 32) * u64::from(bound);
        let mut drawn = product(self.bits());
        if (drawn as u32) < bound {
            // 2^32 modulo the bound.
            let surplus = bound.wrapping_neg() % bound;
            while (drawn as u32) < surplus {
                drawn = product(self.bits());
            }
        }
        (drawn >> 32) as u32
    }

    /// A multiple of 2^-53 that is at least 0 and below 1.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Any order of the items, each as likely (Fisher and Yates, Durstenfeld 1964).
    #[inline]
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}

/// The output function of SplitMix64.
fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first output of SplitMix64 from 0, and those of xoshiro256++ from 1, 2, 3, 4, as their authors print them.
    #[test]
    fn published_values() {
        assert_eq!(mixed(STEP), 0xe220_a839_7b1d_cdaf);
        let mut random = Random([1, 2, 3, 4]);
        assert_eq!(
            [(); 4].map(|()| random.bits()),
            [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]
        );
    }

    #[test]
    fn numbers_below_a_bound_are_as_likely() {
        for bound in [1u32, 2, 3, 5, 6, 7] {
            let (mut random, mut counts) = (Random::stream(0, bound.into()), [0f64; 7]);
            (0..70_000).for_each(|_| counts[random.below(bound) as usize] += 1.0);
            let expected = 70_000.0 / f64::from(bound);
            let statistic = counts[..bound as usize].iter().map(|c| (c - expected).powi(2) / expected).sum();
            assert!(
                crate::chi_square_survival(u64::from(bound) - 1, statistic) > 0.001,
                "{bound}: {counts:?}"
            );
        }
        assert_eq!(Random::stream(0, 0).below(0), 0);
    }

    #[test]
    fn permutations_are_as_likely() {
        let mut counts = std::collections::HashMap::<[u8; 4], f64>::new();
        for index in 0..48_000 {
            let mut items = [0, 1, 2, 3];
            Random::stream(3, index).shuffle(&mut items);
            *counts.entry(items).or_default() += 1.0;
        }
        assert_eq!(counts.len(), 24);
        let statistic = counts.values().map(|count| (count - 2000.0).powi(2) / 2000.0).sum();
        assert!(crate::chi_square_survival(23, statistic) > 0.001, "{counts:?}");
    }
}
