//! Longer steps where the iteration is slow: squared extrapolation (Varadhan and Roland 2008), on `ln p(y, t)`.
//!
//! ```text
//! r = F(z) - z,   v = F(F(z)) - F(z) - r,   z' = z + 2 s r + s^2 v,   s = |r| / |v|
//! ```
//!
//! Near the beta at which a cluster splits, steps shrink as slowly as one likes (Agmon 2021). A long step is kept only if the
//! functional did not rise by it; otherwise the iteration goes on from where it was.

use fearless_simd::{f64x8, prelude::*};

use super::iteration::Clusters;
use crate::Error;
use crate::lanes::{LANES, in_lanes};
use crate::logarithm::{exp, ln};

/// How much longer steps may become at once.
const FACTOR: f64 = 4.0;

/// What has been found out about long steps.
pub(super) struct Acceleration {
    /// The longest that may be tried.
    longest: f64,
}

impl Acceleration {
    pub(super) fn new() -> Self {
        Self { longest: FACTOR }
    }

    /// The last long step was too long.
    pub(super) fn refuse(&mut self) {
        self.longest = (self.longest / FACTOR).max(1.0);
    }

    /// Replaces the third of three states in a row by one further on; whether that is worth a try.
    pub(super) fn extrapolate(
        &mut self,
        [first, second]: [&Clusters; 2],
        third: &Clusters,
        out: &mut Clusters,
    ) -> Result<bool, Error> {
        let (speed, bend) = in_lanes!(simd => {
            let [mut speed, mut bend] = [f64x8::splat(simd, 0.0); 2];
            for start in (0..third.joint.len()).step_by(LANES) {
                let (p, [a, b, c]) = load(simd, [first, second, third], start);
                let (r, v) = (b - a, c - b - (b - a));
                let known = p.simd_gt(0.0) & (r * 0.0).simd_eq(0.0) & (v * 0.0).simd_eq(0.0);
                let weight = known.select(p, f64x8::splat(simd, 0.0));
                let zero = f64x8::splat(simd, 0.0);
                speed += weight * known.select(r * r, zero);
                bend += weight * known.select(v * v, zero);
            }
            (speed.as_array().iter().sum::<f64>(), bend.as_array().iter().sum::<f64>())
        });
        let step = (speed / bend).sqrt().min(self.longest);
        if step.is_nan() || step <= 1.0 {
            return Ok(false);
        }
        if step == self.longest {
            self.longest *= FACTOR;
        }
        in_lanes!(simd => {
            for start in (0..third.joint.len()).step_by(LANES) {
                let (p, [a, b, c]) = load(simd, [first, second, third], start);
                let (r, v) = (b - a, c - b - (b - a));
                let far = a + r * (2.0 * step) + v * (step * step);
                let usable = p.simd_gt(0.0) & far.simd_lt(0.0) & far.simd_gt(-700.0);
                let law = usable.select(exp(usable.select(far, f64x8::splat(simd, 0.0))), p);
                usable.select(far, c).store_slice(&mut out.logs[start..start + LANES]);
                law.store_slice(&mut out.joint[start..start + LANES]);
            }
        });
        scale(out);
        Ok(true)
    }
}

/// Eight `p(y, t)` of the last of three, and the logarithms of all.
#[inline(always)]
fn load<S: Simd>(simd: S, three: [&Clusters; 3], start: usize) -> (f64x8<S>, [f64x8<S>; 3]) {
    let range = start..start + LANES;
    let [a, b, c] =
        [&three[0].logs[range.clone()], &three[1].logs[range.clone()], &three[2].logs[range.clone()]];
    let logs = [f64x8::from_slice(simd, a), f64x8::from_slice(simd, b), f64x8::from_slice(simd, c)];
    (f64x8::from_slice(simd, &three[2].joint[range]), logs)
}

/// Makes a law add up to 1 again.
fn scale(clusters: &mut Clusters) {
    let sum: f64 = clusters.joint.iter().sum();
    let log = in_lanes!(simd => ln(f64x8::splat(simd, sum))[0]);
    let number = clusters.number;
    for (joint, logs) in
        clusters.joint.chunks_mut(clusters.width).zip(clusters.logs.chunks_mut(clusters.width))
    {
        joint.iter_mut().for_each(|p| *p /= sum);
        logs[..number].iter_mut().for_each(|value| *value -= log);
    }
    clusters.sum_up();
}
