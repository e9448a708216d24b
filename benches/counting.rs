//! Labels to a table, and a table to its scores, one thread.

use divan::{Bencher, black_box};
use mutua::{ContingencyTable, Interrupt, expected_mutual_information};

fn main() {
    divan::main();
}

/// A million labels below `n_labels`, spread by a fixed sequence.
fn labels(n_labels: i64, factor: i64) -> Vec<i64> {
    (0..1_000_000i64).map(|i| ((i * factor) ^ (i >> 7)).rem_euclid(n_labels)).collect()
}

const N_LABELS: [i64; 3] = [10, 1_000, 100_000];

#[divan::bench(args = N_LABELS, sample_count = 10)]
fn count_pairs(bencher: Bencher<'_, '_>, n_labels: i64) {
    let (x, y) = (labels(n_labels, 7919), labels(n_labels, 104_729));
    bencher.bench(|| ContingencyTable::from_labels(black_box(&x), black_box(&y), &Interrupt::never()));
}

#[divan::bench(args = N_LABELS, sample_count = 10)]
fn mutual_information(bencher: Bencher<'_, '_>, n_labels: i64) {
    let table = ContingencyTable::from_labels(
        &labels(n_labels, 7919),
        &labels(n_labels, 104_729),
        &Interrupt::never(),
    );
    let table = table.expect("equal lengths");
    bencher.bench(|| black_box(&table).mutual_information());
}

#[divan::bench(args = [10, 100, 1_000], sample_count = 10)]
fn expected_information(bencher: Bencher<'_, '_>, n_labels: u64) {
    let sizes: Vec<u64> = (0..n_labels).map(|i| 1 + i).collect();
    let n = sizes.iter().sum();
    bencher.bench(|| expected_mutual_information(black_box(&sizes), &sizes, n, &Interrupt::never()));
}
