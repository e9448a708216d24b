//! The k-th neighbour of every point in strips, a block of eight at a time.
//!
//! A block looks at itself, sweeps up and down its strip and then through the strips to its left and right, as long as
//! some point of it could have a nearer neighbour there. Blocks ascend in every strip, so each sweep ends at the first
//! block that is too far above or below for all eight.

use std::iter::StepBy;
use std::ops::Range;

use fearless_simd::{f64x8, mask64x8, prelude::*};

use super::nearest::{Few, Nearest, Several};
use super::strips::{Bounds, Strips};
use crate::lanes::{LANES, in_lanes};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Work done by a search through strips.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sweeps {
    /// Blocks whose points were compared with the queries.
    pub(crate) blocks: u64,
    /// Boxes whose distance to the queries was computed.
    pub(crate) boxes: u64,
    /// Strips that were entered.
    pub(crate) strips: u64,
}

/// How many blocks are searched for between two questions whether to go on.
const BATCH: usize = 1 << 8;

/// For more neighbours than these a tree is faster.
const MOST_NEIGHBORS: usize = 32;

/// Most strips and blocks, added up, that are looked at for one block of queries: beyond that a tree is faster.
const MOST_WORK: u64 = 48;

/// How many blocks tell what a search costs, at most; of few blocks one in so many.
const PROBES: usize = 64;
const BLOCKS_PER_PROBE: usize = 16;

impl Strips {
    /// Writes the k-th distances of the points of blocks from `first` on, in their order, with something in the lanes that
    /// hold no point.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub(crate) fn kth_distances(
        &self,
        first: usize,
        distances: &mut [f64],
        k: usize,
        interrupt: &Interrupt<'_>,
    ) -> Result<Sweeps, Error> {
        let blocks = (first..first + distances.len() / LANES).step_by(1);
        in_lanes!(simd => self.search_for(simd, blocks, distances, k, interrupt))
    }

    /// Whether a search through strips costs no more than one through a tree, judged by a few blocks.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub(crate) fn suit(&self, k: usize, interrupt: &Interrupt<'_>) -> Result<bool, Error> {
        if k > MOST_NEIGHBORS {
            return Ok(false);
        }
        let work = self.probe(k, interrupt)?;
        Ok(work.strips + work.blocks <= MOST_WORK)
    }

    /// The work for each block, from a few that are spread evenly.
    pub(super) fn probe(&self, k: usize, interrupt: &Interrupt<'_>) -> Result<Sweeps, Error> {
        let step = self.n_blocks().div_ceil(PROBES).max(BLOCKS_PER_PROBE);
        let blocks = (0..self.n_blocks()).step_by(step);
        let n_probes = blocks.len() as u64;
        let mut distances = [0.0; PROBES * LANES];
        let Sweeps { blocks, boxes, strips } =
            in_lanes!(simd => self.search_for(simd, blocks, &mut distances, k, interrupt))?;
        Ok(Sweeps { blocks: blocks / n_probes, boxes: boxes / n_probes, strips: strips / n_probes })
    }

    #[inline(always)]
    fn search_for<S: Simd>(
        &self,
        simd: S,
        blocks: StepBy<Range<usize>>,
        distances: &mut [f64],
        k: usize,
        interrupt: &Interrupt<'_>,
    ) -> Result<Sweeps, Error> {
        match k {
            1 => self.search(simd, blocks, distances, k, Few::<S, 1>::new(simd, k), interrupt),
            2..=3 => self.search(simd, blocks, distances, k, Few::<S, 3>::new(simd, k), interrupt),
            4..=5 => self.search(simd, blocks, distances, k, Few::<S, 5>::new(simd, k), interrupt),
            6..=10 => self.search(simd, blocks, distances, k, Few::<S, 10>::new(simd, k), interrupt),
            _ => self.search(simd, blocks, distances, k, Several::new(simd, k), interrupt),
        }
    }

    #[inline(always)]
    fn search<S: Simd>(
        &self,
        simd: S,
        blocks: StepBy<Range<usize>>,
        distances: &mut [f64],
        k: usize,
        nearest: impl Nearest<S>,
        interrupt: &Interrupt<'_>,
    ) -> Result<Sweeps, Error> {
        let fingers = memory::collect(self.starts.iter().copied())?;
        let nothing = f64x8::splat(simd, 0.0);
        let sweeps = Sweeps::default();
        let mut search = Search {
            simd,
            strips: self,
            nearest,
            x: nothing,
            y: nothing,
            strip: 0,
            fingers,
            moved: 0..0,
            sweeps,
        };
        simd.vectorize(
            #[inline(always)]
            || {
                for (count, (block, distances)) in blocks.zip(distances.as_chunks_mut().0).enumerate() {
                    if count % BATCH == 0 {
                        interrupt.check()?;
                    }
                    search.run(block);
                    *distances = *search.nearest.kth(k).as_array();
                }
                Ok(search.sweeps)
            },
        )
    }
}

struct Search<'a, S: Simd, N> {
    simd: S,
    strips: &'a Strips,
    nearest: N,
    /// The queries.
    x: f64x8<S>,
    y: f64x8<S>,
    /// The strip they are in.
    strip: usize,
    /// In each strip, the first block that is not below all blocks of queries to come.
    fingers: Vec<u32>,
    /// The strips whose fingers may have moved.
    moved: Range<usize>,
    sweeps: Sweeps,
}

