//! Means under the hypergeometric law, without factorials and in time that does not depend on its size.
//!
//! A narrow law is summed outward from the mode by the ratio of neighbouring probabilities. Of a wide one every `s`-th
//! value is enough: the law is one of a sum of independent trials, so its characteristic function is at most
//! `exp(-V (1 - cos t))` with the variance `V`, and the lattice sum of a smooth mean is off by what that is at
//! `t = 2 pi / s`. Logarithms of probabilities come from the four cells of the table behind the law, each with its
//! expectation `e` and `d = (x - e) / e` (Loader 2000; `r` is the rest of Stirling's formula):
//!
//! ```text
//! -ln p = const + sum over the cells  e ((1 + d) ln(1 + d) - d) + ln(1 + d) / 2 + r(x)
//! ```
//!
//! Both sums divide by the sum of the weights, so no constant is needed. 1e-15 relative for functions that do not cancel.

use std::f64::consts::PI;

use fearless_simd::{f64x8, prelude::*};

use crate::lanes::LANES;
use crate::logarithm::{exp, ln_1p};

/// Weights below this, relative to the mode, reach no digit.
const NEGLIGIBLE: f64 = 1e-20;

/// `V (1 - cos t)` at least: the characteristic function is below 1e-19, times the square of a deviation below 1e-17.
const DAMPING: f64 = 44.0;

/// With expectations of at least this, an empty cell is negligible: no lattice comes to the end of the law.
const FAR_FROM_EMPTY: f64 = 64.0;

const FIRST_LANES: [f64; LANES] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];

/// How many of `draws` from a population of `size` are among its `marked`.
pub(super) struct Hypergeometric {
    size: u64,
    marked: u64,
    draws: u64,
    mode: u64,
}

impl Hypergeometric {
    pub(super) fn new(size: u64, marked: u64, draws: u64) -> Self {
        let lowest = (marked + draws).saturating_sub(size);
        let mode = u128::from(marked + 1) * u128::from(draws + 1) / u128::from(size + 2);
        Self { size, marked, draws, mode: (mode as u64).clamp(lowest, marked.min(draws)) }
    }

    pub(super) fn mode(&self) -> u64 {
        self.mode
    }

    /// The means of `ln(1 + d)` and of `d - ln(1 + d)`.
    #[inline(always)]
    pub(super) fn mean_logs<S: Simd>(&self, simd: S, d: &Linear) -> (f64, f64) {
        match self.stride() {
            Some(stride) => self.means_on_lattice(simd, stride, d),
            None => self.means_from_mode(simd, d),
        }
    }

    /// The expectations of the four cells: marked and drawn, one of both, the other, neither.
    #[inline(always)]
    fn expectations(&self) -> [f64; 4] {
        let (size, marked, draws) = (self.size as f64, self.marked as f64, self.draws as f64);
        let (others, left) = ((self.size - self.marked) as f64, (self.size - self.draws) as f64);
        [marked * draws / size, marked * left / size, others * draws / size, others * left / size]
    }

    /// The step of the lattice, where there is one.
    #[inline(always)]
    fn stride(&self) -> Option<f64> {
        let expectations = self.expectations();
        if expectations.iter().any(|&e| e < FAR_FROM_EMPTY) {
            return None;
        }
        let variance = expectations[0] / (self.size - 1) as f64 * expectations[3];
        let sine = (DAMPING / 2.0 / variance).sqrt(); // 1 - cos t = 2 sin^2(t / 2)
        (sine < 1.0).then(|| (PI / sine.asin()).floor())
    }

    #[inline(always)]
    fn means_from_mode<S: Simd>(&self, simd: S, d: &Linear) -> (f64, f64) {
        let cells = self.cells_at_mode();
        let first = d.logs(f64x8::splat(simd, 0.0));
        let (mut weights, mut log, mut gap) = (1.0, first.0[0], first.1[0]);
        // Each step takes one from two of the cells and gives it to the others; an empty cell ends the law.
        for (sign, [from, to]) in [(1.0, [[1, 2], [0, 3]]), (-1.0, [[0, 3], [1, 2]])] {
            let (mut weight, mut steps) = (1.0, f64x8::load_array(simd, FIRST_LANES));
            while weight > NEGLIGIBLE {
                let over = (-steps + cells[from[0]]) * (-steps + cells[from[1]]);
                let under = (steps + (cells[to[0]] + 1.0)) * (steps + (cells[to[1]] + 1.0));
                let ratios = over / under;
                let logs = d.logs((steps + 1.0) * sign);
                for lane in 0..LANES {
                    weight *= ratios[lane];
                    weights += weight;
                    log += weight * logs.0[lane];
                    gap += weight * logs.1[lane];
                }
                steps += LANES as f64;
            }
        }
        (log / weights, gap / weights)
    }

