//! JSON read and printed, beside `serde_json`.

use std::fmt::Write as _;
use std::hint::black_box;

use anyhow::Result;
use serde::de::IgnoredAny;
use stepwell_value::{Value, scan};

use crate::rounds::Row;

const OURS: &str = "stepwell";
const SERDE: &str = "serde_json, order kept";

/// A name and a text of about a hundred kilobytes, but for the small one.
pub(crate) fn documents() -> [(&'static str, String); 5] {
    let orders = array(100_000, |id| {
        format!(
            r#"{{"id":{id},"customer":"customer {id}","total":{id}.25,"items":["pen","paper"]}}"#
        )
    });
    let members: Vec<String> = (0..2000)
        .map(|id| format!(r#""key-{id}-of-map":{{"n":{id},"t":"some text {id}"}}"#))
        .collect();
    let indented =
        Value::parse(&orders).map_or_else(|_| String::new(), |value| format!("{value:#}"));
    [
        ("small", r#"{"input":{"value":20,"name":"Ada"},"ok":true}"#.into()),
        ("orders", orders),
        ("orders, indented", indented),
        ("one wide object", format!("{{{}}}", members.join(","))),
        ("floats", array(100_000, |nth| format!("{:?}", (f64::from(nth) * 0.7371).sin() * 1e3))),
    ]
}

fn array(bytes: usize, item: impl Fn(u32) -> String) -> String {
    let mut text = String::from("[");
    for nth in 0.. {
        if text.len() > bytes {
            break;
        }
        let comma = if nth > 0 { "," } else { "" };
        write!(text, "{comma}{}", item(nth)).expect("a string takes any text");
    }
    text + "]"
}

pub(crate) fn rows<'a>(documents: &'a [(&'static str, String)]) -> Result<Vec<Row<'a>>> {
    let mut rows = Vec::new();
    for (name, text) in documents {
        let (own, other) = (Value::parse(text)?, serde_json::from_str::<serde_json::Value>(text)?);
        let row = |what: &str| Row::new(format!("{name}: {what}"));
        rows.push(
            row("scan")
                .engine(OURS, || scan(black_box(text)))
                .engine(SERDE, || serde_json::from_str::<IgnoredAny>(black_box(text))),
        );
        rows.push(
            row("parse")
                .engine(OURS, || Value::parse(black_box(text)))
                .engine(SERDE, || serde_json::from_str::<serde_json::Value>(black_box(text))),
        );
        rows.push(
            row("print")
                .engine(OURS, move || black_box(&own).to_string())
                .engine(SERDE, move || black_box(&other).to_string()),
        );
    }
    Ok(rows)
}
