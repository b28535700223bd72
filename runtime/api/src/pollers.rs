//! How many workers wait for the work of an activity.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use stepwell_value::Str;

use crate::exception::Exception;

/// "Maximum number of pollers calling `GetActivityTask` with the same activity ARN": 1,000.
const POLLERS_MAX: usize = 1_000;

#[derive(Clone, Debug, Default)]
pub(crate) struct Pollers {
    /// Each activity for which somebody waits. Taken for a look-up and no longer.
    waiting: Arc<Mutex<HashMap<Str, usize>>>,
}

/// A worker's place among those who wait, as long as it is held.
#[derive(Debug)]
pub(crate) struct Place {
    pollers: Pollers,
    activity: Str,
}

impl Pollers {
    pub(crate) fn enter(&self, activity: &Str) -> Result<Place, Exception> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.entry(Str::clone(activity)).or_insert(0);
        if *count >= POLLERS_MAX {
            let message = format!("Activity Worker Limit Exceeded: '{POLLERS_MAX}'");
            return Err(Exception::new("ActivityWorkerLimitExceeded", message));
        }
        *count += 1;
        Ok(Place { pollers: self.clone(), activity: Str::clone(activity) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut waiting = self.pollers.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = waiting.get_mut(&self.activity) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&self.activity);
            }
        }
    }
}
