//! Sums of the scores themselves.

use fearless_simd::{f64x8, prelude::*, u64x8};

use super::score::{MOST_LANES, Score, wide};
use super::tile::{COLUMNS, ROWS};
use super::walk::{ScoreBlock, Terms};
use crate::Error;
use crate::threads::Workers;

/// Packs of `f64` that a pack of scores fills, or half of.
const PARTS: usize = MOST_LANES / f64::LANES;

/// Sums of `score - level` along the rows and the columns of a block, the diagonal of the matrix left out. A level that
/// scores have in common takes no digits.
///
/// # Errors
/// [`Error::Score`] for a score that is NaN, infinity, or finite and beyond 2^30; [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
pub fn score_sums<T: Score>(
    block: ScoreBlock<'_, T>,
    level: T,
    workers: Workers<'_>,
) -> Result<[Vec<f64>; 2], Error> {
    let (rows, [columns]) = block.sums(&Above(level.into()), workers)?;
    Ok([rows, columns])
}

/// The level.
struct Above(f64);

impl Terms<1> for Above {
    fn nothing(&self) -> f64 {
        self.0
    }

    #[inline(always)]
    fn add<S: Simd, T: Score>(
        &self,
        simd: S,
        tile: &[&[T]],
        _: [usize; 2],
        [in_columns]: [&mut [f64]; 1],
        in_rows: &mut [f64],
    ) -> bool {
        let [zero, level, none] = [0.0, self.0, f64::NEG_INFINITY].map(|number| f64x8::splat(simd, number));
        let parts = T::LANES / f64::LANES;
        let (mut rows, mut largest) = ([zero; ROWS], zero);
        let mut columns = [[zero; PARTS]; COLUMNS / f64::LANES];
        let columns = &mut columns[..tile[0].len() / T::LANES];
        for (scores, row) in tile.iter().zip(&mut rows) {
            let mut in_row = zero;
            for (scores, column) in scores.chunks_exact(T::LANES).zip(&mut *columns) {
                let scores = wide::<S, T>(T::Pack::from_slice(simd, scores));
                for (scores, in_column) in scores.chunks_exact(f64::LANES).zip(&mut column[..parts]) {
                    let scores = f64x8::from_slice(simd, scores);
                    let size = scores.simd_eq(none).select(zero, scores.abs());
                    // As integers, NaN and infinity are the largest.
                    largest = largest.bitcast::<u64x8<S>>().max(size.bitcast::<u64x8<S>>()).bitcast();
                    *in_column += scores - level;
                    in_row += scores - level;
                }
            }
            *row = in_row;
        }
        if !largest.simd_le(f64::LIMIT).all_true() {
            return false;
        }
        for (column, in_columns) in columns.iter().zip(in_columns.chunks_exact_mut(T::LANES)) {
            for (part, in_columns) in column.iter().zip(in_columns.chunks_exact_mut(f64::LANES)) {
                (f64x8::from_slice(simd, in_columns) + *part).store_slice(in_columns);
            }
        }
        for (row, in_row) in rows.iter().zip(in_rows) {
            *in_row += row.reduce_sum();
        }
        true
    }
}
