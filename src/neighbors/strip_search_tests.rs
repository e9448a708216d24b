//! Strips against brute force, bit for bit, and bounds on the work.

use super::brute_force;
use super::line::Line;
use super::points::Points;
use super::strip_search::Sweeps;
use super::strips::Strips;
use crate::Instructions;
use crate::threads::{Interrupt, Workers};

/// splitmix64, as a number from 0 to 1.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

fn normal(state: &mut u64) -> f64 {
    (-2.0 * (1.0 - uniform(state)).ln()).sqrt() * (std::f64::consts::TAU * uniform(state)).cos()
}

/// A pair of samples of a kind; `x` and `y` may be of different kinds.
pub(super) fn sample(kind: &str, n: usize, state: &mut u64) -> Vec<f64> {
    let mut draw = |i: usize| match kind {
        "normal" => normal(state),
        "uniform" => uniform(state),
        "Cauchy" => normal(state) / normal(state),
        "log-normal" => (3.0 * normal(state)).exp(),
        "decimals" => (10.0 * normal(state)).round() / 10.0,
        "few" => (3.0 * uniform(state)).floor(),
        "one" => 7.5,
        "sorted" => i as f64 / n as f64,
        "clusters" => uniform(state) + if uniform(state) < 0.5 { 1e12 } else { 0.0 },
        "outlier" => {
            if i == n / 3 {
                1e300
            } else {
                uniform(state)
            }
        }
        "denormal" => f64::from_bits((50.0 * uniform(state)) as u64),
        "huge" => (uniform(state) - 0.5) * f64::MAX,
        _ => f64::from_bits(1f64.to_bits() + (40.0 * uniform(state)) as u64),
    };
    (0..n).map(&mut draw).collect()
}

pub(super) const KINDS: [&str; 13] = [
    "normal",
    "uniform",
    "Cauchy",
    "log-normal",
    "decimals",
    "few",
    "one",
    "sorted",
    "clusters",
    "outlier",
    "denormal",
    "huge",
    "last digit",
];

fn strips(x: &[f64], y: &[f64]) -> Strips {
    strips_by(1 + x.len() % 2, x, y)
}

fn strips_by(threads: usize, x: &[f64], y: &[f64]) -> Strips {
    let never = Interrupt::never();
    let across = Line::unordered(x, &never).expect("finite");
    let (along, partners) = Line::paired(y, x, &never).expect("finite");
    Strips::new(&across, &along, &partners, Workers::new(threads)).expect("memory")
}

/// Each point with its distance, in an order of its own.
fn found(x: &[f64], y: &[f64], k: usize) -> Vec<[u64; 3]> {
    let strips = strips(x, y);
    let mut distances = vec![0.0; strips.xs().len()];
    strips.kth_distances(0, &mut distances, k, &Interrupt::never()).expect("memory");
    let places = strips.runs(0..distances.len()).flatten();
    sorted(places.map(|place| [strips.xs()[place], strips.ys()[place], distances[place]]))
}

fn sorted(rows: impl Iterator<Item = [f64; 3]>) -> Vec<[u64; 3]> {
    let mut rows: Vec<_> = rows.map(|row| row.map(|value| (value + 0.0).to_bits())).collect();
    rows.sort_unstable();
    rows
}

fn check(x: &[f64], y: &[f64], k: usize) {
    let distances =
        brute_force::kth_distances(&Points::from_columns(&[x, y]).expect("finite"), k).expect("k < n");
    let rows = x.iter().zip(y).zip(&distances).map(|((&x, &y), &distance)| [x, y, distance]);
    assert!(found(x, y, k) == sorted(rows), "{} points, k = {k}", x.len());
}

#[test]
fn equal_to_brute_force_on_every_instruction_set() {
    let before = Instructions::current();
    let mut state = 1;
    for instructions in Instructions::available() {
        assert!(instructions.force());
        for x in KINDS {
            for y in KINDS {
                for (n, k) in
                    [(2, 1), (9, 3), (60, 1), (61, 2), (150, 3), (150, 4), (151, 5), (150, 10), (150, 30)]
                {
                    check(&sample(x, n, &mut state), &sample(y, n, &mut state), k);
                }
            }
        }
    }
    before.force();
}

#[test]
#[ignore = "a minute: cargo test --release --features scalar --lib 100_000 -- --ignored"]
fn equal_to_brute_force_in_100_000_cases() {
    let before = Instructions::current();
    let instructions: Vec<_> = Instructions::available().collect();
    let mut state = 4;
    for case in 0..100_000 {
        instructions[case % instructions.len()].force();
        let mut below = |n: usize| (uniform(&mut state) * n as f64) as usize;
        let (x, y, n) = (KINDS[below(KINDS.len())], KINDS[below(KINDS.len())], 2 + below(150));
        let k = 1 + below((n - 1).min(32));
        check(&sample(x, n, &mut state), &sample(y, n, &mut state), k);
    }
    before.force();
}

#[test]
fn two_threads_deal_out_as_one() {
    let mut state = 5;
    for kind in KINDS {
        let (x, y) = (sample(kind, 50_001, &mut state), sample("normal", 50_001, &mut state));
        let [one, two] = [1, 2].map(|threads| strips_by(threads, &x, &y));
        assert_eq!((one.xs(), one.ys()), (two.xs(), two.ys()), "{kind}");
    }
}

/// The work for each block of eight.
fn work(x: &[f64], y: &[f64], k: usize) -> [f64; 3] {
    let strips = strips(x, y);
    let mut distances = vec![0.0; strips.xs().len()];
    let Sweeps { blocks, boxes, strips: crossed } =
        strips.kth_distances(0, &mut distances, k, &Interrupt::never()).expect("memory");
    [blocks, boxes, crossed].map(|count| count as f64 / strips.n_blocks() as f64)
}

#[test]
fn work_is_bounded_where_points_lie_close() {
    let mut state = 2;
    let n = 30_000;
    // (kind of x, kind of y, most blocks, boxes and strips)
    let cases = [
        ("normal", "normal", [7.5, 12.5, 4.0]),
        ("uniform", "uniform", [7.0, 10.5, 3.5]),
        ("one", "one", [1.0, 2.0, 1.0]),
        ("few", "few", [1.1, 3.5, 3.0]),
        ("one", "normal", [3.0, 5.0, 1.0]),
        ("normal", "one", [3.0, 40.0, 3.0]),
        ("decimals", "decimals", [6.0, 14.0, 5.0]),
        ("clusters", "clusters", [7.5, 12.5, 4.0]),
        ("sorted", "normal", [8.5, 17.0, 5.0]),
        ("normal", "sorted", [8.5, 17.0, 5.0]),
        ("last digit", "normal", [8.5, 40.0, 5.0]),
        ("normal", "last digit", [8.5, 40.0, 5.0]),
        ("Cauchy", "Cauchy", [18.0, 80.0, 20.0]),
        ("log-normal", "log-normal", [22.0, 60.0, 16.0]),
    ];
    for (x, y, most) in cases {
        let found = work(&sample(x, n, &mut state), &sample(y, n, &mut state), 3);
        assert!(found.iter().zip(most).all(|(found, most)| *found <= most), "{x}, {y}: {found:?}");
    }
}

#[test]
fn a_probe_tells_tails_apart() {
    let mut state = 3;
    let n = 100_000;
    let mut probe = |kind| {
        let (x, y) = (sample(kind, n, &mut state), sample(kind, n, &mut state));
        strips(&x, &y).probe(3, &Interrupt::never()).expect("memory")
    };
    assert!(probe("normal").strips <= 4);
    assert!(probe("log-normal").strips > 2 * probe("normal").strips);
}
