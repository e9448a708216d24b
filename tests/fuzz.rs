//! Neighbour searches against brute force on random awkward data: the same bits and integers from every path.
//!
//! `cargo test --release --features scalar --test fuzz -- --ignored` runs 100,000 cases, or as many as `MUTUA_FUZZ_CASES` says.
//! A failure names its case; `MUTUA_FUZZ_FIRST` begins with that one.

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use mutua::{
    Ball, Instructions, Interrupt, KdTree, Line, Norm, Points, Workers, brute_force, counts_within,
    extents_within, kth_distances, kth_distances_for, kth_distances_to,
};

/// A small generator: splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `0..n`.
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.uniform()).ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Uniform,
    Gaussian,
    Cauchy,
    LogNormal,
    /// 0 to 3, and both zeros.
    Integers,
    OneValue,
    /// 1e12 apart.
    TwoClusters,
    Denormals,
    /// Differences overflow.
    Huge,
    Sorted,
    Reversed,
    Spiral,
    Grid,
    /// Consecutive numbers from a power of two on, where the steps change.
    UlpLadder,
    /// Half of the points at one value.
    HalfTied,
    /// Multiples of 0.1, whose differences round.
    Decimals,
    Outlier,
}

const KINDS: [Kind; 17] = [
    Kind::Uniform,
    Kind::Gaussian,
    Kind::Cauchy,
    Kind::LogNormal,
    Kind::Integers,
    Kind::OneValue,
    Kind::TwoClusters,
    Kind::Denormals,
    Kind::Huge,
    Kind::Sorted,
    Kind::Reversed,
    Kind::Spiral,
    Kind::Grid,
    Kind::UlpLadder,
    Kind::HalfTied,
    Kind::Decimals,
    Kind::Outlier,
];

/// Coordinate `c` of `n` points.
fn column(kind: Kind, c: usize, n: usize, random: &mut Random) -> Vec<f64> {
    let side = (n as f64).sqrt().ceil() as usize;
    let mut value = |i: usize| {
        let t = i as f64 / n as f64;
        match kind {
            Kind::Uniform | Kind::Sorted | Kind::Reversed => random.uniform(),
            Kind::Gaussian => random.normal(),
            Kind::Cauchy => random.normal() / (random.normal() + f64::MIN_POSITIVE),
            Kind::LogNormal => (3.0 * random.normal()).exp(),
            Kind::Integers => [-0.0, 0.0, 1.0, 2.0, 3.0][random.below(5)],
            Kind::OneValue => 7.5,
            Kind::TwoClusters => random.uniform() + [0.0, 1e12][random.below(2)],
            Kind::Denormals => f64::from_bits(random.next() % 60) * [1.0, -1.0][random.below(2)],
            Kind::Huge => (random.uniform() - 0.5) * f64::MAX * 2.0,
            Kind::Spiral => t * (20.0 * t + c as f64 * std::f64::consts::FRAC_PI_2).cos(),
            Kind::Grid => (if c.is_multiple_of(2) { i % side } else { i / side }) as f64,
            Kind::UlpLadder => f64::from_bits(1f64.to_bits() - 20 + random.next() % 40),
            Kind::HalfTied => [0.25, random.normal()][random.below(2)],
            Kind::Decimals => (random.normal() * 10.0).round() / 10.0,
            Kind::Outlier => random.normal() + if i == n / 3 { 1e12 } else { 0.0 },
        }
    };
    let mut values: Vec<f64> = (0..n).map(&mut value).collect();
    match kind {
        Kind::Sorted => values.sort_unstable_by(f64::total_cmp),
        Kind::Reversed => values.sort_unstable_by(|a, b| b.total_cmp(a)),
        _ => {}
    }
    values
}

/// One to six coordinates in blocks, of one kind or each of its own.
fn points(kinds: &[Kind], n: usize, random: &mut Random) -> Points {
    let columns: Vec<Vec<f64>> =
        kinds.iter().enumerate().map(|(c, &kind)| column(kind, c, n, random)).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let mut blocks = Vec::new();
    let mut rest = columns.as_slice();
    while !rest.is_empty() {
        let (block, others) = rest.split_at(1 + random.below(rest.len()));
        blocks.push(Points::from_columns(block).expect("finite columns"));
        rest = others;
    }
    Points::joint(&blocks.iter().collect::<Vec<_>>()).expect("equal lengths")
}

/// A radius for each point: mostly at, just below or just above a distance that occurs.
fn radii(kth: &[f64], points: &Points, random: &mut Random) -> Vec<f64> {
    let n = kth.len();
    let distance = match points.norm() {
        Norm::Max => brute_force::distance,
        Norm::Euclidean => brute_force::squared_distance,
    };
    let radius = |i: usize| match random.below(8) {
        0 | 1 => kth[i],
        2 => kth[i].next_up(),
        3 => kth[i].next_down().max(0.0),
        4 => distance(points.point(i), points.point(random.below(n))),
        5 => kth[i] * 4.0 * random.uniform(),
        6 => 0.0,
        _ => f64::MAX,
    };
    (0..n).map(radius).map(|radius| radius.min(f64::MAX)).collect()
}

/// Counts as distances are compared: every one of them is exact.
fn numbers(counts: Vec<u32>) -> Vec<f64> {
    counts.into_iter().map(f64::from).collect()
}

/// How many points: few as a rule, now and then enough for every path and for two threads.
fn size(case: u64, random: &mut Random) -> usize {
    if case % 2500 == 2499 {
        2000 + random.below(4000)
    } else {
        1 + (300.0 * random.uniform().powi(3)) as usize
    }
}

