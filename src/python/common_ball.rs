//! Sums of joint entropies from neighbours as a Python function: of any number of variables of any kind.

use numpy::{IntoPyArray, PyArray1, PyArrayDyn, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::arguments::{count, run, slice};
use super::estimators::{Call, bitmaps_serve};
use super::labels::integers_or_times;
use super::samples::{Argument, Estimates, Neighbors, Samples, Space, check_lengths};
use crate::mutual_information::{CONDITIONAL, MUTUAL_INFORMATION};
use crate::{Codes, Error, Labels, Marginal, Points, Rule, Ties, Workers, encode};

/// A variable: floats are samples, integers are labels.
#[derive(Clone, Copy)]
enum Variable<'a> {
    Continuous(Samples<'a>),
    Discrete(&'a str, Labels<'a>),
}

/// The arguments that are samples.
fn arguments<'a, 'py>(
    names: &'a [String],
    parts: &[Bound<'py, PyAny>],
) -> PyResult<Vec<Option<Argument<'a, 'py>>>> {
    if parts.is_empty() || names.len() != parts.len() {
        return Err(PyValueError::new_err(format!(
            "parts must be at least one with a name each, got {} with {} names",
            parts.len(),
            names.len()
        )));
    }
    let argument = |(name, part): (&'a String, &Bound<'py, PyAny>)| {
        let is_continuous = part.cast::<PyArrayDyn<f64>>().is_ok() || part.cast::<PyTuple>().is_ok();
        is_continuous.then(|| Argument::new(name, part)).transpose()
    };
    names.iter().zip(parts).map(argument).collect()
}

/// The variables, of the same length, which is returned too.
fn variables<'a>(
    arguments: &'a [Option<Argument<'_, '_>>],
    names: &'a [String],
    parts: &'a [Bound<'_, PyAny>],
) -> PyResult<(Vec<Variable<'a>>, usize)> {
    let mut variables = Vec::new();
    for ((argument, name), part) in arguments.iter().zip(names).zip(parts) {
        variables.push(match argument {
            Some(argument) => Variable::Continuous(argument.samples()?),
            None => Variable::Discrete(
                name,
                integers_or_times(part).ok_or_else(|| {
                    PyTypeError::new_err(format!(
                        "{name} must be an array of float64 or a vector of integers"
                    ))
                })?,
            ),
        });
    }
    let n = check_lengths(variables.iter().map(|variable| match variable {
        Variable::Continuous(samples) => (samples.name, samples.len()),
        Variable::Discrete(name, labels) => (*name, labels.len()),
    }))?;
    Ok((variables, n))
}

fn samples<'a>(variables: &[Variable<'a>]) -> Vec<Samples<'a>> {
    let samples = |variable: &Variable<'a>| match variable {
        Variable::Continuous(samples) => Some(*samples),
        Variable::Discrete(..) => None,
    };
    variables.iter().filter_map(samples).collect()
}

/// Runs a kernel on the variables as the core has them.
fn with_marginals<T>(
    variables: &[Variable<'_>],
    space: Space,
    workers: Workers<'_>,
    kernel: impl FnOnce(&[Marginal<'_>]) -> Result<T, Error>,
) -> Result<T, Error> {
    let read = |variable: &Variable<'_>| -> Result<(Option<Points>, Option<Codes>), Error> {
        Ok(match variable {
            Variable::Continuous(samples) => (Some(samples.points(space, workers)?), None),
            Variable::Discrete(_, labels) => {
                (None, Some(workers.alone(|interrupt| encode(*labels, interrupt))?))
            }
        })
    };
    let read = variables.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let marginals: Vec<Marginal<'_>> = read
        .iter()
        .map(|(points, labels)| Marginal { points: points.as_ref(), labels: labels.as_ref() })
        .collect();
    kernel(&marginals)
}

fn rule(name: &str) -> PyResult<Rule> {
    match name {
        "kraskov" => Ok(Rule::Kraskov),
        "ross" => Ok(Rule::Ross),
        "mixture" => Ok(Rule::Mixture),
        "atom split" => Ok(Rule::AtomSplit),
        _ => Err(PyValueError::new_err(format!(
            "rule must be 'kraskov', 'ross', 'mixture' or 'atom split', got {name:?}"
        ))),
    }
}

/// `terms` are coefficients and masks.
#[pyfunction]
#[pyo3(
    signature = (
        parts, terms, k, rule, norm="max", ranked=false, pointwise=false, n_threads=None, names=None
    )
)]
#[expect(clippy::too_many_arguments, reason = "they are the caller's keywords")]
pub(super) fn common_ball<'py>(
    py: Python<'py>,
    parts: Vec<Bound<'py, PyAny>>,
    terms: Vec<(f64, u64)>,
    k: &Bound<'py, PyAny>,
    rule: &str,
    norm: &str,
    ranked: bool,
    pointwise: bool,
    n_threads: Option<Bound<'py, PyAny>>,
    names: Option<Vec<String>>,
) -> PyResult<Bound<'py, PyAny>> {
    let rule = self::rule(rule)?;
    let names = names.unwrap_or_else(|| numbered(parts.len()));
    let arguments = arguments(&names, &parts)?;
    let (variables, n) = variables(&arguments, &names, &parts)?;
    let samples = samples(&variables);
    let space = Space::new(norm, ranked, &samples)?;
    // A class that has fewer samples makes do with those.
    let neighbors = Neighbors::new(k, if samples.len() == parts.len() { n } else { usize::MAX })?;
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let size = n.saturating_mul(parts.len());
    Call { size, neighbors, n_threads }.run(py, |ks, workers| {
        with_marginals(&variables, space, workers, |marginals| {
            Estimates::new(&crate::common_ball(marginals, &terms, rule, ks, workers)?, pointwise)
        })
    })
}

