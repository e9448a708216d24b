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

use super::{Column, radius_below};
use crate::counting::Codes;
use crate::digamma::{DigammaSum, digamma};
use crate::neighbors::Ball;
use crate::neighbors::line::{count_within, kth_distance};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// How many points of a label are processed between two questions whether to go on.
const BATCH: usize = 1 << 13;

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
    if labels.as_slice().len() != n {
        return Err(Error::Lengths { left: n, right: labels.as_slice().len() });
    }
    if k == 0 {
        return Err(Error::Neighbors { k, n });
    }
    let classes = Classes::gather(column, labels)?;
    let n_kept = classes.kept.len();
    if n_kept == 0 {
        return Err(Error::AllLabelsUnique);
    }
    let (mut neighbors, mut sizes, mut within) =
        (DigammaSum::up_to(n)?, DigammaSum::up_to(n)?, DigammaSum::up_to(n)?);
    for class in classes.each() {
        let size = class.values.len();
        let k = k.min(size - 1);
        neighbors.add(k, size as u32);
        sizes.add(size, size as u32);
        for (rank, &place) in class.places.iter().enumerate() {
            if rank % BATCH == 0 {
                interrupt.check()?;
            }
            let distance = match small_classes {
                SmallClasses::Expanded { single_precision } if k >= size / 2 => {
                    interrupt.check()?; // All pairs of the class.
                    expanded_kth_distance(class.values, rank, k, single_precision)?
                }
                _ => kth_distance(class.values, rank, k),
            };
            let (place, radius) = (place as usize, radius_below(distance));
            within.add(1 + count_within(&classes.kept, place, radius, Ball::Closed, place..place), 1);
        }
    }
    Ok(digamma(n_kept as u64) + neighbors.mean() - sizes.mean() - within.mean())
}

/// The points whose label occurs more than once, sorted, all together and label by label.
struct Classes {
    /// Ascending values of all labels.
    kept: Vec<f64>,
    /// Ascending values, label after label.
    values: Vec<f64>,
    /// Where each of these stands among all.
    places: Vec<u32>,
    /// Where each label ends.
    ends: Vec<u32>,
}

struct Class<'a> {
    values: &'a [f64],
    places: &'a [u32],
}

impl Classes {
    fn gather(column: &Column<'_>, labels: &Codes) -> Result<Self, Error> {
        let occurrences = labels.occurrences()?;
        let mut ends = memory::with_capacity(occurrences.len())?;
        let mut n_kept = 0;
        for &count in &occurrences {
            ends.push(n_kept);
            n_kept += if count > 1 { count } else { 0 };
        }
        let mut kept = memory::with_capacity(n_kept as usize)?;
        let mut values = memory::filled(n_kept as usize, 0.0)?;
        let mut places = memory::filled(n_kept as usize, 0)?;
        // Ascending values dealt out to their labels stay ascending there.
        for (&value, &position) in column.line.values().iter().zip(column.line.order()) {
            let label = labels.as_slice()[position as usize] as usize;
            if occurrences[label] > 1 {
                let next = ends[label] as usize;
                values[next] = value;
                places[next] = kept.len() as u32;
                kept.push(value);
                ends[label] += 1;
            }
        }
        Ok(Self { kept, values, places, ends })
    }

    fn each(&self) -> impl Iterator<Item = Class<'_>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(self.ends.iter().copied()).filter(|(start, end)| start < end);
        ranges.map(|(start, end)| {
            let range = start as usize..end as usize;
            Class { values: &self.values[range.clone()], places: &self.places[range] }
        })
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
