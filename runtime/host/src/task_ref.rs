//! How a workflow names a task: by name, with a version or an alias, or by the ARN of a Lambda
//! function, whose region and account mean nothing here.

use std::fmt;
use std::sync::Arc;

use crate::Version;

const NAME_CHARS_MAX: usize = 64;

/// A task as a workflow refers to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TaskRef {
    name: Arc<str>,
    qualifier: Qualifier,
}

/// Which of a task's versions is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// The highest version: no qualifier, or `$LATEST`.
    Latest,
    /// `@1.2.0`: a version and nothing else.
    Version(Arc<str>),
    /// `:prod` or `:3`: the alias of that name, or else the version.
    AliasOrVersion(Arc<str>),
}

/// Why a text does not name a task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskRefError {
    #[error("`{text}` does not name a task: the name is empty")]
    NameEmpty { text: String },
    #[error(
        "`{text}` does not name a task: a name has at most {NAME_CHARS_MAX} characters, \
         this one has {chars}"
    )]
    NameTooLong { text: String, chars: usize },
    #[error(
        "`{text}` does not name a task: {found:?} is not allowed in a name, \
         which consists of letters, digits, `-` and `_`, with dots between them"
    )]
    NameCharacter { text: String, found: char },
    #[error("`{text}` does not name a task: `{version}` is not a version such as `1.2.0`")]
    Version { text: String, version: String },
    #[error(
        "`{text}` does not name a task: `{alias}` is neither an alias nor a version; \
         an alias has 1 to 128 letters, digits, `-` and `_`"
    )]
    Alias { text: String, alias: String },
    #[error(
        "`{text}` does not name a task: a function's ARN looks like \
         `arn:aws:lambda:REGION:ACCOUNT:function:NAME` or `…:NAME:QUALIFIER`"
    )]
    Arn { text: String },
}

impl TaskRef {
    /// Reads `NAME`, `NAME@VERSION`, `NAME:QUALIFIER`, `ACCOUNT:function:NAME[:QUALIFIER]`, or
    /// `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]`.
    pub fn parse(text: &str) -> Result<Self, TaskRefError> {
        let function = function_part(text)?;
        let (name, qualifier) = if let Some((name, version)) = function.split_once('@') {
            (name, parse_version(text, version)?)
        } else if let Some((name, qualifier)) = function.split_once(':') {
            (name, parse_qualifier(text, qualifier)?)
        } else {
            (function, Qualifier::Latest)
        };
        check_name(text, name)?;
        Ok(Self { name: name.into(), qualifier })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn qualifier(&self) -> &Qualifier {
        &self.qualifier
    }
}

impl fmt::Display for TaskRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.qualifier {
            Qualifier::Latest => f.write_str(&self.name),
            Qualifier::Version(version) => write!(f, "{}@{version}", self.name),
            Qualifier::AliasOrVersion(qualifier) => write!(f, "{}:{qualifier}", self.name),
        }
    }
}

/// What an alias may be called: Lambda's rule.
pub(crate) fn is_alias(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.chars().all(is_name_char)
}

/// Whether a file's name without its extension can name a task.
pub(crate) fn is_task_name(text: &str) -> bool {
    check_name(text, text).is_ok()
}

/// `NAME` or `NAME:QUALIFIER`, with whatever stood before it taken away.
fn function_part(text: &str) -> Result<&str, TaskRefError> {
    let arn_error = || TaskRefError::Arn { text: text.to_owned() };
    if text.starts_with("arn:") {
        let parts: Vec<&str> = text.splitn(7, ':').collect();
        let [_, partition, "lambda", _, _, "function", function] = parts[..] else {
            return Err(arn_error());
        };
        return if partition.is_empty() { Err(arn_error()) } else { Ok(function) };
    }
    match text.split_once(":function:") {
        Some((account, function)) if account.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(function)
        }
        Some(_) => Err(arn_error()),
        None => Ok(text),
    }
}

fn parse_version(text: &str, version: &str) -> Result<Qualifier, TaskRefError> {
    match Version::parse(version) {
        Some(_) => Ok(Qualifier::Version(version.into())),
        None => Err(TaskRefError::Version { text: text.to_owned(), version: version.to_owned() }),
    }
}

fn parse_qualifier(text: &str, qualifier: &str) -> Result<Qualifier, TaskRefError> {
    if qualifier == "$LATEST" {
        return Ok(Qualifier::Latest);
    }
    if is_alias(qualifier) || Version::parse(qualifier).is_some() {
        return Ok(Qualifier::AliasOrVersion(qualifier.into()));
    }
    Err(TaskRefError::Alias { text: text.to_owned(), alias: qualifier.to_owned() })
}

fn check_name(text: &str, name: &str) -> Result<(), TaskRefError> {
    if name.is_empty() {
        return Err(TaskRefError::NameEmpty { text: text.to_owned() });
    }
    // A dot stands between other characters, so that no name leads out of the registry.
    let is_inside = |at| (1..name.len() - 1).contains(&at);
    let is_allowed = |at, c| is_name_char(c) || (c == '.' && is_inside(at));
    if let Some((_, found)) = name.char_indices().find(|(at, c)| !is_allowed(*at, *c)) {
        return Err(TaskRefError::NameCharacter { text: text.to_owned(), found });
    }
    match name.len() {
        0..=NAME_CHARS_MAX => Ok(()),
        chars => Err(TaskRefError::NameTooLong { text: text.to_owned(), chars }),
    }
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

#[cfg(test)]
mod tests;
