//! Map states, in both modes.

use stepwell_value::{Str, Value};

use crate::{
    CsvFormat, Distributed, ExecutionType, ItemBatcher, ItemFormat, ItemReader, ItemSource, Items,
    Kind, MachineIdx, ManifestType, Map, MapMode, Number, OutputType, Percentage, QueryLanguage,
    ResultWriter, Template, Transformation,
};

use super::fields::{Fields, Held};
use super::kinds::Read;
use super::machine::{self, Names};
use super::template::{Stage, template};
use super::{Draft, assign, express, flow, recovery};

/// The service counts in 31 bits.
const COUNT_MAX: u64 = 2_147_483_647;
/// The most items that a map run takes.
const ITEMS_MAX: u64 = 100_000_000;
/// The longest label, in characters.
const LABEL_LENGTH_MAX: usize = 40;
/// What a label may not contain, besides control characters.
const LABEL_FORBIDDEN: &str = "?*<>{}[]:;,\\|^~$#%&`\" \t";

pub(super) fn read(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<Read> {
    express::check_map(draft, fields);
    let items = items(draft, fields);
    let max_concurrency =
        fields.number(draft, ("MaxConcurrency", "MaxConcurrencyPath"), 0..=COUNT_MAX);
    let processor = processor(draft, fields);
    let item_selector = item_selector(draft, fields);
    let mode = mode(draft, fields, processor.as_ref().and_then(|(_, mode)| *mode));
    let flow = flow::without_parameters(draft, fields);
    let assign = assign::read(draft, fields, Stage::After);
    let recovery = recovery::read(draft, names, fields);
    let next = names.transition(draft, fields)?;
    let (machine, _) = processor?;
    let map = Map {
        items,
        item_selector,
        processor: machine?,
        mode,
        max_concurrency: max_concurrency.unwrap_or(Number::Literal(0)),
        recovery,
        next,
    };
    Some(Read { kind: Kind::Map(map), flow, assign })
}

fn items(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<Items> {
    match draft.language {
        QueryLanguage::JsonPath => fields.path(draft, "ItemsPath").map(Items::Path),
        QueryLanguage::Jsonata => {
            template(draft, fields, "Items", Stage::Before).map(Items::Template)
        }
    }
}

/// `ItemSelector`, called `Parameters` in older definitions.
fn item_selector(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<Template> {
    let selector = template(draft, fields, "ItemSelector", Stage::Before);
    if draft.language == QueryLanguage::Jsonata {
        return selector;
    }
    if fields.has("ItemSelector") && fields.has("Parameters") {
        let message = "Only one of these fields is allowed: [ItemSelector, Parameters]";
        draft.schema(fields.location.clone(), message);
    }
    let parameters = template(draft, fields, "Parameters", Stage::Before);
    selector.or(parameters)
}

/// The machine, and how its executions are kept if they are executions of their own.
type Processor = (Option<MachineIdx>, Option<ExecutionType>);

/// `ItemProcessor`, called `Iterator` in older definitions.
fn processor(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<Processor> {
    let processor = fields.object(draft, "ItemProcessor");
    let iterator = fields.object(draft, "Iterator");
    let mut inner = match (processor, iterator) {
        (Some(inner), None) | (None, Some(inner)) => inner,
        (Some(_), Some(_)) => {
            let message = "Only one of these fields is allowed: [ItemProcessor, Iterator]";
            draft.schema(fields.location.clone(), message);
            return None;
        }
        (None, None) => {
            if !fields.has("ItemProcessor") && !fields.has("Iterator") {
                fields.required(draft, "ItemProcessor");
            }
            return None;
        }
    };
    inner.ignore("Comment");
    let mode = processor_mode(draft, &mut inner);
    let machine = machine::read(draft, &mut inner);
    inner.finish(draft);
    Some((machine, mode))
}

fn processor_mode(draft: &mut Draft, inner: &mut Fields<'_>) -> Option<ExecutionType> {
    let mut config = inner.object(draft, "ProcessorConfig")?;
    let modes = [("INLINE", false), ("DISTRIBUTED", true)];
    let is_distributed = config.one_of(draft, "Mode", &modes).unwrap_or(false);
    let execution_type = if is_distributed {
        let types = [("STANDARD", ExecutionType::Standard), ("EXPRESS", ExecutionType::Express)];
        Some(config.one_of(draft, "ExecutionType", &types).unwrap_or(ExecutionType::Standard))
    } else {
        None
    };
    config.finish(draft);
    execution_type
}

/// The fields that a mode brings. The service lets an inline Map have bounds for failures too, which
/// mean nothing there.
fn mode(
    draft: &mut Draft,
    fields: &mut Fields<'_>,
    execution_type: Option<ExecutionType>,
) -> MapMode {
    let count_names = ("ToleratedFailureCount", "ToleratedFailureCountPath");
    let tolerated_failure_count = fields.number(draft, count_names, 0..=COUNT_MAX);
    let tolerated_failure_percentage = percentage(draft, fields);
    let Some(execution_type) = execution_type else { return MapMode::Inline };
    MapMode::Distributed(Box::new(Distributed {
        execution_type,
        label: label(draft, fields),
        reader: reader(draft, fields),
        batcher: batcher(draft, fields),
        writer: writer(draft, fields),
        tolerated_failure_count,
        tolerated_failure_percentage,
    }))
}

fn percentage(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<Percentage> {
    let (name, path_name) = ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath");
    if draft.language == QueryLanguage::Jsonata {
        return match fields.expression(draft, name) {
            Held::Expression(expression) => Some(Percentage::Jsonata(expression)),
            Held::Faulty => None,
            Held::Other => literal_percentage(draft, fields, name),
        };
    }
    fields.refuse_both(draft, name, path_name);
    let literal = literal_percentage(draft, fields, name);
    let path = fields.path(draft, path_name).map(Percentage::Path);
    literal.or(path)
}

fn literal_percentage(
    draft: &mut Draft,
    fields: &mut Fields<'_>,
    name: &'static str,
) -> Option<Percentage> {
    let value = fields.value(name)?;
    match value.as_f64() {
        Some(percentage) if (0.0..=100.0).contains(&percentage) => {
            Some(Percentage::Literal(percentage))
        }
        _ => {
            let message = format!("Expected a number from 0 to 100, got {value}");
            draft.schema(fields.at(name), message);
            None
        }
    }
}

fn label(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<Str> {
    let label = fields.text(draft, "Label")?;
    let forbidden = |c: &char| LABEL_FORBIDDEN.contains(*c) || c.is_control();
    let problem = if label.is_empty() {
        "Label cannot be empty".into()
    } else if label.chars().count() > LABEL_LENGTH_MAX {
        format!("Label cannot exceed {LABEL_LENGTH_MAX} characters")
    } else if let Some(found) = label.chars().find(forbidden) {
        format!("Label contains invalid character: '{}'", found.escape_debug())
    } else {
        return Some(label);
    };
    draft.schema(fields.at("Label"), problem);
    None
}

fn reader(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<ItemReader> {
    let mut reader = fields.object(draft, "ItemReader")?;
    reader.required(draft, "Resource");
    let sources = [("getObject", ItemSource::Object), ("listObjectsV2", ItemSource::Listing)];
    let source = s3_action(draft, &mut reader, &sources);
    let arguments = arguments(draft, &mut reader);
    let mut config = reader.object(draft, "ReaderConfig");
    let read = match &mut config {
        Some(config) => reader_config(draft, config),
        None => ReaderConfig { format: Some(ItemFormat::Json), ..ReaderConfig::default() },
    };
    if let Some(config) = config {
        config.finish(draft);
    }
    reader.finish(draft);
    let ReaderConfig { format, manifest, loads_objects, max_items, items_pointer } = read;
    let source = match source? {
        ItemSource::Listing if loads_objects => ItemSource::ListedObjects,
        source => source,
    };
    Some(ItemReader { source, arguments, format: format?, manifest, max_items, items_pointer })
}

/// What an S3 integration is to do, in whatever partition.
fn s3_action<T: Copy>(
    draft: &mut Draft,
    fields: &mut Fields<'_>,
    actions: &[(&str, T)],
) -> Option<T> {
    let text = fields.text(draft, "Resource")?;
    let named = text.strip_prefix("arn:").and_then(|rest| rest.split_once(":states:::s3:"));
    let found = named.and_then(|(_, action)| actions.iter().find(|(name, _)| *name == action));
    if found.is_none() {
        let names: Vec<_> = actions.iter().map(|(name, _)| *name).collect();
        let message = format!(
            "The resource provided {text} is not recognized. The value is not a valid resource \
             ARN, or the resource is not available in this region."
        );
        let hint = format!("use arn:aws:states:::s3:{}", names.join(" or :"));
        draft.schema_with_hint(fields.at("Resource"), message, hint);
    }
    found.map(|(_, action)| *action)
}

/// `Arguments` in JSONata, `Parameters` in JSONPath.
fn arguments(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<Template> {
    let name = match draft.language {
        QueryLanguage::JsonPath => "Parameters",
        QueryLanguage::Jsonata => "Arguments",
    };
    template(draft, fields, name, Stage::Before)
}

#[derive(Default)]
struct ReaderConfig {
    format: Option<ItemFormat>,
    manifest: Option<ManifestType>,
    loads_objects: bool,
    max_items: Option<Number>,
    items_pointer: Option<Str>,
}

fn reader_config(draft: &mut Draft, config: &mut Fields<'_>) -> ReaderConfig {
    let csv = csv_format(draft, config);
    let manifests =
        [("S3_INVENTORY", ManifestType::S3Inventory), ("ATHENA_DATA", ManifestType::AthenaData)];
    let manifest = config.one_of(draft, "ManifestType", &manifests);
    let transformations = [("NONE", false), ("LOAD_AND_FLATTEN", true)];
    let loads_objects = config.one_of(draft, "Transformation", &transformations).unwrap_or(false);
    let formats = [
        ("JSON", Some(ItemFormat::Json)),
        ("JSONL", Some(ItemFormat::JsonLines)),
        ("CSV", csv.map(ItemFormat::Csv)),
        ("MANIFEST", Some(ItemFormat::Manifest)),
        ("PARQUET", Some(ItemFormat::Parquet)),
    ];
    let has_type = config.has("InputType");
    let format = config.one_of(draft, "InputType", &formats);
    let format = if has_type { format.flatten() } else { Some(ItemFormat::Json) };
    let manifest = match (&format, manifest) {
        (Some(ItemFormat::Manifest), None) => Some(ManifestType::S3Inventory),
        (_, manifest) => manifest,
    };
    let max_items = config.number(draft, ("MaxItems", "MaxItemsPath"), 0..=ITEMS_MAX);
    let items_pointer = config.text(draft, "ItemsPointer");
    ReaderConfig { format, manifest, loads_objects, max_items, items_pointer }
}

fn csv_format(draft: &mut Draft, config: &mut Fields<'_>) -> Option<CsvFormat> {
    let delimiters =
        [("COMMA", ','), ("PIPE", '|'), ("SEMICOLON", ';'), ("SPACE", ' '), ("TAB", '\t')];
    let delimiter = config.one_of(draft, "CSVDelimiter", &delimiters).unwrap_or(',');
    let places = [("FIRST_ROW", false), ("GIVEN", true)];
    let is_given = config.one_of(draft, "CSVHeaderLocation", &places);
    let headers = config.texts(draft, "CSVHeaders");
    match (is_given, headers) {
        (Some(true), None) => {
            let message = "The field 'CSVHeaders' is required but was missing";
            draft.schema(config.location.clone(), message);
            None
        }
        (Some(true), headers) => Some(CsvFormat { headers, delimiter }),
        (Some(false) | None, _) => Some(CsvFormat { headers: None, delimiter }),
    }
}

fn batcher(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<ItemBatcher> {
    const INPUT_BYTES_MAX: u64 = 262_144;
    let mut batcher = fields.object(draft, "ItemBatcher")?;
    let names = ("MaxItemsPerBatch", "MaxItemsPerBatchPath");
    let max_items_per_batch = batcher.number(draft, names, 1..=ITEMS_MAX);
    let names = ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath");
    let max_input_bytes_per_batch = batcher.number(draft, names, 1..=INPUT_BYTES_MAX);
    let batch_input = template(draft, &mut batcher, "BatchInput", Stage::Before);
    if max_items_per_batch.is_none() && max_input_bytes_per_batch.is_none() {
        let message = "One of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]";
        draft.schema(batcher.location.clone(), message);
    }
    batcher.finish(draft);
    Some(ItemBatcher { batch_input, max_items_per_batch, max_input_bytes_per_batch })
}

fn writer(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<ResultWriter> {
    let mut writer = fields.object(draft, "ResultWriter")?;
    if writer.has("Resource") {
        s3_action(draft, &mut writer, &[("putObject", ())]);
    } else {
        writer.ignore("Resource");
    }
    let arguments = arguments(draft, &mut writer);
    let mut config = writer.object(draft, "WriterConfig");
    let (transformation, output_type) = match &mut config {
        Some(config) => writer_config(draft, config),
        None => (Transformation::None, OutputType::Json),
    };
    if let Some(config) = config {
        config.finish(draft);
    }
    writer.finish(draft);
    Some(ResultWriter { arguments, transformation, output_type })
}

fn writer_config(draft: &mut Draft, config: &mut Fields<'_>) -> (Transformation, OutputType) {
    let transformations = [
        ("NONE", Transformation::None),
        ("COMPACT", Transformation::Compact),
        ("FLATTEN", Transformation::Flatten),
    ];
    let transformation = config.one_of(draft, "Transformation", &transformations);
    let types = [("JSON", OutputType::Json), ("JSONL", OutputType::JsonLines)];
    let output_type = config.one_of(draft, "OutputType", &types);
    (transformation.unwrap_or(Transformation::None), output_type.unwrap_or(OutputType::Json))
}

impl Fields<'_> {
    /// A text that is one of a few.
    fn one_of<T: Clone>(
        &mut self,
        draft: &mut Draft,
        name: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(draft, name)?;
        let found = choices.iter().find(|(known, _)| **known == *text);
        if found.is_none() {
            let known: Vec<_> = choices.iter().map(|(known, _)| *known).collect();
            let message = format!(
                "The field '{name}' should have one of these values: [{}]",
                known.join(", ")
            );
            draft.schema(self.at(name), message);
        }
        found.map(|(_, value)| value.clone())
    }

    fn texts(&mut self, draft: &mut Draft, name: &'static str) -> Option<Vec<Str>> {
        let value = self.value(name)?;
        let Value::Array(items) = value else {
            return self.wrong_type(draft, name, "an array", value);
        };
        let texts = items.iter().map(|item| match item {
            Value::String(text) => Some(Str::clone(text)),
            _ => None,
        });
        let texts = texts.collect::<Option<Vec<_>>>();
        if texts.is_none() {
            draft.schema(self.at(name), "Expected an array of strings");
        }
        texts
    }
}
