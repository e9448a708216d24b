//! The box of some differences along their principal axes, against that along the coordinates.
//!
//! The columns of differences are rotated by pairs until all are at right angles (Hestenes 1958): they are then the
//! differences along the principal axes. The larger half of a box on either side is what its volume counts. No products of
//! differences are formed whose digits would cancel.

/// A rotation that changes less is none.
const ANGLE: f64 = 8.0 * f64::EPSILON;

/// Most pairs are at right angles after six rounds.
const ROUNDS: usize = 30;

/// By how much the logarithm of the volume of the box along the coordinates exceeds that along the principal axes: 0 where
/// the first has no volume, infinity where the second has none, or so little that it is rounding.
pub(super) fn log_excess(columns: &mut [f64], dimensions: usize) -> f64 {
    let n = columns.len() / dimensions;
    let largest = columns.iter().fold(0.0, |largest: f64, difference| largest.max(difference.abs()));
    // A power of two: the division is exact, and squares neither overflow nor vanish.
    let unit = f64::from_bits(largest.to_bits() >> 52 << 52).max(f64::MIN_POSITIVE);
    columns.iter_mut().for_each(|difference| *difference /= unit);
    let widths = |columns: &[f64]| -> Vec<f64> {
        let columns = columns.chunks_exact(n.max(1));
        columns.map(|column| column.iter().fold(0.0, |width: f64, value| width.max(value.abs()))).collect()
    };
    let along_coordinates = widths(columns);
    if along_coordinates.is_empty() || along_coordinates.contains(&0.0) {
        return 0.0;
    }
    rotate(columns, n, dimensions);
    let along_axes = widths(columns);
    let rounding = ANGLE * dimensions as f64 * along_axes.iter().copied().fold(0.0, f64::max);
    if along_axes.iter().any(|&width| width <= rounding) {
        return f64::INFINITY;
    }
    along_coordinates.iter().zip(along_axes).map(|(coordinate, axis)| coordinate.ln() - axis.ln()).sum()
}

/// Turns the columns until they are at right angles.
fn rotate(columns: &mut [f64], n: usize, dimensions: usize) {
    for _ in 0..ROUNDS {
        let mut turned = false;
        for right in 1..dimensions {
            let (before, after) = columns.split_at_mut(right * n);
            for left in 0..right {
                turned |= rotate_pair(&mut before[left * n..][..n], &mut after[..n]);
            }
        }
        if !turned {
            return;
        }
    }
}

/// Turns two columns to right angles; whether they were not.
fn rotate_pair(a: &mut [f64], b: &mut [f64]) -> bool {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (aa, bb, ab) = (product(a, a), product(b, b), product(a, b));
    if ab.abs() <= ANGLE * aa.max(bb) {
        return false;
    }
    let cotangent = (bb - aa) / (2.0 * ab); // of twice the angle
    let tangent = 1f64.copysign(cotangent) / (cotangent.abs() + cotangent.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = cosine * tangent;
    for (a, b) in a.iter_mut().zip(b) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
    true
}
