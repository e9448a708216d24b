//! How many labels occur how often: all that most estimators of entropy look at.

use crate::{Error, memory};

/// Counts below this are told apart in a table, where there are many.
const SMALL: usize = 1 << 12;

/// Fewer are sorted.
const FEW: usize = 1 << 10;

/// The distinct counts above 0 in ascending order, each with how many labels have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    bins: Vec<(u64, u64)>,
    total: u64,
    n_labels: u64,
}

impl Histogram {
    /// Of the counts of labels, in any order; labels that do not occur are left out.
    ///
    /// # Errors
    /// [`Error::Total`] where they add up to 2^63 or more, [`Error::OutOfMemory`].
    ///
    /// ```
    /// let histogram = mutua::Histogram::new(&[2, 0, 1, 2])?;
    /// assert_eq!(histogram.bins(), [(1, 1), (2, 2)]);
    /// # Ok::<(), mutua::Error>(())
    /// ```
    pub fn new(counts: &[u64]) -> Result<Self, Error> {
        let mut small = memory::filled(if counts.len() < FEW { 1 } else { SMALL }, 0u64)?;
        let is_small = |count: u64| count < small.len() as u64;
        let mut large = memory::with_capacity(counts.iter().filter(|&&count| !is_small(count)).count())?;
        let mut total = 0u64;
        for &count in counts {
            total = total.checked_add(count).filter(|&sum| sum < 1 << 63).ok_or(Error::Total)?;
            match usize::try_from(count).ok().and_then(|place| small.get_mut(place)) {
                Some(labels) => *labels += 1,
                None => large.push(count),
            }
        }
        large.sort_unstable();
        let tabled = || (0..).zip(small.iter().copied()).skip(1).filter(|bin| bin.1 > 0);
        let sorted = || large.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u64));
        let mut bins = memory::with_capacity(tabled().count() + sorted().count())?;
        bins.extend(tabled().chain(sorted()));
        let n_labels = bins.iter().map(|bin: &(u64, u64)| bin.1).sum();
        Ok(Self { bins, total, n_labels })
    }

    /// Each count with how many labels have it, in ascending order.
    #[must_use]
    pub fn bins(&self) -> &[(u64, u64)] {
        &self.bins
    }

    /// How many samples there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many labels occur.
    #[must_use]
    pub fn n_labels(&self) -> u64 {
        self.n_labels
    }

    /// How many labels have that count.
    #[must_use]
    pub fn with_count(&self, count: u64) -> u64 {
        self.bins.binary_search_by_key(&count, |bin| bin.0).map_or(0, |place| self.bins[place].1)
    }

    /// `sum over the labels of f(count)`, in ascending order of the counts.
    pub(crate) fn sum(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.bins.iter().map(|&(count, labels)| labels as f64 * f(count as f64)).sum()
    }
}
