//! Grassberger (1988): `1/N sum over samples of  ln N - psi(n_i) - (-1)^n_i / (n_i + 1)`.

use crate::{Error, digamma};

pub(super) fn contribution(count: u64, n: u64) -> Result<f64, Error> {
    let last = 1.0 / (count as f64 + 1.0);
    Ok((n as f64).ln() - digamma(count) - if count.is_multiple_of(2) { last } else { -last })
}
