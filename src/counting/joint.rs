//! Several variables counted together, once: whatever is asked of some of them is read from the cells.
//!
//! Few labels are counted in a table of all combinations, in one pass. Of many, the codes of two variables become the
//! codes of both ([`Codes::joined`]), and so on. The same joins, of cells instead of samples, lead to the marginals.

use super::codes::{Codes, encode};
use super::contingency::ContingencyTable;
use super::dense;
use super::labels::{Labels, Span};
use crate::threads::Interrupt;
use crate::{Error, memory};

/// Masks have a bit for each variable.
const MOST_VARIABLES: usize = u64::BITS as usize;

/// So many groups between two questions whether to go on.
const SLAB: usize = 1 << 10;

/// The combinations of labels that occur, and how often.
#[derive(Debug, Clone)]
pub struct JointTable {
    /// For each variable the code that each combination has.
    variables: Vec<Codes>,
    counts: Vec<u64>,
}

impl JointTable {
    /// Counts up to 64 variables of the same length, with at least one sample.
    ///
    /// # Errors
    /// [`Error::Lengths`], [`Error::Samples`], [`Error::Variables`], [`Error::TooLarge`], [`Error::OutOfMemory`],
    /// [`Error::Interrupted`].
    ///
    /// ```
    /// use mutua::{Interrupt, JointTable};
    ///
    /// let (x, y, z) = ([0, 0, 1, 1], [5, 5, 5, 7], [1, 1, 2, 2]);
    /// let table = JointTable::from_labels(&[(&x).into(), (&y).into(), (&z).into()], &Interrupt::never())?;
    /// assert_eq!(table.counts(), [2, 1, 1]);
    /// assert_eq!(table.marginal(0b010, &Interrupt::never())?, [3, 1]); // of y
    /// # Ok::<(), mutua::Error>(())
    /// ```
    pub fn from_labels(variables: &[Labels<'_>], interrupt: &Interrupt<'_>) -> Result<Self, Error> {
        check(variables, MOST_VARIABLES)?;
        if let &[x, y] = variables {
            return Self::from_pairs(&ContingencyTable::from_labels(x, y, interrupt)?);
        }
        match Self::dense(variables, interrupt)? {
            Some(table) => Ok(table),
            None => Ok(Self::with_cells(variables, interrupt)?.0),
        }
    }

    /// The same, with the combination that each sample has.
    ///
    /// # Errors
    /// Those of [`JointTable::from_labels`].
    pub fn with_cells(variables: &[Labels<'_>], interrupt: &Interrupt<'_>) -> Result<(Self, Codes), Error> {
        check(variables, MOST_VARIABLES)?;
        let (cells, codes) = joint_codes(variables, interrupt)?;
        let counts = memory::collect(cells.occurrences()?.into_iter().map(u64::from))?;
        let mut of_cells = memory::with_capacity(codes.len())?;
        for codes in &codes {
            of_cells.push(codes.by(&cells)?);
        }
        Ok((Self { variables: of_cells, counts }, cells))
    }

    /// One variable, whose labels have these counts, all above 0.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn from_counts(counts: &[u64]) -> Result<Self, Error> {
        let n = memory::check_size(counts.len())?;
        let codes = Codes::of_parts(memory::collect(0..n)?, n as usize);
        Ok(Self { variables: vec![codes], counts: memory::collect(counts.iter().copied())? })
    }

    fn from_pairs(table: &ContingencyTable) -> Result<Self, Error> {
        let cells = table.cells();
        let rows = memory::collect(cells.iter().map(|cell| cell.row))?;
        let columns = memory::collect(cells.iter().map(|cell| cell.column))?;
        let rows = Codes::of_parts(rows, table.row_sums().len());
        let columns = Codes::of_parts(columns, table.column_sums().len());
        let counts = memory::collect(cells.iter().map(|cell| cell.count))?;
        Ok(Self { variables: vec![rows, columns], counts })
    }

    /// Counts in a table of all combinations; `None` if they are too many.
    fn dense(variables: &[Labels<'_>], interrupt: &Interrupt<'_>) -> Result<Option<Self>, Error> {
        let n = variables.first().map_or(0, Labels::len);
        // Most labels occur among the first ones; whether they all do is found out by counting.
        for some in [Labels::beginning, Clone::clone] {
            let spans = variables.iter().map(|labels| Some((*labels, some(labels).span()?)));
            let Some(spanned) = spans.collect::<Option<Vec<_>>>() else { continue };
            if dense::size(spanned.iter().map(|(_, span)| span), n).is_none() {
                return Ok(None);
            }
            if let Some(counts) = dense::count(&spanned, interrupt)? {
                return Self::from_dense(&counts, spanned.iter().map(|(_, span)| *span), interrupt).map(Some);
            }
        }
        Ok(None)
    }

    fn from_dense(
        counts: &[u32],
        spans: impl DoubleEndedIterator<Item = Span> + ExactSizeIterator,
        interrupt: &Interrupt<'_>,
    ) -> Result<Self, Error> {
        let occupied = || (0u32..).zip(counts).filter(|&(_, &count)| count > 0);
        let n_cells = occupied().count();
        let mut of_cells = memory::with_capacity(n_cells)?;
        of_cells.extend(occupied().map(|(_, &count)| u64::from(count)));
        let mut places = memory::with_capacity(n_cells)?;
        places.extend(occupied().map(|(place, _)| place));
        let mut variables = memory::with_capacity(spans.len())?;
        // The last variable runs fastest.
        for span in spans.rev() {
            let width = span.width as u32;
            variables.push(encode(&memory::collect(places.iter().map(|place| place % width))?, interrupt)?);
            places.iter_mut().for_each(|place| *place /= width);
        }
        variables.reverse();
        Ok(Self { variables, counts: of_cells })
    }

    /// How often each combination occurs.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// For each variable the codes of the combinations.
    #[must_use]
    pub fn variables(&self) -> &[Codes] {
        &self.variables
    }

    /// How often each combination of some variables occurs, those whose bit is set in the mask.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn marginal(&self, mask: u64, interrupt: &Interrupt<'_>) -> Result<Vec<u64>, Error> {
        if self.chosen(mask).count() == self.variables.len() {
            return memory::collect(self.counts.iter().copied());
        }
        self.sums(&self.codes(mask, interrupt)?)
    }

    /// How often each code occurs, given the codes of the combinations.
    pub(crate) fn sums(&self, codes: &Codes) -> Result<Vec<u64>, Error> {
        let mut sums = memory::filled(codes.n_distinct(), 0)?;
        for (&code, count) in codes.as_slice().iter().zip(&self.counts) {
            sums[code as usize] += count;
        }
        Ok(sums)
    }

    /// Codes of the combinations that are equal where those of some variables are: in the order of the last of these
    /// first.
    pub(crate) fn codes(&self, mask: u64, interrupt: &Interrupt<'_>) -> Result<Codes, Error> {
        let mut joint = Codes::of_parts(memory::filled(self.counts.len(), 0)?, 1);
        for variable in self.chosen(mask) {
            joint = joint.joined(&self.variables[variable], interrupt)?;
        }
        Ok(joint)
    }

    /// Calls `each` with a variable and how often each of its labels occurs, for every combination of labels of the later
    /// variables in the mask: what a chain rule sums over, from the last variable to the first.
    pub(crate) fn for_each_link(
        &self,
        mask: u64,
        interrupt: &Interrupt<'_>,
        mut each: impl FnMut(usize, &[u64]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut later = Codes::of_parts(memory::filled(self.counts.len(), 0)?, 1);
        for variable in self.chosen(mask) {
            let joint = later.joined(&self.variables[variable], interrupt)?;
            let (sums, group_of) = (self.sums(&joint)?, later.by(&joint)?);
            let mut rest = sums.as_slice();
            for (index, group) in group_of.as_slice().chunk_by(|a, b| a == b).enumerate() {
                if index % SLAB == 0 {
                    interrupt.check()?;
                }
                let (counts, others) = rest.split_at(group.len());
                each(variable, counts)?;
                rest = others;
            }
            later = joint;
        }
        Ok(())
    }

    /// The variables in the mask, the last first.
    fn chosen(&self, mask: u64) -> impl Iterator<Item = usize> + use<> {
        (0..self.variables.len()).rev().filter(move |variable| mask >> variable & 1 == 1)
    }
}

/// The codes of all variables together, in the order of the first of them first, and those of each.
pub(crate) fn joint_codes(
    variables: &[Labels<'_>],
    interrupt: &Interrupt<'_>,
) -> Result<(Codes, Vec<Codes>), Error> {
    check(variables, usize::MAX)?;
    let mut codes = memory::with_capacity(variables.len())?;
    for &labels in variables {
        codes.push(encode(labels, interrupt)?);
    }
    let n = variables.first().map_or(0, Labels::len);
    let mut joint = Codes::of_parts(memory::filled(n, 0)?, 1);
    for codes in &codes {
        joint = joint.joined(codes, interrupt)?;
    }
    Ok((joint, codes))
}

fn check(variables: &[Labels<'_>], most: usize) -> Result<(), Error> {
    if !(1..=most).contains(&variables.len()) {
        return Err(Error::Variables { n: variables.len() });
    }
    let n = variables[0].len();
    if let Some(other) = variables.iter().find(|labels| labels.len() != n) {
        return Err(Error::Lengths { left: n, right: other.len() });
    }
    memory::check_size(n)?;
    if n == 0 { Err(Error::Samples { needed: 1, n }) } else { Ok(()) }
}
