//! Rows of bits, and how many bits each two of them share.
//!
//! Eight rows form a group, word by word: a word of one row meets those of eight others in a register, and the counts of
//! a group with another are eight registers. No sum goes across lanes.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::_mm512_ternarylogic_epi64;
use std::ops::Range;

#[cfg(target_arch = "x86_64")]
use fearless_simd::Avx512;
use fearless_simd::{prelude::*, u64x8};

use super::columns::{LabelColumn, WORD};
use crate::lanes::{LANES, in_lanes};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Rows in a block; columns, too, in case they have no rows.
pub(super) const ROWS: usize = 64;

/// Words of a group that are met by all others before the next: two groups stay in the first cache.
const WORDS: usize = 192;

/// Neighbouring columns, with the bits of those that have bits.
pub(super) struct Block {
    pub(super) columns: Range<usize>,
    /// Which row is the first of each column.
    pub(super) first_row: Vec<usize>,
    groups: Vec<Vec<[u64; LANES]>>,
}

impl Block {
    /// Cuts columns into blocks of no more than [`ROWS`] rows or columns.
    pub(super) fn cut(columns: &[LabelColumn]) -> Result<Vec<Range<usize>>, Error> {
        let mut blocks = memory::with_capacity(columns.len())?;
        let (mut first, mut rows) = (0, 0);
        for (index, column) in columns.iter().enumerate() {
            let more = column.n_rows();
            if index > first && (rows + more > ROWS || index - first == ROWS) {
                blocks.push(first..index);
                (first, rows) = (index, 0);
            }
            rows += more;
        }
        blocks.push(first..columns.len());
        Ok(blocks)
    }

    pub(super) fn new(all: &[LabelColumn], columns: Range<usize>, n_samples: usize) -> Result<Self, Error> {
        let n_words = n_samples.div_ceil(WORD);
        let mut first_row = memory::with_capacity(columns.len())?;
        let mut groups = memory::with_capacity(ROWS.div_ceil(LANES))?;
        let mut n_rows = 0;
        for column in &all[columns.clone()] {
            first_row.push(n_rows);
            for row in column.bits.chunks(n_words).take(column.n_rows()) {
                if n_rows % LANES == 0 {
                    groups.push(memory::filled(n_words, [0; LANES])?);
                }
                for (words, &word) in groups[n_rows / LANES].iter_mut().zip(row) {
                    words[n_rows % LANES] = word;
                }
                n_rows += 1;
            }
        }
        Ok(Self { columns, first_row, groups })
    }
}

impl LabelColumn {
    /// Also where there is one level, which needs none.
    pub(super) fn has_bits(&self) -> bool {
        self.sizes.len() == 1 || !self.bits.is_empty()
    }

    pub(super) fn n_rows(&self) -> usize {
        if self.bits.is_empty() { 0 } else { self.sizes.len() - 1 }
    }
}

/// How many bits each row of a block shares with each row of another.
pub(super) struct SharedBits(Vec<[u32; ROWS]>);

impl SharedBits {
    pub(super) fn new() -> Result<Self, Error> {
        Ok(Self(memory::filled(ROWS, [0; ROWS])?))
    }

    pub(super) fn rows_from(&self, row: usize) -> &[[u32; ROWS]] {
        &self.0[row..]
    }

    /// Counts them anew; of a block with itself only rows with themselves and later ones.
    pub(super) fn count(
        &mut self,
        a: &Block,
        b: &Block,
        diagonal: bool,
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        self.0.fill([0; ROWS]);
        let n_words = a.groups.first().map_or(0, Vec::len);
        for start in (0..n_words).step_by(WORDS) {
            let words = start..n_words.min(start + WORDS);
            for (columns, of_b) in (0..).step_by(LANES).zip(&b.groups) {
                interrupt.check()?;
                for (rows, of_a) in (0..).step_by(LANES).zip(&a.groups) {
                    if diagonal && rows > columns {
                        break;
                    }
                    let counts = in_lanes!(simd => shared(simd, &of_a[words.clone()], &of_b[words.clone()]));
                    for (to, counts) in self.0[rows..].iter_mut().zip(counts) {
                        for (to, count) in to[columns..].iter_mut().zip(counts) {
                            *to += count as u32;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// Of each row of one group with each of another.
///
/// Two words that are shared are added bit by bit to ones before them. What is carried is counted, as twos: half as many
/// words as there are.
#[inline(always)]
fn shared<S: Simd>(simd: S, a: &[[u64; LANES]], b: &[[u64; LANES]]) -> [[u64; LANES]; LANES] {
    let none = u64x8::splat(simd, 0);
    let (mut ones, mut twos) = ([none; LANES], [none; LANES]);
    let ((a, last_a), (b, last_b)) = (a.as_chunks::<2>(), b.as_chunks::<2>());
    for ([a, next_a], b) in a.iter().zip(b) {
        let [b, next_b] = b.each_ref().map(|b| u64x8::load_array_ref(simd, b));
        for (((ones, twos), &word), &next) in ones.iter_mut().zip(&mut twos).zip(a).zip(next_a) {
            let first = *ones ^ (b & u64x8::splat(simd, word));
            let second = first ^ (next_b & u64x8::splat(simd, next));
            *twos += carried(simd, *ones, first, second).count_ones();
            *ones = second;
        }
    }
    let mut counts = [none; LANES];
    for ((count, ones), twos) in counts.iter_mut().zip(ones).zip(twos) {
        *count = ones.count_ones() + twos + twos;
    }
    for (a, b) in last_a.iter().zip(last_b) {
        let b = u64x8::load_array_ref(simd, b);
        for (count, &word) in counts.iter_mut().zip(a) {
            *count += (b & u64x8::splat(simd, word)).count_ones();
        }
    }
    counts.map(|count| *count.as_array())
}

/// Where ones met ones: by what there was before, after the first word and after the second.
#[inline(always)]
fn carried<S: Simd>(simd: S, before: u64x8<S>, first: u64x8<S>, second: u64x8<S>) -> u64x8<S> {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = simd.level().as_avx512() {
        let [before, first, second] =
            [before, first, second].map(|bits| u64x8::load_array_ref(avx512, bits.as_array()));
        return u64x8::load_array_ref(simd, carried_at_once(avx512, before, first, second).as_array());
    }
    (before & !first) | (first & !second)
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// The same in one instruction, which a compiler that sees through it would make four.
    #[inline(always)]
    fn carried_at_once(
        avx512: Avx512,
        before: u64x8<Avx512>,
        first: u64x8<Avx512>,
        second: u64x8<Avx512>,
    ) -> u64x8<Avx512> {
        // By three bits: first, second, before.
        const CARRIED: i32 = 0b0011_1010;
        _mm512_ternarylogic_epi64::<CARRIED>(first.into(), second.into(), before.into()).simd_into(avx512)
    }
);
