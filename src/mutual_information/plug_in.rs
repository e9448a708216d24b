//! The plug-in mutual information of a contingency table.
//!
//! With expected counts `e = a b / N` under independence and `d = (n - e) / e`,
//!
//! ```text
//! N I = sum over all cells  e g(d),   g(d) = (1 + d) ln(1 + d) - d
//! ```
//!
//! Every term is at least 0, so they do not cancel each other: near independence, where `sum p log p` loses ten digits,
//! this keeps them. An empty cell contributes `e`. Numerators are exact integers. What lies below 2^-114 nats is lost.

use crate::entropy;
use crate::fixed_point::FixedPointSum;
use crate::{Cell, ContingencyTable};

impl ContingencyTable {
    /// The plug-in mutual information in nats: at least 0, the same bits for any order of rows, columns and samples, and
    /// exactly the entropy of one side where the other determines it.
    ///
    /// Linear in the number of cells that are not empty.
    #[must_use]
    pub fn mutual_information(&self) -> f64 {
        let n_cells = self.cells().len();
        let occupied = |sums: &[u64]| sums.iter().filter(|&&sum| sum > 0).count();
        if n_cells == occupied(self.row_sums()) {
            return entropy(self.column_sums());
        }
        if n_cells == occupied(self.column_sums()) {
            return entropy(self.row_sums());
        }
        let total = self.total();
        // sum over empty cells of a b = N^2 - sum over the others: exact.
        let mut unmet = u128::from(total) * u128::from(total);
        let mut sum = FixedPointSum::up_to(total as f64 * 64.0);
        for cell in self.cells() {
            let product = self.margins(cell);
            unmet -= product;
            sum.add(excess(cell.count, product, total));
        }
        sum.add(unmet as f64 / total as f64);
        sum.value() / total as f64
    }

    fn margins(&self, cell: &Cell) -> u128 {
        u128::from(self.row_sums()[cell.row as usize]) * u128::from(self.column_sums()[cell.column as usize])
    }
}

/// `e g(d)` for a cell of `count`, with `product = a b`.
fn excess(count: u64, product: u128, total: u64) -> f64 {
    let difference = to_float(i128::from(count) * i128::from(total) - product as i128);
    let product = to_float(product as i128);
    let d = difference / product;
    if d.abs() < 1e-2 {
        // g(d) = d^2/2 - d^3/6 + d^4/12 - ...: nine terms reach 1e-18 relative to the first.
        let series = (2..11).rev().fold(0.0, |tail, m| 1.0 / f64::from(m * (m - 1)) - d * tail);
        return difference / total as f64 * d * series;
    }
    // Far below its expectation 1 + d loses the cell: the ratio keeps it.
    let log = if d < -0.5 { (count as f64 * (total as f64 / product)).ln() } else { d.ln_1p() };
    count as f64 * log - difference / total as f64
}

/// The nearest float; most integers fit into a register and convert at once.
fn to_float(value: i128) -> f64 {
    i64::try_from(value).map_or(value as f64, |value| value as f64)
}
