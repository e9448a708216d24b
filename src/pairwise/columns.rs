//! Columns of labels: bits where there are few levels, codes where there are many.

use fearless_simd::{prelude::*, u8x64};

use super::transpose;
use crate::counting::encode;
use crate::lanes::{Instructions, in_lanes};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// Samples in a word of bits.
pub(super) const WORD: usize = 64;

/// Rows that are gathered at once.
const ROWS: usize = 64;

/// How many values are copied between two questions whether to go on.
const BATCH: usize = 1 << 16;

/// Up to so many levels, counting the bits of pairs of levels is faster than counting samples one by one.
fn most_levels() -> usize {
    match Instructions::current() {
        Instructions::Avx512 => 24, // It has an instruction that counts the bits of eight words.
        _ => 10,
    }
}

/// Columns of labels, of the same length.
#[derive(Debug)]
pub struct LabelColumns {
    pub(super) n_samples: usize,
    pub(super) columns: Vec<LabelColumn>,
}

/// The labels of one column, numbered in any order.
#[derive(Debug)]
pub(super) struct LabelColumn {
    /// How many samples each level has; none is 0.
    pub(super) sizes: Vec<u64>,
    /// For few levels: a row of bits for each level but the last, which the others leave.
    pub(super) bits: Vec<u64>,
    /// The level of each sample, for many levels and beside such columns.
    pub(super) codes: Vec<u32>,
}

/// What the labels of a matrix may be.
pub trait MatrixLabel: Copy + Default + Sync {
    /// Columns that are read at once: a few cache lines, since rows are far apart.
    #[doc(hidden)]
    const AT_ONCE: usize = 256 / size_of::<Self>();

    #[doc(hidden)]
    fn transpose(rows: &[Self], stride: usize, columns: &mut [Self], n_samples: usize) {
        transpose::values(rows, stride, columns, n_samples);
    }

    #[doc(hidden)]
    fn column(values: &[Self], interrupt: &Interrupt<'_>) -> Result<Column, Error>;
}

#[doc(hidden)]
pub struct Column(LabelColumn);

impl MatrixLabel for u8 {
    fn transpose(rows: &[Self], stride: usize, columns: &mut [Self], n_samples: usize) {
        in_lanes!(simd => transpose::bytes(simd, rows, stride, columns, n_samples));
    }

    fn column(values: &[Self], interrupt: &Interrupt<'_>) -> Result<Column, Error> {
        LabelColumn::from_bytes(values, interrupt).map(Column)
    }
}

impl MatrixLabel for i64 {
    fn column(values: &[Self], interrupt: &Interrupt<'_>) -> Result<Column, Error> {
        let (mut lowest, mut highest) = (i64::MAX, i64::MIN);
        for values in batches(values, interrupt) {
            lowest = values?.iter().copied().fold(lowest, i64::min);
            highest = values?.iter().copied().fold(highest, i64::max);
        }
        if highest.checked_sub(lowest).is_some_and(|width| width < 256) {
            let bytes = mapped(values, |value| (value - lowest) as u8, interrupt)?;
            return LabelColumn::from_bytes(&bytes, interrupt).map(Column);
        }
        let codes = encode(values, interrupt)?;
        if codes.n_distinct() <= most_levels() {
            let bytes = mapped(codes.as_slice(), |code| code as u8, interrupt)?;
            return LabelColumn::from_bytes(&bytes, interrupt).map(Column);
        }
        let n_levels = codes.n_distinct();
        LabelColumn::from_codes(mapped(codes.as_slice(), |code| code, interrupt)?, n_levels, interrupt)
            .map(Column)
    }
}

/// Some values after the others, with a question in between whether to go on.
fn batches<'a, T>(
    values: &'a [T],
    interrupt: &'a Interrupt<'_>,
) -> impl Iterator<Item = Result<&'a [T], Error>> {
    values.chunks(BATCH).map(|values| interrupt.check().map(|()| values))
}

fn mapped<T: Copy, U>(
    values: &[T],
    map: impl Fn(T) -> U,
    interrupt: &Interrupt<'_>,
) -> Result<Vec<U>, Error> {
    let mut all = memory::with_capacity(values.len())?;
    for values in batches(values, interrupt) {
        all.extend(values?.iter().map(|&value| map(value)));
    }
    Ok(all)
}

/// As [`memory::filled`]: the first touch of much memory takes long.
fn filled<T: Copy>(n: usize, value: T, interrupt: &Interrupt<'_>) -> Result<Vec<T>, Error> {
    let mut values = memory::with_capacity(n)?;
    while values.len() < n {
        interrupt.check()?;
        values.resize(n.min(values.len() + BATCH), value);
    }
    Ok(values)
}

