//! Choice states: rules, their nesting, and the forty comparators.

use stepwell_value::{Str, Value};

use crate::{
    Choice, Comparison, Condition, Kind, Operand, Order, Pattern, QueryLanguage, Rule, Timestamp,
    TypeTest,
};

use super::fields::{Fields, Held};
use super::kinds::Read;
use super::machine::Names;
use super::template::{Stage, template};
use super::{Draft, assign, flow, kinds};

/// How deep `And`, `Or` and `Not` may nest.
const NESTING_MAX: usize = 100;

pub(super) fn read(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<Read> {
    fields.required(draft, "Choices");
    let mut rules = Vec::new();
    for mut entry in fields.objects(draft, "Choices") {
        rules.push(rule(draft, names, &mut entry));
        entry.finish_in_language(draft);
    }
    let default = fields.text(draft, "Default");
    let default = default.map(|name| names.resolve(draft, fields.at("Default"), &name));
    let flow = flow::input_and_output(draft, fields);
    let assign = assign::read(draft, fields, Stage::Before);
    let rules = rules.into_iter().collect::<Option<_>>()?;
    let default = match default {
        None => None,
        Some(resolved) => Some(resolved?),
    };
    Some(Read { kind: Kind::Choice(Choice { rules, default }), flow, assign })
}

fn rule(draft: &mut Draft, names: &Names<'_>, entry: &mut Fields<'_>) -> Option<Rule> {
    entry.required(draft, "Next");
    let next = entry.text(draft, "Next");
    let next = next.and_then(|next| names.resolve(draft, entry.at("Next"), &next));
    let assign = assign::read(draft, entry, Stage::Before);
    let (condition, output) = match draft.language {
        QueryLanguage::JsonPath => (condition(draft, entry, 0), None),
        QueryLanguage::Jsonata => {
            entry.ignore("Comment");
            let output = template(draft, entry, "Output", Stage::Before);
            (jsonata_condition(draft, entry), output)
        }
    };
    Some(Rule { condition: condition?, output, assign, next: next? })
}

fn jsonata_condition(draft: &mut Draft, entry: &mut Fields<'_>) -> Option<Condition> {
    let value = entry.required(draft, "Condition")?;
    match (entry.expression(draft, "Condition"), value) {
        (Held::Expression(expression), _) => Some(Condition::Jsonata(expression)),
        (Held::Faulty, _) => None,
        (Held::Other, Value::Bool(holds)) => Some(Condition::Literal(*holds)),
        (Held::Other, other) => entry.wrong_type(draft, "Condition", "a JSONata expression", other),
    }
}

fn condition(draft: &mut Draft, entry: &mut Fields<'_>, depth: usize) -> Option<Condition> {
    entry.ignore("Comment");
    if depth > NESTING_MAX {
        let message = format!("Conditions nest deeper than {NESTING_MAX}");
        draft.schema(entry.location.clone(), message);
        entry.ignore_rest();
        return None;
    }
    refuse_several(draft, entry, &["And", "Or", "Not"]);
    if entry.has("And") {
        return conditions(draft, entry, "And", depth).map(Condition::And);
    }
    if entry.has("Or") {
        return conditions(draft, entry, "Or", depth).map(Condition::Or);
    }
    if entry.has("Not") {
        let mut inner = entry.object(draft, "Not")?;
        let negated = condition(draft, &mut inner, depth + 1);
        inner.finish(draft);
        return negated.map(|negated| Condition::Not(Box::new(negated)));
    }
    entry.required(draft, "Variable");
    let variable = entry.path(draft, "Variable");
    let comparison = comparison(draft, entry);
    Some(Condition::Compare { variable: variable?, comparison: comparison? })
}

fn refuse_several(draft: &mut Draft, entry: &mut Fields<'_>, names: &[&'static str]) {
    let found: Vec<_> = names.iter().copied().filter(|name| entry.has(name)).collect();
    if found.len() > 1 {
        let message = format!("Only one of these fields is allowed: [{}]", found.join(", "));
        draft.schema(entry.location.clone(), message);
        entry.ignore_rest();
    }
}

fn conditions(
    draft: &mut Draft,
    entry: &mut Fields<'_>,
    name: &'static str,
    depth: usize,
) -> Option<Vec<Condition>> {
    let mut conditions = Vec::new();
    for mut inner in entry.objects(draft, name) {
        conditions.push(condition(draft, &mut inner, depth + 1));
        inner.finish(draft);
    }
    conditions.into_iter().collect()
}

/// What a comparator compares, and how; the names are built of a type, an order and `Path`.
#[derive(Clone, Copy)]
enum Comparator {
    String(Order),
    Numeric(Order),
    Boolean,
    Timestamp(Order),
    StringMatches,
    Is(TypeTest),
}

