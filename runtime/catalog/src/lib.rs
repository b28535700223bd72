//! What is kept beside executions: state machines with their revisions, versions and aliases,
//! activities, and tags.
//!
//! A [`Catalog`] answers questions and decides requests, as AWS Step Functions does and in its
//! words. It changes nothing by itself: a request is decided as a [`Change`], whose
//! [`Change::documents`] the caller writes to where documents are kept; once they are there, the
//! change is given to [`Catalog::apply`]. A write that failed has changed nothing. A refusal is a
//! [`Refusal`], one variant for each exception of the service.
//!
//! Changes are made one at a time: nothing is decided between a decision and its application.
//!
//! The crate does no I/O, reads no clock and draws no randomness: the time and an
//! [`stepwell_kernel::Entropy`] are arguments. It runs nothing and knows of no execution; whether a
//! machine has some is for the caller to say.
#![forbid(unsafe_code)]
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub use activities::{ActivityDescription, ActivityItem, NewActivity};
pub use aliases::{AliasDescription, AliasItem, AliasUpdate, NewAlias};
pub use arn::{Arn, Qualifier, Resource, Site, WorkflowName};
pub use catalog::{Catalog, Decided, Decision};
pub use change::Change;
pub use constraint::{Constraints, Rule, Violation};
pub use document::Corrupt;
pub use limits::Limits;
pub use machines::{
    IncludedData, MachineCreated, MachineDescription, MachineItem, MachineUpdate, MachineUpdated,
    NewMachine, Occupancy, RevisionDescription,
};
pub use page::{Page, PageRequest, Pager};
pub use record::{RevisionId, Status};
pub use refusal::{Conflict, Invalid, Quota, Refusal};
pub use resolve::Target;
pub use routing::Route;
pub use settings::{
    Encryption, EncryptionFault, EncryptionType, LogLevel, Logging, LoggingFault, NewEncryption,
    Tracing,
};
pub use tags::Tag;
pub use versions::{Published, VersionItem};

mod activities;
mod aliases;
pub mod arn;
mod catalog;
mod change;
mod constraint;
mod document;
mod limits;
mod machines;
mod name;
mod page;
mod record;
mod refusal;
mod resolve;
mod routing;
mod settings;
mod tags;
mod versions;
