//! What becomes of a failure: another attempt, a catcher, or the end of the frame.

use std::time::Duration;

use stepwell_asl::{Catcher, ErrorPattern, Jitter, Kind, Recovery, Retrier};

use crate::event::{Fact, FrameId};
use crate::fault::Fault;
use crate::flow::Left;
use crate::frame::{Activity, Origin, Phase};
use crate::{Failure, Way, error_name, flow};

use super::Step;

impl<'a> Step<'a> {
    /// Decides about a state that has failed.
    pub(super) fn recover(&mut self, frame: FrameId, failure: &Failure, origin: Origin) {
        let is_fatal = is_fatal(failure, origin);
        let retrier = if is_fatal { None } else { self.retrier(frame, failure, origin) };
        if let Some((position, retrier)) = retrier {
            self.scope(frame).note_way(Way::Retrier(position));
            let used = self.visit(frame).retries.get(position).copied().unwrap_or(0);
            let due = self.world.now.saturating_add(self.pause(retrier, used));
            let retrier = u32::try_from(position).expect("a state has few retriers");
            return self.emit(Fact::RetryScheduled { frame, retrier, due });
        }
        if origin == Origin::Fork {
            self.emit(Fact::ForkFailed { frame });
        }
        let catcher = if is_fatal { None } else { self.catcher(frame, failure, origin) };
        match catcher {
            Some(catcher) => self.catch(frame, failure, catcher),
            None => self.fail_frame(frame, failure.clone()),
        }
    }

    pub(super) fn recovery(&self, frame: FrameId) -> Option<&'a Recovery> {
        match &self.state(frame).kind {
            Kind::Task(task) => Some(&task.recovery),
            Kind::Parallel(parallel) => Some(&parallel.recovery),
            Kind::Map(map) => Some(&map.recovery),
            Kind::Pass(_) | Kind::Choice(_) | Kind::Wait(_) | Kind::Succeed | Kind::Fail(_) => None,
        }
    }

    /// The first retrier that covers the failure, unless it is used up: those behind it have no say.
    fn retrier(
        &self,
        frame: FrameId,
        failure: &Failure,
        origin: Origin,
    ) -> Option<(usize, &'a Retrier)> {
        let mut retriers = self.recovery(frame)?.retry.iter().enumerate();
        let (position, retrier) =
            retriers.find(|(_, retrier)| covers(&retrier.errors, failure, origin))?;
        self.scope(frame).note(|seen| seen.error_details.retry_index = Some(position));
        let used = self.visit(frame).retries.get(position).copied().unwrap_or(0);
        (used < retrier.attempts_max).then_some((position, retrier))
    }

    /// How long to wait before a retry when the retrier has been used that often.
    ///
    /// The pause is drawn here and stored as an instant, so a later change of this formula moves no
    /// retry that is already waiting.
    fn pause(&mut self, retrier: &Retrier, used: u64) -> Duration {
        pause(retrier, used, || self.world.draw())
    }

    fn catcher(&self, frame: FrameId, failure: &Failure, origin: Origin) -> Option<&'a Catcher> {
        let mut catchers = self.recovery(frame)?.catch.iter().enumerate();
        let (position, catcher) =
            catchers.find(|(_, catcher)| covers(&catcher.errors, failure, origin))?;
        let scope = self.scope(frame);
        scope.note(|seen| seen.error_details.catch_index = Some(position));
        scope.note_way(Way::Catcher(position));
        Some(catcher)
    }

    fn catch(&mut self, frame: FrameId, failure: &Failure, catcher: &Catcher) {
        match flow::catch(&self.scope(frame), catcher, &failure.to_payload()) {
            Ok(Left { output, assigned }) => {
                let next = Some(catcher.next);
                self.emit(Fact::StateExited { frame, output, assigned, next });
            }
            // The failure of a catcher is not caught by another one.
            Err(Fault::Silent(failure)) => self.fail_frame(frame, failure),
            Err(Fault::Evaluation { failure, location }) => {
                let of = failure.clone();
                let fails_children = false;
                self.emit(Fact::EvaluationFailed { frame, failure: of, location, fails_children });
                self.fail_frame(frame, failure);
            }
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
        let children = self.running().children_of(parent).filter(|child| Some(*child) != except);
        let children: Vec<FrameId> = children.collect();
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

/// Whether a retrier or a catcher is meant. A missing sign of life is published as a timeout, and
/// may be named more exactly.
fn covers(errors: &[ErrorPattern], failure: &Failure, origin: Origin) -> bool {
    errors.iter().any(|pattern| match pattern {
        ErrorPattern::Name(name) if &**name == error_name::HEARTBEAT_TIMEOUT => {
            origin == Origin::Silence || pattern.matches(failure.error.as_deref())
        }
        pattern => pattern.matches(failure.error.as_deref()),
    })
}

/// Whether nothing can save the execution: not even a retrier or a catcher that names the error.
///
/// A mistake in the definition would be made again, and data that is too large for the way from one
/// state to the next is nobody's to handle.
fn is_fatal(failure: &Failure, origin: Origin) -> bool {
    match (failure.error.as_deref(), origin) {
        (Some(error_name::RUNTIME), Origin::State | Origin::Fork) => true,
        (Some(error_name::DATA_LIMIT_EXCEEDED), Origin::State) => true,
        (_, Origin::State | Origin::Fork | Origin::Task | Origin::Silence) => false,
    }
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
