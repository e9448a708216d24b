//! Estimators against their formulas, and the promises every call keeps.

use std::cell::Cell;

use mutua::{
    Column, Duplicates, Error, Interrupt, Kraskov, PairEstimator, Points, SmallClasses, Variable, Workers,
    brute_force, by_ties, conditional, conditional_apart, digamma, encode, kozachenko_leonenko,
    kozachenko_leonenko_pointwise, kraskov, ksg, mixture, mutual_information_columns, ross, ross_points,
    scalar_pair,
};

/// A fixed sequence that looks random, with ties where `levels` is small.
fn sequence(n: usize, factor: u64, levels: u64) -> Vec<f64> {
    (0..n as u64).map(|i| ((i * i * factor + i) % 10_007 % levels) as f64).collect()
}

fn mean_digamma(counts: impl ExactSizeIterator<Item = u64>) -> f64 {
    let n = counts.len() as f64;
    counts.map(digamma).sum::<f64>() / n
}

fn below(distance: f64) -> f64 {
    if distance > 0.0 { distance.next_down() } else { 0.0 }
}

#[test]
fn digamma_of_integers() {
    // Reference values to 17 digits.
    for (m, expected) in [
        (1, -0.577_215_664_901_532_9),
        (2, 0.422_784_335_098_467_1),
        (15, 2.674_346_661_660_793_7),
        (16, 2.741_013_328_327_460_3),
        (17, 2.803_513_328_327_460_3),
        (1000, 6.907_255_195_648_812),
        (1_000_000_000, 20.723_265_836_446_41),
    ] {
        assert!((digamma(m) - expected).abs() <= 4.0 * f64::EPSILON * expected.abs().max(1.0), "{m}");
    }
    assert_eq!(digamma(0), f64::NEG_INFINITY);
}

#[test]
fn ksg_is_its_formula() {
    // Up to 512 samples and ten neighbours, or with AVX-512 1024 and five, take another way than more.
    for (n, levels) in [(200, 5), (200, 100), (512, 10_007), (513, 10_007), (1024, 10_007), (1025, 10_007)] {
        for k in [1, 3, 20] {
            let (x, y) = (sequence(n, 31, levels), sequence(n, 57, levels));
            let distance = |i: usize, j: usize| brute_force::distance(&[x[i], y[i]], &[x[j], y[j]]);
            let radius = |i: usize| {
                let mut all: Vec<f64> = (0..n).filter(|&j| j != i).map(|j| distance(i, j)).collect();
                all.sort_by(f64::total_cmp);
                below(all[k - 1])
            };
            let radii: Vec<f64> = (0..n).map(radius).collect();
            let counts = |v: &[f64]| -> Vec<u64> {
                (0..n).map(|i| v.iter().filter(|&w| (w - v[i]).abs() <= radii[i]).count() as u64).collect()
            };
            let expected = digamma(n as u64) + digamma(k as u64)
                - mean_digamma(counts(&x).into_iter())
                - mean_digamma(counts(&y).into_iter());
            let found = ksg(&x, &y, k, Duplicates::Nearer, Workers::new(1)).expect("k below n");
            assert!((found - expected).abs() < 1e-13, "{n} {levels} {k}: {found} {expected}");
        }
    }
}

#[test]
fn ross_is_its_formula_and_leaves_out_labels_that_occur_once() {
    let x = sequence(151, 31, 60);
    let mut labels: Vec<i64> = (0..151).map(|i| i * i % 4).collect();
    labels[150] = 99; // occurs once: left out
    let kept: Vec<usize> = (0..150).collect();
    let k = 3;
    let (mut neighbors, mut sizes, mut within) = (vec![], vec![], vec![]);
    for &i in &kept {
        let mut same: Vec<f64> = kept
            .iter()
            .filter(|&&j| j != i && labels[j] == labels[i])
            .map(|&j| (x[i] - x[j]).abs())
            .collect();
        same.sort_by(f64::total_cmp);
        let k = k.min(same.len());
        let radius = below(same[k - 1]);
        neighbors.push(k as u64);
        sizes.push(same.len() as u64 + 1);
        within.push(kept.iter().filter(|&&j| (x[i] - x[j]).abs() <= radius).count() as u64);
    }
    let expected = digamma(150) + mean_digamma(neighbors.into_iter())
        - mean_digamma(sizes.into_iter())
        - mean_digamma(within.into_iter());
    let (column, codes) = (
        Column::new(&x, &Interrupt::never()).expect("finite"),
        encode(&labels, &Interrupt::never()).expect("few"),
    );
    let found = ross(&column, &codes, k, SmallClasses::Exact, &Interrupt::never()).expect("labels repeat");
    assert!((found - expected).abs() < 1e-13, "{found} {expected}");
}

