use super::*;

const AT_ONCE: Duration = Duration::ZERO;

#[test]
fn what_does_not_fit_is_dropped_and_counted_once() {
    let queue = Queue::new(3);
    queue.push([("a", 2), ("b", 2), ("c", 1)]);
    queue.push([("d", 1)]);
    // c would have fitted, but the gap would have come before it.
    assert_eq!(queue.take(AT_ONCE), Some(Taken { items: vec!["a"], dropped: 3 }));
    queue.push([("e", 1)]);
    queue.push([("f", 2)]);
    assert_eq!(queue.take(AT_ONCE), Some(Taken { items: vec!["e", "f"], dropped: 0 }));
}

#[test]
fn an_empty_queue_takes_anything() {
    let queue = Queue::new(3);
    queue.push([("large", 100)]);
    assert_eq!(queue.take(AT_ONCE), Some(Taken { items: vec!["large"], dropped: 0 }));
}

#[test]
fn a_closed_queue_gives_what_it_has_and_then_nothing() {
    let queue = Queue::new(3);
    queue.push([("a", 1)]);
    queue.close();
    assert_eq!(queue.take(Duration::from_mins(1)).unwrap().items, ["a"]);
    assert_eq!(queue.take(Duration::from_mins(1)), None);
}

#[test]
fn whoever_waits_is_woken_by_what_comes() {
    let queue = Queue::new(3);
    std::thread::scope(|scope| {
        let taken = scope.spawn(|| queue.take(AT_ONCE));
        queue.push([("a", 1)]);
        assert_eq!(taken.join().unwrap().unwrap().items, ["a"]);
    });
}
