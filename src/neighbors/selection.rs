//! The value of a given rank, without sorting (Floyd and Rivest 1975).
//!
//! A sample brackets the rank; one pass in lanes counts what lies below the bracket and keeps what lies inside, a fraction
//! of the values; and so on until few are left, whose ranks are counted outright. Where the sample misled or ties are
//! many, the introspective selection of the standard library takes over: linear for any values.

use fearless_simd::{f64x8, mask64x8, prelude::*};

use crate::lanes::{LANES, pack};

/// Up to here ranks are counted outright, each value against every other.
const FEW: usize = 64;

/// The largest sample.
const SAMPLE: usize = 64;

/// The value that has `rank` smaller ones before it when sorted. `scratch` has room for the values and eight more.
#[inline(always)]
pub(super) fn select<S: Simd>(simd: S, values: &[f64], rank: usize, scratch: &mut [f64]) -> f64 {
    if values.len() <= FEW {
        return Ranks::new(simd, values.iter().copied()).value(rank);
    }
    scratch[..values.len()].copy_from_slice(values);
    let (mut n, mut wanted) = (values.len(), rank);
    while n > FEW {
        let (low, high) = bracket(simd, &scratch[..n], wanted);
        let (below, inside) = keep_between(simd, &mut scratch[..n + LANES], low, high);
        let found = (below..below + inside).contains(&wanted);
        if found && low == high {
            return low;
        }
        if !found || inside > n - n / 4 {
            scratch[..values.len()].copy_from_slice(values);
            return *scratch[..values.len()].select_nth_unstable_by(rank, f64::total_cmp).1;
        }
        (n, wanted) = (inside, wanted - below);
    }
    Ranks::new(simd, scratch[..n].iter().copied()).value(wanted)
}

/// Two values between which the wanted one very likely lies.
#[inline(always)]
fn bracket<S: Simd>(simd: S, values: &[f64], wanted: usize) -> (f64, f64) {
    let size = (values.len() / 16).clamp(16, SAMPLE);
    let step = values.len() / size;
    let sample = Ranks::new(simd, values.iter().step_by(step).take(size).copied());
    // Two standard deviations of a rank in the sample.
    let margin = if size < 32 { 4 } else { 8 };
    let rank = wanted * size / values.len();
    let low = if rank < margin { f64::NEG_INFINITY } else { sample.value(rank - margin) };
    let high = if rank + margin >= size { f64::INFINITY } else { sample.value(rank + margin) };
    (low, high)
}

/// Moves the values from `low` to `high` to the front; returns how many are below and how many those are. The last eight
/// places are room to write in.
#[inline(always)]
fn keep_between<S: Simd>(simd: S, values: &mut [f64], low: f64, high: f64) -> (usize, usize) {
    let n = values.len() - LANES;
    let (mut below, mut kept) = (0, 0);
    for start in (0..n).step_by(LANES) {
        let numbers = f64x8::from_slice(simd, &values[start..start + LANES]);
        let valid = mask64x8::from_bitmask(simd, u64::MAX >> (u64::BITS - (n - start).min(LANES) as u32));
        let under = numbers.simd_lt(low) & valid;
        let inside = numbers.simd_le(high) & valid & !under;
        below += under.to_bitmask().count_ones() as usize;
        kept += pack(simd, numbers, inside, &mut values[kept..]);
    }
    (below, kept)
}

/// A few values, each with how many others are smaller.
struct Ranks<S: Simd> {
    n_packs: usize,
    values: [f64x8<S>; FEW / LANES],
    smaller: [f64x8<S>; FEW / LANES],
}

impl<S: Simd> Ranks<S> {
    #[inline(always)]
    fn new(simd: S, values: impl Iterator<Item = f64>) -> Self {
        let mut padded = [f64::INFINITY; FEW];
        let mut n = 0usize;
        for (place, value) in padded.iter_mut().zip(values) {
            *place = value;
            n += 1;
        }
        let n_packs = n.div_ceil(LANES);
        let (zero, one) = (f64x8::splat(simd, 0.0), f64x8::splat(simd, 1.0));
        let mut ranks = Self { n_packs, values: [zero; FEW / LANES], smaller: [zero; FEW / LANES] };
        for pack in 0..n_packs {
            let values = f64x8::from_slice(simd, &padded[pack * LANES..][..LANES]);
            let mut smaller = [zero; 4];
            for others in padded[..n_packs * LANES].chunks_exact(4) {
                for (smaller, &other) in smaller.iter_mut().zip(others) {
                    *smaller += f64x8::splat(simd, other).simd_lt(values).select(one, zero);
                }
            }
            ranks.values[pack] = values;
            ranks.smaller[pack] = (smaller[0] + smaller[1]) + (smaller[2] + smaller[3]);
        }
        ranks
    }

    /// The largest value with no more than `rank` smaller ones.
    #[inline(always)]
    fn value(&self, rank: usize) -> f64 {
        let simd = self.values[0].simd;
        let lowest = f64x8::splat(simd, f64::NEG_INFINITY);
        let mut largest = lowest;
        for (&values, smaller) in self.values.iter().zip(&self.smaller).take(self.n_packs) {
            largest = largest.max(smaller.simd_le(rank as f64).select(values, lowest));
        }
        largest.reduce_max()
    }
}
