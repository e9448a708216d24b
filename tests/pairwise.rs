//! Matrices of information against one table a pair, bit for bit.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use mutua::{
    ContingencyTable, Error, Instructions, Interrupt, LabelColumns, MatrixLabel, Workers, entropy,
    pairwise_mutual_information,
};

/// Column `c` has labels below `n_levels(c)`, some of which may not occur.
fn columns(n: usize, n_columns: usize, n_levels: impl Fn(usize) -> u64) -> Vec<Vec<i64>> {
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let mut column = |c| (0..n).map(|_| ((next() % n_levels(c)) & (next() % n_levels(c))) as i64).collect();
    (0..n_columns).map(&mut column).collect()
}

fn one_by_one(columns: &[Vec<i64>]) -> Vec<u64> {
    let table = |x: &[i64], y: &[i64]| {
        ContingencyTable::from_labels(x, y, &Interrupt::never()).expect("equal lengths")
    };
    let value = |(i, j): (usize, usize)| {
        let table = table(&columns[i], &columns[j]);
        if i == j { entropy(table.row_sums()) } else { table.mutual_information() }
    };
    let pairs = (0..columns.len()).flat_map(|i| (0..columns.len()).map(move |j| (i, j)));
    pairs.map(|pair| value(pair).to_bits()).collect()
}

fn read<T: MatrixLabel>(columns: &[Vec<i64>], convert: fn(i64) -> T, by_columns: bool) -> LabelColumns {
    let n = columns[0].len();
    let values: Vec<T> = if by_columns {
        columns.iter().flatten().map(|&label| convert(label)).collect()
    } else {
        (0..n).flat_map(|row| columns.iter().map(move |column| convert(column[row]))).collect()
    };
    LabelColumns::new(&values, n, by_columns, Workers::new(1)).expect("whole rows")
}

fn matrix(x: LabelColumns, y: Option<LabelColumns>, width: usize, threads: usize) -> Vec<u64> {
    let mut out = vec![f64::NAN; x.len() * width];
    let done = AtomicUsize::new(0);
    let pairs = if y.is_some() { out.len() } else { width * (width + 1) / 2 };
    pairwise_mutual_information(x, y, 1.0, &mut out, &done, Workers::new(threads)).expect("fits");
    assert_eq!(done.load(Relaxed), pairs);
    out.into_iter().map(f64::to_bits).collect()
}

fn assert_bits(columns: &[Vec<i64>]) {
    let width = columns.len();
    let expected = one_by_one(columns);
    for instructions in Instructions::available() {
        assert!(instructions.force());
        let name = instructions.name();
        for by_columns in [false, true] {
            let x = read(columns, |label| label * 1_000_003 - 5, by_columns);
            assert!(matrix(x, None, width, 1) == expected, "{name}, by columns: {by_columns}");
        }
        let x = read(columns, |label| label as u8, false);
        if columns.iter().flatten().all(|&label| label < 256) {
            assert!(matrix(x, None, width, 2) == expected, "{name}, bytes");
        }
        let [x, y] = [(); 2].map(|()| read(columns, |label| label, false));
        let rectangle = matrix(x, Some(y), width, 1);
        for i in 0..width {
            for j in (0..width).filter(|&j| j != i) {
                assert_eq!(rectangle[i * width + j], expected[i * width + j], "{name} {i} {j}");
            }
        }
    }
}

#[test]
fn every_number_of_levels() {
    for n in [1, 2, 63, 64, 65, 257, 1001] {
        assert_bits(&columns(n, 40, |c| c as u64 + 1));
    }
}

#[test]
fn two_levels_in_several_blocks() {
    assert_bits(&columns(333, 150, |_| 2));
}

#[test]
fn a_column_without_rows_behind_a_full_block() {
    assert_bits(&columns(77, 70, |c| [2, 1, 1 << 20][if c < 62 { 0 } else { c % 3 }]));
}

#[test]
fn more_samples_than_the_table_has_values() {
    assert_bits(&columns((1 << 16) + 1, 6, |c| [2, 2, 3, 12, 40, 7000][c]));
}

#[test]
fn as_many_levels_as_samples() {
    assert_bits(&columns(999, 8, |c| [2, 100, 1 << 20, 1 << 40, 5, 1000, 1, 30][c]));
}

#[test]
fn near_independence() {
    // Every pair of levels as often, then one sample more.
    for n in [4096, 4097] {
        let digits = |base: i64, place: u32| (0..n).map(|i: i64| i / base.pow(place) % base).collect();
        assert_bits(&[digits(2, 0), digits(2, 1), digits(4, 1), digits(4, 2), digits(8, 2), digits(16, 2)]);
    }
}

#[test]
fn errors() {
    let workers = Workers::new(1);
    let read = |n, width| LabelColumns::new(&vec![0u8; n * width], n, false, workers);
    assert_eq!(
        LabelColumns::new(&[0u8; 7], 2, false, workers).err(),
        Some(Error::Shape { values: 7, dimensions: 2 })
    );
    let call = |x, y, length| {
        pairwise_mutual_information(x, y, 1.0, &mut vec![0.0; length], &AtomicUsize::new(0), workers)
    };
    let columns = |n| read(n, 3).expect("whole rows");
    assert_eq!(call(columns(5), None, 8), Err(Error::Lengths { left: 9, right: 8 }));
    assert_eq!(call(columns(5), Some(columns(6)), 9), Err(Error::Lengths { left: 5, right: 6 }));
}
