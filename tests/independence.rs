//! Surrogates: the law of drawn tables, what orders keep, estimates of samples in other orders.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashMap;

use mutua::{
    Error, Interrupt, Marginal, Neighborhoods, Points, Random, Ranks, Rearrangement, Rule, Workers,
    chi_square_survival, common_ball, draw_orders, encode, permuted_labels, random_table,
    rank_mutual_information, rearranged_common_ball, rearranged_ranks,
};

const INFORMATION: [(f64, u64); 3] = [(1.0, 0b01), (1.0, 0b10), (-1.0, 0b11)];
const CONDITIONAL: [(f64, u64); 4] = [(1.0, 0b101), (1.0, 0b110), (-1.0, 0b111), (-1.0, 0b100)];

fn uniform(n: usize, index: u64) -> Vec<f64> {
    let mut random = Random::stream(1, index);
    (0..n).map(|_| random.uniform()).collect()
}

fn orders(rearrangement: &Rearrangement<'_>, n: usize, count: usize) -> Vec<Vec<u32>> {
    let mut orders = vec![0; n * count];
    draw_orders(rearrangement, n, 5, 0, &mut orders, Workers::new(2)).unwrap();
    orders.chunks(n).map(<[u32]>::to_vec).collect()
}

fn is_permutation(order: &[u32]) -> bool {
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    sorted.iter().copied().eq(0..order.len() as u32)
}

/// Probabilities of tables with these margins: proportional to one over the product of the factorials of the cells.
fn law(rows: &[u64], columns: &[u64]) -> HashMap<Vec<u64>, f64> {
    fn fill(cells: Vec<u64>, rows: &[u64], columns: &[u64], found: &mut HashMap<Vec<u64>, f64>) {
        let (row, column) = (cells.len() / columns.len(), cells.len() % columns.len());
        if row == rows.len() {
            let is_full = (0..columns.len())
                .all(|c| cells[c..].iter().step_by(columns.len()).sum::<u64>() == columns[c]);
            let weight: f64 = cells.iter().flat_map(|&n| 1..=n).map(|m| 1.0 / m as f64).product();
            if is_full {
                found.insert(cells, weight);
            }
            return;
        }
        let left = rows[row] - cells[row * columns.len()..].iter().sum::<u64>();
        let choices = if column + 1 == columns.len() { left..=left } else { 0..=left };
        for n in choices {
            fill([&cells[..], &[n]].concat(), rows, columns, found);
        }
    }
    let mut found = HashMap::new();
    fill(Vec::new(), rows, columns, &mut found);
    let total: f64 = found.values().sum();
    found.values_mut().for_each(|weight| *weight /= total);
    found
}

#[test]
fn tables_have_the_law_of_permutations() {
    let margins: [(&[u64], &[u64]); 4] =
        [(&[4, 3], &[5, 2]), (&[2, 3, 2], &[3, 1, 3]), (&[1, 6], &[3, 4]), (&[3, 3], &[2, 2, 2])];
    for (rows, columns) in margins {
        let (law, mut counts, draws) = (law(rows, columns), HashMap::<_, f64>::new(), 40_000);
        for index in 0..draws {
            *counts.entry(random_table(rows, columns, 2, index).unwrap()).or_default() += 1.0;
        }
        let statistic = law
            .iter()
            .map(|(table, p)| (counts.remove(table).unwrap_or(0.0) - p * draws as f64, p * draws as f64))
            .map(|(difference, expected)| difference * difference / expected)
            .sum();
        assert!(counts.is_empty(), "{rows:?} {columns:?}: {counts:?}");
        assert!(
            chi_square_survival(law.len() as u64 - 1, statistic) > 1e-3,
            "{rows:?} {columns:?}: {statistic}"
        );
    }
}

