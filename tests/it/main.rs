//! Tests that span crates, in one program so that they are linked once.

mod host;
