//! Tests of workflows, without the world.
#![forbid(unsafe_code)]

pub use document::Problem;
pub use mock_config::{Answer, Invocations, MockConfig, TestCase, split_test_case};

mod document;
mod mock_config;
