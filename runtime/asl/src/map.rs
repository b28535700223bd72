//! Map states: what they iterate over, in which mode, and where the results go.

use stepwell_jsonpath::Path;
use stepwell_value::Str;

use crate::{Expression, MachineIdx, Number, Recovery, Template, Transition};

#[derive(Debug, PartialEq)]
pub struct Map {
    /// Where the items come from; the state's effective input without it.
    pub items: Option<Items>,
    /// `ItemSelector`, or the `Parameters` of older definitions.
    pub item_selector: Option<Template>,
    pub processor: MachineIdx,
    pub mode: MapMode,
    /// How many iterations run at once; 0 means no limit of the author's.
    pub max_concurrency: Number,
    pub recovery: Recovery,
    pub next: Transition,
}

/// What a Map iterates over.
#[derive(Debug, PartialEq)]
pub enum Items {
    /// `ItemsPath`
    Path(Path),
    /// `Items`
    Template(Template),
}

/// Where the iterations of a Map run.
#[derive(Debug, PartialEq)]
pub enum MapMode {
    /// Inside the execution.
    Inline,
    /// As executions of their own, which a map run looks after.
    Distributed(Box<Distributed>),
}

#[derive(Debug, PartialEq)]
pub struct Distributed {
    pub execution_type: ExecutionType,
    /// Part of the names of the map run and of its executions; drawn where there is none.
    pub label: Option<Str>,
    pub reader: Option<ItemReader>,
    pub batcher: Option<ItemBatcher>,
    pub writer: Option<ResultWriter>,
    pub tolerated_failure_count: Option<Number>,
    pub tolerated_failure_percentage: Option<Percentage>,
}

/// How the executions of a map run are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutionType {
    Standard,
    Express,
}

/// A percentage that is written down, within 0 and 100, or computed.
#[derive(Debug, PartialEq)]
pub enum Percentage {
    Literal(f64),
    Path(Path),
    Jsonata(Expression),
}

/// Reads items from outside of the execution.
#[derive(Debug, PartialEq)]
pub struct ItemReader {
    pub source: ItemSource,
    /// `Parameters` or `Arguments`: where to read.
    pub arguments: Option<Template>,
    pub format: ItemFormat,
    /// The object names the files with the items, in this form.
    pub manifest: Option<ManifestType>,
    pub max_items: Option<Number>,
    /// A JSON pointer to the items inside a JSON document.
    pub items_pointer: Option<Str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemSource {
    /// `s3:getObject`
    Object,
    /// `s3:listObjectsV2`: each object's description is an item.
    Listing,
    /// `s3:listObjectsV2` with `LOAD_AND_FLATTEN`: each object holds items.
    ListedObjects,
}

/// What an object that holds items looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemFormat {
    Json,
    JsonLines,
    Csv(CsvFormat),
    /// As the manifest says.
    Manifest,
    Parquet,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvFormat {
    /// The names of the fields; without them the first row has them.
    pub headers: Option<Vec<Str>>,
    pub delimiter: char,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManifestType {
    S3Inventory,
    AthenaData,
}

/// Puts several items into each execution's input.
#[derive(Debug, PartialEq)]
pub struct ItemBatcher {
    pub batch_input: Option<Template>,
    pub max_items_per_batch: Option<Number>,
    pub max_input_bytes_per_batch: Option<Number>,
}

/// Writes the results out instead of handing them on.
#[derive(Debug, PartialEq)]
pub struct ResultWriter {
    /// `Parameters` or `Arguments`: where to write. Without them the results are handed on, in the
    /// form that the other fields say.
    pub arguments: Option<Template>,
    pub transformation: Transformation,
    pub output_type: OutputType,
}

/// How much of each result is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transformation {
    /// The execution's description and its output.
    None,
    /// The output alone.
    Compact,
    /// The output alone, and the elements of one that is an array one by one.
    Flatten,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputType {
    Json,
    JsonLines,
}
