//! Evaluating a state's expressions, in either language.

use std::borrow::Cow;
use std::cell::OnceCell;

use stepwell_asl::{Expression, Template};
use stepwell_intrinsics::Call;
use stepwell_jsonata::{Bindings, EvalError};
use stepwell_jsonpath::{Path, ReadError, Root};
use stepwell_value::{Object, Payload, Str, TooDeep, Value};

use crate::context::Scope;
use crate::fault::Fault;
use crate::{Failure, error_name, flow};

/// What expressions see at one point of a state's data flow.
pub(crate) struct View<'a> {
    scope: &'a Scope<'a>,
    /// `$` in JSONPath.
    document: &'a Payload,
    /// `$states.result`
    result: Option<&'a Payload>,
    /// `$states.errorOutput`
    error: Option<&'a Payload>,
    /// `$states`, without and with its `context`.
    states: [OnceCell<Value>; 2],
}

impl<'a> View<'a> {
    /// Before the state's work. `document` is what `$` stands for in JSONPath.
    pub(crate) fn new(scope: &'a Scope<'a>, document: &'a Payload) -> Self {
        Self { scope, document, result: None, error: None, states: Default::default() }
    }

    /// After the state's work, with what came of it.
    pub(crate) fn with_result(self, result: &'a Payload) -> Self {
        Self { result: Some(result), ..self }
    }

    /// In a catcher, with the failure.
    pub(crate) fn with_error(self, error: &'a Payload) -> Self {
        Self { error: Some(error), ..self }
    }

    pub(crate) fn scope(&self) -> &'a Scope<'a> {
        self.scope
    }

    /// The document that a template describes.
    pub(crate) fn fill(&self, template: &Template) -> Result<Payload, Fault> {
        let value = self.value(template)?;
        // A template may repeat the document. The copies are shared, so the value is small; who
        // goes through all of it, or prints it, finds out how large it is.
        if !value.prints_within(self.scope.limits.payload_bytes_max) {
            return Err(flow::too_large(&self.scope.state.name).into());
        }
        seal(self.scope, value)
    }

    pub(crate) fn value(&self, template: &Template) -> Result<Value, Fault> {
        Ok(match template {
            Template::Literal(value) => value.clone(),
            Template::Path { path, field } => self.member(path, field)?,
            Template::Intrinsic { call, .. } => self.intrinsic(call)?,
            Template::Jsonata { expression, field } => self.jsonata(expression, field)?,
            Template::Array(items) => {
                let items = items.iter().map(|item| self.value(item));
                Value::from(items.collect::<Result<Vec<_>, _>>()?)
            }
            Template::Object(members) => {
                let mut object = Object::new();
                for (name, member) in members {
                    object.insert(Str::clone(name), self.value(member)?);
                }
                Value::Object(object)
            }
        })
    }

