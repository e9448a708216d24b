//! The sorted line and what stands on it against brute force, on all instructions, and its work bounded.

use std::sync::{Mutex, PoisonError};

use mutua::{
    Ball, Column, Instructions, Interrupt, Line, Norm, Points, SmallClasses, Workers, brute_force, digamma,
    encode, kozachenko_leonenko, kozachenko_leonenko_pointwise, kth_distances, ross, ross_points,
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

    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.uniform()).ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// What a line is made of, and the largest share of ends of runs that the table may miss.
const KINDS: [(&str, f64); 21] = [
    ("normal", 0.001),
    ("uniform", 0.001),
    ("exponential", 0.001),
    ("cauchy", 0.002),
    ("lognormal", 0.003),
    ("ladder", 0.001),
    ("descending", 0.001),
    ("digits", 0.001),
    ("decimals", 0.03),
    ("constant", 0.001),
    ("half zero", 0.001),
    ("nearly constant", 0.001),
    ("two clusters", 0.001),
    ("one far out", 0.001),
    ("last bits", 0.04),
    ("subnormal", 0.001),
    ("tiny", 0.001),
    ("huge", 0.001),
    ("whole range", 0.001),
    // Differences from what is 2^53 times as large tie, and tell nothing of where the run ends.
    ("all magnitudes", 0.5),
    ("signed zeros", 0.001),
];

