//! The literate suite: Markdown files in which every example is a test.
//!
//! [`case`] reads a file into cases, [`script`] is the language in which a case says what its tasks
//! do, [`drive`] runs a case in virtual time under a [`drive::Driver`], and [`render`] writes what
//! happened the way the files show it. `README.md` describes the format.

pub mod case;
pub mod drive;
pub mod render;
pub mod script;
