//! Sorting keys that remember where they came from.

use crate::threads::Interrupt;
use crate::{Error, memory};

/// The position of every key in ascending order of the keys, with the keys; equal keys keep their order.
pub(crate) fn argsort(
    keys: impl ExactSizeIterator<Item = u64>,
    interrupt: &Interrupt<'_>,
) -> Result<Vec<(u64, u32)>, Error> {
    let n = memory::check_size(keys.len())?;
    let mut pairs = memory::collect(keys.zip(0..n))?;
    interrupt.check()?;
    pairs.sort_unstable();
    interrupt.check()?;
    Ok(pairs)
}

/// An integer in the order of the floats: negative values reversed, positive ones above them.
pub(crate) fn float_key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

/// The float of a [`float_key`].
pub(crate) fn key_float(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

/// An unsigned integer in the order of the signed ones.
pub(crate) fn integer_key(value: i64) -> u64 {
    (value as u64) ^ (1 << 63)
}