/// Compares every path with brute force; how many comparisons that took.
fn check(case: u64) -> usize {
    let mut random = Random(case);
    let n = size(case, &mut random);
    let mut kinds = [KINDS[random.below(KINDS.len())]; 6];
    if random.below(2) == 0 {
        kinds = kinds.map(|_| KINDS[random.below(KINDS.len())]);
    }
    let kinds = &kinds[..1 + random.below(6)];
    let norm = [Norm::Max, Norm::Max, Norm::Euclidean][random.below(3)];
    let points = points(kinds, n, &mut random).with_norm(norm);
    let threads = 1 + random.below(2);
    // Small ones more often than large ones; none where there is no neighbour.
    let ks: Vec<usize> = (0..(1 + random.below(3)).min(n - 1))
        .map(|_| 1 + ((n - 1) as f64 * random.uniform().powi(4)) as usize)
        .collect();
    let kth = brute_force::kth_distances_for(&points, &ks).expect("every k below n");
    let some = kth.first().cloned().unwrap_or_else(|| vec![1.0; n]);
    let radii = radii(&some, &points, &mut random);
    let counts = [Ball::Open, Ball::Closed]
        .map(|ball| (ball, numbers(brute_force::counts_within(&points, &radii, ball).expect("valid radii"))));
    let extents = brute_force::extents_within(&points, &radii).expect("valid radii");
    let n_others = size(case, &mut random);
    let others = self::points(kinds, n_others, &mut random).with_norm(norm);
    let k_others = 1 + ((n_others - 1) as f64 * random.uniform().powi(4)) as usize;
    let to_others = brute_force::kth_distances_to(&points, &others, k_others).expect("k up to their number");

    let (never, workers) = (Interrupt::never(), Workers::new(threads));
    let mut compared = 0;
    for instructions in Instructions::available() {
        assert!(instructions.force());
        let mut equal = |what: &str, found: Vec<f64>, expected: &[f64]| {
            compared += 1;
            let same = |(found, expected): (&f64, &f64)| found.to_bits() == expected.to_bits();
            let different = found.iter().zip(expected).position(|pair| !same(pair));
            assert!(
                different.is_none() && found.len() == expected.len(),
                "case {case}, {what} on {}: point {different:?} has {:?}, not {:?}; {n} points {kinds:?} in blocks \
                 {:?}, {norm:?}, k {ks:?}, {threads} threads",
                instructions.name(),
                different.map(|i| found[i]),
                different.map(|i| expected[i]),
                points.blocks().collect::<Vec<_>>()
            );
        };
        let found = kth_distances_for(&points, &ks, workers).expect("every k below n");
        assert_eq!(found.len(), ks.len());
        for (found, kth) in found.into_iter().zip(&kth) {
            equal("kth_distances_for", found, kth);
        }
        for (&k, kth) in ks.iter().zip(&kth) {
            equal(
                &format!("kth_distances for k = {k}"),
                kth_distances(&points, k, workers).expect("k below n"),
                kth,
            );
        }
        let found = kth_distances_to(&points, &others, &[k_others], workers).expect("k up to their number");
        equal(&format!("kth_distances_to for k = {k_others}"), found.concat(), &to_others);
        for (ball, counts) in &counts {
            let found = counts_within(&points, &radii, *ball, workers).expect("valid radii");
            equal("counts_within", numbers(found), counts);
        }
        let found = extents_within(&points, &radii, workers).expect("valid radii");
        assert_eq!(found.len(), extents.len());
        for (found, extents) in found.into_iter().zip(&extents) {
            equal("extents_within", found, extents);
        }
        if norm == Norm::Euclidean {
            continue;
        }
        let tree = KdTree::new(&points, &never).expect("memory");
        for (&k, kth) in ks.iter().zip(&kth) {
            equal(
                &format!("KdTree::kth_distances for k = {k}"),
                tree.kth_distances(k, workers).expect("k below n").0,
                kth,
            );
        }
        for (ball, counts) in &counts {
            let (found, _) = tree.counts_within(&radii, *ball, workers).expect("valid radii");
            equal("KdTree::counts_within", numbers(found), counts);
        }
        if points.dimensions() > 1 {
            continue;
        }
        let values: Vec<f64> = (0..n).map(|i| points.point(i)[0]).collect();
        let line = Line::new(&values, &never).expect("finite values");
        for (&k, kth) in ks.iter().zip(&kth) {
            equal(
                &format!("Line::kth_distances for k = {k}"),
                line.kth_distances(k, &never).expect("k below n"),
                kth,
            );
        }
        for (ball, counts) in &counts {
            let found = line.counts_within(&radii, *ball, &never).expect("valid radii");
            equal("Line::counts_within", numbers(found), counts);
        }
    }
    compared
}

/// The instructions are chosen for the whole process, so one run at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn run(first: u64, cases: u64) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let compared: usize = (first..first + cases).map(check).sum();
    assert!(compared as u64 >= cases * 5);
    let paths: Vec<_> = Instructions::available().map(Instructions::name).collect();
    // Past the capture of output, so that the total is always seen.
    let total = format!("{cases} cases, {compared} comparisons on {}: all equal", paths.join(", "));
    writeln!(std::io::stderr(), "{total}").expect("standard error");
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("a number of cases"))
}

#[test]
fn a_few_cases() {
    run(0, 1_000);
}

#[test]
#[ignore = "long: see the head of this file"]
fn many_cases() {
    run(variable("MUTUA_FUZZ_FIRST").unwrap_or(0), variable("MUTUA_FUZZ_CASES").unwrap_or(100_000));
}
