//! Compressing X into few clusters T while keeping what it tells about Y: the information bottleneck.
//!
//! ```text
//! I(X;T) - beta I(T;Y)   soft clusters   (Tishby, Pereira and Bialek 1999)
//! H(T)   - beta I(T;Y)   hard clusters   (Strouse and Schwab 2017)
//! ```
//!
//! [`information_bottleneck`] iterates to a fixed point of either, [`sequential_bottleneck`] moves one x at a time,
//! [`agglomerative_bottleneck`] merges, and [`binary_quantizer`] finds the best hard clusters where Y has two values.

mod acceleration;
mod agglomerative;
mod anneal;
mod iteration;
mod matrix;
mod mixing;
mod pruning;
mod quantizer;
mod sequential;
mod table;

pub use agglomerative::{Merge, agglomerative_bottleneck};
pub use anneal::{Annealing, Encoder, information_bottleneck};
pub use mixing::Objective;
pub use quantizer::binary_quantizer;
pub use sequential::sequential_bottleneck;
