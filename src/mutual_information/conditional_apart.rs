//! Conditional mutual information of a series, whose neighbours in time are no neighbours (Theiler, Phys. Rev. A 34, 1986).
//!
//! Samples few steps apart are near because hardly any time has passed between them. Here the k-th neighbour is sought, and
//! others are counted, among samples more than a window apart.
//!
//! That takes no other search. Where `m` samples are near in time, the k-th of the others is one of the first `k + m` of all,
//! and what is counted among all is less by those of the `m` that are as near. A window costs as many neighbours, and as
//! many distances to keep, as it has samples: memory is the product of both numbers.

use super::pointwise::Pointwise;
use crate::digamma::digamma;
use crate::neighbors::{Ball, Points, brute_force, check_neighbors, counts_within, kth_distances_for};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// How many samples go between two questions whether to go on.
const SLAB: usize = 1 << 8;

/// As [`conditional`](crate::conditional()), among samples more than `window` apart in `times`.
///
/// # Errors
/// Those of [`conditional`](crate::conditional()); [`Error::Neighbors`], too, where the window leaves a sample fewer than
/// `k` others.
///
/// ```
/// use mutua::{Points, Workers, conditional, conditional_apart};
///
/// let column = |step: f64| (0..500).map(|i| f64::from(i) * step % 1.0).collect::<Vec<_>>();
/// let (x, z) = (Points::from_rows(&column(0.618), 1)?, Points::from_rows(&column(0.414), 1)?);
/// let times: Vec<i64> = (0..500).collect();
/// let apart = conditional_apart(&x, &x, &z, (&times, 5), &[3], Workers::new(1))?;
/// assert!(apart[0].mean()? > 2.0);
/// let anywhere = conditional_apart(&x, &x, &z, (&times, 0), &[3], Workers::new(1))?;
/// assert_eq!(anywhere[0].mean()?, conditional(&x, &x, &z, &[3], Workers::new(1))?[0].mean()?);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn conditional_apart(
    x: &Points,
    y: &Points,
    z: &Points,
    (times, window): (&[i64], u64),
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Vec<Pointwise>, Error> {
    let joint = Points::joint(&[x, y, z])?;
    if times.len() != joint.len() {
        return Err(Error::Lengths { left: joint.len(), right: times.len() });
    }
    let near = NearInTime::new(times, window)?;
    let (Some(&least), Some(&most)) = (ks.iter().min(), ks.iter().max()) else {
        return Ok(Vec::new());
    };
    check_neighbors(least, joint.len())?;
    check_neighbors(most + near.most, joint.len())?;
    let orders = memory::collect(least..most + near.most + 1)?;
    let distances = kth_distances_for(&joint, &orders, workers)?;
    let (xz, yz) = (Points::joint(&[x, z])?, Points::joint(&[y, z])?);
    let estimate = |&k: &usize| {
        let radii =
            workers.alone(|interrupt| near.kth_of_others(&joint, &distances[k - least..], interrupt))?;
        let count = |part: &Points| {
            let mut counts = counts_within(part, &radii, Ball::Open, workers)?;
            workers.alone(|interrupt| near.leave_others(part, &radii, &mut counts, interrupt))?;
            Ok(counts)
        };
        let mut estimate = Pointwise::new(digamma(k as u64));
        for (coefficient, part) in [(1.0, z), (-1.0, &xz), (-1.0, &yz)] {
            estimate.add_digammas(coefficient, count(part)?);
        }
        let n = joint.len();
        Ok(estimate.at(memory::collect(0..n as u32)?, n))
    };
    ks.iter().map(estimate).collect()
}

/// Which samples are within a window of each in time.
struct NearInTime {
    /// The samples by time.
    order: Vec<u32>,
    /// Where in that order those near a sample are: itself is among them.
    spans: Vec<[u32; 2]>,
    /// The most others that are near one sample.
    most: usize,
}

impl NearInTime {
    fn new(times: &[i64], window: u64) -> Result<Self, Error> {
        let n = memory::check_size(times.len())?;
        let mut order: Vec<u32> = memory::collect(0..n)?;
        let time = |&sample: &u32| times[sample as usize];
        order.sort_unstable_by_key(|sample| (time(sample), *sample));
        let mut spans = memory::filled(times.len(), [0, 0])?;
        let (mut start, mut end, mut most) = (0, 0, 1);
        for sample in &order {
            while time(&order[start]).abs_diff(time(sample)) > window {
                start += 1;
            }
            while order.get(end).is_some_and(|other| time(other).abs_diff(time(sample)) <= window) {
                end += 1;
            }
            spans[*sample as usize] = [start as u32, end as u32];
            most = most.max(end - start);
        }
        Ok(Self { order, spans, most: most - 1 })
    }

    /// The others near a sample.
    fn of(&self, sample: usize) -> impl Iterator<Item = usize> {
        let [start, end] = self.spans[sample];
        let others = self.order[start as usize..end as usize].iter().map(|&other| other as usize);
        others.filter(move |&other| other != sample)
    }

    /// The distance of each point to the k-th of those that are not near it in time, from those to the k-th, the one after
    /// that, and so on, of all.
    fn kth_of_others(
        &self,
        points: &Points,
        distances: &[Vec<f64>],
        interrupt: &Interrupt<'_>,
    ) -> Result<Vec<f64>, Error> {
        let mut radii = memory::filled(points.len(), 0.0)?;
        let mut near = memory::with_capacity(self.most)?;
        for (i, radius) in radii.iter_mut().enumerate() {
            if i % SLAB == 0 {
                interrupt.check()?;
            }
            near.clear();
            near.extend(self.of(i).map(|j| brute_force::between(points, i, j)));
            near.sort_unstable_by(f64::total_cmp);
            // Up to the k-th of the others as many near ones come before as are no farther than it.
            let mut before = 0;
            loop {
                *radius = distances[before][i];
                let closer = near.partition_point(|distance| distance <= radius);
                if closer == before {
                    break;
                }
                before = closer;
            }
        }
        Ok(radii)
    }

    /// Turns counts of all others nearer than the radii into those of each sample and of others that are not near in time.
    fn leave_others(
        &self,
        points: &Points,
        radii: &[f64],
        counts: &mut [u32],
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        for (i, count) in counts.iter_mut().enumerate() {
            if i % SLAB == 0 {
                interrupt.check()?;
            }
            let near = self.of(i).filter(|&j| brute_force::between(points, i, j) < radii[i]).count();
            *count = *count + 1 - near as u32;
        }
        Ok(())
    }
}
