//! Text as labels.

use numpy::{
    IntoPyArray, PyArray1, PyArrayDescrMethods, PyArrayMethods, PyReadonlyArray1, PyUntypedArray,
    PyUntypedArrayMethods,
};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::arguments::{run, slice};
use crate::counting::Rows;
use crate::{memory, number_rows};

/// Texts that are fetched at a time.
const BATCH: usize = 1 << 8;

type Numbers<'py> = Bound<'py, PyArray1<i64>>;

/// Numbers the texts of a vector in the order in which they are met. `None` where it holds something else, is not
/// contiguous, or was made to fill few slots of a hash table.
#[pyfunction]
pub(super) fn number_texts<'py>(
    py: Python<'py>,
    texts: &Bound<'py, PyUntypedArray>,
) -> PyResult<Option<Numbers<'py>>> {
    if texts.ndim() != 1 || !texts.is_c_contiguous() {
        return Ok(None);
    }
    let dtype = texts.dtype();
    let numbers = match dtype.kind() {
        b'O' => number_objects(py, texts.cast::<PyArray1<Py<PyAny>>>()?)?,
        b'S' | b'U' if dtype.itemsize() > 0 => {
            let width = dtype.itemsize();
            let bytes = texts.call_method1("view", ("u1",))?.extract::<PyReadonlyArray1<'_, u8>>()?;
            let bytes = slice("texts", &bytes)?;
            run(py, bytes.len(), 1, |workers| {
                workers.alone(|interrupt| number_rows(bytes, width, interrupt))
            })?
        }
        _ => None,
    };
    let pack = |numbers: Vec<u32>| memory::collect(numbers.into_iter().map(i64::from));
    Ok(numbers.map(pack).transpose()?.map(|numbers| numbers.into_pyarray(py)))
}

fn number_objects(py: Python<'_>, texts: &Bound<'_, PyArray1<Py<PyAny>>>) -> PyResult<Option<Vec<u32>>> {
    let texts = texts.try_readonly()?;
    let texts = slice("texts", &texts)?;
    memory::check_size(texts.len())?;
    let (mut rows, mut numbers) = (Rows::new()?, memory::with_capacity(texts.len())?);
    // Objects are all over the memory: many are fetched at a time.
    let mut batch = [""; BATCH];
    for texts in texts.chunks(BATCH) {
        for (object, text) in texts.iter().zip(&mut batch) {
            match object.bind(py).cast_exact::<PyString>().map(|object| object.to_str()) {
                Ok(Ok(found)) => *text = found,
                _ => return Ok(None),
            }
        }
        for text in &batch[..texts.len()] {
            let Some(number) = rows.number(text.as_bytes())? else { return Ok(None) };
            numbers.push(number);
        }
    }
    Ok(Some(numbers))
}
