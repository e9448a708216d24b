//! Entropy of labels from their counts.

mod plug_in;

pub use plug_in::entropy;