#[test]
fn tables_keep_their_margins() {
    let margins: [(&[u64], &[u64]); 5] = [
        (&[0, 7, 300], &[100, 0, 207]),
        (&[500_000, 1], &[250_000, 250_001]),
        (&[1 << 40, 3], &[1 << 39, (1 << 39) + 3]),
        (&[], &[]),
        (&[5], &[5]),
    ];
    for (rows, columns) in margins {
        for index in 0..20 {
            let table = random_table(rows, columns, 0, index).unwrap();
            let width = columns.len().max(1);
            assert!(table.chunks(width).map(|row| row.iter().sum::<u64>()).eq(rows.iter().copied()));
            for (column, &sum) in columns.iter().enumerate() {
                assert_eq!(table[column..].iter().step_by(width).sum::<u64>(), sum);
            }
        }
    }
    assert_eq!(random_table(&[u64::MAX, 1], &[0], 0, 0), Err(Error::Total));
    assert_eq!(random_table(&[2], &[3], 0, 0), Err(Error::Lengths { left: 2, right: 3 }));
}

/// A wide law: its mean and variance are known.
#[test]
fn large_tables_have_the_mean_and_variance() {
    let (size, marked, drawn) = (100_000f64, 40_000f64, 25_000f64);
    let counts: Vec<f64> = (0..500)
        .map(|index| random_table(&[25_000, 75_000], &[40_000, 60_000], 1, index).unwrap()[0] as f64)
        .collect();
    let mean = counts.iter().sum::<f64>() / 500.0;
    let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 499.0;
    let expected = drawn * marked / size * (1.0 - marked / size) * (size - drawn) / (size - 1.0);
    assert!((mean - drawn * marked / size).abs() < 4.0 * (expected / 500.0).sqrt(), "{mean}");
    assert!((variance / expected - 1.0).abs() < 0.25, "{variance} {expected}");
}

/// The same distribution of information whether tables are drawn or labels shuffled.
#[test]
fn permuted_labels_draw_and_shuffle_alike() {
    let never = Interrupt::never();
    let labels = |n: usize, index: u64, levels: f64| -> Vec<i64> {
        uniform(n, index).into_iter().map(|u| (u * u * levels) as i64).collect()
    };
    let (x, y) = (labels(100, 1, 2.0), labels(100, 2, 3.0)); // drawn
    let (observed, drawn) = permuted_labels(
        &encode(&x, &never).unwrap(),
        &encode(&y, &never).unwrap(),
        None,
        0,
        0..4000,
        Workers::new(1),
    )
    .unwrap();
    let shuffled: Vec<f64> = orders(&Rearrangement::Any, 100, 4000)
        .iter()
        .map(|order| {
            let y: Vec<i64> = order.iter().map(|&i| y[i as usize]).collect();
            mutua::ContingencyTable::from_labels(&x, &y, &never).unwrap().mutual_information()
        })
        .collect();
    let share = |null: &[f64]| null.iter().filter(|&&value| value >= observed).count() as f64 / 4000.0;
    let (one, other) = (share(&drawn), share(&shuffled));
    assert!((one - other).abs() < 4.0 * (2.0 * one * (1.0 - one) / 4000.0).sqrt(), "{one} {other}");
    // The same tables have the same bits, but for tables so rare that one of the two has none.
    assert!(drawn.iter().filter(|value| !shuffled.contains(value)).count() < 40);
}

#[test]
fn permuted_labels_do_not_depend_on_threads_or_batches() {
    let never = Interrupt::never();
    for levels in [2i64, 40] {
        let codes =
            |step: i64| encode(&(0..300).map(|i| i * i % step % levels).collect::<Vec<_>>(), &never).unwrap();
        let (x, y, z) = (codes(97), codes(89), codes(5));
        for given in [None, Some(&z)] {
            let all = permuted_labels(&x, &y, given, 9, 0..50, Workers::new(1)).unwrap();
            assert_eq!(permuted_labels(&x, &y, given, 9, 0..50, Workers::new(2)).unwrap(), all);
            assert_eq!(permuted_labels(&x, &y, given, 9, 20..50, Workers::new(1)).unwrap().1, all.1[20..]);
        }
    }
}