#[test]
fn ross_needs_a_label_that_repeats() {
    let (x, labels) = ([1.0, 2.0, 3.0], [1, 2, 3]);
    let (x, labels) = (
        Column::new(&x, &Interrupt::never()).expect("finite"),
        encode(&labels, &Interrupt::never()).expect("few"),
    );
    let found = ross(&x, &labels, 3, SmallClasses::Exact, &Interrupt::never());
    assert_eq!(found, Err(Error::AllLabelsUnique));
}

#[test]
fn threads_do_not_change_a_bit() {
    let columns: Vec<Vec<f64>> = (1..9).map(|i| sequence(700, 10 + i, 3000)).collect();
    let labels: Vec<i64> = (0..700).map(|i| i * i % 5).collect();
    let mut variables: Vec<_> = columns.iter().map(|column| Variable::Continuous(column)).collect();
    variables.push(Variable::Discrete(&labels));
    for target in [Variable::Continuous(&columns[0]), Variable::Discrete(&labels)] {
        let run = |threads| {
            let exact = SmallClasses::Exact;
            let found = mutual_information_columns(&variables, target, 3, exact, Workers::new(threads));
            found.expect("valid input").into_iter().map(f64::to_bits).collect::<Vec<_>>()
        };
        let one = run(1);
        assert!([2, 3, 16].into_iter().all(|threads| run(threads) == one));
    }
}

#[test]
fn a_caller_can_give_up() {
    let x = sequence(100_000, 31, 10_007);
    let columns = vec![Variable::Continuous(&x); 20];
    let asked = Cell::new(0);
    let poll = || {
        asked.set(asked.get() + 1);
        false
    };
    let workers = Workers::new(2).polling(&poll);
    let found = mutual_information_columns(&columns, columns[0], 3, SmallClasses::Exact, workers);
    assert_eq!(found, Err(Error::Interrupted));
    assert_eq!(asked.get(), 1);
}

#[test]
fn the_first_error_is_reported() {
    let (x, short) = (sequence(10, 31, 100), sequence(9, 31, 100));
    let run = |columns: &[Variable<'_>], k| {
        mutual_information_columns(columns, Variable::Continuous(&x), k, SmallClasses::Exact, Workers::new(2))
    };
    let wrong_length = [Variable::Continuous(&x), Variable::Continuous(&short)];
    assert_eq!(run(&wrong_length, 3), Err(Error::Lengths { left: 9, right: 10 }));
    assert_eq!(run(&[Variable::Continuous(&x)], 10), Err(Error::Neighbors { k: 10, n: 10 }));
    let unique: Vec<i64> = (0..10).collect();
    assert_eq!(run(&[Variable::Discrete(&unique)], 3), Err(Error::AllLabelsUnique));
    assert_eq!(run(&[], 3), Ok(vec![]));
}

/// Two or three parts with few or many ties, of one coordinate or two.
fn parts(dimensions: usize, levels: u64) -> [Points; 3] {
    [31, 57, 83].map(|factor| {
        Points::from_rows(&sequence(150 * dimensions, factor, levels), dimensions).expect("finite")
    })
}

fn bits(values: Result<Vec<f64>, Error>) -> Vec<u64> {
    values.expect("valid input").into_iter().map(f64::to_bits).collect()
}

#[test]
fn contributions_have_the_estimate_as_mean() {
    let workers = Workers::new(1);
    for (dimensions, levels) in [(1, 5), (2, 5), (1, 10_007), (2, 10_007)] {
        let [x, y, z] = parts(dimensions, levels);
        let labels = encode(&(0..150).map(|i| i % 7).collect::<Vec<_>>(), &Interrupt::never());
        let estimates = [
            kraskov(&[&x, &y], Kraskov::First, &[1, 4], workers),
            kraskov(&[&x, &y, &z], Kraskov::First, &[1, 4], workers),
            kraskov(&[&x, &y, &z], Kraskov::Second, &[1, 4], workers),
            conditional(&x, &y, &z, &[1, 4], workers),
            conditional_apart(&x, &y, &z, (&(0..150).collect::<Vec<_>>(), 7), &[1, 4], workers),
            mixture(&x, &y, &[1, 4], workers),
            ross_points(&x, &labels.expect("few"), &[1, 4], workers),
        ];
        for estimate in estimates.into_iter().flat_map(|estimates| estimates.expect("valid input")) {
            let (mean, values) = (estimate.mean().expect("memory"), estimate.values().expect("memory"));
            assert!((mean - values.iter().sum::<f64>() / 150.0).abs() < 1e-12);
        }
    }
}

