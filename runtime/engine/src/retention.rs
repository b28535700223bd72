//! Deleting what has been kept long enough.

use std::sync::Weak;
use std::time::Duration;

use crate::engine::Shared;
use crate::shard::wall_clock;

/// How many executions go at once: few, so that whoever writes is not held up.
const PORTION: usize = 100;

/// How long to wait between two looks, at most.
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// Deletes executions that ended longer ago than that, until the engine is gone.
pub(crate) async fn run(engine: Weak<Shared>, retention: Duration) {
    let pause = (retention / 10).clamp(Duration::from_millis(10), PAUSE_MAX);
    while let Some(shared) = engine.upgrade() {
        let is_more = delete_portion(&shared, retention).await;
        drop(shared);
        if is_more {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(pause).await;
        }
    }
}

/// Whether there may be more. A journal that cannot be read or written now is asked again later.
async fn delete_portion(shared: &Shared, retention: Duration) -> bool {
    let before = wall_clock().saturating_sub(retention);
    let Ok(ended) = shared.world.journal.ended_before(before, PORTION) else { return false };
    let is_more = ended.len() == PORTION;
    !ended.is_empty() && shared.world.journal.delete(ended).await.is_ok() && is_more
}
