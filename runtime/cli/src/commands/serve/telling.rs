//! Where logs and spans go.

use std::sync::Arc;

use stepwell::telemetry::{LogSink, Metrics, Outlets, QUEUE_BYTES, Span, SpanSink, otlp};

use crate::complaint::Complaint;
use crate::config::{Config, keys};
use crate::printer::Printer;

pub(super) fn outlets(
    printer: Printer,
    config: &Config,
    metrics: &Arc<Metrics>,
) -> Result<Outlets, Complaint> {
    Ok(Outlets {
        logs: logs(config)?,
        spans: spans(printer, config)?,
        metrics: Some(Arc::clone(metrics)),
    })
}

fn logs(config: &Config) -> Result<Option<Arc<LogSink>>, Complaint> {
    let Some(file) = config.text(&keys::LOG) else { return Ok(None) };
    let sink = match file {
        "-" => LogSink::to_standard_output(QUEUE_BYTES),
        file => LogSink::to_file(file, QUEUE_BYTES),
    };
    let sink = sink.map_err(|error| {
        Complaint::new(format_args!("cannot write logs to {file}: {error}"))
            .hint("--log-file or STEPWELL_LOG_FILE names another file, or - for standard output")
    })?;
    Ok(Some(Arc::new(sink)))
}

fn spans(printer: Printer, config: &Config) -> Result<Option<SpanSink>, Complaint> {
    let Some(endpoint) = config.text(&keys::TRACE) else { return Ok(None) };
    if !endpoint.starts_with("http://") && !endpoint.starts_with("https://") {
        return Err(Complaint::new(format_args!("the collector {endpoint:?} is not a URL"))
            .hint("it begins with http:// or https://, as in http://127.0.0.1:4318"));
    }
    let exporter = otlp::Exporter::start(otlp::Settings {
        endpoint: endpoint.to_owned(),
        headers: Vec::new(),
        service: "stepwell".to_owned(),
        queue_spans: otlp::QUEUE_SPANS,
        complain: Box::new(move |loss| printer.warning(loss)),
    });
    let exporter = exporter.map_err(|error| Complaint::of(&error))?;
    Ok(Some(Arc::new(move |spans: Vec<Span>| exporter.send(spans))))
}
