//! The estimates from neighbours of samples in other orders.
//!
//! What does not change is arranged once: of scalars the sorted lines, of ranks all axes but one. Surrogates are
//! independent of each other, so threads share them out.

use crate::counting::Codes;
use crate::mutual_information::{
    CONDITIONAL, Column, Duplicates, MUTUAL_INFORMATION, Marginal, Rule, SmallClasses, check, common_ball,
    conditional, from_rank_neighbors, ksg_of_ranked, ksg_on_lines, ross,
};
use crate::neighbors::{Line, RankSpace, Ranked, Ranks};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// [`common_ball`] for one k, with sample `order[i]` of the first part in place of sample i, for each order.
///
/// # Errors
/// As for [`common_ball`]; [`Error::Shape`] where orders are not whole, [`Error::Index`] for a position beyond the samples.
///
/// ```
/// use mutua::{Points, Rule, Workers, rearranged_common_ball};
///
/// let x: Vec<f64> = (0..1000).map(|i| (f64::from(i).sin() * 1e4).fract().abs()).collect();
/// let (x, information) = (Points::from_rows(&x, 1)?, [(1.0, 0b01), (1.0, 0b10), (-1.0, 0b11)]);
/// let orders: Vec<u32> = (0..1000).chain((0..1000).rev()).collect();
/// let parts = [(&x).into(), (&x).into()];
/// let found = rearranged_common_ball(&parts, &information, Rule::Kraskov, 3, &orders, Workers::new(1))?;
/// assert!(found[0] > 5.0 && found[1].abs() < 0.2);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn rearranged_common_ball(
    parts: &[Marginal<'_>],
    terms: &[(f64, u64)],
    rule: Rule,
    k: usize,
    orders: &[u32],
    workers: Workers<'_>,
) -> Result<Vec<f64>, Error> {
    let &first = parts.first().ok_or(Error::Variables { n: 0 })?;
    let n = first.points.map(crate::Points::len).or(first.labels.map(|codes| codes.as_slice().len()));
    let orders = Orders::new(orders, n.unwrap_or(0))?;
    if rule == Rule::Kraskov
        && let Some(found) = of_scalars(parts, terms, k, &orders, workers)
    {
        return found;
    }
    if rule == Rule::Ross
        && let Some(found) = of_scalar_and_labels(parts, terms, k, &orders, workers)
    {
        return found;
    }
    let points: Vec<_> =
        parts.iter().filter(|part| part.labels.is_none()).filter_map(|part| part.points).collect();
    orders.map(
        workers,
        || Ok(()),
        |(), order, interrupt| {
            let (points_of, labels_of) = (
                first.points.map(|points| points.at(order)).transpose()?,
                first.labels.map(|labels| labels.at(order)).transpose()?,
            );
            let estimates = match (points_of.as_ref(), &points[..]) {
                (Some(x), [_, y, z]) if rule == Rule::Kraskov && is_sum(terms, &CONDITIONAL) => {
                    conditional(x, y, z, &[k], interrupt.alone())?
                }
                (x, _) => {
                    let mut parts = memory::collect(parts.iter().copied())?;
                    parts[0] = Marginal { points: x, labels: labels_of.as_ref() };
                    common_ball(&parts, terms, rule, &[k], interrupt.alone())?
                }
            };
            estimates.first().map_or(Err(Error::Neighbors { k, n: 0 }), |estimate| estimate.mean())
        },
    )
}

/// [`rank_mutual_information`](crate::rank_mutual_information) with sample `order[i]` of `x` in place of sample i, for each
/// order.
///
/// # Errors
/// As for [`rearranged_common_ball`].
pub fn rearranged_ranks(
    x: &[Ranks],
    y: &[Ranks],
    z: &[Ranks],
    k: usize,
    orders: &[u32],
    workers: Workers<'_>,
) -> Result<Vec<f64>, Error> {
    let orders = Orders::new(orders, y.first().map_or(0, |column| column.as_slice().len()))?;
    // The last axes are those that change.
    let begin = || RankSpace::new(y, x, z, &Interrupt::never());
    orders.map(workers, begin, |space, order, interrupt| {
        space.rearrange_y(x, order, interrupt)?;
        let (neighbors, _) = space.neighbors(k, interrupt.alone())?;
        space.guess(&neighbors);
        from_rank_neighbors(&neighbors, k)
    })
}

