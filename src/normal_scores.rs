//! Normal scores: a column on the scale of the normal law.
//!
//! ```text
//! score of a value = Phi^-1(r / (n + 1)),   r its rank, 1 to n; equal values share the mean of theirs
//! ```
//!
//! `Phi^-1` is the quotient of two polynomials, one pair for the middle and one for the tails (Wichura, "Algorithm AS 241:
//! the percentage points of the normal distribution", Applied Statistics 37, 1988). The distance to the median and the
//! probability of the tail come from integers, each rounded once, so scores near the median have all their digits, and
//! what mirrors the ranks mirrors the scores. One sort a column.

use crate::lanes::in_lanes;
use crate::neighbors::check_finite;
use crate::sorting::{argsort, float_key};
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// Quotients for the middle, in `0.425^2 - q^2`, `q` being the distance to the median: the highest power first.
const MIDDLE: f64 = 0.425;
const MIDDLE_ABOVE: [f64; 8] = [
    2.509_080_928_730_122_7e3,
    3.343_057_558_358_813e4,
    6.726_577_092_700_87e4,
    4.592_195_393_154_987e4,
    1.373_169_376_550_946e4,
    1.971_590_950_306_551_3e3,
    1.331_416_678_917_843_8e2,
    3.387_132_872_796_366_5,
];
const MIDDLE_BELOW: [f64; 8] = [
    5.226_495_278_852_854e3,
    2.872_908_573_572_194_3e4,
    3.930_789_580_009_271e4,
    2.121_379_430_158_659_7e4,
    5.394_196_021_424_751e3,
    6.871_870_074_920_579e2,
    4.231_333_070_160_091e1,
    1.0,
];

/// Quotients for the tails, in `sqrt(-ln p) - 1.6`: for `p` down to `exp(-25)`, 1e-11, which takes more samples than
/// there may be.
const TAIL: f64 = 1.6;
const TAIL_ABOVE: [f64; 8] = [
    7.745_450_142_783_414e-4,
    2.272_384_498_926_918_4e-2,
    2.417_807_251_774_506e-1,
    1.270_458_252_452_368_4,
    3.647_848_324_763_204_5,
    5.769_497_221_460_691,
    4.630_337_846_156_546,
    1.423_437_110_749_683_5,
];
const TAIL_BELOW: [f64; 8] = [
    1.050_750_071_644_416_9e-9,
    5.475_938_084_995_345e-4,
    1.519_866_656_361_645_7e-2,
    1.481_039_764_274_800_8e-1,
    6.897_673_349_851e-1,
    1.676_384_830_183_803_8,
    2.053_191_626_637_759,
    1.0,
];

/// The normal scores of each column of finite `values`, given row by row; -0.0 and 0.0 are equal.
///
/// # Errors
/// [`Error::Shape`] for no columns or not a whole number of rows, [`Error::NotFinite`], [`Error::TooLarge`],
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Workers, normal_scores};
///
/// let scores = normal_scores(&[0.5, -7.0, 0.5, 100.0], 1, Workers::new(1))?;
/// assert_eq!(scores, [0.0, -0.8416212335729143, 0.0, 0.8416212335729143]);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn normal_scores(values: &[f64], columns: usize, workers: Workers<'_>) -> Result<Vec<f64>, Error> {
    if columns == 0 || !values.len().is_multiple_of(columns) {
        return Err(Error::Shape { values: values.len(), dimensions: columns });
    }
    check_finite(values)?;
    if columns == 1 {
        return workers.alone(|interrupt| of_column(values.iter().copied(), interrupt));
    }
    let by_column = workers.map(columns, |column, interrupt| {
        of_column(values.iter().skip(column).step_by(columns).copied(), interrupt)
    })?;
    let mut scores = memory::with_capacity(values.len())?;
    for row in 0..values.len() / columns {
        scores.extend(by_column.iter().map(|column| column[row]));
    }
    Ok(scores)
}

fn of_column(
    values: impl ExactSizeIterator<Item = f64>,
    interrupt: &Interrupt<'_>,
) -> Result<Vec<f64>, Error> {
    let n = values.len();
    let sorted = argsort(values.map(|value| float_key(value + 0.0)), interrupt)?;
    let mut ascending = memory::with_capacity(n)?;
    for equal in sorted.chunk_by(|a, b| a.0 == b.0) {
        let twice_the_rank = 2 * ascending.len() + equal.len() + 1;
        ascending.resize(ascending.len() + equal.len(), twice_the_rank as f64 - (n as f64 + 1.0));
    }
    interrupt.check()?;
    quantiles(&mut ascending, n as f64 + 1.0);
    interrupt.check()?;
    let mut scores = memory::filled(n, 0.0)?;
    for (&(_, position), &score) in sorted.iter().zip(&ascending) {
        scores[position as usize] = score;
    }
    Ok(scores)
}

/// `Phi^-1` at `1/2 + offset / 2 whole` of each of the offsets, ascending integers between `-whole` and `whole`, to a few
/// units in the last place.
fn quantiles(offsets: &mut [f64], whole: f64) {
    let twice = 2.0 * whole;
    let start = offsets.partition_point(|offset| offset / twice < -MIDDLE);
    let end = offsets.partition_point(|offset| offset / twice <= MIDDLE);
    in_lanes!(_ => offsets[start..end].iter_mut().for_each(|offset| {
        let q = *offset / twice;
        let r = MIDDLE * MIDDLE - q * q;
        *offset = q * polynomial(&MIDDLE_ABOVE, r) / polynomial(&MIDDLE_BELOW, r);
    }));
    let (lower, others) = offsets.split_at_mut(start);
    let upper = &mut others[end - start..];
    for offset in lower.iter_mut().chain(upper) {
        let p = (whole - offset.abs()) / twice;
        let r = (-p.ln()).sqrt() - TAIL;
        *offset = (polynomial(&TAIL_ABOVE, r) / polynomial(&TAIL_BELOW, r)).copysign(*offset);
    }
}

#[inline(always)]
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantile(offset: f64, whole: f64) -> f64 {
        let mut offsets = [offset];
        quantiles(&mut offsets, whole);
        offsets[0]
    }

    #[test]
    fn quantiles_as_tabulated() {
        for (offset, whole, expected) in [
            (0.0, 1.0, 0.0),
            (1.0, 2.0, 0.674_489_750_196_081_7),
            (2.0, 5.0, 0.524_400_512_708_040_7),
            (19.0, 20.0, 1.959_963_984_540_054),
            (2.0 - 1e10, 1e10, -6.361_340_902_404_056),
            (1.0, 1e10, 1.253_314_137_315_500_3e-10),
        ] {
            let found = quantile(offset, whole);
            assert!((found - expected).abs() <= 1e-15 * expected.abs(), "{found} against {expected}");
            assert_eq!(quantile(-offset, whole), -found);
        }
    }

    #[test]
    fn the_parts_meet() {
        let whole = 2f64.powi(40);
        let edge = (MIDDLE * 2.0 * whole).floor();
        let (middle, tail) = (quantile(edge, whole), quantile(edge + 1.0, whole));
        assert!(middle < tail && tail - middle < 1e-11);
    }
}
