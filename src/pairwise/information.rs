//! From what a pair of columns shares to its information: the bits of a table counted alone.

use super::bits::ROWS;
use super::columns::LabelColumn;
use super::samples::PairCounter;
use crate::lanes::in_lanes;
use crate::mutual_information::{Count, from_exact_sum, from_halves, mutual_information};
use crate::n_log_n::{self, n_log_n};
use crate::threads::Interrupt;
use crate::{Error, entropy, memory};

/// What all pairs need.
pub(super) struct Information {
    n_samples: u64,
    /// `n ln n` of every number up to that of the samples, if exact sums always serve.
    values: Vec<i128>,
}

impl Information {
    pub(super) fn new(n_samples: usize) -> Result<Self, Error> {
        let exact = n_samples < n_log_n::ALWAYS;
        let values = memory::collect((0..if exact { n_samples + 1 } else { 0 }).map(|n| n_log_n(n as u64)))?;
        Ok(Self { n_samples: n_samples as u64, values })
    }

    /// `sum n ln n` over the levels.
    pub(super) fn of_margin(&self, column: &LabelColumn) -> i128 {
        if self.values.is_empty() {
            0
        } else {
            column.sizes.iter().map(|&size| self.values[size as usize]).sum()
        }
    }

    /// Of the column of that number and another, counted sample by sample.
    pub(super) fn of_samples(
        &self,
        counter: &mut PairCounter,
        (index, a): (usize, &Side<'_>),
        b: &Side<'_>,
        cells: &mut Vec<Count>,
        interrupt: &Interrupt<'_>,
    ) -> Result<f64, Error> {
        if !self.values.is_empty() {
            let mut sum = 0;
            let add = |cell: Count| sum += self.values[cell.n as usize];
            counter.each_cell((index, a.column), b.column, add, interrupt)?;
            if let Some(information) = self.exact(sum, a, b) {
                return Ok(information);
            }
        }
        cells.clear();
        cells.try_reserve(self.n_samples as usize).map_err(|_| Error::OutOfMemory)?;
        counter.each_cell((index, a.column), b.column, |cell| cells.push(cell), interrupt)?;
        Ok(mutual_information(cells.iter().copied(), &a.column.sizes, &b.column.sizes))
    }

    #[inline(always)]
    fn exact(&self, of_cells: i128, a: &Side<'_>, b: &Side<'_>) -> Option<f64> {
        let of_total = self.values[self.n_samples as usize];
        from_exact_sum(of_cells + of_total - a.of_margin - b.of_margin, self.n_samples)
    }

    /// Of a column of two levels with others: `shared` begins with the row of the one, which has a place for the first
    /// level of each. Leaves NaN where there is too little information, or where there are not two levels.
    pub(super) fn of_twos(
        &self,
        shared: &[[u32; ROWS]],
        a: &Side<'_>,
        others: &[Side<'_>],
        places: &[usize],
        out: &mut [f64],
    ) {
        out.fill(f64::NAN);
        let (Some(row), Some(shared), false) = (a.first_of_two, shared.first(), self.values.is_empty())
        else {
            return;
        };
        let of_row = self.values[self.n_samples as usize] - a.of_margin;
        let (values, total) = (self.values.as_slice(), self.n_samples as u32);
        in_lanes!(_ => {
            let (high, low) = sums_of_twos(values, (row, of_row), others, shared, places, total);
            for ((out, high), low) in out.iter_mut().zip(high).zip(low) {
                *out = from_halves(high, low, f64::from(total));
            }
        });
    }

    /// Of two columns in bits: `shared` has a row for each level of the first but the last.
    #[inline(always)]
    pub(super) fn of_bits(
        &self,
        shared: &[[u32; ROWS]],
        first_column: usize,
        a: &Side<'_>,
        b: &Side<'_>,
        cells: &mut Vec<Count>,
    ) -> f64 {
        if a.column.sizes.len() == 1 || b.column.sizes.len() == 1 {
            return 0.0;
        }
        if self.values.is_empty() {
            return self.of_table(shared, first_column, a, b, cells);
        }
        let value = |n: u32| self.values[n as usize];
        let n_columns = b.column.sizes.len() - 1;
        // What is left for the last level of each side.
        let mut last_row = [0; ROWS];
        for (left, &size) in last_row.iter_mut().zip(&b.column.sizes[..n_columns]) {
            *left = size as u32;
        }
        let last_size = *b.column.sizes.last().unwrap_or(&0) as u32;
        let (mut sum, mut corner) = (0, last_size);
        for (counts, &size) in shared.iter().zip(&a.column.sizes[..a.column.sizes.len() - 1]) {
            let counts = &counts[first_column..][..n_columns];
            let mut left = size as u32;
            for (&count, last) in counts.iter().zip(&mut last_row) {
                sum += value(count);
                left -= count;
                *last -= count;
            }
            sum += value(left);
            corner -= left;
        }
        sum += last_row[..n_columns].iter().map(|&count| value(count)).sum::<i128>() + value(corner);
        match self.exact(sum, a, b) {
            Some(information) => information,
            None => self.of_table(shared, first_column, a, b, cells),
        }
    }

    /// The same cell by cell.
    #[cold]
    fn of_table(
        &self,
        shared: &[[u32; ROWS]],
        first_column: usize,
        a: &Side<'_>,
        b: &Side<'_>,
        cells: &mut Vec<Count>,
    ) -> f64 {
        cells.clear();
        let (rows, columns) = (&a.column.sizes, &b.column.sizes);
        let mut push = |n: u64, row, column| {
            if n > 0 {
                cells.push(Count { n, row, column });
            }
            n
        };
        let mut last_row = [0; ROWS];
        last_row[..columns.len()].copy_from_slice(columns);
        let inner = columns.len() - 1;
        for (counts, &row) in shared.iter().zip(&rows[..rows.len() - 1]) {
            let mut left = row;
            let counts = counts[first_column..].iter().map(|&count| u64::from(count)).take(inner);
            for ((n, &column), last) in counts.zip(columns).zip(&mut last_row) {
                *last -= push(n, row, column);
                left -= n;
            }
            last_row[inner] -= push(left, row, columns[inner]);
        }
        for (&n, &column) in last_row.iter().zip(columns) {
            push(n, rows[rows.len() - 1], column);
        }
        mutual_information(cells.iter().copied(), rows, columns)
    }
}

/// The upper and the lower halves of exact sums.
type Halves = ([i64; ROWS], [u64; ROWS]);

/// The exact sums of a column of two levels with others; 0 for those that have not two.
#[inline(always)]
fn sums_of_twos(
    values: &[i128],
    (row, of_row): (u32, i128),
    others: &[Side<'_>],
    shared: &[u32; ROWS],
    places: &[usize],
    total: u32,
) -> Halves {
    let (mut high, mut low) = ([0; ROWS], [0; ROWS]);
    for (((b, &place), high), low) in others.iter().zip(places).zip(&mut high).zip(&mut low) {
        if let Some(column) = b.first_of_two {
            let n = shared[place];
            let cells = [n, row - n, column - n, total - row - (column - n)];
            let of_cells: i128 = cells.iter().map(|&n| values[n as usize]).sum();
            let sum = of_cells + (of_row - b.of_margin);
            (*high, *low) = ((sum >> 64) as i64, sum as u64);
        }
    }
    (high, low)
}

/// A column in a pair.
pub(super) struct Side<'a> {
    pub(super) column: &'a LabelColumn,
    of_margin: i128,
    /// The size of the first level, where there are two.
    first_of_two: Option<u32>,
}

impl<'a> Side<'a> {
    pub(super) fn new(column: &'a LabelColumn, information: &Information) -> Self {
        let first_of_two = match *column.sizes {
            [first, _] => Some(first as u32),
            _ => None,
        };
        Self { column, of_margin: information.of_margin(column), first_of_two }
    }

    pub(super) fn entropy(&self) -> f64 {
        entropy(&self.column.sizes)
    }
}
