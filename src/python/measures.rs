//! The measure of the own API that is called in loops: what needs no look at options never enters Python.

#![allow(clippy::doc_lazy_continuation, reason = "the docstring is that of Python")]

use numpy::{PyArray1, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt};

use super::arguments::{Given, WORTH_RELEASING, python};
use super::estimators::{by_ties, conditional, kraskov};
use super::labels::{count_pairs, integers};

/// Neighbours, where nobody says how many.
const K: i64 = 3;

/// How much knowing `x` tells about `y`, linear or not.
///
/// Parameters
/// ----------
/// x, y : array-like of shape (n_samples,) or (n_samples, n_columns)
///     Samples; several columns are one variable. Floats are continuous, integers, bools and text discrete.
/// given : array-like of shape (n_samples,) or (n_samples, n_columns), or tuple of arrays, optional
///     What is known already: the information that `x` and `y` share beyond it. Columns may be of both kinds, as
///     in a frame or a tuple; with a lag they are of the time of `y`.
/// estimator : Estimator, optional
///     How to estimate. If None: `PlugIn` for discrete variables, `KSG` for continuous ones, `Ross` where some
///     are discrete; and where floats repeat, `AtomSplit`, or `Mixture` if most do so rarely.
/// base : float, optional
///     Base of the logarithm: 2 for bits. If None, e, for nats.
/// pointwise : bool, default=False
///     Whether to return what each sample contributes instead of the mean: NaN for one that is left out.
/// discrete : bool or sequence of bool, optional
///     Whether the variables are discrete, where the type of the array does not tell: for all, or for `x`, `y`
///     and perhaps `given` in turn.
/// weights : array-like of shape (n_samples,), optional
///     How much each sample counts: finite, at least 0, not all 0. For the estimators that take them. With a lag
///     they are of the time of `y`.
/// mask : array-like of bool of shape (n_samples,), optional
///     Which samples to use; with a lag both must be. Others may hold anything.
/// nan_policy : {"raise", "omit"}, default="raise"
///     Whether missing values, such as NaN, are refused, or samples with one in any variable left out.
/// lag : int or sequence of int, default=0
///     How many samples `x` is ahead: ``x[t - lag]`` is related to ``y[t]``, and a negative lag looks for `y`
///     ahead. Each lag has all samples that overlap, whatever the others are.
/// groups : array-like of shape (n_samples,), optional
///     A label for each sample, such as the number of a trial. No lag reaches into another group, nor across it
///     into one of the same label, and each group is estimated by itself: the result is the mean over all
///     samples, the information given the group. Each needs more samples than neighbours.
/// pooled : bool, default=False
///     Whether to estimate from the samples of all groups together, as of one law: for trials that are short.
/// window : int, default=0
///     Samples at most so many steps apart are no neighbours, for `KSG`: they are near because hardly any time
///     has passed. As long as a series remembers itself; each step costs another two neighbours.
/// n_jobs : int, optional
///     Number of threads; None means 1, -1 all processors. Results do not depend on it.
///
/// Returns
/// -------
/// float or ndarray
///     The estimate as it comes: below 0 where there is little to tell. Of several lags an array, with one
///     entry for each. Where the estimator has several `k`, an array with a value, or with `pointwise` a row,
///     for each.
///
/// Raises
/// ------
/// ValueError
///     If samples are not finite, lengths differ, there are too few samples for `k`, or the estimator is not
///     for such data.
/// TypeError
///     If an argument is of a type that does not fit.
///
/// Examples
/// --------
/// >>> import numpy as np
/// >>> from mutua import KSG, mutual_information
/// >>> rng = np.random.default_rng(0)
/// >>> x = rng.normal(size=2000)
/// >>> y = x + rng.normal(size=2000)
/// >>> round(mutual_information(x, y), 3)  # the truth is ln(2) / 2
/// 0.335
/// >>> round(mutual_information(x, y, estimator=KSG(k=10), base=2), 3)
/// 0.491
/// >>> round(mutual_information(x, x + y, given=y), 3)  # y known, x + y tells all about x
/// 2.393
/// >>> mutual_information(["a", "a", "b", "b"], [1, 1, 2, 2], base=2)
/// 1.0
/// >>> y = np.roll(x, 2) + rng.normal(size=2000)
/// >>> mutual_information(x, y, lag=range(4)).round(2)
/// array([ 0.02,  0.03,  0.37, -0.01])
/// >>> walk, other = rng.normal(size=(2, 600)).cumsum(axis=1)  # the truth is 0
/// >>> round(mutual_information(walk, other), 2), round(mutual_information(walk, other, window=20), 2)
/// (0.65, 0.02)
#[pyfunction]
#[pyo3(
    signature = (
        x, y, *, given=Given(None), estimator=Given(None), base=Given(None), pointwise=Given(None),
        discrete=Given(None), weights=Given(None), mask=Given(None), nan_policy=Given(None), lag=Given(None),
        groups=Given(None), pooled=Given(None), window=Given(None), n_jobs=Given(None)
    ),
    text_signature = "(x, y, *, given=None, estimator=None, base=None, pointwise=False, discrete=None, weights=None, mask=None, nan_policy='raise', lag=0, groups=None, pooled=False, window=0, n_jobs=None)"
)]
#[expect(clippy::too_many_arguments, reason = "they are the caller's keywords")]
pub(super) fn mutual_information<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    given: Given<'py>,
    estimator: Given<'py>,
    base: Given<'py>,
    pointwise: Given<'py>,
    discrete: Given<'py>,
    weights: Given<'py>,
    mask: Given<'py>,
    nan_policy: Given<'py>,
    lag: Given<'py>,
    groups: Given<'py>,
    pooled: Given<'py>,
    window: Given<'py>,
    n_jobs: Given<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = [
        ("given", given),
        ("estimator", estimator),
        ("base", base),
        ("pointwise", pointwise),
        ("discrete", discrete),
        ("weights", weights),
        ("mask", mask),
        ("nan_policy", nan_policy),
        ("lag", lag),
        ("groups", groups),
        ("pooled", pooled),
        ("window", window),
        ("n_jobs", n_jobs),
    ];
    if options.iter().all(|(_, option)| option.0.is_none()) {
        if let (Some(x), Some(y)) = (integers(x), integers(y))
            && x.len() == y.len()
            && !x.is_empty()
        {
            return Ok(count_pairs(py, x, y)?.mutual_information().into_pyobject(py)?.into_any());
        }
        if is_short(x) && is_short(y) {
            return by_ties(py, x, y, K.into_pyobject(py)?.as_any(), false, None);
        }
    }
    if let Some(Plain { k, ranked, given }) = Plain::of(&options)?
        && [Some(x), Some(y), given].into_iter().flatten().all(is_short)
    {
        return match given {
            None => kraskov(py, x, y, &k, 1, "max", ranked, false, None, None),
            Some(given) => conditional(py, x, y, given, &k, "max", ranked, false, None),
        };
    }
    let given = PyDict::new(py);
    for (name, Given(option)) in options {
        if let Some(option) = option {
            given.set_item(name, option)?;
        }
    }
    python!(py, "mutua.measures", "_mutual_information").call((x, y), Some(&given))
}

