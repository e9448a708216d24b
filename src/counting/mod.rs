//! Labels to counts: dense codes, then a table of how often each pair occurs.

mod codes;
mod contingency;
mod dense;
mod labels;
mod numbering;
mod sorted;

pub use codes::{Codes, encode};
pub use contingency::{Cell, ContingencyTable};
pub use labels::{Label, Labels};
#[cfg(feature = "python")]
pub(crate) use numbering::Rows;
pub use numbering::number_rows;
