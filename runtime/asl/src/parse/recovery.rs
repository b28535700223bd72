//! `Retry` and `Catch`.

use stepwell_value::Value;

use crate::{Catcher, Code, ErrorPattern, Jitter, QueryLanguage, Recovery, ResultPath, Retrier};

use super::fields::Fields;
use super::machine::Names;
use super::template::{Stage, template};
use super::{Draft, assign, error_name, flow};

/// The service's bound for `MaxAttempts` and `IntervalSeconds`.
const COUNT_MAX: u64 = 99_999_999;
/// The service's bound for `MaxDelaySeconds`.
const DELAY_SECONDS_MAX: u64 = 31_622_400;

pub(super) fn read(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Recovery {
    let retriers = entries(draft, fields, "Retry");
    let catchers = entries(draft, fields, "Catch");
    let (last_retrier, last_catcher) = (retriers.len(), catchers.len());
    let retry = (1..).zip(retriers).filter_map(|(nth, mut entry)| {
        let retrier = retrier(draft, &mut entry, nth == last_retrier);
        entry.finish(draft);
        retrier
    });
    let retry = retry.collect();
    let catch = (1..).zip(catchers).filter_map(|(nth, mut entry)| {
        let catcher = catcher(draft, names, &mut entry, nth == last_catcher);
        entry.finish_in_language(draft);
        catcher
    });
    Recovery { retry, catch: catch.collect() }
}

/// Unlike other arrays, these may be empty.
fn entries<'a>(draft: &mut Draft, fields: &mut Fields<'a>, name: &'static str) -> Vec<Fields<'a>> {
    match fields.object.get(name) {
        Some(Value::Array(items)) if items.is_empty() => {
            fields.ignore(name);
            Vec::new()
        }
        _ => fields.objects(draft, name),
    }
}

fn retrier(draft: &mut Draft, entry: &mut Fields<'_>, is_last: bool) -> Option<Retrier> {
    entry.ignore("Comment");
    let errors = error_patterns(draft, entry, is_last);
    let interval_seconds = entry.whole_number(draft, "IntervalSeconds", 1..=COUNT_MAX);
    let attempts_max = entry.whole_number(draft, "MaxAttempts", 0..=COUNT_MAX);
    let delay_seconds_max = entry.whole_number(draft, "MaxDelaySeconds", 1..=DELAY_SECONDS_MAX);
    let interval_seconds = interval_seconds.unwrap_or(Retrier::INTERVAL_SECONDS);
    if delay_seconds_max.is_some_and(|most| most <= interval_seconds) {
        let message = "MaxDelaySeconds must be greater than IntervalSeconds";
        draft.schema(entry.at("MaxDelaySeconds"), message);
    }
    Some(Retrier {
        backoff_rate: backoff_rate(draft, entry),
        jitter: jitter(draft, entry),
        errors: errors?,
        interval_seconds,
        attempts_max: attempts_max.unwrap_or(Retrier::ATTEMPTS_MAX),
        delay_seconds_max,
    })
}

fn backoff_rate(draft: &mut Draft, entry: &mut Fields<'_>) -> f64 {
    let Some(value) = entry.value("BackoffRate") else { return Retrier::BACKOFF_RATE };
    match value.as_f64() {
        Some(rate) if rate >= 1.0 => rate,
        _ => {
            let message = format!("Expected a number that is at least 1.0, got {value}");
            draft.schema(entry.at("BackoffRate"), message);
            Retrier::BACKOFF_RATE
        }
    }
}

fn jitter(draft: &mut Draft, entry: &mut Fields<'_>) -> Jitter {
    match entry.text(draft, "JitterStrategy").as_deref() {
        None | Some("NONE") => Jitter::None,
        Some("FULL") => Jitter::Full,
        Some(_) => {
            let message =
                "The field 'JitterStrategy' should have one of these values: [FULL, NONE]";
            draft.schema(entry.at("JitterStrategy"), message);
            Jitter::None
        }
    }
}

fn catcher(
    draft: &mut Draft,
    names: &Names<'_>,
    entry: &mut Fields<'_>,
    is_last: bool,
) -> Option<Catcher> {
    entry.ignore("Comment");
    let errors = error_patterns(draft, entry, is_last);
    let (result, output) = match draft.language {
        QueryLanguage::JsonPath => (flow::result_path(draft, entry), None),
        QueryLanguage::Jsonata => {
            (ResultPath::Whole, template(draft, entry, "Output", Stage::Caught))
        }
    };
    let assign = assign::read(draft, entry, Stage::Caught);
    entry.required(draft, "Next");
    let next = entry.text(draft, "Next")?;
    let next = names.resolve(draft, entry.at("Next"), &next)?;
    Some(Catcher { errors: errors?, result, output, assign, next })
}

/// `States.ALL` stands alone, and only in the last entry: what follows could never be tried.
fn error_patterns(
    draft: &mut Draft,
    entry: &mut Fields<'_>,
    is_last: bool,
) -> Option<Vec<ErrorPattern>> {
    let value = entry.required(draft, "ErrorEquals")?;
    let Value::Array(items) = value else {
        return entry.wrong_type(draft, "ErrorEquals", "an array", value);
    };
    if items.is_empty() {
        draft.schema(entry.at("ErrorEquals"), "Value cannot be empty");
    }
    let mut patterns = Vec::new();
    for (nth, item) in items.iter().enumerate() {
        match item {
            Value::String(text) => {
                patterns.push(ErrorPattern::parse_shared(text));
                if !error_name::may_be_thrown(text) {
                    let location = format!("{}[{nth}]", entry.at("ErrorEquals"));
                    let message = format!("No error has the name '{text}'");
                    draft.warn(Code::UnknownErrorName, location, message);
                }
            }
            other => {
                let location = format!("{}[{nth}]", entry.at("ErrorEquals"));
                draft.schema(location, format!("Expected a string, got {}", other.kind()));
            }
        }
    }
    if patterns.contains(&ErrorPattern::All) && (patterns.len() > 1 || !is_last) {
        draft.schema(
            entry.at("ErrorEquals"),
            "States.ALL must be the only element of ErrorEquals, in the last entry",
        );
    }
    Some(patterns)
}