fn sample(kind: &str, n: usize, seed: u64) -> Vec<f64> {
    let mut random = Random(seed);
    let mut value = |i: usize| match kind {
        "normal" => random.normal(),
        "uniform" => random.uniform(),
        "exponential" => -(1.0 - random.uniform()).ln(),
        "cauchy" => random.normal() / random.normal(),
        "lognormal" => (3.0 * random.normal()).exp(),
        "ladder" => i as f64,
        "descending" => -(i as f64) * 0.1,
        "digits" => (random.next() % 10) as f64,
        "decimals" => (random.normal() * 100.0).round() / 100.0,
        "half zero" => random.normal() * (random.next() % 2) as f64,
        "nearly constant" => random.normal() * f64::from(u8::from(random.next().is_multiple_of(30))),
        "two clusters" => random.uniform() + (random.next() % 2) as f64 * 1e9,
        "one far out" => random.normal() + f64::from(u8::from(i == n / 3)) * 1e15,
        "last bits" => f64::from_bits(1f64.to_bits() + random.next() % 40),
        "subnormal" => f64::from_bits(random.next() % 50),
        "tiny" => random.normal() * 1e-300,
        "huge" => (random.uniform() - 0.5) * f64::MAX,
        "whole range" => (2.0 * random.uniform() - 1.0) * f64::MAX,
        "all magnitudes" => (random.uniform() - 0.5) * 10f64.powf(600.0 * random.uniform() - 300.0),
        "signed zeros" => [0.0, -0.0][(random.next() % 2) as usize],
        _ => 7.5,
    };
    (0..n).map(&mut value).collect()
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn points(values: &[f64]) -> Points {
    Points::from_columns(&[values]).expect("finite")
}

/// Runs a test on all instructions that this machine has, one test at a time.
fn on_all_instructions(test: impl Fn()) {
    static ONE: Mutex<()> = Mutex::new(());
    let _guard = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    for instructions in Instructions::available() {
        assert!(instructions.force());
        test();
    }
}

#[test]
fn distances_and_counts_are_those_of_brute_force() {
    let never = Interrupt::never();
    for (seed, (kind, _)) in (0..).zip(KINDS) {
        for n in [2, 3, 9, 17, 64, 150, 300] {
            let values = sample(kind, n, seed);
            let points = points(&values);
            for k in [1, 2, 3, 8, 24, 25, 100, n - 1].into_iter().filter(|&k| k < n) {
                let distances = brute_force::kth_distances(&points, k).expect("k below n");
                // Radii that are distances, that lie just below them, that tie with others, and 0.
                let radii: Vec<f64> = distances.iter().map(|distance| distance.min(f64::MAX)).collect();
                let below = radii.iter().map(|radius| radius.next_down().max(0.0)).collect();
                let round = radii.iter().map(|radius| radius.min(1e300).round()).collect();
                let cases: Vec<(Vec<f64>, Ball, Vec<u32>)> = [radii, below, round, vec![0.0; n]]
                    .into_iter()
                    .flat_map(|radii| [(radii.clone(), Ball::Open), (radii, Ball::Closed)])
                    .map(|(radii, ball)| {
                        let counts = brute_force::counts_within(&points, &radii, ball).expect("valid radii");
                        (radii, ball, counts)
                    })
                    .collect();
                on_all_instructions(|| {
                    let line = Line::new(&values, &never).expect("finite");
                    assert_eq!(
                        bits(&line.kth_distances(k, &never).expect("k below n")),
                        bits(&distances),
                        "{kind} {n} {k}"
                    );
                    for (radii, ball, counts) in &cases {
                        let found = line.counts_within(radii, *ball, &never).expect("valid radii");
                        assert_eq!(&found, counts, "{kind} {n} {k} {ball:?}");
                    }
                });
            }
        }
    }
}

#[test]
fn sorted_with_positions() {
    let never = Interrupt::never();
    for (kind, _) in KINDS {
        for n in [0, 1, 2, 31, 1000, 70_001] {
            let values = sample(kind, n, 3);
            let mut expected: Vec<u32> = (0..n as u32).collect();
            expected.sort_by(|&i, &j| (values[i as usize] + 0.0).total_cmp(&(values[j as usize] + 0.0)));
            on_all_instructions(|| {
                let line = Line::new(&values, &never).expect("finite");
                assert_eq!(line.order(), expected, "{kind} {n}");
                let sorted: Vec<f64> = expected.iter().map(|&i| values[i as usize] + 0.0).collect();
                assert_eq!(bits(line.values()), bits(&sorted), "{kind} {n}");
            });
        }
    }
}

#[test]
fn work_is_bounded_for_any_distribution() {
    let never = Interrupt::never();
    for (kind, most) in KINDS {
        for (n, k) in [(1_000, 55), (20_000, 3), (20_000, 250), (200_000, 800)] {
            let line = Line::new(&sample(kind, n, 5), &never).expect("finite");
            let mut radii = line.kth_distances(k, &never).expect("k below n");
            radii.iter_mut().for_each(|radius| *radius = radius.min(f64::MAX));
            for ball in [Ball::Open, Ball::Closed] {
                let misses = line.misses(&radii, ball, &never).expect("valid radii");
                let share = misses as f64 / (2 * n) as f64;
                assert!(share <= most, "{kind} {n} {k} {ball:?}: {share}");
            }
        }
    }
}

#[test]
fn wrong_values_are_found_wherever_they_stand() {
    for position in [0, 17, 16_383, 16_384, 39_999] {
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut values = sample("normal", 40_000, 1);
            values[position] = wrong;
            let found = Line::new(&values, &Interrupt::never()).err();
            assert_eq!(found, Some(mutua::Error::NotFinite { index: position }));
        }
    }
}

/// The definition, distance by distance.
fn entropy_by_definition(points: &Points, k: usize) -> f64 {
    let n = points.len();
    let (log_volume, power) = match points.norm() {
        Norm::Max => (points.dimensions() as f64 * 2f64.ln(), 1.0),
        Norm::Euclidean => {
            // The unit balls of 1 to 4 coordinates.
            let pi = std::f64::consts::PI;
            let volumes = [2.0, pi, 4.0 / 3.0 * pi, pi * pi / 2.0];
            (points.blocks().map(|block| volumes[block.len() - 1].ln()).sum(), 0.5)
        }
    };
    let distances = brute_force::kth_distances(points, k).expect("k below n");
    let logs: f64 = distances.iter().map(|distance| power * distance.ln()).sum();
    digamma(n as u64) - digamma(k as u64) + log_volume + points.dimensions() as f64 * logs / n as f64
}

