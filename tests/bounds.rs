//! Sums of exponentials of scores against ten lines of brute force.

use mutua::{
    ColumnTotals, Error, Instructions, LeftOutSlopes, LogSums, Score, ScoreBlock, Workers, left_out_gradient,
    left_out_sums, logistic_gradient, score_gradient, score_sums, soft_plus_sums,
};
use proptest::prelude::*;

fn scores() -> impl Strategy<Value = Vec<f64>> {
    let score = |scale: f64| prop_oneof![9 => (-scale..scale).boxed(), 1 => Just(f64::NEG_INFINITY).boxed()];
    let matrix = |scale| (0usize..70).prop_flat_map(move |n| prop::collection::vec(score(scale), n * n));
    prop_oneof![matrix(1.0), matrix(60.0), matrix(1e4), matrix(1e9)]
}

/// `ln sum exp(score - own)` over others.
fn brute_force(others: impl Iterator<Item = f64> + Clone, own: f64) -> f64 {
    let top = others.clone().fold(f64::NEG_INFINITY, f64::max);
    match () {
        () if top == f64::NEG_INFINITY => top,
        () if own == f64::NEG_INFINITY => f64::INFINITY,
        () => top - own + others.map(|score| (score - top).exp()).sum::<f64>().ln(),
    }
}

fn expected(scores: &[f64], n: usize) -> [Vec<f64>; 2] {
    let line = |score: &dyn Fn(usize, usize) -> f64| {
        (0..n)
            .map(|i| {
                let others: Vec<f64> = (0..n).filter(|&j| j != i).map(|j| score(i, j)).collect();
                brute_force(others.into_iter(), score(i, i))
            })
            .collect()
    };
    [line(&|i, j| scores[i * n + j]), line(&|i, j| scores[j * n + i])]
}

fn sums<T: Score>(scores: &[T], n: usize, height: usize, threads: usize) -> Result<[Vec<f64>; 2], Error> {
    let mut sums = LogSums::new(n)?;
    let mut rows = Vec::new();
    for block in scores.chunks((height * n).max(1)) {
        rows.extend(sums.add(block, Workers::new(threads))?);
    }
    Ok([rows, sums.columns()?])
}

fn whole<T: Score>(scores: &[T], n: usize) -> ScoreBlock<'_, T> {
    ScoreBlock::new(scores, n, 0).expect("whole rows")
}

/// `sum of term(row, column, score)` along rows and columns, of those off the diagonal.
fn added(scores: &[f64], n: usize, term: impl Fn(usize, f64) -> f64) -> [Vec<f64>; 2] {
    let mut sums = [vec![0.0; n], vec![0.0; n]];
    for (cell, &score) in scores.iter().enumerate().filter(|(cell, _)| cell / n != cell % n) {
        sums[0][cell / n] += term(cell % n, score);
        sums[1][cell % n] += term(cell % n, score);
    }
    sums
}

fn on_all_instructions<T: PartialEq + std::fmt::Debug>(compute: impl Fn() -> T) -> T {
    let current = Instructions::current();
    let found: Vec<T> = Instructions::available()
        .map(|instructions| {
            assert!(instructions.force());
            compute()
        })
        .collect();
    assert!(current.force());
    assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{found:?}");
    found.into_iter().next().expect("some instructions")
}

fn close(found: &[f64], expected: &[f64], tolerance: f64) -> bool {
    let is_close = |(&a, &b): (&f64, &f64)| a == b || (a - b).abs() <= tolerance * b.abs().max(1.0);
    found.len() == expected.len() && found.iter().zip(expected).all(is_close)
}

