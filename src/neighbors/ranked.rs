//! Few values in ascending order, by counting how many come before each: eight values at a time, O(n^2) steps that are so
//! short that hundreds of values are in order before a table would be set up.

use fearless_simd::{f64x8, mask64x8, prelude::*};

use super::check_finite;
use super::guide::{ROUNDER, low_bits};
use super::line_sort::to_starts;
use crate::lanes::{Instructions, LANES, in_lanes};
use crate::{Error, memory};

/// How many values there are at most; and where one instruction compares eight, for up to so many neighbours.
const MOST_ANYWHERE: usize = 1 << 9;
const MOST: usize = 1 << 10;
const FEW_NEIGHBORS: usize = 5;

/// Fewer values are ranked at once, others in parts of the line of about so many.
const FEW: usize = 128;
const PART: usize = 32;
const MOST_PARTS: usize = MOST / PART;

/// How many neighbours are looked for at most.
pub(super) const MOST_NEIGHBORS: usize = 10;

/// Eight values, and infinity where there are no more.
pub(super) type Pack = [f64; LANES];

/// A sample in ascending order, and the place of each value there.
#[derive(Debug, Clone)]
pub(crate) struct Ranked {
    pub(super) sorted: Vec<Pack>,
    pub(super) places: Vec<u16>,
    n_ties: usize,
}

impl Ranked {
    /// Whether so many values, and neighbours asked for, are few enough.
    pub(crate) fn suits(n: usize, k: usize) -> bool {
        let is_wide = k <= FEW_NEIGHBORS && Instructions::current() == Instructions::Avx512;
        k <= MOST_NEIGHBORS && n <= if is_wide { MOST } else { MOST_ANYWHERE }
    }

