//! What the kernel tells, as AWS Step Functions' API prints it.
//!
//! [`event`] prints an event of a history, [`details()`] what the event tells, and [`tested()`] what
//! came of a state that was tested alone.
//! Printing is all that is done here: nothing is read from a clock, a disk or a network.
#![forbid(unsafe_code)]
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub use details::{Data, details};
pub use history::{event, event_bytes};
pub use parts::{count, date, members};
pub use tested::{refusal_name, tested};

mod details;
mod history;
mod parts;
mod tested;
