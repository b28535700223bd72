//! `Retry` and `Catch`.

use stepwell_value::{Str, Value};

use crate::{Catcher, Definition, ErrorPattern, Jitter, Recovery, Retrier};

use super::{Fields, number, whole};

impl Definition {
    pub(super) fn print_recovery(&self, fields: &mut Fields, recovery: &Recovery) {
        if !recovery.retry.is_empty() {
            fields.set("Retry", recovery.retry.iter().map(print_retrier).collect::<Vec<_>>());
        }
        if !recovery.catch.is_empty() {
            let catchers = recovery.catch.iter().map(|catcher| self.print_catcher(catcher));
            fields.set("Catch", catchers.collect::<Vec<_>>());
        }
    }

    fn print_catcher(&self, catcher: &Catcher) -> Value {
        let mut fields = Fields::default();
        fields.set("ErrorEquals", print_errors(&catcher.errors));
        fields.set("Next", self.name(catcher.next));
        fields.set_result_path(&catcher.result);
        fields.set_template("Output", catcher.output.as_ref());
        fields.set_template("Assign", catcher.assign.as_ref());
        fields.into()
    }
}

fn print_retrier(retrier: &Retrier) -> Value {
    let mut fields = Fields::default();
    fields.set("ErrorEquals", print_errors(&retrier.errors));
    if retrier.interval_seconds != Retrier::INTERVAL_SECONDS {
        fields.set("IntervalSeconds", whole(retrier.interval_seconds));
    }
    if retrier.attempts_max != Retrier::ATTEMPTS_MAX {
        fields.set("MaxAttempts", whole(retrier.attempts_max));
    }
    let backoff_rate = number(retrier.backoff_rate);
    if backoff_rate != number(Retrier::BACKOFF_RATE) {
        fields.set("BackoffRate", backoff_rate);
    }
    fields.set_some("MaxDelaySeconds", retrier.delay_seconds_max.map(whole));
    match retrier.jitter {
        Jitter::None => {}
        Jitter::Full => fields.set("JitterStrategy", "FULL"),
    }
    fields.into()
}

fn print_errors(errors: &[ErrorPattern]) -> Vec<Value> {
    errors.iter().map(|pattern| Str::from(pattern.as_str()).into()).collect()
}
