//! The port through which map runs read their items and write their results.

use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use stepwell_asl::{Definition, Distributed, Kind, MapMode, State, Timestamp};
use stepwell_kernel::{
    Event, Fact, Failure, ItemChild, ItemsRead, MapRunCall, MapRunFact, Outcome, error_name,
};
use stepwell_value::Payload;

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send>>;

/// Reads items and writes results for Distributed Maps. Implemented by whoever knows what the
/// arguments of an `ItemReader` and a `ResultWriter` stand for.
pub trait Items: Send + Sync + 'static {
    /// Some of the items, from the given one on.
    fn read(&self, request: ReadRequest) -> Answer<ItemsRead>;

    /// Writes all results, and says what the Map state gives in their place.
    fn write(&self, request: WriteRequest) -> Answer<Payload>;
}

/// More items that a map run wants.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    pub run: Arc<MapRunCall>,
    pub definition: Arc<Definition>,
    /// How many items have been read before.
    pub from: u64,
}

/// The results of a map run, by the order in which its executions were started.
#[derive(Clone, Debug)]
pub struct WriteRequest {
    pub run: Arc<MapRunCall>,
    pub definition: Arc<Definition>,
    pub results: Vec<ItemResult>,
}

/// What became of one item or batch.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemResult {
    pub child: Arc<ItemChild>,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    pub outcome: Outcome,
}

impl ItemResult {
    /// How the executions of a map run have ended, by the order in which they were started.
    pub fn of_journal(journal: &[Event]) -> Vec<Self> {
        let mut started = Vec::new();
        let mut ended = HashMap::new();
        for event in journal {
            match &event.fact {
                Fact::MapRun(MapRunFact::ItemStarted { task, child }) => {
                    started.push((*task, event.at, Arc::clone(child)));
                }
                Fact::MapRun(MapRunFact::ItemEnded { task, outcome }) => {
                    ended.insert(*task, (event.at, outcome.clone()));
                }
                _ => {}
            }
        }
        let result = |(task, started_at, child)| {
            let (ended_at, outcome) = ended.remove(&task)?;
            Some(Self { child, started_at, ended_at, outcome })
        };
        started.into_iter().filter_map(result).collect()
    }
}

impl ReadRequest {
    /// The fields of the Map state that the run belongs to.
    pub fn mode(&self) -> &Distributed {
        mode(self.definition.state(self.run.state))
    }
}

impl WriteRequest {
    /// The fields of the Map state that the run belongs to.
    pub fn mode(&self) -> &Distributed {
        mode(self.definition.state(self.run.state))
    }
}

fn mode(state: &State) -> &Distributed {
    match &state.kind {
        Kind::Map(map) => match &map.mode {
            MapMode::Distributed(mode) => mode,
            MapMode::Inline => unreachable!("an inline Map has no run"),
        },
        kind => unreachable!("a map run belongs to a Map state, not to {kind:?}"),
    }
}

/// For an engine that was not told where to read and write.
pub(crate) struct Nowhere;

impl Items for Nowhere {
    fn read(&self, _request: ReadRequest) -> Answer<ItemsRead> {
        let failure = nowhere(error_name::ITEM_READER_FAILED, "read items from");
        Box::pin(std::future::ready(Err(failure)))
    }

    fn write(&self, _request: WriteRequest) -> Answer<Payload> {
        let failure = nowhere(error_name::RESULT_WRITER_FAILED, "write results to");
        Box::pin(std::future::ready(Err(failure)))
    }
}

fn nowhere(error: &str, what: &str) -> Failure {
    let cause = format!("There is nowhere to {what}: no directory for buckets is configured.");
    Failure::new(error, cause)
}

impl fmt::Debug for dyn Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Items")
    }
}
