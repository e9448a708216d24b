//! Mutual information of many columns with one target.

use super::ksg::{check, ksg_of_ranked, ksg_on_lines};
use super::{Column, Duplicates, SmallClasses, ross};
use crate::counting::Codes;
use crate::neighbors::{Line, Ranked};
use crate::threads::Workers;
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
    /// For the columns of samples, and in the order of the samples for those of labels.
    Continuous(&'a [f64], Sorted, Option<Box<Column<'a>>>),
    Discrete(&'a [i64], Codes),
}

/// A sample in ascending order.
enum Sorted {
    Few(Box<Ranked>),
    Many(Box<Line>),
}

/// The mutual information of each column with the target, in nats and as it comes: [`ksg`](super::ksg()) for two
/// samples, [`ross`] for a sample and labels, the plug-in estimate for labels. A continuous target is sorted once, for all columns.
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
            let sorted = if Ranked::suits(values.len(), k) {
                Sorted::Few(Box::new(Ranked::new(values)?))
            } else {
                Sorted::Many(Box::new(workers.alone(|interrupt| Line::unordered(values, interrupt))?))
            };
            let labels = columns.iter().any(|column| matches!(column, Variable::Discrete(_)));
            let ordered = labels.then(|| workers.alone(|interrupt| Column::new(values, interrupt)));
            Target::Continuous(values, sorted, ordered.transpose()?.map(Box::new))
        }
        Variable::Discrete(labels) => {
            Target::Discrete(labels, workers.alone(|interrupt| encode(labels, interrupt))?)
        }
    };
    if columns.len() < workers.threads() {
        let each = |&column| estimate(column, &target, k, small_classes, workers);
        return columns.iter().map(each).collect();
    }
    workers.map(columns.len(), |index, interrupt| {
        interrupt.check()?;
        estimate(columns[index], &target, k, small_classes, interrupt.alone())
    })
}

fn estimate(
    column: Variable<'_>,
    target: &Target<'_>,
    k: usize,
    small_classes: SmallClasses,
    workers: Workers<'_>,
) -> Result<f64, Error> {
    let ross = |x: &Column<'_>, y: &Codes, small_classes| {
        workers.alone(|interrupt| ross(x, y, k, small_classes, interrupt))
    };
    match (column, target) {
        (Variable::Continuous(x), Target::Continuous(y, Sorted::Few(ranked_y), _)) => {
            check(x, y, k)?;
            ksg_of_ranked(&Ranked::new(x)?, ranked_y, k, Duplicates::Nearer)
        }
        (Variable::Continuous(x), Target::Continuous(y, Sorted::Many(line_y), _)) => {
            check(x, y, k)?;
            let paired = workers.alone(|interrupt| Line::paired(x, y, interrupt))?;
            ksg_on_lines((x, &paired.0, &paired.1), (y, line_y), k, Duplicates::Nearer, &mut None, workers)
        }
        // scikit-learn widens samples in the columns before it computes distances.
        (Variable::Continuous(x), Target::Discrete(_, y)) => {
            let small_classes = match small_classes {
                SmallClasses::Expanded { .. } => SmallClasses::Expanded { single_precision: false },
                SmallClasses::Exact => SmallClasses::Exact,
            };
            ross(&workers.alone(|interrupt| Column::new(x, interrupt))?, y, small_classes)
        }
        (Variable::Discrete(x), Target::Continuous(y, _, ordered)) => {
            let x = workers.alone(|interrupt| encode(x, interrupt))?;
            match ordered {
                Some(column) => ross(column, &x, small_classes),
                None => ross(&workers.alone(|interrupt| Column::new(y, interrupt))?, &x, small_classes),
            }
        }
        (Variable::Discrete(x), Target::Discrete(y, _)) => Ok(workers
            .alone(|interrupt| ContingencyTable::from_labels(x, *y, interrupt))?
            .mutual_information()),
    }
}
