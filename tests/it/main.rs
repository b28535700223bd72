//! Tests that span crates, in one program so that they are linked once.

// The attribute is always true here. It tells clippy that a test may unwrap outside `#[test]` too.
#[cfg(test)]
mod host;
