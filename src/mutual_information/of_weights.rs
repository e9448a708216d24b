//! Entropies and mutual information of a table of weights.
//!
//! Weights become whole numbers of a share: the total is from 2^126 to 2^127 of them. Logarithms have 110 bits behind the
//! point ([`wide::ln`]), sums are integers: what is above 2^-40 nats is off by less than its last digit. What is below
//! comes from the sum of terms that cannot be negative, as that of counts.

use super::plug_in::excess;
use crate::fixed_point::FixedPointSum;
use crate::n_log_n::LOG_FRACTION;
use crate::wide::{difference, float, ln, minus, product, product_high, ratio};
use crate::{Error, WeightedTable, memory};

/// Information below this many nats does not come from logarithms.
const FEW_NATS: f64 = 1.0 / (1u64 << 40) as f64;

/// A side of a table, or all its cells, as numbers of shares.
struct Shares {
    numbers: Vec<u128>,
    logs: Vec<i128>,
}

impl Shares {
    fn new(numbers: Vec<u128>) -> Result<Self, Error> {
        let logs = memory::collect(numbers.iter().map(|&number| if number > 0 { ln(number) } else { 0 }))?;
        Ok(Self { numbers, logs })
    }

    fn occupied(&self) -> usize {
        self.numbers.iter().filter(|&&number| number > 0).count()
    }
}

/// The table in shares.
struct SharedOut<'a> {
    table: &'a WeightedTable,
    cells: Shares,
    rows: Shares,
    columns: Shares,
    total: u128,
}

impl<'a> SharedOut<'a> {
    fn new(table: &'a WeightedTable) -> Result<Self, Error> {
        let room = table.total().room();
        let cells = memory::collect(table.cells().iter().map(|cell| cell.count.shifted(room)))?;
        // Sums of what is left of each cell, so that they agree.
        let mut rows = memory::filled(table.row_sums().len(), 0)?;
        let mut columns = memory::filled(table.column_sums().len(), 0)?;
        for (cell, number) in table.cells().iter().zip(&cells) {
            rows[cell.row as usize] += number;
            columns[cell.column as usize] += number;
        }
        let total = cells.iter().sum();
        let [cells, rows, columns] = [cells, rows, columns].map(Shares::new);
        Ok(Self { table, cells: cells?, rows: rows?, columns: columns?, total })
    }

    /// The sum of `number * log` over the shares, per share of the total, in nats; 0 for sums that are not positive.
    fn mean(&self, terms: impl Iterator<Item = (u128, i128)>) -> f64 {
        let sum: i128 = terms.map(|(number, log)| product_high(2 * number, log)).sum();
        let scale = 2f64.powi(127 - LOG_FRACTION as i32);
        ratio(sum.max(0) as u128, self.total.max(1)) * scale
    }

    fn entropy(&self, shares: &Shares) -> f64 {
        let log = ln(self.total.max(1));
        self.mean(shares.numbers.iter().zip(&shares.logs).map(|(&number, of)| (number, log - of)))
    }

    /// Of the cells: number, log, and those of its row and column.
    fn places(&self) -> impl Iterator<Item = [(u128, i128); 3]> {
        let of = |shares: &Shares, place: usize| (shares.numbers[place], shares.logs[place]);
        self.table.cells().iter().enumerate().map(move |(place, cell)| {
            [
                of(&self.cells, place),
                of(&self.rows, cell.row as usize),
                of(&self.columns, cell.column as usize),
            ]
        })
    }

    fn mutual_information(&self) -> f64 {
        let occupied = self.cells.occupied();
        if occupied == self.rows.occupied() {
            return self.entropy(&self.columns);
        }
        if occupied == self.columns.occupied() {
            return self.entropy(&self.rows);
        }
        let log = ln(self.total);
        let information =
            self.mean(self.places().map(|[n, row, column]| (n.0, n.1 + log - row.1 - column.1)));
        if information > FEW_NATS {
            return information;
        }
        let total = self.total as f64;
        let mut unmet = product(self.total, self.total);
        let mut sum = FixedPointSum::up_to(total * FEW_NATS * 2.0);
        for [(number, _), (row, _), (column, _)] in self.places().filter(|[cell, ..]| cell.0 > 0) {
            let expected = product(row, column);
            unmet = minus(unmet, expected);
            let difference = difference(product(number, self.total), expected);
            sum.add(excess(number as f64, difference, float(expected), total));
        }
        sum.add(float(unmet) / total);
        sum.value() / total
    }
}

impl WeightedTable {
    /// The entropy of the cells in nats.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn joint_entropy(&self) -> Result<f64, Error> {
        let shared = SharedOut::new(self)?;
        Ok(shared.entropy(&shared.cells))
    }

    /// The entropies of the rows and of the columns.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn entropies(&self) -> Result<(f64, f64), Error> {
        let shared = SharedOut::new(self)?;
        Ok((shared.entropy(&shared.rows), shared.entropy(&shared.columns)))
    }

    /// The entropy of the rows given the columns, and of the columns given the rows.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn conditional_entropies(&self) -> Result<(f64, f64), Error> {
        let shared = SharedOut::new(self)?;
        let given = |side: usize| shared.mean(shared.places().map(|of| (of[0].0, of[side].1 - of[0].1)));
        Ok((given(2), given(1)))
    }

    /// The mutual information in nats: at least 0.
    ///
    /// ```
    /// use mutua::{Weight, WeightedTable};
    ///
    /// let half = Weight::new(0.5).expect("a weight");
    /// let table = WeightedTable::from_cells([(0, 0, half), (1, 1, half)].into_iter(), 2, 2)?;
    /// assert_eq!(table.mutual_information()?, 2f64.ln());
    /// # Ok::<(), mutua::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn mutual_information(&self) -> Result<f64, Error> {
        Ok(SharedOut::new(self)?.mutual_information())
    }
}
