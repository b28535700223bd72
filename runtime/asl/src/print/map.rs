//! Map states, in both modes.

use stepwell_value::{Str, Value};

use crate::{
    CsvFormat, Definition, Distributed, ExecutionType, Flow, ItemBatcher, ItemFormat, ItemReader,
    ItemSource, Items, ManifestType, Map, MapMode, Number, OutputType, Percentage, QueryLanguage,
    ResultWriter, Template, Transformation,
};

use super::flow::marked;
use super::{Fields, kinds, number};

impl Definition {
    pub(super) fn print_map(&self, fields: &mut Fields, flow: &Flow, map: &Map) {
        let language = flow.query_language();
        let distributed = match &map.mode {
            MapMode::Inline => None,
            MapMode::Distributed(distributed) => Some(&**distributed),
        };
        let mut processor = Fields::default();
        processor.set_some("ProcessorConfig", distributed.map(processor_config));
        fields.set("ItemProcessor", self.print_machine(processor, map.processor));
        if let Some(reader) = distributed.and_then(|distributed| distributed.reader.as_ref()) {
            fields.set("ItemReader", print_reader(reader, language));
        }
        match &map.items {
            None => {}
            Some(Items::Path(path)) => fields.set("ItemsPath", path.to_string()),
            Some(Items::Template(template)) => fields.set_template("Items", Some(template)),
        }
        fields.set_template("ItemSelector", map.item_selector.as_ref());
        if let Some(batcher) = distributed.and_then(|distributed| distributed.batcher.as_ref()) {
            fields.set("ItemBatcher", print_batcher(batcher));
        }
        match &map.max_concurrency {
            Number::Literal(0) => {}
            most => fields.set_number("MaxConcurrency", Some(most)),
        }
        if let Some(distributed) = distributed {
            print_tolerance(fields, distributed);
            fields.set_some("Label", distributed.label.as_ref().map(Str::clone));
            let writer = distributed.writer.as_ref();
            fields.set_some("ResultWriter", writer.map(|writer| print_writer(writer, language)));
        }
        kinds::set_result_flow(fields, flow);
        self.print_recovery(fields, &map.recovery);
    }
}

fn processor_config(distributed: &Distributed) -> Value {
    let mut config = Fields::default();
    config.set("Mode", "DISTRIBUTED");
    let execution_type = match distributed.execution_type {
        ExecutionType::Standard => "STANDARD",
        ExecutionType::Express => "EXPRESS",
    };
    config.set("ExecutionType", execution_type);
    config.into()
}

fn print_tolerance(fields: &mut Fields, distributed: &Distributed) {
    const PERCENTAGE: &str = "ToleratedFailurePercentage";
    match &distributed.tolerated_failure_percentage {
        None => {}
        Some(Percentage::Literal(percentage)) => fields.set(PERCENTAGE, number(*percentage)),
        Some(Percentage::Path(path)) => {
            fields.set(&format!("{PERCENTAGE}Path"), path.to_string());
        }
        Some(Percentage::Jsonata(expression)) => fields.set(PERCENTAGE, marked(expression)),
    }
    fields.set_number("ToleratedFailureCount", distributed.tolerated_failure_count.as_ref());
}

fn set_arguments(fields: &mut Fields, arguments: Option<&Template>, language: QueryLanguage) {
    let name = match language {
        QueryLanguage::JsonPath => "Parameters",
        QueryLanguage::Jsonata => "Arguments",
    };
    fields.set_template(name, arguments);
}

fn print_reader(reader: &ItemReader, language: QueryLanguage) -> Value {
    let mut fields = Fields::default();
    let action = match reader.source {
        ItemSource::Object => "getObject",
        ItemSource::Listing | ItemSource::ListedObjects => "listObjectsV2",
    };
    fields.set("Resource", format!("arn:aws:states:::s3:{action}"));
    set_arguments(&mut fields, reader.arguments.as_ref(), language);
    let mut config = Fields::default();
    print_format(&mut config, &reader.format);
    config.set_some("ManifestType", manifest_name(&reader.format, reader.manifest));
    if reader.source == ItemSource::ListedObjects {
        config.set("Transformation", "LOAD_AND_FLATTEN");
    }
    config.set_number("MaxItems", reader.max_items.as_ref());
    config.set_some("ItemsPointer", reader.items_pointer.as_ref().map(Str::clone));
    fields.set_unless_empty("ReaderConfig", config);
    fields.into()
}

/// An inventory is what a manifest is unless it says otherwise.
fn manifest_name(format: &ItemFormat, manifest: Option<ManifestType>) -> Option<&'static str> {
    match (format, manifest?) {
        (ItemFormat::Manifest, ManifestType::S3Inventory) => None,
        (_, ManifestType::S3Inventory) => Some("S3_INVENTORY"),
        (_, ManifestType::AthenaData) => Some("ATHENA_DATA"),
    }
}

fn print_format(config: &mut Fields, format: &ItemFormat) {
    match format {
        ItemFormat::Json => {}
        ItemFormat::JsonLines => config.set("InputType", "JSONL"),
        ItemFormat::Parquet => config.set("InputType", "PARQUET"),
        ItemFormat::Manifest => config.set("InputType", "MANIFEST"),
        ItemFormat::Csv(csv) => {
            config.set("InputType", "CSV");
            print_csv(config, csv);
        }
    }
}

/// Where the names are is written even where it is the default: the service asks for it.
fn print_csv(config: &mut Fields, csv: &CsvFormat) {
    let delimiters = [('|', "PIPE"), (';', "SEMICOLON"), (' ', "SPACE"), ('\t', "TAB")];
    let delimiter = delimiters.iter().find(|(delimiter, _)| *delimiter == csv.delimiter);
    config.set_some("CSVDelimiter", delimiter.map(|(_, name)| *name));
    match &csv.headers {
        None => config.set("CSVHeaderLocation", "FIRST_ROW"),
        Some(headers) => {
            config.set("CSVHeaderLocation", "GIVEN");
            let headers = headers.iter().map(|header| Value::from(Str::clone(header)));
            config.set("CSVHeaders", headers.collect::<Vec<_>>());
        }
    }
}

fn print_batcher(batcher: &ItemBatcher) -> Value {
    let mut fields = Fields::default();
    fields.set_number("MaxItemsPerBatch", batcher.max_items_per_batch.as_ref());
    fields.set_number("MaxInputBytesPerBatch", batcher.max_input_bytes_per_batch.as_ref());
    fields.set_template("BatchInput", batcher.batch_input.as_ref());
    fields.into()
}

/// Without arguments nothing is written, so there is no resource that writes.
fn print_writer(writer: &ResultWriter, language: QueryLanguage) -> Value {
    let mut fields = Fields::default();
    if writer.arguments.is_some() {
        fields.set("Resource", "arn:aws:states:::s3:putObject");
    }
    set_arguments(&mut fields, writer.arguments.as_ref(), language);
    let mut config = Fields::default();
    match writer.transformation {
        Transformation::None => {}
        Transformation::Compact => config.set("Transformation", "COMPACT"),
        Transformation::Flatten => config.set("Transformation", "FLATTEN"),
    }
    match writer.output_type {
        OutputType::Json => {}
        OutputType::JsonLines => config.set("OutputType", "JSONL"),
    }
    fields.set_unless_empty("WriterConfig", config);
    fields.into()
}
