//! How many points of a tree lie within a distance of each.
//!
//! Boxes wholly inside the ball are counted without a look at their points, and only leaves on its edge are scanned, eight
//! points at a time: the cost is that of the surface, and many equal points cost no more than one.

use std::ops::Range;

use fearless_simd::{mask64x8, prelude::*};

use super::ball::Ball;
use super::check_radii;
use super::kd_tree::{KdTree, Visits};
use super::metric::{Metric, with_metric};
use super::within::Within;
use crate::lanes::{LANES, in_lanes};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

impl KdTree {
    /// The number of other points within `radii[i]` of each point `i`, in the order the points were given, and the work it
    /// took.
    ///
    /// # Errors
    /// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn counts_within(
        &self,
        radii: &[f64],
        ball: Ball,
        workers: Workers<'_>,
    ) -> Result<(Vec<u32>, Visits), Error> {
        check_radii(radii, self.n_points)?;
        let (mut counts, visits) = self.for_all_leaves(1, workers, |leaves, interrupt| {
            in_lanes!(simd => with_metric!(self, metric of 2, 3, 4, 5 => simd.vectorize(
                #[inline(always)]
                || self.count(simd, metric, leaves, radii, ball, interrupt)
            )))
        })?;
        Ok((counts.swap_remove(0), visits))
    }

    #[inline(always)]
    fn count<S: Simd>(
        &self,
        simd: S,
        metric: impl Metric<S>,
        leaves: Range<usize>,
        radii: &[f64],
        ball: Ball,
        interrupt: &Interrupt<'_>,
    ) -> Result<(Vec<u32>, Visits), Error> {
        let mut counts = memory::with_capacity(leaves.len() * LANES)?;
        let mut within = Within::new(simd, metric, ball, self.dimensions);
        for leaf in leaves {
            let reach =
                self.positions(leaf).iter().map(|&position| radii[position as usize]).fold(0.0, f64::max);
            within.share(self, leaf, reach)?;
            for (lane, &position) in self.positions(leaf).iter().enumerate() {
                let radius = radii[position as usize];
                let mut count = 0;
                within.find(
                    self,
                    leaf,
                    lane,
                    radius,
                    interrupt,
                    #[inline(always)]
                    |_, inside| {
                        count += self.size(inside.level, inside.index, inside.mask.to_bitmask());
                        mask64x8::splat(simd, false)
                    },
                )?;
                within.scan(
                    self,
                    #[inline(always)]
                    |_, _, held| count += held.to_bitmask().count_ones() as usize,
                );
                // It found itself as well.
                counts.push(count as u32 - u32::from(ball.holds(0.0, radius)));
            }
        }
        within.visits.candidates = within.visits.leaves * LANES as u64;
        Ok((counts, within.visits))
    }
}
