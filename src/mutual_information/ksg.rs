//! Mutual information of two scalar samples from nearest neighbours (Kraskov, Stögbauer and Grassberger 2004, first
//! estimator).
//!
//! With `n_x`, `n_y` the points strictly nearer in each coordinate than the k-th neighbour is in the plane,
//!
//! ```text
//! I = psi(N) + psi(k) - mean psi(n_x + 1) - mean psi(n_y + 1)
//! ```
//!
//! O(n (k + log n)) for few neighbours, O(n k log k) for many. For strong dependence the estimate cannot exceed `psi(N) - psi(k)`.

use super::radius_below;
use super::sorted_pair::SortedPair;
use crate::digamma::{DigammaSum, digamma};
use crate::lanes::LANES;
use crate::neighbors::{Ball, KdTree, Line, Points, Ranked, Slabs, Strips, check_neighbors};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// A sample with its sorted line, which several estimates may share.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    pub(super) values: &'a [f64],
    pub(super) line: Line,
}

impl<'a> Column<'a> {
    /// Sorts `values`.
    ///
    /// # Errors
    /// As for [`Line::new`].
    pub fn new(values: &'a [f64], interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        Ok(Self { values, line: Line::new(values, interrupt)? })
    }
}

/// What counts as nearer where the k-th neighbour is at distance 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicates {
    /// Nothing is nearer than 0.
    Apart,
    /// Exact duplicates are: scikit-learn's convention.
    Nearer,
}

impl Duplicates {
    /// The ball whose points are nearer than the k-th neighbour; turns distances into its radii.
    fn ball(self, distances: &mut [f64]) -> Ball {
        match self {
            Self::Apart => Ball::Open,
            Self::Nearer => {
                distances.iter_mut().for_each(|distance| *distance = radius_below(*distance));
                Ball::Closed
            }
        }
    }
}

/// How many blocks a thread searches for at once.
const BLOCKS: usize = 1 << 10;

/// How many values of a line are counted among at once: they stay in the cache meanwhile.
const SLAB: usize = 1 << 14;

/// How many counts wait for the histogram together.
const COUNTS: usize = 1 << 8;

/// The estimate in nats, as it comes: below 0 where the dependence is weak. Points at the distance of the k-th neighbour
/// do not count.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::Lengths`], [`Error::NotFinite`], [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
///
/// ```
/// use mutua::{Duplicates, Workers, ksg};
///
/// let x: Vec<f64> = (0..1000).map(|i| f64::from(i * i % 997)).collect();
/// let estimate = ksg(&x, &x, 3, Duplicates::Apart, Workers::new(1))?;
/// assert!(estimate > 5.0); // x tells all about itself
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn ksg(
    x: &[f64],
    y: &[f64],
    k: usize,
    duplicates: Duplicates,
    workers: Workers<'_>,
) -> Result<f64, Error> {
    SortedPair::new(x, y, k, workers)?.ksg(k, duplicates, workers)
}

pub(crate) fn check(x: &[f64], y: &[f64], k: usize) -> Result<(), Error> {
    if x.len() != y.len() {
        return Err(Error::Lengths { left: x.len(), right: y.len() });
    }
    memory::check_size(x.len())?;
    check_neighbors(k, x.len())
}

/// The same for few samples, ranked already.
///
/// # Errors
/// [`Error::OutOfMemory`].
pub(crate) fn ksg_of_ranked(x: &Ranked, y: &Ranked, k: usize, duplicates: Duplicates) -> Result<f64, Error> {
    let counts = x.counts(y, k, &|distances| duplicates.ball(distances))?;
    let n = counts[0].len();
    let [mut n_x, mut n_y] = [DigammaSum::up_to(n)?, DigammaSum::up_to(n)?];
    n_x.add_each(&counts[0]);
    n_y.add_each(&counts[1]);
    Ok(estimate(n, k, [n_x, n_y]))
}

/// The same with both samples sorted already, and the partners of the first in the order of its line. Whether strips suit
/// such samples is found out where it is not known.
pub(crate) fn ksg_on_lines(
    (x, line_x, partners): (&[f64], &Line, &[f64]),
    (y, line_y): (&[f64], &Line),
    k: usize,
    duplicates: Duplicates,
    strips_suit: &mut Option<bool>,
    workers: Workers<'_>,
) -> Result<f64, Error> {
    let strips = Strips::new(line_y, line_x, partners, workers)?;
    let suit = match *strips_suit {
        Some(suit) => suit,
        None => workers.alone(|interrupt| strips.suit(k, interrupt))?,
    };
    *strips_suit = Some(suit);
    let [n_x, n_y] = if suit {
        Plane { strips, across: line_y, along: line_x, k, duplicates }.count(workers)?
    } else {
        drop(strips);
        count_by_tree([(x, line_x), (y, line_y)], k, duplicates, workers)?
    };
    Ok(estimate(x.len(), k, [n_x, n_y]))
}

