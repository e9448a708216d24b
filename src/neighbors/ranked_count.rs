//! Few values in ascending order: how many are nearer to each than some limit.
//!
//! Eight values that are next to each other look at those on both sides, eight at a time, until what follows is too far for
//! all but one of them; where that one's run ends is found by bisection.

use fearless_simd::{f64x8, prelude::*};

use super::guide::{ROUNDER, low_bits};
use super::ranked::{Pack, one_more, total};
use crate::lanes::{LANES, in_lanes};
use crate::{Error, memory};

/// For each of `n` values how many are nearer than its limit, itself in any case.
pub(super) fn count(sorted: &[Pack], limits: &[Pack], n: usize) -> Result<Vec<u32>, Error> {
    let mut counts = memory::filled(sorted.len() * LANES, 0)?;
    in_lanes!(simd => for (pack, (counts, limits)) in counts.as_chunks_mut().0.iter_mut().zip(limits).enumerate() {
        *counts = count_around(simd, sorted, pack, f64x8::load_array_ref(simd, limits));
    });
    counts.truncate(n);
    Ok(counts)
}

#[inline(always)]
fn count_around<S: Simd>(simd: S, sorted: &[Pack], pack: usize, limits: f64x8<S>) -> [u32; LANES] {
    let own = f64x8::load_array_ref(simd, &sorted[pack]);
    let mut sums = [f64x8::splat(simd, 0.0); 4];
    add(&mut sums, limits, &sorted[pack], |value| (own - value).abs());
    let (mut above, mut below) = (pack + 1, pack);
    let mut up = reaching_up(sorted, above, own, limits);
    while up.count_ones() > 1 {
        add(&mut sums, limits, &sorted[above], |value| f64x8::splat(simd, value) - own);
        above += 1;
        up = reaching_up(sorted, above, own, limits);
    }
    let mut down = reaching_down(sorted, below, own, limits);
    while down.count_ones() > 1 {
        below -= 1;
        add(&mut sums, limits, &sorted[below], |value| own - value);
        down = reaching_down(sorted, below, own, limits);
    }
    let mut counts = low_bits(total(sums).max(1.0) + ROUNDER);
    let (own, limits) = (own.as_array(), limits.as_array());
    if up != 0 {
        let lane = up.trailing_zeros() as usize % LANES;
        let rest = sorted[above..].as_flattened();
        counts[lane] += rest.partition_point(|value| value - own[lane] < limits[lane]) as u32;
    }
    if down != 0 {
        let lane = down.trailing_zeros() as usize % LANES;
        let rest = sorted[..below].as_flattened();
        counts[lane] +=
            (below * LANES - rest.partition_point(|value| own[lane] - value >= limits[lane])) as u32;
    }
    counts
}

/// Adds which of eight values are nearer than the limits.
#[inline(always)]
fn add<S: Simd>(
    sums: &mut [f64x8<S>; 4],
    limits: f64x8<S>,
    values: &Pack,
    distances: impl Fn(f64) -> f64x8<S>,
) {
    for (index, &value) in values.iter().enumerate() {
        sums[index % 4] = one_more(sums[index % 4], distances(value).simd_lt(limits));
    }
}

/// Which of eight values something in this pack or the next ones could be nearer to than their limits, bit by bit.
#[inline(always)]
pub(super) fn reaching_up<S: Simd>(sorted: &[Pack], pack: usize, own: f64x8<S>, limits: f64x8<S>) -> u64 {
    let Some(next) = sorted.get(pack) else { return 0 };
    (f64x8::splat(own.simd, next[0]) - own).simd_lt(limits).to_bitmask()
}

/// The same before this pack.
#[inline(always)]
pub(super) fn reaching_down<S: Simd>(sorted: &[Pack], pack: usize, own: f64x8<S>, limits: f64x8<S>) -> u64 {
    if pack == 0 {
        return 0;
    }
    (own - sorted[pack - 1][LANES - 1]).simd_lt(limits).to_bitmask()
}
