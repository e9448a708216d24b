//! Mutual information: of a table, of samples, of samples and labels, given others; and other sums of joint entropies.

mod arranged;
mod classes;
mod columns;
mod common_ball;
mod conditional;
mod conditional_apart;
mod groups;
mod kraskov;
mod ksg;
mod mixture;
mod nearer;
mod non_uniformity;
mod of_weights;
mod plug_in;
mod pointwise;
mod principal_box;
mod rank;
mod ross;
mod ross_points;
mod scalar_pair;
mod sorted_pair;
mod ties;

pub use columns::{Variable, mutual_information_columns};
pub(crate) use common_ball::{CONDITIONAL, MUTUAL_INFORMATION};
pub use common_ball::{Marginal, Rule, common_ball};
pub use conditional::conditional;
pub use conditional_apart::conditional_apart;
pub use kraskov::{Kraskov, kraskov};
pub use ksg::{Column, Duplicates, ksg};
pub(crate) use ksg::{check, ksg_of_ranked, ksg_on_lines};
pub use mixture::mixture;
pub use non_uniformity::local_non_uniformity;
pub(crate) use plug_in::{Count, from_exact_sum, from_halves, mutual_information};
pub use pointwise::Pointwise;
pub(crate) use rank::from_rank_neighbors;
pub use rank::rank_mutual_information;
pub use ross::{SmallClasses, ross};
pub use ross_points::ross_points;
pub use scalar_pair::{PairEstimator, scalar_pair};
pub use ties::{Ties, by_ties, ties};

/// The largest radius strictly below `distance`: a closed ball of it is an open ball of `distance`, except that at
/// distance 0 it keeps the exact duplicates. This is scikit-learn's convention.
fn radius_below(distance: f64) -> f64 {
    if distance > 0.0 { distance.next_down() } else { 0.0 }
}
