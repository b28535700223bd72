//! What each fact and each type inside it is written as.
//!
//! `tagged!` writes a byte that says which variant it is, then the variant's fields in the order of
//! its line; `plain!` writes the fields alone. To add a fact, add a line with the next free tag. To
//! change one that has been released, give it the next free tag and name, under `formerly`, a
//! function that reads what stood behind the former one.

use stepwell_asl::{Completion, Integration};
use stepwell_kernel::{
    Batching, Call, CallKind, Fact, Failure, Identity, ItemChild, ItemsFrom, MapRunCall,
    MapRunFact, Outcome, Tolerance,
};

use super::wire::{Field, Reader, Writer};
use super::{Corrupt, Flaw};

/// A type whose variants have tags.
pub(super) trait Tagged {
    /// Every tag that is written, with its variant's name.
    const TAGS: &[(u8, &str)];

    fn tag(&self) -> u8;
}

macro_rules! tagged {
    (
        $type:ident, $what:literal;
        $($tag:literal => $variant:ident $({ $($field:ident),* })? $(($inner:ident))?,)*
        $(formerly { $($old:literal => $read:path,)* })?
    ) => {
        impl Tagged for $type {
            const TAGS: &[(u8, &str)] = &[$(($tag, stringify!($variant))),*];

            fn tag(&self) -> u8 {
                match self {
                    $(Self::$variant { .. } => $tag,)*
                }
            }
        }

        impl Field for $type {
            fn write(&self, to: &mut Writer) {
                to.byte(self.tag());
                match self {
                    $(Self::$variant $({ $($field),* })? $(($inner))? => {
                        $($($field.write(to);)*)?
                        $($inner.write(to);)?
                    })*
                }
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
                match from.byte()? {
                    $($tag => {
                        $($(let $field = Field::read(from)?;)*)?
                        $(let $inner = Field::read(from)?;)?
                        Ok(Self::$variant $({ $($field),* })? $(($inner))?)
                    })*
                    $($($old => $read(from),)*)?
                    tag => Err(from.flaw(Flaw::UnknownTag { of: $what, tag })),
                }
            }

            #[cfg(test)]
            fn sample(from: &mut crate::codec::tests::Samples) -> Self {
                match from.pick(Self::TAGS).0 {
                    $($tag => {
                        $($(let $field = Field::sample(from);)*)?
                        $(let $inner = Field::sample(from);)?
                        Self::$variant $({ $($field),* })? $(($inner))?
                    })*
                    tag => unreachable!("{tag} is not among the tags"),
                }
            }
        }
    };
}

macro_rules! plain {
    ($type:ident { $($field:ident),* }) => {
        impl Field for $type {
            fn write(&self, to: &mut Writer) {
                let Self { $($field),* } = self;
                $($field.write(to);)*
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
                $(let $field = Field::read(from)?;)*
                Ok(Self { $($field),* })
            }

            #[cfg(test)]
            fn sample(from: &mut crate::codec::tests::Samples) -> Self {
                $(let $field = Field::sample(from);)*
                Self { $($field),* }
            }
        }
    };
}

