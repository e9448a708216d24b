//! Fixed points of the bottleneck's iteration, from a given encoder, along a path of beta.

use super::acceleration::Acceleration;
use super::iteration::{Clusters, Iteration, padded};
use super::pruning::Pruning;
use super::table::Table;
use crate::threads::{Interrupt, Workers};
use crate::{Error, memory};

/// Steps between two looks at dead clusters.
const PRUNING: usize = 32;

/// What of p(t) is mixed into an encoder that keeps some x out of some clusters: there it could never change.
const THAW: f64 = 1e-3;

/// How the iteration goes.
#[derive(Debug, Clone, Copy)]
pub struct Annealing {
    /// Whether each x belongs to one cluster alone.
    pub is_hard: bool,
    /// Where to stop: when a step changes `p(y, t)` by no more, in total variation.
    pub tolerance: f64,
    /// Where to stop in any case; one step is always taken.
    pub max_iterations: usize,
    /// Whether longer steps are tried.
    pub is_accelerated: bool,
}

/// Where the iteration stopped.
#[derive(Debug, Clone)]
pub struct Encoder {
    /// `p(t|x)`, row by row.
    pub probabilities: Vec<f64>,
    /// How many clusters are left.
    pub n_clusters: usize,
    /// Steps taken, those in vain included.
    pub n_iterations: usize,
    /// By how much the last step changed `p(y, t)`, in total variation.
    pub residual: f64,
}

/// Encoders for each `beta` in turn, each from the one before, the first from `start`: `p(t|x)` row by row, with
/// `n_clusters` columns. The bits do not depend on the number of threads.
///
/// `joint` is `p(x, y)` row by row. No step raises `I(X;T) - beta I(T;Y)`, which has local minima. A step takes
/// O(|X| |Y| |T|), or the cells that are not empty times |T|; memory is three copies of the table and |T| (|X| + 3 |Y|).
///
/// # Errors
/// [`Error::Shape`] for no columns or rows that do not fit, [`Error::Lengths`] where `start` does not fit,
/// [`Error::Weight`] for what is negative or not finite, or a row without weight, [`Error::Beta`] for a `beta` that is not
/// above 0 and finite, [`Error::OutOfMemory`], [`Error::Interrupted`].
///
/// ```
/// use mutua::{Annealing, Workers, information_bottleneck};
///
/// let how = Annealing { is_hard: false, tolerance: 1e-12, max_iterations: 1000, is_accelerated: true };
/// // Two rows that say the same about Y, and one that does not.
/// let joint = [0.2, 0.05, 0.2, 0.05, 0.1, 0.4];
/// let identity = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
/// let encoders = information_bottleneck(&joint, 2, &identity, 3, &[20.0, 1.5], how, Workers::new(1))?;
/// assert_eq!(encoders.iter().map(|encoder| encoder.n_clusters).collect::<Vec<_>>(), [2, 1]);
/// # Ok::<(), mutua::Error>(())
/// ```
pub fn information_bottleneck(
    joint: &[f64],
    n_columns: usize,
    start: &[f64],
    n_clusters: usize,
    betas: &[f64],
    how: Annealing,
    workers: Workers<'_>,
) -> Result<Vec<Encoder>, Error> {
    let table = Table::new(joint, n_columns)?;
    if n_clusters == 0 || start.len() != table.weights.len().saturating_mul(n_clusters) {
        return Err(Error::Lengths {
            left: start.len(),
            right: table.weights.len().saturating_mul(n_clusters),
        });
    }
    if let Some(index) = start.iter().position(|p| !(*p >= 0.0 && *p <= 1.0)) {
        return Err(Error::Weight { index });
    }
    if let Some(index) = betas.iter().position(|beta| !(*beta > 0.0 && beta.is_finite())) {
        return Err(Error::Beta { index });
    }
    let width = padded(n_clusters);
    let mut encoder = memory::filled(table.weights.len() * width, 0.0)?;
    for (row, start) in encoder.chunks_exact_mut(width).zip(start.chunks_exact(n_clusters)) {
        row[..n_clusters].copy_from_slice(start);
    }
    workers.alone(|interrupt| {
        let mut number = n_clusters;
        let mut encoders = memory::with_capacity(betas.len())?;
        for &beta in betas {
            let iteration = Iteration { table: &table, beta, is_hard: how.is_hard, workers };
            let mut descent = Descent::new(iteration, encoder, number, interrupt)?;
            let (n_iterations, residual) = descent.run(how)?;
            (encoder, number) = (descent.encoder, descent.clusters.number);
            let rows = encoder.chunks_exact(padded(number));
            let mut probabilities = memory::with_capacity(rows.len() * number)?;
            rows.for_each(|row| probabilities.extend_from_slice(&row[..number]));
            encoders.push(Encoder { probabilities, n_clusters: number, n_iterations, residual });
        }
        Ok(encoders)
    })
}

