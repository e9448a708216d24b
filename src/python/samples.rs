//! Samples and the number of neighbours, unpacked: messages name the argument.

use std::borrow::Cow;

use numpy::{
    IntoPyArray, PyArrayDyn, PyArrayMethods, PyReadonlyArray1, PyReadonlyArrayDyn, PyUntypedArrayMethods,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::arguments::{count, slice};
use crate::lanes::exception;
use crate::neighbors::{check_finite, check_periods, wrapped};
use crate::{Error, Interrupt, Norm, Points, Ranks, Workers, memory};

/// An argument that holds samples, borrowed: an array, or a pair of it and the periods of its columns.
pub(super) struct Argument<'a, 'py> {
    name: &'a str,
    array: PyReadonlyArrayDyn<'py, f64>,
    circles: Option<Circles>,
}

/// Samples modulo their periods, and these, infinite where there is none, but not everywhere.
struct Circles {
    values: Vec<f64>,
    periods: Vec<f64>,
}

impl<'a, 'py> Argument<'a, 'py> {
    pub(super) fn new(name: &'a str, argument: &Bound<'py, PyAny>) -> PyResult<Self> {
        let Ok(pair) = argument.cast::<PyTuple>() else {
            return Ok(Self { name, array: array(name, argument)?, circles: None });
        };
        let (samples, periods) = pair.extract::<(Bound<'py, PyAny>, PyReadonlyArray1<'py, f64>)>()?;
        let array = array(name, &samples)?;
        let circles = Circles::new(name, &array, slice("periods", &periods)?)?;
        let goes_round = circles.periods.iter().any(|period| period.is_finite());
        Ok(Self { name, array, circles: goes_round.then_some(circles) })
    }

    /// The samples, finite.
    pub(super) fn samples(&self) -> PyResult<Samples<'_>> {
        let (name, shape) = (self.name, self.array.shape());
        let dimensions = match *shape {
            [_] => 1,
            [_, dimensions] if dimensions > 0 => dimensions,
            _ => {
                return Err(PyValueError::new_err(format!(
                    "{name} must be a vector, or a matrix with at least one column, got shape {shape:?}"
                )));
            }
        };
        let (values, periods) = match &self.circles {
            Some(Circles { values, periods }) => (&values[..], &periods[..]),
            None => (slice(name, &self.array)?, &[][..]),
        };
        let samples = Samples { name, values, dimensions, periods };
        // Nearly always one look tells that there is nothing to refuse.
        if exception(samples.values, |value| value.abs() <= f64::MAX / 2.0).is_some() {
            samples.check()?;
        }
        Ok(samples)
    }
}

fn array<'py>(name: &str, argument: &Bound<'py, PyAny>) -> PyResult<PyReadonlyArrayDyn<'py, f64>> {
    match argument.cast::<PyArrayDyn<f64>>() {
        Ok(array) => Ok(array.try_readonly()?),
        Err(_) => Err(PyTypeError::new_err(format!(
            "{name} must be an array of float64, got {}",
            argument.get_type().name()?
        ))),
    }
}

impl Circles {
    fn new(name: &str, array: &PyReadonlyArrayDyn<'_, f64>, periods: &[f64]) -> PyResult<Self> {
        let columns = array.shape().get(1).copied().unwrap_or(1);
        match check_periods(periods, columns) {
            Err(Error::Period { index }) => {
                let period = periods[index];
                return Err(PyValueError::new_err(format!("period of {name} must be above 0, got {period}")));
            }
            Err(_) => {
                return Err(PyValueError::new_err(format!(
                    "period of {name} must have a number for each of {columns} columns, got {}",
                    periods.len()
                )));
            }
            Ok(()) => (),
        }
        let mut values = memory::collect(slice(name, array)?.iter().copied())?;
        for (index, value) in values.iter_mut().enumerate().filter(|(_, value)| value.is_finite()) {
            *value = wrapped(*value, periods[index % columns]);
        }
        Ok(Self { values, periods: periods.to_vec() })
    }
}

/// Finite samples, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Samples<'a> {
    pub(super) name: &'a str,
    pub(super) values: &'a [f64],
    dimensions: usize,
    /// Of each column; none where no column was given one.
    periods: &'a [f64],
}

