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
    /// The cells that are not empty, of the column of that number and another.
    pub(super) fn count(
        &mut self,
        (index, a): (usize, &LabelColumn),
        b: &LabelColumn,
        cells: &mut Vec<Count>,
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        cells.clear();
        cells.try_reserve(a.codes.len()).map_err(|_| Error::OutOfMemory)?;
        let few = (CELLS_PER_SAMPLE * a.codes.len()).max(CELLS_ANYWAY);
        match a.sizes.len().checked_mul(b.sizes.len()).filter(|&size| size <= few) {
            Some(size) => self.by_table(a, b, size, cells, interrupt),
            None => self.by_level((index, a), b, cells, interrupt),
        }
    }

    fn by_table(
        &mut self,
        a: &LabelColumn,
        b: &LabelColumn,
        size: usize,
        cells: &mut Vec<Count>,
        interrupt: &Interrupt<'_>,
    ) -> Result<(), Error> {
        self.zeros(size)?;
        for (a, codes) in a.codes.chunks(BATCH).zip(b.codes.chunks(BATCH)) {
            interrupt.check()?;
            for (&row, &column) in a.iter().zip(codes) {
                self.table[row as usize * b.sizes.len() + column as usize] += 1;
            }
        }
        for (&row, counts) in a.sizes.iter().zip(self.table.chunks_mut(b.sizes.len())) {
            for (&column, count) in b.sizes.iter().zip(counts) {
                if *count > 0 {
                    cells.push(Count { n: std::mem::take(count).into(), row, column });
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
        cells: &mut Vec<Count>,
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
                    cells.push(Count { n: n.into(), row, column: b.sizes[column] });
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
