//! Many cases at once.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, Result};

use super::STACK_BYTES;

/// What comes of each item, in the order of the items.
pub(super) fn at_once<T: Sync, R: Send>(
    count: usize,
    items: &[T],
    play: impl Fn(&T) -> R + Sync,
) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    let work = || {
        loop {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(nth) else { return };
            let result = play(item);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((nth, result));
        }
    };
    thread::scope(|scope| -> Result<()> {
        for _ in 0..count.clamp(1, items.len().max(1)) {
            let player = thread::Builder::new().stack_size(STACK_BYTES);
            player.spawn_scoped(scope, work).context("cannot start a thread")?;
        }
        Ok(())
    })?;
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(nth, _)| *nth);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}