/// The same for one k with the first part in each of some orders, a row for each.
#[pyfunction]
#[pyo3(
    signature = (parts, terms, orders, k, rule, norm="max", ranked=false, n_threads=None, names=None)
)]
#[expect(clippy::too_many_arguments, reason = "they are the caller's keywords")]
pub(super) fn rearranged_common_ball<'py>(
    py: Python<'py>,
    parts: Vec<Bound<'py, PyAny>>,
    terms: Vec<(f64, u64)>,
    orders: PyReadonlyArray2<'py, u32>,
    k: &Bound<'py, PyAny>,
    rule: &str,
    norm: &str,
    ranked: bool,
    n_threads: Option<Bound<'py, PyAny>>,
    names: Option<Vec<String>>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let rule = self::rule(rule)?;
    let names = names.unwrap_or_else(|| numbered(parts.len()));
    let arguments = arguments(&names, &parts)?;
    let (variables, n) = variables(&arguments, &names, &parts)?;
    let samples = samples(&variables);
    let space = Space::new(norm, ranked, &samples)?;
    let is_continuous = samples.len() == parts.len();
    let ks = Neighbors::new(k, if is_continuous { n } else { usize::MAX })?.ks;
    let &[k] = &ks[..] else {
        return Err(PyValueError::new_err(format!("k must be one number, got {}", ks.len())));
    };
    if orders.shape()[1] != n {
        return Err(PyValueError::new_err(format!(
            "orders must have a column for each of {n} samples, got {}",
            orders.shape()[1]
        )));
    }
    let orders = slice("orders", &orders)?;
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    let found = run(py, orders.len().saturating_mul(parts.len()), n_threads, |workers| {
        if is_continuous
            && space.ranks_by_max()
            && bitmaps_serve(n, &[k])
            && let Some(conditions) = rank_conditions(rule, &terms, &samples)
        {
            let ranks = |part: Samples<'_>| workers.alone(|interrupt| part.ranks(interrupt));
            let z = conditions.map_or(Ok(Vec::new()), ranks)?;
            return crate::rearranged_ranks(&ranks(samples[0])?, &ranks(samples[1])?, &z, k, orders, workers);
        }
        with_marginals(&variables, space, workers, |marginals| {
            crate::rearranged_common_ball(marginals, &terms, rule, k, orders, workers)
        })
    })?;
    Ok(found.into_pyarray(py))
}

/// What is given, if anything, where bitmaps of ranks have the estimate.
fn rank_conditions<'a>(
    rule: Rule,
    terms: &[(f64, u64)],
    samples: &[Samples<'a>],
) -> Option<Option<Samples<'a>>> {
    let is_sum = |of: &[(f64, u64)]| terms.len() == of.len() && of.iter().all(|term| terms.contains(term));
    match *samples {
        [_, _] if rule == Rule::Kraskov && is_sum(&MUTUAL_INFORMATION) => Some(None),
        [_, _, z] if rule == Rule::Kraskov && is_sum(&CONDITIONAL) => Some(Some(z)),
        _ => None,
    }
}

/// What the values that repeat are like: `none` do, or they are `atoms`, or on a `lattice`.
#[pyfunction]
#[pyo3(signature = (parts, k, names=None))]
pub(super) fn ties(
    py: Python<'_>,
    parts: Vec<Bound<'_, PyAny>>,
    k: &Bound<'_, PyAny>,
    names: Option<Vec<String>>,
) -> PyResult<&'static str> {
    let k = count("k", k)?;
    let names = names.unwrap_or_else(|| numbered(parts.len()));
    let arguments = arguments(&names, &parts)?;
    let (variables, n) = variables(&arguments, &names, &parts)?;
    let space = Space::new("max", false, &[])?;
    let found = run(py, n.saturating_mul(parts.len()), 1, |workers| {
        with_marginals(&variables, space, workers, |marginals| crate::ties(marginals, k, workers))
    })?;
    Ok(match found {
        Ties::None => "none",
        Ties::Atoms => "atoms",
        Ties::Lattice => "lattice",
    })
}

fn numbered(n_parts: usize) -> Vec<String> {
    (0..n_parts).map(|part| format!("part {part}")).collect()
}
