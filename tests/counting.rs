//! Tables against ten lines of counting, and scores against their definitions.

use std::collections::{BTreeMap, BTreeSet};

use mutua::{
    ContingencyTable, Error, Instructions, Interrupt, Label, Part, Sides, Weight, WeightedTable, encode,
    entropy, expected_mutual_information, number_rows,
};
use proptest::prelude::*;

/// Labels of every spread: a dense table, a table after coding, sorted pairs.
fn labels() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let pairs = |label: BoxedStrategy<i64>| prop::collection::vec((label.clone(), label), 0..300);
    prop_oneof![
        pairs((-3i64..3).boxed()),
        pairs((5i64..40).boxed()),
        pairs((0i64..200).boxed()),
        pairs((0i64..20).prop_map(|label| label * 40).boxed()),
        pairs(any::<i64>().boxed()),
        pairs(prop_oneof![Just(i64::MIN), Just(i64::MAX), 0i64..4].boxed()),
    ]
}

fn table(pairs: &[(i64, i64)]) -> ContingencyTable {
    let (x, y): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    ContingencyTable::from_labels(&x, &y, &Interrupt::never()).expect("equal lengths")
}

fn brute_force_cells(pairs: &[(i64, i64)]) -> Vec<(u32, u32, u64)> {
    let rank = |of: &dyn Fn(&(i64, i64)) -> i64| -> BTreeMap<i64, u32> {
        let distinct: BTreeSet<i64> = pairs.iter().map(of).collect();
        distinct.into_iter().zip(0..).collect()
    };
    let (rows, columns) = (rank(&|pair| pair.0), rank(&|pair| pair.1));
    let mut cells = BTreeMap::new();
    for (x, y) in pairs {
        *cells.entry((rows[x], columns[y])).or_insert(0) += 1;
    }
    cells.into_iter().map(|((row, column), count)| (row, column, count)).collect()
}

fn split(pairs: &[(i64, i64)]) -> (Vec<i64>, Vec<i64>) {
    pairs.iter().copied().unzip()
}

/// A table with the keys of its rows and columns.
fn with_keys(pairs: &[(i64, i64)]) -> (ContingencyTable, Sides) {
    let (x, y) = split(pairs);
    ContingencyTable::with_keys((&x).into(), (&y).into(), &Interrupt::never()).expect("equal lengths")
}

fn weighted(pairs: &[(i64, i64)], weights: &[f64]) -> (WeightedTable, Sides) {
    let (x, y) = split(pairs);
    let weights = weights.iter().map(|&weight| Weight::new(weight).expect("at least 0"));
    WeightedTable::with_keys((&x).into(), (&y).into(), weights, &Interrupt::never()).expect("equal lengths")
}

