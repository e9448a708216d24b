//! The information bottleneck: moves and merges against the definition, the same bits on any machine, and what is refused.

use mutua::{
    Annealing, Error, Instructions, Interrupt, Objective, Workers, agglomerative_bottleneck,
    binary_quantizer, information_bottleneck, sequential_bottleneck,
};

const RELEVANCE: Objective = Objective { of_entropy: 0.0, of_relevance: 1.0 };

fn annealing(is_accelerated: bool) -> Annealing {
    Annealing { is_hard: false, tolerance: 1e-12, max_iterations: 20_000, is_accelerated }
}

/// Numbers that look random, some of them 0.
fn table(n: usize, zeros: u64) -> Vec<f64> {
    let mut state = 12_345u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let raw: Vec<f64> =
        (0..n).map(|_| if next() % 10 < zeros { 0.0 } else { (next() % 1000 + 1) as f64 }).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|value| value / sum).collect()
}

fn f(z: f64) -> f64 {
    if z > 0.0 { z * z.ln() } else { 0.0 }
}

/// `of_entropy H(T) - of_relevance I(T;Y)` up to a constant.
fn functional(joint: &[f64], n_columns: usize, labels: &[usize], objective: Objective) -> f64 {
    let n_clusters = labels.iter().max().map_or(0, |most| most + 1);
    (0..n_clusters)
        .map(|cluster| {
            let rows = joint.chunks(n_columns).zip(labels).filter(|&(_, &label)| label == cluster);
            let mut sums = vec![0.0; n_columns];
            rows.for_each(|(row, _)| sums.iter_mut().zip(row).for_each(|(sum, p)| *sum += p));
            let (weight, of_y) = (sums.iter().sum(), sums.iter().copied().map(f).sum::<f64>());
            -objective.of_entropy * f(weight) - objective.of_relevance * (of_y - f(weight))
        })
        .sum()
}

#[test]
fn moves_end_where_none_is_better() -> Result<(), Error> {
    for objective in [RELEVANCE, Objective { of_entropy: 1.0, of_relevance: 4.0 }] {
        for zeros in [0, 4] {
            let joint = table(20 * 7, zeros);
            let start: Vec<usize> = (0..20).map(|row| row % 4).collect();
            let order: Vec<usize> = (0..20).collect();
            let never = Interrupt::never();
            let (labels, sweeps) =
                sequential_bottleneck(&joint, 7, &start, 4, &order, objective, 100, &never)?;
            assert!(sweeps < 100);
            let least = functional(&joint, 7, &labels, objective);
            assert!(least < functional(&joint, 7, &start, objective));
            for row in 0..20 {
                for cluster in 0..4 {
                    let mut moved = labels.clone();
                    moved[row] = cluster;
                    assert!(functional(&joint, 7, &moved, objective) >= least - 1e-12);
                }
            }
        }
    }
    Ok(())
}

#[test]
fn merges_cost_what_they_say() -> Result<(), Error> {
    let joint = table(15 * 9, 3);
    for objective in [RELEVANCE, Objective { of_entropy: 1.0, of_relevance: 2.0 }] {
        let merges = agglomerative_bottleneck(&joint, 9, 1, objective, false, Workers::new(1))?;
        assert_eq!(merges.len(), 14);
        let mut labels: Vec<usize> = (0..15).collect();
        for merge in merges {
            let before = functional(&joint, 9, &labels, objective);
            labels.iter_mut().filter(|label| **label == merge.gone).for_each(|label| *label = merge.kept);
            assert!((functional(&joint, 9, &labels, objective) - before - merge.cost).abs() < 1e-12);
        }
    }
    Ok(())
}

#[test]
fn quantizers_of_any_number_are_nested_in_value() -> Result<(), Error> {
    let joint = table(200 * 2, 1);
    let mut last = f64::INFINITY;
    for n_clusters in 1..20 {
        let labels = binary_quantizer(&joint, n_clusters, &Interrupt::never())?;
        let value = functional(&joint, 2, &labels, RELEVANCE);
        assert!(value < last, "{n_clusters}");
        last = value;
        // No row is better in a neighbouring run.
        let order: Vec<usize> = (0..200).collect();
        let never = Interrupt::never();
        let (moved, _) = sequential_bottleneck(&joint, 2, &labels, n_clusters, &order, RELEVANCE, 9, &never)?;
        assert_eq!(moved, labels);
    }
    Ok(())
}