impl LabelColumns {
    /// From a matrix by rows, a sample each, or by columns.
    ///
    /// # Errors
    /// [`Error::Shape`] where `values` are not `n_samples` times a whole number, [`Error::TooLarge`],
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn new<T: MatrixLabel>(
        values: &[T],
        n_samples: usize,
        by_columns: bool,
        workers: Workers<'_>,
    ) -> Result<Self, Error> {
        memory::check_size(n_samples)?;
        if n_samples == 0 || !values.len().is_multiple_of(n_samples) {
            return Err(Error::Shape { values: values.len(), dimensions: n_samples });
        }
        let n_columns = values.len() / n_samples;
        let read = |block: usize, interrupt: &Interrupt<'_>| {
            let first = block * T::AT_ONCE;
            let width = T::AT_ONCE.min(n_columns - first);
            // A copy: another thread may write to the values meanwhile.
            let mut copied = filled(width * n_samples, T::default(), interrupt)?;
            if by_columns {
                let columns = &values[first * n_samples..][..copied.len()];
                for (to, from) in copied.chunks_mut(BATCH).zip(batches(columns, interrupt)) {
                    to.copy_from_slice(from?);
                }
            } else {
                // Rows are far apart: copied first, several of them are on their way at a time.
                let stride = width.next_multiple_of(transpose::WIDTH);
                let mut tile = memory::filled(stride * ROWS, T::default())?;
                for (index, rows) in values.chunks(n_columns * ROWS).enumerate() {
                    interrupt.check()?;
                    let rows = rows.chunks(n_columns);
                    let tile = &mut tile[..stride * rows.len()];
                    for (to, row) in tile.chunks_exact_mut(stride).zip(rows) {
                        to[..width].copy_from_slice(&row[first..first + width]);
                    }
                    T::transpose(tile, stride, &mut copied[index * ROWS..], n_samples);
                }
            }
            let mut columns = memory::with_capacity(width)?;
            for values in copied.chunks(n_samples) {
                columns.push(T::column(values, interrupt)?.0);
            }
            Ok(columns)
        };
        let mut columns = memory::with_capacity(n_columns)?;
        columns.extend(workers.map(n_columns.div_ceil(T::AT_ONCE), read)?.into_iter().flatten());
        Ok(Self { n_samples, columns })
    }

    /// How many columns.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    pub(super) fn some_have_codes(&self) -> bool {
        self.columns.iter().any(|column| !column.has_bits())
    }

    /// Codes for all columns: to be counted with those that have nothing else.
    pub(super) fn add_codes(&mut self, interrupt: &Interrupt<'_>) -> Result<(), Error> {
        for column in self.columns.iter_mut().filter(|column| column.codes.is_empty()) {
            interrupt.check()?;
            let last = column.sizes.len() as u32 - 1;
            column.codes = filled(self.n_samples, last, interrupt)?;
            for (level, bits) in (0..last).zip(column.bits.chunks(self.n_samples.div_ceil(WORD))) {
                for (codes, &word) in column.codes.chunks_mut(WORD).zip(bits) {
                    for (sample, code) in codes.iter_mut().enumerate() {
                        *code = if word >> sample & 1 == 1 { level } else { *code };
                    }
                }
            }
        }
        Ok(())
    }
}

impl LabelColumn {
    fn from_bytes(bytes: &[u8], interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        let (mut lowest, mut highest) = (u8::MAX, 0);
        for bytes in batches(bytes, interrupt) {
            lowest = bytes?.iter().copied().fold(lowest, u8::min);
            highest = bytes?.iter().copied().fold(highest, u8::max);
        }
        let mut levels: Vec<u8> = (lowest..=highest).collect();
        if levels.len() > most_levels() {
            let mut occurs = [false; 256];
            for bytes in batches(bytes, interrupt) {
                bytes?.iter().for_each(|&byte| occurs[usize::from(byte)] = true);
            }
            levels.retain(|&level| occurs[usize::from(level)]);
        }
        if levels.len() > most_levels() {
            let mut code_of = [0; 256];
            (0..).zip(&levels).for_each(|(code, &level)| code_of[usize::from(level)] = code);
            let codes = mapped(bytes, |byte| code_of[usize::from(byte)], interrupt)?;
            return Self::from_codes(codes, levels.len(), interrupt);
        }
        let words = bytes.len().div_ceil(WORD);
        let mut bits = filled((levels.len() - 1) * words, 0, interrupt)?;
        let mut sizes = memory::with_capacity(levels.len())?;
        let (mut left, mut n_rows) = (bytes.len() as u64, 0);
        for &level in &levels[..levels.len() - 1] {
            let mut size = 0;
            let row = &mut bits[n_rows * words..][..words];
            for (bytes, marks) in batches(bytes, interrupt).zip(row.chunks_mut(BATCH / WORD)) {
                let bytes = bytes?;
                size += in_lanes!(simd => mark(simd, bytes, level, marks));
            }
            if size > 0 {
                sizes.push(size);
                left -= size;
                n_rows += 1;
            }
        }
        sizes.push(left); // The highest byte, which occurs.
        bits.truncate(n_rows * words);
        Ok(Self { sizes, bits, codes: Vec::new() })
    }

    fn from_codes(codes: Vec<u32>, n_levels: usize, interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        let mut sizes = memory::filled(n_levels, 0)?;
        for codes in batches(&codes, interrupt) {
            codes?.iter().for_each(|&code| sizes[code as usize] += 1);
        }
        Ok(Self { sizes, bits: Vec::new(), codes })
    }
}

/// Marks where a byte occurs; returns how often.
#[inline(always)]
fn mark<S: Simd>(simd: S, bytes: &[u8], byte: u8, marks: &mut [u64]) -> u64 {
    let byte = u8x64::splat(simd, byte);
    let (words, rest) = bytes.as_chunks::<WORD>();
    for (mark, word) in marks.iter_mut().zip(words) {
        *mark = u8x64::load_array(simd, *word).simd_eq(byte).to_bitmask();
    }
    if let Some(mark) = marks.last_mut().filter(|_| !rest.is_empty()) {
        let mut word = [0; WORD];
        word[..rest.len()].copy_from_slice(rest);
        *mark = u8x64::load_array(simd, word).simd_eq(byte).to_bitmask() & !(u64::MAX << rest.len());
    }
    marks.iter().map(|mark| u64::from(mark.count_ones())).sum()
}