    /// What a path finds.
    pub(crate) fn read(&self, path: &Path) -> Result<Cow<'_, Value>, ReadError> {
        match path.root() {
            Root::Input => path.find(self.document.value()),
            Root::Context => path.find(self.scope.context()),
            Root::Variable(name) => match self.scope.variable(name) {
                Some(variable) => path.find(variable),
                None => Err(ReadError::NoResults { path: format!("$['{name}']") }),
            },
        }
    }

    /// What a path finds, for the fields whose failure the service words as an invalid path.
    pub(crate) fn find(&self, path: &Path) -> Result<Value, Failure> {
        self.read(path).map(Cow::into_owned).map_err(|error| {
            self.scope.runtime_failure(format_args!("Invalid path '{path}' : {error}"))
        })
    }

    /// The value of an expression; having none is a failure.
    pub(crate) fn jsonata(&self, expression: &Expression, field: &str) -> Result<Value, Fault> {
        let mut entropy = || self.scope.draw();
        let mut env = stepwell_jsonata::Env {
            now_millis: self.scope.now.unix_millis(),
            entropy: &mut entropy,
            limits: self.scope.limits.jsonata,
        };
        let seen = Seen { view: self, reads_context: expression.reads_context() };
        match expression.program().evaluate(None, &seen, &mut env) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(self.fault(expression, field, "returned nothing (undefined).")),
            Err(error) => Err(self.fault(expression, field, &how_it_failed(&error))),
        }
    }

    /// The value of an expression that must be of one type: `accept` takes it if it is.
    pub(crate) fn jsonata_as<T>(
        &self,
        expression: &Expression,
        field: &str,
        expected: &str,
        accept: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, Fault> {
        let value = self.jsonata(expression, field)?;
        accept(&value).ok_or_else(|| self.wrong_type(expression, field, expected, &value))
    }

    pub(crate) fn wrong_type(
        &self,
        expression: &Expression,
        field: &str,
        expected: &str,
        value: &Value,
    ) -> Fault {
        let found = type_name(value);
        let what = format!(
            "returned an unexpected result type. Expected '{expected}', but was '{found}' for \
             value: {value}"
        );
        self.fault(expression, field, &what)
    }

    /// A value that an expression gave and that its field cannot take.
    pub(crate) fn fault_of(&self, field: &str, what: impl std::fmt::Display) -> Fault {
        self.scope.evaluation_fault(Some(field), what)
    }

    fn fault(&self, expression: &Expression, field: &str, what: &str) -> Fault {
        let what = format!(
            "The JSONata expression '{expression}' specified for the field '{field}' {what}"
        );
        self.scope.evaluation_fault(Some(field), what)
    }

    /// The value of a template's field `NAME.$`.
    pub(crate) fn member(&self, path: &Path, field: &str) -> Result<Value, Failure> {
        self.read(path).map(Cow::into_owned).map_err(|_missing| {
            self.scope.runtime_failure(format_args!(
                "The JSONPath '{path}' specified for the field '{field}' could not be found in \
                 the input '{}'",
                self.document
            ))
        })
    }

    /// The value of an intrinsic function.
    pub(crate) fn intrinsic(&self, call: &Call) -> Result<Value, Failure> {
        let mut read = |path: &Path| {
            self.read(path).map(Cow::into_owned).map_err(|_missing| {
                let what = format!(
                    "The JsonPath argument for the field '{path}' could not be found in the input \
                     '{}'",
                    self.document
                );
                Misuse { error: error_name::RUNTIME, what }
            })
        };
        call.evaluate(&mut read, &mut || self.scope.draw())
            .map_err(|misuse: Misuse| self.scope.failure(misuse.error, call.cause(&misuse.what)))
    }

    fn states(&self, with_context: bool) -> &Value {
        self.states[usize::from(with_context)].get_or_init(|| {
            let mut states = Object::new();
            states.insert("input", self.scope.visit.input.value().clone());
            if let Some(result) = self.result {
                states.insert("result", result.value().clone());
            }
            if let Some(error) = self.error {
                states.insert("errorOutput", error.value().clone());
            }
            if with_context {
                states.insert("context", self.scope.context().clone());
            }
            Value::Object(states)
        })
    }
}

/// Why an intrinsic function has no value.
struct Misuse {
    error: &'static str,
    what: String,
}

impl From<stepwell_intrinsics::Failure> for Misuse {
    fn from(failure: stepwell_intrinsics::Failure) -> Self {
        Self { error: error_name::INTRINSIC_FAILURE, what: failure.to_string() }
    }
}

/// The variables of one expression.
struct Seen<'v> {
    view: &'v View<'v>,
    reads_context: bool,
}

impl Bindings for Seen<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        match name {
            "states" => Some(self.view.states(self.reads_context).clone()),
            name => self.view.scope.variable(name).cloned(),
        }
    }
}

fn how_it_failed(error: &EvalError) -> String {
    if error.is_unsupported_result() {
        "returned an unsupported result type.".into()
    } else {
        format!("threw an error during evaluation{}", error.service_text())
    }
}

/// The names that the service's messages give to types.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Int(_) | Value::Float(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Refuses a value that nests too deep to be a document.
pub(crate) fn seal(scope: &Scope<'_>, value: Value) -> Result<Payload, Fault> {
    Payload::new(value).map_err(|TooDeep| scope.too_deep().into())
}

impl Scope<'_> {
    /// The failure of an expression, or of what it gave.
    pub(crate) fn evaluation_fault(
        &self,
        location: Option<&str>,
        what: impl std::fmt::Display,
    ) -> Fault {
        let failure = self.failure(error_name::QUERY_EVALUATION_ERROR, what);
        Fault::Evaluation { failure, location: location.map(Str::from) }
    }
}
