//! The k-th neighbour of every point among ranks, and how many points are nearer in some of the coordinates.
//!
//! Boxes around a point are counted by bits ([`super::rank_search`]). Quadratic, with a small constant: for few neighbours
//! of very many points a [`super::KdTree`] over the ranks is faster, and gives the same integers.
//!
//! Points are numbered in the order of the first axis. There an interval is a run of bits, and the other axes are read
//! along that run only.

use super::check_neighbors;
use super::kd_tree::Visits;
use super::rank_axis::RankAxis;
use super::rank_search::{Search, growth};
use super::ranks::Ranks;
use crate::lanes::in_lanes;
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// How many points a thread takes at once.
const POINTS: usize = 1 << 6;

/// The distance of a point to its k-th neighbour in all coordinates, and how many other points are strictly nearer in
/// some. In none, all of them are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RankNeighbors {
    /// The largest difference of ranks between the point and its k-th nearest other point.
    pub distance: u32,
    /// The number of other points nearer in x and z.
    pub xz: u32,
    /// The number of other points nearer in y and z.
    pub yz: u32,
    /// The number of other points nearer in z.
    pub z: u32,
}

/// For each point the distance to its k-th nearest other point in x, y and z together, and the number of others nearer
/// than that in x and z, y and z, and z; with the boxes that were counted to find the distances. Any of x, y and z may
/// have no columns.
///
/// # Errors
/// [`Error::Shape`] for no columns at all, [`Error::Lengths`], [`Error::Neighbors`] unless `1 <= k < n`,
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Interrupt, Ranks, rank_neighbors};
///
/// let never = Interrupt::never();
/// let x = Ranks::new(&[1.0, 2.0, 4.0, 8.0], &never)?;
/// let y = Ranks::new(&[0.2, 0.1, 0.3, 0.4], &never)?;
/// let (found, _) = rank_neighbors(&[x], &[y], &[], 2, never.alone())?;
/// assert_eq!(found[0].distance, 4); // two places away in x: ranks are doubled
/// assert_eq!((found[0].xz, found[0].yz), (1, 2));
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn rank_neighbors(
    x: &[Ranks],
    y: &[Ranks],
    z: &[Ranks],
    k: usize,
    workers: Workers<'_>,
) -> Result<(Vec<RankNeighbors>, Visits), Error> {
    workers.alone(|interrupt| RankSpace::new(x, y, z, interrupt))?.neighbors(k, workers)
}

/// The axes of z, x and y, in this order.
pub(crate) struct RankSpace {
    pub(super) axes: Vec<RankAxis>,
    /// Whether no rank repeats on any of them.
    pub(super) untied: bool,
    /// About how far the k-th neighbour of each point is; empty where nothing is known.
    pub(super) guesses: Vec<u32>,
    /// The position of each point in the input.
    pub(super) order: Vec<u32>,
    pub(super) all: Vec<usize>,
    pub(super) xz: Vec<usize>,
    pub(super) yz: Vec<usize>,
    pub(super) z: Vec<usize>,
}

impl RankSpace {
    pub(crate) fn new(
        x: &[Ranks],
        y: &[Ranks],
        z: &[Ranks],
        interrupt: &Interrupt<'_>,
    ) -> Result<Self, Error> {
        let columns: Vec<&[u32]> = [z, x, y].into_iter().flatten().map(Ranks::as_slice).collect();
        let (&first, rest) = columns.split_first().ok_or(Error::Shape { values: 0, dimensions: 0 })?;
        if let Some(other) = rest.iter().find(|column| column.len() != first.len()) {
            return Err(Error::Lengths { left: first.len(), right: other.len() });
        }
        let order = RankAxis::new(memory::collect(first.iter().copied())?)?.into_order();
        let axis = |column: &[u32]| {
            RankAxis::new(memory::collect(order.iter().map(|&position| column[position as usize]))?)
        };
        let mut axes = vec![axis(first)?];
        for column in rest {
            axes.push(axis(column)?.with_rows(interrupt)?);
        }
        let (z, zx, zxy) = (z.len(), z.len() + x.len(), axes.len());
        let (all, xz, yz) = ((0..zxy).collect(), (0..zx).collect(), (0..z).chain(zx..zxy).collect());
        let untied = axes.iter().all(RankAxis::is_untied);
        Ok(Self { axes, untied, guesses: Vec::new(), order, all, xz, yz, z: (0..z).collect() })
    }

    /// Puts `y[places[i]]` in the place of `y[i]`. There must be columns of x or z.
    pub(crate) fn rearrange_y(
        &mut self,
        y: &[Ranks],
        places: &[u32],
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        let first = self.axes.len() - y.len();
        for (axis, column) in self.axes[first..].iter_mut().zip(y) {
            let ranks = self.order.iter().map(|&i| column.as_slice()[places[i as usize] as usize]);
            *axis = RankAxis::new(memory::collect(ranks)?)?.with_rows(interrupt)?;
        }
        Ok(())
    }

    /// Looks for neighbours first at the distances of others that were found.
    pub(crate) fn guess(&mut self, found: &[RankNeighbors]) {
        self.guesses.clear();
        self.guesses.extend(self.order.iter().map(|&position| found[position as usize].distance));
    }

    /// What [`rank_neighbors`] returns.
    pub(crate) fn neighbors(
        &self,
        k: usize,
        workers: Workers<'_>,
    ) -> Result<(Vec<RankNeighbors>, Visits), Error> {
        let n = self.order.len();
        check_neighbors(k, n)?;
        let growth = growth(n, k, self.axes.len())?;
        let found = workers.map(n.div_ceil(POINTS), |chunk, interrupt| {
            interrupt.check()?;
            let points = chunk * POINTS..((chunk + 1) * POINTS).min(n);
            in_lanes!(simd => Search::new(simd, self, k, &growth)?.run(points))
        })?;
        let mut neighbors = memory::filled(n, RankNeighbors::default())?;
        let mut visits = Visits::default();
        let mut positions = self.order.iter();
        for (found, boxes) in found {
            visits.boxes += boxes;
            for (found, &position) in found.into_iter().zip(&mut positions) {
                neighbors[position as usize] = found;
            }
        }
        Ok((neighbors, visits))
    }
}
