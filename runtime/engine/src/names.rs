//! Executions are known by name: two that are started at once under one name are one after the
//! other here.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stepwell_value::Str;
use tokio::sync::Notify;

#[derive(Debug, Default)]
pub(crate) struct Names {
    // Shared by all who start executions; held for a look.
    starting: Mutex<HashMap<Str, Arc<Notify>>>,
}

/// As long as it lives, nobody else starts an execution of that ARN.
#[derive(Debug)]
pub(crate) struct Claim {
    names: Arc<Names>,
    arn: Str,
}

impl Names {
    /// Waits until nobody else is starting an execution of that ARN.
    pub(crate) async fn claim(self: &Arc<Self>, arn: &Str) -> Claim {
        loop {
            let notify = match self.lock().entry(Str::clone(arn)) {
                Entry::Vacant(vacant) => {
                    vacant.insert(Arc::new(Notify::new()));
                    return Claim { names: Arc::clone(self), arn: Str::clone(arn) };
                }
                Entry::Occupied(occupied) => Arc::clone(occupied.get()),
            };
            let mut released = std::pin::pin!(notify.notified());
            released.as_mut().enable();
            // It may have been released before anybody listened.
            if self.lock().get(arn).is_some_and(|current| Arc::ptr_eq(current, &notify)) {
                released.await;
            }
        }
    }

    /// A panic while the lock is held can only come from the allocator; the map is whole.
    fn lock(&self) -> MutexGuard<'_, HashMap<Str, Arc<Notify>>> {
        self.starting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(notify) = self.names.lock().remove(&self.arn) {
            notify.notify_waiters();
        }
    }
}
