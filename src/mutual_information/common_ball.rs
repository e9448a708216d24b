//! Sums of joint entropies from nearest neighbours, all with the same ball: for continuous variables, labels, and both.
//!
//! Every quantity is a sum of entropies of variables together, each counted so many times. With `eps` the distance of a
//! sample to its k'-th neighbour in all variables, and `n_S` the samples nearer than that in the variables S, itself
//! included,
//!
//! ```text
//! sum over S of  c_S H(S),   H(S) = constant - mean psi(n_S),   H(all) = constant - mean psi(k')
//! ```
//!
//! Different labels are infinitely far apart: neighbours are of the same class, which is to say equal in all labels, and
//! where it is small, `k'` is all others in it. The constant is `psi(N)` or `ln N`, and where units of a variable count, its
//! share of the logarithm of the ball's volume is added. This is the first estimator of Kraskov et al. (2004) and what
//! Frenzel and Pompe (2007), Ross (2014), Gao et al. (2017), Rahimzamani et al. (2018) and Mesner and Shalizi (2019) made
//! of it.
//!
//! Each class is searched, and each group of equal labels counted, by itself: O(n log n) in few dimensions, whatever the
//! number of labels.

use super::classes::Samples;
use super::nearer::Coincident;
use super::pointwise::Pointwise;
use crate::counting::Codes;
use crate::digamma::digamma;
use crate::neighbors::Points;
use crate::threads::Workers;
use crate::{Error, memory};

/// A variable: where its samples are, which label each has, or both.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marginal<'a> {
    /// Coordinates.
    pub points: Option<&'a Points>,
    /// Labels; samples of different ones are infinitely far apart.
    pub labels: Option<&'a Codes>,
}

impl<'a> From<&'a Points> for Marginal<'a> {
    fn from(points: &'a Points) -> Self {
        Self { points: Some(points), labels: None }
    }
}

impl<'a> From<&'a Codes> for Marginal<'a> {
    fn from(labels: &'a Codes) -> Self {
        Self { points: None, labels: Some(labels) }
    }
}

/// What is done where there is no neighbour, or where it is at distance 0 and nothing is nearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Classes of one are left out; at distance 0 none but the sample itself counts. The constant is `psi(N)`.
    Kraskov,
    /// Classes of one are left out; at distance 0 those that equal the sample count. The constant is `psi(N)`.
    Ross,
    /// In classes of one and at distance 0 those that equal the sample count, also for `k'`. The constant is `ln N`.
    Mixture,
    /// The same, and a value that repeats is a label: a sum by the chain rule, first of these labels, then within each.
    AtomSplit,
}

/// `I(X; Y)` of the variables 0 and 1.
pub(crate) const MUTUAL_INFORMATION: [(f64, u64); 3] = [(-1.0, 0b11), (1.0, 0b01), (1.0, 0b10)];

/// `I(X; Y | Z)` of the variables 0, 1 and 2.
pub(crate) const CONDITIONAL: [(f64, u64); 4] = [(-1.0, 0b111), (1.0, 0b101), (1.0, 0b110), (-1.0, 0b100)];

/// The sum of joint entropies for each of `ks`: `terms` say how many times each counts, and, by a bit for each, of which
/// variables.
///
/// # Errors
/// [`Error::Neighbors`] for no samples or `k = 0`, and without labels for `k >= n`; [`Error::AllLabelsUnique`],
/// [`Error::Lengths`], [`Error::Variables`] for more than 64, [`Error::Term`], [`Error::Radius`] where a distance is not finite,
/// [`Error::CircularVolume`], [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Interrupt, Points, Rule, Workers, common_ball, encode};
///
/// let x: Vec<f64> = (0..1000).map(|i| (f64::from(i).sin() * 1e4).fract().abs()).collect();
/// let left: Vec<i64> = x.iter().map(|&x| i64::from(x < 0.5)).collect();
/// let (x, left) = (Points::from_rows(&x, 1)?, encode(&left, &Interrupt::never())?);
/// let information = [(1.0, 0b01), (1.0, 0b10), (-1.0, 0b11)];
/// let found = common_ball(&[(&x).into(), (&left).into()], &information, Rule::Ross, &[3], Workers::new(1))?;
/// assert!((found[0].mean()? - 2f64.ln()).abs() < 0.01); // x tells its half: one bit
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn common_ball(
    parts: &[Marginal<'_>],
    terms: &[(f64, u64)],
    rule: Rule,
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Vec<Pointwise>, Error> {
    let n = check_lengths(parts)?;
    if parts.len() > u64::BITS as usize {
        return Err(Error::Variables { n: parts.len() });
    }
    let every = 1u64.checked_shl(parts.len() as u32).map_or(u64::MAX, |beyond| beyond - 1);
    if let Some(index) = terms.iter().position(|&(_, mask)| mask == 0 || mask & !every != 0) {
        return Err(Error::Term { index });
    }
    let samples = Samples::new(parts, rule, ks, workers)?;
    let coincident = if rule == Rule::Kraskov { Coincident::NotNearer } else { Coincident::Counted };
    let base = if rule.keeps_all() { (n as f64).ln() } else { digamma(samples.order.len() as u64) };
    let volume = samples.volume(terms)?;
    let constant = volume.of_radius_1 + base * terms.iter().map(|&(coefficient, _)| coefficient).sum::<f64>();
    let mut estimates = memory::with_capacity(ks.len())?;
    for distances in &samples.distances {
        let mut estimate = Pointwise::new(constant).at(memory::collect(samples.order.iter().copied())?, n);
        for (power, distances) in volume.factors(distances)? {
            estimate.add_logarithms(power, distances);
        }
        estimates.push(estimate);
    }
    for &(coefficient, mask) in terms {
        let subset = samples.subset(mask, workers)?;
        for ((estimate, &k), distances) in estimates.iter_mut().zip(ks).zip(&samples.distances) {
            let counts = if mask == every {
                samples.neighbors(k, distances, rule, &subset, workers)?
            } else {
                subset.nearer(distances, coincident, workers)?
            };
            estimate.add_digammas(-coefficient, counts);
        }
    }
    Ok(estimates)
}

/// How many samples there are, in all parts as many.
pub(super) fn check_lengths(parts: &[Marginal<'_>]) -> Result<usize, Error> {
    let mut lengths = parts
        .iter()
        .flat_map(|part| [part.points.map(Points::len), part.labels.map(|labels| labels.as_slice().len())])
        .flatten();
    let left = lengths.next().ok_or(Error::Shape { values: 0, dimensions: 0 })?;
    match lengths.find(|&right| right != left) {
        Some(right) => Err(Error::Lengths { left, right }),
        None => Ok(left),
    }
}

impl Rule {
    /// Whether samples without a neighbour are kept.
    pub(super) fn keeps_all(self) -> bool {
        matches!(self, Self::Mixture | Self::AtomSplit)
    }
}
