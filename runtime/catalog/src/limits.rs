//! How much a catalog holds.

use std::time::Duration;

/// Each field names the quota of the service that is its default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// "Registered state machines": 10,000 for an account.
    pub machines_max: usize,
    /// "Registered activities": 10,000 for an account.
    pub activities_max: usize,
    /// "Published state machine versions": 1,000 for a machine.
    pub versions_max: usize,
    /// How many revisions a machine has that are neither current nor a version's: what is told of
    /// an execution's machine as it was. The service names no number.
    pub superseded_max: usize,
    /// "State machine aliases": 100 for a machine.
    pub aliases_max: usize,
    /// "Tags per resource": 50.
    pub tags_max: usize,
    /// "Maximum size of a definition": 1 MB.
    pub definition_bytes_max: usize,
    /// "A value of 0 uses the default", which is 100.
    pub page_items_default: usize,
    /// "The maximum allowed page size is 1000."
    pub page_items_max: usize,
    /// "Each pagination token expires after 24 hours."
    pub token_lifetime: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            machines_max: 10_000,
            activities_max: 10_000,
            versions_max: 1_000,
            superseded_max: 1_000,
            aliases_max: 100,
            tags_max: 50,
            definition_bytes_max: 1_048_576,
            page_items_default: 100,
            page_items_max: 1_000,
            token_lifetime: Duration::from_hours(24),
        }
    }
}
