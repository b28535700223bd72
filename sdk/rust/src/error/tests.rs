//! Errors that come through `?` keep all that they know.

use super::*;

#[derive(Debug)]
struct Unreachable(std::num::ParseIntError);

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bureau cannot be reached")
    }
}

impl Error for Unreachable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

fn unreachable() -> Unreachable {
    Unreachable("x".parse::<u8>().unwrap_err())
}

#[test]
fn a_standard_error_becomes_a_failed_task_with_its_sources() {
    let fails = || -> Result<(), TaskError> { Err(unreachable())? };
    assert_eq!(
        fails().unwrap_err(),
        TaskError::new(
            "Task.Failed",
            "the bureau cannot be reached: invalid digit found in string"
        )
    );
}

#[test]
fn a_named_failure_keeps_the_sources_of_its_cause() {
    let failure = TaskError::caused_by("Bureau.Unavailable", &unreachable());
    assert_eq!(
        failure.to_string(),
        "Bureau.Unavailable: the bureau cannot be reached: invalid digit found in string"
    );
}
