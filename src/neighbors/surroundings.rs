//! What each point of a tree sees around it: where the points within a distance are, from there.
//!
//! They are looked at one by one: the cost is that of all of them.

use std::cmp::Ordering;
use std::ops::Range;

use fearless_simd::prelude::*;

use super::ball::Ball;
use super::check_radii;
use super::kd_tree::{KdTree, Visits};
use super::metric::Largest;
use super::within::{Inside, Within};
use crate::lanes::{LANES, in_lanes};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

impl KdTree {
    /// What a function says of the surroundings of each point, in the order the points were given.
    ///
    /// It is shown the differences to all points within `radii[i]` of point `i`, itself included, column after column, in
    /// an order that does not depend on that of the points; nothing where the radius is 0. The ball is closed, and its
    /// distance the largest difference.
    ///
    /// # Errors
    /// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub(crate) fn map_surroundings(
        &self,
        radii: &[f64],
        workers: Workers<'_>,
        function: impl Fn(&mut [f64]) -> f64 + Sync,
    ) -> Result<Vec<f64>, Error> {
        check_radii(radii, self.n_points)?;
        let (mut found, _) = self.for_all_leaves(1, workers, |leaves, interrupt| {
            let found = in_lanes!(simd => simd.vectorize(
                #[inline(always)]
                || self.look_around(simd, leaves, radii, &function, interrupt)
            ));
            Ok((found?, Visits::default()))
        })?;
        Ok(found.swap_remove(0))
    }

    #[inline(always)]
    fn look_around<S: Simd>(
        &self,
        simd: S,
        leaves: Range<usize>,
        radii: &[f64],
        function: &impl Fn(&mut [f64]) -> f64,
        interrupt: &Interrupt<'_>,
    ) -> Result<Vec<f64>, Error> {
        let mut found = memory::with_capacity(leaves.len() * LANES)?;
        let mut within = Within::new(simd, Largest::<0>, Ball::Closed, self.dimensions);
        let mut rows: Vec<f64> = Vec::new();
        for leaf in leaves {
            let reach =
                self.positions(leaf).iter().map(|&position| radii[position as usize]).fold(0.0, f64::max);
            within.share(self, leaf, reach)?;
            for (lane, &position) in self.positions(leaf).iter().enumerate() {
                rows.clear();
                let radius = radii[position as usize];
                if radius > 0.0 {
                    let all = |_: &[f64], inside: Inside<'_, S>| inside.mask;
                    within.find(self, leaf, lane, radius, interrupt, all)?;
                    rows.try_reserve(within.room() * self.dimensions).map_err(|_| Error::OutOfMemory)?;
                    within.scan(
                        self,
                        #[inline(always)]
                        |query, points, held| {
                            let held = held.to_bitmask();
                            for lane in (0..LANES).filter(|lane| held >> lane & 1 == 1) {
                                rows.extend(
                                    points.iter().zip(query).map(|(pack, query)| pack.0[lane] - query),
                                );
                            }
                        },
                    );
                    interrupt.check()?;
                }
                found.push(function(&mut sorted_columns(&rows, self.dimensions)?));
            }
        }
        Ok(found)
    }
}

/// The rows in ascending order, column after column.
fn sorted_columns(rows: &[f64], dimensions: usize) -> Result<Vec<f64>, Error> {
    let mut order = memory::collect(rows.chunks_exact(dimensions))?;
    order.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal)); // They are finite.
    let mut columns = memory::with_capacity(rows.len())?;
    for c in 0..dimensions {
        columns.extend(order.iter().map(|row| row[c]));
    }
    Ok(columns)
}
