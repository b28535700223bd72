//! From JSON text to a definition, gathering every diagnostic on the way.
//!
//! A part that is wrong is reported and left out; the rest is read on, so that one look at the
//! findings is enough. A definition comes into being only when nothing was reported as an error.

use std::collections::{BTreeMap, BTreeSet};

use stepwell_value::{Object, Str, Value};

use crate::{
    Code, Definition, Diagnostic, Flow, Kind, MachineIdx, MachineType, QueryLanguage, Severity,
    State, StateIdx,
};

pub use json::malformed;

use fields::Fields;
use place::Place;

mod assign;
mod choice;
mod duplicates;
mod error_name;
mod express;
mod fields;
mod flow;
mod graph;
mod json;
mod kinds;
mod known;
mod machine;
mod map;
mod place;
mod recovery;
mod scope;
mod spelling;
mod suspicion;
mod template;

/// What grows while a definition is read.
struct Draft {
    diagnostics: Vec<Diagnostic>,
    machines: Vec<Option<crate::Machine>>,
    states: Vec<Option<State>>,
    machine_type: MachineType,
    /// Every name of a state so far: names are unique in the whole definition.
    names: BTreeSet<Str>,
    /// The variables that are assigned in the machine that is being read and those around it, each
    /// with the nesting of the outermost machine that does it.
    variables: BTreeMap<Str, usize>,
    /// How many machines are being read, one inside the other.
    nesting: usize,
    /// The whole definition's query language.
    default_language: QueryLanguage,
    /// The query language of the state that is being read.
    language: QueryLanguage,
    /// States to which a state that is read alone leads.
    imagined: BTreeMap<String, StateIdx>,
}

pub(crate) fn definition(
    text: &str,
    machine_type: MachineType,
) -> (Option<Definition>, Vec<Diagnostic>) {
    parse(text, machine_type, read)
}

pub(crate) fn state(text: &str) -> Result<Definition, Vec<Diagnostic>> {
    let (definition, mut diagnostics) = parse(text, MachineType::Standard, read_state);
    diagnostics.retain(Diagnostic::is_error);
    definition.ok_or(diagnostics)
}

fn parse(
    text: &str,
    machine_type: MachineType,
    read: impl FnOnce(&mut Draft, &Object) -> Option<Definition>,
) -> (Option<Definition>, Vec<Diagnostic>) {
    let mut draft = Draft::new(machine_type);
    let definition = document(&mut draft, text).and_then(|object| read(&mut draft, &object));
    let is_refused = draft.diagnostics.iter().any(Diagnostic::is_error);
    (definition.filter(|_| !is_refused), draft.diagnostics)
}

fn document(draft: &mut Draft, text: &str) -> Option<Object> {
    let (document, duplicates) = match Value::parse_written(text) {
        Ok(read) => read,
        Err(_) if text.trim().is_empty() => (Value::Null, Vec::new()),
        Err(error) => {
            draft.diagnostics.push(json::diagnostic(text, &error));
            return None;
        }
    };
    let Value::Object(object) = document else {
        let message = "Definition must be a valid JSON object";
        draft.report_without_place(Code::SchemaValidationFailed, message);
        return None;
    };
    duplicates::report(draft, &duplicates);
    Some(object)
}

/// The definition of one state without a machine around it.
fn read_state(draft: &mut Draft, object: &Object) -> Option<Definition> {
    let root = machine::of_state(draft, object)?;
    draft.complete(root)
}

fn read(draft: &mut Draft, object: &Object) -> Option<Definition> {
    let mut fields = Fields::new(object, Place::outermost());
    let comment = fields.text(draft, "Comment");
    fields.ignore("Version");
    let query_language = fields.query_language(draft).unwrap_or(QueryLanguage::JsonPath);
    draft.default_language = query_language;
    draft.language = query_language;
    let timeout_seconds = fields.whole_number(draft, "TimeoutSeconds", 1..=99_999_999);
    let root = machine::read(draft, &mut fields);
    fields.finish(draft);
    let definition = draft.complete(root?)?;
    Some(Definition { comment, timeout_seconds, ..definition })
}

