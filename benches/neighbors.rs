//! The stages of a neighbour estimate, one thread.

use divan::{Bencher, black_box};
use mutua::{Ball, Column, Interrupt, KdTree, Line, Points, SmallClasses, encode, kozachenko_leonenko, ross};

fn main() {
    divan::main();
}

/// A correlated Gaussian sample from a fixed sequence.
fn sample(n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut state = 88_172_645_463_325_252u64;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut normal = || (-2.0 * (1.0 - uniform()).ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos();
    (0..n)
        .map(|_| {
            let x = normal();
            (x, 0.6 * x + 0.8 * normal())
        })
        .unzip()
}

fn points(n: usize) -> Points {
    let (x, y) = sample(n);
    Points::from_columns(&[&x, &y]).expect("finite")
}

const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];

#[divan::bench(args = SIZES, sample_count = 10)]
fn sort_a_line(bencher: Bencher<'_, '_>, n: usize) {
    let (x, _) = sample(n);
    bencher.bench(|| Line::new(black_box(&x), &Interrupt::never()));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn count_on_a_line(bencher: Bencher<'_, '_>, n: usize) {
    let (x, _) = sample(n);
    let never = Interrupt::never();
    let line = Line::new(&x, &Interrupt::never()).expect("finite");
    let tree = KdTree::new(&points(n), &never).expect("memory");
    let (radii, _) = tree.kth_distances(3, never.alone()).expect("k below n");
    bencher.bench_local(|| line.counts_within(black_box(&radii), Ball::Open, &never));
}

#[divan::bench(args = SIZES, consts = [3, 200], sample_count = 10)]
fn search_a_line<const K: usize>(bencher: Bencher<'_, '_>, n: usize) {
    let never = Interrupt::never();
    let line = Line::new(&sample(n).0, &never).expect("finite");
    bencher.bench_local(|| black_box(&line).kth_distances(K, &never));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn entropy_of_a_line(bencher: Bencher<'_, '_>, n: usize) {
    let never = Interrupt::never();
    let points = Points::from_columns(&[&sample(n).0]).expect("finite");
    bencher.bench_local(|| kozachenko_leonenko(black_box(&points), &[3], never.alone()));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn information_with_three_labels(bencher: Bencher<'_, '_>, n: usize) {
    let never = Interrupt::never();
    let (x, y) = sample(n);
    let labels: Vec<i64> = y.iter().map(|y| i64::from(*y > -0.4) + i64::from(*y > 0.4)).collect();
    let column = Column::new(&x, &never).expect("finite");
    let codes = encode(&labels, &never).expect("few");
    bencher.bench_local(|| ross(black_box(&column), &codes, 3, SmallClasses::Exact, &never));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn build_a_tree(bencher: Bencher<'_, '_>, n: usize) {
    let points = points(n);
    bencher.bench_local(|| KdTree::new(black_box(&points), &Interrupt::never()));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn count_in_a_tree(bencher: Bencher<'_, '_>, n: usize) {
    let never = Interrupt::never();
    let tree = KdTree::new(&points(n), &never).expect("memory");
    // About 200 points within the radius of each.
    let (radii, _) = tree.kth_distances(200, never.alone()).expect("k below n");
    bencher.bench_local(|| black_box(&tree).counts_within(&radii, Ball::Open, never.alone()));
}

#[divan::bench(args = SIZES, consts = [3, 20], sample_count = 10)]
fn search_a_tree<const K: usize>(bencher: Bencher<'_, '_>, n: usize) {
    let never = Interrupt::never();
    let tree = KdTree::new(&points(n), &never).expect("memory");
    bencher.bench_local(|| black_box(&tree).kth_distances(K, never.alone()));
}

#[divan::bench(args = SIZES, consts = [3, 10], sample_count = 10)]
fn estimate_ksg<const K: usize>(bencher: Bencher<'_, '_>, n: usize) {
    let (x, y) = sample(n);
    bencher.bench(|| mutua::ksg(&x, &y, K, mutua::Duplicates::Apart, mutua::Workers::new(1)));
}
