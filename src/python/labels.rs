//! Vectors of labels as NumPy has them, borrowed.

use numpy::{PyArrayDescrMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use super::arguments::{WORTH_RELEASING, run};
use crate::{ContingencyTable, Interrupt, Label, Labels};

/// Types with higher numbers are not NumPy's own, whatever kind they claim to be.
const FIRST_FOREIGN_TYPE: i32 = 256;

/// Integers or bools, or points in time, as [`borrow`] has them.
pub(super) fn integers_or_times<'a>(array: &'a Bound<'_, PyAny>) -> Option<Labels<'a>> {
    borrow(array, true)
}

/// Integers or bools, as [`borrow`] has them.
pub(super) fn integers<'a>(array: &'a Bound<'_, PyAny>) -> Option<Labels<'a>> {
    borrow(array, false)
}

/// The labels, where the core can take them as they are: a vector of NumPy's own type, contiguous, aligned and in native byte
/// order.
fn borrow<'a>(array: &'a Bound<'_, PyAny>, times: bool) -> Option<Labels<'a>> {
    let array = array.cast_exact::<PyUntypedArray>().ok()?;
    if array.ndim() != 1 || !array.is_c_contiguous() || !array.is_aligned() {
        return None;
    }
    let dtype = array.dtype();
    if dtype.num() >= FIRST_FOREIGN_TYPE || dtype.is_native_byteorder() == Some(false) {
        return None;
    }
    match (dtype.kind(), dtype.itemsize()) {
        (b'i', 1) => Some(slice::<i8>(array)),
        (b'i', 2) => Some(slice::<i16>(array)),
        (b'i', 4) => Some(slice::<i32>(array)),
        (b'i', 8) => Some(slice::<i64>(array)),
        (b'm' | b'M', 8) if times => Some(slice::<i64>(array)),
        (b'b' | b'u', 1) => Some(slice::<u8>(array)),
        (b'u', 2) => Some(slice::<u16>(array)),
        (b'u', 4) => Some(slice::<u32>(array)),
        (b'u', 8) => Some(slice::<u64>(array)),
        _ => None,
    }
}

/// The values of a contiguous, aligned vector of integers as wide as `T`.
///
/// `PyReadonlyArray` would do, but for its register of borrows, which takes longer than counting fifty labels.
fn slice<'a, T: Label>(array: &'a Bound<'_, PyUntypedArray>) -> Labels<'a> {
    if array.is_empty() {
        return T::labels(&[]);
    }
    // SAFETY: the caller has checked type, layout and alignment, and every bit pattern is an integer; `array` keeps the
    // buffer alive; nothing in this crate writes to it. That other threads should not either is what NumPy asks of them
    // too; where they do, counts are wrong, but nothing is read or written out of bounds: places are computed once, into
    // our own memory, and looked up with a check (`test_arrays_that_change_during_the_call`).
    let values = unsafe { std::slice::from_raw_parts((*array.as_array_ptr()).data.cast::<T>(), array.len()) };
    T::labels(values)
}

/// Labels of an argument, or the error that names it.
pub(super) fn labels<'a>(name: &str, array: &'a Bound<'_, PyAny>) -> PyResult<Labels<'a>> {
    integers_or_times(array).ok_or_else(|| {
        let found = array.get_type().name().map_or_else(|_| "something else".into(), |name| name.to_string());
        PyTypeError::new_err(format!("{name} must be a contiguous vector of integers, got {found}"))
    })
}

/// Counts the pairs; few of them at once, without asking whether to go on.
pub(super) fn count_pairs(py: Python<'_>, x: Labels<'_>, y: Labels<'_>) -> PyResult<ContingencyTable> {
    if x.len() < WORTH_RELEASING {
        return Ok(ContingencyTable::from_labels(x, y, &Interrupt::never())?);
    }
    run(py, x.len(), 1, |workers| workers.alone(|interrupt| ContingencyTable::from_labels(x, y, interrupt)))
}
