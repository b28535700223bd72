//! The expressions and the documents that they are evaluated on.

use std::hint::black_box;

use anyhow::Result;
use stepwell_value::{Object, Value};

use crate::reference::{Phase, Reference};
use crate::rounds::Row;
use crate::{core_engine, ours};

pub(crate) struct Case {
    pub name: String,
    /// Refers to the input as `$states.input`, as workflows do.
    pub expression: &'static str,
    /// The document that is bound to `$states`.
    pub states: String,
    /// Whether no case before this one has the same expression.
    is_first: bool,
}

const SMALL: &str = "$states.input.value * 2 + 1";

const OVER_ORDERS: [(&str, &str); 6] = [
    ("total", "$sum($states.input.orders.lines.(price * quantity))"),
    ("filter", "$count($states.input.orders[total > 100 and status = 'open'])"),
    (
        "reshape",
        "$states.input.orders.{'id': id, 'customer': $uppercase(customer.name),
        'lines': $count(lines), 'total': $sum(lines.(price * quantity)), 'first': lines[0].sku}",
    ),
    (
        "map",
        "$map($states.input.orders, function($o) {
        $merge([$o, {'net': $round($o.total / 1.19, 2)}])})",
    ),
    ("group", "$states.input.orders{customer.city: $sum(total)}"),
    ("sort", "$states.input.orders^(>total, id).id"),
];

pub(crate) fn all() -> Vec<Case> {
    let small = r#"{"input":{"value":20,"name":"Ada"}}"#.to_owned();
    let mut cases =
        vec![Case { name: "small".into(), expression: SMALL, states: small, is_first: true }];
    for (size, count) in [("medium", 20), ("large", 2000)] {
        let states = Object::from_iter([("input", orders(count))]);
        let states = Value::from(states).to_string();
        cases.extend(OVER_ORDERS.map(|(name, expression)| Case {
            name: format!("{size} {name}"),
            expression,
            states: states.clone(),
            is_first: size == "medium",
        }));
    }
    cases
}

/// Orders of three lines each, about 250 bytes an order.
fn orders(count: u32) -> Value {
    let line = |nth: u32| {
        Object::from_iter([
            ("sku", Value::from(format!("SKU-{:05}", nth * 7919 % 100_000))),
            ("price", Value::Float(0.99 + f64::from(nth * 37 % 500))),
            ("quantity", Value::from(1 + nth % 5)),
        ])
    };
    let order = |nth: u32| {
        let customer = Object::from_iter([
            ("name", format!("Customer {}", nth % 97)),
            ("city", format!("City {}", nth % 13)),
        ]);
        let lines: Vec<Value> = (0..3).map(|at| line(nth * 3 + at).into()).collect();
        Value::from(Object::from_iter([
            ("id", Value::from(format!("order-{nth}"))),
            ("status", Value::from(if nth.is_multiple_of(3) { "open" } else { "done" })),
            ("total", Value::Float(f64::from(nth * 61 % 400) + 0.5)),
            ("customer", customer.into()),
            ("lines", lines.into()),
        ]))
    };
    let orders: Vec<Value> = (0..count).map(order).collect();
    Object::from_iter([("orders", orders)]).into()
}

/// Reading the expression, evaluating it on a tree that is there already, and all of it from the
/// document's text to the result's.
pub(crate) fn rows<'a>(case: &'a Case, reference: Option<&'a Reference>) -> Result<Vec<Row<'a>>> {
    let parse = case.is_first.then(|| (parse_row(case), Phase::Parse));
    let rows = [(evaluate_row(case)?, Phase::Evaluate), (whole_row(case)?, Phase::Whole)];
    let rows = parse.into_iter().chain(rows).map(|(row, phase)| match reference {
        Some(reference) => {
            row.measured(crate::reference::NAME, move || reference.measure(case, phase))
        }
        None => row,
    });
    Ok(rows.collect())
}

fn parse_row(case: &Case) -> Row<'_> {
    let text = case.expression;
    Row::new(format!("{}: parse", case.name))
        .engine(ours::NAME, || ours::parse(black_box(text)))
        .engine(core_engine::TREE, || core_engine::parse(black_box(text)))
}

fn evaluate_row(case: &Case) -> Result<Row<'_>> {
    let own = ours::Ready::new(case)?;
    let (tree, machine) = (core_engine::Tree::new(case)?, core_engine::Machine::new(case)?);
    Ok(Row::new(format!("{}: evaluate", case.name))
        .engine(ours::NAME, move || own.evaluate())
        .engine(core_engine::TREE, move || tree.evaluate())
        .engine(core_engine::MACHINE, move || machine.evaluate()))
}

fn whole_row(case: &Case) -> Result<Row<'_>> {
    let own = ours::Ready::new(case)?;
    let (tree, machine) = (core_engine::Tree::new(case)?, core_engine::Machine::new(case)?);
    let states = case.states.as_str();
    Ok(Row::new(format!("{}: text to text", case.name))
        .engine(ours::NAME, move || own.text_to_text(black_box(states)))
        .engine(core_engine::TREE, move || tree.text_to_text(black_box(states)))
        .engine(core_engine::MACHINE, move || machine.text_to_text(black_box(states))))
}
