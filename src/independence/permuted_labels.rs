//! The plug-in information of labels and of permutations of them, given other labels or not.
//!
//! Permutations keep the margins of the table, so tables are drawn with those margins: O(rows times columns) for each, and
//! no sample is touched. Where there are more cells than that is worth, labels are shuffled and counted.

use std::ops::Range;

use super::random::Random;
use super::rearrangement::by_label;
use super::tables::{Draws, LogFactorials};
use crate::counting::Codes;
use crate::fixed_point::FixedPointSum;
use crate::mutual_information::{Count, mutual_information};
use crate::threads::{Interrupt, Workers};
use crate::{ContingencyTable, Error, memory};

/// Tables are drawn where they have at least so many samples for each cell.
const SAMPLES_PER_CELL: usize = 12;

/// How many surrogates a thread makes between two questions whether to go on, of about so many samples or cells.
const WORK: usize = 1 << 14;

/// The information that `x` and `y` share, given `labels` or not, and that of the surrogates with these numbers: `y`
/// permuted, among samples of the same label. Surrogate i takes stream i of the seed.
///
/// # Errors
/// [`Error::Lengths`], [`Error::Samples`] for none, [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Interrupt, Workers, encode, permuted_labels};
///
/// let coin = encode(&[0, 1, 0, 1, 0, 1, 0, 1], &Interrupt::never())?;
/// let (observed, null) = permuted_labels(&coin, &coin, None, 0, 0..99, Workers::new(1))?;
/// assert_eq!(observed, 2f64.ln());
/// assert!(null.iter().filter(|&&other| other >= observed).count() < 10); // one in 35
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn permuted_labels(
    x: &Codes,
    y: &Codes,
    labels: Option<&Codes>,
    seed: u64,
    surrogates: Range<u64>,
    workers: Workers<'_>,
) -> Result<(f64, Vec<f64>), Error> {
    let strata = workers.alone(|interrupt| Stratum::all(x, y, labels, interrupt))?;
    let observed = mean(&strata, |stratum| Ok(stratum.table.mutual_information()))?;
    let work: usize = strata.iter().map(Stratum::work).sum();
    let batch = (WORK / work.max(1)).max(1);
    let mut null = memory::filled(surrogates.end.saturating_sub(surrogates.start) as usize, 0.0)?;
    let logs = LogFactorials::up_to(x.as_slice().len() as u64)?;
    let begin = || Ok(Room { draws: Draws::new(&logs), cells: Vec::new(), shuffled: Vec::new() });
    workers.fill(&mut null, batch, begin, |room, task, null, interrupt| {
        interrupt.check()?;
        for (index, information) in (surrogates.start + (task * batch) as u64..).zip(null) {
            let mut random = Random::stream(seed, index);
            *information = mean(&strata, |stratum| stratum.permuted(room, &mut random, interrupt))?;
        }
        Ok(())
    })?;
    Ok((observed, null))
}

/// Over the samples of all strata.
fn mean(
    strata: &[Stratum],
    mut information: impl FnMut(&Stratum) -> Result<f64, Error>,
) -> Result<f64, Error> {
    if let [whole] = strata {
        return information(whole);
    }
    let total: u64 = strata.iter().map(|stratum| stratum.table.total()).sum();
    let mut sum = FixedPointSum::up_to(total as f64 * 64.0);
    for stratum in strata {
        sum.add(stratum.table.total() as f64 * information(stratum)?);
    }
    Ok(sum.value() / total as f64)
}

/// The samples that have a label.
struct Stratum {
    table: ContingencyTable,
    /// Empty where tables are drawn.
    x: Vec<u32>,
    y: Vec<u32>,
}

/// What a thread needs for a surrogate.
struct Room<'a> {
    draws: Draws<'a>,
    cells: Vec<Count>,
    shuffled: Vec<u32>,
}

impl Stratum {
    fn all(
        x: &Codes,
        y: &Codes,
        labels: Option<&Codes>,
        interrupt: &Interrupt<'_>,
    ) -> Result<Vec<Self>, Error> {
        let n = x.as_slice().len();
        for other in [Some(y), labels].into_iter().flatten() {
            if other.as_slice().len() != n {
                return Err(Error::Lengths { left: n, right: other.as_slice().len() });
            }
        }
        if n == 0 {
            return Err(Error::Samples { needed: 1, n });
        }
        let Some(labels) = labels else {
            let of = |codes: &Codes| memory::collect(codes.as_slice().iter().copied());
            return Ok(vec![Self::new(of(x)?, of(y)?, interrupt)?]);
        };
        let (samples, ends) = by_label(labels)?;
        let (mut strata, mut start) = (memory::with_capacity(ends.len())?, 0);
        for end in ends {
            let members = &samples[start..end as usize];
            let of = |codes: &Codes| memory::collect(members.iter().map(|&i| codes.as_slice()[i as usize]));
            strata.push(Self::new(of(x)?, of(y)?, interrupt)?);
            start = end as usize;
        }
        Ok(strata)
    }

    fn new(x: Vec<u32>, y: Vec<u32>, interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        let table = ContingencyTable::from_labels(&x, &y, interrupt)?;
        let n_cells = table.row_sums().len().saturating_mul(table.column_sums().len());
        let is_drawn = n_cells.saturating_mul(SAMPLES_PER_CELL) <= x.len();
        Ok(if is_drawn { Self { table, x: Vec::new(), y: Vec::new() } } else { Self { table, x, y } })
    }

    /// About how many cells or samples a surrogate touches.
    fn work(&self) -> usize {
        if self.y.is_empty() {
            self.table.row_sums().len() * self.table.column_sums().len()
        } else {
            self.y.len()
        }
    }

    fn permuted(
        &self,
        room: &mut Room<'_>,
        random: &mut Random,
        interrupt: &Interrupt<'_>,
    ) -> Result<f64, Error> {
        if !self.y.is_empty() {
            room.shuffled.clear();
            memory::append(&mut room.shuffled, &self.y)?;
            random.shuffle(&mut room.shuffled);
            let table = ContingencyTable::from_labels(&self.x, &room.shuffled, interrupt)?;
            return Ok(table.mutual_information());
        }
        let (rows, columns) = (self.table.row_sums(), self.table.column_sums());
        let cells = &mut room.cells;
        cells.clear();
        room.draws.draw(rows, columns, random, |row, column, n| {
            cells.push(Count { n, row: rows[row], column: columns[column] });
        })?;
        Ok(mutual_information(cells.iter().copied(), rows, columns))
    }
}
