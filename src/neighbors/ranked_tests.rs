//! Few points against brute force, count by count.

use super::ball::Ball;
use super::brute_force;
use super::points::Points;
use super::ranked::Ranked;
use super::strip_search_tests::{KINDS, sample};
use crate::Instructions;

/// How many values are nearer to each than its distance, itself among them in any case.
fn counts(values: &[f64], distances: &[f64], ball: Ball) -> Vec<(u64, u32)> {
    let nearer = |(&value, &distance): (&f64, &f64)| {
        let inside = |other: &&f64| {
            let gap = (value - **other).abs();
            if ball == Ball::Open { gap < distance } else { gap <= distance }
        };
        ((value + 0.0).to_bits(), values.iter().filter(inside).count().max(1) as u32)
    };
    let mut counts: Vec<_> = values.iter().zip(distances).map(nearer).collect();
    counts.sort_unstable();
    counts
}

fn check(x: &[f64], y: &[f64], k: usize, ball: Ball) {
    let points = Points::from_columns(&[x, y]).expect("finite");
    let distances = brute_force::kth_distances(&points, k).expect("k < n");
    let ranked = [x, y].map(|values| Ranked::new(values).expect("finite"));
    let found = ranked[0].counts(&ranked[1], k, &|_| ball).expect("memory");
    for (values, found) in [x, y].iter().zip(found) {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut found: Vec<_> = sorted.iter().map(|value| (value + 0.0).to_bits()).zip(found).collect();
        found.sort_unstable();
        assert!(found == counts(values, &distances, ball), "{} points, k = {k}, {ball:?}", x.len());
    }
}

#[test]
fn counts_equal_brute_force_on_every_instruction_set() {
    let before = Instructions::current();
    let mut state = 1;
    for instructions in Instructions::available() {
        assert!(instructions.force());
        for x in KINDS {
            for y in KINDS {
                for (n, k) in [(2, 1), (9, 3), (8, 2), (61, 1), (64, 4), (151, 5), (120, 10)] {
                    let ball = if n % 2 == 0 { Ball::Open } else { Ball::Closed };
                    check(&sample(x, n, &mut state), &sample(y, n, &mut state), k, ball);
                }
            }
        }
        // Enough to be ranked in parts.
        for kind in KINDS {
            check(&sample(kind, 300, &mut state), &sample("decimals", 300, &mut state), 3, Ball::Open);
            check(&sample("normal", 512, &mut state), &sample(kind, 512, &mut state), 3, Ball::Closed);
            check(&sample(kind, 1024, &mut state), &sample("normal", 1024, &mut state), 5, Ball::Open);
            check(&sample("normal", 1001, &mut state), &sample(kind, 1001, &mut state), 1, Ball::Closed);
        }
    }
    before.force();
}

#[test]
#[ignore = "minutes: cargo test --release --features scalar --lib 100_000 -- --ignored"]
fn counts_equal_brute_force_in_100_000_cases() {
    let before = Instructions::current();
    let instructions: Vec<_> = Instructions::available().collect();
    let mut state = 2;
    for case in 0..100_000 {
        instructions[case % instructions.len()].force();
        let (x, y, n) = (KINDS[case % 13], KINDS[case / 13 % 13], 2 + case / 169 % 300);
        let k = 1 + case / 7 % (n - 1).min(10);
        let ball = if case / 4 % 2 == 0 { Ball::Open } else { Ball::Closed };
        check(&sample(x, n, &mut state), &sample(y, n, &mut state), k, ball);
    }
    before.force();
}

#[test]
fn ties_are_seen_and_samples_rearranged() {
    let ranked = |values: &[f64]| Ranked::new(values).expect("finite");
    assert_eq!(ranked(&[2.0, -0.0, 1.0, 0.0, 0.0]).n_ties(), 2);
    let (x, order) = ([2.0, 7.0, 1.0, 0.0], [3, 0, 2, 1]);
    assert_eq!([ranked(&x).n_ties(), ranked(&[]).n_ties()], [0, 0]);
    let moved = ranked(&order.map(|from| x[from as usize]));
    let rearranged = ranked(&x).rearranged(&order).expect("memory");
    let y = ranked(&[0.5, 1.0, 4.0, 9.0]);
    let counts = |x: &Ranked| y.counts(x, 1, &|_| Ball::Open).expect("memory");
    assert_eq!(counts(&rearranged), counts(&moved));
}
