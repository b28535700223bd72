//! Requests of the API: whatever comes is answered, with what was asked for or with a refusal that
//! is the caller's to mend.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use stepwell::{Failure, Payload, Stepwell, TaskRequest, Tasks};
use stepwell_api::{Api, Operation, Reply};
use stepwell_value::Value;
use tokio::runtime::Runtime;

use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::damage;
use crate::documents::document;
use crate::target::{Target, join_parts, parts};

pub(crate) const TARGET: Target = Target {
    name: "request",
    about: "a request of the API is answered or refused, and never with a mistake of ours",
    generate,
    check,
    bytes_max: |input| (64 << 20) + 4000 * input,
    test_iterations: 150,
};

const PREFIX: &str = "arn:aws:states:us-east-1:000000000000";
const DEFINITION: &str =
    r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"echo","End":true}}}"#;

/// What requests are made of: members as the interface has them, and some that it does not.
const MEMBERS: &[&str] = &[
    r#""stateMachineArn":"ARN:stateMachine:standard""#,
    r#""stateMachineArn":"ARN:stateMachine:express""#,
    r#""stateMachineArn":"ARN:stateMachine:standard:1""#,
    r#""stateMachineArn":"ARN:stateMachine:standard:PROD""#,
    r#""stateMachineArn":"ARN:stateMachine:standard/label""#,
    r#""stateMachineVersionArn":"ARN:stateMachine:standard:1""#,
    r#""stateMachineAliasArn":"ARN:stateMachine:standard:PROD""#,
    r#""executionArn":"ARN:execution:standard:one""#,
    r#""executionArn":"ARN:express:express:one:two""#,
    r#""mapRunArn":"ARN:mapRun:standard/label:1""#,
    r#""activityArn":"ARN:activity:work""#,
    r#""resourceArn":"ARN:activity:work""#,
    r#""name":"one""#,
    r#""name":"PROD""#,
    r#""name":"a b""#,
    r#""roleArn":"arn:aws:iam::000000000000:role/r""#,
    r#""definition":"DEFINITION""#,
    r#""definition":"{\"Type\":\"Pass\",\"End\":true}""#,
    r#""definition":"{}""#,
    r#""type":"EXPRESS""#,
    r#""input":"{\"a\":1}""#,
    r#""input":"nothing""#,
    r#""output":"[1]""#,
    r#""taskToken":"x""#,
    r#""maxResults":2"#,
    r#""maxResults":-1"#,
    r#""maxResults":1e300"#,
    r#""nextToken":"00""#,
    r#""reverseOrder":true"#,
    r#""includeExecutionData":false"#,
    r#""includedData":"METADATA_ONLY""#,
    r#""statusFilter":"RUNNING""#,
    r#""redriveFilter":"REDRIVEN""#,
    r#""clientToken":"t""#,
    r#""error":"E""#,
    r#""cause":null"#,
    r#""publish":true"#,
    r#""versionDescription":"d""#,
    r#""tags":[{"key":"k","value":"v"}]"#,
    r#""tags":[{"key":"aws:k"},1]"#,
    r#""tagKeys":["k"]"#,
    r#""routingConfiguration":[{"stateMachineVersionArn":"ARN:stateMachine:standard:1","weight":100}]"#,
    r#""routingConfiguration":[]"#,
    r#""loggingConfiguration":{"level":"ALL","destinations":[{"cloudWatchLogsLogGroup":{}}]}"#,
    r#""tracingConfiguration":{"enabled":true}"#,
    r#""encryptionConfiguration":{"type":"CUSTOMER_MANAGED_KMS_KEY","kmsKeyId":"k"}"#,
    r#""maxConcurrency":3"#,
    r#""toleratedFailurePercentage":1.5"#,
    r#""toleratedFailureCount":99999999999"#,
    r#""inspectionLevel":"TRACE""#,
    r#""mock":{"result":"1","errorOutput":{"error":"E"}}"#,
    r#""mock":{"result":"[1]","fieldValidationMode":"NONE"}"#,
    r#""stateConfiguration":{"retrierRetryCount":3}"#,
    r#""variables":"{\"x\":1}""#,
    r#""context":"{\"Task\":{}}""#,
    r#""stateName":"A""#,
    r#""severity":"WARNING""#,
    r#""traceHeader":"Root=1-2-3""#,
    r#""workerName":"w""#,
];