impl<'a> Samples<'a> {
    /// Values must be finite, and their differences.
    fn check(&self) -> PyResult<()> {
        let Self { name, values, dimensions, .. } = self;
        if let Err(Error::NotFinite { index }) = check_finite(values) {
            let (value, row, column) = (values[index], index / dimensions, index % dimensions);
            let place = if *dimensions > 1 { format!("{row}, column {column}") } else { row.to_string() };
            return Err(PyValueError::new_err(format!("{name} must be finite, got {value} in row {place}")));
        }
        match self.ranges().find(|(low, high)| high - low == f64::INFINITY) {
            Some((low, high)) => Err(PyValueError::new_err(format!(
                "{name} must span less than {:e}, got values from {low:e} to {high:e}",
                f64::MAX
            ))),
            None => Ok(()),
        }
    }

    /// The lowest and the highest value of each column.
    fn ranges(&self) -> impl Iterator<Item = (f64, f64)> {
        (0..self.dimensions).map(|column| {
            let mut column = self.values.iter().skip(column).step_by(self.dimensions).copied();
            let first = column.next().unwrap_or(0.0);
            column.fold((first, first), |(low, high), value| (low.min(value), high.max(value)))
        })
    }

    pub(super) fn len(&self) -> usize {
        self.values.len() / self.dimensions
    }

    pub(super) fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Whether there is one column, which does not go round.
    pub(super) fn is_scalar(&self) -> bool {
        self.dimensions == 1 && self.periods.is_empty()
    }

    /// The ranks of each column.
    pub(super) fn ranks(&self, interrupt: &Interrupt<'_>) -> Result<Vec<Ranks>, Error> {
        Ranks::from_rows(self.values, self.dimensions, interrupt)
    }

    /// These samples, or their ranks.
    pub(super) fn ranked(&self, ranked: bool, interrupt: &Interrupt<'_>) -> Result<Cow<'a, [f64]>, Error> {
        if !ranked {
            return Ok(Cow::Borrowed(self.values));
        }
        let ranks = self.ranks(interrupt)?;
        let mut rows = memory::with_capacity(self.values.len())?;
        for row in 0..self.len() {
            rows.extend(ranks.iter().map(|ranks| f64::from(ranks.as_slice()[row])));
        }
        Ok(Cow::Owned(rows))
    }

    pub(super) fn points(&self, space: Space, workers: Workers<'_>) -> Result<Points, Error> {
        let values = workers.alone(|interrupt| self.ranked(space.ranked, interrupt))?;
        let points = Points::from_rows(&values, self.dimensions)?.with_norm(space.norm);
        if self.periods.is_empty() { Ok(points) } else { points.with_periods(self.periods) }
    }
}

/// In which space neighbours are near.
#[derive(Clone, Copy)]
pub(super) struct Space {
    pub(super) norm: Norm,
    pub(super) ranked: bool,
}

impl Space {
    /// Whether distances are the largest difference of ranks.
    pub(super) fn ranks_by_max(&self) -> bool {
        self.ranked && self.norm == Norm::Max
    }