impl Draft {
    /// What has been read, unless some part is missing.
    fn complete(&mut self, root: MachineIdx) -> Option<Definition> {
        Some(Definition {
            comment: None,
            query_language: self.default_language,
            timeout_seconds: None,
            root,
            machines: std::mem::take(&mut self.machines).into_iter().collect::<Option<_>>()?,
            states: std::mem::take(&mut self.states).into_iter().collect::<Option<_>>()?,
        })
    }

    /// The state to which a state that is read alone leads.
    fn imagine(&mut self, name: &str) -> StateIdx {
        if let Some(known) = self.imagined.get(name) {
            return *known;
        }
        let idx = StateIdx(index(self.states.len()));
        self.states.push(Some(State {
            name: name.into(),
            comment: None,
            flow: Flow::Path(Box::default()),
            assign: None,
            kind: Kind::Succeed,
        }));
        self.imagined.insert(name.into(), idx);
        idx
    }

    fn new(machine_type: MachineType) -> Self {
        Self {
            diagnostics: Vec::new(),
            machines: Vec::new(),
            states: Vec::new(),
            machine_type,
            names: BTreeSet::new(),
            variables: BTreeMap::new(),
            nesting: 0,
            default_language: QueryLanguage::JsonPath,
            language: QueryLanguage::JsonPath,
            imagined: BTreeMap::new(),
        }
    }

    /// Reports an error of the commonest class.
    fn schema(&mut self, location: impl Into<String>, message: impl Into<String>) {
        self.report(Code::SchemaValidationFailed, location, message, None);
    }

    fn schema_with_hint(
        &mut self,
        location: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.report(Code::SchemaValidationFailed, location, message, Some(hint.into()));
    }

    fn report(
        &mut self,
        code: Code,
        location: impl Into<String>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.push(Severity::Error, code, location.into(), message.into(), hint);
    }

    fn warn(&mut self, code: Code, location: impl Into<String>, message: impl Into<String>) {
        self.push(Severity::Warning, code, location.into(), message.into(), None);
    }

    fn push(
        &mut self,
        severity: Severity,
        code: Code,
        location: String,
        message: String,
        hint: Option<String>,
    ) {
        let location = if location.is_empty() { "/".into() } else { location };
        self.diagnostics.push(Diagnostic { severity, code, message, location, hint });
    }

    fn report_without_place(&mut self, code: Code, message: &str) {
        self.diagnostics.push(Diagnostic {
            severity: Severity::Error,
            code,
            message: message.to_owned(),
            location: String::new(),
            hint: None,
        });
    }

    /// A hint at the candidate that is spelled nearly like `name`.
    ///
    /// Whoever has this many findings does not need one for each of them, and a hostile text could
    /// ask for millions of comparisons.
    fn did_you_mean<'a>(
        &self,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        const FINDINGS_WITH_HINTS_MAX: usize = 50;
        if self.diagnostics.len() >= FINDINGS_WITH_HINTS_MAX {
            return None;
        }
        spelling::nearest(name, candidates).map(|near| format!("did you mean `{near}`?"))
    }

    /// Reserves numbers for a machine's states, which are read later.
    fn reserve_states(&mut self, count: usize) -> impl Iterator<Item = StateIdx> + use<> {
        let first = index(self.states.len());
        self.states.extend(std::iter::repeat_with(|| None).take(count));
        (first..).map(StateIdx).take(count)
    }

    fn reserve_machine(&mut self) -> MachineIdx {
        self.machines.push(None);
        MachineIdx(index(self.machines.len() - 1))
    }
}

/// A definition is at most a megabyte of text, so its parts can be counted in 32 bits.
fn index(position: usize) -> u32 {
    u32::try_from(position).expect("a definition has fewer parts than bytes")
}

#[cfg(test)]
mod tests;
