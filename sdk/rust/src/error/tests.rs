//! Errors that come through `?` keep all that they know.

use super::*;

/// An error with an error behind it.
#[derive(Debug)]
struct Layer(&'static str, Option<Box<Self>>);

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Layer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|layer| layer as &dyn Error)
    }
}

fn unreachable() -> Layer {
    let refused = Layer("connection refused", None);
    let request = Layer("the request was not sent", Some(Box::new(refused)));
    Layer("the bureau cannot be reached", Some(Box::new(request)))
}

#[test]
fn a_standard_error_becomes_a_failed_task_with_its_sources() {
    let fails = || -> Result<(), TaskError> { Err(unreachable())? };
    assert_eq!(
        fails().unwrap_err(),
        TaskError::new(
            "Task.Failed",
            "the bureau cannot be reached: the request was not sent: connection refused"
        )
    );
}

#[test]
fn a_named_failure_keeps_the_sources_of_its_cause() {
    let failure = TaskError::caused_by("Bureau.Unavailable", &unreachable());
    assert_eq!(
        failure.to_string(),
        "Bureau.Unavailable: the bureau cannot be reached: the request was not sent: connection refused"
    );
}