fn generate(chance: &mut Chance, _corpus: &Corpus) -> String {
    let operation = chance.item(Operation::ALL).name();
    let mut members: Vec<String> = Vec::new();
    for _ in 0..chance.between(1..=6) {
        members.push((*chance.item(MEMBERS)).to_owned());
    }
    if chance.one_in(4) {
        let text = Value::from(document(chance, 3).to_string());
        members.push(format!("\"input\":{text}"));
    }
    let quoted = Value::from(DEFINITION).to_string();
    let quoted = quoted.trim_matches('"');
    let body = format!("{{{}}}", members.join(","));
    let body = body.replace("DEFINITION", quoted).replace("ARN:", &format!("{PREFIX}:"));
    let pieces = ["null", "\"", "{", "[", "1e999", "\\ud800"];
    let body = match chance.below(3) {
        0 => damage::damaged(&body, &pieces, MEMBERS[0], chance),
        _ => body,
    };
    join_parts(&[operation, &body])
}

struct Echo;

impl Tasks for Echo {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        Box::pin(std::future::ready(Ok(request.call.call.input.clone())))
    }
}

fn check(input: &str) -> Result<(), String> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().expect("a runtime can be made")
    });
    let [operation, body] = parts(input);
    runtime.block_on(async {
        let api = furnished().await?;
        answered(&api.call(operation, body.to_owned().into()).await)
    })
}

/// An API with a machine of each type, a version, an alias, an activity and an execution.
async fn furnished() -> Result<Api, String> {
    let stepwell = Stepwell::builder().tasks(Arc::new(Echo)).build();
    let api = Api::new(stepwell.map_err(|error| error.to_string())?);
    // Nobody waits for work: there is none.
    api.close();
    let quoted = Value::from(DEFINITION).to_string();
    let machine = |name: &str, kind: &str| {
        format!(
            r#"{{"name":"{name}","type":"{kind}","definition":{quoted},"publish":true,
                "roleArn":"arn:aws:iam::000000000000:role/r"}}"#
        )
    };
    let standard = format!("{PREFIX}:stateMachine:standard");
    let alias = format!(
        r#"{{"name":"PROD",
            "routingConfiguration":[{{"stateMachineVersionArn":"{standard}:1","weight":100}}]}}"#
    );
    let start = format!(r#"{{"stateMachineArn":"{standard}","name":"one"}}"#);
    let calls = [
        ("CreateStateMachine", machine("standard", "STANDARD")),
        ("CreateStateMachine", machine("express", "EXPRESS")),
        ("CreateStateMachineAlias", alias),
        ("CreateActivity", r#"{"name":"work"}"#.to_owned()),
        ("StartExecution", start),
    ];
    for (operation, body) in calls {
        let Reply { status, body } = api.call(operation, body.into()).await;
        if status != 200 {
            return Err(format!("{operation} is refused: {body}"));
        }
    }
    Ok(api)
}

fn answered(Reply { status, body }: &Reply) -> Result<(), String> {
    let answer = Value::parse(body).map_err(|error| format!("the answer is no JSON: {error}"))?;
    if answer.as_object().is_none() {
        return Err(format!("the answer is no object: {body}"));
    }
    match status {
        200 => Ok(()),
        400 | 402 | 409 => {
            let is_named = ["__type", "message"].iter().all(|name| answer.get(name).is_some());
            is_named.then_some(()).ok_or_else(|| format!("the refusal has no name: {body}"))
        }
        other => Err(format!("answered with {other}: {body}")),
    }
}
