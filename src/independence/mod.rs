//! Tests of independence: what an estimate is where there is nothing to share.
//!
//! A surrogate keeps what each variable is by itself and breaks what they share: an order of the samples
//! ([`draw_orders`]), in which whatever estimates information is asked again ([`rearranged_common_ball`] for neighbours), or for
//! labels a table with the same margins ([`permuted_labels`]). Each has a stream of random numbers of its own.

mod neighborhoods;
mod permuted_labels;
mod random;
mod rearranged;
mod rearrangement;
mod tables;

pub use neighborhoods::Neighborhoods;
pub use permuted_labels::permuted_labels;
pub use random::Random;
pub use rearranged::{rearranged_common_ball, rearranged_ranks};
pub use rearrangement::{Rearrangement, draw_orders};
pub use tables::random_table;
