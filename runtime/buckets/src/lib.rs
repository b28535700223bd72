//! What Distributed Maps read and write, out of buckets that need no cloud.
//!
//! A [`Store`] holds buckets. [`Directory`] is one in which a bucket is a directory and a key is a
//! path inside of it; no key and no link leads out. [`Buckets`] is the engine's port over a store:
//! it reads in pieces of bounded size on threads that may wait, keeps readers open from one piece
//! to the next, and writes results as files that appear whole or not at all.
//!
//! [`Reader`] and [`write()`] are the same without threads.
#![forbid(unsafe_code)]

pub use buckets::Buckets;
pub use directory::Directory;
pub use reader::{PIECE_BYTES, PIECE_ITEMS_MAX, Reader};
pub use stepwell_items::{Entry, Location};
pub use store::{Entries, NewObject, Store, StoreFailure};
pub use writer::write;

mod arguments;
mod buckets;
mod directory;
mod gzip;
mod kept;
mod reader;
mod store;
mod walk;
mod writer;