/// Two tables as one, with the keys of that, by a merge of their keys.
fn merged<T>(
    [(left, left_keys), (right, right_keys)]: [(&T, &Sides); 2],
    merge: impl Fn([Part<'_, T>; 2], [usize; 2]) -> Result<T, Error>,
) -> (T, Sides) {
    let keys: Sides = [0, 1].map(|side| {
        let all: BTreeSet<u64> = left_keys[side].iter().chain(&right_keys[side]).copied().collect();
        all.into_iter().collect()
    });
    let places = |of: &Sides, side: usize| -> Vec<i64> {
        of[side].iter().map(|key| keys[side].binary_search(key).expect("one of all") as i64).collect()
    };
    let [ours, theirs] = [left_keys, right_keys].map(|of| [places(of, 0), places(of, 1)]);
    let parts = [
        Part { table: left, rows: &ours[0], columns: &ours[1] },
        Part { table: right, rows: &theirs[0], columns: &theirs[1] },
    ];
    let table = merge(parts, [keys[0].len(), keys[1].len()]).expect("places in order");
    (table, keys)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cells_equal_brute_force(pairs in labels()) {
        let table = table(&pairs);
        let cells: Vec<_> = table.cells().iter().map(|cell| (cell.row, cell.column, cell.count)).collect();
        prop_assert_eq!(cells, brute_force_cells(&pairs));
        prop_assert_eq!(table.total(), pairs.len() as u64);
        prop_assert_eq!(table.row_sums().iter().sum::<u64>(), pairs.len() as u64);
        prop_assert!(table.row_sums().iter().chain(table.column_sums()).all(|&sum| sum > 0));
    }

    #[test]
    fn information_is_bounded_and_does_not_depend_on_order(pairs in labels()) {
        let table = table(&pairs);
        let information = table.mutual_information();
        let (h_x, h_y) = (entropy(table.row_sums()), entropy(table.column_sums()));
        prop_assert!((0.0..=h_x.min(h_y) + 1e-13).contains(&information));
        let renamed: Vec<_> = pairs.iter().rev().map(|&(x, y)| (!y, x.wrapping_mul(3))).collect();
        prop_assert_eq!(self::table(&renamed).mutual_information().to_bits(), information.to_bits());
    }

    #[test]
    fn pairs_add_up(pairs in labels()) {
        let counts = table(&pairs).pair_counts();
        let (mut together, mut rows_only, mut columns_only, mut apart) = (0, 0, 0, 0);
        for (i, a) in pairs.iter().enumerate() {
            for (j, b) in pairs.iter().enumerate() {
                if i != j {
                    match (a.0 == b.0, a.1 == b.1) {
                        (true, true) => together += 1,
                        (true, false) => rows_only += 1,
                        (false, true) => columns_only += 1,
                        (false, false) => apart += 1,
                    }
                }
            }
        }
        let found = (counts.together, counts.rows_only, counts.columns_only, counts.apart);
        prop_assert_eq!(found, (together, rows_only, columns_only, apart));
    }

    #[test]
    fn parts_in_any_order_are_the_whole(pairs in labels(), cuts in [0.0..1.0f64, 0.0..1.0]) {
        let [first, second] = cuts.map(|share| (share * pairs.len() as f64) as usize);
        let (first, second) = (first.min(second), first.max(second));
        let parts = [&pairs[..first], &pairs[first..second], &pairs[second..]].map(with_keys);
        let of = |i: usize| (&parts[i].0, &parts[i].1);
        let whole = with_keys(&pairs);
        let forth = merged([of(0), of(1)], ContingencyTable::merged);
        let back = merged([of(2), of(1)], ContingencyTable::merged);
        prop_assert_eq!(&merged([(&forth.0, &forth.1), of(2)], ContingencyTable::merged), &whole);
        prop_assert_eq!(&merged([(&back.0, &back.1), of(0)], ContingencyTable::merged), &whole);
    }

    #[test]
    fn weights_add_up_exactly_in_any_order(
        samples in prop::collection::vec((-3i64..3, -2i64..2, -40i32..40, 0.0..1.0f64), 1..60),
        cut in 0.0..1.0f64,
    ) {
        let pairs: Vec<_> = samples.iter().map(|&(x, y, ..)| (x, y)).collect();
        let weights: Vec<_> = samples.iter().map(|&(.., scale, share)| share * 2f64.powi(scale)).collect();
        let cut = (cut * pairs.len() as f64) as usize;
        let whole = weighted(&pairs, &weights);
        let parts = [weighted(&pairs[..cut], &weights[..cut]), weighted(&pairs[cut..], &weights[cut..])];
        let [left, right] = parts.each_ref().map(|part| (&part.0, &part.1));
        prop_assert_eq!(&merged([left, right], WeightedTable::merged), &whole);
        prop_assert_eq!(&merged([right, left], WeightedTable::merged), &whole);
        let backwards: Vec<_> = pairs.iter().rev().copied().collect();
        let reversed = weighted(&backwards, &weights.iter().rev().copied().collect::<Vec<_>>());
        prop_assert_eq!(&reversed, &whole);
        let cells = whole.0.cells().iter().rev();
        let cells: Vec<_> =
            cells.map(|cell| (cell.row as usize, cell.column as usize, cell.count)).collect();
        let [n_rows, n_columns] = [whole.1[0].len(), whole.1[1].len()];
        let again = WeightedTable::from_cells(cells.into_iter(), n_rows, n_columns).expect("inside");
        prop_assert_eq!(again, whole.0);
    }

    #[test]
    fn keys_lead_back_to_the_labels(pairs in labels()) {
        let (x, y) = split(&pairs);
        let (_, keys) = with_keys(&pairs);
        for (labels, keys) in [x, y].iter().zip(&keys) {
            let distinct: BTreeSet<i64> = labels.iter().copied().collect();
            let expected: Vec<u64> = distinct.into_iter().map(Label::key).collect();
            prop_assert_eq!(keys, &expected);
        }
    }

    #[test]
    fn texts_are_numbered_as_they_are_met(
        texts in prop::collection::vec("[ab\u{0}]{0,3}", 0..80), width in 3usize..12,
    ) {
        let row = |text: &String| text.bytes().chain(std::iter::repeat(0)).take(width).collect::<Vec<u8>>();
        let rows: Vec<_> = texts.iter().map(row).collect();
        let mut met: Vec<&Vec<u8>> = Vec::new();
        let mut number = |row| {
            let place = met.iter().position(|&other| other == row).unwrap_or(met.len());
            if place == met.len() {
                met.push(row);
            }
            place as u32
        };
        let expected: Vec<u32> = rows.iter().map(&mut number).collect();
        prop_assert_eq!(number_rows(&rows.concat(), width, &Interrupt::never()), Ok(Some(expected)));
    }

    #[test]
    fn codes_are_ranks(labels in prop::collection::vec(any::<i64>(), 0..50)) {
        let codes = encode(&labels, &Interrupt::never()).expect("few labels");
        let distinct: BTreeSet<_> = labels.iter().copied().collect();
        prop_assert_eq!(codes.n_distinct(), distinct.len());
        for (label, &code) in labels.iter().zip(codes.as_slice()) {
            prop_assert_eq!(distinct.range(..label).count(), code as usize);
        }
    }
}

/// Numbers without a pattern, from a fixed start.
fn noise(n: usize) -> impl Iterator<Item = u64> {
    let step = |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    std::iter::successors(Some(1), step).skip(1).map(|state| state >> 33).take(n)
}

/// Pairs that each take another way through the kernel.
fn long_labelings() -> Vec<(&'static str, Vec<(i64, i64)>)> {
    let n = 10_000;
    let random = |n_x: u64, n_y: u64, n: usize| -> Vec<(i64, i64)> {
        noise(n).zip(noise(2 * n).skip(n)).map(|(a, b)| ((a % n_x) as i64, (b % n_y) as i64)).collect()
    };
    let with = |change: &dyn Fn(usize, (i64, i64)) -> (i64, i64), pairs: Vec<(i64, i64)>| {
        pairs.into_iter().enumerate().map(|(i, pair)| change(i, pair)).collect::<Vec<_>>()
    };
    // Of 120 x 100 cells, which are counted in bytes, some have as many samples as a byte holds, or one more or less.
    let bytes = |i: usize| (i as i64 % 3 * 59 + 1, i as i64 % 100);
    let ends = [(0, 0), (119, 99)];
    let runs: Vec<_> = ends
        .into_iter()
        .chain(
            (0..40).flat_map(|i| std::iter::repeat_n(bytes(i), [0, 1, 255, 256, 257, 511, 512, 513][i % 8])),
        )
        .collect();
    vec![
        ("bytes", random(120, 100, 300_000)),
        ("bytes, skewed", with(&|i, pair| if i % 9 == 0 { pair } else { (3, 4) }, random(120, 100, 300_000))),
        ("places of 16 bits, all of them", random(256, 256, 300_000)),
        ("places of 32 bits", random(257, 256, 300_000)),
        ("one column of 65,536 labels", (0..100_000).map(|i| (i * 7 % 65_536, 5)).collect()),
        ("bytes, in runs", runs.clone()),
        ("bytes, in turn", (0..runs.len()).map(|i| runs[i * 7 % runs.len()]).collect()),
        ("small tables", random(10, 7, n)),
        ("one table", random(90, 80, n)),
        ("several large tables", random(30, 20, n)),
        ("many blocks", random(100, 50, 300_000)),
        ("skewed", with(&|i, pair| if i % 9 == 0 { pair } else { (3, 4) }, random(100, 50, 300_000))),
        ("one pair", vec![(7, -7); n]),
        ("lower late", with(&|i, pair| if i < 9000 { pair } else { (pair.0 - 90, pair.1) }, random(9, 9, n))),
        ("higher late", with(&|i, pair| if i < 9000 { pair } else { (pair.0, 99) }, random(9, 9, n))),
        (
            "the last far away",
            with(&|i, pair| if i < n - 1 { pair } else { (i64::MAX, pair.1) }, random(9, 9, n)),
        ),
        ("2^63 apart", with(&|_, (x, y)| ([i64::MIN, 0, i64::MAX][x as usize], y), random(3, 9, n))),
        ("many, sorted", (0..20_000i64).map(|i| (i % 4000, (i * i) % 3001)).collect()),
        ("many, long keys", (0..20_000i64).map(|i| (i * 3 % 40_000, i * i % 1_000_003 % 40_000)).collect()),
        ("few, wide", with(&|_, (x, y)| (x << 40, y << 41), random(9, 9, n))),
        (
            "all different, wide",
            with(&|i, (_, y)| ((i as i64).wrapping_mul(1 << 50 | 1), y), random(9, 9, n)),
        ),
    ]
}

#[test]
fn long_labelings_equal_brute_force() {
    for instructions in Instructions::available() {
        assert!(instructions.force());
        for (name, pairs) in long_labelings() {
            let table = table(&pairs);
            let cells: Vec<_> =
                table.cells().iter().map(|cell| (cell.row, cell.column, cell.count)).collect();
            assert_eq!(cells, brute_force_cells(&pairs), "{name}, {instructions:?}");
        }
    }
}

#[test]
fn labels_of_every_type() {
    fn check<'a, T: Label + 'a>(x: &'a [T], y: &'a [T], expected: &ContingencyTable) {
        let table = ContingencyTable::from_labels(x, y, &Interrupt::never());
        assert_eq!(table.as_ref(), Ok(expected), "{}", std::any::type_name::<T>());
        let codes = encode(x, &Interrupt::never()).expect("few labels");
        let sorted: BTreeSet<_> = x.iter().copied().collect();
        assert!(x.iter().zip(codes.as_slice()).all(|(x, &code)| sorted.range(..x).count() == code as usize));
    }
    // In the order of every type: the lowest, some in the middle, the highest.
    macro_rules! types {
        ($($type:ty),*) => {$(
            for n in [40, 5000] {
                let levels = [<$type>::MIN, 1, 2, 3, 5, 100, <$type>::MAX - 1, <$type>::MAX];
                for few in [&levels[..], &levels[1..5], &levels[6..], &levels[..1]] {
                    let (x, y): (Vec<usize>, Vec<usize>) = noise(n)
                        .map(|i| (i as usize % few.len(), i as usize / 8 % few.len()))
                        .unzip();
                    let expected = ContingencyTable::from_labels(
                        &x.iter().map(|&i| i as i64).collect::<Vec<_>>(),
                        &y.iter().map(|&i| i as i64).collect::<Vec<_>>(),
                        &Interrupt::never(),
                    );
                    let of = |places: &[usize]| places.iter().map(|&i| few[i]).collect::<Vec<_>>();
                    check(&of(&x), &of(&y), &expected.expect("equal lengths"));
                }
            }
        )*};
    }
    types!(i8, i16, i32, i64, u8, u16, u32, u64);
}

#[test]
fn more_bytes_than_the_cache_holds() {
    let n = 1_100_003;
    let x: Vec<u8> = noise(n).map(|i| (i % 5) as u8).collect();
    let y: Vec<i16> = noise(n).map(|i| (i / 8 % 7) as i16 - 3).collect();
    let mut expected = [[0; 7]; 5];
    x.iter().zip(&y).for_each(|(&x, &y)| expected[x as usize][(y + 3) as usize] += 1);
    let table = ContingencyTable::from_labels(&x, &y, &Interrupt::never()).expect("equal lengths");
    let counts: Vec<u64> = table.cells().iter().map(|cell| cell.count).collect();
    assert_eq!(counts, expected.concat());
}

#[test]
fn two_types_at_once() {
    let (x, y) = ([255u8, 0, 255, 7], [u64::MAX, 1, u64::MAX, 1]);
    let table = ContingencyTable::from_labels(&x, &y, &Interrupt::never()).expect("equal lengths");
    let cells: Vec<_> = table.cells().iter().map(|cell| (cell.row, cell.column, cell.count)).collect();
    assert_eq!(cells, [(0, 0, 1), (1, 0, 1), (2, 1, 2)]);
}

#[test]
fn near_independence_keeps_every_digit() {
    // Two by two with one sample out of place: I = sum of four terms of about 1e-17, from exact rational arithmetic.
    let n = 100_000_000u64;
    let cells = [(0, 0, n + 1), (0, 1, n - 1), (1, 0, n - 1), (1, 1, n + 1)];
    let table = ContingencyTable::from_cells(cells.into_iter(), 2, 2).expect("inside");
    let d: f64 = 1.0 / n as f64;
    let expected = d * d / 2.0 + d.powi(4) / 12.0;
    assert!((table.mutual_information() / expected - 1.0).abs() < 1e-14);
}

#[test]
fn cells_add_up_and_are_checked() {
    let cells = [(1, 2, 5), (0, 0, 1), (1, 2, 6), (1, 1, 0)];
    let table = ContingencyTable::from_cells(cells.into_iter(), 2, 3).expect("inside");
    assert_eq!(table.cells().len(), 2);
    assert_eq!(table.row_sums(), [1, 11]);
    assert_eq!(table.column_sums(), [1, 0, 11]);
    let outside = ContingencyTable::from_cells([(2, 0, 1)].into_iter(), 2, 3);
    assert_eq!(outside.err(), Some(Error::Cell { index: 0 }));
    let too_many = [(0, 0, u64::MAX / 2), (1, 1, 1)];
    assert_eq!(ContingencyTable::from_cells(too_many.into_iter(), 2, 2).err(), Some(Error::Total));
    assert_eq!(
        ContingencyTable::from_labels(&[1], &[0; 0], &Interrupt::never()).err(),
        Some(Error::Lengths { left: 1, right: 0 })
    );
}

#[test]
fn sums_of_weights_are_rounded_once() {
    // 2^53 and twice 1: each alone is lost to a float.
    let (table, _) = weighted(&[(0, 0), (0, 1), (0, 0)], &[2f64.powi(53), 1.0, 1.0]);
    assert_eq!(f64::from(table.total()), 2f64.powi(53) + 2.0);
    assert_eq!(f64::from(table.row_sums()[0]), 2f64.powi(53) + 2.0);
    let (tiny, _) = weighted(&[(0, 0), (0, 0)], &[2f64.powi(-190), 2f64.powi(60)]);
    assert_eq!(tiny.total().to_words(), [1 << 60, 0, 0, 4]);
}

#[test]
fn tables_that_do_not_fit_are_not_merged() {
    let (table, keys) = with_keys(&[(0, 0), (1, 1)]);
    let merge = |rows: &[i64], columns: &[i64], shape| {
        let part = || Part { table: &table, rows, columns };
        ContingencyTable::merged([part(), part()], shape).err()
    };
    assert_eq!(keys[0].len(), 2);
    assert_eq!(merge(&[0, 1], &[0, 1], [2, 2]), None);
    assert_eq!(merge(&[0], &[0, 1], [2, 2]), Some(Error::Lengths { left: 2, right: 1 }));
    for (rows, index) in [([0, 2], 1), ([1, 0], 1), ([1, 1], 1), ([-1, 0], 0)] {
        assert_eq!(merge(&rows, &[0, 1], [2, 2]), Some(Error::Cell { index }));
    }
    let full = ContingencyTable::from_cells([(0, 0, u64::MAX / 2)].into_iter(), 1, 1).expect("inside");
    let part = || Part { table: &full, rows: &[0], columns: &[0] };
    assert_eq!(ContingencyTable::merged([part(), part()], [1, 1]).err(), Some(Error::Total));
}

/// `E[I]` by enumerating every value of every cell with exact binomial coefficients.
fn expected_by_enumeration(rows: &[u64], columns: &[u64], n: u64) -> f64 {
    let choose = |n: u64, k: u64| (0..k).fold(1u128, |c, i| c * u128::from(n - i) / u128::from(i + 1)) as f64;
    let mut sum = 0.0;
    for &a in rows {
        for &b in columns {
            for m in (a + b).saturating_sub(n).max(1)..=a.min(b) {
                let probability = choose(b, m) * choose(n - b, a - m) / choose(n, a);
                let (p, e) = (m as f64 / n as f64, (a * b) as f64 / (n * n) as f64);
                sum += probability * p * (p / e).ln();
            }
        }
    }
    sum
}

#[test]
fn expected_information_equals_enumeration() {
    for n in 2..40u64 {
        for a in 1..n {
            for b in 1..n {
                let (rows, columns) = ([a, n - a], [b, n - b]);
                let found =
                    expected_mutual_information(&rows, &columns, n, &Interrupt::never()).expect("within n");
                let expected = expected_by_enumeration(&rows, &columns, n);
                assert!(
                    (found - expected).abs() <= 1e-14 * expected + 1e-16,
                    "{n} {a} {b}: {found} {expected}"
                );
            }
        }
    }
}

#[test]
fn expected_information_of_many_clusters_is_quick() {
    // Sizes i % 8000 and i % 7000 of a million: 56 million pairs of clusters, two pairs of sizes.
    let sizes = |k: u64| (0..k).map(|i| (1_000_000 - i).div_ceil(k)).collect::<Vec<_>>();
    let (rows, columns) = (sizes(8000), sizes(7000));
    let found =
        expected_mutual_information(&rows, &columns, 1_000_000, &Interrupt::never()).expect("within n");
    assert!((4.0..5.0).contains(&found));
    assert_eq!(expected_mutual_information(&[9], &[4, 5], 9, &Interrupt::never()), Ok(0.0));
    assert_eq!(
        expected_mutual_information(&[9, 1], &[4, 5], 8, &Interrupt::never()),
        Err(Error::Margin { count: 9, n_samples: 8 })
    );
}
