//! Trees and lines against their brute-force twin: distances to the bit, counts as integers, work bounded.

use mutua::{
    Ball, Error, Instructions, Interrupt, KdTree, Line, Norm, Points, Visits, Workers, brute_force,
    counts_within, extents_within, kth_distances, kth_distances_for, kth_distances_to,
};
use proptest::prelude::*;

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

/// One coordinate of one kind of awkward data.
fn coordinate(kind: usize, i: usize, n: usize, random: &mut Random) -> f64 {
    let t = i as f64 / n as f64;
    match kind {
        0 => random.uniform(),
        1 => (random.next() % 4) as f64,
        2 => 7.5,
        3 => random.uniform() + if random.next() & 1 == 0 { 1e12 } else { 0.0 },
        4 => f64::from_bits(random.next() % 50),
        5 => (random.uniform() - 0.5) * f64::MAX,
        6 => t,
        7 => -t,
        8 => random.normal() / random.normal(),
        9 => (8.0 * t).sin() * t,
        10 => (i % 7) as f64,
        14 => f64::from(u8::from(i == n / 3)) * 1e6,
        11 => f64::from_bits(1f64.to_bits() + random.next() % 40),
        12 => (random.normal() * 10.0).round() / 10.0,
        _ => random.normal(),
    }
}

const KINDS: usize = 15;