#[test]
fn kozachenko_leonenko_is_its_formula() {
    for kind in ["normal", "exponential", "cauchy", "tiny"] {
        for dimensions in 1..=4 {
            let columns: Vec<Vec<f64>> = (0..dimensions).map(|seed| sample(kind, 200, seed)).collect();
            let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            let block = Points::from_columns(&columns).expect("finite");
            let blocks = Points::joint(&[&block, &points(columns[0])]).expect("one length");
            for points in [block, blocks] {
                // Squares of what is tiny are lost.
                let norms: &[Norm] =
                    if kind == "tiny" { &[Norm::Max] } else { &[Norm::Max, Norm::Euclidean] };
                for &norm in norms {
                    let points = points.clone().with_norm(norm);
                    let ks = [1, 4, 30];
                    let found = kozachenko_leonenko(&points, &ks, Workers::new(1)).expect("k below n");
                    for (k, found) in ks.into_iter().zip(found) {
                        let expected = entropy_by_definition(&points, k);
                        let close = |value: f64| (value - expected).abs() <= 1e-13 * (1.0 + expected.abs());
                        assert!(close(found), "{kind} {dimensions} {norm:?} {k}: {found} {expected}");
                        let local =
                            kozachenko_leonenko_pointwise(&points, k, Workers::new(1)).expect("k below n");
                        assert!(close(local.iter().sum::<f64>() / 200.0));
                    }
                }
            }
        }
    }
}

#[test]
fn kozachenko_leonenko_does_not_know_the_order() {
    let mut values = sample("cauchy", 20_000, 1);
    let points_of = |values: &[f64]| Points::from_columns(&[values, values]).expect("finite");
    let run = |values: &[f64], threads| {
        let line = kozachenko_leonenko(&points(values), &[3], Workers::new(threads)).expect("k below n");
        let plane = kozachenko_leonenko(&points_of(values), &[3], Workers::new(threads)).expect("k below n");
        (line[0].to_bits(), plane[0].to_bits())
    };
    let expected = run(&values, 1);
    assert_eq!(run(&values, 2), expected);
    values.reverse();
    on_all_instructions(|| assert_eq!(run(&values, 1), expected));
}

#[test]
fn kozachenko_leonenko_of_known_entropy() {
    let n = 100_000;
    for (kind, entropy) in [
        ("normal", 0.5 * (std::f64::consts::TAU * std::f64::consts::E).ln()),
        ("uniform", 0.0),
        ("exponential", 1.0),
        ("cauchy", (4.0 * std::f64::consts::PI).ln()),
    ] {
        let found = kozachenko_leonenko(&points(&sample(kind, n, 2)), &[3], Workers::new(1));
        let error = found.expect("k below n")[0] - entropy;
        // Four standard errors: the variance of the logarithms is about 1 + psi'(3), that of a Cauchy 3.3 more.
        assert!(error.abs() < 4.0 * (5.0 / n as f64).sqrt(), "{kind}: {error}");
    }
}

#[test]
fn entropy_where_there_is_no_density() {
    let run = |values: &[f64], k| kozachenko_leonenko(&points(values), &[k], Workers::new(1));
    assert_eq!(run(&[1.0, 2.0, 2.0, 3.0], 1), Ok(vec![f64::NEG_INFINITY]));
    assert!(run(&[1.0, 2.0, 2.0, 3.0], 2).is_ok_and(|found| found[0].is_finite()));
    assert_eq!(run(&[f64::MAX, f64::MIN], 1), Ok(vec![f64::INFINITY]));
    assert_eq!(run(&[1.0], 1), Err(mutua::Error::Neighbors { k: 1, n: 1 }));
    assert_eq!(run(&[], 0), Err(mutua::Error::Neighbors { k: 0, n: 0 }));
}

