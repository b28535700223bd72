//! The literate suite: Markdown files whose code blocks are run and checked.
//!
//! A file describes one feature; each second-level heading with an `asl` block is a case. A case is
//! read ([`Case::read_file`]), played by a [`Driver`] in virtual time, and what happened is written
//! down in the same words in which the case expects it ([`Case::check`], [`Case::update_file`]).
//! `README.md` beside the cases describes the blocks.
#![forbid(unsafe_code)]

pub use case::Case;
pub use player::Driver;
pub use scene::Scene;

mod bounds;
mod case;
mod document;
mod owed;
mod player;
mod render;
mod scene;
mod script;
mod world;
