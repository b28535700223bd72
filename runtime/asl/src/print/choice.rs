//! The rules of a Choice state.

use stepwell_value::{Object, Str, Value};

use crate::{Choice, Comparison, Condition, Definition, Operand, Order, Rule, TypeTest};

use super::Fields;
use super::flow::marked;
use super::kinds::exact;

impl Definition {
    pub(super) fn print_choice(&self, fields: &mut Fields, choice: &Choice) {
        let rules = choice.rules.iter().map(|rule| self.print_rule(rule));
        fields.set("Choices", rules.collect::<Vec<_>>());
        fields.set_some("Default", choice.default.map(|default| self.name(default)));
    }

    fn print_rule(&self, rule: &Rule) -> Value {
        let mut fields = Fields(condition(&rule.condition));
        fields.set_template("Output", rule.output.as_ref());
        fields.set_template("Assign", rule.assign.as_ref());
        fields.set("Next", self.name(rule.next));
        fields.into()
    }
}

fn condition(written: &Condition) -> Object {
    let mut fields = Fields::default();
    match written {
        Condition::And(parts) => fields.set("And", conditions(parts)),
        Condition::Or(parts) => fields.set("Or", conditions(parts)),
        Condition::Not(part) => fields.set("Not", condition(part)),
        Condition::Compare { variable, comparison } => {
            fields.set("Variable", variable.to_string());
            set_comparison(&mut fields, comparison);
        }
        Condition::Jsonata(expression) => fields.set("Condition", marked(expression)),
        Condition::Literal(holds) => fields.set("Condition", *holds),
    }
    fields.0
}

fn conditions(parts: &[Condition]) -> Vec<Value> {
    parts.iter().map(|part| Value::Object(condition(part))).collect()
}

fn set_comparison(fields: &mut Fields, comparison: &Comparison) {
    match comparison {
        Comparison::String(order, operand) => {
            let name = format!("String{}", order_name(*order));
            set_operand(fields, name, operand, |text| Str::clone(text).into());
        }
        Comparison::Numeric(order, operand) => {
            let name = format!("Numeric{}", order_name(*order));
            set_operand(fields, name, operand, Value::clone);
        }
        Comparison::Boolean(operand) => {
            set_operand(fields, "BooleanEquals".into(), operand, |flag| Value::Bool(*flag));
        }
        Comparison::Timestamp(order, operand) => {
            let name = format!("Timestamp{}", order_name(*order));
            set_operand(fields, name, operand, |timestamp| exact(*timestamp).into());
        }
        Comparison::StringMatches(pattern) => fields.set("StringMatches", pattern.to_string()),
        Comparison::Is(test, expected) => fields.set(test_name(*test), *expected),
    }
}

fn set_operand<T>(
    fields: &mut Fields,
    name: String,
    operand: &Operand<T>,
    literal: impl Fn(&T) -> Value,
) {
    match operand {
        Operand::Literal(value) => fields.set(&name, literal(value)),
        Operand::Path(path) => fields.set(&(name + "Path"), path.to_string()),
    }
}

fn order_name(order: Order) -> &'static str {
    match order {
        Order::Equals => "Equals",
        Order::LessThan => "LessThan",
        Order::GreaterThan => "GreaterThan",
        Order::LessThanEquals => "LessThanEquals",
        Order::GreaterThanEquals => "GreaterThanEquals",
    }
}

fn test_name(test: TypeTest) -> &'static str {
    match test {
        TypeTest::Null => "IsNull",
        TypeTest::Present => "IsPresent",
        TypeTest::String => "IsString",
        TypeTest::Numeric => "IsNumeric",
        TypeTest::Boolean => "IsBoolean",
        TypeTest::Timestamp => "IsTimestamp",
    }
}
