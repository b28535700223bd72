//! The work of activities between its offer and the worker who takes it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use stepwell_journal::ExecutionId;
use stepwell_kernel::{TaskId, Token};
use stepwell_value::{Payload, Str};
use tokio::sync::Notify;

/// What a worker of an activity is given.
#[derive(Clone, Debug)]
pub struct ActivityWork {
    /// With what the worker reports the end, and signs of life.
    pub token: Token,
    pub input: Payload,
}

/// Work that waits for a worker.
#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) execution: ExecutionId,
    pub(crate) task: TaskId,
    pub(crate) work: ActivityWork,
}

#[derive(Debug, Default)]
pub(crate) struct Activities {
    // Shared by the loops, which offer and withdraw, and by whoever asks for work.
    waiting: Mutex<HashMap<Str, VecDeque<Offer>>>,
    offered: Notify,
}

/// An offer on its way to a worker. It goes back if it does not get there.
#[derive(Debug)]
pub(crate) struct Claim<'a> {
    activities: &'a Activities,
    activity: Str,
    offer: Option<Offer>,
}

impl Activities {
    pub(crate) fn offer(&self, activity: &Str, offer: Offer) {
        self.lock().entry(Str::clone(activity)).or_default().push_back(offer);
        self.offered.notify_waiters();
    }

    pub(crate) fn withdraw(&self, activity: &str, execution: ExecutionId, task: TaskId) {
        let mut waiting = self.lock();
        let Some(offers) = waiting.get_mut(activity) else { return };
        offers.retain(|offer| (offer.execution, offer.task) != (execution, task));
        if offers.is_empty() {
            waiting.remove(activity);
        }
    }

    /// The oldest offer of an activity, as soon as there is one.
    pub(crate) async fn claim(&self, activity: &str) -> Claim<'_> {
        loop {
            let mut offered = std::pin::pin!(self.offered.notified());
            // From here on no offer is missed.
            offered.as_mut().enable();
            let oldest = self.lock().get_mut(activity).and_then(VecDeque::pop_front);
            if let Some(offer) = oldest {
                return Claim { activities: self, activity: activity.into(), offer: Some(offer) };
            }
            offered.await;
        }
    }

    /// A panic while the lock is held can only come from the allocator; the map is whole.
    fn lock(&self) -> MutexGuard<'_, HashMap<Str, VecDeque<Offer>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim<'_> {
    pub(crate) fn offer(&self) -> &Offer {
        self.offer.as_ref().expect("a claim has its offer until it is kept")
    }

    /// The work has reached its worker.
    pub(crate) fn keep(mut self) -> ActivityWork {
        self.offer.take().expect("a claim is kept once").work
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if let Some(offer) = self.offer.take() {
            let activity = Str::clone(&self.activity);
            self.activities.lock().entry(activity).or_default().push_front(offer);
            self.activities.offered.notify_waiters();
        }
    }
}
