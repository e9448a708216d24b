//! How many points of a tree lie within a distance of each.
//!
//! A box that lies wholly inside the ball is counted without a look at its points, one wholly outside is passed over:
//! many equal points cost no more than one. Both tests compare rounded differences of corners, which bound the rounded
//! differences of everything between them.

use super::ball::Ball;
use super::check_radii;
use super::kd_tree::{Extent, KdTree};
use crate::lanes::LANES;
use crate::threads::Interrupt;
use crate::{Error, memory};

/// How many nodes are visited between two questions whether to go on.
const BATCH: usize = 1 << 9;

impl KdTree {
    /// The number of other points within `radii[i]` of each point `i`, in the order the points were given.
    ///
    /// # Errors
    /// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn counts_within(
        &self,
        radii: &[f64],
        ball: Ball,
        interrupt: &Interrupt<'_>,
    ) -> Result<Vec<u32>, Error> {
        check_radii(radii, self.n_points)?;
        let mut counts = memory::filled(self.n_points, 0)?;
        let mut query = memory::filled(self.dimensions, 0.0)?;
        let (mut pending, mut visited) = (Vec::new(), 0);
        // In the order of the leaves: neighbours in turn find the same nodes in the cache.
        for (place, &position) in self.order.iter().enumerate() {
            for (value, lanes) in query.iter_mut().zip(self.lanes_of(place / LANES)) {
                *value = lanes.0[place % LANES];
            }
            let radius = radii[position as usize];
            let mut count = 0;
            pending.push(1);
            while let Some(node) = pending.pop() {
                visited += 1;
                if visited % BATCH == 0 {
                    interrupt.check()?;
                }
                let (nearest, farthest) = reach(&query, self.extents_of(node));
                if ball.holds(farthest, radius) {
                    count += self.node_size(node) as u32;
                } else if ball.holds(nearest, radius) {
                    if self.is_leaf(node) {
                        count += self.count_in_leaf(&query, radius, ball, self.leaf_of_node(node));
                    } else {
                        pending.extend([2 * node, 2 * node + 1]);
                    }
                }
            }
            // It found itself as well.
            counts[position as usize] = count - u32::from(ball.holds(0.0, radius));
        }
        Ok(counts)
    }

    fn count_in_leaf(&self, query: &[f64], radius: f64, ball: Ball, leaf: usize) -> u32 {
        let points = self.lanes_of(leaf);
        let distance = |candidate: usize| {
            points
                .iter()
                .zip(query)
                .fold(0f64, |far, (point, value)| far.max((point.0[candidate] - value).abs()))
        };
        (0..self.leaf_size(leaf)).filter(|&candidate| ball.holds(distance(candidate), radius)).count() as u32
    }
}

/// The distance from a query to the nearest and to the farthest point that a box could hold.
fn reach(query: &[f64], extents: &[Extent]) -> (f64, f64) {
    let (mut nearest, mut farthest) = (0f64, 0f64);
    for (&value, &Extent { low, high }) in query.iter().zip(extents) {
        nearest = nearest.max(low - value).max(value - high);
        farthest = farthest.max((value - low).abs()).max((value - high).abs());
    }
    (nearest, farthest)
}
