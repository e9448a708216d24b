//! Labels of any integer type, read as they are.
//!
//! Nothing is widened in memory: a block of labels becomes 32-bit offsets from the lowest while it is in the cache, in
//! lanes, and is checked there against the range the table was made for. What counts has one form for all types.

use super::place::Place;
use crate::lanes::in_lanes;
use crate::sorting::argsort;
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Offsets are told from what is beyond by their highest bit of 32.
const MOST_WIDTH: u64 = 1 << 31;

/// How many bytes beyond those that are read memory is asked for, and how many come at once.
const AHEAD: usize = 1 << 13;
const CACHE_LINE: usize = 1 << 6;

/// Of so many labels one is among the first ones, and how many those are at least.
const PER_FIRST: usize = 1 << 8;
const FIRST: usize = 1 << 12;

/// Labels of one integer type, borrowed.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "named by their types")]
pub enum Labels<'a> {
    I8(&'a [i8]),
    I16(&'a [i16]),
    I32(&'a [i32]),
    I64(&'a [i64]),
    U8(&'a [u8]),
    U16(&'a [u16]),
    U32(&'a [u32]),
    U64(&'a [u64]),
}

/// Calls a generic function on the slice.
macro_rules! with_slice {
    ($labels:expr, $slice:ident => $call:expr) => {
        match $labels {
            Labels::I8($slice) => $call,
            Labels::I16($slice) => $call,
            Labels::I32($slice) => $call,
            Labels::I64($slice) => $call,
            Labels::U8($slice) => $call,
            Labels::U16($slice) => $call,
            Labels::U32($slice) => $call,
            Labels::U64($slice) => $call,
        }
    };
}

/// The lowest label and how many there are up to the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// As [`Label::key`] has it.
    lowest: u64,
    /// At least 1.
    pub(super) width: u64,
}

impl Span {
    /// The codes `0..n`.
    pub(super) fn of_codes(n: usize) -> Self {
        Self { lowest: 0, width: n.max(1) as u64 }
    }

    /// Offsets from the lowest label become keys.
    pub(super) fn offsets_to_keys(&self, offsets: &mut [u64]) {
        offsets.iter_mut().for_each(|offset| *offset = offset.wrapping_add(self.lowest));
    }

    /// Whether a table of the whole range is no larger than `n` labels warrant.
    pub(super) fn is_narrow(&self, n: usize) -> bool {
        self.width <= MOST_WIDTH.min(2 * n as u64 + 1024)
    }
}

/// An integer type that labels may have.
pub trait Label: Copy + Ord + 'static {
    /// The labels, with their type.
    fn labels(labels: &[Self]) -> Labels<'_>;

    /// An unsigned integer in the order of the labels.
    #[doc(hidden)]
    fn key(self) -> u64;

    /// `place * width + offset` for each; whether all were within the span.
    #[doc(hidden)]
    fn add_offsets<P: Place>(labels: &[Self], lowest: u64, width: u32, places: &mut [P]) -> bool;
}

/// Whether any offset is beyond the last, told by the highest bit: widths are below 2^31.
macro_rules! beyond {
    (u8, $so_far:ident, $offset:ident, $last:ident) => {
        $so_far |= u8::from($offset > $last) << 7
    };
    ($type:ident, $so_far:ident, $offset:ident, $last:ident) => {
        $so_far |= $offset | $last.wrapping_sub($offset)
    };
}

macro_rules! label {
    ($($type:ty, $variant:ident, $offset:ident;)*) => {$(
        impl Label for $type {
            fn labels(labels: &[Self]) -> Labels<'_> {
                Labels::$variant(labels)
            }

            #[inline(always)]
            fn key(self) -> u64 {
                (self as u64).wrapping_sub(<$type>::MIN as u64)
            }

            #[inline(always)]
            fn add_offsets<P: Place>(labels: &[Self], lowest: u64, width: u32, places: &mut [P]) -> bool {
                let lowest = lowest.wrapping_add(<$type>::MIN as u64) as $offset;
                let last = (u64::from(width) - 1) as $offset;
                let mut beyond: $offset = 0;
                for (place, &label) in places.iter_mut().zip(labels) {
                    let offset = (label as $offset).wrapping_sub(lowest);
                    beyond!($offset, beyond, offset, last);
                    *place = place.then(width, offset as u32);
                }
                beyond >> (<$offset>::BITS - 1) == 0
            }
        }
    )*};
}

label! {
    i8, I8, u8;
    i16, I16, u32;
    i32, I32, u32;
    i64, I64, u64;
    u8, U8, u8;
    u16, U16, u32;
    u32, U32, u32;
    u64, U64, u64;
}

impl<'a, T: Label> From<&'a [T]> for Labels<'a> {
    fn from(labels: &'a [T]) -> Self {
        T::labels(labels)
    }
}

impl<'a, T: Label, const N: usize> From<&'a [T; N]> for Labels<'a> {
    fn from(labels: &'a [T; N]) -> Self {
        T::labels(labels)
    }
}

impl<'a, T: Label> From<&'a Vec<T>> for Labels<'a> {
    fn from(labels: &'a Vec<T>) -> Self {
        T::labels(labels)
    }
}

impl Labels<'_> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        with_slice!(self, labels => labels.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What [`Label::key`] takes away from each: the lowest that the type can hold.
    #[must_use]
    pub fn lowest(&self) -> i64 {
        match self {
            Self::I8(_) => i8::MIN.into(),
            Self::I16(_) => i16::MIN.into(),
            Self::I32(_) => i32::MIN.into(),
            Self::I64(_) => i64::MIN,
            Self::U8(_) | Self::U16(_) | Self::U32(_) | Self::U64(_) => 0,
        }
    }

    /// Bytes of each.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::I8(_) | Self::U8(_) => 1,
            Self::I16(_) | Self::U16(_) => 2,
            Self::I32(_) | Self::U32(_) => 4,
            Self::I64(_) | Self::U64(_) => 8,
        }
    }

    /// Those from `start` on, up to `n`.
    fn block(&self, start: usize, n: usize) -> Self {
        with_slice!(self, labels => {
            let rest = labels.get(start..).unwrap_or_default();
            Label::labels(&rest[..n.min(rest.len())])
        })
    }

    /// The first ones, whose range is a guess at that of all.
    pub(super) fn beginning(&self) -> Self {
        self.block(0, FIRST.max(self.len() / PER_FIRST))
    }

    /// Their range; `None` for no labels, or 2^64 different ones.
    pub(super) fn span(&self) -> Option<Span> {
        with_slice!(self, labels => span(labels))
    }

    /// Asks memory for as many labels as stand some way after those from `start` on.
    #[inline(always)]
    pub(super) fn fetch_ahead(&self, start: usize, n: usize) {
        let start = start + AHEAD / self.width();
        with_slice!(self, labels => {
            (start..start + n).step_by(CACHE_LINE / self.width()).for_each(|place| memory::prefetch(labels, place));
        });
    }

    /// `place * width + offset` for as many labels from `start` on as there are places; whether all were within the span.
    /// Its width must be below 2^31.
    pub(super) fn add_offsets<P: Place>(&self, start: usize, span: Span, places: &mut [P]) -> bool {
        let width = span.width as u32;
        with_slice!(self.block(start, places.len()), labels => {
            in_lanes!(_ => Label::add_offsets(labels, span.lowest, width, places))
        })
    }

    /// The keys in ascending order, with the positions they had.
    pub(super) fn sorted(&self, interrupt: &Interrupt<'_>) -> Result<Vec<(u64, u32)>, Error> {
        with_slice!(self, labels => argsort(labels.iter().map(|label| label.key()), interrupt))
    }

    /// As many keys as there is room for, from `start` on.
    pub(super) fn keys(&self, start: usize, keys: &mut [u64]) {
        with_slice!(self.block(start, keys.len()), labels => {
            keys.iter_mut().zip(labels).for_each(|(key, &label)| *key = label.key());
        });
    }
}

fn span<T: Label>(labels: &[T]) -> Option<Span> {
    let first = *labels.first()?;
    let (lowest, highest) = in_lanes!(_ => extremes(first, labels));
    let (lowest, highest) = (lowest.key(), highest.key());
    Some(Span { lowest, width: (highest - lowest).checked_add(1)? })
}

#[inline(always)]
fn extremes<T: Label>(first: T, labels: &[T]) -> (T, T) {
    let mut found = (first, first);
    for &label in labels {
        found = (label.min(found.0), label.max(found.1));
    }
    found
}
