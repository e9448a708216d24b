//! How many points are nearer in each part than the k-th neighbour is in all of them, from all pairs in lanes.
//!
//! A tree visits most of its leaves where points have many coordinates, and searches each part again for each `k`. Here the
//! distances of a point to all others are computed once, a tile of queries at a time, and serve every part and every `k`.
//! They are the distances of the definition, so the counts are those of the trees. O(n^2 d) for any data.

use fearless_simd::{f64x8, prelude::*};

use super::{FEW, Norm, Points};
use crate::lanes::{LANES, in_lanes, pack};
use crate::threads::Workers;
use crate::{Error, memory};

/// How many queries are compared with a pack of points that has been loaded.
const TILE: usize = 4;

/// How many candidates for the nearest are kept between two selections, beside as many as are asked for.
const ROOM: usize = 128;

/// For each `k` and each part, for each point the number of points that are strictly nearer in the part than the k-th
/// neighbour is in all parts, itself included.
pub(crate) type Nearer = Vec<Vec<Vec<u32>>>;

/// The counts, or nothing where a tree is faster or the distances are not all finite.
///
/// # Errors
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
pub(crate) fn nearer_in_parts(
    parts: &[&Points],
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Option<Nearer>, Error> {
    let Some(pairs) = Pairs::new(parts, ks)? else { return Ok(None) };
    let each = ks.len() * parts.len();
    let mut found = memory::filled(pairs.n.checked_mul(each).ok_or(Error::OutOfMemory)?, 0)?;
    let begin = || Scratch::new(&pairs);
    let scratches = workers.fill(&mut found, TILE * each, begin, |scratch, tile, counts, interrupt| {
        interrupt.check()?;
        in_lanes!(simd => pairs.count(simd, tile * TILE, scratch, counts));
        Ok(())
    })?;
    if scratches.iter().any(|scratch| scratch.is_too_far) {
        return Ok(None);
    }
    let counts = |k: usize, part: usize| found.iter().skip(k * parts.len() + part).step_by(each).copied();
    let of_parts = |k| (0..parts.len()).map(|part| memory::collect(counts(k, part))).collect();
    (0..ks.len()).map(of_parts).collect::<Result<_, _>>().map(Some)
}

/// What a thread works with: distances of a tile of queries, part by part, and those of one query that are looked at.
struct Scratch {
    rows: Vec<f64>,
    kept: Vec<f64>,
    radii: Vec<f64>,
    /// Whether a neighbour is at no finite distance.
    is_too_far: bool,
}

impl Scratch {
    fn new(pairs: &Pairs<'_>) -> Result<Self, Error> {
        let stride = pairs.n.next_multiple_of(LANES);
        Ok(Self {
            rows: memory::filled(pairs.parts.len() * TILE * stride, 0.0)?,
            kept: memory::filled(stride + pairs.most + ROOM + 2 * LANES, 0.0)?,
            radii: memory::filled(pairs.ks.len(), 0.0)?,
            is_too_far: false,
        })
    }
}

/// The points by column, each as long as a whole number of packs: what fills them up is infinitely far.
struct Pairs<'a> {
    parts: Vec<Vec<Vec<f64>>>,
    norm: Norm,
    ks: &'a [usize],
    most: usize,
    n: usize,
}

impl<'a> Pairs<'a> {
    fn new(parts: &[&Points], ks: &'a [usize]) -> Result<Option<Self>, Error> {
        let (Some(first), Some(&most)) = (parts.first(), ks.iter().max()) else { return Ok(None) };
        let (n, norm) = (first.len(), first.norm());
        let fit = |part: &&Points| part.len() == n && part.norm() == norm && part.periods().is_empty();
        let dimensions: usize = parts.iter().map(|part| part.dimensions()).sum();
        if !parts.iter().all(fit) || ks.contains(&0) || most >= n || !is_worth(n, dimensions, ks) {
            return Ok(None);
        }
        let column = |part: &Points, c: usize| {
            let mut column = memory::filled(n.next_multiple_of(LANES), f64::INFINITY)?;
            column.iter_mut().take(n).enumerate().for_each(|(i, value)| *value = part.point(i)[c]);
            Ok(column)
        };
        let columns = |part: &&Points| (0..part.dimensions()).map(|c| column(part, c)).collect();
        let parts = parts.iter().map(columns).collect::<Result<_, Error>>()?;
        Ok(Some(Self { parts, norm, ks, most, n }))
    }

