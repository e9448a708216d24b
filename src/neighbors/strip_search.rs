//! The k-th neighbour of every point in strips, a block of eight at a time.
//!
//! A block looks at itself, sweeps up and down its strip and then through the strips to its left and right, as long as
//! some point of it could have a nearer neighbour there. Blocks ascend in every strip, so each sweep ends at the first
//! block that is too far above or below for all eight.

use std::iter::StepBy;
use std::ops::Range;

use fearless_simd::{dispatch, f64x8, mask64x8, prelude::*};

use super::nearest::{Few, Many, Nearest, Several};
use super::strips::{Bounds, Strips};
use crate::lanes::{self, LANES};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Work done by a search through strips.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sweeps {
    /// Blocks whose points were compared with the queries.
    pub blocks: u64,
    /// Boxes whose distance to the queries was computed.
    pub boxes: u64,
    /// Strips that were entered.
    pub strips: u64,
}

/// How many blocks are searched for between two questions whether to go on.
const BATCH: usize = 1 << 8;

/// How many blocks tell what a search costs.
const PROBES: usize = 32;

impl Strips {
    /// The k-th distances of the points of some blocks, in their order, with something in the lanes that hold no point.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn kth_distances(
        &self,
        blocks: Range<usize>,
        k: usize,
        interrupt: &Interrupt<'_>,
    ) -> Result<(Vec<f64>, Sweeps), Error> {
        dispatch!(lanes::level(), simd => self.search_for(simd, blocks.step_by(1), k, interrupt))
    }

    /// The work for each block, from a few that are spread evenly.
    pub(crate) fn probe(&self, k: usize, interrupt: &Interrupt<'_>) -> Result<Sweeps, Error> {
        let blocks = (0..self.n_blocks()).step_by(self.n_blocks().div_ceil(PROBES));
        let n_probes = blocks.len() as u64;
        let (_, sweeps) = dispatch!(lanes::level(), simd => self.search_for(simd, blocks, k, interrupt))?;
        let Sweeps { blocks, boxes, strips } = sweeps;
        Ok(Sweeps { blocks: blocks / n_probes, boxes: boxes / n_probes, strips: strips / n_probes })
    }

    #[inline(always)]
    fn search_for<S: Simd>(
        &self,
        simd: S,
        blocks: StepBy<Range<usize>>,
        k: usize,
        interrupt: &Interrupt<'_>,
    ) -> Result<(Vec<f64>, Sweeps), Error> {
        match k {
            1 => self.search(simd, blocks, Few::<S, 1>::new(simd), interrupt),
            2 => self.search(simd, blocks, Few::<S, 2>::new(simd), interrupt),
            3 => self.search(simd, blocks, Few::<S, 3>::new(simd), interrupt),
            4 => self.search(simd, blocks, Few::<S, 4>::new(simd), interrupt),
            5 => self.search(simd, blocks, Few::<S, 5>::new(simd), interrupt),
            6..=Several::<S>::MOST => self.search(simd, blocks, Several::new(simd, k), interrupt),
            _ => self.search(simd, blocks, Many::new(simd, k)?, interrupt),
        }
    }

    #[inline(always)]
    fn search<S: Simd>(
        &self,
        simd: S,
        blocks: StepBy<Range<usize>>,
        nearest: impl Nearest<S>,
        interrupt: &Interrupt<'_>,
    ) -> Result<(Vec<f64>, Sweeps), Error> {
        let mut distances = memory::with_capacity(blocks.len() * LANES)?;
        let fingers = memory::collect(self.starts.iter().copied())?;
        let nothing = f64x8::splat(simd, 0.0);
        let sweeps = Sweeps::default();
        let mut search =
            Search { simd, strips: self, nearest, x: nothing, y: nothing, strip: 0, fingers, sweeps };
        simd.vectorize(
            #[inline(always)]
            || {
                for (count, block) in blocks.enumerate() {
                    if count % BATCH == 0 {
                        interrupt.check()?;
                    }
                    search.run(block);
                    distances.extend_from_slice(search.nearest.kth().as_array());
                }
                Ok((distances, search.sweeps))
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
    sweeps: Sweeps,
}

impl<S: Simd, N: Nearest<S>> Search<'_, S, N> {
    #[inline(always)]
    fn run(&mut self, block: usize) {
        while block >= self.strips.strip(self.strip).end {
            self.strip += 1;
            self.fingers.copy_from_slice(&self.strips.starts);
        }
        let (xs, ys) = self.strips.block(block);
        // Infinity turns into NaN, which reaches nothing: lanes without a point look for none.
        (self.x, self.y) = (f64x8::load_array_ref(self.simd, xs), f64x8::load_array_ref(self.simd, ys));
        (self.x, self.y) = (self.x + self.x * 0.0, self.y + self.y * 0.0);
        self.nearest.clear();
        self.scan_own(block);
        let own = self.strips.strip(self.strip);
        self.sweep_up(block + 1..own.end);
        self.sweep_down(own.start..block);
        let bottom = self.strips.bounds[block].bottom;
        for other in (0..self.strip).rev() {
            if !self.reaches(self.x - self.strips.sides[other].1) {
                break;
            }
            self.cross(other, bottom);
        }
        for other in self.strip + 1..self.strips.n_strips() {
            if !self.reaches(f64x8::splat(self.simd, self.strips.sides[other].0) - self.x) {
                break;
            }
            self.cross(other, bottom);
        }
    }

    /// Looks for neighbours in another strip.
    #[inline(always)]
    fn cross(&mut self, strip: usize, bottom: f64) {
        self.sweeps.strips += 1;
        let blocks = self.strips.strip(strip);
        let ahead = &self.strips.bounds[self.fingers[strip] as usize..blocks.end];
        let near = ahead.iter().take(4).position(|bounds| bounds.top >= bottom);
        let step = near.unwrap_or_else(|| ahead.partition_point(|bounds| bounds.top < bottom));
        self.fingers[strip] += step as u32;
        let finger = self.fingers[strip] as usize;
        self.sweep_up(finger..blocks.end);
        self.sweep_down(blocks.start..finger);
    }

    #[inline(always)]
    fn sweep_up(&mut self, blocks: Range<usize>) {
        for block in blocks {
            let Bounds { bottom, .. } = self.strips.bounds[block];
            if self.box_reached(block) {
                self.scan(block);
            } else if !self.reaches(f64x8::splat(self.simd, bottom) - self.y) {
                break;
            }
        }
    }

    #[inline(always)]
    fn sweep_down(&mut self, blocks: Range<usize>) {
        for block in blocks.rev() {
            let Bounds { top, .. } = self.strips.bounds[block];
            if self.box_reached(block) {
                self.scan(block);
            } else if !self.reaches(self.y - top) {
                break;
            }
        }
    }

    /// Whether something at these distances would be nearer to some query than its k-th neighbour so far.
    #[inline(always)]
    fn reaches(&self, gap: f64x8<S>) -> bool {
        gap.simd_lt(self.nearest.kth()).any_true()
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
        let (xs, ys) = self.strips.block(block);
        for (&x, &y) in xs.iter().zip(ys) {
            self.nearest.offer((self.x - x).abs().max((self.y - y).abs()));
        }
    }

    /// Offers the queries to each other, but not to themselves.
    #[inline(always)]
    fn scan_own(&mut self, block: usize) {
        self.sweeps.blocks += 1;
        let (xs, ys) = self.strips.block(block);
        let infinite = f64x8::splat(self.simd, f64::INFINITY);
        for (lane, (&x, &y)) in xs.iter().zip(ys).enumerate() {
            let distances = (self.x - x).abs().max((self.y - y).abs());
            let itself = mask64x8::from_bitmask(self.simd, 1 << lane);
            self.nearest.offer(itself.select(infinite, distances));
        }
    }
}
