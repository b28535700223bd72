//! `stepwell config show`: what is set, as a file that sets the same, with where it comes from.

use std::fmt::Write as _;
use std::path::Path;

use toml::value::Value as Toml;

use super::keys::{KEYS, Key};
use super::{AccessKey, Config, PolicyFrom, SecretFrom, Source};

impl Config {
    /// Secrets are not in it: nobody has read one.
    pub(crate) fn to_toml(&self) -> String {
        let mut text = match &self.file {
            Some(file) => format!("# with {}\n", file.display()),
            None => "# without a file\n".to_owned(),
        };
        let mut table = "";
        for key in KEYS.iter().copied() {
            if key.table != table {
                table = key.table;
                write!(text, "\n[{table}]\n").expect("a string takes every text");
            }
            text.push_str(&self.line(key));
            text.push('\n');
        }
        for key in &self.access_keys {
            text.push_str(&access_key(key));
        }
        text
    }

    fn line(&self, key: &Key) -> String {
        let found = self.settings.iter().find(|setting| setting.key.is(key));
        let Some(setting) = found else {
            return format!("# {} is not set", key.name);
        };
        let source = match setting.source {
            Source::Flag => key.flag.unwrap_or("flag").to_owned(),
            Source::Variable(name) => name.to_owned(),
            Source::File(line) => {
                let file = self.file.as_deref().unwrap_or_else(|| Path::new("file"));
                format!("{}:{line}", file.display())
            }
            Source::Default => "default".to_owned(),
        };
        format!("{} = {}  # {source}", key.name, setting.value.to_toml())
    }
}

fn access_key(AccessKey { id, user, secret, policy }: &AccessKey) -> String {
    let text = |text: &dyn std::fmt::Display| Toml::String(text.to_string());
    let secret = match secret {
        SecretFrom::File(file) => format!("secret-file = {}", text(&file.display())),
        SecretFrom::Variable(name) => format!("secret-env = {}", text(name)),
    };
    let policy = match policy {
        PolicyFrom::File(file) => format!("policy-file = {}", text(&file.display())),
        PolicyFrom::Inline(document) => format!("policy = {}", text(document)),
    };
    let (id, user) = (text(id), text(user));
    format!("\n[[access.keys]]\nid = {id}\nuser = {user}\n{secret}\n{policy}\n")
}