proptest! {
    #[test]
    fn sums_equal_brute_force(scores in scores(), height in 1usize..80) {
        let n = scores.len().isqrt();
        let expected = expected(&scores, n);
        let found = on_all_instructions(|| sums(&scores, n, height, 1)).expect("scores");
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!(close(found, expected, 1e-13), "{found:?} {expected:?}");
        }
    }

    #[test]
    fn single_precision_sums_are_sums_of_what_is_given(scores in scores(), height in 1usize..80) {
        let n = scores.len().isqrt();
        let single: Vec<f32> = scores.iter().map(|&score| score as f32).collect();
        let given: Vec<f64> = single.iter().copied().map(f64::from).collect();
        let expected = expected(&given, n);
        let found = on_all_instructions(|| sums(&single, n, height, 1)).expect("scores");
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!(close(found, expected, 7e-7), "{found:?} {expected:?}");
        }
    }

    #[test]
    fn gradients_equal_brute_force(scores in scores(), shift in -3.0f64..3.0) {
        let n = scores.len().isqrt();
        let top = |i: usize| {
            let top = (0..n).map(|j| scores[i * n + j]).fold(f64::NEG_INFINITY, f64::max);
            if top.is_finite() { top + shift } else { shift }
        };
        let rows: Vec<f64> = (0..n).map(top).collect();
        let columns: Vec<f64> = (0..n).map(|j| if j % 3 == 0 { f64::INFINITY } else { rows[j] }).collect();
        let single: Vec<f32> = scores.iter().map(|&score| score as f32).collect();
        let found = on_all_instructions(|| {
            let (mut double, mut float) = (vec![0.0; n * n], vec![0.0; n * n]);
            score_gradient(whole(&scores, n), &rows, &columns, &mut double, Workers::new(1)).expect("shapes");
            score_gradient(whole(&single, n), &rows, &columns, &mut float, Workers::new(1)).expect("shapes");
            (double, float)
        });
        for (cell, &score) in scores.iter().enumerate() {
            let of = |score: f64| -(score - rows[cell / n]).exp() - (score - columns[cell % n]).exp();
            let expected = of(score);
            let is_close = |found: f64, expected: f64, tolerance: f64| {
                found == expected || (found - expected).abs() <= tolerance * expected.abs().max(1e-30)
            };
            // A difference of scores of 1e9 has seven digits after the point.
            let digits = 1.0 + score.abs().min(1e9) + rows[cell / n].abs() + rows[cell % n].abs();
            let in_range = expected.abs() < f64::MAX / 4.0; // Nearer it is infinity.
            prop_assert!(!in_range || is_close(found.0[cell], expected, 4e-16 * digits + 4e-15), "{score}");
            let expected = of(f64::from(single[cell]));
            let is_small = expected.abs() < f64::from(f32::MIN_POSITIVE);
            let in_range = expected.abs() < f64::from(f32::MAX) / 4.0;
            prop_assert!(
                is_small || !in_range || is_close(f64::from(found.1[cell]), expected, 1e-6),
                "{score} {} {expected}", found.1[cell]
            );
        }
    }
}

