//! Names that an object has twice. The last of them counts, which is hardly ever meant.

use std::fmt::Write as _;

use stepwell_value::{Duplicate, Step};

use crate::Code;

use super::{Draft, machine};

pub(super) fn report(draft: &mut Draft, duplicates: &[Duplicate]) {
    for Duplicate { way, name } in duplicates {
        let location = format!("{}/{name}", location(way));
        if is_states(way) {
            machine::report_duplicate_name(draft, name, location);
        } else {
            let message = format!("Field '{name}' is there more than once; the last one counts");
            draft.warn(Code::DuplicateFieldName, location, message);
        }
    }
}

fn location(way: &[Step]) -> String {
    let mut location = String::new();
    for step in way {
        let written = match step {
            Step::Name(name) => write!(location, "/{name}"),
            Step::Index(nth) => write!(location, "[{nth}]"),
        };
        written.expect("a String takes any text");
    }
    location
}

/// Whether the way leads to the `States` of a machine.
fn is_states(way: &[Step]) -> bool {
    let named =
        |step: &Step, expected: &str| matches!(step, Step::Name(name) if &**name == expected);
    match way {
        [states] => named(states, "States"),
        [states, Step::Name(_), branches, Step::Index(_), rest @ ..]
            if named(states, "States") && named(branches, "Branches") =>
        {
            is_states(rest)
        }
        [states, Step::Name(_), processor, rest @ ..]
            if named(states, "States")
                && (named(processor, "ItemProcessor") || named(processor, "Iterator")) =>
        {
            is_states(rest)
        }
        _ => false,
    }
}