tagged! {
    Fact, "fact";
    2 => ExecutionSucceeded { output },
    3 => ExecutionFailed { failure },
    4 => ExecutionTimedOut { failure },
    5 => ExecutionAborted { failure },
    6 => StateEntered { frame, state, input },
    7 => StateExited { frame, output, assigned, next },
    8 => StateFailed { frame, failure },
    9 => StateAborted { frame },
    10 => EvaluationFailed { frame, failure, location, fails_children },
    11 => RetryScheduled { frame, retrier, due },
    12 => RetryStarted { frame },
    13 => TaskScheduled { frame, task, call },
    14 => TaskSubmitted { frame, output },
    15 => TaskHeartbeat { frame, due },
    16 => TaskSucceeded { frame, output },
    17 => TaskFailed { frame, failure },
    18 => TaskTimedOut { frame, failure },
    19 => WaitStarted { frame, due },
    20 => WaitElapsed { frame },
    21 => ParallelStarted { frame, branches, input },
    22 => MapStarted { frame, items, length, concurrency, input },
    23 => ChildStarted { frame, parent, index, input },
    24 => ChildSucceeded { frame, output },
    25 => ChildFailed { frame, failure },
    26 => ChildAborted { frame },
    27 => ForkSucceeded { frame, output },
    28 => ForkFailed { frame },
    29 => DistributedMapStarted { frame, length },
    30 => MapRunStarted { frame, task, run },
    31 => MapRunSucceeded { frame, output },
    32 => MapRunFailed { frame, failure },
    33 => MapRun(fact),
    34 => ActivityStarted { frame, worker, heartbeat_due },
    36 => ExecutionRedriven { redrive_count, deadline },
    37 => ChildRedriven { frame, parent, index },
    38 => MapRunRedriven { frame, redrive_count },
    39 => ExecutionStarted { identity, input, deadline, machine },
    formerly {
        1 => unversioned::execution_started,
        35 => untraced::execution_started,
    }
}

tagged! {
    MapRunFact, "decision of a map run";
    2 => ItemsRead { items, is_last },
    4 => ItemEnded { task, outcome },
    5 => Updated { max_concurrency, tolerance },
    8 => Redriven { redrive_count },
    9 => ItemRedriven { task },
    11 => Started { identity, call },
    12 => ItemStarted { task, child },
    13 => ItemRestarted { task, former, child },
    formerly {
        1 => unversioned::map_run_started,
        3 => unversioned::item_started,
        6 => untraced::map_run_started,
        7 => untraced::item_started,
        10 => untraced::item_restarted,
    }
}

tagged! {
    Outcome, "outcome";
    1 => Succeeded { output },
    2 => Failed { failure },
    3 => TimedOut { failure },
    4 => Aborted { failure },
}

tagged! {
    CallKind, "kind of a call";
    1 => Function,
    2 => Activity,
    3 => Action(action),
    4 => Execution { action, name },
}

tagged! {
    Completion, "completion";
    1 => Response,
    2 => Sync,
    3 => Sync2,
    4 => TaskToken,
}

tagged! {
    ItemsFrom, "origin of items";
    1 => Input(items),
    2 => Reader { arguments, max_items },
}

plain! { Failure { error, cause } }

plain! { Identity {
    execution_arn, execution_name, state_machine_arn, state_machine_name, role_arn, version_arn,
    alias_arn, test_case, trace_header
} }

plain! { Call {
    kind, function, input, parameters, token, role_arn, deadline, timeout_seconds, heartbeat_seconds
} }

plain! { Integration { service, action, completion } }

plain! { MapRunCall {
    map_run_arn, state, raw_input, input, entered_at, entered_event, context, variables, items,
    max_concurrency, tolerance, batching, writer
} }

plain! { Tolerance { count, percentage } }

plain! { Batching { items_max, bytes_max, batch_input } }

plain! { ItemChild { identity, machine, input, items } }

/// Where the kinds of a map run's decisions begin.
const MAP_RUN_KINDS: u16 = 0x100;

pub(super) fn kind(fact: &Fact) -> u16 {
    match fact {
        Fact::MapRun(decision) => MAP_RUN_KINDS + u16::from(decision.tag()),
        fact => u16::from(fact.tag()),
    }
}

pub(super) fn kinds() -> impl Iterator<Item = (u16, String)> {
    let facts = Fact::TAGS.iter().filter(|(_, name)| *name != "MapRun");
    let facts = facts.map(|(tag, name)| (u16::from(*tag), String::from(*name)));
    let decisions = MapRunFact::TAGS.iter();
    let decisions =
        decisions.map(|(tag, name)| (MAP_RUN_KINDS + u16::from(*tag), format!("MapRun.{name}")));
    facts.chain(decisions)
}

#[cfg(test)]
pub(super) mod former;
mod untraced;
mod unversioned;
