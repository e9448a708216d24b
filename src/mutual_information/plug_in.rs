//! The plug-in mutual information of a contingency table.
//!
//! ```text
//! N I = N ln N + sum n ln n - sum a ln a - sum b ln b
//! ```
//!
//! over cells `n`, row sums `a` and column sums `b`: exact sums, where the values come from a table ([`n_log_n`]). Of
//! large counts, and where next to nothing would remain, with expected counts `e = a b / N` and `d = (n - e) / e`
//!
//! ```text
//! N I = sum over all cells  e g(d),   g(d) = (1 + d) ln(1 + d) - d
//! ```
//!
//! Every term is at least 0, so they do not cancel each other: near independence, where `sum p log p` loses ten digits,
//! this keeps them. An empty cell contributes `e`. Numerators are exact integers. What lies below 2^-114 nats is lost.

use crate::entropy;
use crate::fixed_point::FixedPointSum;
use crate::logarithm;
use crate::n_log_n::{self, halves_to_nats, n_log_n, to_nats};
use crate::{Cell, ContingencyTable};

/// `N I` below this many nats does not come from the exact sums, which are off by up to 2^-70.
const FEW_NATS: f64 = 1.0 / (1u64 << 20) as f64;

impl ContingencyTable {
    /// The plug-in mutual information in nats: at least 0, the same bits for any order of rows, columns and samples, and
    /// exactly the entropy of one side where the other determines it.
    ///
    /// Linear in the number of cells that are not empty.
    #[must_use]
    pub fn mutual_information(&self) -> f64 {
        let (rows, columns) = (self.row_sums(), self.column_sums());
        let count = |cell: &Cell| Count {
            n: cell.count,
            row: rows[cell.row as usize],
            column: columns[cell.column as usize],
        };
        mutual_information(self.cells().iter().map(count), rows, columns)
    }
}

/// A cell that is not empty, with the sums of its row and column.
#[derive(Clone, Copy)]
pub(crate) struct Count {
    pub(crate) n: u64,
    pub(crate) row: u64,
    pub(crate) column: u64,
}

/// The plug-in mutual information in nats of the cells of a table that are not empty, and its margins.
pub(crate) fn mutual_information(
    cells: impl ExactSizeIterator<Item = Count> + Clone,
    rows: &[u64],
    columns: &[u64],
) -> f64 {
    let occupied = |sums: &[u64]| sums.iter().filter(|&&sum| sum > 0).count();
    if cells.len() == occupied(rows) {
        return entropy(columns);
    }
    if cells.len() == occupied(columns) {
        return entropy(rows);
    }
    let total: u64 = rows.iter().sum();
    if n_log_n::serves(total.into(), cells.len()) {
        let of = |sums: &[u64]| sums.iter().copied().map(n_log_n).sum::<i128>();
        let of_cells: i128 = cells.clone().map(|cell| n_log_n(cell.n)).sum();
        if let Some(information) = from_exact_sum(of_cells + n_log_n(total) - of(rows) - of(columns), total) {
            return information;
        }
    }
    near_independence(cells, total)
}

/// The information from `N I` as the difference of exact sums, if there is enough of it.
#[inline(always)]
pub(crate) fn from_exact_sum(sum: i128, total: u64) -> Option<f64> {
    let sum = to_nats(sum);
    (sum > FEW_NATS).then(|| sum / total as f64)
}

/// The same of the halves of a sum below 2^116, for lanes; NaN where there is too little.
#[inline(always)]
pub(crate) fn from_halves(upper: i64, lower: u64, total: f64) -> f64 {
    let sum = halves_to_nats(upper, lower);
    if sum > FEW_NATS { sum / total } else { f64::NAN }
}

/// The information as a sum of terms that are not negative.
pub(crate) fn near_independence(cells: impl Iterator<Item = Count>, total: u64) -> f64 {
    // sum over empty cells of a b = N^2 - sum over the others: exact.
    let mut unmet = u128::from(total) * u128::from(total);
    let mut sum = FixedPointSum::up_to(total as f64 * 64.0);
    for cell in cells {
        let product = u128::from(cell.row) * u128::from(cell.column);
        unmet -= product;
        let difference = to_float(i128::from(cell.n) * i128::from(total) - product as i128);
        sum.add(excess(cell.n as f64, difference, to_float(product as i128), total as f64));
    }
    sum.add(unmet as f64 / total as f64);
    sum.value() / total as f64
}

/// `e g(d)` for a cell of `count`, with `product = a b` and `difference = n N - a b`.
pub(super) fn excess(count: f64, difference: f64, product: f64, total: f64) -> f64 {
    let d = difference / product;
    if (-0.29..0.41).contains(&d) {
        return product / total * logarithm::excess(d);
    }
    // Far below its expectation 1 + d loses the cell: the ratio keeps it.
    let log = if d < -0.5 { (count * (total / product)).ln() } else { d.ln_1p() };
    count * log - difference / total
}

/// The nearest float; most integers fit into a register and convert at once.
fn to_float(value: i128) -> f64 {
    i64::try_from(value).map_or(value as f64, |value| value as f64)
}