#[test]
fn orders_keep_what_they_should() {
    let labels: Vec<i64> = (0..40).map(|i| i * i % 7 % 3).collect();
    let codes = encode(&labels, &Interrupt::never()).unwrap();
    for order in
        orders(&Rearrangement::Any, 40, 20).into_iter().chain(orders(&Rearrangement::Within(&codes), 40, 20))
    {
        assert!(is_permutation(&order));
    }
    for order in orders(&Rearrangement::Within(&codes), 40, 20) {
        assert!(order.iter().zip(&labels).all(|(&from, &label)| labels[from as usize] == label));
    }
    let mut shifts: Vec<u32> = orders(&Rearrangement::Shifted, 40, 39).iter().map(|order| order[0]).collect();
    shifts.sort_unstable();
    assert!(shifts.into_iter().eq(1..40)); // each once, and never none
    for length in [1, 7, 10, 40, 99] {
        for order in orders(&Rearrangement::Blocks(length), 40, 20) {
            let breaks = (0..40).filter(|&i| (order[i] + 1) % 40 != order[(i + 1) % 40]).count();
            assert!(is_permutation(&order) && breaks <= 40usize.div_ceil(length), "{length}: {order:?}");
        }
    }
}

#[test]
fn local_orders_stay_in_the_neighborhood() {
    let (one, other) = (uniform(60, 3), uniform(60, 4));
    let never = Interrupt::never();
    let columns = [Ranks::new(&one, &never).unwrap(), Ranks::new(&other, &never).unwrap()];
    let labels = encode(&(0..60).map(|i| i % 4).collect::<Vec<i64>>(), &never).unwrap();
    for labels in [None, Some(&labels)] {
        let neighborhoods = Neighborhoods::new(&columns, labels, 5, Workers::new(2)).unwrap();
        for sample in 0..60 {
            let distance = |&other: &u32| {
                let apart =
                    |column: &Ranks| column.as_slice()[sample].abs_diff(column.as_slice()[other as usize]);
                let far =
                    labels.is_some_and(|codes| codes.as_slice()[sample] != codes.as_slice()[other as usize]);
                apart(&columns[0]).max(apart(&columns[1])) + if far { 1000 } else { 0 }
            };
            let mut all: Vec<u32> = (0..60).collect();
            all.sort_by_key(distance);
            let members = neighborhoods.around(sample);
            assert_eq!(members[0] as usize, sample);
            assert!(members.iter().map(distance).eq(all[..5].iter().map(distance)));
        }
        let drawn = orders(&Rearrangement::Local(&neighborhoods), 60, 20);
        let mut moved = 0;
        for order in &drawn {
            assert!(is_permutation(order));
            assert!((0..60).all(|sample| neighborhoods.around(sample).contains(&order[sample])));
            moved += (0..60).filter(|&sample| order[sample] != sample as u32).count();
        }
        assert!(moved > 20 * 40, "{moved}");
    }
}

/// Of what swaps of neighbours make of five samples on a circle, each as often.
#[test]
fn local_orders_are_as_likely() {
    let members = vec![0, 1, 4, 1, 0, 2, 2, 1, 3, 3, 2, 4, 4, 3, 0];
    let neighborhoods = Neighborhoods::of_members(members, 3).unwrap();
    let mut counts = HashMap::<Vec<u32>, f64>::new();
    for order in orders(&Rearrangement::Local(&neighborhoods), 5, 22_000) {
        *counts.entry(order).or_default() += 1.0;
    }
    assert_eq!(counts.len(), 11); // all pairs of neighbours round a circle that do not overlap; no rotation
    let expected = 22_000.0 / counts.len() as f64;
    let statistic = counts.values().map(|count| (count - expected).powi(2) / expected).sum();
    assert!(chi_square_survival(counts.len() as u64 - 1, statistic) > 1e-3, "{counts:?}");
}

/// Among equal samples, each is in as many neighbourhoods: else few would stand in for all.
#[test]
fn equal_samples_share_neighborhoods_out() {
    let ranks = [Ranks::new(&[0.5; 50], &Interrupt::never()).unwrap()];
    let neighborhoods = Neighborhoods::new(&ranks, None, 5, Workers::new(1)).unwrap();
    let mut times = [0; 50];
    neighborhoods.members().iter().for_each(|&member| times[member as usize] += 1);
    assert_eq!(times, [5; 50]);
}