    /// The counts of a few queries from `start`: query by query, `k` by `k`, part by part.
    #[inline(always)]
    fn count<S: Simd>(&self, simd: S, start: usize, scratch: &mut Scratch, counts: &mut [u32]) {
        let Scratch { rows, kept, radii, is_too_far } = scratch;
        let (stride, n_parts) = (self.n.next_multiple_of(LANES), self.parts.len());
        let queries = [0, 1, 2, 3].map(|query| (start + query).min(self.n - 1));
        for (columns, rows) in self.parts.iter().zip(rows.chunks_exact_mut(TILE * stride)) {
            match self.norm {
                Norm::Max => distances::<S, false>(simd, columns, queries, rows),
                Norm::Euclidean => distances::<S, true>(simd, columns, queries, rows),
            }
            for (row, query) in rows.chunks_exact_mut(stride).zip(queries) {
                row[query] = f64::INFINITY;
            }
        }
        for (query, counts) in counts.chunks_exact_mut(radii.len() * n_parts).enumerate() {
            let rows = &rows[query * stride..];
            let n = self.nearest(simd, rows, kept);
            if n < self.most {
                *is_too_far = true;
                return;
            }
            radii.iter_mut().zip(self.ks).for_each(|(radius, k)| *radius = kept[k - 1]);
            let reach = kept[self.most - 1];
            for part in 0..n_parts {
                let n = keep_below(simd, &rows[part * TILE * stride..][..stride], reach, kept);
                kept[n..n + LANES].fill(f64::INFINITY);
                for (index, &radius) in radii.iter().enumerate() {
                    counts[index * n_parts + part] =
                        1 + below(simd, &kept[..n.next_multiple_of(LANES)], radius);
                }
            }
        }
    }

    /// Moves the smallest distances in all parts to the front of `kept`, in order; returns how many finite ones there are.
    #[inline(always)]
    fn nearest<S: Simd>(&self, simd: S, rows: &[f64], kept: &mut [f64]) -> usize {
        let stride = self.n.next_multiple_of(LANES);
        let (mut n, mut limit) = (0, f64::INFINITY);
        for start in (0..stride).step_by(LANES) {
            let mut largest = f64x8::from_slice(simd, &rows[start..start + LANES]);
            for part in 1..self.parts.len() {
                let row = &rows[part * TILE * stride + start..];
                largest = largest.max(f64x8::from_slice(simd, &row[..LANES]));
            }
            n += pack(simd, largest, largest.simd_lt(limit), &mut kept[n..]);
            if n >= self.most + ROOM {
                limit = *kept[..n].select_nth_unstable_by(self.most - 1, f64::total_cmp).1;
                n = self.most;
            }
        }
        if n > self.most {
            kept[..n].select_nth_unstable_by(self.most - 1, f64::total_cmp);
            n = self.most;
        }
        kept[..n].sort_unstable_by(f64::total_cmp);
        n
    }
}

/// Whether all pairs take less time than trees: these visit more leaves the more coordinates there are, and count anew for
/// each `k`. Measured, for points that are normal.
fn is_worth(n: usize, dimensions: usize, ks: &[usize]) -> bool {
    let most = match (dimensions, ks.len()) {
        (0..=7, _) | (8..=15, 0..=3) => 0,
        (8 | 9, _) => 1 << 13,
        (10..=15, _) => 1 << 14,
        _ => 1 << 16,
    };
    (FEW + 1..=most).contains(&n)
}

/// The distances of a few points to all, row by row.
#[inline(always)]
fn distances<S: Simd, const SQUARED: bool>(
    simd: S,
    columns: &[Vec<f64>],
    queries: [usize; TILE],
    rows: &mut [f64],
) {
    let stride = rows.len() / TILE;
    for start in (0..stride).step_by(LANES) {
        let mut found = [f64x8::splat(simd, 0.0); TILE];
        for column in columns {
            let values = f64x8::from_slice(simd, &column[start..start + LANES]);
            for (found, query) in found.iter_mut().zip(queries) {
                let difference = values - column[query];
                *found = if SQUARED { *found + difference * difference } else { found.max(difference.abs()) };
            }
        }
        for (query, found) in found.iter().enumerate() {
            found.store_slice(&mut rows[query * stride + start..][..LANES]);
        }
    }
}

