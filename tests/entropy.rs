//! Joint tables against counting, and count estimators at the ends of what counts can be.

use std::collections::BTreeMap;

use mutua::{
    CountEstimator, Error, Histogram, Interrupt, JointTable, Labels, contributions, nsb_posterior,
    sum_of_entropies,
};

fn labels(n: usize, factor: u64, levels: u64, spread: i64) -> Vec<i64> {
    (0..n as u64).map(|i| ((i * i * factor + i) % 10_007 % levels) as i64 * spread - 5).collect()
}

fn named(name: &str) -> CountEstimator {
    CountEstimator::named(name, 0.7).expect("in the register")
}

fn entropy(counts: &[u64], name: &str, n_categories: Option<f64>) -> Result<f64, Error> {
    let table = JointTable::from_counts(counts)?;
    let categories = n_categories.map(|n| [n]);
    let never = Interrupt::never();
    sum_of_entropies(&table, &[(1, 1)], &named(name), categories.as_ref().map(|n| &n[..]), &never)
}

#[test]
fn marginals_equal_counting() {
    for (n, levels, spread) in
        [(1, 3, 1), (200, 4, 1), (3000, 2, 1 << 40), (3000, 500, 1), (3000, 500, 1 << 40), (9000, 30, 7)]
    {
        let columns: Vec<Vec<i64>> = (0..4).map(|i| labels(n, 31 + 26 * i, levels + i, spread)).collect();
        for n_variables in 1..=4 {
            let variables: Vec<Labels<'_>> = columns[..n_variables].iter().map(Into::into).collect();
            let table = JointTable::from_labels(&variables, &Interrupt::never()).expect("equal lengths");
            let (other, cells) =
                JointTable::with_cells(&variables, &Interrupt::never()).expect("equal lengths");
            assert_eq!(table.counts(), other.counts());
            for mask in 1u64..1 << n_variables {
                let mut expected = BTreeMap::new();
                let chosen = || (0..n_variables).rev().filter(|variable| mask >> variable & 1 == 1);
                for key in (0..n).map(|i| chosen().map(|of| columns[of][i]).collect::<Vec<_>>()) {
                    *expected.entry(key).or_insert(0u64) += 1;
                }
                let mut found = table.marginal(mask, &Interrupt::never()).expect("memory");
                assert_eq!(other.marginal(mask, &Interrupt::never()), Ok(found.clone()));
                let mut expected: Vec<u64> = expected.into_values().collect();
                if mask.count_ones() as usize == n_variables {
                    found.sort_unstable(); // Cells are in the order of the first variable.
                    expected.sort_unstable();
                }
                assert_eq!(found, expected, "{n} {levels} {spread} {mask:b}");
            }
            for (i, &cell) in cells.as_slice().iter().enumerate() {
                let same = (0..n).filter(|&j| columns[..n_variables].iter().all(|of| of[i] == of[j]));
                if i % 97 == 0 {
                    assert_eq!(same.count() as u64, table.counts()[cell as usize]);
                }
            }
        }
    }
}

#[test]
fn histograms() {
    let long: Vec<u64> = (0..5000).map(|i| i % 7 * (i % 3) * 999).collect();
    for counts in [&[][..], &[0, 0], &[3], &[5, 1, 5, 0, 70_000, 1, 5], &long] {
        let mut expected = BTreeMap::new();
        counts.iter().filter(|&&count| count > 0).for_each(|&count| *expected.entry(count).or_insert(0) += 1);
        let histogram = Histogram::new(counts).expect("small");
        assert_eq!(histogram.bins(), expected.into_iter().collect::<Vec<_>>());
        assert_eq!(histogram.total(), counts.iter().sum::<u64>());
        assert_eq!(histogram.with_count(5), counts.iter().filter(|&&count| count == 5).count() as u64);
    }
    assert_eq!(Histogram::new(&[u64::MAX / 2, 1]), Err(Error::Total));
}

/// Of two labels, a quarter and three quarters of many samples.
#[test]
fn many_samples_leave_no_bias() {
    let truth = 0.75 * (4.0f64 / 3.0).ln() + 0.25 * 4f64.ln();
    for name in CountEstimator::names() {
        for n in [1_000_000_000u64, 1 << 60] {
            let found = entropy(&[n, 3 * n], name, Some(2.0)).expect("large, not too large");
            let close = if name == "minimax" { 1e-5 } else { 1e-8 }; // it adds the root of n
            assert!((found - truth).abs() < close, "{name} of {n}: {found}");
        }
    }
}

