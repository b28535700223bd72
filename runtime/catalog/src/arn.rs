//! The names of things across accounts: `arn:aws:states:REGION:ACCOUNT:KIND:NAME...`.

use std::fmt;

use stepwell_value::Str;

/// Where something lives: the front part of its ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// `aws`, `aws-cn`, `aws-us-gov` and the like.
    pub partition: Str,
    pub region: Str,
    /// Twelve digits.
    pub account: Str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arn {
    pub site: Site,
    pub resource: Resource,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// `stateMachine:NAME`, with or without a qualifier.
    Machine { name: Str, qualifier: Qualifier },
    /// `execution:MACHINE:NAME`
    Execution { machine: WorkflowName, name: Str },
    /// `express:MACHINE:NAME:ID`
    Express { machine: WorkflowName, name: Str, id: Str },
    /// `activity:NAME`
    Activity { name: Str },
    /// `mapRun:MACHINE/LABEL:ID`
    MapRun { machine: WorkflowName, id: Str },
}

/// What stands behind a machine's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Qualifier {
    None,
    /// `NAME/LABEL`: a Map state inside the machine.
    Label(Str),
    /// `NAME:3`
    Version(u64),
    /// `NAME:PROD`
    Alias(Str),
}

/// A machine's name, or that of a Map state in it: `NAME/LABEL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowName {
    pub machine: Str,
    pub label: Option<Str>,
}

/// The text is no ARN of this service, in the service's words.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Misread {
    #[error("Invalid ARN prefix: {0}")]
    Prefix(Str),
    /// It is an ARN, but of something else than what is asked for.
    #[error("Resource type not valid in this context: {0}")]
    Kind(&'static str),
}

impl Arn {
    pub fn parse(text: &str) -> Result<Self, Misread> {
        Self::read(text).ok_or_else(|| Misread::Prefix(text.into()))
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut part = || parts.next().filter(|part| !part.is_empty());
        let (scheme, partition, service) = (part()?, part()?, part()?);
        let (region, account, rest) = (part()?, part()?, part()?);
        if scheme != "arn" || service != "states" {
            return None;
        }
        let site =
            Site { partition: partition.into(), region: region.into(), account: account.into() };
        Some(Self { site, resource: Resource::read(rest)? })
    }
}

impl Resource {
    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(':').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return None;
        }
        match *parts.as_slice() {
            ["stateMachine", name] => {
                let WorkflowName { machine, label } = WorkflowName::read(name)?;
                let qualifier = label.map_or(Qualifier::None, Qualifier::Label);
                Some(Self::Machine { name: machine, qualifier })
            }
            ["stateMachine", name, qualifier] if !name.contains('/') => {
                Some(Self::Machine { name: name.into(), qualifier: Qualifier::read(qualifier) })
            }
            ["execution", machine, name] => {
                Some(Self::Execution { machine: WorkflowName::read(machine)?, name: name.into() })
            }
            ["express", machine, name, id] => Some(Self::Express {
                machine: WorkflowName::read(machine)?,
                name: name.into(),
                id: id.into(),
            }),
            ["activity", name] => Some(Self::Activity { name: name.into() }),
            ["mapRun", machine, id] => {
                let machine = WorkflowName::read(machine).filter(|name| name.label.is_some())?;
                Some(Self::MapRun { machine, id: id.into() })
            }
            _ => None,
        }
    }

    /// The kind as an ARN spells it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Machine { .. } => "stateMachine",
            Self::Execution { .. } => "execution",
            Self::Express { .. } => "express",
            Self::Activity { .. } => "activity",
            Self::MapRun { .. } => "mapRun",
        }
    }

    pub fn at(self, site: &Site) -> Arn {
        Arn { site: site.clone(), resource: self }
    }
}

impl Qualifier {
    /// A number without leading zeros is a version's; an alias has a letter or a sign in its name.
    fn read(text: &str) -> Self {
        let number = text.parse().ok().filter(|number: &u64| number.to_string() == text);
        number.map_or_else(|| Self::Alias(text.into()), Self::Version)
    }
}

impl WorkflowName {
    fn read(text: &str) -> Option<Self> {
        let (machine, label) = match text.split_once('/') {
            Some((machine, label)) => (machine, Some(label)),
            None => (text, None),
        };
        let is_whole = !machine.is_empty()
            && label.is_none_or(|label| !label.is_empty() && !label.contains('/'));
        is_whole.then(|| Self { machine: machine.into(), label: label.map(Str::from) })
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Site { partition, region, account } = &self.site;
        write!(f, "arn:{partition}:states:{region}:{account}:{}", self.resource)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.kind())?;
        match self {
            Self::Machine { name, qualifier } => write!(f, "{name}{qualifier}"),
            Self::Execution { machine, name } => write!(f, "{machine}:{name}"),
            Self::Express { machine, name, id } => write!(f, "{machine}:{name}:{id}"),
            Self::Activity { name } => f.write_str(name),
            Self::MapRun { machine, id } => write!(f, "{machine}:{id}"),
        }
    }
}

impl fmt::Display for Qualifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Label(label) => write!(f, "/{label}"),
            Self::Version(number) => write!(f, ":{number}"),
            Self::Alias(alias) => write!(f, ":{alias}"),
        }
    }
}

impl fmt::Display for WorkflowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.machine)?;
        self.label.as_ref().map_or(Ok(()), |label| write!(f, "/{label}"))
    }
}

#[cfg(test)]
mod tests;