fn points(kinds: &[usize], n: usize, seed: u64) -> Points {
    let mut random = Random(seed);
    let columns: Vec<Vec<f64>> =
        kinds.iter().map(|&kind| (0..n).map(|i| coordinate(kind, i, n, &mut random)).collect()).collect();
    Points::from_columns(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>()).expect("finite columns")
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn all_bits(columns: &[Vec<f64>]) -> Vec<Vec<u64>> {
    columns.iter().map(|column| bits(column)).collect()
}

fn check(points: &Points, k: usize) {
    let never = Interrupt::never();
    let ks = [k, 1, k.div_ceil(2)];
    let expected = brute_force::kth_distances_for(points, &ks).expect("k below n");
    assert_eq!(
        all_bits(&kth_distances_for(points, &ks, never.alone()).expect("k below n")),
        all_bits(&expected)
    );
    let found = kth_distances(points, k, never.alone()).expect("k below n");
    assert_eq!(bits(&found), bits(&expected[0]));
    // Radii of the joint space, and others that tie with many distances or hold everything.
    let radii: Vec<f64> = found.iter().map(|radius| radius.min(f64::MAX)).collect();
    let rounded: Vec<f64> = radii.iter().map(|radius| radius.min(1e300).round()).collect();
    for radii in [radii, rounded, vec![0.0; points.len()], vec![f64::MAX; points.len()]] {
        for ball in [Ball::Open, Ball::Closed] {
            let expected = brute_force::counts_within(points, &radii, ball).expect("valid radii");
            assert_eq!(counts_within(points, &radii, ball, never.alone()).expect("valid radii"), expected);
        }
        let expected = brute_force::extents_within(points, &radii).expect("valid radii");
        let found = extents_within(points, &radii, never.alone()).expect("valid radii");
        assert_eq!(all_bits(&found), all_bits(&expected));
    }
}

/// Points in blocks, with both norms.
fn check_blocks(kinds: &[&[usize]], n: usize, seed: u64, k: usize) {
    let parts: Vec<Points> = (seed..).zip(kinds).map(|(seed, kinds)| points(kinds, n, seed)).collect();
    let joint = Points::joint(&parts.iter().collect::<Vec<_>>()).expect("as many points");
    check(&joint, k);
    check(&joint.with_norm(Norm::Euclidean), k);
}

/// Periods: ties at half of them, less and more than values span, none.
const PERIODS: [f64; 7] = [4.0, 7.0, 1.0, 0.3, 1e13, 3e-322, f64::INFINITY];

/// Points in blocks, of which coordinates go round, with both norms.
fn check_circles(kinds: &[&[usize]], n: usize, seed: u64, k: usize) {
    let mut random = Random(seed);
    let mut circles = |points: Points| {
        let periods: Vec<f64> =
            (0..points.dimensions()).map(|_| PERIODS[random.next() as usize % PERIODS.len()]).collect();
        points.with_periods(&periods).expect("periods above 0")
    };
    let parts: Vec<Points> =
        (seed..).zip(kinds).map(|(seed, kinds)| circles(points(kinds, n, seed))).collect();
    let joint = Points::joint(&parts.iter().collect::<Vec<_>>()).expect("as many points");
    check(&joint, k);
    check(&joint.with_norm(Norm::Euclidean), k);
}

/// Distances between two sets of points, each made as `make` says.
fn check_to(make: impl Fn(usize, u64) -> Points, [n, m]: [usize; 2], k: usize) {
    for norm in [Norm::Max, Norm::Euclidean] {
        let (points, others) = (make(n, 1).with_norm(norm), make(m, 2).with_norm(norm));
        let ks = [k, 1, k.div_ceil(2)];
        let found = kth_distances_to(&points, &others, &ks, Interrupt::never().alone()).expect("k up to m");
        for (found, k) in found.iter().zip(ks) {
            let expected = brute_force::kth_distances_to(&points, &others, k).expect("k up to m");
            assert_eq!(bits(found), bits(&expected), "{norm:?}, k = {k}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equal_to_brute_force(
        kinds in prop::collection::vec(prop::collection::vec(0..KINDS, 1..5), 1..4),
        n in 2usize..200,
        share in 0.0..1.0f64,
        seed: u64,
    ) {
        let k = 1 + ((n - 2) as f64 * share * share * share) as usize;
        let kinds: Vec<&[usize]> = kinds.iter().map(Vec::as_slice).collect();
        check_blocks(&kinds, n, seed >> 1, k);
        check_circles(&kinds, n, seed >> 1, k);
    }

    #[test]
    fn others_equal_brute_force(
        kinds in prop::collection::vec(prop::collection::vec(0..KINDS, 1..4), 1..3),
        n in 1usize..150,
        m in 1usize..150,
        share in 0.0..1.0f64,
        seed in 0..u64::MAX / 4,
    ) {
        let k = 1 + ((m - 1) as f64 * share * share * share) as usize;
        let blocks = |n: usize, step: u64| {
            let parts: Vec<_> = kinds.iter().map(|kinds| points(kinds, n, seed + step)).collect();
            Points::joint(&parts.iter().collect::<Vec<_>>()).expect("as many points")
        };
        check_to(blocks, [n, m], k);
        let periods: Vec<f64> = kinds.concat().iter().map(|kind| PERIODS[kind % PERIODS.len()]).collect();
        check_to(|n, step| blocks(n, step).with_periods(&periods).expect("periods above 0"), [n, m], k);
    }
}

#[test]
fn every_kind_on_a_circle() {
    for kind in 0..KINDS {
        for period in PERIODS {
            check(&points(&[kind], 100, 1).with_periods(&[period]).expect("above 0"), 3);
            check(&points(&[kind, 0], 130, 2).with_periods(&[period, 1.0]).expect("above 0"), 20);
        }
    }
    assert_eq!(points(&[0], 9, 1).with_periods(&[0.0]).err(), Some(Error::Period { index: 0 }));
    assert_eq!(points(&[0], 9, 1).with_periods(&[]).err(), Some(Error::Lengths { left: 1, right: 0 }));
    let (line, circle) = (points(&[0], 9, 1), points(&[0], 9, 1).with_periods(&[1.0]).expect("above 0"));
    let never = Interrupt::never();
    assert_eq!(kth_distances_to(&line, &circle, &[1], never.alone()).err(), Some(Error::Periods));
}

#[test]
fn values_are_taken_modulo_the_period() {
    let values = [-1.0, -0.0, 23.5, 24.0, 49.0, -48.0, -1e-30];
    let points = Points::from_rows(&values, 1).expect("finite").with_periods(&[24.0]).expect("above 0");
    let wrapped: Vec<f64> = (0..values.len()).map(|i| points.point(i)[0]).collect();
    assert_eq!(wrapped, [23.0, 0.0, 23.5, 0.0, 1.0, 0.0, 0.0]);
}

#[test]
fn every_kind_alone_and_in_pairs() {
    for kind in 0..KINDS {
        check(&points(&[kind], 100, 1), 3);
        for other in 0..KINDS {
            check(&points(&[kind, other], 130, 2), 20);
            check(&points(&[kind, other], 130, 2), 80);
        }
    }
}

#[test]
fn every_kind_to_every_other() {
    for kind in 0..KINDS {
        for other in 0..KINDS {
            let make = |n: usize, seed: u64| points(&[if seed == 1 { kind } else { other }], n, seed);
            check_to(make, [90, 60], 3);
            check_to(make, [30, 200], 40);
            let make = |n: usize, seed: u64| points(&[if seed == 1 { kind } else { other }, 13], n, seed);
            check_to(make, [90, 130], 4);
        }
    }
}

#[test]
fn counts_in_the_plane_beyond_16_bits() {
    let points = points(&[13, 13], 140_000, 11);
    let mut radii = vec![0.0; points.len()];
    // From a few points to all of them.
    for (index, exponent) in (0..60).enumerate() {
        radii[index * 2_000] = 1e-2 * 1.15f64.powi(exponent);
    }
    let found = counts_within(&points, &radii, Ball::Closed, Workers::new(2)).expect("valid radii");
    let mut most = 0;
    for query in (0..60).map(|index| index * 2_000) {
        let (center, radius) = (points.point(query), radii[query]);
        let inside = |i: usize| points.point(i).iter().zip(center).all(|(a, b)| (a - b).abs() <= radius);
        let expected = (0..points.len()).filter(|&i| i != query && inside(i)).count();
        assert_eq!(found[query] as usize, expected, "{query}");
        most = most.max(expected);
    }
    assert_eq!(most, points.len() - 1);
}

#[test]
fn every_instruction_set_and_any_number_of_threads() {
    let current = Instructions::current();
    let never = Interrupt::never();
    for kinds in [&[13, 13][..], &[13, 12, 8], &[0, 13, 9, 12, 13, 14]] {
        for (norm, period) in
            [Norm::Max, Norm::Euclidean].into_iter().flat_map(|norm| [(norm, 2.0), (norm, f64::INFINITY)])
        {
            let periods = vec![period; kinds.len()];
            let others = points(kinds, 3_000, 10).with_norm(norm).with_periods(&periods).expect("above 0");
            let points = points(kinds, 5_000, 9).with_norm(norm).with_periods(&periods).expect("above 0");
            let answers = |workers: Workers<'_>| {
                let distances = kth_distances_for(&points, &[3, 30], workers).expect("k below n");
                let counts = counts_within(&points, &distances[1], Ball::Open, workers).expect("valid radii");
                let extents = extents_within(&points, &distances[0], workers).expect("valid radii");
                let to = kth_distances_to(&points, &others, &[3, 30], workers).expect("k below n");
                (all_bits(&distances), counts, all_bits(&extents), all_bits(&to))
            };
            let expected = answers(Workers::new(2));
            for instructions in Instructions::available() {
                assert!(instructions.force());
                assert_eq!(answers(never.alone()), expected, "{instructions:?}, {kinds:?}");
            }
        }
    }
    assert!(current.force());
}

/// Work done for each group of eight points, by a search and by a count within the distances found.
fn work_per_group(points: &Points, k: usize) -> [[f64; 3]; 2] {
    let never = Interrupt::never();
    let tree = KdTree::new(points, &never).expect("memory");
    let (radii, search) = tree.kth_distances(k, never.alone()).expect("k below n");
    let (_, count) = tree.counts_within(&radii, Ball::Closed, never.alone()).expect("valid radii");
    let groups = points.len().div_ceil(8) as f64;
    [search, count]
        .map(|Visits { nodes, boxes, leaves, .. }| [nodes, boxes, leaves].map(|work| work as f64 / groups))
}

#[test]
fn work_is_bounded_for_any_distribution() {
    // (kinds of the coordinates, most leaves a group)
    let cases: [(&[usize], f64); 9] = [
        (&[13, 13], 6.5),             // Gaussian
        (&[0, 0], 6.5),               // uniform
        (&[8, 8], 6.5),               // Cauchy
        (&[3, 3], 6.5),               // four clusters, 1e12 apart
        (&[2, 2], 1.0),               // all equal: the own leaf says it all
        (&[2, 13], 3.5),              // one constant coordinate
        (&[10, 10], 1.1),             // seven points, n / 7 times each
        (&[14, 14, 14, 14, 0], 20.0), // a line, but for a point far out in every other coordinate: eight searches
        (&[13, 13, 13], 16.0),
    ];
    for (kinds, most_leaves) in cases {
        let [[nodes, boxes, leaves], count] = work_per_group(&points(kinds, 20_000, 5), 3);
        assert!(leaves <= most_leaves, "{kinds:?}: {leaves} leaves for each group");
        // A node on each of five levels, and every visited leaf has a short way down.
        assert!(
            nodes + boxes <= 5.0 + 7.0 * leaves,
            "{kinds:?}: {nodes} nodes, {boxes} boxes for each group"
        );
        // Eight counts: few nodes for each, and the leaves on the edge of the ball alone.
        assert!(count[0] <= 80.0, "{kinds:?}: {} nodes opened for each group", count[0]);
        assert!(count[2] <= 40.0, "{kinds:?}: {} leaves scanned for each group", count[2]);
    }
}

#[test]
fn work_among_others_is_bounded() {
    let never = Interrupt::never();
    let tree = |kinds: &[usize], n, seed| KdTree::new(&points(kinds, n, seed), &never).expect("memory");
    for (n, m) in [(20_000, 20_000), (2_000, 20_000), (20_000, 2_000)] {
        for kinds in [[13, 13], [8, 8], [3, 3], [2, 13], [10, 10]] {
            let (queries, others) = (tree(&kinds, n, 5), tree(&kinds, m, 6));
            let (_, work) = queries.kth_distances_to(&others, &[3], never.alone()).expect("k below m");
            let leaves = work.leaves as f64 / n.div_ceil(8) as f64;
            assert!(leaves <= 25.0, "{kinds:?}, {n} to {m}: {leaves} leaves for each group");
        }
    }
}

#[test]
fn work_grows_with_the_logarithm() {
    let [[small, ..], _] = work_per_group(&points(&[13, 13], 4_000, 3), 3);
    let [[large, ..], _] = work_per_group(&points(&[13, 13], 64_000, 3), 3);
    assert!(large - small < 3.0, "{small} nodes for each group became {large}");
}

#[test]
fn a_line_remembers_positions() {
    let line = Line::new(&[3.0, -1.0, -0.0, 0.0], &Interrupt::never()).expect("finite");
    assert_eq!(line.values(), [-1.0, 0.0, 0.0, 3.0]);
    assert_eq!(line.order(), [1, 2, 3, 0]);
}

#[test]
fn empty_and_wrong_input() {
    use mutua::Error;
    let never = Interrupt::never();
    assert_eq!(Line::new(&[1.0, f64::NAN], &Interrupt::never()).err(), Some(Error::NotFinite { index: 1 }));
    assert_eq!(Points::from_columns(&[]).err(), Some(Error::Shape { values: 0, dimensions: 0 }));
    assert_eq!(Points::from_rows(&[1.0, 2.0, 3.0], 2).err(), Some(Error::Shape { values: 3, dimensions: 2 }));
    let two = points(&[0, 0], 2, 1);
    assert_eq!(kth_distances(&two, 2, never.alone()).err(), Some(Error::Neighbors { k: 2, n: 2 }));
    assert_eq!(kth_distances(&two, 0, never.alone()).err(), Some(Error::Neighbors { k: 0, n: 2 }));
    assert_eq!(
        counts_within(&two, &[1.0], Ball::Open, never.alone()).err(),
        Some(Error::Lengths { left: 2, right: 1 })
    );
    assert_eq!(
        counts_within(&two, &[1.0, -1.0], Ball::Open, never.alone()).err(),
        Some(Error::Radius { index: 1 })
    );
    let to = |others: &Points, k| kth_distances_to(&two, others, &[k], never.alone()).err();
    assert_eq!(to(&two, 3), Some(Error::Neighbors { k: 3, n: 2 }));
    assert_eq!(to(&two, 0), Some(Error::Neighbors { k: 0, n: 2 }));
    assert_eq!(to(&points(&[0], 2, 1), 1), Some(Error::Shape { values: 1, dimensions: 2 }));
    let none = Points::from_rows(&[], 2).expect("no points");
    assert_eq!(to(&none, 1), Some(Error::Neighbors { k: 1, n: 0 }));
    assert_eq!(kth_distances_to(&none, &two, &[1], never.alone()), Ok(vec![vec![]]));
    assert_eq!(counts_within(&none, &[], Ball::Open, never.alone()), Ok(vec![]));
}
