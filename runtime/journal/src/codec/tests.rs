//! What is written is read back, whatever it is; what was not written is refused.

use std::sync::Arc;

use proptest::prelude::*;
use stepwell_asl::Timestamp;
use stepwell_kernel::{Event, Fact, Failure, FrameId};
use stepwell_value::{Payload, Str};

use super::records::{Tagged, former};
use super::wire::{Field, Reader};
use super::{Flaw, decode, encode, kinds};

/// Values drawn from a seed. Some payloads come again.
pub(super) struct Samples {
    state: u64,
    payloads: Vec<Payload>,
}

impl Samples {
    fn new(seed: u64) -> Self {
        Self { state: seed, payloads: Vec::new() }
    }

    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub(super) fn text(&mut self) -> String {
        let words = ["", "Order", "größer", "\u{10348}\u{0}\n\"", "arn:aws:states:::x"];
        let times = self.below(4);
        self.pick(&words).repeat(times)
    }

    pub(super) fn time(&mut self) -> Timestamp {
        let seconds = [i64::MIN, -1, 0, 1_767_355_200, 1_767_355_201, i64::MAX];
        let nanos = [0, 1, 5_000_000, 999_999_999];
        let (seconds, nanos) = (*self.pick(&seconds), *self.pick(&nanos));
        Timestamp::from_unix(seconds, nanos).expect("the nanoseconds are below a second")
    }