const COMPARATORS: [(&str, Option<&str>, Comparator); 23] = {
    use Comparator::{Boolean, Is, Numeric, String, StringMatches, Timestamp};
    use Order::{Equals, GreaterThan, GreaterThanEquals, LessThan, LessThanEquals};
    [
        ("StringEquals", Some("StringEqualsPath"), String(Equals)),
        ("StringLessThan", Some("StringLessThanPath"), String(LessThan)),
        ("StringGreaterThan", Some("StringGreaterThanPath"), String(GreaterThan)),
        ("StringLessThanEquals", Some("StringLessThanEqualsPath"), String(LessThanEquals)),
        ("StringGreaterThanEquals", Some("StringGreaterThanEqualsPath"), String(GreaterThanEquals)),
        ("NumericEquals", Some("NumericEqualsPath"), Numeric(Equals)),
        ("NumericLessThan", Some("NumericLessThanPath"), Numeric(LessThan)),
        ("NumericGreaterThan", Some("NumericGreaterThanPath"), Numeric(GreaterThan)),
        ("NumericLessThanEquals", Some("NumericLessThanEqualsPath"), Numeric(LessThanEquals)),
        (
            "NumericGreaterThanEquals",
            Some("NumericGreaterThanEqualsPath"),
            Numeric(GreaterThanEquals),
        ),
        ("BooleanEquals", Some("BooleanEqualsPath"), Boolean),
        ("TimestampEquals", Some("TimestampEqualsPath"), Timestamp(Equals)),
        ("TimestampLessThan", Some("TimestampLessThanPath"), Timestamp(LessThan)),
        ("TimestampGreaterThan", Some("TimestampGreaterThanPath"), Timestamp(GreaterThan)),
        ("TimestampLessThanEquals", Some("TimestampLessThanEqualsPath"), Timestamp(LessThanEquals)),
        (
            "TimestampGreaterThanEquals",
            Some("TimestampGreaterThanEqualsPath"),
            Timestamp(GreaterThanEquals),
        ),
        ("StringMatches", None, StringMatches),
        ("IsNull", None, Is(TypeTest::Null)),
        ("IsPresent", None, Is(TypeTest::Present)),
        ("IsString", None, Is(TypeTest::String)),
        ("IsNumeric", None, Is(TypeTest::Numeric)),
        ("IsBoolean", None, Is(TypeTest::Boolean)),
        ("IsTimestamp", None, Is(TypeTest::Timestamp)),
    ]
};

fn comparison(draft: &mut Draft, entry: &mut Fields<'_>) -> Option<Comparison> {
    let mut found = Vec::new();
    for (name, path_name, comparator) in COMPARATORS {
        let forms = [Some((name, false)), path_name.map(|name| (name, true))];
        for (name, is_path) in forms.into_iter().flatten() {
            // All of them are known, so that a misspelt one finds its neighbour.
            entry.ignore(name);
            if entry.has(name) {
                found.push((name, is_path, comparator));
            }
        }
    }
    match found.as_slice() {
        [(name, true, comparator)] => {
            let path = entry.path(draft, name)?;
            Some(compare_with_path(*comparator, path))
        }
        [(name, false, comparator)] => literal(draft, entry, name, *comparator),
        [] => {
            let message = "A comparison such as StringEquals is required";
            draft.schema(entry.location.clone(), message);
            None
        }
        [_, _, ..] => {
            let names: Vec<_> = found.iter().map(|(name, _, _)| *name).collect();
            let message = format!("Only one of these fields is allowed: [{}]", names.join(", "));
            draft.schema(entry.location.clone(), message);
            None
        }
    }
}

fn compare_with_path(comparator: Comparator, path: stepwell_jsonpath::Path) -> Comparison {
    match comparator {
        Comparator::String(order) => Comparison::String(order, Operand::Path(path)),
        Comparator::Numeric(order) => Comparison::Numeric(order, Operand::Path(path)),
        Comparator::Boolean => Comparison::Boolean(Operand::Path(path)),
        Comparator::Timestamp(order) => Comparison::Timestamp(order, Operand::Path(path)),
        Comparator::StringMatches | Comparator::Is(_) => {
            unreachable!("the table gives these comparators no path form")
        }
    }
}

fn literal(
    draft: &mut Draft,
    entry: &mut Fields<'_>,
    name: &'static str,
    comparator: Comparator,
) -> Option<Comparison> {
    let value = entry.value(name)?;
    let comparison = match (comparator, value) {
        (Comparator::String(order), Value::String(text)) => {
            Comparison::String(order, Operand::Literal(Str::clone(text)))
        }
        (Comparator::Numeric(order), number @ (Value::Int(_) | Value::Float(_))) => {
            Comparison::Numeric(order, Operand::Literal(number.clone()))
        }
        (Comparator::Boolean, Value::Bool(flag)) => Comparison::Boolean(Operand::Literal(*flag)),
        (Comparator::Timestamp(order), Value::String(text)) => match Timestamp::parse(text) {
            Some(timestamp) => Comparison::Timestamp(order, Operand::Literal(timestamp)),
            None => {
                kinds::report_timestamp(draft, entry.at(name));
                return None;
            }
        },
        (Comparator::StringMatches, Value::String(text)) => {
            Comparison::StringMatches(Pattern::parse(text))
        }
        (Comparator::Is(test), Value::Bool(expected)) => Comparison::Is(test, *expected),
        (comparator, other) => {
            return entry.wrong_type(draft, name, expected_literal(comparator), other);
        }
    };
    Some(comparison)
}

fn expected_literal(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::String(_) | Comparator::Timestamp(_) | Comparator::StringMatches => "a string",
        Comparator::Numeric(_) => "a number",
        Comparator::Boolean | Comparator::Is(_) => "a boolean",
    }
}
