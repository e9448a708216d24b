//! Mutual information of many columns with one target.

use super::{Column, SmallClasses, ksg, ross};
use crate::counting::Codes;
use crate::threads::{Interrupt, Workers};
use crate::{ContingencyTable, Error, encode, memory};

/// A variable: a sample, or labels.
#[derive(Debug, Clone, Copy)]
pub enum Variable<'a> {
    /// Real values.
    Continuous(&'a [f64]),
    /// Labels.
    Discrete(&'a [i64]),
}

impl Variable<'_> {
    /// How many samples.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Continuous(values) => values.len(),
            Self::Discrete(labels) => labels.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What the target's part of the work leaves for every column to use.
enum Target<'a> {
    Continuous(Column<'a>),
    Discrete(&'a [i64], Codes),
}

/// The mutual information of each column with the target, in nats and as it comes: [`ksg`] for two samples, [`ross`] for
/// a sample and labels, the plug-in estimate for labels. A continuous target is sorted once, for all columns.
///
/// # Errors
/// Those of the estimators; [`Error::Lengths`] where a column is not as long as the target.
pub fn mutual_information_columns(
    columns: &[Variable<'_>],
    target: Variable<'_>,
    k: usize,
    small_classes: SmallClasses,
    workers: Workers<'_>,
) -> Result<Vec<f64>, Error> {
    if let Some(column) = columns.iter().find(|column| column.len() != target.len()) {
        return Err(Error::Lengths { left: column.len(), right: target.len() });
    }
    memory::check_size(target.len())?;
    let target = match target {
        Variable::Continuous(values) => {
            Target::Continuous(workers.alone(|interrupt| Column::new(values, interrupt))?)
        }
        Variable::Discrete(labels) => {
            Target::Discrete(labels, workers.alone(|interrupt| encode(labels, interrupt))?)
        }
    };
    workers
        .map(columns.len(), |index, interrupt| estimate(columns[index], &target, k, small_classes, interrupt))
}

fn estimate(
    column: Variable<'_>,
    target: &Target<'_>,
    k: usize,
    small_classes: SmallClasses,
    interrupt: &Interrupt<'_>,
) -> Result<f64, Error> {
    match (column, target) {
        (Variable::Continuous(x), Target::Continuous(y)) => ksg(&Column::new(x, interrupt)?, y, k, interrupt),
        // scikit-learn widens samples in the columns before it computes distances.
        (Variable::Continuous(x), Target::Discrete(_, y)) => {
            let small_classes = match small_classes {
                SmallClasses::Expanded { .. } => SmallClasses::Expanded { single_precision: false },
                SmallClasses::Exact => SmallClasses::Exact,
            };
            ross(&Column::new(x, interrupt)?, y, k, small_classes, interrupt)
        }
        (Variable::Discrete(x), Target::Continuous(y)) => {
            ross(y, &encode(x, interrupt)?, k, small_classes, interrupt)
        }
        (Variable::Discrete(x), Target::Discrete(y, _)) => {
            Ok(ContingencyTable::from_labels(x, y, interrupt)?.mutual_information())
        }
    }
}
