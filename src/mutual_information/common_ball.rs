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

use std::borrow::Cow;

use super::groups::Groups;
use super::nearer::{Coincident, nearer};
use super::pointwise::Pointwise;
use super::ties::atoms;
use crate::counting::Codes;
use crate::digamma::digamma;
use crate::entropy::Volume;
use crate::neighbors::{FEW, KdTree, Points, kth_distances_for};
use crate::threads::{Interrupt, Workers};
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
pub(super) const MUTUAL_INFORMATION: [(f64, u64); 3] = [(1.0, 0b01), (1.0, 0b10), (-1.0, 0b11)];

/// `I(X; Y | Z)` of the variables 0, 1 and 2.
pub(super) const CONDITIONAL: [(f64, u64); 4] = [(1.0, 0b101), (1.0, 0b110), (-1.0, 0b100), (-1.0, 0b111)];

/// The sum of joint entropies for each of `ks`: `terms` say how many times each counts, and, by a bit for each, of which
/// variables.
///
/// # Errors
/// [`Error::Neighbors`] for no samples or `k = 0`, and without labels for `k >= n`; [`Error::AllLabelsUnique`],
/// [`Error::Lengths`], [`Error::Term`], [`Error::Radius`] where a distance is not finite, [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
///
/// ```
/// use mutua::{Interrupt, Points, Rule, Workers, common_ball, encode};
///
/// let x: Vec<f64> = (0..1000).map(|i| f64::from(i) * 0.618 % 1.0).collect();
/// let left: Vec<i64> = x.iter().map(|&x| i64::from(x < 0.5)).collect();
/// let (x, left) = (Points::from_rows(&x, 1)?, encode(&left, &Interrupt::never())?);
/// let information = [(1.0, 0b01), (1.0, 0b10), (-1.0, 0b11)];
/// let found = common_ball(&[(&x).into(), (&left).into()], &information, Rule::Ross, &[3], Workers::new(1))?;
/// assert!((found[0].mean()? - 2f64.ln()).abs() < 0.01); // x tells the half, and half a bit is ln 2
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
    let every = 1u64.checked_shl(parts.len() as u32).map_or(u64::MAX, |beyond| beyond - 1);
    if let Some(index) = terms.iter().position(|&(_, mask)| mask & !every != 0) {
        return Err(Error::Term { index });
    }
    let samples = Samples::new(parts, rule, ks, workers)?;
    let coincident = if rule == Rule::Kraskov { Coincident::NotNearer } else { Coincident::Counted };
    let base = if rule.keeps_all() { (n as f64).ln() } else { digamma(samples.order.len() as u64) };
    let volume = samples.volume(terms);
    let constant = volume.of_radius_1 + base * terms.iter().map(|&(coefficient, _)| coefficient).sum::<f64>();
    let mut estimates = memory::with_capacity(ks.len())?;
    for distances in &samples.distances {
        let estimate = Pointwise::new(constant).at(memory::collect(samples.order.iter().copied())?, n);
        estimates.push(if volume.power == 0.0 {
            estimate
        } else {
            estimate.plus_logarithms(volume.power, memory::collect(distances.iter().copied())?)
        });
    }
    for &(coefficient, mask) in terms {
        let subset = samples.subset(mask, workers)?;
        for ((estimate, &k), distances) in estimates.iter_mut().zip(ks).zip(&samples.distances) {
            let counts = if mask == every {
                samples.neighbors(k, distances, rule, &subset, workers)?
            } else {
                subset.nearer(distances, coincident, workers)?
            };
            *estimate = std::mem::replace(estimate, Pointwise::new(0.0)).plus(-coefficient, counts);
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
    fn keeps_all(self) -> bool {
        matches!(self, Self::Mixture | Self::AtomSplit)
    }
}

/// Samples class by class, those in turn near each other, with the distances to their neighbours.
struct Samples<'a> {
    points: Vec<Option<Points>>,
    labels: Vec<Option<Codes>>,
    classes: Groups,
    /// For each k; 0 in a class of one.
    distances: Vec<Vec<f64>>,
    /// The position that each sample had.
    order: Vec<u32>,
    parts: &'a [Marginal<'a>],
}

