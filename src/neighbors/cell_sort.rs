//! Sorting one cell of a line: dealt out to its buckets, then put in order by exchanges of neighbours, or bucket by bucket.

use super::guide::{AHEAD, Cell, bits_between};
use super::line_sort::to_starts;
use crate::lanes::LANES;
use crate::{Error, memory};

/// With this many values in an occupied bucket, values far from uniform, other buckets are tried.
const CROWD: usize = 8;

/// Exchanges of neighbours, before buckets are sorted one by one.
const ROUNDS: usize = 6;

/// What sorting a cell needs, kept for the next one.
#[derive(Default)]
pub(super) struct Scratch<P> {
    values: Vec<f64>,
    partners: Vec<P>,
    buckets: Vec<u32>,
    /// What shares a bucket: the value, its place there, and the partner.
    crowd: Vec<(f64, usize, P)>,
}

impl<P: Copy + Default> Scratch<P> {
    /// Sorts the values of a cell, which begins at `place`, and writes where each of its buckets ends.
    #[inline(always)]
    pub(super) fn sort_cell(
        &mut self,
        place: usize,
        sorted: &mut [f64],
        partners: &mut [P],
        ends: &mut [u32],
    ) -> Result<Cell, Error> {
        let n = sorted.len();
        let (lowest, highest) = if n > 0 { range(sorted) } else { (0.0, 0.0) };
        let mut cell = Cell::new(lowest, highest, place, n, false);
        if lowest >= highest {
            // All the same, and in the first bucket; or none.
            ends.fill((place + n) as u32);
            return Ok(cell);
        }
        let occupied = self.count(sorted, &cell, |value| value - lowest, ends)?;
        if occupied < n / CROWD {
            let in_bits = Cell::new(lowest, highest, place, n, true);
            if self.count(sorted, &in_bits, |value| bits_between(lowest, value), ends)? > 2 * occupied {
                cell = in_bits;
            } else {
                self.count(sorted, &cell, |value| value - lowest, ends)?;
            }
        }
        memory::refill(&mut self.values, sorted.iter().copied())?;
        memory::refill(&mut self.partners, partners.iter().copied())?;
        to_starts(ends, place as u32);
        for ((&value, &partner), &bucket) in self.values.iter().zip(&self.partners).zip(&self.buckets) {
            let end = &mut ends[bucket as usize];
            sorted[*end as usize - place] = value;
            partners[*end as usize - place] = partner;
            *end += 1;
        }
        for _ in 0..ROUNDS {
            if exchange(sorted, partners) {
                return Ok(cell);
            }
        }
        self.sort_buckets(place, sorted, partners, ends)?;
        Ok(cell)
    }

    /// Finds the bucket of each value of a cell, from how far it is from the lowest, and how many values each has. Returns
    /// how many have any.
    #[inline(always)]
    fn count(
        &mut self,
        values: &[f64],
        cell: &Cell,
        offset: impl Fn(f64) -> f64,
        counts: &mut [u32],
    ) -> Result<usize, Error> {
        let (first, per_unit) = (cell.first.to_bits() as u32, cell.buckets_per_unit.abs());
        let bucket = |&value: &f64| cell.bucket_at(offset(value) * per_unit + AHEAD) - first;
        memory::refill(&mut self.buckets, values.iter().map(bucket))?;
        counts.fill(0);
        self.buckets.iter().for_each(|&bucket| counts[bucket as usize] += 1);
        Ok(counts.iter().map(|&count| u32::from(count > 0)).sum::<u32>() as usize)
    }

    fn sort_buckets(
        &mut self,
        place: usize,
        sorted: &mut [f64],
        partners: &mut [P],
        ends: &[u32],
    ) -> Result<(), Error> {
        let mut start = 0;
        for &end in ends {
            let bucket = start..end as usize - place;
            start = bucket.end;
            if bucket.len() > 1 {
                memory::refill(
                    &mut self.crowd,
                    bucket.clone().map(|place| (sorted[place], place, partners[place])),
                )?;
                self.crowd.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                for (place, &(value, _, partner)) in bucket.zip(&self.crowd) {
                    (sorted[place], partners[place]) = (value, partner);
                }
            }
        }
        Ok(())
    }
}

/// The lowest and the highest of some values.
#[inline(always)]
fn range(values: &[f64]) -> (f64, f64) {
    let (packs, rest) = values.as_chunks::<LANES>();
    let (mut lowest, mut highest) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
    for pack in packs {
        for ((&value, low), high) in pack.iter().zip(&mut lowest).zip(&mut highest) {
            *low = if value < *low { value } else { *low };
            *high = if value > *high { value } else { *high };
        }
    }
    let lowest = lowest.iter().chain(rest).copied().fold(f64::INFINITY, f64::min);
    (lowest, highest.iter().chain(rest).copied().fold(f64::NEG_INFINITY, f64::max))
}

/// Puts neighbours in order, twice; whether everything is.
#[inline(always)]
fn exchange<P: Copy + Default>(values: &mut [f64], order: &mut [P]) -> bool {
    for first in 0..2 {
        let pairs = values[first..].as_chunks_mut::<2>().0;
        let positions = order[first..].as_chunks_mut::<2>().0;
        for (pair, positions) in pairs.iter_mut().zip(positions) {
            let ([a, b], [i, j]) = (*pair, *positions);
            (*pair, *positions) = if b < a { ([b, a], [j, i]) } else { ([a, b], [i, j]) };
        }
    }
    values.iter().zip(&values[1..]).fold(true, |sorted, (a, b)| sorted & (a <= b))
}