fn estimate(n: usize, k: usize, [n_x, n_y]: [DigammaSum; 2]) -> f64 {
    digamma(n as u64) + digamma(k as u64) - (n_x.mean() + n_y.mean())
}

/// The points in strips, with the line that was cut and the one along which they ascend.
struct Plane<'a> {
    strips: Strips,
    across: &'a Line,
    along: &'a Line,
    k: usize,
    duplicates: Duplicates,
}

impl Plane<'_> {
    /// The digamma sums of the counts along both lines.
    fn count(&self, workers: Workers<'_>) -> Result<[DigammaSum; 2], Error> {
        let n = self.along.values().len();
        let mut radii = memory::filled(self.strips.n_blocks() * LANES, 0.0)?;
        let begin = || DigammaSum::up_to(n);
        let across = workers.fill(&mut radii, BLOCKS * LANES, begin, |sum, task, radii, interrupt| {
            self.strips.kth_distances(task * BLOCKS, radii, self.k, interrupt)?;
            let ball = self.duplicates.ball(radii);
            let start = task * BLOCKS * LANES;
            for run in self.strips.runs(start..start + radii.len()) {
                let radii = &radii[run.start - start..run.end - start];
                add_counts(sum, self.across, &self.strips.xs()[run], radii, ball);
            }
            Ok(())
        })?;
        let ball = self.duplicates.ball(&mut []);
        let begin = || Ok((begin()?, Slabs::new(&self.strips)?, Vec::new(), Vec::new()));
        let along = workers.fold(n.div_ceil(SLAB), begin, |(sum, slabs, ys, reach), slab, interrupt| {
            interrupt.check()?;
            let bound = |slab: usize| self.along.values().get(slab * SLAB).copied().unwrap_or(f64::INFINITY);
            // Side by side: a run of one strip may be shorter than a pack.
            ys.clear();
            reach.clear();
            for run in slabs.runs(bound(slab)..bound(slab + 1)) {
                memory::append(ys, &self.strips.ys()[run.clone()])?;
                memory::append(reach, &radii[run])?;
            }
            add_counts(sum, self.along, ys, reach, ball);
            Ok(())
        })?;
        let along = along.into_iter().map(|(sum, ..)| sum).collect();
        Ok([DigammaSum::merged(along), DigammaSum::merged(across)])
    }
}

/// Adds the counts on a line within the radii around some of its values.
fn add_counts(sum: &mut DigammaSum, line: &Line, values: &[f64], radii: &[f64], ball: Ball) {
    let mut counts = [0; COUNTS];
    for (values, radii) in values.chunks(COUNTS).zip(radii.chunks(COUNTS)) {
        line.counts(values, radii, ball, |index, others| counts[index % COUNTS] = 1 + others);
        sum.add_each(&counts[..values.len()]);
    }
}

/// The digamma sums of the counts on both lines, through a tree: for points that strips do not suit.
fn count_by_tree(
    sides: [(&[f64], &Line); 2],
    k: usize,
    duplicates: Duplicates,
    workers: Workers<'_>,
) -> Result<[DigammaSum; 2], Error> {
    let points = Points::from_columns(&sides.map(|(values, _)| values))?;
    let mut tree = workers.alone(|interrupt| KdTree::new(&points, interrupt))?;
    // Samples in the order of the leaves: those in turn are near each other.
    let order = tree.renumber()?;
    let (mut radii, _) = tree.kth_distances(k, workers)?;
    let ball = duplicates.ball(&mut radii);
    let [x, y] = sides.map(|(values, line)| {
        let values = memory::collect(order.iter().map(|&position| values[position as usize]))?;
        let begin = || DigammaSum::up_to(values.len());
        let sums = workers.fold(values.len().div_ceil(SLAB), begin, |sum, task, interrupt| {
            interrupt.check()?;
            let run = task * SLAB..((task + 1) * SLAB).min(values.len());
            add_counts(sum, line, &values[run.clone()], &radii[run], ball);
            Ok(())
        })?;
        Ok(DigammaSum::merged(sums))
    });
    Ok([x?, y?])
}
