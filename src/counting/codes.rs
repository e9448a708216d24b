//! Labels as dense codes.

use crate::sorting::{argsort, integer_key};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Labels as integers `0..n_distinct`, in the order of the labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    codes: Vec<u32>,
    n_distinct: usize,
}

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
/// Linear where the labels span a range of about their number, O(n log n) otherwise; memory never depends on the value
/// of a label.
///
/// # Errors
/// [`Error::TooLarge`] for 2^32 - 1 or more labels, [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// let codes = mutua::encode(&[30, -7, 30], &mutua::Interrupt::never())?;
/// assert_eq!(codes.as_slice(), [1, 0, 1]);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn encode(labels: &[i64], interrupt: &Interrupt<'_>) -> Result<Codes, Error> {
    memory::check_size(labels.len())?;
    match Span::of(labels) {
        Some(span) if span.width <= 2 * labels.len() + 1024 => {
            interrupt.check()?;
            encode_by_table(labels, span)
        }
        _ => encode_by_sorting(labels, interrupt),
    }
}

/// The range of some labels: `lowest + 0 .. lowest + width`.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    pub(crate) lowest: i64,
    pub(crate) width: usize,
}

impl Span {
    /// `None` for no labels, or where the width does not fit into 63 bits.
    pub(crate) fn of(labels: &[i64]) -> Option<Self> {
        let first = *labels.first()?;
        // Four chains of comparisons at a time: in one, each waits for the one before.
        let (mut lowest, mut highest) = ([first; 4], [first; 4]);
        let (fours, rest) = labels.as_chunks::<4>();
        for four in fours {
            for lane in 0..4 {
                lowest[lane] = four[lane].min(lowest[lane]);
                highest[lane] = four[lane].max(highest[lane]);
            }
        }
        let lowest = lowest.iter().chain(rest).copied().fold(first, i64::min);
        let highest = highest.iter().chain(rest).copied().fold(first, i64::max);
        let width = usize::try_from(highest.checked_sub(lowest)?).ok()?.checked_add(1)?;
        Some(Self { lowest, width })
    }

    /// The place of a label within the range.
    pub(crate) fn offset(&self, label: i64) -> usize {
        label.wrapping_sub(self.lowest) as usize
    }
}

fn encode_by_table(labels: &[i64], span: Span) -> Result<Codes, Error> {
    const ABSENT: u32 = u32::MAX;
    let mut code_of = memory::filled(span.width, ABSENT)?;
    // No label is beyond the span unless another thread writes to them meanwhile.
    for &label in labels {
        if let Some(code) = code_of.get_mut(span.offset(label)) {
            *code = 0;
        }
    }
    let mut n_distinct = 0;
    for code in code_of.iter_mut().filter(|code| **code != ABSENT) {
        *code = n_distinct;
        n_distinct += 1;
    }
    let n_distinct = n_distinct.max(1); // There is a span, so there was a label.
    let code = |&label: &i64| code_of.get(span.offset(label)).map_or(0, |&code| code.min(n_distinct - 1));
    let codes = memory::collect(labels.iter().map(code))?;
    Ok(Codes { codes, n_distinct: n_distinct as usize })
}

fn encode_by_sorting(labels: &[i64], interrupt: &Interrupt<'_>) -> Result<Codes, Error> {
    let sorted = argsort(labels.iter().map(|&label| integer_key(label)), interrupt)?;
    let mut codes = memory::filled(labels.len(), 0)?;
    let mut code = 0;
    for (rank, &(key, position)) in sorted.iter().enumerate() {
        code += u32::from(rank > 0 && key != sorted[rank - 1].0);
        codes[position as usize] = code;
    }
    let n_distinct = if labels.is_empty() { 0 } else { code as usize + 1 };
    Ok(Codes { codes, n_distinct })
}
