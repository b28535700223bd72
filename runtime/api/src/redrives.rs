//! Redrives that were asked for with a token: asking again gives the same answer.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use stepwell::ExecutionId;
use stepwell_asl::Timestamp;
use stepwell_value::Str;

/// "Idempotent for the last 10 client tokens", "for up to 15 minutes".
const TOKENS_MAX: usize = 10;
const LIFETIME: Duration = Duration::from_mins(15);

#[derive(Debug, Default)]
pub(crate) struct Redrives {
    /// Taken for a look-up and no longer.
    asked: Mutex<HashMap<ExecutionId, VecDeque<Asked>>>,
}

#[derive(Debug)]
struct Asked {
    token: Str,
    redriven_at: Timestamp,
}

impl Redrives {
    /// When the execution was redriven for that token.
    pub(crate) fn known(
        &self,
        execution: ExecutionId,
        token: &str,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let mut asked = self.lock();
        asked.retain(|_, of_one| {
            of_one.retain(|asked| now.saturating_since(asked.redriven_at) <= LIFETIME);
            !of_one.is_empty()
        });
        let of_one = asked.get(&execution)?;
        Some(of_one.iter().find(|asked| &*asked.token == token)?.redriven_at)
    }

    pub(crate) fn remember(&self, execution: ExecutionId, token: Str, redriven_at: Timestamp) {
        let mut asked = self.lock();
        let of_one = asked.entry(execution).or_default();
        if of_one.iter().any(|asked| asked.token == token) {
            return;
        }
        if of_one.len() >= TOKENS_MAX {
            of_one.pop_front();
        }
        of_one.push_back(Asked { token, redriven_at });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ExecutionId, VecDeque<Asked>>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
