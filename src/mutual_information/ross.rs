//! Mutual information of a scalar sample and labels from nearest neighbours (Ross 2014).
//!
//! With `k_i = min(k, N_i - 1)` neighbours among the `N_i` points of the same label, and `m_i` the points of any label,
//! itself included, strictly nearer than the `k_i`-th of them,
//!
//! ```text
//! I = psi(N) + mean psi(k_i) - mean psi(N_i) - mean psi(m_i)
//! ```
//!
//! Points whose label occurs once have no such neighbour and are left out altogether. O(n log n), nearly all of it the
//! sort of the sample; with [`SmallClasses::Expanded`] quadratic in the size of labels of no more than about 2k points.

use std::borrow::Cow;

use super::{Column, radius_below};
use crate::counting::Codes;
use crate::digamma::{DigammaSum, digamma};
use crate::neighbors::{Ball, Line, window};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// How distances are computed within a label that has no more than about 2k points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmallClasses {
    /// As everywhere: one rounded difference.
    Exact,
    /// As scikit-learn does there: the root of `a a - 2 a b + b b`, whose rounding decides at random whether the k-th
    /// neighbour itself counts. For the same numbers only.
    Expanded {
        /// Whether squares and roots are rounded to binary32, as scikit-learn does for samples of that type.
        single_precision: bool,
    },
}

/// The estimate in nats, as it comes: below 0 where the dependence is weak.
///
/// # Errors
/// [`Error::AllLabelsUnique`], [`Error::Lengths`], [`Error::Neighbors`] for `k = 0`, [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
///
/// ```
/// use mutua::{Column, Interrupt, SmallClasses, encode, ross};
///
/// let x: Vec<f64> = (0..1000).map(f64::from).collect();
/// let halves: Vec<i64> = (0..1000).map(|i| i / 500).collect();
/// let never = Interrupt::never();
/// let (x, halves) = (Column::new(&x, &never)?, encode(&halves, &never)?);
/// let estimate = ross(&x, &halves, 3, SmallClasses::Exact, &never)?;
/// assert!((estimate - 2f64.ln()).abs() < 0.01); // x tells the half, and half a bit is ln 2
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn ross(
    column: &Column<'_>,
    labels: &Codes,
    k: usize,
    small_classes: SmallClasses,
    interrupt: &Interrupt<'_>,
) -> Result<f64, Error> {
    let n = column.values.len();
    let classes = Classes::gather(column, labels, k, interrupt)?;
    let (mut neighbors, mut sizes, mut within) =
        (DigammaSum::up_to(n)?, DigammaSum::up_to(n)?, DigammaSum::up_to(n)?);
    classes.for_each(k, small_classes, interrupt, |local| {
        neighbors.add(local.neighbors, local.within.len() as u32);
        sizes.add(local.size, local.within.len() as u32);
        within.add_each(local.within);
    })?;
    Ok(digamma(classes.values.len() as u64) + neighbors.mean() - sizes.mean() - within.mean())
}

/// The points whose label occurs more than once.
struct Classes<'a> {
    /// All of them.
    line: Cow<'a, Line>,
    /// Ascending values, label after label.
    values: Vec<f64>,
    /// Where each label ends.
    ends: Vec<u32>,
}

/// Some points of one label.
struct Local<'a> {
    neighbors: usize,
    size: usize,
    /// For each, how many points of any label are nearer than its neighbours, itself included.
    within: &'a [u32],
}

impl<'a> Classes<'a> {
    fn gather(
        column: &'a Column<'_>,
        labels: &Codes,
        k: usize,
        interrupt: &Interrupt<'_>,
    ) -> Result<Self, Error> {
        let n = column.values.len();
        if labels.as_slice().len() != n {
            return Err(Error::Lengths { left: n, right: labels.as_slice().len() });
        }
        if k == 0 {
            return Err(Error::Neighbors { k, n });
        }
        let occurrences = labels.occurrences()?;
        let mut ends = memory::with_capacity(occurrences.len())?;
        let mut n_kept = 0;
        for &count in &occurrences {
            ends.push(n_kept);
            n_kept += if count > 1 { count } else { 0 };
        }
        let n_kept = n_kept as usize;
        if n_kept == 0 {
            return Err(Error::AllLabelsUnique);
        }
        let mut values = memory::filled(n_kept, 0.0)?;
        // Ascending values dealt out to their labels stay ascending there.
        for (&value, &position) in column.line.values().iter().zip(column.line.order()) {
            let label = labels.as_slice()[position as usize] as usize;
            if occurrences[label] > 1 {
                let next = ends[label] as usize;
                values[next] = value;
                ends[label] += 1;
            }
        }
        let line = if n_kept == n {
            Cow::Borrowed(&column.line)
        } else {
            Cow::Owned(Line::unordered(&values, interrupt)?)
        };
        Ok(Self { line, values, ends })
    }

    /// Calls `f` with the points of each label in turn, some at a time.
    fn for_each(
        &self,
        k: usize,
        small_classes: SmallClasses,
        interrupt: &Interrupt<'_>,
        mut f: impl FnMut(Local<'_>),
    ) -> Result<(), Error> {
        let mut within = Vec::new();
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        for (start, end) in starts.zip(self.ends.iter().copied()).filter(|(start, end)| start < end) {
            let values = &self.values[start as usize..end as usize];
            let size = values.len();
            let neighbors = k.min(size - 1);
            let mut count = |first: usize, distances: &mut [f64]| {
                let values = &values[first..first + distances.len()];
                distances.iter_mut().for_each(|distance| *distance = radius_below(*distance));
                within.clear();
                self.line.counts(values, distances, Ball::Closed, |_, others| within.push(1 + others));
                f(Local { neighbors, size, within: &within });
            };
            match small_classes {
                SmallClasses::Expanded { single_precision } if neighbors >= size / 2 => {
                    for place in 0..size {
                        interrupt.check()?; // All pairs of the class.
                        let distance = expanded_kth_distance(values, place, neighbors, single_precision)?;
                        count(place, &mut [distance]);
                    }
                }
                _ => window::kth_distances(values, neighbors, interrupt, count)?,
            }
        }
        Ok(())
    }
}

/// The k-th smallest expanded distance from `values[place]`, over all pairs: these distances are not monotone.
fn expanded_kth_distance(
    values: &[f64],
    place: usize,
    k: usize,
    single_precision: bool,
) -> Result<f64, Error> {
    let a = values[place];
    let others = values.iter().enumerate().filter(|&(other, _)| other != place);
    let mut squares = memory::with_capacity(values.len() - 1)?;
    squares.extend(others.map(|(_, &b)| ((a * a + -2.0 * (a * b)) + b * b).max(0.0)));
    let square = *squares.select_nth_unstable_by(k - 1, f64::total_cmp).1;
    Ok(if single_precision { f64::from((square as f32).sqrt()) } else { square.sqrt() })
}
