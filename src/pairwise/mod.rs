//! The plug-in information of every pair of columns of labels.
//!
//! Columns of few levels are rows of bits, one for each level but the last, and the bits that two rows share are counted
//! in lanes ([`bits`]); others are counted sample by sample ([`samples`]). Pairs of blocks of columns are computed by
//! whichever thread is free, and written when they are done: nothing but the result is as large as it. Every value has
//! the bits of [`ContingencyTable::mutual_information`](crate::ContingencyTable::mutual_information).

mod bits;
mod columns;
mod information;
mod samples;
mod transpose;

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use bits::{Block, ROWS, SharedBits};
pub use columns::{LabelColumns, MatrixLabel};
use information::{Information, Side};
use samples::PairCounter;

use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// The information, in units of so many nats, of each column of `x` with each of `y`, or of each two of `x` and on the
/// diagonal their entropies; by rows. `done` counts the values as they are written.
///
/// O(pairs times samples), for few levels a 64th of that times the product of their numbers.
///
/// # Errors
/// [`Error::Lengths`] where the numbers of samples differ, or `out` is not as long as there are values;
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use std::sync::atomic::AtomicUsize;
/// use mutua::{LabelColumns, Workers, pairwise_mutual_information};
///
/// let workers = Workers::new(1);
/// let x = LabelColumns::new(&[0u8, 0, 0, 1, 1, 0, 1, 1], 4, false, workers)?;
/// let mut out = [f64::NAN; 4];
/// pairwise_mutual_information(x, None, 2f64.ln(), &mut out, &AtomicUsize::new(0), workers)?;
/// assert_eq!(out, [1.0, 0.0, 0.0, 1.0]);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn pairwise_mutual_information(
    mut x: LabelColumns,
    mut y: Option<LabelColumns>,
    unit: f64,
    out: &mut [f64],
    done: &AtomicUsize,
    workers: Workers<'_>,
) -> Result<(), Error> {
    let (n_samples, n_columns) = (x.n_samples, y.as_ref().unwrap_or(&x).len());
    if let Some(y) = y.as_ref().filter(|y| y.n_samples != n_samples) {
        return Err(Error::Lengths { left: n_samples, right: y.n_samples });
    }
    if x.len().checked_mul(n_columns) != Some(out.len()) {
        return Err(Error::Lengths { left: x.len().saturating_mul(n_columns), right: out.len() });
    }
    if out.is_empty() {
        return Ok(());
    }
    if x.some_have_codes() || y.as_ref().is_some_and(LabelColumns::some_have_codes) {
        workers.alone(|interrupt| {
            x.add_codes(interrupt)?;
            y.as_mut().map_or(Ok(()), |y| y.add_codes(interrupt))
        })?;
    }
    let information = workers.alone(|_| Information::new(n_samples))?;
    let symmetric = y.is_none();
    let x = Columns::new(&x, &information, workers)?;
    let y = y.as_ref().map(|y| Columns::new(y, &information, workers)).transpose()?;
    let matrix = Matrix::new(out, n_columns, &x.blocks, symmetric)?;
    let y = y.as_ref().unwrap_or(&x);
    let mut tiles = memory::with_capacity(x.blocks.len() * y.blocks.len())?;
    for i in 0..x.blocks.len() {
        tiles.extend((if symmetric { i } else { 0 }..y.blocks.len()).map(|j| (i, j)));
    }
    workers.fold(tiles.len(), Scratch::new, |scratch, index, interrupt| {
        let (i, j) = tiles[index];
        let (a, b) = (&x.blocks[i], &y.blocks[j]);
        scratch.shared.count(a, b, symmetric && i == j, interrupt)?;
        let tile = scratch.fill(&information, (&x, a), (y, b), symmetric && i == j, unit, interrupt)?;
        done.fetch_add(matrix.write(tile, (i, a), (j, b)), Relaxed);
        Ok(())
    })?;
    Ok(())
}

/// Columns of one side, cut into blocks.
struct Columns<'a> {
    sides: Vec<Side<'a>>,
    blocks: Vec<Block>,
}

