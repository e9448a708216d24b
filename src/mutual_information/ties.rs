//! Values that repeat: which they are, and what that says about the law of the samples.
//!
//! A value that has a probability of its own, an atom, is worth a label: those who share it have nothing else in common
//! than those who do not. Samples on a lattice, such as rounded ones, repeat because there are few values to take: there
//! near ones are alike, and labels would part them.

use std::cmp::Ordering;

use super::common_ball::{MUTUAL_INFORMATION, Marginal, Rule, check_lengths, common_ball};
use super::pointwise::Pointwise;
use crate::counting::Codes;
use crate::neighbors::{Line, Points};
use crate::sorting::{argsort, float_key};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// The samples that labels may part from all but a few others: one in so many.
const PARTED: usize = 20;

/// What samples that repeat are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// No value repeats.
    None,
    /// Some values do, each of them often enough.
    Atoms,
    /// Values do, many of them rarely.
    Lattice,
}

/// What the values that repeat in any of the parts are like: atoms, unless more than one sample in twenty has fewer than
/// `k` others with the same atoms in all parts, where it has `k` with the same labels. O(n log n).
///
/// # Errors
/// [`Error::Lengths`], [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Points, Ties, Workers, ties};
///
/// let roots: Vec<f64> = (0..1000).map(|i| f64::from(i).sqrt()).collect();
/// let kind = |values: Vec<f64>| ties(&[(&Points::from_rows(&values, 1)?).into()], 3, Workers::new(1));
/// assert_eq!(kind(roots.clone())?, Ties::None);
/// assert_eq!(kind(roots.iter().map(|root| root.max(9.0)).collect())?, Ties::Atoms);
/// assert_eq!(kind(roots.iter().map(|root| (root * 10.0).round()).collect())?, Ties::Lattice);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn ties(parts: &[Marginal<'_>], k: usize, workers: Workers<'_>) -> Result<Ties, Error> {
    let n = check_lengths(parts)?;
    workers.alone(|interrupt| {
        let mut with_atoms: Option<Codes> = None;
        for points in parts.iter().filter_map(|part| part.points) {
            let atoms = atoms(points, interrupt)?;
            if atoms.n_distinct() > 1 {
                with_atoms = Some(match with_atoms {
                    Some(others) => others.joined(&atoms, interrupt)?,
                    None => atoms,
                });
            }
        }
        let Some(mut with_atoms) = with_atoms else { return Ok(Ties::None) };
        let mut by_labels = Codes::of_parts(memory::filled(n, 0)?, 1);
        for labels in parts.iter().filter_map(|part| part.labels) {
            by_labels = by_labels.joined(labels, interrupt)?;
        }
        with_atoms = with_atoms.joined(&by_labels, interrupt)?;
        let [fewer, all] = [&with_atoms, &by_labels].map(Codes::occurrences);
        let (fewer, all) = (fewer?, all?);
        let pairs = with_atoms.as_slice().iter().zip(by_labels.as_slice());
        let is_parted = |&(&few, &many): &(&u32, &u32)| {
            fewer[few as usize] as usize <= k && all[many as usize] as usize > k
        };
        let n_parted = pairs.filter(is_parted).count();
        Ok(if n_parted > n / PARTED { Ties::Lattice } else { Ties::Atoms })
    })
}

/// The mutual information of `x` and `y` by the rule that suits their ties: [`Rule::Kraskov`] where there are none,
/// [`Rule::AtomSplit`] for atoms, [`Rule::Mixture`] for a lattice.
///
/// # Errors
/// As for [`common_ball`].
pub fn by_ties(x: &Points, y: &Points, ks: &[usize], workers: Workers<'_>) -> Result<Vec<Pointwise>, Error> {
    let rule = match ties(&[x.into(), y.into()], ks.iter().copied().max().unwrap_or(1), workers)? {
        Ties::None => Rule::Kraskov,
        Ties::Atoms => Rule::AtomSplit,
        Ties::Lattice => Rule::Mixture,
    };
    common_ball(&[x.into(), y.into()], &MUTUAL_INFORMATION, rule, ks, workers)
}

/// A label for each value that repeats, in all coordinates of a point; the others share the code 0.
pub(super) fn atoms(points: &Points, interrupt: &Interrupt<'_>) -> Result<Codes, Error> {
    let n = points.len();
    let mut codes = memory::filled(n, 0)?;
    let mut n_distinct = 1;
    if let Some(values) = points.as_line()
        && !Line::unordered(values, interrupt)?.has_ties()
    {
        return Ok(Codes::of_parts(codes, n_distinct));
    }
    // Adding 0 makes one of both zeros.
    let mut sorted = argsort((0..n).map(|i| float_key(points.point(i)[0] + 0.0)), interrupt)?;
    let compare = |a: &(u64, u32), b: &(u64, u32)| {
        let (a, b) = (points.point(a.1 as usize), points.point(b.1 as usize));
        a.partial_cmp(b).unwrap_or(Ordering::Equal) // They are finite.
    };
    for run in sorted.chunk_by_mut(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        interrupt.check()?;
        if points.dimensions() > 1 {
            run.sort_unstable_by(compare);
        }
        for equal in run.chunk_by(|a, b| compare(a, b) == Ordering::Equal).filter(|run| run.len() > 1) {
            equal.iter().for_each(|&(_, position)| codes[position as usize] = n_distinct as u32);
            n_distinct += 1;
        }
    }
    Ok(Codes::of_parts(codes, n_distinct))
}
