//! The access keys that the server knows, each with whose it is and what it may do.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use crate::policy::{Decision, Policy};
use crate::refusal::{Denial, Refusal};
use crate::secret::Secret;

/// Keys by their ids.
#[derive(Clone, Debug, Default)]
pub struct Keys(BTreeMap<Box<str>, Key>);

/// One access key.
#[derive(Clone, Debug)]
pub struct Key {
    pub id: String,
    pub secret: Secret,
    /// What requests have to carry in `X-Amz-Security-Token`; without it, they may not carry any.
    pub session_token: Option<Secret>,
    pub principal: Principal,
    pub policy: Policy,
}

/// A user, shown as `arn:aws:iam::ACCOUNT:user/NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    account: Box<str>,
    name: Box<str>,
}

/// Why a set of keys cannot be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("access key `{0}` is given twice; every key needs an id of its own")]
    Duplicate(String),
    #[error("access key `{0}` cannot have this id; write 1 to 128 letters, digits and underscores")]
    Id(String),
    #[error("access key `{0}` has an empty secret or token; anybody could sign with that")]
    EmptySecret(String),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrincipalError {
    #[error("account `{0}` is not an account; write its twelve digits")]
    Account(String),
    #[error(
        "user `{0}` cannot be named so; write 1 to 64 letters, digits and signs out of `_+=,.@-`"
    )]
    Name(String),
}

impl Keys {
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Result<Self, KeyError> {
        let mut known = BTreeMap::new();
        for key in keys {
            key.check()?;
            match known.entry(Box::from(key.id.as_str())) {
                Entry::Occupied(_) => return Err(KeyError::Duplicate(key.id)),
                Entry::Vacant(place) => place.insert(key),
            };
        }
        Ok(Self(known))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Key> {
        self.0.get(id)
    }
}

impl Key {
    fn check(&self) -> Result<(), KeyError> {
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if !(1..=128).contains(&self.id.len()) || !self.id.bytes().all(is_sign) {
            return Err(KeyError::Id(self.id.clone()));
        }
        if self.secret.is_empty() || self.session_token.as_ref().is_some_and(Secret::is_empty) {
            return Err(KeyError::EmptySecret(self.id.clone()));
        }
        Ok(())
    }

    /// Whether the key's policy lets it do this. An action that has no resource is asked about
    /// with `*`.
    pub fn authorize(&self, action: &str, resource: &str) -> Result<(), Refusal> {
        let explicit = match self.policy.decide(action, resource) {
            Decision::Allowed => return Ok(()),
            Decision::Denied { explicit } => explicit,
        };
        Err(Refusal::AccessDenied(Box::new(Denial {
            principal: self.principal.clone(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            explicit,
        })))
    }
}

impl Principal {
    pub fn new(account: &str, name: &str) -> Result<Self, PrincipalError> {
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        if !is_account {
            return Err(PrincipalError::Account(account.to_owned()));
        }
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        if !(1..=64).contains(&name.len()) || !name.bytes().all(is_sign) {
            return Err(PrincipalError::Name(name.to_owned()));
        }
        Ok(Self { account: account.into(), name: name.into() })
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "arn:aws:iam::{}:user/{}", self.account, self.name)
    }
}

#[cfg(test)]
mod tests;
