//! Activities: work that is done by whoever asks for it.

use std::collections::BTreeMap;
use std::ops::Bound;

use stepwell_asl::Timestamp;
use stepwell_value::Str;

use crate::arn::{Arn, Misread, Resource};
use crate::catalog::{Catalog, Decided, moment};
use crate::change::Write;
use crate::name;
use crate::page::{Page, PageRequest, Pager, TOKEN_LENGTH_MAX};
use crate::record::ActivityRecord;
use crate::refusal::Refusal;
use crate::settings::{Encryption, NewEncryption};
use crate::tags::Tag;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewActivity {
    pub name: Str,
    pub encryption: Option<NewEncryption>,
    pub tags: Vec<Tag>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityItem {
    pub activity_arn: Str,
    pub name: Str,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityDescription {
    pub activity_arn: Str,
    pub name: Str,
    pub created_at: Timestamp,
    pub encryption: Encryption,
}

impl Catalog {
    /// `CreateActivity`. One that is there stays as it is, its tags too.
    pub fn create_activity(&self, request: &NewActivity, now: Timestamp) -> Decided<ActivityItem> {
        let name = name::check(&request.name)?;
        let encryption = request.encryption.as_ref().map(NewEncryption::check).transpose()?;
        let encryption = encryption.unwrap_or_default();
        let activity_arn = self.activity_arn(&name);
        if let Some(found) = self.activities.get(&name) {
            if found.encryption != encryption {
                return Err(Refusal::ActivityAlreadyExists(activity_arn));
            }
            return Ok(self.decide(self.activity_item(&name, found), Vec::new()));
        }
        if self.activities.len() >= self.limits.activities_max {
            return Err(Refusal::ActivityLimitExceeded(self.limits.activities_max));
        }
        let tags = self.with_tags(&BTreeMap::new(), &request.tags, &activity_arn)?;
        let record = ActivityRecord { created_at: moment(now), encryption, tags };
        let answer = self.activity_item(&name, &record);
        Ok(self.decide(answer, vec![Write::Activity { name, record: Some(record) }]))
    }

    /// `DescribeActivity`
    pub fn describe_activity(&self, arn: &str) -> Result<ActivityDescription, Refusal> {
        let (name, found) = self.activity(arn)?;
        let record = found.ok_or_else(|| Refusal::ActivityDoesNotExist(arn.into()))?;
        Ok(ActivityDescription {
            activity_arn: arn.into(),
            name,
            created_at: record.created_at,
            encryption: record.encryption.clone(),
        })
    }

    /// `DeleteActivity`. One that is not there is deleted.
    pub fn delete_activity(&self, arn: &str) -> Decided<()> {
        let (name, found) = self.activity(arn)?;
        let write = found.map(|_| Write::Activity { name, record: None });
        Ok(self.decide((), write.into_iter().collect()))
    }

    /// `ListActivities`, by their names.
    pub fn activities(
        &self,
        request: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<ActivityItem>, Refusal> {
        let pager = Pager::new(request, "activities", now, &self.limits, TOKEN_LENGTH_MAX)?;
        let rest = self.activities.range::<str, _>((pager.lower_bound(), Bound::Unbounded));
        Ok(pager
            .page(rest.map(|(name, record)| (Str::clone(name), self.activity_item(name, record)))))
    }

    fn activity(&self, text: &str) -> Result<(Str, Option<&ActivityRecord>), Refusal> {
        let Arn { site, resource } = Arn::parse(text)?;
        match resource {
            Resource::Activity { name } => {
                let found = self.activities.get(&name).filter(|_| site == self.site);
                Ok((name, found))
            }
            other => Err(Refusal::InvalidArn(Misread::Kind(other.kind()))),
        }
    }

    fn activity_item(&self, name: &Str, record: &ActivityRecord) -> ActivityItem {
        ActivityItem {
            activity_arn: self.activity_arn(name),
            name: Str::clone(name),
            created_at: record.created_at,
        }
    }

    fn activity_arn(&self, name: &Str) -> Str {
        self.arn(Resource::Activity { name: Str::clone(name) })
    }
}

#[cfg(test)]
mod tests;
