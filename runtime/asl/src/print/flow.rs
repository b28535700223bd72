//! The parts of a data flow, and what is written down or computed.

use stepwell_value::{Str, Value};

use crate::{Expression, Number, PathFlow, ResultPath, Selection, Template, Text};

use super::{Fields, whole};

impl Fields {
    pub(super) fn set_selection(&mut self, name: &str, selection: &Selection) {
        match selection {
            Selection::Whole => {}
            Selection::Empty => self.set(name, Value::Null),
            Selection::Path(path) => self.set(name, path.to_string()),
        }
    }

    pub(super) fn set_result_path(&mut self, path: &ResultPath) {
        match path {
            ResultPath::Whole => {}
            ResultPath::Discard => self.set("ResultPath", Value::Null),
            ResultPath::Into(path) => self.set("ResultPath", path.to_string()),
        }
    }

    /// What follows the state's work, in JSONPath.
    pub(super) fn set_result_flow(&mut self, flow: &PathFlow) {
        self.set_result_path(&flow.result);
        self.set_template("ResultSelector", flow.result_selector.as_ref());
    }

    pub(super) fn set_template(&mut self, name: &str, template: Option<&Template>) {
        self.set_some(name, template.map(print));
    }

    pub(super) fn set_number(&mut self, name: &str, number: Option<&Number>) {
        match number {
            None => {}
            Some(Number::Literal(number)) => self.set(name, whole(*number)),
            Some(Number::Path(path)) => self.set(&format!("{name}Path"), path.to_string()),
            Some(Number::Jsonata(expression)) => self.set(name, marked(expression)),
        }
    }

    pub(super) fn set_text(&mut self, name: &str, text: Option<&Text>) {
        match text {
            None => {}
            Some(Text::Literal(text)) => self.set(name, Str::clone(text)),
            Some(Text::Path(path)) => self.set(&format!("{name}Path"), path.to_string()),
            Some(Text::Intrinsic(call)) => self.set(&format!("{name}Path"), call.to_string()),
            Some(Text::Jsonata(expression)) => self.set(name, marked(expression)),
        }
    }
}

/// An expression between its marks.
pub(super) fn marked(expression: &Expression) -> String {
    format!("{{% {expression} %}}")
}

fn print(template: &Template) -> Value {
    match template {
        Template::Literal(value) => value.clone(),
        Template::Path { path, .. } => path.to_string().into(),
        Template::Intrinsic { call, .. } => call.to_string().into(),
        Template::Jsonata { expression, .. } => marked(expression).into(),
        Template::Array(items) => items.iter().map(print).collect::<Vec<_>>().into(),
        Template::Object(members) => {
            let members =
                members.iter().map(|(name, part)| (written_name(name, part), print(part)));
            Value::Object(members.collect())
        }
    }
}

/// A member whose value is computed in JSONPath says so in its name.
fn written_name(name: &Str, part: &Template) -> Str {
    match part {
        Template::Path { field, .. } | Template::Intrinsic { field, .. } => Str::clone(field),
        Template::Literal(_)
        | Template::Jsonata { .. }
        | Template::Array(_)
        | Template::Object(_) => Str::clone(name),
    }
}
