//! Keys numbered in the order in which they are met: a hash table with open addressing.
//!
//! Keys can be made to fall into each other's slots. The slots looked at are counted: past a few for each key, on average,
//! the table gives up, and what uses it sorts instead. So the hash needs no secret, and nothing depends on chance.

use crate::{Error, memory};

/// Slots at first.
const FIRST: usize = 1 << 11;

/// Slots that are looked at for each key, on average and at most.
const MOST_PROBES: usize = 4;

/// In place of a number, where a slot is free.
const FREE: u32 = u32::MAX;

/// Keys and their numbers.
pub(super) struct Numbering {
    slots: Vec<(u64, u32)>,
    keys: Vec<u64>,
    /// Slots that may still be looked at.
    budget: usize,
}

impl Numbering {
    pub(super) fn new() -> Result<Self, Error> {
        Ok(Self { slots: memory::filled(FIRST, (0, FREE))?, keys: Vec::new(), budget: FIRST })
    }

    /// The keys by their number.
    pub(super) fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The numbers of some keys; false to give up.
    pub(super) fn number(&mut self, keys: &[u64], numbers: &mut [u32]) -> Result<bool, Error> {
        self.keys.try_reserve(keys.len()).map_err(|_| Error::OutOfMemory)?;
        if !self.make_room(keys.len())? {
            return Ok(false);
        }
        self.budget += MOST_PROBES * keys.len();
        for (&key, number) in keys.iter().zip(numbers) {
            let Some(slot) = self.find(key) else { return Ok(false) };
            if self.slots[slot].1 == FREE {
                self.slots[slot] = (key, self.keys.len() as u32);
                self.keys.push(key);
            }
            *number = self.slots[slot].1;
        }
        Ok(true)
    }

    /// Half of the slots stay free, whatever keys are added.
    fn make_room(&mut self, n: usize) -> Result<bool, Error> {
        if 2 * (self.keys.len() + n) <= self.slots.len() {
            return Ok(true);
        }
        self.slots = memory::filled(4 * self.slots.len(), (0, FREE))?;
        self.budget += MOST_PROBES * self.keys.len();
        for number in 0..self.keys.len() {
            let key = self.keys[number];
            let Some(slot) = self.find(key) else { return Ok(false) };
            self.slots[slot] = (key, number as u32);
        }
        Ok(true)
    }

    /// The slot of a key, or the free one where it belongs.
    #[inline(always)]
    fn find(&mut self, key: u64) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let mut slot = hash(key) & mask;
        loop {
            let (found, number) = self.slots[slot];
            if number == FREE || found == key {
                return Some(slot);
            }
            self.budget = self.budget.checked_sub(1)?;
            slot = (slot + 1) & mask;
        }
    }
}

/// Both halves of a product: all bits of the key go into all of these.
fn hash(key: u64) -> usize {
    let product = u128::from(key ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93;
    ((product >> 64) ^ product) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(keys: &[u64]) -> Option<(Vec<u32>, Vec<u64>)> {
        let mut numbering = Numbering::new().expect("memory");
        let mut numbers = vec![0; keys.len()];
        for (keys, numbers) in keys.chunks(1000).zip(numbers.chunks_mut(1000)) {
            if !numbering.number(keys, numbers).expect("memory") {
                return None;
            }
        }
        Some((numbers, numbering.keys))
    }

    #[test]
    fn numbers_lead_back_to_the_keys() {
        for spread in [1, 1 << 20, 1 << 63] {
            let keys: Vec<u64> = (0..50_000u64).map(|i| (i * i % 7919).wrapping_mul(spread)).collect();
            let (numbers, distinct) = numbered(&keys).expect("nobody made these collide");
            assert!(numbers.iter().zip(&keys).all(|(&number, &key)| distinct[number as usize] == key));
            let mut sorted = distinct.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), distinct.len());
        }
    }

    #[test]
    fn keys_made_to_collide_are_given_up() {
        let keys: Vec<u64> = (0..u64::MAX).filter(|&key| hash(key) % (1 << 12) == 5).take(2000).collect();
        assert_eq!(numbered(&keys), None);
    }
}