#[test]
fn estimates_of_orders_are_those_of_rearranged_samples() {
    let n = 70;
    let (x, y, z) = (uniform(n, 5), uniform(n, 6), uniform(n, 7));
    let never = Interrupt::never();
    let labels = encode(&x.iter().map(|x| (x * 4.0) as i64).collect::<Vec<_>>(), &never).unwrap();
    let mut drawn = orders(&Rearrangement::Any, n, 4);
    drawn.push(drawn[0].iter().map(|&i| i / 2).collect()); // with repetitions
    let all = drawn.concat();
    let points = |values: &[f64]| Points::from_rows(values, 1).unwrap();
    let pick = |values: &[f64], order: &[u32]| order.iter().map(|&i| values[i as usize]).collect::<Vec<_>>();
    let (px, py, pz) = (points(&x), points(&y), points(&z));
    let ranks = |values: &[f64]| [Ranks::new(values, &never).unwrap()];
    for k in [1, 3, 20] {
        for (rule, given) in [(Rule::Kraskov, None), (Rule::Kraskov, Some(&pz)), (Rule::Mixture, None)] {
            let terms = if given.is_some() { &CONDITIONAL[..] } else { &INFORMATION };
            let these: Vec<Marginal<'_>> =
                [Some(&px), Some(&py), given].into_iter().flatten().map(Into::into).collect();
            let found = rearranged_common_ball(&these, terms, rule, k, &all, Workers::new(2)).unwrap();
            for (order, found) in drawn.iter().zip(found) {
                let other = points(&pick(&x, order));
                let mut parts = these.clone();
                parts[0] = (&other).into();
                let expected =
                    common_ball(&parts, terms, rule, &[k], Workers::new(1)).unwrap()[0].mean().unwrap();
                assert!((found - expected).abs() < 1e-14, "{rule:?} {k}: {found} {expected}");
            }
        }
        let found = rearranged_common_ball(
            &[(&labels).into(), (&py).into()],
            &INFORMATION,
            Rule::Ross,
            k,
            &all[..n],
            Workers::new(1),
        );
        let codes: Vec<i64> = drawn[0].iter().map(|&i| i64::from(labels.as_slice()[i as usize])).collect();
        let codes = encode(&codes, &never).unwrap();
        let parts = [(&codes).into(), (&py).into()];
        let expected = common_ball(&parts, &INFORMATION, Rule::Ross, &[k], Workers::new(1)).unwrap();
        assert!((found.unwrap()[0] - expected[0].mean().unwrap()).abs() < 1e-14);
        for given in [&[][..], &ranks(&z)] {
            let found = rearranged_ranks(&ranks(&x), &ranks(&y), given, k, &all, Workers::new(2)).unwrap();
            // Ranks are those of the whole sample: orders with repetitions do not rank again.
            for (order, found) in drawn[..4].iter().zip(found) {
                let x = ranks(&pick(&x, order));
                assert_eq!(
                    found,
                    rank_mutual_information(&x, &ranks(&y), given, k, Workers::new(1)).unwrap()
                );
            }
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let (px, one) = (Points::from_rows(&[0.0, 1.0, 2.0], 1).unwrap(), Workers::new(1));
    let parts = [(&px).into(), (&px).into()];
    let found = |orders: &[u32]| rearranged_common_ball(&parts, &INFORMATION, Rule::Kraskov, 1, orders, one);
    assert_eq!(found(&[0, 1, 3]), Err(Error::Index { index: 2 }));
    assert_eq!(found(&[0, 1]), Err(Error::Shape { values: 2, dimensions: 3 }));
    assert_eq!(found(&[]), Ok(Vec::new()));
    let codes = encode(&[0, 1, 2], &Interrupt::never()).unwrap();
    let short = encode(&[0, 1], &Interrupt::never()).unwrap();
    assert!(draw_orders(&Rearrangement::Within(&codes), 2, 0, 0, &mut [0; 2], one).is_err());
    assert_eq!(
        permuted_labels(&codes, &short, None, 0, 0..1, one),
        Err(Error::Lengths { left: 3, right: 2 })
    );
    assert_eq!(
        Neighborhoods::of_members(vec![0, 1, 2], 2).map(|_| ()),
        Err(Error::Shape { values: 3, dimensions: 2 })
    );
    assert_eq!(Neighborhoods::of_members(vec![0, 9], 1).map(|_| ()), Err(Error::Index { index: 1 }));
    let ranks = [Ranks::new(&[0.0, 1.0], &Interrupt::never()).unwrap()];
    assert_eq!(Neighborhoods::new(&ranks, None, 3, one).map(|_| ()), Err(Error::Neighbors { k: 3, n: 2 }));
}
