//! Few values in order, and few points of the plane: how many points are nearer along each axis than the k-th neighbour.
//!
//! A sample is put in order by counting, for eight values at a time, how many come before each. Eight points that are next
//! to each other along x look for neighbours on both sides, eight candidates at a time, until what follows is too far for
//! all of them; nearer values are counted the same way along either axis. O(n^2) steps at most, each so short that a few
//! hundred points are done before a table or a tree would be set up. What is compared are rounded differences.

use fearless_simd::{f64x8, mask64x8, prelude::*};

use super::nearest::{Few, Nearest};
use super::runs::outside;
use super::{Ball, check_finite};
use crate::lanes::{LANES, in_lanes};
use crate::{Error, memory};

/// How many values there are at most.
const MOST: usize = 400;

/// How many neighbours are looked for at most.
const MOST_NEIGHBORS: usize = 10;

/// Eight values, and infinity where there are no more.
type Pack = [f64; LANES];

/// A sample in ascending order, and the place of each value there.
#[derive(Debug, Clone)]
pub(crate) struct Ranked {
    sorted: Vec<Pack>,
    places: Vec<u16>,
}

impl Ranked {
    /// Whether so many values, and neighbours asked for, are few enough.
    pub(crate) fn suits(n: usize, k: usize) -> bool {
        n <= MOST && k <= MOST_NEIGHBORS
    }

