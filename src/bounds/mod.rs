//! Contrastive bounds of information, from scores of pairs: what is summed over all of them, and its gradient.

mod gradient;
mod left_out;
mod log_sums;
mod mean;
mod score;
mod soft_plus;
mod sums;
mod tile;
mod walk;

pub use gradient::score_gradient;
pub use left_out::{ColumnTotals, LeftOutSlopes, left_out_gradient, left_out_sums};
pub use log_sums::LogSums;
pub use mean::score_sums;
pub use score::Score;
pub use soft_plus::{logistic_gradient, soft_plus_sums};
pub use walk::ScoreBlock;
