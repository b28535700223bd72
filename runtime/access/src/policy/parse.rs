//! From the text of a document to its statements, or to the place of what is wrong with it.

use std::fmt;

use stepwell_value::{Object, Step, Value};

use super::actions::is_misspelt;
use super::pattern::Pattern;
use super::{Effect, Policy, Scope, Statement};

/// Why a document is refused, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("policy: {}{fault}", At(place))]
pub struct PolicyError {
    /// Such as `Statement[1].Condition`; empty for the document as a whole.
    pub place: String,
    pub fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the document is not JSON: {0}")]
    Json(stepwell_value::Error),
    #[error("this must be {0}")]
    Type(&'static str),
    #[error("the member stands here twice; keep one")]
    Twice,
    #[error("the member is missing; add {0}")]
    Missing(&'static str),
    #[error("conditions are not understood; take it out, and narrow Action or Resource instead")]
    Condition,
    #[error("a policy belongs to the principal of its key; take the member out")]
    Principal,
    #[error("the member is not understood; take it out")]
    Unknown,
    #[error("it stands beside {0}; keep one of the two")]
    Beside(&'static str),
    #[error("the list is empty; name at least one, or take the statement out")]
    Empty,
    #[error("`{0}` is not a version; write \"2012-10-17\"")]
    Version(String),
    #[error("`{0}` is not an effect; write \"Allow\" or \"Deny\"")]
    Effect(String),
    #[error("`{0}` is not an action; write \"states:StartExecution\", \"states:*\" or \"*\"")]
    Action(String),
    #[error("`{0}` matches no action of the service; check the spelling")]
    Misspelt(String),
    #[error("`{0}` is not a resource; write an ARN, which may have wildcards, or \"*\"")]
    Resource(String),
    #[error("`{0}` has a policy variable, and those are not understood; write the value itself")]
    Variable(String),
}

struct At<'a>(&'a str);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, "{}: ", self.0) }
    }
}

pub(super) fn document(text: &str) -> Result<Policy, PolicyError> {
    let parsed = Value::parse_written(text);
    let (document, duplicates) =
        parsed.map_err(|error| Place::root().refuse(Fault::Json(error)))?;
    if let Some(duplicate) = duplicates.first() {
        let place = duplicate.way.iter().fold(Place::root(), |place, step| match step {
            Step::Name(name) => place.member(name),
            Step::Index(index) => place.item(*index),
        });
        return Err(place.member(&duplicate.name).refuse(Fault::Twice));
    }
    let root = Place::root();
    let members = object(&document, &root)?;
    refuse_others(members, &root, &["Version", "Statement"])?;
    if let Some(version) = members.get("Version") {
        check_version(version, &root.member("Version"))?;
    }
    let place = root.member("Statement");
    let statements = match required(members, &root, "Statement", "a statement or a list of them")? {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .map(|(at, item)| statement(item, &place.item(at)))
                .collect::<Result<Vec<_>, _>>()?
        }
        single => vec![statement(single, &place)?],
    };
    if statements.is_empty() { Err(place.refuse(Fault::Empty)) } else { Ok(Policy { statements }) }
}

fn check_version(version: &Value, place: &Place) -> Result<(), PolicyError> {
    match string(version, place)? {
        "2012-10-17" | "2008-10-17" => Ok(()),
        other => Err(place.refuse(Fault::Version(other.to_owned()))),
    }
}

fn statement(value: &Value, place: &Place) -> Result<Statement, PolicyError> {
    let members = object(value, place)?;
    let known = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"];
    refuse_others(members, place, &known)?;
    if let Some(sid) = members.get("Sid") {
        string(sid, &place.member("Sid"))?;
    }
    let effect = required(members, place, "Effect", "\"Allow\" or \"Deny\"")?;
    Ok(Statement {
        effect: parse_effect(effect, &place.member("Effect"))?,
        actions: scope(members, place, ("Action", "NotAction"), action)?,
        resources: scope(members, place, ("Resource", "NotResource"), resource)?,
    })
}