/// A `KSG` that needs no look at anything else, and perhaps what is given.
struct Plain<'a, 'py> {
    k: Bound<'py, PyInt>,
    ranked: bool,
    given: Option<&'a Bound<'py, PyAny>>,
}

impl<'a, 'py> Plain<'a, 'py> {
    /// What the options say, if there are no others but one thread.
    fn of(options: &'a [(&str, Given<'py>)]) -> PyResult<Option<Self>> {
        let (mut plain, mut given) = (None, None);
        for (name, Given(option)) in options {
            match (*name, option) {
                (_, None) => (),
                ("given", Some(_)) => given = option.as_ref(),
                ("estimator", Some(estimator)) => {
                    // A property runs Python: an interrupt may end it.
                    let of_scalars = estimator.getattr_opt(intern!(estimator.py(), "_k_of_scalars"))?;
                    plain = of_scalars.and_then(|of_scalars| of_scalars.extract().ok());
                }
                ("n_jobs", Some(n_jobs)) if is_one(n_jobs) => (),
                _ => return Ok(None),
            }
        }
        Ok(plain.map(|(k, ranked)| Self { k, ranked, given }))
    }
}

/// Whether a number of threads is one, without a look at what else it might be.
fn is_one(n_jobs: &Bound<'_, PyAny>) -> bool {
    n_jobs.is_exact_instance_of::<PyInt>() && n_jobs.eq(1).unwrap_or(false)
}

/// A vector of floats, of which there are some, but not more than one thread is enough for.
fn is_short(samples: &Bound<'_, PyAny>) -> bool {
    samples.cast_exact::<PyUntypedArray>().is_ok()
        && samples.cast::<PyArray1<f64>>().is_ok_and(|samples| {
            (1..WORTH_RELEASING).contains(&samples.len()) && samples.is_c_contiguous() && samples.is_aligned()
        })
}
