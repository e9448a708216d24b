//! Matrices of columns of labels: reading them, few levels by bits, many sample by sample.

use std::sync::atomic::AtomicUsize;

use divan::Bencher;
use mutua::{LabelColumns, Workers, pairwise_mutual_information};

fn main() {
    divan::main();
}

/// A matrix by rows; levels of each column are equally frequent.
fn labels(n_samples: usize, n_columns: usize, n_levels: u64) -> Vec<u8> {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % n_levels) as u8
    };
    (0..n_samples * n_columns).map(|_| next()).collect()
}

fn read(values: &[u8], n_samples: usize) -> LabelColumns {
    LabelColumns::new(values, n_samples, false, Workers::new(1)).expect("whole rows")
}

#[divan::bench(args = [2, 10, 50])]
fn reading(bencher: Bencher<'_, '_>, n_levels: u64) {
    let values = labels(10_000, 500, n_levels);
    bencher.bench(|| read(&values, 10_000));
}

#[divan::bench(args = [(10_000, 500, 2), (1000, 300, 10), (10_000, 50, 50), (1000, 50, 200)])]
fn matrix(bencher: Bencher<'_, '_>, (n_samples, n_columns, n_levels): (usize, usize, u64)) {
    let values = labels(n_samples, n_columns, n_levels);
    let mut out = vec![0.0; n_columns * n_columns];
    bencher.with_inputs(|| read(&values, n_samples)).bench_local_values(|x| {
        pairwise_mutual_information(x, None, 1.0, &mut out, &AtomicUsize::new(0), Workers::new(1))
            .expect("fits");
    });
}
