//! What an Express machine may not use.

use stepwell_value::Value;

use crate::{Completion, MachineType, Resource};

use super::Draft;
use super::fields::Fields;

pub(super) fn check_resource(draft: &mut Draft, fields: &Fields<'_>, resource: &Resource) {
    let refused = match (resource, resource.completion()) {
        (Resource::Activity(_), _) => "Activity ARN",
        (_, Completion::Sync | Completion::Sync2) => "'.sync' service integration",
        // The blank at the end is the service's.
        (_, Completion::TaskToken) => "'.waitForTaskToken' service integration ",
        (_, Completion::Response) => return,
    };
    refuse(draft, fields.at("Resource"), refused);
}

/// Looks at the mode alone: whether it is one that a Map can have is not asked here.
pub(super) fn check_map(draft: &mut Draft, fields: &Fields<'_>) {
    for name in ["ItemProcessor", "Iterator"] {
        let mode = fields
            .object
            .get(name)
            .and_then(|processor| processor.get("ProcessorConfig")?.get("Mode"))
            .and_then(Value::as_str);
        if mode == Some("DISTRIBUTED") {
            let location = format!("{}/ProcessorConfig/Mode", fields.at(name));
            refuse(draft, location, "Map state in DISTRIBUTED mode");
        }
    }
}

fn refuse(draft: &mut Draft, location: impl Into<String>, what: &str) {
    if draft.machine_type == MachineType::Express {
        draft.schema(location, format!("Express state machine does not support {what}"));
    }
}
