//! Points dealt out to strips of the plane, by one thread or two.
//!
//! Points come in the order in which they ascend in every strip. One thread begins with the first and fills each strip
//! upwards, another with the last and fills it downwards: neither needs to know how many the other has. Places are written
//! as atomic bits, which cost what any others do.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use fearless_simd::{f64x8, prelude::*};

use super::line::Line;
use crate::lanes::{LANES, in_lanes};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// How many points are dealt out between two questions whether to go on.
const BATCH: usize = 1 << 14;

/// Points on their way into strips.
pub(super) struct Deal<'a> {
    line_x: &'a Line,
    /// Buckets of the line that are a strip.
    size: usize,
    /// The coordinates, bit by bit, which two threads fill.
    xs: Vec<AtomicU64>,
    ys: Vec<AtomicU64>,
}

impl<'a> Deal<'a> {
    pub(super) fn new(line_x: &'a Line, size: usize, n_places: usize) -> Result<Self, Error> {
        let nowhere = || memory::collect((0..n_places).map(|_| AtomicU64::new(f64::INFINITY.to_bits())));
        Ok(Self { line_x, size, xs: nowhere()?, ys: nowhere()? })
    }

    /// What was dealt out, at infinity where nothing was; in the same memory.
    pub(super) fn coordinates(self) -> [Vec<f64>; 2] {
        [self.xs, self.ys]
            .map(|bits| bits.into_iter().map(|bits| f64::from_bits(bits.into_inner())).collect())
    }

    /// Deals points out: upwards from where each strip begins, or downwards from where it ends.
    pub(super) fn out<const UP: bool>(
        &self,
        xs: &[f64],
        ys: &[f64],
        ends: &mut [u32],
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        let n_batches = xs.len().div_ceil(BATCH);
        for batch in 0..n_batches {
            interrupt.check()?;
            let start = BATCH * if UP { batch } else { n_batches - 1 - batch };
            let batch = start..(start + BATCH).min(xs.len());
            in_lanes!(simd => self.batch::<_, UP>(simd, &xs[batch.clone()], &ys[batch], ends));
        }
        Ok(())
    }

    #[inline(always)]
    fn batch<S: Simd, const UP: bool>(&self, simd: S, xs: &[f64], ys: &[f64], ends: &mut [u32]) {
        let n_packs = xs.len().div_ceil(LANES);
        for pack in 0..n_packs {
            let start = LANES * if UP { pack } else { n_packs - 1 - pack };
            let pack = start..(start + LANES).min(xs.len());
            let (xs, ys) = (&xs[pack.clone()], &ys[pack]);
            let mut eight = [xs[0]; LANES];
            eight[..xs.len()].copy_from_slice(xs);
            let cells = self.line_x.guide.cells_of(simd, f64x8::load_array(simd, eight));
            for lane in 0..xs.len() {
                let lane = if UP { lane } else { xs.len() - 1 - lane };
                let end = &mut ends[self.line_x.cut_of(cells[lane], xs[lane], self.size)];
                *end -= u32::from(!UP);
                let place = *end as usize;
                *end += u32::from(UP);
                self.xs[place].store(xs[lane].to_bits(), Relaxed);
                self.ys[place].store(ys[lane].to_bits(), Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_stay_where_they_are() {
        let line = Line::unordered(&[1.0, 2.0], &Interrupt::never()).expect("finite");
        let deal = Deal::new(&line, 8, 1 << 10).expect("memory");
        let before = [deal.xs.as_ptr().addr(), deal.ys.as_ptr().addr()];
        let after = deal.coordinates();
        assert_eq!(after.each_ref().map(|values| values.as_ptr().addr()), before);
        assert!(after.concat().iter().all(|&value| value == f64::INFINITY));
    }
}
