//! The time of day.

use std::time::SystemTime;

use stepwell_asl::Timestamp;

pub(crate) fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp::from_unix_millis(0).saturating_add(since_epoch.unwrap_or_default())
}
