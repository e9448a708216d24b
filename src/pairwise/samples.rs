//! Pairs of columns counted sample by sample: for many levels.

use super::columns::LabelColumn;
use crate::mutual_information::Count;
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Samples between two questions whether to go on.
const BATCH: usize = 1 << 16;

/// A table may have this many cells, and this many for each sample.
const CELLS_ANYWAY: usize = 1 << 12;
const CELLS_PER_SAMPLE: usize = 2;

/// Counts pairs, with what can be used again.
#[derive(Default)]
pub(super) struct PairCounter {
    table: Vec<u32>,
    /// The samples by their level in `order_of`.
    order: Vec<u32>,
    order_of: Option<usize>,
}

impl PairCounter {
    /// Visits the cells that are not empty, of the column of that number and another.
    pub(super) fn each_cell(
        &mut self,
        (index, a): (usize, &LabelColumn),
        b: &LabelColumn,
        visit: impl FnMut(Count),
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        let few = (CELLS_PER_SAMPLE * a.codes.len()).max(CELLS_ANYWAY);
        match a.sizes.len().checked_mul(b.sizes.len()).filter(|&size| size <= few) {
            Some(size) => self.by_table(a, b, size, visit, interrupt),
            None => self.by_level((index, a), b, visit, interrupt),
        }
    }

    fn by_table(
        &mut self,
        a: &LabelColumn,
        b: &LabelColumn,
        size: usize,
        mut visit: impl FnMut(Count),
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        self.zeros(size)?;
        let (table, width) = (&mut self.table[..size], b.sizes.len());
        for (rows, columns) in a.codes.chunks(BATCH).zip(b.codes.chunks(BATCH)) {
            interrupt.check()?;
            for (&row, &column) in rows.iter().zip(columns) {
                table[row as usize * width + column as usize] += 1;
            }
        }
        for (&row, counts) in a.sizes.iter().zip(table.chunks_mut(width)) {
            for (&column, count) in b.sizes.iter().zip(counts) {
                if *count > 0 {
                    visit(Count { n: std::mem::take(count).into(), row, column });
                }
            }
        }
        Ok(())
    }

    /// One level of the first column after the other, in a table of the levels of the second: linear for any number.
    fn by_level(
        &mut self,
        (index, a): (usize, &LabelColumn),
        b: &LabelColumn,
        mut visit: impl FnMut(Count),
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        self.zeros(b.sizes.len())?;
        if self.order_of != Some(index) {
            self.sort(a)?;
            self.order_of = Some(index);
        }
        let mut samples = self.order.as_slice();
        for &row in &a.sizes {
            let (of_row, others) = samples.split_at(row as usize);
            samples = others;
            interrupt.check()?;
            for &sample in of_row {
                self.table[b.codes[sample as usize] as usize] += 1;
            }
            for &sample in of_row {
                let column = b.codes[sample as usize] as usize;
                let n = std::mem::take(&mut self.table[column]);
                if n > 0 {
                    visit(Count { n: n.into(), row, column: b.sizes[column] });
                }
            }
        }
        Ok(())
    }

    /// A table of at least so many zeros: every count leaves zeros.
    fn zeros(&mut self, size: usize) -> Result<(), Error> {
        if self.table.len() < size {
            self.table = memory::filled(size, 0)?;
        }
        Ok(())
    }

    fn sort(&mut self, a: &LabelColumn) -> Result<(), Error> {
        let mut next = memory::with_capacity(a.sizes.len())?;
        next.extend(
            a.sizes.iter().scan(0, |start, &size| Some(std::mem::replace(start, *start + size as usize))),
        );
        self.order = memory::filled(a.codes.len(), 0)?;
        for (sample, &code) in (0..).zip(&a.codes) {
            self.order[next[code as usize]] = sample;
            next[code as usize] += 1;
        }
        Ok(())
    }
}
