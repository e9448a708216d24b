//! Zhang (2012): `1/N sum over samples of  psi(N) - psi(n_i)`.

use crate::{Error, digamma};

pub(super) fn contribution(count: u64, n: u64) -> Result<f64, Error> {
    Ok(digamma(n) - digamma(count))
}
