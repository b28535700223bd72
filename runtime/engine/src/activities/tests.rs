use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use stepwell_journal::ExecutionId;
use stepwell_kernel::TaskId;
use stepwell_value::{Payload, Str};

use super::{Activities, ActivityWork, Claim, Offer};

fn offer(nth: u64) -> Offer {
    let work = ActivityWork { token: "t".into(), input: Payload::parse("1").unwrap() };
    Offer { execution: ExecutionId(nth), task: TaskId(0), work }
}

fn poll(claim: Pin<&mut impl Future<Output = Claim>>) -> Option<Claim> {
    match claim.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(claim) => Some(claim),
        Poll::Pending => None,
    }
}

fn number(claim: Option<Claim>) -> Option<u64> {
    let claim = claim?;
    let number = claim.offer().execution.0;
    claim.keep();
    Some(number)
}

#[test]
fn work_goes_to_the_worker_who_has_asked_longest() {
    let (activities, activity) = (Arc::new(Activities::default()), Str::from("a"));
    let (mut first, mut second) = (pin!(activities.claim("a")), pin!(activities.claim("a")));
    assert!(poll(first.as_mut()).is_none() && poll(second.as_mut()).is_none());
    activities.offer(&activity, offer(1));
    assert_eq!(number(poll(second.as_mut())), None, "the other one was here before");
    assert_eq!(number(poll(first.as_mut())), Some(1));
    activities.offer(&activity, offer(2));
    assert_eq!(number(poll(second.as_mut())), Some(2));
    assert!(activities.lock().of.is_empty());
}

#[test]
fn the_oldest_work_goes_first_and_back_to_its_place() {
    let (activities, activity) = (Arc::new(Activities::default()), Str::from("a"));
    for nth in 1..=3 {
        activities.offer(&activity, offer(nth));
    }
    let claim = poll(pin!(activities.claim("a"))).unwrap();
    assert_eq!(claim.offer().execution, ExecutionId(1));
    drop(claim);
    let claims = [1, 2, 3].map(|_| number(poll(pin!(activities.claim("a")))));
    assert_eq!(claims, [Some(1), Some(2), Some(3)]);
    assert!(activities.lock().of.is_empty());
}

#[test]
fn work_that_does_not_reach_its_worker_goes_to_the_next_one() {
    let (activities, activity) = (Arc::new(Activities::default()), Str::from("a"));
    let mut second = pin!(activities.claim("a"));
    {
        let mut first = Box::pin(activities.claim("a"));
        assert!(poll(first.as_mut()).is_none());
        assert!(poll(second.as_mut()).is_none());
        // Handed out, and never fetched.
        activities.offer(&activity, offer(1));
    }
    assert_eq!(number(poll(second.as_mut())), Some(1));
}

#[test]
fn a_worker_who_has_gone_is_passed_over() {
    let (activities, activity) = (Arc::new(Activities::default()), Str::from("a"));
    let mut gone = Box::pin(activities.claim("a"));
    assert!(poll(gone.as_mut()).is_none());
    drop(gone);
    let mut waiting = pin!(activities.claim("a"));
    assert!(poll(waiting.as_mut()).is_none());
    activities.offer(&activity, offer(1));
    assert_eq!(number(poll(waiting.as_mut())), Some(1));
}

#[test]
fn what_is_withdrawn_is_not_given_out() {
    let (activities, activity) = (Arc::new(Activities::default()), Str::from("a"));
    let place = activities.offer(&activity, offer(1));
    activities.offer(&activity, offer(2));
    activities.withdraw("a", place);
    assert_eq!(number(poll(pin!(activities.claim("a")))), Some(2));
    assert!(activities.lock().of.is_empty());
}
