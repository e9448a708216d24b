//! A column of ranks, ready to say which points lie in an interval of it.
//!
//! Row `p` of a range-encoded bitmap index (Chan and Ioannidis 1998) marks the first `p` points in the order of the
//! column, one bit a point. The points of an interval are the difference of two rows, and those of a box the common bits
//! of a few such differences, 512 points an instruction. No more than about a thousand rows are stored, 128 bytes a
//! point; the bits between a row and the nearest stored one are flipped one by one.

use std::ops::Range;

use fearless_simd::{prelude::*, u64x8};

use crate::threads::Interrupt;
use crate::{Error, memory};

/// Bits in a block.
pub(super) const BLOCK: usize = 512;

/// Most rows stored, but for the first and the last.
const ROWS: usize = 1 << 10;

/// Rows built between two questions whether to go on.
const BATCH: usize = 1 << 6;

/// 512 points, one bit each, on one cache line.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Block(pub(super) [u64; 8]);

impl Block {
    pub(super) const EMPTY: Self = Self([0; 8]);

    #[inline(always)]
    pub(super) fn load<S: Simd>(&self, simd: S) -> u64x8<S> {
        u64x8::load_array_ref(simd, &self.0)
    }

    /// Marks the first `end` points of a block.
    #[inline(always)]
    pub(super) fn first<S: Simd>(simd: S, end: usize) -> u64x8<S> {
        let word = u64x8::splat(simd, end as u64 / 64);
        let words = u64x8::load_array(simd, [0, 1, 2, 3, 4, 5, 6, 7]);
        let part = u64x8::splat(simd, (1 << (end % 64)) - 1);
        let part = words.simd_eq(word).select(part, u64x8::splat(simd, 0));
        words.simd_lt(word).select(u64x8::splat(simd, u64::MAX), part)
    }

    #[inline(always)]
    fn flip(blocks: &mut [Self], point: u32) {
        let point = point as usize;
        blocks[point / BLOCK].0[point % BLOCK / 64] ^= 1 << (point % 64);
    }
}

/// A column of ranks. A point's place is where it comes in the order of the column.
pub(super) struct RankAxis {
    /// The rank of each point.
    ranks: Vec<u32>,
    /// Whether the ranks are 0, 2, 4 and so on.
    untied: bool,
    /// The rank at each place; empty where ranks are untied.
    sorted: Vec<u32>,
    /// The point at each place.
    order: Vec<u32>,
    /// How many points have a rank below each rank: the first place of it; empty where ranks are untied.
    firsts: Vec<u32>,
    /// Row `r` marks the first `r << shift` points.
    rows: Vec<Block>,
    shift: u32,
}

impl RankAxis {
    /// Sorts the ranks, each below twice their number.
    pub(super) fn new(ranks: Vec<u32>) -> Result<Self, Error> {
        let mut order = memory::filled(ranks.len(), u32::MAX)?;
        for (point, &rank) in (0..).zip(&ranks).filter(|&(_, &rank)| rank % 2 == 0) {
            order[rank as usize / 2] = point;
        }
        if !order.contains(&u32::MAX) {
            let (sorted, firsts) = (Vec::new(), Vec::new());
            return Ok(Self { ranks, untied: true, sorted, order, firsts, rows: Vec::new(), shift: 0 });
        }
        let largest = ranks.iter().copied().max().unwrap_or(0) as usize;
        let mut firsts = memory::filled(largest + 2, 0)?;
        ranks.iter().for_each(|&rank| firsts[rank as usize + 1] += 1);
        for rank in 0..=largest {
            firsts[rank + 1] += firsts[rank];
        }
        // Each first place moves to the end of its rank, which is the first place of the next.
        for (point, &rank) in (0..).zip(&ranks) {
            order[firsts[rank as usize] as usize] = point;
            firsts[rank as usize] += 1;
        }
        firsts.copy_within(0..=largest, 1);
        firsts[0] = 0;
        let sorted = memory::collect(order.iter().map(|&point| ranks[point as usize]))?;
        Ok(Self { ranks, untied: false, sorted, order, firsts, rows: Vec::new(), shift: 0 })
    }

