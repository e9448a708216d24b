//! The k-th neighbour among ranks, one thread: ranking alone, and a whole estimate.

use divan::{Bencher, black_box};
use mutua::{Interrupt, Ranks, rank_mutual_information};

fn main() {
    divan::main();
}

/// Three dependent columns from a fixed sequence.
fn columns(n: usize) -> [Vec<f64>; 3] {
    let mut state = 88_172_645_463_325_252u64;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let z: Vec<f64> = (0..n).map(|_| uniform()).collect();
    let x: Vec<f64> = z.iter().map(|z| z + uniform()).collect();
    let y = x.iter().zip(&z).map(|(x, z)| z + 0.5 * x + uniform()).collect();
    [x, y, z]
}

fn ranks(column: &[f64]) -> [Ranks; 1] {
    [Ranks::new(column, &Interrupt::never()).expect("finite values")]
}

const SIZES: [usize; 4] = [200, 1_000, 10_000, 50_000];

#[divan::bench(args = SIZES, sample_count = 10)]
fn rank_a_column(bencher: Bencher<'_, '_>, n: usize) {
    let [x, ..] = columns(n);
    bencher.bench(|| ranks(black_box(&x)));
}

/// A fifth of the points, as in tests of conditional independence, and few.
#[divan::bench(args = SIZES, consts = [5, 100], sample_count = 10)]
fn estimate<const DIVISOR: usize>(bencher: Bencher<'_, '_>, n: usize) {
    let [x, y, z] = columns(n).map(|column| ranks(&column));
    let never = Interrupt::never();
    bencher.bench_local(|| rank_mutual_information(black_box(&x), &y, &z, n / DIVISOR, never.alone()));
}
