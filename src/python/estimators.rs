//! The neighbour estimators as Python functions.

use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::arguments::{count, run, slice};
use super::samples::{Argument, Estimates, Neighbors, Samples, Space, check_lengths};
use crate::entropy::entropy_of_line;
use crate::{Column, Error, Kraskov, PairEstimator, SmallClasses, Workers, encode};

/// Up to so many points, or if the neighbours are no fewer than such a part of them, bitmaps of ranks are faster.
const FEW_POINTS: usize = 1 << 13;
const FEW_NEIGHBORS: usize = 64;

/// What the functions have in common: how many values, neighbours and threads there are.
pub(super) struct Call {
    pub(super) size: usize,
    pub(super) neighbors: Neighbors,
    pub(super) n_threads: usize,
}

impl Call {
    /// Samples of the same length, more of them than neighbours.
    fn new(
        parts: &[Samples<'_>],
        k: &Bound<'_, PyAny>,
        n_threads: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let n = check_lengths(parts.iter().map(|part| (part.name, part.len())))?;
        let neighbors = Neighbors::new(k, n)?;
        let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
        Ok(Self { size: parts.iter().map(|part| part.values.len()).sum(), neighbors, n_threads })
    }

    pub(super) fn run<'py>(
        &self,
        py: Python<'py>,
        kernel: impl FnOnce(&[usize], Workers<'_>) -> Result<Estimates, Error> + Send,
    ) -> PyResult<Bound<'py, PyAny>> {
        let ks = &self.neighbors.ks;
        self.neighbors.pack(py, run(py, self.size, self.n_threads, |workers| kernel(ks, workers))?)
    }
}

/// Two scalar samples: one search in the plane, and nothing kept but the means.
fn scalars(
    x: Samples<'_>,
    y: Samples<'_>,
    ranked: bool,
    ks: &[usize],
    estimator: PairEstimator,
    workers: Workers<'_>,
) -> Result<Estimates, Error> {
    let (x, y) =
        workers.alone(|interrupt| Ok((x.ranked(ranked, interrupt)?, y.ranked(ranked, interrupt)?)))?;
    Ok(Estimates::Means(crate::scalar_pair(&x, &y, ks, estimator, workers)?))
}

/// Whether bitmaps find so many neighbours of `n` points sooner than a tree does.
pub(super) fn bitmaps_serve(n: usize, ks: &[usize]) -> bool {
    n <= FEW_POINTS || ks.iter().all(|k| k * FEW_NEIGHBORS >= n)
}

/// Neighbours among ranks by bitmaps, where there are many of them or few points: what a tree finds too, sooner.
fn by_bitmaps(
    parts: [Option<Samples<'_>>; 3],
    ks: &[usize],
    workers: Workers<'_>,
) -> Option<Result<Estimates, Error>> {
    let n = parts[0].map_or(0, |part| part.len());
    if !bitmaps_serve(n, ks) {
        return None;
    }
    let estimate = || {
        let ranks = |part: Option<Samples<'_>>| {
            part.map_or(Ok(Vec::new()), |part| workers.alone(|interrupt| part.ranks(interrupt)))
        };
        let [x, y, z] = [ranks(parts[0])?, ranks(parts[1])?, ranks(parts[2])?];
        let means = ks.iter().map(|&k| crate::rank_mutual_information(&x, &y, &z, k, workers));
        Ok(Estimates::Means(means.collect::<Result<_, _>>()?))
    };
    Some(estimate())
}

