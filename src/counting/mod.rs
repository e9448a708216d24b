//! Labels to counts: dense codes, then a table of how often each pair occurs.

mod codes;
mod contingency;

pub use codes::{Codes, encode};
pub use contingency::{Cell, ContingencyTable};
