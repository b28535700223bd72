//! What executions of deployed machines tell the outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use stepwell::catalog::{LogLevel, Logging, NewMachine, Tracing};
use stepwell::telemetry::{LogSink, Metrics, Outlets, QUEUE_BYTES, Span};
use stepwell::{Failure, MachineType, Payload, Stepwell, TaskRequest, Tasks, Value};

struct Echo;

impl Tasks for Echo {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        Box::pin(std::future::ready(Ok(request.call.call.input.clone())))
    }
}

const GROUP: &str = "arn:aws:logs:us-east-1:000000000000:log-group:steps:*";

fn machine(name: &str, machine_type: MachineType, level: LogLevel) -> NewMachine {
    let definition =
        r#"{"StartAt":"Echo","States":{"Echo":{"Type":"Task","Resource":"echo","End":true}}}"#;
    NewMachine {
        name: name.into(),
        definition: definition.into(),
        role_arn: "arn:aws:iam::000000000000:role/teller".into(),
        machine_type,
        logging: Some(Logging {
            level,
            include_execution_data: true,
            destinations: (level != LogLevel::Off).then(|| vec![GROUP.into()]),
        }),
        tracing: Some(Tracing::Enabled).filter(|_| level != LogLevel::Off),
        encryption: None,
        tags: Vec::new(),
        publish: false,
        version_description: None,
    }
}

async fn run_once(stepwell: &Stepwell, machine: &NewMachine) {
    let created = stepwell.library().change(|catalog, now, _| catalog.create_machine(machine, now));
    let arn = created.await.unwrap().machine_arn;
    let input = Payload::parse("7").unwrap();
    let mut execution = stepwell.start_deployed(&arn, Some("one"), input).await.unwrap();
    execution.outcome().await.unwrap();
}

fn types(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let record = |line: &str| {
        let record = Value::parse(line).unwrap();
        record.get("type").and_then(Value::as_str).unwrap().to_owned()
    };
    text.lines().map(record).collect()
}

#[tokio::test]
async fn a_machine_logs_and_traces_as_it_is_configured() {
    for machine_type in [MachineType::Standard, MachineType::Express] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log");
        let spans = Arc::new(Mutex::new(Vec::<Span>::new()));
        let seen = Arc::clone(&spans);
        let metrics = Arc::new(Metrics::new(10));
        let outlets = Outlets {
            logs: Some(Arc::new(LogSink::to_file(&file, QUEUE_BYTES).unwrap())),
            spans: Some(Arc::new(move |more| seen.lock().unwrap().extend(more))),
            metrics: Some(Arc::clone(&metrics)),
        };
        let stepwell = Stepwell::builder().tasks(Arc::new(Echo)).telemetry(outlets);
        let stepwell = stepwell.build().unwrap();
        run_once(&stepwell, &machine("loud", machine_type, LogLevel::All)).await;
        run_once(&stepwell, &machine("quiet", machine_type, LogLevel::Off)).await;
        stepwell.close(std::time::Duration::ZERO).await;
        drop(stepwell);
        let expected = [
            "ExecutionStarted",
            "TaskStateEntered",
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded",
        ];
        // The thread that writes ends with the last who could have it write.
        while types(&file).len() < expected.len() {
            tokio::task::yield_now().await;
        }
        assert_eq!(types(&file), expected);
        let names: Vec<String> =
            spans.lock().unwrap().iter().map(|span| span.name.to_string()).collect();
        assert!(names.iter().any(|name| name.contains("Echo")), "{names:?}");
        let shown = metrics.render();
        for name in ["loud", "quiet"] {
            let counted =
                format!(r#"stepwell_executions_succeeded_total{{state_machine="{name}"}} 1"#);
            assert!(shown.contains(&counted), "{shown}");
        }
    }
}
