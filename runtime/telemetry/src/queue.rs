//! Between the engine's loops and a thread that writes: bounded, and never waited for by those who
//! put something in.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Debug)]
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    /// Something has come, or nothing will.
    changed: Condvar,
    weight_max: usize,
}

#[derive(Debug)]
struct State<T> {
    items: Vec<T>,
    weight: usize,
    /// Of those that did not fit, how many nobody has been told of.
    dropped: u64,
    is_closed: bool,
}

/// What was in the queue.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Taken<T> {
    pub items: Vec<T>,
    /// How many did not fit since the last time. They would have come after the items.
    pub dropped: u64,
}

impl<T> Queue<T> {
    pub(crate) fn new(weight_max: usize) -> Self {
        let state = State { items: Vec::new(), weight: 0, dropped: 0, is_closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), weight_max }
    }

    /// Puts items in with their weights, except those that do not fit. Into an empty queue
    /// everything fits.
    pub(crate) fn push(&self, items: impl IntoIterator<Item = (T, usize)>) {
        let mut state = self.lock();
        for (item, weight) in items {
            // Whoever is told of a gap is told where it is: nothing goes in behind it until then.
            let is_full =
                state.dropped > 0 || state.weight.saturating_add(weight) > self.weight_max;
            if is_full && !state.items.is_empty() {
                state.dropped += 1;
            } else {
                state.items.push(item);
                state.weight += weight;
            }
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Everything that is there, once something is; none when nothing more will come. With a pause
    /// it lets that pass first, for more to come.
    pub(crate) fn take(&self, pause: Duration) -> Option<Taken<T>> {
        let state = self.lock();
        let is_idle = |state: &mut State<T>| state.items.is_empty() && !state.is_closed;
        let state = self.changed.wait_while(state, is_idle);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        let mut state = self.let_pass(state, pause);
        if state.items.is_empty() {
            return None;
        }
        state.weight = 0;
        let dropped = std::mem::take(&mut state.dropped);
        Some(Taken { items: std::mem::take(&mut state.items), dropped })
    }

    /// Lets a while pass, or less if the queue is closed; whether it is open still.
    #[cfg(feature = "otlp")]
    pub(crate) fn pause(&self, pause: Duration) -> bool {
        !self.let_pass(self.lock(), pause).is_closed
    }

    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    fn let_pass<'s>(
        &'s self,
        state: MutexGuard<'s, State<T>>,
        pause: Duration,
    ) -> MutexGuard<'s, State<T>> {
        let passed = self.changed.wait_timeout_while(state, pause, |state| !state.is_closed);
        passed.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Whoever panicked inside has left nothing half done.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
