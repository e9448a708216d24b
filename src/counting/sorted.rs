//! Pairs of many labels: the pairs sorted, equal ones counted.

use super::cells::Cell;
use super::labels::{Labels, Span};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Samples whose places are computed at a time.
const BLOCK: usize = 1 << 10;

/// Bits that a pass of the sort looks at, at most.
const DIGIT: u32 = 11;

/// Below this a comparison sort is as fast.
const FEW: usize = 1 << 10;

/// A pair of offsets in one integer.
trait Key: Copy + Ord + Default {
    fn new(pair: u64) -> Self;
    fn pair(self) -> u64;
}

impl Key for u32 {
    fn new(pair: u64) -> Self {
        pair as Self
    }

    fn pair(self) -> u64 {
        u64::from(self)
    }
}

impl Key for u64 {
    fn new(pair: u64) -> Self {
        pair
    }

    fn pair(self) -> u64 {
        self
    }
}

/// The cells that are not empty, by row and then column, and the number of samples in each column.
///
/// Linear: radix passes over the bits of a column, then over those of a row. In between, samples are in the order of the
/// columns, and counting these does not jump about in memory.
pub(super) fn count(
    x: Labels<'_>,
    y: Labels<'_>,
    [rows, columns]: [Span; 2],
    interrupt: &Interrupt<'_>,
) -> Result<(Vec<Cell>, Vec<u64>), Error> {
    let bits = [rows, columns].map(|span| u64::BITS - (span.width - 1).leading_zeros());
    if bits[0] + bits[1] <= u32::BITS {
        cells::<u32>(x, y, [rows, columns], bits, interrupt)
    } else {
        cells::<u64>(x, y, [rows, columns], bits, interrupt)
    }
}

fn cells<K: Key>(
    x: Labels<'_>,
    y: Labels<'_>,
    [rows, columns]: [Span; 2],
    [row_bits, column_bits]: [u32; 2],
    interrupt: &Interrupt<'_>,
) -> Result<(Vec<Cell>, Vec<u64>), Error> {
    let n = x.len();
    let mut keys = memory::with_capacity(n)?;
    let mut offsets = [[0; BLOCK]; 2];
    for start in (0..n).step_by(BLOCK) {
        let [of_x, of_y] = offsets.each_mut().map(|offsets| &mut offsets[..BLOCK.min(n - start)]);
        of_x.fill(0);
        of_y.fill(0);
        // The spans are those of all labels: none is beyond unless another thread writes to them meanwhile.
        x.add_offsets(start, rows, of_x);
        y.add_offsets(start, columns, of_y);
        let pair = |(&row, &column): (&u32, &u32)| {
            let row = u64::from(row).min(rows.width - 1);
            row << column_bits | u64::from(column).min(columns.width - 1)
        };
        keys.extend(of_x.iter().zip(&*of_y).map(|both| K::new(pair(both))));
    }
    let column = |key: K| key.pair() & ((1 << column_bits) - 1);
    let mut spare = memory::filled(n, K::default())?;
    sort(&mut keys, &mut spare, 0, column_bits, interrupt)?;
    let mut column_sums = memory::filled(columns.width as usize, 0)?;
    keys.iter().for_each(|&key| column_sums[column(key) as usize] += 1);
    sort(&mut keys, &mut spare, column_bits, row_bits, interrupt)?;
    drop(spare);

    let n_cells = 1 + keys.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let mut cells = memory::with_capacity(n_cells)?;
    cells.extend(keys.chunk_by(|a, b| a == b).map(|run| Cell {
        row: (run[0].pair() >> column_bits) as u32,
        column: column(run[0]) as u32,
        count: run.len() as u64,
    }));
    Ok((cells, column_sums))
}

/// Sorts by so many bits from one on, where keys that agree in these keep their order; few keys by all bits.
fn sort<K: Key>(
    keys: &mut Vec<K>,
    spare: &mut Vec<K>,
    from: u32,
    bits: u32,
    interrupt: &Interrupt<'_>,
) -> Result<(), Error> {
    if keys.len() < FEW {
        keys.sort_unstable();
        return Ok(());
    }
    let n_passes = bits.div_ceil(DIGIT);
    let digit_bits = bits.div_ceil(n_passes.max(1));
    // The last pass must not look at bits beyond.
    let mask = |pass| (1usize << digit_bits.min(bits - pass * digit_bits)) - 1;
    for pass in 0..n_passes {
        interrupt.check()?;
        let digit = |key: K| (key.pair() >> (from + pass * digit_bits)) as usize & mask(pass);
        let mut places = [0u32; 1 << DIGIT];
        keys.iter().for_each(|&key| places[digit(key)] += 1);
        let mut start = 0;
        for place in &mut places {
            start += std::mem::replace(place, start);
        }
        for &key in &*keys {
            let place = &mut places[digit(key)];
            spare[*place as usize] = key;
            *place += 1;
        }
        std::mem::swap(keys, spare);
    }
    Ok(())
}
