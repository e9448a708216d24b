//! Points of the plane in strips: the arrangement behind the k-th neighbour of two scalar samples.
//!
//! The plane is cut into upright strips of about as many points each; in a strip the points ascend, eight to a block.
//! Blocks are about as wide as a few neighbours are far, so that a search looks at the blocks above and below and at
//! their likes in the next strips, and needs no tree. Nothing is stored about which point is which: the sums that the
//! estimators need do not depend on it.
//!
//! O(n) after the samples are sorted. Where a few points lie far out, strips are as wide as their distance and a search
//! crosses many of them: `strip_search` notices, and a [`KdTree`](super::KdTree) is used instead.

use std::ops::Range;

use fearless_simd::{f64x8, prelude::*};

use super::line::Line;
use crate::lanes::{LANES, in_lanes};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// The box around the points of a block.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    pub(super) top: f64,
}

/// The points of two samples, strip by strip.
#[derive(Debug)]
pub(crate) struct Strips {
    /// Coordinates, eight to a block; the last block of a strip may end in points at infinity.
    pub(super) xs: Vec<f64>,
    pub(super) ys: Vec<f64>,
    pub(super) bounds: Vec<Bounds>,
    /// The first block of each strip, and the end of the last.
    pub(super) starts: Vec<u32>,
    /// The leftmost and the rightmost value of each strip.
    pub(super) sides: Vec<(f64, f64)>,
    /// How many points each strip holds.
    sizes: Vec<u32>,
}

/// Points of a strip per strip of the plane, about, where both coordinates spread alike: makes blocks a few spacings wide
/// and several high.
const SHAPE: f64 = 2.5;

/// Some strips to be filled.
struct Share<'a> {
    /// The first of them.
    first: usize,
    /// Where the next point of each goes, and the end.
    ends: Vec<u32>,
    xs: &'a mut [f64],
    ys: &'a mut [f64],
    bounds: &'a mut [Bounds],
}

impl Share<'_> {
    /// Takes what belongs to these strips from all points, which ascend in `ys`.
    fn fill(
        &mut self,
        line_x: &Line,
        size: usize,
        xs: &[f64],
        ys: &[f64],
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        let starts = memory::collect(self.ends.iter().copied())?;
        for (xs, ys) in xs.chunks(BATCH).zip(ys.chunks(BATCH)) {
            interrupt.check()?;
            in_lanes!(simd => self.deal(simd, line_x, size, xs, ys));
        }
        for (strip, start) in starts.into_iter().enumerate() {
            self.sort_ties(start as usize..self.ends[strip] as usize);
        }
        let blocks = self.xs.chunks_exact(LANES).zip(self.ys.chunks_exact(LANES));
        self.bounds.iter_mut().zip(blocks).for_each(|(bounds, (xs, ys))| *bounds = Bounds::around(xs, ys));
        Ok(())
    }

    /// Appends points to the strips they belong to.
    #[inline(always)]
    fn deal<S: Simd>(&mut self, simd: S, line_x: &Line, size: usize, xs: &[f64], ys: &[f64]) {
        let n_strips = self.ends.len() - 1;
        for (xs, ys) in xs.chunks(LANES).zip(ys.chunks(LANES)) {
            let mut eight = [xs[0]; LANES];
            eight[..xs.len()].copy_from_slice(xs);
            let strips = line_x.cuts_of(simd, f64x8::load_array(simd, eight), size);
            for ((&x, &y), strip) in xs.iter().zip(ys).zip(strips) {
                let strip = (strip as usize).wrapping_sub(self.first);
                if strip < n_strips {
                    let end = self.ends[strip] as usize;
                    (self.xs[end], self.ys[end]) = (x, y);
                    self.ends[strip] += 1;
                }
            }
        }
    }

    /// Orders the points of a strip by `x` where so many have the same `y` that a block holds no other: else it spans the
    /// strip.
    fn sort_ties(&mut self, points: Range<usize>) {
        let (xs, ys) = (&mut self.xs[points.clone()], &self.ys[points]);
        if ys.chunks_exact(LANES).any(|block| block[0] == block[LANES - 1]) {
            let mut rest = xs;
            for ties in ys.chunk_by(|a, b| a == b) {
                let run;
                (run, rest) = rest.split_at_mut(ties.len());
                run.sort_unstable_by(f64::total_cmp);
            }
        }
    }
}

/// How many points are dealt out between two questions whether to go on.
const BATCH: usize = 1 << 14;