#[test]
fn ross_local_values_have_the_estimate_as_their_mean() {
    let never = Interrupt::never();
    for (kind, _) in KINDS.into_iter().filter(|(kind, _)| *kind != "whole range") {
        for n_labels in [3, 700] {
            let values = sample(kind, 1000, 1);
            let mut random = Random(4);
            let mut labels: Vec<i64> = (0..1000).map(|_| (random.next() % n_labels) as i64).collect();
            labels[500] = -1; // occurs once
            let once = |i: usize| labels.iter().filter(|&&label| label == labels[i]).count() == 1;
            let n_kept = (0..1000).filter(|&i| !once(i)).count();
            let column = Column::new(&values, &never).expect("finite");
            let codes = encode(&labels, &never).expect("few");
            let run = || {
                let local =
                    ross_points(&points(&values), &codes, &[3], Workers::new(1)).expect("labels repeat");
                let exact = ross(&column, &codes, 3, SmallClasses::Exact, &never).expect("labels repeat");
                let expanded = SmallClasses::Expanded { single_precision: false };
                let expanded = ross(&column, &codes, 3, expanded, &never).expect("labels repeat");
                let bits = |value: f64| value.to_bits();
                let local = local[0].values().expect("memory").into_iter().map(bits).collect::<Vec<_>>();
                (exact, expanded, local)
            };
            let (estimate, expanded, local) = run();
            let local_values = || local.iter().map(|&bits| f64::from_bits(bits));
            let mean = local_values().filter(|value| !value.is_nan()).sum::<f64>() / n_kept as f64;
            assert!((mean - estimate).abs() < 1e-12, "{kind} {n_labels}: {mean} {estimate}");
            assert!(local_values().enumerate().all(|(i, value)| once(i) == value.is_nan()));
            on_all_instructions(|| assert_eq!(run(), (estimate, expanded, local.clone())));
        }
    }
}

#[test]
fn ross_local_values_are_their_formula() {
    let never = Interrupt::never();
    let values = sample("decimals", 300, 6);
    let labels: Vec<i64> = (0..300).map(|i| i * i % 4).collect();
    let codes = encode(&labels, &never).expect("few");
    let local = ross_points(&points(&values), &codes, &[3], Workers::new(1)).expect("labels repeat");
    let local = local[0].values().expect("memory");
    for i in 0..300 {
        let same: Vec<usize> = (0..300).filter(|&j| labels[j] == labels[i]).collect();
        let own = same.iter().position(|&j| j == i).expect("among its own");
        let class: Vec<f64> = same.iter().map(|&j| values[j]).collect();
        let distance = kth_distances(&points(&class), 3, never.alone()).expect("k below n")[own];
        let radius = if distance > 0.0 { distance.next_down() } else { 0.0 };
        let within = values.iter().filter(|&value| (value - values[i]).abs() <= radius).count();
        let psi = [300, 3, same.len(), within].map(|m| digamma(m as u64));
        assert!((local[i] - (psi[0] + psi[1] - psi[2] - psi[3])).abs() < 1e-14);
    }
}

#[test]
fn boundaries_beyond_an_empty_last_cell_are_found() {
    let mut random = Random(5);
    for far in [-(2f64.powi(63)), -1e16] {
        let values: Vec<f64> =
            std::iter::once(far).chain((1..1000).map(|_| 1900.0 + 120.0 * random.uniform())).collect();
        let points = Points::from_rows(&values, 1).expect("finite");
        for radius in [1e16 + 2.0, -far, -far + 4096.0, 3.0] {
            let radii = vec![radius; values.len()];
            for ball in [Ball::Open, Ball::Closed] {
                let found = mutua::counts_within(&points, &radii, ball, Workers::new(1)).expect("valid");
                let expected = brute_force::counts_within(&points, &radii, ball).expect("valid");
                assert_eq!(found, expected, "{far} {radius} {ball:?}");
            }
        }
    }
}
