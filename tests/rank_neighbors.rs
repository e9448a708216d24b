//! The k-th neighbour among ranks against brute force, as integers, on every instruction set.

use mutua::{
    Error, Instructions, Interrupt, RankNeighbors, Ranks, Workers, rank_mutual_information, rank_neighbors,
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

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// A column of one of several kinds.
fn column(n: usize, random: &mut Random) -> Ranks {
    let kind = random.below(7);
    let value = |i: usize, random: &mut Random| match kind {
        0 => 1.0,
        1 => random.below(2) as f64,
        2 => (random.below(100) as f64).sqrt().floor(),
        3 => i as f64,
        4 => f64::from(u8::from(random.below(20) == 0)) * random.below(n) as f64,
        _ => random.next() as f64,
    };
    let values: Vec<f64> = (0..n).map(|i| value(i, random)).collect();
    Ranks::new(&values, &Interrupt::never()).expect("finite values")
}

fn columns(n: usize, dimensions: usize, random: &mut Random) -> Vec<Ranks> {
    (0..dimensions).map(|_| column(n, random)).collect()
}

fn distance(columns: &[&[Ranks]], i: usize, j: usize) -> Option<u32> {
    let ranks = columns.iter().copied().flatten().map(Ranks::as_slice);
    ranks.map(|ranks| ranks[i].abs_diff(ranks[j])).max()
}

fn by_definition(x: &[Ranks], y: &[Ranks], z: &[Ranks], k: usize, n: usize) -> Vec<RankNeighbors> {
    let point = |i: usize| {
        let others = || (0..n).filter(move |&j| j != i);
        let mut distances: Vec<u32> = others().filter_map(|j| distance(&[x, y, z], i, j)).collect();
        distances.sort_unstable();
        let kth = distances[k - 1];
        let nearer = |columns: &[&[Ranks]]| {
            others().filter(|&j| distance(columns, i, j).is_none_or(|distance| distance < kth)).count() as u32
        };
        RankNeighbors { distance: kth, xz: nearer(&[x, z]), yz: nearer(&[y, z]), z: nearer(&[z]) }
    };
    (0..n).map(point).collect()
}

#[test]
fn equal_to_the_definition_on_every_instruction_set() {
    let mut random = Random(1);
    for case in 0..1200 {
        // A few cases has several blocks of bits.
        let n = if case % 200 == 0 { 1000 + random.below(1500) } else { 2 + random.below(300) };
        let [x, y, z] = [0; 3].map(|_| {
            let dimensions = random.below(4);
            columns(n, dimensions, &mut random)
        });
        if x.len() + y.len() + z.len() == 0 {
            continue;
        }
        let k = 1 + random.below(n - 1);
        let expected = by_definition(&x, &y, &z, k, n);
        for instructions in Instructions::available() {
            assert!(instructions.force());
            let found = rank_neighbors(&x, &y, &z, k, Workers::new(1 + case % 2));
            assert!(
                found.is_ok_and(|(found, _)| found == expected),
                "case {case}: {n} points, k = {k}, {instructions:?}"
            );
        }
    }
}

/// The mean number of boxes counted for each point.
fn boxes(x: &[Ranks], y: &[Ranks], z: &[Ranks], k: usize) -> f64 {
    let (found, visits) = rank_neighbors(x, y, z, k, Workers::new(1)).expect("k below n");
    visits.boxes as f64 / found.len() as f64
}

#[test]
fn few_boxes_for_any_distribution() {
    let mut random = Random(2);
    let n = 2000;
    let mut ranks = |value: &dyn Fn(usize, f64) -> f64| {
        let values: Vec<f64> = (0..n).map(|i| value(i, random.next() as f64 * 2f64.powi(-64))).collect();
        [Ranks::new(&values, &Interrupt::never()).expect("finite values")]
    };
    let [x, y, z] = [0; 3].map(|_| ranks(&|_, uniform| uniform));
    let noisy = ranks(&|i, uniform| i as f64 + 300.0 * uniform);
    let line = ranks(&|i, _| i as f64);
    let constant = ranks(&|_, _| 1.0);
    let coin = ranks(&|_, uniform| uniform.round());
    let levels = ranks(&|_, uniform| (10.0 * uniform * uniform).round());
    let spike = ranks(&|_, uniform| (uniform - 0.5).max(0.0));
    for k in [1, 5, 40, 400, 1900] {
        for (x, y, z, most) in [
            (&x, &y, &z, 14.0),
            (&line, &noisy, &z, 14.0),
            (&line, &line, &line, 4.0),
            (&line, &noisy, &constant, 13.0),
            (&constant, &constant, &constant, 1.0),
            (&coin, &coin, &coin, 3.0),
            (&levels, &coin, &levels, 4.0),
            (&levels, &levels, &z, 12.0),
            (&spike, &spike, &noisy, 10.0),
        ] {
            let mean = boxes(x, y, z, k);

            assert!(mean <= most, "{mean} boxes for each point, k = {k}");
        }
    }
}

#[test]
fn ties_share_their_mean_rank() {
    let ranks =
        |values: &[f64]| Ranks::new(values, &Interrupt::never()).map(|ranks| ranks.as_slice().to_vec());
    assert_eq!(ranks(&[]), Ok(vec![]));
    assert_eq!(ranks(&[5.0, -1.0, 7.0]), Ok(vec![2, 0, 4]));
    assert_eq!(ranks(&[0.0, -0.0, 1.0, 1.0, 1.0]), Ok(vec![1, 1, 6, 6, 6]));
    assert_eq!(ranks(&[0.0, f64::NAN]), Err(Error::NotFinite { index: 1 }));
}

#[test]
fn estimates_do_not_depend_on_threads_or_scales() {
    let mut random = Random(3);
    let values: Vec<Vec<f64>> =
        (0..3).map(|_| (0..500).map(|_| (random.next() >> 40) as f64).collect()).collect();
    let estimate = |scale: fn(f64) -> f64, threads| {
        let [x, y, z] = [0, 1, 2].map(|c: usize| {
            let scaled: Vec<f64> = values[c].iter().map(|&value| scale(value)).collect();
            [Ranks::new(&scaled, &Interrupt::never()).expect("finite values")]
        });
        rank_mutual_information(&x, &y, &z, 100, Workers::new(threads)).expect("k below n").to_bits()
    };
    let plain = estimate(|value| value, 1);
    assert_eq!(estimate(|value| value, 2), plain);
    assert_eq!(estimate(|value| -value.sqrt(), 1), plain);
}

#[test]
fn wrong_input() {
    let never = Interrupt::never();
    let ranks = |n: usize| [Ranks::new(&vec![0.5; n], &never).expect("finite values")];
    let found = |x: &[Ranks], y: &[Ranks], k| rank_neighbors(x, y, &[], k, never.alone()).err();
    assert_eq!(found(&[], &[], 1), Some(Error::Shape { values: 0, dimensions: 0 }));
    assert_eq!(found(&ranks(3), &ranks(4), 1), Some(Error::Lengths { left: 3, right: 4 }));
    assert_eq!(found(&ranks(3), &ranks(3), 0), Some(Error::Neighbors { k: 0, n: 3 }));
    assert_eq!(found(&ranks(3), &ranks(3), 3), Some(Error::Neighbors { k: 3, n: 3 }));
    assert_eq!(found(&ranks(0), &ranks(0), 1), Some(Error::Neighbors { k: 1, n: 0 }));
}