impl Strips {
    /// Deals points out to strips: those of `line_y`, with their partners `xs`; `line_x` holds the same.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub(crate) fn new(line_x: &Line, line_y: &Line, xs: &[f64], workers: Workers<'_>) -> Result<Self, Error> {
        let ys = line_y.values();
        let shape = SHAPE * ys.len() as f64 * (line_y.spread() / line_x.spread());
        let size = 1 << (0.5 * shape.log2()).round().clamp(3.0, 31.0) as usize;
        let cuts = line_x.cuts(size)?;
        let mut strips = Self {
            xs: Vec::new(),
            ys: Vec::new(),
            bounds: Vec::new(),
            starts: memory::with_capacity(cuts.len())?,
            sides: memory::with_capacity(cuts.len())?,
            sizes: memory::with_capacity(cuts.len())?,
        };
        // Where the points of each strip begin; strips without points are left out of all else.
        let (mut n_blocks, mut places) = (0, memory::with_capacity(cuts.len())?);
        for cut in cuts.windows(2) {
            places.push((n_blocks * LANES) as u32);
            if cut[0] < cut[1] {
                strips.starts.push(n_blocks as u32);
                strips.sizes.push((cut[1] - cut[0]) as u32);
                strips.sides.push((line_x.values()[cut[0]], line_x.values()[cut[1] - 1]));
                n_blocks += (cut[1] - cut[0]).div_ceil(LANES);
            }
        }
        places.push((n_blocks * LANES) as u32);
        strips.starts.push(n_blocks as u32);
        strips.xs = memory::filled(n_blocks * LANES, f64::INFINITY)?;
        strips.ys = memory::filled(n_blocks * LANES, f64::INFINITY)?;
        strips.bounds = memory::filled(n_blocks, Bounds::default())?;
        // Each thread deals out what belongs to its strips.
        let (mut all_xs, mut all_ys, mut all_bounds) =
            (&mut strips.xs[..], &mut strips.ys[..], &mut strips.bounds[..]);
        let (mut shares, n) = (Vec::new(), cuts.len().div_ceil(workers.threads()));
        for first in (0..cuts.len() - 1).step_by(n) {
            let places = &places[first..(first + n + 1).min(cuts.len())];
            let size = (places[places.len() - 1] - places[0]) as usize;
            let ends = memory::collect(places.iter().map(|place| place - places[0]))?;
            let mut share = Share { first, ends, xs: &mut [], ys: &mut [], bounds: &mut [] };
            (share.xs, all_xs) = all_xs.split_at_mut(size);
            (share.ys, all_ys) = all_ys.split_at_mut(size);
            (share.bounds, all_bounds) = all_bounds.split_at_mut(size / LANES);
            shares.push(share);
        }
        let begin = || Ok(());
        workers.share(shares.into_iter(), begin, |(), mut share, interrupt| {
            share.fill(line_x, size, xs, ys, interrupt)
        })?;
        Ok(strips)
    }

    /// How many strips.
    #[must_use]
    pub(crate) fn n_strips(&self) -> usize {
        self.sides.len()
    }

    /// The coordinates of a block.
    #[inline(always)]
    pub(super) fn block(&self, block: usize) -> (&[f64; LANES], &[f64; LANES]) {
        (&self.xs.as_chunks().0[block], &self.ys.as_chunks().0[block])
    }

    /// Where the points of each strip stand among the coordinates.
    pub(super) fn points(&self) -> impl Iterator<Item = Range<usize>> {
        self.starts.iter().zip(&self.sizes).map(|(&start, &size)| {
            let start = start as usize * LANES;
            start..start + size as usize
        })
    }

    /// Where among some of the coordinates points stand, strip by strip.
    pub(crate) fn runs(&self, among: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let end = among.end;
        let first = self.starts.partition_point(|&start| start as usize * LANES <= among.start) - 1;
        let points = self.points().skip(first).take_while(move |points| points.start < end);
        let within = move |run: Range<usize>| run.start.max(among.start)..run.end.min(among.end);
        points.map(within).filter(|run| run.start < run.end)
    }

    /// The coordinates along the line that was cut, eight to a block.
    pub(crate) fn xs(&self) -> &[f64] {
        &self.xs
    }

    /// The coordinates in which the points of a strip ascend.
    pub(crate) fn ys(&self) -> &[f64] {
        &self.ys
    }

    /// How many blocks.
    #[must_use]
    pub(crate) fn n_blocks(&self) -> usize {
        self.bounds.len()
    }

    /// The blocks of a strip.
    pub(crate) fn strip(&self, strip: usize) -> Range<usize> {
        self.starts[strip] as usize..self.starts[strip + 1] as usize
    }
}

impl Bounds {
    fn around(xs: &[f64], ys: &[f64]) -> Self {
        // What is not a point is at infinity, after the points.
        let (mut left, mut right, mut top) = (f64::INFINITY, f64::NEG_INFINITY, ys[0]);
        for (&x, &y) in xs.iter().zip(ys) {
            left = if x < left { x } else { left };
            right = if x > right && x < f64::INFINITY { x } else { right };
            top = if y < f64::INFINITY { y } else { top };
        }
        Self { left, right, bottom: ys[0], top }
    }
}