impl<'a> Columns<'a> {
    fn new(labels: &'a LabelColumns, information: &Information, workers: Workers<'_>) -> Result<Self, Error> {
        let columns = labels.columns.as_slice();
        let side = |column| Side::new(column, information);
        let cuts = Block::cut(columns)?;
        let blocks = workers.map(cuts.len(), |index, interrupt| {
            interrupt.check()?;
            Block::new(columns, cuts[index].clone(), labels.n_samples)
        })?;
        Ok(Self { sides: memory::collect(columns.iter().map(side))?, blocks })
    }
}

/// What a thread needs for one tile, and again for the next.
struct Scratch {
    shared: SharedBits,
    counter: PairCounter,
    cells: Vec<crate::mutual_information::Count>,
    tile: Vec<[f64; ROWS]>,
}

impl Scratch {
    fn new() -> Result<Self, Error> {
        Ok(Self {
            shared: SharedBits::new()?,
            counter: PairCounter::default(),
            cells: memory::with_capacity(ROWS * ROWS)?,
            tile: memory::filled(ROWS, [0.0; ROWS])?,
        })
    }

    /// The values of two blocks; of a block with itself, the half above the diagonal on both sides.
    fn fill(
        &mut self,
        information: &Information,
        (x, a): (&Columns<'_>, &Block),
        (y, b): (&Columns<'_>, &Block),
        diagonal: bool,
        unit: f64,
        interrupt: &Interrupt<'_>,
    ) -> Result<&mut [[f64; ROWS]], Error> {
        for (i, index) in a.columns.clone().enumerate() {
            let row = &x.sides[index];
            let shared = self.shared.rows_from(a.first_row[i]);
            let start = if diagonal { i } else { 0 };
            let (others, places) = (&y.sides[b.columns.clone()][start..], &b.first_row[start..]);
            let out = &mut self.tile[i][start..b.columns.len()];
            information.of_twos(shared, row, others, places, out);
            for (j, ((column, &place), out)) in others.iter().zip(places).zip(out).enumerate() {
                if diagonal && j == 0 {
                    *out = row.entropy();
                } else if !out.is_nan() {
                    continue;
                } else if row.column.has_bits() && column.column.has_bits() {
                    *out = information.of_bits(shared, place, row, column, &mut self.cells);
                } else {
                    let Self { counter, cells, .. } = self;
                    *out = information.of_samples(counter, (index, row), column, cells, interrupt)?;
                }
            }
            if unit != 1.0 {
                self.tile[i].iter_mut().for_each(|value| *value /= unit);
            }
        }
        if diagonal {
            for i in 1..a.columns.len() {
                for j in 0..i {
                    self.tile[i][j] = self.tile[j][i];
                }
            }
        }
        Ok(&mut self.tile)
    }
}

/// The result: rows of a block at a time are for one thread.
struct Matrix<'a> {
    rows: Vec<Mutex<&'a mut [f64]>>,
    n_columns: usize,
    symmetric: bool,
}

impl<'a> Matrix<'a> {
    fn new(
        mut out: &'a mut [f64],
        n_columns: usize,
        blocks: &[Block],
        symmetric: bool,
    ) -> Result<Self, Error> {
        let mut rows = memory::with_capacity(blocks.len())?;
        for block in blocks {
            let (of_block, others) = out.split_at_mut(block.columns.len() * n_columns);
            rows.push(Mutex::new(of_block));
            out = others;
        }
        Ok(Self { rows, n_columns, symmetric })
    }

    /// Writes a tile, and what mirrors it; returns how many pairs.
    fn write(&self, tile: &[[f64; ROWS]], (i, a): (usize, &Block), (j, b): (usize, &Block)) -> usize {
        self.put(i, b.columns.clone(), |row, column| tile[row][column], a.columns.len());
        if self.symmetric && i != j {
            self.put(j, a.columns.clone(), |row, column| tile[column][row], b.columns.len());
        }
        let (height, width) = (a.columns.len(), b.columns.len());
        if self.symmetric && i == j { height * (height + 1) / 2 } else { height * width }
    }

    fn put(&self, block: usize, columns: Range<usize>, value: impl Fn(usize, usize) -> f64, height: usize) {
        let mut rows = self.rows[block].lock().unwrap_or_else(PoisonError::into_inner);
        for (row, to) in rows.chunks_mut(self.n_columns).take(height).enumerate() {
            for (column, to) in to[columns.clone()].iter_mut().enumerate() {
                *to = value(row, column);
            }
        }
    }
}