#[test]
fn a_hundred_thousand_singletons() {
    let counts = vec![1; 100_000];
    for name in CountEstimator::names() {
        let found = entropy(&counts, name, Some(1e12));
        if name == "pym" {
            assert_eq!(found, Err(Error::AllLabelsUnique));
            continue;
        }
        let found = found.expect("as many categories");
        assert!(found.is_finite() && found > 10.0, "{name}: {found}");
    }
}

/// The tail of Chao, Wang and Jost as the series of the paper, where that keeps its digits.
#[test]
fn the_tail_is_its_series() {
    for counts in [&[1, 1, 1, 2, 2, 9][..], &[1, 3, 3], &[1, 1, 2, 40], &[1; 6]] {
        let n: u64 = counts.iter().sum();
        let of = |count: u64| counts.iter().filter(|&&other| other == count).count() as f64;
        let (once, twice, m) = (of(1), of(2), (n - 1) as f64);
        let a = match twice {
            0.0 => 2.0 / (m * (once - 1.0) + 2.0),
            _ => 2.0 * twice / (m * once + 2.0 * twice),
        };
        let seen: f64 = counts
            .iter()
            .map(|&count| count as f64 / n as f64 * (mutua::digamma(n) - mutua::digamma(count)))
            .sum();
        let series: f64 = (1..n).map(|r| (1.0 - a).powi(r as i32) / r as f64).sum();
        let tail = match a {
            1.0 => 0.0,
            _ => once / n as f64 * (1.0 - a).powi(1 - n as i32) * (-a.ln() - series),
        };
        let found = entropy(counts, "chao_wang_jost", None).expect("small");
        assert!((found - seen - tail).abs() < 1e-9, "{counts:?}: {found} {}", seen + tail);
    }
}

#[test]
fn the_posterior_is_that_of_a_beta_law() {
    // Of two labels and no sample the prior is uniform in the mean entropy, which is half of ln 2 on average.
    let (mean, deviation) =
        nsb_posterior(&Histogram::new(&[]).expect("empty"), 2.0, &Interrupt::never()).expect("valid");
    assert!((mean - 2f64.ln() / 2.0).abs() < 1e-12, "{mean}");
    assert!((0.1..0.3).contains(&deviation));
    let one = Histogram::new(&[7]).expect("small");
    assert_eq!(nsb_posterior(&one, 1.0, &Interrupt::never()), Ok((0.0, 0.0)));
    assert!(matches!(nsb_posterior(&one, 0.0, &Interrupt::never()), Err(Error::Categories { .. })));
}

#[test]
fn what_is_refused() {
    let never = Interrupt::never();
    assert!(matches!(JointTable::from_labels(&[], &never), Err(Error::Variables { n: 0 })));
    let (two, three) = ([1, 2], [1, 2, 3]);
    let lengths = JointTable::from_labels(&[(&two).into(), (&three).into()], &never);
    assert!(matches!(lengths, Err(Error::Lengths { left: 2, right: 3 })));
    let none: [i64; 0] = [];
    assert!(matches!(JointTable::from_labels(&[(&none).into()], &never), Err(Error::Samples { .. })));
    let (table, cells) = JointTable::with_cells(&[(&three).into()], &never).expect("one variable");
    let not_pointwise = contributions(&table, &cells, &[(1, 1)], &named("nsb"), &never);
    assert_eq!(not_pointwise, Err(Error::NotPointwise));
    for mask in [0, 0b10] {
        let unknown = sum_of_entropies(&table, &[(1, 1), (1, mask)], &named("plug_in"), None, &never);
        assert_eq!(unknown, Err(Error::Term { index: 1 }));
    }
    assert_eq!(entropy(&[1, 1, 1], "quadratic_extrapolation", None), Err(Error::Samples { needed: 4, n: 3 }));
    assert_eq!(entropy(&[1, 1], "nsb", Some(1.0)), Err(Error::Categories { variable: 0, n_labels: 2 }));
    assert_eq!(entropy(&[1, 1], "nsb", Some(f64::INFINITY)), Err(Error::Combinations));
}
