//! Mutual information: of a table, of two samples, of a sample and labels.

mod columns;
mod ksg;
mod plug_in;
mod rank;
mod ross;

pub use columns::{Variable, mutual_information_columns};
pub use ksg::{Column, Duplicates, ksg};
pub use rank::rank_mutual_information;
pub use ross::{SmallClasses, ross, ross_pointwise};

/// The largest radius strictly below `distance`: a closed ball of it is an open ball of `distance`, except that at
/// distance 0 it keeps the exact duplicates. This is scikit-learn's convention.
fn radius_below(distance: f64) -> f64 {
    if distance > 0.0 { distance.next_down() } else { 0.0 }
}
