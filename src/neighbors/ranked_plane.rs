//! Few points of the plane: how many are nearer along each axis than the k-th neighbour, without a table or a tree.
//!
//! Eight points that are next to each other along x look for neighbours on both sides, eight candidates at a time, until
//! what follows is too far for all but a few of them; those go on by themselves, for such points are far from all others
//! as a rule. O(n^2) steps at most. What is compared are rounded differences, as in all searches.

use fearless_simd::{f64x8, mask64x8, prelude::*};

use super::Ball;
use super::nearest::{Few, Nearest};
use super::ranked::{MOST_NEIGHBORS, Pack, Ranked, scatter};
use super::ranked_count::{count, reaching_down, reaching_up};
use super::runs::outside;
use crate::lanes::{LANES, in_lanes};
use crate::{Error, memory};

/// At most so many of eight queries go on by themselves.
const MOST_ALONE: u32 = 2;

impl Ranked {
    /// How many points of the plane are nearer along x, and along y, than the k-th neighbour: a count for each point, the
    /// point itself always among them, in the order of that axis. `ball` says what is nearer and may change the distances.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn counts(
        &self,
        ys: &Self,
        k: usize,
        ball: &dyn Fn(&mut [f64]) -> Ball,
    ) -> Result<[Vec<u32>; 2], Error> {
        // Neighbours are looked for along the axis where points are farther from each other.
        if self.breadth() < ys.breadth() {
            let [of_y, of_x] = ys.counts(self, k, ball)?;
            return Ok([of_x, of_y]);
        }
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
        let mut alone = loop {
            let up = self.up(above);
            if up.count_ones() > MOST_ALONE {
                self.scan::<false>(above);
                above += 1;
            }
            let down = self.down(below);
            if down.count_ones() > MOST_ALONE {
                below -= 1;
                self.scan::<false>(below);
            } else if up.count_ones() <= MOST_ALONE {
                break up | down;
            }
        };
        while alone != 0 {
            self.finish(alone.trailing_zeros() as usize % LANES, above, below);
            alone &= alone - 1;
        }
    }

    /// The queries to which a point of this pack or the next ones could be nearer than their k-th neighbours so far.
    #[inline(always)]
    fn up(&self, pack: usize) -> u64 {
        reaching_up(self.plane.xs, pack, self.x, self.nearest.limit())
    }

    /// The same before this pack.
    #[inline(always)]
    fn down(&self, pack: usize) -> u64 {
        reaching_down(self.plane.xs, pack, self.x, self.nearest.limit())
    }

    /// Goes on for one query alone.
    #[inline(always)]
    fn finish(&mut self, lane: usize, mut above: usize, mut below: usize) {
        while self.up(above) >> lane & 1 == 1 {
            self.scan_for(lane, above);
            above += 1;
        }
        while self.down(below) >> lane & 1 == 1 {
            below -= 1;
            self.scan_for(lane, below);
        }
    }

    /// Offers one query those points of a pack that are nearer than its k-th neighbour so far.
    #[inline(always)]
    fn scan_for(&mut self, lane: usize, pack: usize) {
        let simd = self.simd;
        let (xs, ys) = (&self.plane.xs[pack], &self.plane.ys[pack]);
        let across = f64x8::load_array_ref(simd, xs) - self.x.as_array()[lane];
        let along = f64x8::load_array_ref(simd, ys) - self.y.as_array()[lane];
        let distances = across.abs().max(along.abs());
        let nearer = distances.simd_lt(self.nearest.limit().as_array()[lane]).to_bitmask();
        let query = mask64x8::from_bitmask(simd, 1 << lane);
        let infinite = f64x8::splat(simd, f64::INFINITY);
        self.nearest.offer_those(
            nearer,
            #[inline(always)]
            |candidate| query.select(f64x8::splat(simd, distances.as_array()[candidate]), infinite),
        );
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
