//! Arrays in, errors out, and the interpreter released in between.

use std::cell::RefCell;
use std::convert::Infallible;
use std::sync::Mutex;

use numpy::{Element, PyReadonlyArray, PyUntypedArrayMethods};
use pyo3::exceptions::{PyMemoryError, PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::{Error, Workers};

/// Below this many values a call is over before another thread could use the interpreter.
pub(super) const WORTH_RELEASING: usize = 1 << 12;

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        match error {
            Error::OutOfMemory => PyMemoryError::new_err(error.to_string()),
            _ => PyValueError::new_err(error.to_string()),
        }
    }
}

/// A function of the package, looked up once.
macro_rules! python {
    ($py:expr, $module:literal, $name:literal) => {{
        static FUNCTION: pyo3::sync::PyOnceLock<pyo3::Py<pyo3::PyAny>> = pyo3::sync::PyOnceLock::new();
        FUNCTION.import($py, $module, $name)?
    }};
}
pub(super) use python;

/// A keyword, if it was given.
pub(super) struct Given<'py>(pub(super) Option<Bound<'py, PyAny>>);

impl<'py> FromPyObject<'_, 'py> for Given<'py> {
    type Error = Infallible;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> Result<Self, Infallible> {
        Ok(Self(Some(value.to_owned())))
    }
}

/// The values of a C-contiguous, aligned array. Borrowed: read-only arrays are fine, nothing is copied.
pub(super) fn slice<'a, T: Element, D: numpy::ndarray::Dimension>(
    name: &str,
    array: &'a PyReadonlyArray<'_, T, D>,
) -> PyResult<&'a [T]> {
    let contiguous = array.is_c_contiguous().then(|| array.as_slice());
    contiguous.and_then(Result::ok).ok_or_else(|| {
        PyTypeError::new_err(format!(
            "{name} must be C-contiguous and aligned, got an array with strides {:?}",
            array.strides()
        ))
    })
}

/// An integer that is not negative.
pub(super) fn count(name: &str, value: &Bound<'_, PyAny>) -> PyResult<usize> {
    let refused =
        || PyValueError::new_err(format!("{name} must be between 0 and {}, got another integer", i64::MAX));
    match value.extract::<i64>() {
        Ok(count) => usize::try_from(count).map_err(|_| refused()),
        Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => Err(refused()),
        Err(error) => Err(error),
    }
}

/// Counts that are not negative.
pub(super) fn counts(values: &[i64]) -> Result<Vec<u64>, Error> {
    let mut counts = crate::memory::with_capacity(values.len())?;
    for (index, &value) in values.iter().enumerate() {
        counts.push(u64::try_from(value).map_err(|_| Error::Count { index })?);
    }
    Ok(counts)
}

/// Runs a kernel over `size` values without the interpreter, stopping at Ctrl-C; a short one keeps the interpreter.
pub(super) fn run<T: Send>(
    py: Python<'_>,
    size: usize,
    threads: usize,
    kernel: impl FnOnce(Workers<'_>) -> Result<T, Error> + Send,
) -> PyResult<T> {
    run_watched(py, size, threads, &|_| Ok(()), kernel)
}

/// The same, calling `watch` with the interpreter every few hundredths of a second; its error stops the kernel.
pub(super) fn run_watched<T: Send>(
    py: Python<'_>,
    size: usize,
    threads: usize,
    watch: &(dyn Fn(Python<'_>) -> PyResult<()> + Sync),
    kernel: impl FnOnce(Workers<'_>) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let ask = |py: Python<'_>| py.check_signals().and_then(|()| watch(py));
    if size < WORTH_RELEASING {
        let raised = RefCell::new(None);
        let poll = || ask(py).map_err(|error| raised.replace(Some(error))).is_ok();
        let result = kernel(Workers::new(threads).polling(&poll));
        return raised.take().map_or_else(|| Ok(result?), Err);
    }
    let raised = Mutex::new(None);
    let result = py.detach(|| {
        let poll = || match Python::attach(ask) {
            Ok(()) => true,
            Err(error) => {
                *raised.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error);
                false
            }
        };
        kernel(Workers::new(threads).polling(&poll))
    });
    match raised.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(result?),
    }
}
