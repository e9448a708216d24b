//! Sums over the scores of pairs that do not belong together, along rows and columns, block by block.
//!
//! A block is taken a tile at a time. Only what meets the diagonal is copied, with a score there that adds nothing, and
//! what a kernel refuses is looked at score by score. Sums are taken in `f64`, in an order that the number of threads does
//! not change.

use std::array;

use fearless_simd::prelude::*;

use super::score::{MOST_LANES, Score, is_score};
use super::tile::{COLUMNS, ROWS, around_diagonal};
use crate::lanes::in_lanes;
use crate::threads::Workers;
use crate::{Error, memory};

/// What is added up: `N` sums for each column and one for each row.
pub(super) trait Terms<const N: usize>: Sync {
    /// A score that adds nothing.
    fn nothing(&self) -> f64;

    /// Adds whole packs of a tile whose first score is at a position of the matrix. False, and nothing is added, if a score is NaN, infinity
    /// or beyond the limit of its type.
    fn add<S: Simd, T: Score>(
        &self,
        simd: S,
        tile: &[&[T]],
        position: [usize; 2],
        in_columns: [&mut [f64]; N],
        in_rows: &mut [f64],
    ) -> bool;
}

/// Rows of a square matrix of scores.
#[derive(Clone, Copy)]
pub struct ScoreBlock<'a, T> {
    pub(super) scores: &'a [T],
    pub(super) n: usize,
    pub(super) first_row: usize,
}

impl<'a, T: Score> ScoreBlock<'a, T> {
    /// Rows of `n` scores each, the first of which is row `first_row` of the matrix.
    ///
    /// # Errors
    /// [`Error::Shape`] if they are no whole rows, or more than the matrix has.
    pub fn new(scores: &'a [T], n: usize, first_row: usize) -> Result<Self, Error> {
        let n_rows = scores.len().checked_div(n).unwrap_or(0);
        if n_rows * n != scores.len() || n.checked_sub(first_row).is_none_or(|left| n_rows > left) {
            return Err(Error::Shape { values: scores.len(), dimensions: n });
        }
        Ok(Self { scores, n, first_row })
    }

    pub(super) fn n_rows(&self) -> usize {
        self.scores.len().checked_div(self.n).unwrap_or(0)
    }

    /// One sum for each row, and those of the columns.
    pub(super) fn sums<const N: usize>(
        &self,
        terms: &impl Terms<N>,
        workers: Workers<'_>,
    ) -> Result<(Vec<f64>, [Vec<f64>; N]), Error> {
        for row in 0..self.n_rows() {
            let position = self.first_row + row;
            if !is_score(self.scores[row * self.n + position].into()) {
                return Err(Error::Score { row: position, column: position });
            }
        }
        let strips = workers.map(self.n.div_ceil(COLUMNS), |strip, interrupt| {
            let (first, mut copy) = (strip * COLUMNS, Vec::new());
            let width = COLUMNS.min(self.n - first);
            let mut in_rows = memory::filled(self.n_rows(), 0.0)?;
            let mut in_columns = [const { Vec::new() }; N];
            for sums in &mut in_columns {
                *sums = memory::filled(width.next_multiple_of(MOST_LANES), 0.0)?;
            }
            for (tile, in_rows) in in_rows.chunks_mut(ROWS).enumerate() {
                interrupt.check()?;
                let (row, height) = (tile * ROWS, in_rows.len());
                let diagonal = around_diagonal::<T>([self.first_row + row, first], [height, width]);
                for part in [0..diagonal.start, diagonal.clone(), diagonal.end..width] {
                    if !part.is_empty() {
                        let tile: [&[T]; ROWS] = array::from_fn(|i| {
                            &self.scores[(row + i.min(height - 1)) * self.n + first..][part.clone()]
                        });
                        let position = [self.first_row + row, first + part.start];
                        let in_columns = in_columns.each_mut().map(|sums| &mut sums[part.start..]);
                        add_tile(terms, &tile[..height], position, in_columns, in_rows, &mut copy)?;
                    }
                }
            }
            for sums in &mut in_columns {
                sums.truncate(width);
            }
            Ok((in_rows, in_columns))
        })?;
        let mut rows = memory::filled(self.n_rows(), 0.0)?;
        let mut columns = [const { Vec::new() }; N];
        for (in_rows, in_columns) in &strips {
            rows.iter_mut().zip(in_rows).for_each(|(row, sum)| *row += sum);
            for (column, sums) in columns.iter_mut().zip(in_columns) {
                memory::append(column, sums)?;
            }
        }
        Ok((rows, columns))
    }
}

/// Adds a tile whose first score is at `[row, column]` of the matrix; `copy` is a buffer.
fn add_tile<T: Score, const N: usize>(
    terms: &impl Terms<N>,
    tile: &[&[T]],
    [row, column]: [usize; 2],
    mut in_columns: [&mut [f64]; N],
    in_rows: &mut [f64],
    copy: &mut Vec<T>,
) -> Result<(), Error> {
    let width = tile[0].len();
    let has_diagonal = row < column + width && column < row + tile.len();
    let mut add = |tile: &[&[T]]| {
        let in_columns = in_columns.each_mut().map(|sums| &mut **sums);
        in_lanes!(simd => terms.add(simd, tile, [row, column], in_columns, in_rows))
    };
    if !has_diagonal && width.is_multiple_of(T::LANES) && add(tile) {
        return Ok(());
    }
    let nothing = T::from_f64(terms.nothing());
    let padded = width.next_multiple_of(T::LANES);
    copy.clear();
    copy.try_reserve(tile.len() * padded).map_err(|_| Error::OutOfMemory)?;
    for (i, scores) in tile.iter().enumerate() {
        copy.extend_from_slice(scores);
        copy.resize((i + 1) * padded, nothing);
        if let Some(j) = (row + i).checked_sub(column).filter(|&j| j < width) {
            copy[i * padded + j] = nothing;
        }
    }
    let plain: Vec<&[T]> = copy.chunks_exact(padded).collect();
    if add(&plain) {
        return Ok(());
    }
    for (i, scores) in tile.iter().enumerate() {
        if let Some(j) = scores.iter().position(|&score| !is_score(score.into())) {
            return Err(Error::Score { row: row + i, column: column + j });
        }
    }
    // Beyond the limit of their type alone.
    let padded = width.next_multiple_of(f64::LANES);
    let mut wide = memory::with_capacity(tile.len() * padded)?;
    for scores in plain {
        wide.extend(scores[..width].iter().map(|&score| score.into()));
        wide.resize(wide.len().next_multiple_of(f64::LANES), terms.nothing());
    }
    let wide: Vec<&[f64]> = wide.chunks_exact(padded).collect();
    in_lanes!(simd => terms.add(simd, &wide, [row, column], in_columns, in_rows));
    Ok(())
}
