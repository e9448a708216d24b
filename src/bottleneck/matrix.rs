//! A matrix that is multiplied many times by one with few columns, which lie in lanes.
//!
//! Each element of a product is a sum over the columns of the matrix in their order, whatever the way: the same bits for any
//! instructions and any share of the rows. Each product is rounded once, with the sum so far: by one instruction where there
//! is one, otherwise in several. Loops are over positions, for iterators over several slices are not always inlined.

use std::ops::Range;

use fearless_simd::{Level, f64x8, prelude::*};

use crate::lanes::{LANES, in_lanes};
use crate::{Error, memory};

/// From this share of non-zero elements on they are not skipped.
const DENSE: f64 = 0.25;

/// Rows that are multiplied together: each row of the other matrix is read once for all of them.
const ROWS: usize = 8;

/// A matrix of numbers of at least 0, row by row.
pub(super) struct Matrix {
    n_rows: usize,
    n_columns: usize,
    /// Where rows begin among what is not 0; empty if nothing is 0: then all rows have the same columns.
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
    /// All elements, if few are 0.
    dense: Vec<f64>,
}

impl Matrix {
    pub(super) fn new(elements: Vec<f64>, n_columns: usize) -> Result<Self, Error> {
        let n_rows = elements.len() / n_columns;
        let filled = elements.iter().filter(|&&element| element > 0.0).count();
        let is_full = filled == elements.len();
        let mut matrix = Self {
            n_rows,
            n_columns,
            starts: memory::with_capacity(n_rows + 1)?,
            columns: memory::with_capacity(if is_full { n_columns } else { filled })?,
            values: memory::with_capacity(if is_full { 0 } else { filled })?,
            dense: Vec::new(),
        };
        if is_full {
            matrix.columns.extend(0..n_columns as u32);
        } else {
            matrix.starts.push(0);
            for row in elements.chunks(n_columns) {
                for (column, &element) in row.iter().enumerate().filter(|&(_, &element)| element > 0.0) {
                    matrix.columns.push(column as u32);
                    matrix.values.push(element);
                }
                matrix.starts.push(matrix.values.len());
            }
        }
        if filled as f64 >= DENSE * elements.len() as f64 {
            matrix.dense = elements;
        }
        Ok(matrix)
    }

    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The columns of a row that are not 0, and what is there.
    pub(super) fn row(&self, row: usize) -> (&[u32], &[f64]) {
        if self.starts.is_empty() {
            return (&self.columns, &self.dense[row * self.n_columns..][..self.n_columns]);
        }
        let range = self.starts[row]..self.starts[row + 1];
        (&self.columns[range.clone()], &self.values[range])
    }

    /// Some rows times `right`, which has `width` columns, a multiple of eight. `right` may hold infinities, which 0 leaves
    /// alone, unless it `is_finite`.
    pub(super) fn times(
        &self,
        rows: Range<usize>,
        right: &[f64],
        width: usize,
        is_finite: bool,
        out: &mut [f64],
    ) {
        if self.dense.is_empty() || !(is_finite || self.starts.is_empty()) {
            in_lanes!(simd => self.sparse(simd, rows, right, width, out));
        } else {
            in_lanes!(simd => self.tiled(simd, rows, right, width, out));
        }
    }

    #[inline(always)]
    fn sparse<S: Simd>(&self, simd: S, rows: Range<usize>, right: &[f64], width: usize, out: &mut [f64]) {
        for (row, out) in rows.zip(out.chunks_mut(width)) {
            let (columns, values) = self.row(row);
            for (first, packs) in parts(width, if is_wide(simd) { 8 } else { 4 }) {
                match packs {
                    8 => gather::<S, 8>(simd, columns, values, right, width, first, out),
                    7 => gather::<S, 7>(simd, columns, values, right, width, first, out),
                    6 => gather::<S, 6>(simd, columns, values, right, width, first, out),
                    5 => gather::<S, 5>(simd, columns, values, right, width, first, out),
                    4 => gather::<S, 4>(simd, columns, values, right, width, first, out),
                    3 => gather::<S, 3>(simd, columns, values, right, width, first, out),
                    2 => gather::<S, 2>(simd, columns, values, right, width, first, out),
                    _ => gather::<S, 1>(simd, columns, values, right, width, first, out),
                }
            }
        }
    }

