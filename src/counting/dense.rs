//! Pairs of few labels, and more than pairs, counted in one pass in a table of all cells.
//!
//! Labels become places in the table while they are in the first cache, and are checked there against the range that the
//! table was made for; the places of one short step are counted before the next. Memory, which would idle meanwhile, is
//! asked a little at a time for labels some steps ahead.

use super::labels::{Labels, Span};
use super::place::Place;
use super::tables::{Counter, Tables};
use crate::lanes::Instructions;
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

/// How many steps there are between two looks at how samples follow each other.
const PER_LOOK: usize = 1 << 4;

/// Tables of more cells count in bytes: counted in 32 bits they would fill the first cache.
const MOST_WIDE: usize = 1 << 13;

/// A table may have this many cells for each sample, and this many in any case.
const CELLS_PER_SAMPLE: usize = 4;
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
    let size = variables.iter().map(|(_, span)| span.width as usize).product();
    // Only AVX-512 makes short places of long labels at once.
    let narrows = Instructions::current() == Instructions::Avx512;
    let short =
        size <= 1 << u16::BITS && (narrows || variables.iter().all(|(labels, _)| labels.width() <= 2));
    match (size <= MOST_WIDE, short) {
        (true, true) => count_in::<u32, u16>(variables, size, interrupt),
        (true, false) => count_in::<u32, u32>(variables, size, interrupt),
        (false, true) => count_in::<u8, u16>(variables, size, interrupt),
        (false, false) => count_in::<u8, u32>(variables, size, interrupt),
    }
}

fn count_in<C: Counter, P: Place>(
    variables: &[(Labels<'_>, Span)],
    size: usize,
    interrupt: &Interrupt<'_>,
) -> Result<Option<Vec<u32>>, Error> {
    let n = variables.first().map_or(0, |(labels, _)| labels.len());
    let mut tables = Tables::<C>::new(size, n)?;
    let width: usize = variables.iter().map(|(labels, _)| labels.width()).sum();
    let step = (STEP / width.max(1)).max(PARTS).min(n.max(1));
    let part = if n * width > CACHED { step / PARTS } else { step };
    let (mut few, mut many);
    let places = if step <= FEW {
        few = [P::default(); FEW];
        &mut few[..step]
    } else {
        many = memory::filled(step, P::default())?;
        many.as_mut_slice()
    };
    for (index, start) in (0..n).step_by(step).enumerate() {
        if index % BATCH == 0 {
            interrupt.check()?;
        }
        let places = &mut places[..step.min(n - start)];
        places.fill(P::default());
        let add_offsets =
            |inside, (labels, span): &(Labels<'_>, Span)| inside & labels.add_offsets(start, *span, places);
        if !variables.iter().fold(true, add_offsets) {
            return Ok(None);
        }
        if index % PER_LOOK == 0 {
            tables.look(places);
        }
        for (index, places) in places.chunks(part).enumerate() {
            if part < step {
                variables.iter().for_each(|(labels, _)| labels.fetch_ahead(start + index * part, part));
            }
            tables.add(places);
        }
    }
    Ok(Some(tables.sums()))
}