    /// In one dimension all norms are one, and the largest difference is the cheapest.
    pub(super) fn new(norm: &str, ranked: bool, parts: &[Samples<'_>]) -> PyResult<Self> {
        let norm = match norm {
            "max" => Norm::Max,
            "euclidean" if parts.iter().all(|part| part.dimensions == 1) => Norm::Max,
            "euclidean" => Norm::Euclidean,
            _ => {
                return Err(PyValueError::new_err(format!(
                    "norm must be 'max' or 'euclidean', got {norm:?}"
                )));
            }
        };
        if let Some(part) = parts.iter().find(|part| ranked && !part.periods.is_empty()) {
            return Err(PyValueError::new_err(format!(
                "transform must be None, got 'ranks' and {}, which is periodic: there are no ranks on a circle",
                part.name
            )));
        }
        let too_wide = |part: &&Samples<'_>| {
            part.ranges().map(|(low, high)| (high - low) * (high - low)).sum::<f64>() == f64::INFINITY
        };
        match parts.iter().find(|part| norm == Norm::Euclidean && too_wide(part)) {
            Some(part) => Err(PyValueError::new_err(format!(
                "{} must span less than {:e} with the Euclidean norm, which squares differences",
                part.name,
                f64::MAX.sqrt()
            ))),
            None => Ok(Self { norm, ranked }),
        }
    }
}

/// Parts that are compared have the same columns, and distances between them are finite.
pub(super) fn check_comparable(space: Space, x: Samples<'_>, y: Samples<'_>) -> PyResult<()> {
    if let Some(part) = [x, y].iter().find(|part| !part.periods.is_empty()) {
        return Err(PyValueError::new_err(format!(
            "{} must not be periodic: two samples are not compared on circles",
            part.name
        )));
    }
    if x.dimensions != y.dimensions {
        return Err(PyValueError::new_err(format!(
            "{} and {} must have the same number of columns, got {} and {}",
            x.name, y.name, x.dimensions, y.dimensions
        )));
    }
    let widths = x.ranges().zip(y.ranges()).map(|(a, b)| a.1.max(b.1) - a.0.min(b.0));
    let (width, most) = match space.norm {
        Norm::Max => (widths.fold(0.0, f64::max), f64::MAX),
        Norm::Euclidean => (widths.map(|width| width * width).sum(), f64::MAX.sqrt()),
    };
    if width == f64::INFINITY {
        return Err(PyValueError::new_err(format!(
            "{} and {} must span less than {most:e} together, to have finite distances",
            x.name, y.name
        )));
    }
    Ok(())
}

/// Parts that belong together have the same length, which is returned.
pub(super) fn check_lengths<'a>(mut parts: impl Iterator<Item = (&'a str, usize)>) -> PyResult<usize> {
    let (first, n) = parts.next().unwrap_or_default();
    match parts.find(|&(_, other)| other != n) {
        Some((name, other)) => Err(PyValueError::new_err(format!(
            "{first} and {name} must have the same length, got {n} and {other}"
        ))),
        None => Ok(n),
    }
}

/// The number of neighbours: one or several.
pub(super) struct Neighbors {
    pub(super) ks: Vec<usize>,
    is_one: bool,
}

impl Neighbors {
    /// Of `n` samples, each must have as many others.
    pub(super) fn new(k: &Bound<'_, PyAny>, n: usize) -> PyResult<Self> {
        let (ks, is_one) = match k.try_iter() {
            Ok(several) => (several.map(|k| count("k", &k?)).collect::<PyResult<Vec<_>>>()?, false),
            Err(error) if error.is_instance_of::<PyTypeError>(k.py()) => (vec![count("k", k)?], true),
            Err(error) => return Err(error),
        };
        match ks.iter().find(|&&k| k == 0 || k >= n) {
            Some(k) => Err(PyValueError::new_err(format!(
                "k must be at least 1 and below the number of samples, got {k} with {n} samples"
            ))),
            None => Ok(Self { ks, is_one }),
        }
    }

    /// A float for one k, an array for several; of what the samples contribute, a row for each.
    pub(super) fn pack<'py>(&self, py: Python<'py>, estimates: Estimates) -> PyResult<Bound<'py, PyAny>> {
        Ok(match estimates {
            Estimates::Means(mut means) if self.is_one => means.swap_remove(0).into_pyobject(py)?.into_any(),
            Estimates::Means(means) => means.into_pyarray(py).into_any(),
            Estimates::Pointwise(mut rows) if self.is_one => rows.swap_remove(0).into_pyarray(py).into_any(),
            Estimates::Pointwise(rows) => {
                let shape = [rows.len(), rows.first().map_or(0, Vec::len)];
                let mut values = memory::with_capacity(shape[0].saturating_mul(shape[1]))?;
                rows.iter().for_each(|row| values.extend_from_slice(row));
                values.into_pyarray(py).reshape(shape)?.into_any()
            }
        })
    }
}

/// What a kernel returns for each k.
pub(super) enum Estimates {
    Means(Vec<f64>),
    Pointwise(Vec<Vec<f64>>),
}

impl Estimates {
    pub(super) fn new(found: &[crate::Pointwise], pointwise: bool) -> Result<Self, Error> {
        Ok(if pointwise {
            Self::Pointwise(found.iter().map(crate::Pointwise::values).collect::<Result<_, _>>()?)
        } else {
            Self::Means(found.iter().map(crate::Pointwise::mean).collect::<Result<_, _>>()?)
        })
    }
}
