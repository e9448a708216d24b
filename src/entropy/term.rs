//! A joint entropy that is asked for, and all that is known for it.

use crate::{Error, Histogram, Interrupt, JointTable};

/// Products of categories stay below 2^1000.
pub(super) const MOST_COMBINATIONS: f64 = 1e300;

/// Some of the variables that were counted together.
pub struct Term<'a> {
    /// How many of their joint labels occur how often.
    pub counts: Histogram,
    /// The same of all variables.
    pub joint: &'a Histogram,
    pub(super) table: &'a JointTable,
    pub(super) mask: u64,
    /// For each variable, how many labels it may have.
    pub(super) categories: &'a [f64],
    pub(super) interrupt: &'a Interrupt<'a>,
}

impl Term<'_> {
    /// How many joint labels these variables may have.
    ///
    /// # Errors
    /// [`Error::Combinations`].
    pub fn n_categories(&self) -> Result<f64, Error> {
        product(self.categories.iter().enumerate().filter(|(i, _)| self.mask >> i & 1 == 1).map(|of| of.1))
    }

    /// How many joint labels all variables may have.
    ///
    /// # Errors
    /// [`Error::Combinations`].
    pub fn joint_categories(&self) -> Result<f64, Error> {
        product(self.categories.iter())
    }

    /// Calls `each` with a variable's number of categories and how often each of its labels occurs, for every combination
    /// of labels of the later variables.
    ///
    /// # Errors
    /// Those of `each`, [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn for_each_link(&self, mut each: impl FnMut(f64, &[u64]) -> Result<(), Error>) -> Result<(), Error> {
        self.table.for_each_link(self.mask, self.interrupt, |variable, counts| {
            each(self.categories[variable], counts)
        })
    }
}

fn product<'a>(categories: impl Iterator<Item = &'a f64>) -> Result<f64, Error> {
    let product = categories.product();
    if product < MOST_COMBINATIONS { Ok(product) } else { Err(Error::Combinations) }
}
