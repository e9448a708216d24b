//! How many points of the plane lie in a rectangle, by ranks.
//!
//! The points within a distance along one coordinate are a run of its sorted line. In the plane, with the largest
//! difference as the distance, they are those in both runs: a rectangle of ranks. In ranks any points are spread evenly along
//! both sides, so a coarse grid of cumulative counts knows the rectangle that ends at its nearest edges, and what lies
//! between those and the true ends are four slabs, scanned 64 ranks at a time. Counts have 16 bits, so that
//! the grid may be finer: that tells rectangles of fewer rows than 2^16, and a larger one is cut into such.
//!
//! O(sqrt(n)) for each rectangle, with a small factor, whatever the points and however large the rectangle.

use std::ops::Range;

use fearless_simd::{prelude::*, u32x16};

use super::Line;
use crate::lanes::in_lanes;
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// Ranks in a pack, and ranks compared at a time.
const WIDE: usize = 16;
const CHUNK: usize = u64::BITS as usize;

/// Rows that are counted at a time: as many points are told by 16 bits.
const MOST_ROWS: u32 = u16::MAX as u32;

/// How many rectangles are counted between two questions whether to go on.
const BATCH: usize = 1 << 12;

/// Where a run of a line begins and ends.
pub(crate) type Run = [u32; 2];

/// The points of a plane as pairs of ranks.
pub(crate) struct RankPlane {
    n: usize,
    /// By rank on the first line, the ranks on the second, and the reverse; then as many as are compared at a time.
    columns: Vec<u32>,
    rows: Vec<u32>,
    /// Ranks between two edges of the grid, as a power of two.
    shift: u32,
    /// How many points have a rank below each row edge and one below each column edge, modulo 2^16.
    below: Vec<u16>,
    /// How many column edges.
    width: usize,
}

impl RankPlane {
    /// The plane of two lines of the same points.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub(crate) fn new(first: &Line, second: &Line, interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        let n = first.order().len();
        let mut rank = memory::filled(n, 0)?;
        let mut ranks_along = |along: &Line, of: &Line| {
            (0..).zip(of.order()).for_each(|(place, &position)| rank[position as usize] = place);
            let mut ranks = memory::with_capacity(n + CHUNK)?;
            ranks.extend(along.order().iter().map(|&position| rank[position as usize]));
            ranks.resize(n + CHUNK, 0);
            interrupt.check()?;
            Ok(ranks)
        };
        let (columns, rows) = (ranks_along(first, second)?, ranks_along(second, first)?);
        let shift = (n.isqrt() * 2 / 5).next_power_of_two().max(CHUNK).trailing_zeros();
        let width = n.div_ceil(1 << shift) + 1;
        let mut below = memory::with_capacity(width * width)?;
        below.resize(width, 0);
        let mut so_far = memory::filled(width, 0u16)?;
        for ranks in columns[..n].chunks(1 << shift) {
            interrupt.check()?;
            for &rank in ranks {
                let n = &mut so_far[(rank >> shift) as usize];
                *n = n.wrapping_add(1);
            }
            let mut sum = 0u16;
            below.extend(so_far.iter().map(|&n| {
                sum = sum.wrapping_add(n);
                sum.wrapping_sub(n)
            }));
        }
        Ok(Self { n, columns, rows, shift, below, width })
    }

    /// How many points are in both of two runs, one of each line, for each pair. Fast where pairs in turn are about the
    /// same part of the plane.
    pub(crate) fn counts(
        &self,
        first: &[Run],
        second: &[Run],
        workers: Workers<'_>,
    ) -> Result<Vec<u32>, Error> {
        let mut counts = memory::filled(first.len(), 0)?;
        let begin = || Ok(());
        workers.fill(&mut counts, BATCH, begin, |(), task, counts, interrupt| {
            interrupt.check()?;
            let pairs = task * BATCH..task * BATCH + counts.len();
            in_lanes!(simd => {
                for ((count, &first), &second) in counts.iter_mut().zip(&first[pairs.clone()]).zip(&second[pairs]) {
                    *count = self.count(simd, first, second);
                }
            });
            Ok(())
        })?;
        Ok(counts)
    }

    /// How many points are in both runs.
    #[inline(always)]
    fn count<S: Simd>(&self, simd: S, [top, bottom]: Run, second: Run) -> u32 {
        if top >= bottom || second[0] >= second[1] {
            return 0;
        }
        if bottom - top <= MOST_ROWS {
            return self.count_some(simd, [top, bottom], second);
        }
        let tops = (top..bottom).step_by(MOST_ROWS as usize);
        tops.map(|top| self.count_some(simd, [top, bottom.min(top + MOST_ROWS)], second)).sum()
    }

    /// The same of no more than [`MOST_ROWS`].
    #[inline(always)]
    fn count_some<S: Simd>(&self, simd: S, [top, bottom]: Run, [left, right]: Run) -> u32 {
        let [upper, lower, near, far] = [top, bottom, left, right].map(|rank| self.edge(rank));
        let whole = |row: usize| {
            let below = &self.below[row * self.width..];
            below[far].wrapping_sub(below[near])
        };
        let [from, to] = [near, far].map(|edge| self.rank(edge));
        let rows = |start, end| between(simd, &self.columns, start, end, from..to);
        let columns = |start, end| between(simd, &self.rows, start, end, top..bottom);
        let added = [
            rows(self.rank(lower), bottom),
            rows(top, self.rank(upper)),
            columns(to, right),
            columns(left, from),
        ];
        let whole = u32::from(whole(lower).wrapping_sub(whole(upper)));
        added.into_iter().fold(whole, u32::wrapping_add) & MOST_ROWS
    }

    /// The edge nearest to a rank.
    #[inline(always)]
    fn edge(&self, rank: u32) -> usize {
        (rank as usize + (1 << self.shift >> 1)) >> self.shift
    }

    /// The rank that an edge stands at.
    #[inline(always)]
    fn rank(&self, edge: usize) -> u32 {
        (edge << self.shift).min(self.n) as u32
    }
}

/// How many of `ranks[start..end]` are in a run, or how many of `ranks[end..start]`, negative modulo 2^32.
#[inline(always)]
fn between<S: Simd>(simd: S, ranks: &[u32], start: u32, end: u32, run: Range<u32>) -> u32 {
    let (first, last) = (start.min(end) as usize, start.max(end) as usize);
    let (offset, length) = (u32x16::splat(simd, run.start), u32x16::splat(simd, run.end - run.start));
    let mut count = 0;
    for place in (first..last).step_by(CHUNK) {
        let mut inside = 0;
        for (part, ranks) in ranks[place..place + CHUNK].as_chunks::<WIDE>().0.iter().enumerate() {
            let ranks = u32x16::load_array_ref(simd, ranks);
            inside |= (ranks - offset).simd_lt(length).to_bitmask() << (part * WIDE);
        }
        count += (inside & u64::MAX >> (CHUNK - (last - place).min(CHUNK))).count_ones();
    }
    if start <= end { count } else { count.wrapping_neg() }
}
