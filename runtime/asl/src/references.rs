//! Which variables the states of a definition read.

use std::collections::{BTreeMap, BTreeSet};

use stepwell_intrinsics::Call;
use stepwell_jsonata::Reference;
use stepwell_jsonpath::{Path, Root};
use stepwell_value::Str;

use crate::{
    Choice, Comparison, Condition, Definition, Distributed, Expression, Fail, Flow, Items, Kind,
    Map, MapMode, Number, Operand, Percentage, Recovery, Selection, State, Template, Text,
    WaitUntil,
};

impl Definition {
    /// The variables that each state reads, by the states' names. A state that reads none is not
    /// among them; what a state assigns does not count.
    pub fn variable_references(&self) -> BTreeMap<Str, BTreeSet<Str>> {
        let mut all = BTreeMap::new();
        for (_, state) in self.states() {
            let mut names = Names::default();
            names.state(state);
            if !names.0.is_empty() {
                all.insert(Str::clone(&state.name), names.0);
            }
        }
        all
    }
}

#[derive(Default)]
struct Names(BTreeSet<Str>);

impl Names {
    fn state(&mut self, state: &State) {
        match &state.flow {
            Flow::Path(flow) => {
                self.selection(&flow.input);
                self.template(flow.parameters.as_ref());
                self.template(flow.result_selector.as_ref());
                self.selection(&flow.output);
            }
            Flow::Jsonata(flow) => {
                self.template(flow.arguments.as_ref());
                self.template(flow.output.as_ref());
            }
        }
        self.template(state.assign.as_ref());
        self.kind(&state.kind);
    }

    fn kind(&mut self, kind: &Kind) {
        match kind {
            Kind::Task(task) => {
                self.template(task.credentials.as_ref());
                self.number(task.timeout_seconds.as_ref());
                self.number(task.heartbeat_seconds.as_ref());
                self.recovery(&task.recovery);
            }
            Kind::Pass(_) | Kind::Succeed => {}
            Kind::Choice(choice) => self.choice(choice),
            Kind::Wait(wait) => self.wait(&wait.until),
            Kind::Fail(Fail { error, cause }) => {
                [error, cause].into_iter().flatten().for_each(|text| self.text(text));
            }
            Kind::Parallel(parallel) => self.recovery(&parallel.recovery),
            Kind::Map(map) => self.map(map),
        }
    }

    fn choice(&mut self, choice: &Choice) {
        for rule in &choice.rules {
            self.condition(&rule.condition);
            self.template(rule.output.as_ref());
            self.template(rule.assign.as_ref());
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => {
                for part in parts {
                    self.condition(part);
                }
            }
            Condition::Not(part) => self.condition(part),
            Condition::Compare { variable, comparison } => {
                self.path(variable);
                self.comparison(comparison);
            }
            Condition::Jsonata(expression) => self.expression(expression),
            Condition::Literal(_) => {}
        }
    }

    fn comparison(&mut self, comparison: &Comparison) {
        match comparison {
            Comparison::String(_, operand) => self.operand(operand),
            Comparison::Numeric(_, operand) => self.operand(operand),
            Comparison::Boolean(operand) => self.operand(operand),
            Comparison::Timestamp(_, operand) => self.operand(operand),
            Comparison::StringMatches(_) | Comparison::Is(..) => {}
        }
    }

    fn operand<T>(&mut self, operand: &Operand<T>) {
        match operand {
            Operand::Literal(_) => {}
            Operand::Path(path) => self.path(path),
        }
    }

    fn wait(&mut self, until: &WaitUntil) {
        match until {
            WaitUntil::Seconds(_) | WaitUntil::Timestamp(_) => {}
            WaitUntil::SecondsPath(path) | WaitUntil::TimestampPath(path) => self.path(path),
            WaitUntil::SecondsJsonata(expression) | WaitUntil::TimestampJsonata(expression) => {
                self.expression(expression);
            }
        }
    }

    fn map(&mut self, map: &Map) {
        match &map.items {
            None => {}
            Some(Items::Path(path)) => self.path(path),
            Some(Items::Template(template)) => self.template(Some(template)),
        }
        self.template(map.item_selector.as_ref());
        self.number(Some(&map.max_concurrency));
        self.recovery(&map.recovery);
        if let MapMode::Distributed(distributed) = &map.mode {
            self.distributed(distributed);
        }
    }

    fn distributed(&mut self, distributed: &Distributed) {
        if let Some(reader) = &distributed.reader {
            self.template(reader.arguments.as_ref());
            self.number(reader.max_items.as_ref());
        }
        if let Some(batcher) = &distributed.batcher {
            self.template(batcher.batch_input.as_ref());
            self.number(batcher.max_items_per_batch.as_ref());
            self.number(batcher.max_input_bytes_per_batch.as_ref());
        }
        if let Some(writer) = &distributed.writer {
            self.template(writer.arguments.as_ref());
        }
        self.number(distributed.tolerated_failure_count.as_ref());
        match &distributed.tolerated_failure_percentage {
            None | Some(Percentage::Literal(_)) => {}
            Some(Percentage::Path(path)) => self.path(path),
            Some(Percentage::Jsonata(expression)) => self.expression(expression),
        }
    }

    fn recovery(&mut self, recovery: &Recovery) {
        for catcher in &recovery.catch {
            self.template(catcher.output.as_ref());
            self.template(catcher.assign.as_ref());
        }
    }

    fn template(&mut self, template: Option<&Template>) {
        match template {
            None | Some(Template::Literal(_)) => {}
            Some(Template::Path { path, .. }) => self.path(path),
            Some(Template::Intrinsic { call, .. }) => self.call(call),
            Some(Template::Jsonata { expression, .. }) => self.expression(expression),
            Some(Template::Array(items)) => items.iter().for_each(|item| self.template(Some(item))),
            Some(Template::Object(members)) => {
                for (_, member) in members {
                    self.template(Some(member));
                }
            }
        }
    }

    fn text(&mut self, text: &Text) {
        match text {
            Text::Literal(_) => {}
            Text::Path(path) => self.path(path),
            Text::Intrinsic(call) => self.call(call),
            Text::Jsonata(expression) => self.expression(expression),
        }
    }

    fn number(&mut self, number: Option<&Number>) {
        match number {
            None | Some(Number::Literal(_)) => {}
            Some(Number::Path(path)) => self.path(path),
            Some(Number::Jsonata(expression)) => self.expression(expression),
        }
    }

    fn selection(&mut self, selection: &Selection) {
        match selection {
            Selection::Whole | Selection::Empty => {}
            Selection::Path(path) => self.path(path),
        }
    }

    fn call(&mut self, call: &Call) {
        call.paths().for_each(|path| self.path(path));
    }

    fn path(&mut self, path: &Path) {
        match path.root() {
            Root::Input | Root::Context => {}
            Root::Variable(name) => {
                self.0.insert(Str::clone(name));
            }
        }
    }

    fn expression(&mut self, expression: &Expression) {
        for reference in expression.program().references() {
            match reference {
                Reference::Variable { name, .. } if &**name != "states" => {
                    self.0.insert(Str::clone(name));
                }
                Reference::Variable { .. } | Reference::TopLevel(_) | Reference::Root => {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
