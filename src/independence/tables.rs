//! Tables with fixed margins, drawn as permutations of the labels would make them, without permuting any.
//!
//! Cell by cell, each given those before it: how many samples of a row fall into a column is hypergeometric (Patefield
//! 1981). A draw walks from the mode to both sides until the probabilities behind it reach a random number, so it takes
//! about as many steps as the standard deviation, whatever the number of samples. Probabilities are right to about 1e-16
//! times `ln N!`.

use super::random::Random;
use crate::gamma::ln_gamma;
use crate::{Error, memory};

/// Logarithms of factorials below this are looked up.
const IN_TABLE: usize = 1 << 17;

/// Totals stay below this, as those of a [`ContingencyTable`](crate::ContingencyTable).
const MOST_SAMPLES: u64 = i64::MAX as u64;

/// A table with these sums of rows and columns, all its cells row by row: stream `index` of the seed draws it, each table as
/// often as permutations of labels make it.
///
/// # Errors
/// [`Error::Lengths`] where rows and columns have different totals, [`Error::Total`], [`Error::OutOfMemory`].
///
/// ```
/// let table = mutua::random_table(&[3, 1], &[2, 2], 0, 0)?;
/// assert_eq!((table[0] + table[1], table[0] + table[2]), (3, 2));
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn random_table(rows: &[u64], columns: &[u64], seed: u64, index: u64) -> Result<Vec<u64>, Error> {
    let total = |sums: &[u64]| {
        let sum = sums.iter().try_fold(0u64, |sum, &count| sum.checked_add(count));
        sum.filter(|&sum| sum <= MOST_SAMPLES).ok_or(Error::Total)
    };
    let (left, right) = (total(rows)?, total(columns)?);
    if left != right {
        return Err(Error::Lengths { left: left as usize, right: right as usize });
    }
    let mut table = memory::filled(rows.len().saturating_mul(columns.len()), 0)?;
    let (logs, mut random) = (LogFactorials::up_to(left)?, Random::stream(seed, index));
    Draws::new(&logs).draw(rows, columns, &mut random, |row, column, count| {
        table[row * columns.len() + column] = count;
    })?;
    Ok(table)
}

/// `ln n!`, looked up where that is short.
#[derive(Debug)]
pub(super) struct LogFactorials(Vec<f64>);

impl LogFactorials {
    pub(super) fn up_to(largest: u64) -> Result<Self, Error> {
        let size = (largest as usize).saturating_add(1).min(IN_TABLE);
        memory::collect((0..size).map(|n| ln_gamma(n as f64 + 1.0))).map(Self)
    }

    #[inline]
    fn of(&self, n: u64) -> f64 {
        self.0.get(n as usize).copied().unwrap_or_else(|| ln_gamma(n as f64 + 1.0))
    }
}

/// Draws tables.
#[derive(Debug)]
pub(super) struct Draws<'a> {
    logs: &'a LogFactorials,
    left: Vec<u64>,
}

impl<'a> Draws<'a> {
    /// For tables of no more samples than there are logarithms.
    pub(super) fn new(logs: &'a LogFactorials) -> Self {
        Self { logs, left: Vec::new() }
    }

    /// Calls `cell(row, column, count)` for the cells of a table that are not empty, row by row.
    pub(super) fn draw(
        &mut self,
        rows: &[u64],
        columns: &[u64],
        random: &mut Random,
        mut cell: impl FnMut(usize, usize, u64),
    ) -> Result<(), Error> {
        self.left.clear();
        memory::append(&mut self.left, columns)?;
        let mut total: u64 = columns.iter().sum();
        for (row, &sum) in rows.iter().enumerate() {
            // Samples of this row to be placed, and those of all rows to come in the columns to come.
            let (mut placed, mut pool) = (sum, total);
            for column in 0..columns.len() {
                if placed == 0 {
                    break;
                }
                let count = self.hypergeometric(pool, self.left[column], placed, random);
                if count > 0 {
                    cell(row, column, count);
                }
                pool -= self.left[column];
                self.left[column] -= count;
                placed -= count;
            }
            total -= sum;
        }
        Ok(())
    }

    /// How many of `draws` from a population of `size` are among its `marked`.
    fn hypergeometric(&self, size: u64, marked: u64, draws: u64, random: &mut Random) -> u64 {
        let (lowest, highest) = ((marked + draws).saturating_sub(size), marked.min(draws));
        if lowest == highest {
            return lowest;
        }
        let mode = u128::from(marked + 1) * u128::from(draws + 1) / u128::from(size + 2);
        let mode = (mode as u64).clamp(lowest, highest);
        // Marked and drawn, one of both, the other, neither.
        let cells = [mode, marked - mode, draws - mode, size + mode - marked - draws];
        let log = |n: u64| self.logs.of(n);
        let margins = log(marked) + log(size - marked) + log(draws) + log(size - draws) - log(size);
        let at_mode = (margins - cells.map(log).iter().sum::<f64>()).exp();
        let mut rest = random.uniform() - at_mode;
        let (mut up, mut down, mut above, mut below) = (mode, mode, at_mode, at_mode);
        let [both, first, second, neither] = cells.map(|cell| cell as f64);
        let mut step = 0.0;
        while rest >= 0.0 && (up < highest || down > lowest) {
            if up < highest {
                above *= (first - step) * (second - step) / ((both + step + 1.0) * (neither + step + 1.0));
                up += 1;
                rest -= above;
                if rest < 0.0 {
                    return up;
                }
            }
            if down > lowest {
                below *= (both - step) * (neither - step) / ((first + step + 1.0) * (second + step + 1.0));
                down -= 1;
                rest -= below;
                if rest < 0.0 {
                    return down;
                }
            }
            step += 1.0;
        }
        mode // Also for what rounding leaves.
    }
}
