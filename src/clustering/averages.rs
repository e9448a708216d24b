//! Scores that relate the mutual information of two labelings to their entropies.

use crate::{ContingencyTable, Error, Interrupt, entropy, expected_mutual_information};

/// Which mean of two entropies is the most that labelings could share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    /// Their half sum.
    Arithmetic,
    /// The root of their product.
    Geometric,
    /// The smaller.
    Min,
    /// The larger.
    Max,
}

impl Average {
    /// The one of that name, in lower case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "arithmetic" => Some(Self::Arithmetic),
            "geometric" => Some(Self::Geometric),
            "min" => Some(Self::Min),
            "max" => Some(Self::Max),
            _ => None,
        }
    }

    fn of(self, (u, v): (f64, f64)) -> f64 {
        match self {
            Self::Arithmetic => (u + v) / 2.0,
            Self::Geometric => (u * v).sqrt(),
            Self::Min => u.min(v),
            Self::Max => u.max(v),
        }
    }
}

impl ContingencyTable {
    /// The entropies of the rows and of the columns.
    #[must_use]
    pub fn entropies(&self) -> (f64, f64) {
        (entropy(self.row_sums()), entropy(self.column_sums()))
    }

    /// The mutual information relative to a mean of the entropies, as [`normalized`] has it.
    #[must_use]
    pub fn normalized_mutual_information(&self, average: Average) -> f64 {
        normalized(self.mutual_information(), self.entropies(), average)
    }

    /// `(MI - E) / (H - E)`, with the expectation `E` over labelings of the same cluster sizes (Vinh, Epps and Bailey
    /// 2010). Where that is 0/0 the value is the one that the definition leaves.
    ///
    /// # Errors
    /// [`Error::Interrupted`].
    pub fn adjusted_mutual_information(
        &self,
        average: Average,
        interrupt: &Interrupt<'_>,
    ) -> Result<f64, Error> {
        let occupied = |sums: &[u64]| sums.iter().filter(|&&sum| sum > 0).count();
        let (n_rows, n_columns) = (occupied(self.row_sums()), occupied(self.column_sums()));
        if n_rows == n_columns && n_rows <= 1 {
            return Ok(1.0);
        }
        let apart = |n_clusters| n_clusters as u64 == self.total();
        if n_rows == 1 || n_columns == 1 || apart(n_rows) != apart(n_columns) {
            return Ok(0.0);
        }
        let expected =
            expected_mutual_information(self.row_sums(), self.column_sums(), self.total(), interrupt)?;
        let gain = self.mutual_information() - expected;
        let largest = average.of(self.entropies()) - expected;
        Ok(if gain == largest { 1.0 } else { gain / largest.max(f64::EPSILON) })
    }

    /// The mutual information relative to the entropy of the rows, and to that of the columns, as
    /// [`homogeneity_and_completeness`] has it.
    ///
    /// ```
    /// use mutua::{ContingencyTable, Interrupt};
    ///
    /// let table = ContingencyTable::from_labels(&[0, 0, 1, 1], &[0, 0, 1, 2], &Interrupt::never())?;
    /// let (homogeneity, completeness) = table.homogeneity_and_completeness();
    /// assert_eq!(homogeneity, 1.0);
    /// assert!((completeness - 2.0 / 3.0).abs() < 1e-15);
    /// # Ok::<(), mutua::Error>(())
    /// ```
    #[must_use]
    pub fn homogeneity_and_completeness(&self) -> (f64, f64) {
        homogeneity_and_completeness(self.mutual_information(), self.entropies())
    }
}

/// Mutual information relative to a mean of the entropies (Strehl and Ghosh 2002): 1 where neither side tells samples
/// apart.
#[must_use]
pub fn normalized(information: f64, entropies: (f64, f64), average: Average) -> f64 {
    match information {
        _ if entropies == (0.0, 0.0) => 1.0,
        0.0 => 0.0,
        _ => information / average.of(entropies),
    }
}

/// Mutual information relative to the entropy of the rows, and to that of the columns: 1 where that is 0 (Rosenberg and
/// Hirschberg 2007).
#[must_use]
pub fn homogeneity_and_completeness(information: f64, entropies: (f64, f64)) -> (f64, f64) {
    let share = |entropy| if entropy == 0.0 { 1.0 } else { information / entropy };
    (share(entropies.0), share(entropies.1))
}