    #[inline(always)]
    fn means_on_lattice<S: Simd>(&self, simd: S, stride: f64, d: &Linear) -> (f64, f64) {
        let cells = self.cells_at_mode();
        let (lowest, highest) = (-cells[0].min(cells[3]), cells[1].min(cells[2]));
        let zero = f64x8::splat(simd, 0.0);
        let (mut weights, mut log, mut gap) = (zero, zero, zero);
        let lanes = f64x8::load_array(simd, FIRST_LANES);
        for (mut at, step) in [(lanes * stride, stride), ((lanes + 1.0) * -stride, -stride)] {
            loop {
                // A pack may reach beyond the end of the law.
                let inside = at.simd_gt(lowest) & at.simd_lt(highest);
                let weight = inside.select(exp(self.log_weights(at)), zero);
                let logs = d.logs(at);
                weights += weight;
                log += weight * logs.0;
                gap += weight * logs.1;
                at += LANES as f64 * step;
                if weight[LANES - 1] <= NEGLIGIBLE {
                    break;
                }
            }
        }
        let [weights, log, gap] = [weights, log, gap].map(|lanes| lanes.as_array().iter().sum::<f64>());
        (log / weights, gap / weights)
    }

    /// Logarithms of probabilities but for a constant, at so much above the mode.
    #[inline(always)]
    fn log_weights<S: Simd>(&self, from_mode: f64x8<S>) -> f64x8<S> {
        let (cells, expectations) = (self.cells_at_mode(), self.expectations());
        // By how much the mode exceeds the mean: exact before it is rounded.
        let product = u128::from(self.marked) * u128::from(self.draws);
        let excess = (u128::from(self.mode) * u128::from(self.size)).wrapping_sub(product) as i128;
        let more = from_mode + excess as f64 / self.size as f64;
        let less = -more;
        let corners = minus_log_cell(from_mode + cells[0], more, expectations[0])
            + minus_log_cell(from_mode + cells[3], more, expectations[3]);
        let others = minus_log_cell(-from_mode + cells[1], less, expectations[1])
            + minus_log_cell(-from_mode + cells[2], less, expectations[2]);
        -(corners + others)
    }

    /// Marked and drawn, one of both, the other, neither.
    #[inline(always)]
    fn cells_at_mode(&self) -> [f64; 4] {
        let neither = self.size - self.marked - (self.draws - self.mode);
        [self.mode as f64, (self.marked - self.mode) as f64, (self.draws - self.mode) as f64, neither as f64]
    }
}

/// A quantity that grows with the number: `(at_mode + step * from_mode) / unit`.
pub(super) struct Linear {
    pub(super) at_mode: f64,
    pub(super) step: f64,
    pub(super) unit: f64,
}

impl Linear {
    #[inline(always)]
    fn logs<S: Simd>(&self, from_mode: f64x8<S>) -> (f64x8<S>, f64x8<S>) {
        ln_1p((from_mode * self.step + self.at_mode) / self.unit)
    }
}

/// The part of one cell `x`, which is by `more` above its expectation.
#[inline(always)]
fn minus_log_cell<S: Simd>(x: f64x8<S>, more: f64x8<S>, expectation: f64) -> f64x8<S> {
    let d = more / expectation;
    let (log, gap) = ln_1p(d);
    let inverse = f64x8::splat(x.token(), 1.0) / x;
    let square = inverse * inverse;
    let series = ((square * (-1.0 / 1680.0) + 1.0 / 1260.0) * square - 1.0 / 360.0) * square + 1.0 / 12.0;
    (d * log - gap) * expectation + log * 0.5 + inverse * series
}
