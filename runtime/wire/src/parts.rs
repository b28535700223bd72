//! Parts of answers.

use stepwell_asl::Timestamp;
use stepwell_value::{Object, Value};

/// A structure of the members that are there.
pub fn members<const N: usize>(members: [(&'static str, Option<Value>); N]) -> Object {
    members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// A moment, as the wire has it: seconds since 1970, with milliseconds behind the point.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of this millennium fit")]
pub fn date(at: Timestamp) -> Value {
    Value::float(at.unix_millis() as f64 / 1000.0)
}

pub fn count(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