/// The mutual information of two scalars, each sorted once.
fn of_scalars(
    parts: &[Marginal<'_>],
    terms: &[(f64, u64)],
    k: usize,
    orders: &Orders<'_>,
    workers: Workers<'_>,
) -> Option<Result<Vec<f64>, Error>> {
    let [Marginal { points: Some(x), labels: None }, Marginal { points: Some(y), labels: None }] = parts
    else {
        return None;
    };
    let (x, y) = (x.as_line()?, y.as_line()?);
    if !is_sum(terms, &MUTUAL_INFORMATION) || !orders.are_permutations() {
        return None;
    }
    let estimates = || {
        check(x, y, k)?;
        if Ranked::suits(x.len(), k) {
            let (x, y) = (Ranked::new(x)?, Ranked::new(y)?);
            let begin = || Ok(());
            return orders.map(workers, begin, |(), order, _| {
                ksg_of_ranked(&x.rearranged(order)?, &y, k, Duplicates::Apart)
            });
        }
        let (line_x, line_y) =
            workers.both(|interrupt| Line::unordered(x, interrupt), |interrupt| Line::new(y, interrupt))?;
        let begin = || Ok((memory::filled(x.len(), 0.0)?, None));
        orders.map(workers, begin, |(partners, strips_suit), order, interrupt| {
            for (partner, &position) in partners.iter_mut().zip(line_y.order()) {
                *partner = x[order[position as usize] as usize];
            }
            let (x, y) = ((&partners[..], &line_x), (line_y.values(), &line_y, &partners[..]));
            ksg_on_lines(y, x, k, Duplicates::Apart, strips_suit, interrupt.alone())
        })
    };
    Some(estimates())
}

/// The mutual information of a scalar, sorted once, and labels.
fn of_scalar_and_labels(
    parts: &[Marginal<'_>],
    terms: &[(f64, u64)],
    k: usize,
    orders: &Orders<'_>,
    workers: Workers<'_>,
) -> Option<Result<Vec<f64>, Error>> {
    let (points, labels, labels_move) = match *parts {
        [Marginal { points: Some(x), labels: None }, Marginal { points: None, labels: Some(y) }] => {
            (x, y, false)
        }
        [Marginal { points: None, labels: Some(x) }, Marginal { points: Some(y), labels: None }] => {
            (y, x, true)
        }
        _ => return None,
    };
    let (values, codes) = (points.as_line()?, labels.as_slice());
    if !is_sum(terms, &MUTUAL_INFORMATION) || !orders.are_permutations() || values.len() != codes.len() {
        return None;
    }
    let estimates = || {
        let column = workers.alone(|interrupt| Column::new(values, interrupt))?;
        orders.map(
            workers,
            || Ok(()),
            |(), order, interrupt| {
                let mut moved = memory::filled(codes.len(), 0)?;
                for (&from, place) in order.iter().zip(0..) {
                    // What moves is the labels, or the values: then each takes the label of its new place.
                    let (from, place) =
                        if labels_move { (from as usize, place) } else { (place, from as usize) };
                    moved[place] = codes[from];
                }
                ross(&column, &Codes::of_parts(moved, labels.n_distinct()), k, SmallClasses::Exact, interrupt)
            },
        )
    };
    Some(estimates())
}

/// Whether these are the terms, in any order.
fn is_sum(terms: &[(f64, u64)], of: &[(f64, u64)]) -> bool {
    terms.len() == of.len() && of.iter().all(|term| terms.contains(term))
}

/// Orders of n samples, one after the other.
struct Orders<'a> {
    orders: &'a [u32],
    n: usize,
}

impl<'a> Orders<'a> {
    fn new(orders: &'a [u32], n: usize) -> Result<Self, Error> {
        if n == 0 || !orders.len().is_multiple_of(n) {
            return Err(Error::Shape { values: orders.len(), dimensions: n });
        }
        match orders.iter().position(|&position| position as usize >= n) {
            Some(index) => Err(Error::Index { index }),
            None => Ok(Self { orders, n }),
        }
    }

    /// Whether no sample is taken twice.
    fn are_permutations(&self) -> bool {
        let mut last = vec![0; self.n];
        (1u32..).zip(self.orders.chunks_exact(self.n)).all(|(number, order)| {
            order.iter().all(|&position| std::mem::replace(&mut last[position as usize], number) != number)
        })
    }

    /// What is estimated of each order, by whichever thread is free.
    fn map<A: Send>(
        &self,
        workers: Workers<'_>,
        begin: impl Fn() -> Result<A, Error> + Sync,
        estimate: impl Fn(&mut A, &[u32], &Interrupt<'_>) -> Result<f64, Error> + Sync,
    ) -> Result<Vec<f64>, Error> {
        let mut estimates = memory::filled(self.orders.len() / self.n, 0.0)?;
        workers.fill(&mut estimates, 1, begin, |room, task, estimates, interrupt| {
            let order = &self.orders[task * self.n..][..self.n];
            for estimate_of in estimates {
                interrupt.check()?;
                *estimate_of = estimate(room, order, interrupt)?;
            }
            Ok(())
        })?;
        Ok(estimates)
    }
}