impl<S: Simd, N: Nearest<S>> Search<'_, S, N> {
    #[inline(always)]
    fn run(&mut self, block: usize) {
        while block >= self.strips.strip(self.strip).end {
            self.strip += 1;
            self.fingers[self.moved.clone()].copy_from_slice(&self.strips.starts[self.moved.clone()]);
            self.moved = self.strip..self.strip;
        }
        let (xs, ys) = self.strips.block(block);
        // Infinity turns into NaN, which reaches nothing: lanes without a point look for none.
        (self.x, self.y) = (f64x8::load_array_ref(self.simd, xs), f64x8::load_array_ref(self.simd, ys));
        (self.x, self.y) = (self.x + self.x * 0.0, self.y + self.y * 0.0);
        self.nearest.clear();
        self.scan_own(block);
        let (own, bottom) = (self.strip, self.strips.bounds[block].bottom);
        // The next blocks of the strip are near as a rule: no test of their boxes, which would wait for what was found.
        let blocks = self.strips.strip(own);
        let (mut above, mut below) = (block + 1, block);
        if self.reaches(f64x8::splat(self.simd, 0.0)) {
            if above < blocks.end {
                self.scan(above);
                above += 1;
            }
            if below > blocks.start {
                below -= 1;
                self.scan(below);
            }
        }
        // Itself, then to the left, then to the right; one place in the code, which is long in lanes.
        let (mut strip, mut to_left) = (own, true);
        loop {
            self.sweeps.strips += 1;
            let (above, below) = if strip == own { (above, below) } else { self.finger(strip, bottom) };
            self.sweep(self.strips.strip(strip), above, below);
            if to_left && (strip == 0 || !self.reaches(self.x - self.strips.sides[strip - 1].1)) {
                (strip, to_left) = (own, false);
            }
            if to_left {
                strip -= 1;
                continue;
            }
            strip += 1;
            if strip == self.strips.n_strips()
                || !self.reaches(f64x8::splat(self.simd, self.strips.sides[strip].0) - self.x)
            {
                return;
            }
        }
    }

    /// In another strip, the first block that is not below the queries.
    #[inline(always)]
    fn finger(&mut self, strip: usize, bottom: f64) -> (usize, usize) {
        let ahead = &self.strips.bounds[self.fingers[strip] as usize..self.strips.strip(strip).end];
        let near = ahead.iter().take(4).position(|bounds| bounds.top >= bottom);
        let step = near.unwrap_or_else(|| ahead.partition_point(|bounds| bounds.top < bottom));
        self.fingers[strip] += step as u32;
        self.moved = self.moved.start.min(strip)..self.moved.end.max(strip + 1);
        let finger = self.fingers[strip] as usize;
        (finger, finger)
    }

    /// Looks for neighbours in a strip: from `above` on upwards, and from below `below` downwards.
    #[inline(always)]
    fn sweep(&mut self, blocks: Range<usize>, above: usize, below: usize) {
        let (mut block, mut up) = (above, true);
        loop {
            let ends = if up { block == blocks.end } else { block == blocks.start };
            if !ends {
                let index = if up { block } else { block - 1 };
                if self.box_reached(index) {
                    self.scan(index);
                    block = if up { block + 1 } else { block - 1 };
                    continue;
                }
                let Bounds { bottom, top, .. } = self.strips.bounds[index];
                let along = if up { f64x8::splat(self.simd, bottom) - self.y } else { self.y - top };
                if self.reaches(along) {
                    block = if up { block + 1 } else { block - 1 };
                    continue;
                }
            }
            if !up {
                return;
            }
            (block, up) = (below, false);
        }
    }

    /// Whether something at these distances would be nearer to some query than its k-th neighbour so far.
    #[inline(always)]
    fn reaches(&self, gap: f64x8<S>) -> bool {
        gap.simd_lt(self.nearest.limit()).any_true()
    }

    #[inline(always)]
    fn box_reached(&mut self, block: usize) -> bool {
        self.sweeps.boxes += 1;
        let Bounds { left, right, bottom, top } = self.strips.bounds[block];
        let (left, bottom) = (f64x8::splat(self.simd, left), f64x8::splat(self.simd, bottom));
        let across = (left - self.x).max(self.x - right);
        let along = (bottom - self.y).max(self.y - top);
        self.reaches(across.max(along))
    }

    #[inline(always)]
    fn scan(&mut self, block: usize) {
        self.sweeps.blocks += 1;
        let ((xs, ys), x, y) = (self.strips.block(block), self.x, self.y);
        self.nearest.offer(
            #[inline(always)]
            |candidate| (x - xs[candidate]).abs().max((y - ys[candidate]).abs()),
        );
    }

    /// Offers the queries to each other, but not to themselves.
    #[inline(always)]
    fn scan_own(&mut self, block: usize) {
        self.sweeps.blocks += 1;
        let ((xs, ys), x, y) = (self.strips.block(block), self.x, self.y);
        let infinite = f64x8::splat(self.simd, f64::INFINITY);
        self.nearest.offer(
            #[inline(always)]
            |candidate| {
                let distances = (x - xs[candidate]).abs().max((y - ys[candidate]).abs());
                mask64x8::from_bitmask(x.simd, 1 << candidate).select(infinite, distances)
            },
        );
    }
}
