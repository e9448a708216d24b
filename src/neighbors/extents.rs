//! How far the points within a distance of each point of a tree reach in every block of coordinates.
//!
//! Where the distance is the largest difference, a box wholly inside the ball tells by its corners, since some point lies on
//! each of its sides. Sums of squares are not those of a corner: there such a box is opened, unless it holds nothing but
//! copies of the query. The cost is that of the surface of the ball, or of all of it.

use std::ops::Range;

use fearless_simd::{dispatch, f64x8, mask64x8, prelude::*};

use super::ball::Ball;
use super::kd_tree::{KdTree, Visits};
use super::metric::{Metric, with_metric};
use super::within::Within;
use super::{Norm, check_radii};
use crate::lanes::{self, LANES};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

impl KdTree {
    /// For each block, how far apart within it the farthest of the other points within `radii[i]` of each point `i` is, in
    /// the order the points were given, and the work it took. The ball is closed.
    ///
    /// # Errors
    /// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn extents_within(
        &self,
        radii: &[f64],
        workers: Workers<'_>,
    ) -> Result<(Vec<Vec<f64>>, Visits), Error> {
        check_radii(radii, self.n_points)?;
        self.for_all_leaves(self.sizes.len(), workers, |leaves, interrupt| {
            dispatch!(lanes::level(), simd => with_metric!(self, metric => simd.vectorize(
                #[inline(always)]
                || self.reach_out(simd, metric, leaves, radii, interrupt)
            )))
        })
    }

    #[inline(always)]
    fn reach_out<S: Simd, M: Metric<S>>(
        &self,
        simd: S,
        metric: M,
        leaves: Range<usize>,
        radii: &[f64],
        interrupt: &Interrupt<'_>,
    ) -> Result<(Vec<f64>, Visits), Error> {
        let mut found = memory::with_capacity(leaves.len() * LANES * self.sizes.len())?;
        let mut within = Within::new(simd, metric, Ball::Closed, self.dimensions);
        let none = f64x8::splat(simd, 0.0);
        let mut extents = vec![none; self.sizes.len()];
        for leaf in leaves {
            for (lane, &position) in self.positions(leaf).iter().enumerate() {
                extents.fill(none);
                within.find(
                    self,
                    leaf,
                    lane,
                    radii[position as usize],
                    interrupt,
                    #[inline(always)]
                    |query, inside| {
                        let mut pairs = query.iter().zip(inside.boxes);
                        let mut spread = mask64x8::splat(simd, false);
                        for (extent, &size) in extents.iter_mut().zip(&self.sizes) {
                            let corners = pairs.by_ref().take(size).map(
                                #[inline(always)]
                                |(&query, spans)| {
                                    let (low, high) = spans.load(simd);
                                    (query - low).max(high - query)
                                },
                            );
                            let farthest = M::block(simd, corners);
                            match self.norm {
                                Norm::Max => *extent = extent.max(inside.mask.select(farthest, none)),
                                Norm::Euclidean => spread |= farthest.simd_gt(none),
                            }
                        }
                        spread & inside.mask
                    },
                )?;
                within.scan(
                    self,
                    #[inline(always)]
                    |query, points, held| {
                        let mut pairs = query.iter().zip(points);
                        for (extent, &size) in extents.iter_mut().zip(&self.sizes) {
                            let differences = pairs.by_ref().take(size).map(
                                #[inline(always)]
                                |(&query, point)| f64x8::load_array_ref(simd, &point.0) - query,
                            );
                            *extent = extent.max(held.select(M::block(simd, differences), none));
                        }
                    },
                );
                found.extend(extents.iter().map(|extent| extent.reduce_max()));
            }
        }
        within.visits.candidates = within.visits.leaves * LANES as u64;
        Ok((found, within.visits))
    }
}
