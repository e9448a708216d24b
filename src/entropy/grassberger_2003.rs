//! Grassberger (2003): `1/N sum over samples of  ln N - G(n_i)`.
//!
//! ```text
//! G(n) = psi(n) + (-1)^n / 2 (psi((n + 1) / 2) - psi(n / 2)) = psi(floor(n / 2) + 1/2) + ln 2
//! ```

use std::f64::consts::LN_2;

use crate::{Error, gamma};

pub(super) fn contribution(count: u64, n: u64) -> Result<f64, Error> {
    Ok((n as f64).ln() - gamma::digamma((count / 2) as f64 + 0.5) - LN_2)
}
