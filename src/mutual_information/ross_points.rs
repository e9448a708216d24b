//! Ross's estimator, for samples in any number of dimensions and sample by sample.
//!
//! The formula of [`ross`](super::ross()). Each label's points are searched by themselves: O(n log n) in few dimensions.

use super::common_ball::{MUTUAL_INFORMATION, Rule, common_ball};
use super::pointwise::Pointwise;
use crate::Error;
use crate::counting::Codes;
use crate::neighbors::Points;
use crate::threads::Workers;

/// The mutual information of samples and labels for each of `ks`, as it comes. Samples whose label occurs once are left
/// out.
///
/// # Errors
/// [`Error::AllLabelsUnique`], [`Error::Lengths`], [`Error::Neighbors`] for `k = 0`, [`Error::Radius`] where a distance is
/// not finite, [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Interrupt, Points, Workers, encode, ross_points};
///
/// let planar: Vec<f64> = (0..1000).map(f64::from).collect();
/// let halves: Vec<i64> = (0..500).map(|i| i / 250).collect();
/// let (planar, halves) = (Points::from_rows(&planar, 2)?, encode(&halves, &Interrupt::never())?);
/// let estimate = ross_points(&planar, &halves, &[3], Workers::new(1))?[0].mean()?;
/// assert!((estimate - 2f64.ln()).abs() < 0.02); // a point tells the half, and half a bit is ln 2
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn ross_points(
    points: &Points,
    labels: &Codes,
    ks: &[usize],
    workers: Workers<'_>,
) -> Result<Vec<Pointwise>, Error> {
    common_ball(&[points.into(), labels.into()], &MUTUAL_INFORMATION, Rule::Ross, ks, workers)
}
