//! Labels as dense codes.

use super::labels::{Labels, Span};
use super::numbering::Numbering;
use crate::sorting::argsort;
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Labels as integers `0..n_distinct`, in the order of the labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    codes: Vec<u32>,
    n_distinct: usize,
}

/// Samples that are read at a time.
const BLOCK: usize = 1 << 10;

/// Below this sorting is as fast as any table.
const FEW: usize = 1 << 12;

/// Labels are numbered in a table where they are fewer by this factor than samples: a larger table leaves the cache.
const SAMPLES_PER_LABEL: usize = 16;

impl Codes {
    /// The code of each sample.
    #[must_use]
    pub fn as_slice(&self) -> &[u32] {
        &self.codes
    }

    /// How many labels there are.
    #[must_use]
    pub fn n_distinct(&self) -> usize {
        self.n_distinct
    }

    /// The key of the label that each code stands for, among the labels it was made from.
    pub(super) fn keys(&self, labels: Labels<'_>) -> Result<Vec<u64>, Error> {
        let mut key_of = memory::filled(self.n_distinct, 0)?;
        let mut keys = [0; BLOCK];
        for (start, codes) in (0..).step_by(BLOCK).zip(self.codes.chunks(BLOCK)) {
            labels.keys(start, &mut keys);
            codes.iter().zip(keys).for_each(|(&code, key)| key_of[code as usize] = key);
        }
        Ok(key_of)
    }

    /// Codes below `n_distinct`, each of which occurs.
    pub(crate) fn of_parts(codes: Vec<u32>, n_distinct: usize) -> Self {
        Self { codes, n_distinct }
    }

    /// Codes of pairs, in the order of these codes and then of the others.
    pub(crate) fn joined(&self, other: &Self, interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        if self.n_distinct <= 1 {
            return Ok(Self { codes: memory::collect(other.codes.iter().copied())?, ..*other });
        }
        let n = other.n_distinct as u64;
        let pair = |(&code, &other): (&u32, &u32)| u64::from(code) * n + u64::from(other);
        encode(&memory::collect(self.codes.iter().zip(&other.codes).map(pair))?, interrupt)
    }

    /// For each code of a finer partition the code that its samples have here.
    pub(super) fn by(&self, finer: &Self) -> Result<Self, Error> {
        let mut codes = memory::filled(finer.n_distinct, 0)?;
        for (&code, &place) in self.codes.iter().zip(&finer.codes) {
            codes[place as usize] = code;
        }
        Ok(Self { codes, n_distinct: self.n_distinct })
    }

    /// The codes at some positions.
    pub(crate) fn at(&self, positions: &[u32]) -> Result<Self, Error> {
        let codes = memory::collect(positions.iter().map(|&position| self.codes[position as usize]))?;
        Ok(Self { codes, n_distinct: self.n_distinct })
    }

    /// How many samples have each code.
    pub(crate) fn occurrences(&self) -> Result<Vec<u32>, Error> {
        let mut occurrences = memory::filled(self.n_distinct, 0)?;
        for &code in &self.codes {
            occurrences[code as usize] += 1;
        }
        Ok(occurrences)
    }
}

/// Numbers the distinct labels in ascending order.
///
/// Linear where the labels span a range of about their number, or are few; O(n log n) otherwise. Memory never depends on
/// the value of a label.
///
/// # Errors
/// [`Error::TooLarge`] for 2^32 - 1 or more labels, [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// let codes = mutua::encode(&[30, -7, 30], &mutua::Interrupt::never())?;
/// assert_eq!(codes.as_slice(), [1, 0, 1]);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn encode<'a>(labels: impl Into<Labels<'a>>, interrupt: &Interrupt<'_>) -> Result<Codes, Error> {
    let labels = labels.into();
    memory::check_size(labels.len())?;
    match labels.span().filter(|span| span.is_narrow(labels.len())) {
        Some(span) => encode_by_table(labels, span, interrupt),
        None => encode_wide(labels, interrupt),
    }
}

fn encode_wide(labels: Labels<'_>, interrupt: &Interrupt<'_>) -> Result<Codes, Error> {
    match encode_by_hashing(labels, interrupt)? {
        Some(codes) => Ok(codes),
        None => encode_by_sorting(labels, interrupt),
    }
}

