//! Tables of all cells, in which samples are counted by their places.
//!
//! A small table counts in 32 bits. One that would crowd the first cache counts in single bytes: of 256 counts in a cell
//! one finds it full, and is carried to a table of sums. A count waits for the one before it in the same cell to be stored,
//! so where neighbouring samples are often in the same cell, they are counted in different tables.

use super::place::Place;
use crate::{Error, memory};

/// Neighbours are counted in so many tables.
const TABLES: usize = 4;

/// Cells between tables. Addresses that differ by a multiple of 4 KiB are taken for the same while stores to one are under
/// way: without a gap, cells that are counted often would wait for their like in the table before.
const GAP: usize = 80;

/// There are several tables where their cells are no more than this, nor than the samples.
const MOST_CELLS: usize = 1 << 18;

/// Where a table has no more cells than this, all are used without a look at the samples.
const SMALL: usize = 1 << 9;

/// What counts in a cell.
pub(super) trait Counter: Copy + Default {
    /// What a cell that was full has lost, or 0 where none can be.
    const CARRIED: u32;

    /// One more; whether the cell was full, and starts again.
    fn count(&mut self) -> bool;

    /// The sums of tables, the first `size` cells of so many each, and of what was carried.
    fn sums(cells: Vec<Self>, size: usize, stride: usize, carried: Vec<u32>) -> Vec<u32>;
}

impl Counter for u8 {
    const CARRIED: u32 = 1 << u8::BITS;

    #[inline(always)]
    fn count(&mut self) -> bool {
        *self = self.wrapping_add(1);
        *self == 0
    }

    fn sums(cells: Vec<Self>, _: usize, stride: usize, mut carried: Vec<u32>) -> Vec<u32> {
        for table in cells.chunks_exact(stride) {
            carried.iter_mut().zip(table).for_each(|(sum, &count)| *sum += u32::from(count));
        }
        carried
    }
}

impl Counter for u32 {
    const CARRIED: u32 = 0;

    #[inline(always)]
    fn count(&mut self) -> bool {
        *self += 1;
        false
    }

    fn sums(mut cells: Vec<Self>, size: usize, stride: usize, _: Vec<u32>) -> Vec<u32> {
        let (sums, others) = cells.split_at_mut(stride);
        for table in others.chunks_exact(stride) {
            sums.iter_mut().zip(table).for_each(|(sum, &count)| *sum += count);
        }
        cells.truncate(size);
        cells
    }
}

/// One table, or several one after the other.
pub(super) struct Tables<C> {
    cells: Vec<C>,
    /// Of each, and from the beginning of one to that of the next.
    size: usize,
    stride: usize,
    carried: Vec<u32>,
    /// Whether neighbours are counted in different tables.
    apart: bool,
}

impl<C: Counter> Tables<C> {
    /// Tables of `size` cells, more than none, for `n` samples.
    pub(super) fn new(size: usize, n: usize) -> Result<Self, Error> {
        let several = size * TABLES <= MOST_CELLS.min(n);
        let (n_tables, stride) = if several { (TABLES, size + GAP) } else { (1, size) };
        let cells = memory::filled(n_tables * stride, C::default())?;
        let carried = memory::filled(if C::CARRIED > 0 { size } else { 0 }, 0)?;
        Ok(Self { cells, size, stride, carried, apart: several })
    }

    /// Looks at some samples: are neighbours often in the same cell?
    pub(super) fn look<P: Place>(&mut self, places: &[P]) {
        let several = self.cells.len() > self.stride;
        self.apart = several && (self.size <= SMALL || often_repeats(places));
    }

    /// Counts samples by their places, which are below `size` unless another thread writes to the labels meanwhile.
    pub(super) fn add<P: Place>(&mut self, places: &[P]) {
        let Self { cells, stride, carried, apart, .. } = self;
        let (first, others) = cells.split_at_mut(*stride);
        if *apart {
            let (second, others) = others.split_at_mut(*stride);
            let (third, fourth) = others.split_at_mut(*stride);
            in_turn([first, second, third, fourth], carried, places);
        } else {
            in_turn([first], carried, places);
        }
    }

    /// How often each place occurred.
    pub(super) fn sums(self) -> Vec<u32> {
        C::sums(self.cells, self.size, self.stride, self.carried)
    }
}

/// Whether some of the first places are those of the sample before.
fn often_repeats<P: Place>(places: &[P]) -> bool {
    let first = &places[..places.len().min(64)];
    first.windows(2).filter(|pair| pair[0] == pair[1]).count() >= 4
}

/// Counts neighbours in one table after the other.
fn in_turn<C: Counter, P: Place, const N: usize>(tables: [&mut [C]; N], carried: &mut [u32], places: &[P]) {
    if tables.iter().all(|table| table.len() > P::LAST) {
        // No place is beyond these, which the compiler knows: nothing is left to check.
        each_in_turn(tables.map(|table| &mut table[..=P::LAST]), carried, places);
    } else {
        each_in_turn(tables, carried, places);
    }
}

#[inline(always)]
fn each_in_turn<C: Counter, P: Place, const N: usize>(
    mut tables: [&mut [C]; N],
    carried: &mut [u32],
    places: &[P],
) {
    let (fours, rest) = places.as_chunks::<TABLES>();
    for four in fours {
        for (index, &place) in four.iter().enumerate() {
            count(tables[index % N], carried, place);
        }
    }
    rest.iter().for_each(|&place| count(tables[0], carried, place));
}

#[inline(always)]
fn count<C: Counter>(table: &mut [C], carried: &mut [u32], place: impl Place) {
    let place = place.index();
    if let Some(cell) = table.get_mut(place)
        && cell.count()
    {
        carry::<C>(carried, place);
    }
}

#[cold]
#[inline(never)]
fn carry<C: Counter>(carried: &mut [u32], place: usize) {
    carried[place] += C::CARRIED;
}
