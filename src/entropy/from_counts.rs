//! Sums of joint entropies, as every quantity is one, by any count estimator.
//!
//! The variables are counted together once; the counts of some of them are sums over these cells. Estimators see them as a
//! histogram, in ascending order, so that no sum depends on the order of samples or on the names of labels.

use super::{CountEstimator, Term, plug_in};
use crate::{Codes, Error, Histogram, Interrupt, JointTable, memory};

/// `sum of coefficient * H(variables in the mask)` in nats, bit `i` of a mask for variable `i`.
///
/// `n_categories` says for each variable how many labels there are, also such as do not occur; `None` that all do.
///
/// # Errors
/// [`Error::Term`], [`Error::Categories`], [`Error::Combinations`], [`Error::Samples`], [`Error::AllLabelsUnique`],
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{CountEstimator, Interrupt, JointTable, sum_of_entropies};
///
/// let table = JointTable::from_counts(&[2, 1])?;
/// let miller_madow = CountEstimator::named("miller_madow", f64::NAN).expect("in the register");
/// let entropy = sum_of_entropies(&table, &[(1, 0b1)], &miller_madow, None, &Interrupt::never())?;
/// assert!((entropy - (3f64.ln() - 2.0 / 3.0 * 2f64.ln() + 1.0 / 6.0)).abs() < 1e-15);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn sum_of_entropies(
    table: &JointTable,
    terms: &[(i64, u64)],
    estimator: &CountEstimator,
    n_categories: Option<&[f64]>,
    interrupt: &Interrupt<'_>,
) -> Result<f64, Error> {
    check(table, terms)?;
    let categories = categories(table, n_categories)?;
    let joint = Histogram::new(table.counts())?;
    let mut counted = memory::with_capacity(terms.len())?;
    for &(coefficient, mask) in terms {
        let counts = Histogram::new(&table.marginal(mask, interrupt)?)?;
        let term = Term { counts, joint: &joint, table, mask, categories: &categories, interrupt };
        counted.push((coefficient, term));
    }
    match estimator {
        CountEstimator::PlugIn => Ok(plug_in::sum(&counted)),
        CountEstimator::Corrected(correction) => Ok(plug_in::sum(&counted) + sum(&counted, correction)?),
        CountEstimator::Mean(of_count) => sum(&counted, &|term| {
            let (mut sum, n) = (0.0, term.counts.total());
            for &(count, labels) in term.counts.bins() {
                sum += (labels * count) as f64 * of_count(count, n)?;
            }
            Ok(sum / n as f64)
        }),
        CountEstimator::Entropy(entropy) => sum(&counted, entropy),
    }
}

fn sum(terms: &[(i64, Term<'_>)], of_term: &dyn Fn(&Term<'_>) -> Result<f64, Error>) -> Result<f64, Error> {
    let mut sum = 0.0;
    for (coefficient, term) in terms {
        sum += *coefficient as f64 * of_term(term)?;
    }
    Ok(sum)
}

/// What each sample contributes to such a sum, whose mean it is, given the cell of each.
///
/// # Errors
/// [`Error::NotPointwise`] where the estimator is no such mean, [`Error::Term`], [`Error::Samples`],
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn contributions(
    table: &JointTable,
    cells: &Codes,
    terms: &[(i64, u64)],
    estimator: &CountEstimator,
    interrupt: &Interrupt<'_>,
) -> Result<Vec<f64>, Error> {
    check(table, terms)?;
    let of_count: &dyn Fn(u64, u64) -> Result<f64, Error> = match estimator {
        CountEstimator::PlugIn => &plug_in::contribution,
        CountEstimator::Mean(of_count) => of_count,
        _ => return Err(Error::NotPointwise),
    };
    let n = table.counts().iter().sum();
    let mut of_cells = memory::filled(table.counts().len(), 0.0)?;
    for &(coefficient, mask) in terms {
        let codes = table.codes(mask, interrupt)?;
        let sums = table.sums(&codes)?;
        // Computed once for each count, and not for each label.
        let histogram = Histogram::new(&sums)?;
        let bins = histogram.bins();
        let mut of_bins = memory::with_capacity(bins.len())?;
        for bin in bins {
            of_bins.push(coefficient as f64 * of_count(bin.0, n)?);
        }
        for (sum, &code) in of_cells.iter_mut().zip(codes.as_slice()) {
            let count = sums[code as usize];
            *sum += of_bins[bins.partition_point(|bin| bin.0 < count)];
        }
    }
    memory::collect(cells.as_slice().iter().map(|&cell| of_cells[cell as usize]))
}

fn check(table: &JointTable, terms: &[(i64, u64)]) -> Result<(), Error> {
    let n = table.variables().len();
    let known = |mask: u64| mask > 0 && u64::BITS - mask.leading_zeros() <= n as u32;
    match terms.iter().position(|&(_, mask)| !known(mask)) {
        Some(index) => Err(Error::Term { index }),
        None => Ok(()),
    }
}

/// How many labels each variable may have: as many as occur, where nobody says.
fn categories(table: &JointTable, n_categories: Option<&[f64]>) -> Result<Vec<f64>, Error> {
    let found = table.variables().iter().map(Codes::n_distinct);
    let Some(said) = n_categories else { return memory::collect(found.map(|n| n as f64)) };
    if said.len() != found.len() {
        return Err(Error::Lengths { left: found.len(), right: said.len() });
    }
    match found.zip(said).enumerate().find(|(_, (n, said))| said.is_nan() || **said < *n as f64) {
        Some((variable, (n_labels, _))) => Err(Error::Categories { variable, n_labels }),
        None => memory::collect(said.iter().copied()),
    }
}
