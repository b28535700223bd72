//! What machines and activities are marked with.

use std::collections::BTreeMap;

use stepwell_value::Str;

use crate::arn::{Arn, Misread, Qualifier, Resource};
use crate::catalog::{Catalog, Decided};
use crate::change::Write;
use crate::constraint::Constraints;
use crate::record::{ActivityRecord, MachineRecord};
use crate::refusal::{Invalid, Refusal};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub key: Str,
    pub value: Str,
}

type Tags = BTreeMap<Str, Str>;

/// What has tags.
enum Tagged<'a> {
    Machine(Str, &'a MachineRecord),
    Activity(Str, &'a ActivityRecord),
}

impl Catalog {
    /// `TagResource`: a key that is there already gets the other value.
    pub fn tag_resource(&self, arn: &str, tags: &[Tag]) -> Decided<()> {
        let tagged = self.tagged(arn)?;
        let tags = self.with_tags(tagged.tags(), tags, arn)?;
        Ok(self.decide((), tagged.put(tags)))
    }

    /// `UntagResource`: a key that is not there does no harm.
    pub fn untag_resource(&self, arn: &str, keys: &[Str]) -> Decided<()> {
        let mut constraints = Constraints::default();
        for (number, key) in (1..).zip(keys) {
            constraints.length(&format!("tagKeys.{number}.member"), key, 1..=KEY_LENGTH_MAX);
        }
        constraints.finish()?;
        let tagged = self.tagged(arn)?;
        let mut tags = tagged.tags().clone();
        tags.retain(|key, _| !keys.contains(key));
        Ok(self.decide((), tagged.put(tags)))
    }

    /// `ListTagsForResource`, by their keys.
    pub fn tags_of(&self, arn: &str) -> Result<Vec<Tag>, Refusal> {
        let tagged = self.tagged(arn)?;
        let tag = |(key, value)| Tag { key: Str::clone(key), value: Str::clone(value) };
        Ok(tagged.tags().iter().map(tag).collect())
    }

    /// Tags with more of them, as long as they are in order.
    pub(crate) fn with_tags(&self, old: &Tags, more: &[Tag], arn: &str) -> Result<Tags, Refusal> {
        check(more)?;
        let mut tags = old.clone();
        tags.extend(more.iter().map(|Tag { key, value }| (Str::clone(key), Str::clone(value))));
        let (count, max) = (tags.len(), self.limits.tags_max);
        if count > max {
            return Err(Refusal::TooManyTags { resource: arn.into(), count, max });
        }
        Ok(tags)
    }

    fn tagged(&self, text: &str) -> Result<Tagged<'_>, Refusal> {
        let Arn { site, resource } = Arn::parse(text)?;
        let found = match resource {
            Resource::Machine { name, qualifier: Qualifier::None } => {
                let machine = self.machines.get(&name);
                machine.map(|machine| Tagged::Machine(name, &machine.record))
            }
            Resource::Activity { name } => {
                self.activities.get(&name).map(|activity| Tagged::Activity(name, activity))
            }
            Resource::Machine { .. } => None,
            other @ (Resource::Execution { .. }
            | Resource::Express { .. }
            | Resource::MapRun { .. }) => {
                return Err(Refusal::InvalidArn(Misread::Kind(other.kind())));
            }
        };
        let found = found.filter(|_| site == self.site);
        found.ok_or_else(|| Refusal::ResourceNotFound(text.into()))
    }
}

impl Tagged<'_> {
    fn tags(&self) -> &Tags {
        match self {
            Self::Machine(_, record) => &record.tags,
            Self::Activity(_, record) => &record.tags,
        }
    }

    fn put(self, tags: Tags) -> Vec<Write> {
        if tags == *self.tags() {
            return Vec::new();
        }
        vec![match self {
            Self::Machine(name, record) => {
                Write::Machine { name, record: Some(MachineRecord { tags, ..record.clone() }) }
            }
            Self::Activity(name, record) => {
                Write::Activity { name, record: Some(ActivityRecord { tags, ..record.clone() }) }
            }
        }]
    }
}

const KEY_LENGTH_MAX: usize = 128;
const VALUE_LENGTH_MAX: usize = 256;

fn check(tags: &[Tag]) -> Result<(), Refusal> {
    let mut constraints = Constraints::default();
    for (number, Tag { key, value }) in (1..).zip(tags) {
        constraints.length(&format!("tags.{number}.member.key"), key, 1..=KEY_LENGTH_MAX);
        constraints.length(&format!("tags.{number}.member.value"), value, 0..=VALUE_LENGTH_MAX);
    }
    constraints.finish()?;
    let invalid = tags.iter().find_map(|Tag { key, value }| match (key, value) {
        (key, _) if key.get(..4).is_some_and(|front| front.eq_ignore_ascii_case("aws:")) => {
            Some(Invalid::ReservedTag(Str::clone(key)))
        }
        (text, _) | (_, text) if !text.chars().all(is_allowed) => {
            Some(Invalid::TagCharacters(Str::clone(text)))
        }
        _ => None,
    });
    invalid.map_or(Ok(()), |invalid| Err(Refusal::Validation(invalid)))
}

fn is_allowed(character: char) -> bool {
    character.is_alphanumeric() || character.is_whitespace() || "_.:/=+-@".contains(character)
}

#[cfg(test)]
mod tests;
