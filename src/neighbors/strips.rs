//! Points of the plane in strips: the arrangement behind the k-th neighbour of two scalar samples.
//!
//! The plane is cut into upright strips of about as many points each; in a strip the points ascend, eight to a block.
//! Blocks are about as wide as a few neighbours are far, so that a search looks at the blocks above and below and at
//! their likes in the next strips, and needs no tree. Nothing is stored about which point is which: the sums that the
//! estimators need do not depend on it.
//!
//! O(n) after the samples are sorted. Where a few points lie far out, strips are as wide as their distance and a search
//! crosses many of them: `strip_search` notices, and a [`KdTree`](super::KdTree) is used instead.

use fearless_simd::{dispatch, prelude::*};

use super::line::Line;
use crate::lanes::{self, LANES};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// The box around the points of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    pub(super) top: f64,
}

/// The points of two samples, strip by strip.
#[derive(Debug)]
pub struct Strips {
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

/// Points of a strip per strip of the plane, about: makes blocks a few spacings wide and several high.
const SHAPE: f64 = 2.5;

/// How many points are dealt out between two questions whether to go on.
const BATCH: usize = 1 << 14;

impl Strips {
    /// Deals points that ascend in `y` out to strips. `xs` are theirs, `line_x` the same in ascending order.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub(crate) fn new(
        line_x: &Line,
        xs: &[f64],
        ys: &[f64],
        interrupt: &Interrupt<'_>,
    ) -> Result<Self, Error> {
        let size = 1 << (0.5 * (SHAPE * xs.len() as f64).log2()).round().max(3.0) as usize;
        let cuts = line_x.cuts(size)?;
        let (mut starts, mut sides) =
            (memory::with_capacity(cuts.len())?, memory::with_capacity(cuts.len())?);
        let mut n_blocks = 0;
        for cut in cuts.windows(2) {
            // A strip without points is as wide as the end of the one before.
            let left = if cut[0] < cut[1] { cut[0] } else { cut[0] - 1 };
            starts.push(n_blocks as u32);
            sides.push((line_x.values()[left], line_x.values()[cut[1] - 1]));
            n_blocks += (cut[1] - cut[0]).div_ceil(LANES);
        }
        starts.push(n_blocks as u32);
        let mut strips = Self {
            xs: memory::filled(n_blocks * LANES, f64::INFINITY)?,
            ys: memory::filled(n_blocks * LANES, f64::INFINITY)?,
            bounds: memory::with_capacity(n_blocks)?,
            starts,
            sides,
            sizes: memory::collect(cuts.windows(2).map(|cut| (cut[1] - cut[0]) as u32))?,
        };
        let mut ends = memory::collect(strips.starts.iter().map(|start| start * LANES as u32))?;
        for (xs, ys) in xs.chunks(BATCH).zip(ys.chunks(BATCH)) {
            interrupt.check()?;
            dispatch!(lanes::level(), simd => simd.vectorize(
                #[inline(always)]
                || strips.deal(line_x, size, xs, ys, &mut ends)
            ));
        }
        let blocks = strips.xs.chunks_exact(LANES).zip(strips.ys.chunks_exact(LANES));
        strips.bounds.extend(blocks.map(|(xs, ys)| Bounds::around(xs, ys)));
        Ok(strips)
    }

    /// Appends points to the strips they belong to.
    #[inline(always)]
    fn deal(&mut self, line_x: &Line, size: usize, xs: &[f64], ys: &[f64], ends: &mut [u32]) {
        for (xs, ys) in xs.chunks(LANES).zip(ys.chunks(LANES)) {
            let mut eight = [xs[0]; LANES];
            eight[..xs.len()].copy_from_slice(xs);
            for ((&x, &y), strip) in xs.iter().zip(ys).zip(line_x.cuts_of(&eight, size)) {
                let end = &mut ends[strip];
                self.xs[*end as usize] = x;
                self.ys[*end as usize] = y;
                *end += 1;
            }
        }
    }

    /// How many strips.
    #[must_use]
    pub fn n_strips(&self) -> usize {
        self.sides.len()
    }

    /// The coordinates of a block.
    #[inline(always)]
    pub(super) fn block(&self, block: usize) -> (&[f64; LANES], &[f64; LANES]) {
        (&self.xs.as_chunks().0[block], &self.ys.as_chunks().0[block])
    }

    /// Where the points of a strip stand among the coordinates.
    pub(crate) fn points(&self, strip: usize) -> std::ops::Range<usize> {
        let start = self.starts[strip] as usize * LANES;
        start..start + self.sizes[strip] as usize
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
    pub fn n_blocks(&self) -> usize {
        self.bounds.len()
    }

    /// The blocks of a strip.
    pub fn strip(&self, strip: usize) -> std::ops::Range<usize> {
        self.starts[strip] as usize..self.starts[strip + 1] as usize
    }
}

impl Bounds {
    fn around(xs: &[f64], ys: &[f64]) -> Self {
        let last = xs.iter().rposition(|x| x.is_finite()).unwrap_or(0);
        Self {
            left: xs.iter().copied().fold(f64::INFINITY, f64::min),
            right: xs[..=last].iter().copied().fold(f64::NEG_INFINITY, f64::max),
            bottom: ys[0],
            top: ys[last],
        }
    }
}