proptest! {
    #[test]
    fn soft_plus_equals_brute_force(scores in scores()) {
        let n = scores.len().isqrt();
        let soft_plus = |_: usize, score: f64| score.max(0.0) + (-score.abs()).exp().ln_1p();
        let found = on_all_instructions(|| soft_plus_sums(whole(&scores, n), Workers::new(1))).expect("scores");
        for (found, expected) in found.iter().zip(&added(&scores, n, soft_plus)) {
            prop_assert!(close(found, expected, 1e-14), "{found:?} {expected:?}");
        }
        let single: Vec<f32> = scores.iter().map(|&score| score as f32).collect();
        let given: Vec<f64> = single.iter().copied().map(f64::from).collect();
        let found = on_all_instructions(|| soft_plus_sums(whole(&single, n), Workers::new(1))).expect("scores");
        for (found, expected) in found.iter().zip(&added(&given, n, soft_plus)) {
            prop_assert!(close(found, expected, 1e-6), "{found:?} {expected:?}");
        }
        let slopes = on_all_instructions(|| {
            let mut slopes = vec![0.0; n * n];
            logistic_gradient(whole(&scores, n), -0.25, &mut slopes, Workers::new(1)).expect("shapes");
            slopes
        });
        let logistic: Vec<f64> = scores.iter().map(|&score| -0.25 / (1.0 + (-score).exp())).collect();
        prop_assert!(close(&slopes, &logistic, 1e-15), "{slopes:?} {logistic:?}");
    }

    #[test]
    fn sums_of_scores_equal_brute_force(scores in scores(), level in -9.0f32..9.0) {
        let n = scores.len().isqrt();
        let single: Vec<f32> = scores.iter().map(|&score| score as f32).collect();
        let given: Vec<f64> = single.iter().copied().map(f64::from).collect();
        let found = on_all_instructions(|| score_sums(whole(&single, n), level, Workers::new(1))).expect("scores");
        let sizes = added(&given, n, |_, score| score.abs() + 9.0);
        for ((found, expected), sizes) in
            found.iter().zip(&added(&given, n, |_, score| score - f64::from(level))).zip(&sizes)
        {
            for ((&found, &expected), size) in found.iter().zip(expected).zip(sizes) {
                prop_assert!(found == expected || (found - expected).abs() <= 1e-15 * size);
            }
        }
    }

    #[test]
    fn columns_with_one_left_out_equal_brute_force(scores in scores(), rho in 0.0f64..=1.0) {
        let n = scores.len().isqrt();
        let diagonal: Vec<f64> = (0..n).map(|j| scores[j * n + j].max(-1e3)).collect();
        let sum = |j: usize| (0..n).map(|i| (scores[i * n + j] - diagonal[j]).exp()).sum::<f64>().ln();
        let totals: Vec<f64> = (0..n).map(|j| sum(j).clamp(0.0, 1e9)).collect();
        let columns = ColumnTotals { diagonal: &diagonal, totals: &totals, rho: &vec![rho; n] };
        let share = |j: usize, score: f64| (score - diagonal[j] - totals[j]).exp();
        let part = |j: usize, score: f64| if share(j, score) > 0.75 { 0.0 } else { rho * share(j, score) };
        let found =
            on_all_instructions(|| left_out_sums(whole(&scores, n), columns, Workers::new(1))).expect("scores");
        // A difference of scores of 1e9 has seven digits after the point.
        let most = scores.iter().filter(|score| score.is_finite()).fold(1.0, |most: f64, score| most.max(score.abs()));
        let tolerance = 1e-14 * most.max(10.0);
        let logarithms = added(&scores, n, |j, score| (-part(j, score)).ln_1p());
        prop_assert!(close(&found[1], &logarithms[1], tolerance), "{:?} {:?}", found[1], logarithms[1]);
        let excess = added(&scores, n, |j, score| part(j, score) / (1.0 - part(j, score)));
        prop_assert!(close(&found[2], &excess[1], tolerance), "{:?} {:?}", found[2], excess[1]);
        for (j, &place) in found[0].iter().enumerate().filter(|&(_, &place)| place > 0.0) {
            prop_assert!(share(j, scores[(place as usize - 1) * n + j]) > 0.749);
        }
        let divisors = [&totals[..], &vec![f64::INFINITY; n]];
        let slopes = on_all_instructions(|| {
            let mut slopes = vec![0.0; n * n];
            let by = LeftOutSlopes { divisors, inverses: &vec![0.25; n] };
            left_out_gradient(whole(&scores, n), columns, by, &mut slopes, Workers::new(1)).expect("shapes");
            slopes
        });
        for (cell, (&slope, &score)) in slopes.iter().zip(&scores).enumerate() {
            let share = share(cell % n, score);
            let expected = if share > 0.75 { 0.0 } else { -share * (1.0 - 0.25 / (1.0 - rho * share)) };
            prop_assert!((slope - expected).abs() <= tolerance || (share - 0.75).abs() < tolerance);
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let n = 1100;
    let scores: Vec<f32> = (0..n * n).map(|i| ((i * 7919 % 10007) as f32).sqrt() * 0.3 - 9.0).collect();
    let alone = sums(&scores, n, n, 1).expect("scores");
    for threads in [2, 3] {
        assert_eq!(sums(&scores, n, n, threads).expect("scores"), alone);
    }
    let (block, level) = (whole(&scores, n), 1.5);
    let totals = vec![7.0; n];
    let columns = ColumnTotals { diagonal: &totals, totals: &totals, rho: &vec![0.5; n] };
    let [one, two] = [1, 3].map(Workers::new).map(|workers| {
        let soft_plus = soft_plus_sums(block, workers).expect("scores");
        let sums = score_sums(block, level, workers).expect("scores");
        (soft_plus, sums, left_out_sums(block, columns, workers).expect("scores"))
    });
    assert_eq!(one, two);
    let rows = vec![3.0; n];
    let [one, two] = [1, 2].map(|threads| {
        let mut gradient = vec![0f32; n * n];
        score_gradient(whole(&scores, n), &rows, &rows, &mut gradient, Workers::new(threads))
            .expect("shapes");
        gradient
    });
    assert_eq!(one, two);
}

#[test]
fn no_score_is_taken_for_none() {
    for level in [-44_000.0, -22_000.0, -11_000.0, -80.0, -690.0, 80.0, 11_000.0, -(2f64.powi(30))] {
        let (n, scores) = (20, vec![level as f32; 400]);
        let expected = vec![19f64.ln(); n];
        for side in sums(&scores, n, n, 1).expect("scores") {
            assert!(close(&side, &expected, 1e-6), "{level}: {side:?}");
        }
    }
}

#[test]
fn what_is_no_score_is_found() {
    let n = 40;
    for bad in [f64::NAN, f64::INFINITY, 2e9, -2e9] {
        for (row, column) in [(0, 0), (3, 39), (39, 3), (20, 20)] {
            let mut scores = vec![0.5; n * n];
            scores[row * n + column] = bad;
            assert_eq!(sums(&scores, n, 7, 1), Err(Error::Score { row, column }));
            let found = soft_plus_sums(whole(&scores, n), Workers::new(1));
            assert_eq!(found, Err(Error::Score { row, column }));
            let found = score_sums(whole(&scores, n), 0.5, Workers::new(1));
            assert_eq!(found, Err(Error::Score { row, column }));
            let single: Vec<f32> = scores.iter().map(|&score| score as f32).collect();
            assert_eq!(sums(&single, n, 7, 1), Err(Error::Score { row, column }));
        }
    }
}

#[test]
fn shapes_are_checked() {
    let mut sums = LogSums::new(3).expect("memory");
    assert_eq!(sums.add(&[0f64; 4], Workers::new(1)), Err(Error::Shape { values: 4, dimensions: 3 }));
    assert!(sums.add(&[0f64; 6], Workers::new(1)).is_ok());
    assert_eq!(sums.columns(), Err(Error::Lengths { left: 3, right: 2 }));
    assert_eq!(sums.add(&[0f64; 6], Workers::new(1)), Err(Error::Shape { values: 6, dimensions: 3 }));
    let mut gradient = [0f64; 6];
    let wrong = score_gradient(whole(&[0f64; 6], 3), &[0.0; 3], &[0.0; 3], &mut gradient, Workers::new(1));
    assert_eq!(wrong, Err(Error::Lengths { left: 2, right: 3 }));
    let block = |n, first_row| ScoreBlock::new(&[0f64; 6], n, first_row).err();
    assert_eq!([block(3, 1), block(3, 0), block(6, 5)], [None, None, None]);
    for (n, first_row) in [(4, 0), (3, 2), (2, 0), (3, 9), (0, 0)] {
        assert_eq!(block(n, first_row), Some(Error::Shape { values: 6, dimensions: n }));
    }
    assert_eq!(LogSums::new(usize::MAX).err(), Some(Error::TooLarge { n: usize::MAX }));
}
