//! What a Distributed Map of the Amazon States Language reads its items from, and what it writes
//! its results to.
//!
//! [`Items`] reads JSON, JSON Lines and delimited text, one item at a time, from whatever can be
//! read; [`Inventory`] and [`AthenaManifest`] name the files to read next, and [`Listed`] makes
//! items of a bucket's listing. [`Batcher`] groups items into the inputs of child executions.
//! [`Export`] writes what became of the children into files split by status.
//!
//! Memory stays flat however large a file is: an item has a bound that the caller gives, and
//! nothing but the item at hand is kept. The crate opens no file, reads no clock and does not know
//! where its bytes come from or go to.
#![forbid(unsafe_code)]
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub use batch::{Batch, BatchFailure, Batcher, Batches, PAYLOAD_BYTES_MAX};
pub use config::{
    CsvConfig, Delimiter, Format, Headers, ITEM_BYTES_MAX, JsonConfig, MAX_ITEMS_MAX, MaxItems,
    ObjectItems, ReaderConfig,
};
pub use failure::ReadFailure;
pub use items::Items;
pub use json::{POINTER_CHARS_MAX, Pointer};
pub use listing::{Entry, Listed};
pub use manifest::{AthenaManifest, Inventory, Location};
pub use results::{
    Child, ChildResult, Ending, Export, FILE_BYTES_MAX, OutputType, Place, Target, Transformation,
    WriterConfig,
};

mod batch;
mod config;
mod csv;
mod failure;
mod items;
mod json;
mod jsonl;
mod listing;
mod manifest;
mod results;
mod source;