    /// Ranks values, which must be [few enough](Self::suits).
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::OutOfMemory`].
    pub(crate) fn new(values: &[f64]) -> Result<Self, Error> {
        check_finite(values)?;
        let mut places = memory::filled(values.len(), 0)?;
        in_lanes!(simd => if values.len() < FEW {
            rank(simd, values, &mut places);
        } else {
            rank_in_parts(simd, values, &mut places);
        });
        let mut sorted = memory::filled(values.len().div_ceil(LANES), [f64::INFINITY; LANES])?;
        scatter(values, &places, &mut sorted);
        let values = &sorted.as_flattened()[..values.len()];
        let n_ties = values.iter().zip(values.iter().skip(1)).filter(|(value, next)| value == next).count();
        Ok(Self { sorted, places, n_ties })
    }

    /// How many values equal the one before them.
    pub(crate) fn n_ties(&self) -> usize {
        self.n_ties
    }

    /// How far neighbours are, about: the middle half of the values spreads as far, less where values repeat.
    pub(super) fn breadth(&self) -> f64 {
        let (n, sorted) = (self.places.len(), self.sorted.as_flattened());
        (sorted[n - 1 - n / 4] - sorted[n / 4]) * (n - self.n_ties) as f64
    }

    /// The sample with its values at other positions: at each the one from where `order` says.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn rearranged(&self, order: &[u32]) -> Result<Self, Error> {
        let places = order.iter().map(|&from| self.places[from as usize]);
        Ok(Self {
            sorted: memory::collect(self.sorted.iter().copied())?,
            places: memory::collect(places)?,
            n_ties: self.n_ties,
        })
    }
}

/// Moves values to their places.
pub(super) fn scatter(values: &[f64], places: &[u16], to: &mut [Pack]) {
    let to = to.as_flattened_mut();
    values.iter().zip(places).for_each(|(&value, &place)| to[usize::from(place)] = value);
}

/// The same as [`rank`], a few values at a time: they are dealt out to parts of the line first.
#[inline(always)]
fn rank_in_parts<S: Simd>(simd: S, values: &[f64], places: &mut [u16]) {
    let n_parts = values.len() / PART;
    // Every other value of a sample begins a part.
    let (mut sample, mut order) = ([0.0; 2 * MOST_PARTS], [0; 2 * MOST_PARTS]);
    let (sample, order) = (&mut sample[..2 * n_parts - 1], &mut order[..2 * n_parts - 1]);
    let few = values.iter().step_by(values.len() / sample.len());
    sample.iter_mut().zip(few).for_each(|(sample, &value)| *sample = value);
    rank(simd, sample, order);
    let mut begins = [0.0; MOST_PARTS];
    for (&value, &order) in sample.iter().zip(&*order).filter(|&(_, &order)| order % 2 == 1) {
        begins[usize::from(order / 2)] = value;
    }
    let (mut part_of, mut ends) = ([0; MOST], [0; MOST_PARTS]);
    for (values, part_of) in values.chunks(LANES).zip(part_of.chunks_mut(LANES)) {
        let parts = n_before::<S, true>(simd, pack(simd, values), &begins[..n_parts - 1]);
        for (part_of, part) in part_of[..values.len()].iter_mut().zip(low_bits(parts + ROUNDER)) {
            *part_of = part as u16;
            ends[part as usize] += 1;
        }
    }
    to_starts(&mut ends, 0);
    let (mut dealt, mut from, mut ranks) = ([0.0; MOST], [0u16; MOST], [0; MOST]);
    for ((position, &value), part) in (0..).zip(values).zip(part_of) {
        let end = &mut ends[usize::from(part)];
        (dealt[*end as usize], from[*end as usize]) = (value, position);
        *end += 1;
    }
    let mut start = 0;
    for &end in &ends[..n_parts] {
        let part = start..end as usize;
        rank(simd, &dealt[part.clone()], &mut ranks[part.clone()]);
        for (&position, rank) in from[part.clone()].iter().zip(&ranks[part]) {
            places[usize::from(position)] = start as u16 + rank;
        }
        start = end as usize;
    }
}

/// How many values come before each in ascending order; equal ones as they stand.
#[inline(always)]
fn rank<S: Simd>(simd: S, values: &[f64], places: &mut [u16]) {
    for (index, (eight, places)) in values.chunks(LANES).zip(places.chunks_mut(LANES)).enumerate() {
        let own = pack(simd, eight);
        let (before, rest) = values.split_at(index * LANES);
        let after = &rest[eight.len()..];
        let mut ranks = n_before::<S, true>(simd, own, before) + n_before::<S, false>(simd, own, after);
        for (lane, &value) in eight.iter().enumerate() {
            let value = f64x8::splat(simd, value);
            let later = mask64x8::from_bitmask(simd, !1 << lane);
            ranks = one_more(ranks, value.simd_lt(own) | (value.simd_eq(own) & later));
        }
        places.iter_mut().zip(low_bits(ranks + ROUNDER)).for_each(|(place, rank)| *place = rank as u16);
    }
}

/// Up to eight values, and infinity after them.
#[inline(always)]
fn pack<S: Simd>(simd: S, values: &[f64]) -> f64x8<S> {
    if values.len() == LANES {
        return f64x8::from_slice(simd, values);
    }
    f64x8::from_fn(simd, |lane| values.get(lane).copied().unwrap_or(f64::INFINITY))
}

/// How many values are less than each of eight, or equal, if those come before as well.
#[inline(always)]
fn n_before<S: Simd, const EQUAL: bool>(simd: S, own: f64x8<S>, values: &[f64]) -> f64x8<S> {
    // Four sums do not wait for each other.
    let mut sums = [f64x8::splat(simd, 0.0); 4];
    let (fours, rest) = values.as_chunks::<4>();
    for four in fours {
        for (sum, &value) in sums.iter_mut().zip(four) {
            *sum = one_more(*sum, is_before::<S, EQUAL>(f64x8::splat(simd, value), own));
        }
    }
    for &value in rest {
        sums[0] = one_more(sums[0], is_before::<S, EQUAL>(f64x8::splat(simd, value), own));
    }
    total(sums)
}

#[inline(always)]
fn is_before<S: Simd, const EQUAL: bool>(value: f64x8<S>, own: f64x8<S>) -> mask64x8<S> {
    if EQUAL { value.simd_le(own) } else { value.simd_lt(own) }
}

#[inline(always)]
pub(super) fn one_more<S: Simd>(sum: f64x8<S>, holds: mask64x8<S>) -> f64x8<S> {
    holds.select(sum + 1.0, sum)
}

#[inline(always)]
pub(super) fn total<S: Simd>([a, b, c, d]: [f64x8<S>; 4]) -> f64x8<S> {
    (a + b) + (c + d)
}