/// With `others`, the total correlation of all.
#[pyfunction]
#[pyo3(
    signature = (
        x, y, k, kind=1, norm="max", ranked=false, pointwise=false, n_threads=None, others=None
    )
)]
#[expect(clippy::too_many_arguments, reason = "they are the caller's keywords")]
pub(super) fn kraskov<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    kind: i64,
    norm: &str,
    ranked: bool,
    pointwise: bool,
    n_threads: Option<Bound<'py, PyAny>>,
    others: Option<Vec<Bound<'py, PyAny>>>,
) -> PyResult<Bound<'py, PyAny>> {
    let mut arguments = vec![Argument::new("x", x)?, Argument::new("y", y)?];
    for other in others.iter().flatten() {
        arguments.push(Argument::new("each variable", other)?);
    }
    let parts = arguments.iter().map(Argument::samples).collect::<PyResult<Vec<_>>>()?;
    let kind = match kind {
        1 => Kraskov::First,
        2 => Kraskov::Second,
        _ => return Err(PyValueError::new_err(format!("kind must be 1 or 2, got {kind}"))),
    };
    let space = Space::new(norm, ranked, &parts)?;
    Call::new(&parts, k, n_threads)?.run(py, |ks, workers| {
        if let [x, y] = parts[..]
            && kind == Kraskov::First
            && !pointwise
        {
            if space.ranks_by_max()
                && let Some(found) = by_bitmaps([Some(x), Some(y), None], ks, workers)
            {
                return found;
            }
            if x.is_scalar() && y.is_scalar() {
                return scalars(x, y, ranked, ks, PairEstimator::Kraskov, workers);
            }
        }
        let points = parts.iter().map(|part| part.points(space, workers)).collect::<Result<Vec<_>, _>>()?;
        let points: Vec<_> = points.iter().collect();
        Estimates::new(&crate::kraskov(&points, kind, ks, workers)?, pointwise)
    })
}

#[pyfunction]
#[pyo3(signature = (x, y, k, norm="max", pointwise=false, n_threads=None))]
pub(super) fn mixture<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    norm: &str,
    pointwise: bool,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, y) = (Argument::new("x", x)?, Argument::new("y", y)?);
    let (x, y) = (x.samples()?, y.samples()?);
    let space = Space::new(norm, false, &[x, y])?;
    Call::new(&[x, y], k, n_threads)?.run(py, |ks, workers| {
        if !pointwise && x.is_scalar() && y.is_scalar() {
            return scalars(x, y, false, ks, PairEstimator::Mixture, workers);
        }
        let (x, y) = (x.points(space, workers)?, y.points(space, workers)?);
        Estimates::new(&crate::mixture(&x, &y, ks, workers)?, pointwise)
    })
}

/// What suits floats: the first estimator of Kraskov et al. where no value repeats, atoms split off where some do, the
/// mixture estimator for samples on a lattice.
#[pyfunction]
#[pyo3(signature = (x, y, k, pointwise=false, n_threads=None))]
pub(super) fn by_ties<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    pointwise: bool,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, y) = (Argument::new("x", x)?, Argument::new("y", y)?);
    let (x, y) = (x.samples()?, y.samples()?);
    let space = Space::new("max", false, &[x, y])?;
    Call::new(&[x, y], k, n_threads)?.run(py, |ks, workers| {
        if !pointwise && x.is_scalar() && y.is_scalar() {
            return scalars(x, y, false, ks, PairEstimator::ByTies, workers);
        }
        let (x, y) = (x.points(space, workers)?, y.points(space, workers)?);
        Estimates::new(&crate::by_ties(&x, &y, ks, workers)?, pointwise)
    })
}

#[pyfunction]
#[pyo3(signature = (x, y, given, k, norm="max", ranked=false, pointwise=false, n_threads=None))]
#[expect(clippy::too_many_arguments, reason = "they are the caller's keywords")]
pub(super) fn conditional<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    given: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    norm: &str,
    ranked: bool,
    pointwise: bool,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, y, z) = (Argument::new("x", x)?, Argument::new("y", y)?, Argument::new("given", given)?);
    let (x, y, z) = (x.samples()?, y.samples()?, z.samples()?);
    let space = Space::new(norm, ranked, &[x, y, z])?;
    Call::new(&[x, y, z], k, n_threads)?.run(py, |ks, workers| {
        if space.ranks_by_max()
            && !pointwise
            && let Some(found) = by_bitmaps([Some(x), Some(y), Some(z)], ks, workers)
        {
            return found;
        }
        let (x, y, z) = (x.points(space, workers)?, y.points(space, workers)?, z.points(space, workers)?);
        Estimates::new(&crate::conditional(&x, &y, &z, ks, workers)?, pointwise)
    })
}

