//! Samples class by class: those of equal labels, which alone are at finite distances from each other.

use std::borrow::{Borrow, Cow};

use super::common_ball::{Marginal, Rule, check_lengths};
use super::groups::Groups;
use super::nearer::{Coincident, nearer};
use super::ties::atoms;
use crate::counting::Codes;
use crate::entropy::Volume;
use crate::neighbors::{FEW, KdTree, Points, kth_distances_for};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// Samples class by class, those in turn near each other, with the distances to their neighbours.
pub(super) struct Samples {
    points: Vec<Option<Points>>,
    labels: Vec<Option<Codes>>,
    classes: Groups,
    /// For each k; 0 in a class of one.
    pub(super) distances: Vec<Vec<f64>>,
    /// The position that each sample had.
    pub(super) order: Vec<u32>,
}

impl Samples {
    /// Arranges samples of the same length and searches for their neighbours.
    pub(super) fn new(
        parts: &[Marginal<'_>],
        rule: Rule,
        ks: &[usize],
        workers: Workers<'_>,
    ) -> Result<Self, Error> {
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
        let arranged =
            |labels: &Option<Cow<'_, Codes>>| labels.as_ref().map(|labels| labels.at(&order)).transpose();
        let labels = labels.iter().map(arranged).collect::<Result<_, _>>()?;
        Ok(Self { points, labels, classes: classes.in_turn()?, distances, order })
    }

    /// The samples as some of the variables see them.
    pub(super) fn subset(&self, mask: u64, workers: Workers<'_>) -> Result<Subset, Error> {
        let is_in = |&part: &usize| mask >> part & 1 == 1;
        let labelled = (0..self.points.len()).filter(|&part| self.labels[part].is_some());
        let points =
            joint_points((0..self.points.len()).filter(is_in).filter_map(|p| self.points[p].as_ref()))?;
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
    pub(super) fn neighbors(
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
    pub(super) fn volume(&self, terms: &[(f64, u64)]) -> Result<Volume, Error> {
        let mut all = Volume { of_radius_1: 0.0, power: 0.0, halves: Vec::new() };
        for (part, points) in self.points.iter().enumerate() {
            let often = terms.iter().filter(|(_, mask)| mask >> part & 1 == 1).map(|(c, _)| c).sum::<f64>();
            if let Some(points) = points.as_ref().filter(|_| often != 0.0) {
                let volume = Volume::of(points)?;
                all.of_radius_1 += often * volume.of_radius_1;
                all.power += often * volume.power;
                all.halves.extend(volume.halves.iter().map(|(half, power)| (*half, often * power)));
            }
        }
        Ok(all)
    }
}

/// The samples as some variables see them, in groups of equal labels.
pub(super) struct Subset {
    groups: Groups,
    points: Option<Points>,
}

impl Subset {
    /// For each sample, itself and the others nearer than its distance; all of its group where there is no distance.
    pub(super) fn nearer(
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
                Some(given) => given.joined(&atoms, interrupt)?,
                None => atoms,
            })))
        }
        _ => Ok(given),
    }
}

/// Codes that are equal where all are; none of none.
fn joint<'a, C: Borrow<Codes> + 'a>(
    mut parts: impl Iterator<Item = &'a C>,
    interrupt: &Interrupt<'_>,
) -> Result<Option<Cow<'a, Codes>>, Error> {
    let Some(first) = parts.next() else { return Ok(None) };
    parts
        .try_fold(Cow::Borrowed(first.borrow()), |joint, part| {
            Ok(Cow::Owned(joint.joined(part.borrow(), interrupt)?))
        })
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
