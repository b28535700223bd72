//! How executions, machines and activities are called.

use stepwell_kernel::Identity;

pub(crate) const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:ask";

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:";
const EXECUTION: &str = "arn:aws:states:us-east-1:123456789012:execution:";

/// The name of an execution: its workload, in which run of the runtime it was started, and which of
/// that run it was.
pub(crate) fn name(workload: &str, run: u32, nth: u32) -> String {
    format!("{workload}.{run}.{nth}")
}

pub(crate) fn machine_arn(workload: &str) -> String {
    format!("{MACHINE}{workload}")
}

pub(crate) fn workload_of_machine(arn: &str) -> Option<&str> {
    arn.strip_prefix(MACHINE)
}

/// The execution's name begins with its workload, or with `child`.
pub(crate) fn execution_arn(name: &str) -> String {
    format!("{EXECUTION}{}:{name}", workload(name))
}

pub(crate) fn workload(name: &str) -> &str {
    name.split_once('.').map_or(name, |(workload, _)| workload)
}

/// The number that an execution begins with, by its name: every execution's is another.
pub(crate) fn value(name: &str) -> Option<i64> {
    let mut parts = name.rsplit('.');
    let nth: i64 = parts.next()?.parse().ok()?;
    let run: i64 = parts.next()?.parse().ok()?;
    Some(run * 1_000_000 + nth)
}

pub(crate) fn identity(name: &str) -> Identity {
    let workload = workload(name);
    Identity {
        execution_arn: execution_arn(name).into(),
        execution_name: name.into(),
        state_machine_arn: machine_arn(workload).into(),
        state_machine_name: workload.into(),
        role_arn: "arn:aws:iam::123456789012:role/soak".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}
