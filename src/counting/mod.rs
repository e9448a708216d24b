//! Labels to counts: dense codes, then a table of how often each pair occurs, or what it weighs.

mod cells;
mod codes;
mod contingency;
mod dense;
mod histogram;
mod joint;
mod labels;
mod merging;
mod numbering;
mod place;
mod sorted;
mod tables;
mod weight;
mod weighted;

pub use cells::Cell;
pub use codes::{Codes, encode};
pub use contingency::{ContingencyTable, Sides};
pub use histogram::Histogram;
pub use joint::JointTable;
#[cfg(feature = "python")]
pub(crate) use joint::joint_codes;
pub use labels::{Label, Labels};
pub use merging::Part;
#[cfg(feature = "python")]
pub(crate) use numbering::Rows;
pub use numbering::number_rows;
pub use weight::Weight;
pub use weighted::WeightedTable;
