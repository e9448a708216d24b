//! Keys numbered in the order in which they are met: a hash table with open addressing.
//!
//! Keys can be made to fall into each other's slots. The slots looked at are counted: past a few for each key, on average,
//! the table gives up, and what uses it sorts instead. So the hash needs no secret, and nothing depends on chance.

use crate::threads::Interrupt;
use crate::{Error, memory};

/// Slots at first.
const FIRST: usize = 1 << 11;

/// Slots that are looked at for each key, on average and at most.
const MOST_PROBES: usize = 4;

/// In place of a number, where a slot is free.
const FREE: u32 = u32::MAX;

/// Rows that are numbered between two questions whether to go on.
const BATCH: usize = 1 << 14;

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

    /// The number of a key, where `same` agrees: keys may stand for longer ones. `None` to give up.
    #[inline(always)]
    pub(super) fn number(
        &mut self,
        key: u64,
        mut same: impl FnMut(u32) -> bool,
    ) -> Result<Option<u32>, Error> {
        self.budget += MOST_PROBES;
        let Some(slot) = self.find(key, &mut same) else { return Ok(None) };
        if self.slots[slot].1 != FREE {
            return Ok(Some(self.slots[slot].1));
        }
        let number = self.keys.len() as u32;
        if self.keys.len() == self.keys.capacity() {
            self.keys.try_reserve(1).map_err(|_| Error::OutOfMemory)?;
        }
        self.keys.push(key);
        self.slots[slot] = (key, number);
        let fits = 2 * self.keys.len() < self.slots.len() || self.grow()?;
        Ok(fits.then_some(number))
    }

    /// Half of the slots stay free.
    fn grow(&mut self) -> Result<bool, Error> {
        self.slots = memory::filled(2 * self.slots.len(), (0, FREE))?;
        self.budget += MOST_PROBES * self.keys.len();
        for number in 0..self.keys.len() {
            let key = self.keys[number];
            // Keys that stand for different ones each have a slot.
            let Some(slot) = self.find(key, &mut |_| false) else { return Ok(false) };
            self.slots[slot] = (key, number as u32);
        }
        Ok(true)
    }

    /// The slot of a key, or the free one where it belongs.
    #[inline(always)]
    fn find(&mut self, key: u64, same: &mut impl FnMut(u32) -> bool) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let mut slot = mix(key, 0) as usize & mask;
        loop {
            let (found, number) = self.slots[slot];
            if number == FREE || (found == key && same(number)) {
                return Some(slot);
            }
            self.budget = self.budget.checked_sub(1)?;
            slot = (slot + 1) & mask;
        }
    }
}

/// Both halves of a product: all bits of the word go into all of these.
fn mix(word: u64, hash: u64) -> u64 {
    let product = u128::from(word ^ hash ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93;
    (product >> 64) as u64 ^ product as u64
}

/// Rows of bytes and their numbers, with a copy of each: nearer to each other than where they come from.
pub(crate) struct Rows {
    numbering: Numbering,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Rows {
    pub(crate) fn new() -> Result<Self, Error> {
        Ok(Self { numbering: Numbering::new()?, bytes: Vec::new(), ends: Vec::new() })
    }

    /// The number of a row; `None` to give up.
    #[inline(always)]
    pub(crate) fn number(&mut self, row: &[u8]) -> Result<Option<u32>, Error> {
        let Self { numbering, bytes, ends } = self;
        let start = |number: usize| if number == 0 { 0 } else { ends[number - 1] };
        let same = |number| &bytes[start(number as usize)..ends[number as usize]] == row;
        let number = numbering.number(hash(row), same)?;
        if numbering.keys.len() > ends.len() {
            bytes.try_reserve(row.len()).map_err(|_| Error::OutOfMemory)?;
            ends.try_reserve(1).map_err(|_| Error::OutOfMemory)?;
            bytes.extend_from_slice(row);
            ends.push(bytes.len());
        }
        Ok(number)
    }
}

/// The numbers of rows of `width` bytes, in the order in which they are met; `None` to give up, or if there are no bytes.
///
/// # Errors
/// [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// let rows = mutua::number_rows(b"to be to do", 3, &mutua::Interrupt::never())?;
/// assert_eq!(rows, Some(vec![0, 1, 0]));
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn number_rows(bytes: &[u8], width: usize, interrupt: &Interrupt<'_>) -> Result<Option<Vec<u32>>, Error> {
    if width == 0 {
        return Ok(None);
    }
    memory::check_size(bytes.len() / width)?;
    let (mut rows, mut numbers) = (Rows::new()?, memory::with_capacity(bytes.len() / width)?);
    for (index, row) in bytes.chunks_exact(width).enumerate() {
        if index % BATCH == 0 {
            interrupt.check()?;
        }
        let Some(number) = rows.number(row)? else { return Ok(None) };
        numbers.push(number);
    }
    Ok(Some(numbers))
}

fn hash(row: &[u8]) -> u64 {
    let (words, rest) = row.as_chunks::<8>();
    let hash = words.iter().fold(0, |hash, &word| mix(u64::from_ne_bytes(word), hash));
    let last = rest.iter().fold(row.len() as u64, |last, &byte| last << 8 | u64::from(byte));
    mix(last, hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(keys: &[u64]) -> Option<(Vec<u32>, Vec<u64>)> {
        let mut numbering = Numbering::new().expect("memory");
        let number = |&key: &u64| numbering.number(key, |_| true).expect("memory");
        let numbers = keys.iter().map(number).collect::<Option<Vec<_>>>()?;
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
        let keys: Vec<u64> = (0..u64::MAX).filter(|&key| mix(key, 0) % (1 << 13) == 5).take(2000).collect();
        assert_eq!(numbered(&keys), None);
    }

    #[test]
    fn rows_of_any_width() {
        for width in [1, 3, 8, 13, 44] {
            let row = |i: usize| (0..width).map(move |byte| ((i * i % 701) >> (byte % 4 * 3)) as u8);
            let bytes: Vec<u8> = (0..20_000).flat_map(row).collect();
            let numbers = number_rows(&bytes, width, &Interrupt::never());
            let mut firsts: Vec<&[u8]> = Vec::new();
            for (row, number) in bytes.chunks(width).zip(numbers.expect("memory").expect("few collide")) {
                if number as usize == firsts.len() {
                    firsts.push(row);
                }
                assert_eq!(firsts[number as usize], row);
            }
            assert_eq!(firsts.len(), firsts.iter().collect::<std::collections::BTreeSet<_>>().len());
        }
        assert_eq!(number_rows(&[], 0, &Interrupt::never()), Ok(None));
    }
}