fn parse_effect(effect: &Value, place: &Place) -> Result<Effect, PolicyError> {
    match string(effect, place)? {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        other => Err(place.refuse(Fault::Effect(other.to_owned()))),
    }
}

/// Reads one of two members that exclude each other.
fn scope(
    members: &Object,
    place: &Place,
    (any, all_but): (&'static str, &'static str),
    parse: fn(&str) -> Result<Pattern, Fault>,
) -> Result<Scope, PolicyError> {
    match (members.get(any), members.get(all_but)) {
        (Some(_), Some(_)) => Err(place.member(all_but).refuse(Fault::Beside(any))),
        (None, Some(value)) => patterns(value, &place.member(all_but), parse).map(Scope::AllBut),
        (None, None) => {
            Err(place.member(any).refuse(Fault::Missing("it as a string or a list of strings")))
        }
        (Some(value), None) => patterns(value, &place.member(any), parse).map(Scope::Any),
    }
}

fn patterns(
    value: &Value,
    place: &Place,
    parse: fn(&str) -> Result<Pattern, Fault>,
) -> Result<Vec<Pattern>, PolicyError> {
    let pattern = |value: &Value, place: &Place| {
        let text = string(value, place)?;
        // A `$` in braces would be replaced on AWS, and here stand for itself.
        if text.contains("${") {
            return Err(place.refuse(Fault::Variable(text.to_owned())));
        }
        parse(text).map_err(|fault| place.refuse(fault))
    };
    match value {
        Value::Array(items) if items.is_empty() => Err(place.refuse(Fault::Empty)),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.map(|(at, item)| pattern(item, &place.item(at))).collect()
        }
        single => Ok(vec![pattern(single, place)?]),
    }
}

fn action(text: &str) -> Result<Pattern, Fault> {
    let is_named = |(service, name): (&str, &str)| !service.is_empty() && !name.is_empty();
    if text != "*" && !text.split_once(':').is_some_and(is_named) {
        return Err(Fault::Action(text.to_owned()));
    }
    let folded = text.to_ascii_lowercase();
    if is_misspelt(&folded) {
        return Err(Fault::Misspelt(text.to_owned()));
    }
    Ok(Pattern::new(&folded))
}

fn resource(text: &str) -> Result<Pattern, Fault> {
    if text == "*" || text.starts_with("arn:") {
        Ok(Pattern::new(text))
    } else {
        Err(Fault::Resource(text.to_owned()))
    }
}

fn refuse_others(members: &Object, place: &Place, known: &[&str]) -> Result<(), PolicyError> {
    let Some(name) = members.keys().find(|name| !known.contains(&&***name)) else { return Ok(()) };
    let fault = match &**name {
        "Condition" => Fault::Condition,
        "Principal" | "NotPrincipal" => Fault::Principal,
        _ => Fault::Unknown,
    };
    Err(place.member(name).refuse(fault))
}

fn required<'a>(
    members: &'a Object,
    place: &Place,
    name: &str,
    remedy: &'static str,
) -> Result<&'a Value, PolicyError> {
    members.get(name).ok_or_else(|| place.member(name).refuse(Fault::Missing(remedy)))
}

fn object<'a>(value: &'a Value, place: &Place) -> Result<&'a Object, PolicyError> {
    value.as_object().ok_or_else(|| place.refuse(Fault::Type("an object")))
}

fn string<'a>(value: &'a Value, place: &Place) -> Result<&'a str, PolicyError> {
    value.as_str().ok_or_else(|| place.refuse(Fault::Type("a string")))
}

/// Where in the document something stands.
struct Place(String);

impl Place {
    const fn root() -> Self {
        Self(String::new())
    }

    fn member(&self, name: &str) -> Self {
        if self.0.is_empty() { Self(name.to_owned()) } else { Self(format!("{}.{name}", self.0)) }
    }

    fn item(&self, at: usize) -> Self {
        Self(format!("{}[{at}]", self.0))
    }

    fn refuse(&self, fault: Fault) -> PolicyError {
        PolicyError { place: self.0.clone(), fault }
    }
}