/// Labels that span a range of about their number: as they are, or else their codes.
pub(super) enum Narrow<'a> {
    Given(Labels<'a>, Span),
    Encoded(Codes),
}

impl<'a> Narrow<'a> {
    pub(super) fn new(labels: Labels<'a>, interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        match labels.span().filter(|span| span.is_narrow(labels.len())) {
            Some(span) => Ok(Self::Given(labels, span)),
            None => encode_wide(labels, interrupt).map(Self::Encoded),
        }
    }

    pub(super) fn labels(&self) -> (Labels<'_>, Span) {
        match self {
            Self::Given(labels, span) => (*labels, *span),
            Self::Encoded(codes) => (codes.as_slice().into(), Span::of_codes(codes.n_distinct)),
        }
    }

    /// Offsets from the lowest of these become the keys of the labels they were made from.
    pub(super) fn offsets_to_keys(&self, labels: Labels<'_>, offsets: &mut [u64]) -> Result<(), Error> {
        match self {
            Self::Given(_, span) => span.offsets_to_keys(offsets),
            Self::Encoded(codes) => {
                let keys = codes.keys(labels)?;
                offsets.iter_mut().for_each(|offset| *offset = keys[*offset as usize]);
            }
        }
        Ok(())
    }
}

fn encode_by_table(labels: Labels<'_>, span: Span, interrupt: &Interrupt<'_>) -> Result<Codes, Error> {
    const ABSENT: u32 = u32::MAX;
    let mut code_of = memory::filled(span.width as usize, ABSENT)?;
    let mut codes = memory::filled(labels.len(), 0)?;
    interrupt.check()?;
    for (start, codes) in (0..).step_by(BLOCK).zip(codes.chunks_mut(BLOCK)) {
        labels.add_offsets(start, span, codes);
        // No label is beyond the span unless another thread writes to them meanwhile.
        for offset in codes {
            *offset = (*offset).min(span.width as u32 - 1);
            code_of[*offset as usize] = 0;
        }
    }
    let mut n_distinct = 0;
    for code in code_of.iter_mut().filter(|code| **code != ABSENT) {
        *code = n_distinct;
        n_distinct += 1;
    }
    if n_distinct as usize != code_of.len() {
        codes.iter_mut().for_each(|code| *code = code_of[*code as usize]);
    }
    Ok(Codes { codes, n_distinct: n_distinct as usize })
}

/// Numbers the labels as they are met, then in their order; `None` where a table of them does not serve.
fn encode_by_hashing(labels: Labels<'_>, interrupt: &Interrupt<'_>) -> Result<Option<Codes>, Error> {
    let n = labels.len();
    if n < FEW {
        return Ok(None);
    }
    let mut numbering = Numbering::new()?;
    let mut codes = memory::filled(n, 0)?;
    let mut keys = [0; BLOCK];
    for (start, codes) in (0..).step_by(BLOCK).zip(codes.chunks_mut(BLOCK)) {
        interrupt.check()?;
        labels.keys(start, &mut keys);
        for (&key, code) in keys.iter().zip(codes) {
            let Some(number) = numbering.number(key, |_| true)? else { return Ok(None) };
            *code = number;
        }
        if numbering.keys().len() > n / SAMPLES_PER_LABEL {
            return Ok(None);
        }
    }
    let sorted = argsort(numbering.keys().iter().copied(), interrupt)?;
    let mut ranks = memory::filled(sorted.len(), 0)?;
    for (&(_, code), rank) in sorted.iter().zip(0..) {
        ranks[code as usize] = rank;
    }
    codes.iter_mut().for_each(|code| *code = ranks[*code as usize]);
    Ok(Some(Codes { codes, n_distinct: ranks.len() }))
}

fn encode_by_sorting(labels: Labels<'_>, interrupt: &Interrupt<'_>) -> Result<Codes, Error> {
    let sorted = labels.sorted(interrupt)?;
    let mut codes = memory::filled(labels.len(), 0)?;
    let mut code = 0;
    for (rank, &(key, position)) in sorted.iter().enumerate() {
        code += u32::from(rank > 0 && key != sorted[rank - 1].0);
        codes[position as usize] = code;
    }
    let n_distinct = if labels.is_empty() { 0 } else { code as usize + 1 };
    Ok(Codes { codes, n_distinct })
}
