//! How far the points within a distance of each point of a tree reach in every block of coordinates.
//!
//! Where the distance is the largest difference, a box wholly inside the ball tells by its corners, since some point lies on
//! each of its sides. Sums of squares are not those of a corner, nor ways round a circle: there such a box is opened, unless it holds nothing but
//! copies of the query. The cost is that of the surface of the ball, or of all of it.

use std::ops::Range;

use fearless_simd::{f64x8, mask64x8, prelude::*};

use super::ball::Ball;
use super::kd_tree::{KdTree, Visits};
use super::metric::{Metric, with_metric};
use super::within::Within;
use super::{Norm, check_radii};
use crate::lanes::{LANES, in_lanes};
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
        self.for_all_leaves(self.blocks.len(), workers, |leaves, interrupt| {
            in_lanes!(simd => with_metric!(self, metric => simd.vectorize(
                #[inline(always)]
                || self.reach_out(simd, metric, leaves, radii, interrupt)
            )))
        })
    }

    #[inline(always)]
    fn reach_out<S: Simd>(
        &self,
        simd: S,
        metric: impl Metric<S>,
        leaves: Range<usize>,
        radii: &[f64],
        interrupt: &Interrupt<'_>,
    ) -> Result<(Vec<f64>, Visits), Error> {
        let mut found = memory::with_capacity(leaves.len() * LANES * self.blocks.len())?;
        let mut within = Within::new(simd, metric, Ball::Closed, self.dimensions);
        let none = f64x8::splat(simd, 0.0);
        let mut extents = vec![none; self.blocks.len()];
        let corners_tell = self.norm == Norm::Max && self.periods.is_empty();
        for leaf in leaves {
            let reach =
                self.positions(leaf).iter().map(|&position| radii[position as usize]).fold(0.0, f64::max);
            within.share(self, leaf, reach)?;
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
                        let mut spread = mask64x8::splat(simd, false);
                        for (extent, block) in extents.iter_mut().zip(&self.blocks) {
                            let farthest = metric.block(
                                simd,
                                block.clone(),
                                #[inline(always)]
                                |c| {
                                    let (low, high) = inside.boxes[c].load(simd);
                                    (query[c] - low).max(high - query[c])
                                },
                            );
                            if corners_tell {
                                *extent = extent.max(inside.mask.select(farthest, none));
                            } else {
                                spread |= farthest.simd_gt(none);
                            }
                        }
                        spread & inside.mask
                    },
                )?;
                within.scan(
                    self,
                    #[inline(always)]
                    |query, points, held| {
                        for (extent, block) in extents.iter_mut().zip(&self.blocks) {
                            let distance = metric.block(
                                simd,
                                block.clone(),
                                #[inline(always)]
                                |c| f64x8::load_array_ref(simd, &points[c].0) - query[c],
                            );
                            *extent = extent.max(held.select(distance, none));
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