    /// Ranks values, which must be [few enough](Self::suits).
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::OutOfMemory`].
    pub(crate) fn new(values: &[f64]) -> Result<Self, Error> {
        check_finite(values)?;
        let mut packs = memory::filled(values.len().div_ceil(LANES), [f64::INFINITY; LANES])?;
        packs.as_flattened_mut()[..values.len()].copy_from_slice(values);
        let mut places = memory::filled(values.len(), 0)?;
        in_lanes!(simd => rank(simd, &packs, &mut places));
        let mut sorted = memory::filled(packs.len(), [f64::INFINITY; LANES])?;
        scatter(values, &places, &mut sorted);
        Ok(Self { sorted, places })
    }

    /// Whether a value repeats.
    pub(crate) fn has_ties(&self) -> bool {
        let sorted = &self.sorted.as_flattened()[..self.places.len()];
        sorted.iter().zip(sorted.iter().skip(1)).fold(false, |ties, (value, next)| ties | (value == next))
    }

    /// The sample with its values at other positions: at each the one from where `order` says.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn rearranged(&self, order: &[u32]) -> Result<Self, Error> {
        let places = order.iter().map(|&from| self.places[from as usize]);
        Ok(Self { sorted: memory::collect(self.sorted.iter().copied())?, places: memory::collect(places)? })
    }

    /// How many points of the plane are nearer along x, and along y, than the k-th neighbour: a count for each point, the
    /// point itself always among them, in the order of that axis. `ball` says what is nearer and may change the distances.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn counts(
        &self,
        ys: &Self,
        k: usize,
        ball: impl Fn(&mut [f64]) -> Ball,
    ) -> Result<[Vec<u32>; 2], Error> {
        let (n, n_packs) = (self.places.len(), self.sorted.len());
        // In the order of x: the values of y, and their places in the order of y.
        let mut partners = memory::filled(n_packs, [f64::INFINITY; LANES])?;
        let mut places = memory::filled(n, 0)?;
        for (&x, &y) in self.places.iter().zip(&ys.places) {
            partners.as_flattened_mut()[usize::from(x)] = ys.sorted.as_flattened()[usize::from(y)];
            places[usize::from(x)] = y;
        }
        // What the distances must be below to count. Nothing is below 0 where there is no point.
        let mut limits = memory::filled(n_packs, [0.0; LANES])?;
        let mut limits_of_y = memory::filled(n_packs, [0.0; LANES])?;
        Plane { xs: &self.sorted, ys: &partners }.kth_distances(k, &mut limits);
        let (distances, beyond) = limits.as_flattened_mut().split_at_mut(n);
        let ball = ball(distances);
        distances.iter_mut().for_each(|distance| *distance = outside(*distance, ball));
        beyond.fill(0.0);
        scatter(distances, &places, &mut limits_of_y);
        Ok([count(&self.sorted, &limits, n)?, count(&ys.sorted, &limits_of_y, n)?])
    }
}

/// Moves values to their places.
fn scatter(values: &[f64], places: &[u16], to: &mut [Pack]) {
    let to = to.as_flattened_mut();
    values.iter().zip(places).for_each(|(&value, &place)| to[usize::from(place)] = value);
}

/// How many values come before each in ascending order; equal ones as they stand.
#[inline(always)]
fn rank<S: Simd>(simd: S, packs: &[Pack], places: &mut [u16]) {
    let values = &packs.as_flattened()[..places.len()];
    for (index, (pack, places)) in packs.iter().zip(places.chunks_mut(LANES)).enumerate() {
        let own = f64x8::load_array_ref(simd, pack);
        let (before, rest) = values.split_at(index * LANES);
        let (among, after) = rest.split_at(LANES.min(rest.len()));
        let mut ranks = n_before::<S, true>(simd, own, before) + n_before::<S, false>(simd, own, after);
        for (lane, &value) in among.iter().enumerate() {
            let value = f64x8::splat(simd, value);
            let later = mask64x8::from_bitmask(simd, !1 << lane);
            ranks = one_more(ranks, value.simd_lt(own) | (value.simd_eq(own) & later));
        }
        places.iter_mut().zip(ranks.as_array()).for_each(|(place, &rank)| *place = rank as u16);
    }
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
fn one_more<S: Simd>(sum: f64x8<S>, holds: mask64x8<S>) -> f64x8<S> {
    holds.select(sum + 1.0, sum)
}

#[inline(always)]
fn total<S: Simd>([a, b, c, d]: [f64x8<S>; 4]) -> f64x8<S> {
    (a + b) + (c + d)
}

/// Points in the order of x, infinite after the last.
struct Plane<'a> {
    xs: &'a [Pack],
    ys: &'a [Pack],
}

impl Plane<'_> {
    fn kth_distances(&self, k: usize, distances: &mut [Pack]) {
        in_lanes!(simd => match k {
            1 => self.search_all(simd, Few::<_, 1>::new(simd, k), k, distances),
            2..=3 => self.search_all(simd, Few::<_, 3>::new(simd, k), k, distances),
            4..=5 => self.search_all(simd, Few::<_, 5>::new(simd, k), k, distances),
            _ => self.search_all(simd, Few::<_, MOST_NEIGHBORS>::new(simd, k), k, distances),
        });
    }

    #[inline(always)]
    fn search_all<S: Simd>(&self, simd: S, nearest: impl Nearest<S>, k: usize, distances: &mut [Pack]) {
        let nothing = f64x8::splat(simd, 0.0);
        let mut search = Search { simd, plane: self, nearest, x: nothing, y: nothing };
        simd.vectorize(
            #[inline(always)]
            || {
                for (pack, distances) in distances.iter_mut().enumerate() {
                    search.run(pack);
                    *distances = *search.nearest.kth(k).as_array();
                }
            },
        );
    }
}

/// Eight queries.
struct Search<'a, S: Simd, N> {
    simd: S,
    plane: &'a Plane<'a>,
    nearest: N,
    x: f64x8<S>,
    y: f64x8<S>,
}

impl<S: Simd, N: Nearest<S>> Search<'_, S, N> {
    #[inline(always)]
    fn run(&mut self, own: usize) {
        let Plane { xs, ys } = self.plane;
        (self.x, self.y) =
            (f64x8::load_array_ref(self.simd, &xs[own]), f64x8::load_array_ref(self.simd, &ys[own]));
        // Infinity turns into NaN, which reaches nothing: lanes without a point look for none.
        (self.x, self.y) = (self.x + self.x * 0.0, self.y + self.y * 0.0);
        self.nearest.clear();
        self.scan::<true>(own);
        let (mut above, mut below) = (own + 1, own);
        let (mut up, mut down) = (true, true);
        while up || down {
            up = up && above < xs.len() && self.reaches(f64x8::splat(self.simd, xs[above][0]) - self.x);
            if up {
                self.scan::<false>(above);
                above += 1;
            }
            down = down && below > 0 && self.reaches(self.x - xs[below - 1][LANES - 1]);
            if down {
                below -= 1;
                self.scan::<false>(below);
            }
        }
    }

    /// Whether something at these distances would be nearer to some query than its k-th neighbour so far.
    #[inline(always)]
    fn reaches(&self, gap: f64x8<S>) -> bool {
        gap.simd_lt(self.nearest.limit()).any_true()
    }

    /// Offers the points of a pack to the queries, but where these are their own, not to themselves.
    #[inline(always)]
    fn scan<const OWN: bool>(&mut self, pack: usize) {
        let (simd, x, y) = (self.simd, self.x, self.y);
        let (xs, ys) = (&self.plane.xs[pack], &self.plane.ys[pack]);
        let infinite = f64x8::splat(simd, f64::INFINITY);
        self.nearest.offer(
            #[inline(always)]
            |candidate| {
                let distances = (x - xs[candidate]).abs().max((y - ys[candidate]).abs());
                if OWN {
                    mask64x8::from_bitmask(simd, 1 << candidate).select(infinite, distances)
                } else {
                    distances
                }
            },
        );
    }
}

/// For each of `n` values how many are nearer than its limit, itself in any case.
fn count(sorted: &[Pack], limits: &[Pack], n: usize) -> Result<Vec<u32>, Error> {
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
    for above in &sorted[pack + 1..] {
        if !(f64x8::splat(simd, above[0]) - own).simd_lt(limits).any_true() {
            break;
        }
        add(&mut sums, limits, above, |value| f64x8::splat(simd, value) - own);
    }
    for below in sorted[..pack].iter().rev() {
        if !(own - below[LANES - 1]).simd_lt(limits).any_true() {
            break;
        }
        add(&mut sums, limits, below, |value| own - value);
    }
    total(sums).max(1.0).as_array().map(|sum| sum as u32)
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