/// The same among samples more than `window` apart in `times`.
#[pyfunction]
#[pyo3(signature = (x, y, given, times, window, k, norm="max", ranked=false, pointwise=false, n_threads=None))]
#[expect(clippy::too_many_arguments, reason = "they are the caller's keywords")]
pub(super) fn conditional_apart<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    given: &Bound<'py, PyAny>,
    times: PyReadonlyArray1<'py, i64>,
    window: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    norm: &str,
    ranked: bool,
    pointwise: bool,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, y, z) = (Argument::new("x", x)?, Argument::new("y", y)?, Argument::new("given", given)?);
    let (x, y, z) = (x.samples()?, y.samples()?, z.samples()?);
    let (times, window) = (slice("times", &times)?, count("window", window)? as u64);
    let space = Space::new(norm, ranked, &[x, y, z])?;
    Call::new(&[x, y, z], k, n_threads)?.run(py, |ks, workers| {
        let (x, y, z) = (x.points(space, workers)?, y.points(space, workers)?, z.points(space, workers)?);
        Estimates::new(&crate::conditional_apart(&x, &y, &z, (times, window), ks, workers)?, pointwise)
    })
}

#[pyfunction]
#[pyo3(signature = (x, y, k, norm="max", pointwise=false, n_threads=None))]
pub(super) fn ross<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    norm: &str,
    pointwise: bool,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let is_labels = |array: &Bound<'py, PyAny>| array.cast::<PyArray1<i64>>().is_ok();
    let (sample, labels) = if is_labels(x) { (("y", y), ("x", x)) } else { (("x", x), ("y", y)) };
    let sample = Argument::new(sample.0, sample.1)?;
    let (sample, labels_of) = (sample.samples()?, labels.1.extract::<PyReadonlyArray1<'_, i64>>()?);
    let labels_of = slice(labels.0, &labels_of)?;
    check_lengths([(sample.name, sample.len()), (labels.0, labels_of.len())].into_iter())?;
    let space = Space::new(norm, false, &[sample])?;
    let n_threads = n_threads.map_or(Ok(1), |n_threads| count("n_threads", &n_threads))?;
    // A label that has fewer samples makes do with those.
    let neighbors = Neighbors::new(k, usize::MAX)?;
    Call { size: sample.values.len(), neighbors, n_threads }.run(py, |ks, workers| {
        let codes = workers.alone(|interrupt| encode(labels_of, interrupt))?;
        if sample.is_scalar() && !pointwise {
            return workers.alone(|interrupt| {
                let column = Column::new(sample.values, interrupt)?;
                let exact = SmallClasses::Exact;
                let means = ks.iter().map(|&k| crate::ross(&column, &codes, k, exact, interrupt));
                Ok(Estimates::Means(means.collect::<Result<_, _>>()?))
            });
        }
        Estimates::new(&crate::ross_points(&sample.points(space, workers)?, &codes, ks, workers)?, pointwise)
    })
}

/// Total correlation of the columns of `x`.
#[pyfunction]
#[pyo3(signature = (x, k, alpha, pointwise=false, n_threads=None))]
pub(super) fn local_non_uniformity<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    alpha: f64,
    pointwise: bool,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let x = Argument::new("x", x)?;
    let x = x.samples()?;
    if !(0.0..=1.0).contains(&alpha) {
        return Err(PyValueError::new_err(format!("alpha must be between 0 and 1, got {alpha}")));
    }
    let space = Space::new("max", false, &[x])?;
    let call = Call::new(&[x], k, n_threads)?;
    if let Some(k) = call.neighbors.ks.iter().find(|&&k| k < x.dimensions()) {
        return Err(PyValueError::new_err(format!(
            "k must be at least the number of columns, got {k} for {}",
            x.dimensions()
        )));
    }
    call.run(py, |ks, workers| {
        let points = x.points(space, workers)?;
        Estimates::new(&crate::local_non_uniformity(&points, alpha, ks, workers)?, pointwise)
    })
}

#[pyfunction]
#[pyo3(signature = (x, k, norm="max", pointwise=false, n_threads=None))]
pub(super) fn kozachenko_leonenko<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    norm: &str,
    pointwise: bool,
    n_threads: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let x = Argument::new("x", x)?;
    let x = x.samples()?;
    let space = Space::new(norm, false, &[x])?;
    Call::new(&[x], k, n_threads)?.run(py, |ks, workers| {
        if !pointwise && x.is_scalar() {
            return Ok(Estimates::Means(entropy_of_line(x.values, ks, workers)?));
        }
        let points = x.points(space, workers)?;
        Ok(if pointwise {
            Estimates::Pointwise(
                ks.iter()
                    .map(|&k| crate::kozachenko_leonenko_pointwise(&points, k, workers))
                    .collect::<Result<_, _>>()?,
            )
        } else {
            Estimates::Means(crate::kozachenko_leonenko(&points, ks, workers)?)
        })
    })
}
