//! Sums of joint entropies against ten lines of brute force, and the promises of every call.

use std::cell::Cell;

use mutua::{
    Codes, Error, Interrupt, Marginal, Points, Rule, Ties, Workers, brute_force, common_ball, conditional,
    digamma, encode, ties,
};

const RULES: [Rule; 4] = [Rule::Kraskov, Rule::Ross, Rule::Mixture, Rule::AtomSplit];

/// `2 H(0) - H(1, 2) + 0.5 H(0, 2) - H(0, 1, 2)`.
const TERMS: [(f64, u64); 4] = [(2.0, 0b001), (-1.0, 0b110), (0.5, 0b101), (-1.0, 0b111)];

fn sequence(n: usize, factor: u64, levels: u64) -> Vec<f64> {
    (0..n as u64).map(|i| ((i * i * factor + i) % 10_007 % levels) as f64).collect()
}

fn points(n: usize, factor: u64, levels: u64) -> Points {
    Points::from_rows(&sequence(2 * n, factor, levels), 2).expect("finite")
}

fn labels(n: usize, levels: u64) -> Codes {
    let labels: Vec<i64> =
        sequence(n, 83, 10_007).iter().map(|&value| value as i64 % levels as i64).collect();
    encode(&labels, &Interrupt::never()).expect("few")
}

/// The contributions by their definition; the first and the last variable are points, the other is labels.
fn by_definition([x, z]: [&Points; 2], labels: &Codes, rule: Rule, k: usize) -> Vec<f64> {
    let n = x.len();
    let keeps_all = matches!(rule, Rule::Mixture | Rule::AtomSplit);
    let repeats = |p: &Points, i: usize| (0..n).any(|j| j != i && p.point(i) == p.point(j));
    let of_points = |p: &Points, i: usize, j: usize| {
        let parted = rule == Rule::AtomSplit && p.point(i) != p.point(j) && (repeats(p, i) || repeats(p, j));
        if parted { f64::INFINITY } else { brute_force::distance(p.point(i), p.point(j)) }
    };
    let same = |i: usize, j: usize| labels.as_slice()[i] == labels.as_slice()[j];
    let distances = |i: usize, j: usize| {
        [of_points(x, i, j), if same(i, j) { 0.0 } else { f64::INFINITY }, of_points(z, i, j)]
    };
    let joint = |i: usize, j: usize| distances(i, j).into_iter().fold(0.0, f64::max);
    let n_others = |i: usize| (0..n).filter(|&j| j != i && joint(i, j) < f64::INFINITY).count();
    let kept: Vec<usize> = (0..n).filter(|&i| keeps_all || n_others(i) > 0).collect();
    let mut values = vec![f64::NAN; n];
    for &i in &kept {
        let mut others: Vec<f64> = (0..n).filter(|&j| j != i).map(|j| joint(i, j)).collect();
        others.sort_by(f64::total_cmp);
        let neighbors = k.min(n_others(i));
        let radius = if neighbors > 0 { others[neighbors - 1] } else { 0.0 };
        let near = |j: usize, part: usize| {
            let distance = distances(i, j)[part];
            match part {
                1 => distance == 0.0,
                _ if radius == 0.0 && rule != Rule::Kraskov => distance == 0.0,
                _ => j == i || distance < radius,
            }
        };
        values[i] = 0.0;
        for (coefficient, mask) in TERMS {
            let count = if mask < 0b111 {
                kept.iter().filter(|&&j| (0..3).all(|part| mask >> part & 1 == 0 || near(j, part))).count()
            } else if radius == 0.0 && keeps_all {
                (0..n).filter(|&j| joint(i, j) == 0.0).count()
            } else {
                neighbors
            };
            let base = if keeps_all { (n as f64).ln() } else { digamma(kept.len() as u64) };
            values[i] += coefficient * (base - digamma(count as u64));
        }
        // The unit of x counts 1.5 times, that of z -1.5 times: the volumes cancel.
    }
    values
}

#[test]
fn sums_of_entropies_are_their_formula() {
    for (levels, n_labels) in [(2, 2), (5, 40), (40, 100), (10_007, 3), (10_007, 1)] {
        let (x, z, labels) = (points(140, 31, levels), points(140, 57, levels), labels(140, n_labels));
        let parts = [(&x).into(), (&labels).into(), (&z).into()];
        for rule in RULES {
            let found =
                common_ball(&parts, &TERMS, rule, &[1, 4, 500], Workers::new(1)).expect("valid input");
            for (k, found) in [1, 4, 500].into_iter().zip(found) {
                let expected = by_definition([&x, &z], &labels, rule, k);
                let values = found.values().expect("memory");
                for (found, expected) in values.iter().zip(&expected) {
                    let same = (found - expected).abs() < 1e-12 || found.is_nan() && expected.is_nan();
                    assert!(same, "{rule:?} {levels} {n_labels} {k}: {found} {expected}");
                }
                let kept: Vec<f64> = expected.into_iter().filter(|value| !value.is_nan()).collect();
                let mean = kept.iter().sum::<f64>() / kept.len() as f64;
                assert!((found.mean().expect("memory") - mean).abs() < 1e-12);
            }
        }
    }
}