    /// The same column with its rows.
    pub(super) fn with_rows(mut self, interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        let width = self.width();
        self.shift = self.ranks.len().div_ceil(ROWS).next_power_of_two().trailing_zeros();
        let chunks = self.order.chunks(1 << self.shift);
        self.rows = memory::with_capacity((chunks.len() + 1) * width)?;
        let mut row = memory::filled(width, Block::EMPTY)?;
        self.rows.extend_from_slice(&row);
        for (index, points) in chunks.enumerate() {
            if index % BATCH == 0 {
                interrupt.check()?;
            }
            points.iter().for_each(|&point| Block::flip(&mut row, point));
            self.rows.extend_from_slice(&row);
        }
        Ok(self)
    }

    /// The points in the order of the column.
    pub(super) fn into_order(self) -> Vec<u32> {
        self.order
    }

    /// Whether the ranks are 0, 2, 4 and so on.
    pub(super) fn is_untied(&self) -> bool {
        self.untied
    }

    /// Blocks in a row.
    pub(super) fn width(&self) -> usize {
        self.ranks.len().div_ceil(BLOCK)
    }

    /// The places of the points no farther than `radius` from a point.
    #[inline(always)]
    pub(super) fn places(&self, point: usize, radius: u32) -> Range<usize> {
        let rank = self.ranks[point];
        if self.untied {
            // Their sum may not fit into 32 bits.
            let (rank, radius) = (rank as usize, radius as usize);
            return rank.saturating_sub(radius).div_ceil(2)..((rank + radius) / 2 + 1).min(self.ranks.len());
        }
        let end = (rank as usize + radius as usize + 1).min(self.firsts.len() - 1);
        self.firsts[rank.saturating_sub(radius) as usize] as usize..self.firsts[end] as usize
    }

    /// How far from a point the farthest of the places around it is, and the nearest beyond them.
    #[inline(always)]
    pub(super) fn gap(&self, point: usize, places: &Range<usize>) -> (u32, u32) {
        let rank = self.ranks[point];
        let rank_at = |place: usize| if self.untied { 2 * place as u32 } else { self.sorted[place] };
        let farthest = (rank - rank_at(places.start)).max(rank_at(places.end - 1) - rank);
        let before = if places.start > 0 { rank - rank_at(places.start - 1) } else { u32::MAX };
        let after = if places.end < self.ranks.len() { rank_at(places.end) - rank } else { u32::MAX };
        (farthest, before.min(after))
    }

    /// Two rows that differ in the points at some places, cut to some blocks; `spare` is one that may be written to.
    #[inline(always)]
    pub(super) fn interval<'a, S: Simd>(
        &'a self,
        simd: S,
        places: &Range<usize>,
        blocks: &Range<usize>,
        spare: &'a mut [Block],
    ) -> [&'a [Block]; 2] {
        if self.shift == 0 {
            return [self.row(places.start, blocks), self.row(places.end, blocks)];
        }
        self.mark(simd, places, blocks, spare);
        [&spare[blocks.clone()], self.row(0, blocks)]
    }

    /// Leaves of a row only the points at some places.
    #[inline(always)]
    pub(super) fn cut<S: Simd>(
        &self,
        simd: S,
        places: &Range<usize>,
        blocks: &Range<usize>,
        spare: &mut [Block],
        row: &mut [Block],
    ) {
        let [start, end] = self.interval(simd, places, blocks, spare);
        for (block, (start, end)) in row[blocks.clone()].iter_mut().zip(start.iter().zip(end)) {
            (block.load(simd) & (start.load(simd) ^ end.load(simd))).store_array(&mut block.0);
        }
    }

    /// Marks the points at some places, in some blocks of a row; what is in other blocks has no meaning.
    #[inline(always)]
    pub(super) fn mark<S: Simd>(
        &self,
        simd: S,
        places: &Range<usize>,
        blocks: &Range<usize>,
        row: &mut [Block],
    ) {
        let nearest = |place: usize| (place + (1 << self.shift >> 1)) >> self.shift;
        let stored = |place: usize| self.row(nearest(place), blocks);
        let pairs = stored(places.start).iter().zip(stored(places.end));
        for (block, (start, end)) in row[blocks.clone()].iter_mut().zip(pairs) {
            (start.load(simd) ^ end.load(simd)).store_array(&mut block.0);
        }
        for place in [places.start, places.end] {
            let stored = (nearest(place) << self.shift).min(self.order.len());
            let between = &self.order[stored.min(place)..stored.max(place)];
            between.iter().for_each(|&point| Block::flip(row, point));
        }
    }

    /// The first points, as many as row number `row` marks.
    #[inline(always)]
    pub(super) fn row(&self, row: usize, blocks: &Range<usize>) -> &[Block] {
        &self.rows[row * self.width() + blocks.start..][..blocks.len()]
    }
}
