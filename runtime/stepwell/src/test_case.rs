//! Executions whose tasks are made up: `stateMachineArn#CASE`, as AWS Step Functions Local has it.

use std::sync::Arc;

use stepwell_asl::Definition;
use stepwell_catalog::arn::Misread;
use stepwell_catalog::{Invalid, Refusal};
use stepwell_engine::{MockQuestion, Mocks};
use stepwell_kernel::{Failure, error_name};
use stepwell_trial::{MockConfig, Problem, split_test_case};
use stepwell_value::{Payload, Str};

/// The test cases of a mock configuration.
#[derive(Clone, Debug)]
pub(crate) struct TestCases(pub(crate) Arc<MockConfig>);

impl TestCases {
    /// A test case of a machine, which has to be there and to fit the machine's definition.
    pub(crate) fn check(
        &self,
        machine: &Str,
        test_case: &str,
        definition: &Definition,
    ) -> Result<(), Refusal> {
        let (machine, name) = (Str::clone(machine), Str::from(test_case));
        let Some(found) = self.0.test_case(&machine, test_case) else {
            let invalid = Invalid::UnknownTestCase { machine, test_case: name };
            return Err(Refusal::Validation(invalid));
        };
        let problems = found.check(definition);
        if problems.is_empty() {
            return Ok(());
        }
        let problems = problems.iter().map(Problem::to_string).collect();
        let invalid = Invalid::UnfitTestCase { machine, test_case: name, problems };
        Err(Refusal::Validation(invalid))
    }
}

impl Mocks for TestCases {
    fn mocked(&self, question: &MockQuestion<'_>) -> Option<Result<Payload, Failure>> {
        // What a Distributed Map starts belongs to `MACHINE/LABEL`.
        let machine = &*question.identity.state_machine_name;
        let machine = machine.split_once('/').map_or(machine, |(machine, _label)| machine);
        match self.0.test_case(machine, question.test_case) {
            Some(found) => found.answer(question.state_name, question.invocation).map(Result::from),
            None => Some(Err(gone(machine, question.test_case))),
        }
    }
}

/// The configuration is another one since the execution was started.
fn gone(machine: &str, test_case: &str) -> Failure {
    let cause = format!(
        "The mock configuration no longer has the test case '{test_case}' for the state machine \
         '{machine}'"
    );
    Failure::new(error_name::RUNTIME, cause)
}

/// Splits `stateMachineArn#CASE`. Without a mock configuration that is no ARN.
pub(crate) fn split<'a>(
    cases: Option<&TestCases>,
    arn: &'a str,
) -> Result<(&'a str, Option<&'a str>), Refusal> {
    let (plain, test_case) = split_test_case(arn);
    match (cases, test_case) {
        (None, Some(_)) => Err(Refusal::InvalidArn(Misread::Prefix(arn.into()))),
        _ => Ok((plain, test_case)),
    }
}
