//! Paths followed through a document.

use std::hint::black_box;

use anyhow::Result;
use stepwell_jsonpath::Path;
use stepwell_value::Value;

use crate::rounds::Row;

const OURS: &str = "stepwell";
const PATHS: [&str; 3] = ["$.order", "$.order.lines[1].sku", "$.order.lines[*].sku"];

pub(crate) fn document() -> Result<Value> {
    let text = r#"{"id":"1","order":{"customer":"Ada","total":3,"lines":[
        {"sku":"a","price":1.5},{"sku":"b","price":0.5},{"sku":"c","price":1}]},"status":"open"}"#;
    Ok(Value::parse(text)?)
}

pub(crate) fn parse() -> Result<Vec<Path>> {
    PATHS.iter().map(|path| Ok(Path::parse(path)?)).collect()
}

pub(crate) fn rows<'a>(paths: &'a [Path], document: &'a Value) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for path in paths {
        let find = Row::new(format!("`{path}`: find"));
        rows.push(find.engine(OURS, move || black_box(path).find(black_box(document))));
    }
    rows.extend(PATHS.map(|path| {
        Row::new(format!("`{path}`: parse")).engine(OURS, || Path::parse(black_box(path)))
    }));
    rows
}