/// One beta: three states in a row, and the encoder made of the last but one.
struct Descent<'a> {
    iteration: Iteration<'a>,
    interrupt: &'a Interrupt<'a>,
    encoder: Vec<f64>,
    clusters: Clusters,
    /// The states before, and room for one more.
    before: [Clusters; 3],
}

impl<'a> Descent<'a> {
    fn new(
        iteration: Iteration<'a>,
        encoder: Vec<f64>,
        number: usize,
        interrupt: &'a Interrupt<'a>,
    ) -> Result<Self, Error> {
        let mut descent = Self {
            iteration,
            interrupt,
            encoder,
            clusters: Clusters::new(0, 0)?,
            before: [Clusters::new(0, 0)?, Clusters::new(0, 0)?, Clusters::new(0, 0)?],
        };
        descent.restart(number)?;
        if !iteration.is_hard && descent.clusters.has_gaps() {
            let clusters = &descent.clusters;
            for row in descent.encoder.chunks_exact_mut(clusters.width) {
                row.iter_mut().zip(&clusters.weights).for_each(|(p, weight)| *p += THAW * (weight - *p));
            }
            descent.restart(number)?;
        }
        Ok(descent)
    }

    /// Begins again from the encoder.
    fn restart(&mut self, number: usize) -> Result<(), Error> {
        let room = || Clusters::new(number, self.iteration.table.transposed.n_rows());
        (self.clusters, self.before) = (room()?, [room()?, room()?, room()?]);
        self.iteration.decode(&self.encoder, &mut self.clusters, self.interrupt)
    }

    /// One step: the encoder of the clusters, and the clusters of the encoder. Returns what has fallen, and the residual.
    fn step(&mut self) -> Result<(f64, f64), Error> {
        self.interrupt.check()?;
        let bound = self.iteration.encode(&self.clusters, &mut self.encoder, self.interrupt)?;
        self.before.rotate_right(1);
        std::mem::swap(&mut self.clusters, &mut self.before[0]);
        self.iteration.decode(&self.encoder, &mut self.clusters, self.interrupt)?;
        Ok((bound, self.clusters.distance(&self.before[0])))
    }

    /// Removes clusters that are dead or, `at_rest`, not needed; whether there were any.
    fn prune(&mut self, at_rest: bool) -> Result<bool, Error> {
        let weights = &self.iteration.table.weights;
        let pruning = Pruning::of(&self.clusters, &self.encoder, weights, self.iteration.beta, at_rest)?;
        let Some(pruning) = pruning else { return Ok(false) };
        let (encoder, number) = pruning.apply(&self.encoder, self.clusters.width)?;
        self.encoder = encoder;
        self.restart(number)?;
        Ok(true)
    }

    /// Steps until nothing moves; their number, and the last residual.
    fn run(&mut self, how: Annealing) -> Result<(usize, f64), Error> {
        let mut acceleration = Acceleration::new();
        let accelerated = how.is_accelerated && !how.is_hard;
        let (mut n, mut in_a_row) = (0usize, 0);
        // What the functional was before a long step, while one is tried.
        let mut at_risk = None::<f64>;
        loop {
            let (bound, residual) = self.step()?;
            n += 1;
            if at_risk.take().is_some_and(|limit| bound.is_nan() || bound > limit) {
                // Back to the third of the states before the long step.
                acceleration.refuse();
                std::mem::swap(&mut self.clusters, &mut self.before[1]);
                in_a_row = 0;
                continue;
            }
            in_a_row += 1;
            let at_rest = residual <= how.tolerance;
            if (at_rest || n.is_multiple_of(PRUNING)) && self.prune(at_rest)? {
                in_a_row = 0;
                continue;
            }
            if at_rest {
                return Ok((n, residual));
            }
            if n >= how.max_iterations {
                return Ok((n, residual));
            }
            if accelerated && in_a_row >= 2 {
                let [second, first, room] = &mut self.before;
                if acceleration.extrapolate([first, second], &self.clusters, room)? {
                    at_risk = Some(bound + 4.0 * f64::EPSILON * bound.abs());
                    // The state that is left lies behind the one that is tried.
                    std::mem::swap(&mut self.clusters, &mut self.before[2]);
                    self.before.rotate_right(1);
                    in_a_row = 0;
                }
            }
        }
    }
}
