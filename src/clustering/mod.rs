//! What clustering scores need beyond the table itself.

mod averages;
mod expected_mutual_information;
mod hypergeometric;
mod pair_counts;

pub use averages::{Average, homogeneity_and_completeness, normalized};
pub use expected_mutual_information::expected_mutual_information;
pub(crate) use expected_mutual_information::mean_log_ratio;
pub use pair_counts::PairCounts;
