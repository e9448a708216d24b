//! Contrastive bounds of information, from scores of pairs: what is summed over all of them, and its gradient.

mod gradient;
mod log_sums;
mod score;
mod sums;
mod tile;

pub use gradient::score_gradient;
pub use log_sums::LogSums;
pub use score::Score;