#[test]
fn the_same_bits_for_any_instructions_and_threads() -> Result<(), Error> {
    let widest = Instructions::current();
    for zeros in [0, 2, 9] {
        let mut joint = table(40 * 30, zeros);
        joint.chunks_mut(30).for_each(|row| row[0] += 1e-3);
        let start: Vec<f64> = (0..40 * 20).map(|i| if i % 20 == i / 20 % 20 { 0.62 } else { 0.02 }).collect();
        let mut found = Vec::new();
        for instructions in Instructions::available() {
            assert!(instructions.force());
            for threads in [1, 2] {
                let how = Annealing { max_iterations: 40, ..annealing(true) };
                let workers = Workers::new(threads);
                let encoders = information_bottleneck(&joint, 30, &start, 20, &[30.0, 3.0], how, workers)?;
                let bits = encoders.iter().flat_map(|encoder| &encoder.probabilities).map(|p| p.to_bits());
                let merges = agglomerative_bottleneck(&joint, 30, 3, RELEVANCE, false, workers)?;
                found.push((bits.collect::<Vec<_>>(), merges));
            }
        }
        assert!(found.iter().all(|one| *one == found[0]), "{zeros}");
    }
    assert!(widest.force());
    Ok(())
}

#[test]
fn longer_steps_lead_to_the_same_place() -> Result<(), Error> {
    let joint = table(12 * 8, 2);
    let start: Vec<f64> = (0..12 * 12).map(|i| if i % 13 == 0 { 1.0 } else { 0.0 }).collect();
    for beta in [3.0, 20.0] {
        let run =
            |fast| information_bottleneck(&joint, 8, &start, 12, &[beta], annealing(fast), Workers::new(1));
        let (plain, fast) = (run(false)?, run(true)?);
        assert!(fast[0].n_iterations <= plain[0].n_iterations);
        assert!(plain[0].residual <= 1e-12 && fast[0].residual <= 1e-12);
        assert_eq!(plain[0].n_clusters, fast[0].n_clusters);
        for (a, b) in plain[0].probabilities.iter().zip(&fast[0].probabilities) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
    }
    Ok(())
}

#[test]
fn a_caller_may_give_up() {
    let joint = table(300 * 300, 0);
    let start = vec![1.0 / 20.0; 300 * 20];
    let how = Annealing { tolerance: -1.0, max_iterations: usize::MAX, ..annealing(false) };
    for threads in [1, 2] {
        let workers = Workers::new(threads).polling(&|| false);
        let found = information_bottleneck(&joint, 300, &start, 20, &[2.0], how, workers);
        assert_eq!(found.err(), Some(Error::Interrupted));
    }
}

#[test]
fn what_is_refused() {
    let (joint, start, how) = ([0.5, 0.0, 0.25, 0.25], [1.0, 1.0], annealing(true));
    let run = |joint: &[f64], start: &[f64], beta: f64| {
        information_bottleneck(joint, 2, start, 1, &[beta], how, Workers::new(1)).err()
    };
    assert_eq!(run(&joint, &start, 2.0), None);
    assert_eq!(run(&joint[..3], &start, 2.0), Some(Error::Shape { values: 3, dimensions: 2 }));
    assert_eq!(run(&[], &start, 2.0), Some(Error::Shape { values: 0, dimensions: 2 }));
    assert_eq!(run(&[0.5, 0.5, 0.0, 0.0], &start, 2.0), Some(Error::Weight { index: 2 }));
    assert_eq!(run(&[0.5, f64::NAN, 0.1, 0.2], &start, 2.0), Some(Error::Weight { index: 1 }));
    assert_eq!(run(&joint, &start[..1], 2.0), Some(Error::Lengths { left: 1, right: 2 }));
    assert_eq!(run(&joint, &[1.0, -1.0], 2.0), Some(Error::Weight { index: 1 }));
    for beta in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(run(&joint, &start, beta), Some(Error::Beta { index: 0 }));
    }
    let sequential = |labels: &[usize], order: &[usize], objective| {
        sequential_bottleneck(&joint, 2, labels, 2, order, objective, 9, &Interrupt::never()).err()
    };
    assert_eq!(sequential(&[0, 2], &[0, 1], RELEVANCE), Some(Error::Cell { index: 1 }));
    assert_eq!(sequential(&[0, 1], &[0, 9], RELEVANCE), Some(Error::Cell { index: 1 }));
    assert_eq!(sequential(&[0], &[0, 1], RELEVANCE), Some(Error::Lengths { left: 2, right: 1 }));
    let negative = Objective { of_entropy: -1.0, of_relevance: 1.0 };
    assert_eq!(sequential(&[0, 1], &[0, 1], negative), Some(Error::Weight { index: 0 }));
    assert_eq!(binary_quantizer(&joint, 0, &Interrupt::never()), Err(Error::Cell { index: 0 }));
}
