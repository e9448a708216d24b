//! Sums of exponentials along the rows and the columns of a matrix of scores, block by block.
//!
//! ```text
//! rows: ln sum_(j != i) exp(s_ij),   columns: ln sum_(i != j) exp(s_ij)
//! ```
//!
//! The diagonal, the scores of the pairs that belong together, is left out: every bound takes it by itself. One pass over
//! the scores, which may come in blocks of rows and are never stored; for each column an exponent and a sum are kept. A
//! score of minus infinity adds nothing. Sums are taken in `f64`, of `f32` after at most 64 terms, and in an order that
//! the number of threads does not change.

use super::score::{Score, is_score};
use super::sums::{Exponentials, Part};
use super::tile::{COLUMNS, ROWS, add, add_plain, around_diagonal};
use crate::lanes::in_lanes;
use crate::threads::Workers;
use crate::{Error, memory};

/// The sums of a square matrix of scores of which some rows have been seen.
#[derive(Debug, Clone)]
pub struct LogSums {
    n: usize,
    /// Of the rows so far.
    diagonal: Vec<f64>,
    columns: Exponentials,
}

impl LogSums {
    /// Those of `n` rows of `n` scores, none of them seen.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn new(n: usize) -> Result<Self, Error> {
        memory::check_size(n)?;
        Ok(Self { n, diagonal: memory::with_capacity(n)?, columns: Exponentials::none(n)? })
    }

    /// Adds the next rows and returns, for each, the logarithm of its sum less the score on the diagonal: minus infinity
    /// where no other score adds anything, else infinity where the one on the diagonal is minus infinity.
    ///
    /// # Errors
    /// [`Error::Shape`] if the scores are no whole rows, or more than are left; [`Error::Score`] for one that is NaN,
    /// infinity, or finite and beyond 2^30; [`Error::OutOfMemory`], [`Error::Interrupted`]. After an error the sums are of
    /// no use.
    pub fn add<T: Score>(&mut self, scores: &[T], workers: Workers<'_>) -> Result<Vec<f64>, Error> {
        let (n, first_row) = (self.n, self.diagonal.len());
        let n_rows = scores.len().checked_div(n).unwrap_or(0);
        if n_rows * n != scores.len() || n_rows > n - first_row {
            return Err(Error::Shape { values: scores.len(), dimensions: n });
        }
        for (row, scores) in scores.chunks_exact(n.max(1)).enumerate() {
            let row = first_row + row;
            let score = scores[row].into();
            if !is_score(score) {
                return Err(Error::Score { row, column: row });
            }
            self.diagonal.push(score);
        }
        let strips = memory::collect(self.columns.chunks(COLUMNS).enumerate())?.into_iter();
        let begin = || Ok((Vec::new(), Vec::new()));
        let done = workers.share(strips, begin, |(done, copy), (strip, mut sums), interrupt| {
            let mut rows = Exponentials::none(n_rows)?;
            let columns = strip * COLUMNS..n.min((strip + 1) * COLUMNS);
            for first in (0..n_rows).step_by(ROWS) {
                interrupt.check()?;
                let rows_here = first..n_rows.min(first + ROWS);
                let tile: Vec<&[T]> =
                    rows_here.clone().map(|row| &scores[row * n..][columns.clone()]).collect();
                let mut rows = rows.whole();
                let position = [first_row + first, columns.start];
                add_tile(&tile, position, &mut sums, &mut rows.part(rows_here), copy)?;
            }
            done.push((strip, rows));
            Ok(())
        })?;
        let mut strips: Vec<_> = done.into_iter().flat_map(|(strips, _)| strips).collect();
        strips.sort_unstable_by_key(|&(strip, _)| strip);
        let mut rows = Exponentials::none(n_rows)?;
        for (_, others) in &strips {
            in_lanes!(_ => rows.add(others));
        }
        rows.logarithms_less(&self.diagonal[first_row..])
    }

    /// The same for each column, of which all rows have been seen.
    ///
    /// # Errors
    /// [`Error::Lengths`] if some have not, [`Error::OutOfMemory`].
    pub fn columns(&self) -> Result<Vec<f64>, Error> {
        if self.diagonal.len() < self.n {
            return Err(Error::Lengths { left: self.n, right: self.diagonal.len() });
        }
        self.columns.logarithms_less(&self.diagonal)
    }
}

/// Adds a tile whose first score is at `[row, column]` of the matrix; `copy` is a buffer.
fn add_tile<T: Score>(
    tile: &[&[T]],
    [row, column]: [usize; 2],
    columns: &mut Part<'_>,
    rows: &mut Part<'_>,
    copy: &mut Vec<T>,
) -> Result<(), Error> {
    let width = tile[0].len();
    let diagonal = around_diagonal::<T>([row, column], [tile.len(), width]);
    if !diagonal.is_empty() && diagonal.len() < width {
        for part in [0..diagonal.start, diagonal.clone(), diagonal.end..width] {
            if !part.is_empty() {
                let tile: Vec<&[T]> = tile.iter().map(|scores| &scores[part.clone()]).collect();
                add_tile(&tile, [row, column + part.start], &mut columns.from(part.start), rows, copy)?;
            }
        }
        return Ok(());
    }
    let is_whole = diagonal.is_empty() && width.is_multiple_of(T::LANES);
    if is_whole && in_lanes!(simd => add_plain::<_, _, false>(simd, tile, columns, rows)) {
        return Ok(());
    }
    // Copied, with minus infinity for what adds nothing.
    let nothing = T::from_f64(f64::NEG_INFINITY);
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
    if in_lanes!(simd => add_plain::<_, _, true>(simd, &plain, columns, rows)) {
        return Ok(());
    }
    let mut are_within = true;
    for score in &mut *copy {
        are_within &= *score == nothing || (*score >= -T::LIMIT && *score <= T::LIMIT);
        *score = if *score == nothing { T::FLOOR } else { *score };
    }
    if !are_within {
        let tile = widened(tile, [row, column])?;
        let tile: Vec<&[f64]> = tile.iter().map(Vec::as_slice).collect();
        return add_tile(&tile, [row, column], columns, rows, &mut Vec::new());
    }
    let tile: Vec<&[T]> = copy.chunks_exact(padded).collect();
    in_lanes!(simd => add(simd, &tile, columns, rows));
    Ok(())
}

/// The scores as `f64`, whose limit is that of scores.
fn widened<T: Score>(tile: &[&[T]], [row, column]: [usize; 2]) -> Result<Vec<Vec<f64>>, Error> {
    let mut wide = memory::with_capacity(tile.len())?;
    for (i, scores) in tile.iter().enumerate() {
        let scores = memory::collect(scores.iter().map(|&score| score.into()))?;
        if let Some(j) = scores.iter().position(|&score| !is_score(score)) {
            return Err(Error::Score { row: row + i, column: column + j });
        }
        wide.push(scores);
    }
    Ok(wide)
}
