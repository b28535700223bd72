//! What becomes of a failure: another attempt, a catcher, or the end of the frame.

use std::time::Duration;

use stepwell_asl::{Catcher, Jitter, Kind, Recovery, Retrier};

use crate::event::{Fact, FrameId};
use crate::frame::{Activity, Origin, Phase};
use crate::{Failure, error_name, flow};

use super::Step;

impl<'a> Step<'a> {
    /// Decides about a state that has failed.
    pub(super) fn recover(&mut self, frame: FrameId, failure: &Failure, origin: Origin) {
        if is_terminal(failure, origin) {
            return self.fail_frame(frame, failure.clone());
        }
        if let Some((position, retrier)) = self.retrier(frame, failure) {
            let used = self.visit(frame).retries.get(position).copied().unwrap_or(0);
            let due = self.env.now.saturating_add(self.pause(retrier, used));
            let retrier = u32::try_from(position).expect("a state has few retriers");
            return self.emit(Fact::RetryScheduled { frame, retrier, due });
        }
        if origin == Origin::Children {
            self.emit(Fact::ForkFailed { frame });
        }
        match self.catcher(frame, failure) {
            Some(catcher) => self.catch(frame, failure, catcher),
            None => self.fail_frame(frame, failure.clone()),
        }
    }

    fn recovery(&self, frame: FrameId) -> Option<&'a Recovery> {
        match &self.state(frame).kind {
            Kind::Task(task) => Some(&task.recovery),
            Kind::Parallel(parallel) => Some(&parallel.recovery),
            Kind::Map(map) => Some(&map.recovery),
            Kind::Pass(_) | Kind::Choice(_) | Kind::Wait(_) | Kind::Succeed | Kind::Fail(_) => None,
        }
    }

    /// The first retrier that covers the failure, unless it is used up: those behind it have no say.
    fn retrier(&self, frame: FrameId, failure: &Failure) -> Option<(usize, &'a Retrier)> {
        let error = failure.error.as_deref();
        let mut retriers = self.recovery(frame)?.retry.iter().enumerate();
        let (position, retrier) = retriers
            .find(|(_, retrier)| retrier.errors.iter().any(|pattern| pattern.matches(error)))?;
        let used = self.visit(frame).retries.get(position).copied().unwrap_or(0);
        (used < retrier.attempts_max).then_some((position, retrier))
    }

    /// How long to wait before a retry when the retrier has been used that often.
    ///
    /// The pause is drawn here and stored as an instant, so a later change of this formula moves no
    /// retry that is already waiting.
    fn pause(&mut self, retrier: &Retrier, used: u64) -> Duration {
        pause(retrier, used, || self.env.entropy.next_u64())
    }

    fn catcher(&self, frame: FrameId, failure: &Failure) -> Option<&'a Catcher> {
        let error = failure.error.as_deref();
        let mut catchers = self.recovery(frame)?.catch.iter();
        catchers.find(|catcher| catcher.errors.iter().any(|pattern| pattern.matches(error)))
    }

    fn catch(&mut self, frame: FrameId, failure: &Failure, catcher: &Catcher) {
        let caught = flow::combine(&self.scope(frame), &catcher.result, &failure.to_payload());
        match caught {
            Ok(output) => {
                self.emit(Fact::StateExited { frame, output, next: Some(catcher.next) });
            }
            // The failure of a catcher is not caught by another one.
            Err(failure) => self.fail_frame(frame, failure),
        }
    }

    /// Ends a frame with a failure: the execution's own, or a child's, which fails its parent.
    pub(super) fn fail_frame(&mut self, frame: FrameId, failure: Failure) {
        let Some(parent) = self.running().frames[&frame].parent else {
            return self.emit(Fact::ExecutionFailed { failure });
        };
        if matches!(self.state(frame).kind, Kind::Task(_)) {
            self.emit(Fact::StateAborted { frame });
        }
        self.abort_children(parent.frame, Some(frame));
        self.emit(Fact::ChildFailed { frame, failure });
    }

    /// Stops the children of a Parallel or Map state, innermost states first.
    pub(super) fn abort_children(&mut self, parent: FrameId, except: Option<FrameId>) {
        let is_child =
            |frame: &crate::frame::Frame| frame.parent.is_some_and(|of| of.frame == parent);
        let running = self.running();
        let children: Vec<FrameId> = running
            .frames
            .range(parent..)
            .filter(|(id, frame)| is_child(frame) && Some(**id) != except)
            .map(|(id, _)| *id)
            .collect();
        for child in children {
            for frame in self.running().subtree(child).into_iter().rev() {
                self.abort_state(frame);
                if frame != child {
                    self.emit(Fact::ChildAborted { frame });
                }
            }
            self.emit(Fact::ChildAborted { frame: child });
        }
    }

    fn abort_state(&mut self, frame: FrameId) {
        let running = self.running();
        let Phase::Inside(visit) = &running.frames[&frame].phase else { return };
        let has_published = matches!(visit.activity, Activity::ForkFailed { .. });
        let kind = &self.definition.state(visit.state).kind;
        let is_long =
            matches!(kind, Kind::Task(_) | Kind::Wait(_) | Kind::Parallel(_) | Kind::Map(_));
        if is_long && !has_published {
            self.emit(Fact::StateAborted { frame });
        }
    }
}

/// What a state's own data flow does wrong, the service neither retries nor catches, not even by
/// name; the same names are caught when a task or a child reports them.
fn is_terminal(failure: &Failure, origin: Origin) -> bool {
    let terminal = [error_name::RUNTIME, error_name::DATA_LIMIT_EXCEEDED];
    let error = failure.error.as_deref();
    origin == Origin::State && error.is_some_and(|error| terminal.contains(&error))
}

#[expect(clippy::cast_precision_loss, reason = "a pause needs no more than 53 bits")]
fn pause(retrier: &Retrier, used: u64, draw: impl FnOnce() -> u64) -> Duration {
    const LONGEST: f64 = 99_999_999.0;
    let exponent = i32::try_from(used).unwrap_or(i32::MAX);
    let grown = retrier.interval_seconds as f64 * retrier.backoff_rate.powi(exponent);
    let most = retrier.delay_seconds_max.map_or(LONGEST, |most| most as f64);
    let full = grown.min(most);
    let seconds = match retrier.jitter {
        Jitter::None => full,
        // 53 random bits, as a fraction of one.
        Jitter::Full => full * ((draw() >> 11) as f64 / (1_u64 << 53) as f64),
    };
    Duration::from_secs_f64(seconds)
}