#[test]
fn a_pair_of_scalars_is_a_pair_of_points() {
    let ks = [1, 3, 20];
    for levels in [1, 3, 40, 10_007] {
        let [x, y, _] = parts(1, levels);
        let (a, b) = (sequence(150, 31, levels), sequence(150, 57, levels));
        let pair = |estimator| scalar_pair(&a, &b, &ks, estimator, Workers::new(1)).expect("valid input");
        let of_points = [
            (PairEstimator::Kraskov, kraskov(&[&x, &y], Kraskov::First, &ks, Workers::new(1))),
            (PairEstimator::Mixture, mixture(&x, &y, &ks, Workers::new(1))),
        ];
        for (estimator, expected) in of_points {
            for (found, expected) in pair(estimator).into_iter().zip(expected.expect("valid input")) {
                assert!((found - expected.mean().expect("memory")).abs() < 1e-12, "{estimator:?} {levels}");
            }
        }
        let by_ties = by_ties(&x, &y, &ks, Workers::new(1)).expect("valid input");
        for (found, expected) in pair(PairEstimator::ByTies).into_iter().zip(by_ties) {
            assert!((found - expected.mean().expect("memory")).abs() < 1e-12, "by ties {levels}");
        }
    }
}

#[test]
fn points_of_one_coordinate_are_a_column_of_ross() {
    let never = Interrupt::never();
    for levels in [3, 40, 10_007] {
        let values = sequence(150, 31, levels);
        let labels = encode(&(0..150).map(|i| i * i % 11).collect::<Vec<_>>(), &never).expect("few");
        let column = Column::new(&values, &never).expect("finite");
        let points = Points::from_rows(&values, 1).expect("finite");
        for k in [1, 3, 200] {
            let found = ross_points(&points, &labels, &[k], Workers::new(1)).expect("valid input");
            let expected = ross(&column, &labels, k, SmallClasses::Exact, &never).expect("valid input");
            assert!((found[0].mean().expect("memory") - expected).abs() < 1e-12);
        }
    }
}

#[test]
fn a_window_of_nothing_leaves_all_neighbours() {
    let (workers, ks) = (Workers::new(1), [1, 4]);
    let times: Vec<i64> = (0..150).map(|i| i * i).collect();
    for (dimensions, levels) in [(1, 5), (2, 5), (1, 10_007), (2, 10_007)] {
        let [x, y, z] = parts(dimensions, levels);
        let apart = conditional_apart(&x, &y, &z, (&times, 0), &ks, workers).expect("valid input");
        let anywhere = conditional(&x, &y, &z, &ks, workers).expect("valid input");
        for (apart, anywhere) in apart.iter().zip(&anywhere) {
            let (apart, anywhere) = (apart.values().expect("memory"), anywhere.values().expect("memory"));
            assert!(apart.iter().zip(&anywhere).all(|(a, b)| (a - b).abs() < 1e-12));
        }
    }
}

#[test]
fn contributions_do_not_depend_on_the_number_of_threads() {
    let values: Vec<f64> = sequence(20_000, 31, 10_007);
    let x = Points::from_rows(&values[..10_000], 2).expect("finite");
    let y = Points::from_rows(&values[10_000..], 2).expect("finite");
    let run = |threads| {
        let workers = Workers::new(threads);
        let first = kraskov(&[&x, &y], Kraskov::First, &[3], workers).expect("valid input");
        let given = conditional(&x, &y, &y, &[3], workers).expect("valid input");
        let entropy = kozachenko_leonenko_pointwise(&x, 3, workers).expect("valid input");
        [bits(first[0].values()), bits(given[0].values()), bits(Ok(entropy))]
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn errors_of_estimators_on_points() {
    let workers = Workers::new(1);
    let [x, y, z] = parts(2, 100);
    let short = Points::from_rows(&[1.0, 2.0, 3.0], 1).expect("finite");
    let neighbors = |k| Error::Neighbors { k, n: 150 };
    let lengths = Error::Lengths { left: 150, right: 3 };
    let kind = Kraskov::First;
    assert_eq!(kraskov(&[&x, &y], kind, &[3, 150], workers).err(), Some(neighbors(150)));
    assert_eq!(kraskov(&[&x, &short], kind, &[3], workers).err(), Some(lengths));
    assert_eq!(kraskov(&[], kind, &[3], workers).err(), Some(Error::Shape { values: 0, dimensions: 0 }));
    assert_eq!(conditional(&x, &y, &z, &[0], workers).err(), Some(neighbors(0)));
    assert_eq!(conditional(&x, &y, &short, &[1], workers).err(), Some(lengths));
    let times: Vec<i64> = (0..150).collect();
    let apart = |times, window, k| conditional_apart(&x, &y, &z, (times, window), &[k], workers).err();
    assert_eq!(apart(&times[..3], 0, 1), Some(lengths));
    assert_eq!(apart(&times, 0, 150), Some(neighbors(150)));
    assert_eq!(apart(&times, 10, 130), Some(neighbors(150)));
    assert_eq!(mixture(&x, &short, &[1], workers).err(), Some(lengths));
    assert_eq!(kozachenko_leonenko(&x, &[150], workers), Err(neighbors(150)));
    let labels = encode(&(0..150).collect::<Vec<_>>(), &Interrupt::never()).expect("few");
    assert_eq!(ross_points(&x, &labels, &[1], workers).err(), Some(Error::AllLabelsUnique));
    assert_eq!(
        ross_points(&short, &labels, &[1], workers).err(),
        Some(Error::Lengths { left: 3, right: 150 })
    );
}