impl<'a> Samples<'a> {
    fn new(parts: &'a [Marginal<'a>], rule: Rule, ks: &[usize], workers: Workers<'_>) -> Result<Self, Error> {
        let n = check_lengths(parts)?;
        let labels = workers.map(parts.len(), |part, interrupt| labels(&parts[part], rule, interrupt))?;
        let joint = workers.alone(|interrupt| joint(labels.iter().flatten(), interrupt))?;
        if let Some(&k) = ks.iter().find(|&&k| k == 0 || joint.is_none() && k >= n) {
            return Err(Error::Neighbors { k, n });
        }
        let classes = match &joint {
            Some(codes) => Groups::new(codes, if rule.keeps_all() { 1 } else { 2 })?,
            None => Groups::whole(n)?,
        };
        if classes.n_members() == 0 {
            return Err(if n == 0 { Error::Neighbors { k: 1, n } } else { Error::AllLabelsUnique });
        }
        let points = joint_points(parts.iter().filter_map(|part| part.points))?;
        let found = classes.map(workers, |members, workers| search(points.as_ref(), members, ks, workers))?;
        let mut order = memory::with_capacity(classes.n_members())?;
        let mut distances = Vec::new();
        for _ in ks {
            distances.push(memory::with_capacity(classes.n_members())?);
        }
        for (members, of_class) in found {
            order.extend(members);
            distances.iter_mut().zip(of_class).for_each(|(all, of_class)| all.extend(of_class));
        }
        let arranged = |part: &Marginal<'_>| part.points.map(|points| points.at(&order)).transpose();
        let points = parts.iter().map(arranged).collect::<Result<_, _>>()?;
        let arranged = |labels: &Option<Cow<'_, Codes>>| {
            labels.as_ref().map(|labels| labels.at(&order)).transpose()
        };
        let labels = labels.iter().map(arranged).collect::<Result<_, _>>()?;
        Ok(Self { points, labels, classes: classes.in_turn()?, distances, order, parts })
    }

    /// The samples as some of the variables see them.
    fn subset(&self, mask: u64, workers: Workers<'_>) -> Result<Subset, Error> {
        let is_in = |&part: &usize| mask >> part & 1 == 1;
        let labelled = (0..self.parts.len()).filter(|&part| self.labels[part].is_some());
        let points = joint_points((0..self.parts.len()).filter(is_in).filter_map(|p| self.points[p].as_ref()))?;
        let groups = if labelled.clone().all(|part| is_in(&part)) {
            self.classes.in_turn()?
        } else {
            let codes = labelled.filter(is_in).filter_map(|part| self.labels[part].as_ref());
            match workers.alone(|interrupt| joint(codes, interrupt))? {
                Some(codes) => Groups::new(&codes, 1)?,
                None => Groups::whole(self.order.len())?,
            }
        };
        Ok(Subset { groups, points })
    }

    /// How many neighbours of each sample are used, or what stands for them.
    fn neighbors(
        &self,
        k: usize,
        distances: &[f64],
        rule: Rule,
        all: &Subset,
        workers: Workers<'_>,
    ) -> Result<Vec<u32>, Error> {
        let mut neighbors = memory::with_capacity(distances.len())?;
        for class in self.classes.iter() {
            neighbors.extend(std::iter::repeat_n(k.min(class.len() - 1) as u32, class.len()));
        }
        if rule.keeps_all() && distances.contains(&0.0) {
            let none = memory::filled(distances.len(), 0.0)?;
            let equal = all.nearer(&none, Coincident::Counted, workers)?;
            for ((neighbors, equal), &distance) in neighbors.iter_mut().zip(equal).zip(distances) {
                *neighbors = if distance == 0.0 { equal } else { *neighbors };
            }
        }
        Ok(neighbors)
    }

    /// The volume of the ball, each part as often as its unit counts.
    fn volume(&self, terms: &[(f64, u64)]) -> Volume {
        let mut all = Volume { of_radius_1: 0.0, power: 0.0 };
        for (part, points) in self.points.iter().enumerate() {
            let often = terms.iter().filter(|(_, mask)| mask >> part & 1 == 1).map(|(c, _)| c).sum::<f64>();
            if let Some(volume) = points.as_ref().map(Volume::of) {
                all.of_radius_1 += often * volume.of_radius_1;
                all.power += often * volume.power;
            }
        }
        all
    }
}