/// Large classes share threads, many small ones are shared out.
#[test]
fn neither_threads_nor_order_change_a_bit() {
    let n = 20_000;
    let reversed: Vec<u32> = (0..n as u32).rev().collect();
    let turned = |p: &Points| {
        let rows: Vec<f64> = reversed.iter().flat_map(|&i| p.point(i as usize)).copied().collect();
        Points::from_rows(&rows, 2).expect("finite")
    };
    for n_labels in [2, 300, 10_007] {
        let (x, z, codes) = (points(n, 31, 5000), points(n, 57, 10_007), labels(n, n_labels));
        let back: Vec<u32> = reversed.iter().map(|&i| codes.as_slice()[i as usize]).collect();
        let (x_back, z_back) = (turned(&x), turned(&z));
        let codes_back = encode(&back, &Interrupt::never()).expect("few");
        for rule in RULES {
            let run = |parts: &[Marginal<'_>], threads| {
                let found =
                    common_ball(parts, &TERMS, rule, &[3], Workers::new(threads)).expect("valid input");
                (found[0].mean().expect("memory").to_bits(), found[0].values().expect("memory"))
            };
            let (mean, values) = run(&[(&x).into(), (&codes).into(), (&z).into()], 1);
            let (shared, shared_values) = run(&[(&x).into(), (&codes).into(), (&z).into()], 2);
            let (back, _) = run(&[(&x_back).into(), (&codes_back).into(), (&z_back).into()], 2);
            assert_eq!([shared, back], [mean; 2], "{rule:?} {n_labels}");
            let bits = |values: Vec<f64>| values.into_iter().map(f64::to_bits).collect::<Vec<_>>();
            assert_eq!(bits(shared_values), bits(values));
        }
    }
}

/// One label is none, and what is given is a condition, however it is written.
#[test]
fn special_cases_are_those_of_the_papers() {
    let (x, y, z) = (points(150, 31, 40), points(150, 57, 40), points(150, 83, 40));
    let one = labels(150, 1);
    let terms = [(-1.0, 0b111), (1.0, 0b101), (1.0, 0b110), (-1.0, 0b100)];
    let with_label = Marginal { points: Some(&z), labels: Some(&one) };
    let found =
        common_ball(&[(&x).into(), (&y).into(), with_label], &terms, Rule::Kraskov, &[3], Workers::new(1));
    let expected = conditional(&x, &y, &z, &[3], Workers::new(1)).expect("valid input");
    assert_eq!(found.expect("valid input")[0].mean(), expected[0].mean());
}

#[test]
fn a_caller_can_give_up() {
    let (x, codes) = (points(100_000, 31, 10_007), labels(100_000, 10_007));
    let poll = Cell::new(0);
    let ask = || {
        poll.set(poll.get() + 1);
        false
    };
    let parts = [(&x).into(), (&codes).into(), (&x).into()];
    let found = common_ball(&parts, &TERMS, Rule::Mixture, &[3], Workers::new(2).polling(&ask));
    assert_eq!((found.err(), poll.get()), (Some(Error::Interrupted), 1));
}

#[test]
fn errors() {
    let (x, short, codes) = (points(50, 31, 100), points(3, 31, 100), labels(50, 3));
    let unique = encode(&(0..50).collect::<Vec<_>>(), &Interrupt::never()).expect("few");
    let run = |parts: &[Marginal<'_>], rule, k| {
        common_ball(parts, &[(1.0, 0b10)], rule, &[k], Workers::new(1)).map(|_| ()).err()
    };
    let shape = Error::Shape { values: 0, dimensions: 0 };
    assert_eq!(run(&[], Rule::Ross, 1), Some(shape));
    assert_eq!(run(&[(&x).into()], Rule::Ross, 1), Some(Error::Term { index: 0 }));
    assert_eq!(
        run(&[(&x).into(), (&short).into()], Rule::Ross, 1),
        Some(Error::Lengths { left: 50, right: 3 })
    );
    assert_eq!(run(&[(&x).into(), (&x).into()], Rule::Ross, 50), Some(Error::Neighbors { k: 50, n: 50 }));
    assert_eq!(run(&[(&x).into(), (&codes).into()], Rule::Ross, 0), Some(Error::Neighbors { k: 0, n: 50 }));
    assert_eq!(run(&[(&x).into(), (&codes).into()], Rule::Ross, 50), None);
    assert_eq!(run(&[(&x).into(), (&unique).into()], Rule::Kraskov, 3), Some(Error::AllLabelsUnique));
    assert_eq!(run(&[(&x).into(), (&unique).into()], Rule::Mixture, 3), None);
}

#[test]
fn what_repeats_often_is_an_atom() {
    let run = |parts: &[Marginal<'_>]| ties(parts, 3, Workers::new(1)).expect("valid input");
    let roots: Vec<f64> = (0..1000).map(|i| f64::from(i).sqrt()).collect();
    let line = |values: Vec<f64>| Points::from_rows(&values, 1).expect("finite");
    let distinct = line(roots.clone());
    let rounded = line(roots.iter().map(|root| (root * 10.0).round()).collect());
    let floor = line(roots.iter().map(|root| root.max(20.0)).collect());
    let zeros = line((0..1000).map(|i| if i < 2 { [0.0, -0.0][i] } else { i as f64 }).collect());
    assert_eq!(run(&[(&distinct).into(), (&distinct).into()]), Ties::None);
    assert_eq!(run(&[(&distinct).into(), (&floor).into()]), Ties::Atoms);
    assert_eq!(run(&[(&rounded).into(), (&floor).into()]), Ties::Lattice);
    assert_eq!(run(&[(&zeros).into()]), Ties::Atoms); // both zeros are one value
    // Small classes that the labels make alone are not the fault of the atoms.
    let pairs = labels(1000, 10_007);
    assert_eq!(run(&[(&floor).into(), (&pairs).into()]), Ties::Atoms);
    assert_eq!(run(&[(&pairs).into()]), Ties::None);
}
