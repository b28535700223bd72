//! What an Express machine may not use.

use super::{all_findings, state};
use crate::{Definition, MachineType};

fn task(resource: &str) -> String {
    state(&format!(r#""Type":"Task","End":true,"Resource":"{resource}""#))
}

#[test]
fn an_express_machine_calls_nothing_that_takes_its_time() {
    // All but the second text are the service's.
    let table = [
        ("arn:aws:states:::states:startExecution.sync", Some("'.sync' service integration")),
        ("arn:aws:states:::states:startExecution.sync:2", Some("'.sync' service integration")),
        (
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            Some("'.waitForTaskToken' service integration "),
        ),
        ("arn:aws:states:us-east-1:123456789012:activity:a", Some("Activity ARN")),
        ("arn:aws:states:::states:startExecution", None),
        ("charge", None),
    ];
    for (resource, refused) in table {
        let text = task(resource);
        let finding = refused.map(|refused| {
            format!(
                "SCHEMA_VALIDATION_FAILED: Express state machine does not support {refused} at \
                 /States/A/Resource"
            )
        });
        assert_eq!(all_findings(&text, MachineType::Express), finding.as_slice(), "{resource}");
        assert!(all_findings(&text, MachineType::Standard).is_empty(), "{resource}");
        assert_eq!(Definition::parse_as(&text, MachineType::Express).is_ok(), refused.is_none());
    }
}

#[test]
fn an_express_machine_has_no_distributed_map() {
    for name in ["ItemProcessor", "Iterator"] {
        let text = |mode: &str| {
            state(&format!(
                r#""Type":"Map","End":true,"{name}":{{"ProcessorConfig":{{"Mode":"{mode}",
                "ExecutionType":"EXPRESS"}},"StartAt":"B","States":{{"B":{{"Type":"Succeed"}}}}}}"#
            ))
        };
        let finding = format!(
            "SCHEMA_VALIDATION_FAILED: Express state machine does not support Map state in \
             DISTRIBUTED mode at /States/A/{name}/ProcessorConfig/Mode"
        );
        assert!(all_findings(&text("DISTRIBUTED"), MachineType::Express).contains(&finding));
        assert!(!all_findings(&text("DISTRIBUTED"), MachineType::Standard).contains(&finding));
        assert!(!all_findings(&text("INLINE"), MachineType::Express).contains(&finding));
    }
}