/// The samples as some variables see them, in groups of equal labels.
struct Subset {
    groups: Groups,
    points: Option<Points>,
}

impl Subset {
    /// For each sample, itself and the others nearer than its distance; all of its group where there is no distance.
    fn nearer(
        &self,
        distances: &[f64],
        coincident: Coincident,
        workers: Workers<'_>,
    ) -> Result<Vec<u32>, Error> {
        let mut counts = memory::filled(distances.len(), 0)?;
        let Some(points) = &self.points else {
            for group in self.groups.iter() {
                group.iter().for_each(|&sample| counts[sample as usize] = group.len() as u32);
            }
            return Ok(counts);
        };
        let found = self.groups.map(workers, |members, workers| {
            let distances = memory::collect(members.iter().map(|&sample| distances[sample as usize]))?;
            nearer(&*gathered(points, members)?, &distances, coincident, workers)
        })?;
        for (group, found) in self.groups.iter().zip(found) {
            group.iter().zip(found).for_each(|(&sample, count)| counts[sample as usize] = count);
        }
        Ok(counts)
    }
}

/// The labels of a variable, with those of its atoms if they are to be told apart.
fn labels<'a>(
    part: &Marginal<'a>,
    rule: Rule,
    interrupt: &Interrupt<'_>,
) -> Result<Option<Cow<'a, Codes>>, Error> {
    let given = part.labels.map(Cow::Borrowed);
    match part.points {
        Some(points) if rule == Rule::AtomSplit => {
            let atoms = atoms(points, interrupt)?;
            Ok(Some(Cow::Owned(match given {
                Some(given) => given.with(&atoms, interrupt)?,
                None => atoms,
            })))
        }
        _ => Ok(given),
    }
}

/// Codes that are equal where all are; none of none.
fn joint<'a, C: std::borrow::Borrow<Codes> + 'a>(
    mut parts: impl Iterator<Item = &'a C>,
    interrupt: &Interrupt<'_>,
) -> Result<Option<Cow<'a, Codes>>, Error> {
    let Some(first) = parts.next() else { return Ok(None) };
    parts
        .try_fold(Cow::Borrowed(first.borrow()), |joint, part| Ok(Cow::Owned(joint.with(part.borrow(), interrupt)?)))
        .map(Some)
}

fn joint_points<'a>(parts: impl Iterator<Item = &'a Points>) -> Result<Option<Points>, Error> {
    let parts: Vec<&Points> = parts.collect();
    if parts.is_empty() { Ok(None) } else { Points::joint(&parts).map(Some) }
}

/// The points of a group, which is in its order.
fn gathered<'a>(points: &'a Points, members: &[u32]) -> Result<Cow<'a, Points>, Error> {
    if members.len() == points.len() { Ok(Cow::Borrowed(points)) } else { points.at(members).map(Cow::Owned) }
}

/// A class in an order in which those in turn are near each other, and the distances to the neighbours within it.
fn search(
    points: Option<&Points>,
    members: &[u32],
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<(Vec<u32>, Vec<Vec<f64>>), Error> {
    let n = members.len();
    let Some(points) = points.filter(|_| n > 1) else {
        let none = ks.iter().map(|_| memory::filled(n, 0.0)).collect::<Result<_, _>>()?;
        return Ok((memory::collect(members.iter().copied())?, none));
    };
    let ks: Vec<usize> = ks.iter().map(|&k| k.min(n - 1)).collect();
    let points = gathered(points, members)?;
    if points.as_line().is_some() || n <= FEW {
        return Ok((memory::collect(members.iter().copied())?, kth_distances_for(&points, &ks, workers)?));
    }
    let mut tree = workers.alone(|interrupt| KdTree::new(&points, interrupt))?;
    let order = tree.renumber()?;
    let members = memory::collect(order.into_iter().map(|place| members[place as usize]))?;
    Ok((members, tree.kth_distances_for(&ks, workers)?.0))
}
