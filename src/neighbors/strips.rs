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

use super::dealing::Deal;
use super::line::Line;
use crate::lanes::LANES;
use crate::threads::Workers;
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

/// How many blocks are measured between two questions whether to go on.
const BATCH: usize = 1 << 12;

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
        // Where the points of each strip begin and end; strips without points are left out of all else.
        let (mut begins, mut ends) = (memory::with_capacity(cuts.len())?, memory::with_capacity(cuts.len())?);
        let mut n_blocks = 0;
        for cut in cuts.windows(2) {
            begins.push((n_blocks * LANES) as u32);
            ends.push((n_blocks * LANES + cut[1] - cut[0]) as u32);
            if cut[0] < cut[1] {
                strips.starts.push(n_blocks as u32);
                strips.sizes.push((cut[1] - cut[0]) as u32);
                strips.sides.push((line_x.values()[cut[0]], line_x.values()[cut[1] - 1]));
                n_blocks += (cut[1] - cut[0]).div_ceil(LANES);
            }
        }
        strips.starts.push(n_blocks as u32);
        let deal = Deal::new(line_x, size, n_blocks * LANES)?;
        // One thread deals from the first point on and fills strips upwards, another from the last one and downwards.
        let middle = if workers.threads() > 1 { ys.len() / 2 } else { ys.len() };
        workers.both(
            |interrupt| deal.out::<true>(&xs[..middle], &ys[..middle], &mut begins, interrupt),
            |interrupt| deal.out::<false>(&xs[middle..], &ys[middle..], &mut ends, interrupt),
        )?;
        [strips.xs, strips.ys] = deal.coordinates();
        strips.bounds = memory::filled(n_blocks, Bounds::default())?;
        if strips.measure(workers)? {
            strips.sort_ties();
            strips.measure(workers)?;
        }
        Ok(strips)
    }

    /// Finds the boxes around the blocks. Whether some are as high as a point.
    fn measure(&mut self, workers: Workers<'_>) -> Result<bool, Error> {
        let (xs, ys) = (self.xs.as_chunks::<LANES>().0, self.ys.as_chunks::<LANES>().0);
        let flat = workers.fill(
            &mut self.bounds,
            BATCH,
            || Ok(false),
            |flat, task, bounds, interrupt| {
                interrupt.check()?;
                for (bounds, (xs, ys)) in bounds.iter_mut().zip(xs.iter().zip(ys).skip(task * BATCH)) {
                    *bounds = Bounds::around(xs, ys);
                    *flat |= ys[0] == ys[LANES - 1];
                }
                Ok(())
            },
        )?;
        Ok(flat.contains(&true))
    }

    /// Orders the points of each strip by `x` where they have the same `y`: else a block that holds no other spans the
    /// strip.
    fn sort_ties(&mut self) {
        for (&start, &size) in self.starts.iter().zip(&self.sizes) {
            let points = start as usize * LANES..start as usize * LANES + size as usize;
            let mut rest = &mut self.xs[points.clone()];
            for ties in self.ys[points].chunk_by(|a, b| a == b) {
                let run;
                (run, rest) = rest.split_at_mut(ties.len());
                run.sort_unstable_by(f64::total_cmp);
            }
        }
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
