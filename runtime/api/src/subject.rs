//! What a request is about, for the policy of whoever sends it.

use stepwell_catalog::{Arn, Qualifier, Resource};

use crate::api::Api;
use crate::operation::{Operation, Subject};
use crate::request::Request;

/// For what has no resource of its own.
const ANY: &str = "*";

/// The ARN that a policy has to allow the operation on.
pub(crate) fn of(api: &Api, operation: Operation, request: &Request) -> String {
    let named = |kind: &str, member: &str| {
        let name = request.peek(member).unwrap_or_default();
        format!("{}:{kind}:{name}", api.arn_prefix())
    };
    let arn = |member: &str| request.peek(member).map(str::to_owned);
    match operation.subject() {
        Subject::Any => None,
        // No machine is called like a test case of it.
        Subject::Arn(member) => {
            arn(member).map(|arn| api.library().without_test_case(&arn).to_owned())
        }
        Subject::Machine(member) => Some(named("stateMachine", member)),
        Subject::Activity(member) => Some(named("activity", member)),
        Subject::Either(first, second) => arn(first).or_else(|| arn(second)),
        Subject::Routes => request.first_route().map(machine_of),
    }
    .unwrap_or_else(|| ANY.to_owned())
}

/// The machine that a version belongs to.
fn machine_of(version_arn: &str) -> String {
    match Arn::parse(version_arn) {
        Ok(Arn { site, resource: Resource::Machine { name, .. } }) => {
            Resource::Machine { name, qualifier: Qualifier::None }.at(&site).to_string()
        }
        _ => version_arn.to_owned(),
    }
}
