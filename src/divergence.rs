//! Kullback-Leibler divergence of two samples from nearest neighbours (Wang, Kulkarni and Verdú 2009).
//!
//! With `rho_i` the distance of point `i` of the first sample to its k-th neighbour there, `nu_i` to its k-th in the second,
//! `d` coordinates, and n and m points,
//!
//! ```text
//! D = d mean ln (nu_i / rho_i) + ln (m / (n - 1))
//! ```
//!
//! Where a point has k duplicates in its own sample the first law has an atom that the second has not: infinity. Where k
//! points of the second sample equal one of the first, both have: the ratio of densities means nothing, and that is an
//! error. The time is that of two searches for neighbours.

use crate::Error;
use crate::log_sum::LogSum;
use crate::neighbors::{KdTree, Norm, Points, check_neighbors, check_others, sorted, window};
use crate::threads::Workers;

/// The divergence of the law of `x` from that of `y` in nats, for each of several `k`: the same bits for any order of the
/// points and any number of threads. Not a number where distances overflow.
///
/// # Errors
/// [`Error::Neighbors`] unless `1 <= k < n` and `k <= m`, [`Error::Shape`] where `y` has not as many coordinates,
/// [`Error::Coincident`], [`Error::CircularVolume`] where coordinates go round, [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
///
/// ```
/// use mutua::{Points, Workers, kullback_leibler};
///
/// // Cubes modulo primes, spread evenly over [0, 1) and over [0, 4).
/// let unit: Vec<f64> = (1..1000u32).map(|i| f64::from(i * i * i % 10_007) / 10_007.0).collect();
/// let wide: Vec<f64> = (1000..1600u32).map(|i| f64::from(i * i * i % 10_009) / 2502.25).collect();
/// let [unit, wide] = [&unit, &wide].map(|values| Points::from_columns(&[values]));
/// let estimate = kullback_leibler(&unit?, &wide?, &[5], Workers::new(1))?[0];
/// assert!((estimate - 4f64.ln()).abs() < 0.2);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn kullback_leibler(
    x: &Points,
    y: &Points,
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Vec<f64>, Error> {
    let (n, law) = (x.len(), Law::of(x, y)?);
    let estimate = |[own, others]: [LogSum; 2]| match others.value() {
        f64::NEG_INFINITY => Err(Error::Coincident),
        sum => Ok(law.divergence((sum - own.value()) / n as f64)),
    };
    if let (Some(x), Some(y)) = (x.as_line(), y.as_line()) {
        return workers.alone(|interrupt| {
            let (x, y) = (&sorted(x, interrupt)?, &sorted(y, interrupt)?);
            let of_line = |&k: &usize| {
                check_neighbors(k, x.len()).and(check_others(k, y.len()))?;
                let [mut own, mut others] = [LogSum::default(); 2];
                window::kth_distances(x, k, interrupt, |_, distances| own.add_in_order(distances))?;
                window::kth_distances_to(x, y, k, interrupt, |_, distances| others.add_in_order(distances))?;
                estimate([own, others])
            };
            ks.iter().map(of_line).collect()
        });
    }
    let sum = |distances: Vec<f64>| {
        let mut sum = LogSum::default();
        sum.add(&distances);
        sum
    };
    distances(x, y, ks, workers)?.map(|both| estimate(both.map(sum))).collect()
}

/// The local values, by point of `x`: their mean is the divergence.
///
/// # Errors
/// As for [`kullback_leibler`].
pub fn kullback_leibler_pointwise(
    x: &Points,
    y: &Points,
    k: usize,
    workers: Workers<'_>,
) -> Result<Vec<f64>, Error> {
    let law = Law::of(x, y)?;
    let mut found = distances(x, y, &[k], workers)?;
    let Some([own, mut values]) = found.next() else { return Ok(Vec::new()) };
    if values.contains(&0.0) {
        return Err(Error::Coincident);
    }
    values.iter_mut().zip(own).for_each(|(value, own)| *value = law.divergence(value.ln() - own.ln()));
    Ok(values)
}

/// What is the same for all points.
struct Law {
    /// The number of coordinates, or half of it where distances are squared.
    power: f64,
    /// `ln (m / (n - 1))`.
    constant: f64,
}

impl Law {
    fn of(x: &Points, y: &Points) -> Result<Self, Error> {
        if [x, y].iter().any(|points| !points.periods().is_empty()) {
            return Err(Error::CircularVolume);
        }
        let d = x.dimensions() as f64;
        let power = if x.norm() == Norm::Max { d } else { d / 2.0 };
        Ok(Self { power, constant: (y.len() as f64 / (x.len() as f64 - 1.0)).ln() })
    }

    fn divergence(&self, log_ratio: f64) -> f64 {
        self.power * log_ratio + self.constant
    }
}

/// For each k the distances of the points of `x` to their k-th neighbours in `x`, and in `y`.
fn distances(
    x: &Points,
    y: &Points,
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<impl Iterator<Item = [Vec<f64>; 2]> + use<>, Error> {
    let tree = |points| workers.alone(|interrupt| KdTree::new(points, interrupt));
    let (x, y) = (tree(x)?, tree(y)?);
    let (own, _) = x.kth_distances_for(ks, workers)?;
    let (others, _) = x.kth_distances_to(&y, ks, workers)?;
    Ok(own.into_iter().zip(others).map(<[_; 2]>::from))
}
