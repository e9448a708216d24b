//! Buffers proportional to the input, with an error where the memory cannot be had.

use crate::Error;

/// An empty vector with room for `n` values.
pub(crate) fn with_capacity<T>(n: usize) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    values.try_reserve_exact(n).map_err(|_| Error::OutOfMemory)?;
    Ok(values)
}

/// `n` copies of `value`.
pub(crate) fn filled<T: Clone>(n: usize, value: T) -> Result<Vec<T>, Error> {
    let mut values = with_capacity(n)?;
    values.resize(n, value);
    Ok(values)
}

/// `values` in a vector, which has to know how many there are.
pub(crate) fn collect<T>(values: impl ExactSizeIterator<Item = T>) -> Result<Vec<T>, Error> {
    let mut collected = with_capacity(values.len())?;
    collected.extend(values);
    Ok(collected)
}

/// `values` after those that a buffer holds.
pub(crate) fn append<T: Copy>(buffer: &mut Vec<T>, values: &[T]) -> Result<(), Error> {
    buffer.try_reserve(values.len()).map_err(|_| Error::OutOfMemory)?;
    buffer.extend_from_slice(values);
    Ok(())
}

/// `values` in place of what a buffer holds.
#[inline(always)]
pub(crate) fn refill<T>(buffer: &mut Vec<T>, values: impl ExactSizeIterator<Item = T>) -> Result<(), Error> {
    buffer.clear();
    buffer.try_reserve(values.len()).map_err(|_| Error::OutOfMemory)?;
    buffer.extend(values);
    Ok(())
}

/// Asks for the value at a place, which will soon be needed, if there is one.
#[inline(always)]
pub(crate) fn prefetch<T>(values: &[T], place: usize) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: nothing is read: a hint, which the processor ignores where the address is nobody's.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T1>(values.as_ptr().wrapping_add(place).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, place);
}

/// `n` as a 32-bit count: positions and codes are stored in four bytes.
pub(crate) fn check_size(n: usize) -> Result<u32, Error> {
    u32::try_from(n).ok().filter(|&n| n < u32::MAX).ok_or(Error::TooLarge { n })
}

/// Lets the C library of Linux keep what is freed for the next call: having seen one large block freed, it no longer maps
/// blocks up to that size apart, nor returns them at once. Else a call on 100,000 points spends a fifth of its time on
/// fresh pages.
#[cfg(feature = "python")]
pub(crate) fn keep_freed() {
    // Just below the most that it adapts to. Nobody writes to the block, so it costs no memory.
    std::hint::black_box(Vec::<u8>::with_capacity(31 << 20));
}