    pub(super) fn payload(&mut self) -> Payload {
        if !self.payloads.is_empty() && self.below(2) == 0 {
            let earlier = self.below(self.payloads.len());
            return self.payloads[earlier].clone();
        }
        let texts = ["null", "{}", " [1, 2.50]\n", r#"{"b":1e400, "a":"\u00e9"}"#, "-0.0"];
        let texts = texts.map(|text| text.replace("e400", "e40"));
        let payload = Payload::parse(self.pick(&texts).clone()).expect("it is JSON");
        self.payloads.push(payload.clone());
        payload
    }

    fn events(&mut self, count: usize) -> Vec<Event> {
        let event = |_| Event { at: self.time(), fact: Fact::sample(self) };
        (0..count).map(event).collect()
    }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_unix_millis(millis)
}

fn check_bytes(events: &[Event], expected: &[u8]) {
    assert_eq!(encode(events).bytes, expected);
    assert_eq!(decode(expected).as_deref(), Ok(events));
}

#[track_caller]
fn check_flaw(record: &[u8], offset: usize, flaw: Flaw) {
    let corrupt = decode(record).unwrap_err();
    assert_eq!((corrupt.offset, corrupt.flaw), (offset, flaw));
}

fn payload_texts(events: &[Event]) -> Vec<String> {
    let text = |event: &Event| match &event.fact {
        Fact::StateEntered { input: payload, .. } | Fact::TaskSubmitted { output: payload, .. } => {
            payload.text().to_owned()
        }
        fact => format!("{fact:?}"),
    };
    events.iter().map(text).collect()
}

proptest! {
    #[test]
    fn events_are_read_back_as_they_were(seed: u64, count in 0_usize..40) {
        let events = Samples::new(seed).events(count);
        let encoded = encode(&events);
        let decoded = decode(&encoded.bytes).unwrap();
        prop_assert_eq!(&decoded, &events);
        prop_assert_eq!(payload_texts(&decoded), payload_texts(&events));
        // The same payloads are shared again, so the second writing is the first one.
        prop_assert_eq!(encode(&decoded), encoded);
    }

    #[test]
    fn damaged_records_never_panic(
        seed: u64,
        damages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut record = encode(&Samples::new(seed).events(8)).bytes;
        for (place, byte) in damages {
            let place = place.index(record.len());
            record[place] = byte;
        }
        if let Err(corrupt) = decode(&record) {
            prop_assert!(corrupt.offset <= record.len());
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(mut record: Vec<u8>) {
        record.insert(0, super::VERSION);
        if let Err(corrupt) = decode(&record) {
            prop_assert!(corrupt.offset <= record.len());
        }
    }

    #[test]
    fn a_record_without_its_end_is_refused(seed: u64, count in 1_usize..8) {
        let record = encode(&Samples::new(seed).events(count)).bytes;
        for end in 0..record.len() {
            prop_assert!(decode(&record[..end]).is_err(), "of {} bytes, {end}", record.len());
        }
    }
}

#[test]
fn every_tag_occurs_in_some_sample() {
    let events = Samples::new(1).events(5000);
    let entries = encode(&events).entries;
    for (kind, name) in kinds() {
        assert!(entries.iter().any(|entry| entry.kind == kind), "{name} was not drawn");
    }
}

#[test]
fn kinds_have_numbers_and_names_of_their_own() {
    let (numbers, names): (std::collections::BTreeSet<_>, std::collections::BTreeSet<_>) =
        kinds().unzip();
    assert_eq!((numbers.len(), names.len()), (kinds().count(), kinds().count()));
    assert_eq!(kinds().count(), Fact::TAGS.len() - 1 + stepwell_kernel::MapRunFact::TAGS.len());
}

#[test]
fn an_event_is_its_time_its_tag_and_its_fields() {
    let input = Payload::parse(" [1]").unwrap();
    let entered = Fact::StateEntered {
        frame: FrameId(1),
        state: stepwell_asl::StateIdx::from_number(300),
        input: input.clone(),
    };
    let submitted = Fact::TaskSubmitted { frame: FrameId(1), output: input };
    let failed = Fact::TaskFailed {
        frame: FrameId(0),
        failure: Failure { error: Some("E".into()), cause: None },
    };
    let due = Fact::WaitStarted { frame: FrameId(2), due: at(62_000) };
    let events = [
        Event { at: at(2000), fact: entered },
        Event { at: at(2000), fact: submitted },
        Event { at: at(1500), fact: failed },
        Event { at: at(2000), fact: due },
    ];
    #[rustfmt::skip]
    let expected = [
        1, 4,
        2, 4, 6, 1, 0xac, 2, 0, 4, b' ', b'[', b'1', b']',
        0, 14, 1, 1,
        1, 1, 0x80, 0xca, 0xb5, 0xee, 1, 17, 0, 1, 1, b'E', 0,
        1, 2, 0, 19, 2, 2, 120,
    ];
    check_bytes(&events, &expected);
    let sizes: Vec<(u16, usize)> =
        encode(&events).entries.iter().map(|entry| (entry.kind, entry.size)).collect();
    assert_eq!(sizes, [(6, 12), (14, 4), (17, 13), (19, 7)]);
}

#[test]
fn a_payload_that_comes_again_is_written_once() {
    let text: Str = format!("\"{}\"", "x".repeat(1000)).into();
    let shared = Payload::parse(&*text).unwrap();
    let fact = |output: &Payload| Fact::ExecutionSucceeded { output: output.clone() };
    let event = |output: &Payload| Event { at: at(0), fact: fact(output) };
    let other = Payload::parse("1").unwrap();
    let record = encode(&[event(&shared), event(&other), event(&shared), event(&shared)]).bytes;
    assert!(record.len() < 1050, "{} bytes", record.len());
    let events = decode(&record).unwrap();
    let outputs: Vec<&Payload> = events
        .iter()
        .map(|event| match &event.fact {
            Fact::ExecutionSucceeded { output } => output,
            fact => panic!("{fact:?}"),
        })
        .collect();
    assert!(outputs[2].is_same(outputs[0]) && outputs[3].is_same(outputs[0]));
    assert_eq!((outputs[3].text(), outputs[1].text()), (&*text, "1"));
    assert!(!outputs[0].is_parsed());
}

#[test]
fn what_is_no_record_is_refused_with_its_place() {
    check_flaw(&[], 0, Flaw::Truncated);
    check_flaw(&[2, 0], 1, Flaw::UnknownVersion(2));
    check_flaw(&[1, 1, 0, 200], 4, Flaw::UnknownTag { of: "fact", tag: 200 });
    check_flaw(&[1, 1, 0, 33, 99], 5, Flaw::UnknownTag { of: "decision of a map run", tag: 99 });
    check_flaw(&[1, 1, 0, 20], 4, Flaw::Truncated);
    check_flaw(&[1, 0, 0], 2, Flaw::Trailing);
    check_flaw(&[1, 1, 0, 20, 0xff, 0xff, 0xff, 0xff, 0x1f], 9, Flaw::NumberTooLarge);
    check_flaw(&[&[1][..], &[0xff; 10]].concat(), 11, Flaw::NumberTooLarge);
    check_flaw(&[1, 1, 0, 3, 1, 1, 0xff, 0], 7, Flaw::NotText);
    check_flaw(&[1, 1, 0, 2, 1], 5, Flaw::Dangling);
    check_flaw(&[1, 1, 1, 0, 0x80, 0x94, 0xeb, 0xdc, 3], 9, Flaw::NotATime);
    let Flaw::NotJson(_) = decode(&[1, 1, 0, 2, 0, 1, b'x']).unwrap_err().flaw else {
        panic!("`x` is not JSON");
    };
    let message = decode(&[1, 1, 0, 200]).unwrap_err().to_string();
    assert_eq!(message, "byte 4 of the record: no fact has the tag 200");
}

#[test]
fn reading_takes_no_more_room_than_the_record_has() {
    // A text of 2^63 bytes, and as many events.
    let huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
    let records = [
        [&[1, 1, 0, 3, 1][..], &huge].concat(),
        [&[1][..], &huge].concat(),
        [&[1][..], &huge, &[0, 20, 0]].concat(),
    ];
    for record in records {
        let taken = allocation_counter::measure(|| {
            assert_eq!(decode(&record).unwrap_err().flaw, Flaw::Truncated);
        });
        assert!(taken.bytes_max < 2000, "{} bytes for {record:?}", taken.bytes_max);
    }
}

#[test]
fn a_former_tag_is_read_and_not_written() {
    assert_eq!(former::Colour::TAGS, [(1, "Red"), (3, "Grey")]);
    let read = |bytes: &[u8]| former::Colour::read(&mut Reader::new(bytes));
    assert_eq!(read(&[3, 5]), Ok(former::Colour::Grey { shade: 5 }));
    assert_eq!(read(&[2]), Ok(former::Colour::Grey { shade: 128 }));
    assert_eq!(read(&[4]).unwrap_err().flaw, Flaw::UnknownTag { of: "colour", tag: 4 });
}

#[test]
fn an_identity_of_old_has_neither_version_nor_alias() {
    let identity: Vec<u8> = b"emnor".iter().flat_map(|name| [1, *name]).collect();
    let started = [&[1, 1, 0, 1][..], &identity, &[0, 1, b'7', 0, 0]].concat();
    let Fact::ExecutionStarted { identity, input, .. } = &decode(&started).unwrap()[0].fact else {
        panic!("tag 1 was a start");
    };
    let parts = [&identity.execution_arn, &identity.execution_name, &identity.role_arn];
    assert_eq!(parts.map(|part| &**part), ["e", "m", "r"]);
    assert_eq!((&identity.version_arn, &identity.alias_arn), (&None, &None));
    assert_eq!(input.text(), "7");
}

#[test]
fn an_identity_of_old_has_neither_test_case_nor_trace() {
    let identity: Vec<u8> = b"emnor".iter().flat_map(|name| [1, *name]).collect();
    let identity = [&identity[..], &[1, 1, b'v', 1, 1, b'a']].concat();
    let started = [&[1, 1, 0, 35][..], &identity, &[0, 1, b'7', 0, 0]].concat();
    let Fact::ExecutionStarted { identity, input, .. } = &decode(&started).unwrap()[0].fact else {
        panic!("tag 35 was a start");
    };
    let parts = [&identity.version_arn, &identity.alias_arn].map(Option::as_deref);
    assert_eq!(parts, [Some("v"), Some("a")]);
    assert_eq!((&identity.test_case, &identity.trace_header), (&None, &None));
    assert_eq!(input.text(), "7");
}

#[test]
fn texts_of_one_arc_are_texts() {
    let text: Arc<str> = "a".into();
    let failure = Failure { error: Some(Arc::clone(&text)), cause: Some(text) };
    check_bytes(
        &[Event { at: at(0), fact: Fact::ExecutionFailed { failure } }],
        &[1, 1, 0, 3, 1, 1, b'a', 1, 1, b'a'],
    );
}
