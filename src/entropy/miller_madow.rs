//! Miller and Madow (1955): the plug-in and the first term of its bias, `(K - 1) / 2N` for K labels that occur.

use super::Term;
use crate::Error;

pub(super) fn correction(term: &Term<'_>) -> Result<f64, Error> {
    Ok((term.counts.n_labels() as f64 - 1.0) / (2.0 * term.counts.total() as f64))
}
