//! One dimension: a sorted line.
//!
//! Among sorted values the k nearest others of a point are a window around it, and the points within a distance are a
//! run. The ends of a run are found by steps that grow from a guess, so that any ties and any distribution cost no more
//! than a bisection. Where runs are long the guess comes from a table of equal steps along the line.

use std::ops::Range;

use super::{Ball, check_finite, check_neighbors, check_radii};
use crate::sorting::{argsort, float_key, key_float};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Values in ascending order, with the position each had.
#[derive(Debug, Clone)]
pub struct Line {
    values: Vec<f64>,
    order: Vec<u32>,
    guide: Guide,
}

/// How many points are processed between two questions whether to go on.
const BATCH: usize = 1 << 14;

impl Line {
    /// Sorts `values`: O(n log n).
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn new(values: &[f64], interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        check_finite(values)?;
        let sorted = argsort(values.iter().map(|&value| float_key(value)), interrupt)?;
        let values = memory::collect(sorted.iter().map(|&(key, _)| key_float(key)))?;
        let order = memory::collect(sorted.iter().map(|&(_, position)| position))?;
        Ok(Self { guide: Guide::new(&values)?, values, order })
    }

    /// The values in ascending order.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// For each place on the line, the position that its value had.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// The distance of each point to its k-th nearest other point, in the order the values were given.
    ///
    /// O(n log k): the nearest of the windows of k others around a point is found by bisection.
    ///
    /// # Errors
    /// [`Error::Neighbors`] unless `1 <= k < n`, [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn kth_distances(&self, k: usize, interrupt: &Interrupt<'_>) -> Result<Vec<f64>, Error> {
        check_neighbors(k, self.values.len())?;
        let mut distances = memory::filled(self.values.len(), 0.0)?;
        for (place, &position) in self.order.iter().enumerate() {
            if place % BATCH == 0 {
                interrupt.check()?;
            }
            distances[position as usize] = kth_distance(&self.values, place, k);
        }
        Ok(distances)
    }

    /// The number of other points within `radii[i]` of each point, in the order the values were given.
    ///
    /// O(n log m) for counts of about m.
    ///
    /// # Errors
    /// [`Error::Lengths`], [`Error::Radius`], [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn counts_within(
        &self,
        radii: &[f64],
        ball: Ball,
        interrupt: &Interrupt<'_>,
    ) -> Result<Vec<u32>, Error> {
        let mut counts = memory::filled(self.values.len(), 0)?;
        self.for_each_count(radii, ball, interrupt, |position, count| counts[position] = count as u32)?;
        Ok(counts)
    }

    /// Calls `f(position, count)` for each point.
    pub(crate) fn for_each_count(
        &self,
        radii: &[f64],
        ball: Ball,
        interrupt: &Interrupt<'_>,
        mut f: impl FnMut(usize, usize),
    ) -> Result<(), Error> {
        check_radii(radii, self.values.len())?;
        for (place, &position) in self.order.iter().enumerate() {
            if place % BATCH == 0 {
                interrupt.check()?;
            }
            let (value, radius) = (self.values[place], radii[position as usize]);
            let guess = self.guide.place(value - radius)..self.guide.place(value + radius);
            f(position as usize, count_within(&self.values, place, radius, ball, guess));
        }
        Ok(())
    }
}

/// The distance from `sorted[place]` to its k-th nearest other value.
///
/// The k nearest others and the point itself are k + 1 values in a row. The run that starts `s` places before the point
/// reaches as far as the farther of its ends; the nearest run is the least of these.
pub(crate) fn kth_distance(sorted: &[f64], place: usize, k: usize) -> f64 {
    let value = sorted[place];
    let first = place.saturating_sub(k);
    let last = place.min(sorted.len() - 1 - k);
    // Farther left, farther right: one end grows as the other shrinks, so the least maximum is where they cross.
    let runs = &sorted[first..=last + k];
    let n_runs = last - first + 1;
    let crossing = partition_point(n_runs, |start| value - runs[start] > runs[start + k] - value);
    let reach = |start: usize| (value - runs[start]).max(runs[start + k] - value);
    let after = if crossing < n_runs { reach(crossing) } else { f64::INFINITY };
    let before = if crossing > 0 { reach(crossing - 1) } else { f64::INFINITY };
    after.min(before)
}

/// The number of other values within `radius` of `sorted[place]`. A good guess of the run makes it fast.
pub(crate) fn count_within(
    sorted: &[f64],
    place: usize,
    radius: f64,
    ball: Ball,
    guess: Range<usize>,
) -> usize {
    let value = sorted[place];
    let start = boundary(place, guess.start, |i| !ball.holds(value - sorted[i], radius));
    let above = &sorted[place + 1..];
    let end =
        boundary(above.len(), guess.end.saturating_sub(place + 1), |i| ball.holds(above[i] - value, radius));
    place - start + end
}

/// About where on a line a value would stand: the line cut into as many equal steps as it has values.
#[derive(Debug, Clone)]
struct Guide {
    lowest: f64,
    steps_per_unit: f64,
    /// The first place of each step.
    places: Vec<u32>,
}

impl Guide {
    fn new(sorted: &[f64]) -> Result<Self, Error> {
        let (Some(&lowest), Some(&highest)) = (sorted.first(), sorted.last()) else {
            return Ok(Self { lowest: 0.0, steps_per_unit: 0.0, places: vec![0] });
        };
        let mut guide = Self {
            lowest,
            steps_per_unit: (sorted.len() as f64 / (highest - lowest)).min(f64::MAX),
            places: memory::with_capacity(sorted.len() + 1)?,
        };
        for (place, &value) in (0..).zip(sorted) {
            while guide.places.len() <= guide.step(value).min(sorted.len()) {
                guide.places.push(place);
            }
        }
        Ok(guide)
    }

    /// A value below the line is on the first step: the cast saturates.
    fn step(&self, value: f64) -> usize {
        ((value - self.lowest) * self.steps_per_unit) as usize
    }

    fn place(&self, value: f64) -> usize {
        self.places[self.step(value).min(self.places.len() - 1)] as usize
    }
}

/// The first of `0..n` where `holds` no longer does, for a predicate that never holds again.
fn partition_point(n: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut start, mut length) = (0, n);
    while length > 0 {
        let half = length / 2;
        let goes_on = holds(start + half);
        start = if goes_on { start + half + 1 } else { start };
        length = if goes_on { length - half - 1 } else { half };
    }
    start
}

/// The same, in time that depends on how far off the guess is: steps that grow, then bisection.
fn boundary(n: usize, guess: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut start, mut end) = (0, n); // It holds below the start and not from the end on.
    let mut step = 1;
    let mut probe = guess.min(n);
    if probe < n && holds(probe) {
        start = probe + 1;
        while start + step <= end {
            probe = start + step - 1;
            if !holds(probe) {
                end = probe;
                break;
            }
            start = probe + 1;
            step *= 2;
        }
    } else {
        end = probe;
        while start + step <= end {
            probe = end - step;
            if holds(probe) {
                start = probe + 1;
                break;
            }
            end = probe;
            step *= 2;
        }
    }
    start + partition_point(end - start, |i| holds(start + i))
}
