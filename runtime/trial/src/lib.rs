//! Tests of workflows, without the world and without waiting.
//!
//! A test file stands beside its workflow: `orders.test.json` beside `orders.asl.json`. It has
//! cases, each with an input, with mocks for what the Tasks call, and with what is expected.
//! [`discover`] finds the files below a folder, [`Found::run`] plays their cases on the kernel in
//! virtual time, and [`Report`] says what came of them: as text, as `JUnit` XML, and with the states,
//! choices, retriers and catchers that no case has reached.
//!
//! [`MockConfig`] reads the `MockConfigFile` of AWS Step Functions Local. A case may refer to one,
//! and whoever runs executions may ask it what their tasks answer.
//!
//! Nothing here calls a task by itself: what is not mocked is handed to [`RealTasks`].
#![forbid(unsafe_code)]

pub use coverage::{Coverage, Feature, Kinds, Part, Share};
pub use document::Problem;
pub use mock_config::{Answer, Invocations, MockConfig, TestCase, split_test_case};
pub use real_tasks::{NoTasks, RealTask, RealTasks};
pub use report::{CaseReport, Report, SuiteReport};
pub use suite::{Found, Suite, discover};
pub use verdict::Miss;

mod compare;
mod coverage;
mod document;
mod folder;
mod mock_config;
mod props;
mod real_tasks;
mod rehearsal;
mod report;
mod suite;
mod test_file;
mod verdict;
