//! Ross's estimator, for samples in any number of dimensions and sample by sample.
//!
//! The formula of [`ross`](super::ross()). Each label's points are searched by themselves: O(n log n) in few dimensions.

use super::nearer::{Coincident, nearer};
use super::pointwise::Pointwise;
use crate::counting::Codes;
use crate::digamma::digamma;
use crate::neighbors::{Points, kth_distances_for};
use crate::threads::Workers;
use crate::{Error, memory};

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
    let n = points.len();
    if labels.as_slice().len() != n {
        return Err(Error::Lengths { left: n, right: labels.as_slice().len() });
    }
    if ks.contains(&0) {
        return Err(Error::Neighbors { k: 0, n });
    }
    let classes = members(labels)?;
    let mut kept = memory::with_capacity(classes.iter().map(Vec::len).sum())?;
    classes.iter().for_each(|class| kept.extend_from_slice(class));
    if kept.is_empty() {
        return Err(Error::AllLabelsUnique);
    }
    let mut distances = Vec::new();
    for _ in ks {
        distances.push(memory::with_capacity(kept.len())?);
    }
    for class in &classes {
        let ks: Vec<usize> = ks.iter().map(|&k| k.min(class.len() - 1)).collect();
        let found = kth_distances_for(&points.at(class)?, &ks, workers)?;
        distances.iter_mut().zip(found).for_each(|(all, of_class)| all.extend(of_class));
    }
    let together = points.at(&kept)?;
    let estimate = |(&k, distances): (&usize, Vec<f64>)| {
        let scattered = |counts: &mut dyn Iterator<Item = u32>| {
            let mut of_samples = memory::filled(n, 0)?;
            kept.iter().zip(counts).for_each(|(&sample, count)| of_samples[sample as usize] = count);
            Ok::<_, Error>(of_samples)
        };
        let sizes = || classes.iter().flat_map(|class| std::iter::repeat_n(class.len(), class.len()));
        let within = nearer(&together, &distances, Coincident::Counted, workers)?;
        Ok(Pointwise::new(digamma(kept.len() as u64))
            .plus(scattered(&mut sizes().map(|size| k.min(size - 1) as u32))?)
            .minus(scattered(&mut sizes().map(|size| size as u32))?)
            .minus(scattered(&mut within.into_iter())?))
    };
    ks.iter().zip(distances).map(estimate).collect()
}

/// The samples of each label that occurs more than once.
fn members(labels: &Codes) -> Result<Vec<Vec<u32>>, Error> {
    let mut classes: Vec<Vec<u32>> = memory::with_capacity(labels.n_distinct())?;
    for count in labels.occurrences()? {
        classes.push(memory::with_capacity(count as usize)?);
    }
    for (sample, &label) in (0..).zip(labels.as_slice()) {
        classes[label as usize].push(sample);
    }
    classes.retain(|class| class.len() > 1);
    Ok(classes)
}
