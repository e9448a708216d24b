//! Columns of a matrix by rows.

use fearless_simd::{prelude::*, u8x64, u64x8};

use crate::lanes::LANES;

/// Bytes that are read of a row: a cache line.
const WIDTH: usize = 64;

/// Copies columns from the first on of some rows, one value at a time; each goes to the front of a row of `columns`.
#[inline(always)]
pub(super) fn values<T: Copy>(
    rows: &[T],
    n_columns: usize,
    first: usize,
    columns: &mut [T],
    n_samples: usize,
) {
    for (sample, row) in rows.chunks(n_columns).enumerate() {
        for (column, &value) in columns.chunks_mut(n_samples).zip(&row[first..]) {
            column[sample] = value;
        }
    }
}

/// The same for bytes: of 64 columns and eight rows at a time, by swapping halves, quarters and eighths of words.
#[inline(always)]
pub(super) fn bytes<S: Simd>(
    simd: S,
    rows: &[u8],
    n_columns: usize,
    first: usize,
    columns: &mut [u8],
    n_samples: usize,
) {
    let wide = (columns.len().div_ceil(n_samples) / WIDTH) * WIDTH;
    for (index, rows) in rows.chunks(n_columns * LANES).enumerate() {
        let columns = &mut columns[index * LANES..];
        let wide = if rows.len() == n_columns * LANES { wide } else { 0 };
        for offset in (0..wide).step_by(WIDTH) {
            square(simd, rows, n_columns, first + offset, &mut columns[offset * n_samples..], n_samples);
        }
        if let Some(columns) = columns.get_mut(wide * n_samples..) {
            values(rows, n_columns, first + wide, columns, n_samples);
        }
    }
}

#[inline(always)]
fn square<S: Simd>(
    simd: S,
    rows: &[u8],
    n_columns: usize,
    first: usize,
    columns: &mut [u8],
    n_samples: usize,
) {
    let mut words = [u64x8::splat(simd, 0); LANES];
    for (words, row) in words.iter_mut().zip(rows.chunks_exact(n_columns)) {
        *words = u8x64::from_slice(simd, &row[first..first + WIDTH]).bitcast();
    }
    for (distance, shift, mask) in
        [(4, 32, u64::MAX >> 32), (2, 16, 0x0000_FFFF_0000_FFFF), (1, 8, 0x00FF_00FF_00FF_00FF)]
    {
        for i in (0..LANES).filter(|i| i & distance == 0) {
            let swapped = ((words[i] >> shift) ^ words[i + distance]) & u64x8::splat(simd, mask);
            words[i + distance] = words[i + distance] ^ swapped;
            words[i] = words[i] ^ (swapped << shift);
        }
    }
    for (offset, words) in words.iter().enumerate() {
        for (eighth, word) in words.as_array().iter().enumerate() {
            let column = LANES * eighth + offset;
            columns[column * n_samples..][..LANES].copy_from_slice(&word.to_le_bytes());
        }
    }
}
