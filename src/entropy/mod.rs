//! Entropy of labels from their counts, of samples from their neighbours.

mod kozachenko_leonenko;
mod plug_in;

pub(crate) use kozachenko_leonenko::Volume;
pub use kozachenko_leonenko::{kozachenko_leonenko, kozachenko_leonenko_pointwise};
pub use plug_in::entropy;
