//! The best hard clusters where Y has two values, exactly (Kurkoski and Yagi 2014; Iwata and Ozawa 2014).
//!
//! They are runs in the order of `p(y|x)`, so the last run begins somewhere, and what comes before is the same problem with
//! one cluster less. Where the best last run begins does not go back as the end goes on: the middle end is settled first, and
//! bounds the others. O(|T| |X| log |X|) time, O(|T| |X|) memory.

use super::mixing::z_ln_z;
use super::table::check;
use crate::threads::Interrupt;
use crate::{Error, memory};

/// For each row of a table of two columns its cluster, such that these tell the most about the column.
///
/// Clusters are numbered by how probable the second column is. No row has to have any weight.
///
/// # Errors
/// [`Error::Shape`] unless there are two columns and at least one row, [`Error::Weight`], [`Error::Cell`] for no clusters,
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Interrupt, binary_quantizer};
///
/// let joint = [1.0, 9.0, 9.0, 1.0, 2.0, 8.0, 5.0, 5.0];
/// assert_eq!(binary_quantizer(&joint, 3, &Interrupt::never())?, [2, 0, 2, 1]);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn binary_quantizer(
    joint: &[f64],
    n_clusters: usize,
    interrupt: &Interrupt<'_>,
) -> Result<Vec<usize>, Error> {
    let n_rows = check(joint, 2)?;
    if n_clusters == 0 {
        return Err(Error::Cell { index: 0 });
    }
    let share = |row: usize| {
        let (a, b) = (joint[2 * row], joint[2 * row + 1]);
        if a + b > 0.0 { b / (a + b) } else { 0.0 }
    };
    let mut order = memory::collect(0..n_rows)?;
    order.sort_by(|&a, &b| share(a).total_cmp(&share(b)));
    let mut sums = memory::with_capacity(n_rows + 1)?;
    sums.push([0.0; 2]);
    for (position, &row) in order.iter().enumerate() {
        let [a, b]: [f64; 2] = sums[position];
        sums.push([a + joint[2 * row], b + joint[2 * row + 1]]);
    }
    let runs = Runs { sums };
    let mut best = memory::collect((0..n_rows + 1).map(|end| runs.value(0, end)))?;
    let n_clusters = n_clusters.min(n_rows);
    let mut starts = memory::with_capacity(n_clusters)?;
    for _ in 1..n_clusters {
        interrupt.check()?;
        let mut layer = Layer {
            runs: &runs,
            interrupt,
            before: &best,
            values: memory::filled(n_rows + 1, 0.0)?,
            starts: memory::filled(n_rows + 1, 0)?,
        };
        layer.settle((0, n_rows), (0, n_rows))?;
        starts.push(layer.starts);
        best = layer.values;
    }
    let mut labels = memory::filled(n_rows, 0)?;
    let mut end = n_rows;
    for (cluster, starts) in starts.iter().enumerate().rev() {
        order[starts[end]..end].iter().for_each(|&row| labels[row] = cluster + 1);
        end = starts[end];
    }
    Ok(labels)
}

/// Sums over the first rows, in order.
struct Runs {
    sums: Vec<[f64; 2]>,
}

impl Runs {
    /// What a run counts for: `sum_y f(p_y) - f(p)` with `f(z) = z ln z`.
    fn value(&self, start: usize, end: usize) -> f64 {
        let ([a, b], [c, d]) = (self.sums[start], self.sums[end]);
        z_ln_z(c - a) + z_ln_z(d - b) - z_ln_z((c - a) + (d - b))
    }
}

/// The best with one cluster more than before, for each end.
struct Layer<'a> {
    runs: &'a Runs,
    interrupt: &'a Interrupt<'a>,
    before: &'a [f64],
    values: Vec<f64>,
    starts: Vec<usize>,
}

impl Layer<'_> {
    /// Settles ends from the first to the last, whose last runs begin within a range.
    fn settle(&mut self, (first, last): (usize, usize), (from, to): (usize, usize)) -> Result<(), Error> {
        self.interrupt.check()?;
        let middle = first.midpoint(last);
        let (mut value, mut best) = (f64::NEG_INFINITY, from);
        for start in from..=to.min(middle) {
            let found = self.before[start] + self.runs.value(start, middle);
            if found > value {
                (value, best) = (found, start);
            }
        }
        (self.values[middle], self.starts[middle]) = (value, best);
        if middle > first {
            self.settle((first, middle - 1), (from, best))?;
        }
        if middle < last {
            self.settle((middle + 1, last), (best, to))?;
        }
        Ok(())
    }
}