    #[inline(always)]
    fn tiled<S: Simd>(&self, simd: S, rows: Range<usize>, right: &[f64], width: usize, out: &mut [f64]) {
        let widest = if is_wide(simd) { 3 } else { 1 };
        let elements = &self.dense[rows.start * self.n_columns..rows.end * self.n_columns];
        let tiles = elements.chunks(ROWS * self.n_columns).zip(out.chunks_mut(ROWS * width));
        for (elements, out) in tiles {
            let whole = elements.len() == ROWS * self.n_columns;
            for (first, packs) in parts(width, widest) {
                match (whole, packs) {
                    (true, 4) => tile::<S, ROWS, 4>(simd, elements, right, width, first, out),
                    (true, 3) => tile::<S, ROWS, 3>(simd, elements, right, width, first, out),
                    (true, 2) => tile::<S, ROWS, 2>(simd, elements, right, width, first, out),
                    (true, _) => tile::<S, ROWS, 1>(simd, elements, right, width, first, out),
                    (false, packs) => {
                        for (elements, out) in elements.chunks(self.n_columns).zip(out.chunks_mut(width)) {
                            for pack in 0..packs {
                                tile::<S, 1, 1>(simd, elements, right, width, first + pack * LANES, out);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Whether there are registers for two dozen packs.
fn is_wide<S: Simd>(simd: S) -> bool {
    matches!(simd.level(), Level::Avx512(_))
}

/// The first column and the number of packs of parts that are about equal, of at most `widest` packs.
#[inline(always)]
fn parts(width: usize, widest: usize) -> impl Iterator<Item = (usize, usize)> {
    let packs = width / LANES;
    let parts = packs.div_ceil(widest);
    let size = move |part| packs / parts + usize::from(part < packs % parts);
    (0..parts).scan(0, move |first, part| {
        let start = *first;
        *first += size(part) * LANES;
        Some((start, size(part)))
    })
}

/// The sum of some rows of `right`, each times its value.
#[inline(always)]
fn gather<S: Simd, const PACKS: usize>(
    simd: S,
    columns: &[u32],
    values: &[f64],
    right: &[f64],
    width: usize,
    first: usize,
    out: &mut [f64],
) {
    let mut sums = [f64x8::splat(simd, 0.0); PACKS];
    for i in 0..columns.len().min(values.len()) {
        let start = columns[i] as usize * width + first;
        let row = &right[start..start + PACKS * LANES];
        let value = f64x8::splat(simd, values[i]);
        for pack in 0..PACKS {
            let right = f64x8::from_slice(simd, &row[pack * LANES..][..LANES]);
            sums[pack] = value.mul_add_precise(right, sums[pack]);
        }
    }
    for pack in 0..PACKS {
        sums[pack].store_slice(&mut out[first + pack * LANES..][..LANES]);
    }
}

/// Several rows at once, all their elements.
#[inline(always)]
fn tile<S: Simd, const ROWS: usize, const PACKS: usize>(
    simd: S,
    elements: &[f64],
    right: &[f64],
    width: usize,
    first: usize,
    out: &mut [f64],
) {
    let n = elements.len() / ROWS;
    let rows: [&[f64]; ROWS] = std::array::from_fn(|row| &elements[row * n..][..n]);
    let mut sums = [[f64x8::splat(simd, 0.0); PACKS]; ROWS];
    for column in 0..n {
        let right = &right[column * width + first..][..PACKS * LANES];
        let mut packs = [f64x8::splat(simd, 0.0); PACKS];
        for pack in 0..PACKS {
            packs[pack] = f64x8::from_slice(simd, &right[pack * LANES..][..LANES]);
        }
        for row in 0..ROWS {
            let value = f64x8::splat(simd, rows[row][column]);
            for pack in 0..PACKS {
                sums[row][pack] = value.mul_add_precise(packs[pack], sums[row][pack]);
            }
        }
    }
    for row in 0..ROWS {
        for pack in 0..PACKS {
            sums[row][pack].store_slice(&mut out[row * width + first + pack * LANES..][..LANES]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_gives_the_same_bits() -> Result<(), Error> {
        for (n_rows, n_columns, width) in [(1, 1, 8), (7, 5, 8), (9, 13, 40), (13, 6, 56), (4, 3, 72)] {
            let number = |i: usize| (i * 7919 % 1009) as f64 / 1009.0;
            let elements: Vec<f64> = (0..n_rows * n_columns).map(|i| number(i + 1)).collect();
            let right: Vec<f64> = (0..n_columns * width).map(|i| -number(3 * i)).collect();
            let matrix = Matrix::new(elements.clone(), n_columns)?;
            let mut products = [vec![0.0; n_rows * width], vec![1.0; n_rows * width]];
            for (is_finite, out) in [true, false].into_iter().zip(&mut products) {
                matrix.times(0..n_rows, &right, width, is_finite, out);
            }
            for (i, product) in products[0].iter().enumerate() {
                let row = elements[i / width * n_columns..].iter();
                let expected = row.zip(right[i % width..].iter().step_by(width));
                let expected = expected.take(n_columns).fold(0.0, |sum, (a, b)| a.mul_add(*b, sum));
                assert_eq!(*product, expected);
            }
            assert_eq!(products[0], products[1]);
        }
        Ok(())
    }
}
