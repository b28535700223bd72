//! The work of activities between its offer and the worker who takes it.
//!
//! Work goes to the worker who has asked longest, and the work that has waited longest goes first.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stepwell_journal::ExecutionId;
use stepwell_kernel::{TaskId, Token};
use stepwell_value::{Payload, Str};
use tokio::sync::oneshot;

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

/// The place of an offer among all of them: the later, the larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(u64);

#[derive(Debug, Default)]
pub(crate) struct Activities {
    // Shared by the loops, which offer and withdraw, and by whoever asks for work.
    lines: Mutex<Lines>,
}

#[derive(Debug, Default)]
struct Lines {
    of: HashMap<Str, Line>,
    /// Offers so far, of all activities.
    offers: u64,
}

/// Those who wait for each other; never both.
#[derive(Debug, Default)]
struct Line {
    offers: BTreeMap<Place, Offer>,
    workers: VecDeque<oneshot::Sender<Claim>>,
}

/// An offer on its way to a worker. It goes back to its place if it does not get there.
#[derive(Debug)]
pub(crate) struct Claim {
    activities: Arc<Activities>,
    activity: Str,
    place: Place,
    offer: Option<Offer>,
}

impl Activities {
    pub(crate) fn offer(self: &Arc<Self>, activity: &Str, offer: Offer) -> Place {
        let mut lines = self.lock();
        lines.offers += 1;
        let place = Place(lines.offers);
        self.hand_out(&mut lines, activity, place, offer);
        place
    }

    pub(crate) fn withdraw(&self, activity: &str, place: Place) {
        let mut lines = self.lock();
        if let Some(line) = lines.of.get_mut(activity) {
            line.offers.remove(&place);
        }
        lines.tidy(activity);
    }

    /// The oldest offer of an activity, as soon as there is one and nobody has asked before.
    pub(crate) async fn claim(self: &Arc<Self>, activity: &str) -> Claim {
        loop {
            let (worker, handed_out) = oneshot::channel();
            if let Some(claim) = self.take_or_queue(activity, worker) {
                return claim;
            }
            // Whoever has the other end hands an offer out before it lets go of it.
            if let Ok(claim) = handed_out.await {
                return claim;
            }
        }
    }

    fn take_or_queue(
        self: &Arc<Self>,
        activity: &str,
        worker: oneshot::Sender<Claim>,
    ) -> Option<Claim> {
        let mut lines = self.lock();
        let line = lines.of.entry(activity.into()).or_default();
        let Some((place, offer)) = line.offers.pop_first() else {
            // Those who stopped waiting asked before those who still wait.
            while line.workers.front().is_some_and(oneshot::Sender::is_closed) {
                line.workers.pop_front();
            }
            line.workers.push_back(worker);
            return None;
        };
        lines.tidy(activity);
        Some(self.claim_of(activity.into(), place, offer))
    }

    /// Gives an offer to the first worker who still waits, or else lets it wait.
    fn hand_out(
        self: &Arc<Self>,
        lines: &mut Lines,
        activity: &Str,
        place: Place,
        mut offer: Offer,
    ) {
        let line = lines.of.entry(Str::clone(activity)).or_default();
        while let Some(worker) = line.workers.pop_front() {
            let claim = self.claim_of(Str::clone(activity), place, offer);
            let Err(mut refused) = worker.send(claim) else { return lines.tidy(activity) };
            // Taken out, so that the claim does not put it back while the lines are held.
            let Some(back) = refused.offer.take() else { return };
            offer = back;
        }
        line.offers.insert(place, offer);
    }

    fn claim_of(self: &Arc<Self>, activity: Str, place: Place, offer: Offer) -> Claim {
        Claim { activities: Arc::clone(self), activity, place, offer: Some(offer) }
    }

    /// A panic while the lock is held can only come from the allocator; the lines are whole.
    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    /// Drops the line of an activity where nobody waits.
    fn tidy(&mut self, activity: &str) {
        let is_empty = |line: &Line| line.offers.is_empty() && line.workers.is_empty();
        if self.of.get(activity).is_some_and(is_empty) {
            self.of.remove(activity);
        }
    }
}

impl Claim {
    pub(crate) fn offer(&self) -> &Offer {
        self.offer.as_ref().expect("a claim has its offer until it is kept")
    }

    /// The work has reached its worker.
    pub(crate) fn keep(mut self) -> ActivityWork {
        self.offer.take().expect("a claim is kept once").work
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(offer) = self.offer.take() {
            let mut lines = self.activities.lock();
            self.activities.hand_out(&mut lines, &self.activity, self.place, offer);
        }
    }
}

#[cfg(test)]
mod tests;