/// Moves what is below `reach` to the front of `kept`; returns how many that are.
#[inline(always)]
fn keep_below<S: Simd>(simd: S, row: &[f64], reach: f64, kept: &mut [f64]) -> usize {
    let mut n = 0;
    for values in row.chunks_exact(LANES) {
        let values = f64x8::from_slice(simd, values);
        n += pack(simd, values, values.simd_lt(reach), &mut kept[n..]);
    }
    n
}

/// How many of a whole number of packs are below `radius`.
#[inline(always)]
fn below<S: Simd>(simd: S, values: &[f64], radius: f64) -> u32 {
    let (none, one) = (f64x8::splat(simd, 0.0), f64x8::splat(simd, 1.0));
    let mut counts = none;
    for values in values.chunks_exact(LANES) {
        counts += f64x8::from_slice(simd, values).simd_lt(radius).select(one, none);
    }
    counts.as_array().iter().sum::<f64>() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Instructions;
    use crate::neighbors::brute_force;

    /// With ties where `levels` are few.
    fn part(n: usize, dimensions: usize, factor: u64, levels: u64) -> Points {
        let value = |i: u64| (i.wrapping_mul(i).wrapping_mul(factor) + i) % 10_007 % levels;
        let rows: Vec<f64> = (0..(n * dimensions) as u64).map(|i| value(i) as f64).collect();
        Points::from_rows(&rows, dimensions).expect("finite")
    }

    #[test]
    fn counts_of_brute_force() {
        let ks = [4, 1, 16, 9];
        for (n, levels) in [(17, 10_007), (40, 3), (200, 10_007), (203, 20), (203, 1)] {
            for norm in [Norm::Max, Norm::Euclidean] {
                let parts =
                    [part(n, 7, 31, levels), part(n, 12, 57, levels)].map(|part| part.with_norm(norm));
                let joint = Points::joint(&[&parts[0], &parts[1]]).expect("as long");
                let radii = brute_force::kth_distances_for(&joint, &ks).expect("enough");
                let strictly = |part: &Points, radii: &[f64]| -> Vec<u32> {
                    let counts = brute_force::counts_within(part, radii, crate::Ball::Open).expect("finite");
                    counts.iter().map(|count| count + 1).collect()
                };
                let expected: Nearer = radii
                    .iter()
                    .map(|radii| parts.iter().map(|part| strictly(part, radii)).collect())
                    .collect();
                for instructions in Instructions::available() {
                    instructions.force();
                    let found =
                        nearer_in_parts(&[&parts[0], &parts[1]], &ks, Workers::new(2)).expect("memory");
                    assert_eq!(found, Some(expected.clone()), "{n} {levels} {norm:?} {instructions:?}");
                }
            }
        }
    }

    #[test]
    fn left_to_others() {
        let (x, y) = (part(40, 8, 31, 99), part(40, 8, 57, 99));
        let by =
            |parts: &[&Points], ks: &[usize]| nearer_in_parts(parts, ks, Workers::new(1)).expect("memory");
        assert!(by(&[&x, &y], &[3]).is_some());
        assert!(by(&[&x, &y], &[40]).is_none());
        assert!(by(&[&x, &y], &[0, 3]).is_none());
        assert!(by(&[], &[3]).is_none());
        assert!(by(&[&x, &part(41, 8, 57, 99)], &[3]).is_none());
        assert!(by(&[&x, &y.clone().with_norm(Norm::Euclidean)], &[3]).is_none());
        let far: Vec<f64> = (0..320).map(|i| f64::from(i) * 1e300).collect();
        let far = Points::from_rows(&far, 8).expect("finite").with_norm(Norm::Euclidean);
        assert!(by(&[&far, &far], &[3]).is_none());
        let plane = part(40, 2, 31, 99);
        assert!(by(&[&plane, &plane], &[1, 2, 3, 4]).is_none());
    }
}
