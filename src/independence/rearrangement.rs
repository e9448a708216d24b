//! Samples of x given to those of y anew, in ways that break what the two share and keep what they should.
//!
//! A surrogate is an order: its sample i is sample `order[i]` of x. Whatever can be estimated can then be tested.

use super::neighborhoods::Neighborhoods;
use super::random::Random;
use crate::counting::Codes;
use crate::threads::Workers;
use crate::{Error, memory};

/// Which orders are drawn, and what they keep.
#[derive(Debug)]
pub enum Rearrangement<'a> {
    /// Any: for independent samples.
    Any,
    /// Any among samples of the same label: what x shares with that.
    Within(&'a Codes),
    /// The whole series shifted round a circle: all that it knows of its own past, but where its ends meet.
    Shifted,
    /// Blocks of a series put in another order, cut from anywhere on a circle: its past within a block.
    Blocks(usize),
    /// Any in which each sample comes from its neighbourhood: what x shares with the variable whose neighbourhoods they
    /// are, as far as that hardly changes within one.
    Local(&'a Neighborhoods),
}

/// The stream that decides on what surrogates have in common.
const COMMON: u64 = u64::MAX;

/// Swaps of neighbours that are tried for each sample: after ten, samples are as far from where they were as after two
/// hundred.
const SWAPS: usize = 10;

/// Draws the orders of surrogates number `first` and following, one after the other, into rows of `n`; each depends on the
/// seed and its number alone. A circle of n samples has n - 1 shifts: surrogates beyond those repeat them.
///
/// # Errors
/// [`Error::Shape`] where rows are not of as many samples as labels or neighbourhoods, [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
///
/// ```
/// use mutua::{Rearrangement, Workers, draw_orders};
///
/// let mut orders = [0; 8];
/// draw_orders(&Rearrangement::Shifted, 4, 0, 1, &mut orders, Workers::new(1))?;
/// assert_ne!(orders[..4], [0, 1, 2, 3]);
/// assert_eq!((orders[0] + 1) % 4, orders[1]);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn draw_orders(
    rearrangement: &Rearrangement<'_>,
    n: usize,
    seed: u64,
    first: u64,
    orders: &mut [u32],
    workers: Workers<'_>,
) -> Result<(), Error> {
    memory::check_size(n)?;
    let expected = match rearrangement {
        Rearrangement::Within(labels) => labels.as_slice().len(),
        Rearrangement::Local(neighborhoods) => neighborhoods.len(),
        _ => n,
    };
    if n == 0 || expected != n || !orders.len().is_multiple_of(n) {
        return Err(Error::Shape { values: orders.len(), dimensions: n });
    }
    let begin = || Drawing::new(rearrangement, n, seed);
    workers.fill(orders, n, begin, |drawing, task, order, interrupt| {
        interrupt.check()?;
        let index = first + task as u64;
        drawing.draw(index, Random::stream(seed, index), order);
        Ok(())
    })?;
    Ok(())
}

/// What the surrogates of a test share, and room to draw one.
struct Drawing<'a> {
    rearrangement: &'a Rearrangement<'a>,
    /// The shifts in the order in which they are used, or the samples label by label.
    common: Vec<u32>,
    /// Where each label ends.
    ends: Vec<u32>,
    room: Vec<u32>,
    spare: Vec<u32>,
}

impl<'a> Drawing<'a> {
    fn new(rearrangement: &'a Rearrangement<'a>, n: usize, seed: u64) -> Result<Self, Error> {
        let (mut common, mut ends) = (Vec::new(), Vec::new());
        match rearrangement {
            Rearrangement::Shifted => {
                common = memory::collect(1..n.max(2) as u32)?;
                Random::stream(seed, COMMON).shuffle(&mut common);
            }
            Rearrangement::Within(labels) => (common, ends) = by_label(labels)?,
            _ => (),
        }
        let (room, spare) = (memory::filled(n, 0)?, memory::filled(n, 0)?);
        Ok(Self { rearrangement, common, ends, room, spare })
    }

    fn draw(&mut self, index: u64, mut random: Random, order: &mut [u32]) {
        in_order(order);
        match *self.rearrangement {
            Rearrangement::Any => random.shuffle(order),
            Rearrangement::Within(_) => {
                let mut start = 0;
                for &end in &self.ends {
                    let members = &self.common[start as usize..end as usize];
                    let shuffled = &mut self.room[..members.len()];
                    shuffled.copy_from_slice(members);
                    random.shuffle(shuffled);
                    members.iter().zip(shuffled).for_each(|(&member, from)| order[member as usize] = *from);
                    start = end;
                }
            }
            Rearrangement::Shifted => {
                let shift = self.common[(index % self.common.len() as u64) as usize] as usize;
                order.rotate_left(shift % order.len());
            }
            Rearrangement::Blocks(length) => {
                order.rotate_left(random.below(order.len() as u32) as usize);
                self.spare.copy_from_slice(order);
                let blocks = self.spare.chunks(length.max(1));
                let turns = &mut self.room[..blocks.len()];
                in_order(turns);
                random.shuffle(turns);
                let (length, mut rest) = (length.max(1), order);
                for &mut turn in turns {
                    let block = &self.spare[turn as usize * length..];
                    let block = &block[..length.min(block.len())];
                    let place;
                    (place, rest) = rest.split_at_mut(block.len());
                    place.copy_from_slice(block);
                }
            }
            Rearrangement::Local(neighborhoods) => swap_neighbors(order, neighborhoods, &mut random),
        }
    }
}

/// Swaps of neighbours that leave both in their neighbourhoods. Each is undone as likely as it is done, so that all orders
/// which swaps lead to become as likely, the given one among them.
fn swap_neighbors(order: &mut [u32], neighborhoods: &Neighborhoods, random: &mut Random) {
    let others = neighborhoods.size() as u32 - 1;
    if others == 0 {
        return;
    }
    for _ in 0..SWAPS * order.len() {
        let one = random.below(order.len() as u32) as usize;
        let around_one = neighborhoods.around(one);
        let other = around_one[1 + random.below(others) as usize] as usize;
        let (of_one, of_other) = (order[one], order[other]);
        // Without branches, which nobody could predict.
        let fits =
            |around: &[u32], sample| around.iter().fold(false, |found, &member| found | (member == sample));
        let swaps = fits(around_one, of_other) & fits(neighborhoods.around(other), of_one);
        order[one] = if swaps { of_other } else { of_one };
        order[other] = if swaps { of_one } else { of_other };
    }
}

/// The samples of each label in turn, and where each label ends.
pub(super) fn by_label(labels: &Codes) -> Result<(Vec<u32>, Vec<u32>), Error> {
    let mut ends = memory::filled(labels.n_distinct() + 1, 0)?;
    labels.as_slice().iter().for_each(|&code| ends[code as usize + 1] += 1);
    (1..ends.len()).for_each(|code| ends[code] += ends[code - 1]);
    let mut samples = memory::filled(labels.as_slice().len(), 0)?;
    for (sample, &code) in (0..).zip(labels.as_slice()) {
        samples[ends[code as usize] as usize] = sample;
        ends[code as usize] += 1; // Each start becomes an end.
    }
    ends.pop();
    Ok((samples, ends))
}

fn in_order(numbers: &mut [u32]) {
    (0..).zip(numbers).for_each(|(number, place)| *place = number);
}
