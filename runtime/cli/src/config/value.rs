//! What a key's value may be, and how it is read from text and from TOML.

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::DeValue;
use toml::value::Value as Toml;

use super::duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Where to listen: an address with a port.
    Address,
    /// Names of hosts.
    Names,
    Path,
    Duration,
    Count,
    Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Address(SocketAddr),
    Names(Vec<String>),
    Path(PathBuf),
    Duration(Duration),
    Count(u64),
    Text(String),
}

impl Kind {
    /// What it wants, as the end of "... is not".
    fn wanted(self) -> &'static str {
        match self {
            Self::Address => "an address with a port, such as 127.0.0.1:8083",
            Self::Names => "a list of names",
            Self::Path => "a path",
            Self::Duration => "a duration, such as 30s, 5m, 12h or 90d",
            Self::Count => "a number of 1 and more",
            Self::Text => "a text",
        }
    }

    fn refuse(self, shown: impl fmt::Display) -> String {
        format!("{shown} is not {}", self.wanted())
    }
}

impl Value {
    /// Reads what stands in a variable or after a flag; names are parted by commas.
    pub(super) fn parse(kind: Kind, text: &str) -> Result<Self, String> {
        let names = || text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let read = match kind {
            Kind::Address => text.parse().ok().map(Self::Address),
            Kind::Names => Some(Self::Names(names().map(str::to_owned).collect())),
            Kind::Path => Some(Self::Path(text.into())),
            Kind::Duration => duration::parse(text).map(Self::Duration),
            Kind::Count => text.parse().ok().filter(|count| *count > 0).map(Self::Count),
            Kind::Text => Some(Self::Text(text.to_owned())),
        };
        read.ok_or_else(|| kind.refuse(format_args!("{text:?}")))
    }

    pub(super) fn parse_os(kind: Kind, text: OsString) -> Result<Self, String> {
        if kind == Kind::Path {
            return Ok(Self::Path(text.into()));
        }
        let text = text.to_str().ok_or_else(|| kind.refuse(text.display()))?;
        Self::parse(kind, text)
    }

    /// Reads what stands in the file. Its paths start from the folder that it is in.
    pub(super) fn of_toml(kind: Kind, value: &DeValue<'_>, folder: &Path) -> Result<Self, String> {
        let refuse = || kind.refuse(format_args!("{} {}", value.type_str(), shown(value)));
        match (kind, value) {
            (Kind::Path, DeValue::String(text)) => Ok(Self::Path(folder.join(text.as_ref()))),
            (Kind::Names, DeValue::Array(items)) => {
                let names = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
                names.collect::<Option<_>>().map(Self::Names).ok_or_else(refuse)
            }
            (Kind::Count, DeValue::Integer(number)) => {
                Self::parse(kind, number.as_str()).map_err(|_refused| refuse())
            }
            (Kind::Address | Kind::Duration | Kind::Text, DeValue::String(text)) => {
                Self::parse(kind, text)
            }
            _ => Err(refuse()),
        }
    }

    pub(super) fn to_toml(&self) -> Toml {
        let text = |text: &dyn fmt::Display| Toml::String(text.to_string());
        match self {
            Self::Address(address) => text(address),
            Self::Names(names) => Toml::Array(names.iter().map(|name| text(name)).collect()),
            Self::Path(path) => text(&path.display()),
            Self::Duration(duration) => Toml::String(duration::print(*duration)),
            Self::Count(count) => Toml::Integer(i64::try_from(*count).unwrap_or(i64::MAX)),
            Self::Text(it) => text(it),
        }
    }
}

/// The value where it is short enough to be told.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(at) => at.to_string(),
        DeValue::Array(_) | DeValue::Table(_) => "here".to_owned(),
    }
}
