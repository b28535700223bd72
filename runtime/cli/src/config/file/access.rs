//! `[[access.keys]]`: who may call the server. A secret is never written into the file itself.

use std::path::PathBuf;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Reading;

pub(super) const TABLE: &str = "access";
pub(super) const PATH: &str = "access.keys";

const NAMES: [&str; 6] = ["id", "user", "secret-file", "secret-env", "policy-file", "policy"];

/// A key with which requests are signed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AccessKey {
    pub id: String,
    pub user: String,
    pub secret: SecretFrom,
    pub policy: PolicyFrom,
}

/// Where a secret is; what it is, nobody here knows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SecretFrom {
    File(PathBuf),
    Variable(String),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PolicyFrom {
    File(PathBuf),
    /// JSON text.
    Inline(String),
}

impl Reading<'_> {
    pub(super) fn access_keys(&mut self, value: &Spanned<DeValue<'_>>) {
        let tables = value.get_ref().as_array().map(|items| items.iter());
        for item in tables.into_iter().flatten() {
            let at = item.span().start;
            match item.get_ref().as_table() {
                Some(table) => self.access_key(table, at),
                None => self.complain(at, "an access key is a table: [[access.keys]]", None),
            }
        }
        if value.get_ref().as_array().is_none() {
            self.complain(value.span().start, "access keys are tables: [[access.keys]]", None);
        }
    }

    fn access_key(&mut self, table: &DeTable<'_>, at: usize) {
        let told = self.complaint.len();
        self.check_names(table);
        let id = self.text(table, "id").map(|(id, _)| id.to_owned());
        let user = self.text(table, "user").map(|(user, _)| user.to_owned());
        let secret = self.secret(table);
        let policy = self.policy(table);
        // What is there and wrong has been told.
        let is_told = self.complaint.len() > told;
        match (id, user, secret, policy) {
            (Some(id), user, Some(secret), Some(policy)) => {
                let user = user.unwrap_or_else(|| id.clone());
                self.contents.access_keys.push(AccessKey { id, user, secret, policy });
            }
            (None, ..) if !is_told => self.complain(at, "the access key has no `id`", None),
            (_, _, None, _) if !is_told => {
                let hint = "`secret-file` names a file that holds it, `secret-env` a variable";
                self.complain(at, "the access key has no secret", Some(hint));
            }
            (_, _, _, None) if !is_told => {
                let hint = "`policy-file` names a file, `policy` is the document itself; to allow \
                            everything: policy = { Version = \"2012-10-17\", Statement = [{ \
                            Effect = \"Allow\", Action = \"*\", Resource = \"*\" }] }";
                self.complain(at, "the access key has no policy", Some(hint));
            }
            _ => {}
        }
    }

    fn check_names(&mut self, table: &DeTable<'_>) {
        for name in table.keys() {
            let at = name.span().start;
            let name = name.get_ref().as_ref();
            if matches!(name, "secret" | "secret-key" | "secret-access-key") {
                let hint = "`secret-file` names a file that holds it, `secret-env` a variable";
                let error = "a secret does not belong into the configuration";
                self.complain(at, error, Some(hint));
            } else if !NAMES.contains(&name) {
                let known = NAMES.iter().map(|name| format!("{PATH}.{name}"));
                self.unknown(at, &format!("{PATH}.{name}"), &known.collect::<Vec<_>>());
            }
        }
    }

    fn secret(&mut self, table: &DeTable<'_>) -> Option<SecretFrom> {
        let file = self.text(table, "secret-file").map(|(file, _)| self.folder.join(file));
        let variable = self.text(table, "secret-env");
        match (file, variable) {
            (Some(_), Some((_, at))) => {
                self.complain(at, "the access key has two secrets; take one away", None);
                None
            }
            (Some(file), None) => Some(SecretFrom::File(file)),
            (None, variable) => variable.map(|(name, _)| SecretFrom::Variable(name.to_owned())),
        }
    }

    fn policy(&mut self, table: &DeTable<'_>) -> Option<PolicyFrom> {
        let file = self.text(table, "policy-file").map(|(file, _)| self.folder.join(file));
        let (at, inline) = match table.get("policy") {
            Some(value) => (value.span().start, Some(value.get_ref())),
            None => (0, None),
        };
        match (file, inline) {
            (Some(_), Some(_)) => {
                self.complain(at, "the access key has two policies; take one away", None);
                None
            }
            (Some(file), None) => Some(PolicyFrom::File(file)),
            (None, Some(DeValue::String(text))) => Some(PolicyFrom::Inline(text.to_string())),
            (None, Some(table @ DeValue::Table(_))) => {
                Some(PolicyFrom::Inline(to_json(table).to_string()))
            }
            (None, Some(_)) => {
                self.complain(at, "`policy` is a policy document: a table, or JSON text", None);
                None
            }
            (None, None) => None,
        }
    }

    /// A text and its place.
    fn text<'t>(&mut self, table: &'t DeTable<'_>, name: &str) -> Option<(&'t str, usize)> {
        let value = table.get(name)?;
        let at = value.span().start;
        let text = value.get_ref().as_str().filter(|text| !text.is_empty());
        if text.is_none() {
            self.complain(at, format_args!("`{PATH}.{name}` is a text that is not empty"), None);
        }
        Some((text?, at))
    }
}

fn to_json(value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::Table(members) => members
            .iter()
            .map(|(name, value)| (name.get_ref().to_string(), to_json(value.get_ref())))
            .collect(),
        DeValue::Array(items) => items.iter().map(|item| to_json(item.get_ref())).collect(),
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(flag) => (*flag).into(),
        // No policy has a number or a date; whoever reads the document refuses the text.
        DeValue::Integer(number) => number.as_str().into(),
        DeValue::Float(number) => number.as_str().into(),
        DeValue::Datetime(at) => at.to_string().into(),
    }
}
