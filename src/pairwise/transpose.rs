//! Columns of a few rows.

use fearless_simd::{prelude::*, u8x64, u64x8};

use crate::lanes::LANES;

/// Rows are a multiple of this apart; so many bytes of them are turned at once.
pub(super) const WIDTH: usize = 64;

/// Copies each column of some rows to the front of its own `n_samples` of `columns`, one value at a time.
#[inline(always)]
pub(super) fn values<T: Copy>(rows: &[T], stride: usize, columns: &mut [T], n_samples: usize) {
    for (column, to) in columns.chunks_mut(n_samples).enumerate() {
        for (to, row) in to.iter_mut().zip(rows.chunks_exact(stride)) {
            *to = row[column];
        }
    }
}

/// The same for bytes: of 64 columns and eight rows at a time, by swapping halves, quarters and eighths of words.
#[inline(always)]
pub(super) fn bytes<S: Simd>(simd: S, rows: &[u8], stride: usize, columns: &mut [u8], n_samples: usize) {
    let n_columns = columns.len().div_ceil(n_samples);
    for (index, rows) in rows.chunks(stride * LANES).enumerate() {
        if rows.len() < stride * LANES {
            return values(rows, stride, &mut columns[index * LANES..], n_samples);
        }
        for first in (0..n_columns).step_by(WIDTH) {
            let mut words = [u64x8::splat(simd, 0); LANES];
            for (words, row) in words.iter_mut().zip(rows.chunks_exact(stride)) {
                *words = u8x64::from_slice(simd, &row[first..first + WIDTH]).bitcast();
            }
            for (distance, shift, mask) in
                [(4, 32, u64::MAX >> 32), (2, 16, 0x0000_FFFF_0000_FFFF), (1, 8, 0x00FF_00FF_00FF_00FF)]
            {
                for i in (0..LANES).filter(|i| i & distance == 0) {
                    let swapped = ((words[i] >> shift) ^ words[i + distance]) & u64x8::splat(simd, mask);
                    words[i + distance] ^= swapped;
                    words[i] ^= swapped << shift;
                }
            }
            for (offset, words) in words.iter().enumerate() {
                for (eighth, word) in words.as_array().iter().enumerate() {
                    let column = first + LANES * eighth + offset;
                    if column < n_columns {
                        let to = &mut columns[column * n_samples + index * LANES..];
                        to[..LANES].copy_from_slice(&word.to_le_bytes());
                    }
                }
            }
        }
    }
}
