//! Pairs of few labels, and more than pairs, counted in one pass in a table of all cells.
//!
//! Labels become places in the table while they are in the first cache, and are checked there against the range that the
//! table was made for; the places of one short step are counted before the next. Memory, which would idle meanwhile, is
//! asked a little at a time for labels some steps ahead. A count waits for the one before it in the same cell to be stored,
//! so where neighbouring samples are often in the same cell, they are counted in different tables.

use super::labels::{Labels, Span};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Bytes of labels whose places are computed at a time.
const STEP: usize = 1 << 12;

/// Steps of fewer samples than this need no memory of their own.
const FEW: usize = 1 << 8;

/// Steps are counted in so many parts: between them memory is asked for as many labels, unless all labels have fewer bytes
/// than are in the second cache.
const PARTS: usize = 4;
const CACHED: usize = 1 << 21;

/// How many steps there are between two questions whether to go on.
const BATCH: usize = 1 << 9;

/// Cells of all the tables, if they are small.
const SMALL: usize = 1 << 11;

/// In which neighbours are counted.
const TABLES: usize = 4;

/// There are several tables where their cells are fewer than this, and the samples no fewer.
const MOST_CELLS: usize = 1 << 18;

/// A table may have this many cells for each sample, and this many in any case.
const CELLS_PER_SAMPLE: usize = 2;
const CELLS_ANYWAY: usize = 1 << 8;

/// How many cells a table of such spans has; `None` if they are too many for `n` samples.
pub(super) fn size<'a>(spans: impl Iterator<Item = &'a Span>, n: usize) -> Option<usize> {
    let limit = (CELLS_PER_SAMPLE * n).max(CELLS_ANYWAY).min(u32::MAX as usize);
    let mut size = 1usize;
    for span in spans {
        let width = usize::try_from(span.width).ok().filter(|&width| width < 1 << 31)?;
        size = size.checked_mul(width).filter(|&cells| cells <= limit)?;
    }
    Some(size)
}

/// The counts of all combinations, those of the last variable next to each other; `None` where a label was beyond its span.
pub(super) fn count(
    variables: &[(Labels<'_>, Span)],
    interrupt: &Interrupt<'_>,
) -> Result<Option<Vec<u32>>, Error> {
    let n = variables.first().map_or(0, |(labels, _)| labels.len());
    let size = variables.iter().map(|(_, span)| span.width as usize).product();
    let n_tables = if size * TABLES <= MOST_CELLS.min(n) { TABLES } else { 1 };
    let mut tables = memory::filled(size * n_tables, 0u32)?;
    let small = size * TABLES <= SMALL;
    let width: usize = variables.iter().map(|(labels, _)| labels.width()).sum();
    let step = (STEP / width.max(1)).max(PARTS).min(n.max(1));
    let part = if n * width > CACHED { step / PARTS } else { step };
    let (mut few, mut many);
    let places = if step <= FEW {
        few = [0; FEW];
        &mut few[..step]
    } else {
        many = memory::filled(step, 0)?;
        many.as_mut_slice()
    };
    for (index, start) in (0..n).step_by(step).enumerate() {
        if index % BATCH == 0 {
            interrupt.check()?;
        }
        let places = &mut places[..step.min(n - start)];
        places.fill(0);
        let add_offsets =
            |inside, (labels, span): &(Labels<'_>, Span)| inside & labels.add_offsets(start, *span, places);
        if !variables.iter().fold(true, add_offsets) {
            return Ok(None);
        }
        let apart = n_tables > 1 && (small || often_repeats(places));
        for (index, places) in places.chunks(part).enumerate() {
            if part < step {
                variables.iter().for_each(|(labels, _)| labels.fetch_ahead(start + index * part, part));
            }
            if apart {
                add_in_turn(&mut tables, size, places);
            } else {
                add(&mut tables[..size], places);
            }
        }
    }
    let (sums, others) = tables.split_at_mut(size);
    for other in others.chunks_exact(size) {
        sums.iter_mut().zip(other).for_each(|(sum, count)| *sum += count);
    }
    tables.truncate(size);
    Ok(Some(tables))
}

/// Whether some of the first places are those of the sample before.
fn often_repeats(places: &[u32]) -> bool {
    let first = &places[..places.len().min(64)];
    first.windows(2).filter(|pair| pair[0] == pair[1]).count() >= 4
}

/// No place is beyond the table unless another thread writes to the labels meanwhile.
#[inline(always)]
fn increment(table: &mut [u32], place: u32) {
    if let Some(count) = table.get_mut(place as usize) {
        *count += 1;
    }
}

fn add(table: &mut [u32], places: &[u32]) {
    let (fours, rest) = places.as_chunks::<4>();
    for &[a, b, c, d] in fours {
        increment(table, a);
        increment(table, b);
        increment(table, c);
        increment(table, d);
    }
    rest.iter().for_each(|&place| increment(table, place));
}

fn add_in_turn(tables: &mut [u32], size: usize, places: &[u32]) {
    let (first, others) = tables.split_at_mut(size);
    let (second, others) = others.split_at_mut(size);
    let (third, fourth) = others.split_at_mut(size);
    let (fours, rest) = places.as_chunks::<TABLES>();
    for &[a, b, c, d] in fours {
        increment(first, a);
        increment(second, b);
        increment(third, c);
        increment(fourth, d);
    }
    add(first, rest);
}
